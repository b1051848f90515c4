//! From options to a policy in Python: find, probe, open, start. Each step has its own reason to fail, and none of them ends
//! more than the attempt.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::library::Library;
use crate::{LAYOUT, Options, find, probe};

/// Why there is no Python.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error("there is no {}: {}", .0.display(), .1)]
    NoPython(PathBuf, io::Error),
    #[error("python said nothing for {0:?}")]
    Silent(Duration),
    #[error("python does not start ({0}): {1}")]
    Probe(String, String),
    #[error("{0} cannot be used: CPython 3.10 or later with its lock is needed")]
    WrongPython(String),
    #[error("python has no package `conductor`: {0}")]
    NoPackage(String),
    #[error("the package `conductor` has layout {0:?}, not {LAYOUT}")]
    WrongLayout(Option<u32>),
    #[error("the python in {} has no shared library", .0.display())]
    Static(PathBuf),
    #[error("there is no {0} beside the program")]
    NoLibrary(String),
    #[error("{} does not open: {}", .0.display(), whole(.1))]
    Open(PathBuf, libloading::Error),
    #[error("{} is of another version", .0.display())]
    WrongLibrary(PathBuf),
    #[error("this process has had its Python")]
    Twice,
    #[error("the policy does not load: {0}")]
    Policy(String),
}

/// With what the system said.
fn whole(error: &libloading::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// A policy in Python.
pub(crate) struct Loaded {
    pub(crate) library: Library,
    /// What Python that is.
    pub(crate) python: String,
    /// What was passed over, in words.
    pub(crate) note: Option<String>,
}

/// Finds and loads it.
pub(crate) fn load(options: &Options) -> Result<Loaded, LoadError> {
    let package = find::package(options);
    let python = find::python(options);
    let python = probe::probe(&python, package.as_deref(), options.probe_limit)?;
    let path = find::library(options, &python.package)?;
    let mut library = Library::open(&python.libpython, &path)?;
    let note = library
        .start(&python.executable, package.as_deref(), options)
        .map_err(LoadError::Policy)?;
    Ok(Loaded {
        library,
        python: python.name,
        note,
    })
}
