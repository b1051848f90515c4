//! Which files may have references.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use symphony_db::{Db, Project, ResolveKind, SourceFile, Workspace, summary};
use symphony_hir::{
    DeclData, DeclFlags, DeclKind, ExportTarget, ExprKind, Hir, Home, ReferenceKind, ScopeKind,
    SymbolId, TokenId, TokenKind,
};
use symphony_semantic::{Module, Semantics, ambient_files, resolve_module};

use super::identity::{Key, canonical};
use super::narrow::Narrow;
use super::query::{Name, ReferenceQuery, is_exported};

/// How far something may be named.
#[derive(Clone, Debug)]
pub(super) enum Reach {
    /// In one file.
    File(SourceFile),
    /// In all files of the workspace, and in these.
    Everywhere(Vec<SourceFile>),
}

/// How far what is looked for may be named.
pub(super) fn reach(semantics: &Semantics<'_>, keys: &[Key]) -> Reach {
    let mut homes = Vec::new();
    let mut local = true;
    for key in keys {
        let file = match key {
            Key::Symbol(def) => {
                let hir = semantics.hir(def.file);
                local &= is_local(&hir, def.symbol);
                def.file
            }
            Key::Namespace(file, _) | Key::Export(file, _) => {
                local = false;
                *file
            }
            Key::Word(_) => return Reach::Everywhere(Vec::new()),
        };
        if !homes.contains(&file) {
            homes.push(file);
        }
    }
    match homes.as_slice() {
        [one] if local => Reach::File(*one),
        _ => {
            let db = semantics.db;
            let is_foreign = homes.iter().any(|it| it.project(db).is_none());
            if let (true, Some(workspace)) = (is_foreign, Workspace::try_get(db)) {
                homes.extend(foreign_files(db, workspace).iter().copied());
            }
            Reach::Everywhere(homes)
        }
    }
}

/// The files of libraries and packages that the workspace uses, directly or through each other.
// As many as there are, each once: a search for what one of them declares goes through all.
#[salsa::tracked(returns(clone))]
fn foreign_files(db: &dyn Db, workspace: Workspace) -> Arc<[SourceFile]> {
    let own = workspace.files(db);
    let mut seen: FxHashSet<SourceFile> = own.iter().copied().collect();
    let mut projects: Vec<Project> = own.iter().filter_map(|it| it.project(db)).collect();
    projects.sort_by_key(|it| it.number(db));
    projects.dedup();
    let mut found = Vec::new();
    let mut todo: Vec<SourceFile> = own.iter().rev().copied().collect();
    for project in projects {
        let ambient = ambient_files(db, project);
        for &file in ambient.iter().filter(|it| seen.insert(**it)) {
            found.push(file);
            todo.push(file);
        }
    }
    while let Some(file) = todo.pop() {
        for next in foreign_imports(db, file).iter().copied() {
            if seen.insert(next) {
                found.push(next);
                todo.push(next);
            }
        }
    }
    found.into()
}

/// The files outside of the workspace that a file names in imports and references.
#[salsa::tracked(returns(clone))]
fn foreign_imports(db: &dyn Db, file: SourceFile) -> Arc<[SourceFile]> {
    let known = summary(db, file);
    let is_own = file.project(db).is_some();
    let mut found = Vec::new();
    for specifier in &known.specifiers {
        if is_own && specifier.starts_with('.') {
            continue;
        }
        if let Some(Module::File(next)) = resolve_module(db, file, specifier.clone())
            && next.project(db).is_none()
        {
            found.push(next);
        }
    }
    let system = db.files().system();
    for (kind, text) in &known.references {
        let kind = match kind {
            ReferenceKind::Path => ResolveKind::Path,
            ReferenceKind::Types => ResolveKind::Types,
            ReferenceKind::Lib => ResolveKind::Lib,
        };
        let next = system.resolve(file.id(db), text, kind);
        found.extend(next.map(|next| db.source_file(next)));
    }
    found.into()
}

/// Whether no other file can name a symbol.
fn is_local(hir: &Hir, symbol: SymbolId) -> bool {
    let known = hir.symbol(symbol);
    match known.home {
        Home::Table(_) => known
            .decls
            .iter()
            .all(|&it| hir.has(it, DeclFlags::PRIVATE)),
        Home::Scope(scope) => match hir.scope(scope).kind {
            ScopeKind::Global | ScopeKind::AmbientModule => false,
            ScopeKind::File if !hir.is_module => false,
            ScopeKind::File | ScopeKind::Namespace => {
                !known.decls.iter().any(|&it| is_exported(hir, it))
                    && !is_handed_on(hir, scope, symbol)
                    && hir.decl(known.decls[0]).kind != DeclKind::ExportAssignment
            }
            _ => !is_parameter_property(hir, symbol),
        },
    }
}

fn is_parameter_property(hir: &Hir, symbol: SymbolId) -> bool {
    hir.first_decl(symbol)
        .flags
        .has(DeclFlags::PARAMETER_PROPERTY)
}

