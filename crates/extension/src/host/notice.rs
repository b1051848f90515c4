//! What the host tells about extensions: their logs, and what became of them.

use std::fmt;
use std::sync::Arc;

use crate::wire::Level;

/// Something to be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// About which extension.
    pub extension: String,
    /// What happened.
    pub event: Event,
}

/// What can happen to an extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It logs.
    Log(Level, String),
    /// A line of its standard error.
    Stderr(String),
    /// It needed what it has not declared, or what a file's owner refuses.
    Denied {
        /// In which method.
        method: String,
        /// What, as the extension tells it.
        message: String,
    },
    /// The system enforces none or not all of the fence.
    Unfenced(String),
    /// It ended, and nobody asked for that.
    Crashed(String),
    /// It is not started any more.
    Quarantined(String),
    /// Its files have changed, and it was started anew.
    Reloaded,
    /// Its files have changed and are wrong; the one before still runs.
    NotReloaded(String),
}

/// Takes notices; called from any thread, and must not wait.
#[derive(Clone)]
pub struct Notices(Arc<dyn Fn(Notice) + Send + Sync>);

impl Notices {
    /// Gives every notice to `take`.
    pub fn new(take: impl Fn(Notice) + Send + Sync + 'static) -> Self {
        Self(Arc::new(take))
    }

    pub(crate) fn tell(&self, extension: &str, event: Event) {
        let extension = extension.to_owned();
        (self.0)(Notice { extension, event });
    }
}

impl fmt::Debug for Notices {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Notices")
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.extension)?;
        match &self.event {
            Event::Log(_, text) | Event::Stderr(text) => formatter.write_str(text),
            Event::Denied { method, message } => {
                write!(formatter, "refused in `{method}`: {message}")
            }
            Event::Unfenced(why) => formatter.write_str(why),
            Event::Crashed(reason) => write!(formatter, "ended: {reason}"),
            Event::Quarantined(reason) => write!(formatter, "in quarantine: {reason}"),
            Event::Reloaded => formatter.write_str("its files have changed: started anew"),
            Event::NotReloaded(why) => {
                write!(formatter, "its files have changed, and are not used: {why}")
            }
        }
    }
}
