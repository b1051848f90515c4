//! What goes to an extension. Who has something to say writes it at once; only what a full pipe does not take waits, and a
//! thread writes that as the extension reads on.

use std::io::{self, Write};
use std::process::ChildStdin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::lock;

/// How much may wait for an extension that does not read; more waits where it comes from.
pub const OUTBOX_BYTES: usize = 8 * 1024 * 1024;

/// The way to one extension's standard input.
pub(super) struct Outbox {
    inner: Mutex<Inner>,
    /// Something waits, or it is closed.
    changed: Condvar,
    room: Semaphore,
}

struct Inner {
    /// None once it is closed.
    open: Option<Open>,
    waiting: Vec<u8>,
    /// How much of the room is to be given back when all is written.
    owed: usize,
    /// Whether the thread has something to write; nobody else may then.
    stalled: bool,
}

struct Open {
    stdin: Arc<ChildStdin>,
    /// Its other end's being gone wakes the thread.
    _closing: io::PipeWriter,
}

impl Outbox {
    /// Takes over the standard input of `name`'s process.
    pub(super) fn start(name: &str, stdin: ChildStdin) -> io::Result<Arc<Self>> {
        #[cfg(unix)]
        {
            use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
            fcntl_setfl(&stdin, fcntl_getfl(&stdin)? | OFlags::NONBLOCK)?;
        }
        let (closed, closing) = io::pipe()?;
        let open = Open {
            stdin: Arc::new(stdin),
            _closing: closing,
        };
        let outbox = Arc::new(Self {
            inner: Mutex::new(Inner {
                open: Some(open),
                waiting: Vec::new(),
                owed: 0,
                stalled: false,
            }),
            changed: Condvar::new(),
            room: Semaphore::new(OUTBOX_BYTES),
        });
        let writer = Arc::clone(&outbox);
        thread::Builder::new()
            .name(format!("{name}-in"))
            .spawn(move || writer.write_what_waits(&closed))?;
        Ok(outbox)
    }

    /// Waits until so many bytes may be sent. None once it is closed.
    pub(super) async fn room(&self, n_bytes: usize) -> Option<SemaphorePermit<'_>> {
        let n_bytes = u32::try_from(n_bytes.min(OUTBOX_BYTES)).ok()?;
        self.room.acquire_many(n_bytes).await.ok()
    }

    /// Sends a frame. One without room must be short, and there must be a reason why there are few of them.
    pub(super) fn send(&self, frame: &[u8], room: Option<SemaphorePermit<'_>>) {
        let mut inner = lock(&self.inner);
        let Some(open) = &inner.open else {
            return;
        };
        let written = if inner.stalled {
            0
        } else {
            write_now(&open.stdin, frame)
        };
        if written < frame.len() {
            inner.waiting.extend_from_slice(&frame[written..]);
            if let Some(room) = room {
                inner.owed += room.num_permits();
                room.forget();
            }
            inner.stalled = true;
            self.changed.notify_one();
        }
    }

    /// What waits for the extension to read.
    pub(super) fn n_bytes_waiting(&self) -> usize {
        lock(&self.inner).owed
    }

    /// Closes the extension's standard input, and forgets what waits.
    pub(super) fn close(&self) {
        lock(&self.inner).open = None;
        self.room.close();
        self.changed.notify_one();
    }

    fn write_what_waits(&self, closed: &io::PipeReader) {
        loop {
            let mut inner = lock(&self.inner);
            while inner.waiting.is_empty() && inner.open.is_some() {
                let stalled = self.changed.wait(inner);
                inner = stalled.unwrap_or_else(PoisonError::into_inner);
            }
            let Some(open) = &inner.open else {
                return;
            };
            let stdin = Arc::clone(&open.stdin);
            let waiting = std::mem::take(&mut inner.waiting);
            drop(inner);
            let is_written = write_all(&stdin, &waiting, closed);
            drop(stdin);
            let mut inner = lock(&self.inner);
            if !is_written {
                inner.open = None;
            } else if inner.waiting.is_empty() {
                inner.stalled = false;
                self.room.add_permits(std::mem::take(&mut inner.owed));
            }
        }
    }
}

/// Writes what the pipe takes. An extension that is gone takes nothing, which its reader notices.
#[cfg(unix)]
fn write_now(mut stdin: &ChildStdin, frame: &[u8]) -> usize {
    let mut written = 0;
    while written < frame.len() {
        match stdin.write(&frame[written..]) {
            Ok(0) => break,
            Ok(n_bytes) => written += n_bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    written
}

/// Pipes that do not block are another thing here: the thread writes.
#[cfg(not(unix))]
fn write_now(_stdin: &ChildStdin, _frame: &[u8]) -> usize {
    0
}

/// Whether all was written before the outbox was closed or the extension was gone.
#[cfg(unix)]
fn write_all(mut stdin: &ChildStdin, mut bytes: &[u8], closed: &io::PipeReader) -> bool {
    use rustix::event::{PollFd, PollFlags, poll};
    while !bytes.is_empty() {
        match stdin.write(bytes) {
            Ok(n_bytes) => bytes = &bytes[n_bytes..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let mut events = [
                    PollFd::new(stdin, PollFlags::OUT),
                    PollFd::new(closed, PollFlags::IN),
                ];
                // Interrupted: asked again.
                let _ = poll(&mut events, None);
                if !events[1].revents().is_empty() {
                    return false;
                }
            }
            Err(_) => return false,
        }
    }
    true
}

/// The end of the process, which closing brings about, ends a write that waits.
#[cfg(not(unix))]
fn write_all(mut stdin: &ChildStdin, bytes: &[u8], _closed: &io::PipeReader) -> bool {
    stdin.write_all(bytes).is_ok()
}
