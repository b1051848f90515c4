//! A folder to work in, a client with a modern editor's capabilities, and waiting for an answer.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use symphony_tests::{Document, LspClient, file_uri, server_command};
use tempfile::TempDir;

/// Error codes of JSON-RPC and LSP.
pub(crate) mod code {
    pub(crate) const PARSE_ERROR: i64 = -32700;
    pub(crate) const INVALID_REQUEST: i64 = -32600;
    pub(crate) const METHOD_NOT_FOUND: i64 = -32601;
    pub(crate) const INVALID_PARAMS: i64 = -32602;
    pub(crate) const NOT_INITIALIZED: i64 = -32002;
    pub(crate) const REQUEST_CANCELLED: i64 = -32800;
    pub(crate) const CONTENT_MODIFIED: i64 = -32801;
    pub(crate) const SERVER_CANCELLED: i64 = -32802;
}

/// A temporary folder of files.
pub(crate) struct Folder {
    // Removed from the disk when dropped.
    _guard: TempDir,
    path: PathBuf,
}

impl Folder {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let guard = TempDir::with_prefix("symphony-").unwrap();
        // The real path: some systems keep their temporary folder behind a link.
        let path = guard.path().canonicalize().unwrap();
        let folder = Self {
            _guard: guard,
            path,
        };
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.path.join(path)
    }

    pub(crate) fn uri(&self, path: &str) -> String {
        file_uri(&self.path.join(path))
    }

    pub(crate) fn root(&self) -> Value {
        json!({ "uri": file_uri(&self.path), "name": "test" })
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path.join(path)).unwrap();
    }

    /// A document of this folder, not opened yet.
    pub(crate) fn document(&self, path: &str, text: &str) -> Document {
        Document {
            uri: self.uri(path),
            version: 1,
            text: text.to_owned(),
        }
    }
}

/// A server that has not been initialised.
pub(crate) fn start() -> LspClient {
    LspClient::start(server_command()).unwrap()
}

/// What a modern editor can do.
pub(crate) fn capabilities() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "window": { "workDoneProgress": true },
        "workspace": {
            "configuration": true,
            "workspaceFolders": true,
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "symbol": {},
        },
        "textDocument": {
            "synchronization": {},
            "completion": {},
            "diagnostic": {},
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "inlineCompletion": {},
            "publishDiagnostics": { "versionSupport": true },
            "semanticTokens": {
                "requests": { "full": { "delta": true }, "range": true },
                "tokenTypes": [], "tokenModifiers": [], "formats": ["relative"],
            },
        },
    })
}

/// The parameters of `initialize`.
pub(crate) fn initialize_params(folders: &[&Folder], capabilities: Value) -> Value {
    let roots: Vec<_> = folders.iter().map(|it| it.root()).collect();
    json!({
        "processId": null,
        "rootUri": roots.first().map(|it| it["uri"].clone()),
        "capabilities": capabilities,
        "workspaceFolders": roots,
    })
}

/// A session with a modern editor.
pub(crate) fn session(folders: &[&Folder]) -> LspClient {
    session_with(folders, capabilities())
}

/// A session with a client of the given capabilities.
pub(crate) fn session_with(folders: &[&Folder], capabilities: Value) -> LspClient {
    let mut client = start();
    client
        .initialize(initialize_params(folders, capabilities))
        .unwrap();
    client
}

pub(crate) fn open(client: &mut LspClient, document: &Document) {
    client.notify("textDocument/didOpen", document.open_params());
}

/// Sends one change of a document, by content changes that `Document` made.
pub(crate) fn change(client: &mut LspClient, document: &mut Document, changes: Vec<Value>) {
    let params = document.change_params(changes);
    client.notify("textDocument/didChange", params);
}

/// Asserts that the server's copy of an open document is the client's.
#[track_caller]
pub(crate) fn assert_same_text(client: &mut LspClient, document: &Document) {
    let answer = client
        .request("symphony/text", document.id_params())
        .unwrap();
    assert_eq!(
        answer["version"], document.version,
        "version of {}",
        document.uri
    );
    let theirs = answer["text"].as_str().unwrap();
    if theirs != document.text {
        let same = theirs
            .bytes()
            .zip(document.text.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        let around = |text: &str| {
            let bytes = &text.as_bytes()[same.saturating_sub(20)..text.len().min(same + 40)];
            String::from_utf8_lossy(bytes).into_owned()
        };
        panic!(
            "{} differs at byte {same}: server {:?}, client {:?}",
            document.uri,
            around(theirs),
            around(&document.text)
        );
    }
}

/// The names of a document's symbols, outermost first.
pub(crate) fn symbol_names(client: &mut LspClient, document: &Document) -> Vec<String> {
    let symbols = client
        .request("textDocument/documentSymbol", document.id_params())
        .unwrap();
    names(&symbols)
}

/// Asks `workspace/symbol` until its answer for `query` is what is wanted.
#[track_caller]
pub(crate) fn wait_for_symbols(client: &mut LspClient, query: &str, wanted: &[&str]) {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let symbols = client
            .request("workspace/symbol", json!({ "query": query }))
            .unwrap();
        let mut found = names(&symbols);
        found.sort();
        if found == wanted {
            return;
        }
        assert!(
            Instant::now() < end,
            "{query:?} finds {found:?}, not {wanted:?}"
        );
    }
}

/// The `name` of each element, and of its children.
pub(crate) fn names(symbols: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for symbol in symbols.as_array().into_iter().flatten() {
        all.extend(symbol["name"].as_str().map(str::to_owned));
        all.extend(names(&symbol["children"]));
    }
    all
}

/// Waits until the first index is there.
pub(crate) fn wait_for_index(client: &LspClient) {
    client
        .wait_for(|inbox| inbox.progress("end").next().map(|_| ()))
        .unwrap();
}

/// Whether there is a Python here that can be used; says so where there is none.
#[expect(clippy::print_stderr, reason = "a test that is skipped says why")]
pub(crate) fn has_python() -> bool {
    let is_new = "import sys; sys.exit(sys.version_info < (3, 10))";
    let name = if cfg!(windows) { "python" } else { "python3" };
    let found = Command::new(name).args(["-c", is_new]).output();
    let found = found.is_ok_and(|it| it.status.success());
    if !found {
        eprintln!("skipped: there is no Python 3.10 or later");
    }
    found
}

/// Whether a message of the server has all these words.
pub(crate) fn has_words(params: &Value, words: &[&str]) -> bool {
    let text = params["message"].as_str().unwrap_or_default();
    words.iter().all(|word| text.contains(word))
}

/// The `n`th time that settings have changed.
#[track_caller]
pub(crate) fn wait_for_change(client: &LspClient, n: usize) {
    client
        .wait_for(|inbox| {
            let all = inbox.notified("window/logMessage");
            let changes = all.filter(|it| has_words(it, &["Settings changed"]));
            (changes.count() >= n).then_some(())
        })
        .unwrap();
}
