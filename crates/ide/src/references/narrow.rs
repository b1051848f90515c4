//! Whether a file may name what is looked for, from summaries alone: lowering a file to find that it has something else
//! of the same name costs a thousand times as much.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use symphony_db::{Db, SourceFile, Workspace, lowered};
use symphony_hir::{DeclData, DeclKind, Hir, Home};
use symphony_semantic::{
    Exported, ExportedAs, Module, Semantics, declares, exported, exported_by, namespaces,
    nested_modules, resolve_module,
};
use symphony_summary::{ExportTarget, FileSummary, Uses, word};
use symphony_syntax::Language;

use super::identity::Key;
use super::query::ReferenceQuery;

/// One name that is looked for everywhere.
pub(super) struct Narrow<'db> {
    db: &'db dyn Db,
    name: SmolStr,
    word: u32,
    what: What,
    /// Whether modules export it, as far as they were asked.
    leads: FxHashMap<SourceFile, bool>,
    /// Whether modules have modules among their exports that export it.
    nested: FxHashMap<SourceFile, bool>,
    /// Whether a module that exports it is handed around as a value.
    spread: Option<bool>,
}

/// What is looked for.
enum What {
    /// Something that can be reached in more ways than are told apart here.
    Anything,
    /// Members.
    Members,
    /// What these modules declare at their top.
    Exports(Vec<SourceFile>),
}

impl<'db> Narrow<'db> {
    pub(super) fn new(semantics: &Semantics<'db>, query: &ReferenceQuery, name: &SmolStr) -> Self {
        Self {
            db: semantics.db,
            name: name.clone(),
            word: word(name),
            what: What::new(semantics, query, name),
            leads: FxHashMap::default(),
            nested: FxHashMap::default(),
            spread: None,
        }
    }

    /// Whether a file may name it.
    pub(super) fn may_be_in(&mut self, file: SourceFile) -> bool {
        let known = lowered(self.db, file);
        let uses = known.words.uses(self.word);
        match &self.what {
            What::Anything => uses != Uses::default(),
            What::Members => uses.meets(Uses::MEMBER.and(Uses::OUTSIDE).and(Uses::ANYTHING)),
            What::Exports(homes) => {
                uses.meets(Uses::ANYTHING)
                    || uses != Uses::default()
                        && (homes.contains(&file) || file.language(self.db) == Language::JavaScript)
                    || uses.meets(Uses::OUTSIDE) && self.is_imported(file, &known.summary)
                    || uses.meets(Uses::MEMBER) && self.is_member(file)
            }
        }
    }

    /// Whether no module that exports it is handed around, as far as that was asked: then it is behind a dot only where
    /// an import is before it.
    pub(super) fn is_behind_imports(&self) -> bool {
        matches!(self.what, What::Exports(_)) && self.spread == Some(false)
    }

    /// Whether a file imports it by its name, or hands it on.
    fn is_imported(&self, file: SourceFile, known: &FileSummary) -> bool {
        if !known.ambient.is_empty() {
            return true;
        }
        let of_module = |number: u32, name: &SmolStr| {
            let specifier = known.specifiers.get(number as usize);
            let module = specifier.and_then(|it| resolve_module(self.db, file, it.clone()));
            module.is_some_and(|module| match module {
                Module::File(file) => self.is_it(exported(self.db, file, name.clone())),
                Module::Ambient(_) => self.is_it(exported_by(self.db, &module, name)),
            })
        };
        let imported = known.imports.iter().any(|it| match &it.imported {
            Some(name) if name == "default" => it.local == self.name,
            Some(name) => {
                (it.local == self.name || *name == self.name) && of_module(it.module, name)
            }
            None => it.local == self.name,
        });
        imported
            || known.exports.named.iter().any(|it| match &it.target {
                ExportTarget::Local(name, None) => {
                    (it.name == self.name || *name == self.name)
                        && (it.name == "default"
                            || self.is_it(exported(self.db, file, it.name.clone())))
                }
                ExportTarget::From(module, name) => {
                    (it.name == self.name || *name == self.name)
                        && (name == "default" || of_module(*module, name))
                }
                ExportTarget::Local(_, Some(_)) => it.name == self.name,
                ExportTarget::Nameless(_) | ExportTarget::Namespace(_) => false,
            })
    }

