//! What is remembered of instruments and of the user, for as long as the server runs.

use std::collections::VecDeque;
use std::time::Duration;

use symphony_conductor::Event;
use symphony_instruments::Ghost;
use symphony_pit::InstrumentId;
use symphony_pit::store::Key;

use super::suggestion::{Fate, Origin, Suggested};

/// Suggestions whose fate counts for the user's mood.
const LATELY: usize = 16;
/// Answers that say how fast an instrument is.
const ANSWERS: usize = 64;
/// What was expected of it counts as much as this many answers: an instrument is not given up for a slow start.
/// `python-models/src/quest/session.py` has the same.
const EXPECTED: f64 = 16.0;

/// What is remembered.
#[derive(Debug)]
pub(crate) struct Experience {
    shown: Option<Suggested>,
    /// Whether the last suggestions were accepted.
    lately: VecDeque<bool>,
    instruments: Vec<Of>,
}

/// What became of ghost text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Verdict {
    pub(crate) accepted: bool,
    /// Where the answer is kept that it was.
    pub(crate) key: Option<Key>,
    /// What the journal is to be told.
    pub(crate) event: Option<Event>,
}

/// What is remembered of an instrument.
#[derive(Debug, Clone, Default)]
struct Of {
    took_ms: VecDeque<f64>,
    kept: u32,
    judged: u32,
}

impl Experience {
    pub(crate) fn new(instruments: usize) -> Self {
        Self {
            shown: None,
            lately: VecDeque::new(),
            instruments: vec![Of::default(); instruments],
        }
    }

    /// The same of other instruments, each of which may be one of these: `before` says which.
    pub(crate) fn of_others(&self, before: &[Option<usize>]) -> Self {
        let known = |at: &Option<usize>| at.and_then(|at| self.instruments.get(at)).cloned();
        let mut shown = self.shown.clone();
        if let Some(shown) = &mut shown {
            let instrument = &mut shown.from.instrument;
            let after = before
                .iter()
                .position(|it| *it == Some(instrument.0.into()));
            // Of who is gone nothing is learned.
            instrument.0 = after.map_or(u8::MAX, |it| it as u8);
        }
        Self {
            shown,
            lately: self.lately.clone(),
            instruments: before
                .iter()
                .map(|it| known(it).unwrap_or_default())
                .collect(),
        }
    }

    /// How many of the last suggestions were accepted, and how many were not.
    pub(crate) fn lately(&self) -> (u8, u8) {
        let accepted = self.lately.iter().filter(|&&it| it).count();
        (accepted as u8, (self.lately.len() - accepted) as u8)
    }

    /// Of an instrument, how many suggestions were kept, and of how many that is known.
    pub(crate) fn judged(&self, instrument: u8) -> (u32, u32) {
        let of = self.instruments.get(usize::from(instrument));
        of.map_or((0, 0), |it| (it.kept, it.judged))
    }

    /// The share of what an instrument showed that was kept; 0 if nothing is known.
    pub(crate) fn quality(&self, instrument: u8) -> f64 {
        let (kept, judged) = self.judged(instrument);
        f64::from(kept) / f64::from(judged.max(1))
    }

    /// How many milliseconds an instrument takes, half of the time and 95 times of 100, if so much was expected of it.
    pub(crate) fn times(&self, instrument: u8, expected: [f64; 2]) -> [f64; 2] {
        let of = self.instruments.get(usize::from(instrument));
        let mut sorted: Vec<f64> =
            of.map_or_else(Vec::new, |it| it.took_ms.iter().copied().collect());
        sorted.sort_by(f64::total_cmp);
        let Some(last) = sorted.len().checked_sub(1) else {
            return expected;
        };
        let n = sorted.len() as f64;
        let at = |share: f64| sorted[(last as f64 * share).ceil() as usize];
        let blended = |took: f64, expected: f64| (n * took + EXPECTED * expected) / (n + EXPECTED);
        [
            blended(at(0.5), expected[0]),
            blended(at(0.95), expected[1]),
        ]
    }

    pub(crate) fn answered(&mut self, instrument: InstrumentId, took: Duration) {
        if let Some(of) = self.instruments.get_mut(usize::from(instrument.0)) {
            push(&mut of.took_ms, ANSWERS, took.as_secs_f64() * 1000.0);
        }
    }

    pub(crate) fn shown(&mut self, suggested: Suggested) {
        self.shown = Some(suggested);
    }

    /// What is left of what is shown in a document.
    pub(crate) fn rest(&self, document: &str, text: &str, cursor: usize) -> Option<Ghost> {
        let shown = self.shown.as_ref().filter(|it| it.is_in(document))?;
        shown.rest(text, cursor)
    }

