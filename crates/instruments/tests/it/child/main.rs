//! Stands in for four programs: the launcher, a llama.cpp server as far as its documentation goes, a host of one that can be
//! killed, and an extension that is a model.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use symphony_extension::sdk::{Call, Failure, Server};
use symphony_instruments::{Launcher, LlamaServer, LlamaServerOptions};
use symphony_pit::Instrument as _;

/// How long its model takes to load.
const LOADING: Duration = Duration::from_millis(30);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.first().map(String::as_str) {
        Some("launch") => launch(&arguments[1]),
        Some("host") => host(&arguments[1]),
        Some("extension") => extension(&arguments[1]).map(|()| 0),
        _ => serve(&arguments).map(|()| 0),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // Nobody is left to tell if this fails.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn launch(plan: &str) -> io::Result<u8> {
    symphony_extension::launch(plan)
}

/// A model that answers what its name says, whatever is asked.
fn extension(mode: &str) -> io::Result<()> {
    let server = Server::new("model", "1.0.0");
    match mode {
        "sure" => server.method("complete", complete),
        "other" => server.method("hello", |_| Ok("hello")),
        _ => server.method("complete", |_| Err::<(), _>(Failure::new("no model"))),
    }
    .serve()
}

fn complete(call: &Call) -> Result<serde_json::Value, Failure> {
    let asked: serde_json::Value = call.params()?;
    let prefix = asked["prefix"].as_str().unwrap_or_default();
    if prefix.contains("end") {
        std::process::abort();
    }
    Ok(serde_json::json!([
        { "text": "42;", "probability": 0.75 },
        { "text": "43;" },
        { "text": "(44;", "probability": 1.0 },
    ]))
}

/// Starts a server, says so, and stays until it is killed.
fn host(model: &str) -> io::Result<u8> {
    let own = std::env::current_exe()?;
    let launcher = Launcher {
        program: own.clone(),
        arguments: vec!["launch".into()],
    };
    let options = LlamaServerOptions::new("owned", own, PathBuf::from(model), launcher);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let server = LlamaServer::new(options);
        let _running = server.start().await.map_err(io::Error::other)?;
        writeln!(io::stdout(), "ready")?;
        std::future::pending::<io::Result<u8>>().await
    })
}

/// The "model" is a file that each start writes its process id to, a line each; the word `broken` in it is one that does not load.
fn serve(arguments: &[String]) -> io::Result<()> {
    let value = |name: &str| {
        let at = arguments.iter().rposition(|it| it == name)?;
        arguments.get(at + 1).cloned()
    };
    let (Some(model), Some(port)) = (value("--model"), value("--port")) else {
        return Err(io::Error::other("usage: --model FILE --port PORT"));
    };
    if std::fs::read_to_string(&model)?.contains("broken") {
        return Err(io::Error::other("error: failed to load the model"));
    }
    let mut file = std::fs::OpenOptions::new().append(true).open(&model)?;
    writeln!(file, "{}", std::process::id())?;
    // A process that it started itself.
    if arguments.iter().any(|it| it == "--with-helper") {
        let mut helper = std::process::Command::new("sleep").arg("600").spawn()?;
        writeln!(file, "{}", helper.id())?;
        thread::spawn(move || helper.wait());
    }
    let key = std::env::var("LLAMA_API_KEY").unwrap_or_default();
    let is_seen = std::env::vars().any(|(_, value)| value.contains("canary"));
    if is_seen || arguments.contains(&key) {
        return Err(io::Error::other("somebody's key is where it should not be"));
    }
    let listener =
        TcpListener::bind(("127.0.0.1", port.parse::<u16>().map_err(io::Error::other)?))?;
    writeln!(io::stderr(), "main: server is listening on port {port}")?;
    let began = Instant::now();
    for stream in listener.incoming() {
        let (stream, key) = (stream?, key.clone());
        thread::spawn(move || answer(stream, &key, began));
    }
    Ok(())
}

fn answer(mut stream: TcpStream, key: &str, began: Instant) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line.trim().is_empty() {
                break;
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let is_known = head.contains(&format!("Bearer {key}"));
        let loading =
            r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#;
        let (status, kind, body) = match head.split_whitespace().nth(1) {
            _ if began.elapsed() < LOADING => (503, "application/json", loading.to_owned()),
            Some("/health") => (200, "application/json", r#"{"status":"ok"}"#.to_owned()),
            _ if !is_known => (401, "application/json", "{}".to_owned()),
            Some("/props") => (200, "application/json", "{}".to_owned()),
            Some("/infill") => (200, "text/event-stream", infill(&body)),
            _ => (404, "application/json", "{}".to_owned()),
        };
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n"
        );
        stream.write_all(format!("{head}{body}").as_bytes())?;
    }
}

/// What is asked for, a character a token.
fn infill(body: &[u8]) -> String {
    let asked: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let prefix = asked["input_prefix"].as_str().unwrap_or_default();
    let text = if prefix.ends_with("= ") { "42;" } else { "" };
    let piece = |it: char| {
        let event = serde_json::json!({ "content": it.to_string(), "stop": false });
        format!("data: {event}\n\n")
    };
    let end = serde_json::json!({ "content": "", "stop": true, "tokens_evaluated": 3, "tokens_predicted": 3 });
    text.chars().map(piece).collect::<String>() + &format!("data: {end}\n\n")
}
