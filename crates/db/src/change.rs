//! The one place where inputs are written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use salsa::{Durability, Setter};
use symphony_syntax::Language;
use symphony_vfs::FileId;

use crate::{Contents, Db, Project, ProjectOptions, RootDatabase, SourceFile, Workspace};

/// What is known of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectData {
    /// The files whose global declarations all of its files see.
    pub ambient: Arc<[FileId]>,
    /// What of its settings concerns names.
    pub options: ProjectOptions,
}

/// What happened to files since the last change was applied.
#[derive(Debug, Default)]
pub struct Change {
    files: BTreeMap<FileId, (Language, Contents)>,
    projects: BTreeMap<u32, ProjectData>,
    members: BTreeMap<FileId, u32>,
    structure: bool,
}

/// What [`Change::apply`] knows of earlier changes. The main thread owns it.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The files of the workspace: not those of packages, which are known on demand.
    workspace: BTreeSet<FileId>,
    projects: FxHashMap<u32, Project>,
}

impl Inputs {
    /// Whether a project was told of.
    pub fn knows_project(&self, number: u32) -> bool {
        self.projects.contains_key(&number)
    }

    /// How many files of the workspace are not missing.
    pub fn n_files(&self) -> usize {
        self.workspace.len()
    }

    /// The files of the workspace that are not missing.
    pub fn workspace(&self) -> impl Iterator<Item = FileId> + '_ {
        self.workspace.iter().copied()
    }
}

impl Change {
    /// Says what is now in a file of the workspace; the last word on a file counts.
    pub fn set(&mut self, file: FileId, language: Language, contents: Contents) {
        self.files.insert(file, (language, contents));
    }

    /// Says what is known of a project. Its files resolve their imports anew.
    pub fn set_project(&mut self, number: u32, data: ProjectData) {
        self.projects.insert(number, data);
    }

    /// The projects that files were said to belong to.
    pub fn projects_of_members(&self) -> impl Iterator<Item = u32> + '_ {
        self.members.values().copied()
    }

    /// Says to which project a file belongs. The project must have been told of.
    pub fn set_member(&mut self, file: FileId, project: u32) {
        self.members.insert(file, project);
    }

    /// Says that files or packages have appeared or vanished: what imports lead to may have changed.
    pub fn touch_structure(&mut self) {
        self.structure = true;
    }

    /// Whether there is nothing to apply.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
            && self.projects.is_empty()
            && self.members.is_empty()
            && !self.structure
    }

    /// Writes the change to the database, waiting until no other handle reads it; running queries are cancelled.
    pub fn apply(self, db: &mut RootDatabase, inputs: &mut Inputs) {
        let mut membership_changed = Workspace::try_get(db).is_none();
        for (number, data) in self.projects {
            set_project(db, inputs, number, data);
        }
        for (id, (language, contents)) in self.files {
            membership_changed |= if matches!(contents, Contents::Missing) {
                inputs.workspace.remove(&id)
            } else {
                inputs.workspace.insert(id)
            };
            set_file(db, id, language, contents);
        }
        for (id, number) in self.members {
            let (Some(&project), file) = (inputs.projects.get(&number), db.source_file(id)) else {
                continue;
            };
            if file.project(db) != Some(project) {
                file.set_project(db)
                    .with_durability(Durability::MEDIUM)
                    .to(Some(project));
            }
        }
        if membership_changed || self.structure {
            set_workspace(db, inputs, self.structure);
        }
    }
}

fn set_file(db: &mut RootDatabase, id: FileId, language: Language, contents: Contents) {
    // What is open changes with each key; what is closed only when something outside writes it.
    let durability = if matches!(contents, Contents::Open { .. }) {
        Durability::LOW
    } else {
        Durability::MEDIUM
    };
    if durability != Durability::LOW {
        db.files().pieces.remove(&id);
    }
    let known = db.files().get(id);
    match known {
        Some(file) => {
            if file.language(db) != language {
                file.set_language(db)
                    .with_durability(durability)
                    .to(language);
            }
            file.set_contents(db)
                .with_durability(durability)
                .to(contents);
        }
        None => {
            let file = SourceFile::builder(id, language, contents, None)
                .durability(durability)
                .new(db);
            db.files().handles.insert(id, file);
        }
    }
}

fn set_project(db: &mut RootDatabase, inputs: &mut Inputs, number: u32, data: ProjectData) {
    match inputs.projects.get(&number) {
        Some(&project) => {
            let revision = project.revision(db) + 1;
            project
                .set_revision(db)
                .with_durability(Durability::MEDIUM)
                .to(revision);
            if *project.ambient(db) != data.ambient {
                project
                    .set_ambient(db)
                    .with_durability(Durability::MEDIUM)
                    .to(data.ambient);
            }
            if project.options(db) != data.options {
                project
                    .set_options(db)
                    .with_durability(Durability::MEDIUM)
                    .to(data.options);
            }
        }
        None => {
            let project = Project::builder(number, 0, data.ambient, data.options)
                .durability(Durability::MEDIUM)
                .new(db);
            inputs.projects.insert(number, project);
        }
    }
}

fn set_workspace(db: &mut RootDatabase, inputs: &Inputs, structure_changed: bool) {
    let files: Arc<[SourceFile]> = inputs
        .workspace
        .iter()
        .map(|&id| db.source_file(id))
        .collect();
    match Workspace::try_get(db) {
        Some(workspace) => {
            if *workspace.files(db) != files {
                workspace
                    .set_files(db)
                    .with_durability(Durability::MEDIUM)
                    .to(files);
            }
            if structure_changed {
                let structure = workspace.structure(db) + 1;
                workspace
                    .set_structure(db)
                    .with_durability(Durability::MEDIUM)
                    .to(structure);
            }
        }
        None => {
            let _singleton = Workspace::builder(files, 0)
                .durability(Durability::MEDIUM)
                .new(db);
        }
    }
}
