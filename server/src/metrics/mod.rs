//! The server in numbers: one list of families, which is told to other processes through a file, shown live by
//! `symphony pit` and given to Prometheus by `symphony metrics`. No socket, and no text of the user's.

mod families;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use serde::{Deserialize, Serialize};
use symphony_pit::Pit;

use crate::conducting::Conducting;
use families::families;

/// How often the file is written, if a number has changed.
const EVERY: Duration = Duration::from_secs(1);

/// What a number does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Sort {
    /// It only grows, until the process ends.
    Counter,
    /// It comes and goes.
    Gauge,
}

/// Numbers under one name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Family {
    pub(crate) name: String,
    pub(crate) help: String,
    pub(crate) sort: Sort,
    pub(crate) samples: Vec<Sample>,
}

/// One number and what it is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sample {
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) value: f64,
}

/// All numbers of a process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Numbers {
    pub(crate) process: u32,
    pub(crate) families: Vec<Family>,
}

/// Writes the numbers of this process for others to see, while it is there.
#[derive(Debug)]
pub(crate) struct Reporter {
    /// Dropped to end the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Reporter {
    /// Begins to write into a directory of the user's.
    pub(crate) fn start(cache: &Path, pit: Pit, conducting: Arc<Conducting>) -> io::Result<Self> {
        let folder = live_folder(cache);
        fs::create_dir_all(&folder)?;
        let process = std::process::id();
        let path = folder.join(format!("{process}.json"));
        let (stop, stopped) = bounded::<()>(0);
        let thread = thread::Builder::new()
            .name("symphony-metrics".into())
            .spawn(move || {
                let mut written = None;
                loop {
                    let numbers = Numbers {
                        process,
                        families: families(&pit.metrics(), &conducting),
                    };
                    if written.as_ref() != Some(&numbers) {
                        if let Err(error) = write(&path, &numbers) {
                            tracing::debug!(%error, "the numbers are not written");
                        }
                        written = Some(numbers);
                    }
                    if stopped.recv_timeout(EVERY) != Err(RecvTimeoutError::Timeout) {
                        break;
                    }
                }
                // Whoever looks finds no process that is not there.
                let _ = fs::remove_file(&path);
            })?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // It has logged what went wrong.
            let _ = thread.join();
        }
    }
}

fn live_folder(cache: &Path) -> PathBuf {
    cache.join("live")
}

/// In one piece: a reader sees the old numbers or the new ones.
fn write(path: &Path, numbers: &Numbers) -> io::Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, serde_json::to_vec(numbers)?)?;
    fs::rename(new, path)
}

/// The numbers of all processes that use a cache directory, by process. What a killed one has left is told apart by its
/// age: a live process that does nothing writes nothing, so nothing is removed here.
pub(crate) fn read_all(cache: &Path) -> Vec<Numbers> {
    let Ok(entries) = fs::read_dir(live_folder(cache)) else {
        return Vec::new();
    };
    let numbers = entries.filter_map(|entry| {
        let path = entry.ok()?.path();
        let json = path.extension().is_some_and(|it| it == "json");
        serde_json::from_slice(&fs::read(path).ok().filter(|_| json)?).ok()
    });
    let mut all: Vec<Numbers> = numbers.collect();
    all.sort_by_key(|it| it.process);
    all
}

/// The numbers of a family with the value of their first label.
pub(crate) fn values<'a>(numbers: &'a Numbers, name: &str) -> impl Iterator<Item = (&'a str, f64)> {
    let is_it = move |family: &&Family| family.name.strip_prefix("symphony_") == Some(name);
    let family = numbers.families.iter().find(is_it);
    let samples = family.into_iter().flat_map(|it| &it.samples);
    samples.map(|it| {
        (
            it.labels.first().map_or("", |label| label.1.as_str()),
            it.value,
        )
    })
}

/// Which value of a label the sample of `name` has, in a family of states.
pub(crate) fn labelled<'a>(
    numbers: &'a Numbers,
    family: &str,
    name: &str,
    label: &str,
) -> Option<&'a str> {
    let mut families = numbers.families.iter();
    let family = families.find(|it| it.name.strip_prefix("symphony_") == Some(family))?;
    let has = |it: &&Sample| it.labels.first().is_some_and(|first| first.1 == name);
    let labels = &family.samples.iter().find(has)?.labels;
    labels
        .iter()
        .find(|it| it.0 == label)
        .map(|it| it.1.as_str())
}
