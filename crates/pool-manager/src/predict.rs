//! Which instruments will be wanted soon: by the hour of the week, and by the languages of the open files.
//!
//! Pure: the time is passed in, as the local time since some Monday at midnight.

use std::time::Duration;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::InstrumentId;

const HOURS: usize = 7 * 24;
/// What a week ago counts against today: a habit is unlearned in about a month.
const FADING: f32 = 0.8;
/// How many weeks of this very hour the same hour of all days is worth.
const OTHER_DAYS: f32 = 0.5;
/// How sure an open file of a language makes us, where its instrument was always the same.
const OPEN_FILE: f32 = 0.95;
/// So long a silence teaches nothing: the editor was not running, or the user was on holiday.
const LONGEST_SILENCE: u64 = HOURS as u64;

/// How often something was so, and how often it might have been.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Share {
    times: f32,
    of: f32,
}

impl Share {
    fn count(&mut self, was: bool) {
        self.times = self.times * FADING + f32::from(u8::from(was));
        self.of = self.of * FADING + 1.0;
    }
}

/// Learns from what was used when, and with which files open.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Predictor {
    n_instruments: usize,
    /// For each instrument the hours of a week: in how many weeks it was used in that hour.
    hours: Vec<Vec<Share>>,
    /// For each language how often each instrument was used with such a file open.
    languages: FxHashMap<u64, Vec<f32>>,
    /// The hour that is not over, since the first Monday.
    hour: Option<u64>,
    /// Instruments used in it, a bit each.
    used: u64,
}

impl Predictor {
    /// Knows nothing yet.
    #[must_use]
    pub fn new(n_instruments: usize) -> Self {
        let n_instruments = n_instruments.min(64);
        Self {
            n_instruments,
            hours: vec![vec![Share::default(); HOURS]; n_instruments],
            languages: FxHashMap::default(),
            hour: None,
            used: 0,
        }
    }

    /// An instrument was used, with files of these languages open.
    pub fn observe(&mut self, at: Duration, languages: &[u64], instrument: InstrumentId) {
        self.pass(at);
        let place = usize::from(instrument.0);
        if place >= self.n_instruments {
            return;
        }
        self.used |= 1 << place;
        for language in languages {
            let empty = || vec![0.0; self.n_instruments];
            let counts = self.languages.entry(*language).or_insert_with(empty);
            // Fading here is by uses: a new favourite is learned within some ten of them.
            for count in &mut *counts {
                *count *= 0.9;
            }
            counts[place] += 1.0;
        }
    }

    /// Whether it was ever used, as far as that is not forgotten.
    #[must_use]
    pub fn has_seen(&self, instrument: InstrumentId) -> bool {
        let place = usize::from(instrument.0);
        let mut counts = self.languages.values().filter_map(|it| it.get(place));
        counts.any(|it| *it > 0.0)
    }

    /// How likely each instrument is wanted around then, the likeliest first; with files of these languages open.
    #[must_use]
    pub fn predict(&mut self, at: Duration, languages: &[u64]) -> Vec<(InstrumentId, f32)> {
        self.pass(at);
        let mut all: Vec<_> = (0..self.n_instruments)
            .map(|place| {
                let by_time = self.by_time(place, hour_of_week(at));
                let by_file = languages.iter().map(|it| self.by_language(place, *it));
                let by_file = OPEN_FILE * by_file.fold(0.0, f32::max);
                let likely = 1.0 - (1.0 - by_time) * (1.0 - by_file);
                (InstrumentId(place as u8), likely)
            })
            .collect();
        all.sort_by(|one, other| other.1.total_cmp(&one.1));
        all
    }

    fn by_time(&self, place: usize, hour: usize) -> f32 {
        let hours = &self.hours[place];
        let same_hour = hours.iter().skip(hour % 24).step_by(24);
        let (times, of) = same_hour.fold((0.0, 0.0), |sum, it| (sum.0 + it.times, sum.1 + it.of));
        // Of nothing known half a time: it stays below a half.
        let other_days = times / (of + 0.5);
        (hours[hour].times + OTHER_DAYS * other_days) / (hours[hour].of + OTHER_DAYS)
    }

    fn by_language(&self, place: usize, language: u64) -> f32 {
        let Some(counts) = self.languages.get(&language) else {
            return 0.0;
        };
        let sum: f32 = counts.iter().sum();
        counts[place] / (sum + 0.5)
    }

    /// Enters the hours that are over.
    fn pass(&mut self, at: Duration) {
        let now = at.as_secs() / 3600;
        let Some(last) = self.hour else {
            self.hour = Some(now);
            return;
        };
        if now <= last {
            return;
        }
        for hour in last..now.min(last + LONGEST_SILENCE) {
            let used = if hour == last { self.used } else { 0 };
            for (place, hours) in self.hours.iter_mut().enumerate() {
                hours[(hour % HOURS as u64) as usize].count(used >> place & 1 == 1);
            }
        }
        self.hour = Some(now);
        self.used = 0;
    }
}

fn hour_of_week(at: Duration) -> usize {
    (at.as_secs() / 3600 % HOURS as u64) as usize
}
