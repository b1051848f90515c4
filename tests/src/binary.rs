//! Where the server under test is, and building it when it is not there or out of date.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The root of the workspace that this crate was built in.
pub fn workspace_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}

/// `symphony lsp`, ready to be started, with the server's debug requests on.
///
/// The binary is the one that `SYMPHONY_BINARY` names, or else the one that Cargo builds for the
/// profile of the running test: no test ever runs on yesterday's server.
///
/// # Panics
/// When the server does not build.
pub fn server_command() -> Command {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    let binary = BINARY.get_or_init(|| match env::var_os("SYMPHONY_BINARY") {
        Some(path) => PathBuf::from(path),
        None => build(),
    });
    let mut command = Command::new(binary);
    command.arg("lsp").env("SYMPHONY_TEST", "1");
    // A Python in each of hundreds of servers would keep the machine busy; tests of it turn it on.
    command.env("SYMPHONY_CONDUCTOR_ENABLED", "false");
    // No test finds what another has kept.
    command.env("SYMPHONY_CACHE_DIR", "");
    // Nor has the developer's settings.
    command.env("SYMPHONY_CONFIG_DIR", "");
    command.env("SYMPHONY_STATE_DIR", "");
    // Nor talks to what the developer shares with others.
    command.env_remove("SYMPHONY_SHARED_STORE");
    command.env_remove("SYMPHONY_SHARED_SECRET");
    command
}

fn build() -> PathBuf {
    let test = env::current_exe().or_panic("the running test has a path");
    // <target>/<profile>/deps/<test>
    let profile = test.ancestors().nth(2).unwrap_or(Path::new("."));
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(workspace_root())
        .args(["build", "--quiet", "-p", "symphony-server"]);
    if profile.ends_with("release") {
        command.arg("--release");
    }
    let status = command.status().or_panic("cargo starts");
    assert!(
        status.success(),
        "the server must build before it can be tested"
    );
    profile
        .join("symphony")
        .with_extension(env::consts::EXE_EXTENSION)
}

/// `expect` with the error written for people.
trait OrPanic<T> {
    fn or_panic(self, invariant: &str) -> T;
}

impl<T, E: std::fmt::Display> OrPanic<T> for Result<T, E> {
    fn or_panic(self, invariant: &str) -> T {
        self.unwrap_or_else(|error| panic!("{invariant}: {error}"))
    }
}
