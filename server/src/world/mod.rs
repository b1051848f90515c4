//! What the database asks of the world outside: texts on disk, projects, and what imports lead to.

mod specifiers;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rustc_hash::FxHashMap;
use symphony_db::{Moved, PathEntry, ProjectData, ProjectOptions, ResolveKind, System};
use symphony_project::{
    ConfigProblem, ImportMode, Project, Projects, SpecifierPreferences, lib_file, typescript_lib,
};
use symphony_syntax::Language;
use symphony_vfs::{FileId, Paths, VfsPath, read_source};

/// The disk and the projects on it. Any thread may ask.
#[derive(Debug)]
pub(crate) struct World {
    paths: Arc<Paths>,
    state: RwLock<State>,
    /// Projects by the numbers that the database knows them under. The lock is held for a look-up.
    numbers: Mutex<Numbers>,
}

#[derive(Debug)]
struct State {
    projects: Arc<Projects>,
    /// The folder of TypeScript's `lib.*.d.ts`.
    lib: Option<PathBuf>,
}

#[derive(Debug, Default)]
struct Numbers {
    by_key: FxHashMap<PathBuf, u32>,
    projects: Vec<Arc<Project>>,
}

impl World {
    pub(crate) fn new(paths: Arc<Paths>) -> Self {
        let state = State {
            projects: Arc::new(Projects::new(Vec::new())),
            lib: None,
        };
        Self {
            paths,
            state: RwLock::new(state),
            numbers: Mutex::default(),
        }
    }

    /// Takes the folders of the workspace, and looks for TypeScript's libraries from there on.
    pub(crate) fn set_folders(&self, folders: &[PathBuf], lib: Option<&Path>) {
        let beside = std::env::current_exe().ok();
        let beside = beside.as_deref().and_then(Path::parent);
        let given = lib.map(Path::to_owned);
        let nowhere = PathBuf::new();
        let found = given.or_else(|| {
            let roots = folders.iter().chain([&nowhere]);
            roots
                .into_iter()
                .find_map(|root| typescript_lib(root, beside))
        });
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        *state = State {
            projects: Arc::new(Projects::new(folders.to_vec())),
            lib: found,
        };
    }

    /// The folder of TypeScript's libraries; without one, the language's own names are unknown.
    pub(crate) fn lib(&self) -> Option<PathBuf> {
        self.state
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .lib
            .clone()
    }

    pub(crate) fn projects(&self) -> Arc<Projects> {
        Arc::clone(
            &self
                .state
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .projects,
        )
    }

    /// What is wrong with the configurations read so far.
    pub(crate) fn problems(&self) -> Vec<ConfigProblem> {
        self.projects().problems()
    }

    /// The project that a file's imports are resolved by: for a file of a package that of whoever installed it.
    pub(crate) fn project_of(&self, file: &Path) -> Arc<Project> {
        let installed = file
            .ancestors()
            .filter(|folder| {
                folder
                    .file_name()
                    .is_some_and(|name| name == "node_modules")
            })
            .last();
        match installed.and_then(Path::parent) {
            Some(folder) => self.projects().project_of(&folder.join("index.ts")),
            None => self.projects().project_of(file),
        }
    }

