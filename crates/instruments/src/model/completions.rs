//! OpenAI's `completions`: text that the model goes on with.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{NO_JSON, Piece, Said, Speak, begun, temperature, upstream};
use crate::client::Reason;
use crate::meter::Usage;
use crate::{CallError, EndpointOptions, Prompt, template};

pub(super) struct Completions;

/// As `chat/completions` has it as well.
#[derive(Debug, Deserialize)]
struct Tokens {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

impl From<Tokens> for Usage {
    fn from(tokens: Tokens) -> Self {
        Self {
            input: tokens.prompt_tokens,
            output: tokens.completion_tokens,
        }
    }
}

/// An event of either of OpenAI's interfaces; they differ in what a choice is.
#[derive(Deserialize)]
struct Event<C> {
    #[serde(default = "Vec::new")]
    choices: Vec<C>,
    #[serde(default)]
    usage: Option<Tokens>,
    #[serde(default)]
    error: Option<Reason>,
}

/// What an event of either of OpenAI's interfaces says.
pub(super) fn read<C: DeserializeOwned>(
    event: &str,
    piece: impl Fn(C) -> Option<Piece>,
) -> Result<Said, CallError> {
    // The one that is not JSON.
    if event.trim() == "[DONE]" {
        return Ok(Said {
            is_end: true,
            ..Said::default()
        });
    }
    let event: Event<C> = serde_json::from_str(event).map_err(|_| NO_JSON)?;
    match event.error {
        Some(reason) => Err(upstream(reason)),
        None => Ok(Said {
            pieces: event.choices.into_iter().filter_map(piece).collect(),
            usage: event.usage.map(Usage::from),
            is_end: false,
        }),
    }
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    index: usize,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    logprobs: Option<Logprobs>,
}

#[derive(Deserialize)]
struct Logprobs {
    #[serde(default)]
    token_logprobs: Vec<Option<f64>>,
    /// As llama.cpp has it, and `chat/completions`.
    #[serde(default)]
    content: Option<Vec<Token>>,
}

#[derive(Deserialize)]
pub(super) struct Token {
    pub(super) logprob: f64,
}

impl Logprobs {
    fn sum(&self) -> Option<f64> {
        if let Some(tokens) = self.content.as_ref().filter(|it| !it.is_empty()) {
            return Some(tokens.iter().map(|it| it.logprob).sum());
        }
        let all: Option<Vec<f64>> = self.token_logprobs.iter().copied().collect();
        all.filter(|it| !it.is_empty()).map(|it| it.iter().sum())
    }
}

impl Speak for Completions {
    fn path(&self) -> &'static str {
        "/completions"
    }

    fn probe_path(&self) -> &'static str {
        "/models"
    }

    fn has_candidates(&self) -> bool {
        true
    }

    fn body(&self, options: &EndpointOptions, prompt: &Prompt, _: u32) -> Map<String, Value> {
        let mut body = Map::new();
        let mut stop = prompt.limits.stop.clone();
        match options.template.resolve(options.model.as_deref()) {
            Some(template) => {
                body.insert(
                    "prompt".into(),
                    template.fill(&prompt.prefix, &prompt.suffix).into(),
                );
                stop.extend(template.special.iter().map(|it| (*it).to_owned()));
                // More are refused by some.
                stop.truncate(4);
            }
            None => {
                body.insert(
                    "prompt".into(),
                    template::plain_for_all(&prompt.prefix).into(),
                );
                body.insert(
                    "suffix".into(),
                    template::plain_for_all(&prompt.suffix).into(),
                );
            }
        }
        body.extend(common(options, prompt, stop));
        body.insert("max_tokens".into(), prompt.limits.max_tokens.into());
        if options.logprobs {
            body.insert("logprobs".into(), 1.into());
        }
        body
    }

    fn read(&self, event: &str) -> Result<Said, CallError> {
        read(event, |choice: Choice| {
            Some(Piece {
                candidate: choice.index,
                logprob: choice.logprobs.as_ref().and_then(Logprobs::sum),
                text: choice.text.filter(|it| !it.is_empty())?,
            })
        })
    }
}

/// What both of OpenAI's interfaces take.
pub(super) fn common(
    options: &EndpointOptions,
    prompt: &Prompt,
    stop: Vec<String>,
) -> Map<String, Value> {
    let limits = &prompt.limits;
    let mut body = begun(options);
    if limits.candidates > 1 {
        body.insert("n".into(), limits.candidates.into());
    }
    if !stop.is_empty() {
        body.insert("stop".into(), stop.into());
    }
    body.insert("temperature".into(), temperature(limits.candidates).into());
    body.insert("stream".into(), true.into());
    body.insert("stream_options".into(), json!({ "include_usage": true }));
    body
}
