//! Where a new name would mean something else than the old one, or something else would mean it.

use symphony_db::{Db, SourceFile};
use symphony_hir::{DeclKind, Hir, Home, Meaning, ScopeId, SymbolId, TokenKind};
use symphony_semantic::{Def, Semantics};
use symphony_text::{TextRange, TextSize};

use super::Subject;
use crate::names::touched;
use crate::references::in_file;

/// A place where a new name is in conflict with what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RenameConflict {
    /// The file.
    pub file: SourceFile,
    /// What has the new name already, or would be taken for what is renamed.
    pub range: TextRange,
}

/// Where giving what is at `offset` a new name would change what names stand for. None for what may not be renamed.
pub fn rename_conflicts(
    db: &dyn Db,
    file: SourceFile,
    offset: TextSize,
    new_name: &str,
) -> Vec<RenameConflict> {
    let semantics = Semantics::new(db);
    let hir = semantics.hir(file);
    let tokens = touched(&hir, offset);
    let Ok(Subject::Query(mut query)) = Subject::new(&semantics, file, &tokens) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for def in query.symbols() {
        let hir = semantics.hir(def.file);
        declared_beside(def, &hir, new_name, &mut found);
        captured_by_new(def, &hir, new_name, &mut found);
    }
    for file in query.files(&semantics) {
        let hir = semantics.hir(file);
        let Some(id) = hir.name_id(new_name) else {
            continue;
        };
        for token in in_file(&semantics, file, &query).tokens {
            let TokenKind::Use {
                scope,
                meaning,
                symbol,
            } = hir.token(token).kind
            else {
                continue;
            };
            let Some(other) = hir.look_up(scope, id, meaning) else {
                continue;
            };
            if Some(other) != symbol && is_nearer(&hir, scope, other, symbol) {
                push_decls(file, &hir, other, &mut found);
            }
        }
    }
    found.sort_by_key(|it| (it.file.id(db), it.range.start()));
    found.dedup();
    found
}

/// What has the new name in the same scope or as a member of the same thing.
fn declared_beside(def: Def, hir: &Hir, new_name: &str, found: &mut Vec<RenameConflict>) {
    let Some(id) = hir.name_id(new_name) else {
        return;
    };
    let own = hir.symbol(def.symbol);
    let other = match own.home {
        Home::Scope(scope) => hir.in_scope(scope, id),
        Home::Table(table) => hir.member(table, id),
    };
    if let Some(other) = other {
        push_decls(def.file, hir, other, found);
    }
}

fn push_decls(file: SourceFile, hir: &Hir, symbol: SymbolId, found: &mut Vec<RenameConflict>) {
    let decls = hir.symbol(symbol).decls.iter();
    found.extend(decls.map(|&decl| RenameConflict {
        file,
        range: hir.decl(decl).name_range,
    }));
}

/// Uses of the new name that stand for something further out, and would stand for what is renamed.
fn captured_by_new(def: Def, hir: &Hir, new_name: &str, found: &mut Vec<RenameConflict>) {
    let own = hir.symbol(def.symbol);
    let (Home::Scope(home), Some(id)) = (own.home, hir.name_id(new_name)) else {
        return;
    };
    if hir.first_decl(def.symbol).kind == DeclKind::ExportAssignment {
        return;
    }
    for &token in hir.tokens_named(id) {
        let it = hir.token(token);
        let TokenKind::Use {
            scope,
            meaning,
            symbol,
        } = it.kind
        else {
            continue;
        };
        let within = hir.scopes_around(scope).any(|it| it == home);
        if !within || !meaning.meets(own.meaning) || own.meaning == Meaning::NONE {
            continue;
        }
        let nearer = symbol.is_some_and(|it| is_nearer(hir, scope, it, Some(def.symbol)));
        if !nearer {
            found.push(RenameConflict {
                file: def.file,
                range: it.range,
            });
        }
    }
}

/// Whether, looked up from `scope`, one symbol is found before the other.
fn is_nearer(hir: &Hir, scope: ScopeId, one: SymbolId, other: Option<SymbolId>) -> bool {
    let home = |symbol: SymbolId| match hir.symbol(symbol).home {
        Home::Scope(scope) => Some(scope),
        Home::Table(_) => None,
    };
    let (Some(one), other) = (home(one), other.and_then(home)) else {
        return false;
    };
    for at in hir.scopes_around(scope) {
        if at == one {
            return true;
        }
        if Some(at) == other {
            return false;
        }
    }
    false
}
