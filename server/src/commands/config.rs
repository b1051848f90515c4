//! `symphony config`: which value counts and why, what is wrong with settings, their schema, and changing what is stored.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Subcommand;
use serde_json::{Value, json};
use symphony_config::{
    Fault, Given, Place, Problem, SchemaOf, Scope, Setting, SettingsFile, Source, Stack,
    WORKSPACE_FILE, all, schema, setting, similar,
};

use super::say;
use crate::settings::SettingOptions;

/// What can be done with settings.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Which value of a setting counts, what every source says, and what was refused; without a key, all settings in short.
    Explain {
        /// The setting: inlineCompletion.tau.
        key: Option<String>,
        /// For files of this folder of a workspace.
        #[arg(long, value_name = "DIR", default_value = ".")]
        workspace: PathBuf,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON schema of symphony.toml, for editors that complete TOML.
    Schema {
        /// Of .symphony.toml in a workspace, which may say less.
        #[arg(long)]
        workspace: bool,
    },
    /// Say what is wrong with the settings here, or with some files. Fails if anything is.
    Check {
        /// Files to look at; .symphony.toml is looked at as a workspace's, every other as a user's.
        files: Vec<PathBuf>,
    },
    /// Set a setting for good, in the file that Symphony keeps for you.
    Set {
        /// The setting.
        key: String,
        /// Its value; lists as in TOML.
        value: String,
    },
    /// Forget what was set by `set`.
    Unset {
        /// The setting.
        key: String,
    },
}

/// Does what is asked.
pub(crate) fn run(options: &SettingOptions, verb: &Verb) -> anyhow::Result<()> {
    match verb {
        Verb::Explain {
            key,
            workspace,
            json,
        } => {
            let (stack, folder) = stack_in(options, workspace)?;
            let key = key.as_deref().map(known).transpose()?;
            let text = match (key, json) {
                (Some(setting), false) => explain(&stack, setting, &folder),
                (Some(setting), true) => format!("{:#}\n", as_json(&stack, setting, &folder)),
                (None, false) => overview(&stack, &folder),
                (None, true) => {
                    let all: Vec<_> = all().map(|it| as_json(&stack, it, &folder)).collect();
                    format!("{:#}\n", Value::from(all))
                }
            };
            say(&text)
        }
        Verb::Schema { workspace } => {
            let of = match workspace {
                true => SchemaOf::Workspace,
                false => SchemaOf::User,
            };
            say(&format!("{:#}\n", schema(of)))
        }
        Verb::Check { files } => check(options, files),
        Verb::Set { key, value } => {
            let (setting, path) = (known(key)?, stored_file(options)?);
            symphony_config::set(&path, setting, value)
                .with_context(|| format!("failed to set {key} in {}", path.display()))?;
            say(&format!("{key} is set in {}\n", path.display()))?;
            say(&overruled(options, setting)?)
        }
        Verb::Unset { key } => {
            let (setting, path) = (known(key)?, stored_file(options)?);
            let was = symphony_config::unset(&path, setting)
                .with_context(|| format!("failed to unset {key} in {}", path.display()))?;
            let said = if was { "no longer" } else { "not" };
            say(&format!("{key} is {said} set in {}\n", path.display()))
        }
    }
}

/// The settings as a server in this folder would have them, but for what an editor says.
fn stack_in(options: &SettingOptions, folder: &Path) -> anyhow::Result<(Stack, PathBuf)> {
    let folder = folder
        .canonicalize()
        .with_context(|| format!("failed to find the folder {}", folder.display()))?;
    let mut stack = options.stack(None);
    stack.set_roots(std::slice::from_ref(&folder));
    Ok((stack, folder))
}

fn known(key: &str) -> anyhow::Result<&'static Setting> {
    if let Some(setting) = setting(key) {
        return Ok(setting);
    }
    match similar(key) {
        Some(similar) => bail!("there is no setting {key}; did you mean {similar}?"),
        None => bail!("there is no setting {key}; `symphony config explain` lists all"),
    }
}

fn stored_file(options: &SettingOptions) -> anyhow::Result<PathBuf> {
    let stack = options.stack(None);
    let path = stack.stored_file().map(Path::to_owned);
    path.context("failed to find a place for it: there is no home directory")
}

/// A word of warning when what was stored does not count.
fn overruled(options: &SettingOptions, setting: &Setting) -> anyhow::Result<String> {
    let (stack, folder) = stack_in(options, Path::new("."))?;
    let said = stack.explain(setting, Some(&folder));
    Ok(match said.first() {
        Some((source, given)) if *source != Source::Stored => format!(
            "but {} counts, from the {}: {}\n",
            given.value,
            source.as_str(),
            given.place
        ),
        _ => String::new(),
    })
}

fn value_of(said: &[(Source, Given)]) -> String {
    match said.first() {
        Some((_, given)) => given.value.to_string(),
        None => "not set".to_owned(),
    }
}

fn overview(stack: &Stack, folder: &Path) -> String {
    let rows: Vec<[String; 3]> = all()
        .map(|setting| {
            let said = stack.explain(setting, Some(folder));
            let source = said.first().map_or(Source::Default, |it| it.0);
            let place = match said.first() {
                Some((_, given)) if source != Source::Default => format!(", {}", given.place),
                _ => String::new(),
            };
            [
                setting.key.to_owned(),
                value_of(&said),
                format!("{}{place}", source.as_str()),
            ]
        })
        .collect();
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        // A long list needs no column as wide as itself.
        widths.filter(|it| *it <= 32).max().unwrap_or_default()
    };
    let (first, second) = (width(0), width(1));
    let mut text = String::new();
    for [key, value, source] in &rows {
        let _ = writeln!(text, "{key:first$}  {value:second$}  {source}");
    }
    text += &told("problems", stack.problems().iter());
    text
}

