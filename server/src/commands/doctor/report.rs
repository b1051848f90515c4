//! What was found, and how it is told.

use std::fmt::Write as _;

use console::style;
use serde_json::{Value, json};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// As it should be.
    Good,
    /// Neither good nor bad.
    Note,
    /// Something is missing that one can do without.
    Warning,
    /// Something that was asked for does not work.
    Broken,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Broken => "broken",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) topic: &'static str,
    pub(super) state: State,
    /// What is so.
    found: String,
    /// What to do about it.
    remedy: Option<String>,
}

impl Finding {
    pub(super) fn good(topic: &'static str, found: impl Into<String>) -> Self {
        Self::new(topic, State::Good, found, None)
    }

    pub(super) fn note(topic: &'static str, found: impl Into<String>) -> Self {
        Self::new(topic, State::Note, found, None)
    }

    pub(super) fn warning(
        topic: &'static str,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::new(topic, State::Warning, found, Some(remedy.into()))
    }

    pub(super) fn broken(
        topic: &'static str,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::new(topic, State::Broken, found, Some(remedy.into()))
    }

    fn new(
        topic: &'static str,
        state: State,
        found: impl Into<String>,
        remedy: Option<String>,
    ) -> Self {
        Self {
            topic,
            state,
            found: found.into(),
            remedy,
        }
    }

    /// The same, with advice where there was none.
    pub(super) fn advise(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    pub(super) fn as_json(&self) -> Value {
        json!({
            "topic": self.topic,
            "state": self.state.as_str(),
            "found": self.found,
            "remedy": self.remedy,
        })
    }
}

/// For people: a line for each, and one more where there is something to do.
pub(super) fn text(findings: &[Finding]) -> String {
    let width = findings.iter().map(|it| it.topic.len()).max().unwrap_or(0);
    let mut text = String::new();
    for it in findings {
        let state = format!("{:7}", it.state.as_str());
        let state = match it.state {
            State::Good => style(state).green(),
            State::Note => style(state),
            State::Warning => style(state).yellow(),
            State::Broken => style(state).red(),
        };
        let indent = 11 + width;
        let found = it.found.replace('\n', &format!("\n{:indent$}", ""));
        let _ = writeln!(text, "{state}  {:width$}  {found}", it.topic);
        if let Some(remedy) = &it.remedy {
            let _ = writeln!(text, "{:indent$}-> {remedy}", "");
        }
    }
    let of = |state| findings.iter().filter(|it| it.state == state).count();
    let (broken, warnings) = (of(State::Broken), of(State::Warning));
    let warnings = match warnings {
        0 => String::new(),
        1 => ", 1 warning".to_owned(),
        n => format!(", {n} warnings"),
    };
    let said = match broken {
        0 => "nothing is broken".to_owned(),
        n => format!("{n} broken"),
    };
    let _ = writeln!(text, "\n{said}{warnings}");
    text
}
