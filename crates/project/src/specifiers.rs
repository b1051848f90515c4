//! The other way round: by which specifiers a file may import another, the best first.
//!
//! The rules are those of TypeScript's auto-imports. What is proposed is resolved once more, so nothing is offered
//! that would lead elsewhere. `endings` decides how a path ends, `packages` finds the names of files in packages.

mod endings;
mod packages;

use crate::options::{ModuleResolution, Options};
use crate::path;
use crate::project::Project;
use crate::resolve::ImportMode;
use endings::Endings;
use std::path::{Path, PathBuf};

/// Whether specifiers are paths or names, where both are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SpecifierForm {
    /// What has fewer folders in it; a path where they are equal in none.
    #[default]
    Shortest,
    /// Paths within a project and a package, names beyond.
    ProjectRelative,
    /// Paths.
    Relative,
    /// Names, by `paths`, `baseUrl` or `imports`.
    NonRelative,
}

/// How paths end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SpecifierEnding {
    /// As the file's other imports do, and by the resolution.
    #[default]
    Auto,
    /// Neither ending nor `index`.
    Minimal,
    /// No ending, `index` stays.
    Index,
    /// `.js`, or `.ts` where that is allowed and used.
    Js,
}

/// A user's wishes about specifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpecifierPreferences {
    /// Paths or names.
    pub form: SpecifierForm,
    /// How paths end.
    pub ending: SpecifierEnding,
}

/// One question, with what is needed to answer it.
struct Proposer<'a> {
    project: &'a Project,
    options: &'a Options,
    from: &'a Path,
    folder: &'a Path,
    endings: Endings,
    form: SpecifierForm,
}

impl Project {
    /// The specifiers by which a file may import another, the best first; usually one.
    ///
    /// `existing` are the specifiers that the file has already: they decide how new ones end. Each answer leads
    /// back to `to`. A module that a `declare module "name"` augments is proposed by that name in TypeScript, before
    /// all of these; that is for the caller, who knows declarations.
    pub fn specifiers(
        &self,
        from: &Path,
        to: &Path,
        existing: &[&str],
        preferences: SpecifierPreferences,
    ) -> Vec<String> {
        let leads_there = |specifier: &str| {
            self.resolve(from, specifier, ImportMode::Import)
                .is_some_and(|it| it.path == to)
        };
        let named_only = preferences.form == SpecifierForm::NonRelative;
        let written = existing
            .iter()
            .filter(|it| !(named_only && path::is_relative(it)));
        if let Some(same) = written.into_iter().find(|it| leads_there(it)) {
            return vec![(*same).to_owned()];
        }
        let proposer = Proposer {
            project: self,
            options: self.options(),
            from,
            folder: from.parent().unwrap_or(from),
            endings: Endings::new(self, from, existing, preferences.ending),
            form: preferences.form,
        };
        proposer.propose(to, &leads_there)
    }
}

