//! What modules export, by name, for completion and for imports that are to be added: from summaries alone.
//!
//! A module's own exports are one query, those behind its `export *` another, so that an edit that changes no export
//! walks nothing anew.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use symphony_db::{Db, SourceFile, summary};
use symphony_hir::Meaning;
use symphony_semantic::{Exported, ExportedAs, Module, exported, exported_by, resolve_module};
use symphony_summary::{
    Declaration, DeclarationKind, Equals, Export, ExportList, ExportTarget, FileSummary,
};

use crate::symbol_query::symbol_mask;

/// A name that a module exports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExportedName {
    /// The name; `default` and `export=` are names here.
    pub(crate) name: SmolStr,
    /// The letters of the name under which it is imported, for [`crate::SymbolQuery::may_match`].
    pub(crate) mask: u64,
    /// What it may stand for.
    pub(crate) meaning: Meaning,
    /// What it is, if a summary says so.
    pub(crate) kind: Option<DeclarationKind>,
    /// What is behind it; none for what the file itself declares under this very name.
    behind: Option<Box<Behind>>,
}

/// What is behind an exported name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Behind {
    target: Exported,
    /// The name under which a default export or an `export =` is imported.
    shown: Option<SmolStr>,
}

impl ExportedName {
    /// What is behind it at the end of all re-exports.
    pub(crate) fn target(&self, file: SourceFile) -> Exported {
        match &self.behind {
            Some(behind) => behind.target.clone(),
            None => Exported {
                file,
                what: ExportedAs::Local(self.name.clone()),
            },
        }
    }

    fn new(name: &SmolStr, meaning: Meaning, kind: Option<DeclarationKind>) -> Self {
        Self {
            name: name.clone(),
            mask: symbol_mask(name),
            meaning,
            kind,
            behind: None,
        }
    }

    /// The name under which it is imported; none if there is no such name.
    pub(crate) fn imported_as(&self) -> Option<&SmolStr> {
        if !self.is_default() {
            return Some(&self.name);
        }
        self.behind.as_ref()?.shown.as_ref()
    }

    fn is_default(&self) -> bool {
        matches!(&*self.name, "default" | "export=")
    }

    fn behind(mut self, target: Exported) -> Self {
        let shown = self.behind.and_then(|behind| behind.shown);
        self.behind = Some(Box::new(Behind { target, shown }));
        self
    }

    /// Gives a default export the name under which it is imported.
    fn shown(mut self, db: &dyn Db, file: SourceFile) -> Self {
        if !self.is_default() {
            return self;
        }
        let target = self.target(file);
        let shown = default_name(db, &target);
        self.mask = shown.as_ref().map_or(0, |name| symbol_mask(name));
        self.behind = Some(Box::new(Behind { target, shown }));
        self
    }
}

/// What something declared so may stand for.
pub(crate) fn meaning_of_kind(kind: DeclarationKind) -> Meaning {
    match kind {
        DeclarationKind::Class | DeclarationKind::Enum => Meaning::ALL,
        DeclarationKind::EnumMember => Meaning::VALUE.and(Meaning::TYPE),
        DeclarationKind::Interface | DeclarationKind::TypeAlias => Meaning::TYPE,
        DeclarationKind::Namespace => Meaning::VALUE.and(Meaning::NAMESPACE),
        _ => Meaning::VALUE,
    }
}

/// What the declaration at `at` may stand for: a namespace in which there are only types is no value, and one without
/// types stands in none.
pub(crate) fn meaning_at(known: &FileSummary, at: usize) -> Meaning {
    let it = &known.declarations[at];
    if it.kind != DeclarationKind::Namespace {
        return meaning_of_kind(it.kind);
    }
    // What is in it follows it.
    let inside = known.declarations[at + 1..].iter();
    let parts = inside.take_while(|part| part.parent.is_some_and(|it| it as usize >= at));
    let mut all = Meaning::NONE;
    for part in parts {
        all = all.and(match part.kind {
            DeclarationKind::Class | DeclarationKind::Enum => Meaning::ALL,
            DeclarationKind::Function | DeclarationKind::Variable | DeclarationKind::Constant => {
                Meaning::VALUE
            }
            DeclarationKind::Interface | DeclarationKind::TypeAlias => Meaning::TYPE,
            _ => Meaning::NONE,
        });
    }
    let value = Meaning(all.0 & Meaning::VALUE.0);
    if all.meets(Meaning::TYPE) {
        value.and(Meaning::NAMESPACE)
    } else {
        value
    }
}

