//! The modules that a file could import, and by which specifiers.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use symphony_db::{Db, SourceFile, Workspace, summary};
use symphony_hir::{Hir, Meaning};
use symphony_semantic::{Exported, Module, augmented_as, globals, project_of, resolve_module};
use symphony_summary::DeclarationKind;

use crate::exports::{ExportedName, exported_names, module_file, module_names};

/// A name that a module exports and that could be imported.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// The name under which it would be imported.
    pub(crate) name: SmolStr,
    /// The name in the module: `default` and `export=` are names here.
    pub(crate) export: SmolStr,
    /// What it may stand for.
    pub(crate) meaning: Meaning,
    /// What it is.
    pub(crate) kind: Option<DeclarationKind>,
    /// What is behind it.
    pub(crate) target: Exported,
    /// The module, by its number.
    pub(crate) order: usize,
}

/// A module that could be imported.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// An ambient module.
    Ambient(SmolStr, Module),
    /// A file of the workspace.
    File(SourceFile),
    /// What is behind the name of a package; whether some file of the workspace imports it.
    Package(SmolStr, SourceFile, bool),
}

/// The specifiers of packages that a file names.
#[salsa::tracked(returns(clone))]
fn package_specifiers(db: &dyn Db, file: SourceFile) -> Arc<[SmolStr]> {
    let known = summary(db, file);
    let packages = known.specifiers.iter().filter(|it| !it.starts_with('.'));
    packages.cloned().collect()
}

/// The specifiers of packages that files of the workspace name, sorted, each with a file that does.
#[salsa::tracked(returns(clone))]
fn used_packages(db: &dyn Db, workspace: Workspace) -> Arc<[(SmolStr, SourceFile)]> {
    let mut used: BTreeMap<SmolStr, SourceFile> = BTreeMap::new();
    for &file in workspace.files(db).iter() {
        for specifier in package_specifiers(db, file).iter() {
            used.entry(specifier.clone()).or_insert(file);
        }
    }
    used.into_iter().collect()
}

impl Source {
    /// The module.
    pub(crate) fn module(&self) -> Module {
        match self {
            Self::Ambient(_, module) => module.clone(),
            Self::File(file) | Self::Package(_, file, _) => Module::File(*file),
        }
    }
}

/// All modules that a file could import, in the order in which they are proposed.
pub(crate) struct Sources<'db> {
    db: &'db dyn Db,
    file: SourceFile,
    all: Vec<Source>,
    /// Specifiers that the file has: their style is followed.
    existing: Vec<SmolStr>,
    specifiers: RefCell<FxHashMap<usize, Arc<[String]>>>,
}

impl<'db> Sources<'db> {
    pub(crate) fn new(db: &'db dyn Db, file: SourceFile, hir: &Hir) -> Self {
        let mut all = Vec::new();
        let globals = globals(db, project_of(db, file));
        let mut ambient: Vec<&SmolStr> = globals.modules().collect();
        ambient.sort();
        for name in ambient {
            if let Some(parts) = globals.ambient_module(name, true) {
                all.push(Source::Ambient(name.clone(), Module::Ambient(parts)));
            }
        }
        let mut known: FxHashSet<SourceFile> = FxHashSet::from_iter([file]);
        if let Some(workspace) = Workspace::try_get(db) {
            for &other in workspace.files(db).iter() {
                if known.insert(other) {
                    all.push(Source::File(other));
                }
            }
        }
        if let Some(workspace) = Workspace::try_get(db) {
            for (specifier, user) in used_packages(db, workspace).iter() {
                if let Some(Module::File(entry)) = resolve_module(db, *user, specifier.clone())
                    && known.insert(entry)
                {
                    all.push(Source::Package(specifier.clone(), entry, true));
                }
            }
        }
        for (specifier, entry) in db.files().system().importable_packages(file.id(db)) {
            let entry = db.source_file(entry);
            if known.insert(entry) {
                all.push(Source::Package(specifier.into(), entry, false));
            }
        }
        let existing = hir
            .imports()
            .iter()
            .map(|it| hir.name(hir.module(it.module).specifier).clone());
        Self {
            db,
            file,
            all,
            existing: existing.collect(),
            specifiers: RefCell::default(),
        }
    }

    /// The module with this number.
    pub(crate) fn source(&self, number: usize) -> &Source {
        &self.all[number]
    }

