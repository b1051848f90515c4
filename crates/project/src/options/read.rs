//! Reading the options: the value that is written, else the one that follows from the others.
//!
//! Values are read leniently: an unknown one is a problem and then the default.

use super::{Jsx, Module, ModuleDetection, ModuleResolution, Options, Target};
use crate::config::{ConfigProblem, RawOptions};
use crate::json::Json;
use crate::path;
use std::path::{Path, PathBuf};

/// Reads the merged options of a configuration.
struct Reader<'a> {
    raw: &'a RawOptions,
    root: &'a Path,
    problems: &'a mut Vec<ConfigProblem>,
}

impl Reader<'_> {
    fn get(&self, key: &str) -> Option<(&Json, &Path)> {
        self.raw.get(key).map(|it| (&it.value, it.folder.as_path()))
    }

    fn bool(&mut self, key: &str) -> Option<bool> {
        let value = self.get(key)?.0;
        let read = value.bool();
        if read.is_none() {
            self.wrong(key, "expects true or false");
        }
        read
    }

    /// Puts a value in a place where the default is.
    fn flag(&mut self, key: &str, slot: &mut bool) {
        if let Some(value) = self.bool(key) {
            *slot = value;
        }
    }

    fn string(&mut self, key: &str) -> Option<String> {
        let value = self.get(key)?.0;
        let read = value.string().map(str::to_owned);
        if read.is_none() {
            self.wrong(key, "expects a string");
        }
        read
    }

    fn strings(&mut self, key: &str) -> Option<Vec<String>> {
        let value = self.get(key)?.0;
        let read = value.strings();
        if read.is_none() {
            self.wrong(key, "expects a list");
        }
        read
    }

    fn one_of<T>(&mut self, key: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.string(key)?;
        let value = read(&text);
        if value.is_none() {
            self.wrong(key, "has an unknown value");
        }
        value
    }

    fn path(&mut self, key: &str) -> Option<PathBuf> {
        let text = self.string(key)?;
        let folder = self.get(key)?.1;
        Some(place(self.root, folder, &text))
    }

    fn paths(&mut self, key: &str) -> Option<Vec<PathBuf>> {
        let texts = self.strings(key)?;
        let folder = self.get(key)?.1;
        Some(
            texts
                .iter()
                .map(|it| place(self.root, folder, it))
                .collect(),
        )
    }

    fn wrong(&mut self, key: &str, what: &str) {
        let Some(it) = self.raw.get(key) else { return };
        self.problems.push(ConfigProblem {
            path: it.file.clone(),
            message: format!("compiler option '{key}' {what}"),
            range: Some(it.value.at.clone()),
        });
    }
}

/// A path of a configuration: relative to the folder that declares it, `${configDir}` to the project's own.
pub(crate) fn place(root: &Path, folder: &Path, written: &str) -> PathBuf {
    match strip_config_dir(written) {
        Some(rest) => path::join(root, rest.trim_start_matches(['/', '\\'])),
        None => path::join(folder, written),
    }
}

fn strip_config_dir(written: &str) -> Option<&str> {
    const VARIABLE: &str = "${configdir}";
    let head = written.get(..VARIABLE.len())?;
    head.eq_ignore_ascii_case(VARIABLE)
        .then(|| &written[VARIABLE.len()..])
}

impl Options {
    /// The options of files without any configuration: as lenient as possible.
    pub(crate) fn inferred(root: &Path) -> Self {
        let mut options = Self::read(&RawOptions::default(), root, &mut Vec::new());
        options.allow_js = true;
        options.jsx = Some(Jsx::ReactJsx);
        options.strict = false;
        options.no_implicit_any = false;
        options.strict_null_checks = false;
        options
    }

    pub(crate) fn read(raw: &RawOptions, root: &Path, problems: &mut Vec<ConfigProblem>) -> Self {
        let mut it = Reader {
            raw,
            root,
            problems,
        };
        let target = it
            .one_of("target", Target::read)
            .filter(|it| *it != Target::Es3)
            .unwrap_or(Target::Es2025);
        let module = it
            .one_of("module", Module::read)
            .unwrap_or_else(|| Module::default_for(target));
        let resolution = it
            .one_of("moduleResolution", ModuleResolution::read)
            .unwrap_or_else(|| module.resolution());
        let mut options = Self::defaults(root, target, module, resolution);
        options.read_language(&mut it);
        options.read_resolution(&mut it);
        options.read_places(&mut it);
        options.read_checks(&mut it);
        options
    }