/// What the names at the top of a file, or of its ambient modules, stand for: merged declarations count together.
fn meanings(known: &FileSummary) -> FxHashMap<&str, Meaning> {
    let mut meanings: FxHashMap<&str, Meaning> = FxHashMap::default();
    for (at, it) in known.declarations.iter().enumerate() {
        let top = match known.container(at) {
            None => true,
            Some(container) => {
                container.kind == DeclarationKind::Namespace && it.kind != DeclarationKind::Property
            }
        };
        if top {
            let entry = meanings.entry(&it.name).or_default();
            *entry = entry.and(meaning_at(known, at));
        }
    }
    meanings
}

/// What a module lists itself, without what is behind `export *`. Sorted by name.
#[salsa::tracked(returns(clone))]
pub(crate) fn own_exports(db: &dyn Db, file: SourceFile) -> Arc<[ExportedName]> {
    let known = summary(db, file);
    list(db, file, &known, None, &known.exports)
}

/// All that a module exports: what it lists, and what is behind `export *`. Sorted by name.
#[salsa::tracked(returns(clone))]
pub(crate) fn exported_names(db: &dyn Db, file: SourceFile) -> Arc<[ExportedName]> {
    let known = summary(db, file);
    let own = own_exports(db, file);
    with_stars(db, file, &known, &known.exports, own)
}

/// All that an ambient module exports, by its number in the summary of its file. Sorted by name.
#[salsa::tracked(returns(clone))]
pub(crate) fn ambient_names(db: &dyn Db, file: SourceFile, number: u32) -> Arc<[ExportedName]> {
    let known = summary(db, file);
    let Some(module) = known.ambient.get(number as usize) else {
        return Arc::new([]);
    };
    let own = list(db, file, &known, Some(number), &module.exports);
    with_stars(db, file, &known, &module.exports, own)
}

/// All that a module exports. Sorted by name.
pub(crate) fn module_names(db: &dyn Db, module: &Module) -> Arc<[ExportedName]> {
    match module {
        Module::File(file) => exported_names(db, *file),
        Module::Ambient(parts) => {
            if let [(file, number)] = parts.as_slice() {
                return ambient_names(db, *file, *number);
            }
            let mut all: Vec<ExportedName> = Vec::new();
            for &(file, number) in parts {
                for it in ambient_names(db, file, number).iter() {
                    all.push(it.clone().behind(it.target(file)));
                }
            }
            sorted(all)
        }
    }
}

/// The file that [`ExportedName::target`] is to be asked with for names of `module`.
pub(crate) fn module_file(module: &Module) -> Option<SourceFile> {
    match module {
        Module::File(file) => Some(*file),
        Module::Ambient(parts) => parts.first().map(|it| it.0),
    }
}

fn with_stars(
    db: &dyn Db,
    file: SourceFile,
    known: &FileSummary,
    exports: &ExportList,
    own: Arc<[ExportedName]>,
) -> Arc<[ExportedName]> {
    if exports.stars.is_empty() {
        return own;
    }
    let mut all = own.to_vec();
    let mut seen = FxHashSet::from_iter([file]);
    let mut todo: Vec<SourceFile> = starred(db, file, known, exports);
    while let Some(next) = todo.pop() {
        if !seen.insert(next) {
            continue;
        }
        let names = own_exports(db, next);
        let named = names
            .iter()
            .filter(|it| !matches!(&*it.name, "default" | "export="));
        all.extend(named.map(|it| it.clone().behind(it.target(next))));
        let known = summary(db, next);
        todo.extend(starred(db, next, &known, &known.exports));
    }
    sorted(all)
}

