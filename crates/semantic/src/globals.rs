//! Names that no file has to import.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use smol_str::SmolStr;
use symphony_db::{Db, Project, ResolveKind, SourceFile, Workspace, summary};
use symphony_hir::ReferenceKind;

/// The global names of a project, and its ambient modules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Globals {
    names: FxHashMap<SmolStr, SmallVec<[SourceFile; 2]>>,
    modules: FxHashMap<SmolStr, Vec<(SourceFile, u32)>>,
    /// Names of ambient modules with a `*`: what is before it, what is behind it.
    patterns: Vec<(SmolStr, SmolStr, SourceFile, u32)>,
}

impl Globals {
    /// The files that declare a global name.
    pub fn files(&self, name: &str) -> &[SourceFile] {
        self.names.get(name).map_or(&[], |files| files)
    }

    /// All global names.
    pub fn names(&self) -> impl Iterator<Item = (&SmolStr, &[SourceFile])> {
        self.names
            .iter()
            .map(|(name, files)| (name, files.as_slice()))
    }

    /// The names of ambient modules, without those that have a `*`.
    pub fn modules(&self) -> impl Iterator<Item = &SmolStr> {
        self.modules.keys()
    }

    /// What declares the ambient module `specifier`: by its name if `exact`, else only by one with a `*`.
    pub fn ambient_module(&self, specifier: &str, exact: bool) -> Option<Vec<(SourceFile, u32)>> {
        if exact && let Some(known) = self.modules.get(specifier) {
            return Some(known.clone());
        }
        let fits = |(before, after, ..): &&(SmolStr, SmolStr, SourceFile, u32)| {
            specifier.len() >= before.len() + after.len()
                && specifier.starts_with(&**before)
                && specifier.ends_with(&**after)
        };
        let longest = self
            .patterns
            .iter()
            .filter(fits)
            .max_by_key(|it| it.0.len())?;
        Some(vec![(longest.2, longest.3)])
    }
}

/// The files whose global declarations a project sees because its settings name them, with all that those refer to.
#[salsa::tracked(returns(clone))]
pub fn ambient_files(db: &dyn Db, project: Project) -> Arc<[SourceFile]> {
    let mut seen = FxHashSet::default();
    let mut found = Vec::new();
    let mut todo: Vec<SourceFile> = project
        .ambient(db)
        .iter()
        .rev()
        .map(|&file| db.source_file(file))
        .collect();
    while let Some(file) = todo.pop() {
        if !seen.insert(file) {
            continue;
        }
        found.push(file);
        for (kind, text) in &summary(db, file).references {
            let kind = match kind {
                ReferenceKind::Path => ResolveKind::Path,
                ReferenceKind::Types => ResolveKind::Types,
                ReferenceKind::Lib => ResolveKind::Lib,
            };
            if let Some(next) = db.files().system().resolve(file.id(db), text, kind) {
                todo.push(db.source_file(next));
            }
        }
    }
    found.into()
}

/// What one file makes global: changes less often than the rest of its summary.
#[derive(Debug, PartialEq, Eq)]
struct GlobalPart {
    is_module: bool,
    names: Box<[SmolStr]>,
    /// The names of its ambient modules.
    modules: Box<[SmolStr]>,
}

#[salsa::tracked(returns(clone))]
fn global_part(db: &dyn Db, file: SourceFile) -> Arc<GlobalPart> {
    let known = summary(db, file);
    Arc::new(GlobalPart {
        is_module: known.is_module,
        names: known.globals.clone(),
        modules: known.ambient.iter().map(|it| it.name.clone()).collect(),
    })
}

/// The global names of a project; without one, those of the workspace's own files.
pub fn globals(db: &dyn Db, project: Option<Project>) -> Arc<Globals> {
    match (project, Workspace::try_get(db)) {
        (Some(project), _) => globals_of(db, project),
        (None, Some(workspace)) => globals_without(db, workspace),
        (None, None) => Arc::default(),
    }
}

/// The files that a project sees: its ambient ones, and all of the workspace that are not another project's.
pub(crate) fn files_of(db: &dyn Db, project: Project) -> Vec<SourceFile> {
    let ambient = ambient_files(db, project);
    let known: FxHashSet<SourceFile> = ambient.iter().copied().collect();
    let mut all = ambient.to_vec();
    if let Some(workspace) = Workspace::try_get(db) {
        let own = |file: &SourceFile| {
            !known.contains(file) && file.project(db).is_none_or(|it| it == project)
        };
        all.extend(workspace.files(db).iter().copied().filter(own));
    }
    all
}

/// The modules that a file adds to, by the numbers of its ambient modules; empty for a file that is no module: that one
/// declares them.
pub(crate) fn augments(db: &dyn Db, file: SourceFile) -> Box<[SmolStr]> {
    let part = global_part(db, file);
    if part.is_module {
        part.modules.clone()
    } else {
        Box::default()
    }
}

#[salsa::tracked(returns(clone))]
fn globals_of(db: &dyn Db, project: Project) -> Arc<Globals> {
    let mut globals = Globals::default();
    for file in files_of(db, project) {
        globals.add(db, file);
    }
    Arc::new(globals)
}

#[salsa::tracked(returns(clone))]
fn globals_without(db: &dyn Db, workspace: Workspace) -> Arc<Globals> {
    let mut globals = Globals::default();
    for &file in workspace.files(db).iter() {
        globals.add(db, file);
    }
    Arc::new(globals)
}

impl Globals {
    fn add(&mut self, db: &dyn Db, file: SourceFile) {
        let part = global_part(db, file);
        for name in &part.names {
            self.names.entry(name.clone()).or_default().push(file);
        }
        for (number, name) in part.modules.iter().enumerate() {
            if name.starts_with('.') {
                continue;
            }
            match name.split_once('*') {
                Some((before, after)) => {
                    let pattern = (before.into(), after.into(), file, number as u32);
                    self.patterns.push(pattern);
                }
                None => {
                    let parts = self.modules.entry(name.clone()).or_default();
                    parts.push((file, number as u32));
                }
            }
        }
    }
}
