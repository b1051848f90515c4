//! Syntax: tolerant, incrementally parsed trees of TypeScript, TSX and JavaScript, the kinds of their nodes, and
//! syntax errors in words.
//!
//! Trees come from tree-sitter: they exist for any text and keep their shape around an error. Error messages come
//! from `oxc_parser`, which explains what it expected but has no tree for broken text.

mod errors;
mod kind;
mod language;
mod mend;
mod nesting;
mod node;
mod parse;
mod strict;
mod surroundings;

pub use errors::{SyntaxError, syntax_errors};
pub use kind::SyntaxKind;
pub use language::Language;
pub use mend::mend;
pub use nesting::{MAX_NESTING, STACK_SIZE, too_deep};
pub use node::{NodeExt, ancestors, children, token_at};
pub use parse::{LazyTree, Parse, parse_rope, parse_text};
pub use strict::{Reading, read, with_arena};
pub use surroundings::{Surroundings, surroundings};
pub use tree_sitter::{Node, Tree, TreeCursor};
