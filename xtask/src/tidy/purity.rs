//! Rule: the crates below the editor's edge see no disk, no environment and no clock.
//!
//! Their answers depend on the database only, or caching them would be wrong. Tests may.

use anyhow::Result;

use super::{Finding, tree::Tree};

const PURE_CRATES: &[&str] = &["summary", "db", "types", "ide"];

const IMPURE: &[(&str, &str)] = &[
    ("std :: fs", "the file system"),
    ("std :: env", "the environment"),
    ("Instant", "a clock"),
    ("SystemTime", "a clock"),
];

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, file) in tree.rust() {
        let Some(name) = PURE_CRATES
            .iter()
            .find(|it| path.starts_with(&format!("crates/{it}/")))
        else {
            continue;
        };
        for (pattern, what) in IMPURE {
            let lines = file
                .find(pattern)
                .into_iter()
                .filter(|line| !file.is_test(*line));
            findings.extend(lines.map(|line| {
                Finding::error(path, line, format!("crate `{name}` must not see {what}"))
            }));
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::super::tree::tree;
    use super::*;

    #[test]
    fn clocks_and_disks_are_found_outside_tests_only() {
        let text = concat!(
            "use std::{env, time::Instant};\n",
            "#[cfg(test)]\n",
            "mod tests {\n",
            "    use std::fs;\n",
            "}\n",
        );
        let tree = tree(&[("crates/ide/src/a.rs", text), ("crates/vfs/src/a.rs", text)]);
        let findings: Vec<_> = check(&tree)
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            findings,
            [
                "crates/ide/src/a.rs:1: crate `ide` must not see the environment",
                "crates/ide/src/a.rs:1: crate `ide` must not see a clock",
            ]
        );
    }
}
