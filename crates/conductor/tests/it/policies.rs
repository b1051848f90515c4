//! Policies of the user that do what no policy should.

use std::fs;
use std::time::{Duration, Instant};

use symphony_conductor::{Conductor, Decide, Fallback, Source, State, Why};

use crate::fixture::{PATIENCE, options, ready, view, with_policy, with_python};

const MS: Duration = Duration::from_millis(1);

/// Asks until the answer is as wanted.
fn ask_until(conductor: &Conductor, wanted: impl Fn(Source) -> bool) {
    let start = Instant::now();
    while !wanted(conductor.decide(&view()).1) {
        assert!(start.elapsed() < PATIENCE, "{:?}", conductor.health());
        std::thread::yield_now();
    }
}

#[test]
fn a_policy_of_the_user_decides() {
    with_python("policies::a_policy_of_the_user_decides", || {
        let code = concat!(
            "import dataclasses\n",
            "from conductor import decide as ours\n",
            "def decide(view):\n",
            "    return dataclasses.replace(ours(view), tau=0.75)\n",
        );
        let (conductor, _folder) = with_policy(code, |_| {});
        let (decision, source) = conductor.decide(&view());
        assert!(source.is_python(), "{:?}", conductor.health());
        assert!(decision.trigger);
        assert_eq!(decision.tau, 0.75);
        assert_eq!(Decide::decide(&conductor, &view()), decision);
        assert_eq!(conductor.health().counts.python, 2);
    });
}

#[test]
fn one_that_never_comes_back_is_abandoned() {
    let name = "policies::one_that_never_comes_back_is_abandoned";
    // That the process below ends at all is the half of what is asked here.
    with_python(name, || {
        let code = "def decide(view):\n    while True:\n        pass\n";
        let (conductor, _folder) = with_policy(code, |it| {
            it.deadline = 20 * MS;
            it.stuck_after = 500 * MS;
        });
        let expected = Fallback::default().decide(&view());
        let first = conductor.decide(&view());
        assert_eq!(first, (expected, Source::Fallback(Why::Late)));
        ask_until(&conductor, |it| it == Source::Fallback(Why::Stuck));
        let health = conductor.health();
        assert_eq!(health.state, State::Stuck);
        assert_eq!(health.reason.as_deref(), Some("stuck"));
        assert!(health.counts.of(Why::Busy) > 0, "{health:?}");
        // Nobody waits for it any more: a thousand decisions take less than a thousand deadlines.
        let start = Instant::now();
        for _ in 0..1000 {
            let decided = conductor.decide(&view());
            assert_eq!(decided, (expected, Source::Fallback(Why::Stuck)));
        }
        assert!(start.elapsed() < 1000 * 20 * MS);
        // Dropping it waits for nothing either.
        drop(conductor);
        let again = Conductor::start(options());
        let health = again.wait_until_loaded(PATIENCE);
        let reason = "this process has had its Python".to_owned();
        assert_eq!(health.reason, Some(reason));
    });
}

#[test]
fn one_that_raises_is_left_alone_after_some_times() {
    let name = "policies::one_that_raises_is_left_alone_after_some_times";
    with_python(name, || {
        let code = concat!(
            "n = 0\n",
            "def decide(view):\n",
            "    global n\n",
            "    n += 1\n",
            "    if n == 2:\n",
            "        raise SystemExit(4)\n",
            "    if n == 3:\n",
            "        return decide(view)\n",
            "    raise ValueError(f'no, {n}')\n",
        );
        let (conductor, _folder) = with_policy(code, |it| {
            it.failures_in_a_row = 4;
            it.back_off = PATIENCE;
        });
        let reasons = (0..4).map(|_| {
            let (decision, source) = conductor.decide(&view());
            assert_eq!(source, Source::Fallback(Why::Raised));
            assert_eq!(decision, Fallback::default().decide(&view()));
            conductor.health().reason.unwrap()
        });
        let reasons: Vec<String> = reasons.collect();
        assert!(
            reasons[0].starts_with("raised: ValueError: no, 1 ("),
            "{reasons:?}"
        );
        assert!(reasons[0].ends_with("policy.py, line 9)"), "{reasons:?}");
        assert!(
            reasons[1].starts_with("raised: SystemExit: 4"),
            "{reasons:?}"
        );
        let source = conductor.decide(&view()).1;
        assert_eq!(source, Source::Fallback(Why::Resting));
        let health = conductor.health();
        assert_eq!(health.state, State::Resting);
        assert_eq!(health.counts.of(Why::Raised), 4);
        assert_eq!(health.counts.of(Why::Resting), 1);
    });
}

#[test]
fn one_that_recovers_is_asked_again() {
    with_python("policies::one_that_recovers_is_asked_again", || {
        let code = concat!(
            "from conductor import decide as ours\n",
            "n = 0\n",
            "def decide(view):\n",
            "    global n\n",
            "    n += 1\n",
            "    return ours(view) if n > 3 else 1 / 0\n",
        );
        let (conductor, _folder) = with_policy(code, |it| {
            it.failures_in_a_row = 2;
            it.back_off = MS;
        });
        ask_until(&conductor, Source::is_python);
        let counts = conductor.health().counts;
        assert_eq!(counts.of(Why::Raised), 3);
        assert_eq!(conductor.health().state, State::Ready);
    });
}

