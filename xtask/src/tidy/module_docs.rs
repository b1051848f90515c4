//! Rule: every Rust file opens with `//!`, the first thing that a newcomer reads of it.

use anyhow::Result;

use super::{Finding, tree::Tree};

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let bare = tree.rust().map(|(path, _)| path).filter(|path| {
        let text = tree.text(path).unwrap_or_default();
        !text.trim_start_matches('\u{feff}').starts_with("//!")
    });
    Ok(bare
        .map(|path| {
            Finding::error(
                path,
                1,
                "open the file with `//!`: what it owns, who calls it",
            )
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::super::tree::tree;
    use super::*;

    #[test]
    fn a_file_without_a_heading_is_found() {
        let tree = tree(&[("a.rs", "//! Doc.\n"), ("b.rs", "// Not doc.\n")]);
        assert_eq!(check(&tree).unwrap().len(), 1);
    }
}
