//! Which version of a file is on disk, told without reading it.

use std::fs::Metadata;
use std::time::{Duration, SystemTime};

/// Within one tick of a file system's clock two versions of a file bear one time. FAT counts in two seconds.
const COARSE_TICK: Duration = Duration::from_secs(2);
/// Where times have a fraction of a second they are as fine as the system's timer.
const FINE_TICK: Duration = Duration::from_millis(50);

/// When a file was last written, and how long it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// Nanoseconds since 1970; 0 where the system does not say.
    pub modified: u64,
    /// Bytes.
    pub length: u64,
}

impl Stamp {
    /// That of the file with this metadata.
    pub fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok();
        Self {
            modified: modified.and_then(nanoseconds).unwrap_or_default(),
            length: metadata.len(),
        }
    }

    /// Whether the same stamp means the same text for whoever read the file at `read`: a file that was written only just
    /// before may have been written once more within the same tick of the clock.
    pub fn is_settled(self, read: SystemTime) -> bool {
        let is_fine = !self.modified.is_multiple_of(1_000_000_000);
        let tick = if is_fine { FINE_TICK } else { COARSE_TICK };
        let tick = tick.as_nanos() as u64;
        let read = nanoseconds(read).unwrap_or_default();
        self.modified != 0 && self.modified.saturating_add(tick) < read
    }
}

fn nanoseconds(time: SystemTime) -> Option<u64> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    u64::try_from(since.as_nanos()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_just_written_is_not_settled() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let stamp = Stamp {
            modified: nanoseconds(at(100)).unwrap(),
            length: 1,
        };
        assert!(!stamp.is_settled(at(99)));
        assert!(!stamp.is_settled(at(102)));
        assert!(stamp.is_settled(at(103)));
        assert!(!Stamp::default().is_settled(at(103)));
        let fine = Stamp {
            modified: stamp.modified + 1,
            ..stamp
        };
        assert!(!fine.is_settled(at(100)));
        assert!(fine.is_settled(at(101)));
    }
}
