//! Packages of types: `/// <reference types>`, `types`, `typeRoots`.

use super::node_modules::mangled;
use super::{Kinds, Resolver};
use crate::path;
use std::path::{Path, PathBuf};

impl Resolver<'_> {
    /// The folders whose packages give types without an import.
    pub(crate) fn type_roots(&self, root: &Path) -> Vec<PathBuf> {
        if let Some(roots) = &self.options.type_roots {
            return roots.clone();
        }
        root.ancestors()
            .map(|it| it.join("node_modules").join("@types"))
            .filter(|it| self.disk.is_folder(it))
            .collect()
    }

    /// The file of types that a name means.
    pub(crate) fn types(&self, root: &Path, folder: &Path, name: &str) -> Option<PathBuf> {
        let given = self.options.type_roots.is_some();
        let primary = self.type_roots(root).into_iter().find_map(|types| {
            let candidate = candidate(&types, name);
            let file = if given {
                self.file(Kinds::DECLARATION, &candidate)
            } else {
                None
            };
            file.or_else(|| {
                self.disk.is_folder(&candidate).then(|| {
                    self.folder(
                        Kinds::DECLARATION,
                        &candidate,
                        self.manifest(&candidate).as_deref(),
                    )
                })?
            })
        });
        let found = primary.or_else(|| {
            if path::is_relative_or_rooted(name) {
                self.file_or_folder(Kinds::DECLARATION, &path::join(folder, name), false)
            } else {
                self.package(Kinds::DECLARATION, folder, name)
            }
        })?;
        Some(if self.options.preserve_symlinks {
            found
        } else {
            self.disk.real(&found)
        })
    }

    /// The names of all packages in the folders of types.
    pub(crate) fn all_types(&self, root: &Path) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for types in self.type_roots(root) {
            for name in self.disk.folders(&types) {
                let wanted = !name.starts_with('.')
                    && self
                        .manifest(&types.join(&name))
                        .is_none_or(|it| !it.disowns_types());
                if wanted && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// A bare specifier in the folders of types that the options name.
    pub(super) fn in_type_roots(&self, kinds: Kinds, specifier: &str) -> Option<PathBuf> {
        if !kinds.has(Kinds::DECLARATION) {
            return None;
        }
        self.options.type_roots.iter().flatten().find_map(|types| {
            let candidate = candidate(types, specifier);
            self.file(Kinds::DECLARATION, &candidate).or_else(|| {
                self.disk.is_folder(&candidate).then(|| {
                    self.folder(
                        Kinds::DECLARATION,
                        &candidate,
                        self.manifest(&candidate).as_deref(),
                    )
                })?
            })
        })
    }
}

fn candidate(types: &Path, name: &str) -> PathBuf {
    let is_types = path::name(types) == "@types"
        && types
            .parent()
            .is_some_and(|it| path::name(it) == "node_modules");
    if is_types {
        path::join(types, &mangled(name))
    } else {
        path::join(types, name)
    }
}
