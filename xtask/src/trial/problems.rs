//! The syntax errors of the open files, as pull diagnostics give them.

use anyhow::Result;
use console::style;
use serde_json::Value;
use symphony_tests::LspClient;

use super::screen::Screen;
use super::{Opened, median, timed};

/// Errors shown at most; the line below counts them all.
const SHOWN: usize = 10;

/// Asks for the diagnostics of each open file and shows the first of them.
pub(super) fn show(client: &mut LspClient, opened: &[Opened], screen: &mut Screen) -> Result<()> {
    screen.heading("Problems", "syntax errors of the open files")?;
    let mut rows = Vec::new();
    let mut times = Vec::new();
    let mut n_broken = 0;
    for file in opened {
        let params = file.document.id_params();
        let (report, took) = timed(client, "textDocument/diagnostic", params)?;
        times.push(took);
        let items = report["items"].as_array().map_or(&[][..], Vec::as_slice);
        n_broken += usize::from(!items.is_empty());
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
        "{} error{} in {n_broken} of {} open files, median {:.2} ms a file",
        rows.len(),
        if rows.len() == 1 { "" } else { "s" },
        opened.len(),
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
