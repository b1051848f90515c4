//! The checks of `python-models`: style, types, tests. They run in an environment of their own below the target folder,
//! with the versions of `python-models/requirements-dev.txt` and nothing else of the machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::ci::{answers, succeed};

/// Whether there is a Python to check with; then whether the checks pass.
pub(crate) fn check(root: &Path) -> Result<bool> {
    let Some(python) = interpreter() else {
        return Ok(false);
    };
    let project = root.join("python-models");
    let tools = environment(root, &project, python)?;
    for arguments in [
        &["ruff", "check", "."][..],
        &["ruff", "format", "--check", "."],
        &["mypy"],
        &["pytest", "--quiet", "--numprocesses", "auto"],
    ] {
        let mut command = Command::new(&tools);
        command.current_dir(&project).arg("-m").args(arguments);
        // Byte code beside the sources would be read by whoever has the same checkout and another Python.
        succeed(command.env("PYTHONDONTWRITEBYTECODE", "1"))?;
    }
    Ok(true)
}

/// A Python that is new enough, by its name.
pub(crate) fn interpreter() -> Option<&'static str> {
    let is_new = "import sys; sys.exit(sys.version_info < (3, 10))";
    ["python3", "python"]
        .into_iter()
        .find(|name| answers(Command::new(name).args(["-c", is_new])))
}

/// The Python of the environment, which is made anew when the requirements are others.
fn environment(root: &Path, project: &Path, python: &str) -> Result<PathBuf> {
    let target = crate::server_binary(root, "release")?;
    let target = target
        .ancestors()
        .nth(2)
        .context("the target folder has no parent")?;
    let folder = target.join("python").join("venv");
    let inside = match cfg!(windows) {
        true => folder.join("Scripts").join("python.exe"),
        false => folder.join("bin").join("python"),
    };
    let requirements = project.join("requirements-dev.txt");
    let wanted = std::fs::read_to_string(&requirements).context("failed to read requirements")?;
    let stamp = folder.join("requirements-dev.txt");
    let is_there = std::fs::read_to_string(&stamp).is_ok_and(|it| it == wanted);
    if !(is_there && answers(Command::new(&inside).arg("--version"))) {
        succeed(
            Command::new(python)
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
        )?;
        let install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ];
        succeed(
            Command::new(&inside)
                .args(install)
                .arg("--requirement")
                .arg(&requirements),
        )?;
        std::fs::write(&stamp, wanted).context("failed to write the stamp")?;
    }
    Ok(inside)
}
