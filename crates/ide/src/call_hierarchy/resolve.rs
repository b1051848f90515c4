//! From a name to what it calls.

use symphony_db::SourceFile;
use symphony_hir::{DeclKind, ExprId, ExprKind, Hir, Meaning, TokenId, TokenKind};
use symphony_semantic::{Def, Semantics, Target};

use super::callers::{Caller, is_implemented, span};

/// What the name at a token calls, or declares to be called.
pub(super) fn of_token(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    token: TokenId,
) -> Vec<(SourceFile, Caller)> {
    let TokenKind::Decl(decl) = hir.token(token).kind else {
        return of_use(semantics, file, hir, token);
    };
    let known = hir.decl(decl);
    if known.kind == DeclKind::Constructor {
        let mut classes = hir.classes();
        let class = classes.find(|(_, it)| it.constructors.contains(&decl));
        let class = class.and_then(|(_, it)| it.decl);
        return class
            .map(|it| (file, Caller::Decl(it)))
            .into_iter()
            .collect();
    }
    if span(hir, decl).is_none() {
        return Vec::new();
    }
    let is_function = matches!(
        known.kind,
        DeclKind::Function | DeclKind::Method | DeclKind::Accessor
    );
    if known.kind.is_variable() || known.kind == DeclKind::Property {
        return vec![(file, Caller::Decl(decl))];
    }
    if is_function && is_implemented(hir, decl) {
        return vec![(file, Caller::Decl(decl))];
    }
    initial(file, hir, known.symbol)
}

/// What a use of a name calls: the first declaration that exists when the program runs tells.
fn of_use(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    token: TokenId,
) -> Vec<(SourceFile, Caller)> {
    let targets = semantics.token(file, hir, token);
    let followed = semantics.follow_all(targets);
    let mut found = Vec::new();
    for target in followed {
        let next = match target {
            Target::Module(file) => Some(vec![(file, Caller::File)]),
            Target::Ambient(..) => None,
            Target::Symbol(def) => of_symbol(semantics, def),
        };
        let Some(next) = next else {
            continue;
        };
        let is_promise = next.iter().all(|&(file, caller)| {
            matches!(caller, Caller::Decl(decl) if !is_implemented(&semantics.hir(file), decl))
        });
        if found.is_empty() && !is_promise {
            return next;
        }
        // Signatures are merged from several files.
        if is_promise {
            found.extend(next);
        }
    }
    found
}

fn of_symbol(semantics: &Semantics<'_>, def: Def) -> Option<Vec<(SourceFile, Caller)>> {
    let hir = semantics.hir(def.file);
    let mut decls = hir.symbol(def.symbol).decls.iter().copied();
    let value = decls.find(|&it| hir.decl(it).kind.meaning().meets(Meaning::VALUE))?;
    let known = hir.decl(value);
    if known.kind == DeclKind::Property || span(&hir, value).is_none() {
        return Some(Vec::new());
    }
    let is_function = matches!(
        known.kind,
        DeclKind::Function | DeclKind::Method | DeclKind::Accessor
    );
    if known.kind.is_variable() || (is_function && is_implemented(&hir, value)) {
        return Some(vec![(def.file, Caller::Decl(value))]);
    }
    Some(initial(def.file, &hir, def.symbol))
}

/// Of declarations that follow each other the first.
fn initial(
    file: SourceFile,
    hir: &Hir,
    symbol: symphony_hir::SymbolId,
) -> Vec<(SourceFile, Caller)> {
    let mut scopes = Vec::new();
    let mut found = Vec::new();
    for &decl in &hir.symbol(symbol).decls {
        let place = (hir.decl(decl).scope, hir.decl(decl).parent);
        if span(hir, decl).is_some() && !scopes.contains(&place) {
            scopes.push(place);
            found.push((file, Caller::Decl(decl)));
        }
    }
    found
}

/// What an expression calls if it is called.
pub(super) fn of_expr(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    expr: ExprId,
) -> Vec<(SourceFile, Caller)> {
    match hir.expr(expr).kind {
        ExprKind::Name(token)
        | ExprKind::Member {
            property: token, ..
        } => of_use(semantics, file, hir, token),
        ExprKind::NonNull(inner) | ExprKind::Instantiation(inner, _) => {
            match hir.expr(inner).kind {
                ExprKind::Name(token)
                | ExprKind::Member {
                    property: token, ..
                } => of_use(semantics, file, hir, token),
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}
