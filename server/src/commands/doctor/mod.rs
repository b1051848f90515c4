//! `symphony doctor`: what is wrong on this machine, and what to do about it. It changes nothing, but that a cache directory is made as a
//! server would; it asks no other machine, and starts nothing but the Python and the editors that the user has.

mod checks;
mod editors;
mod extensions;
mod instruments;
mod report;

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::json;

use self::report::{Finding, State};
use super::say;
use crate::settings::SettingOptions;

/// How it looks.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// For this folder of a workspace.
    #[arg(long, value_name = "DIR", default_value = ".")]
    workspace: PathBuf,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Looks, and tells. Fails if something is broken.
pub(crate) fn run(options: &Options, settings: &SettingOptions) -> anyhow::Result<()> {
    let folder = &options.workspace;
    let folder = folder
        .canonicalize()
        .with_context(|| format!("failed to find the folder {}", folder.display()))?;
    let mut stack = settings.stack(None);
    stack.set_roots(std::slice::from_ref(&folder));
    let config = stack.config(Some(&folder));
    let cache = settings.cache(config);

    let mut findings = checks::settings(&stack);
    findings.push(checks::typescript(&folder));
    findings.extend(checks::cache(cache));
    findings.push(checks::conductor(config));
    findings.extend(instruments::all(config));
    findings.extend(extensions::all());
    findings.push(editors::binary());
    findings.extend(editors::all());

    let n_broken = count(&findings, State::Broken);
    if options.json {
        let report = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "system": std::env::consts::OS,
            "processor": std::env::consts::ARCH,
            "workspace": folder,
            "broken": n_broken,
            "findings": findings.iter().map(Finding::as_json).collect::<Vec<_>>(),
        });
        say(&format!("{report:#}\n"))?;
    } else {
        let heading = format!(
            "symphony {}, {} {}\n\n",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH
        );
        say(&(heading + &report::text(&findings)))?;
    }
    match n_broken {
        0 => Ok(()),
        1 => bail!("1 thing is broken"),
        n => bail!("{n} things are broken"),
    }
}

fn count(findings: &[Finding], state: State) -> usize {
    findings.iter().filter(|it| it.state == state).count()
}
