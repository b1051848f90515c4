//! Projects over real folders: configurations, file sets, resolution, and what a change makes anew.

mod configs;
mod files;
mod modules;
mod projects;
mod specifiers;

use crate::path;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder of files, given as pairs of path and text.
struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.at(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        file
    }

    fn remove(&self, name: &str) -> PathBuf {
        let file = self.at(name);
        std::fs::remove_file(&file).unwrap();
        file
    }

    /// The path of a file, links in the way to the folder followed.
    fn at(&self, name: &str) -> PathBuf {
        path::join(&self.0.path().canonicalize().unwrap(), name)
    }

    /// A path as it was given.
    fn name(&self, file: &Path) -> String {
        path::relative(&self.at("."), file).unwrap()
    }
}
