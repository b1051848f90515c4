//! Standard output, written on the calling thread.
//!
//! The runtime's own handle gives each write to another thread and waits for it: two switches for every reply, of
//! which an idle session feels each (measured 2026-11: 0.1 of 0.4 ms). A client that does not read holds up the
//! transport, and nothing else.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;

/// Writes to standard output and flushes at once when asked to.
#[derive(Debug)]
pub(super) struct Stdout(pub(super) io::Stdout);

impl AsyncWrite for Stdout {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(self.get_mut().0.write(bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.get_mut().0.flush())
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.get_mut().0.flush())
    }
}
