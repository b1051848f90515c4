//! Reads what an extension says, and finds out how it ended.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, ChildStderr, ChildStdout, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;

use super::extension::{Health, Shared, Welcome};
use super::{CallError, Ended, Event, lock};
use crate::wire::{FrameBuffer, Message, VERSIONS};

/// The most requests at once that an extension may ask for.
const MAX_CONCURRENCY: u32 = 1024;
/// What of a line of standard error is kept.
const MAX_LINE: u64 = 4096;
/// How many of the last lines are told with the reason of an end.
const LAST_LINES: usize = 5;

/// Reads to the end, ends what is left, and tells who waits.
pub(super) fn run(
    shared: &Arc<Shared>,
    mut child: Child,
    mut stdout: ChildStdout,
    stderr: JoinHandle<VecDeque<String>>,
) {
    let wrong = read(shared, &mut stdout).err();
    shared.kill();
    let status = shared.group.wait(&mut child);
    // What the extension started may hold its standard error, but is ended with it.
    let lines = stderr.join().unwrap_or_default();
    let stopping = shared.stopping.load(Ordering::Acquire);
    let mut reason = match (wrong, status) {
        (Some(wrong), _) => format!("it {wrong}"),
        (None, Ok(status)) => told(status),
        (None, Err(error)) => format!("failed to wait for it: {error}"),
    };
    if !lines.is_empty() && !stopping {
        let lines: Vec<_> = lines.into_iter().collect();
        reason = format!("{reason}; it last wrote: {}", lines.join(" | "));
    }
    let crashed = !stopping;
    shared.end(Ended { crashed, reason });
}

/// Reads messages until the end.
///
/// # Errors
/// What the extension did that the protocol does not allow.
fn read(shared: &Shared, stdout: &mut ChildStdout) -> Result<(), String> {
    let mut buffer = FrameBuffer::new(shared.max_frame);
    loop {
        while let Some(frame) = buffer.take().map_err(|it| format!("sent {it}"))? {
            let message = Message::from_frame(frame);
            let message = message.map_err(|it| format!("sent what is no message: {it}"))?;
            take(shared, message)?;
        }
        // A pipe that fails has ended.
        if !buffer.fill(stdout).unwrap_or(false) {
            // Cut: it ended in the middle of a frame, and how it ended says more.
            return Ok(());
        }
    }
}

fn take(shared: &Shared, message: Message) -> Result<(), String> {
    let before_welcome = shared.welcome.get().is_none();
    match message {
        Message::Log { level, message } => {
            shared.tell(Event::Log(level, message));
            Ok(())
        }
        Message::Welcome {
            version,
            extension,
            concurrency,
            methods,
        } if before_welcome => {
            if !VERSIONS.contains(&version) {
                return Err(format!("speaks version {version}, which was not offered"));
            }
            shared.ready(Welcome {
                extension,
                concurrency: concurrency.clamp(1, MAX_CONCURRENCY),
                methods,
            });
            Ok(())
        }
        Message::Reject { reason } if before_welcome => {
            Err(format!("does not work with this host: {reason}"))
        }
        _ if before_welcome => Err("said something else before `welcome`".to_owned()),
        Message::Response { id, value } => {
            lock(&shared.pending).answer(id, Ok(value))?;
            Ok(())
        }
        Message::Error { id, code, message } => {
            let refused = CallError::Refused { code, message };
            let denied = lock(&shared.pending).answer(id, Err(refused))?;
            if let Some((method, message)) = denied {
                shared.tell(Event::Denied { method, message });
            }
            Ok(())
        }
        Message::Chunk { id, value } => lock(&shared.pending).chunk(id, value),
        Message::Pong {
            nonce,
            condition,
            note,
        } => {
            lock(&shared.pending).pong(nonce, Health { condition, note });
            Ok(())
        }
        _ => Err("sent a message that only hosts send".to_owned()),
    }
}

/// Logs lines until the end; the last of them.
pub(super) fn read_stderr(shared: &Shared, stderr: ChildStderr) -> VecDeque<String> {
    let mut last = VecDeque::new();
    let mut reader = BufReader::new(stderr);
    loop {
        let mut line = Vec::new();
        // A longer line is told as several.
        let n_bytes = reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut line);
        if !n_bytes.is_ok_and(|it| it > 0) {
            return last;
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if line.is_empty() {
            continue;
        }
        if last.len() == LAST_LINES {
            last.pop_front();
        }
        last.push_back(line.clone());
        shared.tell(Event::Stderr(line));
    }
}

/// How it ended, with what a limit's signal means.
fn told(status: ExitStatus) -> String {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt as _;

        use rustix::process::Signal;
        // A launcher that watched it tells a signal as shells do.
        let by_code = status.code().filter(|it| *it > 128).map(|it| it - 128);
        let signal = status.signal().or(by_code);
        if signal == Some(Signal::XCPU.as_raw()) {
            return "it used up its `cpu_seconds`".to_owned();
        }
        if signal == Some(Signal::SYS.as_raw()) {
            return "it was ended for a system call that is not allowed".to_owned();
        }
    }
    status.to_string()
}
