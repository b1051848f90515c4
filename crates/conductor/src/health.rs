//! How the Conductor is: who decided how often, and why not Python.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Who made a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Python did, and took so long on its own thread.
    Python(Duration),
    /// The fallback did.
    Fallback(Why),
}

impl Source {
    /// Whether Python decided.
    #[must_use]
    pub fn is_python(self) -> bool {
        matches!(self, Source::Python(_))
    }
}

/// Why Python did not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It is being loaded.
    Loading,
    /// There is none; [`Health::reason`] says why.
    Unavailable,
    /// It did not answer within the deadline.
    Late,
    /// It is late with another question.
    Busy,
    /// It has been at one question for so long that it will hardly end.
    Stuck,
    /// It raised an exception.
    Raised,
    /// It decided what cannot be carried out.
    Nonsense,
    /// It failed so often that it is left alone for a while.
    Resting,
    /// There are more instruments in the view than a view can have.
    View,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Why::Loading => "loading",
            Why::Unavailable => "unavailable",
            Why::Late => "late",
            Why::Busy => "busy",
            Why::Stuck => "stuck",
            Why::Raised => "raised",
            Why::Nonsense => "nonsense",
            Why::Resting => "resting",
            Why::View => "view",
        })
    }
}

/// What Python can do at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is being loaded.
    Loading,
    /// It decides.
    Ready,
    /// It failed so often that it is left alone for a while.
    Resting,
    /// It does not come back from a question, or from being loaded.
    Stuck,
    /// There is none.
    Unavailable,
}

/// How often who decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Decisions of Python.
    pub python: u64,
    /// Decisions of the fallback, by reason.
    pub fallback: BTreeMap<Why, u64>,
}

impl Counts {
    /// How often the fallback decided for this reason.
    #[must_use]
    pub fn of(&self, why: Why) -> u64 {
        self.fallback.get(&why).copied().unwrap_or_default()
    }
}

/// How the Conductor is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// What Python can do at once.
    pub state: State,
    /// Which Python it is, once there is one.
    pub python: Option<String>,
    /// What went wrong last, in words.
    pub reason: Option<String>,
    /// How often who decided.
    pub counts: Counts,
}