fn explain(stack: &Stack, setting: &Setting, folder: &Path) -> String {
    let said = stack.explain(setting, Some(folder));
    let mut text = format!(
        "{} = {}\n\n{}\nIt takes {}.\n\n",
        setting.key,
        value_of(&said),
        setting.about(),
        setting.kind.expected()
    );
    let counts = said.first().map(|it| it.0);
    let rows: Vec<(Source, Option<&Given>)> = Source::BY_PRECEDENCE
        .into_iter()
        .chain([Source::Default])
        .map(|source| {
            let given = said.iter().find(|it| it.0 == source);
            (source, given.map(|it| &it.1))
        })
        .collect();
    for (source, given) in rows {
        let value = given.map_or_else(|| "-".to_owned(), |given| given.value.to_string());
        let place = match given {
            Some(given) if source != Source::Default => given.place.to_string(),
            Some(_) => String::new(),
            None => nowhere(stack, setting, source, folder),
        };
        let mark = if counts == Some(source) {
            "  <- counts"
        } else {
            ""
        };
        let row = format!("  {:14} {value:12} {place}", source.as_str());
        let _ = writeln!(text, "{}{mark}", row.trim_end());
    }
    let problems = stack.problems();
    let of_it = problems.iter().filter(|it| concerns(it, setting));
    text += &told("not taken", of_it);
    text
}

/// Where a source that says nothing would say it.
fn nowhere(stack: &Stack, setting: &Setting, source: Source, folder: &Path) -> String {
    if setting.scope == Scope::User && !source.is_the_users() {
        return "may not set it".to_owned();
    }
    let file = |path: Option<&Path>| match path {
        Some(path) => path.display().to_string(),
        None => String::new(),
    };
    match source {
        Source::Default => "none".to_owned(),
        Source::Stored => file(stack.stored_file()),
        Source::UserFile => file(stack.user_file()),
        Source::WorkspaceFile => file(Some(&folder.join(WORKSPACE_FILE))),
        Source::Editor => "known only to a running server".to_owned(),
        Source::Environment => setting.variable(),
        Source::CommandLine => format!("--set {}=...", setting.key),
    }
}

/// Whether a problem is about a setting, or about a whole file in which it may be.
fn concerns(problem: &Problem, setting: &Setting) -> bool {
    match &problem.fault {
        Fault::Wrong { key, .. }
        | Fault::Unknown { key, .. }
        | Fault::NotByWorkspace { key }
        | Fault::NotByEditor { key }
        | Fault::Secret { key }
        | Fault::Conflict { key, .. }
        | Fault::Missing { key, .. } => {
            let rest = key.strip_prefix(setting.key);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
        }
        Fault::NoAssignment { .. } => false,
        _ => true,
    }
}

fn told<'a>(heading: &str, problems: impl Iterator<Item = &'a Problem>) -> String {
    let mut text = String::new();
    for problem in problems {
        if text.is_empty() {
            let _ = writeln!(text, "\n{heading}:");
        }
        let _ = writeln!(text, "  {problem}");
    }
    text
}

fn as_json(stack: &Stack, setting: &Setting, folder: &Path) -> Value {
    let said = stack.explain(setting, Some(folder));
    let layers: Vec<_> = said
        .iter()
        .map(|(source, given)| {
            json!({
                "source": source.as_str(),
                "value": given.value,
                "place": place(&given.place),
            })
        })
        .collect();
    let problems = stack.problems();
    let problems: Vec<_> = problems
        .iter()
        .filter(|it| concerns(it, setting))
        .map(ToString::to_string)
        .collect();
    json!({
        "key": setting.key,
        "value": said.first().map(|it| &it.1.value),
        "source": said.first().map_or(Source::Default, |it| it.0).as_str(),
        "layers": layers,
        "notTaken": problems,
    })
}

fn place(place: &Place) -> Value {
    match place {
        Place::File { path, position } => json!({
            "file": path,
            "line": position.map(|it| it.line),
            "column": position.map(|it| it.column),
        }),
        Place::Variable(name) => json!({ "variable": name }),
        Place::Editor | Place::CommandLine | Place::Default => Value::Null,
    }
}

fn check(options: &SettingOptions, files: &[PathBuf]) -> anyhow::Result<()> {
    let problems: Vec<Problem> = match files {
        [] => stack_in(options, Path::new("."))?.0.problems(),
        files => {
            let checked = files.iter().map(|path| check_file(path));
            let checked: Vec<_> = checked.collect::<anyhow::Result<_>>()?;
            checked.concat()
        }
    };
    for problem in &problems {
        let mark = if problem.is_warning() {
            "warning: "
        } else {
            ""
        };
        say(&format!("{}: {mark}{}\n", problem.place, problem.fault))?;
    }
    let n_errors = problems.iter().filter(|it| !it.is_warning()).count();
    match n_errors {
        0 if problems.is_empty() => say("no problems\n"),
        0 => Ok(()),
        1 => bail!("there is 1 problem"),
        n => bail!("there are {n} problems"),
    }
}

fn check_file(path: &Path) -> anyhow::Result<Vec<Problem>> {
    let is_workspace = path.file_name().is_some_and(|name| name == WORKSPACE_FILE);
    let source = match is_workspace {
        true => Source::WorkspaceFile,
        false => Source::UserFile,
    };
    let mut file = SettingsFile::new(path.to_owned(), source);
    file.reload();
    if !file.exists() {
        bail!("there is no file {}", path.display());
    }
    Ok(file.problems().to_vec())
}