/// The files behind `export *`.
fn starred(
    db: &dyn Db,
    file: SourceFile,
    known: &FileSummary,
    exports: &ExportList,
) -> Vec<SourceFile> {
    let modules = exports
        .stars
        .iter()
        .filter_map(|&it| module(db, file, known, it));
    modules
        .filter_map(|it| match it {
            Module::File(file) => Some(file),
            Module::Ambient(_) => None,
        })
        .collect()
}

/// Of two with one name the first stays.
fn sorted(mut all: Vec<ExportedName>) -> Arc<[ExportedName]> {
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all.dedup_by(|a, b| a.name == b.name);
    all.into()
}

fn module(db: &dyn Db, file: SourceFile, known: &FileSummary, number: u32) -> Option<Module> {
    let specifier = known.specifiers.get(number as usize)?;
    resolve_module(db, file, specifier.clone())
}

fn list(
    db: &dyn Db,
    file: SourceFile,
    known: &FileSummary,
    ambient: Option<u32>,
    exports: &ExportList,
) -> Arc<[ExportedName]> {
    let meanings = meanings(known);
    let mut all: Vec<ExportedName> = Vec::with_capacity(exports.named.len());
    for export in &exports.named {
        all.extend(one(db, file, ambient, export, &meanings));
    }
    if let Some(equals) = &exports.equals {
        all.extend(of_equals(file, known, ambient, equals));
    }
    sorted(all.into_iter().map(|it| it.shown(db, file)).collect())
}

fn one(
    db: &dyn Db,
    file: SourceFile,
    ambient: Option<u32>,
    export: &Export,
    meanings: &FxHashMap<&str, Meaning>,
) -> Option<ExportedName> {
    let name = &export.name;
    match &export.target {
        ExportTarget::Local(local, Some(kind)) => {
            let known = meanings.get(&**local).copied();
            let meaning = known.unwrap_or_else(|| meaning_of_kind(*kind));
            let it = ExportedName::new(name, meaning, Some(*kind));
            let what = match ambient {
                Some(number) => ExportedAs::Ambient(number, local.clone()),
                None if local == name => return Some(it),
                None => ExportedAs::Local(local.clone()),
            };
            Some(it.behind(Exported { file, what }))
        }
        ExportTarget::Nameless(kind) => {
            let meaning = kind.map_or(Meaning::VALUE, meaning_of_kind);
            let what = ExportedAs::Nameless;
            Some(ExportedName::new(name, meaning, *kind).behind(Exported { file, what }))
        }
        _ => {
            let this = match ambient {
                None => exported(db, file, name.clone()),
                Some(number) => exported_by(db, &Module::Ambient(vec![(file, number)]), name),
            };
            let found = this?;
            let (meaning, kind) = meaning_of(db, &found);
            Some(ExportedName::new(name, meaning, kind).behind(found))
        }
    }
}

/// `export =`, and the members of the namespace behind it.
fn of_equals(
    file: SourceFile,
    known: &FileSummary,
    ambient: Option<u32>,
    equals: &Equals,
) -> Vec<ExportedName> {
    let what = match ambient {
        Some(number) => ExportedAs::AmbientEquals(number),
        None => ExportedAs::Equals,
    };
    let equals_name = SmolStr::new_static("export=");
    let mut all =
        vec![ExportedName::new(&equals_name, Meaning::ALL, None).behind(Exported { file, what })];
    let Equals::Local(local) = equals else {
        return all;
    };
    let is_part = |it: &Declaration| it.kind == DeclarationKind::Namespace && it.name == *local;
    let mut members: FxHashMap<&SmolStr, (Meaning, DeclarationKind)> = FxHashMap::default();
    for (at, it) in known.declarations.iter().enumerate() {
        if known.container(at).is_some_and(is_part) && it.exported {
            let meaning = meaning_at(known, at);
            let entry = members.entry(&it.name).or_insert((meaning, it.kind));
            entry.0 = entry.0.and(meaning);
            if it.kind.is_value() {
                entry.1 = it.kind;
            }
        }
    }
    all.extend(members.into_iter().map(|(name, (meaning, kind))| {
        let what = match ambient {
            Some(number) => ExportedAs::AmbientEqualsMember(number, name.clone()),
            None => ExportedAs::EqualsMember(name.clone()),
        };
        ExportedName::new(name, meaning, Some(kind)).behind(Exported { file, what })
    }));
    all
}

