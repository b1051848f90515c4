//! Reads the workspace in the background: a summary of each file, then what the language model learns from it.
//!
//! Nothing waits for it. Its threads run at low priority and hold no handle of the database: what they find goes to
//! the main thread in batches.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use crossbeam_channel::{Receiver, Sender, unbounded};
use rayon::prelude::*;
use symphony_lm::{Change, Model};
use symphony_summary::{Lowered, summarise};
use symphony_syntax::Language;
use symphony_vfs::{is_project_file, read_source, source_files};
use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};

use crate::event::Event;
use crate::task::CancelToken;
use crate::world::World;

/// Files read between two batches; small enough that an edit hardly waits for one to be applied.
const BATCH: usize = 256;
/// How much source the language model is given: at 8 bytes of memory for each, more would not pay.
const LEARNED_BYTES: usize = 24 << 20;
/// How often progress is told.
const REPORT: Duration = Duration::from_millis(100);

/// What the indexer is asked to do.
#[derive(Debug)]
enum Command {
    Scan {
        folders: Vec<PathBuf>,
        cancel: CancelToken,
    },
    Refresh(Vec<PathBuf>),
}

/// News from the indexer.
#[derive(Debug)]
pub(crate) enum IndexEvent {
    /// Work on these folders begins.
    Begin(Vec<PathBuf>),
    /// So much is done.
    Progress { percentage: u32, message: String },
    /// What was found.
    Batch(Vec<IndexedFile>),
    /// All summaries are there; the language model is still learning.
    Summarised,
    /// Projects, by their numbers, were made anew from changed configurations, or packages were installed.
    ProjectsChanged(Vec<u32>),
    /// The work is done.
    End(IndexStats),
}

/// A file that was read.
#[derive(Debug)]
pub(crate) struct IndexedFile {
    pub(crate) path: PathBuf,
    /// None for a file that is not there.
    pub(crate) lowered: Option<Lowered>,
    /// The number of its project.
    pub(crate) project: u32,
}

/// What an index run has seen.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct IndexStats {
    pub(crate) files: usize,
    pub(crate) lines: usize,
    pub(crate) bytes: usize,
    pub(crate) took: Duration,
    pub(crate) cancelled: bool,
}

impl std::fmt::Display for IndexStats {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let megabytes = self.bytes as f64 / 1e6;
        write!(
            f,
            "{} files, {} lines, {megabytes:.1} MB",
            self.files, self.lines
        )?;
        if self.cancelled {
            f.write_str(" (cancelled)")
        } else {
            Ok(())
        }
    }
}

/// The indexer's end for the main thread. The threads end when it is dropped.
#[derive(Debug)]
pub(crate) struct Indexer {
    commands: Sender<Command>,
}

impl Indexer {
    /// Starts the indexer.
    ///
    /// # Errors
    ///
    /// When the system gives no more threads.
    pub(crate) fn start(
        events: Sender<Event>,
        model: Model,
        world: Arc<World>,
    ) -> anyhow::Result<Self> {
        let (commands, receiver) = unbounded();
        let pool = rayon::ThreadPoolBuilder::new()
            .thread_name(|number| format!("symphony-index-{number}"))
            .stack_size(symphony_syntax::STACK_SIZE)
            .start_handler(|_| yield_to_requests())
            .build()
            .context("failed to start the index threads")?;
        thread::Builder::new()
            .name("symphony-index".into())
            .stack_size(symphony_syntax::STACK_SIZE)
            .spawn(move || {
                yield_to_requests();
                Worker {
                    events,
                    pool,
                    model,
                    world,
                }
                .run(&receiver);
            })
            .context("failed to start the index thread")?;
        Ok(Self { commands })
    }

    /// Reads everything below `folders`, until done or cancelled.
    pub(crate) fn scan(&self, folders: Vec<PathBuf>, cancel: CancelToken) {
        // The thread lives as long as the sender.
        let _ = self.commands.send(Command::Scan { folders, cancel });
    }

    /// Reads these files, and those below these folders, again.
    pub(crate) fn refresh(&self, paths: Vec<PathBuf>) {
        // The thread lives as long as the sender.
        let _ = self.commands.send(Command::Refresh(paths));
    }
}

/// Requests come first: an index thread takes what they leave, and of a busy machine a tenth of a core (a niceness of
/// about 10 on Unix; at the lowest priority a build beside the editor holds up the index for minutes).
fn yield_to_requests() {
    let low = ThreadPriorityValue::try_from(25_u8).map(ThreadPriority::Crossplatform);
    let set = low.map(set_current_thread_priority);
    if !matches!(set, Ok(Ok(()))) {
        tracing::debug!(?set, "index threads keep their priority");
    }
}

struct Worker {
    events: Sender<Event>,
    pool: rayon::ThreadPool,
    model: Model,
    world: Arc<World>,
}

impl Worker {
    fn run(&self, commands: &Receiver<Command>) {
        for command in commands {
            match command {
                Command::Scan { folders, cancel } => self.scan(&folders, &cancel),
                Command::Refresh(paths) => self.refresh(paths),
            }
        }
    }

    fn send(&self, event: IndexEvent) {
        // The loop may have ended.
        let _ = self.events.send(Event::Index(event));
    }

