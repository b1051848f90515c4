//! Names in scope.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use symphony_hir::{
    Decl, DeclData, DeclFlags, DeclKind, FunctionKind, Hir, Home, Imported, Meaning, NameId,
    PatternId, PatternSource, ScopeId, ScopeKind, SymbolId,
};
use symphony_semantic::{Module, exported_by, resolve_module};

use super::place::NamePlace;
use super::{CompletionItem, CompletionKind, Completions, Context, Tier, fits, kind_of_decl};
use crate::exports::{meaning_of, module_names};

impl Context<'_> {
    /// Offers what is declared in the scopes around; returns all names that hide what is global.
    pub(super) fn names_in_scope(
        &self,
        place: NamePlace,
        acc: &mut Completions,
    ) -> FxHashSet<NameId> {
        let hir = &*self.cursor.hir;
        let mut seen: FxHashSet<NameId> = FxHashSet::default();
        let own = hir.token(self.cursor.token()).name;
        let arguments = !place.is_type() && takes_arguments(hir, place);
        if arguments && self.cursor.may_continue("arguments") {
            let label = SmolStr::new_static("arguments");
            let kind = CompletionKind::Variable;
            acc.items.push(CompletionItem::new(label, kind, Tier::Near));
        }
        for scope in hir.scopes_around(place.scope) {
            for symbol in symbols_of(hir, scope) {
                let it = hir.symbol(symbol);
                if it.name == own && it.decls.iter().all(|&it| self.is_cursor(hir.decl(it))) {
                    continue;
                }
                let meaning = it.meaning;
                // What cannot be meant does not hide what can, where only types count.
                if place.is_type() && !fits(meaning, place.meaning) {
                    continue;
                }
                if !seen.insert(it.name) || self.is_hidden(place, symbol) {
                    continue;
                }
                let label = hir.name(it.name);
                if self.cursor.may_continue(label)
                    && (place.exported || self.may_be(symbol, place.meaning))
                {
                    let label = label.clone();
                    let kind = kind_of_decl(hir.first_decl(symbol).kind);
                    acc.items.push(CompletionItem::new(label, kind, Tier::Near));
                }
            }
        }
        seen
    }

    /// Whether a declaration is the name that stands at the cursor.
    fn is_cursor(&self, decl: &Decl) -> bool {
        let token = self.cursor.hir.token(self.cursor.token());
        decl.name_range == token.range
    }

    /// Whether a symbol of the file may stand for `wanted`. Imports are followed, by summaries alone.
    pub(super) fn may_be(&self, symbol: SymbolId, wanted: Meaning) -> bool {
        let hir = &*self.cursor.hir;
        let it = hir.symbol(symbol);
        it.decls.iter().any(|&decl| {
            let decl = hir.decl(decl);
            match decl.data {
                DeclData::Import(module, imported) => {
                    let specifier = hir.name(hir.module(module).specifier);
                    let found = resolve_module(self.db, self.file, specifier.clone());
                    // What leads nowhere may be anything.
                    found.is_none_or(|module| self.imported_may_be(&module, imported, wanted))
                }
                DeclData::ImportAlias(expr) => {
                    let targets = self.semantics.expr_targets(self.file, hir, expr);
                    targets.is_empty()
                        || targets.iter().any(|target| match target.def() {
                            Some(def) => {
                                let other = self.semantics.hir(def.file);
                                fits(other.symbol(def.symbol).meaning, wanted)
                            }
                            None => true,
                        })
                }
                _ => fits(decl_meaning(hir, decl), wanted),
            }
        })
    }

    fn imported_may_be(&self, module: &Module, imported: Imported, wanted: Meaning) -> bool {
        let name = match imported {
            Imported::Default => "default",
            Imported::Named(name) => self.cursor.hir.name(name),
            Imported::Namespace | Imported::Equals => {
                return !is_only_type(wanted) || self.has_types(module);
            }
        };
        match exported_by(self.db, module, name) {
            Some(found) => fits(meaning_of(self.db, &found).0, wanted),
            None => true,
        }
    }

    /// Whether a module exports a type: only then does its name stand in one.
    fn has_types(&self, module: &Module) -> bool {
        module_names(self.db, module)
            .iter()
            .any(|it| it.meaning.meets(Meaning::TYPE.and(Meaning::NAMESPACE)))
    }

    /// Whether a variable is declared by what the cursor is in: it has no value there. A function in between has its own
    /// time.
    fn is_hidden(&self, place: NamePlace, symbol: SymbolId) -> bool {
        let hir = &*self.cursor.hir;
        let Some(&first) = hir.symbol(symbol).decls.first() else {
            return false;
        };
        let decl = hir.decl(first);
        match decl.data {
            DeclData::Binding(pattern) => match decl.kind {
                DeclKind::Parameter => later_parameter(hir, place, pattern),
                _ => self.is_own_initialiser(place, decl, pattern),
            },
            DeclData::TypeParameter(constraint, default) => {
                let holds = |ty: Option<symphony_hir::TypeId>| {
                    ty.is_some_and(|ty| hir.ty(ty).range.contains_inclusive(place.at))
                };
                // `<T extends T>`; within the default also what comes later.
                let starts = constraint.is_some_and(|ty| hir.ty(ty).range.start() == place.at);
                starts || holds(default)
            }
            _ => false,
        }
    }

    /// Whether the cursor is in what a variable is initialised with, and not at its very end, where nothing follows.
    fn is_own_initialiser(&self, place: NamePlace, decl: &Decl, pattern: PatternId) -> bool {
        let hir = &*self.cursor.hir;
        let Some(range) = initialiser(hir, pattern) else {
            return false;
        };
        let name = hir.token(self.cursor.token()).range;
        let at_end = self.cursor.is_empty() && name.end() >= range.end();
        let exported = decl.flags.has(DeclFlags::EXPORTED);
        if !range.contains_inclusive(place.at) || at_end || exported || place.shorthand {
            return false;
        }
        let home = match hir.symbol(decl.symbol).home {
            Home::Scope(scope) => scope,
            Home::Table(_) => return false,
        };
        let mut between = hir.scopes_around(place.scope).take_while(|&it| it != home);
        !between.any(|it| {
            let scope = hir.scope(it);
            scope.kind == ScopeKind::Function && range.contains_range(scope.range)
        })
    }
}

