//! `symphony quest`: Function Quest, the game that trains the Conductor's policy, in the Python that the Conductor would take.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use etcetera::BaseStrategy as _;
use symphony_conductor::Quest;

/// Where the game tells its folder to; `python-models/src/quest/__main__.py` reads it.
const STATE_VARIABLE: &str = "SYMPHONY_CONDUCTOR_DIR";

/// Which Python, and what it is to do.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The Python to use: a name, or a path. Without it: `python3`, on Windows `python`.
    #[arg(long, value_name = "PYTHON", env = "SYMPHONY_PYTHON")]
    python: Option<PathBuf>,
    /// The folder that holds the packages `conductor` and `quest`. Without it: beside the binary, else where Python finds them.
    #[arg(long, value_name = "DIR", env = "SYMPHONY_PYTHON_PACKAGE")]
    package: Option<PathBuf>,
    /// Where your own choices are kept, for `train --own`. Without it: below the user's state.
    #[arg(long, value_name = "DIR", env = STATE_VARIABLE)]
    state: Option<PathBuf>,
    /// `list`, `play`, `train`, `score`, and what they take; `symphony quest play --help` tells.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "VERB"
    )]
    arguments: Vec<OsString>,
}

/// Runs it to its end, with this process's input and output; gives its exit status.
pub(crate) fn run(options: Options) -> anyhow::Result<ExitCode> {
    // It is looked for from another folder than this one.
    let from_here = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    let is_name = |path: &PathBuf| path.components().count() == 1;
    let python = options.python.map(|it| match is_name(&it) {
        true => it,
        false => from_here(it),
    });
    let quest = Quest::find(&symphony_conductor::Options {
        python,
        package: options.package.map(from_here),
        ..symphony_conductor::Options::default()
    })?;
    let mut command = quest.command(&options.arguments);
    if let Some(state) = options.state.or_else(state_folder) {
        command.env(STATE_VARIABLE, state);
    }
    let status = command.status().context("failed to start Python")?;
    // One that a signal has ended has no status of its own.
    let code = status.code().and_then(|it| u8::try_from(it).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Where a server keeps what came of suggestions, for learning on; none where the system names no such folder.
pub(crate) fn state_folder() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    let state = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Some(state.join("symphony").join("conductor"))
}
