//! The names of files in packages: `exports` and `imports` read backwards, main files, `typesVersions`.

use super::Proposer;
use super::endings::js_ending;
use crate::json::{Json, Value};
use crate::options::ModuleResolution;
use crate::packages::{Package, applies};
use crate::path::{self, known_ending};
use crate::resolve::{ImportMode, conditions};
use std::path::{Path, PathBuf};

/// Paths with `/` between the parts, for comparing with what manifests have.
fn text(file: &Path) -> String {
    let text = file.to_string_lossy();
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    }
}

fn without_ending(text: &str) -> &str {
    known_ending(text).map_or(text, |it| &text[..text.len() - it.len()])
}

/// How the key of an entry is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Exact,
    Folder,
    Pattern,
}

impl Key {
    fn of(key: &str) -> Self {
        match () {
            () if key.ends_with('/') => Self::Folder,
            () if key.contains('*') => Self::Pattern,
            () => Self::Exact,
        }
    }
}

/// A target file, under the names that a manifest may have for it.
struct Names {
    own: String,
    /// With the ending of what it is compiled to.
    compiled: Option<String>,
    /// The written files, where the project writes some.
    outputs: Vec<String>,
    prefer_ts: bool,
}

impl Proposer<'_> {
    /// The specifier of a file in `node_modules`, if it may be imported.
    pub(super) fn package_name(&self, file: &Path) -> Option<String> {
        let parts: Vec<_> = file.components().collect();
        let is_modules = |it: &std::path::Component<'_>| it.as_os_str() == "node_modules";
        let top = parts.iter().position(is_modules)?;
        let modules: PathBuf = parts[..=top].iter().collect();
        if !self.folder.starts_with(modules.parent()?) {
            return None;
        }
        let (_, root) = crate::resolve::package_of(file)?;
        let classic = self.options.module_resolution == ModuleResolution::Classic;
        let mut folders: Vec<&Path> = file
            .ancestors()
            .skip(1)
            .take_while(|it| it.starts_with(&root))
            .collect();
        folders.reverse();
        let mut rewritten = None;
        let mut found = None;
        for folder in folders {
            match self.try_folder(file, folder, &modules, folder == root) {
                Tried::Verbatim(name) if !classic => return Some(name),
                Tried::Blocked if !classic => return None,
                Tried::Main => {
                    found = Some(folder.to_owned());
                    break;
                }
                Tried::File(it) => {
                    rewritten.get_or_insert(it);
                }
                _ => {}
            }
        }
        let name = match found {
            Some(folder) => path::relative(&modules, &folder)?,
            None => {
                let file = rewritten.unwrap_or_else(|| file.to_owned());
                let written = path::relative(&modules, &file)?;
                self.endings
                    .apply(&written, self.endings.best(), &modules, self.project)?
            }
        };
        let unmangled = from_types_package(&name);
        if classic && unmangled == name {
            None
        } else {
            Some(unmangled)
        }
    }

    fn try_folder(&self, file: &Path, folder: &Path, modules: &Path, is_root: bool) -> Tried {
        let Some(package) = self.project.resolver().manifest(folder) else {
            let is_index = matches!(
                path::name(file),
                "index.d.ts" | "index.js" | "index.ts" | "index.tsx"
            );
            return if is_root && is_index && file.parent() == Some(folder) {
                Tried::Main
            } else {
                Tried::File(file.to_owned())
            };
        };
        if self.options.resolve_package_json_exports
            && let Some(exports) = package.exports()
        {
            let name = path::relative(modules, folder).map(|it| from_types_package(&it));
            let found = name.and_then(|name| self.through_exports(file, &package, &name, exports));
            return found.map_or(Tried::Blocked, Tried::Verbatim);
        }
        let mut target = file.to_owned();
        let mut blocked = false;
        if let (Some(paths), Some(sub)) = (package.types_versions(), path::relative(folder, file)) {
            match self.through_paths(&sub, &paths, folder) {
                Some(it) => target = path::join(folder, &it),
                None => blocked = true,
            }
        }
        let main = package
            .types()
            .or_else(|| package.string("main"))
            .filter(|it| !it.is_empty())
            .unwrap_or("index.js");
        let mapped = |it: &str| {
            package
                .types_versions()
                .is_some_and(|paths| crate::resolve::is_matched(&paths, it))
        };
        if !(blocked && mapped(main)) {
            let main = path::join(folder, main);
            let (main_text, target_text) = (text(&main), text(&target));
            let is_index = !package.is_module()
                && target.parent() == Some(&main)
                && without_ending(path::name(&target)) == "index"
                && !matches!(
                    known_ending(&target_text),
                    Some(".mts" | ".cts" | ".mjs" | ".cjs" | ".d.mts" | ".d.cts")
                );
            if without_ending(&main_text) == without_ending(&target_text) || is_index {
                return Tried::Main;
            }
        }
        Tried::File(target)
    }

    fn through_exports(
        &self,
        file: &Path,
        package: &Package,
        name: &str,
        exports: &Json,
    ) -> Option<String> {
        let names = self.names(file, false);
        let conditions = self.conditions();
        let entries = exports.entries();
        if !entries.is_empty() && entries.iter().all(|(key, _)| key.starts_with('.')) {
            return entries.iter().find_map(|(key, target)| {
                let rest = key.strip_prefix('.').unwrap_or(key);
                let name = format!("{name}{rest}");
                backwards(
                    &names,
                    &package.folder,
                    &name,
                    target,
                    &conditions,
                    Key::of(key),
                )
            });
        }
        backwards(
            &names,
            &package.folder,
            name,
            exports,
            &conditions,
            Key::Exact,
        )
    }

    /// A specifier with `#` that leads to a file.
    pub(super) fn through_imports(&self, to: &Path) -> Option<String> {
        if !self.options.resolve_package_json_imports {
            return None;
        }
        let package = self.project.resolver().scope(self.folder)?;
        let names = self.names(to, true);
        let conditions = self.conditions();
        let imports = package.field("imports")?.entries().iter();
        imports
            .filter(|(key, _)| key.starts_with('#') && key != "#" && !key.starts_with("#/"))
            .find_map(|(key, target)| {
                backwards(
                    &names,
                    &package.folder,
                    key,
                    target,
                    &conditions,
                    Key::of(key),
                )
            })
    }

    fn names(&self, file: &Path, for_imports: bool) -> Names {
        let own = text(file);
        let ending = known_ending(&own).unwrap_or_default();
        let is_ts = !matches!(ending, "" | ".js" | ".jsx" | ".mjs" | ".cjs" | ".json");
        let compiled = |file: &str| {
            Some(format!(
                "{}{}",
                without_ending(file),
                js_ending(known_ending(file)?, self.project)?
            ))
        };
        let is_source = matches!(ending, ".ts" | ".tsx" | ".mts" | ".cts");
        let mut outputs = Vec::new();
        if for_imports && let Some(out) = &self.options.out_dir {
            let root = self
                .options
                .root_dir
                .as_deref()
                .unwrap_or(self.project.root());
            let output = file.strip_prefix(root).ok().map(|it| text(&out.join(it)));
            outputs.extend(output.and_then(|it| compiled(&it)));
        }
        Names {
            compiled: is_ts.then(|| compiled(&own)).flatten(),
            outputs,
            prefer_ts: for_imports && self.endings.prefers_ts() && is_source,
            own,
        }
    }

    fn conditions(&self) -> Vec<&str> {
        let as_import = self
            .project
            .resolver()
            .as_import(self.from, ImportMode::Import);
        conditions(self.options, as_import)
    }
}

