//! Which of several answers is taken: the Circle of Experts. Pure, and the twin of `vote` in
//! `python-models/src/conductor/circle.py`: both replay `python-models/src/conductor/circle.json`.
//!
//! Answers are compared by steps: how far an answer was checked, how much speaks for it, how sure its instrument is, how good
//! that instrument has been, who was first. What speaks for an answer is a vote: each instrument that gives it adds the
//! logarithm of its odds to be right, once, however often it says the same.

use std::fmt;

/// How many wrong answers there are for a right one, as in Python; a wild guess.
const WRONG_ANSWERS: f64 = 100.0;

/// One answer to a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate<'a> {
    /// What would be inserted. Equal texts are one answer.
    pub text: &'a str,
    /// Whose answer it is: the number in the pool.
    pub instrument: u8,
    /// Whether the file parses with it; none: nobody looked.
    pub parses: Option<bool>,
    /// Whether all its names resolve; none: nobody looked.
    pub resolves: Option<bool>,
    /// How probably it is right, as the instrument says; none: it does not say, and `quality` is taken.
    pub probability: Option<f64>,
    /// The share of what the instrument showed that was kept.
    pub quality: f64,
    /// When it was there, from the question on.
    pub latency_ms: f64,
}

/// How far an answer was checked; the later the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Validity {
    /// It does not parse, or names what is not there. Never taken.
    Broken,
    /// Nobody looked.
    Unchecked,
    /// It parses.
    Parses,
    /// It parses, and all its names resolve.
    Resolves,
}

/// What decided between the answer taken and the best different one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChoiceReason {
    /// There is no other.
    Only,
    /// It was checked further.
    Validity,
    /// Its instrument is surer.
    Quality,
    /// More speaks for it because several agree.
    Agreement,
    /// Its instrument has been better.
    Source,
    /// It was there earlier.
    Latency,
    /// Nothing: it came first in the list.
    First,
}

impl fmt::Display for ChoiceReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ChoiceReason::Only => "there is no other",
            ChoiceReason::Validity => "it was checked further",
            ChoiceReason::Quality => "its instrument is surer",
            ChoiceReason::Agreement => "several agree on it",
            ChoiceReason::Source => "its instrument has been better",
            ChoiceReason::Latency => "it was there earlier",
            ChoiceReason::First => "it came first",
        })
    }
}

/// Which answer is taken, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Its index among the candidates.
    pub index: usize,
    /// What decided.
    pub reason: ChoiceReason,
    /// How many instruments gave the same answer, this one included.
    pub agreeing: usize,
    /// How probably it is right, if the instruments are independent; they seldom are.
    pub confidence: f64,
}

impl Candidate<'_> {
    /// How far it was checked.
    #[must_use]
    pub fn validity(&self) -> Validity {
        match (self.parses, self.resolves) {
            (Some(false), _) | (_, Some(false)) => Validity::Broken,
            (Some(true), Some(true)) => Validity::Resolves,
            (Some(true), None) => Validity::Parses,
            (None, _) => Validity::Unchecked,
        }
    }

    /// What its voice is worth: never less than nothing, for even a bad instrument does not make an answer worse.
    fn voice(&self) -> f64 {
        let probability = self.probability.unwrap_or(self.quality);
        let probability = if probability.is_nan() {
            0.0
        } else {
            probability
        };
        let probability = probability.clamp(0.001, 0.999);
        let odds = probability * WRONG_ANSWERS / (1.0 - probability);
        odds.ln().max(0.0)
    }
}

/// A candidate that may be taken, and what speaks for its answer.
struct Standing<'a> {
    index: usize,
    candidate: &'a Candidate<'a>,
    voice: f64,
    support: f64,
    agreeing: usize,
}

