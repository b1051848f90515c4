//! What a class or interface extends and implements, and what extends and implements it.

use symphony_db::{Db, SourceFile};
use symphony_hir::{
    DeclData, DeclId, DeclKind, ExprId, ExprKind, Hir, TokenId, TokenKind, TypeKind,
};
use symphony_semantic::{Def, Semantics, Target};
use symphony_text::{TextRange, TextSize};

use crate::SymbolKind;
use crate::names::{heritage, touched};
use crate::references::{self, ReferenceQuery};

#[cfg(test)]
mod tests;

/// A class, interface or alias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeItem {
    /// The file.
    pub file: SourceFile,
    /// What sort of type it is.
    pub kind: SymbolKind,
    /// Its name.
    pub name: String,
    /// The name of what it is in.
    pub container: Option<String>,
    /// All of it.
    pub range: TextRange,
    /// Its name's place: by this it is found again.
    pub selection: TextRange,
}

/// The type that is named at `offset`.
pub fn prepare_type_hierarchy(db: &dyn Db, file: SourceFile, offset: TextSize) -> Vec<TypeItem> {
    let semantics = Semantics::new(db);
    let found = named_at(&semantics, file, offset).into_iter();
    found.flat_map(|def| items(&semantics, def)).collect()
}

/// What the type at this place extends and implements.
pub fn supertypes(db: &dyn Db, file: SourceFile, selection: TextRange) -> Vec<TypeItem> {
    let semantics = Semantics::new(db);
    let mut found: Vec<TypeItem> = Vec::new();
    for def in named_at(&semantics, file, selection.start()) {
        for base in heritage::bases(&semantics, def) {
            found.extend(items(&semantics, base));
        }
    }
    unique(found)
}

/// What extends and implements the type at this place.
pub fn subtypes(db: &dyn Db, file: SourceFile, selection: TextRange) -> Vec<TypeItem> {
    let semantics = Semantics::new(db);
    let Some(query) = ReferenceQuery::new(&semantics, file, selection.start()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for reference in references::run(&semantics, query) {
        let hir = semantics.hir(reference.file);
        let tokens = hir.tokens_in(reference.range);
        let heirs = tokens.filter_map(|(token, _)| heir(&hir, token, false));
        found.extend(heirs.map(|decl| item(reference.file, &hir, decl)));
    }
    unique(found)
}

fn unique(mut found: Vec<TypeItem>) -> Vec<TypeItem> {
    let mut seen = rustc_hash::FxHashSet::default();
    found.retain(|it| seen.insert((it.file, it.selection)));
    found
}

fn named_at(semantics: &Semantics<'_>, file: SourceFile, offset: TextSize) -> Vec<Def> {
    let hir = semantics.hir(file);
    let mut found = Vec::new();
    for token in touched(&hir, offset) {
        let targets = semantics.token(file, &hir, token);
        let followed = semantics.follow_all(targets).into_iter();
        found.extend(followed.filter_map(Target::def));
    }
    found
}

fn items(semantics: &Semantics<'_>, def: Def) -> Vec<TypeItem> {
    let hir = semantics.hir(def.file);
    let decls = hir.symbol(def.symbol).decls.iter().copied();
    decls
        .filter(|&it| kind(&hir, it).is_some())
        .map(|it| item(def.file, &hir, it))
        .collect()
}

fn kind(hir: &Hir, decl: DeclId) -> Option<SymbolKind> {
    match hir.decl(decl).kind {
        DeclKind::Class => Some(SymbolKind::Class),
        DeclKind::Interface => Some(SymbolKind::Interface),
        DeclKind::TypeAlias => Some(SymbolKind::TypeAlias),
        _ => None,
    }
}

fn item(file: SourceFile, hir: &Hir, id: DeclId) -> TypeItem {
    let decl = hir.decl(id);
    TypeItem {
        file,
        kind: kind(hir, id).unwrap_or(SymbolKind::Class),
        name: hir.name(decl.name).to_string(),
        container: decl
            .parent
            .map(|it| hir.name(hir.decl(it).name).to_string()),
        range: decl.range,
        selection: decl.name_range,
    }
}

/// The class or interface in whose heritage clause a token is the name; with `within`, a part of one.
pub(crate) fn heir(hir: &Hir, token: TokenId, within: bool) -> Option<DeclId> {
    if !matches!(
        hir.token(token).kind,
        TokenKind::Use { .. } | TokenKind::Member { .. }
    ) {
        return None;
    }
    let names = |expr: ExprId| {
        let mut at = expr;
        loop {
            match hir.expr(at).kind {
                ExprKind::Name(name) => return name == token,
                ExprKind::Member { property, .. } if property == token => return true,
                ExprKind::Member { object, .. } if within => at = object,
                _ => return false,
            }
        }
    };
    let types = |ty| match hir.ty(ty).kind {
        TypeKind::Reference { name, .. } => names(name),
        _ => false,
    };
    let at = hir.token(token).range;
    let mut classes = hir.classes().filter(|(_, it)| it.range.contains_range(at));
    let class = classes.find(|(_, it)| {
        it.extends.as_ref().is_some_and(|(base, _)| names(*base))
            || it.implements.iter().any(|&ty| types(ty))
    });
    if let Some((_, class)) = class {
        return class.decl;
    }
    let mut decls = hir.decls().filter(|(_, it)| it.range.contains_range(at));
    let interface = decls.find(|(_, it)| match it.data {
        DeclData::Interface(shape) => hir.shape(shape).extends.iter().any(|&ty| types(ty)),
        _ => false,
    });
    interface.map(|(id, _)| id)
}
