//! Which of several answers is taken.
//!
//! Answers are compared by steps, and the first step at which the winner and the best *different* answer differ is the
//! reason: how far an answer was checked, how much speaks for it, who gives it, who was first. What speaks for an answer is
//! a vote: each candidate that gives it adds the logarithm of its odds to be right, which is how independent experts of
//! known quality are best weighed.

use std::fmt;
use std::time::Duration;

/// How far an answer was checked; the later the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Validity {
    /// It does not parse, or names something that is not there. Never taken.
    Broken,
    /// Nobody looked.
    Unchecked,
    /// It parses.
    Parses,
    /// It parses, and all its names resolve.
    Resolves,
}

/// Who gave an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    /// A name for logs: `typescript`, a model.
    pub name: &'a str,
    /// Between equally good answers that of the higher trust is taken.
    pub trust: u8,
}

/// One of several answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate<'a> {
    /// Who gave it.
    pub source: Source<'a>,
    /// How far it was checked.
    pub validity: Validity,
    /// How probably it is right, from 0 to 1, as far as is known of its source.
    pub quality: f32,
    /// A fingerprint of what it says: equal answers have equal ones.
    pub answer: u64,
    /// How long it took.
    pub latency: Duration,
}

/// Which answer was taken, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Its index among the candidates.
    pub index: usize,
    /// What decided.
    pub reason: ChoiceReason,
    /// How many candidates gave the same answer, this one included.
    pub agreeing: usize,
}

/// What decided between the answer taken and the best different one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChoiceReason {
    /// It is the only answer that is not broken.
    Only,
    /// It was checked further.
    Validity,
    /// Its source is better.
    Quality,
    /// More speaks for it because several agree.
    Agreement,
    /// Its source is more trusted.
    Source,
    /// It was there earlier.
    Latency,
    /// Nothing: it came first in the list.
    First,
}

impl fmt::Display for ChoiceReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Only => "no other is valid",
            Self::Validity => "it was checked further",
            Self::Quality => "its source is better",
            Self::Agreement => "several agree on it",
            Self::Source => "its source is more trusted",
            Self::Latency => "it was there earlier",
            Self::First => "it came first",
        })
    }
}

/// How many wrong answers there are for a right one, as far as votes are concerned; a wild guess. The more there are, the
/// more it means if two agree.
const WRONG_ANSWERS: f64 = 100.0;

/// What one candidate's voice is worth: never less than nothing, for even a bad source does not make an answer worse.
fn voice(candidate: &Candidate<'_>) -> f64 {
    let quality = f64::from(candidate.quality);
    let quality = if quality.is_nan() { 0.0 } else { quality };
    let quality = quality.clamp(0.001, 0.999);
    (quality * WRONG_ANSWERS / (1.0 - quality)).ln().max(0.0)
}

/// A candidate and what speaks for its answer.
struct Standing<'a> {
    index: usize,
    candidate: &'a Candidate<'a>,
    support: f64,
    voice: f64,
    agreeing: usize,
}

impl Standing<'_> {
    /// The step that decides between two candidates, and whether `self` wins it.
    fn against(&self, other: &Self) -> (ChoiceReason, bool) {
        let (ours, theirs) = (self.candidate, other.candidate);
        if ours.validity != theirs.validity {
            (ChoiceReason::Validity, ours.validity > theirs.validity)
        } else if self.support != other.support {
            let wins = self.support > other.support;
            let alone = (self.voice > other.voice) == wins && self.voice != other.voice;
            let reason = if alone {
                ChoiceReason::Quality
            } else {
                ChoiceReason::Agreement
            };
            (reason, wins)
        } else if self.voice != other.voice {
            // Equal support: these two say the same, or one voice weighs as much as several.
            (ChoiceReason::Quality, self.voice > other.voice)
        } else if ours.source.trust != theirs.source.trust {
            let wins = ours.source.trust > theirs.source.trust;
            (ChoiceReason::Source, wins)
        } else if ours.latency != theirs.latency {
            (ChoiceReason::Latency, ours.latency < theirs.latency)
        } else {
            (ChoiceReason::First, self.index < other.index)
        }
    }
}

