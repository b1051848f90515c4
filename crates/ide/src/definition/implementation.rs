//! What implements an interface, a class or a member: the references that are implementations.

use symphony_db::{Db, SourceFile};
use symphony_hir::{
    DeclData, DeclFlags, DeclId, ExprId, ExprKind, Hir, PatternSource, TokenId, TokenKind, TypeId,
};
use symphony_semantic::Semantics;
use symphony_text::TextSize;

use super::Finder;
use crate::names::touched;
use crate::navigation::NavigationTarget;
use crate::references::{self, ReferenceQuery};
use crate::type_hierarchy::heir;

/// The places that implement what is named at `offset`.
pub fn implementation(db: &dyn Db, file: SourceFile, offset: TextSize) -> Vec<NavigationTarget> {
    let finder = Finder::new(db, file);
    let semantics = &finder.semantics;
    let here = touched(&finder.hir, offset);
    if let [_, _, ..] = here.as_slice()
        && let Some(value) = here
            .iter()
            .find(|&&it| matches!(finder.hir.token(it).kind, TokenKind::Use { .. }))
    {
        // A shorthand: what its variable is.
        let variable = semantics.token(file, &finder.hir, *value);
        return finder.places(semantics.follow_all(variable));
    }
    if let Some(&token) = here.first()
        && matches!(finder.hir.token(token).kind, TokenKind::This(_))
    {
        return finder.of_token(token);
    }
    let Some(query) = ReferenceQuery::new(semantics, file, offset) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for reference in references::run(semantics, query) {
        let hir = semantics.hir(reference.file);
        for (token, it) in hir.tokens_in(reference.range) {
            if it.range == reference.range {
                implementations_at(semantics, reference.file, token, &mut found);
            }
        }
    }
    let mut seen = rustc_hash::FxHashSet::default();
    found.retain(|it: &NavigationTarget| seen.insert((it.file, it.focus)));
    found
}

fn implementations_at(
    semantics: &Semantics<'_>,
    file: SourceFile,
    token: TokenId,
    found: &mut Vec<NavigationTarget>,
) {
    let hir = semantics.hir(file);
    match hir.token(token).kind {
        TokenKind::Decl(decl) if is_implementation(&hir, decl) => {
            found.push(NavigationTarget::of_decl(file, hir.decl(decl)));
        }
        TokenKind::Use { .. } | TokenKind::Member { .. } => {
            if let Some(decl) = heir(&hir, token) {
                found.push(NavigationTarget::of_decl(file, hir.decl(decl)));
                return;
            }
            let values = typed_values(&hir, token);
            found.extend(
                values
                    .into_iter()
                    .filter(|&it| is_literal(&hir, it))
                    .map(|it| NavigationTarget::new(file, hir.expr(it).range)),
            );
        }
        _ => {}
    }
}

/// Whether a declaration is more than a promise: it has a value or a body.
fn is_implementation(hir: &Hir, decl: DeclId) -> bool {
    let known = hir.decl(decl);
    let ambient = known.flags.has(DeclFlags::AMBIENT);
    match known.data {
        DeclData::Interface(_) | DeclData::Alias(_) | DeclData::TypeParameter(..) => false,
        DeclData::Import(..) | DeclData::ImportAlias(_) | DeclData::Expression(_) => false,
        _ if ambient => true,
        DeclData::Binding(pattern) => {
            let pattern = hir.pattern(pattern);
            matches!(pattern.source, PatternSource::Variable(_, Some(_)))
                || pattern.default.is_some()
        }
        DeclData::ParameterProperty(pattern) => hir.pattern(pattern).default.is_some(),
        DeclData::Property(_, value) => value.is_some(),
        DeclData::Function(function) => hir.function(function).body.is_some(),
        DeclData::Class(_) | DeclData::Enum(_) | DeclData::Namespace(_) => true,
        DeclData::None => false,
    }
}

/// The values that are annotated with the type that a token names.
fn typed_values(hir: &Hir, token: TokenId) -> Vec<ExprId> {
    let at = hir.token(token).range;
    let around = |ty: TypeId| hir.ty(ty).range.contains_range(at);
    let mut values = Vec::new();
    for (_, decl) in hir.decls().filter(|(_, it)| it.range.contains_range(at)) {
        match decl.data {
            DeclData::Property(Some(ty), Some(value)) if around(ty) => values.push(value),
            DeclData::Binding(pattern) => {
                let pattern = hir.pattern(pattern);
                match pattern.source {
                    PatternSource::Variable(Some(ty), Some(value)) if around(ty) => {
                        values.push(value);
                    }
                    PatternSource::Parameter(function, at) => {
                        let parameter = hir.function(function).params.get(at as usize);
                        if parameter.and_then(|it| it.ty).is_some_and(around) {
                            values.extend(pattern.default);
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    for (_, function) in hir.functions() {
        if function.range.contains_range(at) && function.ret.is_some_and(around) {
            values.extend(function.returns.iter().copied());
        }
    }
    for (_, expr) in hir.exprs().filter(|(_, it)| it.range.contains_range(at)) {
        match expr.kind {
            ExprKind::As(value, ty) | ExprKind::Satisfies(value, ty) if around(ty) => {
                values.push(value);
            }
            _ => {}
        }
    }
    values
}

/// Whether a value is written out: a literal, a function, a class.
fn is_literal(hir: &Hir, expr: ExprId) -> bool {
    matches!(
        hir.expr(expr).kind,
        ExprKind::Function(_) | ExprKind::Object { .. } | ExprKind::Class(_) | ExprKind::Array(_)
    )
}
