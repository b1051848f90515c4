//! What of a document is sent: text before and after the cursor, as much as the model takes.

use std::path::Path;

use symphony_syntax::Language;

use crate::InlineQuestion;

/// Characters of a token of code, on average: a guess on the careful side; tokenisers for code make 3 to 4 of it.
pub const CHARS_PER_TOKEN: usize = 3;
/// What the template and the path take.
const OVERHEAD_TOKENS: usize = 32;
/// Of the text that is sent, how much stands before the cursor where there is enough of both.
const PREFIX_SHARE: f64 = 0.75;

/// How much is sent, and how much may come back.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// The most tokens that are sent and come back together.
    pub context_tokens: u32,
    /// The most tokens that may come back, for each candidate.
    pub max_tokens: u32,
    /// How many answers are asked for.
    pub candidates: u32,
    /// The model is stopped at these, beside those of its template.
    pub stop: Vec<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            context_tokens: 4096,
            max_tokens: 96,
            candidates: 1,
            stop: Vec::new(),
        }
    }
}

/// What a model is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// The document's path, as the model knows it.
    pub path: String,
    /// Its language, by its path.
    pub language: Language,
    /// What stands before the cursor, from the start of a line.
    pub prefix: String,
    /// What stands after it, to the end of a line.
    pub suffix: String,
    /// How much may come back, and how often.
    pub limits: Limits,
}

impl Prompt {
    /// What of the question's document fits. None if the cursor is outside of it, or inside a character.
    #[must_use]
    pub fn cut(question: &InlineQuestion<'_>, limits: &Limits) -> Option<Self> {
        let (before, after) = question.text.split_at_checked(question.offset as usize)?;
        let answered = limits.max_tokens as usize + OVERHEAD_TOKENS;
        let fits = (limits.context_tokens as usize).saturating_sub(answered);
        let room = fits.min(question.context_tokens as usize) * CHARS_PER_TOKEN;
        let for_prefix = (room as f64 * PREFIX_SHARE) as usize;
        // What one side does not need, the other gets. Bytes stand for characters: code has few others.
        let for_suffix = room - for_prefix.min(before.len());
        let suffix = head(after, for_suffix);
        let prefix = tail(before, room - suffix.len());
        Some(Self {
            path: question.path.to_owned(),
            language: language(question.path),
            prefix: prefix.to_owned(),
            suffix: suffix.to_owned(),
            limits: Limits {
                candidates: limits.candidates.max(question.candidates.into()),
                ..limits.clone()
            },
        })
    }

    /// Estimated.
    pub(crate) fn tokens(&self) -> u64 {
        tokens(&self.prefix) + tokens(&self.suffix)
    }

    /// The text of the cursor's line on both sides of it.
    pub(crate) fn line(&self) -> (&str, &str) {
        let before = self.prefix.rsplit('\n').next().unwrap_or_default();
        let after = self.suffix.split('\n').next().unwrap_or_default();
        (before, after.trim_end_matches('\r'))
    }
}

/// Text without a telling name is taken for what takes the most.
pub(crate) fn language(path: &str) -> Language {
    Language::from_path(Path::new(path)).unwrap_or(Language::TypeScript)
}

/// Estimated by characters.
pub(crate) fn tokens(text: &str) -> u64 {
    text.chars().count().div_ceil(CHARS_PER_TOKEN) as u64
}

/// The last lines that fit in `room` bytes; of a line that is longer itself, its end.
pub(crate) fn tail(text: &str, room: usize) -> &str {
    if text.len() <= room {
        return text;
    }
    let kept = &text[text.ceil_char_boundary(text.len() - room)..];
    match kept.find('\n') {
        // Not even one whole line before the cursor's own.
        None => kept,
        Some(end) => &kept[end + 1..],
    }
}

/// The first lines that fit in `room` bytes; of a line that is longer itself, its start.
fn head(text: &str, room: usize) -> &str {
    if text.len() <= room {
        return text;
    }
    let kept = &text[..text.floor_char_boundary(room)];
    match kept.rfind('\n') {
        None => kept,
        Some(end) => &kept[..=end],
    }
}
