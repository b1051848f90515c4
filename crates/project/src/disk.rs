//! What is on the disk, remembered: folder listings, package manifests, real paths.
//!
//! One folder listing answers all questions about names in it, so a look-up that tries ten endings costs no system
//! call. Shared by all projects of a [`crate::Projects`]; forgets only when told.

use crate::packages::Package;
use dashmap::DashMap;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
}

/// What is known of a folder.
#[derive(Debug)]
enum Listing {
    Missing,
    /// It may be there but cannot be listed: each name is asked for by itself.
    Unreadable,
    Entries(FxHashMap<String, Kind>),
}

/// A cache over the file system.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    listings: DashMap<PathBuf, Arc<Listing>, FxBuildHasher>,
    packages: DashMap<PathBuf, Option<Arc<Package>>, FxBuildHasher>,
    real: DashMap<PathBuf, PathBuf, FxBuildHasher>,
}

impl Disk {
    /// Whether a file is there.
    pub(crate) fn is_file(&self, path: &Path) -> bool {
        self.kind(path) == Some(Kind::File)
    }

    /// Whether a folder is there.
    pub(crate) fn is_folder(&self, path: &Path) -> bool {
        match path.file_name() {
            Some(_) => self.kind(path) == Some(Kind::Folder),
            None => path.is_dir(),
        }
    }

    /// The names of the folders in a folder, sorted.
    pub(crate) fn folders(&self, path: &Path) -> Vec<String> {
        let Listing::Entries(entries) = &*self.listing(path) else {
            return Vec::new();
        };
        let mut names: Vec<_> = entries
            .iter()
            .filter(|(_, kind)| **kind == Kind::Folder)
            .map(|(name, _)| name.clone())
            .collect();
        names.sort_unstable();
        names
    }

    /// The manifest of the package whose folder this is.
    pub(crate) fn package(&self, folder: &Path) -> Option<Arc<Package>> {
        if let Some(known) = self.packages.get(folder) {
            return known.clone();
        }
        let manifest = folder.join("package.json");
        let package = self
            .is_file(&manifest)
            .then(|| std::fs::read_to_string(&manifest).ok())
            .flatten()
            .map(|text| Arc::new(Package::read(folder, &text)));
        self.packages.insert(folder.to_owned(), package.clone());
        package
    }

    /// The path behind symbolic links, or the path itself where there is none.
    pub(crate) fn real(&self, path: &Path) -> PathBuf {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return path.to_owned();
        };
        if let Some(known) = self.real.get(path) {
            return known.clone();
        }
        // Most files of a package share the folder, whose real path is asked for once.
        let real = match std::fs::symlink_metadata(path) {
            Ok(it) if !it.is_symlink() => self.real(folder).join(name),
            _ => std::fs::canonicalize(path).map_or_else(|_| path.to_owned(), plain),
        };
        self.real.insert(path.to_owned(), real.clone());
        real
    }

    /// Forgets what is known of some files: their folders' listings, and manifests among them.
    pub(crate) fn forget(&self, paths: &[PathBuf]) {
        for path in paths {
            // A new file may have come with new folders above it.
            for folder in path.ancestors() {
                self.listings.remove(folder);
            }
            if let Some(folder) = path.parent() {
                self.packages.remove(folder);
            }
        }
        self.real.clear();
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        self.listings.clear();
        self.packages.clear();
        self.real.clear();
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        let (folder, name) = (path.parent()?, path.file_name()?.to_str()?);
        match &*self.listing(folder) {
            Listing::Missing => None,
            Listing::Unreadable => kind_of(path),
            Listing::Entries(entries) => entries.get(&*fold(name)).copied(),
        }
    }

    fn listing(&self, folder: &Path) -> Arc<Listing> {
        if let Some(known) = self.listings.get(folder) {
            return known.clone();
        }
        // A folder in a missing folder needs no system call: node_modules of every ancestor is asked for.
        let missing = folder.file_name().is_some() && self.kind(folder) != Some(Kind::Folder);
        let listing = Arc::new(if missing {
            Listing::Missing
        } else {
            list(folder)
        });
        self.listings.insert(folder.to_owned(), listing.clone());
        listing
    }
}

fn list(folder: &Path) -> Listing {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Listing::Missing;
        }
        Err(_) => return Listing::Unreadable,
    };
    let mut found = FxHashMap::default();
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let kind = match entry.file_type() {
            Ok(it) if it.is_file() => Some(Kind::File),
            Ok(it) if it.is_dir() => Some(Kind::Folder),
            _ => kind_of(&entry.path()),
        };
        if let Some(kind) = kind {
            found.insert(fold(&name).into_owned(), kind);
        }
    }
    Listing::Entries(found)
}

fn kind_of(path: &Path) -> Option<Kind> {
    let it = std::fs::metadata(path).ok()?;
    Some(if it.is_dir() {
        Kind::Folder
    } else {
        Kind::File
    })
}

/// A name as the file system compares it.
fn fold(name: &str) -> std::borrow::Cow<'_, str> {
    if cfg!(any(windows, target_os = "macos")) && name.chars().any(char::is_uppercase) {
        name.to_lowercase().into()
    } else {
        name.into()
    }
}

/// A canonical path without the `\\?\` that Windows puts before it.
fn plain(path: PathBuf) -> PathBuf {
    if cfg!(windows)
        && let Some(rest) = path.to_str().and_then(|it| it.strip_prefix(r"\\?\"))
        && !rest.starts_with("UNC")
    {
        return PathBuf::from(rest);
    }
    path
}
