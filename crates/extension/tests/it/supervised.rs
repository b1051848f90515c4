//! Extensions over time: crashes and their consequence, and files that change.

use std::fs;

use serde_json::json;
use symphony_extension::host::{CallError, Event, StartError};
use symphony_extension::wire::Value;
use symphony_extension::{MAX_CRASHES, Quarantine, Supervisor};

use crate::fixture::{Fixture, block_on};

fn supervisor(fixture: &Fixture) -> (Supervisor, Quarantine) {
    let quarantine = Quarantine::new(fixture.path("state/quarantine.json"));
    let options = fixture.options.clone();
    (
        Supervisor::new(fixture.folder.path(), options, quarantine.clone()),
        quarantine,
    )
}

async fn crash(supervisor: &Supervisor) {
    let extension = supervisor.extension().await.unwrap();
    let error = extension
        .call("exit", Value::of(&9).unwrap())
        .await
        .unwrap_err();
    assert!(matches!(error, CallError::Ended(_)), "{error}");
}

#[test]
fn five_crashes_are_enough_until_it_changes_or_is_let_out() {
    block_on(async {
        let fixture = Fixture::new("serve", "");
        let (supervisor, quarantine) = supervisor(&fixture);
        for _ in 0..MAX_CRASHES {
            crash(&supervisor).await;
        }
        let error = supervisor.extension().await.unwrap_err();
        let expected = "in quarantine after 5 crashes, the last: exit status: 9; it last wrote: exiting with 9";
        assert_eq!(error.to_string(), expected);
        let is_it = |it: &Event| matches!(it, Event::Quarantined(_));
        fixture.told.wait_for(is_it);
        // Another process would see the same.
        let (another, _) = self::supervisor(&fixture);
        let error = another.extension().await.unwrap_err();
        assert!(
            matches!(error, StartError::Quarantined { crashes: 5, .. }),
            "{error}"
        );

        assert!(quarantine.release("child").unwrap());
        assert!(!quarantine.release("child").unwrap());
        for _ in 0..MAX_CRASHES {
            crash(&supervisor).await;
        }
        assert!(supervisor.extension().await.is_err());
        fixture.write_manifest("serve", "# mended\n");
        let extension = supervisor.extension().await.unwrap();
        let answer: u32 = extension.call_with("echo", &1).await.unwrap();
        assert_eq!(answer, 1);
        supervisor.stop().await.unwrap();
        assert_eq!(
            fixture.told.events().iter().filter(|it| is_it(it)).count(),
            2
        );
    });
}

#[test]
fn an_end_that_was_asked_for_forgives() {
    block_on(async {
        let fixture = Fixture::new("serve", "");
        let (supervisor, quarantine) = supervisor(&fixture);
        for _ in 0..3 {
            for _ in 0..MAX_CRASHES - 1 {
                crash(&supervisor).await;
            }
            supervisor.extension().await.unwrap();
            supervisor.stop().await.unwrap();
        }
        assert!(!quarantine.release("child").unwrap());
    });
}

#[test]
fn one_that_never_gets_ready_comes_to_it_too() {
    block_on(async {
        let fixture = Fixture::new("words", "");
        let (supervisor, _) = supervisor(&fixture);
        for _ in 0..MAX_CRASHES {
            let error = supervisor.extension().await.unwrap_err();
            assert!(matches!(error, StartError::Handshake(_)), "{error}");
        }
        let error = supervisor.extension().await.unwrap_err().to_string();
        assert!(
            error.ends_with("exit status: 3; it last wrote: no model at all"),
            "{error}"
        );
    });
}

#[test]
fn changed_files_are_used_and_who_has_the_one_before_keeps_it() {
    block_on(async {
        let fixture = Fixture::new("serve", "");
        let (supervisor, _) = supervisor(&fixture);
        let before = supervisor.extension().await.unwrap();
        let number: u32 = before.call_with("number", &()).await.unwrap();
        let same = supervisor.extension().await.unwrap();
        assert_eq!(same.call_with::<u32>("number", &()).await.unwrap(), number);
        // The same bytes at another time change nothing.
        fixture.write_manifest("serve", "");
        let same = supervisor.extension().await.unwrap();
        assert_eq!(same.call_with::<u32>("number", &()).await.unwrap(), number);

        fixture.write_manifest("serve", "[limits]\nmemory_mib = 300\n");
        let after = supervisor.extension().await.unwrap();
        assert_ne!(after.call_with::<u32>("number", &()).await.unwrap(), number);
        assert_eq!(
            before.call_with::<u32>("number", &()).await.unwrap(),
            number
        );
        fixture.told.wait_for(|it| *it == Event::Reloaded);

        fixture.write_manifest("serve", "[limits]\nmemory_mib = 1\n");
        let kept = supervisor.extension().await.unwrap();
        let answer: serde_json::Value = kept.call_with("echo", &json!("on")).await.unwrap();
        assert_eq!(answer, json!("on"));
        let expected = "the manifest is wrong: 6:14: `memory_mib` is from 16 to 1048576";
        fixture
            .told
            .wait_for(|it| *it == Event::NotReloaded(expected.to_owned()));

        fs::remove_file(fixture.path("extension.toml")).unwrap();
        assert!(supervisor.extension().await.is_ok());
        supervisor.stop().await.unwrap();
        assert!(supervisor.extension().await.is_err());
    });
}
