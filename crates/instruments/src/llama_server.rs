//! A server of llama.cpp that is started and owned here: its port, its key, its log, its end.
//!
//! It listens on this machine only and answers nobody else: the key is new at each start, and is in the server's environment
//! rather than in its command line, which others on the machine can read.

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt as _};
use symphony_child::{Launcher, Service, ServiceOptions};
use symphony_pit::{Cost, Instrument, InstrumentKind, Running, Spec, StartError};
use tokio::time::sleep;

use crate::client::Client;
use crate::endpoint::{Connected, Endpoint};
use crate::meter::Meter;
use crate::{EndpointOptions, Key, KeySource, ProxyChoice};

/// Another program may take a free port before the server does.
const PORTS_TRIED: usize = 3;
/// Between two questions whether the model is loaded.
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// The longest line of its log that is repeated to people.
const LONGEST_TOLD: usize = 200;

/// How a server is started.
#[derive(Debug, Clone)]
pub struct LlamaServerOptions {
    /// llama.cpp's `llama-server`, by absolute path or for the search path.
    pub executable: PathBuf,
    /// The model, a GGUF file.
    pub model_file: PathBuf,
    /// What else goes on its command line.
    pub arguments: Vec<String>,
    /// What watches it: a start of this binary whose `main` calls `launch` of `symphony-extension`, or of `symphony-child`.
    pub launcher: Launcher,
    /// How long it has to end when it is asked to; then it is ended.
    pub grace: Duration,
    /// How it is asked. Address, key and proxy are set here.
    pub endpoint: EndpointOptions,
}

impl LlamaServerOptions {
    /// With the usual limits.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        executable: PathBuf,
        model_file: PathBuf,
        launcher: Launcher,
    ) -> Self {
        Self {
            executable,
            model_file,
            arguments: Vec::new(),
            launcher,
            grace: Duration::from_millis(500),
            endpoint: EndpointOptions::new(name, "", crate::Api::Infill),
        }
    }
}

/// A llama.cpp server as an instrument.
#[derive(Debug)]
pub struct LlamaServer {
    options: LlamaServerOptions,
    /// Never called itself: it has the counters and the budget, which go on over restarts.
    template: Endpoint,
}

impl LlamaServer {
    /// One that does not run yet.
    #[must_use]
    pub fn new(options: LlamaServerOptions) -> Self {
        let template = Endpoint::new(options.endpoint.clone());
        Self { options, template }
    }

    /// What it has done and cost.
    #[must_use]
    pub fn meter(&self) -> Meter {
        self.template.meter()
    }

    /// What the Pool Manager has to know of it, with the memory that the model's file takes.
    #[must_use]
    pub fn spec(&self, kind: InstrumentKind) -> Spec {
        let size = std::fs::metadata(&self.options.model_file).map_or(0, |it| it.len());
        Spec {
            memory: size,
            ..self.template.spec(kind)
        }
    }

    async fn run(&self) -> Result<Owned, StartError> {
        let mut failure = StartError("no port is free".to_owned());
        for _ in 0..PORTS_TRIED {
            match self.run_once().await {
                Ok(running) => return Ok(running),
                Err(Failure::Port(error)) => failure = error,
                Err(Failure::Other(error)) => return Err(error),
            }
        }
        Err(failure)
    }

