//! Places that an editor can go to.

use symphony_db::{SourceFile, source_text};
use symphony_hir::{Decl, DeclData, DeclId, DeclKind, Hir};
use symphony_semantic::{Def, Semantics, Target};
use symphony_text::{TextRange, TextSize};

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NavigationTarget {
    /// The file.
    pub file: SourceFile,
    /// What the cursor is put on: the name.
    pub focus: TextRange,
    /// The whole declaration.
    pub full: TextRange,
}

impl NavigationTarget {
    pub(crate) fn new(file: SourceFile, focus: TextRange) -> Self {
        Self {
            file,
            focus,
            full: focus,
        }
    }

    /// The beginning of a file.
    pub(crate) fn start_of(file: SourceFile) -> Self {
        Self::new(file, TextRange::empty(0.into()))
    }

    pub(crate) fn of_decl(file: SourceFile, decl: &Decl) -> Self {
        Self {
            file,
            focus: decl.name_range,
            full: decl.range,
        }
    }

    /// All of a file from its first token on.
    pub(crate) fn whole_file(semantics: &Semantics<'_>, file: SourceFile) -> Self {
        let text = source_text(semantics.db, file);
        let range = TextRange::new(first_token(&text), TextSize::of(&*text));
        Self::new(file, range)
    }

    /// The places of what a name stands for.
    pub(crate) fn of_target(semantics: &Semantics<'_>, target: Target) -> Vec<Self> {
        match target {
            Target::Module(file) => vec![Self::whole_file(semantics, file)],
            Target::Ambient(file, scope) => {
                let hir = semantics.hir(file);
                let modules = hir.ambient_modules().iter();
                modules
                    .filter(|it| it.scope == Some(scope))
                    .map(|it| Self::of_decl(file, hir.decl(it.decl)))
                    .collect()
            }
            Target::Symbol(def) => {
                let hir = semantics.hir(def.file);
                Self::of_decls(def, &hir, &hir.symbol(def.symbol).decls)
            }
        }
    }

    pub(crate) fn of_decls(def: Def, hir: &Hir, decls: &[DeclId]) -> Vec<Self> {
        let decls = decls.iter();
        decls
            .map(|&decl| Self::of_decl(def.file, hir.decl(decl)))
            .collect()
    }
}

/// Whether a declaration is a function by its own syntax: not a variable that holds one, and no accessor.
pub(crate) fn is_function(hir: &Hir, decl: DeclId) -> bool {
    let decl = hir.decl(decl);
    matches!(decl.data, DeclData::Function(_)) && decl.kind != DeclKind::Accessor
}

/// Where the first token of a text is: behind blanks, comments and a `#!` line.
fn first_token(text: &str) -> TextSize {
    let mut rest = text;
    if rest.starts_with("#!") {
        rest = after_line(rest);
    }
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        rest = if rest.starts_with("//") {
            after_line(rest)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map_or("", |end| &comment[end + 2..])
        } else {
            return TextSize::of(text) - TextSize::of(rest);
        };
    }
}

fn after_line(text: &str) -> &str {
    text.find('\n').map_or("", |end| &text[end + 1..])
}

#[cfg(test)]
mod tests {
    use super::first_token;

    #[test]
    fn comments_are_no_tokens() {
        let at = |text: &str| u32::from(first_token(text));
        assert_eq!(at("#!/bin/x\n/* a */ // b\n  c"), 24);
        assert_eq!(at("/* never ends"), 13);
        assert_eq!(at(""), 0);
    }
}
