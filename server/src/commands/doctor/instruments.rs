//! The instruments by the settings: whether what they need is there. No other machine is asked: only whether something listens
//! where an address is on this one.

use std::net::{IpAddr, TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::time::Duration;

use symphony_config::{Config, Instrument, InstrumentKind};
use url::{Host, Url};

use super::report::Finding;
use crate::commands::ext::users_directory;

const TOPIC: &str = "instruments";
/// Whoever listens on this machine answers sooner.
const CONNECT: Duration = Duration::from_secs(1);
/// Where Ollama is unless it was told otherwise.
const OLLAMA: &str = "http://127.0.0.1:11434";

pub(super) fn all(config: &Config) -> Vec<Finding> {
    if config.instruments.is_empty() {
        let found = "only the embedded model: nothing leaves this machine";
        return vec![Finding::good(TOPIC, found)];
    }
    let limit = config.cost.limit.unwrap_or_default();
    let each = config.instruments.iter().map(|it| one(it, limit));
    each.collect()
}

fn one(instrument: &Instrument, limit: f64) -> Finding {
    let name = &instrument.name;
    let broken =
        |found: String, remedy: &str| Finding::broken(TOPIC, format!("{name}: {found}"), remedy);
    if let Some((found, remedy)) = missing(instrument) {
        return broken(found, remedy);
    }
    if instrument.is_paid() && limit == 0.0 {
        return Finding::warning(
            TOPIC,
            format!("{name} has a price and is not asked, since there is no cost.limit"),
            "set cost.limit, and cost.period if you do not mean a month",
        );
    }
    let address = match (&instrument.url, instrument.kind) {
        (Some(url), _) => Some(url.as_str()),
        (None, InstrumentKind::Ollama) => Some(OLLAMA),
        (None, _) => None,
    };
    match address {
        Some(address) => match listens(address) {
            Some(false) => broken(
                format!("nothing listens at {address}"),
                "start the server, or correct `url`",
            ),
            Some(true) => Finding::good(TOPIC, format!("{name}, at {address}")),
            None => Finding::good(TOPIC, format!("{name}, at {address} (not asked)")),
        },
        None => Finding::good(TOPIC, format!("{name}, {}", instrument.kind.as_str())),
    }
}

/// What it needs and does not have, and what to do.
fn missing(instrument: &Instrument) -> Option<(String, &'static str)> {
    if let Some(variable) = &instrument.key_env
        && std::env::var_os(variable).is_none_or(|value| value.is_empty())
    {
        let found = format!("the variable {variable}, which holds its key, is not set here");
        return Some((found, "set it where your editor is started"));
    }
    if let Some(program) = &instrument.executable
        && let Err(error) = which::which(program)
    {
        let found = format!("{} is no program: {error}", program.display());
        return Some((found, "install it, or correct `executable`"));
    }
    let files = [
        (
            &instrument.model_file,
            "get the model, or correct `modelFile`",
        ),
        (&instrument.ca_file, "correct `caFile`"),
    ];
    for (file, remedy) in files {
        if let Some(file) = file
            && let Err(error) = std::fs::File::open(file)
        {
            return Some((format!("{}: {error}", file.display()), remedy));
        }
    }
    let extension = instrument.extension.as_deref()?;
    let dir = users_directory().ok()?;
    let is_name = Path::new(extension).components().count() == 1;
    (!is_name || !dir.join(extension).is_dir()).then(|| {
        let found = format!("there is no extension {extension} in {}", dir.display());
        (found, "install it, or correct `extension`")
    })
}

/// Whether something listens at an address of this machine; none if it is of another one, which is not asked.
fn listens(address: &str) -> Option<bool> {
    let url = Url::parse(address).ok()?;
    let is_here = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(ip) => IpAddr::from(ip).is_loopback(),
        Host::Ipv6(ip) => IpAddr::from(ip).is_loopback(),
    };
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default()?;
    if !is_here {
        return None;
    }
    let addresses = (host, port).to_socket_addrs().ok()?;
    let mut found = false;
    for address in addresses {
        found |= TcpStream::connect_timeout(&address, CONNECT).is_ok();
    }
    Some(found)
}