    /// The number of the project of a file.
    pub(crate) fn number_of(&self, file: &Path) -> u32 {
        let project = self.project_of(file);
        let key = project.config_path().unwrap_or(project.root()).to_owned();
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&known) = numbers.by_key.get(&key) {
            numbers.projects[known as usize] = project;
            return known;
        }
        let number = numbers.projects.len() as u32;
        numbers.projects.push(project);
        numbers.by_key.insert(key, number);
        number
    }

    /// What the database is to know of a project.
    pub(crate) fn data(&self, number: u32) -> ProjectData {
        let project = {
            let numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
            numbers.projects.get(number as usize).cloned()
        };
        let Some(project) = project else {
            return ProjectData::default();
        };
        let libs = self
            .lib()
            .map(|lib| project.lib_files(&lib))
            .unwrap_or_default();
        let options = project.options();
        ProjectData {
            ambient: libs
                .into_iter()
                .chain(project.type_entries())
                .map(|path| self.paths.intern(VfsPath::File(path)))
                .collect(),
            options: ProjectOptions {
                classic_jsx: matches!(options.jsx, Some(symphony_project::Jsx::React)),
                verbatim_modules: options.verbatim_module_syntax,
                force_modules: options.module_detection == symphony_project::ModuleDetection::Force,
            },
        }
    }

    /// Configurations have changed on disk: the numbers of the projects that are different now.
    pub(crate) fn configs_changed(&self, paths: &[PathBuf]) -> Vec<u32> {
        let changes = self.projects().changed(paths);
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = Vec::new();
        for change in changes {
            let key = change.old.config_path().unwrap_or(change.old.root());
            let Some(&number) = numbers.by_key.get(key) else {
                continue;
            };
            if let Some(new) = change.new {
                numbers.projects[number as usize] = new;
            }
            changed.push(number);
        }
        changed
    }

    /// Files have appeared or vanished: what imports lead to is looked up anew.
    pub(crate) fn files_changed(&self) {
        self.projects().clear_cache();
    }

    fn path(&self, file: FileId) -> Option<PathBuf> {
        match self.paths.path(file)? {
            VfsPath::File(path) => Some(path),
            VfsPath::Virtual(_) => None,
        }
    }
}

impl System for World {
    fn read(&self, file: FileId) -> Option<Arc<str>> {
        let path = self.path(file)?;
        // JSON and styles are modules without names of ours.
        Language::from_path(&path)?;
        read_source(&path).ok().map(Arc::from)
    }

    fn language(&self, file: FileId) -> Option<Language> {
        Language::from_path(&self.path(file)?)
    }

    fn resolve(&self, from: FileId, specifier: &str, kind: ResolveKind) -> Option<FileId> {
        let from = self.path(from)?;
        let found = match kind {
            ResolveKind::Import => {
                self.project_of(&from)
                    .resolve(&from, specifier, ImportMode::Import)?
                    .path
            }
            ResolveKind::Require => {
                self.project_of(&from)
                    .resolve(&from, specifier, ImportMode::Require)?
                    .path
            }
            ResolveKind::Path => match VfsPath::file(&from.parent()?.join(specifier)) {
                VfsPath::File(path) => path,
                VfsPath::Virtual(_) => return None,
            },
            ResolveKind::Types => self.project_of(&from).resolve_types(&from, specifier)?,
            ResolveKind::Lib => lib_file(&self.lib()?, specifier),
        };
        Some(self.paths.intern(VfsPath::File(found)))
    }

    fn specifiers(&self, from: FileId, to: FileId, existing: &[&str]) -> Vec<String> {
        let (Some(from), Some(to)) = (self.path(from), self.path(to)) else {
            return Vec::new();
        };
        let preferences = SpecifierPreferences::default();
        self.project_of(&from)
            .specifiers(&from, &to, existing, preferences)
    }

    fn importable_packages(&self, from: FileId) -> Vec<(String, FileId)> {
        let Some(from) = self.path(from) else {
            return Vec::new();
        };
        let packages = specifiers::packages(&self.project_of(&from), &from).into_iter();
        packages
            .map(|(name, path)| (name, self.paths.intern(VfsPath::File(path))))
            .collect()
    }

    fn path_entries(&self, from: FileId, folder: &str) -> Vec<PathEntry> {
        let Some(from) = self.path(from) else {
            return Vec::new();
        };
        specifiers::entries(&self.project_of(&from), &from, folder)
    }

    fn file_name(&self, file: FileId) -> Option<String> {
        specifiers::file_name(&self.path(file)?)
    }

    fn renamed_specifier(&self, from: &Moved, specifier: &str, to: &Moved) -> Option<String> {
        let after = |moved: &Moved| moved.path.clone().or_else(|| self.path(moved.file));
        specifiers::renamed(
            specifier,
            &specifiers::Move {
                from: &after(from)?,
                to_before: &self.path(to.file)?,
                to: &after(to)?,
            },
        )
    }
}