    fn scan(&self, folders: &[PathBuf], cancel: &CancelToken) {
        let started = Instant::now();
        self.send(IndexEvent::Begin(folders.to_vec()));
        let mut files: Vec<PathBuf> = folders
            .iter()
            .flat_map(|folder| source_files(folder, &|| cancel.is_cancelled()))
            .collect();
        files.sort_unstable();
        files.dedup();
        let mut stats = self.summarise(&files, cancel);
        self.send(IndexEvent::Summarised);
        self.learn(&files, cancel);
        stats.took = started.elapsed();
        stats.cancelled = cancel.is_cancelled();
        self.send(IndexEvent::End(stats));
    }

    /// Sends the summaries of all files, in batches.
    fn summarise(&self, files: &[PathBuf], cancel: &CancelToken) -> IndexStats {
        let (lines, bytes) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut reported = Instant::now();
        let mut done = 0;
        for batch in files.chunks(BATCH) {
            if cancel.is_cancelled() {
                break;
            }
            let found: Vec<_> = self.pool.install(|| {
                batch
                    .par_iter()
                    .filter_map(|path| {
                        let text = read_source(path).ok()?;
                        lines.fetch_add(
                            memchr::memchr_iter(b'\n', text.as_bytes()).count(),
                            Ordering::Relaxed,
                        );
                        bytes.fetch_add(text.len(), Ordering::Relaxed);
                        self.indexed(path, Some(text))
                    })
                    .collect()
            });
            done += batch.len();
            self.send(IndexEvent::Batch(found));
            if reported.elapsed() > REPORT {
                reported = Instant::now();
                let message = format!("{done} of {} files", files.len());
                self.send(IndexEvent::Progress {
                    percentage: percent(done, files.len()) / 2,
                    message,
                });
            }
        }
        IndexStats {
            files: done,
            lines: lines.into_inner(),
            bytes: bytes.into_inner(),
            ..IndexStats::default()
        }
    }

    /// Hands the texts of the workspace to the language model, as many as it takes.
    fn learn(&self, files: &[PathBuf], cancel: &CancelToken) {
        let mut left = LEARNED_BYTES;
        let changes: Vec<Change> = files
            .iter()
            .take_while(|_| !cancel.is_cancelled())
            .filter(|path| Language::from_path(path).is_some_and(|it| it != Language::Declarations))
            .map_while(|path| {
                let change = change_of(path);
                left = left.checked_sub(change.text.as_ref().map_or(0, |text| text.len()))?;
                Some(change)
            })
            .collect();
        let all = LEARNED_BYTES - left;
        let mut reported = Instant::now();
        let learned = self.model.build(changes, &mut |bytes| {
            if reported.elapsed() > REPORT {
                reported = Instant::now();
                let message = "learning the workspace".to_owned();
                let percentage = 50 + percent(bytes, all) / 2;
                self.send(IndexEvent::Progress {
                    percentage,
                    message,
                });
            }
            if cancel.is_cancelled() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        if learned.is_continue() {
            tracing::info!(stats = ?self.model.stats(), "learned");
        }
    }

    /// What a file's text says, and which project it is of.
    fn indexed(&self, path: &Path, text: Option<String>) -> Option<IndexedFile> {
        let language = Language::from_path(path)?;
        Some(IndexedFile {
            path: path.to_owned(),
            lowered: text.map(|text| summarise(&symphony_hir::lower(&text, language), &text)),
            project: self.world.number_of(path),
        })
    }

    /// Projects first: they say what the files' imports lead to.
    fn refresh_projects(&self, paths: &[PathBuf]) {
        let configs: Vec<PathBuf> = paths
            .iter()
            .filter(|path| is_project_file(path))
            .cloned()
            .collect();
        if !configs.is_empty() {
            self.world.files_changed();
            let changed = self.world.configs_changed(&configs);
            self.send(IndexEvent::ProjectsChanged(changed));
        }
    }

    fn refresh(&self, paths: Vec<PathBuf>) {
        self.refresh_projects(&paths);
        // What was not there before, or is not there now, changes what imports lead to.
        self.world.files_changed();
        let files: Vec<PathBuf> = paths
            .into_iter()
            .flat_map(|path| {
                if path.is_dir() {
                    source_files(&path, &|| false)
                } else {
                    vec![path]
                }
            })
            .filter(|path| Language::from_path(path).is_some())
            .collect();
        for batch in files.chunks(BATCH) {
            let found = self.pool.install(|| {
                batch
                    .par_iter()
                    .filter_map(|path| self.indexed(path, read_source(path).ok()))
                    .collect()
            });
            self.send(IndexEvent::Batch(found));
            self.model
                .update(batch.iter().map(|path| change_of(path)).collect());
        }
        self.model.maintain();
    }
}

/// What the model is told of a file.
fn change_of(path: &Path) -> Change {
    let name = path.to_string_lossy().replace('\\', "/");
    Change {
        path: name.into(),
        text: read_source(path).ok().map(Arc::from),
    }
}

fn percent(done: usize, of: usize) -> u32 {
    (done * 100).checked_div(of).unwrap_or(100) as u32
}
