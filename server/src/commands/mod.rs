//! The commands of the command line beside `lsp`: one file for each.

pub(crate) mod ext;
pub(crate) mod metrics;
pub(crate) mod pit;
pub(crate) mod quest;
pub(crate) mod store;

use std::io::{self, Write as _};

/// Writes to standard output, which is no protocol here. A reader that has gone ends the command without a word.
fn say(text: &str) -> anyhow::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}
