//! The shape of a manifest's text, before anything of it is believed.

use serde::Deserialize;
use toml::Spanned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) name: Spanned<String>,
    pub(super) version: Spanned<String>,
    pub(super) kind: super::Kind,
    pub(super) entry: Spanned<Entry>,
    #[serde(default)]
    pub(super) capabilities: Capabilities,
    #[serde(default)]
    pub(super) limits: Limits,
}

/// A program, or a program and its arguments.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "a program, or a list of a program and its arguments"
)]
pub(super) enum Entry {
    Program(String),
    Command(Vec<String>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Capabilities {
    pub(super) read: Vec<Spanned<String>>,
    pub(super) write: Vec<Spanned<String>>,
    pub(super) connect: Vec<Spanned<u16>>,
    pub(super) exec: Vec<Spanned<String>>,
    pub(super) environment: Vec<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    pub(super) memory_mib: Option<Spanned<u64>>,
    pub(super) cpu_seconds: Option<Spanned<u64>>,
    pub(super) open_files: Option<Spanned<u64>>,
    pub(super) connections: Option<Spanned<u32>>,
    pub(super) timeout_ms: Option<Spanned<u64>>,
}
