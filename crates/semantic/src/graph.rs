//! The module graph, from summaries alone: no text is read on the way from an import to what it names.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use symphony_db::{Db, Project, ResolveKind, SourceFile, Workspace, summary};
use symphony_summary::{Equals, Export, ExportList, ExportTarget, FileSummary};

use crate::globals::{self, globals};

/// What a specifier leads to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Module {
    /// A file.
    File(SourceFile),
    /// What `declare module` declares under this name; each part is a file and the number of the module in its summary.
    Ambient(Vec<(SourceFile, u32)>),
}

/// What stands behind an exported name at the end of all re-exports.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exported {
    /// The file that declares it.
    pub file: SourceFile,
    /// What it is in that file.
    pub what: ExportedAs,
}

/// What an exported name is in the file that declares it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExportedAs {
    /// What the file declares at its top under this name.
    Local(SmolStr),
    /// A default export without a name.
    Nameless,
    /// What stands behind the `export =`.
    Equals,
    /// A member of what stands behind the `export =`.
    EqualsMember(SmolStr),
    /// What an ambient module of the file, by its number, declares under this name.
    Ambient(u32, SmolStr),
    /// What stands behind the `export =` of an ambient module.
    AmbientEquals(u32),
    /// A member of what stands behind the `export =` of an ambient module.
    AmbientEqualsMember(u32, SmolStr),
    /// The file itself, as a module.
    Module,
    /// An ambient module, by its number.
    AmbientModule(u32),
}

/// The project that a file is looked at in: its own, or for a file of a package the first of the workspace.
pub fn project_of(db: &dyn Db, file: SourceFile) -> Option<Project> {
    file.project(db).or_else(|| {
        let workspace = Workspace::try_get(db)?;
        workspace.files(db).iter().find_map(|file| file.project(db))
    })
}

/// The module that `specifier` in `file` leads to.
#[salsa::tracked(returns(clone))]
pub fn resolve_module(db: &dyn Db, file: SourceFile, specifier: SmolStr) -> Option<Module> {
    if let Some(project) = file.project(db) {
        // Its settings say where modules are.
        let _: u32 = project.revision(db);
    }
    if let Some(workspace) = Workspace::try_get(db) {
        // What is not there may appear.
        let _: u64 = workspace.structure(db);
    }
    let system = db.files().system();
    if let Some(found) = system.resolve(file.id(db), &specifier, ResolveKind::Import) {
        return Some(Module::File(db.source_file(found)));
    }
    let globals = globals(db, project_of(db, file));
    let exact = !specifier.starts_with('.');
    globals
        .ambient_module(&specifier, exact)
        .map(Module::Ambient)
}

/// What a module exports under `name`, at the end of all re-exports.
#[salsa::tracked(returns(clone))]
pub fn exported(db: &dyn Db, file: SourceFile, name: SmolStr) -> Option<Exported> {
    Search {
        db,
        seen: FxHashSet::default(),
    }
    .in_file(file, &name)
}

/// What an ambient module exports under `name`.
pub fn exported_by(db: &dyn Db, module: &Module, name: &str) -> Option<Exported> {
    match module {
        Module::File(file) => exported(db, *file, SmolStr::new(name)),
        Module::Ambient(_) => Search {
            db,
            seen: FxHashSet::default(),
        }
        .in_module(module, name),
    }
}

/// What a module is as a whole.
pub(crate) fn whole(db: &dyn Db, module: &Module, equals: bool) -> Vec<Exported> {
    match module {
        Module::File(file) => {
            let has_equals = equals && summary(db, *file).exports.equals.is_some();
            let what = if has_equals {
                ExportedAs::Equals
            } else {
                ExportedAs::Module
            };
            vec![Exported { file: *file, what }]
        }
        Module::Ambient(parts) => parts
            .iter()
            .map(|&(file, number)| {
                let known = summary(db, file);
                let has_equals = known
                    .ambient
                    .get(number as usize)
                    .is_some_and(|it| equals && it.exports.equals.is_some());
                let what = if has_equals {
                    ExportedAs::AmbientEquals(number)
                } else {
                    ExportedAs::AmbientModule(number)
                };
                Exported { file, what }
            })
            .collect(),
    }
}

