//! One project: a configuration's options and files, and what its imports lead to.

use crate::config::{Config, ConfigProblem};
use crate::disk::Disk;
use crate::include::FileSet;
use crate::library;
use crate::options::Options;
use crate::path;
use crate::resolve::{ImportMode, Resolved, Resolver, split_package};
use crate::siblings::Siblings;
use dashmap::{DashMap, DashSet};
use rustc_hash::FxBuildHasher;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A project that another one references.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The configuration file that is meant.
    pub config: PathBuf,
}

/// What answers of [`Project::resolve`] are remembered by: the folder, whether it is an ES module's import, and the
/// specifier.
type Asked = (PathBuf, bool, String);

/// A configuration, or the stand-in for one.
#[derive(Debug)]
pub struct Project {
    config_path: Option<PathBuf>,
    root: PathBuf,
    options: Options,
    files: FileSet,
    references: Vec<Reference>,
    inputs: Vec<PathBuf>,
    broken: bool,
    disk: Arc<Disk>,
    siblings: Arc<Siblings>,
    /// The names of packages that were asked for among the siblings.
    asked_siblings: DashSet<String, FxBuildHasher>,
    resolved: DashMap<Asked, Option<Resolved>, FxBuildHasher>,
    manifests: DashSet<PathBuf, FxBuildHasher>,
    /// Links of packages that imports went through: the real folder and the link.
    links: DashSet<(PathBuf, PathBuf), FxBuildHasher>,
    /// The packages whose dependencies were looked up for their links.
    linked: DashSet<PathBuf, FxBuildHasher>,
}

impl Project {
    /// Reads a configuration. Whatever is wrong with it, there is a project.
    pub fn load(config: &Path) -> (Self, Vec<ConfigProblem>) {
        Self::load_with(config, Arc::default(), Arc::default())
    }

    /// The project of files that have no configuration.
    pub fn inferred(root: &Path) -> Self {
        Self::inferred_with(root, Arc::default(), Arc::default())
    }

    pub(crate) fn load_with(
        config: &Path,
        disk: Arc<Disk>,
        siblings: Arc<Siblings>,
    ) -> (Self, Vec<ConfigProblem>) {
        let config_path = path::normalize(config);
        let root = config_path.parent().unwrap_or(&config_path).to_owned();
        let mut read = Config::load(&config_path, &disk);
        let options = Options::read(&read.options, &root, &mut read.problems);
        let outputs = [&options.out_dir, &options.declaration_dir]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        let files = FileSet::new(&root, read.files, read.include, read.exclude, outputs);
        let references = read
            .references
            .into_iter()
            .map(|it| Reference {
                config: config_of(it, &disk),
            })
            .collect();
        let project = Self {
            config_path: Some(config_path),
            root,
            options,
            files,
            references,
            inputs: read.inputs,
            broken: read.broken,
            disk,
            siblings,
            asked_siblings: DashSet::default(),
            resolved: DashMap::default(),
            manifests: DashSet::default(),
            links: DashSet::default(),
            linked: DashSet::default(),
        };
        (project, read.problems)
    }

    pub(crate) fn inferred_with(root: &Path, disk: Arc<Disk>, siblings: Arc<Siblings>) -> Self {
        let root = path::normalize(root);
        Self {
            config_path: None,
            options: Options::inferred(&root),
            files: FileSet::new(&root, None, None, None, Vec::new()),
            references: Vec::new(),
            inputs: Vec::new(),
            broken: false,
            disk,
            siblings,
            asked_siblings: DashSet::default(),
            resolved: DashMap::default(),
            manifests: DashSet::default(),
            links: DashSet::default(),
            linked: DashSet::default(),
            root,
        }
    }

    /// The configuration file, unless there is none.
    pub fn config_path(&self) -> Option<&Path> {
        self.config_path.as_deref()
    }

