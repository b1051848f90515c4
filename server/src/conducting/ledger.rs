//! What models have cost in a period, over all processes of this user: the limit holds for all of them together, and over
//! restarts.
//!
//! A file for each period, to which every process adds a line for each amount. Lines are short and added whole, so no lock is
//! needed; one that is no number counts as nothing.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use symphony_config::{Cost, Period};
use time::{Date, Duration, OffsetDateTime};

/// Of the user's money.
const MILLIONTHS: f64 = 1e6;

/// A limit for a period, and what was spent of it. Amounts are millionths of money.
#[derive(Debug)]
pub(crate) struct Ledger {
    /// None to forget at the end.
    folder: Option<PathBuf>,
    /// Held for a line or a look at the file.
    known: Mutex<Known>,
}

/// The limit, and what was read of the file of a period, or was not written to one.
#[derive(Debug)]
struct Known {
    limit: u64,
    period: Period,
    begins: Option<Date>,
    length: u64,
    written: u64,
    unwritten: u64,
}

/// What is left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Left {
    pub(crate) money: u64,
    /// Of the period's money; 1 without a limit.
    pub(crate) share: f64,
    /// Of the period itself, what is to come; 1 without a limit.
    pub(crate) of_period: f64,
}

impl Ledger {
    /// Of the user's settings; without a limit nothing may be spent.
    pub(crate) fn of(settings: &Cost, folder: Option<PathBuf>) -> Self {
        let folder = folder.map(|it| it.join("spent"));
        Self::new(millionths(settings), settings.period, folder)
    }

    /// Another limit, or for another period.
    pub(crate) fn limit(&self, settings: &Cost) {
        let mut known = self.lock();
        known.limit = millionths(settings);
        if known.period != settings.period {
            *known = Known::new(known.limit, settings.period);
        }
    }

    /// With a limit of nothing, nothing is left.
    fn new(limit: u64, period: Period, folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            known: Mutex::new(Known::new(limit, period)),
        }
    }

    /// Notes what was spent.
    pub(crate) fn spend(&self, money: u64, now: OffsetDateTime) {
        if money == 0 {
            return;
        }
        let mut known = self.lock();
        known.turn(now.date());
        if let Err(error) = self.write(&known, money) {
            tracing::warn!(%error, "what a model cost is not kept for other windows and the next start");
            known.unwritten += money;
        }
    }

    /// What may still be spent.
    pub(crate) fn left(&self, now: OffsetDateTime) -> Left {
        let mut known = self.lock();
        if known.limit == 0 {
            return Left {
                money: 0,
                share: 1.0,
                of_period: 1.0,
            };
        }
        let (begins, days) = known.turn(now.date());
        if let Some(path) = self.path(&known) {
            known.read(&path);
        }
        let spent = known.written.saturating_add(known.unwritten);
        let money = known.limit.saturating_sub(spent);
        let passed = now - begins.midnight().assume_offset(now.offset());
        Left {
            money,
            share: money as f64 / known.limit as f64,
            of_period: 1.0 - (passed / Duration::days(days)).clamp(0.0, 1.0),
        }
    }

    fn path(&self, known: &Known) -> Option<PathBuf> {
        let name = format!("{}-{}.txt", known.period.as_str(), known.begins?);
        Some(self.folder.as_ref()?.join(name))
    }

    fn write(&self, known: &Known, money: u64) -> io::Result<()> {
        let Some(path) = self.path(known) else {
            return Err(io::Error::other("there is no folder for it"));
        };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(format!("{money}\n").as_bytes())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        // Numbers, each of which is right.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn new(limit: u64, period: Period) -> Self {
        Self {
            limit,
            period,
            begins: None,
            length: 0,
            written: 0,
            unwritten: 0,
        }
    }

    /// When the period of a day begins, and how many days it has. A new one begins with nothing.
    fn turn(&mut self, day: Date) -> (Date, i64) {
        let (begins, days) = span(self.period, day);
        if self.begins != Some(begins) {
            *self = Self {
                begins: Some(begins),
                ..Self::new(self.limit, self.period)
            };
        }
        (begins, days)
    }

    fn read(&mut self, path: &Path) {
        let length = fs::metadata(path).map_or(0, |it| it.len());
        if length == self.length {
            return;
        }
        let text = fs::read(path).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let amounts = text.lines().filter_map(|it| it.parse::<u64>().ok());
        self.written = amounts.fold(0, u64::saturating_add);
        self.length = length;
    }
}

