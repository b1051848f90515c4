//! Standard output, which is the protocol's alone.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};

use crate::wire::Message;

/// What is written at once when nothing has to be sent before.
const CHUNK: usize = 64 * 1024;

/// Where messages go. Buffers, so that what is answered in one go is one write.
pub(super) struct Output {
    inner: Mutex<Inner>,
    limit: Mutex<usize>,
}

struct Inner {
    file: File,
    buffer: Vec<u8>,
}

impl Output {
    /// Takes standard output over: what is printed from here on goes to standard error, which is a log.
    pub(super) fn take_over(limit: usize) -> io::Result<Self> {
        Ok(Self {
            inner: Mutex::new(Inner {
                file: take_stdout()?,
                buffer: Vec::new(),
            }),
            limit: Mutex::new(limit),
        })
    }

    pub(super) fn set_limit(&self, limit: usize) {
        *self.limit.lock().unwrap_or_else(PoisonError::into_inner) = limit;
    }

    /// Adds a message; false if it is too long.
    pub(super) fn add(&self, message: &Message) -> io::Result<bool> {
        let limit = *self.limit.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(frame) = message.to_frame(limit) else {
            return Ok(false);
        };
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.buffer.extend_from_slice(&frame);
        if inner.buffer.len() >= CHUNK {
            inner.flush()?;
        }
        Ok(true)
    }

    pub(super) fn flush(&self) -> io::Result<()> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.flush()
    }
}

impl Inner {
    fn flush(&mut self) -> io::Result<()> {
        let written = self.file.write_all(&self.buffer);
        self.buffer.clear();
        written
    }
}

#[cfg(unix)]
fn take_stdout() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    let own = io::stdout().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdout(io::stderr())?;
    Ok(own.into())
}

/// What is printed beside the protocol breaks it here.
#[cfg(windows)]
fn take_stdout() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    Ok(io::stdout().as_handle().try_clone_to_owned()?.into())
}
