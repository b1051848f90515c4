//! `symphony ext`: the extensions that are there, whether one is as it should be, a call of one, and the beginning of a new one.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use clap::{Args, Subcommand, ValueEnum};
use etcetera::BaseStrategy as _;
use serde_json::Value as Json;
use symphony_extension::host::{
    Event, Extension, HostOptions, Launcher, Notice, Notices, StartError,
};
use symphony_extension::manifest::{FILE_NAME, Kind};
use symphony_extension::template::{self, Language};
use symphony_extension::wire::{Level, Value};
use symphony_extension::{Loaded, Quarantine, Supervisor, support};

use super::say;

/// The command that the launcher of extensions is, hidden from people.
pub(crate) const LAUNCH: &str = "launch-extension";

/// The folder of installed extensions, in place of the user's.
const DIRECTORY: &str = "SYMPHONY_EXTENSIONS_DIR";

/// The Python and the Node that run extensions.
const PYTHON: &str = "SYMPHONY_PYTHON";
const NODE: &str = "SYMPHONY_NODE";

/// How far an extension may be ahead of the terminal.
const WINDOW: u32 = 16;

/// What can be done with extensions.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// What is installed, and whether this system can fence it in.
    List,
    /// Reads a manifest, starts the extension and ends it.
    Verify {
        /// Its folder, or its name if it is installed.
        extension: String,
    },
    /// Calls a method and prints what comes; without a method, reads lines of a method and its parameters.
    Run {
        /// Its folder, or its name if it is installed.
        extension: String,
        /// Which method.
        method: Option<String>,
        /// What it is given, as JSON.
        #[arg(default_value = "null")]
        params: String,
    },
    /// Writes the beginning of an extension.
    New {
        /// Its name, and its folder's.
        name: String,
        /// What it is written in.
        #[arg(long, value_enum, default_value_t = LanguageName::Python)]
        language: LanguageName,
        /// What it is for.
        #[arg(long, value_enum, default_value_t = KindName::Operator)]
        kind: KindName,
        /// For Rust: where the sources of the SDK are, the crate `symphony-extension`.
        #[arg(
            long,
            value_name = "DIR",
            default_value = "../symphony/crates/extension"
        )]
        sdk: PathBuf,
    },
    /// Lets an extension out of quarantine.
    Release {
        /// Its name.
        name: String,
    },
}

