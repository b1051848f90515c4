//! IDE features over one file's syntax tree, as pure functions from text and offsets to plain structs.
//!
//! Nothing here knows of an editor's protocol, of lines and columns in its answers, of files or of threads.
//! All functions accept broken code and text of any depth; none of them recurses over the tree.

mod auto_import;
mod closing_tag;
mod completion;
mod doc_names;
mod definition;
mod edit;
mod exports;
#[cfg(test)]
mod fixture;
mod folding;
mod highlights;
mod linked_editing;
mod organize_imports;
mod names;
mod navigation;
mod references;
#[cfg(test)]
mod robustness;
mod scopes;
mod selection;
mod semantic_tokens;
mod symbol_query;
mod symbols;
mod unresolved;
mod unused;
mod walk;
mod workspace_symbols;

pub use auto_import::{ImportFix, add_all_missing_imports, import_fixes};
pub use closing_tag::closing_tag;
pub use completion::{
    CompletionItem, CompletionKind, CompletionOptions, Completions, ImportItem, Tier, completions,
    resolve_completion,
};
pub use edit::{TextEdit, apply_edits};
pub use folding::{FoldingKind, FoldingRange, folding_ranges};
pub use highlights::{DocumentHighlight, HighlightKind, document_highlights};
pub use linked_editing::linked_editing;
pub use organize_imports::{OrganizeMode, OrganizeOptions, organize_imports};
pub use definition::{declaration, definition, implementation, type_definition};
pub use edit::TextEdit;
pub use folding::{FoldingKind, FoldingRange, folding_ranges};
pub use highlights::{DocumentHighlight, HighlightKind, document_highlights};
pub use linked_editing::linked_editing;
pub use navigation::NavigationTarget;
pub use references::{Found, Reference, ReferenceQuery, in_file, references};
pub use selection::selection_ranges;
pub use semantic_tokens::{SemanticToken, TokenKind, TokenModifiers, semantic_tokens};
pub use symbol_query::{SymbolQuery, symbol_mask};
pub use symbols::{DocumentSymbol, SymbolKind, document_symbols};
pub use unresolved::{UnresolvedName, unresolved_names};
pub use unused::{Unused, UnusedKind, unused_names};
pub use workspace_symbols::{WorkspaceSymbol, workspace_symbols};
