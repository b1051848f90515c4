//! The symbols of one open file, as a tree.

use anyhow::Result;
use console::style;
use serde_json::Value;
use symphony_tests::LspClient;

use super::screen::Screen;
use super::{Opened, median, timed};

/// Rows that fit on a screen together with the rest.
const ROWS: usize = 24;

/// Names of the protocol's symbol kinds, from 1.
const KINDS: &[&str] = &[
    "file",
    "module",
    "namespace",
    "package",
    "class",
    "method",
    "property",
    "field",
    "constructor",
    "enum",
    "interface",
    "function",
    "variable",
    "constant",
    "string",
    "number",
    "boolean",
    "array",
    "object",
    "key",
    "null",
    "member",
    "struct",
    "event",
    "operator",
    "type",
];

/// Asks for the symbols of every open file and shows those of one that has a good number of them.
pub(super) fn show(client: &mut LspClient, opened: &[Opened], screen: &mut Screen) -> Result<()> {
    let mut outlines = Vec::new();
    let mut times = Vec::new();
    for file in opened {
        let params = file.document.id_params();
        let (symbols, took) = timed(client, "textDocument/documentSymbol", params)?;
        times.push(took);
        let mut rows = Vec::new();
        flatten(&symbols, "", &mut rows);
        outlines.push((file, rows));
    }
    let fitting = outlines.iter().filter(|(_, rows)| rows.len() <= ROWS);
    let best = fitting
        .max_by_key(|(_, rows)| rows.len())
        .or(outlines.first());
    let Some((file, rows)) = best else {
        return Ok(());
    };
    screen.heading("Outline", &file.name)?;
    for (branch, name, kind, line) in rows.iter().take(ROWS) {
        let (branch, kind) = (style(branch).dim(), style(kind).magenta());
        screen.line(&format!(
            "{branch}{} {kind} {}",
            style(name).bold(),
            style(line).dim()
        ))?;
    }
    let n_symbols: usize = outlines.iter().map(|(_, rows)| rows.len()).sum();
    screen.good(&format!(
        "{n_symbols} symbols in {} open files, median {:.2} ms a file",
        opened.len(),
        median(&times)
    ))
}

type Row = (String, String, &'static str, u64);

fn flatten(symbols: &Value, indent: &str, rows: &mut Vec<Row>) {
    let symbols = symbols.as_array().map_or(&[][..], Vec::as_slice);
    for (index, symbol) in symbols.iter().enumerate() {
        let last = index + 1 == symbols.len();
        let (branch, below) = if last {
            ("\u{2514} ", "  ")
        } else {
            ("\u{251c} ", "\u{2502} ")
        };
        let name = symbol["name"].as_str().unwrap_or_default().to_owned();
        let kind = symbol["kind"]
            .as_u64()
            .and_then(|it| usize::try_from(it).ok());
        let kind = kind
            .and_then(|it| KINDS.get(it.wrapping_sub(1)))
            .copied()
            .unwrap_or("");
        let line = symbol["selectionRange"]["start"]["line"]
            .as_u64()
            .unwrap_or_default()
            + 1;
        rows.push((format!("{indent}{branch}"), name, kind, line));
        flatten(&symbol["children"], &format!("{indent}{below}"), rows);
    }
}
