//! How fast the user types.

use std::time::{Duration, Instant};

/// Keys that count.
const KEYS: usize = 10;
/// Who has paused for so long types at another pace now.
const PAUSE: Duration = Duration::from_secs(5);

/// When the last keys were hit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rhythm {
    /// The latest first.
    keys: [Option<Instant>; KEYS],
}

impl Rhythm {
    /// Notes an edit.
    pub(crate) fn key(&mut self, now: Instant) {
        let paused = self.idle(now).is_some_and(|it| it > PAUSE);
        if paused {
            self.keys = [None; KEYS];
        }
        self.keys.rotate_right(1);
        self.keys[0] = Some(now);
    }

    /// How long ago the last edit was.
    pub(crate) fn idle(&self, now: Instant) -> Option<Duration> {
        Some(now.saturating_duration_since(self.keys[0]?))
    }

    /// Keys a second, once there are two.
    pub(crate) fn speed(&self) -> Option<f64> {
        let mut keys = self.keys.iter().flatten();
        let last = *keys.next()?;
        let (first, gaps) = keys.fold((last, 0_u8), |(_, gaps), &key| (key, gaps + 1));
        let took = last.saturating_duration_since(first).as_secs_f64();
        (took > 0.0).then(|| f64::from(gaps) / took)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_keys_say_how_fast_someone_types() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut rhythm = Rhythm::default();
        assert_eq!((rhythm.speed(), rhythm.idle(at(0))), (None, None));
        rhythm.key(at(0));
        assert_eq!(rhythm.speed(), None);
        for key in 1..=30 {
            rhythm.key(at(key * 100));
        }
        assert!((rhythm.speed().unwrap() - 10.0).abs() < 1e-9);
        assert_eq!(rhythm.idle(at(3250)), Some(Duration::from_millis(250)));
        // A pause is no slow key.
        rhythm.key(at(60_000));
        assert_eq!(rhythm.speed(), None);
        rhythm.key(at(60_200));
        assert!((rhythm.speed().unwrap() - 5.0).abs() < 1e-9);
    }
}