/// Where extensions are and what runs them; never said by a workspace.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder of installed extensions, in place of the user's.
    #[arg(
        long,
        value_name = "DIR",
        env = DIRECTORY,
        global = true
    )]
    dir: Option<PathBuf>,
    /// The Python that runs extensions in Python.
    #[arg(long, value_name = "FILE", env = PYTHON, global = true)]
    python: Option<PathBuf>,
    /// The Node that runs extensions in JavaScript.
    #[arg(long, value_name = "FILE", env = NODE, global = true)]
    node: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LanguageName {
    Rust,
    Python,
    Typescript,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum KindName {
    Instrument,
    Operator,
    Addon,
}

/// Does what is asked.
pub(crate) fn run(options: Options, verb: &Verb) -> anyhow::Result<()> {
    match verb {
        Verb::List => say(&list(&options)?),
        Verb::Verify { extension } => verify(&options, extension),
        Verb::Run {
            extension,
            method,
            params,
        } => {
            let supervisor = supervisor(&options, extension)?;
            runtime()?.block_on(async {
                let done = match method {
                    Some(method) => print(&supervisor, method, params).await,
                    None => lines(&supervisor).await,
                };
                supervisor.stop().await?;
                done
            })
        }
        Verb::New {
            name,
            language,
            kind,
            sdk,
        } => new(name, *language, *kind, sdk),
        Verb::Release { name } => {
            let had = quarantine(&options)?.release(name)?;
            ensure!(had, "nothing was held against {name}");
            say(&format!("{name} may be started again\n"))
        }
    }
}

fn directory(options: &Options) -> anyhow::Result<PathBuf> {
    match &options.dir {
        Some(dir) => Ok(dir.clone()),
        None => users_directory(),
    }
}

/// The folder of installed extensions, unless the command line names another.
pub(super) fn users_directory() -> anyhow::Result<PathBuf> {
    if let Some(dir) = std::env::var_os(DIRECTORY) {
        return Ok(dir.into());
    }
    let strategy = etcetera::choose_base_strategy().context("there is no home directory")?;
    Ok(strategy.config_dir().join("symphony").join("extensions"))
}

/// An extension's folder, from a path or a name.
fn folder(options: &Options, extension: &str) -> anyhow::Result<PathBuf> {
    let here = PathBuf::from(extension);
    if here.join(FILE_NAME).is_file() {
        return Ok(here);
    }
    let installed = directory(options)?.join(extension);
    if !extension.contains(['/', '\\']) && installed.join(FILE_NAME).is_file() {
        return Ok(installed);
    }
    bail!("there is no {FILE_NAME} in {extension}, and no extension of this name is installed")
}

fn quarantine(options: &Options) -> anyhow::Result<Quarantine> {
    Ok(Quarantine::new(directory(options)?.join("quarantine.json")))
}

fn supervisor(options: &Options, extension: &str) -> anyhow::Result<Supervisor> {
    let folder = folder(options, extension)?;
    Ok(Supervisor::new(
        &folder,
        host(options)?,
        quarantine(options)?,
    ))
}

fn host(options: &Options) -> anyhow::Result<HostOptions> {
    Ok(HostOptions {
        python: options.python.clone(),
        node: options.node.clone(),
        ..HostOptions::new(launcher()?, Notices::new(|notice| tell(&notice)))
    })
}

/// What an extension says beside its answers belongs to standard error.
fn tell(notice: &Notice) {
    let mark = match &notice.event {
        Event::Log(Level::Debug, _) => return,
        Event::Log(Level::Info, _) | Event::Stderr(_) | Event::Reloaded => "",
        Event::Log(Level::Error, _) | Event::Crashed(_) | Event::Quarantined(_) => "error: ",
        _ => "warning: ",
    };
    // Nobody is left to tell if this fails.
    let _ = writeln!(io::stderr(), "{mark}{notice}");
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.context("failed to start a runtime")
}

fn list(options: &Options) -> anyhow::Result<String> {
    let dir = directory(options)?;
    let quarantine = quarantine(options)?;
    let folders = installed(&dir);
    let mut text = String::new();
    for folder in &folders {
        let _ = match Loaded::read(folder) {
            Ok(loaded) => {
                let manifest = &loaded.manifest;
                let record = quarantine.record(&manifest.name);
                let state = match record.verdict(loaded.content) {
                    Some((crashes, reason)) => {
                        format!("in quarantine after {crashes} crashes, the last: {reason}")
                    }
                    None => declared(&loaded),
                };
                let (name, version, kind) =
                    (&manifest.name, &manifest.version, manifest.kind.as_str());
                writeln!(text, "{name} {version}, {kind}: {state}")
            }
            Err(error) => writeln!(text, "{}: {error}", folder.display()),
        };
    }
    if folders.is_empty() {
        let _ = writeln!(text, "nothing is installed in {}", dir.display());
    }
    let _ = writeln!(text, "{}", support());
    Ok(text)
}

/// The folders of the extensions that are installed.
pub(super) fn installed(dir: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(|it| Some(it.ok()?.path()))
        .filter(|it| it.join(FILE_NAME).is_file())
        .collect();
    folders.sort();
    folders
}

/// One that is installed, for a server: what it says is logged.
pub(crate) fn users_supervisor(name: &str) -> anyhow::Result<Supervisor> {
    let dir = users_directory()?;
    let folder = dir.join(name);
    let is_name = !name.contains(['/', '\\']) && folder.join(FILE_NAME).is_file();
    ensure!(is_name, "there is no extension {name} in {}", dir.display());
    let program = |variable| std::env::var_os(variable).map(PathBuf::from);
    let options = HostOptions {
        python: program(PYTHON),
        node: program(NODE),
        ..HostOptions::new(launcher()?, Notices::new(|notice| log(&notice)))
    };
    let quarantine = Quarantine::new(dir.join("quarantine.json"));
    Ok(Supervisor::new(&folder, options, quarantine))
}

fn log(notice: &Notice) {
    match &notice.event {
        Event::Log(Level::Debug, _) => tracing::debug!("{notice}"),
        Event::Log(Level::Info, _) | Event::Stderr(_) | Event::Reloaded => {
            tracing::info!("{notice}");
        }
        Event::Log(Level::Error, _) | Event::Crashed(_) | Event::Quarantined(_) => {
            tracing::error!("{notice}");
        }
        _ => tracing::warn!("{notice}"),
    }
}

/// What starts programs of others, and ends them with this process: this binary.
pub(crate) fn launcher() -> anyhow::Result<Launcher> {
    Ok(Launcher {
        program: std::env::current_exe().context("failed to find this binary")?,
        arguments: vec![LAUNCH.into()],
    })
}

/// What an extension may do, in a line.
fn declared(loaded: &Loaded) -> String {
    let capabilities = &loaded.manifest.capabilities;
    let paths = |paths: &[PathBuf]| {
        let shown: Vec<_> = paths.iter().map(|it| it.display().to_string()).collect();
        shown.join(", ")
    };
    let ports: Vec<_> = capabilities
        .connect
        .iter()
        .map(ToString::to_string)
        .collect();
    let all = [
        ("reads", paths(&capabilities.read)),
        ("writes", paths(&capabilities.write)),
        ("connects to ports", ports.join(", ")),
        ("starts", paths(&capabilities.exec)),
        ("sees", capabilities.environment.join(", ")),
    ];
    let some: Vec<_> = all
        .iter()
        .filter(|it| !it.1.is_empty())
        .map(|(verb, what)| format!("{verb} {what}"))
        .collect();
    match some.is_empty() {
        true => "reads its own folder only".to_owned(),
        false => some.join("; "),
    }
}

fn verify(options: &Options, extension: &str) -> anyhow::Result<()> {
    let folder = folder(options, extension)?;
    let loaded = match Loaded::read(&folder) {
        Ok(loaded) => loaded,
        Err(StartError::Manifest(error)) => {
            // As compilers tell it, so that editors find the place.
            let file = folder.join(FILE_NAME);
            let told = error.0.iter().map(|it| format!("{}:{it}", file.display()));
            bail!(
                "the manifest is wrong\n{}",
                told.collect::<Vec<_>>().join("\n")
            );
        }
        Err(error) => return Err(error.into()),
    };
    let manifest = &loaded.manifest;
    let mut text = format!(
        "{} {}, {}: {}\n",
        manifest.name,
        manifest.version,
        manifest.kind.as_str(),
        declared(&loaded)
    );
    let host = host(options)?;
    runtime()?.block_on(async {
        let extension = Extension::start(&loaded, &host).await;
        let extension = extension.context("failed to start it")?;
        let welcome = extension.welcome();
        let health = tokio::time::timeout(host.handshake, extension.probe()).await;
        let health = health.ok().flatten().context("it does not say how it is")?;
        let ended = extension.stop().await;
        ensure!(!ended.crashed, "it did not end well: {ended}");
        let _ = writeln!(
            text,
            "started as {}, {:?}, {} requests at once; methods: {}\n{}",
            welcome.extension,
            health.condition,
            welcome.concurrency,
            welcome.methods.join(", "),
            support()
        );
        anyhow::Ok(())
    })?;
    say(&text)
}

/// Calls methods, a line each, until there are no more lines. An extension that was changed meanwhile is started anew.
async fn lines(supervisor: &Supervisor) -> anyhow::Result<()> {
    for line in io::stdin().lock().lines() {
        let line = line.context("failed to read a line")?;
        let line = line.trim();
        let (method, params) = line.split_once(' ').unwrap_or((line, "null"));
        if method.is_empty() {
            continue;
        }
        if let Err(error) = print(supervisor, method, params).await {
            // The next line may be right.
            writeln!(io::stderr(), "symphony: {error:#}")?;
        }
    }
    Ok(())
}

async fn print(supervisor: &Supervisor, method: &str, params: &str) -> anyhow::Result<()> {
    let params: Json = serde_json::from_str(params).context("the parameters are no JSON")?;
    let extension = supervisor.extension().await?;
    let mut stream = extension
        .stream(method, Value::of(&params)?, WINDOW)
        .await?;
    while let Some(part) = stream.next().await? {
        say(&format!("{}\n", shown(&part)?))?;
    }
    match stream.last() {
        Some(last) => say(&format!("{}\n", shown(last)?)),
        None => Ok(()),
    }
}

fn shown(value: &Value) -> anyhow::Result<String> {
    let value: Json = value
        .read()
        .context("the answer has what JSON has no word for")?;
    Ok(value.to_string())
}

fn new(name: &str, language: LanguageName, kind: KindName, sdk: &Path) -> anyhow::Result<()> {
    let language = match language {
        LanguageName::Rust => Language::Rust,
        LanguageName::Python => Language::Python,
        LanguageName::Typescript => Language::TypeScript,
    };
    let kind = match kind {
        KindName::Instrument => Kind::Instrument,
        KindName::Operator => Kind::Operator,
        KindName::Addon => Kind::Addon,
    };
    // Cargo takes relative ones from the new folder, people from where they are.
    let sdk = std::path::absolute(sdk).unwrap_or_else(|_| sdk.to_owned());
    let written = template::write(Path::new(name), name, kind, language, &sdk);
    written.with_context(|| format!("failed to write {name}"))?;
    say(&format!(
        "wrote {name}; next:\n  cd {name}\n  {}\n  symphony ext verify .\n",
        language.build()
    ))
}
