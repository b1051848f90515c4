//! Rule: the dependencies between packages are those of `xtask/tidy/edges.toml`.
//!
//! Only normal dependencies count: tests and build scripts may look anywhere.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, MetadataCommand};
use serde::Deserialize;

use super::{Finding, tree::Tree};

const EDGES: &str = "xtask/tidy/edges.toml";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edges {
    /// For each package of the workspace, those that it may name.
    internal: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    external: Vec<External>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct External {
    /// Names, or beginnings of names that end in `*`.
    packages: Vec<String>,
    allowed: Vec<String>,
}

/// A package of the workspace and the real names of what it depends on.
#[derive(Debug)]
struct Package {
    name: String,
    manifest: String,
    dependencies: Vec<String>,
}

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let text = tree
        .text(EDGES)
        .with_context(|| format!("{EDGES} is missing"))?;
    let edges: Edges = toml::from_str(text).with_context(|| format!("failed to read {EDGES}"))?;
    Ok(broken(&edges, &packages(crate::workspace_root())?))
}

fn packages(root: &Path) -> Result<Vec<Package>> {
    let metadata = MetadataCommand::new()
        .current_dir(root)
        .no_deps()
        .exec()
        .context("failed to run `cargo metadata`")?;
    let packages = metadata.packages.into_iter().map(|package| {
        let manifest = package.manifest_path.strip_prefix(&metadata.workspace_root);
        let normal = package
            .dependencies
            .iter()
            .filter(|it| it.kind == DependencyKind::Normal);
        Package {
            name: package.name.to_string(),
            manifest: manifest
                .map(|it| it.as_str().replace('\\', "/"))
                .unwrap_or_default(),
            dependencies: normal.map(|it| it.name.clone()).collect(),
        }
    });
    Ok(packages.collect())
}

fn broken(edges: &Edges, packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages {
        let allowed = edges.internal.get(&package.name);
        if allowed.is_none() {
            let message = format!("`{}` is missing from [internal] of {EDGES}", package.name);
            findings.push(Finding::error(&package.manifest, 0, message));
        }
        for dependency in &package.dependencies {
            let ours = packages.iter().any(|it| it.name == *dependency);
            let fine = if ours {
                allowed.is_some_and(|it| it.contains(dependency))
            } else {
                may_use(&edges.external, &package.name, dependency)
            };
            if !fine {
                let message = format!("the edge to `{dependency}` is not in {EDGES}");
                findings.push(Finding::error(&package.manifest, 0, message));
            }
        }
    }
    findings
}

/// The longest pattern that fits `dependency` decides; without one it is free to use.
fn may_use(rules: &[External], package: &str, dependency: &str) -> bool {
    let length_of_fit = |rule: &External| {
        let fits = |pattern: &&String| match pattern.strip_suffix('*') {
            Some(start) => dependency.starts_with(start),
            None => dependency == **pattern,
        };
        rule.packages.iter().filter(fits).map(String::len).max()
    };
    let rule = rules
        .iter()
        .filter_map(|rule| length_of_fit(rule).map(|length| (length, rule)))
        .max_by_key(|(length, _)| *length);
    rule.is_none_or(|(_, rule)| rule.allowed.iter().any(|it| it == package))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_outside_the_list_is_found() {
        let edges: Edges = toml::from_str(concat!(
            "internal = { low = [], high = [\"low\"] }\n",
            "external = [\n",
            "  { packages = [\"tokio*\"], allowed = [\"high\"] },\n",
            "  { packages = [\"tokio-low\"], allowed = [\"low\"] },\n",
            "]\n",
        ))
        .unwrap();
        let package = |name: &str, dependencies: &[&str]| Package {
            name: name.to_owned(),
            manifest: format!("{name}/Cargo.toml"),
            dependencies: dependencies.iter().map(|it| (*it).to_owned()).collect(),
        };
        let packages = [
            package("low", &["high", "tokio-util", "tokio-low", "anyhow"]),
            package("high", &["low", "tokio"]),
            package("new", &["anyhow"]),
        ];
        let found: Vec<_> = broken(&edges, &packages)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            found,
            [
                "low/Cargo.toml: the edge to `high` is not in xtask/tidy/edges.toml",
                "low/Cargo.toml: the edge to `tokio-util` is not in xtask/tidy/edges.toml",
                "new/Cargo.toml: `new` is missing from [internal] of xtask/tidy/edges.toml",
            ]
        );
    }
}