fn is_only_type(wanted: Meaning) -> bool {
    !wanted.meets(Meaning::VALUE)
}

/// A namespace in which there are only types is no value, and one without types stands in none.
pub(super) fn decl_meaning(hir: &Hir, decl: &Decl) -> Meaning {
    match decl.data {
        DeclData::Namespace(scope) => {
            let inside = meaning_inside(hir, scope, 8);
            let named = if inside.meets(Meaning::TYPE) || inside == Meaning::NONE {
                Meaning::NAMESPACE
            } else {
                Meaning::NONE
            };
            Meaning(inside.0 & Meaning::VALUE.0).and(named)
        }
        _ => decl.kind.meaning(),
    }
}

fn meaning_inside(hir: &Hir, scope: ScopeId, depth: u32) -> Meaning {
    let symbols = hir.scope(scope).symbols.iter();
    let decls = symbols.flat_map(|&it| &hir.symbol(it).decls);
    decls.fold(Meaning::NONE, |all, &it| match hir.decl(it).data {
        DeclData::Namespace(inner) if depth > 0 => all.and(meaning_inside(hir, inner, depth - 1)),
        _ => all.and(hir.decl(it).kind.meaning()),
    })
}

/// The symbols that are names in exactly this scope, with those of the other parts of an enum or namespace.
pub(super) fn symbols_of(hir: &Hir, scope: ScopeId) -> Vec<SymbolId> {
    let it = hir.scope(scope);
    let mut symbols = it.symbols.clone();
    let (ScopeKind::Enum | ScopeKind::Namespace, Some(owner)) = (it.kind, it.owner) else {
        return symbols;
    };
    for &part in &hir.symbol(hir.decl(owner).symbol).decls {
        match hir.decl(part).data {
            DeclData::Enum(table) => symbols.extend_from_slice(hir.members(table)),
            DeclData::Namespace(other) if other != scope => {
                let exported = hir.scope(other).symbols.iter().copied().filter(|&symbol| {
                    let decls = &hir.symbol(symbol).decls;
                    decls.iter().any(|&it| hir.has(it, DeclFlags::EXPORTED))
                });
                symbols.extend(exported);
            }
            _ => {}
        }
    }
    symbols
}

/// Whether a function around the cursor has an `arguments`.
fn takes_arguments(hir: &Hir, place: NamePlace) -> bool {
    let around: FxHashSet<ScopeId> = hir
        .scopes_around(place.scope)
        .filter(|&it| hir.scope(it).kind == ScopeKind::Function)
        .collect();
    let own = |kind| {
        !matches!(
            kind,
            FunctionKind::Arrow | FunctionKind::Signature | FunctionKind::ConstructSignature
        )
    };
    !around.is_empty()
        && hir
            .functions()
            .any(|(_, it)| own(it.kind) && around.contains(&it.scope))
}

/// The initialiser of the variable, or of the pattern that the variable is an outermost part of.
pub(super) fn initialiser(hir: &Hir, pattern: PatternId) -> Option<symphony_text::TextRange> {
    let mut source = &hir.pattern(pattern).source;
    if let PatternSource::Property(outer, _)
    | PatternSource::Computed(outer)
    | PatternSource::Element(outer, _)
    | PatternSource::Rest(outer) = source
    {
        source = &hir.pattern(*outer).source;
    }
    match source {
        PatternSource::Variable(_, Some(init)) => Some(hir.expr(*init).range),
        _ => None,
    }
}

/// Whether a parameter is the one that the cursor is in the default of, or a later one.
fn later_parameter(hir: &Hir, place: NamePlace, pattern: PatternId) -> bool {
    let it = hir.pattern(pattern);
    let PatternSource::Parameter(function, number) = it.source else {
        return false;
    };
    let params = &hir.function(function).params;
    let here = params.iter().position(|param| {
        let pattern = hir.pattern(param.pattern);
        let default = pattern.default.map(|it| hir.expr(it).range);
        let ty = param.ty.map(|it| hir.ty(it).range);
        default
            .into_iter()
            .chain(ty)
            .any(|range| range.contains_inclusive(place.at))
    });
    here.is_some_and(|here| number as usize >= here)
}
