//! The shared tier on real servers: Debian's Redis where it is installed, and an S3 server in this process.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::future::BoxFuture;
use symphony_artifact_store::{
    Backend, Options, SharedError, SharedOptions, SharedState, Store, connect,
};

use crate::{LONG, WORTH, fill, key, keys, lineage, memory, patient, secret, shared, value};

/// Knows which names were put.
struct Recording {
    backend: Arc<dyn Backend>,
    names: Mutex<Vec<String>>,
}

impl Backend for Recording {
    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, SharedError>> {
        self.backend.get(name)
    }

    fn put<'a>(&'a self, name: &'a str, entry: Bytes) -> BoxFuture<'a, Result<(), SharedError>> {
        self.names.lock().unwrap().push(name.to_owned());
        self.backend.put(name, entry)
    }
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

/// A second machine is warm, and takes nothing that was tampered with.
fn is_shared_and_authenticated(n: u64, connect: impl Fn() -> Arc<dyn Backend>) {
    let recording = Arc::new(Recording {
        backend: connect(),
        names: Mutex::default(),
    });
    fill(patient(recording.clone()), n);
    let dir = tempfile::tempdir().unwrap();
    let second = Store::open(Options {
        shared: Some(patient(connect())),
        ..Options::in_dir(dir.path())
    });
    let found = second.get_shared(&keys(0..n + 10), WORTH);
    for (number, found) in (0..n).zip(&found) {
        assert_eq!(found.as_ref().unwrap().bytes().to_vec(), value(number));
    }
    assert_eq!((shared(&second).hits, shared(&second).misses), (n, 10));
    let other = connect();
    let names = recording.names.lock().unwrap().clone();
    runtime().block_on(async {
        for name in &names {
            let mut entry = other.get(name).await.unwrap().unwrap().to_vec();
            *entry.last_mut().unwrap() ^= 1;
            other.put(name, entry.into()).await.unwrap();
        }
    });
    let third = memory(patient(connect()));
    assert!(
        third
            .get_shared(&keys(0..n), WORTH)
            .iter()
            .all(Option::is_none)
    );
    assert_eq!((shared(&third).refused, shared(&third).hits), (n, 0));
}

/// What is so dear to make is asked for as long as the store answers at all, on however busy a machine.
const DEAR: Duration = Duration::from_secs(1);

/// Whatever happens to the server in the middle, no get waits much longer than the deadline.
fn ends_in_time(backend: Arc<dyn Backend>, stop: impl FnOnce()) -> Store {
    fill(patient(backend.clone()), 50);
    let deadline = Duration::from_millis(100);
    // No pause ends while the test runs.
    let store = memory(SharedOptions {
        deadline,
        pauses: LONG..=LONG,
        ..SharedOptions::new(backend, secret())
    });
    let mut stop = Some(stop);
    let started = Instant::now();
    for number in 0..400 {
        if number == 25 {
            stop.take().unwrap()();
        }
        let asked = Instant::now();
        let _ = store.get_shared(&keys(number..number + 4), DEAR);
        assert!(
            asked.elapsed() < deadline + Duration::from_secs(2),
            "{number}"
        );
        store
            .put_shared(key(1_000 + number), value(1), lineage())
            .unwrap();
    }
    let stats = shared(&store);
    assert_eq!(stats.state, SharedState::LeftAlone, "{stats:?}");
    assert!(stats.skipped > 1_000, "{stats:?}");
    assert!(started.elapsed() < Duration::from_secs(20));
    let closing = Instant::now();
    while !store.close() {}
    assert!(closing.elapsed() < Duration::from_secs(5));
    store
}

/// A Redis of this test's own.
struct RedisServer {
    child: Child,
    port: u16,
    _dir: tempfile::TempDir,
}

impl RedisServer {
    /// None where it is not installed.
    fn start() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        // Another process may take the port that was free: then the next is tried.
        for _ in 0..5 {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            let port = free.local_addr().unwrap().port();
            drop(free);
            let spawned = Command::new("redis-server")
                .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
                .args(["--save", "", "--appendonly", "no", "--dir"])
                .arg(dir.path())
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .spawn();
            let Ok(mut child) = spawned else {
                skipped("redis-server is not installed");
                return None;
            };
            let lines = BufReader::new(child.stdout.take().unwrap()).lines();
            let ready = |line: String| line.contains("Ready to accept connections");
            if lines.map_while(Result::ok).any(ready) {
                return Some(Self {
                    child,
                    port,
                    _dir: dir,
                });
            }
            child.wait().unwrap();
        }
        panic!("redis-server does not start");
    }

