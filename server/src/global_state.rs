//! All mutable state. The main thread owns it; workers get snapshots.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use crossbeam_channel::Sender;
use lsp_types::{NumberOrString, Uri};
use rustc_hash::FxHashSet;
use symphony_assist::inline::InlineCompleter;
use symphony_config::Stack;
use symphony_db::{Change, Contents, Db as _, Inputs, RootDatabase};
use symphony_lm::Model;
use symphony_pit::Pit;
use symphony_syntax::Language;
use symphony_vfs::{FileId, Paths, VfsPath, Watcher};

use crate::client::Client;
use crate::conducting::Conducting;
use crate::documents::{Document, Documents};
use crate::event::Event;
use crate::indexer::{IndexedFile, Indexer};
use crate::lsp::{capabilities, from_proto};
use crate::requests::Requests;
use crate::rhythm::Rhythm;
use crate::session_settings::SessionSettings;
use crate::snapshot::{Shared, Snapshot};
use crate::task::{CancelToken, Pool};
use crate::turn::Turn;
use crate::world::World;

/// Where the session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lifecycle {
    /// Before `initialize`.
    Fresh,
    /// Serving.
    Running,
    /// After `shutdown`.
    ShutDown,
}

/// How the client knows of inline completion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Offer {
    /// Not at all.
    #[default]
    None,
    /// From the answer to `initialize`, for good.
    Announced,
    /// From a registration, which can be taken back.
    Registered,
}

/// An index run that the client sees.
#[derive(Debug, Default)]
pub(crate) struct Indexing {
    pub(crate) cancel: CancelToken,
    pub(crate) token: Option<NumberOrString>,
    /// Folders whose files are not all known yet.
    pub(crate) scans: u32,
}

/// How far the names that every file sees are known: those of the language's libraries take a tenth of a second to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Warmth {
    /// No document has needed them yet.
    Cold,
    /// A worker is to read them.
    Wanted,
    /// A worker reads them.
    Warming,
    /// They are known.
    Warm,
}

/// What was there before the loop, and lives as long.
#[derive(Debug)]
pub(crate) struct Services {
    pub(crate) pit: Pit,
    pub(crate) model: Model,
    pub(crate) completer: Arc<InlineCompleter>,
    pub(crate) conducting: Arc<Conducting>,
    pub(crate) settings: Stack,
}

/// The server's state.
#[derive(Debug)]
pub(crate) struct GlobalState {
    pub(crate) events: Sender<Event>,
    pub(crate) client: Client,
    pub(crate) pool: Pool,
    pub(crate) lifecycle: Lifecycle,
    pub(crate) abilities: capabilities::Client,
    pub(crate) requests: Requests,
    pub(crate) documents: Documents,
    /// Documents whose text has changed since the database was told.
    pub(crate) dirty: Vec<FileId>,
    /// The document that was opened last: the one that is looked at, as far as a server can know.
    pub(crate) opened_last: Option<FileId>,
    /// Whether the model is to make ready for it.
    pub(crate) to_prepare: bool,
    /// Whether the Pit makes the model ready.
    pub(crate) preparing: bool,
    pub(crate) pit: Pit,
    /// Jobs of the Pit that wait for the state.
    pub(crate) turns: Vec<Turn>,
    /// Counts edits of all documents: a document's last one tells its texts apart, whatever versions the client counts.
    edits: u64,
    pub(crate) rhythm: Rhythm,
    /// How far the names that every file sees are known.
    pub(crate) warmth: Warmth,
    /// The workspace folders.
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) indexing: Indexing,
    pub(crate) watcher: Option<Watcher>,
    pub(crate) settings: SessionSettings,
    pub(crate) shared: Arc<Shared>,
    pub(crate) inline_offer: Offer,
    indexer: Indexer,
    /// Parses large documents.
    parser: rayon::ThreadPool,
    /// What was said of configurations, so that it is said once.
    told_problems: FxHashSet<String>,
    db: RootDatabase,
    inputs: Inputs,
    change: Change,
}

