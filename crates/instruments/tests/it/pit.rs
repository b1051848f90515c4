//! In the Pit: the breaker of the pool opens and recovers, and what answers cost is limited there.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use symphony_instruments::{Api, Endpoint, EndpointOptions, Ghost};
use symphony_pit::store::{self, Store};
use symphony_pit::{
    Answered, Instrument, InstrumentId, InstrumentKind, Job, Limits, Pit, Priority, Question,
    Settings, Spec,
};
use symphony_pool_manager::{BreakerSettings, Cost, CostLimit};

use crate::fake::{Act, Fake, KINDS, question, text};

const PATIENCE: Duration = Duration::from_secs(20);

/// The nth question: the same twice would be answered from the store.
fn ask(pit: &Pit, nth: usize) -> Option<String> {
    let (sender, answers) = channel();
    let job = Job::new("inline", Priority::Typing).until(Instant::now() + PATIENCE);
    let question = Question {
        among: vec![InstrumentId(0)],
        bytes: question(&format!("let a{nth} = $0")),
        ..Question::default()
    };
    pit.ask(job, question, move |answer| sender.send(answer).unwrap());
    let answer = answers.recv_timeout(PATIENCE).unwrap().ok()?;
    let answered = Answered::all_from(&answer).unwrap();
    Some(Ghost::all_from(&answered[0].answer)[0].text.clone())
}

fn pit(endpoint: Endpoint, spec: Spec, limits: Limits) -> Pit {
    let instrument: Arc<dyn Instrument> = Arc::new(endpoint);
    let settings = Settings {
        instruments: vec![(spec, instrument)],
        limits,
        ..Settings::default()
    };
    Pit::start(settings).unwrap()
}

fn spec(endpoint: &Endpoint) -> Spec {
    Spec {
        breaker: BreakerSettings {
            failures: 3,
            open: Duration::from_millis(300),
            open_most: Duration::from_secs(5),
        },
        ..endpoint.spec(InstrumentKind(0))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_breaker_opens_and_recovers() {
    for api in KINDS {
        let no = Act::Status(400, "");
        let fake = Fake::start(api, [no.clone(), no.clone(), no, text("1;")]).await;
        let endpoint = Endpoint::new(fake.options(api));
        let pit = pit(endpoint.clone(), spec(&endpoint), Limits::default());
        let asked = tokio::task::spawn_blocking(move || {
            // After three nobody is sent to it for a while.
            for nth in 0..8 {
                assert_eq!(ask(&pit, nth), None);
            }
            let calls = endpoint.meter().totals().calls;
            let end = Instant::now() + PATIENCE;
            let recovered = loop {
                let answer = ask(&pit, 8);
                if answer.is_some() || Instant::now() > end {
                    break answer;
                }
            };
            assert!(pit.close());
            (calls, recovered)
        });
        let (calls, recovered) = asked.await.unwrap();
        assert_eq!(calls, 3, "{api:?}");
        assert_eq!(recovered.as_deref(), Some("1;"), "{api:?}");
        assert_eq!(fake.calls(), 4, "{api:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_answers_cost_is_limited() {
    let api = Api::Completions;
    let fake = Fake::start(api, [text("1;")]).await;
    let mut options = fake.options(api);
    options.prices.input = 1.0;
    let endpoint = Endpoint::new(options);
    let limits = Limits {
        cost: CostLimit {
            // Each answer takes twelve.
            most: Cost {
                tokens: 30,
                money: u64::MAX,
            },
            period: Duration::from_secs(3600),
        },
        ..Limits::default()
    };
    let pit = pit(endpoint.clone(), spec(&endpoint), limits);
    let answers = tokio::task::spawn_blocking(move || {
        let answers: Vec<_> = (0..6).map(|nth| ask(&pit, nth).is_some()).collect();
        assert!(pit.close());
        answers
    });
    assert_eq!(
        answers.await.unwrap(),
        [true, true, true, false, false, false]
    );
    assert_eq!(fake.calls(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_question_is_paid_once_and_again_in_no_other_session() {
    for api in KINDS {
        let fake = Fake::start(api, [text("1;"), text("2;")]).await;
        let options = fake.options(api);
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_owned();
        let asked = tokio::task::spawn_blocking(move || {
            let session = |options: EndpointOptions, questions: &[usize]| {
                let endpoint = Endpoint::new(options);
                let instrument: Arc<dyn Instrument> = Arc::new(endpoint.clone());
                let pit = Pit::start(Settings {
                    store: Store::open(store::Options::in_dir(&root)),
                    instruments: vec![(spec(&endpoint), instrument)],
                    ..Settings::default()
                });
                let pit = pit.unwrap();
                let answers = questions.iter().map(|&nth| ask(&pit, nth));
                let answers: Vec<_> = answers.flatten().collect();
                // A disk that is busy takes longer than closing may: the next session needs what is there, not the lock.
                let _ = pit.store().flush();
                pit.close();
                (answers, endpoint.meter().totals().calls)
            };
            let mut other = options.clone();
            other.model = Some("deepseek-coder".to_owned());
            let mut nameless = options.clone();
            nameless.model = None;
            [
                session(options.clone(), &[0, 0, 0]),
                session(options, &[0]),
                session(other, &[0]),
                session(nameless, &[0]),
            ]
        });
        let one = || "1;".to_owned();
        let [first, second, other, nameless] = asked.await.unwrap();
        assert_eq!(first, (vec![one(), one(), one()], 1), "{api:?}");
        // Not even the connection is tried.
        assert_eq!(second, (vec![one()], 0), "{api:?}");
        assert_eq!(other, (vec!["2;".to_owned()], 1), "{api:?}");
        assert_eq!(nameless.1, 1, "{api:?}");
    }
}
