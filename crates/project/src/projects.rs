//! The projects of the open folders: which one a file is of, and which ones a change on the disk is about.
//!
//! A project is an `Arc` that stays the same until something it was made from changes in meaning: callers compare
//! pointers.

use crate::config::ConfigProblem;
use crate::disk::Disk;
use crate::path;
use crate::project::Project;
use crate::siblings::{PNPM, Siblings};
use dashmap::DashMap;
use rustc_hash::{FxBuildHasher, FxHashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The names of configurations, the better one first.
const CONFIGS: [&str; 2] = ["tsconfig.json", "jsconfig.json"];

/// A project that was made again.
#[derive(Debug, Clone)]
pub struct ProjectChange {
    /// The project as it was.
    pub old: Arc<Project>,
    /// The one in its place; `None` where the configuration is gone.
    pub new: Option<Arc<Project>>,
}

/// A project and what is wrong with its configuration.
#[derive(Debug, Clone)]
struct Loaded {
    project: Arc<Project>,
    problems: Arc<[ConfigProblem]>,
}

/// All projects of a set of folders.
#[derive(Debug)]
pub struct Projects {
    folders: Vec<PathBuf>,
    disk: Arc<Disk>,
    siblings: Arc<Siblings>,
    /// By configuration file.
    loaded: DashMap<PathBuf, Loaded, FxBuildHasher>,
    /// By the root that files without a configuration share.
    inferred: DashMap<PathBuf, Arc<Project>, FxBuildHasher>,
    of_file: DashMap<PathBuf, Arc<Project>, FxBuildHasher>,
    /// Held while a project is made, so that no two are made of one configuration.
    making: Mutex<()>,
}

impl Projects {
    /// The projects of some workspace folders. Nothing is read yet.
    pub fn new(folders: Vec<PathBuf>) -> Self {
        let folders: Vec<PathBuf> = folders.iter().map(|it| path::normalize(it)).collect();
        Self {
            siblings: Arc::new(Siblings::new(folders.clone())),
            folders,
            disk: Arc::default(),
            loaded: DashMap::default(),
            inferred: DashMap::default(),
            of_file: DashMap::default(),
            making: Mutex::new(()),
        }
    }

    /// The project whose options hold for a file.
    ///
    /// The nearest configuration upwards that contains it, itself or through references; else the nearest one at
    /// all; else one that is inferred.
    pub fn project_of(&self, file: &Path) -> Arc<Project> {
        if let Some(known) = self.of_file.get(file) {
            return known.clone();
        }
        let project = self.find(file);
        self.of_file.insert(file.to_owned(), project.clone());
        project
    }

    /// The project of a configuration file.
    pub fn project(&self, config: &Path) -> Arc<Project> {
        self.load(config).project
    }

    /// All projects that were made so far.
    pub fn all(&self) -> Vec<Arc<Project>> {
        let mut all: Vec<_> = self.loaded.iter().map(|it| it.project.clone()).collect();
        all.extend(self.inferred.iter().map(|it| it.value().clone()));
        all.sort_by(|a, b| (a.config_path(), a.root()).cmp(&(b.config_path(), b.root())));
        all
    }

    /// What is wrong with the configurations that were read so far.
    pub fn problems(&self) -> Vec<ConfigProblem> {
        let mut all: Vec<_> = self
            .loaded
            .iter()
            .flat_map(|it| it.problems.to_vec())
            .collect();
        all.sort_by(|a, b| {
            (&a.path, a.range.as_ref().map(|it| it.start))
                .cmp(&(&b.path, b.range.as_ref().map(|it| it.start)))
        });
        all.dedup();
        all
    }

    /// Configurations and package manifests were written, made or removed: makes anew the projects that this is
    /// about and returns those that are different. All others stay the same `Arc`.
    pub fn changed(&self, paths: &[PathBuf]) -> Vec<ProjectChange> {
        let paths: Vec<PathBuf> = paths.iter().map(|it| path::normalize(it)).collect();
        self.disk.forget(&paths);
        let of_workspace = |it: &PathBuf| {
            matches!(path::name(it), "package.json" | PNPM) && !path::in_node_modules(it)
        };
        let renamed = match paths.iter().any(of_workspace) {
            true => self.siblings.renew(&self.disk),
            false => FxHashSet::default(),
        };
        let mut changes = Vec::new();
        for old in self.all() {
            let by_config = paths.iter().any(|it| old.inputs().contains(it));
            let by_manifest = paths
                .iter()
                .any(|it| path::name(it) == "package.json" && old.asked_for(it))
                || old.asked_for_sibling(&renamed);
            if by_config || by_manifest {
                changes.extend(self.renew(&old, by_manifest));
            }
        }
        let new_config = |it: &PathBuf| CONFIGS.contains(&path::name(it));
        for config in paths.iter().filter(|it| new_config(it)) {
            let Some(folder) = config.parent() else {
                continue;
            };
            self.of_file.retain(|file, _| !file.starts_with(folder));
        }
        if !changes.is_empty() {
            let gone: FxHashSet<*const Project> =
                changes.iter().map(|it| Arc::as_ptr(&it.old)).collect();
            // A file may belong elsewhere by another `include`, so its place is looked for again.
            let of_changed = |file: &Path| changes.iter().any(|it| file.starts_with(it.old.root()));
            self.of_file
                .retain(|file, project| !gone.contains(&Arc::as_ptr(project)) && !of_changed(file));
        }
        changes
    }

    /// Files appeared or vanished: what imports lead to is looked up again.
    pub fn clear_cache(&self) {
        self.disk.clear();
        for project in self.all() {
            project.forget_answers();
        }
    }

    fn renew(&self, old: &Arc<Project>, by_manifest: bool) -> Option<ProjectChange> {
        let Some(config) = old.config_path() else {
            let new = Arc::new(Project::inferred_with(
                old.root(),
                self.disk.clone(),
                self.siblings.clone(),
            ));
            self.inferred.insert(old.root().to_owned(), new.clone());
            return Some(ProjectChange {
                old: old.clone(),
                new: Some(new),
            });
        };
        if !config.is_file() {
            self.loaded.remove(config);
            return Some(ProjectChange {
                old: old.clone(),
                new: None,
            });
        }
        let (new, problems) = Project::load_with(config, self.disk.clone(), self.siblings.clone());
        // In the middle of an edit the last good options hold.
        let keep = new.is_broken() || (!by_manifest && new.is_same(old));
        let project = if keep { old.clone() } else { Arc::new(new) };
        self.loaded.insert(
            config.to_owned(),
            Loaded {
                project: project.clone(),
                problems: problems.into(),
            },
        );
        if keep {
            None
        } else {
            Some(ProjectChange {
                old: old.clone(),
                new: Some(project),
            })
        }
    }

    fn find(&self, file: &Path) -> Arc<Project> {
        let start = outside_packages(file);
        let folder = self
            .folders
            .iter()
            .filter(|it| start.starts_with(it))
            .max_by_key(|it| it.components().count());
        let mut nearest = None;
        for place in start.ancestors() {
            if let Some(config) = CONFIGS
                .iter()
                .map(|it| place.join(it))
                .find(|it| self.disk.is_file(it))
            {
                let project = self.load(&config).project;
                if let Some(found) = self.containing(&project, file) {
                    return found;
                }
                nearest.get_or_insert(project);
            }
            if Some(place) == folder.map(PathBuf::as_path) {
                break;
            }
        }
        match nearest {
            Some(project) => self.best_reference(project),
            None => {
                let root = folder.map(PathBuf::as_path).unwrap_or(&start);
                let make = || {
                    Arc::new(Project::inferred_with(
                        root,
                        self.disk.clone(),
                        self.siblings.clone(),
                    ))
                };
                self.inferred
                    .entry(root.to_owned())
                    .or_insert_with(make)
                    .clone()
            }
        }
    }

    /// The project itself or the first one of its references, near ones first, that contains a file.
    fn containing(&self, project: &Arc<Project>, file: &Path) -> Option<Arc<Project>> {
        let mut seen = FxHashSet::default();
        let mut queue = std::collections::VecDeque::from([project.clone()]);
        while let Some(project) = queue.pop_front() {
            if project.contains(file) {
                return Some(project);
            }
            for reference in project.references() {
                if seen.insert(reference.config.clone()) && self.disk.is_file(&reference.config) {
                    queue.push_back(self.load(&reference.config).project);
                }
            }
        }
        None
    }

    /// A solution has no options of its own: the first project that it references has.
    fn best_reference(&self, project: Arc<Project>) -> Arc<Project> {
        if !project.is_solution() {
            return project;
        }
        let first = project
            .references()
            .iter()
            .find(|it| self.disk.is_file(&it.config));
        first.map_or(project.clone(), |it| self.load(&it.config).project)
    }

    fn load(&self, config: &Path) -> Loaded {
        if let Some(known) = self.loaded.get(config) {
            return known.clone();
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.loaded.get(config) {
            return known.clone();
        }
        let (project, problems) =
            Project::load_with(config, self.disk.clone(), self.siblings.clone());
        let loaded = Loaded {
            project: Arc::new(project),
            problems: problems.into(),
        };
        self.loaded.insert(config.to_owned(), loaded.clone());
        loaded
    }
}

/// The folder where the search for a file's configuration starts: packages have none that counts.
fn outside_packages(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap_or(file);
    let outermost = folder
        .ancestors()
        .filter(|it| path::name(it) == "node_modules")
        .last();
    outermost
        .and_then(Path::parent)
        .unwrap_or(folder)
        .to_owned()
}
