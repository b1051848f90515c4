//! The templates in all three languages, started as they are written, inside their fence.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use symphony_extension::host::{CallError, Event, Extension, StartError};
use symphony_extension::manifest::Kind;
use symphony_extension::template::{self, Language};
use symphony_extension::wire::{Code, Condition, Value};
use symphony_extension::{Loaded, Support, support};

use crate::fixture::{CHILD, Fixture, block_on};

/// Made by `cargo xtask python`, which `cargo xtask ci` runs before the tests: a Python with msgpack.
fn python() -> Option<PathBuf> {
    let target = Path::new(CHILD).ancestors().nth(2)?;
    let python = target.join("python/venv/bin/python");
    let has_it = Command::new(&python)
        .args(["-c", "import msgpack"])
        .output();
    if !has_it.is_ok_and(|it| it.status.success()) {
        eprintln!("skipped: no Python with msgpack; `cargo xtask python` makes one");
        return None;
    }
    Some(python)
}

/// Made by `cargo xtask ci`, too: the SDK's packages, its compiler among them.
fn node_modules() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sdk/typescript/node_modules");
    if !folder.join("@msgpack/msgpack").is_dir() {
        eprintln!("skipped: `npm ci` was not run in the SDK's folder");
        return None;
    }
    Some(folder)
}

fn write(folder: &Path, kind: Kind, language: Language) {
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR"));
    template::write(folder, "made", kind, language, sdk).unwrap();
}

/// A folder with a template, in place of the fixture's own extension.
fn written(language: Language) -> (Fixture, PathBuf) {
    let fixture = Fixture::new("serve", "");
    let folder = fixture.path("made");
    write(&folder, Kind::Operator, language);
    (fixture, folder)
}

async fn start(fixture: &Fixture, folder: &Path) -> Result<Extension, StartError> {
    Extension::start(&Loaded::read(folder).unwrap(), &fixture.options).await
}

async fn is_good(extension: &Extension) {
    assert_eq!(extension.welcome().extension, "made 0.1.0");
    let greeting: String = extension
        .call_with("hello", &json!({"name": "you"}))
        .await
        .unwrap();
    assert_eq!(greeting, "Hello, you!");
    let refused = |error: CallError| match error {
        CallError::Refused { code, .. } => code,
        other => panic!("{other}"),
    };
    let error = extension.call("hello", Value::nil()).await.unwrap_err();
    assert_eq!(refused(error), Code::BadParams);
    let error = extension.call("none", Value::nil()).await.unwrap_err();
    assert_eq!(refused(error), Code::UnknownMethod);
    let params = Value::of(&300_u32).unwrap();
    let mut stream = extension.stream("count", params, 4).await.unwrap();
    for number in 0..300_u32 {
        let part = stream.next().await.unwrap().unwrap();
        assert_eq!(part.read::<u32>().unwrap(), number);
        // The end needs no credit.
        assert!(stream.n_waiting() <= 4 + 1);
    }
    assert_eq!(stream.next().await.unwrap(), None);
    // One that nobody reads on is cancelled, and the next is answered.
    let params = Value::of(&1_000_000_u32).unwrap();
    let mut stream = extension.stream("count", params, 4).await.unwrap();
    assert!(stream.next().await.unwrap().is_some());
    drop(stream);
    assert_eq!(extension.probe().await.unwrap().condition, Condition::Ready);
    let ended = extension.stop().await;
    assert!(!ended.crashed, "{ended}");
    assert_eq!(ended.reason, "exit status: 0");
}

/// An instrument knows the rest of a line that was there before.
async fn completes(extension: &Extension) {
    assert_eq!(extension.welcome().methods, ["complete"]);
    let ask = async |prefix: &str| {
        let params = json!({ "path": "a.ts", "prefix": prefix, "suffix": "", "max_tokens": 8,
            "candidates": 1, "stop": [] });
        let answer = extension.call_with::<serde_json::Value>("complete", &params);
        answer.await.unwrap()
    };
    let prefix = "  let é = 1;\nlet b = 2;\nif (b) {}\n    let ";
    let known = json!([{ "text": "b = 2;", "probability": 0.5 }]);
    assert_eq!(ask(prefix).await, known);
    for nothing in ["", "let ", "let a;\n", "let a;\nlet a;", "let a;\r\nvar "] {
        assert_eq!(ask(nothing).await, json!([]), "{nothing:?}");
    }
    let error = extension.call("complete", Value::nil()).await.unwrap_err();
    assert!(matches!(error, CallError::Refused { .. }), "{error}");
    assert!(!extension.stop().await.crashed);
}

#[test]
fn in_python() {
    let Some(python) = python() else {
        return;
    };
    block_on(async {
        let (mut fixture, folder) = written(Language::Python);
        fixture.options.python = Some(python);
        is_good(&start(&fixture, &folder).await.unwrap()).await;
        fs::remove_dir_all(&folder).unwrap();
        write(&folder, Kind::Instrument, Language::Python);
        completes(&start(&fixture, &folder).await.unwrap()).await;
    });
}

