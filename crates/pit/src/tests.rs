//! What a caller can rely on, with real threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt as _, pending, ready};
use proptest::prelude::*;
use symphony_artifact_store::{Key, KeyBuilder, Kind, Lineage};
use symphony_stale_manager::Why;

use crate::{
    Answer, Answered, Instrument, InstrumentId, InstrumentKind, Job, Manner, NoAnswer, Pit,
    Priority, Question, Running, Settings, Spec, StartError, Window,
};

const KIND: Kind = Kind::new("test");

fn pit(urgent_threads: usize, background_threads: usize) -> Pit {
    let settings = Settings {
        urgent_threads,
        background_threads,
        ..Settings::default()
    };
    Pit::start(settings).unwrap()
}

fn key(number: u8) -> Key {
    KeyBuilder::new(KIND, 1).part("number", [number]).finish()
}

fn kept(job: Job, number: u8) -> Job {
    job.kept_as(key(number), Lineage::new(KIND, "test", "1", 0))
}

type Reply = Box<dyn FnOnce(Answer) + Send>;

/// A way to get an answer back.
fn answers() -> (impl Fn() -> Reply, Receiver<Answer>) {
    let (sender, receiver): (Sender<Answer>, _) = channel();
    let reply = move || {
        let sender = sender.clone();
        Box::new(move |answer| sender.send(answer).unwrap()) as Reply
    };
    (reply, receiver)
}

/// Holds a thread of the Pit until it is let go.
fn hold(pit: &Pit, priority: Priority) -> Sender<()> {
    let (go, wait) = channel::<()>();
    let (started, has_started) = channel();
    pit.submit(
        Job::new("hold", priority),
        move |_| {
            started.send(()).unwrap();
            // Let go by a message or by the end of the test.
            let _ = wait.recv();
            Err(NoAnswer::Nothing)
        },
        |_| {},
    );
    has_started.recv().unwrap();
    go
}

#[test]
fn a_kept_answer_needs_no_work() {
    let pit = pit(1, 1);
    let (reply, answers) = answers();
    let job = kept(Job::new("a", Priority::Interactive), 1);
    pit.submit(job.clone(), |_| Ok("made".into()), reply());
    assert_eq!(answers.recv().unwrap(), Ok(Bytes::from("made")));
    let ticket = pit.submit(job, |_| panic!("there is no need"), reply());
    assert_eq!(answers.recv().unwrap(), Ok(Bytes::from("made")));
    assert_eq!(ticket, None);
    assert_eq!(pit.metrics().kinds[0].hits, 1);
}

