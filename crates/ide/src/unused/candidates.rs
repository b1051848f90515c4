//! Which declarations are to be used at all.

use rustc_hash::{FxHashMap, FxHashSet};
use symphony_hir::{
    DeclData, DeclFlags, DeclId, DeclKind, FunctionId, FunctionKind, Hir, Home, PatternId,
    PatternSource, ScopeId, ScopeKind, SymbolId, TypeKind,
};

use super::uses::{Uses, is_own_name};
use super::{Unused, UnusedKind, is_import_binding};

/// Names in scopes, but for type parameters.
pub(super) fn names(text: &str, hir: &Hir, uses: &Uses) -> Vec<Unused> {
    let facts = Facts::collect(text, hir);
    let mut found = Vec::new();
    for (id, symbol) in hir.symbols() {
        let Home::Scope(scope) = symbol.home else {
            continue;
        };
        // What is not looked up by its name, such as `declare module "a"`, is not in its scope.
        let is_in_scope = hir.in_scope(scope, symbol.name) == Some(id);
        if uses.has(hir, id) || !is_in_scope || !facts.checks(scope) {
            continue;
        }
        let decls = &symbol.decls;
        let is_exported = |&it: &DeclId| hir.has(it, DeclFlags::EXPORTED);
        if decls.iter().any(is_exported) || is_only_declared(hir, id) {
            continue;
        }
        for &decl in decls {
            if let Some(kind) = facts.kind(decl) {
                let range = hir.decl(decl).name_range;
                found.push(Unused { decl, range, kind });
            }
        }
    }
    found
}

/// Whether it is a function without any body: `declare function`.
fn is_only_declared(hir: &Hir, symbol: SymbolId) -> bool {
    let mut functions = (hir.symbol(symbol).decls.iter())
        .filter(|&&it| hir.decl(it).kind == DeclKind::Function)
        .peekable();
    functions.peek().is_some() && functions.all(|&it| !hir.has(it, DeclFlags::HAS_BODY))
}

/// What is known of scopes and patterns.
struct Facts<'a> {
    text: &'a str,
    hir: &'a Hir,
    /// The function of each function's scope.
    functions: FxHashMap<ScopeId, FunctionId>,
    /// The patterns with braces that end in `...rest`.
    with_rest: FxHashSet<PatternId>,
}

impl<'a> Facts<'a> {
    fn collect(text: &'a str, hir: &'a Hir) -> Self {
        let rests = hir
            .decls()
            .filter_map(|(_, decl)| match decl.data {
                DeclData::Binding(pattern) => Some(hir.pattern(pattern)),
                _ => None,
            })
            .filter_map(|pattern| match pattern.source {
                PatternSource::Rest(outer) => Some(outer),
                _ => None,
            })
            .collect();
        Self {
            text,
            hir,
            functions: hir.functions().map(|(id, it)| (it.scope, id)).collect(),
            with_rest: rests,
        }
    }

    fn checks(&self, scope: ScopeId) -> bool {
        let hir = self.hir;
        match hir.scope(scope).kind {
            ScopeKind::File => !hir.is_global(scope),
            ScopeKind::Namespace | ScopeKind::Block => true,
            // The scope of a static block has no function.
            ScopeKind::Function => {
                (self.functions.get(&scope)).is_some_and(|&it| hir.function(it).body.is_some())
            }
            ScopeKind::Global
            | ScopeKind::AmbientModule
            | ScopeKind::Class
            | ScopeKind::Type
            | ScopeKind::Enum => false,
        }
    }

