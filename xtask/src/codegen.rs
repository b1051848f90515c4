//! `cargo xtask codegen`: files made from tables. With `--check` nothing is written, and a difference is an error.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::settings_files;

const TABLE: &str = "grammars/node-kinds.txt";
const GENERATED: &str = "crates/syntax/src/kind/generated.rs";

/// Writes every generated file of the workspace at `root`, or only compares them.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let table = read(root, TABLE)?;
    let mut files = vec![(GENERATED, node_kinds(&table)?)];
    files.extend(settings_files::all(root)?);
    for (path, made) in files {
        if check {
            let found = read(root, path)?.replace("\r\n", "\n");
            ensure!(
                made == found,
                "{path} is out of date: run `cargo xtask codegen`"
            );
            continue;
        }
        std::fs::write(root.join(path), made).with_context(|| format!("failed to write {path}"))?;
    }
    Ok(())
}

fn read(root: &Path, path: &str) -> Result<String> {
    std::fs::read_to_string(root.join(path)).with_context(|| format!("failed to read {path}"))
}

/// The enum of node kinds and its table, from rows of variant, `named` or `token`, and the grammar's name.
fn node_kinds(table: &str) -> Result<String> {
    let rows = table
        .lines()
        .map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
            [variant, "named", name] => Ok((variant, true, name)),
            [variant, "token", name] => Ok((variant, false, name)),
            _ => bail!("{TABLE}: not a row: {line:?}"),
        })
        .collect::<Result<Vec<_>>>()?;
    ensure!(rows.is_sorted(), "{TABLE}: the rows are not sorted");
    let mut out = format!(
        "//! Node kinds of the TypeScript and TSX grammars. Generated from `{TABLE}` by `cargo xtask codegen`.\n\n"
    );
    out += "/// What a syntax node is, the same in both grammars.\n\
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\n\
            #[repr(u16)]\n\
            pub enum SyntaxKind {\n    \
            /// Text that the parser could not fit in, or a kind that the table does not know.\n    Error,\n";
    for (variant, named, name) in &rows {
        let token = if *named { "" } else { " (token)" };
        writeln!(out, "    /// `{name}`{token}\n    {variant},")?;
    }
    out += "}\n\n/// Every kind with its name in the grammar and whether it is a named node, sorted by variant.\n\
            #[rustfmt::skip]\n\
            pub(super) const KINDS: &[(SyntaxKind, &str, bool)] = &[\n";
    for (variant, named, name) in &rows {
        writeln!(out, "    (SyntaxKind::{variant}, {name:?}, {named}),")?;
    }
    out += "];\n";
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_files_are_current() {
        run(crate::workspace_root(), true).unwrap();
    }

    #[test]
    fn a_broken_table_is_refused() {
        assert!(node_kinds("A\tnamed\ta\nB\tb").is_err());
        assert!(node_kinds("B\tnamed\tb\nA\tnamed\ta").is_err());
    }
}
