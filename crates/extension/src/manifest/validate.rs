//! From the shape of a manifest to a manifest: every value is looked at, and every mistake is told.

use std::ops::RangeInclusive;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use semver::Version;
use toml::Spanned;

use super::raw;
use super::{Capabilities, Entry, Limits, Manifest, ManifestError, Mistake};

const MAX_NAME: usize = 64;
const MEMORY_MIB: RangeInclusive<u64> = 16..=1024 * 1024;
const CPU_SECONDS: RangeInclusive<u64> = 1..=31_536_000;
/// Below 16 no runtime starts.
const OPEN_FILES: RangeInclusive<u64> = 16..=65_536;
const CONNECTIONS: RangeInclusive<u32> = 0..=4096;
const TIMEOUT_MS: RangeInclusive<u64> = 1..=3_600_000;

/// Where an extension may connect and says nothing else.
const DEFAULT_CONNECTIONS: u32 = 8;

pub(super) fn manifest(text: &str, raw: raw::Manifest) -> Result<Manifest, ManifestError> {
    let mut checks = Checks {
        text,
        mistakes: Vec::new(),
    };
    let name = checks.name(raw.name);
    let version = checks.version(&raw.version);
    let entry = checks.entry(raw.entry);
    let capabilities = checks.capabilities(raw.capabilities);
    let limits = checks.limits(raw.limits, &capabilities);
    match (version, entry) {
        (Some(version), Some(entry)) if checks.mistakes.is_empty() => Ok(Manifest {
            name,
            version,
            kind: raw.kind,
            entry,
            capabilities,
            limits,
        }),
        _ => {
            checks.mistakes.sort();
            Err(ManifestError(checks.mistakes))
        }
    }
}

struct Checks<'a> {
    text: &'a str,
    mistakes: Vec<Mistake>,
}

impl Checks<'_> {
    fn wrong<T>(&mut self, at: &Spanned<T>, message: impl Into<String>) {
        let mistake = Mistake::at(self.text, at.span().start, message);
        self.mistakes.push(mistake);
    }

    fn name(&mut self, name: Spanned<String>) -> String {
        let may = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
        let text = name.get_ref();
        let good =
            (1..=MAX_NAME).contains(&text.len()) && text.chars().all(may) && !text.starts_with('-');
        if !good {
            let message = "`name` is 1 to 64 small letters, digits and `-`, and begins with none";
            self.wrong(&name, message);
        }
        name.into_inner()
    }

    fn version(&mut self, version: &Spanned<String>) -> Option<Version> {
        let parsed = Version::parse(version.get_ref());
        if let Err(error) = &parsed {
            self.wrong(
                version,
                format!("`version` is no semantic version: {error}"),
            );
        }
        parsed.ok()
    }

    fn entry(&mut self, entry: Spanned<raw::Entry>) -> Option<Entry> {
        let words = match entry.get_ref() {
            raw::Entry::Program(program) => vec![program.clone()],
            raw::Entry::Command(words) => words.clone(),
        };
        let Some((program, arguments)) = words.split_first() else {
            self.wrong(&entry, "`entry` names no program");
            return None;
        };
        if words.iter().any(|it| it.contains('\0')) {
            self.wrong(&entry, "`entry` has a character 0");
        }
        let path = Path::new(program);
        let plain = |it: Component<'_>| matches!(it, Component::Normal(_) | Component::CurDir);
        if program.is_empty() || !path.components().all(plain) {
            self.wrong(
                &entry,
                "`entry` is a path below the manifest's folder, without `..`",
            );
        }
        Some(Entry {
            program: path
                .components()
                .filter(|it| *it != Component::CurDir)
                .collect(),
            arguments: arguments.to_vec(),
        })
    }

    fn capabilities(&mut self, raw: raw::Capabilities) -> Capabilities {
        for port in raw.connect.iter().filter(|it| *it.get_ref() == 0) {
            self.wrong(port, "`connect` is a list of ports from 1 to 65535");
        }
        let exec = self.paths("exec", raw.exec);
        Capabilities {
            read: self.paths("read", raw.read),
            write: self.paths("write", raw.write),
            connect: raw.connect.into_iter().map(Spanned::into_inner).collect(),
            exec,
            environment: self.environment(raw.environment),
        }
    }

    fn paths(&mut self, key: &str, paths: Vec<Spanned<String>>) -> Vec<PathBuf> {
        for path in &paths {
            let text = path.get_ref();
            let parsed = Path::new(text);
            if text.is_empty() || text.contains('\0') {
                self.wrong(path, format!("`{key}` has a path that names nothing"));
            } else if text.starts_with('~') || text.contains('$') {
                let message =
                    format!("`{key}` takes paths as they are: nothing is put in for `~` or `$`");
                self.wrong(path, message);
            } else if parsed.components().any(|it| it == Component::ParentDir) {
                self.wrong(path, format!("`{key}` takes no `..`"));
            } else if parsed.parent().is_none() {
                self.wrong(path, format!("`{key}` does not take the whole disk"));
            } else if key == "exec" && !parsed.is_absolute() {
                self.wrong(path, "`exec` takes absolute paths: nothing is looked up");
            }
        }
        paths.into_iter().map(|it| it.into_inner().into()).collect()
    }

    fn environment(&mut self, names: Vec<Spanned<String>>) -> Vec<String> {
        for name in &names {
            let text = name.get_ref();
            let may = |it: char| it.is_ascii_alphanumeric() || it == '_';
            if text.is_empty() || !text.chars().all(may) {
                self.wrong(name, "`environment` takes names of letters, digits and `_`");
            } else if text.starts_with("LD_") || text.starts_with("DYLD_") {
                self.wrong(name, format!("`{text}` would change what is started"));
            }
        }
        names.into_iter().map(Spanned::into_inner).collect()
    }

    fn limits(&mut self, raw: raw::Limits, capabilities: &Capabilities) -> Limits {
        let default = Limits::default();
        let connections = raw.connections.as_ref();
        match connections {
            Some(it) if *it.get_ref() == 0 && !capabilities.connect.is_empty() => {
                self.wrong(it, "`connections` is 0, and `connect` has ports");
            }
            Some(it) if *it.get_ref() > 0 && capabilities.connect.is_empty() => {
                self.wrong(it, "`connections` without ports in `connect`");
            }
            _ => {}
        }
        let fallback = if capabilities.connect.is_empty() {
            0
        } else {
            DEFAULT_CONNECTIONS
        };
        let memory = self.within("memory_mib", raw.memory_mib, MEMORY_MIB);
        let timeout = self.within("timeout_ms", raw.timeout_ms, TIMEOUT_MS);
        Limits {
            memory: memory.map_or(default.memory, |it| it << 20),
            cpu_seconds: self.within("cpu_seconds", raw.cpu_seconds, CPU_SECONDS),
            open_files: self
                .within("open_files", raw.open_files, OPEN_FILES)
                .unwrap_or(default.open_files),
            connections: self
                .within("connections", raw.connections, CONNECTIONS)
                .unwrap_or(fallback),
            timeout: timeout.map_or(default.timeout, Duration::from_millis),
        }
    }

    fn within<T: Copy + PartialOrd + std::fmt::Display>(
        &mut self,
        key: &str,
        value: Option<Spanned<T>>,
        range: RangeInclusive<T>,
    ) -> Option<T> {
        let value = value?;
        if !range.contains(value.get_ref()) {
            let (least, most) = range.into_inner();
            self.wrong(&value, format!("`{key}` is from {least} to {most}"));
        }
        Some(value.into_inner())
    }
}
