//! Global names, as one list for each project that an edit leaves as it is.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use symphony_db::{Db, Project, SourceFile, summary};
use symphony_hir::{Meaning, NameId};
use symphony_semantic::{globals, project_of};
use symphony_summary::DeclarationKind;

use super::place::NamePlace;
use super::{
    CompletionItem, CompletionKind, Completions, Context, Tier, fits, kind_of_declaration,
};
use crate::exports::meaning_at;

/// A global name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct GlobalName {
    name: SmolStr,
    meaning: Meaning,
    kind: CompletionKind,
}

/// What the names at the top of a file and in its `declare global` stand for.
#[salsa::tracked(returns(clone))]
fn global_declarations(
    db: &dyn Db,
    file: SourceFile,
) -> Arc<FxHashMap<SmolStr, (Meaning, DeclarationKind)>> {
    let known = summary(db, file);
    let mut found: FxHashMap<SmolStr, (Meaning, DeclarationKind)> = FxHashMap::default();
    for (at, it) in known.declarations.iter().enumerate() {
        let container = known.container(at);
        let is_global = match container {
            // An ambient module is listed like a namespace of its name.
            None if it.kind == DeclarationKind::Namespace => {
                !known.is_module && known.ambient.iter().all(|module| module.name != it.name)
            }
            None => !known.is_module,
            Some(outer) => outer.kind == DeclarationKind::Namespace && outer.name == "global",
        };
        if is_global {
            let meaning = meaning_at(&known, at);
            let entry = found.entry(it.name.clone()).or_insert((meaning, it.kind));
            entry.0 = entry.0.and(meaning);
            if it.kind.is_value() {
                entry.1 = it.kind;
            }
        }
    }
    Arc::new(found)
}

#[salsa::tracked(returns(clone))]
fn names_of(db: &dyn Db, project: Project) -> Arc<[GlobalName]> {
    list(db, Some(project))
}

fn list(db: &dyn Db, project: Option<Project>) -> Arc<[GlobalName]> {
    let globals = globals(db, project);
    let mut all: Vec<GlobalName> = globals
        .names()
        .filter(|(name, _)| !matches!(name.as_str(), "undefined" | "globalThis" | "default"))
        .map(|(name, files)| {
            let parts = files
                .iter()
                .filter_map(|&file| global_declarations(db, file).get(name).copied());
            let merged = parts.reduce(|a, b| {
                let kind = if b.1.is_value() { b.1 } else { a.1 };
                (a.0.and(b.0), kind)
            });
            match merged {
                Some((meaning, kind)) => GlobalName {
                    name: name.clone(),
                    meaning,
                    kind: kind_of_declaration(Some(kind)),
                },
                // A namespace made of a module by `export as namespace`.
                None => GlobalName {
                    name: name.clone(),
                    meaning: Meaning::NONE,
                    kind: CompletionKind::Module,
                },
            }
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all.into()
}

impl Context<'_> {
    /// What is global and not hidden by a name that is nearer.
    pub(super) fn global_names(
        &self,
        place: NamePlace,
        near: &FxHashSet<NameId>,
        acc: &mut Completions,
    ) {
        let names = match project_of(self.db, self.file) {
            Some(project) => names_of(self.db, project),
            None => list(self.db, None),
        };
        let hir = &*self.cursor.hir;
        let hidden = |name: &SmolStr| hir.name_id(name).is_some_and(|it| near.contains(&it));
        let mut add = |name: &SmolStr, kind| {
            if self.cursor.may_continue(name) && !hidden(name) {
                let item = CompletionItem::new(name.clone(), kind, Tier::Global);
                acc.items.push(item);
            }
        };
        for it in names.iter() {
            let umd = it.meaning == Meaning::NONE;
            let seen = if umd {
                !hir.is_module
            } else {
                place.exported || fits(it.meaning, place.global)
            };
            if seen {
                add(&it.name, it.kind);
            }
        }
        if !place.is_type() {
            add(&SmolStr::new_static("undefined"), CompletionKind::Variable);
        }
        add(&SmolStr::new_static("globalThis"), CompletionKind::Module);
    }
}
