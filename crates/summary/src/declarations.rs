//! The declarations that others can see or search for.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use symphony_hir::{
    Decl, DeclData, DeclFlags, DeclId, DeclKind, ExprKind, Hir, Home, PatternSource, ScopeId,
    ScopeKind, TableId,
};
use symphony_text::LineIndex;

use crate::Place;

/// One declared name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// The name, without the quotes of a quoted member.
    pub name: SmolStr,
    /// What is declared.
    pub kind: DeclarationKind,
    /// Whether it says `export`.
    pub exported: bool,
    /// The declaration whose member this is, as an index into the summary.
    pub parent: Option<u32>,
}

/// What a declaration declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DeclarationKind {
    /// `class`, abstract or not.
    Class,
    /// `interface`.
    Interface,
    /// `type`.
    TypeAlias,
    /// `enum`, constant or not.
    Enum,
    /// A member of an enum.
    EnumMember,
    /// `namespace`, `module`, `declare global`.
    Namespace,
    /// `function`, or a variable that is a function or class expression's only name.
    Function,
    /// `let` and `var`.
    Variable,
    /// `const`.
    Constant,
    /// A method or its signature.
    Method,
    /// A constructor.
    Constructor,
    /// A field, property signature or parameter property.
    Property,
    /// A `get` or `set` accessor.
    Accessor,
}

impl DeclarationKind {
    /// Whether it exists when the program runs.
    pub fn is_value(self) -> bool {
        !matches!(self, Self::Interface | Self::TypeAlias)
    }
}

/// The declarations of a file with the places of their names.
pub(crate) fn declarations(hir: &Hir, text: &str) -> (Box<[Declaration]>, Arc<[Place]>) {
    let lines = LineIndex::new(text);
    let owners = owners(hir);
    let visible = visible_scopes(hir);
    let mut numbers: FxHashMap<DeclId, u32> = FxHashMap::default();
    let mut found: Vec<DeclId> = hir
        .decls()
        .filter(|(_, decl)| match hir.symbol(decl.symbol).home {
            Home::Table(table) => owners.contains_key(&table) && visible[decl.scope.index()],
            Home::Scope(_) => visible[decl.scope.index()],
        })
        .filter(|(_, decl)| kind(hir, decl).is_some())
        .map(|(id, _)| id)
        .collect();
    found.sort_by_key(|&id| hir.decl(id).name_range.start());
    let (mut declarations, mut places) = (Vec::new(), Vec::new());
    for id in found {
        let decl = hir.decl(id);
        let Some(kind) = kind(hir, decl) else {
            continue;
        };
        let parent = match hir.symbol(decl.symbol).home {
            Home::Table(table) => owners.get(&table).copied(),
            Home::Scope(_) => decl.parent,
        };
        numbers.insert(id, declarations.len() as u32);
        declarations.push(Declaration {
            name: hir.name(decl.name).clone(),
            kind,
            exported: decl.flags.has(DeclFlags::EXPORTED) && kind != DeclarationKind::EnumMember,
            parent: parent.and_then(|parent| numbers.get(&parent).copied()),
        });
        places.push(Place::new(&lines, decl.name_range.start()));
    }
    (declarations.into(), places.into())
}

/// The declaration whose members a table holds, for what others can see into.
fn owners(hir: &Hir) -> FxHashMap<TableId, DeclId> {
    let mut owners = FxHashMap::default();
    for (id, decl) in hir.decls() {
        match decl.data {
            DeclData::Class(class) => {
                let class = hir.class(class);
                owners.insert(class.instance, id);
                owners.insert(class.statics, id);
            }
            DeclData::Interface(shape) => _ = owners.insert(hir.shape(shape).table, id),
            DeclData::Enum(table) => _ = owners.insert(table, id),
            _ => {}
        }
    }
    owners
}

/// Whether what is declared in a scope can be seen from outside of all functions.
fn visible_scopes(hir: &Hir) -> Vec<bool> {
    let mut visible: Vec<bool> = Vec::with_capacity(hir.scopes().len());
    for (_, scope) in hir.scopes() {
        let here = !matches!(scope.kind, ScopeKind::Function | ScopeKind::Block);
        let outer = scope
            .parent
            .is_none_or(|ScopeId(parent)| visible[parent as usize]);
        visible.push(here && outer);
    }
    visible
}

pub(crate) fn kind(hir: &Hir, decl: &Decl) -> Option<DeclarationKind> {
    Some(match decl.kind {
        DeclKind::Var | DeclKind::Let => variable(hir, decl, DeclarationKind::Variable),
        DeclKind::Const => variable(hir, decl, DeclarationKind::Constant),
        DeclKind::Function => DeclarationKind::Function,
        DeclKind::Class => DeclarationKind::Class,
        DeclKind::Interface => DeclarationKind::Interface,
        DeclKind::TypeAlias => DeclarationKind::TypeAlias,
        DeclKind::Enum => DeclarationKind::Enum,
        DeclKind::EnumMember => DeclarationKind::EnumMember,
        DeclKind::Namespace => DeclarationKind::Namespace,
        DeclKind::Method => DeclarationKind::Method,
        DeclKind::Property => DeclarationKind::Property,
        DeclKind::Accessor => DeclarationKind::Accessor,
        DeclKind::Constructor => DeclarationKind::Constructor,
        DeclKind::Parameter
        | DeclKind::Catch
        | DeclKind::TypeParameter
        | DeclKind::Import
        | DeclKind::ExportAssignment
        | DeclKind::UmdNamespace => return None,
    })
}

fn variable(hir: &Hir, decl: &Decl, plain: DeclarationKind) -> DeclarationKind {
    let DeclData::Binding(pattern) = decl.data else {
        return plain;
    };
    let PatternSource::Variable(_, Some(init)) = hir.pattern(pattern).source else {
        return plain;
    };
    match hir.expr(init).kind {
        ExprKind::Function(_) => DeclarationKind::Function,
        ExprKind::Class(_) => DeclarationKind::Class,
        _ => plain,
    }
}
