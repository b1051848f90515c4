//! The embedded model in this process and as an extension, a process of its own behind the protocol of all others: what an answer
//! takes more, and what it takes in memory. Both have learned the same folder: `SYMPHONY_BENCH_CORPUS`, or this repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};
use symphony_assist::inline::{InlineCompleter, Policy, Request};
use symphony_benches::{Figure, Sample};
use symphony_extension::Loaded;
use symphony_extension::host::{Extension, HostOptions, Launcher, Notices};
use symphony_extension::sdk::Server;
use symphony_lm::{Change, Model, Options};
use symphony_syntax::Language;

use crate::{SERVICE, runtime};

const QUESTIONS: usize = 400;
/// Texts that are asked about have at least this many lines.
const LINES: usize = 100;

#[derive(Debug, Serialize, Deserialize)]
struct Complete {
    path: String,
    prefix: String,
    suffix: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Learned {
    documents: usize,
    process: u32,
}

/// The extension: learns a folder, and completes.
pub(super) fn serve() -> std::io::Result<()> {
    let completer = std::sync::Arc::new(InlineCompleter::new(Model::new(Options::default())));
    let learner = std::sync::Arc::clone(&completer);
    Server::new("bench", "1.0.0")
        .method("learn", move |call| {
            let folder: PathBuf = call.params()?;
            Ok(learn(&learner, texts(&folder)?))
        })
        .method("complete", move |call| {
            Ok(complete(&completer, &call.params::<Complete>()?))
        })
        .serve()
}

fn learn(completer: &InlineCompleter, texts: Vec<(String, String)>) -> Learned {
    let changes = texts.into_iter().map(|(path, text)| Change {
        path: path.into(),
        text: Some(text.into()),
    });
    completer.model().update(changes.collect());
    completer.model().merge();
    Learned {
        documents: completer.model().stats().documents,
        process: std::process::id(),
    }
}

fn complete(completer: &InlineCompleter, question: &Complete) -> Vec<String> {
    let text = format!("{}{}", question.prefix, question.suffix);
    let request = Request {
        document: &question.path,
        path: &question.path,
        text: &text,
        offset: question.prefix.len(),
        policy: Policy::default(),
    };
    let suggestions = completer.complete(&request, &|| false);
    suggestions.into_iter().map(|it| it.insert_text).collect()
}

/// The sources of a folder, by their paths, in their order.
fn texts(folder: &Path) -> std::io::Result<Vec<(String, String)>> {
    let (mut folders, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() {
                let is_ours = !["node_modules", "target", ".git"]
                    .iter()
                    .any(|it| name == *it);
                folders.extend(is_ours.then_some(path));
            } else if Language::from_path(&path).is_some()
                && let Ok(text) = fs::read_to_string(&path)
            {
                found.push((path.to_string_lossy().into_owned(), text));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What a process has in memory, on Linux.
fn resident(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().split(' ').next()?.parse().ok()?;
    Some(kilobytes << 10)
}

/// Places in the middle of lines, all over the folder.
fn questions(texts: &[(String, String)]) -> Vec<Complete> {
    let long: Vec<_> = texts
        .iter()
        .filter(|it| it.1.lines().count() >= LINES)
        .collect();
    let question = |nth: usize| {
        // Strides that no period of the folder divides.
        let (path, text) = long[nth * 613 % long.len()];
        let lines = text.match_indices('\n').map(|it| it.0);
        let starts: Vec<usize> = lines.collect();
        let at = starts[nth * 389 % starts.len()] + 1;
        let line = text[at..].lines().next().unwrap_or_default();
        let middle = line.floor_char_boundary(line.len() / 2);
        let (prefix, suffix) = text.split_at(at + middle);
        Complete {
            path: path.clone(),
            prefix: prefix.to_owned(),
            suffix: suffix.to_owned(),
        }
    };
    match long.is_empty() {
        true => Vec::new(),
        false => (0..QUESTIONS).map(question).collect(),
    }
}

pub(super) fn local() -> anyhow::Result<Vec<Figure>> {
    let corpus = std::env::var_os("SYMPHONY_BENCH_CORPUS").map(PathBuf::from);
    let here = || Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let corpus = fs::canonicalize(corpus.unwrap_or_else(here))?;
    let runtime = runtime()?;
    let folder = extension(&corpus)?;
    let launcher = Launcher {
        program: std::env::current_exe()?,
        arguments: vec!["launch".into()],
    };
    let options = HostOptions::new(launcher, Notices::new(drop));
    let before = resident(std::process::id());
    let began = Instant::now();
    let texts = texts(&corpus)?;
    let questions = questions(&texts);
    ensure!(
        !questions.is_empty(),
        "no long texts in {}",
        corpus.display()
    );
    let began_learning = Instant::now();
    let completer = InlineCompleter::new(Model::new(Options::default()));
    let here = learn(&completer, texts);
    let (all, learning) = (began.elapsed(), began_learning.elapsed());
    let after = resident(here.process);
    let loaded = Loaded::read(folder.path())?;
    let extension = runtime.block_on(Extension::start(&loaded, &options))?;
    let there = runtime.block_on(extension.call_with::<Learned>("learn", &corpus))?;
    ensure!(here.documents == there.documents, "{here:?}, {there:?}");
    let [ours, theirs] = ask(&completer, &questions, |question| {
        Ok(runtime.block_on(extension.call_with("complete", question))?)
    })?;
    let process = resident(there.process);
    runtime.block_on(extension.stop());
    let added = theirs.p50 - ours.p50;
    let name = format!("local: {} documents", here.documents);
    let mut figures = vec![
        Figure::times(SERVICE, format!("{name}, as a process"), theirs)
            .beside("in this process", ours),
        Figure::value(SERVICE, format!("{name}: added by a process"), "ns", added),
        Figure::value(
            SERVICE,
            format!("{name}: read and learned"),
            "ms",
            millis(all),
        )
        .beside_value("learned from what is read", millis(learning)),
    ];
    if let (Some(before), Some(after), Some(process)) = (before, after, process) {
        let name = format!("{name}: memory of a process");
        let more = after.saturating_sub(before);
        let figure = Figure::value(SERVICE, name, "B", process as f64);
        figures.push(figure.beside_value("more in this process", more as f64));
    }
    Ok(figures)
}

/// Each question here and there by turns: what either takes. They have to agree.
fn ask(
    completer: &InlineCompleter,
    questions: &[Complete],
    elsewhere: impl Fn(&Complete) -> anyhow::Result<Vec<String>>,
) -> anyhow::Result<[Sample; 2]> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for question in questions {
        let began = Instant::now();
        let here = complete(completer, question);
        ours.push(began.elapsed());
        let began = Instant::now();
        let there = elsewhere(question)?;
        theirs.push(began.elapsed());
        ensure!(here == there, "{}: {here:?}, {there:?}", question.path);
    }
    Ok([Sample::of(&ours), Sample::of(&theirs)])
}

/// This program as an extension that may read the corpus.
fn extension(corpus: &Path) -> anyhow::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let program = std::env::current_exe()?;
    let corpus = corpus.to_str().context("the corpus has no name in UTF-8")?;
    let manifest = format!(
        "name = \"bench\"\nversion = \"1.0.0\"\nkind = \"instrument\"\nentry = [\"program\", \"serve\"]\n\
         [capabilities]\nread = [{corpus:?}]\n[limits]\nmemory_mib = 8192\ntimeout_ms = 600000\n"
    );
    fs::write(folder.path().join("extension.toml"), manifest)?;
    fs::copy(program, folder.path().join("program"))?;
    Ok(folder)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
