//! What was shown, and whether the user took it: most editors do not tell, but the text does.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;
use symphony_conductor::Event;
use symphony_pit::InstrumentId;

/// Ghost text that is shown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Suggested {
    document: String,
    /// Where it begins, in bytes.
    at: usize,
    /// Of the text before it.
    before: u64,
    text: String,
    pub(crate) instrument: InstrumentId,
    /// For the journal, as if it were rejected; none where there is nothing to learn.
    pub(crate) event: Option<Event>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// All of it stands there.
    Accepted,
    /// Something else stands there.
    Rejected,
    /// The user has typed some of it, or nothing yet.
    Open,
    /// What is before it has changed: nobody can say.
    Unknown,
}

impl Suggested {
    /// `text`, shown at `at` in a document whose text is `whole`; none where that is no place in it. `event` is what the journal
    /// would be told if nothing had been shown.
    pub(crate) fn new(
        document: &str,
        whole: &str,
        at: usize,
        text: &str,
        instrument: InstrumentId,
        event: Option<Event>,
    ) -> Option<Self> {
        let shown_chars = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        Some(Self {
            document: document.to_owned(),
            at,
            before: hash(whole.get(..at)?),
            text: text.to_owned(),
            instrument,
            event: event.map(|it| Event { shown_chars, ..it }),
        })
    }

    pub(crate) fn is_in(&self, document: &str) -> bool {
        self.document == document
    }

    /// What became of it, now that the text is `whole` and the cursor is at `cursor`.
    pub(crate) fn fate(&self, whole: &str, cursor: usize) -> Fate {
        let Some((before, rest)) = whole.split_at_checked(self.at) else {
            return Fate::Unknown;
        };
        if hash(before) != self.before {
            return Fate::Unknown;
        }
        let typed = cursor
            .checked_sub(self.at)
            .and_then(|typed| rest.get(..typed));
        match typed {
            Some(typed) if typed.starts_with(&self.text) => Fate::Accepted,
            Some(typed) if self.text.starts_with(typed) => Fate::Open,
            _ => Fate::Rejected,
        }
    }
}

fn hash(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_tells_what_became_of_a_suggestion() {
        let shown =
            Suggested::new("a.ts", "let é = \n", 9, "new Map()", InstrumentId(0), None).unwrap();
        let fate = |text: &str, cursor| shown.fate(text, cursor);
        assert_eq!(fate("let é = \n", 9), Fate::Open);
        assert_eq!(fate("let é = ne\n", 11), Fate::Open);
        assert_eq!(fate("let é = new Map()\n", 18), Fate::Accepted);
        assert_eq!(fate("let é = new Map();\nx", 20), Fate::Accepted);
        assert_eq!(fate("let é = new Set()\n", 18), Fate::Rejected);
        assert_eq!(fate("let é = \n", 0), Fate::Rejected);
        assert_eq!(fate("let x = \n", 8), Fate::Unknown);
        assert_eq!(fate("", 0), Fate::Unknown);
        assert_eq!(
            Suggested::new("a.ts", "é", 1, "x", InstrumentId(0), None),
            None
        );
    }
}
