//! What an extension has not declared it does not get, and what it has it does. Where the kernel lacks something, the test says so.
#![cfg(target_os = "linux")]

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use symphony_extension::host::{CallError, Event, Extension};
use symphony_extension::wire::{Code, Value};
use symphony_extension::{Support, support};
use tempfile::TempDir;

use crate::fixture::{Fixture, block_on};

/// Whether there is something to test.
fn is_fenced() -> bool {
    match support() {
        Support::Full => true,
        lacking => {
            eprintln!("skipped: {lacking}");
            false
        }
    }
}

async fn does<R: DeserializeOwned>(
    extension: &Extension,
    method: &str,
    params: impl Serialize,
) -> R {
    match extension.call_with(method, &params).await {
        Ok(value) => value,
        Err(error) => panic!("{method}: {error}"),
    }
}

/// The call is refused by the system, and the host has told so.
async fn is_refused(fixture: &Fixture, extension: &Extension, deed: &str, params: impl Serialize) {
    let answer = extension.call(deed, Value::of(&params).unwrap()).await;
    match answer {
        Err(CallError::Refused { code, message }) => {
            assert_eq!(code, Code::Denied, "{deed}: {message}");
        }
        other => panic!("{deed}: {other:?}"),
    }
    let is_it = |it: &Event| matches!(it, Event::Denied { method, .. } if method == deed);
    fixture.told.wait_for(is_it);
}

#[test]
fn what_is_not_declared_is_refused_and_told() {
    if !is_fenced() {
        return;
    }
    block_on(async {
        let fixture = Fixture::new("serve", "");
        let elsewhere = TempDir::new().unwrap();
        let secret = elsewhere.path().join("secret");
        fs::write(&secret, "secret").unwrap();
        fs::write(fixture.path("own"), "own").unwrap();
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let number = port.local_addr().unwrap().port();
        let extension = fixture.start().await;
        let own: String = does(&extension, "read", fixture.path("own")).await;
        assert_eq!(own, "own");

        let here = std::process::id();
        let refused = |deed, params: Value| is_refused_value(&fixture, &extension, deed, params);
        refused("read", path(&secret)).await;
        refused("list", path(elsewhere.path())).await;
        refused("read", path("/etc/passwd".as_ref())).await;
        refused("read", path(format!("/proc/{here}/environ").as_ref())).await;
        refused("write", path(&secret)).await;
        refused("write", path(&elsewhere.path().join("new"))).await;
        refused("write", path(&fixture.path("own"))).await;
        refused("write", path("/dev/shm/new".as_ref())).await;
        refused("remove", path(&secret)).await;
        refused("connect", Value::of(&number).unwrap()).await;
        refused("listen", Value::of(&0).unwrap()).await;
        refused("datagram", Value::nil()).await;
        refused("run", path("/usr/bin/id".as_ref())).await;
        refused("kill", Value::of(&here).unwrap()).await;
        refused("kill", Value::of(&1).unwrap()).await;
        assert_eq!(fs::read_to_string(&secret).unwrap(), "secret");
        // And it still works.
        let ended = extension.stop().await;
        assert!(!ended.crashed, "{ended}");
    });
}

fn path(path: &Path) -> Value {
    Value::of(path).unwrap()
}

async fn is_refused_value(fixture: &Fixture, extension: &Extension, deed: &str, params: Value) {
    let params: serde_json::Value = params.read().unwrap();
    is_refused(fixture, extension, deed, params).await;
}

#[test]
fn what_is_declared_is_allowed_and_nothing_beside_it() {
    if !is_fenced() {
        return;
    }
    block_on(async {
        let elsewhere = TempDir::new().unwrap();
        let readable = elsewhere.path().join("readable");
        let writable = elsewhere.path().join("writable");
        fs::create_dir(&writable).unwrap();
        fs::write(&readable, "text").unwrap();
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let number = port.local_addr().unwrap().port();
        let other = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let program = fs::canonicalize("/usr/bin/id").unwrap();
        let more = format!(
            "[capabilities]\nread = [{readable:?}]\nwrite = [{writable:?}, \"cache\"]\nconnect = [{number}]\nexec = [{program:?}]\n"
        );
        let fixture = Fixture::new("serve", &more);
        let extension = fixture.start().await;
        let text: String = does(&extension, "read", &readable).await;
        assert_eq!(text, "text");
        does::<()>(&extension, "write", writable.join("new")).await;
        does::<()>(&extension, "write", fixture.path("cache/new")).await;
        does::<()>(&extension, "remove", writable.join("new")).await;
        does::<()>(&extension, "connect", number).await;
        let told: String = does(&extension, "run", &program).await;
        assert!(told.contains("uid="), "{told}");

        is_refused(&fixture, &extension, "write", &readable).await;
        is_refused(&fixture, &extension, "list", elsewhere.path()).await;
        let other = other.local_addr().unwrap().port();
        is_refused(&fixture, &extension, "connect", other).await;
        is_refused(&fixture, &extension, "listen", 0).await;
        is_refused(&fixture, &extension, "run", "/usr/bin/env").await;
        is_refused(&fixture, &extension, "kill", std::process::id()).await;
    });
}

#[test]
fn the_environment_is_the_declared_one() {
    block_on(async {
        let fixture = Fixture::new(
            "serve",
            "[capabilities]\nenvironment = [\"CARGO_PKG_NAME\"]\n",
        );
        assert!(std::env::vars().count() > 5, "too little to be seen");
        let extension = fixture.start().await;
        let variables: Vec<(String, String)> = does(&extension, "environment", ()).await;
        let name = std::env::var("CARGO_PKG_NAME").unwrap();
        assert_eq!(variables, [("CARGO_PKG_NAME".to_owned(), name)]);
        let directory: String = does(&extension, "directory", ()).await;
        assert_eq!(
            Path::new(&directory),
            fixture.folder.path().canonicalize().unwrap()
        );
    });
}

#[test]
fn memory_has_its_limit_within_a_tenth() {
    block_on(async {
        let fixture = Fixture::new("serve", "[limits]\nmemory_mib = 256\n");
        let extension = fixture.start().await;
        let n_bytes: u64 = does(&extension, "allocate", 1_u64 << 30).await;
        let limit = 256 << 20;
        assert!((limit / 10 * 9..=limit).contains(&n_bytes), "{n_bytes}");
    });
}

#[test]
fn processor_time_has_its_limit_within_a_fifth() {
    block_on(async {
        let fixture = Fixture::new("serve", "[limits]\ncpu_seconds = 1\n");
        let extension = fixture.start().await;
        let mut told = extension
            .stream("burn and tell", Value::nil(), 64)
            .await
            .unwrap();
        let mut had: u64 = 0;
        let error = loop {
            match told.next().await {
                Ok(part) => had = part.unwrap().read().unwrap(),
                Err(error) => break error,
            }
        };
        let CallError::Ended(ended) = error else {
            panic!("{error}");
        };
        assert_eq!(ended.reason, "it used up its `cpu_seconds`");
        // All that it had, up to a step before the end.
        assert!((800..=1200).contains(&had), "{had}");
    });
}
