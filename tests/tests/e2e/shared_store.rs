//! What machines share: a second one is warm, and a server without a secret, or without its store, serves all the same.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use symphony_tests::{LspClient, server_command};
use tempfile::TempDir;

use crate::support::{Folder, capabilities, initialize_params, wait_for_index, wait_for_symbols};

/// A Redis of this test's own.
struct Redis {
    child: Child,
    port: u16,
    _dir: TempDir,
}

impl Redis {
    /// None where it is not installed, or its port was taken between two looks.
    fn start() -> Option<Self> {
        let dir = TempDir::new().unwrap();
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let spawned = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = spawned.ok()?;
        let lines = BufReader::new(child.stdout.take()?).lines();
        let redis = Self {
            child,
            port,
            _dir: dir,
        };
        let ready = |line: String| line.contains("Ready to accept connections");
        lines.map_while(Result::ok).any(ready).then_some(redis)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Another checkout, on what might be another machine.
fn checkout() -> Folder {
    Folder::new(&[
        ("a.ts", "export const alpha = 1;\n"),
        (
            "b.ts",
            "import { alpha } from './a';\nexport const beta = alpha;\n",
        ),
        ("sub/c.tsx", "export function gamma() { return <b />; }\n"),
    ])
}

fn session(folder: &Folder, cache: &Path, settings: &[(&str, &str)]) -> LspClient {
    let mut command = server_command();
    command.env("SYMPHONY_CACHE_DIR", cache);
    command.envs(settings.iter().copied());
    let mut client = LspClient::start(command).unwrap();
    client
        .initialize(initialize_params(&[folder], capabilities()))
        .unwrap();
    wait_for_index(&client);
    for name in ["alpha", "beta", "gamma"] {
        wait_for_symbols(&mut client, name, &[name]);
    }
    client
}

/// Looks until it finds what it looks for, or for ten seconds.
fn until<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let found = look();
        if found.is_some() || Instant::now() > end {
            return found;
        }
        thread::yield_now();
    }
}

/// What `symphony store stats` says of the running server, once it says `wanted`; all that it said, if it never does.
fn stats(cache: &Path, wanted: &str) -> Result<String, String> {
    let mut said = String::new();
    let told = until(|| {
        let output = Command::new(server_command().get_program())
            .args(["store", "stats"])
            .env("SYMPHONY_CACHE_DIR", cache)
            .output()
            .unwrap();
        said = String::from_utf8(output.stdout).unwrap();
        said.contains(wanted).then(|| said.clone())
    });
    told.ok_or(said)
}

#[test]
fn a_second_machine_understands_nothing_anew() {
    let Some(redis) = Redis::start() else {
        skipped("there is no redis-server");
        return;
    };
    let address = format!("redis://127.0.0.1:{}/0", redis.port);
    let settings = [
        ("SYMPHONY_SHARED_STORE", address.as_str()),
        ("SYMPHONY_SHARED_SECRET", "a secret of these machines"),
    ];
    let cache = TempDir::new().unwrap();
    let client = session(&checkout(), cache.path(), &settings);
    stats(cache.path(), "; 3 given, 0 not").unwrap();
    client.shutdown().unwrap();

    // Where other tests keep the machine busy, an answer may come too late: then the next machine is the second.
    let found = (0..3).any(|_| {
        let cache = TempDir::new().unwrap();
        let client = session(&checkout(), cache.path(), &settings);
        let found = stats(cache.path(), ": 3 found, 0 not, 0 refused").is_ok();
        client.shutdown().unwrap();
        found
    });
    assert!(found, "the second machine found nothing");
}

#[test]
fn without_a_secret_nothing_is_shared_and_the_log_says_so() {
    let cache = TempDir::new().unwrap();
    for (settings, reason) in [
        (
            &[("SYMPHONY_SHARED_STORE", "redis://:password@127.0.0.1:1/0")][..],
            "there is no secret",
        ),
        (
            &[
                ("SYMPHONY_SHARED_STORE", "redis://:password@127.0.0.1:1/0"),
                ("SYMPHONY_SHARED_SECRET", "short"),
            ],
            "less than 16 bytes",
        ),
        (
            &[
                ("SYMPHONY_SHARED_STORE", "ftp://:password@127.0.0.1/"),
                ("SYMPHONY_SHARED_SECRET", "a secret of these machines"),
            ],
            "begins with s3://",
        ),
    ] {
        let client = session(&checkout(), cache.path(), settings);
        let wanted = |text: String| text.contains("nothing is shared") && text.contains(reason);
        until(|| wanted(client.stderr()).then_some(())).unwrap();
        assert!(!client.stderr().contains("password"));
        client.shutdown().unwrap();
    }
}

#[test]
fn a_store_that_is_not_there_is_done_without() {
    // Nobody answers where somebody has just gone.
    let gone = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = format!("redis://{}/0", gone.local_addr().unwrap());
    drop(gone);
    let settings = [
        ("SYMPHONY_SHARED_STORE", address.as_str()),
        ("SYMPHONY_SHARED_SECRET", "a secret of these machines"),
    ];
    let cache = TempDir::new().unwrap();
    let client = session(&checkout(), cache.path(), &settings);
    stats(cache.path(), "0 given, 3 not").unwrap();
    client.shutdown().unwrap();
}

#[expect(
    clippy::print_stderr,
    reason = "a reader of the test's output learns what was not tested"
)]
fn skipped(reason: &str) {
    eprintln!("skipped: {reason}");
}
