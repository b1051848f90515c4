//! Under what the answers of an endpoint are kept: asked the same again, after an undo or in another session, it is neither
//! waited for nor paid.

use std::time::SystemTime;

use symphony_pit::store::{Key, KeyBuilder, Kind, Lineage};

use crate::{Api, EndpointOptions, InlineQuestion};

const KIND: Kind = Kind::new("answer");
/// Of the encoding of answers, and of what is done to them here: cutting and checking.
const SCHEMA: u32 = 1;

/// Where the answer to a question is kept. None without a model's name: then it is another one tomorrow.
pub(crate) fn kept_as(options: &EndpointOptions, question: &[u8]) -> Option<(Key, Lineage)> {
    let model = options.model.as_deref()?;
    // A document's name says nothing to a model; its path does.
    let question = InlineQuestion {
        document: "",
        ..InlineQuestion::from_bytes(question).ok()?
    };
    let api = name(options.api);
    let template = options.template.resolve(Some(model));
    let limits = &options.limits;
    let numbers = [
        limits.context_tokens,
        limits.max_tokens,
        limits.candidates,
        options.prior.to_bits(),
        options.logprobs.into(),
    ];
    let mut key = KeyBuilder::new(KIND, SCHEMA)
        .part("version", env!("CARGO_PKG_VERSION"))
        .part("url", &options.url)
        .part("api", api)
        .part("model", model)
        // All of it: its name stays when its tokens are mended.
        .part("template", format!("{template:?}"))
        .part("numbers", numbers.map(u32::to_le_bytes).concat())
        .part("question", question.to_bytes());
    for stop in &limits.stop {
        key = key.part("stop", stop);
    }
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let created = since.map_or(0, |it| it.as_secs());
    let lineage = Lineage::new(KIND, model.to_owned(), env!("CARGO_PKG_VERSION"), created)
        .parameter("endpoint", &options.name)
        .parameter("api", api)
        .prompt(template.map_or("endpoint", |it| it.name));
    Some((key.finish(), lineage))
}

fn name(api: Api) -> &'static str {
    match api {
        Api::Completions => "completions",
        Api::Chat => "chat",
        Api::Infill => "infill",
        Api::Ollama => "ollama",
    }
}
