//! Changes to a text, as plain data.

use symphony_text::TextRange;

/// A piece of text that takes the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced; empty where something is only put in.
    pub range: TextRange,
    /// What is put there.
    pub new_text: String,
}