    /// The configuration's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The projects that this one references.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// Whether other projects may reference this one.
    pub fn is_composite(&self) -> bool {
        self.options.composite
    }

    /// The configuration files that this was made from, missing ones too.
    pub fn inputs(&self) -> &[PathBuf] {
        &self.inputs
    }

    /// Whether the configuration names a file, by `files`, `include` and `exclude`.
    pub fn contains(&self, file: &Path) -> bool {
        self.files.names(file) || self.includes(file) && !self.is_shadowed(file)
    }

    fn includes(&self, file: &Path) -> bool {
        let is_json = || self.options.resolve_json_module && path::name(file).ends_with(".json");
        (self.is_source(file) || is_json()) && self.files.includes(file)
    }

    /// Whether a file has the ending of a source.
    pub(crate) fn is_source(&self, file: &Path) -> bool {
        match path::known_ending(path::name(file)) {
            Some(".js" | ".jsx" | ".mjs" | ".cjs") => self.options.allow_js,
            Some(".json") | None => false,
            Some(_) => true,
        }
    }

    /// Whether another file of the project has the same name with an ending that counts more, as its source has.
    fn is_shadowed(&self, file: &Path) -> bool {
        let name = path::name(file);
        let Some(ending) = path::known_ending(name) else {
            return false;
        };
        let stronger: &[&str] = match ending {
            ".tsx" => &[".ts"],
            ".d.ts" | ".js" => &[".ts", ".tsx"],
            ".jsx" => &[".ts", ".tsx", ".js"],
            // Not so for `.d.cts`, which is sorted behind its `.cts`.
            ".d.mts" => &[".mts"],
            ".mjs" => &[".mts", ".d.mts"],
            ".cjs" => &[".cts", ".d.cts"],
            _ => return false,
        };
        let stem = &name[..name.len() - ending.len()];
        stronger
            .iter()
            .map(|it| file.with_file_name(format!("{stem}{it}")))
            .any(|it| self.disk.is_file(&it) && (self.files.names(&it) || self.includes(&it)))
    }

    /// The file that a specifier in a file leads to.
    pub fn resolve(&self, from: &Path, specifier: &str, mode: ImportMode) -> Option<Resolved> {
        let folder = from.parent().unwrap_or(from);
        let resolver = self.resolver();
        let as_import = resolver.as_import(from, mode);
        let key = (folder.to_owned(), as_import, specifier.to_owned());
        if let Some(known) = self.resolved.get(&key) {
            return known.clone();
        }
        let resolver = resolver.for_mode(as_import);
        let found = resolver.resolve(folder, specifier).map(|(found, link)| {
            if let (Some(link), Some(package)) = (link, &found.package) {
                self.links.insert((package.root.clone(), link));
            }
            found
        });
        let found = found.or_else(|| self.resolve_sibling(&resolver, specifier));
        self.resolved.insert(key, found.clone());
        found
    }

    /// A package of the workspace that is not installed or not built.
    fn resolve_sibling(&self, resolver: &Resolver<'_>, specifier: &str) -> Option<Resolved> {
        if path::is_relative_or_rooted(specifier) {
            return None;
        }
        let (name, _) = split_package(specifier);
        self.asked_siblings.insert(name.to_owned());
        resolver.in_workspace(&self.siblings.folder(name, &self.disk)?, specifier)
    }

    /// Whether one of these packages of the workspace was asked for.
    pub(crate) fn asked_for_sibling(&self, names: &rustc_hash::FxHashSet<String>) -> bool {
        names.iter().any(|it| self.asked_siblings.contains(it))
    }

    /// The file that `/// <reference types="name" />` in a file means.
    pub fn resolve_types(&self, from: &Path, name: &str) -> Option<PathBuf> {
        let folder = from.parent().unwrap_or(from);
        let resolver = self.resolver();
        let as_import = resolver.as_import(from, ImportMode::Import);
        resolver.for_mode(as_import).types(&self.root, folder, name)
    }

