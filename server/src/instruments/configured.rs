//! Instruments of the user's own settings: models in other processes and elsewhere.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use symphony_conductor::Kind;
use symphony_config::{Api as ApiSetting, Instrument as Settings, InstrumentKind as Sort};
use symphony_instruments::{
    Api, CallTimes, Endpoint, EndpointOptions, ExtensionModel, KeySource, Limits, LlamaServer,
    LlamaServerOptions, Prices, ProxyChoice, TemplateChoice, template,
};

use super::{COMPLETION, Offered, Profile};
use crate::commands::ext;

/// Where Ollama is unless somebody moves it.
const OLLAMA: &str = "http://127.0.0.1:11434";
/// How long answers take until some were measured, in milliseconds: half of them, and 95 of 100. Guesses: a small model on
/// this machine, and one behind a network.
const NEAR_MS: [f64; 2] = [250.0, 800.0];
const FAR_MS: [f64; 2] = [500.0, 1500.0];

/// The instrument that these settings are of.
///
/// # Errors
///
/// What is wrong with them, for people.
pub(super) fn offered(settings: &Settings) -> anyhow::Result<Offered> {
    let url = settings.url.as_deref();
    match (settings.kind, url) {
        (Sort::OpenAi, Some(url)) => endpoint(settings, url, api(settings)),
        (Sort::OpenAi, None) => bail!("it needs `url`"),
        (Sort::LlamaServer, Some(url)) => endpoint(settings, url, Api::Infill),
        (Sort::LlamaServer, None) => llama_server(settings),
        (Sort::Ollama, url) => endpoint(settings, url.unwrap_or(OLLAMA), Api::Ollama),
        (Sort::Extension, _) => extension(settings),
    }
}

fn api(settings: &Settings) -> Api {
    match settings.api {
        ApiSetting::Completions => Api::Completions,
        ApiSetting::Chat => Api::Chat,
    }
}

fn endpoint(settings: &Settings, url: &str, api: Api) -> anyhow::Result<Offered> {
    let options = options(settings, url, api)?;
    let profile = profile(settings, &options.limits, is_near(url));
    let endpoint = Endpoint::new(options);
    Ok(Offered {
        spec: endpoint.spec(COMPLETION),
        meter: Some(endpoint.meter()),
        instrument: Arc::new(endpoint),
        profile,
        settings: Some(settings.clone()),
    })
}

fn llama_server(settings: &Settings) -> anyhow::Result<Offered> {
    let (Some(executable), Some(model)) = (&settings.executable, &settings.model_file) else {
        bail!("it needs `url`, or `executable` and `modelFile`");
    };
    let name = settings.name.clone();
    let server = LlamaServerOptions::new(name, executable.clone(), model.clone(), ext::launcher()?);
    let server = LlamaServer::new(LlamaServerOptions {
        arguments: settings.arguments.clone(),
        endpoint: options(settings, "", Api::Infill)?,
        ..server
    });
    Ok(Offered {
        spec: server.spec(COMPLETION),
        meter: Some(server.meter()),
        instrument: Arc::new(server),
        profile: profile(settings, &limits(settings), true),
        settings: Some(settings.clone()),
    })
}

fn extension(settings: &Settings) -> anyhow::Result<Offered> {
    let name = settings
        .extension
        .as_deref()
        .context("it needs `extension`")?;
    let supervisor = ext::users_supervisor(name)?;
    let limits = limits(settings);
    let profile = profile(settings, &limits, true);
    let model = ExtensionModel::new(settings.name.clone(), supervisor, limits);
    Ok(Offered {
        spec: model.spec(COMPLETION),
        meter: None,
        instrument: Arc::new(model),
        profile,
        settings: Some(settings.clone()),
    })
}

fn options(settings: &Settings, url: &str, api: Api) -> anyhow::Result<EndpointOptions> {
    let family = |name: &str| match name {
        "auto" => Ok(TemplateChoice::Auto),
        name => template(name)
            .map(TemplateChoice::Family)
            .with_context(|| format!("there is no template {name:?}")),
    };
    let key = match (&settings.key_env, &settings.keyring) {
        (Some(name), _) => KeySource::Environment(name.clone()),
        (None, Some(entry)) => KeySource::Keychain(entry.clone()),
        (None, None) => KeySource::None,
    };
    let proxy = match settings.proxy.as_deref() {
        None => ProxyChoice::System,
        Some("none") => ProxyChoice::None,
        Some(url) => ProxyChoice::Url(url.to_owned()),
    };
    Ok(EndpointOptions {
        model: settings.model.clone(),
        template: family(&settings.template)?,
        key,
        ca_file: settings.ca_file.clone(),
        proxy,
        times: CallTimes::within(settings.timeout),
        prices: Prices {
            input: settings.price_per_million_input,
            output: settings.price_per_million_output,
        },
        limits: limits(settings),
        ..EndpointOptions::new(settings.name.clone(), url, api)
    })
}

fn limits(settings: &Settings) -> Limits {
    let usual = Limits::default();
    Limits {
        context_tokens: settings.context_tokens.unwrap_or(usual.context_tokens),
        max_tokens: settings.max_tokens,
        ..usual
    }
}

/// What the Conductor is told before anything was asked.
fn profile(settings: &Settings, limits: &Limits, is_near: bool) -> Profile {
    let is_process =
        settings.url.is_none() && matches!(settings.kind, Sort::LlamaServer | Sort::Extension);
    Profile {
        starts: is_process,
        kind: if is_near { Kind::Server } else { Kind::Remote },
        expected_ms: if is_near { NEAR_MS } else { FAR_MS },
        // A price of a million tokens in money is one of a token in millionths of it.
        prices: [
            settings.price_per_million_input,
            settings.price_per_million_output,
        ],
        context_tokens: limits.context_tokens,
        answer_tokens: limits.max_tokens,
    }
}

/// Whether an address is one of this machine.
fn is_near(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |it| it.1);
    ["127.", "localhost", "[::1]"]
        .iter()
        .any(|it| host.starts_with(it))
}
