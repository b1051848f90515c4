//! The loop of an extension: reads requests, and gives them to threads.

use std::collections::HashMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde::Serialize;

use super::call::{Call, State};
use super::failure::Failure;
use super::output::Output;
use crate::wire::{Code, Condition, FrameBuffer, MAX_FRAME, Message, RequestId, VERSIONS, Value};

type Method = dyn Fn(&Call) -> Result<Value, Failure> + Send + Sync;

/// An extension: its name and its methods.
pub struct Server {
    name: String,
    concurrency: u32,
    methods: HashMap<String, Kept>,
}

#[derive(Clone)]
struct Kept {
    method: Arc<Method>,
    /// Runs where requests are read.
    quick: bool,
}

impl Server {
    /// An extension without methods, that takes four requests at once.
    #[must_use]
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            name: format!("{name} {version}"),
            concurrency: 4,
            methods: HashMap::new(),
        }
    }

    /// How many requests it takes at once; so many threads it has.
    #[must_use]
    pub fn concurrency(mut self, requests: u32) -> Self {
        self.concurrency = requests.max(1);
        self
    }

    /// Adds a method. It runs on a thread of its own, and may wait.
    #[must_use]
    pub fn method<R: Serialize>(
        self,
        name: &str,
        method: impl Fn(&Call) -> Result<R, Failure> + Send + Sync + 'static,
    ) -> Self {
        self.add(name, method, false)
    }

    /// Adds a method that takes microseconds and sends no parts. It runs where requests are read, which saves a way to another
    /// thread; while it runs, nothing is read, no cancellation either.
    #[must_use]
    pub fn quick_method<R: Serialize>(
        self,
        name: &str,
        method: impl Fn(&Call) -> Result<R, Failure> + Send + Sync + 'static,
    ) -> Self {
        self.add(name, method, true)
    }

    fn add<R: Serialize>(
        mut self,
        name: &str,
        method: impl Fn(&Call) -> Result<R, Failure> + Send + Sync + 'static,
        quick: bool,
    ) -> Self {
        let method = move |call: &Call| {
            let result = method(call)?;
            Value::of(&result).map_err(|error| Failure::new(error.to_string()))
        };
        let method = Arc::new(method);
        self.methods.insert(name.to_owned(), Kept { method, quick });
        self
    }

    /// Serves the host on standard input and output until it says or goes. Then the process should end: methods that are
    /// under way are told that they are cancelled, and are not waited for.
    ///
    /// # Errors
    /// If the host says what is no message, or writing to it fails.
    pub fn serve(self) -> io::Result<()> {
        let output = Arc::new(Output::take_over(MAX_FRAME)?);
        let (jobs, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        let open: Open = Arc::default();
        for _ in 0..self.concurrency {
            let (waiting, open) = (Arc::clone(&waiting), Arc::clone(&open));
            thread::Builder::new()
                // Counted as the extension's memory.
                .stack_size(1 << 20)
                .spawn(move || work(&waiting, &open))?;
        }
        let mut serving = Serving {
            server: self,
            output,
            open: Arc::clone(&open),
            jobs,
            is_welcomed: false,
        };
        let result = serving.read();
        for state in lock(&open).values() {
            state.cancel();
        }
        result
    }
}

/// The requests that have no answer yet.
type Open = Arc<Mutex<HashMap<RequestId, Arc<State>>>>;
type Job = (Call, Arc<Method>);

struct Serving {
    server: Server,
    output: Arc<Output>,
    open: Open,
    jobs: Sender<Job>,
    is_welcomed: bool,
}

impl Serving {
    fn read(&mut self) -> io::Result<()> {
        let mut stdin = io::stdin().lock();
        let mut buffer = FrameBuffer::new(MAX_FRAME);
        loop {
            while let Some(frame) = buffer.take().map_err(io::Error::other)? {
                let message = Message::from_frame(frame).map_err(io::Error::other)?;
                if !self.take(message)? {
                    return self.output.flush();
                }
            }
            self.output.flush()?;
            if !buffer.fill(&mut stdin)? {
                return Ok(());
            }
        }
    }

    /// Whether to read on.
    fn take(&mut self, message: Message) -> io::Result<bool> {
        match message {
            Message::Hello {
                versions,
                max_frame,
                ..
            } if !self.is_welcomed => return self.welcome(&versions, max_frame),
            Message::Shutdown => return Ok(false),
            _ if !self.is_welcomed => {
                return Err(io::Error::other("the host did not say `hello` first"));
            }
            Message::Request {
                id,
                method,
                credit,
                timeout_ms,
                params,
            } => self.request(id, &method, credit, timeout_ms, params)?,
            Message::Cancel { id } => {
                // Answered meanwhile: nothing to do.
                if let Some(state) = lock(&self.open).get(&id) {
                    state.cancel();
                }
            }
            Message::Credit { id, chunks } => {
                if let Some(state) = lock(&self.open).get(&id) {
                    state.add_credit(chunks);
                }
            }
            Message::Ping { nonce } => {
                let (condition, note) = (Condition::Ready, String::new());
                self.output.add(&Message::Pong {
                    nonce,
                    condition,
                    note,
                })?;
            }
            _ => return Err(io::Error::other("the host sent what only extensions send")),
        }
        Ok(true)
    }

    fn welcome(&mut self, versions: &[u32], max_frame: u32) -> io::Result<bool> {
        let Some(version) = versions.iter().find(|it| VERSIONS.contains(it)) else {
            let reason = format!("speaks none of the versions {versions:?}");
            self.output.add(&Message::Reject { reason })?;
            return Ok(false);
        };
        let limit = usize::try_from(max_frame).unwrap_or(MAX_FRAME);
        self.output.set_limit(limit.min(MAX_FRAME));
        let mut methods: Vec<_> = self.server.methods.keys().cloned().collect();
        methods.sort();
        self.is_welcomed = self.output.add(&Message::Welcome {
            version: *version,
            extension: self.server.name.clone(),
            concurrency: self.server.concurrency,
            methods,
        })?;
        Ok(self.is_welcomed)
    }

    fn request(
        &self,
        id: RequestId,
        method: &str,
        credit: u32,
        timeout_ms: u32,
        params: Value,
    ) -> io::Result<()> {
        let state = Arc::new(State::new(credit));
        let call = Call {
            id,
            params,
            timeout: Duration::from_millis(timeout_ms.into()),
            state: Arc::clone(&state),
            output: Arc::clone(&self.output),
        };
        let Some(kept) = self.server.methods.get(method).cloned() else {
            return call.answer(Err(Failure {
                code: Code::UnknownMethod,
                message: format!("no method `{method}`"),
            }));
        };
        if kept.quick {
            return call.answer(run(&call, &*kept.method));
        }
        lock(&self.open).insert(id, state);
        let job = (call, kept.method);
        let gone = |_| io::Error::other("all threads of the extension are gone");
        self.jobs.send(job).map_err(gone)
    }
}

fn work(waiting: &Mutex<Receiver<Job>>, open: &Open) {
    loop {
        // Held while waiting: who has it gets the next.
        let job = lock(waiting).recv();
        let Ok((call, method)) = job else {
            return;
        };
        let answer = run(&call, &*method);
        lock(open).remove(&call.id);
        // The host is gone if this fails, which the reading thread notices.
        let _ = call.answer(answer).and_then(|()| call.output.flush());
    }
}

/// A panic costs the request, not the extension.
fn run(call: &Call, method: &Method) -> Result<Value, Failure> {
    let result = catch_unwind(AssertUnwindSafe(|| method(call)));
    result.unwrap_or_else(|_| Err(Failure::new("the method panicked; see the log")))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
