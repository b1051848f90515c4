//! What a lowering weighs, so that caches can keep to a budget.

use std::mem::size_of;

use crate::{ExprKind, Hir, TypeKind};

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

    /// Gives back what the arenas have in reserve.
    pub(crate) fn shrink(&mut self) {
        self.names.shrink_to_fit();
        self.scopes.shrink_to_fit();
        self.symbols.shrink_to_fit();
        self.decls.shrink_to_fit();
        self.tables.shrink_to_fit();
        self.tokens.shrink_to_fit();
        self.exprs.shrink_to_fit();
        self.types.shrink_to_fit();
        self.patterns.shrink_to_fit();
        self.functions.shrink_to_fit();
        self.by_name.shrink_to_fit();
        self.contexts.shrink_to_fit();
        self.guards.shrink_to_fit();
    }
}
