//! From a path without certainty to a file: endings replaced, endings added, folders with a manifest or an index.

use super::{Kinds, Resolver};
use crate::packages::Package;
use crate::path::{self, known_ending, with_suffix};
use std::path::{Path, PathBuf};

impl Resolver<'_> {
    /// A file, or a folder that is a module.
    pub(super) fn file_or_folder(
        &self,
        kinds: Kinds,
        target: &Path,
        folder_only: bool,
    ) -> Option<PathBuf> {
        if !folder_only && let Some(file) = self.file(kinds, target) {
            return Some(file);
        }
        if self.strict || !self.disk.is_folder(target) {
            return None;
        }
        self.folder(kinds, target, self.manifest(target).as_deref())
    }

    /// A file with its ending replaced or added.
    pub(super) fn file(&self, kinds: Kinds, target: &Path) -> Option<PathBuf> {
        self.file_as_written(kinds, target).or_else(|| {
            if self.strict {
                None
            } else {
                self.ending(kinds, target, "")
            }
        })
    }

    /// A file with its ending replaced by what it is compiled from.
    pub(super) fn file_as_written(&self, kinds: Kinds, target: &Path) -> Option<PathBuf> {
        let name = path::name(target);
        let ending = match known_ending(name) {
            Some(it) => it,
            None => &name[name.rfind('.')?..],
        };
        let stem = target.with_file_name(&name[..name.len() - ending.len()]);
        if stem.file_name().is_none() || name.len() == ending.len() {
            return self.ending_of_hidden(kinds, target, ending);
        }
        self.ending(kinds, &stem, ending)
    }

    /// A name that is nothing but an ending, such as `.ts`.
    fn ending_of_hidden(&self, kinds: Kinds, target: &Path, ending: &str) -> Option<PathBuf> {
        let kind = Kinds::TYPED.or(Kinds::JAVASCRIPT);
        (kinds.has(kind) && known_ending(ending).is_some() && self.disk.is_file(target))
            .then(|| target.to_owned())
    }

    /// A target of a manifest: exact where it names a TypeScript file.
    pub(super) fn file_of_manifest(&self, kinds: Kinds, target: &Path) -> Option<PathBuf> {
        let ending = known_ending(path::name(target));
        let exact = match ending {
            Some(".ts" | ".tsx" | ".mts" | ".cts") => kinds.has(Kinds::TYPESCRIPT),
            Some(".d.ts" | ".d.mts" | ".d.cts") => kinds.has(Kinds::DECLARATION),
            Some(".json") => self.for_config,
            _ => false,
        };
        if exact {
            return self.existing(target);
        }
        self.file_as_written(kinds, target)
    }

    /// The module that a folder is.
    pub(super) fn folder(
        &self,
        kinds: Kinds,
        folder: &Path,
        package: Option<&Package>,
    ) -> Option<PathBuf> {
        let main = package
            .filter(|it| it.folder == folder)
            .and_then(|it| self.main_of(kinds, it))
            .map(|it| path::join(folder, it));
        let index = folder.join(if self.for_config { "tsconfig" } else { "index" });
        if let Some(paths) = package.and_then(Package::types_versions)
            && main.as_ref().is_none_or(|it| it.starts_with(folder))
            && let Some(name) = path::relative(folder, main.as_ref().unwrap_or(&index))
            && let Some(answer) =
                self.through_patterns(kinds, &paths, folder, &name, &|kinds, it| {
                    self.target_of_folder(kinds, it, package)
                })
            && answer.is_some()
        {
            return answer;
        }
        if let Some(main) = main
            && let Some(file) = self.target_of_folder(kinds, &main, package)
        {
            return Some(file);
        }
        if self.strict {
            None
        } else {
            self.file(kinds, &index)
        }
    }

    fn main_of<'p>(&self, kinds: Kinds, package: &'p Package) -> Option<&'p str> {
        if self.for_config {
            return package.string("tsconfig");
        }
        let types = kinds
            .has(Kinds::DECLARATION)
            .then(|| package.types())
            .flatten();
        let code = Kinds::TYPED.or(Kinds::JAVASCRIPT);
        types.or_else(|| {
            kinds
                .has(code)
                .then(|| package.string("main"))
                .flatten()
                .filter(|it| !it.is_empty())
        })
    }

    /// What a manifest's main file leads to: a file, or a folder whose own manifest does not count.
    fn target_of_folder(
        &self,
        kinds: Kinds,
        target: &Path,
        package: Option<&Package>,
    ) -> Option<PathBuf> {
        if let Some(file) = self.file_of_manifest(kinds, target) {
            return Some(file);
        }
        let kinds = if kinds == Kinds::DECLARATION {
            Kinds::TYPED
        } else {
            kinds
        };
        let loose = Resolver {
            strict: self.strict && package.is_some_and(Package::is_module),
            ..self.clone()
        };
        if let Some(file) = loose.file(kinds, target) {
            return Some(file);
        }
        if loose.strict || !self.disk.is_folder(target) {
            return None;
        }
        loose.folder(kinds, target, None)
    }

    /// A path without its ending, and the endings that come in its place.
    fn ending(&self, kinds: Kinds, stem: &Path, ending: &str) -> Option<PathBuf> {
        let (typescript, declaration, javascript): (&[&str], &[&str], &[&str]) = match ending {
            ".mjs" | ".mts" | ".d.mts" => (&[".mts"], &[".d.mts"], &[".mjs"]),
            ".cjs" | ".cts" | ".d.cts" => (&[".cts"], &[".d.cts"], &[".cjs"]),
            ".tsx" | ".jsx" => (&[".tsx", ".ts"], &[".d.ts"], &[".jsx", ".js"]),
            ".ts" | ".d.ts" | ".js" | "" => (&[".ts", ".tsx"], &[".d.ts"], &[".js", ".jsx"]),
            ".json" => (&[], &[".d.json.ts"], &[]),
            _ => (&[], &[], &[]),
        };
        for (kind, endings) in [
            (Kinds::TYPESCRIPT, typescript),
            (Kinds::DECLARATION, declaration),
            (Kinds::JAVASCRIPT, javascript),
        ] {
            if kinds.has(kind)
                && let Some(file) = endings
                    .iter()
                    .find_map(|it| self.existing(&with_suffix(stem, it)))
            {
                return Some(file);
            }
        }
        match ending {
            ".json" if kinds.has(Kinds::JSON) => self.existing(&with_suffix(stem, ".json")),
            "" if self.for_config => self.existing(&with_suffix(stem, ".json")),
            it if known_ending(it).is_none() && !it.is_empty() && kinds.has(Kinds::DECLARATION) => {
                self.existing(&with_suffix(stem, &format!(".d{it}.ts")))
            }
            _ => None,
        }
    }

    /// A file if it is there, under the suffixes that the options say.
    pub(super) fn existing(&self, file: &Path) -> Option<PathBuf> {
        if self.options.module_suffixes.is_empty() {
            return self.disk.is_file(file).then(|| file.to_owned());
        }
        let name = path::name(file);
        let ending = known_ending(name).unwrap_or_default();
        let stem = &name[..name.len() - ending.len()];
        self.options
            .module_suffixes
            .iter()
            .map(|suffix| file.with_file_name(format!("{stem}{suffix}{ending}")))
            .find(|it| self.disk.is_file(it))
    }
}
