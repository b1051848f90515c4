//! Instruments that will probably be wanted soon are started before they are: a model takes seconds to load. What was used
//! when, and with which files open, is kept between two starts.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::time::{Duration, SystemTime};

use symphony_pit::store::{Key, KeyBuilder, Kind, Lineage, Store};
use symphony_pit::{InstrumentId, Pit, Predictor};
use symphony_syntax::Language;

const KIND: Kind = Kind::new("foresight");
/// 1970 began on a Thursday; weeks of a predictor begin on Mondays.
const FIRST_MONDAY: Duration = Duration::from_secs(4 * 24 * 60 * 60);
/// Less likely than that an instrument is not started ahead.
const LIKELY: f32 = 0.5;
/// After so many uses what was learned is kept, also before the end.
const KEPT_EVERY: u32 = 64;

/// What will be wanted.
pub(super) struct Foresight {
    predictor: Predictor,
    key: Key,
    store: Store,
    /// Uses that are not kept.
    new: u32,
}

impl Foresight {
    /// With what an earlier start of the same instruments has learned.
    pub(super) fn new(pit: &Pit, names: &[String]) -> Self {
        let key = KeyBuilder::new(KIND, 1).part("instruments", names.join("\n"));
        let (key, store) = (key.finish(), pit.store().clone());
        let kept = store.get(&key);
        let kept = kept.and_then(|it| postcard::from_bytes(it.bytes()).ok());
        Self {
            predictor: kept.unwrap_or_else(|| Predictor::new(names.len())),
            key,
            store,
            new: 0,
        }
    }

    /// An instrument was used for a file of this language.
    pub(super) fn used(&mut self, instrument: InstrumentId, language: Language) {
        let languages = [number(language)];
        self.predictor
            .observe(since_monday(), &languages, instrument);
        self.new += 1;
        if self.new >= KEPT_EVERY {
            self.keep();
        }
    }

    /// Whether an instrument was ever used.
    pub(super) fn knows(&self, instrument: InstrumentId) -> bool {
        self.predictor.has_seen(instrument)
    }

    /// What will probably be wanted, now that a file of this language is open.
    pub(super) fn likely(&mut self, language: Language) -> Vec<InstrumentId> {
        let all = self.predictor.predict(since_monday(), &[number(language)]);
        let likely = all.into_iter().take_while(|it| it.1 >= LIKELY);
        likely.map(|it| it.0).collect()
    }

    /// Keeps what was learned for the next start.
    pub(super) fn keep(&mut self) {
        if std::mem::take(&mut self.new) == 0 {
            return;
        }
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let created = since.map_or(0, |it| it.as_secs());
        let lineage = Lineage::new(KIND, "pool-manager", env!("CARGO_PKG_VERSION"), created);
        let bytes = postcard::to_stdvec(&self.predictor).unwrap_or_default();
        if let Err(error) = self.store.put(self.key, bytes, lineage) {
            tracing::debug!(%error, "what was used when is not kept");
        }
    }
}

/// The same in every start.
fn number(language: Language) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{language:?}").hash(&mut hasher);
    hasher.finish()
}

/// The time since some Monday at midnight, in the time of the meridian: a habit moves with the user's clock, but only twice
/// a year.
fn since_monday() -> Duration {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default() + Duration::from_secs(7 * 24 * 60 * 60) - FIRST_MONDAY
}

#[cfg(test)]
mod tests {
    use symphony_pit::Settings;

    use super::*;

    #[test]
    fn what_is_used_each_time_is_started_ahead_also_in_the_next_session() {
        let pit = Pit::start(Settings::default()).unwrap();
        let names = ["local".to_owned(), "large".to_owned()];
        let mut first = Foresight::new(&pit, &names);
        assert_eq!(first.likely(Language::Tsx), []);
        for _ in 0..8 {
            first.used(InstrumentId(1), Language::Tsx);
        }
        assert_eq!(first.likely(Language::Tsx), [InstrumentId(1)]);
        assert!(first.knows(InstrumentId(1)) && !first.knows(InstrumentId(0)));
        first.keep();
        let mut second = Foresight::new(&pit, &names);
        assert_eq!(second.likely(Language::Tsx), [InstrumentId(1)]);
        // Other instruments, other habits.
        let mut other = Foresight::new(&pit, &names[..1]);
        assert_eq!(other.likely(Language::Tsx), []);
        assert!(pit.close());
    }
}