impl GlobalState {
    /// The state of a fresh session.
    ///
    /// # Errors
    ///
    /// When the system gives no threads.
    pub(crate) fn new(
        events: Sender<Event>,
        client: Client,
        services: Services,
    ) -> anyhow::Result<Self> {
        let Services {
            pit,
            model,
            completer,
            conducting,
            settings,
        } = services;
        let paths = Arc::<Paths>::default();
        let world = Arc::new(World::new(Arc::clone(&paths)));
        let shared = Shared {
            world: Arc::clone(&world),
            paths,
            completer,
            conducting,
            pit: pit.clone(),
            tokens: Default::default(),
        };
        let parser = rayon::ThreadPoolBuilder::new()
            .thread_name(|number| format!("symphony-parse-{number}"))
            .stack_size(symphony_syntax::STACK_SIZE)
            .build()
            .context("failed to start the parsing threads")?;
        Ok(Self {
            parser,
            indexer: Indexer::start(events.clone(), model, Arc::clone(&world), &pit)?,
            pool: Pool::new()?,
            events,
            client,
            lifecycle: Lifecycle::Fresh,
            abilities: capabilities::Client::default(),
            requests: Requests::new(pit.clone()),
            documents: Documents::default(),
            dirty: Vec::new(),
            opened_last: None,
            to_prepare: false,
            preparing: false,
            turns: Vec::new(),
            pit,
            edits: 0,
            rhythm: Rhythm::default(),
            warmth: Warmth::Cold,
            folders: Vec::new(),
            indexing: Indexing::default(),
            watcher: None,
            settings: SessionSettings::new(settings),
            shared: Arc::new(shared),
            inline_offer: Offer::default(),
            told_problems: FxHashSet::default(),
            db: RootDatabase::new(world),
            inputs: Inputs::default(),
            change: Change::default(),
        })
    }

    /// The id of a document's file.
    pub(crate) fn file(&self, uri: &Uri) -> FileId {
        self.shared.paths.intern(from_proto::path(uri))
    }

    /// What a job may see: the state as it is now.
    pub(crate) fn snapshot(
        &self,
        file: Option<FileId>,
        cancel: CancelToken,
    ) -> (RootDatabase, Snapshot) {
        let document = file.and_then(|file| {
            let document = self.documents.get(&file)?;
            Some((self.db.source_file(file), document.version))
        });
        let edit = file.and_then(|file| Some(self.documents.get(&file)?.edit));
        let path = file.and_then(|file| self.shared.paths.path(file));
        let config = self
            .settings
            .config(path.as_ref().and_then(VfsPath::as_path));
        let snapshot = Snapshot {
            shared: Arc::clone(&self.shared),
            config,
            abilities: self.abilities,
            document,
            edit: edit.unwrap_or_default(),
            rhythm: self.rhythm,
            cancel,
        };
        (self.db.clone(), snapshot)
    }

    /// Opens a document, or opens it again.
    pub(crate) fn open(&mut self, document: Document) {
        let file = self.file(&document.uri);
        if let Some(VfsPath::File(path)) = self.shared.paths.path(file) {
            self.change
                .set_member(file, self.shared.world.number_of(&path));
        }
        let roster = self.shared.conducting.roster();
        roster.opened(document.language, &self.pit);
        self.documents.insert(file, document);
        (self.opened_last, self.to_prepare) = (Some(file), true);
        if self.warmth == Warmth::Cold {
            self.warmth = Warmth::Wanted;
        }
        self.touch(file);
    }

    /// Notes that a document's text has changed.
    pub(crate) fn touch(&mut self, file: FileId) {
        self.edits += 1;
        if let Some(document) = self.documents.get_mut(&file) {
            document.edit = self.edits;
            self.pit.edited(file.0.into(), self.edits);
        }
        if !self.dirty.contains(&file) {
            self.dirty.push(file);
        }
    }

    /// Closes a document; what is on disk counts again.
    pub(crate) fn close(&mut self, file: FileId) {
        let Some(document) = self.documents.remove(&file) else {
            return;
        };
        self.dirty.retain(|&dirty| dirty != file);
        self.requests.document_ready(file);
        self.pit.closed(file.0.into());
        self.shared.completer.close(document.uri.as_str());
        self.shared.forget_tokens(file);
        if self.abilities.pulls_diagnostics {
            tracing::debug!(uri = document.uri.as_str(), "closed");
        } else {
            self.client.publish(document.uri.clone(), None, Vec::new());
        }
        // Until the indexer has read the disk, whoever asks reads it.
        let path = self.shared.paths.path(file);
        let on_disk = path.as_ref().and_then(VfsPath::as_path).map(Path::to_owned);
        let contents = match &on_disk {
            Some(_) => Contents::Unread(self.db.files().next_revision()),
            None => Contents::Missing,
        };
        self.change.set(file, document.language, contents);
        if let Some(path) = on_disk {
            self.indexer.refresh(vec![path]);
        }
    }

    /// Takes what the indexer has found. What is open is as the client says, whatever is on disk.
    pub(crate) fn indexed(&mut self, batch: Vec<IndexedFile>) {
        for IndexedFile {
            path,
            lowered,
            project,
        } in batch
        {
            let Some(language) = Language::from_path(&path) else {
                continue;
            };
            let file = self.shared.paths.intern(VfsPath::file(&path));
            self.change.set_member(file, project);
            if self.documents.contains_key(&file) {
                continue;
            }
            let revision = self.db.files().next_revision();
            let contents = match lowered {
                Some(lowered) => Contents::Closed(lowered, revision),
                None => Contents::Missing,
            };
            self.change.set(file, language, contents);
        }
    }

