//! Extensions in folders of their own, and a host that keeps what it is told.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use symphony_extension::Loaded;
use symphony_extension::host::{
    Event, Extension, HostOptions, Launcher, Notice, Notices, StartError,
};
use tempfile::TempDir;

/// The binary that launches, and that is the extension.
pub(crate) const CHILD: &str = env!("CARGO_BIN_EXE_extension-child");

/// What was told, and whoever waits for more of it.
#[derive(Default)]
pub(crate) struct Told {
    notices: Mutex<Vec<Notice>>,
    more: Condvar,
}

impl Told {
    /// What was told so far.
    pub(crate) fn events(&self) -> Vec<Event> {
        let notices = self.notices.lock().unwrap();
        notices.iter().map(|it| it.event.clone()).collect()
    }

    /// Waits for an event; the test runner ends a wait that lasts.
    pub(crate) fn wait_for(&self, is_it: impl Fn(&Event) -> bool) -> Event {
        let mut notices = self.notices.lock().unwrap();
        loop {
            if let Some(notice) = notices.iter().find(|it| is_it(&it.event)) {
                return notice.event.clone();
            }
            notices = self.more.wait(notices).unwrap();
        }
    }
}

pub(crate) struct Fixture {
    pub(crate) folder: TempDir,
    pub(crate) options: HostOptions,
    pub(crate) told: Arc<Told>,
}

impl Fixture {
    /// An extension that is the child in a mode, with more of a manifest.
    pub(crate) fn new(mode: &str, more: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let told = Arc::new(Told::default());
        let teller = Arc::clone(&told);
        let notices = Notices::new(move |notice| {
            teller.notices.lock().unwrap().push(notice);
            teller.more.notify_all();
        });
        let launcher = Launcher {
            program: CHILD.into(),
            arguments: vec!["launch".into()],
        };
        let mut options = HostOptions::new(launcher, notices);
        // Nothing here is about time, and the machine may be busy.
        options.handshake = Duration::from_secs(120);
        options.grace = Duration::from_secs(120);
        let fixture = Self {
            folder,
            options,
            told,
        };
        link(Path::new(CHILD), &fixture.path("child"));
        fixture.write_manifest(mode, more);
        fixture
    }

    pub(crate) fn write_manifest(&self, mode: &str, more: &str) {
        let text = format!(
            "name = \"child\"\nversion = \"1.0.0\"\nkind = \"addon\"\nentry = [\"child\", \"{mode}\"]\n{more}"
        );
        fs::write(self.path("extension.toml"), text).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn loaded(&self) -> Loaded {
        Loaded::read(self.folder.path()).unwrap()
    }

    pub(crate) async fn start(&self) -> Extension {
        self.try_start().await.unwrap()
    }

    pub(crate) async fn try_start(&self) -> Result<Extension, StartError> {
        Extension::start(&self.loaded(), &self.options).await
    }
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) {
    std::os::unix::fs::symlink(from, to).unwrap();
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
}

/// Runs a test on two threads, as the server has more than one.
pub(crate) fn block_on(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(test);
}
