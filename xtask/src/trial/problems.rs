//! The errors of the open files and the hints about their names, as pull diagnostics give them.

use anyhow::Result;
use console::style;
use serde_json::Value;
use symphony_tests::LspClient;

use super::screen::Screen;
use super::{Opened, median, timed};

/// Rows shown at most; the line below counts them all.
const SHOWN: usize = 10;
/// The protocol's number of what is wrong.
const ERROR: u64 = 1;

/// Asks for the diagnostics of each open file and shows the first of them.
pub(super) fn show(client: &mut LspClient, opened: &[Opened], screen: &mut Screen) -> Result<()> {
    screen.heading("Problems", "errors and hints in the open files")?;
    let mut rows = Vec::new();
    let mut times = Vec::new();
    let (mut n_errors, mut n_broken) = (0, 0);
    for file in opened {
        let params = file.document.id_params();
        let (report, took) = timed(client, "textDocument/diagnostic", params)?;
        times.push(took);
        let items = report["items"].as_array().map_or(&[][..], Vec::as_slice);
        let errors = items.iter().filter(|it| it["severity"] == ERROR).count();
        n_errors += errors;
        n_broken += usize::from(errors > 0);
        rows.extend(items.iter().map(|item| row(file, item)));
    }
    let width = rows
        .iter()
        .map(|(place, _)| place.len())
        .max()
        .unwrap_or_default();
    for (place, message) in rows.iter().take(SHOWN) {
        screen.line(&format!(
            "{}  {message}",
            style(format!("{place:<width$}")).yellow()
        ))?;
    }
    screen.good(&format!(
        "{n_errors} error{} in {n_broken} of {} open files, hints {}, median {:.2} ms a file",
        if n_errors == 1 { "" } else { "s" },
        opened.len(),
        rows.len() - n_errors,
        median(&times)
    ))
}

fn row(file: &Opened, item: &Value) -> (String, String) {
    let start = &item["range"]["start"];
    let number = |name: &str| start[name].as_u64().unwrap_or_default() + 1;
    let place = format!("{}:{}:{}", file.name, number("line"), number("character"));
    let message = item["message"].as_str().unwrap_or_default();
    (place, message.lines().next().unwrap_or_default().to_owned())
}
