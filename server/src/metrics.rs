//! The server in numbers: one list of families, which is told to other processes through a file, shown live by
//! `symphony pit` and given to Prometheus by `symphony metrics`. No socket, and no text of the user's.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use serde::{Deserialize, Serialize};
use symphony_pit::store::SharedState;
use symphony_pit::{Metrics, Pit};

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

fn family(name: &str, sort: Sort, help: &str, samples: Vec<Sample>) -> Family {
    Family {
        name: format!("symphony_{name}"),
        help: help.to_owned(),
        sort,
        samples,
    }
}

fn of(label: &str, name: &str, value: f64) -> Sample {
    Sample {
        labels: vec![(label.to_owned(), name.to_owned())],
        value,
    }
}

fn alone(value: f64) -> Vec<Sample> {
    vec![Sample {
        labels: Vec::new(),
        value,
    }]
}

/// The Pit's numbers as families.
fn families(metrics: &Metrics) -> Vec<Family> {
    let documents = family(
        "documents_jobs",
        Sort::Gauge,
        "Jobs about open documents",
        alone(metrics.stale.jobs_alive as f64),
    );
    let mut all = job_families(metrics);
    all.extend(admission_families(metrics));
    all.extend(store_families(metrics));
    all.extend(shared_families(metrics));
    all.push(documents);
    all
}

/// Jobs by what became of them and how long that took.
fn job_families(metrics: &Metrics) -> Vec<Family> {
    use Sort::{Counter, Gauge};
    let kinds = |value: fn(&symphony_pit::Latency) -> f64| {
        let kinds = metrics.kinds.iter();
        kinds.map(|it| of("kind", it.kind, value(it))).collect()
    };
    let queued = metrics.queued.iter();
    vec![
        family(
            "jobs_queued",
            Gauge,
            "Jobs that wait",
            queued
                .map(|(class, n)| of("class", class.name(), *n as f64))
                .collect(),
        ),
        family(
            "jobs_running",
            Gauge,
            "Jobs that run",
            alone(metrics.running as f64),
        ),
        family(
            "jobs_answered",
            Counter,
            "Jobs that ran and answered",
            kinds(|it| it.answered as f64),
        ),
        family(
            "jobs_kept",
            Counter,
            "Jobs answered from the store",
            kinds(|it| it.hits as f64),
        ),
        family(
            "jobs_cancelled",
            Counter,
            "Jobs nobody wanted any more",
            kinds(|it| it.cancelled as f64),
        ),
        family(
            "jobs_empty",
            Counter,
            "Jobs without an answer",
            kinds(|it| it.empty as f64),
        ),
        family(
            "jobs_waited_seconds",
            Counter,
            "Time that jobs waited",
            kinds(|it| it.waited.as_secs_f64()),
        ),
        family(
            "jobs_ran_seconds",
            Counter,
            "Time that jobs ran",
            kinds(|it| it.ran.as_secs_f64()),
        ),
        family(
            "jobs_longest_seconds",
            Gauge,
            "The longest run",
            kinds(|it| it.longest.as_secs_f64()),
        ),
    ]
}

/// Requests that became no jobs.
fn admission_families(metrics: &Metrics) -> Vec<Family> {
    use Sort::Counter;
    let arbitration = &metrics.arbitration;
    let refused = [
        ("full", arbitration.refused_full),
        ("waiters", arbitration.refused_waiters),
        ("expired", arbitration.refused_expired),
    ];
    let dropped = [
        ("expired", arbitration.expired),
        ("displaced", arbitration.displaced),
        ("window_closed", arbitration.window_closed),
        ("cancelled", arbitration.cancelled),
    ];
    let told = |all: &[(&str, u64)]| {
        let all = all.iter();
        all.map(|(name, value)| of("reason", name, *value as f64))
            .collect()
    };
    vec![
        family(
            "jobs_merged",
            Counter,
            "Requests that joined a job",
            alone(arbitration.merged as f64),
        ),
        family("jobs_refused", Counter, "Requests refused", told(&refused)),
        family("jobs_dropped", Counter, "Waiters dropped", told(&dropped)),
    ]
}

/// What is shared with other machines.
fn shared_families(metrics: &Metrics) -> Vec<Family> {
    use Sort::{Counter, Gauge};
    let shared = &metrics.store.shared;
    let told = |label: &str, all: &[(&str, u64)]| {
        let all = all.iter();
        all.map(|(name, value)| of(label, name, *value as f64))
            .collect()
    };
    let states = [
        ("none", SharedState::None),
        ("used", SharedState::Used),
        ("left_alone", SharedState::LeftAlone),
        ("closed", SharedState::Closed),
    ];
    let states = states.map(|(name, state)| (name, u64::from(shared.state == state)));
    let unanswered = [
        ("refused", shared.refused),
        ("timed_out", shared.timed_out),
        ("failed", shared.failed),
        ("skipped", shared.skipped),
    ];
    let put = [("put", shared.put), ("not_put", shared.not_put)];
    vec![
        family(
            "store_shared_state",
            Gauge,
            "1 for the state that the shared store is in",
            told("state", &states),
        ),
        family(
            "store_shared_unanswered",
            Counter,
            "Values that the shared store did not give: not authentic, too late, an error, not asked",
            told("reason", &unanswered),
        ),
        family(
            "store_shared_puts",
            Counter,
            "Values given to the shared store, or not",
            told("outcome", &put),
        ),
    ]
}

/// The Artifact Store.
fn store_families(metrics: &Metrics) -> Vec<Family> {
    use Sort::{Counter, Gauge};
    let (memory, disk) = (&metrics.store.memory, &metrics.store.disk);
    let shared = &metrics.store.shared;
    // As many tiers as there are numbers.
    let tiers = |numbers: &[u64]| {
        let tiers = ["memory", "disk", "shared"].into_iter().zip(numbers);
        tiers
            .map(|(tier, number)| of("tier", tier, *number as f64))
            .collect()
    };
    let artifacts = disk.kinds.iter();
    vec![
        family(
            "store_hits",
            Counter,
            "Values found",
            tiers(&[memory.hits, disk.hits, shared.hits]),
        ),
        family(
            "store_misses",
            Counter,
            "Values not found",
            tiers(&[memory.misses, disk.misses, shared.misses]),
        ),
        family(
            "store_bytes",
            Gauge,
            "Bytes taken",
            tiers(&[memory.bytes, disk.bytes]),
        ),
        family(
            "store_artifacts",
            Gauge,
            "Artifacts on disk",
            artifacts
                .map(|it| of("kind", &it.kind, it.entries as f64))
                .collect(),
        ),
        family(
            "store_damaged",
            Counter,
            "Values that did not hash to their id",
            alone(disk.damaged as f64),
        ),
        family(
            "store_evicted",
            Counter,
            "Artifacts dropped to stay within the budget",
            alone(disk.evicted as f64),
        ),
        family(
            "store_unwritten",
            Counter,
            "Values that could not be written",
            alone(disk.unwritten as f64),
        ),
    ]
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
    pub(crate) fn start(cache: &Path, pit: Pit) -> io::Result<Self> {
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
                        families: families(&pit.metrics()),
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
