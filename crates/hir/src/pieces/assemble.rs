//! The pieces of a file put together.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use symphony_syntax::Language;
use symphony_text::TextSize;

use super::part::Part;
use super::shift::{Shift, Shifted};
use crate::lower::Lower;
use crate::{Hir, Home, NameId, ScopeId, Symbol, SymbolId};

/// The lowering of `text`, which is made of these parts: with each the place where it begins.
pub(super) fn assemble(text: &str, language: Language, parts: &[(usize, &Part)]) -> Hir {
    let mut assembly = Assembly {
        lower: Lower::with_room(text, language, room(parts)),
        names: FxHashMap::default(),
    };
    for &(at, part) in parts {
        assembly.add(TextSize::from(at as u32), part);
    }
    let mut lower = assembly.lower;
    lower.declare_assigned();
    lower.index();
    lower.hir
}

/// How much is in all parts, with an empty arena in place of what is in it.
fn room(parts: &[(usize, &Part)]) -> Hir {
    macro_rules! sum {
        ($($arena:ident)*) => {
            Hir {
                $($arena: Vec::with_capacity(parts.iter().map(|(_, it)| it.hir.$arena.len()).sum()),)*
                by_name: reserved(parts.iter().map(|(_, it)| it.hir.by_name.len()).sum()),
                contexts: reserved(parts.iter().map(|(_, it)| it.hir.contexts.len()).sum()),
                ..Hir::default()
            }
        };
    }
    sum!(names scopes symbols decls tables tokens exprs types patterns functions classes shapes modules imports export_statements)
}

fn reserved<K, V>(n: usize) -> FxHashMap<K, V> {
    FxHashMap::with_capacity_and_hasher(n, Default::default())
}

struct Assembly<'a> {
    lower: Lower<'a>,
    names: FxHashMap<SmolStr, NameId>,
}

impl Assembly<'_> {
    fn add(&mut self, at: TextSize, part: &Part) {
        let mut by = self.shift(at, &part.hir);
        self.add_symbols(&mut by, &part.hir);
        self.add_arenas(&by, &part.hir);
        self.add_exports(&by, &part.hir);
        let shifted = |guard: &crate::Guard| {
            let mut guard = *guard;
            guard.shift(&by);
            guard
        };
        self.lower.guards.extend(part.guards.iter().map(shifted));
        for assigned in &part.assigned {
            let mut assigned = *assigned;
            assigned.shift(&by);
            self.lower.assigned.push(assigned);
        }
    }

    /// How far a part moves; its symbols are still to be told apart.
    fn shift(&mut self, text: TextSize, part: &Hir) -> Shift {
        let hir = &mut self.lower.hir;
        let names = part.names.iter().map(|name| {
            if let Some(&known) = self.names.get(name) {
                return known;
            }
            let id = NameId(hir.names.len() as u32);
            hir.names.push(name.clone());
            self.names.insert(name.clone(), id);
            id
        });
        let names = names.collect();
        Shift {
            text,
            names,
            symbols: Vec::new(),
            // The file's scope is there already.
            scopes: hir.scopes.len() as u32 - 1,
            decls: hir.decls.len() as u32,
            tables: hir.tables.len() as u32,
            tokens: hir.tokens.len() as u32,
            exprs: hir.exprs.len() as u32,
            types: hir.types.len() as u32,
            patterns: hir.patterns.len() as u32,
            functions: hir.functions.len() as u32,
            classes: hir.classes.len() as u32,
            shapes: hir.shapes.len() as u32,
            modules: hir.modules.len() as u32,
        }
    }

    /// The symbols of a part: what it declares for the whole file may be declared elsewhere as well.
    fn add_symbols(&mut self, by: &mut Shift, part: &Hir) {
        let hir = &mut self.lower.hir;
        let mut is_shared = vec![false; part.symbols.len()];
        for symbol in &part.scopes[0].symbols {
            is_shared[symbol.index()] = true;
        }
        for (at, symbol) in part.symbols.iter().enumerate() {
            let mut symbol: Symbol = symbol.clone();
            symbol.name.shift(by);
            symbol.home.shift(by);
            symbol.decls.iter_mut().for_each(|it| it.shift(by));
            let new = SymbolId(hir.symbols.len() as u32);
            let id = match is_shared[at] {
                true => *hir.by_name.entry((symbol.home, symbol.name)).or_insert(new),
                false => new,
            };
            by.symbols.push(id);
            if id != new {
                let known = &mut hir.symbols[id.index()];
                known.meaning = known.meaning.and(symbol.meaning);
                known.decls.extend(symbol.decls);
                continue;
            }
            if is_shared[at] {
                hir.scopes[0].symbols.push(id);
            }
            hir.symbols.push(symbol);
        }
        for (&(home, name), &symbol) in &part.by_name {
            if home == Home::Scope(Hir::FILE) {
                continue;
            }
            let (mut key, mut symbol) = ((home, name), symbol);
            key.0.shift(by);
            key.1.shift(by);
            symbol.shift(by);
            hir.by_name.insert(key, symbol);
        }
    }

    fn add_arenas(&mut self, by: &Shift, part: &Hir) {
        let hir = &mut self.lower.hir;
        add(&mut hir.scopes, &part.scopes[1..], by);
        add(&mut hir.decls, &part.decls, by);
        add(&mut hir.tables, &part.tables, by);
        add(&mut hir.tokens, &part.tokens, by);
        add(&mut hir.exprs, &part.exprs, by);
        add(&mut hir.types, &part.types, by);
        add(&mut hir.patterns, &part.patterns, by);
        add(&mut hir.functions, &part.functions, by);
        add(&mut hir.classes, &part.classes, by);
        add(&mut hir.shapes, &part.shapes, by);
        add(&mut hir.modules, &part.modules, by);
        add(&mut hir.imports, &part.imports, by);
        add(&mut hir.export_statements, &part.export_statements, by);
        add(&mut hir.ambient_modules, &part.ambient_modules, by);
        add(&mut hir.umd_namespaces, &part.umd_namespaces, by);
        add(&mut hir.references, &part.references, by);
        for (&expr, &context) in &part.contexts {
            let mut entry = (expr, context);
            entry.shift(by);
            hir.contexts.insert(entry.0, entry.1);
        }
        hir.is_module |= part.is_module;
    }

    fn add_exports(&mut self, by: &Shift, part: &Hir) {
        for (&scope, exports) in &part.exports {
            let (mut scope, mut exports): (ScopeId, _) = (scope, exports.clone());
            scope.shift(by);
            exports.shift(by);
            let all = self.lower.hir.exports.entry(scope).or_default();
            all.named.extend(exports.named);
            all.stars.extend(exports.stars);
            all.equals = exports.equals.or(all.equals);
        }
    }
}

fn add<T: Shifted + Clone>(all: &mut Vec<T>, part: &[T], by: &Shift) {
    let from = all.len();
    all.extend_from_slice(part);
    all[from..].shift(by);
}
