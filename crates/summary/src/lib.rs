//! What a file offers to the rest of the workspace, without bodies and without places.
//!
//! [`FileSummary`] is the firewall of the incremental database: an edit inside a body makes an equal summary, so
//! nothing that was computed from it is computed again. Places are kept beside it, in [`Lowered`], for answers
//! that have to point somewhere. Knows trees, never the database.

mod lower;

use std::sync::Arc;

use smol_str::SmolStr;
use symphony_text::{LineIndex, Position, PositionEncoding, TextSize};

pub use lower::lower;

/// The declarations of a file that others can see or search for, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSummary {
    /// Module-level declarations and the members of classes, interfaces, enums and namespaces.
    pub declarations: Box<[Declaration]>,
}

impl FileSummary {
    /// The declaration that holds the one at `index`, if it is a member.
    pub fn container(&self, index: usize) -> Option<&Declaration> {
        self.declarations
            .get(index)?
            .parent
            .map(|parent| &self.declarations[parent as usize])
    }
}

/// One declared name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The name, without the quotes of a quoted member.
    pub name: SmolStr,
    /// What is declared.
    pub kind: DeclarationKind,
    /// Whether the statement says `export`.
    pub exported: bool,
    /// The declaration whose member this is, as an index into the summary.
    pub parent: Option<u32>,
}

/// What a declaration declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeclarationKind {
    /// `class`, abstract or not.
    Class,
    /// `interface`.
    Interface,
    /// `type`.
    TypeAlias,
    /// `enum`, constant or not.
    Enum,
    /// A member of an enum.
    EnumMember,
    /// `namespace`, `module`, `declare global`.
    Namespace,
    /// `function`, or a variable that is a function or class expression's only name.
    Function,
    /// `let` and `var`.
    Variable,
    /// `const`.
    Constant,
    /// A method or its signature.
    Method,
    /// A constructor.
    Constructor,
    /// A field, property signature or parameter property.
    Property,
    /// A `get` or `set` accessor.
    Accessor,
}

/// Where a declared name is, in every unit that a client may count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    line: u32,
    utf8: u32,
    utf16: u32,
    utf32: u32,
}

impl Place {
    /// The place of `offset` in the text that `lines` was made from.
    pub fn new(lines: &LineIndex, offset: TextSize) -> Self {
        let column = |encoding| lines.position(offset, encoding).column;
        Self {
            line: lines.line_of(offset),
            utf8: column(PositionEncoding::Utf8),
            utf16: column(PositionEncoding::Utf16),
            utf32: column(PositionEncoding::Utf32),
        }
    }

    /// Line and column in the unit asked for.
    pub fn position(self, encoding: PositionEncoding) -> Position {
        let column = match encoding {
            PositionEncoding::Utf8 => self.utf8,
            PositionEncoding::Utf16 => self.utf16,
            PositionEncoding::Utf32 => self.utf32,
        };
        Position {
            line: self.line,
            column,
        }
    }
}

/// A summary with the places of its declarations. Cloning is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lowered {
    /// The part that others depend on.
    pub summary: Arc<FileSummary>,
    /// The place of each declaration's name.
    pub places: Arc<[Place]>,
}
