//! Compiler options with their defaults worked out.
//!
//! What is not said in a configuration gets the value that TypeScript computes from the rest, so nothing above has
//! to know the rules. Values are read leniently: an unknown one is a problem and then the default.

use crate::config::{ConfigProblem, RawOptions};
use crate::json::Json;
use crate::path;
use std::path::{Path, PathBuf};

/// The options that matter for what names mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// JavaScript files are sources.
    pub allow_js: bool,
    /// Problems in JavaScript files are told.
    pub check_js: bool,
    /// How JSX is compiled; `None` where it is not set.
    pub jsx: Option<Jsx>,
    /// The package whose `jsx-runtime` JSX imports from.
    pub jsx_import_source: Option<String>,
    /// Default imports of CommonJS modules.
    pub es_module_interop: bool,
    /// Default imports of modules without a default export.
    pub allow_synthetic_default_imports: bool,
    /// The module system that is written.
    pub module: Module,
    /// How specifiers are resolved.
    pub module_resolution: ModuleResolution,
    /// What makes a file a module.
    pub module_detection: ModuleDetection,
    /// The language level, which chooses the default library.
    pub target: Target,
    /// The libraries, by name and in lower case; `None` for the target's.
    pub lib: Option<Vec<String>>,
    /// No library at all.
    pub no_lib: bool,
    /// The packages whose types are visible without an import; `None` for all that are installed.
    pub types: Option<Vec<String>>,
    /// The folders of such packages; `None` for `node_modules/@types` upwards.
    pub type_roots: Option<Vec<PathBuf>>,
    /// Folders that are as one to relative imports.
    pub root_dirs: Vec<PathBuf>,
    /// The folder of bare specifiers.
    pub base_url: Option<PathBuf>,
    /// Patterns of specifiers and where they lead, relative to [`Options::paths_base`].
    pub paths: Vec<(String, Vec<String>)>,
    /// The folder that values of `paths` are relative to.
    pub paths_base: PathBuf,
    /// Conditions of `exports` and `imports` beside the usual ones.
    pub custom_conditions: Vec<String>,
    /// `.json` files may be imported.
    pub resolve_json_module: bool,
    /// `exports` of packages are followed.
    pub resolve_package_json_exports: bool,
    /// `imports` of packages are followed.
    pub resolve_package_json_imports: bool,
    /// Specifiers may end in `.ts`.
    pub allow_importing_ts_extensions: bool,
    /// Endings put before the extension, tried in order; empty for none.
    pub module_suffixes: Vec<String>,
    /// Links in `node_modules` are not followed.
    pub preserve_symlinks: bool,
    /// Each file compiles by itself.
    pub isolated_modules: bool,
    /// Imports are written as they stand.
    pub verbatim_module_syntax: bool,
    /// All strict checks.
    pub strict: bool,
    /// A type that cannot be known is told.
    pub no_implicit_any: bool,
    /// `null` and `undefined` are types of their own.
    pub strict_null_checks: bool,
    /// Unused locals are told.
    pub no_unused_locals: bool,
    /// Unused parameters are told.
    pub no_unused_parameters: bool,
    /// The project can be referenced by others.
    pub composite: bool,
    /// Where JavaScript is written.
    pub out_dir: Option<PathBuf>,
    /// Where declarations are written.
    pub declaration_dir: Option<PathBuf>,
    /// The folder of the sources, whose shape is kept in `out_dir`.
    pub root_dir: Option<PathBuf>,
}

macro_rules! values {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $($text:literal)|+),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$item_doc])* $item),+ }

        impl $name {
            fn read(text: &str) -> Option<Self> {
                match text.to_ascii_lowercase().as_str() {
                    $($($text)|+ => Some(Self::$item),)+
                    _ => None,
                }
            }
        }
    };
}

values! {
    /// The option `jsx`.
    Jsx {
        /// Left as it is.
        Preserve = "preserve",
        /// `React.createElement`.
        React = "react",
        /// Left as it is, in `.js`.
        ReactNative = "react-native",
        /// `jsx-runtime`.
        ReactJsx = "react-jsx",
        /// `jsx-dev-runtime`.
        ReactJsxDev = "react-jsxdev",
    }
}

values! {
    /// The option `module`.
    Module {
        /// No modules.
        None = "none",
        /// CommonJS.
        CommonJs = "commonjs",
        /// AMD.
        Amd = "amd",
        /// UMD.
        Umd = "umd",
        /// SystemJS.
        System = "system",
        /// ES modules of 2015.
        Es2015 = "es6" | "es2015",
        /// With dynamic imports.
        Es2020 = "es2020",
        /// With top-level `await`.
        Es2022 = "es2022",
        /// The newest ES modules.
        EsNext = "esnext",
        /// By the file, as Node 16 does.
        Node16 = "node16",
        /// By the file, as Node 18 does.
        Node18 = "node18",
        /// By the file, as Node 20 does.
        Node20 = "node20",
        /// By the file, as the newest Node does.
        NodeNext = "nodenext",
        /// As written.
        Preserve = "preserve",
    }
}

values! {
    /// The option `moduleResolution`.
    ModuleResolution {
        /// Files upwards, no packages.
        Classic = "classic",
        /// Node before `exports`.
        Node10 = "node" | "node10",
        /// Node 16.
        Node16 = "node16",
        /// The newest Node.
        NodeNext = "nodenext",
        /// As bundlers do.
        Bundler = "bundler",
    }
}

