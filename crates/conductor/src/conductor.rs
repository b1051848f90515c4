//! The handle: asks Python's thread and waits for as long as the deadline says, else decides by itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};

use crate::decision::WIDTH;
use crate::library::Failed;
use crate::shared::Shared;
use crate::thread::{Answer, Question, spawn};
use crate::{Decide, Decision, Fallback, Health, Options, Source, View, Why, validate};

/// Questions that wait while Python is at one. What does not fit is decided by the fallback, at once.
const MOST_WAITING: usize = 4;

/// Decides, in Python if it can. Cheap to ask from any thread; dropping it waits for nothing.
pub struct Conductor {
    questions: Sender<Question>,
    shared: Arc<Shared>,
    fallback: Fallback,
    deadline: Duration,
}

/// Why there is no answer of use, in kind and in words.
type NoAnswer = (Why, Option<String>);

impl Conductor {
    /// Starts looking for Python, on a thread of its own, and returns at once; until it is found the fallback decides. One
    /// Conductor in the life of a process gets a Python.
    #[must_use]
    pub fn start(options: Options) -> Self {
        let (sender, receiver) = bounded(MOST_WAITING);
        let shared = Arc::new(Shared::new(&options));
        let conductor = Self {
            questions: sender,
            shared: Arc::clone(&shared),
            fallback: Fallback::new(options.tau),
            deadline: options.deadline,
        };
        if let Err(reason) = spawn(options, Arc::clone(&shared), receiver) {
            shared.unavailable(reason);
        }
        conductor
    }

    /// One that never has a Python, for this reason; the fallback decides.
    #[must_use]
    pub fn without_python(reason: &str) -> Self {
        let options = Options::default();
        let (sender, _) = bounded(MOST_WAITING);
        let shared = Arc::new(Shared::new(&options));
        shared.unavailable(reason.to_owned());
        Self {
            questions: sender,
            shared,
            fallback: Fallback::new(options.tau),
            deadline: options.deadline,
        }
    }

    /// What is to be done about the question of `view`, and who says so. Returns within the deadline and what the system
    /// takes to wake a thread; what it returns passes [`validate`] if the ids in the view are distinct.
    pub fn decide(&self, view: &View) -> (Decision, Source) {
        let now = Instant::now();
        match self.ask(view, now) {
            Ok((decision, took)) => {
                self.shared.decided();
                (decision, Source::Python(took))
            }
            Err((why, words)) => {
                self.shared.fell_back(why, words, Instant::now());
                (self.fallback.decide(view), Source::Fallback(why))
            }
        }
    }

    /// How it is.
    #[must_use]
    pub fn health(&self) -> Health {
        self.shared.health(Instant::now())
    }

    /// Waits until Python is loaded or known not to be, at most so long; how it is then. For diagnostics and tests: nothing
    /// else has to wait.
    #[must_use]
    pub fn wait_until_loaded(&self, most: Duration) -> Health {
        self.shared.wait(most);
        self.health()
    }

    fn ask(&self, view: &View, now: Instant) -> Result<(Decision, Duration), NoAnswer> {
        if let Some(why) = self.shared.closed(now) {
            return Err((why, None));
        }
        let numbers = view.numbers().ok_or((Why::View, None))?;
        let (answer, slot) = bounded(1);
        let until = now + self.deadline;
        let question = Question {
            view: numbers,
            until,
            answer,
        };
        self.questions
            .try_send(question)
            .map_err(|error| match error {
                TrySendError::Full(_) => (Why::Busy, None),
                // The thread has ended, which it does only in a panic.
                TrySendError::Disconnected(_) => (Why::Unavailable, None),
            })?;
        let (numbers, took) = answer_of(&slot, until)?;
        let decision = Decision::from_numbers(&numbers).ok_or(crate::Nonsense::Form);
        let decision = decision.and_then(|it| validate(&it, view).map(|()| it));
        let decision = decision.map_err(|it| (Why::Nonsense, Some(it.to_string())))?;
        Ok((decision, took))
    }
}

fn answer_of(
    slot: &Receiver<Answer>,
    until: Instant,
) -> Result<([f64; WIDTH], Duration), NoAnswer> {
    match slot.recv_deadline(until) {
        Ok(Ok(decided)) => Ok(decided),
        Ok(Err(Failed::Raised(words))) => Err((Why::Raised, Some(words))),
        Ok(Err(Failed::Nonsense(words))) => Err((Why::Nonsense, Some(words))),
        // Disconnected: it came too late to Python's thread.
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err((Why::Late, None)),
    }
}

impl Decide for Conductor {
    fn decide(&self, view: &View) -> Decision {
        Conductor::decide(self, view).0
    }
}
