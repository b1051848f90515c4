//! `cargo xtask try`: a real LSP session on a folder, shown step by step to someone who is curious.
//!
//! Everything on the screen comes out of the server, over the protocol, as an editor would get it.

mod completions;
mod outline;
mod problems;
mod progress;
mod screen;
mod sources;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use symphony_tests::{Document, LspClient, Random, file_uri};

use screen::Screen;
use sources::Source;

/// Longer than any index takes; a server that hangs is still noticed.
const DEADLINE: Duration = Duration::from_secs(600);

/// What to try it on.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// A folder of TypeScript; without one, the playground in `fixtures`
    folder: Option<PathBuf>,
    /// How many files to open
    #[arg(long, default_value_t = 20)]
    files: usize,
    /// How many completions to ask for
    #[arg(long, default_value_t = 12)]
    completions: usize,
    /// Chooses the files and the places; the same seed gives the same ones
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// An open document and what to call it on the screen.
struct Opened {
    name: String,
    document: Document,
}

/// Builds the server, starts it on the folder and walks through what it can do.
pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    let playground = root.join("fixtures/playground");
    let folder = options.folder.as_deref().unwrap_or(&playground);
    let folder = folder
        .canonicalize()
        .with_context(|| format!("there is no folder {}", folder.display()))?;
    if !folder.is_dir() {
        bail!("{} is a file; name a folder", folder.display());
    }
    let sources = sources::list(&folder)?;
    let mut screen = Screen::new();
    let binary = build(root, &mut screen)?;
    if !crate::library::install(root)? {
        screen.line("npm is not installed: names of the language's libraries will be unknown")?;
    }
    let mut random = Random::new(options.seed);

    let mut command = Command::new(binary);
    command.arg("lsp").current_dir(&folder);
    let mut client = LspClient::start(command)?;
    client.set_deadline(DEADLINE);
    index(&mut client, &folder, &mut screen)?;
    let mut opened = open(&mut client, &sources, &mut random, options.files)?;
    problems::show(&mut client, &opened, &mut screen)?;
    outline::show(&mut client, &opened, &mut screen)?;
    completions::show(
        &mut client,
        &mut opened,
        &mut random,
        options.completions,
        &mut screen,
    )?;
    let code = client.shutdown()?;
    if code != 0 {
        bail!("the server ended with exit code {code}");
    }
    screen.line("")
}

/// The server that `SYMPHONY_BINARY` names, or else the one that Cargo builds.
fn build(root: &Path, screen: &mut Screen) -> Result<PathBuf> {
    if let Some(binary) = env::var_os("SYMPHONY_BINARY") {
        screen.heading("Server", &binary.display().to_string())?;
        return Ok(PathBuf::from(binary));
    }
    screen.heading("Build", "cargo build --release -p symphony-server")?;
    let start = Instant::now();
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root)
        .args(["build", "--release", "--package", "symphony-server"])
        .status()
        .context("failed to start cargo")?;
    if !status.success() {
        bail!("the server does not build");
    }
    screen.line(&format!("ready in {:.1} s", start.elapsed().as_secs_f64()))?;
    crate::server_binary(root, "release")
}

fn index(client: &mut LspClient, folder: &Path, screen: &mut Screen) -> Result<()> {
    screen.heading("Index", &folder.display().to_string())?;
    let root = json!({ "uri": file_uri(folder), "name": "try" });
    let start = Instant::now();
    let answer = client.initialize(json!({
        "processId": std::process::id(),
        "rootUri": root["uri"],
        "workspaceFolders": [root],
        "capabilities": {
            "window": { "workDoneProgress": true },
            "workspace": { "workspaceFolders": true, "configuration": true },
            "textDocument": {
                "diagnostic": {},
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
                "inlineCompletion": {},
            },
        },
    }))?;
    let ready = start.elapsed();
    let message = progress::follow(client)?;
    let took = start.elapsed().as_secs_f64();
    let name = answer["serverInfo"]["name"]
        .as_str()
        .unwrap_or("the server")
        .to_owned();
    let milliseconds = ready.as_secs_f64() * 1000.0;
    screen.line(&format!("{name} answered after {milliseconds:.1} ms"))?;
    screen.good(&format!("{message} in {took:.2} s"))
}

fn open(
    client: &mut LspClient,
    sources: &[Source],
    random: &mut Random,
    limit: usize,
) -> Result<Vec<Opened>> {
    let mut opened = Vec::new();
    for source in sources::sample(sources, random, limit) {
        let bytes = fs::read(&source.path)
            .with_context(|| format!("failed to read {}", source.path.display()))?;
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        let document = Document {
            uri: file_uri(&source.path),
            version: 1,
            text,
        };
        client.notify("textDocument/didOpen", document.open_params());
        opened.push(Opened {
            name: source.name.clone(),
            document,
        });
    }
    Ok(opened)
}

/// A request, its result, and how long the answer took.
fn timed(client: &mut LspClient, method: &str, params: Value) -> Result<(Value, Duration)> {
    let start = Instant::now();
    let id = client.send(method, params);
    let reply = client.wait(id)?;
    let took = reply.at.saturating_duration_since(start);
    let result = reply.result.with_context(|| format!("{method} failed"))?;
    Ok((result, took))
}

/// The middle one of some times, in milliseconds.
fn median(times: &[Duration]) -> f64 {
    let mut times = times.to_vec();
    times.sort();
    times
        .get(times.len() / 2)
        .map_or(0.0, |it| it.as_secs_f64() * 1000.0)
}
