//! The Pit of this process: how large it is, and where it keeps things.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use anyhow::Context as _;
use symphony_pit::store::{Options, SharedOptions, Store};
use symphony_pit::{Instrument, Pit, Settings, Spec};
use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};

/// Summaries are decoded once and then live in the database: few bytes are worth keeping in memory as well.
const MEMORY_BYTES: u64 = 8 << 20;

/// Starts the Pit, with its store in `cache`; without a directory, what is kept is forgotten at the end, but for what is
/// shared with other machines.
///
/// # Errors
///
/// When the system gives no more threads.
pub(crate) fn start(
    cache: Option<PathBuf>,
    shared: Option<SharedOptions>,
    instruments: Vec<(Spec, Arc<dyn Instrument>)>,
) -> anyhow::Result<Pit> {
    let store = Options {
        shared,
        ..store_options(cache)
    };
    let settings = Settings {
        store: Store::open(store),
        background_threads: thread::available_parallelism().map_or(2, usize::from),
        in_background: yield_to_requests,
        instruments,
        ..Settings::default()
    };
    Pit::start(settings).context("failed to start the threads of the Pit")
}

/// How the store in a cache directory is opened.
pub(crate) fn store_options(cache: Option<PathBuf>) -> Options {
    match cache {
        Some(dir) => Options {
            memory_bytes: MEMORY_BYTES,
            ..Options::in_dir(dir.join("store"))
        },
        None => Options::in_memory(MEMORY_BYTES),
    }
}

/// Requests come first: a background thread takes what they leave, and of a busy machine a tenth of a core (a niceness of
/// about 10 on Unix; at the lowest priority a build beside the editor holds up the index for minutes).
pub(crate) fn yield_to_requests() {
    let low = ThreadPriorityValue::try_from(25_u8).map(ThreadPriority::Crossplatform);
    let set = low.map(set_current_thread_priority);
    if !matches!(set, Ok(Ok(()))) {
        tracing::debug!(?set, "background threads keep their priority");
    }
}
