//! Requests for tests and bug reports.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use symphony_db::RootDatabase;
use tower_lsp::jsonrpc::Error;

use crate::global_state::GlobalState;
use crate::lsp::ext::{DocumentTextParams, SleepParams};
use crate::snapshot::Snapshot;
use crate::task::HandlerResult;

/// Whether the requests that only tests need are offered.
pub(crate) fn enabled() -> bool {
    std::env::var_os("SYMPHONY_TEST").is_some_and(|value| value == "1")
}

pub(crate) fn text(state: &mut GlobalState, params: DocumentTextParams) -> HandlerResult<Value> {
    let file = state.file(&params.text_document.uri);
    let document = state
        .documents
        .get(&file)
        .ok_or_else(|| Error::invalid_params("not open"))?;
    Ok(json!({ "version": document.version, "text": document.text.to_string() }))
}

/// Takes its time, holding no handle of the database, until the time is up or nobody waits any more.
pub(crate) fn sleep(
    db: RootDatabase,
    snapshot: &Snapshot,
    params: &SleepParams,
) -> HandlerResult<()> {
    drop(db);
    let until = Instant::now() + Duration::from_millis(params.ms);
    while Instant::now() < until && !snapshot.cancel.is_cancelled() {
        std::thread::park_timeout(Duration::from_millis(1));
    }
    Ok(())
}
