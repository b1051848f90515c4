//! Which files below a folder are sources.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{WalkBuilder, WalkState};
use symphony_syntax::Language;

use crate::{MAX_SOURCE_BYTES, Stamp};

/// Whether a folder of this name holds no sources of the workspace itself.
pub fn is_ignored_folder(name: &str) -> bool {
    matches!(
        name,
        "node_modules" | "bower_components" | ".git" | ".hg" | ".svn" | ".yarn"
    )
}

/// Whether a file says how imports are resolved: a configuration, a package's manifest, a list of what is installed.
pub fn is_project_file(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    let config =
        (name.starts_with("tsconfig") || name.starts_with("jsconfig")) && name.ends_with(".json");
    config
        || matches!(
            name,
            "package.json"
                | "package-lock.json"
                | "npm-shrinkwrap.json"
                | "yarn.lock"
                | "pnpm-lock.yaml"
                | "pnpm-workspace.yaml"
                | "bun.lock"
        )
}

/// A file that a walk has found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceEntry {
    /// Where it is.
    pub path: PathBuf,
    /// Which version of it was there.
    pub stamp: Stamp,
}

impl SourceEntry {
    /// The file at `path`, if one is there.
    pub fn of(path: &Path) -> Option<Self> {
        let data = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
        Some(Self {
            path: path.to_owned(),
            stamp: Stamp::of(&data),
        })
    }
}

/// The TypeScript and JavaScript files below `root`, sorted, without packages and what git ignores.
///
/// Links to folders are not followed, so a loop cannot catch the walk. `cancelled` is asked for every entry; once it
/// says yes, what was found so far is returned. Several threads walk: half of the time goes into asking the system.
pub fn source_files(root: &Path, cancelled: &(dyn Fn() -> bool + Sync)) -> Vec<SourceEntry> {
    let walk = WalkBuilder::new(root)
        .require_git(false)
        .filter_entry(|entry| {
            let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            !(folder
                && entry.depth() > 0
                && entry.file_name().to_str().is_some_and(is_ignored_folder))
        })
        .build_parallel();
    let found = Mutex::new(Vec::new());
    walk.run(|| {
        Box::new(|entry| {
            if cancelled() {
                return WalkState::Quit;
            }
            if let Some(source) = entry.ok().and_then(source) {
                let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                found.push(source);
            }
            WalkState::Continue
        })
    });
    let mut files = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    files.sort_unstable();
    files
}

/// An entry of a walk, if it is a source that is not too large.
fn source(entry: ignore::DirEntry) -> Option<SourceEntry> {
    let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
    if !is_file || Language::from_path(entry.path()).is_none() {
        return None;
    }
    let data = entry.metadata().ok()?;
    (data.len() <= MAX_SOURCE_BYTES).then(|| SourceEntry {
        stamp: Stamp::of(&data),
        path: entry.into_path(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_found_and_the_rest_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for path in [
            "src/b.ts",
            "src/a.tsx",
            "src/deep/c.d.ts",
            "lib.js",
            "readme.md",
            "build/out.js",
            "node_modules/p/index.js",
            ".hidden/a.ts",
        ] {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        std::fs::write(root.join(".gitignore"), "build/\n").unwrap();
        let names = |cancelled: bool| -> Vec<String> {
            source_files(root, &|| cancelled)
                .iter()
                .map(|entry| {
                    entry
                        .path
                        .strip_prefix(root)
                        .unwrap()
                        .to_string_lossy()
                        .replace('\\', "/")
                })
                .collect()
        };
        assert_eq!(
            names(false),
            ["lib.js", "src/a.tsx", "src/b.ts", "src/deep/c.d.ts"]
        );
        assert_eq!(names(true), [""; 0]);
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_sources() {
        assert!(source_files(Path::new("/no/such/folder"), &|| false).is_empty());
    }
}
