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

/// The Python to look for.
pub(crate) fn python(options: &Options) -> PathBuf {
    let beside = || python_beside(&program_folder()?);
    let by_name = || PathBuf::from(if cfg!(windows) { "python" } else { "python3" });
    options
        .python
        .clone()
        .or_else(beside)
        .unwrap_or_else(by_name)
}

/// The one in the folder of a program, if that is an environment: a wheel puts ours beside its Python.
fn python_beside(program: &Path) -> Option<PathBuf> {
    let is_environment = program.parent()?.join("pyvenv.cfg").is_file();
    if !is_environment {
        return None;
    }
    let python = match cfg!(windows) {
        true => program.join("python.exe"),
        false => program.join("python3"),
    };
    python.is_file().then_some(python)
}

/// The folder for Python's path, if Python does not know it.
pub(crate) fn package(options: &Options) -> Option<PathBuf> {
    let beside = || package_beside(&program_folder()?);
    options.package.clone().or_else(beside)
}

/// The folder `python` in that of a program, if our package is in it.
fn package_beside(program: &Path) -> Option<PathBuf> {
    let folder = program.join("python");
    let is_there = folder.join("conductor").join("__init__.py").is_file();
    is_there.then_some(folder)
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

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_setting_comes_before_what_is_beside_the_program() {
        let folder = TempDir::new().unwrap();
        assert_eq!(package_beside(folder.path()), None);
        let ours = folder.path().join("python");
        fs::create_dir_all(ours.join("conductor")).unwrap();
        assert_eq!(package_beside(folder.path()), None);
        fs::write(ours.join("conductor").join("__init__.py"), "").unwrap();
        assert_eq!(package_beside(folder.path()), Some(ours.clone()));
        let options = Options {
            package: Some(ours.clone()),
            library: Some(ours.join("library")),
            ..Options::default()
        };
        assert_eq!(package(&options), Some(ours.clone()));
        assert_eq!(library(&options, &ours).unwrap(), ours.join("library"));
        let scripts = folder.path().join("scripts");
        fs::create_dir(&scripts).unwrap();
        let name = if cfg!(windows) {
            "python.exe"
        } else {
            "python3"
        };
        fs::write(scripts.join(name), "").unwrap();
        assert_eq!(python_beside(&scripts), None);
        fs::write(folder.path().join("pyvenv.cfg"), "").unwrap();
        assert_eq!(python_beside(&scripts), Some(scripts.join(name)));
        // Beside this test is the one that cargo has built.
        let found = library(&Options::default(), &ours).unwrap();
        assert_eq!(found.parent(), program_folder().as_deref());
    }
}
