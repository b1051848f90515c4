//! The packages of a workspace, by name: what `import "@scope/sibling"` means before anything is installed or built.
//!
//! Read from `workspaces` of `package.json` and from `pnpm-workspace.yaml`, when the first import asks for it.

use crate::disk::Disk;
use crate::include;
use crate::json::Json;
use crate::path;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The file in which pnpm says what packages there are.
pub(crate) const PNPM: &str = "pnpm-workspace.yaml";

/// `**` goes no deeper than this.
const MAX_DEPTH: usize = 8;

type ByName = FxHashMap<String, PathBuf>;

/// The packages of all open folders.
#[derive(Debug, Default)]
pub(crate) struct Siblings {
    folders: Vec<PathBuf>,
    /// Held only to read or to replace the map; the map itself is made once.
    by_name: Mutex<Option<Arc<ByName>>>,
}

impl Siblings {
    pub(crate) fn new(folders: Vec<PathBuf>) -> Self {
        Self {
            folders,
            by_name: Mutex::new(None),
        }
    }

    /// The folder of a package.
    pub(crate) fn folder(&self, name: &str, disk: &Disk) -> Option<PathBuf> {
        self.map(disk).get(name).cloned()
    }

    /// Looks again; the names that mean another folder.
    pub(crate) fn renew(&self, disk: &Disk) -> FxHashSet<String> {
        let old = self.lock().take();
        let Some(old) = old else {
            return FxHashSet::default();
        };
        let new = self.map(disk);
        let names = old.keys().chain(new.keys());
        names
            .filter(|it| old.get(*it) != new.get(*it))
            .cloned()
            .collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<ByName>>> {
        self.by_name.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn map(&self, disk: &Disk) -> Arc<ByName> {
        self.lock()
            .get_or_insert_with(|| {
                Arc::new(
                    self.folders
                        .iter()
                        .flat_map(|it| packages(it, disk))
                        .collect(),
                )
            })
            .clone()
    }
}

/// The packages of the workspace that a folder is the root of.
fn packages(root: &Path, disk: &Disk) -> Vec<(String, PathBuf)> {
    let patterns = patterns(root, disk);
    let (out, within): (Vec<_>, Vec<_>) = patterns.iter().partition(|it| it.starts_with('!'));
    let mut folders = FxHashSet::default();
    for pattern in within {
        expand(root, pattern, disk, &mut folders);
    }
    for pattern in out {
        let mut left_out = FxHashSet::default();
        expand(root, &pattern[1..], disk, &mut left_out);
        folders.retain(|it| !left_out.contains(it));
    }
    let mut folders: Vec<PathBuf> = folders.into_iter().collect();
    folders.sort_unstable();
    folders
        .into_iter()
        .filter_map(|it| Some((disk.package(&it)?.name()?.to_owned(), it)))
        .collect()
}

fn patterns(root: &Path, disk: &Disk) -> Vec<String> {
    let mut patterns = Vec::new();
    if let Some(package) = disk.package(root)
        && let Some(workspaces) = package.field("workspaces")
    {
        let list = workspaces
            .strings()
            .or_else(|| workspaces.get("packages").and_then(Json::strings));
        patterns.extend(list.unwrap_or_default());
    }
    if disk.is_file(&root.join(PNPM))
        && let Ok(text) = std::fs::read_to_string(root.join(PNPM))
    {
        patterns.extend(pnpm_packages(&text));
    }
    patterns
}

/// The items of `packages`, which is all that is wanted of the file.
fn pnpm_packages(text: &str) -> Vec<String> {
    let after = text
        .lines()
        .skip_while(|it| it.trim_end() != "packages:")
        .skip(1);
    let items =
        after.take_while(|it| it.starts_with([' ', '\t', '-', '#']) || it.trim().is_empty());
    items
        .filter_map(|it| it.trim().strip_prefix('-'))
        .map(|it| {
            it.split(" #")
                .next()
                .unwrap_or(it)
                .trim()
                .trim_matches(['"', '\''])
                .to_owned()
        })
        .collect()
}

fn expand(root: &Path, pattern: &str, disk: &Disk, found: &mut FxHashSet<PathBuf>) {
    let mut here = vec![root.to_owned()];
    for part in pattern.split('/').filter(|it| !matches!(*it, "" | ".")) {
        here = match part {
            "**" => here.iter().flat_map(|it| below(it, disk)).collect(),
            it if it.contains(['*', '?', '[', '{']) => {
                let Some(glob) = include::matcher(it) else {
                    return;
                };
                here.iter()
                    .flat_map(|folder| plain_folders(folder, disk))
                    .filter(|folder| glob.is_match(path::name(folder)))
                    .collect()
            }
            it => here.iter().map(|folder| path::join(folder, it)).collect(),
        };
    }
    found.extend(here.into_iter().filter(|it| disk.is_folder(it)));
}

/// A folder and all below it.
fn below(folder: &Path, disk: &Disk) -> Vec<PathBuf> {
    let mut all = vec![folder.to_owned()];
    let mut level = all.clone();
    for _ in 0..MAX_DEPTH {
        level = level
            .iter()
            .flat_map(|it| plain_folders(it, disk))
            .collect();
        all.extend(level.iter().cloned());
    }
    all
}

fn plain_folders(folder: &Path, disk: &Disk) -> Vec<PathBuf> {
    let names = disk.folders(folder).into_iter();
    names
        .filter(|it| it != "node_modules" && !it.starts_with('.'))
        .map(|it| folder.join(it))
        .collect()
}
