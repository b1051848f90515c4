//! The HTTP client of one endpoint: where it is, who we are, and what it may send.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Certificate, Method, Proxy, RequestBuilder, Response, Url, redirect};
use serde::Deserialize;
use symphony_pit::StartError;
use tokio::time::timeout;

use crate::error::innermost;
use crate::retry::retry_after;
use crate::stream::{Form, whole};
use crate::{CallError, EndpointOptions, ProxyChoice};

/// Of an answer that says no, for its code.
const MOST_OF_AN_ERROR: usize = 8 << 10;
/// For all of it.
const ERROR_TIME: Duration = Duration::from_millis(500);
/// A longer code is prose.
const LONGEST_CODE: usize = 64;
/// Connections that wait for the next question; further ones are closed.
const IDLE_CONNECTIONS: usize = 4;

/// An endpoint that can be called.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    key: Option<HeaderValue>,
}

impl Client {
    /// Reads key and certificates; calls nobody.
    pub(crate) async fn new(options: &EndpointOptions) -> Result<Self, StartError> {
        let key = options.key.read().await;
        let key = key.map_err(|error| StartError(error.to_string()))?;
        let url = address(&options.url, key.is_some())?;
        let key = key.map(|it| it.header()).transpose();
        let key = key.map_err(|error| StartError(error.to_string()))?;
        let settings = options.clone();
        let is_here = is_loopback(&url);
        // The system's certificates and ours are on disk.
        let built = tokio::task::spawn_blocking(move || build(&settings, is_here)).await;
        let http = built.map_err(|error| StartError(error.to_string()))??;
        Ok(Self {
            http,
            base: url.as_str().trim_end_matches('/').to_owned(),
            key,
        })
    }

    /// Sends a question, and gives the answer's body, if it said yes.
    pub(crate) async fn post(
        &self,
        path: &str,
        body: Bytes,
    ) -> Result<(Response, Form), CallError> {
        let request = self
            .request(Method::POST, path)
            .header(CONTENT_TYPE, "application/json")
            .header(
                ACCEPT,
                "text/event-stream, application/x-ndjson, application/json",
            )
            .body(body);
        let response = request.send().await.map_err(|error| unreachable(&error))?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let form = Form::of(response.headers().get(CONTENT_TYPE));
        Ok((response, form))
    }

    /// Asks for something small, and gives the status.
    pub(crate) async fn get(&self, path: &str) -> Result<u16, CallError> {
        let sent = self.request(Method::GET, path).send().await;
        let response = sent.map_err(|error| unreachable(&error))?;
        let status = response.status().as_u16();
        // Read to the end, the connection can be used again; a body of any other size is not worth it.
        let _ = timeout(ERROR_TIME, whole(response, MOST_OF_AN_ERROR)).await;
        Ok(status)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.key {
            Some(key) => request.header(AUTHORIZATION, key.clone()),
            None => request,
        }
    }
}

/// Where it is. A key goes over TLS, or to this machine.
fn address(url: &str, has_key: bool) -> Result<Url, StartError> {
    let no = |why: &str| StartError(format!("its address {why}"));
    let parsed = Url::parse(url).map_err(|error| no(&format!("is none: {error}")))?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
        return Err(no("is not one of HTTP"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(no(
            "has a password; keys come from the environment or the keychain",
        ));
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(no("has a query or a fragment"));
    }
    if has_key && parsed.scheme() == "http" && !is_loopback(&parsed) {
        return Err(no("is http://, over which anybody could read the key"));
    }
    Ok(parsed)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let address = host.parse::<std::net::IpAddr>();
    address.map_or(host == "localhost", |it| it.is_loopback())
}

fn build(options: &EndpointOptions, is_here: bool) -> Result<reqwest::Client, StartError> {
    let failed = |error: reqwest::Error| StartError(innermost(&error));
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("symphony/", env!("CARGO_PKG_VERSION")))
        // The key must not follow.
        .redirect(redirect::Policy::none())
        // What is retried is decided in one place.
        .retry(reqwest::retry::never())
        // A connection for each question: closing it is how an endpoint hears that nobody wants the answer any more.
        .http1_only()
        .connect_timeout(options.times.connect)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .tcp_nodelay(true);
    if let Some(file) = &options.ca_file {
        let unread = |why: &dyn std::fmt::Display| {
            StartError(format!(
                "failed to read certificates of {}: {why}",
                file.display()
            ))
        };
        let pem = std::fs::read(file).map_err(|error| unread(&error))?;
        let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| unread(&error))?;
        if certificates.is_empty() {
            return Err(unread(&"it has none"));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    builder = match &options.proxy {
        _ if is_here => builder.no_proxy(),
        ProxyChoice::System => builder,
        ProxyChoice::None => builder.no_proxy(),
        ProxyChoice::Url(url) => builder.proxy(Proxy::all(url.as_str()).map_err(failed)?),
    };
    builder.build().map_err(failed)
}

pub(crate) fn unreachable(error: &reqwest::Error) -> CallError {
    if error.is_timeout() && error.is_connect() {
        return CallError::Unreachable("no connection in time".to_owned());
    }
    CallError::Unreachable(innermost(error))
}

/// What an answer says that says no.
async fn refusal(response: Response) -> CallError {
    let header = response.headers().get(RETRY_AFTER);
    let wish = header.and_then(|it| it.to_str().ok());
    let wish = wish.and_then(|it| retry_after(it, SystemTime::now()));
    let status = response.status().as_u16();
    let body = timeout(ERROR_TIME, whole(response, MOST_OF_AN_ERROR)).await;
    let code = body.ok().and_then(Result::ok).and_then(|it| code(&it));
    CallError::Status {
        status,
        code,
        retry_after: wish,
    }
}

#[derive(Deserialize)]
struct Refusal {
    error: Option<Reason>,
}

/// The code of an error, as all of these endpoints have it, if it is one word: prose may repeat what was sent.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Reason {
    Structured {
        #[serde(default)]
        code: Option<serde_json::Value>,
        #[serde(default, rename = "type")]
        kind: Option<String>,
    },
    Other(serde::de::IgnoredAny),
}

impl Reason {
    pub(crate) fn code(self) -> Option<String> {
        let Self::Structured { code, kind } = self else {
            return None;
        };
        let code = code.and_then(|it| it.as_str().map(str::to_owned));
        code.or(kind).filter(|it| is_word(it))
    }
}

fn is_word(code: &str) -> bool {
    let is_part = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    (1..=LONGEST_CODE).contains(&code.len()) && code.bytes().all(is_part)
}

fn code(body: &[u8]) -> Option<String> {
    let refusal: Refusal = serde_json::from_slice(body).ok()?;
    refusal.error?.code()
}
