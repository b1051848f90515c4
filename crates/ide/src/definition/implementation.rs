//! What implements an interface, a class or a member: the references that are implementations.

use rustc_hash::FxHashSet;
use symphony_db::{Db, SourceFile};
use symphony_hir::{
    DeclData, DeclFlags, DeclId, ExprId, ExprKind, Hir, Home, PatternSource, TokenFlags, TokenId,
    TokenKind, TypeId,
};
use symphony_semantic::Semantics;
use symphony_text::TextSize;

use super::Finder;
use crate::names::touched;
use crate::navigation::NavigationTarget;
use crate::references::{self, ReferenceQuery};
use crate::type_hierarchy::heir;

/// How many implementations are gone on from.
const MAX_IMPLEMENTATIONS: usize = 2000;

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
        // A shorthand: its variable, be it imported.
        return finder.places(semantics.token(file, &finder.hir, *value));
    }
    if let Some(&token) = here.first()
        && matches!(finder.hir.token(token).kind, TokenKind::This(_))
    {
        return finder.of_token(token);
    }
    // What implements an implementation counts too, but not of one member of something.
    let is_member = here.first().is_some_and(|&it| {
        let it = finder.hir.token(it);
        match it.kind {
            TokenKind::Member { .. } => !it.flags.has(TokenFlags::TYPE),
            TokenKind::PatternKey(_) => true,
            _ => false,
        }
    });
    let mut found: Vec<NavigationTarget> = Vec::new();
    let mut seen = FxHashSet::default();
    let mut todo = vec![(file, offset)];
    while let Some((file, offset)) = todo.pop() {
        for next in direct(semantics, file, offset) {
            if seen.insert((next.file, next.focus)) && found.len() < MAX_IMPLEMENTATIONS {
                found.push(next);
                if !is_member {
                    todo.push((next.file, next.focus.start()));
                }
            }
        }
    }
    found
}

/// What implements something itself.
fn direct(semantics: &Semantics<'_>, file: SourceFile, offset: TextSize) -> Vec<NavigationTarget> {
    let Some(query) = ReferenceQuery::downwards(semantics, file, offset) else {
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
        TokenKind::Decl(decl) if is_shorthand_key(&hir, decl) => {
            if let Some(variable) = variable_of(&hir, decl) {
                let targets = semantics.token(file, &hir, variable).into_iter();
                found.extend(targets.flat_map(|it| NavigationTarget::of_target(semantics, it)));
            }
        }
        TokenKind::Decl(decl) if is_implementation(&hir, decl) => {
            found.push(NavigationTarget::of_decl(file, hir.decl(decl)));
        }
        TokenKind::Use { .. } | TokenKind::Member { .. } => {
            if let Some(decl) = heir(&hir, token, true) {
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

/// Whether a declaration is the key of `{ a }` in a literal.
fn is_shorthand_key(hir: &Hir, decl: DeclId) -> bool {
    let known = hir.decl(decl);
    known.flags.has(DeclFlags::SHORTHAND) && matches!(hir.symbol(known.symbol).home, Home::Table(_))
}

/// The use of the variable that a shorthand takes its value from.
fn variable_of(hir: &Hir, decl: DeclId) -> Option<TokenId> {
    let range = hir.decl(decl).name_range;
    let mut tokens = hir.tokens_in(range);
    let variable = tokens.find(|(_, it)| matches!(it.kind, TokenKind::Use { .. }));
    variable.map(|(id, _)| id)
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
    // A parameter of a function type has its own type.
    let in_parameter = |ty: TypeId| {
        let within = hir.ty(ty).range;
        hir.functions().any(|(_, function)| {
            within.contains_range(function.range)
                && function
                    .params
                    .iter()
                    .filter_map(|it| it.ty)
                    .any(|it| hir.ty(it).range.contains_range(at))
        })
    };
    let around = |ty: TypeId| hir.ty(ty).range.contains_range(at) && !in_parameter(ty);
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
