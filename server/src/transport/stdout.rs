//! Standard output, written on the calling thread, a whole message at a time.
//!
//! The runtime's own handle gives each write to another thread and waits for it: two switches for every reply, of
//! which an idle session feels each (measured 2026-11: 0.1 of 0.4 ms). The standard library's writes a message in two
//! pieces, at the end of the header. A client that does not read holds up the transport, and nothing else.

use std::fs::File;
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;

/// Standard output without a buffer. Clones are handles on the same one; who writes whole messages with one call, on the
/// one thread of the transport, never writes into another's.
#[derive(Clone, Debug)]
pub(super) struct Stdout(Arc<File>);

impl Stdout {
    /// # Errors
    ///
    /// When standard output is closed.
    pub(super) fn new() -> io::Result<Self> {
        #[cfg(unix)]
        let file = {
            use std::os::fd::AsFd as _;
            File::from(io::stdout().as_fd().try_clone_to_owned()?)
        };
        #[cfg(windows)]
        let file = {
            use std::os::windows::io::AsHandle as _;
            File::from(io::stdout().as_handle().try_clone_to_owned()?)
        };
        Ok(Self(Arc::new(file)))
    }

    /// Writes a message.
    ///
    /// # Errors
    ///
    /// When the client has closed its end.
    pub(super) fn send(&self, message: &[u8]) -> io::Result<()> {
        (&*self.0).write_all(message)
    }
}

impl AsyncWrite for Stdout {
    /// Takes all of it: what the library writes next never goes between two pieces of one message.
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(self.send(bytes).map(|()| bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
