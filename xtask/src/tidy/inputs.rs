//! Rule: inputs of the database are written in one file, behind one `Change::apply`.
//!
//! A write is `.set_field(..).to(..)` of a field of a `#[salsa::input]`, as salsa generates it.

use anyhow::Result;

use super::{Finding, tree::Tree};

const WRITER: &str = "crates/db/src/change.rs";

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let fields: Vec<_> = tree
        .rust()
        .flat_map(|(_, file)| &file.input_fields)
        .collect();
    let mut findings = Vec::new();
    for (path, file) in tree.rust().filter(|(path, _)| *path != WRITER) {
        for field in &fields {
            let setter = format!("set_{field}");
            let lines = file
                .find_chained(&setter, &["to", "with_durability"])
                .into_iter();
            findings.extend(lines.map(|line| {
                Finding::error(
                    path,
                    line,
                    format!("only {WRITER} may set the input `{field}`"),
                )
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
    fn a_setter_of_an_input_is_found_and_other_setters_are_not() {
        let input = "#[salsa::input]\npub struct FileText { pub revision: u32 }\n";
        let call = "fn f() {\n    it.set_revision(db).to(1);\n    it.set_name(db).to(1);\n    parser.set_revision(f(1)).unwrap();\n}\n";
        let tree = tree(&[(WRITER, call), ("a.rs", input), ("b.rs", call)]);
        let findings = check(&tree).unwrap();
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].path.as_str(), findings[0].line), ("b.rs", 2));
    }
}