    /// What holds where only these are said.
    fn defaults(root: &Path, target: Target, module: Module, resolution: ModuleResolution) -> Self {
        let has_exports = resolution.has_exports();
        Self {
            allow_js: false,
            check_js: false,
            jsx: None,
            jsx_import_source: None,
            es_module_interop: true,
            allow_synthetic_default_imports: true,
            module,
            module_resolution: resolution,
            module_detection: if module.is_node() {
                ModuleDetection::Force
            } else {
                ModuleDetection::Auto
            },
            target,
            lib: None,
            no_lib: false,
            types: None,
            type_roots: None,
            root_dirs: Vec::new(),
            base_url: None,
            paths: Vec::new(),
            paths_base: root.to_owned(),
            custom_conditions: Vec::new(),
            resolve_json_module: matches!(module, Module::Node20 | Module::NodeNext)
                || resolution == ModuleResolution::Bundler,
            resolve_package_json_exports: has_exports,
            resolve_package_json_imports: has_exports,
            allow_importing_ts_extensions: false,
            module_suffixes: Vec::new(),
            preserve_symlinks: false,
            isolated_modules: false,
            verbatim_module_syntax: false,
            strict: true,
            no_implicit_any: true,
            strict_null_checks: true,
            no_unused_locals: false,
            no_unused_parameters: false,
            composite: false,
            out_dir: None,
            declaration_dir: None,
            root_dir: None,
        }
    }

    fn read_language(&mut self, it: &mut Reader<'_>) {
        it.flag("checkJs", &mut self.check_js);
        self.allow_js = self.check_js;
        it.flag("allowJs", &mut self.allow_js);
        self.jsx = it.one_of("jsx", Jsx::read);
        self.jsx_import_source = it.string("jsxImportSource");
        it.flag("esModuleInterop", &mut self.es_module_interop);
        it.flag(
            "allowSyntheticDefaultImports",
            &mut self.allow_synthetic_default_imports,
        );
        if let Some(detection) = it.one_of("moduleDetection", ModuleDetection::read) {
            self.module_detection = detection;
        }
        self.lib = it
            .strings("lib")
            .map(|libs| libs.iter().map(|it| it.to_lowercase()).collect());
        it.flag("noLib", &mut self.no_lib);
    }

    fn read_resolution(&mut self, it: &mut Reader<'_>) {
        self.types = it.strings("types");
        self.custom_conditions = it.strings("customConditions").unwrap_or_default();
        it.flag("resolveJsonModule", &mut self.resolve_json_module);
        let has_exports = self.module_resolution.has_exports();
        for (key, slot) in [
            (
                "resolvePackageJsonExports",
                &mut self.resolve_package_json_exports,
            ),
            (
                "resolvePackageJsonImports",
                &mut self.resolve_package_json_imports,
            ),
        ] {
            it.flag(key, slot);
            *slot &= has_exports;
        }
        let mut rewrites = false;
        it.flag("rewriteRelativeImportExtensions", &mut rewrites);
        it.flag(
            "allowImportingTsExtensions",
            &mut self.allow_importing_ts_extensions,
        );
        self.allow_importing_ts_extensions |= rewrites;
        self.module_suffixes = it.strings("moduleSuffixes").unwrap_or_default();
        it.flag("preserveSymlinks", &mut self.preserve_symlinks);
    }

    fn read_places(&mut self, it: &mut Reader<'_>) {
        self.type_roots = it.paths("typeRoots");
        self.root_dirs = it.paths("rootDirs").unwrap_or_default();
        self.base_url = it.path("baseUrl");
        let (paths, folder) = read_paths(it);
        self.paths = paths;
        if let Some(base) = self.base_url.clone().or(folder) {
            self.paths_base = base;
        }
        self.out_dir = it.path("outDir");
        self.declaration_dir = it.path("declarationDir");
        self.root_dir = it.path("rootDir");
    }

    fn read_checks(&mut self, it: &mut Reader<'_>) {
        it.flag("verbatimModuleSyntax", &mut self.verbatim_module_syntax);
        it.flag("isolatedModules", &mut self.isolated_modules);
        self.isolated_modules |= self.verbatim_module_syntax;
        it.flag("strict", &mut self.strict);
        self.no_implicit_any = self.strict;
        self.strict_null_checks = self.strict;
        it.flag("noImplicitAny", &mut self.no_implicit_any);
        it.flag("strictNullChecks", &mut self.strict_null_checks);
        it.flag("noUnusedLocals", &mut self.no_unused_locals);
        it.flag("noUnusedParameters", &mut self.no_unused_parameters);
        it.flag("composite", &mut self.composite);
    }
}

/// The pairs of `paths`, and the folder that declares them.
fn read_paths(it: &mut Reader<'_>) -> (Vec<(String, Vec<String>)>, Option<PathBuf>) {
    let Some((value, folder)) = it.get("paths") else {
        return (Vec::new(), None);
    };
    let pairs = value
        .entries()
        .iter()
        .map(|(pattern, targets)| {
            let targets = targets.strings().unwrap_or_default();
            let targets = targets
                .into_iter()
                .map(|target| match strip_config_dir(&target) {
                    Some(_) => place(it.root, folder, &target)
                        .to_string_lossy()
                        .into_owned(),
                    None => target,
                });
            (pattern.clone(), targets.collect())
        })
        .collect();
    (pairs, Some(folder.to_owned()))
}
