//! Who calls a function, and what it calls: functions, methods, accessors, classes, namespaces and files.

use symphony_db::{Db, SourceFile, source_text};
use symphony_hir::{Hir, TokenFlags, TokenId, TokenKind};
use symphony_semantic::Semantics;
use symphony_text::{TextRange, TextSize};

use crate::SymbolKind;
use crate::names::touched;
use crate::references::{self, ReferenceQuery};

mod callers;
mod outgoing;
mod resolve;
#[cfg(test)]
mod tests;

use callers::{Caller, Callers};

/// Something that calls or is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallItem {
    /// The file.
    pub file: SourceFile,
    /// What sort of thing it is.
    pub kind: SymbolKind,
    /// Its name; empty for a file.
    pub name: String,
    /// The name of what it is in.
    pub container: Option<String>,
    /// All of it.
    pub range: TextRange,
    /// Its name's place: by this it is found again. Empty and at the beginning for a file.
    pub selection: TextRange,
}

/// Calls between two items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The other end: the caller of an incoming, the called of an outgoing call.
    pub item: CallItem,
    /// The places of the calls, in the file of the caller.
    pub ranges: Vec<TextRange>,
}

/// What is named at `offset`, if it calls or can be called.
pub fn prepare_call_hierarchy(db: &dyn Db, file: SourceFile, offset: TextSize) -> Vec<CallItem> {
    let semantics = Semantics::new(db);
    let hir = semantics.hir(file);
    let Some(&token) = touched(&hir, offset).first() else {
        return Vec::new();
    };
    let found = resolve::of_token(&semantics, file, &hir, token);
    items(&semantics, found)
}

/// The calls of the item with this selection.
pub fn incoming_calls(db: &dyn Db, file: SourceFile, selection: TextRange) -> Vec<Call> {
    let semantics = Semantics::new(db);
    let hir = semantics.hir(file);
    let callers = Callers::new(&hir);
    match callers.with_selection(&hir, selection) {
        None | Some(Caller::File | Caller::StaticBlock(_)) => return Vec::new(),
        Some(Caller::Decl(decl)) => {
            if hir.decl(decl).kind == symphony_hir::DeclKind::Namespace {
                return Vec::new();
            }
        }
    }
    let Some(query) = ReferenceQuery::new(&semantics, file, selection.start()) else {
        return Vec::new();
    };
    let mut sites = references::run(&semantics, query);
    sites.sort_by_key(|it| (it.file.id(db), it.range.start()));
    sites.dedup_by_key(|it| (it.file, it.range));
    let mut calls: Vec<Call> = Vec::new();
    let mut at = 0;
    while let Some(first) = sites.get(at) {
        let file = first.file;
        let count = sites[at..].iter().take_while(|it| it.file == file).count();
        let ranges = sites[at..at + count].iter().map(|it| it.range);
        calls.extend(calls_in_file(&semantics, file, ranges));
        at += count;
    }
    calls
}

/// The calls at some of the places of a name in a file, by caller.
fn calls_in_file(
    semantics: &Semantics<'_>,
    file: SourceFile,
    ranges: impl Iterator<Item = TextRange>,
) -> Vec<Call> {
    let hir = semantics.hir(file);
    let callers = Callers::new(&hir);
    let mut groups: Vec<(Caller, Vec<TextRange>)> = Vec::new();
    for range in ranges {
        let is_call = hir
            .tokens_in(range)
            .any(|(id, it)| it.range == range && is_call(semantics, file, &hir, id));
        if !is_call {
            continue;
        }
        let caller = callers.around(range);
        match groups.iter_mut().find(|it| it.0 == caller) {
            Some(group) => group.1.push(range),
            None => groups.push((caller, vec![range])),
        }
    }
    let groups = groups.into_iter();
    groups
        .map(|(caller, ranges)| Call {
            item: callers::item(file, &hir, caller),
            ranges,
        })
        .collect()
}

/// Whether a name is called, constructed, a tag or a decorator, or stands behind a dot.
fn is_call(semantics: &Semantics<'_>, file: SourceFile, hir: &Hir, token: TokenId) -> bool {
    let it = hir.token(token);
    if it.flags.has(TokenFlags::DOC) || it.flags.has(TokenFlags::TYPE) {
        return false;
    }
    if it.flags.has(TokenFlags::JSX_TAG) && matches!(it.kind, TokenKind::Use { .. }) {
        let text = source_text(semantics.db, file);
        let before = text.get(..usize::from(it.range.start()));
        return !before.is_some_and(|it| it.trim_end().ends_with('/'));
    }
    let calls = [TokenFlags::CALL, TokenFlags::NEW, TokenFlags::DECORATOR];
    matches!(it.kind, TokenKind::Member { .. }) || calls.iter().any(|&flag| it.flags.has(flag))
}

/// What the item with this selection calls.
pub fn outgoing_calls(db: &dyn Db, file: SourceFile, selection: TextRange) -> Vec<Call> {
    let semantics = Semantics::new(db);
    let hir = semantics.hir(file);
    let callers = Callers::new(&hir);
    let Some(caller) = callers.with_selection(&hir, selection) else {
        return Vec::new();
    };
    outgoing::calls(&semantics, file, &callers, caller)
}

fn items(semantics: &Semantics<'_>, found: Vec<(SourceFile, Caller)>) -> Vec<CallItem> {
    let found = found.into_iter();
    found
        .map(|(file, caller)| callers::item(file, &semantics.hir(file), caller))
        .collect()
}
