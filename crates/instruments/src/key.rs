//! Keys of endpoints: from the environment, the system's keychain, or whoever starts the server; never from a workspace.
//!
//! A key has no form for people: it is not shown by `Debug`, has no `Display`, and is not serialised.

use std::fmt;
use std::sync::Arc;

use reqwest::header::HeaderValue;
use thiserror::Error;

/// Under which name the keychain has our entries.
const SERVICE: &str = "symphony";

/// Why there is no key.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The variable is not set, or is no text.
    #[error("the variable {0} has no key")]
    Environment(String),
    /// The keychain has no such entry, or cannot be asked.
    #[error("the keychain has no key \"{entry}\" of {SERVICE}: {why}")]
    Keychain {
        /// Which entry was asked for.
        entry: String,
        /// What the keychain said.
        why: String,
    },
    /// It is empty or has characters that no key has.
    #[error("the key is empty, or has characters that cannot be sent")]
    Malformed,
}

/// A key.
#[derive(Clone)]
pub struct Key(Arc<str>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Key {
    /// A key that somebody gives: the editor, or a server that was started here. White space around it is not part of it.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn new(key: &str) -> Result<Self, KeyError> {
        let key = key.trim();
        if key.is_empty() || !key.bytes().all(|it| it.is_ascii_graphic()) {
            return Err(KeyError::Malformed);
        }
        Ok(Self(key.into()))
    }

    /// From a variable of the environment.
    ///
    /// # Errors
    ///
    /// When it is not set, or is no key.
    pub fn from_env(name: &str) -> Result<Self, KeyError> {
        let value = std::env::var(name).map_err(|_| KeyError::Environment(name.to_owned()))?;
        Self::new(&value)
    }

    /// From the keychain of the system: the entry with this name of the service `symphony`. It may ask the user, and waits.
    ///
    /// # Errors
    ///
    /// When it has none.
    pub fn from_keychain(entry: &str) -> Result<Self, KeyError> {
        let value = password(entry).map_err(|why| KeyError::Keychain {
            entry: entry.to_owned(),
            why,
        })?;
        Self::new(&value)
    }

    /// As it is sent: marked, so that no library shows it.
    pub(crate) fn header(&self) -> Result<HeaderValue, KeyError> {
        let value = HeaderValue::from_str(&format!("Bearer {}", self.0));
        let mut value = value.map_err(|_| KeyError::Malformed)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// For the environment of a server that is started here.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// A new one that nobody can guess.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        let digits: String = bytes.iter().map(|it| format!("{it:02x}")).collect();
        Ok(Self(digits.into()))
    }
}

#[cfg(feature = "keychain")]
fn password(entry: &str) -> Result<String, String> {
    let found = keyring::Entry::new(SERVICE, entry).and_then(|it| it.get_password());
    found.map_err(|error| match (error, keyring::Entry::store_status()) {
        (keyring::Error::NoDefaultStore, Err(why)) => format!("none answers: {why}"),
        (error, _) => error.to_string(),
    })
}

#[cfg(not(feature = "keychain"))]
fn password(_: &str) -> Result<String, String> {
    Err("this build asks no keychain; one with `--features keychain` does".to_owned())
}

/// Where the key of an endpoint comes from. It is read at each start, so a changed key needs no new settings.
#[derive(Debug, Clone, Default)]
pub enum KeySource {
    /// The endpoint wants none.
    #[default]
    None,
    /// A variable of the environment, by name.
    Environment(String),
    /// An entry of the keychain, by name.
    Keychain(String),
    /// The editor has given it.
    Given(Key),
}

impl KeySource {
    /// The key. Asking the keychain waits, so a thread for that does.
    pub(crate) async fn read(&self) -> Result<Option<Key>, KeyError> {
        match self {
            Self::None => Ok(None),
            Self::Environment(name) => Key::from_env(name).map(Some),
            Self::Given(key) => Ok(Some(key.clone())),
            Self::Keychain(entry) => {
                let name = entry.clone();
                let asked = tokio::task::spawn_blocking(move || Key::from_keychain(&name)).await;
                let found = asked.unwrap_or_else(|error| {
                    Err(KeyError::Keychain {
                        entry: entry.clone(),
                        why: error.to_string(),
                    })
                });
                found.map(Some)
            }
        }
    }
}
