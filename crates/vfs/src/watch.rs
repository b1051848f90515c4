//! News from the file system, for clients that do not watch files themselves.

use std::path::{Path, PathBuf};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use symphony_syntax::Language;

use crate::{is_ignored_folder, is_project_file};

/// Watches folders until it is dropped.
#[derive(Debug)]
pub struct Watcher {
    inner: RecommendedWatcher,
}

impl Watcher {
    /// Calls `changed` with source files and project files that were made, written or removed below the folders watched.
    ///
    /// # Errors
    ///
    /// When the system has no more watches to give, or none at all.
    pub fn new(changed: impl Fn(Vec<PathBuf>) + Send + 'static) -> notify::Result<Self> {
        let inner = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let Ok(event) = event else { return };
            if matches!(event.kind, EventKind::Access(_)) {
                return;
            }
            let paths: Vec<PathBuf> = event
                .paths
                .into_iter()
                .filter(|path| is_source(path))
                .collect();
            if !paths.is_empty() {
                changed(paths);
            }
        })?;
        Ok(Self { inner })
    }

    /// Begins to watch everything below `root`.
    ///
    /// # Errors
    ///
    /// When the folder is not there or the system has no more watches to give.
    pub fn watch(&mut self, root: &Path) -> notify::Result<()> {
        self.inner.watch(root, RecursiveMode::Recursive)
    }

    /// Stops watching `root`.
    pub fn unwatch(&mut self, root: &Path) {
        if let Err(error) = self.inner.unwatch(root) {
            tracing::debug!(%error, root = %root.display(), "was not watched");
        }
    }
}

fn is_source(path: &Path) -> bool {
    let inside_packages = path.components().any(|component| {
        component
            .as_os_str()
            .to_str()
            .is_some_and(is_ignored_folder)
    });
    // A removed folder has no extension and takes its files along: the receiver looks.
    !inside_packages
        && (Language::from_path(path).is_some()
            || path.extension().is_none()
            || is_project_file(path))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_new_file_is_news() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let (sender, receiver) = mpsc::channel();
        let mut watcher = Watcher::new(move |paths| {
            // The test may have ended.
            let _ = sender.send(paths);
        })
        .unwrap();
        watcher.watch(&root).unwrap();
        std::fs::write(root.join("readme.md"), "").unwrap();
        std::fs::write(root.join("a.ts"), "let a").unwrap();
        let news = receiver.recv_timeout(Duration::from_secs(30)).unwrap();
        assert_eq!(news, [root.join("a.ts")]);
    }
}
