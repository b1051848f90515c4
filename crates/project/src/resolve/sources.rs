//! Packages of the workspace that are not installed or not built: their sources.

use super::node_modules::names_a_package;
use super::{Kinds, PackageRef, Resolved, Resolver, split_package};
use crate::packages::{self, Package, Target};
use crate::path::{self, known_ending};
use std::path::{Path, PathBuf};

/// Folders that are written by a build.
const OUTPUTS: [&str; 6] = ["dist", "lib", "build", "out", "esm", "cjs"];

impl Resolver<'_> {
    /// A file of a package by the package's folder: what its manifest has, else the source of that.
    pub(crate) fn in_workspace(&self, root: &Path, specifier: &str) -> Option<Resolved> {
        let (name, rest) = split_package(specifier);
        if !names_a_package(specifier) {
            return None;
        }
        let installed = [Kinds::TYPED, Kinds::JAVASCRIPT]
            .into_iter()
            .find_map(|it| self.package_at(it, root, rest));
        let path = installed.or_else(|| self.unbuilt(root, rest))?;
        let package = Some(PackageRef {
            name: name.to_owned(),
            root: root.to_owned(),
        });
        Some(Resolved { path, package })
    }

    fn unbuilt(&self, root: &Path, rest: &str) -> Option<PathBuf> {
        let package = self.manifest(root)?;
        let mut targets = self.targets_of(&package, rest);
        if rest.is_empty() {
            targets.extend(["src/index".to_owned(), "index".to_owned()]);
        } else if package.exports().is_none() {
            targets.extend([format!("src/{rest}"), rest.to_owned()]);
        }
        let loose = Resolver {
            strict: false,
            ..self.clone()
        };
        let kinds = Kinds::TYPED.or(Kinds::JAVASCRIPT);
        targets
            .iter()
            .find_map(|it| loose.file_or_folder(kinds, &path::join(root, it), false))
    }

    /// Where the sources of what the manifest names may be, without an ending.
    fn targets_of(&self, package: &Package, rest: &str) -> Vec<String> {
        let mut written = Vec::new();
        match package.exports() {
            Some(exports) => {
                let subpath = if rest.is_empty() {
                    ".".to_owned()
                } else {
                    format!("./{rest}")
                };
                if let Some(entry) = packages::entry(exports, &subpath) {
                    let mut note = |target: Target<'_>| {
                        written.push(target.text());
                        None::<()>
                    };
                    let _ = packages::targets(entry, &self.conditions, &mut note);
                }
            }
            None if rest.is_empty() => {
                let fields = [
                    package.types(),
                    package.string("module"),
                    package.string("main"),
                ];
                written.extend(fields.into_iter().flatten().map(str::to_owned));
            }
            None => {}
        }
        written.iter().flat_map(|it| sources_of(it)).collect()
    }
}

/// `dist/x.js` may come from `src/x` or `x`.
fn sources_of(written: &str) -> Vec<String> {
    let written = written.strip_prefix("./").unwrap_or(written);
    let stem = known_ending(written).map_or(written, |it| &written[..written.len() - it.len()]);
    let mut parts: Vec<&str> = stem.split('/').collect();
    let had = parts.len();
    while parts.len() > 1 && OUTPUTS.contains(&parts[0]) {
        parts.remove(0);
    }
    if parts.len() == had {
        return vec![stem.to_owned()];
    }
    let inner = parts.join("/");
    // Some builds keep the folder of the sources.
    let inner = inner
        .strip_prefix("src/")
        .map_or(inner.clone(), str::to_owned);
    vec![format!("src/{inner}"), inner]
}