#[test]
fn in_python_what_is_not_declared_is_refused() {
    let Some(python) = python() else {
        return;
    };
    if support() != Support::Full {
        eprintln!("skipped: {}", support());
        return;
    }
    // What Rust has no safe word for, too.
    let deeds = r#"
import ctypes, os, socket, subprocess
from symphony_sdk import Server
server = Server("made", "0.1.0")
libc = ctypes.CDLL(None, use_errno=True)
def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
deeds = {
    "trace": lambda pid: check(libc.ptrace(16, pid, None, None)),
    "memory": lambda pid: open(f"/proc/{pid}/mem", "rb").close(),
    "peek": lambda pid: check(libc.process_vm_readv(pid, None, 0, None, 0, 0)),
    "signal": lambda pid: os.kill(pid, 18),
    "fork": lambda _: os.fork(),
    "run": lambda _: subprocess.run(["/bin/true"]).returncode,
    "replace": lambda _: os.execv("/bin/true", ["true"]),
    "session": lambda _: os.setsid(),
    "unix": lambda _: socket.socket(socket.AF_UNIX),
    "raw": lambda _: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "namespace": lambda _: check(libc.unshare(0x10000000)),
    "ring": lambda _: check(libc.syscall(425, 8, None)),
    "root": lambda _: os.listdir("/"),
    "passwords": lambda _: open("/etc/shadow").read(),
    "byte_code": lambda _: open("symphony_sdk/new.py", "w"),
}
def add(name, deed):
    def method(call):
        return deed(call.params) and None
    method.__name__ = name
    server.method(method)
for name, deed in deeds.items():
    add(name, deed)
server.serve()
"#;
    block_on(async {
        let (mut fixture, folder) = written(Language::Python);
        fixture.options.python = Some(python);
        fs::write(folder.join("main.py"), deeds).unwrap();
        let extension = start(&fixture, &folder).await.unwrap();
        let methods = extension.welcome().methods;
        assert_eq!(methods.len(), 15);
        for name in &methods {
            let pid = Value::of(&std::process::id()).unwrap();
            let error = extension.call(name, pid).await.unwrap_err();
            let CallError::Refused { code, message } = error else {
                panic!("{name}: {error}");
            };
            assert_eq!(code, Code::Denied, "{name}: {message}");
            fixture
                .told
                .wait_for(|it| matches!(it, Event::Denied { method, .. } if method == name));
        }
        assert!(!extension.stop().await.crashed);
    });
}

#[test]
fn in_typescript() {
    let Some(node_modules) = node_modules() else {
        return;
    };
    block_on(async {
        let (fixture, folder) = written(Language::TypeScript);
        let error = start(&fixture, &folder).await.unwrap_err();
        assert_eq!(error.to_string(), "the entry dist/main.js is not there");
        copy(&node_modules, &folder.join("node_modules"));
        let build = || {
            let compiler = folder.join("node_modules/typescript/bin/tsc");
            let mut node = Command::new("node");
            let built = node.arg(compiler).current_dir(&folder).status();
            assert!(built.unwrap().success());
        };
        build();
        is_good(&start(&fixture, &folder).await.unwrap()).await;
        let instrument = fixture.path("instrument");
        write(&instrument, Kind::Instrument, Language::TypeScript);
        let main = "src/main.ts";
        fs::copy(instrument.join(main), folder.join(main)).unwrap();
        build();
        completes(&start(&fixture, &folder).await.unwrap()).await;
    });
}

/// With copies, not links: what a link leads to is outside the fence.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match from.is_dir() {
            true => copy(&from, &to),
            false => drop(fs::copy(&from, &to).unwrap()),
        }
    }
}

#[test]
fn in_rust() {
    block_on(async {
        let (fixture, folder) = written(Language::Rust);
        let error = start(&fixture, &folder).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the entry target/release/made is not there"
        );
        // The template's source, compiled with this crate: building it anew would compile all of its dependencies.
        let built = env!("CARGO_BIN_EXE_extension-template");
        fs::create_dir_all(folder.join("target/release")).unwrap();
        fs::copy(built, folder.join("target/release/made")).unwrap();
        let extension = start(&fixture, &folder).await.unwrap();
        assert_eq!(extension.welcome().extension, "{{name}} 0.1.0");
        let greeting: String = extension
            .call_with("hello", &json!({"name": "you"}))
            .await
            .unwrap();
        assert_eq!(greeting, "Hello, you!");
        let params = Value::of(&3_u32).unwrap();
        let mut stream = extension.stream("count", params, 1).await.unwrap();
        while stream.next().await.unwrap().is_some() {}
        assert_eq!(stream.last().unwrap().read::<u32>().unwrap(), 3);
        assert!(!extension.stop().await.crashed);
        let built = env!("CARGO_BIN_EXE_instrument-template");
        fs::copy(built, folder.join("target/release/made")).unwrap();
        completes(&start(&fixture, &folder).await.unwrap()).await;
    });
}

#[test]
fn a_name_that_is_none_writes_nothing() {
    let fixture = Fixture::new("serve", "");
    let sdk = Path::new("sdk");
    for name in ["Made", "../made", "a\"\nkind = \"addon", ""] {
        let folder = fixture.path("made");
        let written = template::write(&folder, name, Kind::Addon, Language::Python, sdk);
        assert!(written.is_err(), "{name}");
        assert!(!folder.exists());
    }
    let folder = fixture.folder.path();
    assert!(template::write(folder, "made", Kind::Addon, Language::Rust, sdk).is_err());
}