/// Picks an answer; `None` if all are broken. Only candidates that are not broken have a voice. An answer counts as checked
/// as far as the candidate at hand was, so equal answers should have been checked equally far.
///
/// ```
/// use std::time::Duration;
/// use symphony_arbitration_engine::{Candidate, ChoiceReason, Source, Validity, choose};
///
/// let candidate = |name, quality, answer| Candidate {
///     source: Source { name, trust: 0 },
///     validity: Validity::Resolves,
///     quality,
///     answer,
///     latency: Duration::from_millis(10),
/// };
/// let choice = choose(&[candidate("a", 0.6, 1), candidate("b", 0.4, 2), candidate("c", 0.4, 2)]);
/// let choice = choice.expect("none is broken");
/// assert_eq!((choice.index, choice.reason), (1, ChoiceReason::Agreement));
/// ```
#[must_use]
pub fn choose(candidates: &[Candidate<'_>]) -> Option<Choice> {
    let valid = || {
        let all = candidates.iter().enumerate();
        all.filter(|(_, it)| it.validity != Validity::Broken)
    };
    let standings: Vec<_> = valid()
        .map(|(index, candidate)| {
            let same = || valid().filter(|(_, it)| it.answer == candidate.answer);
            Standing {
                index,
                candidate,
                support: same().map(|(_, it)| voice(it)).sum(),
                voice: voice(candidate),
                agreeing: same().count(),
            }
        })
        .collect();
    let winner = best(standings.iter())?;
    let different = |it: &&Standing<'_>| it.candidate.answer != winner.candidate.answer;
    let reason = match best(standings.iter().filter(different)) {
        Some(other) => winner.against(other).0,
        None => ChoiceReason::Only,
    };
    Some(Choice {
        index: winner.index,
        reason,
        agreeing: winner.agreeing,
    })
}

fn best<'a, 'c: 'a>(standings: impl Iterator<Item = &'a Standing<'c>>) -> Option<&'a Standing<'c>> {
    standings.reduce(|best, it| if it.against(best).1 { it } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source, validity, quality, answer, milliseconds.
    type Row<'a> = (&'a str, Validity, f32, u64, u64);

    #[track_caller]
    fn check(rows: &[Row<'_>], expected: Option<(usize, ChoiceReason, usize)>) {
        let candidates: Vec<_> = rows
            .iter()
            .map(|&(name, validity, quality, answer, latency)| Candidate {
                source: Source {
                    name,
                    trust: u8::from(name == "typescript"),
                },
                validity,
                quality,
                answer,
                latency: Duration::from_millis(latency),
            })
            .collect();
        let choice = choose(&candidates).map(|it| (it.index, it.reason, it.agreeing));
        assert_eq!(choice, expected);
    }

    use ChoiceReason as Because;
    use Validity::{Broken, Parses, Resolves, Unchecked};

    #[test]
    fn broken_answers_are_never_taken_and_have_no_voice() {
        check(&[], None);
        check(&[("a", Broken, 0.9, 1, 1)], None);
        check(
            &[("a", Broken, 0.99, 1, 1), ("b", Parses, 0.1, 2, 9)],
            Some((1, Because::Only, 1)),
        );
        let many = [
            ("a", Broken, 0.9, 1, 1),
            ("b", Broken, 0.9, 1, 1),
            ("c", Parses, 0.5, 1, 1),
            ("d", Parses, 0.6, 2, 1),
        ];
        check(&many, Some((3, Because::Quality, 1)));
    }

    #[test]
    fn each_step_decides_before_the_next() {
        check(
            &[("a", Unchecked, 0.9, 1, 1), ("b", Resolves, 0.2, 2, 9)],
            Some((1, Because::Validity, 1)),
        );
        check(
            &[("a", Resolves, 0.5, 1, 1), ("b", Resolves, 0.8, 2, 9)],
            Some((1, Because::Quality, 1)),
        );
        check(
            &[("a", Parses, 0.5, 1, 1), ("typescript", Parses, 0.5, 2, 9)],
            Some((1, Because::Source, 1)),
        );
        check(
            &[("a", Parses, 0.5, 1, 5), ("b", Parses, 0.5, 2, 4)],
            Some((1, Because::Latency, 1)),
        );
        check(
            &[("a", Parses, 0.5, 1, 5), ("b", Parses, 0.5, 2, 5)],
            Some((0, Because::First, 1)),
        );
    }

    #[test]
    fn two_middling_sources_that_agree_beat_a_good_one_but_two_bad_ones_do_not() {
        let three = |good, other| {
            [
                ("good", Resolves, good, 1, 1),
                ("b", Resolves, other, 2, 1),
                ("c", Resolves, other, 2, 1),
            ]
        };
        check(&three(0.8, 0.5), Some((1, Because::Agreement, 2)));
        check(&three(0.8, 0.05), Some((0, Because::Quality, 1)));
    }

    #[test]
    fn of_equal_answers_the_better_sources_is_taken() {
        check(
            &[("a", Parses, 0.3, 1, 5), ("b", Parses, 0.6, 1, 9)],
            Some((1, Because::Only, 2)),
        );
    }

    #[test]
    fn a_quality_that_is_no_number_is_the_worst() {
        check(
            &[("a", Parses, f32::NAN, 1, 1), ("b", Parses, 0.1, 2, 9)],
            Some((1, Because::Quality, 1)),
        );
    }
}
