//! What the endpoints speak: how a prompt is put, and what is in an event of the answer.

mod chat;
mod completions;
mod infill;
mod ollama;

use serde_json::{Map, Value};

use crate::client::Reason;
use crate::meter::Usage;
use crate::stream::Form;
use crate::{Api, CallError, EndpointOptions, Prompt};

/// Some text of the answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    /// Which of the candidates it belongs to.
    pub(crate) candidate: usize,
    pub(crate) text: String,
    /// The logarithm of its probability, where the endpoint says.
    pub(crate) logprob: Option<f64>,
}

/// What an event says.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) usage: Option<Usage>,
    /// Whether this was all.
    pub(crate) is_end: bool,
}

impl Said {
    /// Of an interface with one candidate: its next text, and at the end what it took.
    fn next(text: String, logprobs: Option<Vec<f64>>, end: Option<Usage>) -> Self {
        let logprobs = logprobs.filter(|it| !it.is_empty());
        let piece = Piece {
            candidate: 0,
            text,
            logprob: logprobs.map(|it| it.iter().sum()),
        };
        let pieces = Some(piece).filter(|it| !it.text.is_empty());
        Self {
            pieces: pieces.into_iter().collect(),
            usage: end,
            is_end: end.is_some(),
        }
    }
}

/// One of the interfaces.
pub(crate) trait Speak: Send + Sync {
    /// Where questions go.
    fn path(&self) -> &'static str;

    /// Where something small can be asked for.
    fn probe_path(&self) -> &'static str;

    /// How the answer comes, unless it says otherwise.
    fn form(&self) -> Form {
        Form::Events
    }

    /// Whether one call can have several candidates.
    fn has_candidates(&self) -> bool {
        false
    }

    /// The question. `candidate` tells calls for several candidates apart.
    fn body(
        &self,
        options: &EndpointOptions,
        prompt: &Prompt,
        candidate: u32,
    ) -> Map<String, Value>;

    /// What an event of the answer says.
    fn read(&self, event: &str) -> Result<Said, CallError>;

    /// Whether the answer is somebody's prose, with the code in it.
    fn is_prose(&self) -> bool {
        false
    }
}

pub(crate) fn speaker(api: Api) -> &'static dyn Speak {
    match api {
        Api::Completions => &completions::Completions,
        Api::Chat => &chat::Chat,
        Api::Infill => &infill::Infill,
        Api::Ollama => &ollama::Ollama,
    }
}

/// What all questions begin with.
fn begun(options: &EndpointOptions) -> Map<String, Value> {
    let model = options.model.as_deref();
    let model = model.map(|it| ("model".to_owned(), it.into()));
    model.into_iter().collect()
}

/// With little to choose from, the likeliest; the others are to differ.
fn temperature(candidates: u32) -> f64 {
    if candidates > 1 { 0.6 } else { 0.0 }
}

/// An error in the place of text.
fn upstream(reason: Reason) -> CallError {
    CallError::Upstream(reason.code())
}

const NO_JSON: CallError = CallError::Senseless("an event is not what its interface has");
