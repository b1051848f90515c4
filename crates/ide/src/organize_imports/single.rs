//! Removing one name of an import, or one import, and leaving the rest as it is.

use symphony_hir::{DeclId, Hir, ImportStatement};

use super::statement::Statement;
use super::trivia::{self, Stop};
use crate::edit::TextEdit;

/// The edit that removes what `decl` imports, with its statement if that binds nothing else or `whole` says so; none for
/// what is not bound by an import.
pub(crate) fn remove_import(text: &str, hir: &Hir, decl: DeclId, whole: bool) -> Option<TextEdit> {
    let import = hir.imports().iter().find(|it| binds(it, decl))?;
    let (start, end) = (import.range.start().into(), import.range.end().into());
    let statement = Statement::read(text, start, end)?;
    let names = usize::from(statement.default.is_some())
        + usize::from(statement.star.is_some())
        + statement.list.as_ref().map_or(0, |it| it.items.len());
    if whole || names == 1 {
        return Some(remove_statement(text, &statement));
    }
    let name = usize::from(hir.decl(decl).name_range.start());
    let bindings = (statement.star.as_ref())
        .map(|star| text[..star.start].rfind('*').unwrap_or(star.start))
        .or(statement.list.as_ref().map(|it| it.open));
    if let Some(default) = statement.default {
        let default_end = default.start + default.text.len();
        if default.start == name {
            return Some(removed(default.start, bindings?));
        }
        if statement.star.is_some() {
            return Some(removed(
                default_end,
                statement.star?.start + statement.star?.text.len(),
            ));
        }
        let list = statement.list.as_ref()?;
        if list.items.len() == 1 {
            return Some(removed(default_end, list.close));
        }
    }
    let items = &statement.list.as_ref()?.items;
    let at = items.iter().position(|it| it.name.start == name)?;
    Some(match (items.get(at + 1), at.checked_sub(1)) {
        (Some(next), _) => removed(items[at].start, next.start),
        (None, Some(before)) => removed(items[before].end, items[at].end),
        (None, None) => return None,
    })
}

fn binds(import: &ImportStatement, decl: DeclId) -> bool {
    let listed = (import.named.iter().flat_map(|it| &it.specifiers)).any(|it| it.decl == decl);
    listed || import.default == Some(decl) || import.namespace == Some(decl)
}

fn remove_statement(text: &str, statement: &Statement<'_>) -> TextEdit {
    let line = trivia::line_start(text, statement.start);
    let alone = text[line..statement.start].trim().is_empty();
    let end = trivia::skip(text, statement.end, Stop::AFTER_LINE_OR_AT_COMMENT);
    removed(if alone { line } else { statement.start }, end)
}

fn removed(start: usize, end: usize) -> TextEdit {
    TextEdit {
        range: super::range(start, end),
        new_text: String::new(),
    }
}
