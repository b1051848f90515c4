//! What a setting is: its key, which values it takes, who may set it, and what it is for.
//!
//! The list of all settings is in `table.rs`. Reading, validation, the JSON schema, the documentation and the editors' settings
//! all follow from it.

use serde_json::Value;

/// One setting, or one field of a table in a list.
#[derive(Debug)]
pub struct Setting {
    /// The whole key, with dots: `inlineCompletion.tau`.
    pub key: &'static str,
    /// Which values it takes.
    pub kind: Kind,
    /// What it is when nobody sets it.
    pub default: DefaultValue,
    /// Who may set it.
    pub scope: Scope,
    /// When a new value counts.
    pub effect: Effect,
    /// What it is for, as it is written in the table.
    pub(crate) about: &'static str,
}

/// Who may set something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A workspace and an editor as well as the user: nothing can be run, reached or revealed by it.
    Workspace,
    /// The user only: on the command line, in the environment, in the user's own file, or by `symphony config set`. It names what
    /// is run, what is connected to, what is paid or where is written. Not the editor either: what editors send may come
    /// from a file in the workspace, and nobody can tell.
    User,
}

/// When a new value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// At once.
    Live,
    /// When the server starts the next time.
    Restart,
}

/// Which values a setting takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A number in a range.
    Number {
        /// The smallest.
        least: f64,
        /// The largest.
        most: f64,
    },
    /// An integer in a range.
    Integer {
        /// The smallest.
        least: u64,
        /// The largest.
        most: u64,
    },
    /// A duration in milliseconds, in a range.
    Milliseconds {
        /// The shortest.
        least: u64,
        /// The longest.
        most: u64,
    },
    /// A text that is not empty.
    Text,
    /// A list of texts.
    Texts,
    /// One of some words.
    Choice(&'static [Word]),
    /// An absolute path, or one that begins with `~`.
    Path,
    /// The same, or the empty text for none.
    PathOrNone,
    /// A program: a name that is looked up on `PATH`, or a path as above.
    Program,
    /// An address, with one of these schemes and without user and password.
    Url(&'static [&'static str]),
    /// The name of a variable of the environment.
    Variable,
    /// A list of tables.
    Tables(&'static Tables),
}

/// One word of a choice.
#[derive(Debug)]
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// What it means, as it is written in the table.
    pub(crate) about: &'static str,
}

/// What the tables of a list are like.
#[derive(Debug)]
pub struct Tables {
    /// What one of them is called.
    pub singular: &'static str,
    /// Their fields; a key is the field's name alone.
    pub fields: &'static [Setting],
    /// The fields that each of them has to have.
    pub required: &'static [&'static str],
    /// The field that tells them apart.
    pub distinct: &'static str,
    /// What is wrong between fields that are right each by itself.
    pub(crate) check: fn(&serde_json::Map<String, Value>) -> Vec<Conflict>,
}

/// Fields that do not go together.
#[derive(Debug)]
pub(crate) struct Conflict {
    /// The field to point at; if it is not there, the table.
    pub(crate) field: &'static str,
    /// What is wrong.
    pub(crate) message: String,
}

/// What a setting is when nobody sets it.
#[derive(Clone, Copy, Debug)]
pub enum DefaultValue {
    /// Nothing.
    Nothing,
    /// A truth value.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// An integer.
    Integer(u64),
    /// A text, a word or a path.
    Text(&'static str),
    /// An empty list.
    Empty,
}

impl DefaultValue {
    /// As a value; none if there is none.
    #[must_use]
    pub fn value(self) -> Option<Value> {
        match self {
            Self::Nothing => None,
            Self::Boolean(value) => Some(value.into()),
            Self::Number(value) => Some(value.into()),
            Self::Integer(value) => Some(value.into()),
            Self::Text(value) => Some(value.into()),
            Self::Empty => Some(Value::Array(Vec::new())),
        }
    }
}

impl Setting {
    /// What it is for: sentences in one line, in Markdown.
    #[must_use]
    pub fn about(&self) -> String {
        flow(self.about)
    }

    /// The variable of the environment that sets it: `SYMPHONY_INLINE_COMPLETION_TAU`.
    #[must_use]
    pub fn variable(&self) -> String {
        let mut name = String::from("SYMPHONY_");
        for letter in self.key.chars() {
            match letter {
                '.' => name.push('_'),
                letter if letter.is_ascii_uppercase() => name.extend(['_', letter]),
                letter => name.push(letter.to_ascii_uppercase()),
            }
        }
        name
    }

    /// An older variable that sets it as well.
    #[must_use]
    pub fn other_variable(&self) -> Option<&'static str> {
        match self.key {
            "cache.directory" => Some("SYMPHONY_CACHE_DIR"),
            "log.level" => Some("SYMPHONY_LOG"),
            _ => None,
        }
    }
}

impl Word {
    /// What it means, in one line.
    #[must_use]
    pub fn about(&self) -> String {
        flow(self.about)
    }
}

impl Kind {
    /// What is expected of a value, as a fragment behind "expected".
    #[must_use]
    pub fn expected(&self) -> String {
        match self {
            Self::Boolean => "true or false".to_owned(),
            Self::Number { least, most } => format!("a number from {least} to {most}"),
            Self::Integer { least, most } => format!("an integer from {least} to {most}"),
            Self::Milliseconds { least, most } => {
                format!("milliseconds, an integer from {least} to {most}")
            }
            Self::Text => "a text that is not empty".to_owned(),
            Self::Texts => "a list of texts".to_owned(),
            Self::Choice(words) => {
                let words: Vec<_> = words.iter().map(|it| format!("{:?}", it.name)).collect();
                format!("one of {}", words.join(", "))
            }
            Self::Path => "an absolute path, or one that begins with `~/`".to_owned(),
            Self::PathOrNone => {
                "an absolute path, one that begins with `~/`, or \"\" for none".to_owned()
            }
            Self::Program => "the name of a program, or its absolute path".to_owned(),
            Self::Url(schemes) => {
                let schemes: Vec<_> = schemes.iter().map(|it| format!("{it}://")).collect();
                format!("an address that begins with {}", schemes.join(" or "))
            }
            Self::Variable => {
                "the name of a variable of the environment: letters, digits and `_`".to_owned()
            }
            Self::Tables(tables) => format!("a list of tables, one for each {}", tables.singular),
        }
    }
}

/// Lines of a comment as running text.
pub(crate) fn flow(comment: &str) -> String {
    let lines: Vec<_> = comment.lines().map(str::trim).collect();
    lines.join(" ").trim().to_owned()
}
