//! One file on its way into the database: from what was kept of it, if it is still the same, else from its text.

use std::slice::Chunks;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender, unbounded};
use symphony_pit::{Job, Pit, Priority};
use symphony_summary::{Lowered, summarise};
use symphony_syntax::Language;
use symphony_vfs::{SourceEntry, read_source};

use super::IndexedFile;
use crate::kept::{Kept, KnownFile, KnownFiles, content_hash};
use crate::task::CancelToken;
use crate::world::World;

/// What reading a file takes.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) world: Arc<World>,
    pub(super) kept: Kept,
    /// What was known of the files before.
    pub(super) known: Arc<KnownFiles>,
}

/// A file that is there.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) file: IndexedFile,
    pub(super) known: KnownFile,
    pub(super) work: Work,
}

/// What had to be done for a file's summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Nothing: it is as it was.
    None,
    /// It was read; its text was known.
    Read,
    /// It was read and lowered.
    Lowered,
}

/// A text whose summary is not known yet.
#[derive(Debug)]
struct Unread {
    text: String,
    known: KnownFile,
    language: Language,
}

impl Reader {
    /// What files say, in their order; those that cannot be read are left out. May wait for what other machines share,
    /// once for all.
    pub(super) fn read_all(&self, entries: &[SourceEntry]) -> Vec<Found> {
        let steps: Vec<_> = entries.iter().map(|entry| self.look(entry)).collect();
        let unread = steps
            .iter()
            .filter_map(|step| step.as_ref()?.as_ref().err());
        let wanted: Vec<_> = unread.map(|it| (it.known.content, it.language)).collect();
        let mut summaries = self.kept.summaries(&wanted).into_iter();
        let found = entries.iter().zip(steps).filter_map(|(entry, step)| {
            let (lowered, known, work) = match step? {
                Ok((lowered, known)) => (lowered, known, Work::None),
                Err(unread) => self.finish(unread, summaries.next().flatten()),
            };
            Some(Found {
                file: IndexedFile {
                    path: entry.path.clone(),
                    lowered: Some(lowered),
                    project: self.world.number_of(&entry.path),
                },
                known,
                work,
            })
        });
        found.collect()
    }

    /// What is known of a file that is as it was, else its text; none if it cannot be read.
    fn look(&self, entry: &SourceEntry) -> Option<Result<(Lowered, KnownFile), Unread>> {
        let SourceEntry { path, stamp } = entry;
        let language = Language::from_path(path)?;
        let unchanged = self.known.unchanged(path, *stamp).and_then(|known| {
            let lowered = self.kept.summary(&known.content, language)?;
            Some((lowered, known))
        });
        if let Some(unchanged) = unchanged {
            return Some(Ok(unchanged));
        }
        // The clock before the text: what is written while it is read has a later time.
        let is_settled = stamp.is_settled(SystemTime::now());
        let text = read_source(path).ok()?;
        let known = KnownFile {
            stamp: *stamp,
            content: content_hash(&text),
            lines: memchr::memchr_iter(b'\n', text.as_bytes()).count() as u32,
            is_settled,
        };
        Some(Err(Unread {
            text,
            known,
            language,
        }))
    }

    /// The summary of a text, as it was kept or made here.
    fn finish(&self, unread: Unread, kept: Option<Lowered>) -> (Lowered, KnownFile, Work) {
        let Unread {
            text,
            known,
            language,
        } = unread;
        if let Some(lowered) = kept {
            return (lowered, known, Work::Read);
        }
        let lowered = summarise(&symphony_hir::lower(&text, language), &text);
        self.kept.keep_summary(&known.content, language, &lowered);
        (lowered, known, Work::Lowered)
    }
}

/// Files a job reads: long enough that handing it out costs nothing beside it, short enough that all threads end together.
const JOB_FILES: usize = 32;
/// Jobs in the Pit at once: so many that no thread waits.
const JOBS: usize = 16;
/// How long a batch waits to be full.
const GATHER: Duration = Duration::from_millis(20);

/// Files that are being read, as jobs of the Pit.
pub(super) struct Reading<'a> {
    pit: &'a Pit,
    reader: Reader,
    left: Chunks<'a, SourceEntry>,
    cancel: CancelToken,
    sender: Sender<Vec<Found>>,
    results: Receiver<Vec<Found>>,
    in_flight: usize,
}

impl<'a> Reading<'a> {
    /// Begins to read `files`.
    pub(super) fn start(
        pit: &'a Pit,
        reader: Reader,
        files: &'a [SourceEntry],
        cancel: CancelToken,
    ) -> Self {
        let (sender, results) = unbounded();
        Self {
            pit,
            reader,
            left: files.chunks(JOB_FILES),
            cancel,
            sender,
            results,
            in_flight: 0,
        }
    }

    /// What was found next: about `batch` files, fewer if they take long; none when all were read.
    pub(super) fn next(&mut self, batch: usize) -> Option<Vec<Found>> {
        let started = Instant::now();
        let mut found = Vec::with_capacity(batch);
        loop {
            self.hand_out();
            if self.in_flight == 0 {
                return (!found.is_empty()).then_some(found);
            }
            // Each job answers once.
            found.extend(self.results.recv().unwrap_or_default());
            self.in_flight -= 1;
            if found.len() >= batch || (started.elapsed() > GATHER && !found.is_empty()) {
                return Some(found);
            }
        }
    }

    fn hand_out(&mut self) {
        while self.in_flight < JOBS && !self.cancel.is_cancelled() {
            let Some(files) = self.left.next() else {
                return;
            };
            self.in_flight += 1;
            self.submit(files.to_vec());
        }
    }

    fn submit(&self, files: Vec<SourceEntry>) {
        let (reader, sender) = (self.reader.clone(), self.sender.clone());
        let found = Arc::new(OnceLock::new());
        let job = Job::new("read", Priority::Index).costing(files.len() as u32);
        let result = Arc::clone(&found);
        let read = move |_: &symphony_pit::Cancel| {
            // Empty until here: a job runs once.
            let _ = result.set(reader.read_all(&files));
            Ok(Bytes::new())
        };
        self.pit.submit(job, read, move |_| {
            let found = Arc::into_inner(found).and_then(OnceLock::into_inner);
            // Whoever reads may have gone.
            let _ = sender.send(found.unwrap_or_default());
        });
    }
}
