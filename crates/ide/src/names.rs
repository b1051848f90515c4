//! What the features on names share: the names at a place, whose `this` it is, and what classes and interfaces inherit.

use symphony_hir::{
    ClassId, DeclFlags, DeclId, FunctionId, FunctionKind, Hir, Home, ScopeId, ScopeKind, TableId,
    TokenFlags, TokenId,
};
use symphony_text::TextSize;

pub(crate) mod heritage;

/// The names that the cursor touches: two for a shorthand. A name in quotes is touched at its quotes as well.
pub(crate) fn touched(hir: &Hir, offset: TextSize) -> Vec<TokenId> {
    let here: Vec<TokenId> = hir.tokens_at(offset).collect();
    if !here.is_empty() {
        return here;
    }
    let quoted = |at: TextSize| -> Vec<TokenId> {
        let found = hir.tokens_at(at);
        found
            .filter(|&it| hir.token(it).flags.has(TokenFlags::QUOTED))
            .collect()
    };
    let behind = quoted(offset + TextSize::from(1));
    if !behind.is_empty() {
        return behind;
    }
    offset.checked_sub(1.into()).map(quoted).unwrap_or_default()
}

/// Whose `this` it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThisOwner {
    /// A class: its instances, or itself.
    Class(ClassId, bool),
    /// An interface or alias.
    Type(DeclId),
    /// An object literal with this table.
    Object(TableId),
    /// A function that is no arrow function.
    Function(FunctionId),
    /// The file.
    File,
}

/// Whose `this` a place in `scope` means.
pub(crate) fn this_owner(hir: &Hir, scope: ScopeId) -> ThisOwner {
    let class_around = |scope: ScopeId| {
        let parent = hir.scope(scope).parent?;
        class_of_scope(hir, parent)
    };
    for scope in hir.scopes_around(scope) {
        let known = hir.scope(scope);
        match known.kind {
            ScopeKind::Function => match function_of_scope(hir, scope) {
                None => {
                    if let Some(class) = class_around(scope) {
                        return ThisOwner::Class(class, true);
                    }
                }
                Some(id) => {
                    if let Some(owner) = owner_of_function(hir, id, class_around(scope)) {
                        return owner;
                    }
                }
            },
            ScopeKind::Block => {
                let is_field = known.owner.is_some_and(|it| hir.decl(it).kind.is_member());
                if let (true, Some(class)) = (is_field, class_around(scope)) {
                    let is_static = known.owner.is_some_and(|it| hir.has(it, DeclFlags::STATIC));
                    return ThisOwner::Class(class, is_static);
                }
            }
            ScopeKind::Class => {
                if let Some(class) = class_of_scope(hir, scope) {
                    return ThisOwner::Class(class, false);
                }
            }
            ScopeKind::Type => {
                if let Some(owner) = known.owner {
                    return ThisOwner::Type(owner);
                }
            }
            _ => {}
        }
    }
    ThisOwner::File
}

fn owner_of_function(hir: &Hir, id: FunctionId, class: Option<ClassId>) -> Option<ThisOwner> {
    let function = hir.function(id);
    let decl = function.decl;
    match function.kind {
        FunctionKind::Arrow | FunctionKind::Signature | FunctionKind::ConstructSignature => None,
        FunctionKind::Method
        | FunctionKind::Getter
        | FunctionKind::Setter
        | FunctionKind::Constructor => Some(match (class, decl) {
            (Some(class), _) => {
                let is_static = decl.is_some_and(|it| hir.has(it, DeclFlags::STATIC));
                ThisOwner::Class(class, is_static)
            }
            (None, Some(decl)) => match hir.symbol(hir.decl(decl).symbol).home {
                Home::Table(table) => ThisOwner::Object(table),
                Home::Scope(_) => ThisOwner::Function(id),
            },
            (None, None) => ThisOwner::Function(id),
        }),
        FunctionKind::Declaration | FunctionKind::Expression => Some(ThisOwner::Function(id)),
    }
}

/// The function that a scope is of. Functions come in the order of their scopes.
pub(crate) fn function_of_scope(hir: &Hir, scope: ScopeId) -> Option<FunctionId> {
    let count = hir.functions().len() as u32;
    let at = first_at_least(count, |at| hir.function(FunctionId(at)).scope >= scope);
    let found = FunctionId(at);
    (at < count && hir.function(found).scope == scope).then_some(found)
}

/// The class that a scope is of.
pub(crate) fn class_of_scope(hir: &Hir, scope: ScopeId) -> Option<ClassId> {
    let count = hir.classes().len() as u32;
    let at = first_at_least(count, |at| hir.class(ClassId(at)).scope >= scope);
    let found = ClassId(at);
    (at < count && hir.class(found).scope == scope).then_some(found)
}

fn first_at_least(count: u32, reached: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if reached(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
