//! Models elsewhere as instruments of the Pit: what speaks OpenAI's interface, llama.cpp's server, Ollama, and extensions.
//!
//! A question becomes a [`Prompt`] that fits the model, the model's answer is read as it comes and cut where the
//! statement ends, and what is left is shown only if it adds no syntax error. An answer can only ever be text at the cursor:
//! nothing that a model says is run, fetched, or put elsewhere.
//!
//! The breaker, the choice among instruments and the limits on cost are the Pool Manager's: an instrument here only says
//! whether it answered, and what that cost.

mod call;
mod check;
mod client;
mod cut;
mod endpoint;
mod error;
mod extension;
mod judged;
mod kept;
mod key;
mod llama_server;
mod meter;
mod model;
mod options;
mod prompt;
mod question;
mod retry;
mod stream;
mod template;

pub use endpoint::Endpoint;
pub use error::CallError;
pub use extension::ExtensionModel;
pub use key::{Key, KeyError, KeySource};
pub use llama_server::{LlamaServer, LlamaServerOptions};
pub use meter::{Meter, Totals};
pub use options::{Api, CallTimes, EndpointOptions, Prices, ProxyChoice};
pub use prompt::{CHARS_PER_TOKEN, Limits, Prompt};
pub use question::{Ghost, InlineQuestion};
pub use symphony_child::Launcher;
pub use template::{Order, TEMPLATES, Template, TemplateChoice, template};

#[cfg(test)]
mod tests;
