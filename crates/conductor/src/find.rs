//! Where the package and the library are: a setting, beside the binary, or where the wheel put them. Never a folder of a
//! workspace, nor the current one.

use std::env;
use std::path::{Path, PathBuf};

use crate::Options;
use crate::load::LoadError;

/// The folder of the running program, links followed.
pub(crate) fn program_folder() -> Option<PathBuf> {
    let program = env::current_exe().ok()?.canonicalize().ok()?;
    program.parent().map(Path::to_path_buf)
}

/// The folder for Python's path, if Python does not know it.
pub(crate) fn package(options: &Options) -> Option<PathBuf> {
    let beside = || {
        let folder = program_folder()?.join("python");
        folder
            .join("conductor")
            .join("__init__.py")
            .is_file()
            .then_some(folder)
    };
    options.package.clone().or_else(beside)
}

/// The library that holds Python; `imported` is the folder of the package as Python imports it.
pub(crate) fn library(options: &Options, imported: &Path) -> Result<PathBuf, LoadError> {
    if let Some(library) = &options.library {
        return Ok(library.clone());
    }
    let name = format!(
        "{}symphony_conductor_py{}",
        env::consts::DLL_PREFIX,
        env::consts::DLL_SUFFIX
    );
    let folders = program_folder().into_iter().chain([imported.to_owned()]);
    folders
        .map(|it| it.join(&name))
        .find(|it| it.is_file())
        .ok_or(LoadError::NoLibrary(name))
}
