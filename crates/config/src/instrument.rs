//! The settings of an instrument: a model beside the embedded one.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::macros::{settings, words};
use crate::setting::Conflict;
use crate::typed::FromValue;
use crate::{DefaultValue, Effect, Kind, Scope, Setting, Tables};

words! {
    /// What an instrument is.
    pub enum InstrumentKind {
        /// A server that speaks OpenAI's protocol: OpenAI, vLLM, LM Studio and many others. Needs `url` and `model`.
        OpenAi = "openai",
        /// A server of llama.cpp: one that runs at `url`, or one that Symphony starts from `executable` with `modelFile`.
        LlamaServer = "llama-server",
        /// Ollama, at `url` or where it is by default. Needs `model`.
        Ollama = "ollama",
        /// An installed extension that is an instrument. Needs `extension`.
        Extension = "extension",
    }
}

words! {
    /// How a model is asked.
    pub enum Api {
        /// By a prompt, with the text behind the cursor where the model knows how (fill in the middle).
        Completions = "completions",
        /// By a conversation.
        Chat = "chat",
    }
}

settings! {
    /// Models beside the embedded one, in the order in which they are preferred. Each is a table `[[instruments]]`. Only you can
    /// set them: nothing that a workspace or an editor sends counts. A key is never written here: `keyEnv` or `keyring` says
    /// where it is.
    pub struct Instrument at "" {
        /// What it is called, in logs and in `symphony pit`. No two have the same name.
        name: String = "name", Kind::Text, DefaultValue::Nothing, User, Live;
        /// What it is.
        kind: InstrumentKind = "kind", Kind::Choice(InstrumentKind::WORDS), DefaultValue::Nothing, User, Live;
        /// Where it is, up to and with the version: `https://api.example.com/v1`.
        url: Option<String> = "url", Kind::Url(&["http", "https"]), DefaultValue::Nothing, User, Live;
        /// Which of its models.
        model: Option<String> = "model", Kind::Text, DefaultValue::Nothing, User, Live;
        /// How the model is asked.
        api: Api = "api", Kind::Choice(Api::WORDS), DefaultValue::Text("completions"), User, Live;
        /// The family of the model, which decides how the text behind the cursor is told; `auto` goes by the model's name.
        template: String = "template", Kind::Text, DefaultValue::Text("auto"), User, Live;
        /// The variable of the environment that holds the key.
        key_env: Option<String> = "keyEnv", Kind::Variable, DefaultValue::Nothing, User, Live;
        /// The entry of the system's keychain that holds the key.
        keyring: Option<String> = "keyring", Kind::Text, DefaultValue::Nothing, User, Live;
        /// The program of a server that Symphony starts: a name that is looked up on `PATH`, or an absolute path.
        executable: Option<PathBuf> = "executable", Kind::Program, DefaultValue::Nothing, User, Live;
        /// The file of the model that it loads.
        model_file: Option<PathBuf> = "modelFile", Kind::Path, DefaultValue::Nothing, User, Live;
        /// What it is given beside.
        arguments: Vec<String> = "arguments", Kind::Texts, DefaultValue::Empty, User, Live;
        /// How many tokens fit, prompt and answer together. Without it, what the instrument says.
        context_tokens: Option<u32> = "contextTokens", Kind::Integer { least: 64, most: 16_777_216 }, DefaultValue::Nothing, User, Live;
        /// How many tokens an answer may have.
        max_tokens: u32 = "maxTokens", Kind::Integer { least: 1, most: 1_048_576 }, DefaultValue::Integer(128), User, Live;
        /// How many milliseconds an answer may take.
        timeout: Duration = "timeout", Kind::Milliseconds { least: 1, most: 3_600_000 }, DefaultValue::Integer(10_000), User, Live;
        /// The price of a million tokens of the prompt; see `cost.limit`.
        price_per_million_input: f64 = "pricePerMillionInput", Kind::Number { least: 0.0, most: 1_000_000.0 }, DefaultValue::Number(0.0), User, Live;
        /// The price of a million tokens of the answer.
        price_per_million_output: f64 = "pricePerMillionOutput", Kind::Number { least: 0.0, most: 1_000_000.0 }, DefaultValue::Number(0.0), User, Live;
        /// Certificates that are trusted beside the system's, a PEM file.
        ca_file: Option<PathBuf> = "caFile", Kind::Path, DefaultValue::Nothing, User, Live;
        /// The proxy. Without it, what the environment says (`HTTPS_PROXY`, `NO_PROXY`), which may hold a password.
        proxy: Option<String> = "proxy", Kind::Url(&["http", "https", "socks5", "socks5h"]), DefaultValue::Nothing, User, Live;
        /// The name of the extension.
        extension: Option<String> = "extension", Kind::Text, DefaultValue::Nothing, User, Live;
    }
}

/// The list of them.
pub(crate) const INSTRUMENTS: Setting = Setting {
    key: "instruments",
    kind: Kind::Tables(&TABLES),
    default: DefaultValue::Empty,
    scope: Scope::User,
    effect: Effect::Live,
    about: Instrument::ABOUT,
};

static TABLES: Tables = Tables {
    singular: "instrument",
    fields: Instrument::SETTINGS,
    required: &["name", "kind"],
    distinct: "name",
    check,
};

impl Instrument {
    /// Whether its answers cost something.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        self.price_per_million_input > 0.0 || self.price_per_million_output > 0.0
    }
}

impl FromValue for Instrument {
    fn from_value(value: Option<&Value>) -> Self {
        let table = value.and_then(Value::as_object);
        Self::from_values(&|setting| {
            let given = table.and_then(|table| table.get(setting.key));
            match given {
                Some(value) => Some(std::borrow::Cow::Borrowed(value)),
                None => setting.default.value().map(std::borrow::Cow::Owned),
            }
        })
    }
}

/// What is wrong with an instrument whose fields are right each by itself.
fn check(table: &Map<String, Value>) -> Vec<Conflict> {
    let has = |field: &str| table.contains_key(field);
    let kind = table
        .get("kind")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut conflicts = Vec::new();
    let mut conflict = |field, message: String| conflicts.push(Conflict { field, message });
    let needed: &[&'static str] = match kind {
        "openai" => &["url", "model"],
        "ollama" => &["model"],
        "extension" => &["extension"],
        _ => &[],
    };
    for &field in needed.iter().filter(|field| !has(field)) {
        conflict(
            "kind",
            format!("an instrument of kind {kind:?} needs `{field}`"),
        );
    }
    if kind == "llama-server" {
        if has("url") == has("executable") {
            conflict(
                "kind",
                "an instrument of kind \"llama-server\" needs either `url`, where one runs, or `executable`, to start one".to_owned(),
            );
        }
        if has("executable") && !has("modelFile") {
            conflict("executable", "`executable` needs `modelFile`".to_owned());
        }
    }
    let of_one_kind = [
        ("executable", "llama-server"),
        ("modelFile", "llama-server"),
        ("arguments", "llama-server"),
        ("extension", "extension"),
    ];
    for (field, owner) in of_one_kind {
        if has(field) && kind != owner && !kind.is_empty() {
            conflict(
                field,
                format!("`{field}` is for instruments of kind {owner:?} only"),
            );
        }
    }
    if has("keyEnv") && has("keyring") {
        conflict(
            "keyring",
            "`keyEnv` and `keyring` exclude each other".to_owned(),
        );
    }
    conflicts
}
