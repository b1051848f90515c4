//! A full check of a directory: every record of every segment, and every value against its id.

use std::sync::Arc;

use super::Log;
use super::queue::Command;
use super::record::{self, Record};
use super::segment::{HEADER, Segment};
use crate::Report;

impl Log {
    /// Reads everything; values that are not what they should be are dropped.
    pub(crate) fn verify(&self) -> Report {
        let index = self.shared.read_index();
        let segments = index.segments.values();
        let segments: Vec<(Arc<Segment>, u64)> = segments
            .filter_map(|it| Some((it.segment.clone()?, it.length)))
            .collect();
        drop(index);
        let mut report = Report::default();
        for (segment, length) in segments {
            report.segments += 1;
            self.verify_segment(&segment, length, &mut report);
        }
        self.verify_values(&mut report);
        report
    }

    fn verify_segment(&self, segment: &Segment, length: u64, report: &mut Report) {
        let Ok(mut bytes) = segment.read_from(HEADER) else {
            report.damaged_bytes += length;
            return;
        };
        // What is behind the length that the index knows is being written.
        bytes.truncate(length.saturating_sub(HEADER) as usize);
        let scanned = record::scan(&bytes, &segment.salt, HEADER, |_, _, record| {
            report.records += 1;
            report.values += usize::from(matches!(record, Record::Value { .. }));
        });
        report.damaged_bytes += scanned.damaged + length.saturating_sub(scanned.end);
    }

    fn verify_values(&self, report: &mut Report) {
        let index = self.shared.read_index();
        let values = index
            .values
            .iter()
            .filter_map(|(id, value)| Some((*id, value.at?)));
        let values: Vec<_> = values.collect();
        drop(index);
        for (id, at) in values {
            let index = self.shared.read_index();
            let segment = index
                .segments
                .get(&at.segment)
                .and_then(|it| it.segment.clone());
            drop(index);
            let read = segment.and_then(|it| it.read(at.offset, at.length).ok());
            if read
                .and_then(|record| record::value_of(record, id))
                .is_none()
            {
                report.damaged_values += 1;
                self.shared.queue.push(Command::Damaged(id));
            }
        }
    }
}