    async fn run_once(&self) -> Result<Owned, Failure> {
        let port = free_port()?;
        let key = Key::random().map_err(|error| StartError(error.to_string()))?;
        let last = LastLine::default();
        let told = last.clone();
        let name = self.options.endpoint.name.clone();
        let service = Service::start(self.service(port, &key), move |line| {
            tracing::debug!(instrument = %name, "{line}");
            told.set(line);
        });
        let service = service.await.map_err(StartError::from)?;
        let mut options = self.options.endpoint.clone();
        options.url = format!("http://127.0.0.1:{port}");
        options.key = KeySource::Given(key);
        options.proxy = ProxyChoice::None;
        let client = Client::new(&options).await?;
        tokio::select! {
            ended = service.ended() => {
                let error = StartError(format!("{ended}: {}", last.get()));
                return Err(match port_is_taken(port) {
                    true => Failure::Port(error),
                    false => Failure::Other(error),
                });
            }
            () = is_loaded(&client) => {}
        }
        // Anybody may say that they are well; only the server that was started here knows the key.
        let known = client.get("/props").await;
        match known.map_err(|error| StartError(error.to_string()))? {
            401 | 403 => {
                let told = "somebody else has taken its port".to_owned();
                Err(Failure::Port(StartError(told)))
            }
            _ => Ok(Owned {
                connected: self.template.connected(options, client),
                service,
            }),
        }
    }

    fn service(&self, port: u16, key: &Key) -> ServiceOptions {
        let options = &self.options;
        let mut arguments: Vec<OsString> = vec![
            "--model".into(),
            options.model_file.clone().into(),
            "--ctx-size".into(),
            options.endpoint.limits.context_tokens.to_string().into(),
        ];
        // Of an option that is given twice the last counts: the user's over ours, but for where it listens.
        arguments.extend(options.arguments.iter().map(OsString::from));
        for word in ["--host", "127.0.0.1", "--port", &port.to_string()] {
            arguments.push(word.into());
        }
        let variables = std::env::vars_os().map(|(name, _)| name);
        ServiceOptions {
            name: options.endpoint.name.clone(),
            launcher: options.launcher.clone(),
            program: options.executable.clone(),
            arguments,
            environment: vec![("LLAMA_API_KEY".into(), key.expose().into())],
            hidden: variables
                .filter(|it| is_secret(&it.to_string_lossy()))
                .collect(),
            grace: options.grace,
        }
    }
}

impl Instrument for LlamaServer {
    fn start(&self) -> BoxFuture<'_, Result<Arc<dyn Running>, StartError>> {
        async move {
            let running: Arc<dyn Running> = Arc::new(self.run().await?);
            Ok(running)
        }
        .boxed()
    }
}

/// A server that runs. When it is dropped, the server is stopped.
struct Owned {
    connected: Connected,
    service: Service,
}

impl Running for Owned {
    fn ask(&self, question: Bytes) -> BoxFuture<'_, Result<Bytes, String>> {
        self.connected.ask(question)
    }

    fn take_cost(&self) -> Cost {
        self.connected.take_cost()
    }

    fn probe(&self) -> BoxFuture<'_, bool> {
        async { self.connected.look().await.is_ok() }.boxed()
    }

    fn ended(&self) -> BoxFuture<'_, String> {
        self.service.ended().boxed()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        self.service.stop().boxed()
    }
}

enum Failure {
    /// Another port may do.
    Port(StartError),
    Other(StartError),
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::Other(error)
    }
}

fn free_port() -> Result<u16, StartError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

fn port_is_taken(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err()
}

/// Until it says that its model is loaded. Whether that takes too long is for the Pool Manager to say.
async fn is_loaded(client: &Client) {
    while !matches!(client.get("/health").await, Ok(200..=299)) {
        sleep(LOOK_EVERY).await;
    }
}

/// What a program of others has no need to know: keys of endpoints are in the environment, too.
fn is_secret(variable: &str) -> bool {
    const ENDS: &[&str] = &[
        "KEY",
        "TOKEN",
        "SECRET",
        "PASSWORD",
        "PASSPHRASE",
        "CREDENTIALS",
    ];
    let variable = variable.to_uppercase();
    ENDS.iter().any(|it| variable.ends_with(it))
}

/// The last line that the server said.
#[derive(Debug, Clone, Default)]
struct LastLine(Arc<Mutex<String>>);

impl LastLine {
    fn set(&self, line: &str) {
        if !line.trim().is_empty() {
            let plain = line
                .chars()
                .filter(|it| !it.is_control())
                .take(LONGEST_TOLD);
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = plain.collect();
        }
    }

    fn get(&self) -> String {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