impl Standing<'_> {
    /// The step that decides between two, and whether `self` wins it.
    fn against(&self, other: &Self) -> (ChoiceReason, bool) {
        let (ours, theirs) = (self.candidate, other.candidate);
        if ours.validity() != theirs.validity() {
            return (ChoiceReason::Validity, ours.validity() > theirs.validity());
        }
        if self.support != other.support {
            let wins = self.support > other.support;
            // With agreement only if the voice alone would not have done.
            let alone = self.voice != other.voice && (self.voice > other.voice) == wins;
            let because = match alone {
                true => ChoiceReason::Quality,
                false => ChoiceReason::Agreement,
            };
            return (because, wins);
        }
        if self.voice != other.voice {
            return (ChoiceReason::Quality, self.voice > other.voice);
        }
        if ours.quality != theirs.quality {
            return (ChoiceReason::Source, ours.quality > theirs.quality);
        }
        if ours.latency_ms != theirs.latency_ms {
            return (ChoiceReason::Latency, ours.latency_ms < theirs.latency_ms);
        }
        (ChoiceReason::First, self.index < other.index)
    }
}

/// The answer to take of those that came within `deadline_ms`; none if there is none on which `least_agreeing` instruments
/// agree. An answer counts as checked as far as the candidate at hand was, so equal texts should be checked equally far.
///
/// ```
/// use symphony_arbitration_engine::{Candidate, ChoiceReason, choose};
///
/// let candidate = |instrument, text, probability| Candidate {
///     text,
///     instrument,
///     parses: Some(true),
///     resolves: Some(true),
///     probability: Some(probability),
///     quality: 0.5,
///     latency_ms: 10.0,
/// };
/// let candidates = [candidate(0, "a()", 0.6), candidate(1, "b()", 0.4), candidate(2, "b()", 0.4)];
/// let choice = choose(&candidates, 100.0, 1).expect("all came in time");
/// assert_eq!((choice.index, choice.reason, choice.agreeing), (1, ChoiceReason::Agreement, 2));
/// ```
#[must_use]
pub fn choose(
    candidates: &[Candidate<'_>],
    deadline_ms: f64,
    least_agreeing: usize,
) -> Option<Choice> {
    let standings = standings(candidates, deadline_ms);
    let winner = best(standings.iter())?;
    if winner.agreeing < least_agreeing {
        return None;
    }
    let different = |it: &&Standing<'_>| it.candidate.text != winner.candidate.text;
    let reason = match best(standings.iter().filter(different)) {
        Some(other) => winner.against(other).0,
        None => ChoiceReason::Only,
    };
    Some(Choice {
        index: winner.index,
        reason,
        agreeing: winner.agreeing,
        confidence: confidence(&standings, winner),
    })
}

/// All that may be taken. Quadratic: there are a handful.
fn standings<'a>(candidates: &'a [Candidate<'a>], deadline_ms: f64) -> Vec<Standing<'a>> {
    let in_time = |it: &Candidate<'_>| {
        let qualities = it.quality.is_nan() || it.latency_ms.is_nan();
        it.validity() > Validity::Broken && !qualities && it.latency_ms <= deadline_ms
    };
    let all = candidates.iter().enumerate();
    let mut standings: Vec<_> = all
        .filter(|(_, it)| in_time(it))
        .map(|(index, candidate)| Standing {
            index,
            candidate,
            voice: candidate.voice(),
            support: 0.0,
            agreeing: 0,
        })
        .collect();
    for at in 0..standings.len() {
        let text = standings[at].candidate.text;
        let (mut support, mut agreeing) = (0.0, 0);
        for it in standings.iter().filter(|it| it.candidate.text == text) {
            // Of what one instrument says several times its surest voice counts, and of equal ones the first.
            let own = |other: &&Standing<'_>| {
                other.candidate.text == text
                    && other.candidate.instrument == it.candidate.instrument
            };
            let surer = |other: &Standing<'_>| {
                other.voice > it.voice || (other.voice == it.voice && other.index < it.index)
            };
            if !standings.iter().filter(own).any(surer) {
                support += it.voice;
                agreeing += 1;
            }
        }
        standings[at].support = support;
        standings[at].agreeing = agreeing;
    }
    standings
}

fn best<'a, 'c: 'a>(standings: impl Iterator<Item = &'a Standing<'c>>) -> Option<&'a Standing<'c>> {
    standings.reduce(|best, it| if it.against(best).1 { it } else { best })
}

