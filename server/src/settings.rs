//! Where settings come from before an editor says anything: the command line, the environment and the user's files.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use etcetera::BaseStrategy as _;
use serde_json::Value;
use symphony_conductor::Journal;
use symphony_config::{Config, Layer, Place, STORED_FILE, Stack, USER_FILE, UserFiles};

/// The folder of the user's own file, in place of the system's; empty for none.
const CONFIG_DIR: &str = "SYMPHONY_CONFIG_DIR";
/// The folder of the file that `symphony config set` writes, in place of the system's; empty for none.
const STATE_DIR: &str = "SYMPHONY_STATE_DIR";

/// Settings on the command line.
#[derive(Debug, Default, Args)]
pub(crate) struct SettingOptions {
    /// Set a setting, for this run only: inlineCompletion.tau=0.8. May be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE", global = true)]
    set: Vec<String>,
    /// Keep summaries and the index of the language model here, in place of the user's cache directory; the empty name
    /// keeps nothing. The same as the setting cache.directory and the variable SYMPHONY_CACHE_DIR.
    // The parser of paths refuses the empty one.
    #[arg(long, value_name = "DIR", global = true)]
    cache_dir: Option<OsString>,
}

impl SettingOptions {
    /// All that the user has said.
    pub(crate) fn stack(&self, log_file: Option<&Path>) -> Stack {
        let mut command_line = Layer::from_arguments(&self.set);
        let mut put = |key, path: &Path| {
            let path = match path.as_os_str().is_empty() {
                true => PathBuf::new(),
                false => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
            };
            let value = Value::from(path.to_string_lossy());
            command_line.put(key, value, Place::CommandLine);
        };
        if let Some(dir) = &self.cache_dir {
            put("cache.directory", Path::new(dir));
        }
        if let Some(file) = log_file {
            put("log.file", file);
        }
        let environment = Layer::from_environment(std::env::vars_os());
        Stack::new(command_line, environment, user_files())
    }

    /// The same, for a command that people start: what is wrong is told on standard error.
    pub(crate) fn told_stack(&self) -> Stack {
        let stack = self.stack(None);
        for problem in stack.problems() {
            // Nobody is left to tell if this fails.
            let _ = writeln!(std::io::stderr(), "symphony: {problem}");
        }
        stack
    }

    /// Where what is kept for the next start lies; none to keep nothing.
    pub(crate) fn cache(&self, config: &Config) -> Option<PathBuf> {
        // As it was given: a path need not be text.
        let given = self.cache_dir.as_ref().map(PathBuf::from);
        match given.or_else(|| config.cache.directory.clone()) {
            Some(dir) if dir.as_os_str().is_empty() => None,
            Some(dir) => Some(dir),
            None => {
                let strategy = etcetera::choose_base_strategy().ok()?;
                Some(strategy.cache_dir().join("symphony"))
            }
        }
    }
}

/// Where the user's files are, whether they are there or not.
fn user_files() -> UserFiles {
    let strategy = etcetera::choose_base_strategy().ok();
    let config = strategy.map(|it| it.config_dir());
    UserFiles {
        user: folder(CONFIG_DIR, config).map(|it| it.join(USER_FILE)),
        stored: state_folder().map(|it| it.join(STORED_FILE)),
    }
}

/// The folder for what Symphony itself writes and that is no cache; none where nothing is to be written.
pub(crate) fn state_folder() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok();
    // Only some systems tell state from data.
    let state = strategy.map(|it| it.state_dir().unwrap_or_else(|| it.data_dir()));
    folder(STATE_DIR, state)
}

/// What a variable says, else what the system does.
fn folder(variable: &str, by_system: Option<PathBuf>) -> Option<PathBuf> {
    match std::env::var_os(variable) {
        Some(folder) if folder.is_empty() => None,
        Some(folder) => std::path::absolute(folder).ok(),
        None => Some(by_system?.join("symphony")),
    }
}

/// Where what came of suggestions is kept; none where nothing is to be written.
pub(crate) fn journal() -> Option<Journal> {
    Some(Journal::new(state_folder()?.join("conductor")))
}

/// How the Conductor is started by these settings; none if it is turned off.
pub(crate) fn conductor_options(config: &Config) -> Option<symphony_conductor::Options> {
    let conductor = &config.conductor;
    if !conductor.enabled {
        return None;
    }
    let default = symphony_conductor::Options::default();
    Some(symphony_conductor::Options {
        python: conductor.python.clone(),
        refined: journal().map(|it| it.weights()),
        package: conductor.package.clone(),
        library: conductor.library.clone(),
        weights: conductor.weights.clone(),
        policy: conductor.policy.clone(),
        tau: config.inline_completion.tau.map_or(default.tau, f64::from),
        ..default
    })
}