/// Who adds to which files of a project's modules, by `declare module` in a module.
#[salsa::tracked(returns(clone))]
fn augmentations(
    db: &dyn Db,
    project: Project,
) -> Arc<FxHashMap<SourceFile, Vec<(SourceFile, u32)>>> {
    let mut found: FxHashMap<SourceFile, Vec<(SourceFile, u32)>> = FxHashMap::default();
    for file in globals::files_of(db, project) {
        for (number, name) in globals::augments(db, file).iter().enumerate() {
            if let Some(Module::File(target)) = resolve_module(db, file, name.clone()) {
                found.entry(target).or_default().push((file, number as u32));
            }
        }
    }
    Arc::new(found)
}

/// The name of a package under which some file of a project adds to a file: its own name, one may say.
pub fn augmented_as(db: &dyn Db, project: Project, file: SourceFile) -> Option<SmolStr> {
    let augmentations = augmentations(db, project);
    let names = augmentations
        .get(&file)?
        .iter()
        .filter_map(|&(part, number)| {
            let names = globals::augments(db, part);
            names.get(number as usize).cloned()
        });
    names.filter(|name| !name.starts_with('.')).min()
}

/// An ambient module, by its file and number, and the name in it that adds to something.
pub(crate) type Addition = (SourceFile, u32, SmolStr);

/// Who adds to what a file declares at its top under a name, be it that a module re-exports it.
#[salsa::tracked(returns(clone))]
fn additions(
    db: &dyn Db,
    project: Project,
) -> Arc<FxHashMap<(SourceFile, SmolStr), Vec<Addition>>> {
    let mut found: FxHashMap<(SourceFile, SmolStr), Vec<Addition>> = FxHashMap::default();
    for (&target, parts) in augmentations(db, project).iter() {
        for &(part, number) in parts {
            let known = summary(db, part);
            let Some(ambient) = known.ambient.get(number as usize) else {
                continue;
            };
            for export in &ambient.exports.named {
                let Some(exported) = exported(db, target, export.name.clone()) else {
                    continue;
                };
                if let ExportedAs::Local(name) = exported.what {
                    let all = found.entry((exported.file, name)).or_default();
                    all.push((part, number, export.name.clone()));
                }
            }
        }
    }
    // The order of the map above is not that of anything.
    for all in found.values_mut() {
        all.sort_by_key(|(part, number, _)| (part.id(db), *number));
    }
    Arc::new(found)
}

/// Who adds to what a file declares at its top under `name`.
pub(crate) fn additions_to(db: &dyn Db, file: SourceFile, name: &SmolStr) -> Vec<Addition> {
    let Some(project) = project_of(db, file) else {
        return Vec::new();
    };
    let all = additions(db, project);
    all.get(&(file, name.clone())).cloned().unwrap_or_default()
}

struct Search<'db> {
    db: &'db dyn Db,
    /// Modules may re-export each other in circles.
    seen: FxHashSet<(SourceFile, Option<u32>, SmolStr)>,
}

