//! What organising asks about a file: which imports it names anywhere, and whether it ends statements with semicolons.

use rustc_hash::{FxHashMap, FxHashSet};
use symphony_hir::{DeclKind, Hir, ScopeId, SymbolId, TokenFlags, TokenKind};

use super::OrganizeOptions;
use super::statement::Statement;
use crate::doc_names::{doc_names, is_name_part};
use crate::unused::has_jsx;

/// The imports that a file names anywhere but where it binds them.
pub(super) struct UsedImports {
    /// Where the names of used imports are bound.
    starts: FxHashSet<usize>,
}

impl UsedImports {
    pub(super) fn collect(text: &str, hir: &Hir, options: OrganizeOptions<'_>) -> Self {
        let docs = doc_names(text, hir.is_javascript);
        let mut named: FxHashSet<SymbolId> = FxHashSet::default();
        for token in hir.tokens() {
            let in_comment = token.flags.has(TokenFlags::DOC) && !hir.is_javascript;
            match token.kind {
                TokenKind::Use {
                    symbol: Some(symbol),
                    ..
                }
                | TokenKind::ExportLocal {
                    symbol: Some(symbol),
                    ..
                } if !in_comment => _ = named.insert(symbol),
                // A declaration of the same name beside the import names it as well.
                TokenKind::Decl(decl) if hir.decl(decl).kind != DeclKind::Import => {
                    named.insert(hir.decl(decl).symbol);
                }
                _ => {}
            }
        }
        let by_jsx = has_jsx(hir);
        let mut words: FxHashMap<&str, u32> = FxHashMap::default();
        if options.is_broken {
            for word in text.split(|it: char| !is_name_part(it)) {
                *words.entry(word).or_default() += 1;
            }
        }
        let starts = hir
            .decls()
            .filter(|(_, decl)| {
                let name = hir.name(decl.name).as_str();
                decl.kind == DeclKind::Import
                    && (named.contains(&decl.symbol)
                        || docs.linked.contains(name)
                        || docs.types.contains(name)
                        || by_jsx && options.jsx_factories.contains(&name)
                        || words.get(name).is_some_and(|&count| count > 1))
            })
            .map(|(_, decl)| decl.name_range.start().into())
            .collect();
        Self { starts }
    }

    /// Whether the import that is bound at `start` is used.
    pub(super) fn has(&self, start: usize) -> bool {
        self.starts.contains(&start)
    }
}

/// What a line begins with that begins or ends a statement.
const BEGINNINGS: [&str; 12] = [
    "}",
    "/*",
    "//",
    "export ",
    "import ",
    "const ",
    "let ",
    "var ",
    "function ",
    "return",
    "if ",
    "type ",
];

/// Whether statements end with semicolons here, going by the first five imports and exports, or by the lines of a file
/// that has fewer.
pub(super) fn uses_semicolons(text: &str, statements: &[(ScopeId, Statement<'_>)]) -> bool {
    let mut with = 0;
    let mut without = 0;
    let mut count = |ends: bool| {
        if ends {
            with += 1;
        } else {
            without += 1;
        }
    };
    for (_, it) in statements.iter().take(5) {
        count(it.has_semicolon);
    }
    let mut left = 5_usize.saturating_sub(statements.len());
    let end = statements.last().map_or(0, |(_, it)| it.end);
    let mut lines = text[end..].lines().map(str::trim).peekable();
    while let Some(line) = lines.next()
        && left > 0
    {
        let is_comment = line.starts_with("//") || line.starts_with('*') || line.starts_with("/*");
        let has_end = line.ends_with(|it: char| is_name_part(it) || ")]'\"`>;".contains(it));
        if is_comment || !has_end {
            continue;
        }
        // What ends without a semicolon is only known from what follows.
        let next = lines.peek().copied().unwrap_or_default();
        let ends = next.is_empty() || BEGINNINGS.iter().any(|it| next.starts_with(it));
        if line.ends_with(';') || ends {
            count(line.ends_with(';'));
            left -= 1;
        }
    }
    if with == 0 && without <= 1 {
        return true;
    }
    with * 5 > without
}
