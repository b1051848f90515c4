//! Compiler options with their defaults worked out.
//!
//! What is not said in a configuration gets the value that TypeScript computes from the rest, so nothing above has
//! to know the rules. `values` has the options that are one of some words, `read` reads them all.

mod read;
mod values;

pub(crate) use read::place;
use std::path::PathBuf;
pub use values::{Jsx, Module, ModuleDetection, ModuleResolution, Target};

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