/// In the scale of the largest: a sum of many voices is beyond what a float holds.
fn confidence(standings: &[Standing<'_>], winner: &Standing<'_>) -> f64 {
    let first_of_text = |it: &&Standing<'_>| {
        let same = |other: &&Standing<'_>| other.candidate.text == it.candidate.text;
        standings.iter().find(same).map(|it| it.index) == Some(it.index)
    };
    let answers = || standings.iter().filter(first_of_text).map(|it| it.support);
    let top = answers().fold(0.0, f64::max);
    let others: f64 = answers().map(|it| (it - top).exp()).sum();
    (winner.support - top).exp() / (others + WRONG_ANSWERS * (-top).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who, how far it was checked, how probably it is right, what, milliseconds.
    type Row<'a> = (u8, Validity, f64, &'a str, f64);

    #[track_caller]
    fn check(rows: &[Row<'_>], expected: Option<(usize, ChoiceReason, usize)>) {
        let candidates: Vec<_> = rows
            .iter()
            .map(
                |&(instrument, validity, probability, text, latency_ms)| Candidate {
                    text,
                    instrument,
                    parses: (validity != Unchecked).then_some(validity > Broken),
                    resolves: (validity == Resolves).then_some(true),
                    probability: Some(probability),
                    // The first has been the best so far.
                    quality: if instrument == 0 { 0.9 } else { 0.5 },
                    latency_ms,
                },
            )
            .collect();
        let choice = choose(&candidates, 100.0, 1).map(|it| (it.index, it.reason, it.agreeing));
        assert_eq!(choice, expected);
    }

    use ChoiceReason as Because;
    use Validity::{Broken, Parses, Resolves, Unchecked};

    #[test]
    fn broken_answers_are_never_taken_and_have_no_voice() {
        check(&[], None);
        check(&[(1, Broken, 0.9, "a", 1.0)], None);
        check(
            &[(1, Broken, 0.99, "a", 1.0), (2, Parses, 0.1, "b", 9.0)],
            Some((1, Because::Only, 1)),
        );
        let many = [
            (1, Broken, 0.9, "a", 1.0),
            (2, Broken, 0.9, "a", 1.0),
            (3, Parses, 0.5, "a", 1.0),
            (4, Parses, 0.6, "b", 1.0),
        ];
        check(&many, Some((3, Because::Quality, 1)));
    }

    #[test]
    fn each_step_decides_before_the_next() {
        check(
            &[(1, Unchecked, 0.9, "a", 1.0), (2, Resolves, 0.2, "b", 9.0)],
            Some((1, Because::Validity, 1)),
        );
        check(
            &[(1, Resolves, 0.5, "a", 1.0), (2, Resolves, 0.8, "b", 9.0)],
            Some((1, Because::Quality, 1)),
        );
        check(
            &[(1, Parses, 0.5, "a", 1.0), (0, Parses, 0.5, "b", 9.0)],
            Some((1, Because::Source, 1)),
        );
        check(
            &[(1, Parses, 0.5, "a", 5.0), (2, Parses, 0.5, "b", 4.0)],
            Some((1, Because::Latency, 1)),
        );
        check(
            &[(1, Parses, 0.5, "a", 5.0), (2, Parses, 0.5, "b", 5.0)],
            Some((0, Because::First, 1)),
        );
    }

    #[test]
    fn two_middling_instruments_that_agree_beat_a_good_one_but_two_bad_ones_do_not() {
        let three = |good, other| {
            [
                (1, Resolves, good, "a", 1.0),
                (2, Resolves, other, "b", 1.0),
                (3, Resolves, other, "b", 1.0),
            ]
        };
        check(&three(0.8, 0.5), Some((1, Because::Agreement, 2)));
        check(&three(0.8, 0.05), Some((0, Because::Quality, 1)));
    }

    #[test]
    fn who_repeats_himself_has_one_voice() {
        let rows = [
            (1, Resolves, 0.8, "a", 1.0),
            (2, Resolves, 0.5, "b", 1.0),
            (2, Resolves, 0.5, "b", 1.0),
        ];
        check(&rows, Some((0, Because::Quality, 1)));
    }

    #[test]
    fn of_equal_answers_the_surer_ones_is_taken() {
        check(
            &[(1, Parses, 0.3, "a", 5.0), (2, Parses, 0.6, "a", 9.0)],
            Some((1, Because::Only, 2)),
        );
    }
}
