//! The stream of an answer: the same text, wherever it is cut on its way.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use symphony_instruments::Api;
use tokio::runtime::Builder;

use crate::fake::{Act, Fake, KINDS, ask, body, text};

const DOCUMENT: &str = "const a = '$0\nexport {};\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_at_any_byte_changes_nothing() {
    let pieces = ["é", "😀 b", "'", ";"].map(str::to_owned).to_vec();
    for api in KINDS {
        let length = body(api, &pieces).len();
        let cuts = (1..length).map(|it| Act::Split(pieces.clone(), vec![it]));
        let each = Act::Split(pieces.clone(), (1..length).collect());
        let fake = Fake::start(api, cuts.chain([each])).await;
        let running = fake.running(api).await;
        for cut in 0..length {
            let ghosts = ask(&*running, DOCUMENT).await.unwrap();
            assert_eq!(ghosts[0].text, "é😀 b';", "{api:?}, {cut}");
        }
    }
}

#[test]
fn any_text_in_any_pieces_with_any_cuts_is_read_as_it_was_written() {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let config = Config {
        cases: 48,
        failure_persistence: None,
        ..Config::default()
    };
    // Inside a string that is closed: any such text is a suggestion.
    let piece = "[a-z0-9 éß漢😀:{}\\[\\]]{1,8}";
    let strategy = (
        0..KINDS.len(),
        prop::collection::vec(piece, 1..6),
        prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    );
    TestRunner::new(config)
        .run(&strategy, |(kind, mut pieces, cuts)| {
            let api = KINDS[kind];
            pieces.insert(0, "x".to_owned());
            pieces.push("'".to_owned());
            let length = body(api, &pieces).len();
            let mut cuts: Vec<usize> = cuts.iter().map(|it| it.index(length)).collect();
            cuts.sort_unstable();
            let expected = pieces.concat();
            let ghosts = runtime.block_on(async {
                let fake = Fake::start(api, [Act::Split(pieces, cuts)]).await;
                let running = fake.running(api).await;
                ask(&*running, DOCUMENT).await
            });
            prop_assert_eq!(&ghosts.unwrap()[0].text, &expected);
            Ok(())
        })
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_that_does_not_stream_is_understood() {
    let whole = r#"{"choices":[{"index":0,"text":"1;","message":{"content":"1;"}}],
        "content":"1;","stop":true,"response":"1;","done":true}"#;
    for api in KINDS {
        let fake = Fake::start(api, [Act::Whole(whole)]).await;
        let running = fake.running(api).await;
        let ghosts = ask(&*running, "let a = $0").await.unwrap();
        assert_eq!(ghosts[0].text, "1;", "{api:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_sure_the_model_is_becomes_the_probability() {
    for api in KINDS {
        let pieces = ["1", " +", " 2"].map(str::to_owned).to_vec();
        let fake = Fake::start(api, [Act::Text(pieces), text("3")]).await;
        let running = fake.running(api).await;
        let ghosts = ask(&*running, "let a = $0").await.unwrap();
        // Three tokens of a half each; of chat nobody asks, and the prior stands.
        let expected = if api == Api::Chat { 0.5 } else { 0.125 };
        assert!(
            (ghosts[0].probability - expected).abs() < 1e-6,
            "{api:?}: {ghosts:?}"
        );
    }
}