    /// What sort of unused name a declaration is; none if it need not be used.
    fn kind(&self, id: DeclId) -> Option<UnusedKind> {
        let hir = self.hir;
        let decl = hir.decl(id);
        let underscored = hir.name(decl.name).starts_with('_');
        if decl.flags.has(DeclFlags::AMBIENT) || decl.name_range.is_empty() {
            return None;
        }
        let kind = match decl.kind {
            DeclKind::Import if is_import_binding(hir, id) => {
                return (!underscored).then_some(UnusedKind::Import);
            }
            DeclKind::Import | DeclKind::Enum | DeclKind::Namespace => UnusedKind::Local,
            DeclKind::Function | DeclKind::Class => {
                return (!is_own_name(hir, id)).then_some(UnusedKind::Local);
            }
            DeclKind::Interface | DeclKind::TypeAlias => UnusedKind::Type,
            DeclKind::Parameter if decl.flags.has(DeclFlags::PARAMETER_PROPERTY) => return None,
            DeclKind::Parameter => UnusedKind::Parameter,
            DeclKind::Var | DeclKind::Let | DeclKind::Const => UnusedKind::Local,
            _ => return None,
        };
        if let DeclData::Binding(pattern) = decl.data
            && self.may_be_unused(pattern, id, underscored)
        {
            return None;
        }
        Some(kind)
    }

    fn may_be_unused(&self, pattern: PatternId, decl: DeclId, underscored: bool) -> bool {
        let renamed = !self.hir.has(decl, DeclFlags::SHORTHAND);
        match self.hir.pattern(pattern).source {
            PatternSource::Property(outer, _) | PatternSource::Computed(outer) => {
                self.with_rest.contains(&outer) || underscored && renamed
            }
            PatternSource::Rest(outer) => underscored && self.is_list(outer),
            PatternSource::Element(..)
            | PatternSource::Parameter(..)
            | PatternSource::ForOf(_)
            | PatternSource::ForIn => underscored,
            PatternSource::Variable(..) => underscored && self.is_using(decl),
            PatternSource::Catch(_) => true,
        }
    }

    fn is_list(&self, pattern: PatternId) -> bool {
        let start = usize::from(self.hir.pattern(pattern).range.start());
        self.text.as_bytes().get(start) == Some(&b'[')
    }

    fn is_using(&self, decl: DeclId) -> bool {
        let start = usize::from(self.hir.decl(decl).range.start());
        let before = self.text.get(..start).unwrap_or_default();
        before.trim_end().ends_with("using")
    }
}

/// Type parameters of functions, classes, interfaces and aliases, and those of `infer`.
pub(super) fn type_parameters(hir: &Hir, uses: &Uses) -> Vec<Unused> {
    let mut found = Vec::new();
    let unlisted = overloaded_signatures(hir);
    let mut lists: Vec<(Option<DeclId>, &[DeclId])> = Vec::new();
    for (id, function) in hir.functions() {
        let named = function.decl.filter(|&it| {
            hir.decl(it).data == DeclData::Function(id) && function.kind != FunctionKind::Expression
        });
        if !unlisted.contains(&id) {
            lists.push((named, &function.type_params));
        }
    }
    lists.extend(hir.classes().map(|(_, it)| (it.decl, &*it.type_params)));
    for (id, decl) in hir.decls() {
        if let DeclData::Interface(shape) = decl.data {
            lists.push((Some(id), &hir.shape(shape).type_params));
        }
    }
    for (owner, list) in lists {
        // Of overloads and merged declarations the last one answers for all.
        let is_last = owner.is_none_or(|owner| is_last_of_its_symbol(hir, owner));
        if is_last {
            let used = |&&it: &&DeclId| !is_used(hir, uses, owner, it);
            found.extend(list.iter().filter(used).copied());
        }
    }
    for (id, decl) in hir.decls() {
        if decl.kind == DeclKind::TypeParameter && is_of_alias(hir, id) {
            found.push(id);
        }
    }
    // A name that is inferred within a function type is used outside of its scope.
    found.extend(inferred(hir).filter(|&it| !uses.has_type_named(hir.decl(it).name)));
    found.retain(|&it| {
        let decl = hir.decl(it);
        !hir.name(decl.name).starts_with('_')
            && !decl.flags.has(DeclFlags::AMBIENT)
            && !uses.has(hir, decl.symbol)
    });
    found
        .into_iter()
        .map(|decl| Unused {
            decl,
            range: hir.decl(decl).name_range,
            kind: UnusedKind::TypeParameter,
        })
        .collect()
}

