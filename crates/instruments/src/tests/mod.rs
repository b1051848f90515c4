//! The parts that need no endpoint.

mod check;
mod cut;
mod key;
mod prompt;
mod retry;
mod template;

use crate::{InlineQuestion, Limits, Prompt};

/// The document around `$0`.
pub(crate) fn split(document: &str) -> (String, u32) {
    let (before, after) = document.split_once("$0").unwrap();
    (format!("{before}{after}"), before.len() as u32)
}

pub(crate) fn prompt(document: &str, limits: &Limits) -> Prompt {
    let (text, offset) = split(document);
    let question = InlineQuestion {
        document: "a",
        path: "src/a.ts",
        text: &text,
        offset,
        tau: 0.5,
        candidates: 1,
        context_tokens: u32::MAX,
    };
    Prompt::cut(&question, limits).unwrap()
}
