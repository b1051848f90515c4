//! A question that nobody wants answered any more: the endpoint hears of it.

use std::time::{Duration, Instant};

use symphony_instruments::Endpoint;
use symphony_pit::Instrument as _;

use crate::fake::{Act, Fake, KINDS, ask, question};

/// Far more than is asked for, 10 ms: the machine may be busy. The benchmark has the figure.
const PATIENCE: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelling_closes_the_call() {
    for api in KINDS {
        let mut fake = Fake::start(api, [Act::Hangs(vec!["a".to_owned()])]).await;
        let endpoint = Endpoint::new(fake.options(api));
        let running = endpoint.start().await.unwrap();
        let asked = tokio::spawn(async move { running.ask(question("let a = $0")).await });
        fake.began.recv().await.unwrap();
        let cancelled = Instant::now();
        asked.abort();
        let closed = tokio::time::timeout(PATIENCE, fake.closed.recv()).await;
        assert!(closed.unwrap().unwrap() - cancelled < PATIENCE, "{api:?}");
        assert_eq!(endpoint.meter().totals().cancelled, 1, "{api:?}");
        assert_eq!(fake.calls(), 1, "{api:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_long_enough_closes_the_call() {
    for api in KINDS {
        if api == symphony_instruments::Api::Chat {
            // Prose is read to its end.
            continue;
        }
        let pieces = vec!["1;\n".to_owned(), "let b = 2;\n".to_owned()];
        let mut fake = Fake::start(api, [Act::Hangs(pieces)]).await;
        let running = fake.running(api).await;
        let ghosts = ask(&*running, "let a = $0\n").await.unwrap();
        assert_eq!(ghosts[0].text, "1;", "{api:?}");
        tokio::time::timeout(PATIENCE, fake.closed.recv())
            .await
            .unwrap();
    }
}