impl Proposer<'_> {
    fn propose(&self, to: &Path, leads_there: &dyn Fn(&str) -> bool) -> Vec<String> {
        let (mut by_options, mut by_package, mut by_path) = (Vec::new(), Vec::new(), Vec::new());
        for file in self.ways_to(to) {
            let name = if path::in_node_modules(&file) {
                self.package_name(&file)
            } else {
                None
            };
            let is_named = name.is_some();
            by_package.extend(name);
            match self.local(&file, is_named) {
                Some(it) if path::is_relative_or_rooted(&it) || it.contains("node_modules") => {
                    by_path.push(it)
                }
                Some(it) => by_options.push(it),
                None => {}
            }
        }
        for mut kind in [by_options, by_package, by_path] {
            kind.retain(|it| leads_there(it));
            if !kind.is_empty() {
                let mut seen = rustc_hash::FxHashSet::default();
                kind.retain(|it| seen.insert(it.clone()));
                return kind;
            }
        }
        Vec::new()
    }

    /// The paths under which a file is known: its own, and those through links of packages; near ones first.
    fn ways_to(&self, to: &Path) -> Vec<PathBuf> {
        let mut ways = Vec::new();
        if !is_ignored(to) {
            ways.push(to.to_owned());
        }
        for (real, link) in self.project.package_links(self.folder) {
            if let Ok(rest) = to.strip_prefix(&real)
                && !self.from.starts_with(&real)
            {
                ways.push(link.join(rest));
            }
        }
        let common = |it: &Path| {
            self.folder
                .ancestors()
                .take_while(|above| !it.starts_with(above))
                .count()
        };
        ways.sort_by_key(|it| (common(it), it.components().count()));
        ways.dedup();
        ways
    }

    /// A path, or what the options make of it.
    fn local(&self, to: &Path, options_only: bool) -> Option<String> {
        let options = self.options;
        if options_only && options.paths.is_empty() {
            return None;
        }
        let relative = || self.relative(to);
        let none = options.base_url.is_none()
            && options.paths.is_empty()
            && !options.resolve_package_json_imports;
        if none || self.form == SpecifierForm::Relative {
            return if options_only { None } else { relative() };
        }
        let Some(to_base) = path::relative(&options.paths_base, to) else {
            return if options_only { None } else { relative() };
        };
        if options_only {
            return self.through_paths(&to_base, &options.paths, &options.paths_base);
        }
        let named = self.through_imports(to).or_else(|| {
            self.through_paths(&to_base, &options.paths, &options.paths_base)
                .or_else(|| {
                    options.base_url.as_ref().and_then(|it| {
                        self.endings
                            .apply(&to_base, self.endings.best(), it, self.project)
                    })
                })
        });
        let Some(named) = named else {
            return relative();
        };
        let relative = relative()?;
        Some(if self.prefers_name(&named, &relative, to) {
            named
        } else {
            relative
        })
    }

    fn prefers_name(&self, named: &str, relative: &str, to: &Path) -> bool {
        if named.starts_with("..") {
            return false;
        }
        match self.form {
            SpecifierForm::NonRelative => true,
            SpecifierForm::Relative => false,
            SpecifierForm::Shortest => folders_in(relative) >= folders_in(named),
            SpecifierForm::ProjectRelative => {
                let root = self.project.root();
                let package = |it: &Path| {
                    self.project
                        .resolver()
                        .scope(it)
                        .map(|it| it.folder.clone())
                };
                self.folder.starts_with(root) != to.starts_with(root)
                    || package(self.folder) != package(to.parent().unwrap_or(to))
            }
        }
    }

    fn relative(&self, to: &Path) -> Option<String> {
        let roots = &self.options.root_dirs;
        let shortest = roots
            .iter()
            .filter_map(|root| self.folder.strip_prefix(root).ok())
            .flat_map(|source| {
                roots
                    .iter()
                    .filter_map(move |root| Some((source, to.strip_prefix(root).ok()?)))
            })
            .filter_map(|(source, target)| {
                // Put below one root, so that there is a way from one to the other.
                let root = self.project.root();
                path::relative(&root.join(source), &root.join(target))
            })
            .min_by_key(|it| it.matches('/').count());
        let written = shortest.or_else(|| path::relative(self.folder, to))?;
        let written = if written.starts_with("../") {
            written
        } else {
            format!("./{written}")
        };
        self.endings
            .apply(&written, self.endings.best(), self.folder, self.project)
    }

    /// The pattern of `paths` or `typesVersions` that leads to a file.
    fn through_paths(
        &self,
        to_base: &str,
        paths: &[(String, Vec<String>)],
        base: &Path,
    ) -> Option<String> {
        for (key, targets) in paths {
            for target in targets {
                let Some(pattern) = path::relative(base, &path::join(base, target)) else {
                    continue;
                };
                let mut candidates: Vec<String> = self
                    .endings
                    .all()
                    .iter()
                    .filter_map(|it| self.endings.apply(to_base, *it, base, self.project))
                    .collect();
                if path::known_ending(&pattern).is_some() {
                    candidates.push(to_base.to_owned());
                }
                let Some((head, tail)) = pattern.split_once('*') else {
                    if candidates.contains(&pattern) {
                        return Some(key.clone());
                    }
                    continue;
                };
                let star = candidates
                    .iter()
                    .find_map(|it| it.strip_prefix(head)?.strip_suffix(tail));
                if let Some(star) = star.filter(|it| !path::is_relative(it)) {
                    return Some(key.replacen('*', star, 1));
                }
            }
        }
        None
    }
}

/// Places that no one imports from by a path.
fn is_ignored(file: &Path) -> bool {
    let parts: Vec<&str> = file
        .components()
        .filter_map(|it| it.as_os_str().to_str())
        .collect();
    parts
        .windows(2)
        .any(|it| it[0] == "node_modules" && it[1].starts_with('.'))
        || parts.contains(&".git")
}

fn folders_in(specifier: &str) -> usize {
    specifier
        .strip_prefix("./")
        .unwrap_or(specifier)
        .matches('/')
        .count()
}

/// Whether the way a file is imported is by its format.
fn is_strict(project: &Project, from: &Path) -> bool {
    matches!(
        project.options().module_resolution,
        ModuleResolution::Node16 | ModuleResolution::NodeNext
    ) && project.is_es_module(from)
}