fn is_last_of_its_symbol(hir: &Hir, owner: DeclId) -> bool {
    let decl = hir.decl(owner);
    // Another file may have declarations that are merged with these.
    let is_shared = matches!(decl.kind, DeclKind::Interface | DeclKind::Class)
        && matches!(hir.symbol(decl.symbol).home, Home::Scope(scope)
            if hir.is_global(scope) || decl.flags.has(DeclFlags::EXPORTED));
    !is_shared && hir.symbol(decl.symbol).decls.last() == Some(&owner)
}

/// Whether a type parameter is used in its declaration or, for an interface or class, in one that is merged with it.
fn is_used(hir: &Hir, uses: &Uses, owner: Option<DeclId>, parameter: DeclId) -> bool {
    let name = hir.decl(parameter).name;
    let parts = owner.map_or(&[][..], |owner| &hir.symbol(hir.decl(owner).symbol).decls);
    parts.iter().any(|&part| {
        let list = match hir.decl(part).data {
            DeclData::Interface(shape) => &hir.shape(shape).type_params,
            DeclData::Class(class) => &hir.class(class).type_params,
            _ => return false,
        };
        let same = |&&it: &&DeclId| hir.decl(it).name == name;
        (list.iter().find(same)).is_some_and(|&it| uses.has(hir, hir.decl(it).symbol))
    })
}

/// Call and construct signatures that stand beside others: only the last of each would be looked at, and interfaces
/// that are merged may have more.
fn overloaded_signatures(hir: &Hir) -> FxHashSet<FunctionId> {
    let mut found = FxHashSet::default();
    let mut add = |list: &[FunctionId], merged: bool| {
        let end = if merged {
            list.len()
        } else {
            list.len().saturating_sub(1)
        };
        found.extend(&list[..end]);
    };
    for (_, shape) in hir.shapes() {
        let merged =
            (shape.decl).is_some_and(|decl| hir.symbol(hir.decl(decl).symbol).decls.len() > 1);
        add(&shape.calls, merged);
        add(&shape.constructs, merged);
    }
    found
}

/// Whether it is a type parameter of `type A<T> = ..`.
fn is_of_alias(hir: &Hir, parameter: DeclId) -> bool {
    let scope = hir.scope(hir.decl(parameter).scope);
    scope.kind == ScopeKind::Type
        && (scope.owner).is_some_and(|it| hir.decl(it).kind == DeclKind::TypeAlias)
}

fn inferred(hir: &Hir) -> impl Iterator<Item = DeclId> {
    hir.types().filter_map(|(_, it)| match it.kind {
        TypeKind::Infer(decl) => Some(decl),
        _ => None,
    })
}

/// Private members of classes.
pub(super) fn members(hir: &Hir, uses: &Uses) -> Vec<Unused> {
    let mut found = Vec::new();
    for (_, symbol) in hir.symbols() {
        let Home::Table(_) = symbol.home else {
            continue;
        };
        let has = |flag| symbol.decls.iter().any(|&it| hir.has(it, flag));
        if !has(DeclFlags::PRIVATE) || uses.has_member(symbol.name, has(DeclFlags::SETTER)) {
            continue;
        }
        let is_getter = |&it: &DeclId| {
            hir.decl(it).kind == DeclKind::Accessor && !hir.has(it, DeclFlags::SETTER)
        };
        let has_getter = symbol.decls.iter().any(is_getter);
        for &decl in &symbol.decls {
            if let Some(kind) = member_kind(hir, decl, has_getter) {
                let range = hir.decl(decl).name_range;
                found.push(Unused { decl, range, kind });
            }
        }
    }
    found
}

fn member_kind(hir: &Hir, id: DeclId, has_getter: bool) -> Option<UnusedKind> {
    let decl = hir.decl(id);
    let flags = decl.flags;
    if !flags.has(DeclFlags::PRIVATE) || flags.has(DeclFlags::AMBIENT) {
        return None;
    }
    match decl.kind {
        DeclKind::Property if flags.has(DeclFlags::PARAMETER_PROPERTY) => {
            Some(UnusedKind::Property)
        }
        DeclKind::Property | DeclKind::Method => Some(UnusedKind::Member),
        DeclKind::Accessor => {
            (!flags.has(DeclFlags::SETTER) || !has_getter).then_some(UnusedKind::Member)
        }
        _ => None,
    }
}
