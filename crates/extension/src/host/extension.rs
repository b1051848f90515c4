//! A running extension, and the handle on it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::timeout;

use super::outbox::Outbox;
use super::pending::Pending;
use super::{CallError, Ended, Event, HostOptions, Notices, StartError, Stream, call, lock, spawn};
use crate::loaded::Loaded;
use crate::wire::{Condition, Message, RequestId, VERSIONS, Value};
use symphony_child::Group;

/// What an extension said about itself when it was ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Welcome {
    /// Who it is, for a log.
    pub extension: String,
    /// How many requests it takes at once.
    pub concurrency: u32,
    /// Its methods.
    pub methods: Vec<String>,
}

/// What an extension answers to a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Whether it takes requests.
    pub condition: Condition,
    /// More about it, for a person.
    pub note: String,
}

/// A handle on a running extension; clones share it. When the last one is dropped, it is ended.
#[derive(Clone)]
pub struct Extension(Arc<Owner>);

/// Held by handles only, not by the threads, so that its end is the extension's.
struct Owner(Arc<Shared>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.stopping.store(true, Ordering::Release);
        self.0.kill();
    }
}

pub(super) struct Shared {
    pub(super) name: String,
    pub(super) timeout: Duration,
    pub(super) grace: Duration,
    pub(super) max_frame: usize,
    pub(super) notices: Notices,
    pub(super) outbox: Arc<Outbox>,
    pub(super) group: Group,
    /// Held for a look-up; never while a lock of another kind is taken.
    pub(super) pending: Mutex<Pending>,
    pub(super) slots: Arc<Semaphore>,
    pub(super) welcome: OnceLock<Welcome>,
    /// Who waits for the welcome, and whoever waits for the end.
    ready: Mutex<Option<oneshot::Sender<()>>>,
    ended: watch::Sender<Option<Ended>>,
    /// An end from here on was asked for.
    pub(super) stopping: AtomicBool,
    next: AtomicU64,
}

impl Shared {
    pub(super) fn new(
        loaded: &Loaded,
        options: &HostOptions,
        outbox: Arc<Outbox>,
        group: Group,
        ready: oneshot::Sender<()>,
    ) -> Self {
        Self {
            name: loaded.manifest.name.clone(),
            timeout: loaded.manifest.limits.timeout,
            grace: options.grace,
            max_frame: options.max_frame,
            notices: options.notices.clone(),
            outbox,
            group,
            pending: Mutex::default(),
            slots: Arc::new(Semaphore::new(0)),
            welcome: OnceLock::new(),
            ready: Mutex::new(Some(ready)),
            ended: watch::Sender::new(None),
            stopping: AtomicBool::new(false),
            next: AtomicU64::new(1),
        }
    }

    pub(super) fn tell(&self, event: Event) {
        self.notices.tell(&self.name, event);
    }

