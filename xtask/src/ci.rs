//! `cargo xtask ci`: every check of a change, in one table, on the developer's machine as elsewhere.
//!
//! The tests come last, so that the test runner's summary is the last thing on the screen.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use console::{Term, style};

use crate::floors;

/// One thing that has to hold.
struct Step {
    name: &'static str,
    run: fn(&Path) -> Result<Outcome>,
}

pub(crate) enum Outcome {
    Done,
    Skipped(&'static str),
}

/// All steps, in order; the first that fails ends the run. A new step is one more line here.
const STEPS: &[Step] = &[
    Step {
        name: "tools",
        run: tools,
    },
    Step {
        name: "format",
        run: formatting,
    },
    Step {
        name: "TypeScript's libraries",
        run: library,
    },
    Step {
        name: "VS Code extension",
        run: vscode,
    },
    Step {
        name: "TypeScript SDK",
        run: typescript_sdk,
    },
    Step {
        name: "Python",
        run: python,
    },
    Step {
        name: "clippy and build",
        run: build,
    },
    Step {
        name: "floors",
        run: floors,
    },
    Step {
        name: "tests",
        run: tests,
    },
];

/// Runs all steps on the workspace at `root`.
pub(crate) fn run(root: &Path) -> Result<()> {
    let terminal = Term::stdout();
    let mut took = Vec::new();
    for (index, step) in STEPS.iter().enumerate() {
        if index + 1 == STEPS.len() {
            terminal.write_line(&format!("\nsteps so far: {}", took.join(", ")))?;
        }
        let heading = format!("\n[{}/{}] {}", index + 1, STEPS.len(), step.name);
        terminal.write_line(&style(heading).bold().to_string())?;
        let start = Instant::now();
        let outcome = (step.run)(root).with_context(|| format!("step `{}` failed", step.name))?;
        match outcome {
            Outcome::Done => took.push(format!("{} {}", step.name, seconds(start.elapsed()))),
            Outcome::Skipped(reason) => {
                terminal.write_line(&format!("skipped: {reason}"))?;
                took.push(format!("{} skipped", step.name));
            }
        }
    }
    Ok(())
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// rustfmt and clippy are parts of the toolchain that a minimal one leaves out.
fn tools(root: &Path) -> Result<Outcome> {
    for (verb, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !answers(cargo(root).args([verb, "--version"])) {
            succeed(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    redis_server()?;
    Ok(Outcome::Done)
}

/// The tests of the shared tier start a real Redis where there is one.
fn redis_server() -> Result<()> {
    let is_there = || answers(Command::new("redis-server").arg("--version"));
    if is_there() {
        return Ok(());
    }
    // Where it can be installed without asking anyone: in a container, as root.
    for arguments in [&["update"][..], &["install", "--yes", "redis-server"]] {
        let mut install = Command::new("apt-get");
        install.env("DEBIAN_FRONTEND", "noninteractive");
        if !(is_root() && answers(install.arg("--quiet").args(arguments))) {
            break;
        }
    }
    if !is_there() {
        let told = "redis-server is not installed: what needs it is not tested";
        Term::stdout().write_line(told)?;
    }
    Ok(())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|it| it.stdout.trim_ascii() == b"0")
}

fn formatting(root: &Path) -> Result<Outcome> {
    succeed(cargo(root).args(["fmt", "--all", "--check"]))
}

fn library(root: &Path) -> Result<Outcome> {
    Ok(match crate::library::install(root)? {
        true => Outcome::Done,
        false => Outcome::Skipped("npm is not installed"),
    })
}

fn vscode(root: &Path) -> Result<Outcome> {
    npm_package(root, "editors/vscode", &["package"])
}

fn typescript_sdk(root: &Path) -> Result<Outcome> {
    npm_package(root, "crates/extension/sdk/typescript", &["test"])
}

/// Installs what the package in a folder needs, and runs some of its scripts.
fn npm_package(root: &Path, folder: &str, scripts: &[&str]) -> Result<Outcome> {
    let folder = root.join(folder);
    if !folder.join("package.json").is_file() {
        return Ok(Outcome::Skipped("there is no package.json"));
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    if !answers(Command::new(npm).arg("--version")) {
        return Ok(Outcome::Skipped("npm is not installed"));
    }
    let install = ["ci", "--no-audit", "--no-fund"];
    succeed(Command::new(npm).current_dir(&folder).args(install))?;
    for script in scripts {
        succeed(Command::new(npm).current_dir(&folder).args(["run", script]))?;
    }
    Ok(Outcome::Done)
}

fn python(root: &Path) -> Result<Outcome> {
    Ok(match crate::python::check(root)? {
        true => Outcome::Done,
        false => Outcome::Skipped("there is no Python of version 3.10 or later"),
    })
}

/// Everything at once, tests included, by clippy in the compiler's place: it is the compiler and says more, so that nothing is
/// compiled twice. Built package by package, dependencies would have other features and be built again.
fn build(root: &Path) -> Result<Outcome> {
    let arguments = [
        "build",
        "--workspace",
        "--all-targets",
        "--locked",
        "--quiet",
    ];
    succeed(linting(cargo(root).args(arguments)))
}

/// With clippy in the compiler's place, as `cargo clippy` has it where it only checks; a warning is an error.
fn linting(command: &mut Command) -> &mut Command {
    command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver").env(
        "CLIPPY_ARGS",
        ["-D", "warnings", ""].join("__CLIPPY_HACKERY__"),
    )
}

fn floors(root: &Path) -> Result<Outcome> {
    let Some(yardsticks) = floors::yardsticks(root) else {
        return Ok(Outcome::Skipped(
            "the yardsticks are not beside the checkout",
        ));
    };
    floors::run(root, &yardsticks, &crate::server_binary(root, "debug")?)?;
    Ok(Outcome::Done)
}

fn tests(root: &Path) -> Result<Outcome> {
    let mut command = cargo(root);
    // The step before built it: without this each end-to-end test would ask Cargo once more.
    command.env("SYMPHONY_BINARY", crate::server_binary(root, "debug")?);
    if answers(cargo(root).args(["nextest", "--version"])) {
        command.args(["nextest", "run", "--cargo-quiet", "--status-level", "slow"]);
    } else {
        command.args(["test", "--tests", "--quiet"]);
    }
    // As it was built, or it would be built again.
    succeed(linting(command.args([
        "--workspace",
        "--locked",
        "--no-fail-fast",
    ])))
}

fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(root);
    command
}

/// Whether a tool is there at all.
pub(crate) fn answers(command: &mut Command) -> bool {
    let command = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|it| it.success())
}

pub(crate) fn succeed(command: &mut Command) -> Result<Outcome> {
    let status = command
        .status()
        .with_context(|| format!("failed to start {command:?}"))?;
    if !status.success() {
        bail!("{command:?}: {status}");
    }
    Ok(Outcome::Done)
}
