//! Where a value comes from, and how good it turned out to be.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{ArtifactId, Key, Kind};

/// Who made a value, of what and how. Kept beside the value, never part of its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineage {
    /// The sort of artifact.
    pub kind: Cow<'static, str>,
    /// The crate or model that made it.
    pub maker: Cow<'static, str>,
    /// The maker's version.
    pub version: Cow<'static, str>,
    /// What the maker was told, by name.
    pub parameters: Vec<(String, String)>,
    /// The prompt template, where there was a prompt.
    pub prompt_template: Option<String>,
    /// The artifacts that it was made from.
    pub parents: Vec<ArtifactId>,
    /// When it was made, in seconds since 1970.
    pub created: u64,
}

impl Lineage {
    /// A lineage with no parameters, prompt and parents.
    #[must_use]
    pub fn new(
        kind: Kind,
        maker: impl Into<Cow<'static, str>>,
        version: impl Into<Cow<'static, str>>,
        created: u64,
    ) -> Self {
        Self {
            kind: Cow::Borrowed(kind.name()),
            maker: maker.into(),
            version: version.into(),
            parameters: Vec::new(),
            prompt_template: None,
            parents: Vec::new(),
            created,
        }
    }

    /// With one more parameter.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Made with this prompt template.
    #[must_use]
    pub fn prompt(mut self, template: impl Into<String>) -> Self {
        self.prompt_template = Some(template.into());
        self
    }

    /// Made from this artifact too.
    #[must_use]
    pub fn parent(mut self, parent: ArtifactId) -> Self {
        self.parents.push(parent);
        self
    }
}

/// What became of a value after it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It passed its check.
    Valid,
    /// It did not pass its check.
    Invalid,
    /// The user took it.
    Accepted,
    /// The user turned it down.
    Rejected,
}

/// The outcomes that speak for a value and against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quality {
    pub(crate) good: u16,
    pub(crate) bad: u16,
}

impl Quality {
    /// From 0 to 1; 0.5 of what nobody has judged (Laplace's rule of succession).
    #[must_use]
    pub fn score(self) -> f32 {
        let (good, bad) = (f32::from(self.good), f32::from(self.bad));
        (1.0 + good) / (2.0 + good + bad)
    }

    /// With one more outcome. The weights are a guess: a user's word counts double, a failed check as much as four passed.
    #[must_use]
    pub fn after(self, outcome: Outcome) -> Self {
        let Self { good, bad } = self;
        match outcome {
            Outcome::Valid => Self {
                good: good.saturating_add(1),
                bad,
            },
            Outcome::Accepted => Self {
                good: good.saturating_add(2),
                bad,
            },
            Outcome::Invalid => Self {
                good,
                bad: bad.saturating_add(4),
            },
            Outcome::Rejected => Self {
                good,
                bad: bad.saturating_add(2),
            },
        }
    }
}

/// One artifact in a chain of parents.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// How many steps from what was asked about.
    pub depth: usize,
    /// The key that it was put under.
    pub key: Key,
    /// What it is.
    pub id: ArtifactId,
    /// Where it comes from.
    pub lineage: Lineage,
    /// How good it turned out to be.
    pub quality: Quality,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_move_the_score() {
        let new = Quality::default();
        assert!((new.score() - 0.5).abs() < 1e-6);
        let accepted = new.after(Outcome::Valid).after(Outcome::Accepted);
        assert!((accepted.score() - 0.8).abs() < 1e-6);
        assert!(new.after(Outcome::Invalid).score() < new.after(Outcome::Rejected).score());
        let worn = (0..100_000).fold(new, |it, _| it.after(Outcome::Accepted));
        assert!(worn.score() <= 1.0);
    }
}
