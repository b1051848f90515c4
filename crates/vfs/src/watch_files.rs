//! News of a few single files, wherever they are and whether or not they are there: the files of settings.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

/// Programs write a file in several steps; it is looked at when nothing has happened for so long.
const QUIET: Duration = Duration::from_millis(10);

/// Deeper than this is no folder of settings.
const MOST_LOOKS: usize = 32;

enum Message {
    News(Vec<PathBuf>),
    Watch(Vec<PathBuf>),
    Stop,
}

/// Watches files until it is dropped.
#[derive(Debug)]
pub struct FileWatcher {
    messages: Sender<Message>,
    thread: Option<JoinHandle<()>>,
}

impl FileWatcher {
    /// Calls `changed`, on a thread of its own, when one of the files watched may have been made, written or removed. It may be
    /// called when nothing has changed.
    ///
    /// # Errors
    /// When the system has no more watches or threads to give.
    pub fn new(changed: impl Fn() + Send + 'static) -> io::Result<Self> {
        // Unbounded: a full queue would hold up the thread of the system's watcher. Only changes come through.
        let (messages, received) = channel();
        let news = messages.clone();
        let inner = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if let Ok(event) = event
                && !matches!(event.kind, EventKind::Access(_))
            {
                // The thread may have ended.
                let _ = news.send(Message::News(event.paths));
            }
        });
        let mut watching = Watching {
            inner: inner.map_err(io::Error::other)?,
            files: Vec::new(),
            folders: BTreeSet::new(),
            names: BTreeSet::new(),
        };
        let thread = thread::Builder::new()
            .name("symphony-settings".into())
            .spawn(move || watching.run(&received, &changed))?;
        Ok(Self {
            messages,
            thread: Some(thread),
        })
    }

    /// Watches these files, and no longer those of before.
    pub fn watch(&self, files: Vec<PathBuf>) {
        // The thread ends only when this is dropped.
        let _ = self.messages.send(Message::Watch(files));
    }
}

impl Drop for FileWatcher {
    fn drop(&mut self) {
        // One that has ended, which it does in a panic only, needs no word.
        let _ = self.messages.send(Message::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What the thread owns.
struct Watching {
    inner: RecommendedWatcher,
    files: Vec<PathBuf>,
    /// What the system watches: the folders of the files, or what is there of them.
    folders: BTreeSet<PathBuf>,
    /// News of other names is none: a folder has many files.
    names: BTreeSet<OsString>,
}

impl Watching {
    fn run(&mut self, messages: &Receiver<Message>, changed: &impl Fn()) {
        let mut pending = false;
        loop {
            let message = if pending {
                messages.recv_timeout(QUIET)
            } else {
                messages.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            match message {
                Ok(Message::News(paths)) => {
                    for path in paths {
                        pending |= self.is_ours(&path);
                        self.forget(&path);
                    }
                }
                Ok(Message::Watch(files)) => {
                    self.files = files;
                    self.watch();
                    // What was written before the watch began.
                    pending = true;
                }
                Err(RecvTimeoutError::Timeout) => {
                    pending = false;
                    // Folders may have come or gone.
                    self.watch();
                    changed();
                }
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn is_ours(&self, path: &Path) -> bool {
        path.file_name()
            .is_some_and(|name| self.names.contains(name))
    }

    /// Something has happened to a folder itself: if it was replaced by another, the system still watches the old one.
    fn forget(&mut self, folder: &Path) {
        if self.folders.remove(folder) {
            // It may be gone already.
            let _ = self.inner.unwatch(folder);
        }
    }

    /// Watches the folders in which something about the files can happen; again while folders appear that were not there when
    /// they were looked for.
    fn watch(&mut self) {
        for _ in 0..MOST_LOOKS {
            if !self.look() {
                break;
            }
        }
    }

    /// Whether there is a new folder.
    fn look(&mut self) -> bool {
        let mut folders = BTreeSet::new();
        self.names.clear();
        for file in &self.files {
            // A file may be a link, as where settings are kept in a repository: then both ends count.
            let target = file.canonicalize().ok().filter(|target| target != file);
            for path in [Some(file.clone()), target].into_iter().flatten() {
                // Up to the first folder that is there, so that one that comes is seen.
                let there = path.ancestors().skip(1).find(|folder| folder.is_dir());
                let Some(folder) = there else { continue };
                let below = path.strip_prefix(folder).ok();
                let first = below.and_then(|it| it.iter().next());
                let names = first.into_iter().chain(folder.file_name());
                self.names.extend(names.map(OsString::from));
                folders.insert(folder.to_owned());
            }
        }
        for gone in self.folders.difference(&folders) {
            // It is no longer watched if it no longer exists.
            let _ = self.inner.unwatch(gone);
        }
        let new: Vec<PathBuf> = folders.difference(&self.folders).cloned().collect();
        let mut any = false;
        for folder in new {
            match self.inner.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => any = true,
                Err(error) => {
                    tracing::warn!(%error, folder = %folder.display(), "settings files are not watched");
                    folders.remove(&folder);
                }
            }
        }
        self.folders = folders;
        any
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    fn watcher(files: Vec<PathBuf>) -> (FileWatcher, mpsc::Receiver<()>) {
        let (sender, receiver) = mpsc::channel();
        let changed = move || {
            // The test may have ended.
            let _ = sender.send(());
        };
        let watcher = FileWatcher::new(changed).unwrap();
        watcher.watch(files);
        // The watch has begun.
        receiver.recv_timeout(PATIENCE).unwrap();
        (watcher, receiver)
    }

    #[test]
    fn a_file_that_comes_changes_and_goes_is_news() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().canonicalize().unwrap().join("a.toml");
        let (_watcher, news) = watcher(vec![file.clone()]);
        fs::write(&file, "a = 1").unwrap();
        news.recv_timeout(PATIENCE).unwrap();
        fs::write(&file, "a = 2").unwrap();
        news.recv_timeout(PATIENCE).unwrap();
        fs::remove_file(&file).unwrap();
        news.recv_timeout(PATIENCE).unwrap();
    }

    #[test]
    fn a_file_whose_folders_come_later_is_news() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().canonicalize().unwrap().join("deep/er/a.toml");
        let (_watcher, news) = watcher(vec![file.clone()]);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        news.recv_timeout(PATIENCE).unwrap();
        fs::write(&file, "a = 1").unwrap();
        news.recv_timeout(PATIENCE).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_file_behind_a_link_is_news() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir(root.join("repository")).unwrap();
        let (link, target) = (root.join("a.toml"), root.join("repository/b.toml"));
        fs::write(&target, "a = 1").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let (_watcher, news) = watcher(vec![link]);
        fs::write(&target, "a = 2").unwrap();
        news.recv_timeout(PATIENCE).unwrap();
    }
}
