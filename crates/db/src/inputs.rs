//! The facts that everything follows from.
#![expect(
    missing_docs,
    reason = "the macro writes constructors and setters without documentation"
)]

use std::sync::Arc;

use symphony_summary::Lowered;
use symphony_syntax::{Language, Tree};
use symphony_text::Rope;
use symphony_vfs::FileId;

/// One file. Its handle stays the same for as long as the process runs, whatever happens to the file.
#[salsa::input(debug)]
pub struct SourceFile {
    /// Its id.
    #[returns(copy)]
    pub id: FileId,
    /// The language it is read as.
    #[returns(copy)]
    pub language: Language,
    /// What is in it.
    #[returns(ref)]
    pub contents: Contents,
}

/// What is known of a file's contents.
#[derive(Clone, Debug)]
pub enum Contents {
    /// An editor has it open: its text, and the tree that was re-parsed along with each edit.
    Open {
        /// The text.
        text: Rope,
        /// The tree of exactly that text.
        tree: Tree,
    },
    /// On disk: only its summary is kept; text and tree were dropped (a kept tree costs 21 times its source).
    Closed(Lowered),
    /// Not there. Known all the same, so that its appearance is a change.
    Missing,
}

/// The files of all workspace folders, and those that are open beside them.
#[salsa::input(singleton, debug)]
pub struct Workspace {
    /// Every file that is not missing, in the order of their ids.
    #[returns(ref)]
    pub files: Arc<[SourceFile]>,
}
