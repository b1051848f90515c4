//! What the language model is told of the workspace, and what it still knows from the last start.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use symphony_lm::Change;
use symphony_syntax::Language;
use symphony_vfs::{SourceEntry, read_source};

use super::{IndexEvent, REPORT, Worker, percent};
use crate::kept::Told;
use crate::task::CancelToken;

/// How much source the language model is given: at 8 bytes of memory for each, more would not pay.
const LEARNED_BYTES: u64 = 24 << 20;
/// The index of the model is kept again when one in so many of its texts is new: that is written in full.
const KEEP_SHARE: usize = 20;

impl Worker {
    /// Hands the texts of the workspace to the language model, as many as it takes: those that it does not know from the
    /// last start.
    pub(super) fn learn(
        &mut self,
        folders: &[PathBuf],
        files: &[SourceEntry],
        cancel: &CancelToken,
    ) {
        // What was kept is of these folders alone.
        let alone = self.told.is_empty();
        if alone {
            self.told = self
                .kept
                .restore_model(folders, &self.model)
                .unwrap_or_default();
        }
        let (chosen, changed) = self.choose(files);
        let is_new = changed.len() * KEEP_SHARE > chosen.len();
        let changes = self.changes(&changed, cancel);
        if !changes.is_empty() {
            self.teach(changes, cancel);
        }
        if cancel.is_cancelled() {
            return;
        }
        self.told.extend(chosen);
        tracing::info!(stats = ?self.model.stats(), new = changed.len(), "learned");
        if alone && (is_new || self.model.maintain()) {
            self.kept.keep_model(folders, &self.model, &self.told);
            self.kept.flush();
        }
    }

    /// The texts that the model is to know, and the paths of those of which it knows something else.
    fn choose(&self, files: &[SourceEntry]) -> (Told, Vec<PathBuf>) {
        let mut left = LEARNED_BYTES;
        let (mut chosen, mut changed) = (Told::default(), Vec::new());
        for SourceEntry { path, stamp } in files {
            if !is_learned(path) {
                continue;
            }
            let Some(rest) = left.checked_sub(stamp.length) else {
                break;
            };
            left = rest;
            let Some(known) = self.known.0.get(path) else {
                continue;
            };
            let name = name_of(path);
            if self.told.get(&name) != Some(&known.content) {
                changed.push(path.clone());
            }
            chosen.insert(name, known.content);
        }
        (chosen, changed)
    }

    /// The texts at `changed`; what was told of and is no longer there is taken back.
    fn changes(&mut self, changed: &[PathBuf], cancel: &CancelToken) -> Vec<Change> {
        let gone: Vec<String> = self
            .told
            .keys()
            .filter(|name| !self.known.0.contains_key(Path::new(name.as_str())))
            .cloned()
            .collect();
        for name in &gone {
            self.told.remove(name);
        }
        let gone = gone.into_iter().map(|name| Change {
            path: name.into(),
            text: None,
        });
        let new = changed
            .iter()
            .take_while(|_| !cancel.is_cancelled())
            .map(|path| change_of(path));
        gone.chain(new).collect()
    }

    fn teach(&self, changes: Vec<Change>, cancel: &CancelToken) {
        let texts = changes.iter().filter_map(|it| it.text.as_ref());
        let all: usize = texts.map(|text| text.len()).sum();
        let mut reported = Instant::now();
        let _ = self.model.build(changes, &mut |bytes| {
            if reported.elapsed() > REPORT {
                reported = Instant::now();
                self.send(IndexEvent::Progress {
                    percentage: 50 + percent(bytes, all) / 2,
                    message: "learning the workspace".to_owned(),
                });
            }
            if cancel.is_cancelled() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
    }

    /// Tells the model of files that were written, appeared or vanished.
    pub(super) fn relearn(&mut self, paths: &[PathBuf]) {
        for path in paths {
            let name = name_of(path);
            match self.known.0.get(path) {
                Some(known) => _ = self.told.insert(name, known.content),
                None => _ = self.told.remove(&name),
            }
        }
        let changes = paths.iter().map(|path| change_of(path)).collect();
        self.model.update(changes);
    }
}

/// Whether a file's text says how people write.
fn is_learned(path: &Path) -> bool {
    Language::from_path(path).is_some_and(|it| it != Language::Declarations)
}

/// The name that the model knows a file under.
fn name_of(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// What the model is told of a file.
fn change_of(path: &Path) -> Change {
    Change {
        path: name_of(path).into(),
        text: read_source(path).ok().map(Arc::from),
    }
}
