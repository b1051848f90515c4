//! Names between braces: of an import, of an export.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use symphony_hir::{DeclData, DeclId, Hir, ModuleRefId, ScopeId, TokenKind};
use symphony_semantic::{Module, resolve_module};

use super::{
    CompletionItem, CompletionKind, Completions, Context, Tier, kind_of_decl, kind_of_declaration,
};
use crate::exports::module_names;

impl Context<'_> {
    /// `import { | } from "x"`: what the module exports and the list does not have.
    pub(super) fn import_list(&self, decl: DeclId, acc: &mut Completions) {
        let hir = &*self.cursor.hir;
        let DeclData::Import(module, _) = hir.decl(decl).data else {
            return;
        };
        let statement = hir.imports().iter().find(|it| it.module == module);
        let listed = statement
            .and_then(|it| it.named.as_ref())
            .into_iter()
            .flat_map(|it| it.specifiers.iter())
            .filter(|it| it.decl != decl)
            .map(|it| hir.name(it.imported).clone());
        let listed: FxHashSet<SmolStr> = listed.collect();
        self.exports_of(module, &listed, acc);
        if statement.is_some_and(|it| !it.type_only) {
            self.type_modifier(acc);
        }
    }

    /// `export { | } from "x"`.
    pub(super) fn reexport_list(&self, module: ModuleRefId, acc: &mut Completions) {
        let hir = &*self.cursor.hir;
        let own = hir.token(self.cursor.token()).name;
        let statement = hir
            .export_statements()
            .iter()
            .find(|it| it.module == Some(module));
        let listed = hir.tokens().iter().filter_map(|it| match it.kind {
            TokenKind::Reexported(other) if other == module && it.name != own => {
                Some(hir.name(it.name).clone())
            }
            _ => None,
        });
        let listed: FxHashSet<SmolStr> = listed.collect();
        self.exports_of(module, &listed, acc);
        if statement.is_some_and(|it| !it.type_only) {
            self.type_modifier(acc);
        }
    }

    /// `export { | }`: what is declared in the file or namespace and not yet listed.
    pub(super) fn export_list(&self, scope: ScopeId, acc: &mut Completions) {
        let hir = &*self.cursor.hir;
        let own = self.cursor.token();
        let listed: FxHashSet<_> = hir
            .tokens()
            .iter()
            .enumerate()
            .filter(|(at, it)| {
                matches!(it.kind, TokenKind::ExportLocal { .. }) && *at != own.index()
            })
            .map(|(_, it)| it.name)
            .collect();
        for &symbol in &hir.scope(scope).symbols {
            let it = hir.symbol(symbol);
            if !listed.contains(&it.name) {
                let label = hir.name(it.name).clone();
                let kind = kind_of_decl(hir.first_decl(symbol).kind);
                acc.items.push(CompletionItem::new(label, kind, Tier::Near));
            }
        }
        self.type_modifier(acc);
    }

    fn type_modifier(&self, acc: &mut Completions) {
        if !self.cursor.hir.is_javascript {
            let label = SmolStr::new_static("type");
            acc.items.push(CompletionItem::new(
                label,
                CompletionKind::Keyword,
                Tier::Global,
            ));
        }
    }

    fn exports_of(&self, module: ModuleRefId, listed: &FxHashSet<SmolStr>, acc: &mut Completions) {
        let Some(module) = self.module(&self.cursor.hir, module) else {
            return;
        };
        for it in module_names(self.db, &module).iter() {
            if it.name != "export=" && !listed.contains(&it.name) {
                let kind = kind_of_declaration(it.kind);
                let mut item = CompletionItem::new(it.name.clone(), kind, Tier::Near);
                if it.name == "default" {
                    item.insert = Some(SmolStr::new_static("default as "));
                }
                acc.items.push(item);
            }
        }
    }

    pub(super) fn module(&self, hir: &Hir, module: ModuleRefId) -> Option<Module> {
        let specifier = hir.name(hir.module(module).specifier);
        resolve_module(self.db, self.file, specifier.clone())
    }
}
