//! One file for each feature of the protocol: parameters in, protocol terms out. What is computed is computed below.

pub(crate) mod call_hierarchy;
pub(crate) mod code_action;
pub(crate) mod code_lens;
pub(crate) mod completion;
pub(crate) mod debug;
pub(crate) mod definition;
pub(crate) mod diagnostics;
pub(crate) mod document_highlight;
pub(crate) mod document_link;
pub(crate) mod document_symbol;
pub(crate) mod documents;
pub(crate) mod file_operations;
pub(crate) mod folding_range;
pub(crate) mod inline_completion;
pub(crate) mod lifecycle;
pub(crate) mod linked_editing;
pub(crate) mod on_type;
pub(crate) mod references;
pub(crate) mod rename;
pub(crate) mod selection_range;
pub(crate) mod semantic_tokens;
pub(crate) mod type_hierarchy;
pub(crate) mod workspace;
pub(crate) mod workspace_symbol;