    fn connect(&self) -> Arc<dyn Backend> {
        connect(&format!("redis://127.0.0.1:{}/1", self.port), []).unwrap()
    }

    fn signal(&self, signal: &str) {
        let mut kill = Command::new("kill");
        let status = kill.args([signal, &self.child.id().to_string()]).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(
    clippy::print_stderr,
    reason = "a reader of the test's output learns what was not tested"
)]
fn skipped(reason: &str) {
    eprintln!("skipped: {reason}");
}

#[test]
fn redis_is_shared_and_authenticated() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    is_shared_and_authenticated(1_000, || server.connect());
}

#[test]
fn a_redis_killed_in_the_middle_keeps_nobody_waiting() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    let backend = server.connect();
    ends_in_time(backend, || {
        server.child.kill().unwrap();
        server.child.wait().unwrap();
    });
}

#[test]
#[cfg(unix)]
fn a_redis_that_hangs_keeps_nobody_waiting_and_is_used_again() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let backend = server.connect();
    ends_in_time(backend.clone(), || server.signal("-STOP"));
    server.signal("-CONT");
    // The connection that hung is good again or is replaced.
    let store = memory(patient(backend));
    let started = Instant::now();
    while store.get_shared(&keys(0..1), WORTH)[0].is_none() {
        assert!(started.elapsed() < LONG, "{:?}", shared(&store));
    }
}

/// An S3 server in this process, on a folder.
struct S3Server {
    runtime: Option<tokio::runtime::Runtime>,
    address: SocketAddr,
    _dir: tempfile::TempDir,
}

impl S3Server {
    fn start() -> Self {
        use hyper_util::rt::{TokioExecutor, TokioIo};
        use hyper_util::server::conn::auto::Builder;

        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("team")).unwrap();
        let files = s3s_fs::FileSystem::new(dir.path()).unwrap();
        let mut service = s3s::service::S3ServiceBuilder::new(files);
        service.set_auth(s3s::auth::SimpleAuth::from_single("reader", "writer"));
        let service = service.build();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let bound = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = runtime.block_on(bound).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let service = service.clone();
                tokio::spawn(async move {
                    let server = Builder::new(TokioExecutor::new());
                    // A client that goes away is no error here.
                    let _ = server.serve_connection(TokioIo::new(socket), service).await;
                });
            }
        });
        Self {
            runtime: Some(runtime),
            address,
            _dir: dir,
        }
    }

    fn connect(&self) -> Arc<dyn Backend> {
        let endpoint = format!("http://{}", self.address);
        let environment = [
            ("AWS_ENDPOINT", endpoint.as_str()),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_ACCESS_KEY_ID", "reader"),
            ("AWS_SECRET_ACCESS_KEY", "writer"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_PAGER", "a name that only other tools know"),
            ("HOME", "a folder"),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
        connect("s3://team/symphony/cache", environment).unwrap()
    }

    /// Closes every connection, as a killed process does.
    fn kill(&mut self) {
        self.runtime.take().unwrap().shutdown_background();
    }
}

#[test]
fn s3_is_shared_and_authenticated() {
    let server = S3Server::start();
    // Few: this server takes some 20 ms for a put.
    is_shared_and_authenticated(50, || server.connect());
}

#[test]
fn an_s3_server_killed_in_the_middle_keeps_nobody_waiting() {
    let mut server = S3Server::start();
    let backend = server.connect();
    ends_in_time(backend, || server.kill());
}

#[test]
fn addresses_that_are_not_understood_are_refused_and_not_repeated() {
    let wrong = [
        "",
        "team",
        "http://user:password@host/",
        "s3://",
        "redis://:password@host:port/0",
        "rediss://:password@host/zero",
    ];
    for address in wrong {
        let Err(SharedError::Address(reason)) = connect(address, []) else {
            panic!("{address} was taken");
        };
        assert!(!reason.contains("password"), "{reason}");
    }
}
