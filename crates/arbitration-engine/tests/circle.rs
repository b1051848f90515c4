//! The cases that the package in Python has made of its own vote, and what a vote must never do.

use std::path::Path;

use serde::Deserialize;
use symphony_arbitration_engine::{Candidate, ChoiceReason, choose};

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    answers: Vec<Answer>,
    deadline_ms: f64,
    least_agreeing: usize,
    choice: Option<Taken>,
}

#[derive(Deserialize)]
struct Answer {
    text: String,
    instrument: u8,
    parses: Option<bool>,
    resolves: Option<bool>,
    probability: Option<f64>,
    quality: f64,
    latency_ms: f64,
}

#[derive(Deserialize)]
struct Taken {
    index: usize,
    because: String,
    agreeing: usize,
    confidence: f64,
}

fn candidate(answer: &Answer) -> Candidate<'_> {
    Candidate {
        text: &answer.text,
        instrument: answer.instrument,
        parses: answer.parses,
        resolves: answer.resolves,
        probability: answer.probability,
        quality: answer.quality,
        latency_ms: answer.latency_ms,
    }
}

#[test]
fn python_takes_the_same_answers_for_the_same_reasons() {
    let file = "../../python-models/src/conductor/circle.json";
    let text = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let cases: Cases = serde_json::from_slice(&text).unwrap();
    let mut reasons = std::collections::BTreeSet::new();
    for (at, case) in cases.cases.iter().enumerate() {
        let candidates: Vec<_> = case.answers.iter().map(candidate).collect();
        let ours = choose(&candidates, case.deadline_ms, case.least_agreeing);
        let short = ours.map(|it| {
            let because = format!("{:?}", it.reason).to_lowercase();
            (it.index, because, it.agreeing)
        });
        let theirs = case.choice.as_ref();
        let expected = theirs.map(|it| (it.index, it.because.clone(), it.agreeing));
        assert_eq!(short, expected, "case {at}");
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            // Sums in another order: not the last digit.
            let difference = (ours.confidence - theirs.confidence).abs();
            assert!(difference < 1e-12, "case {at}: {ours:?}");
            reasons.insert(theirs.because.clone());
        }
    }
    assert!(cases.cases.len() >= 200);
    assert!(
        reasons.len() >= 6,
        "the cases show few reasons: {reasons:?}"
    );
}

#[test]
fn what_is_no_number_decides_nothing() {
    let sound = Candidate {
        text: "a",
        instrument: 0,
        parses: None,
        resolves: None,
        probability: Some(0.2),
        quality: 0.5,
        latency_ms: 10.0,
    };
    let odd = [
        Candidate {
            quality: f64::NAN,
            text: "b",
            ..sound
        },
        Candidate {
            latency_ms: f64::NAN,
            text: "c",
            ..sound
        },
        sound,
        Candidate {
            probability: Some(f64::NAN),
            text: "d",
            ..sound
        },
    ];
    let choice = choose(&odd, 100.0, 1).unwrap();
    assert_eq!((choice.index, choice.reason), (2, ChoiceReason::Quality));
    assert!(choose(&odd[..2], 100.0, 1).is_none());
    assert!(choose(&[], 100.0, 1).is_none());
}
