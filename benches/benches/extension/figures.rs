//! What a request costs beyond the two pipes, how many messages go through, and what a start takes.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use symphony_benches::{Bound, Figure, Sample, each};
use symphony_extension::Loaded;
use symphony_extension::host::{Extension, HostOptions, Launcher, Notices};
use symphony_extension::manifest::{Kind, Manifest};
use symphony_extension::template::{self, Language};
use symphony_extension::wire::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// What goes there and back: about a short request.
pub(super) const BYTES: usize = 64;

const TRIPS: usize = 50_000;
const MESSAGES: u32 = 500_000;
const IN_FLIGHT: usize = 64;
const STARTS: usize = 200;

const SERVICE: &str = "extension";
const MANIFEST: &str = r#"
name = "bench"
version = "1.0.0"
kind = "operator"
entry = ["program", "serve"]

[capabilities]
read = ["data", "/usr/share/dict"]
environment = ["HOME"]

[limits]
memory_mib = 256
open_files = 64
timeout_ms = 30000
"#;

type Figures = fn() -> anyhow::Result<Vec<Figure>>;
pub(super) const ALL: &[(&str, Figures)] = &[
    ("trip", trip),
    ("rate", rate),
    ("manifest", manifest),
    ("load", load),
];

struct Bench {
    _folder: TempDir,
    loaded: Loaded,
    options: HostOptions,
    runtime: Runtime,
}

impl Bench {
    fn new() -> anyhow::Result<Self> {
        let folder = TempDir::new()?;
        fs::write(folder.path().join("extension.toml"), MANIFEST)?;
        let program = std::env::current_exe()?;
        fs::copy(&program, folder.path().join("program"))?;
        let launcher = Launcher {
            program,
            arguments: vec!["launch".into()],
        };
        Ok(Self {
            loaded: Loaded::read(folder.path())?,
            _folder: folder,
            options: HostOptions::new(launcher, Notices::new(drop)),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()?,
        })
    }

    fn start(&self) -> anyhow::Result<Extension> {
        Ok(self
            .runtime
            .block_on(Extension::start(&self.loaded, &self.options))?)
    }
}

/// A process that gives back what it gets.
struct Pipe(Child);

impl Pipe {
    fn start() -> anyhow::Result<Self> {
        let child = Command::new(std::env::current_exe()?)
            .arg("pipe")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        Ok(Self(child))
    }

    fn echo(&mut self) -> std::io::Result<()> {
        let mut bytes = [7; BYTES];
        if let (Some(input), Some(output)) = (&mut self.0.stdin, &mut self.0.stdout) {
            input.write_all(&bytes)?;
            output.read_exact(&mut bytes)?;
        }
        Ok(())
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // Gone already is as good.
        let _ = self.0.wait();
    }
}

fn trip() -> anyhow::Result<Vec<Figure>> {
    let bench = Bench::new()?;
    let extension = bench.start()?;
    let value = Value::of(&"x".repeat(BYTES - 20))?;
    let mut figures = Vec::new();
    for method in ["quick", "threaded"] {
        let mut pipe = Pipe::start()?;
        // In turns, so that both meet the same machine.
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..TRIPS + TRIPS / 10 {
            let start = Instant::now();
            bench
                .runtime
                .block_on(extension.call(method, value.clone()))?;
            let our = start.elapsed();
            let start = Instant::now();
            pipe.echo()?;
            if round >= TRIPS / 10 {
                ours.push(our);
                theirs.push(start.elapsed());
            }
        }
        let (ours, theirs) = (Sample::of(&ours), Sample::of(&theirs));
        let name = format!("round trip, {method}");
        figures.push(Figure::times(SERVICE, &name, ours).beside("pipe", theirs));
        let p99 = Figure::value(SERVICE, format!("{name}, p99"), "ns", ours.p99);
        let p99 = p99.beside_value("pipe", theirs.p99);
        figures.push(p99.asked(Bound::AtMost(60_000.0)));
    }
    bench.runtime.block_on(extension.stop());
    Ok(figures)
}

