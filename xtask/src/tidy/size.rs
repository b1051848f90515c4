//! Rule: files and functions stay readable in one sitting.
//!
//! Test code and files named `generated.rs` do not count. What is over the limit stands in `xtask/tidy/exceptions.toml` with its
//! size, which it may never exceed; an entry that is no longer needed is an error.

use std::collections::HashSet;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{Finding, tree::Tree};

const EXCEPTIONS: &str = "xtask/tidy/exceptions.toml";
const FILE: Limit = Limit {
    what: "file",
    warn: 400,
    fail: 800,
};
const FUNCTION: Limit = Limit {
    what: "function",
    warn: 60,
    fail: 120,
};

struct Limit {
    what: &'static str,
    warn: usize,
    fail: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exceptions {
    #[serde(default)]
    exception: Vec<Exception>,
}

#[derive(Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(deny_unknown_fields)]
struct Exception {
    path: String,
    /// Absent for the file itself.
    function: Option<String>,
    lines: usize,
}

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let text = tree.text(EXCEPTIONS).unwrap_or_default();
    let exceptions: Exceptions =
        toml::from_str(text).with_context(|| format!("failed to read {EXCEPTIONS}"))?;
    let mut needed = HashSet::new();
    let mut findings = Vec::new();
    for (path, file) in tree
        .rust()
        .filter(|(path, _)| !path.ends_with("/generated.rs"))
    {
        let whole = (&FILE, None, 0, file.code_lines());
        let functions = file
            .functions
            .iter()
            .map(|it| (&FUNCTION, Some(&it.name), it.line, it.n_lines));
        for (limit, function, line, n_lines) in std::iter::once(whole).chain(functions) {
            let granted = exceptions.exception.iter().find(|it| {
                it.path == path && it.function.as_ref() == function && n_lines > limit.fail
            });
            needed.extend(granted);
            let Limit { what, warn, fail } = limit;
            let size = format!("{what} of {n_lines} lines");
            findings.extend(match granted {
                Some(it) if n_lines > it.lines => {
                    let message = format!("{size}; its exception allows {}", it.lines);
                    Some(Finding::error(path, line, message))
                }
                Some(_) => None,
                None if n_lines > *fail => Some(Finding::error(
                    path,
                    line,
                    format!("{size}; the limit is {fail}"),
                )),
                None if n_lines > *warn => Some(Finding::warning(
                    path,
                    line,
                    format!("{size}; aim at {warn}"),
                )),
                None => None,
            });
        }
    }
    for it in exceptions
        .exception
        .iter()
        .filter(|it| !needed.contains(it))
    {
        let name = it.function.as_deref().unwrap_or("the file");
        let message = format!("remove the exception for {name} of {}: not needed", it.path);
        findings.push(Finding::error(EXCEPTIONS, 0, message));
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::super::tree::tree;
    use super::*;

    fn messages(exceptions: &str, n_lines: usize) -> Vec<String> {
        let text = format!("fn long() {{\n{}}}\n", "    call();\n".repeat(n_lines - 2));
        let tree = tree(&[("a.rs", &text), (EXCEPTIONS, exceptions)]);
        check(&tree)
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn long_functions_warn_then_fail() {
        assert_eq!(messages("", 60), [] as [&str; 0]);
        assert_eq!(
            messages("", 61),
            ["a.rs:1: warning: function of 61 lines; aim at 60"]
        );
        assert_eq!(
            messages("", 121),
            ["a.rs:1: function of 121 lines; the limit is 120"]
        );
    }

    #[test]
    fn an_exception_may_only_shrink() {
        let exception = "[[exception]]\npath = \"a.rs\"\nfunction = \"long\"\nlines = 130\n";
        assert_eq!(messages(exception, 130), [] as [&str; 0]);
        assert_eq!(
            messages(exception, 131),
            ["a.rs:1: function of 131 lines; its exception allows 130"]
        );
        assert_eq!(
            messages(exception, 40),
            ["xtask/tidy/exceptions.toml: remove the exception for long of a.rs: not needed"]
        );
    }
}