#[test]
fn identical_jobs_are_done_once() {
    let pit = pit(1, 1);
    let busy = hold(&pit, Priority::Typing);
    let (reply, answers) = answers();
    let runs = Arc::new(AtomicUsize::new(0));
    for window in 0..3 {
        let runs = Arc::clone(&runs);
        let job = kept(Job::new("a", Priority::Interactive), 1).of_window(Window(window));
        let work = move |_: &_| {
            runs.fetch_add(1, Ordering::SeqCst);
            Ok("once".into())
        };
        pit.submit(job, work, reply());
    }
    drop(busy);
    for _ in 0..3 {
        assert_eq!(answers.recv().unwrap(), Ok(Bytes::from("once")));
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[test]
fn what_nobody_waits_for_holds_up_nothing() {
    let pit = pit(1, 2);
    let _first = hold(&pit, Priority::Index);
    let _second = hold(&pit, Priority::Index);
    let (reply, answers) = answers();
    pit.submit(
        Job::new("a", Priority::Typing),
        |_| Ok("now".into()),
        reply(),
    );
    assert_eq!(answers.recv().unwrap(), Ok(Bytes::from("now")));
}

#[test]
fn a_newer_version_cancels_what_waits_and_what_runs() {
    let pit = pit(1, 1);
    let (reply, answers) = answers();
    let (started, has_started) = channel();
    let running = Job::new("a", Priority::Typing).about(7, 1);
    pit.submit(
        running,
        move |cancel| {
            started.send(()).unwrap();
            while !cancel.is_cancelled() {
                std::thread::yield_now();
            }
            Ok("too late".into())
        },
        reply(),
    );
    has_started.recv().unwrap();
    let waiting = Job::new("a", Priority::Typing).about(7, 1);
    pit.submit(waiting, |_| panic!("nobody wants it"), reply());
    pit.edited(7, 2);
    for _ in 0..2 {
        let answer = answers.recv().unwrap();
        assert_eq!(answer, Err(NoAnswer::Cancelled(Why::Superseded)));
    }
    let newer = Job::new("a", Priority::Typing).about(7, 2);
    pit.submit(newer, |_| Ok("new".into()), reply());
    assert_eq!(answers.recv().unwrap(), Ok(Bytes::from("new")));
}

#[test]
fn a_panic_costs_one_answer() {
    let pit = pit(1, 1);
    let (reply, answers) = answers();
    pit.submit(
        Job::new("a", Priority::Typing),
        |_| panic!("on purpose"),
        reply(),
    );
    assert_eq!(answers.recv().unwrap(), Err(NoAnswer::Panicked));
    pit.submit(
        Job::new("a", Priority::Typing),
        |_| Ok("fine".into()),
        reply(),
    );
    assert_eq!(answers.recv().unwrap(), Ok(Bytes::from("fine")));
}

#[test]
fn what_is_too_late_is_told_without_anyone_asking() {
    let pit = pit(1, 1);
    let _busy = hold(&pit, Priority::Index);
    let (reply, answers) = answers();
    let soon = Instant::now() + Duration::from_millis(5);
    // The urgent thread has nothing to do, and wakes for it all the same.
    let job = Job::new("a", Priority::Index).until(soon);
    pit.submit(job, |_| panic!("too late"), reply());
    let answer = answers.recv().unwrap();
    assert!(matches!(answer, Err(NoAnswer::Dropped(_))), "{answer:?}");
}

#[test]
fn a_full_queue_refuses_at_once() {
    let mut settings = Settings {
        urgent_threads: 1,
        ..Settings::default()
    };
    settings.arbitration.capacity = [2; 4];
    let pit = Pit::start(settings).unwrap();
    let _busy = hold(&pit, Priority::Typing);
    let (reply, answers) = answers();
    for _ in 0..3 {
        pit.submit(
            Job::new("a", Priority::Typing),
            |_| Ok(Bytes::new()),
            reply(),
        );
    }
    let answer = answers.try_recv().unwrap();
    assert!(matches!(answer, Err(NoAnswer::Refused(_))), "{answer:?}");
    assert!(answers.try_recv().is_err(), "the others wait");
}

#[test]
fn closing_answers_everyone() {
    let pit = pit(1, 1);
    let busy = hold(&pit, Priority::Typing);
    let (reply, answers) = answers();
    pit.submit(
        Job::new("a", Priority::Typing),
        |_| Ok(Bytes::new()),
        reply(),
    );
    drop(busy);
    // The one that waits is answered or closed; never neither.
    assert!(pit.close());
    let answer = answers.try_recv().unwrap();
    assert!(
        matches!(answer, Ok(_) | Err(NoAnswer::Closed)),
        "{answer:?}"
    );
    pit.submit(
        Job::new("a", Priority::Typing),
        |_| Ok(Bytes::new()),
        reply(),
    );
    assert_eq!(answers.try_recv().unwrap(), Err(NoAnswer::Closed));
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Submit {
        priority: usize,
        key: Option<u8>,
        document: Option<u64>,
    },
    Cancel(usize),
    Edit(u64),
    CloseDocument(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let submit = (
        0..4_usize,
        any::<Option<u8>>(),
        proptest::option::of(0..3_u64),
    );
    prop_oneof![
        6 => submit.prop_map(|(priority, key, document)| Step::Submit {
            priority,
            key: key.map(|it| it % 4),
            document,
        }),
        1 => any::<usize>().prop_map(Step::Cancel),
        2 => (0..3_u64).prop_map(Step::Edit),
        1 => (0..3_u64).prop_map(Step::CloseDocument),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever happens, each submitted job gets exactly one reply, and an answer is that of its own key.
    #[test]
    fn every_job_has_one_reply(steps in proptest::collection::vec(step(), 1..80)) {
        let pit = pit(2, 1);
        let replies: Arc<Mutex<Vec<usize>>> = Arc::default();
        let (mut submitted, mut tickets) = (0, Vec::new());
        let mut versions = [0_u64; 3];
        for step in steps {
            match step {
                Step::Submit { priority, key, document } => {
                    let mut job = Job::new("a", Priority::ALL[priority]);
                    if let Some(key) = key {
                        job = kept(job, key);
                    }
                    if let Some(document) = document {
                        job = job.about(document, versions[document as usize]);
                    }
                    let value = Bytes::from(vec![key.unwrap_or(255)]);
                    let (expected, number) = (value.clone(), submitted);
                    let counted = Arc::clone(&replies);
                    counted.lock().unwrap().push(0);
                    submitted += 1;
                    let ticket = pit.submit(job, move |_| Ok(value), move |answer| {
                        if let Ok(answer) = answer {
                            assert_eq!(answer, expected);
                        }
                        counted.lock().unwrap()[number] += 1;
                    });
                    tickets.extend(ticket);
                }
                Step::Cancel(at) if !tickets.is_empty() => {
                    pit.cancel(tickets[at % tickets.len()]);
                }
                Step::Cancel(_) => {}
                Step::Edit(document) => {
                    versions[document as usize] += 1;
                    pit.edited(document, versions[document as usize]);
                }
                Step::CloseDocument(document) => pit.closed(document),
            }
        }
        prop_assert!(pit.close());
        prop_assert_eq!(&*replies.lock().unwrap(), &vec![1; submitted]);
    }
}

/// Answers with its name and the question, as often as it is told to; then it fails.
struct Named {
    name: &'static str,
    answers: AtomicUsize,
}

impl Instrument for Arc<Named> {
    fn start(&self) -> BoxFuture<'_, Result<Arc<dyn Running>, StartError>> {
        let running: Arc<dyn Running> = Arc::new(Arc::clone(self));
        ready(Ok(running)).boxed()
    }
}

impl Running for Arc<Named> {
    fn ask(&self, question: Bytes) -> BoxFuture<'_, Result<Bytes, String>> {
        let left = self
            .answers
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |it| it.checked_sub(1));
        let answer = match left {
            Ok(_) => Ok([self.name.as_bytes(), b": ", &question].concat().into()),
            Err(_) => Err("it has nothing left to say".to_owned()),
        };
        ready(answer).boxed()
    }
}

/// Says when it was asked, and when nobody wants the answer any more. Never answers.
struct Silent(Sender<&'static str>);

impl Instrument for Arc<Silent> {
    fn start(&self) -> BoxFuture<'_, Result<Arc<dyn Running>, StartError>> {
        let running: Arc<dyn Running> = Arc::new(Arc::clone(self));
        ready(Ok(running)).boxed()
    }
}

impl Running for Arc<Silent> {
    fn ask(&self, _: Bytes) -> BoxFuture<'_, Result<Bytes, String>> {
        struct Dropped(Sender<&'static str>);
        impl Drop for Dropped {
            fn drop(&mut self) {
                self.0.send("dropped").unwrap();
            }
        }
        let dropped = Dropped(self.0.clone());
        self.0.send("asked").unwrap();
        async move {
            let _dropped = dropped;
            pending().await
        }
        .boxed()
    }
}

/// A Pit with instruments of these names, each of which answers so many times.
fn named(instruments: &[(&'static str, usize)]) -> Vec<(Spec, Arc<dyn Instrument>)> {
    let instruments = instruments.iter().map(|&(name, answers)| {
        let named = Arc::new(Named {
            name,
            answers: answers.into(),
        });
        let spec = Spec::new(name, InstrumentKind(0));
        (spec, Arc::new(named) as Arc<dyn Instrument>)
    });
    instruments.collect()
}

fn pit_of(instruments: &[(&'static str, usize)]) -> Pit {
    Pit::start(Settings {
        instruments: named(instruments),
        ..Settings::default()
    })
    .unwrap()
}

fn question(among: &[u8]) -> Question {
    Question {
        among: among.iter().map(|&it| InstrumentId(it)).collect(),
        bytes: Bytes::from_static(b"why"),
        ..Question::default()
    }
}

/// Who answered, and what.
fn told(answer: Answer) -> Result<Vec<(u8, String)>, NoAnswer> {
    let answered = Answered::all_from(&answer?).unwrap();
    let told = answered.iter().map(|it| {
        let words = String::from_utf8(it.answer.to_vec()).unwrap();
        (it.instrument.0, words)
    });
    Ok(told.collect())
}

#[test]
fn the_next_instrument_answers_where_one_fails() {
    let pit = pit_of(&[("one", 1), ("other", 2)]);
    let (reply, answers) = answers();
    let ask = |among: &[u8]| {
        pit.ask(Job::new("ask", Priority::Typing), question(among), reply());
        told(answers.recv().unwrap())
    };
    assert_eq!(ask(&[0, 1]), Ok(vec![(0, "one: why".into())]));
    assert_eq!(ask(&[0, 1]), Ok(vec![(1, "other: why".into())]));
    assert_eq!(ask(&[1, 0]), Ok(vec![(1, "other: why".into())]));
    assert_eq!(ask(&[1, 0]), Err(NoAnswer::Nothing));
    // Nobody to ask, or nobody of this name.
    assert_eq!(ask(&[]), Err(NoAnswer::Nothing));
    assert_eq!(ask(&[7]), Err(NoAnswer::Nothing));
    let metrics = pit.metrics();
    let asked: Vec<_> = metrics
        .instruments
        .iter()
        .map(|it| it.account.leases)
        .collect();
    assert_eq!(asked, [3, 3]);
    assert_eq!((metrics.running, metrics.kinds[0].answered), (0, 3));
    assert!(pit.close());
}

#[test]
fn instruments_that_were_replaced_answer_nothing() {
    let pit = pit_of(&[("one", 9), ("gone", 9)]);
    let (reply, answers) = answers();
    let ask = |generation| {
        let question = Question {
            generation,
            ..question(&[0])
        };
        pit.ask(Job::new("ask", Priority::Typing), question, reply());
        told(answers.recv().unwrap())
    };
    assert_eq!(ask(0), Ok(vec![(0, "one: why".into())]));
    assert_eq!(ask(1), Err(NoAnswer::Nothing));
    let generation = pit.replace_instruments(named(&[("other", 9)]));
    assert_eq!(ask(0), Err(NoAnswer::Nothing));
    assert_eq!(ask(generation), Ok(vec![(0, "other: why".into())]));
    let names: Vec<_> = pit.instruments().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["other"]);
    assert_ne!(pit.replace_instruments(Vec::new()), generation);
    assert_eq!(ask(generation), Err(NoAnswer::Nothing));
    assert!(pit.close());
}

#[test]
fn an_answer_of_an_instrument_is_kept() {
    let pit = pit_of(&[("one", 1)]);
    let (reply, answers) = answers();
    for _ in 0..2 {
        let job = kept(Job::new("ask", Priority::Typing), 1);
        pit.ask(job, question(&[0]), reply());
        let told = told(answers.recv().unwrap());
        assert_eq!(told, Ok(vec![(0, "one: why".into())]));
    }
}

#[test]
fn instruments_that_are_asked_together_all_answer() {
    let pit = pit_of(&[("one", 1), ("other", 2), ("third", 0)]);
    let (reply, answers) = answers();
    let ask = |among: &[u8]| {
        let together = Question {
            manner: Manner::Together,
            ..question(among)
        };
        pit.ask(Job::new("ask", Priority::Typing), together, reply());
        let mut told = told(answers.recv().unwrap())?;
        told.sort();
        Ok(told)
    };
    let (one, other) = ((0, "one: why".into()), (1, "other: why".into()));
    assert_eq!(ask(&[0, 1]), Ok(vec![one, other.clone()]));
    // Whoever has no answer is left out.
    assert_eq!(ask(&[2, 0, 1, 7]), Ok(vec![other]));
    assert_eq!(ask(&[0, 1]), Err(NoAnswer::Nothing));
    assert_eq!(ask(&[]), Err(NoAnswer::Nothing));
}

/// Has nothing to say.
struct Mute;

impl Instrument for Mute {
    fn start(&self) -> BoxFuture<'_, Result<Arc<dyn Running>, StartError>> {
        let running: Arc<dyn Running> = Arc::new(Mute);
        ready(Ok(running)).boxed()
    }
}

impl Running for Mute {
    fn ask(&self, _: Bytes) -> BoxFuture<'_, Result<Bytes, String>> {
        ready(Ok(Bytes::new())).boxed()
    }
}

#[test]
fn who_has_nothing_to_say_is_no_failure_and_the_next_is_asked() {
    let spec = |name: &str| Spec::new(name, InstrumentKind(0));
    let named: Arc<dyn Instrument> = Arc::new(Arc::new(Named {
        name: "other",
        answers: 99.into(),
    }));
    let pit = Pit::start(Settings {
        instruments: vec![(spec("mute"), Arc::new(Mute)), (spec("other"), named)],
        ..Settings::default()
    })
    .unwrap();
    let (reply, answers) = answers();
    // More often than a breaker would bear.
    for _ in 0..20 {
        let job = Job::new("ask", Priority::Typing);
        pit.ask(job, question(&[0, 1]), reply());
        let told = told(answers.recv().unwrap());
        let silent = (0, String::new());
        assert_eq!(told, Ok(vec![silent, (1, "other: why".into())]));
    }
    pit.ask(Job::new("ask", Priority::Typing), question(&[0]), reply());
    let told = told(answers.recv().unwrap());
    assert_eq!(told, Ok(vec![(0, String::new())]));
    let asked = pit.instruments();
    assert_eq!(
        (asked[0].account.leases, asked[0].account.failures),
        (21, 0)
    );
}

/// An instrument whose answers depend on the question only.
struct Reliable(Arc<Named>);

impl Instrument for Reliable {
    fn start(&self) -> BoxFuture<'_, Result<Arc<dyn Running>, StartError>> {
        self.0.start()
    }

    fn kept_as(&self, question: &[u8]) -> Option<(Key, Lineage)> {
        let key = KeyBuilder::new(KIND, 1).part("question", question);
        Some((key.finish(), Lineage::new(KIND, "reliable", "1", 0)))
    }
}

#[test]
fn what_an_instrument_has_said_it_is_not_asked_again() {
    let named = Arc::new(Named {
        name: "one",
        answers: 2.into(),
    });
    let reliable: Arc<dyn Instrument> = Arc::new(Reliable(named));
    let spec = Spec::new("reliable", InstrumentKind(0));
    let pit = Pit::start(Settings {
        instruments: vec![(spec, reliable)],
        ..Settings::default()
    })
    .unwrap();
    let (reply, answers) = answers();
    let ask = |bytes: &'static str| {
        let asked = Question {
            bytes: bytes.into(),
            ..question(&[0])
        };
        pit.ask(Job::new("ask", Priority::Typing), asked, reply());
        let answered = Answered::all_from(&answers.recv().unwrap()?).unwrap();
        Ok::<_, NoAnswer>((answered[0].answer.clone(), answered[0].was_kept))
    };
    for was_kept in [false, true, true] {
        assert_eq!(ask("why"), Ok(("one: why".into(), was_kept)));
    }
    assert_eq!(ask("when"), Ok(("one: when".into(), false)));
    // No answer is not kept, and what was is still there.
    assert_eq!(ask("who"), Err(NoAnswer::Nothing));
    assert_eq!(ask("why"), Ok(("one: why".into(), true)));
    assert_eq!(pit.instruments()[0].account.leases, 3);
}

