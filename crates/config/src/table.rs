//! The one list of all settings. A new setting is a few lines here, and then `cargo xtask codegen`.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::instrument::{INSTRUMENTS, Instrument};
use crate::macros::{settings, words};
use crate::typed::FromValue;
use crate::{DefaultValue, Kind, Setting};

settings! {
    /// Suggestions while you type: ghost text, or items of the completion popup where the editor has no ghost text.
    pub struct InlineCompletion at "inlineCompletion." {
        /// Whether there are suggestions.
        enabled: bool = "enabled", Kind::Boolean, DefaultValue::Boolean(true), Workspace, Live;
        /// The smallest probability, from 0 to 1, that a suggestion must have to be shown. Higher: fewer suggestions, more
        /// often right. Without it the Conductor says, as a rule 0.5.
        tau: Option<f32> = "tau", Kind::Number { least: 0.0, most: 1.0 }, DefaultValue::Nothing, Workspace, Live;
        /// How many milliseconds to wait after a key before a model outside of this process is asked. Without it the Conductor
        /// says, by how fast you type. The embedded model does not wait.
        debounce: Option<Duration> = "debounce", Kind::Milliseconds { least: 0, most: 5_000 }, DefaultValue::Nothing, Workspace, Live;
    }
}

settings! {
    /// Lines above declarations.
    pub struct CodeLens at "codeLens." {
        /// Whether declarations say how often they are referred to.
        references: bool = "references", Kind::Boolean, DefaultValue::Boolean(false), Workspace, Live;
    }
}

settings! {
    /// The policy in Python that decides when a model is asked, and which. Without Python, rules in Rust decide.
    pub struct Conductor at "conductor." {
        /// Whether Python decides.
        enabled: bool = "enabled", Kind::Boolean, DefaultValue::Boolean(true), User, Restart;
        /// The Python to use: a name that is looked up on `PATH`, or an absolute path. Without it: `python3`, on Windows
        /// `python`.
        python: Option<PathBuf> = "python", Kind::Program, DefaultValue::Nothing, User, Restart;
        /// The folder that holds the package `conductor`. Without it: beside the binary, else where Python finds it.
        package: Option<PathBuf> = "package", Kind::Path, DefaultValue::Nothing, User, Restart;
        /// The library that holds Python. Without it: beside the binary, else in the package.
        library: Option<PathBuf> = "library", Kind::Path, DefaultValue::Nothing, User, Restart;
        /// The weights of the policy. Without it: those of the package.
        weights: Option<PathBuf> = "weights", Kind::Path, DefaultValue::Nothing, User, Restart;
        /// A Python file with a function `decide`, in place of the package's policy.
        policy: Option<PathBuf> = "policy", Kind::Path, DefaultValue::Nothing, User, Restart;
    }
}

words! {
    /// For how long a limit counts.
    pub enum Period {
        /// A month of the calendar.
        Month = "month",
        /// A week, from Monday.
        Week = "week",
        /// A day.
        Day = "day",
    }
}

settings! {
    /// What models may cost.
    pub struct Cost at "cost." {
        /// How much the instruments may cost together in a period, in the currency of their prices. Without it, and with 0,
        /// instruments that have a price are not asked at all.
        limit: Option<f64> = "limit", Kind::Number { least: 0.0, most: 1_000_000.0 }, DefaultValue::Nothing, User, Live;
        /// The period that the limit is for.
        period: Period = "period", Kind::Choice(Period::WORDS), DefaultValue::Text("month"), User, Live;
    }
}

settings! {
    /// What is kept for the next start.
    pub struct Cache at "cache." {
        /// Where summaries and the index of the language model are kept. Without it: `symphony` in the user's cache
        /// directory. The empty text keeps nothing. `--cache-dir` is the same.
        directory: Option<PathBuf> = "directory", Kind::PathOrNone, DefaultValue::Nothing, User, Restart;
    }
}

settings! {
    /// The log.
    pub struct Log at "log." {
        /// What is logged: `error`, `warn`, `info`, `debug`, `trace`, or directives such as `info,symphony_lm=debug`.
        level: String = "level", Kind::Text, DefaultValue::Text("info"), User, Restart;
        /// A file that the log is written to, beside standard error. `--log-file` is the same.
        file: Option<PathBuf> = "file", Kind::Path, DefaultValue::Nothing, User, Restart;
    }
}

/// All settings, as the server uses them.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Suggestions while you type.
    pub inline_completion: InlineCompletion,
    /// Lines above declarations.
    pub code_lens: CodeLens,
    /// The policy in Python.
    pub conductor: Conductor,
    /// What models may cost.
    pub cost: Cost,
    /// What is kept for the next start.
    pub cache: Cache,
    /// The log.
    pub log: Log,
    /// Models beside the embedded one.
    pub instruments: Vec<Instrument>,
}

/// Settings that belong together.
#[derive(Debug)]
pub struct Section {
    /// The first part of their keys; for a setting on its own, all of it.
    pub name: &'static str,
    /// The settings.
    pub settings: &'static [Setting],
    about: &'static str,
}

impl Section {
    /// What they are about, in one line.
    #[must_use]
    pub fn about(&self) -> String {
        crate::setting::flow(self.about)
    }
}

/// All sections, in the order of the documentation.
pub const SECTIONS: &[Section] = &[
    section(
        "inlineCompletion",
        InlineCompletion::SETTINGS,
        InlineCompletion::ABOUT,
    ),
    section("codeLens", CodeLens::SETTINGS, CodeLens::ABOUT),
    section("instruments", &[INSTRUMENTS], Instrument::ABOUT),
    section("cost", Cost::SETTINGS, Cost::ABOUT),
    section("conductor", Conductor::SETTINGS, Conductor::ABOUT),
    section("cache", Cache::SETTINGS, Cache::ABOUT),
    section("log", Log::SETTINGS, Log::ABOUT),
];

const fn section(name: &'static str, settings: &'static [Setting], about: &'static str) -> Section {
    Section {
        name,
        settings,
        about,
    }
}

/// All settings, in the order of the documentation.
pub fn all() -> impl Iterator<Item = &'static Setting> {
    SECTIONS.iter().flat_map(|section| section.settings)
}

/// The setting of this key.
#[must_use]
pub fn setting(key: &str) -> Option<&'static Setting> {
    all().find(|it| it.key == key)
}

impl Config {
    /// From values that have passed the checks.
    pub(crate) fn from_values<'a>(value: &dyn Fn(&Setting) -> Option<Cow<'a, Value>>) -> Self {
        Self {
            inline_completion: InlineCompletion::from_values(value),
            code_lens: CodeLens::from_values(value),
            conductor: Conductor::from_values(value),
            cost: Cost::from_values(value),
            cache: Cache::from_values(value),
            log: Log::from_values(value),
            instruments: FromValue::from_value(value(&INSTRUMENTS).as_deref()),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::from_values(&|setting| setting.default.value().map(Cow::Owned))
    }
}
