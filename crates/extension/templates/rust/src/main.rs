//! An extension of Symphony. `symphony ext run . hello '{"name": "you"}'` calls it.

use serde::Deserialize;
use symphony_extension::sdk::{Call, Failure, Server};

#[derive(Deserialize)]
struct Hello {
    name: String,
}

fn hello(call: &Call) -> Result<String, Failure> {
    let Hello { name } = call.params()?;
    Ok(format!("Hello, {name}!"))
}

/// Answers in parts, as fast as the host takes them.
fn count(call: &Call) -> Result<u32, Failure> {
    let to = call.params::<Option<u32>>()?.unwrap_or(3);
    for number in 0..to {
        call.send(&number)?;
    }
    Ok(to)
}

fn main() -> std::io::Result<()> {
    Server::new("{{name}}", "0.1.0")
        .method("hello", hello)
        .method("count", count)
        .serve()
}