#[test]
fn nobody_is_asked_while_the_user_types_on() {
    let pit = pit_of(&[("one", 9)]);
    let (reply, answers) = answers();
    let ask = |wait| {
        let later = Question {
            wait,
            ..question(&[0])
        };
        let job = Job::new("ask", Priority::Typing).about(1, 1);
        pit.ask(job, later, reply())
    };
    ask(Duration::from_secs(3600));
    pit.edited(1, 2);
    let superseded = Err(NoAnswer::Cancelled(Why::Superseded));
    assert_eq!(answers.recv().unwrap(), superseded);
    assert_eq!(pit.instruments()[0].account.leases, 0);
    pit.ask(
        Job::new("ask", Priority::Typing).about(1, 2),
        Question {
            wait: Duration::from_millis(1),
            ..question(&[0])
        },
        reply(),
    );
    assert_eq!(told(answers.recv().unwrap()).unwrap().len(), 1);
}

#[test]
fn an_instrument_learns_that_nobody_waits() {
    let (sender, heard) = channel();
    let spec = Spec {
        leases: 4,
        ..Spec::new("silent", InstrumentKind(0))
    };
    let silent: Arc<dyn Instrument> = Arc::new(Arc::new(Silent(sender)));
    let pit = Pit::start(Settings {
        instruments: vec![(spec, silent)],
        ..Settings::default()
    })
    .unwrap();
    let (reply, answers) = answers();
    let job = || Job::new("ask", Priority::Typing);

    let ticket = pit.ask(job(), question(&[0]), reply()).unwrap();
    assert_eq!(heard.recv(), Ok("asked"));
    pit.cancel(ticket);
    assert_eq!(answers.recv(), Ok(Err(NoAnswer::Cancelled(Why::Asked))));
    assert_eq!(heard.recv(), Ok("dropped"));

    pit.ask(job().about(1, 1), question(&[0]), reply());
    assert_eq!(heard.recv(), Ok("asked"));
    pit.edited(1, 2);
    assert_eq!(heard.recv(), Ok("dropped"));
    assert_eq!(
        answers.recv(),
        Ok(Err(NoAnswer::Cancelled(Why::Superseded)))
    );

    let soon = Instant::now() + Duration::from_millis(5);
    pit.ask(job().until(soon), question(&[0]), reply());
    let answer = answers.recv().unwrap();
    assert!(answer.is_err(), "{answer:?}");

    pit.ask(job(), question(&[0]), reply());
    assert!(pit.close());
    assert!(answers.recv().unwrap().is_err());
}
