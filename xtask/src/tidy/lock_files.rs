//! Rule: npm's lock files name no registry host, so that a mirror and the public one give the same.

use anyhow::Result;

use super::{Finding, tree::Tree};

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let is_lock = |path: &str| path.rsplit('/').next() == Some("package-lock.json");
    for (path, text) in tree.files().filter(|(path, _)| is_lock(path)) {
        // One finding a file: there are hundreds of such lines or none.
        let first = text.lines().position(|line| {
            let line = line.trim_start();
            line.starts_with("\"resolved\":") && line.contains("://")
        });
        let message = "lock without URLs: `npm install --omit-lockfile-registry-resolved`";
        findings.extend(first.map(|index| Finding::error(path, index + 1, message)));
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::super::tree::tree;
    use super::*;

    #[test]
    fn a_registry_host_is_found() {
        let text = "{\n  \"resolved\": \"https://registry.invalid/a.tgz\"\n}\n";
        let findings = check(&tree(&[("e/package-lock.json", text), ("a.json", text)])).unwrap();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].line, 2);
    }
}