    /// What became of what was shown in a document, if that is known now.
    pub(crate) fn look(&mut self, document: &str, text: &str, cursor: usize) -> Option<Verdict> {
        let shown = self.shown.take_if(|it| it.is_in(document))?;
        let accepted = match shown.fate(text, cursor) {
            Fate::Accepted => true,
            Fate::Rejected => false,
            Fate::Unknown => return None,
            Fate::Open => {
                self.shown = Some(shown);
                return None;
            }
        };
        push(&mut self.lately, LATELY, accepted);
        let Origin {
            instrument,
            key,
            event,
        } = shown.from;
        if let Some(of) = self.instruments.get_mut(usize::from(instrument.0)) {
            of.judged += 1;
            of.kept += u32::from(accepted);
        }
        let event = event.map(|it| Event {
            kept_chars: if accepted { it.shown_chars } else { 0 },
            ..it
        });
        Some(Verdict {
            accepted,
            key,
            event,
        })
    }
}

/// Adds to the last `most`.
fn push<T>(all: &mut VecDeque<T>, most: usize, new: T) {
    if all.len() == most {
        all.pop_front();
    }
    all.push_back(new);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "y" behind "x ".
    fn shown(instrument: u8) -> Suggested {
        let ghost = Ghost {
            start: 2,
            end: 2,
            text: "y".to_owned(),
            probability: 0.5,
        };
        let from = Origin {
            instrument: InstrumentId(instrument),
            key: None,
            event: None,
        };
        Suggested::new("a", "x ", ghost, from).unwrap()
    }

    #[test]
    fn what_was_shown_is_judged_once() {
        let mut experience = Experience::new(1);
        let shown = shown(0);
        for (text, cursor) in [("x ", 2), ("x y", 3), ("x y", 3)] {
            if text == "x " {
                experience.shown(shown.clone());
            }
            experience.look("other", text, cursor);
            experience.look("a", text, cursor);
        }
        assert_eq!(
            (experience.judged(0), experience.lately()),
            ((1, 1), (1, 0))
        );
        experience.shown(shown.clone());
        experience.look("a", "x z", 3);
        assert_eq!(
            (experience.judged(0), experience.lately()),
            ((1, 2), (1, 1))
        );
        // An instrument that is not there any more.
        let other = self::shown(9);
        for _ in 0..40 {
            experience.shown(other.clone());
            experience.look("a", "x z", 3);
        }
        assert_eq!(
            (experience.judged(0), experience.lately()),
            ((1, 2), (0, 16))
        );
        assert_eq!(experience.judged(9), (0, 0));
    }

    #[test]
    fn of_other_instruments_only_what_is_the_same_stays() {
        let mut before = Experience::new(2);
        let took = Duration::from_millis(270);
        before.answered(InstrumentId(1), took);
        before.shown(shown(1));
        before.look("a", "x y", 3);
        before.shown(shown(1));
        let mut after = before.of_others(&[None, None, Some(1)]);
        let expected = [100.0, 200.0];
        assert_eq!(after.times(2, expected), before.times(1, expected));
        assert_eq!(after.times(1, expected), expected);
        assert_eq!((after.judged(2), after.judged(1)), ((1, 1), (0, 0)));
        assert_eq!(after.shown, Some(shown(2)));
        after.look("a", "x z", 3);
        assert_eq!((after.judged(2), after.lately()), ((1, 2), (1, 1)));
        let mut gone = before.of_others(&[Some(0)]);
        gone.look("a", "x z", 3);
        assert_eq!((gone.judged(0), gone.lately()), ((0, 0), (1, 1)));
    }

    #[test]
    fn times_are_those_of_the_last_answers_and_what_was_expected() {
        let mut experience = Experience::new(1);
        let expected = [100.0, 200.0];
        assert_eq!(experience.times(0, expected), expected);
        experience.answered(InstrumentId(0), Duration::from_millis(270));
        assert_eq!(
            experience.times(0, expected),
            [110.0, (270.0 + 3200.0) / 17.0]
        );
        for ms in 0..ANSWERS as u64 {
            experience.answered(InstrumentId(0), Duration::from_millis(ms));
        }
        let blended = |took: f64, expected: f64| (64.0 * took + 16.0 * expected) / 80.0;
        let times = [blended(32.0, 100.0), blended(60.0, 200.0)];
        assert_eq!(experience.times(0, expected), times);
        experience.answered(InstrumentId(7), Duration::ZERO);
        assert_eq!(experience.times(7, expected), expected);
    }
}
