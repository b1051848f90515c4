//! llama.cpp's `infill`: the server puts both sides of the cursor as its model was trained, and takes no special token from
//! them.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{NO_JSON, Said, Speak, begun, temperature, upstream};
use crate::client::Reason;
use crate::meter::Usage;
use crate::{CallError, EndpointOptions, Prompt};

pub(super) struct Infill;

#[derive(Deserialize)]
struct Event {
    #[serde(default)]
    content: String,
    #[serde(default)]
    stop: bool,
    #[serde(default)]
    tokens_evaluated: u64,
    #[serde(default)]
    tokens_predicted: u64,
    #[serde(default)]
    completion_probabilities: Vec<Token>,
    #[serde(default)]
    error: Option<Reason>,
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    logprob: Option<f64>,
}

impl Speak for Infill {
    fn path(&self) -> &'static str {
        "/infill"
    }

    fn probe_path(&self) -> &'static str {
        "/health"
    }

    fn body(
        &self,
        options: &EndpointOptions,
        prompt: &Prompt,
        candidate: u32,
    ) -> Map<String, Value> {
        let limits = &prompt.limits;
        let mut body = begun(options);
        body.insert("input_prefix".into(), prompt.prefix.as_str().into());
        body.insert("input_suffix".into(), prompt.suffix.as_str().into());
        body.insert("prompt".into(), "".into());
        body.insert("n_predict".into(), limits.max_tokens.into());
        body.insert("temperature".into(), temperature(limits.candidates).into());
        body.insert("seed".into(), candidate.into());
        body.insert("stop".into(), limits.stop.clone().into());
        body.insert("stream".into(), true.into());
        // The next question is most often the same text with some more behind it.
        body.insert("cache_prompt".into(), true.into());
        if options.logprobs {
            body.insert("n_probs".into(), 1.into());
        }
        body
    }

    fn read(&self, event: &str) -> Result<Said, CallError> {
        let event: Event = serde_json::from_str(event).map_err(|_| NO_JSON)?;
        if let Some(reason) = event.error {
            return Err(upstream(reason));
        }
        let tokens = event.completion_probabilities;
        let logprobs = tokens.iter().map(|it| it.logprob).collect();
        let end = event.stop.then_some(Usage {
            input: event.tokens_evaluated,
            output: event.tokens_predicted,
        });
        Ok(Said::next(event.content, logprobs, end))
    }
}
