//! What is known of an endpoint: where it is, what it speaks, what it costs. Plain values; the settings are made into them
//! elsewhere.

use std::path::PathBuf;
use std::time::Duration;

use crate::{KeySource, Limits, TemplateChoice};

/// What an endpoint speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Api {
    /// OpenAI's `completions`, with the template of the model for text on both sides of the cursor.
    Completions,
    /// OpenAI's `chat/completions`.
    Chat,
    /// llama.cpp's `infill`, which knows the model's template itself.
    Infill,
    /// Ollama's `api/generate`, which knows the model's template itself.
    Ollama,
}

/// Through what the endpoint is reached. One on this machine never is through anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ProxyChoice {
    /// As the system and the usual variables say.
    #[default]
    System,
    /// Directly.
    None,
    /// Through this one.
    Url(String),
}

/// How long parts of a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallTimes {
    /// Until there is a connection.
    pub connect: Duration,
    /// From the request to the first piece of text.
    pub first: Duration,
    /// Between two pieces.
    pub between: Duration,
    /// All tries and waits together.
    pub total: Duration,
}

impl CallTimes {
    /// With a limit for all of it, which no part exceeds.
    #[must_use]
    pub fn within(total: Duration) -> Self {
        let usual = Self::default();
        Self {
            connect: usual.connect.min(total),
            first: usual.first.min(total),
            between: usual.between.min(total),
            total,
        }
    }
}

impl Default for CallTimes {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            first: Duration::from_secs(10),
            between: Duration::from_secs(5),
            total: Duration::from_secs(20),
        }
    }
}

/// What a million tokens cost, in whatever the user pays in.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Prices {
    /// Of what is sent.
    pub input: f64,
    /// Of what comes back.
    pub output: f64,
}

/// An endpoint.
#[derive(Debug, Clone)]
pub struct EndpointOptions {
    /// Its name, for people.
    pub name: String,
    /// Where it is: up to and with `/v1` for OpenAI's interface, the root of the server for the others.
    pub url: String,
    /// Which of its models; servers with only one need none.
    pub model: Option<String>,
    /// What it speaks.
    pub api: Api,
    /// How text on both sides of the cursor is put, where the endpoint does not know.
    pub template: TemplateChoice,
    /// Where its key comes from.
    pub key: KeySource,
    /// Certificates to be trusted beside the system's, as PEM.
    pub ca_file: Option<PathBuf>,
    /// Through what it is reached.
    pub proxy: ProxyChoice,
    /// How long calls may take.
    pub times: CallTimes,
    /// How often one question may call it, the first time included.
    pub calls: u32,
    /// What it charges.
    pub prices: Prices,
    /// How much is sent, and how much may come back.
    pub limits: Limits,
    /// Whether it is asked how sure the model is. Not every endpoint takes the question.
    pub logprobs: bool,
    /// The probability of an answer whose model does not say: a prior, which whoever learns from what is accepted knows better.
    pub prior: f32,
}

/// As probable as the least that is shown without further settings: shown, and behind whatever is surer.
const PRIOR: f32 = 0.5;
const CALLS: u32 = 3;

impl EndpointOptions {
    /// With the usual limits.
    #[must_use]
    pub fn new(name: impl Into<String>, url: impl Into<String>, api: Api) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
            model: None,
            api,
            template: TemplateChoice::Auto,
            key: KeySource::None,
            ca_file: None,
            proxy: ProxyChoice::System,
            times: CallTimes::default(),
            calls: CALLS,
            prices: Prices::default(),
            limits: Limits::default(),
            // Chat endpoints refuse what they do not know, and answer in prose whose probability says little.
            logprobs: api != Api::Chat,
            prior: PRIOR,
        }
    }
}
