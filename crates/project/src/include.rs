//! `files`, `include` and `exclude`: which files are of a project.
//!
//! Matching is `globset`'s. What TypeScript has beside is brought into that form: a folder means everything below it,
//! and the wildcards of an include match neither hidden names nor `node_modules` and the like. Such names are
//! therefore cut out of pattern and path alike, and the runs between them are matched one by one. One thing
//! differs: `?` is a byte.

use crate::path;
use globset::{GlobBuilder, GlobMatcher, GlobSet};
use std::path::{Component, Path, PathBuf};

/// Folders that wildcards of an include pass over.
const PASSED_OVER: [&str; 3] = ["node_modules", "bower_components", "jspm_packages"];

/// How the names of minified files end; the dot is for no `*` to match.
const MINIFIED: &str = ".min.js";

/// Which files a configuration means.
#[derive(Debug, Clone)]
pub(crate) struct FileSet {
    files: Vec<PathBuf>,
    include: Vec<Include>,
    exclude: GlobSet,
    /// What the patterns were made from.
    written: [Vec<PathBuf>; 2],
}

/// One entry of `include`.
#[derive(Debug, Clone)]
struct Include {
    /// For each run of plain names and each name between them.
    runs: Vec<GlobMatcher>,
    /// For the name of a minified file, with `/` for the dot that no `*` may match.
    minified: GlobMatcher,
    is_json: bool,
}

impl PartialEq for FileSet {
    fn eq(&self, other: &Self) -> bool {
        self.files == other.files && self.written == other.written
    }
}

impl Eq for FileSet {}

impl FileSet {
    /// From placed paths; `outputs` are excluded when nothing else is.
    pub(crate) fn new(
        root: &Path,
        files: Option<Vec<PathBuf>>,
        include: Option<Vec<PathBuf>>,
        exclude: Option<Vec<PathBuf>>,
        outputs: Vec<PathBuf>,
    ) -> Self {
        let include = include.unwrap_or_else(|| match files {
            Some(_) => Vec::new(),
            None => vec![root.join("**").join("*")],
        });
        let exclude = exclude.unwrap_or(outputs);
        Self {
            files: files.unwrap_or_default(),
            include: include.iter().flat_map(|it| Include::all(it)).collect(),
            exclude: excluded(&exclude),
            written: [include, exclude],
        }
    }

    /// Nothing is named: a solution that only has references.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.include.is_empty()
    }

    /// Whether `files` has a file.
    pub(crate) fn names(&self, file: &Path) -> bool {
        self.files.iter().any(|it| it == file)
    }

    /// Whether `include` has a file and `exclude` has not.
    pub(crate) fn includes(&self, file: &Path) -> bool {
        if self.include.is_empty() {
            return false;
        }
        let name = path::name(file);
        let parts = parts_of(file);
        let runs = runs(&parts, str::to_owned);
        let minified = name.strip_suffix(MINIFIED).map(|it| format!("{it}/min.js"));
        let is_json = name.ends_with(".json");
        let included = self.include.iter().any(|it| {
            (it.is_json || !is_json)
                && it.matches(&runs)
                && minified
                    .as_ref()
                    .is_none_or(|name| it.minified.is_match(name))
        });
        included && !self.exclude.is_match(parts.join("/"))
    }
}

impl Include {
    /// The forms of an entry: the `*` of `*.x` may be nothing, so that a hidden file fits.
    fn all(path: &Path) -> Vec<Self> {
        let mut parts = parts_of(path);
        let Some(last) = parts.pop().filter(|it| *it != "**") else {
            return Vec::new();
        };
        let hidden = last.strip_prefix('*').filter(|it| it.starts_with('.'));
        std::iter::once(last)
            .chain(hidden)
            .filter_map(|last| Self::new([&parts[..], &[last]].concat()))
            .collect()
    }

    fn new(mut parts: Vec<&str>) -> Option<Self> {
        let last = *parts.last()?;
        if is_folder(last) {
            parts.extend(["**", "*"]);
        }
        parts.dedup_by(|a, b| *a == "**" && a == b);
        let name = as_glob(parts.last()?);
        let (first, rest) = name.split_at(usize::from(name.starts_with('?')));
        let minified = rest.replace('.', "{.,/}").replace('?', "{?,/}");
        Some(Self {
            runs: runs(&parts, as_glob)
                .iter()
                .map(|it| matcher(it))
                .collect::<Option<_>>()?,
            minified: matcher(&format!("{first}{minified}"))?,
            is_json: last.ends_with(".json"),
        })
    }

    fn matches(&self, runs: &[String]) -> bool {
        // Only the last run has no `/` behind it and could be no name at all for a `*`.
        let ends_alike = match (self.runs.last(), runs.last()) {
            (Some(glob), Some(it)) => glob.glob().glob().is_empty() == it.is_empty(),
            _ => false,
        };
        ends_alike
            && self.runs.len() == runs.len()
            && self
                .runs
                .iter()
                .zip(runs)
                .all(|(glob, it)| glob.is_match(it))
    }
}

/// The set of what is excluded: files that fit, and everything in folders that fit.
fn excluded(paths: &[PathBuf]) -> GlobSet {
    let mut globs = Vec::new();
    for path in paths {
        let mut parts = parts_of(path);
        while parts.last() == Some(&"**") {
            parts.pop();
        }
        parts.dedup_by(|a, b| *a == "**" && a == b);
        let text = parts
            .iter()
            .map(|it| as_glob(it))
            .collect::<Vec<_>>()
            .join("/");
        for text in [format!("{text}/**"), text] {
            globs.extend(builder(&text).build());
        }
    }
    GlobSet::new(globs).unwrap_or_default()
}

/// Names joined, and cut before and after each name that no wildcard of an include matches.
fn runs(parts: &[&str], text: impl Fn(&str) -> String) -> Vec<String> {
    let mut runs = vec![String::new()];
    for (i, part) in parts.iter().enumerate() {
        if part.starts_with('.') || PASSED_OVER.contains(part) {
            runs.extend([text(part), String::new()]);
        } else if let Some(run) = runs.last_mut() {
            run.push_str(&text(part));
            if i + 1 < parts.len() {
                run.push('/');
            }
        }
    }
    runs
}

/// Whether an entry without wildcards and without an ending is taken for a folder.
fn is_folder(name: &str) -> bool {
    !name.contains(['.', '*', '?'])
}

/// One name of a pattern: only `*`, `?` and `**` mean more than themselves.
fn as_glob(part: &str) -> String {
    if part == "**" {
        return part.to_owned();
    }
    let mut glob = String::new();
    for it in part.chars() {
        match it {
            '*' if glob.ends_with('*') => {}
            '[' | ']' | '{' | '}' => glob.extend(['[', it, ']']),
            it => glob.push(it),
        }
    }
    glob
}

fn builder(glob: &str) -> GlobBuilder<'_> {
    let mut builder = GlobBuilder::new(glob);
    builder
        .literal_separator(true)
        .backslash_escape(false)
        .case_insensitive(cfg!(any(windows, target_os = "macos")));
    builder
}

/// The matcher of a glob, unless it is none.
pub(crate) fn matcher(glob: &str) -> Option<GlobMatcher> {
    Some(builder(glob).build().ok()?.compile_matcher())
}

fn parts_of(path: &Path) -> Vec<&str> {
    path.components()
        .filter(|it| !matches!(it, Component::RootDir))
        .filter_map(|it| it.as_os_str().to_str())
        .collect()
}
