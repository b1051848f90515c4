//! IDE features as pure functions: files, texts and offsets in, plain structs out.
//!
//! Nothing here knows of an editor's protocol, of lines and columns in its answers, of the disk or of threads.
//! All functions accept broken code and text of any depth; none of them recurses over a tree of syntax.

mod auto_import;
mod call_hierarchy;
mod closing_tag;
mod code_actions;
mod code_lens;
mod completion;
mod definition;
mod doc_names;
mod document_links;
mod edit;
mod exports;
mod file_rename;
#[cfg(test)]
mod fixture;
mod folding;
mod highlights;
mod linked_editing;
mod names;
mod navigation;
mod organize_imports;
mod references;
mod rename;
#[cfg(test)]
mod robustness;
mod scopes;
mod selection;
mod semantic_tokens;
mod symbol_query;
mod symbols;
mod type_hierarchy;
mod unresolved;
mod unused;
mod walk;
mod workspace_symbols;

pub use auto_import::{ImportFix, add_all_missing_imports, import_fixes};
pub use call_hierarchy::{Call, CallItem, incoming_calls, outgoing_calls, prepare_call_hierarchy};
pub use closing_tag::closing_tag;
pub use code_actions::{ActionKind, CodeAction, source_actions, unused_fixes};
pub use code_lens::{CodeLens, code_lenses};
pub use completion::{
    CompletionItem, CompletionKind, CompletionOptions, Completions, ImportItem, Tier, completions,
    resolve_completion,
};
pub use definition::{declaration, definition, implementation, type_definition};
pub use document_links::{DocumentLink, document_links};
pub use edit::{TextEdit, apply_edits};
pub use file_rename::edits_for_file_rename;
pub use folding::{FoldingKind, FoldingRange, folding_ranges};
pub use highlights::{DocumentHighlight, HighlightKind, document_highlights};
pub use linked_editing::linked_editing;
pub use navigation::NavigationTarget;
pub use organize_imports::{OrganizeMode, OrganizeOptions, organize_imports};
pub use references::{Found, Reference, ReferenceQuery, in_file, references};
pub use rename::{RenameConflict, RenameRefusal, prepare_rename, rename, rename_conflicts};
pub use selection::selection_ranges;
pub use semantic_tokens::{SemanticToken, TokenKind, TokenModifiers, semantic_tokens};
pub use symbol_query::{SymbolQuery, symbol_mask};
pub use symbols::{DocumentSymbol, SymbolKind, document_symbols};
pub use type_hierarchy::{TypeItem, prepare_type_hierarchy, subtypes, supertypes};
pub use unresolved::{UnresolvedName, unresolved_modules, unresolved_names};
pub use unused::{Unused, UnusedKind, unused_names};
pub use workspace_symbols::{WorkspaceSymbol, workspace_symbols};