/// What a folder's manifest makes of a file.
enum Tried {
    /// This specifier, from `exports`.
    Verbatim(String),
    /// `exports` do not have it.
    Blocked,
    /// It is what the folder itself means.
    Main,
    /// Nothing but a path, perhaps rewritten.
    File(PathBuf),
}

/// The key of an entry under which its target is one of the names.
fn backwards(
    names: &Names,
    folder: &Path,
    key: &str,
    target: &Json,
    conditions: &[&str],
    kind: Key,
) -> Option<String> {
    match &target.value {
        Value::String(written) => {
            let target = text(&path::join(folder, written));
            let candidates = std::iter::once(&names.own)
                .filter(|_| names.prefer_ts)
                .chain(&names.compiled)
                .chain(std::iter::once(&names.own).filter(|_| !names.prefer_ts))
                .chain(&names.outputs);
            let mut candidates = candidates.map(String::as_str);
            match kind {
                Key::Exact => candidates.any(|it| it == target).then(|| key.to_owned()),
                Key::Folder => candidates.find_map(|it| {
                    let rest = it
                        .strip_prefix(target.trim_end_matches('/'))?
                        .strip_prefix('/')?;
                    Some(format!("{key}{rest}"))
                }),
                Key::Pattern => {
                    let (head, tail) = target.split_once('*')?;
                    let star =
                        candidates.find_map(|it| it.strip_prefix(head)?.strip_suffix(tail))?;
                    Some(key.replacen('*', star, 1))
                }
            }
        }
        Value::Array(items) => items
            .iter()
            .find_map(|it| backwards(names, folder, key, it, conditions, kind)),
        Value::Object(entries) => entries
            .iter()
            .filter(|(condition, _)| applies(condition, conditions))
            .find_map(|(_, it)| backwards(names, folder, key, it, conditions, kind)),
        _ => None,
    }
}

/// The package that one of `@types` is about.
fn from_types_package(name: &str) -> String {
    match name.strip_prefix("@types/") {
        Some(rest) if rest.contains("__") => format!("@{}", rest.replacen("__", "/", 1)),
        Some(rest) => rest.to_owned(),
        None => name.to_owned(),
    }
}
