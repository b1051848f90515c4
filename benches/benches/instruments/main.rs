//! What an instrument adds to an endpoint's own time, beside a client that writes and reads a socket itself: `cargo xtask bench
//! instruments`. The endpoint answers at once, so all that is measured is ours; the answer is cut and checked in that time, too.
//! And what the embedded model would take as a process of its own. This program is the host, the launcher and the extension.

mod endpoint;
mod local;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use symphony_benches::{Arguments, Bound, Figure, Sample, each};
use symphony_instruments::{Api, Endpoint, EndpointOptions, Ghost, InlineQuestion};
use symphony_pit::{Instrument as _, Running};
use tokio::runtime::{Builder, Runtime};

use endpoint::Fake;

#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
#[cfg(not(unix))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const QUESTIONS: usize = 2_000;
const CANCELS: usize = 200;
const SERVICE: &str = "instruments";

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["launch", plan] => {
            symphony_extension::launch(plan)?;
            return Ok(());
        }
        ["serve"] => return Ok(local::serve()?),
        _ => {}
    }
    let arguments = Arguments::of_process();
    let mut all = Vec::new();
    for (_, figures) in ALL.iter().filter(|it| arguments.wants(it.0)) {
        let figures = figures()?;
        arguments.show(&figures);
        all.extend(figures);
    }
    arguments.write(&all)
}

type Figures = fn() -> anyhow::Result<Vec<Figure>>;
const ALL: &[(&str, Figures)] = &[
    ("first", first),
    ("cancel", cancel),
    ("local", local::local),
];

/// As the Pit has it.
fn runtime() -> anyhow::Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

fn start(runtime: &Runtime, fake: &Fake, api: Api) -> anyhow::Result<Arc<dyn Running>> {
    let mut options = EndpointOptions::new("bench", format!("http://{}", fake.address), api);
    options.model = Some("qwen2.5-coder".to_owned());
    Ok(runtime.block_on(Endpoint::new(options).start())?)
}

/// A cursor in the middle of a file.
fn question(lines: usize) -> bytes::Bytes {
    let before = "export const value = compute(1, 2, 3);\n".repeat(lines / 2);
    let text = format!("{before}const it = \n{before}");
    let question = InlineQuestion {
        document: "file:///a.ts",
        path: "src/a.ts",
        text: &text,
        offset: (before.len() + "const it = ".len()) as u32,
        tau: 0.0,
        candidates: 1,
        context_tokens: u32::MAX,
    };
    question.to_bytes()
}

fn first() -> anyhow::Result<Vec<Figure>> {
    let runtime = runtime()?;
    let mut figures = Vec::new();
    for (name, api) in [
        ("completions", Api::Completions),
        ("infill", Api::Infill),
        ("ollama", Api::Ollama),
    ] {
        let fake = Fake::start(api)?;
        let running = start(&runtime, &fake, api)?;
        let question = question(200);
        let answer = runtime.block_on(running.ask(question.clone()));
        let ghosts = Ghost::all_from(&answer.map_err(anyhow::Error::msg)?);
        ensure!(
            ghosts.first().is_some_and(|it| it.text == "1;"),
            "{ghosts:?}"
        );
        let ours = each(QUESTIONS, |_| {
            runtime.block_on(running.ask(question.clone()))
        });
        let request = fake.last_question();
        let mut socket = TcpStream::connect(fake.address)?;
        socket.set_nodelay(true)?;
        let plain = each(QUESTIONS, |_| raw(&mut socket, &request));
        figures.push(
            Figure::times(
                SERVICE,
                format!("{name}: to the first token, checked"),
                ours,
            )
            .beside("a raw socket", plain),
        );
        figures.push(
            Figure::value(
                SERVICE,
                format!("{name}: added"),
                "ns",
                ours.p50 - plain.p50,
            )
            .asked(Bound::AtMost(1e6)),
        );
    }
    Ok(figures)
}

/// The same question, by hand: until the first bytes of the body are there.
fn raw(socket: &mut TcpStream, request: &[u8]) -> anyhow::Result<()> {
    socket.write_all(request)?;
    let mut all = Vec::new();
    let mut part = [0; 4096];
    while !all.ends_with(endpoint::END) {
        let n_read = socket.read(&mut part)?;
        ensure!(n_read > 0, "the endpoint has closed the connection");
        all.extend_from_slice(&part[..n_read]);
    }
    Ok(())
}

fn cancel() -> anyhow::Result<Vec<Figure>> {
    let runtime = runtime()?;
    let fake = Fake::start_hanging(Api::Infill)?;
    let running = start(&runtime, &fake, Api::Infill)?;
    let mut times = Vec::new();
    for _ in 0..CANCELS {
        let cancelled = runtime.block_on(async {
            let asked = tokio::spawn({
                let running = Arc::clone(&running);
                async move { running.ask(question(20)).await }
            });
            while fake.began.try_recv().is_err() {
                tokio::time::sleep(Duration::from_micros(200)).await;
            }
            let cancelled = Instant::now();
            asked.abort();
            // Its end is when its connection is dropped.
            let _ = asked.await;
            cancelled
        });
        let closed = fake.closed.recv_timeout(Duration::from_secs(5));
        times.push(closed.context("the endpoint was not told")? - cancelled);
    }
    let sample = Sample::of(&times);
    Ok(vec![
        Figure::times(SERVICE, "cancelled until the endpoint hears of it", sample)
            .asked(Bound::AtMost(10e6)),
    ])
}
