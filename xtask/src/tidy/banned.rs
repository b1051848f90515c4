//! Rule: words that no Rust file may hold, tests included.

use anyhow::Result;

use super::{Finding, tree::Tree};

/// Token patterns and what to do instead.
const BANNED: &[(&str, &str)] = &[
    ("# [ ignore", "a test runs or it goes: no `#[ignore]`"),
    (
        "# [ should_panic",
        "assert on a value: no `#[should_panic]`",
    ),
    (
        "# [ allow (",
        "`#[expect(.., reason = \"..\")]` says why and when it is over: no `#[allow]`",
    ),
    (
        "# ! [ allow (",
        "`#![expect(.., reason = \"..\")]` says why: no `#![allow]`",
    ),
    (
        "thread :: sleep",
        "wait for an event or take the clock as an argument: no `thread::sleep`",
    ),
    ("todo !", "finish it or leave it out: no `todo!`"),
    (
        "unimplemented !",
        "finish it or leave it out: no `unimplemented!`",
    ),
];

/// The only files with unsafe code: opening libraries, and calling C. The compiler refuses it where nobody says `unsafe_code`.
const UNSAFE: &[&str] = &[
    "crates/conductor/src/library.rs",
    "crates/conductor-py/src/abi.rs",
];

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, file) in tree.rust() {
        for (pattern, message) in BANNED {
            let lines = file.find(pattern).into_iter();
            findings.extend(lines.map(|line| Finding::error(path, line, *message)));
        }
        if !UNSAFE.contains(&path) {
            let lines = file.find("unsafe_code").into_iter();
            let message = "no unsafe code but in the files that `banned.rs` of tidy names";
            findings.extend(lines.map(|line| Finding::error(path, line, message)));
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::super::tree::tree;
    use super::*;

    #[test]
    fn each_pattern_is_found_in_tests_too() {
        let text = concat!(
            "#![allow(dead_code)]\n",
            "#[allow(unused)]\n",
            "fn a() { todo!() }\n",
            "#[cfg(test)]\n",
            "mod tests {\n",
            "    #[test]\n",
            "    #[ignore]\n",
            "    #[should_panic(expected = \"x\")]\n",
            "    fn b() { std::thread::sleep(x); unimplemented!() }\n",
            "}\n",
        );
        let lines: Vec<_> = check(&tree(&[("a.rs", text)]))
            .unwrap()
            .into_iter()
            .map(|it| it.line)
            .collect();
        assert_eq!(lines, [7, 8, 2, 1, 9, 3, 9]);
    }

    #[test]
    fn unsafe_code_has_its_files() {
        let text = "#![expect(\n    unsafe_code,\n    reason = \"fast\"\n)]\n";
        let findings = check(&tree(&[("a.rs", text), (UNSAFE[0], text)])).unwrap();
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].path.as_str(), findings[0].line), ("a.rs", 2));
    }
}
