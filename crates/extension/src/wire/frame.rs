//! Frames: four bytes of length, the most significant first, and so many bytes.
//!
//! What arrives is not trusted: a length over the limit is an error before anything is kept for it, and the buffer grows
//! with the bytes that are there, never with the length that was promised.

use std::io::{self, Read};

use thiserror::Error;

/// The bytes of a length.
const HEADER: usize = 4;
/// What is read at once; a buffer that a long frame made larger than this is given back after it.
const CHUNK: usize = 64 * 1024;

/// The longest frame unless the handshake says less: 4 MiB.
pub const MAX_FRAME: usize = 4 * 1024 * 1024;

/// Why no more frames can be read. Nothing after one of these has a meaning.
#[derive(Debug, Error)]
pub enum FrameError {
    /// A frame is longer than allowed.
    #[error("a frame of {length} bytes is longer than the {limit} that are allowed")]
    TooLong {
        /// What its length says.
        length: usize,
        /// What is allowed.
        limit: usize,
    },
    /// A frame without content.
    #[error("an empty frame")]
    Empty,
    /// The other side ended in the middle of a frame.
    #[error("the stream ended {missing} bytes before the end of a frame")]
    Cut {
        /// How many bytes more it would have been; of the length itself if not even that was there.
        missing: usize,
    },
    /// The stream failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Puts a length before what `write` appends, in one buffer that can be written at once.
///
/// # Errors
/// [`FrameError::TooLong`] if it is more than `limit` bytes.
pub fn frame(limit: usize, write: impl FnOnce(&mut Vec<u8>)) -> Result<Vec<u8>, FrameError> {
    let mut bytes = vec![0; HEADER];
    write(&mut bytes);
    let length = bytes.len() - HEADER;
    let short = u32::try_from(length).ok().filter(|_| length <= limit);
    let short = short.ok_or(FrameError::TooLong { length, limit })?;
    bytes[..HEADER].copy_from_slice(&short.to_be_bytes());
    Ok(bytes)
}

/// Takes frames out of bytes as they arrive.
#[derive(Debug)]
pub struct FrameBuffer {
    bytes: Vec<u8>,
    /// What was taken out, and what has arrived.
    start: usize,
    end: usize,
    limit: usize,
}

impl FrameBuffer {
    /// Of frames up to `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            bytes: Vec::new(),
            start: 0,
            end: 0,
            limit,
        }
    }

    /// Allows frames of another length from here on.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Adds bytes that arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(CHUNK) {
            self.space()[..chunk.len()].copy_from_slice(chunk);
            self.end += chunk.len();
        }
    }

    /// Reads once from `source`; false at its end.
    ///
    /// # Errors
    /// What `source` says; being interrupted is none.
    pub fn fill(&mut self, source: &mut impl Read) -> io::Result<bool> {
        loop {
            match source.read(self.space()) {
                Ok(n_bytes) => {
                    self.end += n_bytes;
                    return Ok(n_bytes > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The next frame that is there in full.
    ///
    /// # Errors
    /// [`FrameError::TooLong`] and [`FrameError::Empty`], again and again: what follows has no meaning.
    pub fn take(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let Some(length) = self.length() else {
            return Ok(None);
        };
        if length > self.limit {
            let limit = self.limit;
            return Err(FrameError::TooLong { length, limit });
        }
        if length == 0 {
            return Err(FrameError::Empty);
        }
        let first = self.start + HEADER;
        if self.end - first < length {
            return Ok(None);
        }
        self.start = first + length;
        Ok(Some(&self.bytes[first..self.start]))
    }

    /// What is wrong with an end here; nothing between two frames.
    #[must_use]
    pub fn cut(&self) -> Option<FrameError> {
        let there = self.end - self.start;
        let whole = HEADER + self.length().unwrap_or_default();
        let missing = whole - there.min(whole);
        (there > 0 && missing > 0).then_some(FrameError::Cut { missing })
    }

    /// How much memory is kept.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    fn length(&self) -> Option<usize> {
        let header = self.bytes[self.start..self.end].first_chunk::<HEADER>()?;
        usize::try_from(u32::from_be_bytes(*header)).ok()
    }

    /// Room for a chunk behind what has arrived.
    fn space(&mut self) -> &mut [u8] {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            if self.bytes.len() > 2 * CHUNK {
                self.bytes = Vec::new();
            }
        } else if self.start > 0 && self.bytes.len() - self.end < CHUNK {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.bytes.len() - self.end < CHUNK {
            self.bytes.resize(self.end + CHUNK, 0);
        }
        &mut self.bytes[self.end..]
    }
}
