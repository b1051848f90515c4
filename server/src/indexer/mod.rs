//! Reads the workspace in the background: a summary of each file, then what the language model learns from it. What was
//! kept of an unchanged file is not read again.
//!
//! Nothing waits for it. Its threads run at low priority and hold no handle of the database: what they find goes to
//! the main thread in batches.

mod learning;
mod reading;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use crossbeam_channel::{Receiver, Sender, unbounded};
use symphony_lm::Model;
use symphony_pit::Pit;
use symphony_summary::Lowered;
use symphony_syntax::Language;
use symphony_vfs::{SourceEntry, is_project_file, source_files};

use crate::event::Event;
use crate::kept::{Kept, KnownFiles, Told};
use crate::pit::yield_to_requests;
use crate::task::CancelToken;
use crate::world::World;
use reading::{Found, Reader, Reading, Work};

/// Files read between two batches; small enough that an edit hardly waits for one to be applied.
const BATCH: usize = 256;
/// How many files that were read have to be read again, at most, when the process is killed: what is known of all is
/// kept again after so many.
const READ_UNTIL_KEPT: usize = 2048;
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
    /// How many of the files were read.
    pub(crate) read: usize,
    /// How many of those had to be understood anew.
    pub(crate) lowered: usize,
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
        if self.read < self.files {
            write!(f, ", {} unchanged", self.files - self.read)?;
        }
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
        pit: &Pit,
    ) -> anyhow::Result<Self> {
        let (commands, receiver) = unbounded();
        let pit = pit.clone();
        thread::Builder::new()
            .name("symphony-index".into())
            .stack_size(symphony_syntax::STACK_SIZE)
            .spawn(move || {
                yield_to_requests();
                Worker {
                    events,
                    kept: Kept::new(&pit),
                    pit,
                    model,
                    world,
                    known: Arc::default(),
                    told: Told::default(),
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

struct Worker {
    events: Sender<Event>,
    pit: Pit,
    model: Model,
    world: Arc<World>,
    kept: Kept,
    /// What the files held when they were last read.
    known: Arc<KnownFiles>,
    /// What the model was told of.
    told: Told,
}

impl Worker {
    fn run(mut self, commands: &Receiver<Command>) {
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

    fn scan(&mut self, folders: &[PathBuf], cancel: &CancelToken) {
        let started = Instant::now();
        self.send(IndexEvent::Begin(folders.to_vec()));
        let mut files: Vec<SourceEntry> = folders
            .iter()
            .flat_map(|folder| source_files(folder, &|| cancel.is_cancelled()))
            .collect();
        files.sort_unstable();
        files.dedup();
        for folder in folders {
            let kept = self.kept.files(folder).0;
            let here = files
                .iter()
                .filter_map(|it| Some((it.path.clone(), *kept.get(&it.path)?)));
            Arc::make_mut(&mut self.known).0.extend(here);
        }
        tracing::debug!(files = files.len(), after = ?started.elapsed(), "walked");
        let mut stats = self.summarise(folders, &files, cancel);
        tracing::debug!(after = ?started.elapsed(), "summarised");
        self.send(IndexEvent::Summarised);
        self.learn(folders, &files, cancel);
        stats.took = started.elapsed();
        stats.cancelled = cancel.is_cancelled();
        self.send(IndexEvent::End(stats));
    }

    /// Sends the summaries of all files, in batches.
    fn summarise(
        &mut self,
        folders: &[PathBuf],
        files: &[SourceEntry],
        cancel: &CancelToken,
    ) -> IndexStats {
        let mut stats = IndexStats::default();
        let (mut reported, mut kept_at) = (Instant::now(), 0);
        let pit = self.pit.clone();
        let mut reading = Reading::start(&pit, self.reader(), files, cancel.clone());
        while let Some(found) = reading.next(BATCH) {
            stats.add(&found);
            self.send_batch(found);
            if stats.read > kept_at + READ_UNTIL_KEPT {
                self.keep_files(folders);
                kept_at = stats.read;
            }
            if reported.elapsed() > REPORT {
                reported = Instant::now();
                let (done, all) = (stats.files, files.len());
                self.send(IndexEvent::Progress {
                    percentage: percent(done, all) / 2,
                    message: format!("{done} of {all} files"),
                });
            }
        }
        if stats.read > kept_at {
            self.keep_files(folders);
        }
        stats
    }

    fn reader(&self) -> Reader {
        Reader {
            world: Arc::clone(&self.world),
            kept: self.kept.clone(),
            known: Arc::clone(&self.known),
        }
    }

    /// Sends what was found to the main thread, and remembers what it was.
    fn send_batch(&mut self, found: Vec<Found>) {
        // Copied once for each run: the threads that read have the state before it.
        let known = Arc::make_mut(&mut self.known);
        let remember = |found: Found| {
            known.0.insert(found.file.path.clone(), found.known);
            found.file
        };
        let batch = found.into_iter().map(remember).collect();
        self.send(IndexEvent::Batch(batch));
    }

    /// Keeps what is known of the files for the next start.
    fn keep_files(&self, folders: &[PathBuf]) {
        for folder in folders {
            self.kept.keep_files(folder, &self.known);
        }
        self.kept.flush();
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

    fn refresh(&mut self, paths: Vec<PathBuf>) {
        self.refresh_projects(&paths);
        // What was not there before, or is not there now, changes what imports lead to.
        self.world.files_changed();
        let files: Vec<PathBuf> = paths
            .into_iter()
            .flat_map(|path| {
                if path.is_dir() {
                    let files = source_files(&path, &|| false).into_iter();
                    files.map(|it| it.path).collect()
                } else {
                    vec![path]
                }
            })
            .filter(|path| Language::from_path(path).is_some())
            .collect();
        for batch in files.chunks(BATCH) {
            let entries: Vec<SourceEntry> =
                batch.iter().filter_map(|it| SourceEntry::of(it)).collect();
            let cancel = CancelToken::default();
            let mut reading = Reading::start(&self.pit, self.reader(), &entries, cancel);
            let found: Vec<Found> = std::iter::from_fn(|| reading.next(BATCH))
                .flatten()
                .collect();
            let is_missing = |path: &&PathBuf| found.iter().all(|it| it.file.path != **path);
            let missing: Vec<IndexedFile> = batch
                .iter()
                .filter(is_missing)
                .map(|path| IndexedFile {
                    path: path.clone(),
                    lowered: None,
                    project: self.world.number_of(path),
                })
                .collect();
            for file in &missing {
                Arc::make_mut(&mut self.known).0.remove(&file.path);
            }
            self.send_batch(found);
            self.send(IndexEvent::Batch(missing));
            self.relearn(batch);
        }
        self.model.maintain();
    }
}

impl IndexStats {
    /// Counts what was found.
    fn add(&mut self, found: &[Found]) {
        self.files += found.len();
        for it in found {
            self.lines += it.known.lines as usize;
            self.bytes += it.known.stamp.length as usize;
            self.read += usize::from(it.work != Work::None);
            self.lowered += usize::from(it.work == Work::Lowered);
        }
    }
}

fn percent(done: usize, of: usize) -> u32 {
    (done * 100).checked_div(of).unwrap_or(100) as u32
}