    /// Projects were made anew: tells the database of them, and of files that now belong elsewhere.
    pub(crate) fn projects_changed(&mut self, changed: Vec<u32>) {
        let world = Arc::clone(&self.shared.world);
        for number in changed {
            self.change.set_project(number, world.data(number));
        }
        for file in self.inputs.workspace() {
            if let Some(VfsPath::File(path)) = self.shared.paths.path(file) {
                self.change.set_member(file, world.number_of(&path));
            }
        }
        self.change.touch_structure();
        self.report_config_problems();
    }

    /// Tells the client once of each thing that is wrong with a configuration.
    pub(crate) fn report_config_problems(&mut self) {
        for problem in self.shared.world.problems() {
            let told = format!("{}: {}", problem.path.display(), problem.message);
            if self.told_problems.insert(told.clone()) {
                tracing::warn!("{told}");
                self.client.log(lsp_types::MessageType::WARNING, told);
            }
        }
    }

    /// Tells the database what has changed since the last time.
    pub(crate) fn flush(&mut self) {
        for file in std::mem::take(&mut self.dirty) {
            let Some(document) = self.documents.get_mut(&file) else {
                continue;
            };
            match document.tree() {
                Ok(tree) => {
                    let text = document.text.clone();
                    self.change
                        .set(file, document.language, Contents::Open { text, tree });
                    self.requests.document_ready(file);
                    self.push_diagnostics_later(file);
                }
                Err(to_parse) => {
                    self.requests.document_unready(file);
                    if let Some((ticket, text)) = to_parse {
                        let (events, language) = (self.events.clone(), document.language);
                        // Holds no handle, so it may wait in a queue.
                        self.parser.spawn_fifo(move || {
                            let tree = symphony_syntax::parse_rope(&text, language, None);
                            // The loop may have ended.
                            let _ = events.send(Event::Parsed { file, ticket, tree });
                        });
                    }
                }
            }
        }
        if !self.change.is_empty() {
            let unknown: FxHashSet<u32> = self
                .change
                .projects_of_members()
                .filter(|&number| !self.inputs.knows_project(number))
                .collect();
            for number in unknown {
                self.change
                    .set_project(number, self.shared.world.data(number));
            }
            std::mem::take(&mut self.change).apply(&mut self.db, &mut self.inputs);
        }
    }

    fn push_diagnostics_later(&mut self, file: FileId) {
        if !self.abilities.pulls_diagnostics {
            self.requests.push_diagnostics(file);
        }
    }

    /// Tells the world which folders there are, and the user once if TypeScript's libraries are nowhere.
    pub(crate) fn set_world(&mut self) {
        self.shared.world.set_folders(&self.folders, None);
        if self.shared.world.lib().is_none() {
            let told = "TypeScript's library files were not found, so names such as `Promise` are unknown. \
                        Install `typescript` in the workspace or beside Symphony.";
            if self.told_problems.insert(told.to_owned()) {
                self.client
                    .log(lsp_types::MessageType::WARNING, told.to_owned());
            }
        }
    }

    /// Reads folders in the background, with progress.
    pub(crate) fn scan(&mut self, folders: Vec<PathBuf>) {
        self.indexing.scans += 1;
        self.indexer.scan(folders, self.indexing.cancel.clone());
    }

    /// Reads files again that have changed on disk.
    pub(crate) fn refresh(&mut self, paths: Vec<PathBuf>) {
        self.change.touch_structure();
        // A removed folder takes its files along.
        let mut all = Vec::new();
        for path in paths {
            if Language::from_path(&path).is_none() && !path.exists() {
                all.extend(self.known_below(&path));
            } else {
                all.push(path);
            }
        }
        self.indexer.refresh(all);
    }

    /// How many files of the workspace are known.
    pub(crate) fn n_workspace_files(&self) -> usize {
        self.inputs.n_files()
    }

    /// Known files below a folder.
    fn known_below(&self, folder: &Path) -> Vec<PathBuf> {
        let paths =
            self.inputs
                .workspace()
                .filter_map(|file| match self.shared.paths.path(file)? {
                    VfsPath::File(path) => Some(path),
                    VfsPath::Virtual(_) => None,
                });
        paths.filter(|path| path.starts_with(folder)).collect()
    }

    /// Forgets the files of a folder that is no longer part of the workspace, but for those in `folders` and those
    /// that are open.
    pub(crate) fn forget(&mut self, folder: &Path) {
        for path in self.known_below(folder) {
            let Some(language) = Language::from_path(&path) else {
                continue;
            };
            let kept = self.folders.iter().any(|folder| path.starts_with(folder));
            let file = self.shared.paths.intern(VfsPath::file(&path));
            if !kept && !self.documents.contains_key(&file) {
                self.change.set(file, language, Contents::Missing);
            }
        }
    }
}
