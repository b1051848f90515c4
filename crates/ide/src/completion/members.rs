//! What may stand behind a dot.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use symphony_hir::{
    DeclData, DeclFlags, ExprId, ExprKind, Hir, Home, Meaning, PatternId, SymbolId, TokenKind,
};
use symphony_semantic::{Def, Members, Module, Target, Targets};

use super::{
    CompletionItem, CompletionKind, Completions, Context, Tier, fits, kind_of_decl,
    kind_of_declaration,
};
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
        if meaning.meets(Meaning::VALUE) {
            let members = self.semantics.expr_members(self.file, hir, object);
            self.add_members(members, &FxHashSet::default(), acc);
        }
        let mut seen: FxHashSet<SmolStr> = FxHashSet::default();
        acc.items.retain(|it| seen.insert(it.label.clone()));
    }

    /// What an object literal is expected to have and does not have yet.
    pub(super) fn keys(&self, object: ExprId, acc: &mut Completions) {
        let hir = &*self.cursor.hir;
        let ExprKind::Object { table, .. } = hir.expr(object).kind else {
            return;
        };
        let here = hir.token(self.cursor.token()).range;
        let ended = self.cursor.ends_list();
        let members = hir.members(table).iter().copied().filter(|&it| {
            let decls = &hir.symbol(it).decls;
            let mut places = decls.iter().map(|&it| hir.decl(it).name_range);
            places.any(|it| it != here && !(ended && it.start() > here.start()))
        });
        let members: Vec<SymbolId> = members.collect();
        let names = members.iter().map(|&it| hir.name(hir.symbol(it).name));
        let listed: FxHashSet<SmolStr> = names.cloned().collect();
        let semantics = self.semantics;
        let mut members = semantics.expected_members(self.file, hir, object, &members);
        // What is inferred from the literal itself is no expectation.
        let own = hir.name(hir.token(self.cursor.token()).name);
        if self.cursor.is_empty() && members.iter().any(|(name, _)| name == own) {
            members.clear();
        }
        self.add_members(members, &listed, acc);
    }

    /// What a pattern could take out of what it takes apart.
    pub(super) fn pattern_keys(&self, pattern: PatternId, acc: &mut Completions) {
        let listed = self.listed(|it| it == TokenKind::PatternKey(pattern));
        let members = self.semantics.pattern_members(self.file, pattern);
        self.add_members(members, &listed, acc);
    }

    pub(super) fn attributes(&self, tag: ExprId, acc: &mut Completions) {
        let listed = self.listed(|it| it == TokenKind::JsxAttribute(tag));
        let hir = &*self.cursor.hir;
        let members = self.semantics.attribute_members(self.file, hir, tag);
        self.add_members(members, &listed, acc);
    }

    /// The names of the same kind as that at the cursor, but for it.
    fn listed(&self, same: impl Fn(TokenKind) -> bool) -> FxHashSet<SmolStr> {
        let hir = &*self.cursor.hir;
        let here = hir.token(self.cursor.token()).range;
        let others = hir.tokens().iter();
        others
            .filter(|it| same(it.kind) && it.range != here)
            .map(|it| hir.name(it.name).clone())
            .collect()
    }

    fn add_members(&self, members: Members, listed: &FxHashSet<SmolStr>, acc: &mut Completions) {
        for (name, targets) in members {
            if listed.contains(&name) || !self.is_accessible(&targets) {
                continue;
            }
            let kind = match targets.first() {
                Some(Target::Symbol(def)) => {
                    let hir = self.semantics.hir(def.file);
                    kind_of_decl(hir.first_decl(def.symbol).kind)
                }
                Some(_) => CompletionKind::Module,
                None => CompletionKind::Property,
            };
            acc.items.push(CompletionItem::new(name, kind, Tier::Near));
        }
    }

    /// Private members are for their class alone, protected ones for any class.
    fn is_accessible(&self, targets: &Targets) -> bool {
        let hir = &*self.cursor.hir;
        let here = hir.token(self.cursor.token()).range;
        targets.iter().all(|target| {
            let Target::Symbol(def) = *target else {
                return true;
            };
            let theirs = self.semantics.hir(def.file);
            let it = theirs.symbol(def.symbol);
            let decls = it.decls.iter();
            let flags = decls.fold(0, |all, &it| all | theirs.decl(it).flags.0);
            let flags = DeclFlags(flags);
            let Home::Table(table) = it.home else {
                return true;
            };
            let mut around = hir
                .classes()
                .filter(|(_, class)| class.range.contains_range(here));
            if flags.has(DeclFlags::PRIVATE) {
                def.file == self.file
                    && around.any(|(_, it)| it.instance == table || it.statics == table)
            } else {
                !flags.has(DeclFlags::PROTECTED) || around.next().is_some()
            }
        })
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