    /// Whether a file may name it behind a dot.
    fn is_member(&mut self, file: SourceFile) -> bool {
        if self.is_spread() {
            return true;
        }
        let known = namespaces(self.db, file);
        known.unclear || known.seen.iter().any(|&it| self.leads(it))
    }

    /// Whether a module that exports it is handed around as a value, or behind another module: then every file may have
    /// it behind a dot.
    fn is_spread(&mut self) -> bool {
        if let Some(known) = self.spread {
            return known;
        }
        let files = Workspace::try_get(self.db).map(|it| it.files(self.db));
        let mut files = files.into_iter().flat_map(|it| it.iter());
        let db = self.db;
        let found = files.any(|&file| {
            let known = namespaces(db, file);
            known.loose.iter().any(|&it| self.leads(it))
                || known.seen.iter().any(|&it| self.has_nested(it))
        });
        self.spread = Some(found);
        found
    }

    /// Whether a module exports it.
    fn leads(&mut self, module: SourceFile) -> bool {
        if let Some(&known) = self.leads.get(&module) {
            return known;
        }
        let found = self.is_it(exported(self.db, module, self.name.clone()));
        self.leads.insert(module, found);
        found
    }

    /// Whether a module exports modules that lead to it.
    fn has_nested(&mut self, module: SourceFile) -> bool {
        if let Some(&known) = self.nested.get(&module) {
            return known;
        }
        // Until it is known, for modules that export each other.
        self.nested.insert(module, false);
        let inner = nested_modules(self.db, module);
        let namespaces = inner.namespaces.iter();
        let found = namespaces
            .filter(|it| **it != module)
            .any(|&it| self.leads(it) || self.has_nested(it))
            || inner.stars.iter().any(|&it| self.has_nested(it));
        self.nested.insert(module, found);
        found
    }

    /// Whether an export is what is looked for, or may be another name for it.
    fn is_it(&self, found: Option<Exported>) -> bool {
        let (Some(found), What::Exports(homes)) = (found, &self.what) else {
            return false;
        };
        homes.contains(&found.file)
            || match found.what {
                ExportedAs::Local(_) => !declares(self.db, &found),
                ExportedAs::Module | ExportedAs::AmbientModule(_) => false,
                _ => true,
            }
    }
}

impl What {
    fn new(semantics: &Semantics<'_>, query: &ReferenceQuery, name: &str) -> Self {
        let mut homes = Vec::new();
        let (mut exports, mut members) = (0, 0);
        for key in &query.keys {
            let Key::Symbol(def) = key else {
                return Self::Anything;
            };
            let hir = semantics.hir(def.file);
            let known = hir.symbol(def.symbol);
            let is_plain = known.decls.iter().all(|&it| {
                let decl = hir.decl(it);
                decl.kind != DeclKind::ExportAssignment
                    && !matches!(
                        decl.data,
                        DeclData::Import(..) | DeclData::ImportAlias(_) | DeclData::Expression(_)
                    )
            });
            match known.home {
                Home::Table(_) => members += 1,
                Home::Scope(Hir::FILE) if is_plain && is_plain_module(&hir) => {
                    exports += 1;
                    homes.push(def.file);
                }
                Home::Scope(_) => return Self::Anything,
            }
        }
        let is_special = query.constructs || query.has_members || name == "default";
        match (exports, members) {
            (1.., 0) if !is_special => Self::Exports(homes),
            (0, 1..) if name != "default" => Self::Members,
            _ => Self::Anything,
        }
    }
}

/// Whether what a file declares at its top can be reached by imports of it only.
fn is_plain_module(hir: &Hir) -> bool {
    hir.is_module
        && !hir.is_javascript
        && hir.umd_namespaces().is_empty()
        && hir.exports(Hir::FILE).is_none_or(|it| it.equals.is_none())
}