fn millionths(settings: &Cost) -> u64 {
    (settings.limit.unwrap_or_default() * MILLIONTHS) as u64
}

/// When the period of a day begins, and how many days it has.
fn span(period: Period, day: Date) -> (Date, i64) {
    match period {
        Period::Day => (day, 1),
        Period::Week => {
            let first = i64::from(day.weekday().number_days_from_monday());
            (day - Duration::days(first), 7)
        }
        Period::Month => {
            let first = day.replace_day(1).unwrap_or(day);
            (first, day.month().length(day.year()).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn processes_share_a_limit() {
        let folder = tempfile::TempDir::new().unwrap();
        let ledger = || Ledger::new(1_000, Period::Month, Some(folder.path().join("spent")));
        let (one, other) = (ledger(), ledger());
        let now = datetime!(2026-11-16 00:00 UTC);
        let fresh = one.left(now);
        assert_eq!(
            (fresh.money, fresh.share, fresh.of_period),
            (1_000, 1.0, 0.5)
        );
        one.spend(300, now);
        other.spend(200, now);
        assert_eq!((one.left(now).money, other.left(now).money), (500, 500));
        other.spend(10_000, now);
        assert_eq!(one.left(now).money, 0);
        assert_eq!(ledger().left(now).share, 0.0);
        // What is no number counts as nothing, and the next month begins with all of it.
        let path = one.path(&one.lock()).unwrap();
        fs::write(path, "7\n\u{0}garbage\n-3\n5\n").unwrap();
        assert_eq!(one.left(now).money, 988);
        assert_eq!(one.left(datetime!(2026-12-01 00:00 UTC)).money, 1_000);
    }

    #[test]
    fn another_limit_keeps_what_was_spent_of_its_period() {
        let folder = tempfile::TempDir::new().unwrap();
        let ledger = Ledger::new(1_000, Period::Month, Some(folder.path().to_owned()));
        let now = datetime!(2026-11-16 12:00 UTC);
        ledger.spend(300, now);
        let limit = |limit, period| {
            ledger.limit(&Cost {
                limit: Some(limit),
                period,
            });
            ledger.left(now).money
        };
        assert_eq!(limit(0.002, Period::Month), 1_700);
        assert_eq!(limit(0.002, Period::Day), 2_000);
        ledger.spend(50, now);
        assert_eq!(limit(0.001, Period::Day), 950);
        assert_eq!(limit(0.001, Period::Month), 700);
        assert_eq!(limit(0.0, Period::Month), 0);
    }

    #[test]
    fn periods_begin_where_the_calendar_says() {
        let span = |period, day: OffsetDateTime| span(period, day.date());
        let day = datetime!(2028-02-29 12:00 UTC);
        assert_eq!(
            span(Period::Month, day),
            (datetime!(2028-02-01 0:00 UTC).date(), 29)
        );
        assert_eq!(
            span(Period::Week, day),
            (datetime!(2028-02-28 0:00 UTC).date(), 7)
        );
        assert_eq!(span(Period::Day, day), (day.date(), 1));
    }

    #[test]
    fn without_a_limit_there_is_no_money_and_without_a_folder_it_is_forgotten() {
        let now = datetime!(2026-11-16 00:00 UTC);
        assert_eq!(Ledger::new(0, Period::Day, None).left(now).money, 0);
        let ledger = Ledger::new(10, Period::Day, None);
        ledger.spend(4, now);
        assert_eq!(ledger.left(now).money, 6);
        assert_eq!(Ledger::new(10, Period::Day, None).left(now).money, 10);
    }
}