    /// Tells of each export whose letters and name are wanted.
    pub(crate) fn each(
        &self,
        may_be: impl Fn(u64) -> bool,
        wanted: impl Fn(&str) -> bool,
        mut found: impl FnMut(Candidate),
    ) {
        for (order, source) in self.all.iter().enumerate() {
            let module = source.module();
            let Some(file) = module_file(&module) else {
                continue;
            };
            let names = match source {
                Source::File(file) | Source::Package(_, file, _) => exported_names(self.db, *file),
                Source::Ambient(..) => module_names(self.db, &module),
            };
            for it in names.iter().filter(|it| may_be(it.mask)) {
                if let Some(name) = it.imported_as()
                    && wanted(name)
                {
                    found(candidate(name.clone(), it, file, order));
                }
            }
        }
    }

    /// The specifiers by which the file may import a module, best first.
    pub(crate) fn specifiers(&self, number: usize) -> Arc<[String]> {
        if let Some(known) = self.specifiers.borrow().get(&number) {
            return Arc::clone(known);
        }
        let found: Arc<[String]> = match &self.all[number] {
            Source::Ambient(name, _) => Arc::new([name.to_string()]),
            Source::Package(specifier, ..) => Arc::new([specifier.to_string()]),
            Source::File(other) if let Some(name) = self.augmented_as(*other) => Arc::new([name]),
            Source::File(other) => {
                let existing: Vec<&str> = self.existing.iter().map(SmolStr::as_str).collect();
                let (from, to) = (self.file.id(self.db), other.id(self.db));
                let system = self.db.files().system();
                system.specifiers(from, to, &existing).into()
            }
        };
        let shared = Arc::clone(&found);
        self.specifiers.borrow_mut().insert(number, shared);
        found
    }

    /// The name of a package under which some file adds to another, unless it leads elsewhere from here.
    fn augmented_as(&self, other: SourceFile) -> Option<String> {
        let name = augmented_as(self.db, project_of(self.db, self.file)?, other)?;
        let found = resolve_module(self.db, self.file, name.clone());
        (found == Some(Module::File(other))).then(|| name.to_string())
    }

    /// Whether one module comes before another that exports the same.
    pub(crate) fn compare(&self, a: (&str, &Candidate), b: (&str, &Candidate)) -> Ordering {
        let node = |it: &str| it.starts_with("node:");
        let hands_on = |it: (&str, &Candidate)| is_index_above(it.0) && !self.declares(it.1);
        let slashes = |it: &str| it.matches('/').count();
        let uses_node = self.existing.iter().any(|it| node(it));
        let with_node = |it: &str| node(it) != uses_node;
        let both_node = node(a.0) != node(b.0);
        let by_node = if both_node {
            with_node(a.0).cmp(&with_node(b.0))
        } else {
            Ordering::Equal
        };
        let unused = |it: &Candidate| matches!(self.all[it.order], Source::Package(.., false));
        unused(a.1)
            .cmp(&unused(b.1))
            .then(by_node)
            .then_with(|| hands_on(a).cmp(&hands_on(b)))
            .then_with(|| slashes(a.0).cmp(&slashes(b.0)))
            // A module that hands on comes after what it imports; the rest must not depend on what was opened first.
            .then_with(|| self.declares(b.1).cmp(&self.declares(a.1)))
            .then_with(|| a.0.cmp(b.0))
    }

    /// Whether the module itself declares what it exports.
    pub(super) fn declares(&self, it: &Candidate) -> bool {
        match &self.all[it.order] {
            Source::File(file) | Source::Package(_, file, _) => it.target.file == *file,
            Source::Ambient(..) => true,
        }
    }
}

fn candidate(name: SmolStr, it: &ExportedName, file: SourceFile, order: usize) -> Candidate {
    Candidate {
        name,
        export: it.name.clone(),
        meaning: it.meaning,
        kind: it.kind,
        target: it.target(file),
        order,
    }
}

/// The best way to write any of several modules that export the same.
pub(crate) fn best_specifier<'c>(
    sources: &Sources<'_>,
    candidates: &'c [Candidate],
) -> Option<(String, &'c Candidate)> {
    let all = candidates.iter().filter_map(|it| {
        let first = sources.specifiers(it.order).first()?.clone();
        Some((first, it))
    });
    all.min_by(|a, b| sources.compare((&a.0, a.1), (&b.0, b.1)))
}

/// Whether a specifier leads to the index of a folder that the file is in: what that hands on may well come from here.
fn is_index_above(specifier: &str) -> bool {
    let parts: Vec<&str> = specifier.split('/').collect();
    let (last, folders) = match parts.split_last() {
        Some((last, folders)) => (*last, folders),
        None => return false,
    };
    let stem = last.split('.').next().unwrap_or_default();
    let is_dots = |part: &str| matches!(part, "." | "..");
    folders.iter().all(|part| is_dots(part))
        && (is_dots(last) || (stem == "index" && !folders.is_empty()))
}
