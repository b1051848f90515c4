//! An endpoint that answers at once, or begins and hangs, with as little as a thread can do.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use symphony_instruments::Api;

/// What every whole answer ends with.
pub(crate) const END: &[u8] = b"\n\r\n0\r\n\r\n";

pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    pub(crate) began: Receiver<()>,
    pub(crate) closed: Receiver<Instant>,
    last: Arc<Mutex<Vec<u8>>>,
}

#[derive(Clone)]
struct Shared {
    answer: Arc<[u8]>,
    hangs: bool,
    began: Sender<()>,
    closed: Sender<Instant>,
    last: Arc<Mutex<Vec<u8>>>,
}

impl Fake {
    pub(crate) fn start(api: Api) -> anyhow::Result<Self> {
        Self::serving(api, false)
    }

    pub(crate) fn start_hanging(api: Api) -> anyhow::Result<Self> {
        Self::serving(api, true)
    }

    fn serving(api: Api, hangs: bool) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let (began, has_begun) = channel();
        let (closed, has_closed) = channel();
        let last = Arc::default();
        let shared = Shared {
            answer: answer(api, hangs).into(),
            hangs,
            began,
            closed,
            last: Arc::clone(&last),
        };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                thread::spawn(move || serve(&shared, stream));
            }
        });
        Ok(Self {
            address,
            began: has_begun,
            closed: has_closed,
            last,
        })
    }

    /// What was sent for the last question, headers and all.
    pub(crate) fn last_question(&self) -> Vec<u8> {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn answer(api: Api, hangs: bool) -> Vec<u8> {
    let (kind, first, end) = match api {
        Api::Ollama => (
            "application/x-ndjson",
            "{\"response\":\"1;\",\"done\":false}\n",
            "{\"response\":\"\",\"done\":true}\n",
        ),
        Api::Infill => (
            "text/event-stream",
            "data: {\"content\":\"1;\",\"stop\":false}\n\n",
            "data: {\"content\":\"\",\"stop\":true}\n\n",
        ),
        Api::Completions | Api::Chat => (
            "text/event-stream",
            "data: {\"choices\":[{\"index\":0,\"text\":\"1;\"}]}\n\n",
            "data: [DONE]\n\n",
        ),
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n",
        first.len()
    );
    let end = format!("{:x}\r\n{end}\r\n0\r\n\r\n", end.len());
    if hangs {
        head.into()
    } else {
        (head + &end).into()
    }
}

fn serve(shared: &Shared, mut stream: TcpStream) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    while let Some(request) = read(&mut stream) {
        if request.starts_with(b"GET") {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
            continue;
        }
        if stream.write_all(&shared.answer).is_err() {
            return;
        }
        *shared.last.lock().unwrap_or_else(PoisonError::into_inner) = request;
        if shared.hangs {
            let _ = shared.began.send(());
            let _ = stream.read(&mut [0]);
            let _ = shared.closed.send(Instant::now());
            return;
        }
    }
}

/// Headers and body.
fn read(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut all: Vec<u8> = Vec::new();
    let mut part = [0; 16 << 10];
    loop {
        let n_read = stream.read(&mut part).ok().filter(|it| *it > 0)?;
        all.extend_from_slice(&part[..n_read]);
        let Some(end) = all.windows(4).position(|it| it == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&all[..end]).to_lowercase();
        let length = head
            .lines()
            .find_map(|it| it.strip_prefix("content-length:"));
        let length: usize = length.and_then(|it| it.trim().parse().ok()).unwrap_or(0);
        if all.len() >= end + 4 + length {
            return Some(all);
        }
    }
}
