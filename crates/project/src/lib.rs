//! Projects: `tsconfig.json`, `jsconfig.json`, `package.json`, workspaces, and what a module specifier leads to.
//!
//! Answers are TypeScript's own. This crate knows paths and options; it never knows syntax trees, file ids, the
//! database or the editor. Everything is `Send + Sync` and caches what it saw of the disk until told to forget.

mod config;
mod disk;
mod include;
mod json;
mod library;
mod options;
mod packages;
mod path;
mod project;
mod projects;
mod resolve;
mod siblings;
mod specifiers;
#[cfg(test)]
mod tests;
mod version;

pub use config::ConfigProblem;
pub use library::{lib_file, typescript_lib};
pub use options::{Jsx, Module, ModuleDetection, ModuleResolution, Options, Target};
pub use project::{Project, Reference};
pub use projects::{ProjectChange, Projects};
pub use resolve::{ImportMode, PackageRef, Resolved};
pub use specifiers::{SpecifierEnding, SpecifierForm, SpecifierPreferences};