fn per_second(n_messages: usize, time: Duration) -> f64 {
    n_messages as f64 / time.as_secs_f64()
}

fn rate() -> anyhow::Result<Vec<Figure>> {
    let bench = Bench::new()?;
    let extension = bench.start()?;
    let n_messages = usize::try_from(MESSAGES)?;
    let start = Instant::now();
    bench.runtime.block_on(async {
        let params = Value::of(&MESSAGES)?;
        let mut stream = extension.stream("count", params, 1024).await?;
        let mut n_parts = 0;
        while stream.next().await?.is_some() {
            n_parts += 1;
        }
        ensure!(n_parts == n_messages, "{n_parts} parts");
        anyhow::Ok(())
    })?;
    let parts = per_second(n_messages, start.elapsed());

    // Of a request there are two messages.
    let start = Instant::now();
    let value = Value::of("x")?;
    let each = n_messages / 2 / IN_FLIGHT;
    bench.runtime.block_on(async {
        let many = (0..IN_FLIGHT).map(|_| async {
            for _ in 0..each {
                extension.call("quick", value.clone()).await?;
            }
            anyhow::Ok(())
        });
        futures::future::try_join_all(many).await
    })?;
    let requests = per_second(2 * each * IN_FLIGHT, start.elapsed());
    bench.runtime.block_on(extension.stop());
    let asked = Bound::AtLeast(100_000.0);
    Ok(vec![
        Figure::value(SERVICE, "parts of a stream", "msg/s", parts).asked(asked),
        Figure::value(SERVICE, "requests and answers", "msg/s", requests).asked(asked),
    ])
}

fn manifest() -> anyhow::Result<Vec<Figure>> {
    let times = each(2_000, |_| Manifest::parse(MANIFEST).is_ok());
    ensure!(Manifest::parse(MANIFEST).is_ok(), "the manifest is wrong");
    let figure = Figure::times(SERVICE, "manifest", times);
    Ok(vec![figure.asked(Bound::AtMost(1e6))])
}

/// From a folder to an extension that answers.
fn load() -> anyhow::Result<Vec<Figure>> {
    let bench = Bench::new()?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let start = Instant::now();
        let loaded = Loaded::read(&bench.loaded.folder)?;
        let started = bench
            .runtime
            .block_on(Extension::start(&loaded, &bench.options));
        let extension = started.context("failed to start the extension")?;
        ours.push(start.elapsed());
        bench.runtime.block_on(extension.stop());
        let start = Instant::now();
        Pipe::start()?.echo()?;
        theirs.push(start.elapsed());
    }
    let figure = Figure::times(SERVICE, "load", Sample::of(&ours));
    let figure = figure.beside("a start and an echo", Sample::of(&theirs));
    let mut figures = vec![figure.asked(Bound::AtMost(100e6))];
    // One that has msgpack.
    if let Some(python) = std::env::var_os("SYMPHONY_PYTHON") {
        figures.push(load_python(bench, python.into())?);
    }
    Ok(figures)
}

/// The same for what `symphony ext new` writes, beside a bare start of Python.
fn load_python(bench: Bench, python: PathBuf) -> anyhow::Result<Figure> {
    let folder = bench.loaded.folder.join("python");
    let sdk = Path::new("");
    template::write(&folder, "bench", Kind::Addon, Language::Python, sdk)?;
    let options = HostOptions {
        python: Some(python.clone()),
        ..bench.options
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..STARTS / 4 {
        let start = Instant::now();
        let loaded = Loaded::read(&folder)?;
        let started = bench.runtime.block_on(Extension::start(&loaded, &options));
        let extension = started.context("failed to start the extension in Python")?;
        ours.push(start.elapsed());
        bench.runtime.block_on(extension.stop());
        let start = Instant::now();
        Command::new(&python).args(["-c", "pass"]).status()?;
        theirs.push(start.elapsed());
    }
    let figure = Figure::times(SERVICE, "load, Python", Sample::of(&ours));
    let figure = figure.beside("a start of Python", Sample::of(&theirs));
    Ok(figure.asked(Bound::AtMost(100e6)))
}
