//! No socket unless it is asked for: what the server's process has open, seen from outside.

use std::collections::BTreeSet;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};

use serde_json::json;
use symphony_tests::{LspClient, server_command};
use tempfile::TempDir;

use crate::support::{
    Folder, capabilities, initialize_params, open, symbol_names, wait_for_index, wait_for_symbols,
};

/// The sockets that a process has open, by the system's numbers.
struct Sockets {
    /// Without an address: the two ends by which a process tells itself of signals, as its runtime does. A connection to somebody
    /// else's named one looks the same, so only their number tells.
    unnamed: BTreeSet<String>,
    /// All that others can reach, or that reach others.
    others: BTreeSet<String>,
}

/// None where the system does not tell.
fn sockets(process: &str) -> Option<Sockets> {
    let files = fs::read_dir(format!("/proc/{process}/fd")).ok()?;
    // What was closed between the list and the look is no socket that stays.
    let targets = files.flatten().flat_map(|file| fs::read_link(file.path()));
    let open: BTreeSet<String> = targets
        .filter_map(|target| {
            let number = target.to_str()?.strip_prefix("socket:[")?;
            Some(number.trim_end_matches(']').to_owned())
        })
        .collect();
    let local = fs::read_to_string(format!("/proc/{process}/net/unix")).ok()?;
    // A named one has its name as an eighth word.
    let unnamed: BTreeSet<&str> = local
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|words| words.len() == 7)
        .map(|words| words[6])
        .collect();
    let (unnamed, others) = open
        .into_iter()
        .partition(|number| unnamed.contains(number.as_str()));
    Some(Sockets { unnamed, others })
}

#[test]
fn a_server_that_nobody_told_to_share_opens_no_socket() {
    // One of our own shows that a look would see it.
    let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let Some(ours) = sockets("self") else {
        skipped("no /proc/PID: it takes Linux to see what another process has open");
        return;
    };
    assert!(
        !ours.others.is_empty(),
        "the look sees no socket that there is"
    );

    let folder = Folder::new(&[
        ("a.ts", "export const alpha = 1;\n"),
        ("b.ts", "import { alpha } from './a';\nalpha;\n"),
    ]);
    let cache = TempDir::new().unwrap();
    let mut command = server_command();
    command.env("SYMPHONY_CACHE_DIR", cache.path());
    let mut client = LspClient::start(command).unwrap();
    let server = client.process_id().to_string();
    let look = |when: &str| {
        let Sockets { unnamed, others } = sockets(&server).unwrap();
        assert!(others.is_empty(), "{when}: {others:?}");
        assert!(unnamed.len() <= 2, "{when}: {unnamed:?}");
    };

    client
        .initialize(initialize_params(&[&folder], capabilities()))
        .unwrap();
    look("initialised");
    wait_for_index(&client);
    wait_for_symbols(&mut client, "alpha", &["alpha"]);
    look("indexed");
    let document = folder.document("b.ts", "import { alpha } from './a';\nalph\n");
    open(&mut client, &document);
    assert!(symbol_names(&mut client, &document).is_empty());
    let mut params = document.id_params();
    params["position"] = json!({ "line": 1, "character": 4 });
    for method in ["completion", "inlineCompletion"] {
        params["context"] = json!({ "triggerKind": 1 });
        client
            .request(&format!("textDocument/{method}"), params.clone())
            .unwrap();
        look(method);
    }
    client.shutdown().unwrap();
}

#[expect(
    clippy::print_stderr,
    reason = "a reader of the test's output learns what was not tested"
)]
fn skipped(reason: &str) {
    eprintln!("skipped: {reason}");
}
