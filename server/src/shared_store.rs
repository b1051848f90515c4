//! The store that machines share, as the user asked for it on the command line or in the environment; never as a workspace
//! did. What is wrong with it is told in the log, and the server goes on without it.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use symphony_pit::store::{Secret, SharedOptions, connect};

/// Where the secret is, unless a file is named: on the command line all users of the machine could read it.
const SECRET: &str = "SYMPHONY_SHARED_SECRET";

/// What is shared with other machines.
#[derive(Args)]
pub(crate) struct SharedStore {
    /// Share summaries with other machines through this store: s3://bucket/prefix, redis://host:port/db or rediss://...
    // A password may be in it.
    #[arg(
        long,
        value_name = "URL",
        env = "SYMPHONY_SHARED_STORE",
        hide_env_values = true
    )]
    shared_store: Option<String>,
    /// The file with the secret that what is shared is authenticated with, in place of SYMPHONY_SHARED_SECRET.
    #[arg(long, value_name = "FILE")]
    shared_secret: Option<PathBuf>,
}

impl SharedStore {
    /// How it is used; none if it was not asked for, or cannot be used, which is told in the log.
    pub(crate) fn options(&self) -> Option<SharedOptions> {
        let address = self.shared_store.as_deref().filter(|it| !it.is_empty())?;
        let options = self.open(address);
        options
            .inspect_err(|error| {
                tracing::error!("nothing is shared with other machines: {error:#}")
            })
            .ok()
    }

    fn open(&self, address: &str) -> anyhow::Result<SharedOptions> {
        let text = match &self.shared_secret {
            Some(path) => fs::read_to_string(path)
                .with_context(|| format!("failed to read the secret in {}", path.display()))?,
            None => std::env::var(SECRET).with_context(|| {
                format!("there is no secret; it is in {SECRET} or in the file of --shared-secret")
            })?,
        };
        let secret = Secret::new(&text).context("failed to take the secret")?;
        // What is no text is of no use to S3.
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        let backend = connect(address, environment)?;
        Ok(SharedOptions::new(backend, secret))
    }
}

// Neither the address nor the name of the file belongs into a log.
impl std::fmt::Debug for SharedStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedStore").finish_non_exhaustive()
    }
}
