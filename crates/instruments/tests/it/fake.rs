//! An endpoint that does what a script says, and what it saw.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use symphony_instruments::{Api, CallTimes, Endpoint, EndpointOptions, Ghost, InlineQuestion};
use symphony_pit::{Instrument as _, Running};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// The three instruments; OpenAI's in both of its interfaces.
pub(crate) const KINDS: [Api; 4] = [Api::Completions, Api::Chat, Api::Infill, Api::Ollama];

/// What happens to a call.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// A status, with further header lines.
    Status(u16, &'static str),
    /// The connection is reset before anything is said.
    Reset,
    /// Nothing is said; the connection stays.
    Silent,
    /// A good answer, in these pieces.
    Text(Vec<String>),
    /// The same, but what goes over the wire is split at these places.
    Split(Vec<String>, Vec<usize>),
    /// These pieces, and then the connection breaks.
    Breaks(Vec<String>),
    /// These pieces, and then nothing more.
    Hangs(Vec<String>),
    /// This piece for ever.
    Endless(String),
    /// These bytes for ever, as a body of the right type.
    EndlessBytes(Vec<u8>),
    /// These bytes as a body of the right type, which ends.
    Bytes(Vec<u8>),
    /// All of an answer as one JSON.
    Whole(&'static str),
}

pub(crate) fn text(text: &str) -> Act {
    Act::Text(vec![text.to_owned()])
}

pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    calls: Arc<AtomicUsize>,
    /// When a connection was seen to be closed while it was answered.
    pub(crate) closed: mpsc::UnboundedReceiver<Instant>,
    /// When the first piece of an answer was sent.
    pub(crate) began: mpsc::UnboundedReceiver<Instant>,
    /// What was asked, headers and body.
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
}

struct Shared {
    api: Api,
    script: Mutex<VecDeque<Act>>,
    calls: Arc<AtomicUsize>,
    closed: mpsc::UnboundedSender<Instant>,
    began: mpsc::UnboundedSender<Instant>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    /// Each call takes the next act of the script; the last is for all further ones.
    pub(crate) async fn start(api: Api, script: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (closed, seen_closed) = mpsc::unbounded_channel();
        let (began, seen_began) = mpsc::unbounded_channel();
        let (calls, asked) = (Arc::default(), Arc::default());
        let shared = Arc::new(Shared {
            api,
            script: Mutex::new(script.into_iter().collect()),
            calls: Arc::clone(&calls),
            closed,
            began,
            asked: Arc::clone(&asked),
        });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                tokio::spawn(serve(Arc::clone(&shared), stream));
            }
        });
        Self {
            address,
            calls,
            closed: seen_closed,
            began: seen_began,
            asked,
        }
    }

    /// Questions that came, probes not counted.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn options(&self, api: Api) -> EndpointOptions {
        let base = match api {
            Api::Completions | Api::Chat => "/v1",
            Api::Infill | Api::Ollama => "",
        };
        let mut options =
            EndpointOptions::new("fake", format!("http://{}{base}", self.address), api);
        options.model = Some("qwen2.5-coder:1.5b".to_owned());
        options.times = CallTimes {
            connect: Duration::from_secs(20),
            first: Duration::from_secs(20),
            between: Duration::from_secs(20),
            total: Duration::from_secs(60),
        };
        options
    }

    pub(crate) async fn running(&self, api: Api) -> Arc<dyn Running> {
        Endpoint::new(self.options(api)).start().await.unwrap()
    }
}

/// Asks for what follows `$0` in a document.
pub(crate) async fn ask(running: &dyn Running, document: &str) -> Result<Vec<Ghost>, String> {
    let answer = running.ask(question(document)).await?;
    Ok(Ghost::all_from(&answer))
}

pub(crate) fn question(document: &str) -> bytes::Bytes {
    let (before, after) = document.split_once("$0").unwrap();
    let text = format!("{before}{after}");
    let question = InlineQuestion {
        document: "file:///a.ts",
        path: "src/a.ts",
        text: &text,
        offset: before.len() as u32,
        tau: 0.0,
        candidates: 1,
        context_tokens: u32::MAX,
    };
    question.to_bytes()
}

async fn serve(shared: Arc<Shared>, mut stream: TcpStream) {
    loop {
        let Some(request) = read_request(&mut stream).await else {
            return;
        };
        if request.starts_with("GET") {
            shared.asked.lock().unwrap().push(request);
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
            if stream.write_all(answer).await.is_err() {
                return;
            }
            continue;
        }
        shared.asked.lock().unwrap().push(request);
        shared.calls.fetch_add(1, Ordering::SeqCst);
        let act = {
            let mut script = shared.script.lock().unwrap();
            match script.len() {
                1 => script[0].clone(),
                _ => script.pop_front().unwrap(),
            }
        };
        if !perform(&shared, &mut stream, act).await {
            return;
        }
    }
}

