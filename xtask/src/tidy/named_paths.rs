//! Rule: each path that `docs/architecture.md` names is there.
//!
//! A path is a word in backticks with a `/` whose first part is in the workspace's root, or that
//! ends like a file; this leaves out LSP methods and globs.

use anyhow::Result;

use super::{Finding, tree::Tree};

const PAGE: &str = "docs/architecture.md";

const EXTENSIONS: &[&str] = &[
    ".rs", ".md", ".toml", ".ts", ".tsx", ".json", ".scm", ".py", ".lua",
];

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let text = tree.text(PAGE).unwrap_or_default();
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let words = line.split('`').skip(1).step_by(2);
        let gone = words.filter(|it| is_path(it, tree) && !tree.exists(it));
        findings.extend(gone.map(|it| Finding::error(PAGE, index + 1, format!("no `{it}` here"))));
    }
    Ok(findings)
}

fn is_path(word: &str, tree: &Tree) -> bool {
    let plain = |it: char| it.is_ascii_alphanumeric() || "._-/".contains(it);
    let Some((first, _)) = word.split_once('/') else {
        return false;
    };
    let like_a_file = EXTENSIONS.iter().any(|it| word.ends_with(it));
    !first.is_empty()
        && !word.contains("node_modules")
        && word.chars().all(plain)
        && (like_a_file || tree.exists(first))
}

#[cfg(test)]
mod tests {
    use super::super::tree::tree;
    use super::*;

    #[test]
    fn a_path_that_is_gone_is_found_and_a_method_is_not() {
        let text = concat!(
            "`crates/a/src`, `crates/a/`, `textDocument/hover`, `a/b`, `crates/*`\n",
            "`crates/gone/` and `old/page.md`\n",
        );
        let tree = tree(&[(PAGE, text), ("crates/a/src/lib.rs", "//! A.\n")]);
        let messages: Vec<_> = check(&tree)
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        let expected = ["`crates/gone/`", "`old/page.md`"]
            .map(|it| format!("docs/architecture.md:2: no {it} here"));
        assert_eq!(messages, expected);
    }
}
