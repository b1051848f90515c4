//! Rule: no file names a folder that only one machine has.

use anyhow::Result;

use super::{Finding, tree::Tree};

/// Folders at the root of build machines. Split, so that this file does not find itself.
const MACHINE_FOLDERS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/")];

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, text) in tree.files() {
        for (index, line) in text.lines().enumerate() {
            for folder in MACHINE_FOLDERS.iter().filter(|it| names_folder(line, it)) {
                let message = format!("`{folder}` exists on one machine only");
                findings.push(Finding::error(path, index + 1, message));
            }
        }
    }
    Ok(findings)
}

/// Whether the folder stands in the line as an absolute path, not inside a longer one.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|it| it.is_alphanumeric() || "._-})*".contains(it))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::tree;
    use super::*;

    #[test]
    fn an_absolute_path_is_found_and_a_relative_one_is_not() {
        for folder in MACHINE_FOLDERS {
            let text = format!("at {folder}x\nfile://{folder}x\nsome{folder}x\n");
            let findings = check(&tree(&[("a.md", &text)])).unwrap();
            assert_eq!(
                findings.iter().map(|it| it.line).collect::<Vec<_>>(),
                [1, 2]
            );
        }
    }
}