    pub(super) fn id(&self) -> RequestId {
        RequestId(self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Sends what is short and of which there is little; nothing is said if it is too long.
    pub(super) fn send(&self, message: &Message) {
        if let Ok(frame) = message.to_frame(self.max_frame) {
            self.outbox.send(&frame, None);
        }
    }

    pub(super) fn ready(&self, welcome: Welcome) {
        self.slots.add_permits(welcome.concurrency as usize);
        // Only the reader sets it, and only once.
        let _ = self.welcome.set(welcome);
        if let Some(ready) = lock(&self.ready).take() {
            // Who started it may have given up.
            let _ = ready.send(());
        }
    }

    /// Ends the process and all that it has started; the reader does the rest.
    pub(super) fn kill(&self) {
        self.group.kill();
        self.outbox.close();
    }

    pub(super) fn end(&self, ended: Ended) {
        if ended.crashed {
            self.tell(Event::Crashed(ended.reason.clone()));
        }
        // First of all: who learns of the end from a request may ask for a new start at once.
        self.ended.send_replace(Some(ended.clone()));
        lock(&self.pending).end(&ended);
        self.slots.close();
        drop(lock(&self.ready).take());
    }

    /// How it ended, as far as that is known; it is on its way if it is not.
    pub(super) fn how_it_ended(&self) -> Ended {
        self.ended.borrow().clone().unwrap_or_else(|| Ended {
            crashed: false,
            reason: "it is being ended".to_owned(),
        })
    }
}

impl Extension {
    /// Starts an extension and waits until it is ready. Needs a tokio runtime with time. Dropping the future ends it.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(loaded: &Loaded, options: &HostOptions) -> Result<Self, StartError> {
        let (ready, is_ready) = oneshot::channel();
        let shared = spawn::start(loaded.clone(), options.clone(), ready).await?;
        let extension = Self(Arc::new(Owner(shared)));
        extension.shared().send(&Message::Hello {
            versions: VERSIONS.to_vec(),
            host: options.host.clone(),
            max_frame: u32::try_from(options.max_frame).unwrap_or(u32::MAX),
        });
        match timeout(options.handshake, is_ready).await {
            Ok(Ok(())) => Ok(extension),
            Ok(Err(_)) => Err(StartError::Handshake(extension.ended().await)),
            Err(_) => Err(StartError::Late(options.handshake)),
        }
    }

    /// What it said about itself.
    #[must_use]
    pub fn welcome(&self) -> Welcome {
        let welcome = self.shared().welcome.get().cloned();
        welcome.unwrap_or(Welcome {
            extension: self.shared().name.clone(),
            concurrency: 1,
            methods: Vec::new(),
        })
    }

    /// Calls a method and waits for its answer, at most as long as the manifest's `timeout_ms`. Dropping the future cancels.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call(&self, method: &str, params: Value) -> Result<Value, CallError> {
        call::call(&self.shared(), method, params).await
    }

    /// Calls a method with what serde knows.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call_with<R: DeserializeOwned>(
        &self,
        method: &str,
        params: &impl Serialize,
    ) -> Result<R, CallError> {
        Ok(self.call(method, Value::of(params)?).await?.read()?)
    }

    /// Calls a method that answers in parts; the extension is at most `window` of them ahead of who reads.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn stream(
        &self,
        method: &str,
        params: Value,
        window: u32,
    ) -> Result<Stream, CallError> {
        Stream::open(&self.shared(), method, params, window).await
    }

    /// Asks whether it is well. None if it has ended; without an answer, this waits.
    pub async fn probe(&self) -> Option<Health> {
        let shared = self.shared();
        let nonce = shared.id().0;
        let (waiter, health) = oneshot::channel();
        lock(&shared.pending).insert_ping(nonce, waiter);
        shared.send(&Message::Ping { nonce });
        health.await.ok()
    }

    /// Waits for its end.
    pub async fn ended(&self) -> Ended {
        let mut ended = self.shared().ended.subscribe();
        let ended = ended.wait_for(Option::is_some).await;
        ended
            .ok()
            .and_then(|it| it.clone())
            .unwrap_or_else(|| self.shared().how_it_ended())
    }

    /// How it ended, if it has.
    #[must_use]
    pub fn has_ended(&self) -> Option<Ended> {
        self.shared().ended.borrow().clone()
    }

    /// What was sent to it and it has not read, beyond what the pipe holds.
    #[must_use]
    pub fn n_bytes_waiting(&self) -> usize {
        self.shared().outbox.n_bytes_waiting()
    }

    /// Asks it to end, ends it if it does not, and waits until nothing of it is left.
    pub async fn stop(&self) -> Ended {
        let shared = self.shared();
        shared.stopping.store(true, Ordering::Release);
        shared.send(&Message::Shutdown);
        if let Ok(ended) = timeout(shared.grace, self.ended()).await {
            return ended;
        }
        shared.kill();
        self.ended().await
    }

    fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.0.0)
    }
}

impl std::fmt::Debug for Extension {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shared = self.shared();
        formatter
            .debug_struct("Extension")
            .field("name", &shared.name)
            .field("ended", &*shared.ended.borrow())
            .finish_non_exhaustive()
    }
}
