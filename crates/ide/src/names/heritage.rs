//! What classes and interfaces say that they extend and implement, and the members that they have from there.

use rustc_hash::FxHashSet;
use symphony_db::SourceFile;
use symphony_hir::{DeclData, DeclFlags, Hir, Home, SymbolId, TableId, TypeId, TypeKind};
use symphony_semantic::{Def, Semantics, Target};

/// How many supertypes are followed from one type: more is a circle or no one's code.
const MAX_BASES: usize = 256;

/// The class or interface that a symbol is a member of, and whether it is a static one.
pub(crate) fn owner_of_member(hir: &Hir, symbol: SymbolId) -> Option<(SymbolId, bool)> {
    let Home::Table(table) = hir.symbol(symbol).home else {
        return None;
    };
    let first = hir.first_decl(symbol);
    let owner = hir.decl(first.parent?);
    // The constructor lies between a class and its parameter properties.
    let owner = match owner.kind {
        symphony_hir::DeclKind::Constructor => hir.decl(owner.parent?),
        _ => owner,
    };
    let is_static = first.flags.has(DeclFlags::STATIC);
    let has = match owner.data {
        DeclData::Class(class) => {
            let class = hir.class(class);
            class.instance == table || class.statics == table
        }
        DeclData::Interface(shape) => hir.shape(shape).table == table,
        _ => false,
    };
    has.then_some((owner.symbol, is_static))
}

/// What a class or interface extends and implements itself.
pub(crate) fn bases(semantics: &Semantics<'_>, of: Def) -> Vec<Def> {
    let hir = semantics.hir(of.file);
    let mut found = Vec::new();
    for &decl in &hir.symbol(of.symbol).decls {
        match hir.decl(decl).data {
            DeclData::Class(class) => {
                let class = hir.class(class);
                if let Some((base, _)) = class.extends {
                    let targets = semantics.expr_targets(of.file, &hir, base);
                    found.extend(targets.into_iter().filter_map(Target::def));
                }
                for &ty in &class.implements {
                    named_types(semantics, of.file, &hir, ty, &mut found);
                }
            }
            DeclData::Interface(shape) => {
                for &ty in &hir.shape(shape).extends {
                    named_types(semantics, of.file, &hir, ty, &mut found);
                }
            }
            _ => {}
        }
    }
    found
}

/// What a written type names.
pub(crate) fn named_types(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    ty: TypeId,
    found: &mut Vec<Def>,
) {
    if let TypeKind::Reference { name, .. } = hir.ty(ty).kind {
        let targets = semantics.expr_targets(file, hir, name);
        found.extend(targets.into_iter().filter_map(Target::def));
    }
}

/// The tables with the members of a class, interface or alias of an object type.
fn tables(hir: &Hir, symbol: SymbolId, statics: bool) -> Vec<TableId> {
    let decls = hir.symbol(symbol).decls.iter();
    decls
        .filter_map(|&decl| match hir.decl(decl).data {
            DeclData::Class(class) if statics => Some(hir.class(class).statics),
            DeclData::Class(class) => Some(hir.class(class).instance),
            DeclData::Interface(shape) if !statics => Some(hir.shape(shape).table),
            DeclData::Alias(ty) if !statics => match hir.ty(ty).kind {
                TypeKind::Object(shape) => Some(hir.shape(shape).table),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

/// The own members `name` of a class or interface.
pub(crate) fn own_members(
    semantics: &Semantics<'_>,
    of: Def,
    name: &str,
    statics: bool,
) -> Vec<Def> {
    let hir = semantics.hir(of.file);
    let Some(name) = hir.name_id(name) else {
        return Vec::new();
    };
    let tables = tables(&hir, of.symbol, statics).into_iter();
    tables
        .filter_map(|table| hir.member(table, name))
        .map(|symbol| Def {
            file: of.file,
            symbol,
        })
        .collect()
}

/// The members of the same name that a member of a class or interface implements or overrides, however far up.
pub(crate) fn overridden(semantics: &Semantics<'_>, member: Def) -> Vec<Def> {
    let hir = semantics.hir(member.file);
    let Some((owner, is_static)) = owner_of_member(&hir, member.symbol) else {
        return Vec::new();
    };
    let name = hir.name(hir.symbol(member.symbol).name).clone();
    if name.starts_with('#') {
        return Vec::new();
    }
    let owner = Def {
        file: member.file,
        symbol: owner,
    };
    let mut found = Vec::new();
    for base in all_bases(semantics, owner) {
        found.extend(own_members(semantics, base, &name, is_static));
    }
    found
}

/// All that a class or interface extends and implements, however far up; without itself.
pub(crate) fn all_bases(semantics: &Semantics<'_>, of: Def) -> Vec<Def> {
    let mut seen = FxHashSet::default();
    seen.insert(of);
    let mut all = Vec::new();
    let mut next = vec![of];
    while let Some(at) = next.pop() {
        for base in bases(semantics, at) {
            if all.len() < MAX_BASES && seen.insert(base) {
                all.push(base);
                next.push(base);
            }
        }
    }
    all
}
