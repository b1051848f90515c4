//! Requests, streams, cancelling and back-pressure, with a real process.

use serde_json::{Value as Json, json};
use symphony_extension::host::{CallError, Event, Extension, OUTBOX_BYTES};
use symphony_extension::wire::{Code, Condition, Level, Value};

use crate::fixture::{Fixture, block_on};

fn refused(error: &CallError) -> (Code, &str) {
    match error {
        CallError::Refused { code, message } => (*code, message),
        other => panic!("{other}"),
    }
}

async fn echo(extension: &Extension, method: &str, value: Json) -> Json {
    extension.call_with(method, &value).await.unwrap()
}

#[test]
fn a_request_is_answered() {
    block_on(async {
        let fixture = Fixture::new("serve", "");
        let extension = fixture.start().await;
        let welcome = extension.welcome();
        assert_eq!(welcome.extension, "child 1.0.0");
        assert_eq!(welcome.concurrency, 8);
        assert!(welcome.methods.iter().any(|it| it == "echo"));
        let value = json!({"text": "\u{e4}", "list": [1, -2, 3.5, null, true]});
        assert_eq!(echo(&extension, "echo", value.clone()).await, value);
        assert_eq!(echo(&extension, "slow_echo", value.clone()).await, value);
        let long = json!("x".repeat(1 << 20));
        assert_eq!(echo(&extension, "echo", long.clone()).await, long);
        let health = extension.probe().await.unwrap();
        assert_eq!(health.condition, Condition::Ready);
        let ended = extension.stop().await;
        assert!(!ended.crashed, "{ended}");
        assert!(extension.probe().await.is_none());
        let error = extension.call("echo", Value::nil()).await.unwrap_err();
        assert!(matches!(error, CallError::Ended(_)), "{error}");
    });
}

#[test]
fn a_thousand_requests_at_once_get_their_own_answers() {
    block_on(async {
        let fixture = Fixture::new("serve", "");
        let extension = fixture.start().await;
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..1000_u32 {
            let extension = extension.clone();
            let method = if number % 2 == 0 { "echo" } else { "slow_echo" };
            tasks.spawn(async move {
                let answer: u32 = extension.call_with(method, &number).await.unwrap();
                (number, answer)
            });
        }
        let mut n_answers = 0;
        while let Some(answer) = tasks.join_next().await {
            let (number, answer) = answer.unwrap();
            assert_eq!(answer, number);
            n_answers += 1;
        }
        assert_eq!(n_answers, 1000);
    });
}

#[test]
fn what_goes_wrong_is_told_with_a_code() {
    block_on(async {
        let fixture = Fixture::new("serve", "");
        let extension = fixture.start().await;
        let error = extension.call("no", Value::nil()).await.unwrap_err();
        assert_eq!(refused(&error), (Code::UnknownMethod, "no method `no`"));
        let error = extension.call("count", Value::nil()).await.unwrap_err();
        assert_eq!(refused(&error).0, Code::BadParams);
        let error = extension.call("panic", Value::nil()).await.unwrap_err();
        assert_eq!(refused(&error).0, Code::Failed);
        // It goes on.
        assert_eq!(echo(&extension, "slow_echo", json!(1)).await, json!(1));
        let too_long = Value::of(&"x".repeat(5 << 20)).unwrap();
        let error = extension.call("echo", too_long).await.unwrap_err();
        assert!(matches!(error, CallError::Frame(_)), "{error}");
        assert_eq!(echo(&extension, "echo", json!(2)).await, json!(2));
    });
}

#[test]
fn a_stream_comes_in_order_and_has_an_end() {
    block_on(async {
        let fixture = Fixture::new("serve", "");
        let extension = fixture.start().await;
        let params = Value::of(&1000_u32).unwrap();
        let mut stream = extension.stream("count", params, 16).await.unwrap();
        for number in 0..1000_u32 {
            let part = stream.next().await.unwrap().unwrap();
            assert_eq!(part.read::<u32>().unwrap(), number);
        }
        assert_eq!(stream.next().await.unwrap(), None);
        assert_eq!(stream.last().unwrap().read::<u32>().unwrap(), 1000);
        assert_eq!(stream.next().await.unwrap(), None);
    });
}

#[test]
fn who_reads_slowly_holds_up_only_the_stream() {
    block_on(async {
        let fixture = Fixture::new("serve", "");
        let extension = fixture.start().await;
        let params = Value::of(&1000_usize).unwrap();
        let mut stream = extension.stream("flood", params, 8).await.unwrap();
        for _ in 0..100 {
            assert!(stream.next().await.unwrap().is_some());
            assert!(stream.n_waiting() <= 8, "{}", stream.n_waiting());
            // Other requests are answered while the flood waits for credit.
            assert_eq!(echo(&extension, "echo", json!(1)).await, json!(1));
        }
        drop(stream);
        assert_eq!(echo(&extension, "slow_echo", json!(2)).await, json!(2));
    });
}

#[test]
fn who_gives_up_cancels() {
    block_on(async {
        let fixture = Fixture::new("serve", "");
        let extension = fixture.start().await;
        // More than it takes at once: a slot that was not given back would end this.
        for _ in 0..20 {
            let stream = extension.stream("until_cancelled", Value::nil(), 1);
            let mut stream = stream.await.unwrap();
            assert!(stream.next().await.unwrap().is_some());
            drop(stream);
            let is_it = |event: &Event| *event == Event::Log(Level::Info, "cancelled".to_owned());
            fixture.told.wait_for(is_it);
        }
        let stream = extension.stream("until_cancelled", Value::nil(), 1);
        let mut stream = stream.await.unwrap();
        assert!(stream.next().await.unwrap().is_some());
        assert!(!extension.stop().await.crashed);
    });
}

#[test]
fn a_request_has_a_limit() {
    block_on(async {
        let fixture = Fixture::new("serve", "[limits]\ntimeout_ms = 50\n");
        let extension = fixture.start().await;
        let error = extension.call("burn", Value::nil()).await.unwrap_err();
        assert!(matches!(error, CallError::Timeout(_)), "{error}");
    });
}

#[test]
fn what_is_logged_or_printed_is_told() {
    block_on(async {
        let fixture = Fixture::new("serve", "");
        let extension = fixture.start().await;
        extension.call("log", Value::nil()).await.unwrap();
        let told = &fixture.told;
        told.wait_for(|it| *it == Event::Log(Level::Warn, "from the extension".to_owned()));
        told.wait_for(|it| *it == Event::Stderr("printed".to_owned()));
    });
}

#[test]
fn an_extension_that_does_not_read_costs_bounded_memory() {
    block_on(async {
        let fixture = Fixture::new("deaf", "[limits]\ntimeout_ms = 100\n");
        let extension = fixture.start().await;
        // Twice what may wait: the rest waits where it comes from, and gives up there.
        let piece = OUTBOX_BYTES / 16;
        let value = Value::of(&"x".repeat(piece)).unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..32 {
            let (extension, value) = (extension.clone(), value.clone());
            tasks.spawn(async move { extension.call("echo", value).await });
        }
        while let Some(answer) = tasks.join_next().await {
            let error = answer.unwrap().unwrap_err();
            assert!(matches!(error, CallError::Timeout(_)), "{error}");
        }
        assert!(extension.n_bytes_waiting() <= OUTBOX_BYTES + 4096);
        // And it can be ended, though a thread waits to write to it.
        drop(extension);
    });
}
