//! Extensions that do not keep to the protocol, crash, or leave processes behind.

use std::fs;
use std::path::Path;

use symphony_extension::host::{CallError, StartError};
use symphony_extension::wire::Value;

use crate::fixture::{Fixture, block_on};

fn why(mode: &str) -> String {
    let mut told = String::new();
    block_on(async {
        let fixture = Fixture::new(mode, "");
        told = match fixture.try_start().await {
            Err(StartError::Handshake(ended)) => ended.reason,
            other => panic!("{mode}: {other:?}"),
        };
    });
    told
}

#[test]
fn what_is_no_protocol_is_told_and_ended() {
    let cases = [
        ("noise", "it sent a frame of 1213486160 bytes is longer"),
        (
            "garbage",
            "it sent what is no message: byte 0 of a frame: an array was expected",
        ),
        ("early", "it said something else before `welcome`"),
        ("future", "it speaks version 7, which was not offered"),
        ("words", "exit status: 3; it last wrote: no model at all"),
        ("nothing", "exit status: 64"),
    ];
    for (mode, expected) in cases {
        let told = why(mode);
        assert!(told.starts_with(expected), "{mode}: {told}");
    }
}

#[test]
fn what_nobody_asked_for_ends_it() {
    block_on(async {
        let fixture = Fixture::new("unasked", "");
        // It may be gone before or after it was seen as ready.
        let told = match fixture.try_start().await {
            Ok(extension) => extension.ended().await.reason,
            Err(error) => error.to_string(),
        };
        assert!(
            told.contains("sent a chunk for request 77, which is not open"),
            "{told}"
        );
    });
}

#[test]
fn who_says_nothing_is_late() {
    block_on(async {
        let mut fixture = Fixture::new("silent", "");
        fixture.options.handshake = std::time::Duration::from_millis(50);
        let error = fixture.try_start().await.unwrap_err();
        assert!(matches!(error, StartError::Late(_)), "{error}");
    });
}

#[test]
fn what_is_not_there_is_told() {
    block_on(async {
        let fixture = Fixture::new("serve", "");
        fs::remove_file(fixture.path("child")).unwrap();
        let error = fixture.try_start().await.unwrap_err();
        assert_eq!(error.to_string(), "the entry child is not there");
        fs::write(fixture.path("child"), "not a program").unwrap();
        let error = fixture.try_start().await.unwrap_err().to_string();
        assert!(error.contains("failed to start"), "{error}");
    });
}

#[test]
fn a_crash_answers_everybody() {
    block_on(async {
        let fixture = Fixture::new("serve", "");
        let extension = fixture.start().await;
        let mut stream = extension
            .stream("until_cancelled", Value::nil(), 4)
            .await
            .unwrap();
        assert!(stream.next().await.unwrap().is_some());
        let error = extension
            .call("exit", Value::of(&7).unwrap())
            .await
            .unwrap_err();
        let CallError::Ended(ended) = error else {
            panic!("{error}");
        };
        assert!(ended.crashed);
        assert_eq!(
            ended.reason,
            "exit status: 7; it last wrote: exiting with 7"
        );
        let error = stream.next().await.unwrap_err();
        assert!(matches!(error, CallError::Ended(_)), "{error}");
        assert_eq!(extension.ended().await, ended);
    });
}

/// Whether a process is there and not only waiting to be reaped.
#[cfg(target_os = "linux")]
fn runs(pid: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = status.rsplit(") ").next().and_then(|it| it.chars().next());
    state.is_some_and(|it| it != 'Z' && it != 'X')
}

/// Waits for a process that is no child of ours to end.
#[cfg(target_os = "linux")]
fn wait_until_gone(pid: u32) {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::process::{Pid, PidfdFlags, pidfd_open};
    let raw = Pid::from_raw(pid.cast_signed()).unwrap();
    if let Ok(process) = pidfd_open(raw, PidfdFlags::empty()) {
        poll(&mut [PollFd::new(&process, PollFlags::IN)], None).unwrap();
    }
    assert!(!runs(pid));
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_of_what_it_started() {
    const SLEEP: &str = "/usr/bin/sleep";
    if !Path::new(SLEEP).exists() {
        eprintln!("skipped: no {SLEEP} here");
        return;
    }
    block_on(async {
        let more = format!("[capabilities]\nexec = [\"{SLEEP}\"]\n");
        for end in ["stop", "drop", "crash"] {
            let fixture = Fixture::new("serve", &more);
            let extension = fixture.start().await;
            let pid: u32 = extension.call_with("spawn", &SLEEP).await.unwrap();
            assert!(runs(pid), "{end}");
            match end {
                "stop" => drop(extension.stop().await),
                "drop" => drop(extension),
                _ => drop(extension.call("exit", Value::of(&1).unwrap()).await),
            }
            wait_until_gone(pid);
        }
    });
}

/// A host that is killed leaves nothing either: neither an extension that is alone nor one that has started others.
#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_of_a_host_that_is_killed() {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};
    const SLEEP: &str = "/usr/bin/sleep";
    let more = format!("[capabilities]\nexec = [\"{SLEEP}\"]\n");
    for (more, n_processes) in [("", 1), (more.as_str(), 2)] {
        if n_processes > 1 && !Path::new(SLEEP).exists() {
            eprintln!("skipped: no {SLEEP} here");
            continue;
        }
        let fixture = Fixture::new("serve", more);
        let mut host = Command::new(crate::fixture::CHILD)
            .arg("host")
            .arg(fixture.folder.path())
            .args((n_processes > 1).then_some(SLEEP))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(host.stdout.take().unwrap()).lines();
        let pids: Vec<u32> = lines
            .take(n_processes)
            .map(|it| it.unwrap().parse().unwrap())
            .collect();
        assert!(pids.iter().all(|it| runs(*it)), "{pids:?}");
        host.kill().unwrap();
        host.wait().unwrap();
        pids.into_iter().for_each(wait_until_gone);
    }
}
