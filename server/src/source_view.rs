//! A source file as a handler sees it that needs more than the one document: names lead to other files.

use std::sync::Arc;

use lsp_types::{
    Location, OneOf, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, Uri, WorkspaceEdit,
};
use symphony_db::{Db as _, RootDatabase, SourceFile, line_index, source_text};
use symphony_ide::TextEdit;
use symphony_syntax::SyntaxError;
use symphony_text::{LineIndex, PositionEncoding, TextRange, TextSize};
use symphony_vfs::VfsPath;
use tower_lsp::jsonrpc::Error;

use crate::lsp::to_proto::Lines;
use crate::lsp::{from_proto, to_proto};
use crate::snapshot::Snapshot;
use crate::task::HandlerResult;

/// The file that a request is about, on one state of the database. A write waits until it is dropped; queries that run
/// meanwhile are cancelled, and the request is run again.
pub(crate) struct SourceView<'a> {
    pub(crate) db: &'a RootDatabase,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) source: SourceFile,
    pub(crate) text: Arc<str>,
    pub(crate) index: Arc<LineIndex>,
    pub(crate) encoding: PositionEncoding,
}

impl<'a> SourceView<'a> {
    /// The file `uri`: as the client has it open, else as it is on disk.
    ///
    /// # Errors
    ///
    /// Invalid parameters, for a file that is neither open nor on disk, or in no language of ours.
    pub(crate) fn new(
        db: &'a RootDatabase,
        snapshot: &'a Snapshot,
        uri: &Uri,
    ) -> HandlerResult<Self> {
        let path = from_proto::path(uri);
        let source = match snapshot.document {
            Some((source, _)) => source,
            None => {
                let file = snapshot.shared.paths.intern(path);
                if db.files().system().language(file).is_none() {
                    let message = format!("{} is neither open nor a source file", uri.as_str());
                    return Err(Error::invalid_params(message));
                }
                db.source_file(file)
            }
        };
        Ok(Self {
            db,
            snapshot,
            source,
            text: source_text(db, source),
            index: line_index(db, source),
            encoding: snapshot.abilities.encoding,
        })
    }

    /// The syntax errors, in the order of their places.
    pub(crate) fn syntax_errors(&self) -> Arc<[SyntaxError]> {
        match self.snapshot.document {
            Some((source, _)) => symphony_db::syntax_errors(self.db, source),
            None => {
                symphony_syntax::syntax_errors(&self.text, self.source.language(self.db)).into()
            }
        }
    }

    /// The lines, for places in the text.
    pub(crate) fn lines(&self) -> Lines<'_> {
        Lines {
            index: &self.index,
            encoding: self.encoding,
        }
    }

    /// The offset of a place.
    pub(crate) fn offset(&self, at: lsp_types::Position) -> TextSize {
        from_proto::offset(&self.text, &self.index, self.encoding, at)
    }

    /// The range between two places.
    pub(crate) fn text_range(&self, range: lsp_types::Range) -> TextRange {
        from_proto::range(&self.text, &self.index, self.encoding, range)
    }

    /// A range in the file itself.
    pub(crate) fn range(&self, range: TextRange) -> lsp_types::Range {
        self.lines().range(range)
    }

    /// A range in any file.
    pub(crate) fn range_in(&self, file: SourceFile, range: TextRange) -> lsp_types::Range {
        if file == self.source {
            return self.range(range);
        }
        let index = line_index(self.db, file);
        Lines {
            index: &index,
            encoding: self.encoding,
        }
        .range(range)
    }

    /// The names that JSX uses without naming them.
    pub(crate) fn jsx_factories(&self) -> &'static [&'static str] {
        let project = self.source.project(self.db);
        if project.is_some_and(|project| project.options(self.db).classic_jsx) {
            &["React"]
        } else {
            &[]
        }
    }

    /// The URI of a file; as the client spells it, if it has it open.
    pub(crate) fn uri(&self, file: SourceFile) -> Option<Uri> {
        to_proto::uri(&self.snapshot.shared.paths.path(file.id(self.db))?)
    }

    /// The path of a file on disk.
    pub(crate) fn path(&self, file: SourceFile) -> Option<std::path::PathBuf> {
        match self.snapshot.shared.paths.path(file.id(self.db))? {
            VfsPath::File(path) => Some(path),
            VfsPath::Virtual(_) => None,
        }
    }

    /// Places in many files, in their order; lines are counted once for each file.
    pub(crate) fn locations(
        &self,
        places: impl IntoIterator<Item = (SourceFile, TextRange)>,
    ) -> Vec<Location> {
        let mut last: Option<(SourceFile, Uri, Arc<LineIndex>)> = None;
        let mut found = Vec::new();
        for (file, range) in places {
            if last.as_ref().is_none_or(|(known, ..)| *known != file) {
                last = self
                    .uri(file)
                    .map(|uri| (file, uri, line_index(self.db, file)));
            }
            if let Some((_, uri, index)) = &last {
                let lines = Lines {
                    index,
                    encoding: self.encoding,
                };
                found.push(Location::new(uri.clone(), lines.range(range)));
            }
        }
        found
    }

    /// Edits of many files as the client applies them.
    pub(crate) fn workspace_edit(&self, edits: Vec<(SourceFile, Vec<TextEdit>)>) -> WorkspaceEdit {
        workspace_edit(self.db, self.snapshot, edits)
    }
}

/// Edits of many files as the client applies them; those of the document that was asked about are for its version.
pub(crate) fn workspace_edit(
    db: &RootDatabase,
    snapshot: &Snapshot,
    edits: Vec<(SourceFile, Vec<TextEdit>)>,
) -> WorkspaceEdit {
    let mut changes = Vec::new();
    for (file, edits) in edits {
        let path = snapshot.shared.paths.path(file.id(db));
        let Some(uri) = path.as_ref().and_then(to_proto::uri) else {
            continue;
        };
        let index = line_index(db, file);
        let lines = Lines {
            index: &index,
            encoding: snapshot.abilities.encoding,
        };
        let asked = snapshot.document.filter(|(source, _)| *source == file);
        changes.push(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                uri,
                version: asked.map(|(_, version)| version),
            },
            edits: edits
                .into_iter()
                .map(|edit| OneOf::Left(text_edit(lines, edit)))
                .collect(),
        });
    }
    if snapshot.abilities.document_changes {
        return WorkspaceEdit {
            document_changes: Some(lsp_types::DocumentChanges::Edits(changes)),
            ..WorkspaceEdit::default()
        };
    }
    let plain = changes.into_iter().map(|change| {
        let edits = change.edits.into_iter().map(|edit| match edit {
            OneOf::Left(edit) => edit,
            OneOf::Right(annotated) => annotated.text_edit,
        });
        (change.text_document.uri, edits.collect())
    });
    WorkspaceEdit {
        changes: Some(plain.collect()),
        ..WorkspaceEdit::default()
    }
}

/// An edit in a file with these lines.
pub(crate) fn text_edit(lines: Lines<'_>, edit: TextEdit) -> lsp_types::TextEdit {
    lsp_types::TextEdit {
        range: lines.range(edit.range),
        new_text: edit.new_text,
    }
}
