//! The client: one child process, a thread that writes, one that reads, one that keeps its errors.
//!
//! Nothing here waits without a deadline, and nothing that the server does can block the writer
//! from the reader: the queue between caller and writer is unbounded because a bounded one could
//! deadlock with a server that waits for its own output to be read.

use std::collections::HashMap;
use std::io::{BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};

use crate::framing::frame;
use crate::inbox::{Inbox, Reply};
use crate::reader::{Shared, read_all};

/// A session with one server process. Dropping it ends the process.
#[derive(Debug)]
pub struct LspClient {
    child: Child,
    shared: Arc<Shared>,
    outgoing: Option<Sender<Vec<u8>>>,
    sent: HashMap<i64, String>,
    next_id: i64,
    deadline: Duration,
}

impl LspClient {
    /// Starts `command` with its three streams connected to this client.
    ///
    /// # Errors
    /// When the process cannot be started.
    pub fn start(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("failed to start {command:?}"))?;
        let shared = Arc::new(Shared::default());
        let (outgoing, queue) = channel();
        let stdin = child
            .stdin
            .take()
            .context("the child has a standard input")?;
        let stdout = child
            .stdout
            .take()
            .context("the child has a standard output")?;
        let stderr = child
            .stderr
            .take()
            .context("the child has a standard error")?;
        spawn("lsp-write", move || write_all(&queue, stdin))?;
        let (reader, answers) = (Arc::clone(&shared), outgoing.clone());
        spawn("lsp-read", move || read_all(&reader, stdout, &answers))?;
        let errors = Arc::clone(&shared);
        spawn("lsp-errors", move || {
            errors.keep_errors(BufReader::new(stderr))
        })?;
        Ok(Self {
            child,
            shared,
            outgoing: Some(outgoing),
            sent: HashMap::new(),
            next_id: 1,
            deadline: Duration::from_secs(60),
        })
    }

    /// The server's process, by the system's number.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// How long every wait may take from here on; a minute at first.
    pub fn set_deadline(&mut self, deadline: Duration) {
        self.deadline = deadline;
    }

    /// Sends `initialize` and `initialized`; gives the result of the former.
    ///
    /// # Errors
    /// When the server refuses, or does not answer in time.
    pub fn initialize(&mut self, params: Value) -> Result<Value> {
        let result = self.request("initialize", params)?;
        self.notify("initialized", json!({}));
        Ok(result)
    }

    /// Sends a request and waits for its result.
    ///
    /// # Errors
    /// When the server answers with an error (a `ResponseError`), or not in time.
    pub fn request(&mut self, method: &str, params: Value) -> Result<Value> {
        let id = self.send(method, params);
        self.wait(id)?
            .result
            .with_context(|| format!("{method} failed"))
    }

    /// Sends a request and does not wait.
    pub fn send(&mut self, method: &str, params: Value) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        self.sent.insert(id, method.to_owned());
        self.write(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: Value) {
        self.write(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Asks the server to give up a request; its reply still comes.
    pub fn cancel(&mut self, id: i64) {
        self.notify("$/cancelRequest", json!({ "id": id }));
    }

    /// Sends bytes as they are: for frames that no client should send.
    pub fn send_raw(&mut self, bytes: Vec<u8>) {
        if let Some(outgoing) = &self.outgoing {
            // A writer that is gone means that the server is: waiting for a reply will say so.
            let _gone = outgoing.send(bytes);
        }
    }

    /// Closes the server's standard input.
    pub fn close_input(&mut self) {
        self.send_raw(Vec::new());
        self.outgoing = None;
    }

    /// Waits for the reply to a request.
    ///
    /// # Errors
    /// When it does not come in time, or the server is gone.
    pub fn wait(&self, id: i64) -> Result<Reply> {
        self.wait_for(|inbox| inbox.reply(id).cloned())
            .with_context(|| {
                let method = self.sent.get(&id).map_or("nothing", String::as_str);
                format!("no reply to request {id} ({method})")
            })
    }

    /// Waits until `look` finds what it looks for.
    ///
    /// # Errors
    /// When the deadline passes, or the server is gone and `look` still finds nothing.
    pub fn wait_for<T>(&self, mut look: impl FnMut(&Inbox) -> Option<T>) -> Result<T> {
        let end = Instant::now() + self.deadline;
        let mut inbox = self.inbox();
        loop {
            if let Some(found) = look(&inbox) {
                return Ok(found);
            }
            if let Some(reason) = &inbox.closed {
                return Err(anyhow!("the server is gone: {reason}{}", self.stderr()));
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                bail!(
                    "waited {} s in vain{}",
                    self.deadline.as_secs(),
                    self.stderr()
                );
            }
            let waited = self.shared.changed.wait_timeout(inbox, left);
            inbox = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// What came in so far. The reader thread stands still while it is borrowed.
    pub fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.shared
            .inbox
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until every request sent so far has a reply, then checks that none has two.
    ///
    /// # Errors
    /// Names the requests that have no reply, or more than one.
    pub fn settle(&self) -> Result<()> {
        let all = |inbox: &Inbox| self.sent.keys().all(|id| inbox.replies.contains_key(id));
        let waited = self.wait_for(|inbox| all(inbox).then_some(()));
        let inbox = self.inbox();
        let mut lost: Vec<_> = self
            .sent
            .iter()
            .filter(|(id, _)| !inbox.replies.contains_key(id))
            .collect();
        lost.sort();
        lost.truncate(10);
        waited.with_context(|| format!("requests without a reply, at least: {lost:?}"))?;
        for (id, replies) in &inbox.replies {
            let method = self.sent.get(id);
            if method.is_none() || replies.len() != 1 {
                bail!(
                    "request {id} ({method:?}) has {} replies: {replies:?}",
                    replies.len()
                );
            }
        }
        Ok(())
    }

    /// `shutdown`, `exit`, and the exit code.
    ///
    /// # Errors
    /// When the server refuses to shut down or does not exit in time.
    pub fn shutdown(mut self) -> Result<i32> {
        self.request("shutdown", Value::Null)?;
        self.notify("exit", Value::Null);
        self.exit_code()
    }

    /// Waits for the process to end by itself and gives its exit code.
    ///
    /// # Errors
    /// When it does not end in time, or a signal ended it.
    pub fn exit_code(&mut self) -> Result<i32> {
        let end = Instant::now() + self.deadline;
        loop {
            if let Some(status) = self
                .child
                .try_wait()
                .context("failed to ask for the exit")?
            {
                return status
                    .code()
                    .with_context(|| format!("{status}{}", self.stderr()));
            }
            if Instant::now() > end {
                bail!(
                    "the server still runs after {} s{}",
                    self.deadline.as_secs(),
                    self.stderr()
                );
            }
            // There is no portable wait with a deadline; the end of output wakes this up early.
            let pause = self
                .shared
                .changed
                .wait_timeout(self.inbox(), Duration::from_millis(10));
            drop(pause);
        }
    }

    /// The last lines of the server's standard error, with a heading; empty when there are none.
    pub fn stderr(&self) -> String {
        let lines = self
            .shared
            .stderr
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if lines.is_empty() {
            return String::new();
        }
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        format!("\nstandard error of the server:\n  {}", lines.join("\n  "))
    }

    fn write(&mut self, message: &Value) {
        self.send_raw(frame(message.to_string().as_bytes()));
    }
}

impl Drop for LspClient {
    fn drop(&mut self) {
        // Both fail only for a process that has ended, which is what is wanted.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<()> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .with_context(|| format!("failed to start the thread {name}"))?;
    Ok(())
}

/// Ends, and with it the server's input, at an empty message or when all senders are gone.
fn write_all(queue: &Receiver<Vec<u8>>, mut stdin: impl Write) {
    while let Ok(bytes) = queue.recv() {
        if bytes.is_empty()
            || stdin
                .write_all(&bytes)
                .and_then(|()| stdin.flush())
                .is_err()
        {
            return;
        }
    }
}
