//! Python's thread: loads it, then decides about one question after the other. It is never joined: a policy may not come
//! back, and neither an end of the process nor of the Conductor waits for it. Nothing here locks while Python runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};

use crate::Options;
use crate::decision::WIDTH;
use crate::library::Failed;
use crate::load::load;
use crate::shared::Shared;

/// Python code may nest as deep as it does in a thread of its own.
const STACK: usize = 16 << 20;

/// A view in flat form, and where its answer goes.
pub(crate) struct Question {
    pub(crate) view: Vec<f64>,
    /// After that nobody reads the answer.
    pub(crate) until: Instant,
    pub(crate) answer: Sender<Answer>,
}

/// The numbers of a decision, and how long that took.
pub(crate) type Answer = Result<([f64; WIDTH], Duration), Failed>;

/// Starts the thread; what failed if there can be none.
pub(crate) fn spawn(
    options: Options,
    shared: Arc<Shared>,
    questions: Receiver<Question>,
) -> Result<(), String> {
    let spawned = std::thread::Builder::new()
        .name("symphony-python".to_owned())
        .stack_size(STACK)
        .spawn(move || run(&options, &shared, &questions));
    spawned.map(drop).map_err(|error| error.to_string())
}

fn run(options: &Options, shared: &Shared, questions: &Receiver<Question>) {
    let mut library = match load(options) {
        Ok(loaded) => {
            shared.loaded(loaded.python, loaded.note);
            loaded.library
        }
        Err(error) => return shared.unavailable(error.to_string()),
    };
    for question in questions {
        let start = Instant::now();
        if start > question.until {
            continue;
        }
        shared.begins(start);
        let decided = library.decide(&question.view);
        let took = start.elapsed();
        shared.ends();
        // Whoever asked may have gone.
        let _ = question.answer.try_send(decided.map(|it| (it, took)));
    }
}
