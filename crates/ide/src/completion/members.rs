//! What may stand behind a dot.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use symphony_hir::{DeclData, DeclFlags, ExprId, Hir, Meaning, SymbolId};
use symphony_semantic::{Def, Module, Target};

use super::{CompletionItem, Completions, Context, Tier, fits, kind_of_decl, kind_of_declaration};
use crate::exports::module_names;

impl Context<'_> {
    pub(super) fn members(&self, object: ExprId, meaning: Meaning, acc: &mut Completions) {
        let hir = &*self.cursor.hir;
        let targets = self.semantics.expr_targets(self.file, hir, object);
        for target in targets {
            match target {
                Target::Module(file) => self.module_members(&Module::File(file), meaning, acc),
                Target::Ambient(file, scope) => {
                    let hir = self.semantics.hir(file);
                    let number = hir
                        .ambient_modules()
                        .iter()
                        .position(|it| it.scope == Some(scope));
                    if let Some(number) = number {
                        let module = Module::Ambient(vec![(file, number as u32)]);
                        self.module_members(&module, meaning, acc);
                    }
                }
                Target::Symbol(def) => self.symbol_members(def, meaning, acc),
            }
        }
        let mut seen: FxHashSet<SmolStr> = FxHashSet::default();
        acc.items.retain(|it| seen.insert(it.label.clone()));
    }

    fn module_members(&self, module: &Module, meaning: Meaning, acc: &mut Completions) {
        for it in module_names(self.db, module).iter() {
            if it.name != "export=" && fits(it.meaning, meaning) {
                let kind = kind_of_declaration(it.kind);
                acc.items
                    .push(CompletionItem::new(it.name.clone(), kind, Tier::Near));
            }
        }
    }

    /// The exports of a namespace, the members of an enum, the static members of a class.
    fn symbol_members(&self, def: Def, meaning: Meaning, acc: &mut Completions) {
        let hir = self.semantics.hir(def.file);
        let mut add = |symbol: &SymbolId| add_symbol(&hir, *symbol, meaning, acc);
        for &decl in &hir.symbol(def.symbol).decls {
            match hir.decl(decl).data {
                DeclData::Namespace(scope) => {
                    let symbols = hir.scope(scope).symbols.iter().filter(|&&symbol| {
                        let decls = &hir.symbol(symbol).decls;
                        decls.iter().any(|&it| hir.has(it, DeclFlags::EXPORTED))
                    });
                    symbols.for_each(&mut add);
                }
                DeclData::Enum(table) => hir.members(table).iter().for_each(&mut add),
                DeclData::Class(class) => {
                    let statics = hir.class(class).statics;
                    hir.members(statics).iter().for_each(&mut add);
                }
                _ => {}
            }
        }
    }
}

fn add_symbol(hir: &Hir, symbol: SymbolId, meaning: Meaning, acc: &mut Completions) {
    let it = hir.symbol(symbol);
    if fits(it.meaning, meaning) {
        let label = hir.name(it.name).clone();
        let kind = kind_of_decl(hir.first_decl(symbol).kind);
        acc.items.push(CompletionItem::new(label, kind, Tier::Near));
    }
}
