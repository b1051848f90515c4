//! Folders and files that come, change and go while a session runs.

use serde_json::{Value, json};

use crate::support::{
    Folder, capabilities, open, session, session_with, wait_for_index, wait_for_symbols,
};

const CREATED: u8 = 1;
const CHANGED: u8 = 2;
const DELETED: u8 = 3;

fn file_event(folder: &Folder, path: &str, kind: u8) -> Value {
    json!({ "changes": [{ "uri": folder.uri(path), "type": kind }] })
}

#[test]
fn indexing_shows_progress_with_figures() {
    let folder = Folder::new(&[
        ("a.ts", "export const a = 1;\n"),
        ("b.tsx", "const b = <b />;\n"),
    ]);
    let client = session(&[&folder]);
    wait_for_index(&client);
    let inbox = client.inbox();
    let created = inbox
        .requests
        .iter()
        .filter(|it| it.method == "window/workDoneProgress/create");
    assert!(created.count() >= 1);
    let begin = inbox.progress("begin").next().unwrap();
    assert!(!begin["title"].as_str().unwrap().is_empty());
    let message = inbox.progress("end").next().unwrap()["message"]
        .as_str()
        .unwrap();
    assert!(message.starts_with("2 files, 2 lines, "), "{message}");
}

#[test]
fn a_client_without_progress_gets_none() {
    let folder = Folder::new(&[("a.ts", "export const uniqueName = 1;\n")]);
    let mut capabilities = capabilities();
    capabilities["window"] = json!({});
    let mut client = session_with(&[&folder], capabilities);
    wait_for_symbols(&mut client, "uniqueName", &["uniqueName"]);
    assert_eq!(client.inbox().notified("$/progress").count(), 0);
}

#[test]
fn watching_is_registered_where_the_client_can_watch() {
    let client = session(&[&Folder::new(&[])]);
    let registered = client
        .wait_for(|inbox| {
            let mut all = inbox
                .requests
                .iter()
                .filter(|it| it.method == "client/registerCapability");
            all.find_map(|it| {
                let registrations = it.params["registrations"].as_array()?;
                let watch = |it: &&Value| it["method"] == "workspace/didChangeWatchedFiles";
                registrations.iter().find(watch).cloned()
            })
        })
        .unwrap();
    let watchers = registered["registerOptions"]["watchers"]
        .as_array()
        .unwrap();
    assert!(!watchers.is_empty());
}

#[test]
fn watching_is_not_registered_where_the_client_cannot() {
    let folder = Folder::new(&[("a.ts", "export const a = 1;\n")]);
    let mut capabilities = capabilities();
    capabilities["workspace"]["didChangeWatchedFiles"] = json!({ "dynamicRegistration": false });
    let mut client = session_with(&[&folder], capabilities);
    wait_for_index(&client);
    wait_for_symbols(&mut client, "a", &["a"]);
    let inbox = client.inbox();
    assert!(
        inbox
            .requests
            .iter()
            .all(|it| it.method != "client/registerCapability")
    );
}

#[test]
fn files_that_come_change_and_go_are_seen() {
    let folder = Folder::new(&[("a.ts", "export const oldName = 1;\n")]);
    let mut client = session(&[&folder]);
    wait_for_symbols(&mut client, "oldName", &["oldName"]);

    folder.write("a.ts", "export const newName = 1;\n");
    client.notify(
        "workspace/didChangeWatchedFiles",
        file_event(&folder, "a.ts", CHANGED),
    );
    wait_for_symbols(&mut client, "newName", &["newName"]);
    wait_for_symbols(&mut client, "oldName", &[]);

    folder.write("deep/er/b.ts", "export function freshName() {}\n");
    client.notify(
        "workspace/didChangeWatchedFiles",
        file_event(&folder, "deep/er/b.ts", CREATED),
    );
    wait_for_symbols(&mut client, "freshName", &["freshName"]);

    folder.remove("a.ts");
    client.notify(
        "workspace/didChangeWatchedFiles",
        file_event(&folder, "a.ts", DELETED),
    );
    wait_for_symbols(&mut client, "newName", &[]);
    client.settle().unwrap();
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn an_open_document_hides_its_file() {
    let folder = Folder::new(&[("a.ts", "export const onDisk = 1;\n")]);
    let mut client = session(&[&folder]);
    wait_for_symbols(&mut client, "onDisk", &["onDisk"]);
    let document = folder.document("a.ts", "export const inEditor = 1;\n");
    open(&mut client, &document);
    wait_for_symbols(&mut client, "inEditor", &["inEditor"]);
    wait_for_symbols(&mut client, "onDisk", &[]);

    folder.write("a.ts", "export const onDiskAgain = 1;\n");
    client.notify(
        "workspace/didChangeWatchedFiles",
        file_event(&folder, "a.ts", CHANGED),
    );
    wait_for_symbols(&mut client, "onDiskAgain", &[]);
    wait_for_symbols(&mut client, "inEditor", &["inEditor"]);

    client.notify("textDocument/didClose", document.id_params());
    wait_for_symbols(&mut client, "onDiskAgain", &["onDiskAgain"]);
    wait_for_symbols(&mut client, "inEditor", &[]);
}

#[test]
fn folders_that_come_and_go_are_seen() {
    let first = Folder::new(&[("a.ts", "export const inFirst = 1;\n")]);
    let second = Folder::new(&[("b.ts", "export const inSecond = 1;\n")]);
    let mut client = session(&[&first]);
    wait_for_symbols(&mut client, "inFirst", &["inFirst"]);
    wait_for_symbols(&mut client, "inSecond", &[]);
    let event = json!({ "event": { "added": [second.root()], "removed": [] } });
    client.notify("workspace/didChangeWorkspaceFolders", event);
    wait_for_symbols(&mut client, "inSecond", &["inSecond"]);
    wait_for_symbols(&mut client, "inFirst", &["inFirst"]);
    let event = json!({ "event": { "added": [], "removed": [first.root()] } });
    client.notify("workspace/didChangeWorkspaceFolders", event);
    wait_for_symbols(&mut client, "inFirst", &[]);
    wait_for_symbols(&mut client, "inSecond", &["inSecond"]);
}
