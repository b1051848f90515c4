//! Ollama's `api/generate` with a `suffix`: Ollama puts both sides of the cursor into the template of its model.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{NO_JSON, Said, Speak, begun, temperature};
use crate::meter::Usage;
use crate::stream::Form;
use crate::{CallError, EndpointOptions, Prompt, Template, template};

pub(super) struct Ollama;

#[derive(Deserialize)]
struct Event {
    #[serde(default)]
    response: String,
    #[serde(default)]
    done: bool,
    #[serde(default)]
    prompt_eval_count: u64,
    #[serde(default)]
    eval_count: u64,
    #[serde(default)]
    logprobs: Vec<Token>,
    /// Prose, in Ollama's case.
    #[serde(default)]
    error: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Token {
    logprob: f64,
}

fn plain<'a>(known: Option<&Template>, text: &'a str) -> Cow<'a, str> {
    match known {
        Some(template) => template.plain(text),
        None => template::plain_for_all(text),
    }
}

impl Speak for Ollama {
    fn path(&self) -> &'static str {
        "/api/generate"
    }

    fn probe_path(&self) -> &'static str {
        "/api/tags"
    }

    fn form(&self) -> Form {
        Form::Lines
    }

    fn body(
        &self,
        options: &EndpointOptions,
        prompt: &Prompt,
        candidate: u32,
    ) -> Map<String, Value> {
        let limits = &prompt.limits;
        // What is special to a model that is not known here is not known either.
        let known = options.template.resolve(options.model.as_deref());
        let mut body = begun(options);
        body.insert("prompt".into(), plain(known, &prompt.prefix).into());
        // An empty one is none: Ollama would take the question for a chat's.
        let suffix = match plain(known, &prompt.suffix) {
            it if it.is_empty() => "\n".into(),
            it => it,
        };
        body.insert("suffix".into(), suffix.into());
        body.insert("stream".into(), true.into());
        body.insert(
            "options".into(),
            json!({
                "num_predict": limits.max_tokens,
                "num_ctx": limits.context_tokens,
                "temperature": temperature(limits.candidates),
                "seed": candidate,
                "stop": limits.stop,
            }),
        );
        if options.logprobs {
            body.insert("logprobs".into(), true.into());
        }
        body
    }

    fn read(&self, event: &str) -> Result<Said, CallError> {
        let event: Event = serde_json::from_str(event).map_err(|_| NO_JSON)?;
        if event.error.is_some() {
            return Err(CallError::Upstream(None));
        }
        let logprobs = event.logprobs.iter().map(|it| it.logprob).collect();
        let end = event.done.then_some(Usage {
            input: event.prompt_eval_count,
            output: event.eval_count,
        });
        Ok(Said::next(event.response, Some(logprobs), end))
    }
}