    /// The files whose types are visible without an import: those of `types`, else of all installed packages.
    pub fn type_entries(&self) -> Vec<PathBuf> {
        let resolver = self.resolver();
        let all = || resolver.all_types(&self.root);
        let names = match &self.options.types {
            None => all(),
            Some(types) => types
                .iter()
                .flat_map(|it| if it == "*" { all() } else { vec![it.clone()] })
                .collect(),
        };
        let from = self.root.join("types.ts");
        let mut files: Vec<PathBuf> = Vec::new();
        for file in names.iter().filter_map(|it| self.resolve_types(&from, it)) {
            if !files.contains(&file) {
                files.push(file);
            }
        }
        files
    }

    /// The library files that the options name. What those reference is for the caller to follow, by
    /// [`crate::lib_file`].
    pub fn lib_files(&self, lib_folder: &Path) -> Vec<PathBuf> {
        library::lib_files(&self.options, lib_folder)
    }

    /// Whether a file is an ES module or CommonJS where its format decides, by its ending and its package.
    pub fn is_es_module(&self, file: &Path) -> bool {
        self.resolver().is_es_module(file)
    }

    /// The names of what the packages that a file is in depend on, sorted; not their own, which a folder above may list.
    pub fn dependencies(&self, from: &Path) -> Vec<String> {
        let resolver = self.resolver();
        let folders = from.ancestors().skip(1);
        let manifests: Vec<_> = folders
            .filter_map(|folder| resolver.manifest(folder))
            .collect();
        let all = manifests.iter().flat_map(|it| it.dependencies());
        let is_own = |name: &str| manifests.iter().any(|it| it.string("name") == Some(name));
        let mut names: Vec<String> = all.filter(|name| !is_own(name)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Forgets what was found on the disk: files have appeared or vanished.
    pub fn clear_cache(&self) {
        self.forget_answers();
        self.disk.clear();
    }

    pub(crate) fn disk(&self) -> &Disk {
        &self.disk
    }

    /// The links of packages that are known: those that imports went through, and those of the dependencies of the
    /// package that a folder is in.
    pub(crate) fn package_links(&self, folder: &Path) -> Vec<(PathBuf, PathBuf)> {
        if !path::in_node_modules(folder)
            && let Some(package) = self.resolver().scope(folder)
            && self.linked.insert(package.folder.clone())
        {
            let manifest = package.folder.join("package.json");
            for name in package.runtime_dependencies() {
                self.resolve(&manifest, name, ImportMode::Import);
            }
        }
        let mut links: Vec<(PathBuf, PathBuf)> = self.links.iter().map(|it| it.clone()).collect();
        links.sort();
        links
    }

    pub(crate) fn forget_answers(&self) {
        self.asked_siblings.clear();
        self.links.clear();
        self.linked.clear();
        self.resolved.clear();
        self.manifests.clear();
    }

    /// Whether a package manifest had a part in an answer.
    pub(crate) fn asked_for(&self, manifest: &Path) -> bool {
        manifest
            .parent()
            .is_some_and(|it| self.manifests.contains(it))
    }

    /// Whether the configuration is no JSON, as in the middle of an edit.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Whether nothing but references is in it.
    pub(crate) fn is_solution(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether another one means the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.options == other.options
            && self.files == other.files
            && self.references == other.references
            && self.inputs == other.inputs
    }

    pub(crate) fn resolver(&self) -> Resolver<'_> {
        Resolver::new(
            &self.disk,
            &self.options,
            self.config_path.as_deref(),
            &self.manifests,
        )
    }
}

/// The configuration file of a reference, which may be a folder.
fn config_of(reference: PathBuf, disk: &Disk) -> PathBuf {
    if path::name(&reference).ends_with(".json") || disk.is_file(&reference) {
        reference
    } else {
        reference.join("tsconfig.json")
    }
}
