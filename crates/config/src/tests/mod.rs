//! What counts, what is refused, and what is told.

mod broken;
mod generated;
mod layers;
mod refused;
mod stored;

use std::path::{Path, PathBuf};

use crate::{Layer, Source};

/// A file's name for tests that read no file.
pub(crate) fn path() -> PathBuf {
    PathBuf::from("symphony.toml")
}

/// What a file says.
pub(crate) fn layer(text: &str, source: Source) -> Layer {
    match Layer::from_toml(text, source, &path()) {
        Ok(layer) => layer,
        Err(problems) => panic!("{problems:?}"),
    }
}

/// The problems of a file, as they are told.
pub(crate) fn problems(text: &str, source: Source) -> Vec<String> {
    let told = |problems: &[crate::Problem]| problems.iter().map(ToString::to_string).collect();
    match Layer::from_toml(text, source, &path()) {
        Ok(layer) => told(&layer.problems),
        Err(problems) => told(&problems),
    }
}

/// An absolute path of this system.
pub(crate) fn absolute(name: &str) -> String {
    let root = if cfg!(windows) { "C:\\" } else { "/" };
    Path::new(root).join(name).display().to_string()
}
