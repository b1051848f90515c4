//! What was shown, and whether the user took it: most editors do not tell, but the text does.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;
use symphony_conductor::Event;
use symphony_instruments::Ghost;
use symphony_pit::InstrumentId;
use symphony_pit::store::Key;

/// Ghost text that is shown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Suggested {
    document: String,
    ghost: Ghost,
    /// Of the text before it.
    before: u64,
    /// Of the text after what it replaces.
    after: u64,
    pub(crate) from: Origin,
}

/// Where ghost text comes from, and who is to be told what became of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Origin {
    pub(crate) instrument: InstrumentId,
    /// Where the answer is kept, if it is.
    pub(crate) key: Option<Key>,
    /// For the journal, as if nothing had been shown; none where there is nothing to learn.
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
    /// `ghost`, shown in a document whose text is `whole`; none where that is no place in it.
    pub(crate) fn new(document: &str, whole: &str, ghost: Ghost, from: Origin) -> Option<Self> {
        let shown_chars = u32::try_from(ghost.text.chars().count()).unwrap_or(u32::MAX);
        let event = from.event.map(|it| Event { shown_chars, ..it });
        Some(Self {
            document: document.to_owned(),
            before: hash(whole.get(..ghost.start as usize)?),
            after: hash(whole.get(ghost.end as usize..)?),
            ghost,
            from: Origin { event, ..from },
        })
    }

    pub(crate) fn is_in(&self, document: &str) -> bool {
        self.document == document
    }

    /// What became of it, now that the text is `whole` and the cursor is at `cursor`.
    pub(crate) fn fate(&self, whole: &str, cursor: usize) -> Fate {
        let at = self.ghost.start as usize;
        let Some((before, rest)) = whole.split_at_checked(at) else {
            return Fate::Unknown;
        };
        if hash(before) != self.before {
            return Fate::Unknown;
        }
        let typed = cursor.checked_sub(at).and_then(|typed| rest.get(..typed));
        match typed {
            Some(typed) if typed.starts_with(&self.ghost.text) => Fate::Accepted,
            Some(typed) if self.ghost.text.starts_with(typed) => Fate::Open,
            _ => Fate::Rejected,
        }
    }

    /// What is still to be typed of it where the user types just that, as ghost text at `cursor`. Whatever else has changed,
    /// as by an editor that closes brackets, makes it another question; and so does asking again before anything is typed.
    pub(crate) fn rest(&self, whole: &str, cursor: usize) -> Option<Ghost> {
        let Ghost { start, end, .. } = self.ghost;
        if start != end || self.fate(whole, cursor) != Fate::Open {
            return None;
        }
        let rest = &self.ghost.text[cursor - start as usize..];
        let was_typed = rest.len() < self.ghost.text.len() && !rest.trim().is_empty();
        let is_same = hash(whole.get(cursor..)?) == self.after;
        let at = u32::try_from(cursor).ok()?;
        (was_typed && is_same).then(|| Ghost {
            start: at,
            end: at,
            text: rest.to_owned(),
            probability: self.ghost.probability,
        })
    }
}

fn hash(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(whole: &str, at: u32, text: &str) -> Option<Suggested> {
        let ghost = Ghost {
            start: at,
            end: at,
            text: text.to_owned(),
            probability: 0.5,
        };
        let from = Origin {
            instrument: InstrumentId(0),
            key: None,
            event: None,
        };
        Suggested::new("a.ts", whole, ghost, from)
    }

    #[test]
    fn the_text_tells_what_became_of_a_suggestion() {
        let suggested = shown("let é = \n", 9, "new Map()").unwrap();
        let fate = |text: &str, cursor| suggested.fate(text, cursor);
        assert_eq!(fate("let é = \n", 9), Fate::Open);
        assert_eq!(fate("let é = ne\n", 11), Fate::Open);
        assert_eq!(fate("let é = new Map()\n", 18), Fate::Accepted);
        assert_eq!(fate("let é = new Map();\nx", 20), Fate::Accepted);
        assert_eq!(fate("let é = new Set()\n", 18), Fate::Rejected);
        assert_eq!(fate("let é = \n", 0), Fate::Rejected);
        assert_eq!(fate("let x = \n", 8), Fate::Unknown);
        assert_eq!(fate("", 0), Fate::Unknown);
        assert_eq!(shown("é", 1, "x"), None);
    }

    #[test]
    fn what_is_typed_along_leaves_the_rest() {
        let shown = shown("f(é, );", 6, "new Map()").unwrap();
        let rest = |text: &str, cursor| shown.rest(text, cursor).map(|it| (it.start, it.text));
        assert_eq!(rest("f(é, );", 6), None);
        assert_eq!(rest("f(é, ne);", 8), Some((8, "w Map()".to_owned())));
        // A bracket that the editor has closed, another word, an edit before it, all of it.
        assert_eq!(rest("f(é, new Map());", 14), None);
        assert_eq!(rest("f(é, no);", 8), None);
        assert_eq!(rest("g(é, ne);", 8), None);
        assert_eq!(rest("f(é, new Map());", 15), None);
        assert_eq!(rest("f(é, ne);", 40), None);
    }
}
