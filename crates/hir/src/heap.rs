//! What a lowering weighs, so that caches can keep to a budget.

use std::cell::Cell;
use std::mem::{size_of, take};

use crate::{ExprKind, Hir, TypeKind};

/// The room of a larger lowering is given back: it was for a file of the rare sort.
const MOST_SPARE: usize = 8 << 20;

thread_local! {
    /// Empty, with room.
    static SPARE: Cell<Option<Hir>> = const { Cell::new(None) };
}

impl Hir {
    /// The bytes that it keeps on the heap, about.
    pub fn heap_size(&self) -> usize {
        fn of<T>(all: &Vec<T>) -> usize {
            all.capacity() * size_of::<T>()
        }
        fn boxed<T>(all: &[T]) -> usize {
            size_of_val(all)
        }
        let long = |name: &&smol_str::SmolStr| name.is_heap_allocated();
        let names: usize = self.names.iter().filter(long).map(|it| it.len() + 16).sum();
        let in_scopes: usize = self.scopes.iter().map(|it| of(&it.symbols)).sum();
        let in_tables: usize = self.tables.iter().map(of).sum();
        let in_exprs: usize = self
            .exprs
            .iter()
            .map(|it| match &it.kind {
                ExprKind::Call {
                    args, type_args, ..
                }
                | ExprKind::New {
                    args, type_args, ..
                } => boxed(args) + boxed(type_args),
                ExprKind::Array(all) => boxed(all),
                ExprKind::Object { spreads, .. } => boxed(spreads),
                _ => 0,
            })
            .sum();
        let in_types: usize = self
            .types
            .iter()
            .map(|it| match &it.kind {
                TypeKind::Reference { args, .. } => boxed(args),
                TypeKind::Union(all) | TypeKind::Intersection(all) | TypeKind::Template(all) => {
                    boxed(all)
                }
                TypeKind::Tuple(all) => boxed(all),
                _ => 0,
            })
            .sum();
        let in_functions: usize = self
            .functions
            .iter()
            .map(|it| boxed(&it.type_params) + boxed(&it.params) + boxed(&it.returns))
            .sum();
        let arenas = of(&self.names)
            + boxed(&self.name_slots)
            + of(&self.scopes)
            + boxed(&self.scope_order)
            + of(&self.symbols)
            + of(&self.decls)
            + of(&self.tables)
            + of(&self.tokens)
            + of(&self.exprs)
            + of(&self.types)
            + of(&self.patterns)
            + of(&self.functions)
            + of(&self.classes)
            + of(&self.shapes)
            + of(&self.modules)
            + of(&self.imports)
            + of(&self.export_statements);
        // A map keeps a byte beside each place, and some places free.
        let maps = self.by_name.capacity() * 18 + self.contexts.capacity() * 22;
        let guards = self.guards.values().map(|it| boxed(it) + 24);
        let maps = maps + guards.sum::<usize>();
        arenas + maps + names + in_scopes + in_tables + in_exprs + in_types + in_functions
    }

    /// An empty lowering, with the room of the last one that this thread has made.
    pub(crate) fn roomy() -> Self {
        SPARE.take().unwrap_or_default()
    }

    /// Moves everything to arenas that fit. The room that it had is kept for the thread's next lowering: arenas that grow
    /// are copied again and again, a tenth of the time of a lowering.
    pub(crate) fn fitted(mut self) -> Self {
        let fitted = Self {
            names: fitted(&mut self.names),
            scopes: fitted(&mut self.scopes),
            symbols: fitted(&mut self.symbols),
            decls: fitted(&mut self.decls),
            tables: fitted(&mut self.tables),
            tokens: fitted(&mut self.tokens),
            exprs: fitted(&mut self.exprs),
            types: fitted(&mut self.types),
            patterns: fitted(&mut self.patterns),
            functions: fitted(&mut self.functions),
            by_name: self.by_name.drain().collect(),
            contexts: self.contexts.drain().collect(),
            is_module: self.is_module,
            is_javascript: self.is_javascript,
            is_declarations: self.is_declarations,
            name_slots: take(&mut self.name_slots),
            scope_order: take(&mut self.scope_order),
            by_text: take(&mut self.by_text),
            classes: take(&mut self.classes),
            shapes: take(&mut self.shapes),
            modules: take(&mut self.modules),
            imports: take(&mut self.imports),
            export_statements: take(&mut self.export_statements),
            exports: take(&mut self.exports),
            ambient_modules: take(&mut self.ambient_modules),
            umd_namespaces: take(&mut self.umd_namespaces),
            global_scopes: take(&mut self.global_scopes),
            references: take(&mut self.references),
            expandos: take(&mut self.expandos),
            guards: take(&mut self.guards),
            common_js: self.common_js.take(),
        };
        if self.heap_size() <= MOST_SPARE {
            self.is_module = false;
            SPARE.set(Some(self));
        }
        fitted
    }
}

fn fitted<T>(all: &mut Vec<T>) -> Vec<T> {
    let mut fitted = Vec::with_capacity(all.len());
    fitted.append(all);
    fitted
}
