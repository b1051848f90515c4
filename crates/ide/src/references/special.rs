//! References of what is no name: labels, `this`, `super`, module specifiers.

use symphony_db::{SourceFile, Workspace, summary};
use symphony_hir::{
    ClassId, DeclData, DeclFlags, DeclId, ExprKind, FunctionKind, Hir, ModuleRefKind, ScopeId,
    TokenId, TokenKind,
};
use symphony_semantic::{Module, Semantics};
use symphony_text::TextSize;

use super::{Reference, reference_at};
use crate::names::{ThisOwner, function_of_scope, this_owner, touched};

/// The references of what is at `offset`, if it is no name that stands for something declared.
pub(super) fn references(
    semantics: &Semantics<'_>,
    file: SourceFile,
    offset: TextSize,
) -> Option<Vec<Reference>> {
    let hir = semantics.hir(file);
    let token = *touched(&hir, offset).first()?;
    match hir.token(token).kind {
        TokenKind::Module(_) => Some(of_module(semantics, file, &hir, token)),
        _ => in_file(file, &hir, token),
    }
}

/// The same for what is named in its own file only.
pub(crate) fn in_file(file: SourceFile, hir: &Hir, token: TokenId) -> Option<Vec<Reference>> {
    let it = hir.token(token);
    match it.kind {
        TokenKind::Label(at) => {
            let tokens = hir.tokens_named(it.name).iter();
            let same = tokens.filter(
                |&&other| matches!(hir.token(other).kind, TokenKind::Label(of) if of == at),
            );
            Some(same.map(|&other| reference_at(file, hir, other)).collect())
        }
        TokenKind::This(scope) => Some(of_this(file, hir, token, scope)),
        TokenKind::JsxIntrinsic => {
            let tokens = hir.tokens_named(it.name).iter();
            let same =
                tokens.filter(|&&other| matches!(hir.token(other).kind, TokenKind::JsxIntrinsic));
            Some(same.map(|&other| reference_at(file, hir, other)).collect())
        }
        _ => None,
    }
}

/// `this` or `super` in everything that shares it.
fn of_this(file: SourceFile, hir: &Hir, token: TokenId, scope: ScopeId) -> Vec<Reference> {
    let owner = this_owner(hir, scope);
    if owner == ThisOwner::File && hir.is_module {
        return Vec::new();
    }
    let tokens = hir.tokens_named(hir.token(token).name).iter();
    let same = tokens.filter(|&&other| match hir.token(other).kind {
        TokenKind::This(scope) => this_owner(hir, scope) == owner,
        _ => false,
    });
    same.map(|&other| reference_at(file, hir, other)).collect()
}

/// All specifiers that lead to the same module.
fn of_module(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    token: TokenId,
) -> Vec<Reference> {
    let specifier = hir.name(hir.token(token).name);
    let Some(module) = semantics.module(file, specifier) else {
        return Vec::new();
    };
    of_modules(semantics, &module)
}

/// All specifiers that lead to a module.
pub(crate) fn of_modules(semantics: &Semantics<'_>, module: &Module) -> Vec<Reference> {
    let db = semantics.db;
    let mut found = Vec::new();
    let Some(workspace) = Workspace::try_get(db) else {
        return found;
    };
    for &file in workspace.files(db).iter() {
        let known = summary(db, file);
        let leads_there = |specifier: &smol_str::SmolStr| {
            semantics.module(file, specifier).as_ref() == Some(module)
        };
        let specifiers: Vec<_> = known
            .specifiers
            .iter()
            .filter(|it| leads_there(it))
            .collect();
        if specifiers.is_empty() {
            continue;
        }
        let hir = semantics.hir(file);
        for name in specifiers.into_iter().filter_map(|it| hir.name_id(it)) {
            for &token in hir.tokens_named(name) {
                let TokenKind::Module(module) = hir.token(token).kind else {
                    continue;
                };
                found.push(Reference {
                    is_declaration: hir.module(module).kind == ModuleRefKind::Ambient,
                    is_write: false,
                    ..reference_at(file, &hir, token)
                });
            }
        }
    }
    found
}

/// `this` in the static methods of a class stands for the class.
pub(super) fn static_this(file: SourceFile, hir: &Hir, class: DeclId) -> Vec<Reference> {
    let (DeclData::Class(class), Some(this)) = (hir.decl(class).data, hir.name_id("this")) else {
        return Vec::new();
    };
    let in_method = |scope: ScopeId| {
        hir.scopes_around(scope).any(|scope| {
            function_of_scope(hir, scope).is_some_and(|function| {
                let function = hir.function(function);
                matches!(
                    function.kind,
                    FunctionKind::Method | FunctionKind::Getter | FunctionKind::Setter
                ) && function
                    .decl
                    .is_some_and(|it| hir.has(it, DeclFlags::STATIC))
            })
        })
    };
    let tokens = hir.tokens_named(this).iter();
    let same = tokens.filter(|&&token| match hir.token(token).kind {
        TokenKind::This(scope) => {
            this_owner(hir, scope) == ThisOwner::Class(class, true) && in_method(scope)
        }
        _ => false,
    });
    same.map(|&token| reference_at(file, hir, token)).collect()
}

/// `super(...)` in the constructor of a class.
pub(super) fn super_calls(file: SourceFile, hir: &Hir, class: ClassId) -> Vec<Reference> {
    let within = hir.class(class).range;
    let calls = hir.exprs().filter_map(|(_, it)| match it.kind {
        ExprKind::Call { callee, .. } if within.contains_range(it.range) => Some(callee),
        _ => None,
    });
    calls
        .filter_map(|callee| match hir.expr(callee).kind {
            ExprKind::Super(scope) if this_owner(hir, scope) == ThisOwner::Class(class, false) => {
                hir.token_with(hir.expr(callee).range)
            }
            _ => None,
        })
        .map(|token| reference_at(file, hir, token))
        .collect()
}