/// What something exported may stand for, and what it is.
pub(crate) fn meaning_of(db: &dyn Db, it: &Exported) -> (Meaning, Option<DeclarationKind>) {
    let known = summary(db, it.file);
    let named = |name: &SmolStr| {
        let meaning = meanings(&known).get(&**name).copied();
        let kinds = known
            .declarations
            .iter()
            .filter(|it| it.name == *name)
            .map(|it| it.kind);
        let kind = kinds.max_by_key(|kind| kind.is_value());
        (meaning.unwrap_or(Meaning::ALL), kind)
    };
    match &it.what {
        ExportedAs::Local(name)
        | ExportedAs::Ambient(_, name)
        | ExportedAs::EqualsMember(name)
        | ExportedAs::AmbientEqualsMember(_, name) => named(name),
        ExportedAs::Nameless => match known.exports.get("default").map(|it| &it.target) {
            Some(ExportTarget::Nameless(Some(kind))) => (meaning_of_kind(*kind), Some(*kind)),
            _ => (Meaning::VALUE, None),
        },
        ExportedAs::Module | ExportedAs::AmbientModule(_) => {
            // A module stands for a type where one of its names does.
            (
                Meaning::VALUE.and(Meaning::NAMESPACE),
                Some(DeclarationKind::Namespace),
            )
        }
        ExportedAs::Equals | ExportedAs::AmbientEquals(_) => {
            let equals = match &it.what {
                ExportedAs::AmbientEquals(number) => known
                    .ambient
                    .get(*number as usize)
                    .and_then(|it| it.exports.equals.as_ref()),
                _ => known.exports.equals.as_ref(),
            };
            match equals {
                Some(Equals::Local(name)) => named(name),
                _ => (Meaning::VALUE, None),
            }
        }
    }
}

/// The name under which a default export or an `export =` is imported: that of its declaration, else that of its file.
fn default_name(db: &dyn Db, target: &Exported) -> Option<SmolStr> {
    let declared = match &target.what {
        ExportedAs::Local(name) | ExportedAs::Ambient(_, name) => Some(name.clone()),
        ExportedAs::Equals | ExportedAs::AmbientEquals(_) => {
            let known = summary(db, target.file);
            let equals = match target.what {
                ExportedAs::AmbientEquals(number) => {
                    known.ambient.get(number as usize)?.exports.equals.clone()
                }
                _ => known.exports.equals.clone(),
            };
            match equals {
                Some(Equals::Local(name)) => Some(name),
                _ => None,
            }
        }
        _ => None,
    };
    declared
        .filter(|name| !matches!(&**name, "default" | "export="))
        .or_else(|| identifier(&db.files().system().file_name(target.file.id(db))?))
}

/// A file's name as an identifier: `foo-bar` is `fooBar`.
fn identifier(name: &str) -> Option<SmolStr> {
    let mut made = String::new();
    let mut upper = false;
    for letter in name.chars() {
        if letter.is_alphanumeric() || matches!(letter, '_' | '$') {
            if made.is_empty() && letter.is_numeric() {
                continue;
            }
            if upper && !made.is_empty() {
                made.extend(letter.to_uppercase());
            } else {
                made.push(letter);
            }
            upper = false;
        } else {
            upper = true;
        }
    }
    (!made.is_empty()).then(|| SmolStr::new(made))
}
