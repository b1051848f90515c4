//! Inline completion: grey text after the cursor.
//!
//! Asks the model about the text around the cursor, shows what is probable enough, and keeps what
//! was shown while the user types it. One `InlineCompleter` serves all documents.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use symphony_lm::{Completion, FileState, Manner, Model, Query};

/// What is kept of a document may take two bytes for each byte of the workspace: few are kept.
const MOST_DOCUMENTS: usize = 3;

/// What is shown.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Policy {
    /// The least probability of a suggestion.
    pub least: f64,
    /// The least probability of a suggestion whose last token, such as an operator, wants another.
    pub least_dangling: f64,
    /// The least probability of a suggestion within a line.
    pub least_inside: f64,
    /// A suggestion has at least this many characters.
    pub shortest: usize,
}

impl Policy {
    /// The policy that shows what is at least as probable as `tau`, 0 to 1.
    ///
    /// Within a line there is less to get wrong, and an end that wants more is wrong more often than its probability
    /// says; both factors were measured at the default.
    pub fn with_tau(tau: f64) -> Policy {
        Policy {
            least: tau,
            least_dangling: tau.max(0.8),
            least_inside: tau * 0.6,
            shortest: 2,
        }
    }
}

impl Default for Policy {
    fn default() -> Policy {
        Policy::with_tau(0.5)
    }
}

/// A question for grey text.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Names the document between requests, for example its URI.
    pub document: &'a str,
    /// Its path as the model knows it.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
    /// The cursor, in bytes.
    pub offset: usize,
    /// What may be shown.
    pub policy: Policy,
}

/// Grey text.
#[derive(Clone, PartialEq, Debug)]
pub struct Suggestion {
    /// The bytes of the document it replaces; empty, at the cursor.
    pub range: Range<usize>,
    /// The text.
    pub insert_text: String,
    /// Calibrated probability that all of it is right.
    pub probability: f32,
}

/// What a check says of a suggestion.
#[derive(Clone, PartialEq, Debug)]
pub enum Verdict {
    /// It may be shown.
    Clean,
    /// Another text may be shown in its place.
    Repaired(String),
    /// Nothing may be shown.
    Dropped,
}

/// Looks at a suggestion before it is shown.
pub trait Check: Send + Sync {
    /// Judges `suggestion`, asked for by `request`.
    fn check(&self, request: &Request<'_>, suggestion: &Suggestion) -> Verdict;
}

/// A document that was asked about.
#[derive(Default)]
struct Document {
    /// Number of the latest request; older ones give up.
    latest: AtomicU64,
    /// Held by the request at work. A newer one waits for it, which is soon: it gives up.
    state: Mutex<FileState>,
}

/// Answers requests for inline completions; may be shared between threads.
pub struct InlineCompleter {
    model: Model,
    check: Option<Box<dyn Check>>,
    /// The one asked about last is first. Locked for a look-up only.
    documents: Mutex<Vec<(String, Arc<Document>)>>,
}

impl InlineCompleter {
    /// Asks `model`.
    pub fn new(model: Model) -> InlineCompleter {
        InlineCompleter {
            model,
            check: None,
            documents: Mutex::default(),
        }
    }

    /// Lets `check` judge each suggestion of the model before it is shown.
    pub fn with_check(self, check: Box<dyn Check>) -> InlineCompleter {
        InlineCompleter {
            check: Some(check),
            ..self
        }
    }

    /// The model that is asked.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Does ahead of time what the first request for a document needs, unless one is being answered already.
    pub fn prepare(&self, document: &str, path: &str, text: &str) {
        let document = self.document(document);
        let Ok(mut state) = document.state.try_lock() else {
            return;
        };
        let query = Query {
            path,
            before: "",
            after: text,
        };
        self.model.prepare(&query, &mut state);
    }

    /// Grey text for the cursor, best first. Empty when nothing is probable enough, when `cancelled`
    /// says so, and when a newer request for the document came: ask whether the answer counts.
    pub fn complete(&self, request: &Request<'_>, cancelled: &dyn Fn() -> bool) -> Vec<Suggestion> {
        let Some((before, after)) = request.text.split_at_checked(request.offset) else {
            return Vec::new();
        };
        let document = self.document(request.document);
        let number = document.latest.fetch_add(1, Ordering::AcqRel) + 1;
        let given_up = || cancelled() || document.latest.load(Ordering::Acquire) != number;
        // What a panic left behind only saves work, and is checked against the text.
        let mut state = document
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if given_up() {
            return Vec::new();
        }
        let query = Query {
            path: request.path,
            before,
            after,
        };
        let found = self.model.complete(&query, &mut state, &given_up);
        drop(state);
        if given_up() {
            return Vec::new();
        }
        let shown = found.and_then(|it| self.checked(request, &it));
        shown.into_iter().collect()
    }

    /// Forgets a document.
    pub fn close(&self, document: &str) {
        self.lock().retain(|it| it.0 != document);
    }

    /// What of a completion may be shown.
    fn checked(&self, request: &Request<'_>, found: &Completion) -> Option<Suggestion> {
        let (text, probability) = choose(found, &request.policy)?;
        let suggestion = Suggestion {
            range: request.offset..request.offset,
            insert_text: text.to_owned(),
            probability,
        };
        let Some(check) = &self.check else {
            return Some(suggestion);
        };
        match check.check(request, &suggestion) {
            Verdict::Clean => Some(suggestion),
            Verdict::Repaired(insert_text) => Some(Suggestion {
                insert_text,
                ..suggestion
            }),
            Verdict::Dropped => None,
        }
    }

    /// The document of a request; the one not asked about for longest is forgotten.
    fn document(&self, key: &str) -> Arc<Document> {
        let mut documents = self.lock();
        let document = match documents.iter().position(|it| it.0 == key) {
            Some(at) => documents.remove(at),
            None => (key.to_string(), Arc::default()),
        };
        documents.truncate(MOST_DOCUMENTS - 1);
        documents.insert(0, document.clone());
        document.1
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(String, Arc<Document>)>> {
        self.documents
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for InlineCompleter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InlineCompleter")
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

/// The part of a completion that the policy lets be shown.
fn choose<'a>(completion: &'a Completion, policy: &Policy) -> Option<(&'a str, f32)> {
    let inside = matches!(completion.manner, Manner::Inside | Manner::InsideInWord);
    let least = if inside {
        policy.least_inside
    } else {
        policy.least
    };
    let (text, probability) = completion.cut(least, policy.least_dangling.max(least))?;
    let text = if inside { text } else { text.trim_end() };
    let enough = text.trim().chars().count() >= policy.shortest;
    enough.then_some((text, probability as f32))
}
