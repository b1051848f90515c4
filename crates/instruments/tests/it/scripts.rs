//! One table of scripts for all kinds: what is answered, how often the endpoint is called, and what that cost.

use std::time::Duration;

use symphony_instruments::{Api, Endpoint, EndpointOptions, Totals};
use symphony_pit::Instrument as _;

use crate::fake::{Act, Fake, KINDS, ask, text};

const DOCUMENT: &str = "const a = 1;\nconst b = $0\nexport {};\n";

struct Case {
    name: &'static str,
    script: Vec<Act>,
    /// The text that is shown, or the beginning of why there is none.
    expected: Result<&'static str, &'static str>,
    calls: usize,
}

fn case(
    name: &'static str,
    script: impl Into<Vec<Act>>,
    expected: Result<&'static str, &'static str>,
    calls: usize,
) -> Case {
    Case {
        name,
        script: script.into(),
        expected,
        calls,
    }
}

fn pieces(pieces: &[&str]) -> Vec<String> {
    pieces.iter().map(|it| (*it).to_owned()).collect()
}

fn table() -> Vec<Case> {
    let no = Act::Status(500, "");
    vec![
        case("good", [text("a + 1;")], Ok("a + 1;"), 1),
        case(
            "in pieces",
            [Act::Text(pieces(&["a", " +", " 1", ";"]))],
            Ok("a + 1;"),
            1,
        ),
        case("nothing", [Act::Text(Vec::new())], Ok(""), 1),
        case(
            "500 twice",
            [no.clone(), no.clone(), text("a;")],
            Ok("a;"),
            3,
        ),
        case("500 always", [no], Err("it answered 500 (overloaded)"), 3),
        case("503", [Act::Status(503, ""), text("a;")], Ok("a;"), 2),
        case(
            "429 for no time",
            [Act::Status(429, "retry-after: 0\r\n"), text("a;")],
            Ok("a;"),
            2,
        ),
        case(
            "429 for an hour",
            [Act::Status(429, "retry-after: 3600\r\n"), text("a;")],
            Err("it answered 429"),
            1,
        ),
        case("400", [Act::Status(400, "")], Err("it answered 400"), 1),
        case("401", [Act::Status(401, "")], Err("it answered 401"), 1),
        case("reset", [Act::Reset, text("a;")], Ok("a;"), 2),
        case("reset always", [Act::Reset], Err("failed to reach it"), 3),
        case("silent", [Act::Silent], Err("no answer in time"), 1),
        case(
            "garbage",
            [Act::Bytes(b"<html>502</html>\n\n".to_vec())],
            Err(""),
            1,
        ),
        case(
            "garbage as an event",
            [Act::Bytes(b"data: {]\n\n".to_vec())],
            Err("its answer"),
            1,
        ),
        case(
            "breaks inside a line",
            [Act::Breaks(pieces(&["a +"])), text("a;")],
            Err("its answer broke off"),
            1,
        ),
        case(
            "breaks after a line",
            [Act::Breaks(pieces(&["f(\n  1,\n", "  2"])), text("a;")],
            Ok(""),
            1,
        ),
        case(
            "breaks after a statement",
            [Act::Breaks(pieces(&["f(\n  1,\n)\n", ";"])), text("a;")],
            Ok("f(\n  1,\n)"),
            1,
        ),
        case(
            "hangs inside a line",
            [Act::Hangs(pieces(&["a +"])), text("a;")],
            Err("its answer broke off"),
            1,
        ),
        case(
            "goes on",
            [Act::Endless("a;\nb;\n".to_owned())],
            Ok("a;"),
            1,
        ),
        case(
            "goes on in one line",
            [Act::Endless(" + a".to_owned())],
            Ok(""),
            1,
        ),
    ]
}

/// Only who waits for nothing has little time for it: the machine may be busy.
fn options(fake: &Fake, api: Api, case: &str) -> EndpointOptions {
    let mut options = fake.options(api);
    match case {
        "silent" => options.times.first = Duration::from_millis(300),
        "hangs inside a line" => options.times.between = Duration::from_millis(300),
        _ => {}
    }
    options
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_answers_as_the_script_says() {
    for api in KINDS {
        for case in table() {
            let what = format!("{api:?}: {}", case.name);
            let fake = Fake::start(api, case.script).await;
            let running = Endpoint::new(options(&fake, api, case.name))
                .start()
                .await
                .unwrap();
            let answer = ask(&*running, DOCUMENT).await;
            match (&answer, case.expected) {
                (Ok(ghosts), Ok(expected)) => {
                    let shown = ghosts.first().map_or("", |it| &it.text);
                    assert_eq!(shown, expected, "{what}");
                }
                (Err(error), Err(expected)) => {
                    assert!(error.starts_with(expected), "{what}: {error}")
                }
                _ => panic!("{what}: {answer:?}"),
            }
            assert_eq!(fake.calls(), case.calls, "{what}: calls");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_in_trouble_is_not_called_much_more_often_than_it_is_asked() {
    for api in KINDS {
        let fake = Fake::start(api, [Act::Status(429, "retry-after: 0\r\n")]).await;
        let running = fake.running(api).await;
        for _ in 0..40 {
            ask(&*running, DOCUMENT).await.unwrap_err();
        }
        // 40 questions, ten retries to begin with, one more for every fifth question.
        assert!(
            (40..=58).contains(&fake.calls()),
            "{api:?}: {}",
            fake.calls()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_and_money_are_counted() {
    for api in KINDS {
        let fake = Fake::start(api, [Act::Status(503, ""), text("a;")]).await;
        let mut options = fake.options(api);
        options.prices.input = 2.0;
        options.prices.output = 10.0;
        let endpoint = Endpoint::new(options);
        let running = endpoint.start().await.unwrap();
        ask(&*running, DOCUMENT).await.unwrap();
        let expected = Totals {
            questions: 1,
            calls: 2,
            input_tokens: 7,
            output_tokens: 5,
            // Millionths, at 2 and 10 for a million.
            money: 7 * 2 + 5 * 10,
            ..Totals::default()
        };
        assert_eq!(endpoint.meter().totals(), expected, "{api:?}");
        let cost = running.take_cost();
        assert_eq!((cost.tokens, cost.money), (12, 64), "{api:?}");
        assert_eq!(running.take_cost().tokens, 0, "{api:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_endpoint_does_not_count_is_estimated() {
    for api in KINDS {
        let fake = Fake::start(api, [Act::Endless("a;\nb;\n".to_owned())]).await;
        let endpoint = Endpoint::new(fake.options(api));
        let running = endpoint.start().await.unwrap();
        ask(&*running, DOCUMENT).await.unwrap();
        let totals = endpoint.meter().totals();
        assert!(
            totals.input_tokens > 5 && totals.output_tokens > 0,
            "{api:?}: {totals:?}"
        );
        assert_eq!(
            totals.estimated_tokens,
            totals.input_tokens + totals.output_tokens,
            "{api:?}"
        );
    }
}
