//! What is wrong with a setting, and where.

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

/// Where a value comes from, in the order in which one counts before the others: the last wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Nobody has set it.
    Default,
    /// `symphony config set`.
    Stored,
    /// The user's own `symphony.toml`.
    UserFile,
    /// `.symphony.toml` in a folder of the workspace.
    WorkspaceFile,
    /// The editor.
    Editor,
    /// A variable of the environment.
    Environment,
    /// The command line.
    CommandLine,
}

impl Source {
    /// All but the default, the first to count first.
    pub const BY_PRECEDENCE: [Self; 6] = [
        Self::CommandLine,
        Self::Environment,
        Self::Editor,
        Self::WorkspaceFile,
        Self::UserFile,
        Self::Stored,
    ];

    /// Whether only the user can have written it.
    #[must_use]
    pub fn is_the_users(self) -> bool {
        !matches!(self, Self::WorkspaceFile | Self::Editor)
    }

    /// In a word or two.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Stored => "stored",
            Self::UserFile => "user file",
            Self::WorkspaceFile => "workspace file",
            Self::Editor => "editor",
            Self::Environment => "environment",
            Self::CommandLine => "command line",
        }
    }
}

/// A line and a column, in characters, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
}

impl Position {
    /// Of a byte in a text.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let before = &text[..offset];
        let start = before.rfind('\n').map_or(0, |it| it + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
        }
    }
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In a file.
    File {
        /// Which one.
        path: PathBuf,
        /// Where in it; none for the file as a whole.
        position: Option<Position>,
    },
    /// In what the editor sent.
    Editor,
    /// In a variable of the environment.
    Variable(String),
    /// Behind `--set` or an option of its own.
    CommandLine,
    /// In the list of settings.
    Default,
}

impl Place {
    /// The file as a whole, where it is in one.
    pub(crate) fn whole(self) -> Self {
        match self {
            Self::File { path, .. } => Self::File {
                path,
                position: None,
            },
            other => other,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, position } => {
                write!(f, "{}", path.display())?;
                match position {
                    Some(Position { line, column }) => write!(f, ":{line}:{column}"),
                    None => Ok(()),
                }
            }
            Self::Editor => f.write_str("the editor's settings"),
            Self::Variable(name) => f.write_str(name),
            Self::CommandLine => f.write_str("command line"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A setting that was not taken, or a file that was not.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
#[error("{place}: {fault}")]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: Fault,
}

impl Problem {
    /// Whether nothing was lost by it that was meant to count.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        matches!(self.fault, Fault::Unknown { .. })
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
pub enum Fault {
    /// Another value was expected.
    #[error("setting `{key}`: expected {expected}, found {found}")]
    Wrong {
        /// The setting.
        key: String,
        /// What it should have been.
        expected: String,
        /// What it was.
        found: String,
    },
    /// There is no such setting.
    #[error("there is no setting `{key}`{}", suggested(.suggestion.as_deref()))]
    Unknown {
        /// What was written.
        key: String,
        /// What may have been meant.
        suggestion: Option<String>,
    },
    /// A file in the workspace sets what only the user can.
    #[error(
        "setting `{key}` is refused: a workspace cannot set it, since it decides what is run, reached or paid; if you want it, \
         put it into your own symphony.toml"
    )]
    NotByWorkspace {
        /// The setting.
        key: String,
    },
    /// The editor sets what only the user can.
    #[error(
        "setting `{key}` is not taken from the editor, where a file of the workspace can set it; put it into your own symphony.toml"
    )]
    NotByEditor {
        /// The setting.
        key: String,
    },
    /// Something that looks like a key or a password, which is not repeated here.
    #[error(
        "`{key}` is refused: keys and passwords do not belong into settings; name the variable of the environment that holds \
         it with `keyEnv`, or the entry of the system's keychain with `keyring`"
    )]
    Secret {
        /// Where it was written.
        key: String,
    },
    /// Settings that do not go together.
    #[error("setting `{key}`: {message}")]
    Conflict {
        /// The setting.
        key: String,
        /// What is wrong.
        message: String,
    },
    /// A field is not there.
    #[error("setting `{key}`: an {singular} needs `{field}`")]
    Missing {
        /// The table.
        key: String,
        /// What the table is.
        singular: &'static str,
        /// The field.
        field: &'static str,
    },
    /// Behind `--set` there is no `=`.
    #[error("expected KEY=VALUE, found {found:?}")]
    NoAssignment {
        /// What is there.
        found: String,
    },
    /// The file is not TOML; nothing in it counts.
    #[error("{message}")]
    Syntax {
        /// What the parser says.
        message: String,
    },
    /// The file is not UTF-8.
    #[error("the file is not UTF-8 from here on{}", utf16(*.maybe_utf16))]
    NotUtf8 {
        /// Whether it begins as files in UTF-16 do.
        maybe_utf16: bool,
    },
    /// The file is larger than settings are.
    #[error("the file is larger than {most} bytes, so it is not read")]
    TooLarge {
        /// The limit.
        most: u64,
    },
    /// It is a folder, a pipe or a device.
    #[error("this is not a file")]
    NotAFile,
    /// The system does not give the file.
    #[error("failed to read the file: {reason}")]
    Unreadable {
        /// What the system says.
        reason: String,
    },
    /// There are so many problems that the others are not told.
    #[error("and {more} more problems")]
    More {
        /// How many others.
        more: usize,
    },
}

fn suggested(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |it| format!("; did you mean `{it}`?"))
}

fn utf16(maybe: bool) -> &'static str {
    if maybe {
        "; it looks like UTF-16: save it as UTF-8"
    } else {
        ""
    }
}
