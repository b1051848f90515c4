//! A second start: what was kept, what is read again, and that nothing is out of date.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::json;
use symphony_tests::{LspClient, server_command};
use tempfile::TempDir;

use crate::support::{Folder, capabilities, initialize_params, wait_for_index, wait_for_symbols};

/// A session that keeps what it knows in `cache`; also what the index run said in the end.
fn session(folder: &Folder, cache: &Path) -> (LspClient, String) {
    let mut command = server_command();
    command.env("SYMPHONY_CACHE_DIR", cache);
    let mut client = LspClient::start(command).unwrap();
    client
        .initialize(initialize_params(&[folder], capabilities()))
        .unwrap();
    wait_for_index(&client);
    let inbox = client.inbox();
    let end = inbox.progress("end").next().unwrap()["message"].clone();
    drop(inbox);
    (client, end.as_str().unwrap().to_owned())
}

/// Makes files as old as those that a user has.
fn age(folder: &Folder, paths: &[&str]) {
    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    for path in paths {
        let file = File::options()
            .append(true)
            .open(folder.path(path))
            .unwrap();
        file.set_modified(hour_ago).unwrap();
    }
}

fn project() -> Folder {
    let folder = Folder::new(&[
        ("a.ts", "export const alpha = 1;\n"),
        (
            "b.ts",
            "import { alpha } from './a';\nexport const beta = alpha;\n",
        ),
        ("sub/c.tsx", "export function gamma() { return <b />; }\n"),
    ]);
    age(&folder, &["a.ts", "b.ts", "sub/c.tsx"]);
    folder
}

#[test]
fn a_second_start_reads_no_unchanged_file() {
    let (folder, cache) = (project(), TempDir::new().unwrap());
    let (client, first) = session(&folder, cache.path());
    assert!(
        first.starts_with("3 files, 4 lines, ") && !first.contains("unchanged"),
        "{first}"
    );
    client.shutdown().unwrap();

    let (mut client, second) = session(&folder, cache.path());
    assert!(second.ends_with(", 3 unchanged"), "{second}");
    wait_for_symbols(&mut client, "gamma", &["gamma"]);
    let position = json!({ "line": 0, "character": 14 });
    let found = client.request(
        "textDocument/references",
        json!({
            "textDocument": { "uri": folder.uri("a.ts") },
            "position": position,
            "context": { "includeDeclaration": true },
        }),
    );
    assert_eq!(found.unwrap().as_array().unwrap().len(), 3);
}

#[test]
fn what_changed_meanwhile_is_read_again() {
    let (folder, cache) = (project(), TempDir::new().unwrap());
    session(&folder, cache.path()).0.shutdown().unwrap();
    folder.write("a.ts", "export const delta = 1;\n");
    folder.write("new.ts", "export const epsilon = 1;\n");
    folder.remove("sub/c.tsx");

    let (mut client, second) = session(&folder, cache.path());
    assert!(second.ends_with(", 1 unchanged"), "{second}");
    for (query, found) in [
        ("delta", &["delta"][..]),
        ("epsilon", &["epsilon"]),
        ("beta", &["beta"]),
    ] {
        wait_for_symbols(&mut client, query, found);
    }
    for gone in ["alpha", "gamma"] {
        let symbols = client.request("workspace/symbol", json!({ "query": gone }));
        assert_eq!(symbols.unwrap(), json!([]), "{gone}");
    }
}

#[test]
fn a_file_that_was_just_written_is_not_trusted_by_its_time() {
    let (folder, cache) = (project(), TempDir::new().unwrap());
    let length = "export const alpha = 1;\n".len();
    session(&folder, cache.path()).0.shutdown().unwrap();
    let other = "export const omega = 2;\n";
    assert_eq!(other.len(), length);
    // Within the tick in which it was read: the same time, the same length, another text.
    let soon = SystemTime::now() + Duration::from_secs(60);
    let set = |text: &str| {
        folder.write("a.ts", text);
        let file = File::options()
            .append(true)
            .open(folder.path("a.ts"))
            .unwrap();
        file.set_modified(soon).unwrap();
    };
    set("export const alpha = 2;\n");
    session(&folder, cache.path()).0.shutdown().unwrap();
    set(other);
    let (mut client, _) = session(&folder, cache.path());
    wait_for_symbols(&mut client, "omega", &["omega"]);
}

#[test]
fn damaged_bytes_are_made_again() {
    let (folder, cache) = (project(), TempDir::new().unwrap());
    session(&folder, cache.path()).0.shutdown().unwrap();
    let mut damaged = 0;
    let mut folders = vec![cache.path().to_owned()];
    while let Some(path) = folders.pop() {
        for entry in path.read_dir().unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let mut bytes = std::fs::read(entry.path()).unwrap();
            for byte in bytes.iter_mut().step_by(97) {
                *byte ^= 0x10;
            }
            damaged += bytes.len();
            std::fs::write(entry.path(), bytes).unwrap();
        }
    }
    assert!(damaged > 0, "something was kept");
    let (mut client, _) = session(&folder, cache.path());
    for name in ["alpha", "beta", "gamma"] {
        wait_for_symbols(&mut client, name, &[name]);
    }
}
