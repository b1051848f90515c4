//! A bar that shows the server's `$/progress` until it ends.

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use symphony_tests::LspClient;

/// Shows all progress of the server; gives the message of its end.
pub(super) fn follow(client: &LspClient) -> Result<String> {
    let bar = ProgressBar::new(100);
    let template = "{msg:<40!} {bar:40.cyan/dim} {pos:>3} %  {elapsed}";
    bar.set_style(ProgressStyle::with_template(template)?);
    let mut title = String::new();
    let mut seen = 0;
    loop {
        let news: Vec<Value> = client.wait_for(|inbox| {
            let news: Vec<_> = inbox.notified("$/progress").skip(seen).cloned().collect();
            (!news.is_empty()).then_some(news)
        })?;
        seen += news.len();
        for value in news.iter().map(|it| &it["value"]) {
            let message = value["message"].as_str().unwrap_or_default();
            match value["kind"].as_str() {
                Some("begin") => title = value["title"].as_str().unwrap_or_default().to_owned(),
                Some("end") => {
                    bar.finish_and_clear();
                    return Ok(message.to_owned());
                }
                _ => {}
            }
            bar.set_message(format!("{title} {message}"));
            if let Some(percentage) = value["percentage"].as_u64() {
                bar.set_position(percentage);
            }
        }
    }
}
