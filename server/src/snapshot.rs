//! What a job on a worker may see.

use std::sync::{Arc, Mutex, PoisonError};

use lsp_types::{SemanticToken, Uri};
use rustc_hash::FxHashMap;
use symphony_assist::inline::InlineCompleter;
use symphony_config::Config;
use symphony_db::{RootDatabase, SourceFile};
use symphony_pit::Pit;
use symphony_syntax::{Language, Parse};
use symphony_text::{LineIndex, PositionEncoding};
use symphony_vfs::{FileId, Paths, VfsPath, read_source};
use tower_lsp::jsonrpc::Error;

use crate::conducting::Conducting;
use crate::lsp::to_proto::Lines;
use crate::lsp::{capabilities, from_proto};
use crate::rhythm::Rhythm;
use crate::task::{CancelToken, HandlerResult};
use crate::world::World;

/// What lives as long as the session and may be used from any thread.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) paths: Arc<Paths>,
    pub(crate) world: Arc<World>,
    pub(crate) completer: Arc<InlineCompleter>,
    pub(crate) conducting: Arc<Conducting>,
    pub(crate) pit: Pit,
    /// The last semantic tokens sent for each open document, for deltas. The lock is held for a look-up.
    pub(crate) tokens: Mutex<FxHashMap<FileId, SentTokens>>,
}

/// Tokens as they were sent, under the id that the client knows.
#[derive(Clone, Debug)]
pub(crate) struct SentTokens {
    pub(crate) id: String,
    pub(crate) tokens: Arc<[SemanticToken]>,
}

impl Shared {
    /// A file's path as the language model knows it.
    pub(crate) fn model_path(&self, file: FileId) -> String {
        match self.paths.path(file) {
            Some(VfsPath::File(path)) => path.to_string_lossy().replace('\\', "/"),
            Some(VfsPath::Virtual(uri)) => uri,
            None => String::new(),
        }
    }

    pub(crate) fn forget_tokens(&self, file: FileId) {
        self.tokens
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&file);
    }
}

/// The session's state at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) shared: Arc<Shared>,
    pub(crate) config: Arc<Config>,
    pub(crate) abilities: capabilities::Client,
    /// The document that the request is about, if it is open, and its version.
    pub(crate) document: Option<(SourceFile, i32)>,
    /// Tells its text from those that it had before.
    pub(crate) edit: u64,
    pub(crate) rhythm: Rhythm,
    pub(crate) cancel: CancelToken,
}

/// The document that a request is about: text, tree and lines of one version.
#[derive(Debug)]
pub(crate) struct DocumentView {
    pub(crate) file: FileId,
    pub(crate) uri: Uri,
    pub(crate) parse: Parse,
    pub(crate) index: Arc<LineIndex>,
    pub(crate) encoding: PositionEncoding,
    /// The version, if it is open.
    pub(crate) version: Option<i32>,
}

impl DocumentView {
    /// The lines, for places in the text.
    pub(crate) fn lines(&self) -> Lines<'_> {
        Lines {
            index: &self.index,
            encoding: self.encoding,
        }
    }

    /// The offset of a place.
    pub(crate) fn offset(&self, at: lsp_types::Position) -> symphony_text::TextSize {
        from_proto::offset(self.parse.text(), &self.index, self.encoding, at)
    }

    /// The range between two places.
    pub(crate) fn range(&self, range: lsp_types::Range) -> symphony_text::TextRange {
        from_proto::range(self.parse.text(), &self.index, self.encoding, range)
    }
}

impl Snapshot {
    /// The document `uri`: as the client has it open, else as it is on disk.
    ///
    /// # Errors
    ///
    /// Invalid parameters, for a document that is neither open nor on disk, or in no language of ours.
    pub(crate) fn view(&self, db: &RootDatabase, uri: &Uri) -> HandlerResult<DocumentView> {
        let path = from_proto::path(uri);
        let (parse, index, version) = match self.document {
            Some((source, version)) => {
                let parse = symphony_db::parse(db, source);
                (parse, symphony_db::line_index(db, source), Some(version))
            }
            None => {
                let parse = path.as_path().and_then(|path| {
                    let language = Language::from_path(path)?;
                    Some(Parse::new(read_source(path).ok()?.into(), language))
                });
                let index = Arc::new(LineIndex::new(parse.as_ref().map_or("", |it| it.text())));
                (parse, index, None)
            }
        };
        let parse = parse.ok_or_else(|| {
            let name = match &path {
                VfsPath::File(path) => path.display().to_string(),
                VfsPath::Virtual(uri) => uri.clone(),
            };
            Error::invalid_params(format!("{name} is neither open nor a readable source file"))
        })?;
        Ok(DocumentView {
            file: self.shared.paths.intern(path),
            uri: uri.clone(),
            parse,
            index,
            encoding: self.abilities.encoding,
            version,
        })
    }
}
