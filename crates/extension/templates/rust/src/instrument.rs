//! An instrument of Symphony: it says what stands at the cursor.
//!
//! `symphony ext run . complete '{"prefix": "let a = 1;\nlet "}'` asks it.

use serde::{Deserialize, Serialize};
use symphony_extension::sdk::{Call, Failure, Server};

/// What is asked; there is more of it: see docs/protocol.md.
#[derive(Deserialize)]
struct Complete {
    prefix: String,
}

#[derive(Serialize)]
struct Completion {
    text: String,
    probability: f32,
}

/// The rest of the nearest line above that begins as the cursor's line does: your model goes here.
fn complete(call: &Call) -> Result<Vec<Completion>, Failure> {
    let Complete { prefix } = call.params()?;
    let (above, line) = prefix.rsplit_once('\n').unwrap_or(("", &prefix));
    let begun = line.trim_start();
    let rests = above.lines().rev().filter_map(|it| {
        let rest = it.trim().strip_prefix(begun)?;
        (!begun.is_empty() && !rest.is_empty()).then(|| rest.to_owned())
    });
    let completions = rests.take(1).map(|text| Completion {
        text,
        probability: 0.5,
    });
    Ok(completions.collect())
}

fn main() -> std::io::Result<()> {
    Server::new("{{name}}", "0.1.0")
        .method("complete", complete)
        .serve()
}
