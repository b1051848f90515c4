//! The files that the rules look at: everything that git would track, read once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use ignore::WalkBuilder;

use super::rust::RustFile;

/// The text files of the workspace, by path relative to its root, with `/`.
#[derive(Debug, Default)]
pub(super) struct Tree {
    files: BTreeMap<String, String>,
    rust: BTreeMap<String, RustFile>,
}

impl Tree {
    /// Reads every file under `root` that is not ignored. Binary files are left out.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        let walk = WalkBuilder::new(root)
            .hidden(false)
            .parents(false)
            .git_global(false)
            .require_git(false)
            .filter_entry(|it| it.file_name() != ".git")
            .build();
        for entry in walk {
            let entry = entry.context("failed to list the workspace")?;
            if !entry.file_type().is_some_and(|it| it.is_file()) {
                continue;
            }
            let path = entry
                .path()
                .strip_prefix(root)
                .context("a file outside its root")?;
            let bytes = fs::read(entry.path())
                .with_context(|| format!("failed to read {}", path.display()))?;
            if let Ok(text) = String::from_utf8(bytes) {
                files.push((path.to_string_lossy().replace('\\', "/"), text));
            }
        }
        Self::new(files)
    }

    /// A tree of the given files.
    pub(super) fn new(files: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let files: BTreeMap<_, _> = files.into_iter().collect();
        let mut rust = BTreeMap::new();
        for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".rs")) {
            let parsed = RustFile::parse(path, text);
            rust.insert(
                path.clone(),
                parsed.with_context(|| format!("failed to parse {path}"))?,
            );
        }
        for path in rust
            .values()
            .flat_map(RustFile::test_modules)
            .collect::<Vec<_>>()
        {
            if let Some(file) = rust.get_mut(&path) {
                file.set_all_test();
            }
        }
        Ok(Self { files, rust })
    }

    /// All text files.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// All Rust files.
    pub(super) fn rust(&self) -> impl Iterator<Item = (&str, &RustFile)> {
        self.rust.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// Whether a file or a folder of this name is in the tree.
    pub(super) fn exists(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        let first = self.files.range(folder.clone()..).next();
        self.files.contains_key(path) || first.is_some_and(|(it, _)| it.starts_with(&folder))
    }
}

/// A tree of Rust or other files for the tests of a rule.
#[cfg(test)]
pub(super) fn tree(files: &[(&str, &str)]) -> Tree {
    Tree::new(
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned())),
    )
    .unwrap()
}
