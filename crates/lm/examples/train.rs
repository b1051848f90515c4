//! Makes `weights.txt` anew from folders of TypeScript, each a project:
//! `cargo run -p symphony-lm --release --example train -- DIR... > weights.txt`
//!
//! One file in six is held out of each project's index; near-copies of indexed files are left out.
//! The weights learn from lines of the held-out files, the calibration from completions in them.

use rustc_hash::FxHashSet;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use symphony_lm::{Change, FileState, Manner, Model, Options, Query, Trainer, Weights};

/// Lines learned from in each held-out file, and places asked about.
const LINES: usize = 150;
const PLACES: usize = 40;
const EPOCHS: usize = 3;

struct Project {
    known: Vec<Change>,
    asked: Vec<(String, String)>,
}

/// A small generator of numbers that are random enough.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

fn main() -> std::io::Result<()> {
    let mut random = Random(1);
    let mut projects = Vec::new();
    for folder in std::env::args().skip(1) {
        projects.push(project(Path::new(&folder), &mut random)?);
    }
    let mut log = std::io::stderr();
    let mut trainer = Trainer::new(Weights::default());
    for epoch in 0..EPOCHS {
        let (mut count, mut bits) = (0, 0.0);
        for project in &projects {
            let model = model(project, trainer.weights());
            for (path, text) in &project.asked {
                let mut state = FileState::new();
                for line in lines(text, &mut random) {
                    let (n, b) = trainer.read(&model, &mut state, path, text, line);
                    (count, bits) = (count + n, bits + b);
                }
            }
        }
        writeln!(
            log,
            "epoch {epoch}: {count} tokens, {:.3} bits each",
            bits / count as f64
        )?;
    }
    let mut weights = trainer.weights().clone();
    let mut seen: [Vec<(f64, bool)>; 4] = Default::default();
    for project in &projects {
        let model = model(project, &weights);
        for (path, text) in &project.asked {
            ask(&model, path, text, &mut random, &mut seen);
        }
    }
    let manners = [
        Manner::LineEnd,
        Manner::LineEndInWord,
        Manner::Inside,
        Manner::InsideInWord,
    ];
    for (manner, seen) in manners.into_iter().zip(&seen) {
        let (slope, offset) = fit(seen);
        writeln!(
            log,
            "{manner:?}: {} answers, slope {slope:.2}, offset {offset:.2}",
            seen.len()
        )?;
        weights.calibrate(manner, slope as f32, offset as f32);
    }
    std::io::stdout().write_all(weights.to_text().as_bytes())
}

fn model(project: &Project, weights: &Weights) -> Model {
    let model = Model::new(Options {
        weights: Arc::new(weights.clone()),
        ..Options::default()
    });
    model.update(project.known.clone());
    model.merge();
    model
}

fn project(folder: &Path, random: &mut Random) -> std::io::Result<Project> {
    let mut files = Vec::new();
    read(folder, &mut files)?;
    files.sort();
    let (mut known, mut asked) = (Vec::new(), Vec::new());
    for (path, text) in files {
        if random.below(6) == 0 && text.len() > 400 && text.len() < 200_000 {
            asked.push((path, text));
        } else {
            known.push(Change {
                path: path.into(),
                text: Some(text.into()),
            });
        }
    }
    let seen: Vec<FxHashSet<&str>> = known
        .iter()
        .filter_map(|it| it.text.as_deref())
        .map(telling)
        .collect();
    asked.retain(|(_, text)| {
        let lines = telling(text);
        let limit = lines.len() / 2;
        lines.len() >= 8
            && seen
                .iter()
                .all(|it| it.intersection(&lines).count() <= limit)
    });
    Ok(Project { known, asked })
}

fn telling(text: &str) -> FxHashSet<&str> {
    let lines = text.lines().map(str::trim).filter(|line| line.len() >= 12);
    lines
        .filter(|line| !["import ", "//", "*"].iter().any(|it| line.starts_with(it)))
        .collect()
}

fn read(folder: &Path, files: &mut Vec<(String, String)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            if name != "node_modules" && !name.starts_with('.') {
                read(&path, files)?;
            }
            continue;
        }
        let source = [".ts", ".tsx", ".mts", ".js", ".jsx"]
            .iter()
            .any(|end| name.ends_with(end));
        if source && let Ok(text) = std::fs::read_to_string(&path) {
            files.push((path.to_string_lossy().into_owned(), text));
        }
    }
    Ok(())
}

/// Some lines of code, from their first to their last character.
fn lines(text: &str, random: &mut Random) -> Vec<std::ops::Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim();
        let from = start + line.len() - line.trim_start().len();
        start += line.len();
        if !body.is_empty()
            && !["//", "*", "/*", "import "]
                .iter()
                .any(|it| body.starts_with(it))
        {
            lines.push(from..from + body.len());
        }
    }
    while lines.len() > LINES {
        lines.swap_remove(random.below(lines.len()));
    }
    lines.sort_by_key(|line| line.start);
    lines
}

fn ask(
    model: &Model,
    path: &str,
    text: &str,
    random: &mut Random,
    seen: &mut [Vec<(f64, bool)>; 4],
) {
    let mut state = FileState::new();
    let word = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'$';
    for (i, line) in lines(text, random).into_iter().enumerate().take(PLACES * 2) {
        let bytes = &text.as_bytes()[line.clone()];
        let mut from = random.below(bytes.len());
        let mut to = bytes.len();
        if i % 2 == 1 {
            while from > 0 && word(bytes[from - 1]) {
                from -= 1;
            }
            to = from;
            while to < bytes.len() && word(bytes[to]) {
                to += 1;
            }
            from += if to > from + 1 {
                random.below(3).saturating_sub(1)
            } else {
                0
            };
        }
        let (from, to) = (line.start + from, line.start + to);
        if from >= to || !text.is_char_boundary(from) || !text.is_char_boundary(to) {
            continue;
        }
        let query = Query {
            path,
            before: &text[..from],
            after: &text[to..],
        };
        let Some(completion) = model.complete(&query, &mut state, &|| false) else {
            continue;
        };
        let truth = text[from..to].trim_end();
        for cut in &completion.cuts {
            let shown = completion.text[..cut.length].trim_end();
            let broken = shown.bytes().last().is_some_and(word)
                && truth.as_bytes().get(shown.len()).is_some_and(|c| word(*c));
            let right = !shown.is_empty() && truth.starts_with(shown) && !broken;
            seen[completion.manner as usize].push((cut.probability, right));
        }
    }
}

/// Slope and offset of the log odds that fit what was seen, by Newton's method.
fn fit(seen: &[(f64, bool)]) -> (f64, f64) {
    let (mut slope, mut offset) = (1.0, 0.0);
    for _ in 0..30 {
        // A little ridge keeps the slope near one where there is little to go by.
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (slope - 1.0, offset, 1.0, 0.0, 1.0);
        for (raw, right) in seen {
            let raw = raw.clamp(1e-9, 1.0 - 1e-6);
            let x = (raw / (1.0 - raw)).ln();
            let p = 1.0 / (1.0 + (-(slope * x + offset)).exp());
            let (error, curve) = (p - f64::from(u8::from(*right)), p * (1.0 - p));
            ga += error * x;
            gb += error;
            haa += curve * x * x;
            hab += curve * x;
            hbb += curve;
        }
        let determinant: f64 = haa * hbb - hab * hab;
        slope -= (hbb * ga - hab * gb) / determinant;
        offset -= (haa * gb - hab * ga) / determinant;
    }
    (slope, offset)
}
