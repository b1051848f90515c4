//! The facts that everything follows from.
#![expect(
    missing_docs,
    reason = "the macro writes constructors and setters without documentation"
)]

use std::sync::Arc;

use symphony_summary::Lowered;
use symphony_syntax::{Language, LazyTree};
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
    /// The project that says how its imports are resolved; none for a file of a package.
    #[returns(copy)]
    pub project: Option<Project>,
}

/// What is known of a file's contents.
#[derive(Clone, Debug)]
pub enum Contents {
    /// An editor has it open: its text, and the tree that follows it edit by edit.
    Open {
        /// The text.
        text: Rope,
        /// The tree of exactly that text.
        tree: Arc<LazyTree>,
    },
    /// On disk: only its summary is kept; its text is read again when something asks for more.
    Closed(Lowered, Revision),
    /// On disk, and not yet read: whoever asks first reads it.
    Unread(Revision),
    /// Not there. Known all the same, so that its appearance is a change.
    Missing,
}

/// One version of a file on disk: another number is another text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Revision(pub u64);

/// What says how the imports of its files are resolved and which names are global in them.
#[salsa::input(debug)]
pub struct Project {
    /// Its number; the system knows more of it.
    #[returns(copy)]
    pub number: u32,
    /// How often its settings have changed.
    #[returns(copy)]
    pub revision: u32,
    /// The files whose global declarations all of its files see: the language's libraries and type packages.
    #[returns(ref)]
    pub ambient: Arc<[FileId]>,
    /// What of its settings concerns names.
    #[returns(copy)]
    pub options: ProjectOptions,
}

/// What of a project's settings concerns names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProjectOptions {
    /// Whether JSX compiles to calls of a `React` that must be in scope.
    pub classic_jsx: bool,
    /// Whether every file is a module: `moduleDetection: "force"`.
    pub force_modules: bool,
    /// Whether an import that is not for types alone is kept as it is, so that one for types must say so:
    /// `verbatimModuleSyntax`.
    pub verbatim_modules: bool,
}

/// The files of all workspace folders, and those that are open beside them.
#[salsa::input(singleton, debug)]
pub struct Workspace {
    /// Every file that is not missing, in the order of their ids.
    #[returns(ref)]
    pub files: Arc<[SourceFile]>,
    /// Counts appearances and disappearances of files and packages: what an import leads to may change with each.
    #[returns(copy)]
    pub structure: u64,
}