/// Whether the connection goes on.
async fn perform(shared: &Shared, stream: &mut TcpStream, act: Act) -> bool {
    let api = shared.api;
    match act {
        Act::Status(status, headers) => {
            let body = r#"{"error":{"code":"overloaded","message":"secret prose"}}"#;
            let length = body.len();
            let head = format!("HTTP/1.1 {status} No\r\n{headers}content-length: {length}\r\n\r\n");
            stream
                .write_all(format!("{head}{body}").as_bytes())
                .await
                .is_ok()
        }
        Act::Reset => {
            stream.set_zero_linger().unwrap();
            false
        }
        Act::Silent => until_closed(shared, stream).await,
        Act::Text(pieces) => {
            let body = body(api, &pieces);
            send(stream, api, &body, &[]).await
        }
        Act::Split(pieces, places) => {
            let body = body(api, &pieces);
            send(stream, api, &body, &places).await
        }
        Act::Bytes(bytes) => send(stream, api, &bytes, &[]).await,
        Act::Whole(body) => {
            let length = body.len();
            let kind = "content-type: application/json; charset=utf-8";
            let answer =
                format!("HTTP/1.1 200 OK\r\n{kind}\r\ncontent-length: {length}\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).await.is_ok()
        }
        Act::Breaks(pieces) => {
            head(stream, api, None).await;
            chunk(stream, &events(api, &pieces)).await;
            stream.set_zero_linger().unwrap();
            // What was sent is read before the reset is.
            let _ = tokio::time::timeout(Duration::from_millis(50), stream.readable()).await;
            false
        }
        Act::Hangs(pieces) => {
            head(stream, api, None).await;
            chunk(stream, &events(api, &pieces)).await;
            let _ = shared.began.send(Instant::now());
            until_closed(shared, stream).await
        }
        Act::Endless(piece) => endless(shared, stream, &events(api, &[piece])).await,
        Act::EndlessBytes(bytes) => endless(shared, stream, &bytes).await,
    }
}

async fn endless(shared: &Shared, stream: &mut TcpStream, part: &[u8]) -> bool {
    head(stream, shared.api, None).await;
    while chunk(stream, part).await {}
    let _ = shared.closed.send(Instant::now());
    false
}

async fn until_closed(shared: &Shared, stream: &mut TcpStream) -> bool {
    let mut byte = [0];
    let _ = stream.read(&mut byte).await;
    let _ = shared.closed.send(Instant::now());
    false
}

async fn send(stream: &mut TcpStream, api: Api, body: &[u8], places: &[usize]) -> bool {
    head(stream, api, Some(body.len())).await;
    let mut start = 0;
    for &place in places.iter().chain([&body.len()]) {
        if stream.write_all(&body[start..place]).await.is_err() {
            return false;
        }
        start = place;
        stream.flush().await.unwrap();
        tokio::task::yield_now().await;
    }
    true
}

async fn head(stream: &mut TcpStream, api: Api, length: Option<usize>) {
    let kind = match api {
        Api::Ollama => "application/x-ndjson",
        _ => "text/event-stream",
    };
    let length = match length {
        Some(length) => format!("content-length: {length}"),
        None => "transfer-encoding: chunked".to_owned(),
    };
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\n{length}\r\n\r\n");
    // Whoever has gone is noticed with the body.
    let _ = stream.write_all(head.as_bytes()).await;
}

async fn chunk(stream: &mut TcpStream, bytes: &[u8]) -> bool {
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    stream.write_all(&chunk).await.is_ok()
}

/// A whole body: the pieces, and the end with the endpoint's own count.
pub(crate) fn body(api: Api, pieces: &[String]) -> Vec<u8> {
    let mut body = events(api, pieces);
    let end: &str = match api {
        Api::Completions | Api::Chat => {
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5}}\n\ndata: [DONE]\n\n"
        }
        Api::Infill => {
            "data: {\"content\":\"\",\"stop\":true,\"tokens_evaluated\":7,\"tokens_predicted\":5}\n\n"
        }
        Api::Ollama => {
            "{\"response\":\"\",\"done\":true,\"prompt_eval_count\":7,\"eval_count\":5}\n"
        }
    };
    body.extend_from_slice(end.as_bytes());
    body
}

/// The pieces, an event each, as the interface has them; each token has a probability of a half.
fn events(api: Api, pieces: &[String]) -> Vec<u8> {
    let half = 0.5_f64.ln();
    let event = |piece: &String| {
        let event = match api {
            Api::Completions => serde_json::json!({ "choices": [
                { "index": 0, "text": piece, "logprobs": { "token_logprobs": [half] } }
            ]}),
            Api::Chat => serde_json::json!({ "choices": [
                { "index": 0, "delta": { "content": piece } }
            ]}),
            Api::Infill => serde_json::json!({
                "content": piece, "stop": false,
                "completion_probabilities": [{ "token": piece, "logprob": half }]
            }),
            Api::Ollama => serde_json::json!({
                "response": piece, "done": false, "logprobs": [{ "logprob": half }]
            }),
        };
        match api {
            Api::Ollama => format!("{event}\n"),
            _ => format!("data: {event}\n\n"),
        }
    };
    pieces.iter().map(event).collect::<String>().into_bytes()
}

/// Headers and body; nothing at the end of the connection.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut all = Vec::new();
    let mut part = [0; 16 << 10];
    loop {
        let n_read = stream.read(&mut part).await.ok().filter(|it| *it > 0)?;
        all.extend_from_slice(&part[..n_read]);
        let text = String::from_utf8_lossy(&all);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            return Some(text.into_owned());
        }
    }
}
