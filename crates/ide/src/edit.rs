//! Changes to a text.

use symphony_text::TextRange;

/// Replaces what is at `range` by `new_text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced; empty for an insertion.
    pub range: TextRange,
    /// What comes in its place.
    pub new_text: String,
}

/// The text after `edits`, which may stand in any order but do not overlap.
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> String {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|it| it.range.start());
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in sorted {
        out.push_str(
            text.get(done..edit.range.start().into())
                .unwrap_or_default(),
        );
        out.push_str(&edit.new_text);
        done = edit.range.end().into();
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}
