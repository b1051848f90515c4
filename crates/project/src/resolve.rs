//! What a module specifier leads to, by TypeScript's rules.
//!
//! Not `oxc_resolver`: it follows Node and bundlers, and with 450 lines of glue still differs from TypeScript five times as
//! often (0.20 % against 0.04 % of 241,922 specifiers). The figures are in `docs/architecture.md`.
//!
//! [`Resolver`] holds what one search needs; `files` tries endings and folders, `node_modules` finds packages,
//! `mapped` follows `paths`, `baseUrl` and `rootDirs`, `types` finds the packages of automatic types. Nothing is
//! remembered here but what the disk cache remembers.

mod files;
mod mapped;
mod node_modules;
mod sources;
mod types;

use crate::disk::Disk;
use crate::options::{Module, ModuleResolution, Options};
use crate::packages::Package;
use crate::path;
use dashmap::DashSet;
use rustc_hash::FxBuildHasher;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a specifier is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportMode {
    /// `import x from ".."`, `export .. from ".."`.
    Import,
    /// `import("..")`, which is an ES module's import in a CommonJS file too.
    Dynamic,
    /// `require("..")`, `import x = require("..")`.
    Require,
}

/// The package that a file is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageRef {
    /// Its name in `node_modules`.
    pub name: String,
    /// Its folder, links followed.
    pub root: PathBuf,
}

/// A file that a specifier leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The file. In `node_modules` with links followed, elsewhere as the specifier leads to it.
    pub path: PathBuf,
    /// The package, for a specifier that names one.
    pub package: Option<PackageRef>,
}

/// Kinds of files that a search accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kinds(u8);

impl Kinds {
    const TYPESCRIPT: Self = Self(1);
    const JAVASCRIPT: Self = Self(2);
    const DECLARATION: Self = Self(4);
    const JSON: Self = Self(8);
    const TYPED: Self = Self(1 | 4);

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// A file that was found, and whether it is behind `node_modules`.
pub(crate) struct Found {
    path: PathBuf,
    external: bool,
}

/// One search: where it starts from, and which rules hold.
#[derive(Clone)]
pub(crate) struct Resolver<'a> {
    disk: &'a Disk,
    options: &'a Options,
    /// The configuration file; its folder stands for the sources' root.
    config: Option<&'a Path>,
    /// The package manifests that were asked for, missing ones too.
    asked: Option<&'a DashSet<PathBuf, FxBuildHasher>>,
    conditions: Vec<&'a str>,
    /// ES modules of Node: no endings are added, no folders are modules.
    strict: bool,
    exports: bool,
    imports: bool,
    /// A configuration to extend is looked for, not a module.
    for_config: bool,
    /// How often `imports` led to another package.
    depth: u8,
}

/// `imports` that lead to `imports` end here.
const MAX_DEPTH: u8 = 8;

impl<'a> Resolver<'a> {
    /// A search for an import of a file.
    pub(crate) fn new(
        disk: &'a Disk,
        options: &'a Options,
        config: Option<&'a Path>,
        asked: &'a DashSet<PathBuf, FxBuildHasher>,
    ) -> Self {
        Self {
            disk,
            options,
            config,
            asked: Some(asked),
            conditions: Vec::new(),
            strict: false,
            exports: options.resolve_package_json_exports,
            imports: options.resolve_package_json_imports,
            for_config: false,
            depth: 0,
        }
    }

    /// The same search with the rules for an ES module's import, or for `require`.
    pub(crate) fn for_mode(mut self, as_import: bool) -> Self {
        let resolution = self.options.module_resolution;
        self.strict = resolution.by_file_format() && as_import;
        self.conditions = conditions(self.options, as_import);
        self
    }

