//! Reading a configuration and what it extends into one set of raw values.
//!
//! Each value remembers the file that declares it, because paths are relative to that. A file that is missing or
//! broken is a problem and is passed over; the rest still counts.

use crate::disk::Disk;
use crate::json::{self, Json};
use crate::options::place;
use crate::{path, resolve};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Something wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The file that has the problem.
    pub path: PathBuf,
    /// What is wrong.
    pub message: String,
    /// Where, in bytes, when it is known.
    pub range: Option<Range<usize>>,
}

/// A value and where it was declared.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub(crate) value: Json,
    pub(crate) file: PathBuf,
    pub(crate) folder: PathBuf,
}

/// The merged `compilerOptions`.
pub(crate) type RawOptions = FxHashMap<String, Declared>;

/// A configuration with everything that it extends.
#[derive(Debug, Default)]
pub(crate) struct Config {
    pub(crate) options: RawOptions,
    /// Paths of `files`.
    pub(crate) files: Option<Vec<PathBuf>>,
    /// Patterns of `include`, placed.
    pub(crate) include: Option<Vec<PathBuf>>,
    /// Patterns of `exclude`, placed.
    pub(crate) exclude: Option<Vec<PathBuf>>,
    pub(crate) references: Vec<PathBuf>,
    /// Every file that was looked at, missing ones too.
    pub(crate) inputs: Vec<PathBuf>,
    pub(crate) problems: Vec<ConfigProblem>,
    /// The text was no JSON.
    pub(crate) broken: bool,
}

/// Chains of `extends` longer than this are cut.
const MAX_EXTENDS: usize = 64;

impl Config {
    /// Reads a configuration file.
    pub(crate) fn load(file: &Path, disk: &Disk) -> Self {
        let mut config = Self::default();
        let root = file.parent().unwrap_or(file).to_owned();
        if path::name(file).starts_with("jsconfig") {
            for key in ["allowJs", "allowSyntheticDefaultImports"] {
                config
                    .options
                    .insert(key.to_owned(), declared_true(file, &root));
            }
        }
        config.read(file, &root, disk, &mut Vec::new());
        config.inputs.dedup();
        config
    }

    fn read(&mut self, file: &Path, root: &Path, disk: &Disk, chain: &mut Vec<PathBuf>) {
        self.inputs.push(file.to_owned());
        let Some(json) = self.parse(file) else {
            self.broken |= chain.is_empty();
            return;
        };
        let folder = file.parent().unwrap_or(file);
        let is_root = chain.is_empty();
        chain.push(file.to_owned());
        self.extend(&json, file, root, disk, chain);
        chain.pop();
        for (key, value) in json
            .get("compilerOptions")
            .map(Json::entries)
            .unwrap_or_default()
        {
            if value.is_null() {
                self.options.remove(key);
                continue;
            }
            let declared = Declared {
                value: value.clone(),
                file: file.to_owned(),
                folder: folder.to_owned(),
            };
            self.options.insert(key.clone(), declared);
        }
        for (key, slot) in [
            ("files", &mut self.files),
            ("include", &mut self.include),
            ("exclude", &mut self.exclude),
        ] {
            match json.get(key).map(Json::strings) {
                Some(Some(list)) => {
                    let list = list.iter().filter(|it| key == "files" || !is_void(it));
                    *slot = Some(list.map(|it| place(root, folder, it)).collect());
                }
                Some(None) => self.problems.push(ConfigProblem {
                    path: file.to_owned(),
                    message: format!("'{key}' expects a list of strings"),
                    range: json.get(key).map(|it| it.at.clone()),
                }),
                None => {}
            }
        }
        if is_root {
            let references = json
                .get("references")
                .and_then(Json::items)
                .unwrap_or_default();
            self.references = references
                .iter()
                .filter_map(|it| it.get("path")?.string())
                .map(|it| path::join(folder, it))
                .collect();
        }
    }

    fn extend(
        &mut self,
        json: &Json,
        file: &Path,
        root: &Path,
        disk: &Disk,
        chain: &mut Vec<PathBuf>,
    ) {
        let Some(extends) = json.get("extends") else {
            return;
        };
        let one = std::slice::from_ref(extends);
        for item in extends.items().unwrap_or(one) {
            let Some(written) = item.string() else {
                continue;
            };
            let problem = |message: String| ConfigProblem {
                path: file.to_owned(),
                message,
                range: Some(item.at.clone()),
            };
            match find_extended(file, written, disk) {
                Ok(target) if chain.contains(&target) || chain.len() >= MAX_EXTENDS => {
                    self.problems
                        .push(problem(format!("'{written}' extends this file in turn")));
                }
                Ok(target) => self.read(&target, root, disk, chain),
                Err(tried) => {
                    self.inputs.extend(tried);
                    self.problems
                        .push(problem(format!("'{written}' is not there")));
                }
            }
        }
    }

    fn parse(&mut self, file: &Path) -> Option<Json> {
        let mut problem = |message, range| {
            self.problems.push(ConfigProblem {
                path: file.to_owned(),
                message,
                range,
            });
        };
        let text = match std::fs::read(file) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => {
                problem(format!("cannot be read: {error}"), None);
                return None;
            }
        };
        match json::parse(&text) {
            Ok(json) => Some(json),
            Err(broken) => {
                problem(broken.message, Some(broken.at));
                None
            }
        }
    }
}

/// Whether a pattern means nothing: none at all, or one that goes up again after `**`.
fn is_void(pattern: &str) -> bool {
    let mut parts = pattern.split(['/', '\\']).skip_while(|it| *it != "**");
    pattern.is_empty() || parts.any(|it| it == "..")
}

fn declared_true(file: &Path, folder: &Path) -> Declared {
    let value = Json {
        at: 0..0,
        value: json::Value::Bool(true),
    };
    Declared {
        value,
        file: file.to_owned(),
        folder: folder.to_owned(),
    }
}

/// The file that `extends` means, or where it was looked for.
fn find_extended(file: &Path, written: &str, disk: &Disk) -> Result<PathBuf, Vec<PathBuf>> {
    let folder = file.parent().unwrap_or(file);
    if path::is_relative_or_rooted(written) {
        let target = path::join(folder, written);
        let with_ending = path::with_suffix(&target, ".json");
        return match () {
            () if disk.is_file(&target) => Ok(target),
            () if !written.ends_with(".json") && disk.is_file(&with_ending) => Ok(with_ending),
            () => Err(vec![target, with_ending]),
        };
    }
    resolve::config_of_package(disk, folder, written).ok_or_else(Vec::new)
}
