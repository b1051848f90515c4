//! The extensions that are installed, and whether this system can fence them in.

use symphony_extension::{Loaded, Quarantine, Support, support};

use super::report::Finding;
use crate::commands::ext::{installed, users_directory};

const TOPIC: &str = "extensions";

pub(super) fn all() -> Vec<Finding> {
    let dir = match users_directory() {
        Ok(dir) => dir,
        Err(error) => {
            let remedy = "set SYMPHONY_EXTENSIONS_DIR, or HOME";
            return vec![Finding::warning(TOPIC, format!("{error:#}"), remedy)];
        }
    };
    let quarantine = Quarantine::new(dir.join("quarantine.json"));
    let folders = installed(&dir);
    let mut findings = vec![sandbox(folders.len())];
    if folders.is_empty() {
        let found = format!("none is installed in {}", dir.display());
        findings.push(Finding::note(TOPIC, found));
    }
    for folder in folders {
        findings.push(match Loaded::read(&folder) {
            Ok(loaded) => one(&loaded, &quarantine),
            Err(error) => Finding::broken(
                TOPIC,
                format!("{}: {error}", folder.display()),
                format!(
                    "`symphony ext verify {}` tells the places",
                    folder.display()
                ),
            ),
        });
    }
    findings
}

fn one(loaded: &Loaded, quarantine: &Quarantine) -> Finding {
    let manifest = &loaded.manifest;
    let (name, version, kind) = (&manifest.name, &manifest.version, manifest.kind.as_str());
    let record = quarantine.record(name);
    match record.verdict(loaded.content) {
        Some((crashes, reason)) => Finding::broken(
            TOPIC,
            format!(
                "{name} {version} is in quarantine after {crashes} crashes, the last: {reason}"
            ),
            format!("mend it, or let it try again by `symphony ext release {name}`"),
        ),
        None => Finding::good(TOPIC, format!("{name} {version}, {kind}")),
    }
}

fn sandbox(n_extensions: usize) -> Finding {
    const TOPIC: &str = "sandbox";
    let support = support();
    match &support {
        Support::Full => Finding::good(TOPIC, support.to_string()),
        Support::Partial(_) | Support::None(_) if n_extensions > 0 => Finding::warning(
            TOPIC,
            support.to_string(),
            "install only extensions that you would run without a sandbox; on Linux, a newer kernel enforces more",
        ),
        Support::Partial(_) | Support::None(_) => Finding::note(TOPIC, support.to_string()),
    }
}
