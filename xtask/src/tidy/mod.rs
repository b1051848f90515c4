//! `cargo xtask tidy`: one file per rule, each a function from the tree to findings.
//!
//! A rule belongs here when neither the compiler nor clippy can check it. The rules never change a
//! file. `cargo nextest run` runs them all as one test.

mod banned;
mod edges;
mod inputs;
mod lock_files;
mod machine_paths;
mod manifests;
mod module_docs;
mod named_paths;
mod purity;
mod rust;
mod size;
mod tree;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};
use console::{Term, style};

use tree::Tree;

/// One place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// Relative to the workspace, with `/`.
    path: String,
    /// From 1; 0 for the file as a whole.
    line: usize,
    message: String,
    severity: Severity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Severity {
    Error,
    Warning,
}

impl Finding {
    fn error(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
            severity: Severity::Error,
        }
    }

    fn warning(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(path, line, message)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.severity == Severity::Warning {
            "warning: "
        } else {
            ""
        };
        match self.line {
            0 => write!(f, "{}: {mark}{}", self.path, self.message),
            line => write!(f, "{}:{line}: {mark}{}", self.path, self.message),
        }
    }
}

type Check = fn(&Tree) -> Result<Vec<Finding>>;

/// Every rule, in the order of a reader's interest; the output is sorted by path.
const CHECKS: &[Check] = &[
    edges::check,
    manifests::check,
    module_docs::check,
    size::check,
    banned::check,
    purity::check,
    inputs::check,
    named_paths::check,
    machine_paths::check,
    lock_files::check,
];

/// Runs all checks on the workspace at `root`, prints the findings, fails if one is an error.
pub(crate) fn run(root: &Path) -> Result<()> {
    let findings = findings(root)?;
    let terminal = Term::stdout();
    for finding in &findings {
        terminal.write_line(&finding.to_string())?;
    }
    let errors = findings
        .iter()
        .filter(|it| it.severity == Severity::Error)
        .count();
    if errors > 0 {
        bail!(
            "tidy: {errors} findings and {} warnings",
            findings.len() - errors
        );
    }
    let warnings = findings.len();
    terminal.write_line(&format!("{}, {warnings} warnings", style("tidy").green()))?;
    Ok(())
}

fn findings(root: &Path) -> Result<Vec<Finding>> {
    let tree = Tree::read(root)?;
    let mut all = Vec::new();
    for check in CHECKS {
        all.extend(check(&tree)?);
    }
    all.sort();
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        let findings = findings(crate::workspace_root()).unwrap();
        let errors: Vec<_> = findings
            .iter()
            .filter(|it| it.severity == Severity::Error)
            .map(ToString::to_string)
            .collect();
        assert!(errors.is_empty(), "\n{}\n", errors.join("\n"));
    }
}