    /// Whether what is written in a file is an ES module's import, by how the file is written out.
    pub(crate) fn as_import(&self, from: &Path, mode: ImportMode) -> bool {
        if mode == ImportMode::Require {
            return false;
        }
        if self.options.module_resolution.by_file_format() {
            return mode == ImportMode::Dynamic || self.is_es_module(from);
        }
        if mode == ImportMode::Dynamic && self.options.module == Module::Preserve {
            return true;
        }
        // Elsewhere only an ending, or a package that says so, overrides the option `module`.
        let by_type = || match self.scope(from.parent().unwrap_or(from))?.string("type")? {
            "module" => Some(true),
            "commonjs" => Some(false),
            _ => None,
        };
        match path::known_ending(path::name(from)) {
            Some(".mts" | ".mjs" | ".d.mts") => true,
            Some(".cts" | ".cjs" | ".d.cts") => false,
            _ if path::in_node_modules(from) => {
                by_type().unwrap_or(self.options.module != Module::CommonJs)
            }
            _ => self.options.module != Module::CommonJs,
        }
    }

    /// The file that a specifier means in a folder, and the link that its package was found through.
    pub(crate) fn resolve(
        &self,
        folder: &Path,
        specifier: &str,
    ) -> Option<(Resolved, Option<PathBuf>)> {
        let mut kinds = Kinds::TYPED.or(Kinds::JAVASCRIPT);
        if self.options.resolve_json_module {
            kinds = kinds.or(Kinds::JSON);
        }
        let (typed, other) = (kinds.and(Kinds::TYPED), kinds.without(Kinds::TYPED));
        let found = match self.options.module_resolution {
            ModuleResolution::Classic => self
                .classic(typed, folder, specifier)
                .or_else(|| self.classic(other, folder, specifier)),
            ModuleResolution::Node10 => self
                .node(typed, folder, specifier)
                .or_else(|| self.node(other, folder, specifier)),
            _ => self.node(kinds, folder, specifier),
        }?;
        if !found.external || path::is_relative_or_rooted(specifier) {
            return Some((
                Resolved {
                    path: found.path,
                    package: None,
                },
                None,
            ));
        }
        let follow = |path: PathBuf| {
            if self.options.preserve_symlinks {
                path
            } else {
                self.disk.real(&path)
            }
        };
        let (mut package, mut link) = (None, None);
        if let Some((name, folder)) = package_of(&found.path) {
            let root = follow(folder.clone());
            link = (root != folder).then_some(folder);
            package = Some(PackageRef { name, root });
        }
        Some((
            Resolved {
                path: follow(found.path),
                package,
            },
            link,
        ))
    }

    /// One round over all places for some kinds of files.
    fn node(&self, kinds: Kinds, folder: &Path, specifier: &str) -> Option<Found> {
        let is_path = path::is_relative_or_rooted(specifier);
        if let Some(path) = self.mapped(kinds, folder, specifier, &|kinds, it, open| {
            self.file_or_folder(kinds, it, open)
        }) {
            let external = path::in_node_modules(&path);
            return Some(Found { path, external });
        }
        if is_path {
            let target = path::join(folder, specifier);
            let last = specifier.rsplit(['/', '\\']).next().unwrap_or_default();
            let folder_only = matches!(last, "" | "." | "..");
            let path = self.file_or_folder(kinds, &target, folder_only)?;
            return Some(Found {
                external: path::in_node_modules(&target),
                path,
            });
        }
        if self.imports
            && specifier.starts_with('#')
            && let Some(answer) = self.package_import(kinds, folder, specifier)
        {
            return answer.map(|path| Found {
                path,
                external: false,
            });
        }
        if self.exports
            && let Some(answer) = self.own_name(kinds, folder, specifier)
        {
            return answer.map(|path| Found {
                path,
                external: false,
            });
        }
        if specifier.contains(':') {
            return None;
        }
        let found = self.package(kinds, folder, specifier);
        let found = found.or_else(|| self.in_type_roots(kinds, specifier));
        found.map(|path| Found {
            path,
            external: true,
        })
    }