values! {
    /// The option `moduleDetection`.
    ModuleDetection {
        /// Files with imports or exports, and by the rules of Node and JSX.
        Auto = "auto",
        /// Files with imports or exports.
        Legacy = "legacy",
        /// Every file.
        Force = "force",
    }
}

values! {
    /// The option `target`.
    Target {
        /// ECMAScript 3.
        Es3 = "es3",
        /// ECMAScript 5.
        Es5 = "es5",
        /// ECMAScript 2015.
        Es2015 = "es6" | "es2015",
        /// ECMAScript 2016.
        Es2016 = "es2016",
        /// ECMAScript 2017.
        Es2017 = "es2017",
        /// ECMAScript 2018.
        Es2018 = "es2018",
        /// ECMAScript 2019.
        Es2019 = "es2019",
        /// ECMAScript 2020.
        Es2020 = "es2020",
        /// ECMAScript 2021.
        Es2021 = "es2021",
        /// ECMAScript 2022.
        Es2022 = "es2022",
        /// ECMAScript 2023.
        Es2023 = "es2023",
        /// ECMAScript 2024.
        Es2024 = "es2024",
        /// ECMAScript 2025.
        Es2025 = "es2025",
        /// What is not standard yet.
        EsNext = "esnext",
    }
}

impl ModuleResolution {
    /// Whether a file's own format decides between `import` and `require`.
    pub fn by_file_format(self) -> bool {
        matches!(self, Self::Node16 | Self::NodeNext)
    }

    /// Whether `exports` and `imports` of packages mean anything.
    pub(crate) fn has_exports(self) -> bool {
        matches!(self, Self::Node16 | Self::NodeNext | Self::Bundler)
    }
}

impl Module {
    /// Whether files are ES modules or CommonJS by their own format.
    pub fn is_node(self) -> bool {
        matches!(
            self,
            Self::Node16 | Self::Node18 | Self::Node20 | Self::NodeNext
        )
    }

    fn default_for(target: Target) -> Self {
        match target {
            Target::EsNext => Self::EsNext,
            it if it >= Target::Es2022 => Self::Es2022,
            it if it >= Target::Es2020 => Self::Es2020,
            it if it >= Target::Es2015 => Self::Es2015,
            _ => Self::CommonJs,
        }
    }

    fn resolution(self) -> ModuleResolution {
        match self {
            Self::None | Self::Amd | Self::Umd | Self::System => ModuleResolution::Classic,
            Self::NodeNext => ModuleResolution::NodeNext,
            it if it.is_node() => ModuleResolution::Node16,
            _ => ModuleResolution::Bundler,
        }
    }
}

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
        let check_js = it.bool("checkJs").unwrap_or(false);
        let strict = it.bool("strict").unwrap_or(true);
        let verbatim = it.bool("verbatimModuleSyntax").unwrap_or(false);
        let es_module_interop = it.bool("esModuleInterop").unwrap_or(true);
        let base_url = it.path("baseUrl");
        let (paths, paths_folder) = read_paths(&mut it);
        Self {
            allow_js: it.bool("allowJs").unwrap_or(check_js),
            check_js,
            jsx: it.one_of("jsx", Jsx::read),
            jsx_import_source: it.string("jsxImportSource"),
            es_module_interop,
            allow_synthetic_default_imports: it
                .bool("allowSyntheticDefaultImports")
                .unwrap_or(true),
            module,
            module_resolution: resolution,
            module_detection: it
                .one_of("moduleDetection", ModuleDetection::read)
                .unwrap_or(if module.is_node() {
                    ModuleDetection::Force
                } else {
                    ModuleDetection::Auto
                }),
            target,
            lib: it
                .strings("lib")
                .map(|libs| libs.iter().map(|it| it.to_lowercase()).collect()),
            no_lib: it.bool("noLib").unwrap_or(false),
            types: it.strings("types"),
            type_roots: it.paths("typeRoots"),
            root_dirs: it.paths("rootDirs").unwrap_or_default(),
            paths,
            paths_base: base_url
                .clone()
                .or(paths_folder)
                .unwrap_or_else(|| root.to_owned()),
            base_url,
            custom_conditions: it.strings("customConditions").unwrap_or_default(),
            resolve_json_module: it.bool("resolveJsonModule").unwrap_or(
                matches!(module, Module::Node20 | Module::NodeNext)
                    || resolution == ModuleResolution::Bundler,
            ),
            resolve_package_json_exports: resolution.has_exports()
                && it.bool("resolvePackageJsonExports").unwrap_or(true),
            resolve_package_json_imports: resolution.has_exports()
                && it.bool("resolvePackageJsonImports").unwrap_or(true),
            allow_importing_ts_extensions: it.bool("allowImportingTsExtensions").unwrap_or(false)
                || it.bool("rewriteRelativeImportExtensions").unwrap_or(false),
            module_suffixes: it.strings("moduleSuffixes").unwrap_or_default(),
            preserve_symlinks: it.bool("preserveSymlinks").unwrap_or(false),
            isolated_modules: it.bool("isolatedModules").unwrap_or(false) || verbatim,
            verbatim_module_syntax: verbatim,
            strict,
            no_implicit_any: it.bool("noImplicitAny").unwrap_or(strict),
            strict_null_checks: it.bool("strictNullChecks").unwrap_or(strict),
            no_unused_locals: it.bool("noUnusedLocals").unwrap_or(false),
            no_unused_parameters: it.bool("noUnusedParameters").unwrap_or(false),
            composite: it.bool("composite").unwrap_or(false),
            out_dir: it.path("outDir"),
            declaration_dir: it.path("declarationDir"),
            root_dir: it.path("rootDir"),
        }
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
