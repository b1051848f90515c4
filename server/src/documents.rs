//! What the client has open: the text, and the tree that follows it edit by edit.

use std::sync::Arc;

use lsp_types::{TextDocumentContentChangeEvent, Uri};
use rustc_hash::FxHashMap;
use symphony_syntax::{Language, LazyTree, Tree, parse_rope};
use symphony_text::{PointEdit, PositionEncoding, Rope, apply_edit};
use symphony_vfs::FileId;

use crate::lsp::from_proto;

/// Texts above this are first parsed by a worker: 64 KiB take about 5 ms.
const PARSE_INLINE_BYTES: usize = 64 << 10;

/// Says which text a worker was given: a text replaced as a whole makes older tickets void.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ticket(u32);

/// An open document.
#[derive(Debug)]
pub(crate) struct Document {
    /// Its URI as the client spells it.
    pub(crate) uri: Uri,
    /// Its version, as the client counts.
    pub(crate) version: i32,
    /// The language it is read as.
    pub(crate) language: Language,
    /// Tells its text from those that it had before.
    pub(crate) edit: u64,
    /// Its text.
    pub(crate) text: Rope,
    tree: TreeState,
    last_ticket: Ticket,
}

/// Where the tree stands.
#[derive(Debug)]
enum TreeState {
    /// It is the tree of the text after all but `edits`.
    Known {
        tree: Arc<LazyTree>,
        edits: Vec<PointEdit>,
    },
    /// There is none yet: the worker with this ticket parses the text, and `edits` have happened since.
    Unknown {
        ticket: Option<Ticket>,
        edits: Vec<PointEdit>,
    },
}

impl Document {
    pub(crate) fn new(uri: Uri, version: i32, language: Language, text: &str) -> Self {
        let tree = TreeState::Unknown {
            ticket: None,
            edits: Vec::new(),
        };
        let text = Rope::from_str(text);
        Self {
            uri,
            version,
            language,
            edit: 0,
            text,
            tree,
            last_ticket: Ticket::default(),
        }
    }

    /// Applies one change of a `didChange` notification.
    pub(crate) fn change(
        &mut self,
        change: &TextDocumentContentChangeEvent,
        encoding: PositionEncoding,
    ) {
        let Some(range) = change.range else {
            self.text = Rope::from_str(&change.text);
            self.tree = TreeState::Unknown {
                ticket: None,
                edits: Vec::new(),
            };
            return;
        };
        let range = (
            from_proto::position(range.start),
            from_proto::position(range.end),
        );
        let edit = apply_edit(&mut self.text, range, &change.text, encoding);
        match &mut self.tree {
            TreeState::Known { edits, .. } => edits.push(edit),
            // A text that no worker has yet is taken as it will be by then.
            TreeState::Unknown { ticket: None, .. } => {}
            TreeState::Unknown { edits, .. } => edits.push(edit),
        }
    }

    /// The tree of the text as it is, if it is known or quickly made.
    ///
    /// Otherwise none, and the text when a worker has to be given it: the worker's tree comes back through
    /// [`Self::parsed`].
    pub(crate) fn tree(&mut self) -> Result<Arc<LazyTree>, Option<(Ticket, Rope)>> {
        if let TreeState::Unknown { ticket, .. } = &mut self.tree {
            if self.text.len_bytes() > PARSE_INLINE_BYTES {
                if ticket.is_some() {
                    return Err(None);
                }
                self.last_ticket.0 += 1;
                *ticket = Some(self.last_ticket);
                return Err(Some((self.last_ticket, self.text.clone())));
            }
            let tree = parse_rope(&self.text, self.language, None);
            self.tree = TreeState::Known {
                tree: LazyTree::ready(self.text.clone(), self.language, tree),
                edits: Vec::new(),
            };
        }
        let TreeState::Known { tree, edits } = &mut self.tree else {
            unreachable!("the tree was made above");
        };
        if !edits.is_empty() {
            *tree = tree.edited(self.text.clone(), edits);
            edits.clear();
        }
        Ok(Arc::clone(tree))
    }

    /// Takes the tree that a worker has made. The edits since then are still to be parsed.
    pub(crate) fn parsed(&mut self, given: Ticket, made: Tree) {
        if let TreeState::Unknown { ticket, edits } = &mut self.tree
            && *ticket == Some(given)
        {
            // The text that was parsed is not needed: the tree is made.
            let tree = LazyTree::ready(Rope::new(), self.language, made);
            self.tree = TreeState::Known {
                tree,
                edits: std::mem::take(edits),
            };
        }
    }
}

/// The open documents.
pub(crate) type Documents = FxHashMap<FileId, Document>;
