//! Rule: every package takes its lints from the workspace.

use anyhow::{Context, Result};

use super::{Finding, tree::Tree};

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, text) in tree
        .files()
        .filter(|(path, _)| path.ends_with("Cargo.toml"))
    {
        let manifest: toml::Table =
            toml::from_str(text).with_context(|| format!("failed to read {path}"))?;
        let lints = manifest.get("lints").and_then(|it| it.get("workspace"));
        if manifest.contains_key("package") && lints != Some(&toml::Value::Boolean(true)) {
            findings.push(Finding::error(path, 0, "add `[lints] workspace = true`"));
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::super::tree::tree;
    use super::*;

    #[test]
    fn a_package_without_the_lints_is_found() {
        let tree = tree(&[
            ("Cargo.toml", "[workspace]\n"),
            ("crates/a/Cargo.toml", "[package]\nname = \"a\"\n"),
            (
                "crates/b/Cargo.toml",
                "[package]\nname = \"b\"\n[lints]\nworkspace = true\n",
            ),
        ]);
        let findings = check(&tree).unwrap();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path, "crates/a/Cargo.toml");
    }
}