impl Search<'_> {
    fn in_module(&mut self, module: &Module, name: &str) -> Option<Exported> {
        match module {
            Module::File(file) => self.in_file(*file, name),
            Module::Ambient(parts) => parts
                .iter()
                .find_map(|&(file, number)| self.in_ambient(file, number, name)),
        }
    }

    fn in_file(&mut self, file: SourceFile, name: &str) -> Option<Exported> {
        if !self.seen.insert((file, None, SmolStr::new(name))) {
            return None;
        }
        let known = summary(self.db, file);
        let found = self.in_list(file, &known, None, &known.exports, name);
        found.or_else(|| self.augmented(file, name))
    }

    fn in_ambient(&mut self, file: SourceFile, number: u32, name: &str) -> Option<Exported> {
        if !self.seen.insert((file, Some(number), SmolStr::new(name))) {
            return None;
        }
        let known = summary(self.db, file);
        let exports = &known.ambient.get(number as usize)?.exports;
        self.in_list(file, &known, Some(number), exports, name)
    }

    fn in_list(
        &mut self,
        file: SourceFile,
        known: &FileSummary,
        ambient: Option<u32>,
        exports: &ExportList,
        name: &str,
    ) -> Option<Exported> {
        if let Some(export) = exports.get(name)
            && let Some(found) = self.follow(file, known, ambient, export)
        {
            return Some(found);
        }
        if exports.equals.is_some() {
            return self.equals(file, known, ambient, exports.equals.as_ref()?, name);
        }
        if name == "default" {
            return None;
        }
        exports.stars.iter().find_map(|&star| {
            let module = self.module(file, known, star)?;
            self.in_module(&module, name)
        })
    }

    /// `export = a` with `import b from` or `import { c } from`.
    fn equals(
        &mut self,
        file: SourceFile,
        known: &FileSummary,
        ambient: Option<u32>,
        equals: &Equals,
        name: &str,
    ) -> Option<Exported> {
        if let Equals::Local(local) = equals
            && let Some(import) = known.import(local)
        {
            let module = self.module(file, known, import.module)?;
            return match &import.imported {
                Some(imported) if name == "default" => self.in_module(&module, imported),
                Some(_) => None,
                None if name == "default" => whole(self.db, &module, true).into_iter().next(),
                None => self.in_module(&module, name),
            };
        }
        let what = match (ambient, name) {
            (None, "default") => ExportedAs::Equals,
            (None, _) => ExportedAs::EqualsMember(SmolStr::new(name)),
            (Some(number), "default") => ExportedAs::AmbientEquals(number),
            (Some(number), _) => ExportedAs::AmbientEqualsMember(number, SmolStr::new(name)),
        };
        Some(Exported { file, what })
    }

    fn follow(
        &mut self,
        file: SourceFile,
        known: &FileSummary,
        ambient: Option<u32>,
        export: &Export,
    ) -> Option<Exported> {
        match &export.target {
            ExportTarget::Local(local, kind) => {
                if kind.is_none()
                    && let Some(import) = known.import(local)
                {
                    let module = self.module(file, known, import.module)?;
                    return match &import.imported {
                        Some(name) => self.in_module(&module, name),
                        None => whole(self.db, &module, import.equals).into_iter().next(),
                    };
                }
                let what = match ambient {
                    None => ExportedAs::Local(local.clone()),
                    Some(number) => ExportedAs::Ambient(number, local.clone()),
                };
                Some(Exported { file, what })
            }
            ExportTarget::Nameless(_) => Some(Exported {
                file,
                what: ExportedAs::Nameless,
            }),
            ExportTarget::From(module, name) => {
                let module = self.module(file, known, *module)?;
                self.in_module(&module, name)
            }
            ExportTarget::Namespace(module) => {
                let module = self.module(file, known, *module)?;
                whole(self.db, &module, false).into_iter().next()
            }
        }
    }

    /// What `declare module "./file"` in other files adds to a module.
    fn augmented(&mut self, file: SourceFile, name: &str) -> Option<Exported> {
        let augmentations = augmentations(self.db, project_of(self.db, file)?);
        let parts = augmentations.get(&file)?;
        parts
            .iter()
            .find_map(|&(part, number)| self.in_ambient(part, number, name))
    }

    fn module(&self, file: SourceFile, known: &FileSummary, number: u32) -> Option<Module> {
        let specifier = known.specifiers.get(number as usize)?;
        resolve_module(self.db, file, specifier.clone())
    }
}