#[test]
fn nonsense_is_not_carried_out() {
    with_python("policies::nonsense_is_not_carried_out", || {
        let code = concat!(
            "import dataclasses\n",
            "from conductor import decide as ours\n",
            "n = 0\n",
            "def decide(view):\n",
            "    global n\n",
            "    n += 1\n",
            "    fine = ours(view)\n",
            "    return [\n",
            "        None, 'x', (1, 2), [fine],\n",
            "        dataclasses.replace(fine, instrument=9),\n",
            "        dataclasses.replace(fine, tau=float('nan')),\n",
            "        dataclasses.replace(fine, context_tokens=1.5),\n",
            "        dataclasses.replace(fine, fallbacks=(-5,)),\n",
            "        dataclasses.replace(fine, deadline_ms=10**30),\n",
            "        dataclasses.replace(fine, candidates=True),\n",
            "    ][n - 1]\n",
        );
        let (conductor, _folder) = with_policy(code, |it| it.failures_in_a_row = 100);
        for index in 0..9 {
            let (decision, source) = conductor.decide(&view());
            let health = conductor.health();
            eprintln!("{}", health.reason.unwrap());
            assert_eq!(source, Source::Fallback(Why::Nonsense), "{index}");
            assert_eq!(decision, Fallback::default().decide(&view()));
        }
        // Python's `True` is 1.
        assert!(conductor.decide(&view()).1.is_python());
        assert_eq!(conductor.health().counts.of(Why::Nonsense), 9);
    });
}

#[test]
fn what_a_policy_prints_is_not_on_standard_output() {
    let name = "policies::what_a_policy_prints_is_not_on_standard_output";
    let code = concat!(
        "from conductor import decide as ours\n",
        "print('LOUD as it loads')\n",
        "def decide(view):\n",
        "    print('LOUD')\n",
        "    try:\n",
        "        input()\n",
        "    except RuntimeError:\n",
        "        return ours(view)\n",
    );
    let output = with_python(name, || {
        let (conductor, folder) = with_policy(code, |_| {});
        assert!(conductor.decide(&view()).1.is_python());
        // Nothing was written beside the policy.
        let files = fs::read_dir(folder.path()).unwrap();
        assert_eq!(files.count(), 1);
    });
    if let Some(output) = output {
        let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).matches("LOUD").count();
        assert_eq!(told(&output.stdout), 0);
        assert_eq!(told(&output.stderr), 2);
    }
}

/// A thread in Python that takes the lock and keeps it, in C, for about a second. Afterwards decisions say so.
const KEEPS_THE_LOCK: &str = "
import dataclasses
import threading
from conductor import decide as ours

go = threading.Event()
tau = 0.25

def keep():
    global tau
    go.wait()
    sum(range(40_000_000))
    tau = 0.75

threading.Thread(target=keep, daemon=True).start()

def decide(view):
    go.set()
    return dataclasses.replace(ours(view), tau=tau)
";

#[test]
fn while_somebody_keeps_the_lock_all_are_answered() {
    let name = "policies::while_somebody_keeps_the_lock_all_are_answered";
    let output = with_python(name, || {
        let (conductor, _folder) = with_policy(KEEPS_THE_LOCK, |it| {
            it.deadline = MS;
            it.back_off = MS;
        });
        let expected = Fallback::default().decide(&view());
        // From the first question until the lock is free again.
        let (mut n, mut slowest) = (0, Duration::ZERO);
        let start = Instant::now();
        loop {
            let asked = Instant::now();
            let (decision, source) = conductor.decide(&view());
            slowest = slowest.max(asked.elapsed());
            if !source.is_python() {
                assert_eq!(decision, expected);
                n += 1;
            } else if decision.tau == 0.75 {
                break;
            }
            assert!(start.elapsed() < PATIENCE, "{:?}", conductor.health());
        }
        let took = start.elapsed();
        eprintln!("{n} answers in {took:?}, the slowest in {slowest:?}");
        assert!(n >= 1000, "{n}");
        assert!(
            slowest < took / 2,
            "somebody waited: {slowest:?} of {took:?}"
        );
    });
    if let Some(output) = output {
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn many_ask_at_once() {
    with_python("policies::many_ask_at_once", || {
        let conductor = Conductor::start(options());
        ready(&conductor);
        let expected = conductor.decide(&view()).0;
        let fallback = Fallback::default().decide(&view());
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let (decision, source) = conductor.decide(&view());
                        let right = match source {
                            Source::Python(_) => decision == expected,
                            Source::Fallback(why) => why == Why::Busy && decision == fallback,
                        };
                        assert!(right, "{source:?} {decision:?}");
                    }
                });
            }
        });
        let counts = conductor.health().counts;
        assert_eq!(counts.python + counts.of(Why::Busy), 3201);
        assert!(counts.python > 1);
    });
}
