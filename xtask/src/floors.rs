//! The quality that CI holds: agreement with TypeScript and the worth of inline completions, on a small sample.
//!
//! The yardsticks are programs of their own, beside the checkout or where `SYMPHONY_YARDSTICKS` says; without them the
//! step is skipped. `tests/floors.toml` has the least figure of each kind. It may only rise: a figure well above its
//! floor is pointed out, so that somebody raises it.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use console::Term;
use serde::Deserialize;
use serde_json::Value;

/// The corpus of the sample: small, and of ordinary style.
const CORPUS: &str = "query-core";
const FEATURES: &str = "documentSymbol,foldingRange,selectionRange,highlights,definition,references,rename,\
     callHierarchy,completion,autoImport,organizeImports";
/// A figure so far above its floor (in points) is pointed out.
const SLACK: f64 = 2.0;

/// The committed floors, in percent, by figure.
#[derive(Deserialize)]
struct Floors {
    agreement: BTreeMap<String, f64>,
    completion: BTreeMap<String, f64>,
}

/// Where the yardsticks are, if they are anywhere.
pub(crate) fn yardsticks(root: &Path) -> Option<PathBuf> {
    let folder =
        env::var_os("SYMPHONY_YARDSTICKS").map_or_else(|| root.join("../shared"), PathBuf::from);
    folder.join("oracle/agree.py").is_file().then_some(folder)
}

/// Measures `binary` and compares the figures with the floors.
pub(crate) fn run(root: &Path, yardsticks: &Path, binary: &Path) -> Result<()> {
    let path = root.join("tests/floors.toml");
    let text =
        fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let floors: Floors = toml::from_str(&text)
        .with_context(|| format!("{} is no list of floors", path.display()))?;
    let work = root.join("target/yardsticks");
    let oracle = set_up(yardsticks, &work)?;
    let server = format!("{} lsp", binary.display());
    let mut low = compare(
        "agreement",
        &floors.agreement,
        &agreement(&oracle, &work, &server)?,
    )?;
    low.extend(compare(
        "completion",
        &floors.completion,
        &completion(yardsticks, &oracle, &work, &server)?,
    )?);
    ensure!(
        low.is_empty(),
        "below the floors of tests/floors.toml: {}",
        low.join(", ")
    );
    Ok(())
}

/// A copy of the oracle with its packages and corpora: the original may be read-only.
fn set_up(yardsticks: &Path, work: &Path) -> Result<PathBuf> {
    let oracle = work.join("oracle");
    if !work.join(CORPUS).is_dir() {
        copy(&yardsticks.join("oracle"), &oracle)?;
        succeed(Command::new("sh").arg(oracle.join("setup.sh")).arg(work))?;
    }
    Ok(oracle)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("failed to make {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("failed to read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if entry.file_name() != "node_modules" {
                copy(&entry.path(), &target)?;
            }
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("failed to write {}", target.display()))?;
        }
    }
    Ok(())
}

/// The mean agreement of each feature.
fn agreement(oracle: &Path, work: &Path, server: &str) -> Result<BTreeMap<String, f64>> {
    let (rows, result) = (work.join("rows.jsonl"), work.join("agreement.json"));
    if !rows.is_file() {
        let mut ask = Command::new("node");
        ask.current_dir(oracle)
            .arg("oracle.mjs")
            .arg("--root")
            .arg(work.join(CORPUS));
        succeed(ask.arg("--out").arg(&rows))?;
    }
    let mut agree = Command::new("python3");
    agree
        .arg(oracle.join("agree.py"))
        .args(["--server", server, "--only", FEATURES]);
    succeed(agree.arg("--json").arg(&result).arg(&rows))?;
    let result = read_json(&result)?;
    let summary = result["summary"]
        .as_object()
        .context("the oracle gave no summary")?;
    let mean = |value: &Value| value["mean"].as_f64().map(|mean| mean * 100.0);
    Ok(summary
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), mean(value)?)))
        .collect())
}

/// The figures of completions in the middle of a file.
fn completion(
    yardsticks: &Path,
    oracle: &Path,
    work: &Path,
    server: &str,
) -> Result<BTreeMap<String, f64>> {
    let result = work.join("completion.json");
    let mut eval = Command::new("python3");
    eval.arg(yardsticks.join("completion-eval/completion_eval.py"))
        .args([
            "--server",
            server,
            "--corpus",
            CORPUS,
            "--variants",
            "middle",
        ])
        .args([
            "--n",
            "100",
            "--segments",
            "6",
            "--judge",
            "0",
            "--seed",
            "1",
        ])
        .arg("--oracle")
        .arg(oracle)
        .arg("--work")
        .arg(work)
        .arg("--json")
        .arg(&result);
    succeed(&mut eval)?;
    let result = read_json(&result)?;
    let mut figures = BTreeMap::new();
    for row in result["single"].as_array().into_iter().flatten() {
        if row[0][2] == "server" {
            let kind = row[0][0].as_str().unwrap_or_default();
            for figure in ["exact", "right", "p40"] {
                if let Some(value) = row[1][figure].as_f64() {
                    figures.insert(format!("{kind}-{figure}"), value);
                }
            }
        }
    }
    for row in result["typing"].as_array().into_iter().flatten() {
        if row[0][1] == "server" {
            if let Some(value) = row[1]["saved"].as_f64() {
                figures.insert("type-saved".into(), value);
            }
            if let Some(value) = row[1]["flicker"].as_f64() {
                figures.insert("type-steady".into(), 100.0 - value);
            }
        }
    }
    Ok(figures)
}

/// What is below its floor. Every floor must have been measured.
fn compare(
    of: &str,
    floors: &BTreeMap<String, f64>,
    found: &BTreeMap<String, f64>,
) -> Result<Vec<String>> {
    let terminal = Term::stdout();
    let mut low = Vec::new();
    for (name, &floor) in floors {
        let Some(&value) = found.get(name) else {
            bail!("{of}: {name} was not measured")
        };
        let note = if value < floor {
            low.push(format!("{name} {value:.1} < {floor:.1}"));
            "below"
        } else if value > floor + SLACK {
            "raise the floor"
        } else {
            ""
        };
        terminal.write_line(&format!(
            "{of:<12}{name:<18}{value:>6.1}  floor {floor:>6.1}  {note}"
        ))?;
    }
    Ok(low)
}

fn read_json(path: &Path) -> Result<Value> {
    let text =
        fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
}

fn succeed(command: &mut Command) -> Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("failed to start {command:?}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{command:?} failed: {}",
        errors.trim_end()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_below_its_floor_is_told() {
        let of = |values: &[(&str, f64)]| {
            values
                .iter()
                .map(|&(name, value)| (name.into(), value))
                .collect()
        };
        let floors: BTreeMap<String, f64> = of(&[("a", 90.0), ("b", 50.0)]);
        assert_eq!(
            compare("x", &floors, &of(&[("a", 89.9), ("b", 50.0)])).unwrap(),
            ["a 89.9 < 90.0"]
        );
        assert!(compare("x", &floors, &of(&[("a", 95.0)])).is_err());
    }

    #[test]
    fn the_committed_floors_can_be_read() {
        let text = fs::read_to_string(crate::workspace_root().join("tests/floors.toml")).unwrap();
        let floors: Floors = toml::from_str(&text).unwrap();
        assert!(floors.agreement.len() >= 4 && floors.completion.len() >= 4);
    }
}
