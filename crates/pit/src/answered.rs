//! Answers of instruments, with who gave them: an answer of the Pit is bytes, and so are several of these.

use std::time::Duration;

use bytes::Bytes;
use symphony_artifact_store::Key;
use symphony_pool_manager::InstrumentId;

/// What an instrument answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Who.
    pub instrument: InstrumentId,
    /// How long it took, with the wait for a lease and for a start.
    pub took: Duration,
    /// What; no bytes if it has nothing to say.
    pub answer: Bytes,
    /// Where the answer is kept, if it is: what becomes of it can be told to the Artifact Store.
    pub key: Option<Key>,
    /// Whether it was there already, and nobody was asked.
    pub was_kept: bool,
}

/// The form in bytes: who, microseconds, what, where it is kept, whether it was there.
type Record<'a> = (u8, u64, &'a [u8], Option<Key>, bool);

impl Answered {
    /// The answers that [`Pit::ask`](crate::Pit::ask) replies with, in the order in which they came; at least one. Of those
    /// who were asked in turn the last may have something to say, the others had not.
    ///
    /// # Errors
    ///
    /// When the bytes are no such reply.
    pub fn all_from(reply: &Bytes) -> Result<Vec<Self>, postcard::Error> {
        let records: Vec<Record<'_>> = postcard::from_bytes(reply)?;
        let answered = records
            .into_iter()
            .map(|(instrument, micros, answer, key, was_kept)| Self {
                instrument: InstrumentId(instrument),
                took: Duration::from_micros(micros),
                answer: reply.slice_ref(answer),
                key,
                was_kept,
            });
        Ok(answered.collect())
    }

    pub(crate) fn to_bytes(all: &[Self]) -> Bytes {
        let records = all.iter().map(|it| {
            let micros = u64::try_from(it.took.as_micros()).unwrap_or(u64::MAX);
            let answer = &it.answer[..];
            (it.instrument.0, micros, answer, it.key, it.was_kept)
        });
        let records: Vec<Record<'_>> = records.collect();
        // Numbers and bytes have a form in every encoding.
        postcard::to_stdvec(&records).unwrap_or_default().into()
    }
}
