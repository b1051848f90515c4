//! Prints what is said about the names of files.
//!
//! `organize unused PATH...` lists unused names; `organize all|sort|remove [--jsx] PATH...` prints a line `== PATH` and the new
//! text of each file that changes.

use std::path::Path;

use symphony_ide::{OrganizeMode, OrganizeOptions, apply_edits, organize_imports, unused_names};
use symphony_syntax::Language;

#[expect(clippy::print_stdout, reason = "the program's answer")]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((what, paths)) = arguments.split_first() else {
        return;
    };
    let mode = match what.as_str() {
        "sort" => OrganizeMode::SortAndCombine,
        "remove" => OrganizeMode::RemoveUnused,
        _ => OrganizeMode::All,
    };
    let (flags, paths): (Vec<&String>, Vec<&String>) =
        paths.iter().partition(|it| it.starts_with("--"));
    let jsx_factories: &[&str] = if flags.is_empty() { &[] } else { &["React"] };
    for path in paths {
        #[expect(clippy::disallowed_methods, reason = "a tool, not the server")]
        let Ok(text) = std::fs::read_to_string(path) else {
            continue;
        };
        let language = Language::from_path(Path::new(path)).unwrap_or(Language::TypeScript);
        let hir = symphony_hir::lower(&text, language);
        if what == "unused" {
            for it in unused_names(&text, &hir, jsx_factories) {
                let name = hir.name(hir.decl(it.decl).name);
                let (start, end) = (u32::from(it.range.start()), u32::from(it.range.end()));
                println!("{path}\t{start}\t{end}\t{:?}\t{name}", it.kind);
            }
            continue;
        }
        let options = OrganizeOptions {
            mode,
            jsx_factories,
            indent: Some("    "),
            newline: None,
        };
        let edits = organize_imports(&text, &hir, options);
        if !edits.is_empty() {
            println!("== {path}\n{}\u{0}", apply_edits(&text, &edits));
        }
    }
}
