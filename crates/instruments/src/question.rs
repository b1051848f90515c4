//! What is asked for ghost text, and what is answered: the bytes between whoever asks the Pit and its instruments.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::prompt::{CHARS_PER_TOKEN, tail};

/// A question for ghost text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InlineQuestion<'a> {
    /// Names the document between questions.
    pub document: &'a str,
    /// Its path as the model knows it.
    pub path: &'a str,
    /// All of its text.
    pub text: &'a str,
    /// The cursor, in bytes.
    pub offset: u32,
    /// The least probability of what is shown, 0 to 1.
    pub tau: f64,
    /// How many answers are wanted.
    pub candidates: u8,
    /// How many tokens of the text are to be looked at, at most.
    pub context_tokens: u32,
}

/// Ghost text; the answer is a list of it, the best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ghost {
    /// Where the bytes of the document begin that it replaces.
    pub start: u32,
    /// Where they end.
    pub end: u32,
    /// What stands there instead.
    pub text: String,
    /// The probability that all of it is right.
    pub probability: f32,
}

impl<'a> InlineQuestion<'a> {
    /// As an instrument reads it.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        // Strings and numbers have a form in every encoding.
        postcard::to_stdvec(self).unwrap_or_default().into()
    }

    /// Where the text begins that is to be looked at: as many tokens before the cursor as the question allows, from a line's
    /// start on. What is behind the cursor is looked at in any case.
    #[must_use]
    pub fn context_start(&self) -> usize {
        let before = self.text.get(..self.offset as usize).unwrap_or_default();
        let room = (self.context_tokens as usize).saturating_mul(CHARS_PER_TOKEN);
        before.len() - tail(before, room).len()
    }

    /// What was asked.
    ///
    /// # Errors
    ///
    /// When the bytes are no question.
    pub fn from_bytes(question: &'a [u8]) -> Result<Self, postcard::Error> {
        postcard::from_bytes(question)
    }
}

impl Ghost {
    /// An answer; no bytes, and so none, if there is nothing to show.
    ///
    /// # Errors
    ///
    /// Never, as far as is known: text and numbers have a form in every encoding.
    pub fn all_to_bytes(ghosts: &[Self]) -> Result<Bytes, postcard::Error> {
        if ghosts.is_empty() {
            return Ok(Bytes::new());
        }
        Ok(postcard::to_stdvec(ghosts)?.into())
    }

    /// What an instrument answered; nothing if it makes no sense.
    #[must_use]
    pub fn all_from(answer: &[u8]) -> Vec<Self> {
        if answer.is_empty() {
            return Vec::new();
        }
        postcard::from_bytes(answer).unwrap_or_else(|error| {
            tracing::error!(%error, "an answer of an instrument that is none");
            Vec::new()
        })
    }
}
