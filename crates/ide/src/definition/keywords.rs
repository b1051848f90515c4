//! Definitions of keywords: `return`, `await` and `yield` lead to their function, `case` and `default` to their `switch`.

use symphony_db::{Db, SourceFile, parse};
use symphony_hir::Hir;
use symphony_syntax::{NodeExt, SyntaxKind, ancestors, token_at};
use symphony_text::{TextRange, TextSize};

use crate::navigation::NavigationTarget;

pub(super) fn definition(
    db: &dyn Db,
    file: SourceFile,
    hir: &Hir,
    offset: TextSize,
) -> Vec<NavigationTarget> {
    use SyntaxKind::*;
    let Some(parse) = parse(db, file) else {
        return Vec::new();
    };
    let Some(token) = token_at(&parse, offset) else {
        return Vec::new();
    };
    let found = match token.syntax() {
        KwReturn | KwAwait | KwYield => function_around(file, hir, offset),
        KwCase | KwDefault => {
            let switch = ancestors(token).find(|it| it.syntax() == SwitchStatement);
            switch.map(|it| {
                let word = TextRange::at(it.text_range().start(), 6.into());
                NavigationTarget {
                    file,
                    focus: word,
                    full: it.text_range(),
                }
            })
        }
        _ => None,
    };
    found.into_iter().collect()
}

/// The innermost function around a place in its body.
fn function_around(file: SourceFile, hir: &Hir, offset: TextSize) -> Option<NavigationTarget> {
    let around = hir
        .functions()
        .filter(|(_, it)| it.body.is_some_and(|body| body.contains_inclusive(offset)));
    let (_, function) = around.min_by_key(|(_, it)| it.range.len())?;
    let name = function.decl.map(|it| hir.decl(it).name_range);
    Some(NavigationTarget {
        file,
        focus: name.unwrap_or(function.range),
        full: function.range,
    })
}
