//! The Conductor with the package's policy: `cargo xtask bench conductor`. A decision on Python's own thread, the way there and
//! back, what the fallback takes, and a vote. Needs a Python from 3.10 on; views and answers are those of the package's vectors.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use symphony_arbitration_engine::{Candidate, choose};
use symphony_benches::{Arguments, Bound, Figure, Sample, rounds};
use symphony_conductor::{Conductor, Decide as _, Fallback, Options, Source, State, View};

#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
#[cfg(not(unix))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SERVICE: &str = "conductor";
const DECISIONS: usize = 100_000;
/// As many as find room while one is decided about.
const ASKERS: usize = 4;
/// What an answer may take before the fallback is asked; here only counted.
const DEADLINE: Duration = Duration::from_millis(1);
/// So that a machine with other work loses no answer.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::of_process();
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../python-models/src");
    let views = views(&package)?;
    let mut all = Vec::new();
    if arguments.wants("fallback") {
        all.push(fallback(&views));
    }
    if arguments.wants("circle") {
        all.push(circle());
    }
    let single: Vec<_> = views
        .iter()
        .filter(|it| it.instruments.len() == 1)
        .collect();
    let parts = [
        ("one", "one instrument", single),
        ("several", "up to eight", views.iter().collect()),
    ];
    if parts.iter().any(|(part, ..)| arguments.wants(part)) {
        let (conductor, start) = python(package)?;
        all.push(start);
        for (part, what, views) in parts {
            if arguments.wants(part) {
                all.extend(decisions(&conductor, what, &views)?);
                all.push(awake(&conductor, what, &views));
            }
        }
    }
    arguments.show(&all);
    arguments.write(&all)
}

/// Those of the vectors that are views.
fn views(package: &Path) -> anyhow::Result<Vec<View>> {
    let text = fs::read(package.join("conductor/vectors.json"))?;
    let vectors: serde_json::Value = serde_json::from_slice(&text)?;
    let cases = vectors["cases"].as_array().context("no cases")?;
    let flat = cases.iter().filter_map(|it| {
        let numbers = it["view"].as_array()?.iter();
        numbers.map(serde_json::Value::as_f64).collect()
    });
    Ok(flat
        .filter_map(|it: Vec<f64>| View::from_numbers(&it))
        .collect())
}

fn fallback(views: &[View]) -> Figure {
    let policy = Fallback::default();
    let times = rounds(1000, 100, |index| {
        policy.decide(&views[index % views.len()])
    });
    let name = format!("fallback (n {})", times.n);
    Figure::times(SERVICE, name, times)
}

/// Of eight answers, each by an instrument of its own, some of them equal.
fn circle() -> Figure {
    let texts = ["items.push(item)", "items.add(item)", "items"];
    let candidate = |at: usize| Candidate {
        text: texts[at * at % texts.len()],
        instrument: at as u8,
        parses: Some(true),
        resolves: [Some(true), None][at % 2],
        probability: Some(0.1 + 0.1 * at as f64),
        quality: 0.5,
        latency_ms: 10.0 * at as f64,
    };
    let mut circles: Vec<Vec<_>> = (0..64).map(|_| (0..8).map(candidate).collect()).collect();
    // So that none is decided as the one before.
    for (at, it) in circles.iter_mut().enumerate() {
        it.rotate_left(at % 8);
        it[at % 7].probability = Some(at as f64 / 64.0);
    }
    let times = rounds(1000, 100, |index| {
        choose(&circles[index % circles.len()], 100.0, 1)
    });
    let name = format!("circle of 8 (n {})", times.n);
    Figure::times(SERVICE, name, times).asked(Bound::AtMost(1_000_000.0))
}

/// A Conductor that has its Python, and how long that took.
fn python(package: PathBuf) -> anyhow::Result<(Conductor, Figure)> {
    let start = Instant::now();
    let conductor = Conductor::start(Options {
        package: Some(package),
        deadline: PATIENCE,
        stuck_after: PATIENCE,
        ..Options::default()
    });
    let health = conductor.wait_until_loaded(PATIENCE);
    let took = start.elapsed().as_secs_f64() * 1000.0;
    ensure!(health.state == State::Ready, "no Python: {health:?}");
    let python = health.python.unwrap_or_default();
    let name = format!("{python}: start (n 1)");
    Ok((conductor, Figure::value(SERVICE, name, "ms", took)))
}

/// Inside Python's thread while others wait, so that it does not go to sleep: what a decision costs, without waking up cold.
fn awake(conductor: &Conductor, what: &str, views: &[&View]) -> Figure {
    let ask = || {
        let sources = (0..DECISIONS / ASKERS).map(|it| conductor.decide(views[it % views.len()]).1);
        let times = sources.filter_map(|it| match it {
            Source::Python(took) => Some(took),
            Source::Fallback(_) => None,
        });
        times.collect::<Vec<_>>()
    };
    let times: Vec<Duration> = std::thread::scope(|scope| {
        let askers: Vec<_> = (0..ASKERS).map(|_| scope.spawn(ask)).collect();
        askers
            .into_iter()
            .flat_map(|it| it.join().unwrap_or_default())
            .collect()
    });
    let times = Sample::of(&times);
    let name = format!("{what}: awake (n {})", times.n);
    Figure::times(SERVICE, name, times)
}

/// Inside Python's thread, and there and back as one sees it who asks.
fn decisions(conductor: &Conductor, what: &str, views: &[&View]) -> anyhow::Result<Vec<Figure>> {
    let (mut inside, mut trips) = (Vec::new(), Vec::new());
    for index in 0..DECISIONS + DECISIONS / 10 {
        let start = Instant::now();
        let (_, source) = conductor.decide(views[index % views.len()]);
        let trip = start.elapsed();
        let Source::Python(took) = source else {
            anyhow::bail!("{source:?}: {:?}", conductor.health());
        };
        // The first tenth warms up.
        if index >= DECISIONS / 10 {
            inside.push(took);
            trips.push(trip);
        }
    }
    let in_time = trips.iter().filter(|it| **it <= DEADLINE).count();
    let in_time = 100.0 * in_time as f64 / trips.len() as f64;
    let (inside, trips) = (Sample::of(&inside), Sample::of(&trips));
    let p99 = Figure::value(SERVICE, format!("{what}: decision, p99"), "ns", inside.p99);
    let n = inside.n;
    Ok(vec![
        Figure::times(SERVICE, format!("{what}: decision (n {n})"), inside)
            .asked(Bound::AtMost(2_000.0)),
        p99.asked(Bound::AtMost(50_000.0)),
        Figure::times(SERVICE, format!("{what}: trip (n {n})"), trips),
        Figure::value(SERVICE, format!("{what}: within 1 ms"), "%", in_time),
    ])
}