    /// The old rules: files upwards, then `@types`.
    fn classic(&self, kinds: Kinds, folder: &Path, specifier: &str) -> Option<Found> {
        let plain = |path: PathBuf| Found {
            external: path::in_node_modules(&path),
            path,
        };
        if let Some(path) = self.mapped(kinds, folder, specifier, &|kinds, it, _| {
            self.file(kinds, it)
        }) {
            return Some(plain(path));
        }
        if path::is_relative_or_rooted(specifier) {
            return self.file(kinds, &path::join(folder, specifier)).map(plain);
        }
        if let Some(path) = folder
            .ancestors()
            .find_map(|it| self.file(kinds, &path::join(it, specifier)))
        {
            return Some(plain(path));
        }
        if kinds.has(Kinds::TYPESCRIPT) {
            return self.types_package(folder, specifier).map(|path| Found {
                path,
                external: true,
            });
        }
        None
    }

    /// Whether a file is an ES module by its ending or by its package.
    pub(crate) fn is_es_module(&self, file: &Path) -> bool {
        let name = path::name(file);
        match () {
            () if name.ends_with(".mts") || name.ends_with(".mjs") => true,
            () if name.ends_with(".cts") || name.ends_with(".cjs") => false,
            () => self
                .scope(file.parent().unwrap_or(file))
                .is_some_and(|it| it.is_module()),
        }
    }

    /// The package that a folder is in.
    pub(crate) fn scope(&self, folder: &Path) -> Option<Arc<Package>> {
        folder.ancestors().find_map(|it| self.manifest(it))
    }

    /// A folder's manifest.
    pub(crate) fn manifest(&self, folder: &Path) -> Option<Arc<Package>> {
        if let Some(asked) = self.asked
            && !asked.contains(folder)
        {
            asked.insert(folder.to_owned());
        }
        self.disk.package(folder)
    }
}

/// The conditions of `exports` and `imports` that hold.
pub(crate) fn conditions(options: &Options, as_import: bool) -> Vec<&str> {
    let mut conditions = vec![if as_import { "import" } else { "require" }, "types"];
    if options.module_resolution != ModuleResolution::Bundler {
        conditions.push("node");
    }
    conditions.extend(options.custom_conditions.iter().map(String::as_str));
    conditions
}

/// The name and the folder of the package that a path in `node_modules` is of.
pub(crate) fn package_of(file: &Path) -> Option<(String, PathBuf)> {
    let parts: Vec<_> = file.components().collect();
    let at = parts
        .iter()
        .rposition(|it| it.as_os_str() == "node_modules")?;
    let first = parts.get(at + 1)?.as_os_str().to_str()?;
    let (name, end) = match parts.get(at + 2) {
        Some(second) if first.starts_with('@') => {
            (format!("{first}/{}", second.as_os_str().to_str()?), at + 3)
        }
        _ => (first.to_owned(), at + 2),
    };
    Some((name, parts[..end].iter().collect()))
}

/// Whether an entry of `paths` or `typesVersions` is about a name.
pub(crate) fn is_matched(paths: &[(String, Vec<String>)], name: &str) -> bool {
    mapped::matching(paths, name).is_some()
}

/// The name of the package in a specifier, and the rest after the slash.
pub(crate) fn split_package(specifier: &str) -> (&str, &str) {
    let mut slashes = specifier.match_indices('/').map(|(at, _)| at);
    let at = if specifier.starts_with('@') {
        slashes.nth(1)
    } else {
        slashes.next()
    };
    at.map_or((specifier, ""), |at| {
        (&specifier[..at], &specifier[at + 1..])
    })
}

/// The configuration file of a package, for `extends`.
pub(crate) fn config_of_package(disk: &Disk, folder: &Path, specifier: &str) -> Option<PathBuf> {
    let options = Options::inferred(folder);
    let resolver = Resolver {
        disk,
        options: &options,
        config: None,
        asked: None,
        conditions: vec!["require", "node"],
        strict: false,
        exports: true,
        imports: true,
        for_config: true,
        depth: 0,
    };
    let found = resolver.node(Kinds::JSON, folder, specifier)?;
    Some(disk.real(&found.path))
}