/// Whether `export { a }`, `export default a` or `export = a` hands a symbol on.
fn is_handed_on(hir: &Hir, scope: symphony_hir::ScopeId, symbol: SymbolId) -> bool {
    let Some(exports) = hir.exports(scope) else {
        return false;
    };
    let stands_for = |token: TokenId| match hir.token(token).kind {
        TokenKind::ExportLocal { symbol: it, .. } | TokenKind::Use { symbol: it, .. } => {
            it == Some(symbol)
        }
        _ => false,
    };
    let assigned = |decl| match hir.decl(decl).data {
        DeclData::Expression(value) => match hir.expr(value).kind {
            ExprKind::Name(token) => stands_for(token),
            _ => false,
        },
        _ => false,
    };
    exports.named.iter().any(|it| match it.target {
        ExportTarget::Local(token) => stands_for(token),
        ExportTarget::Decl(decl) => assigned(decl),
        _ => false,
    }) || exports.equals.is_some_and(assigned)
}

/// Whether a token is what its file exports as `default` or by `export =`.
pub(super) fn is_default_export(hir: &Hir, token: TokenId) -> bool {
    let Some(exports) = hir.exports(Hir::FILE) else {
        return false;
    };
    let is_it = |decl| match hir.decl(decl).data {
        DeclData::Expression(value) => {
            matches!(hir.expr(value).kind, ExprKind::Name(name) if name == token)
        }
        _ => matches!(hir.token(token).kind, TokenKind::Decl(own) if own == decl),
    };
    exports.equals.is_some_and(is_it)
        || exports.named.iter().any(|it| match it.target {
            ExportTarget::Decl(decl) => hir.name(it.name) == "default" && is_it(decl),
            _ => false,
        })
}

/// Whether what is looked for may be imported as `default`.
pub(super) fn is_default(semantics: &Semantics<'_>, key: &Key) -> bool {
    let Key::Symbol(def) = key else {
        return false;
    };
    let hir = semantics.hir(def.file);
    let Some(exports) = hir.exports(Hir::FILE) else {
        return false;
    };
    let assigned = |decl| match hir.decl(decl).data {
        DeclData::Expression(value) => match hir.expr(value).kind {
            ExprKind::Name(token) => matches!(
                hir.token(token).kind,
                TokenKind::Use { symbol: Some(it), .. } if it == def.symbol
            ),
            _ => hir.decl(decl).symbol == def.symbol,
        },
        _ => hir.decl(decl).symbol == def.symbol,
    };
    exports.equals.is_some_and(assigned)
        || exports.named.iter().any(|it| {
            hir.name(it.name) == "default"
                && match it.target {
                    ExportTarget::Decl(decl) => assigned(decl),
                    ExportTarget::Local(token) => matches!(
                        hir.token(token).kind,
                        TokenKind::ExportLocal { symbol: Some(it), .. } if it == def.symbol
                    ),
                    _ => false,
                }
        })
}

/// The files of a round: those that may name what is looked for, and those that declare it. And whether a name behind a
/// dot can only be meant if an import stands before it.
pub(super) fn candidates(
    semantics: &Semantics<'_>,
    query: &ReferenceQuery,
) -> (Vec<SourceFile>, bool) {
    let db = semantics.db;
    let homes = match &query.reach {
        Reach::File(file) => return (vec![*file], false),
        Reach::Everywhere(homes) => homes,
    };
    let pending = &query.names[query.done..];
    let mut files: Vec<SourceFile> = Vec::new();
    let everywhere = pending.iter().filter(|it| it.only.is_none());
    let mut names: Vec<Narrow<'_>> = everywhere
        .map(|it| Narrow::new(semantics, query, &it.text))
        .collect();
    let mut seen = FxHashSet::default();
    if !names.is_empty() {
        let workspace = Workspace::try_get(db);
        let known = workspace
            .map(|it| it.files(db).iter())
            .into_iter()
            .flatten();
        for &file in known.chain(homes) {
            if names.iter_mut().any(|it| it.may_be_in(file)) && seen.insert(file) {
                files.push(file);
            }
        }
        // They may declare it without a name.
        let declaring = query.keys.iter().filter_map(|key| match key {
            Key::Symbol(def) => Some(def.file),
            Key::Namespace(file, _) | Key::Export(file, _) => Some(*file),
            Key::Word(_) => None,
        });
        files.extend(declaring.filter(|&it| query.done == 0 && seen.insert(it)));
    }
    let single = pending.iter().filter_map(|it| it.only);
    files.extend(single.filter(|&it| seen.insert(it)));
    let behind_imports = !names.is_empty() && names.iter().all(Narrow::is_behind_imports);
    (files, behind_imports)
}

/// The names under which files import what is looked for as `default` or by `= require()`.
pub(super) fn default_imports(semantics: &Semantics<'_>, query: &ReferenceQuery) -> Vec<Name> {
    let db = semantics.db;
    let Some(workspace) = Workspace::try_get(db) else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for &file in workspace.files(db).iter() {
        let known = summary(db, file);
        for import in &known.imports {
            let is_default = import.imported.as_deref() == Some("default");
            if !is_default && !import.equals {
                continue;
            }
            let Some(specifier) = known.specifiers.get(import.module as usize) else {
                continue;
            };
            let Some(module) = semantics.module(file, specifier) else {
                continue;
            };
            let mut keys = Vec::new();
            for target in semantics.exported(&module, "default") {
                canonical(semantics, target, &mut keys);
            }
            if keys.iter().any(|it| query.keys.contains(it)) {
                names.push(Name {
                    text: SmolStr::clone(&import.local),
                    only: Some(file),
                });
            }
        }
    }
    names
}
