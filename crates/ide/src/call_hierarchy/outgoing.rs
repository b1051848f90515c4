//! The calls in a function's body, a class, a namespace or a file, without those in functions with names of their own.

use symphony_db::SourceFile;
use symphony_hir::{
    DeclData, DeclFlags, DeclKind, ExprId, ExprKind, Hir, TokenFlags, TokenId, TokenKind,
};
use symphony_semantic::Semantics;
use symphony_text::TextRange;

use super::callers::{self, Caller, Callers};
use super::{Call, resolve};

pub(super) fn calls(
    semantics: &Semantics<'_>,
    file: SourceFile,
    callers: &Callers,
    caller: Caller,
) -> Vec<Call> {
    let hir = semantics.hir(file);
    if let Caller::Decl(decl) = caller
        && is_ambient(&hir, decl)
    {
        return Vec::new();
    }
    let whole = callers.span(caller);
    let mut groups: Vec<((SourceFile, Caller), Vec<TextRange>)> = Vec::new();
    let mut add = |called: (SourceFile, Caller), range: TextRange| match groups
        .iter_mut()
        .find(|it| it.0 == called)
    {
        Some(group) if group.1.contains(&range) => {}
        Some(group) => group.1.push(range),
        None => groups.push((called, vec![range])),
    };
    for (target, range) in sites(&hir, whole) {
        if callers.around(range) != caller {
            continue;
        }
        for called in resolve::of_expr(semantics, file, &hir, target) {
            add(called, range);
        }
    }
    for (token, range) in decorators(&hir, whole) {
        if callers.around(range) == caller {
            for called in resolve::of_token(semantics, file, &hir, token) {
                add(called, range);
            }
        }
    }
    for block in static_blocks(&hir, caller) {
        let range = hir.scope(block).range;
        add((file, Caller::StaticBlock(block)), range);
    }
    let groups = groups.into_iter();
    groups
        .map(|((file, caller), ranges)| Call {
            item: callers::item(file, &semantics.hir(file), caller),
            ranges,
        })
        .collect()
}

fn is_ambient(hir: &Hir, decl: symphony_hir::DeclId) -> bool {
    let known = hir.decl(decl);
    known.flags.has(DeclFlags::AMBIENT)
        || (known.kind == DeclKind::Method && !callers::is_implemented(hir, decl))
}

/// What is called or taken from an object: the expression, and its place.
fn sites(hir: &Hir, whole: Option<TextRange>) -> Vec<(ExprId, TextRange)> {
    let is_type = |token: TokenId| hir.token(token).flags.has(TokenFlags::TYPE);
    let sites = hir.exprs().filter_map(|(id, it)| {
        if whole.is_some_and(|whole| !whole.contains_range(it.range)) {
            return None;
        }
        match it.kind {
            ExprKind::Call { callee, .. } | ExprKind::New { callee, .. } => Some(callee),
            ExprKind::Jsx(tag) => tag,
            ExprKind::Member { property, .. } if !is_type(property) => Some(id),
            _ => None,
        }
    });
    sites.map(|id| (id, hir.expr(id).range)).collect()
}

fn decorators(hir: &Hir, whole: Option<TextRange>) -> Vec<(TokenId, TextRange)> {
    let inside = |range: TextRange| whole.is_none_or(|whole| whole.contains_range(range));
    let tokens = hir.tokens().iter().enumerate();
    tokens
        .filter(|(_, it)| it.flags.has(TokenFlags::DECORATOR) && inside(it.range))
        .filter(|(_, it)| matches!(it.kind, TokenKind::Use { .. }))
        .map(|(at, it)| (TokenId(at as u32), it.range))
        .collect()
}

/// A class runs its static blocks.
fn static_blocks(hir: &Hir, caller: Caller) -> Vec<symphony_hir::ScopeId> {
    let Caller::Decl(decl) = caller else {
        return Vec::new();
    };
    let DeclData::Class(class) = hir.decl(decl).data else {
        return Vec::new();
    };
    let scope = hir.class(class).scope;
    let blocks = hir.scopes().filter(|(id, it)| {
        it.parent == Some(scope)
            && it.kind == symphony_hir::ScopeKind::Function
            && crate::names::function_of_scope(hir, *id).is_none()
    });
    blocks.map(|(id, _)| id).collect()
}
