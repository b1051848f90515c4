//! `files`, `include` and `exclude`: which files are of a project.
//!
//! TypeScript's wildcards are not the usual globs: in an include a wildcard never means a hidden folder,
//! `node_modules`, or a `.min.js`, and a folder means everything below it.

use crate::path;
use std::path::{Component, Path, PathBuf};

/// Folders that wildcards of an include pass over.
const PASSED_OVER: [&str; 3] = ["node_modules", "bower_components", "jspm_packages"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Include,
    Exclude,
}

/// One entry of `include` or `exclude`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    parts: Vec<String>,
    usage: Use,
}

/// Which files a configuration means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileSet {
    files: Vec<PathBuf>,
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
}

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
        let patterns = |list: Vec<PathBuf>, usage| {
            list.iter()
                .filter_map(|it| Pattern::new(it, usage))
                .collect()
        };
        Self {
            files: files.unwrap_or_default(),
            include: patterns(include, Use::Include),
            exclude: patterns(exclude, Use::Exclude),
        }
    }

    /// Nothing is named: a solution that only has references.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.include.is_empty()
    }

    /// Whether a file is meant. `supported` says whether its ending is one of a source.
    pub(crate) fn contains(&self, file: &Path, supported: bool) -> bool {
        if self.files.iter().any(|it| it == file) {
            return true;
        }
        let name = path::name(file);
        let is_json = name.ends_with(".json");
        if !supported && !is_json {
            return false;
        }
        let parts = parts_of(file);
        let included = self.include.iter().any(|it| {
            let last = it.parts.last().map(String::as_str).unwrap_or_default();
            (!is_json || last.ends_with(".json")) && it.matches(&parts)
        });
        included && !self.exclude.iter().any(|it| it.matches(&parts))
    }
}

impl Pattern {
    fn new(path: &Path, usage: Use) -> Option<Self> {
        let mut parts: Vec<String> = parts_of(path).into_iter().map(str::to_owned).collect();
        let last = parts.last()?;
        if last == "**" && usage == Use::Include {
            return None;
        }
        if !last.contains(['.', '*', '?']) {
            parts.extend(["**".to_owned(), "*".to_owned()]);
        }
        Some(Self { parts, usage })
    }

    /// Whether the whole of a file's path fits, or for an exclude the path of a folder it is in.
    fn matches(&self, file: &[&str]) -> bool {
        // reach[i]: the parts so far can end before file[i].
        let mut reach = vec![false; file.len() + 1];
        reach[0] = true;
        for part in &self.parts {
            let mut next = vec![false; file.len() + 1];
            if part == "**" {
                let mut open = false;
                for i in 0..=file.len() {
                    open |= reach[i];
                    next[i] = open;
                    if i < file.len() && self.usage == Use::Include && !is_plain(file[i]) {
                        open = false;
                    }
                }
            } else {
                for i in 0..file.len() {
                    next[i + 1] = reach[i] && self.part_matches(part, file[i]);
                }
            }
            reach = next;
        }
        match self.usage {
            Use::Include => reach[file.len()],
            Use::Exclude => reach.iter().skip(1).any(|it| *it),
        }
    }

    fn part_matches(&self, part: &str, name: &str) -> bool {
        if !part.contains(['*', '?']) {
            return same(part, name);
        }
        if self.usage == Use::Include {
            let hidden = part.starts_with(['*', '?']) && name.starts_with('.');
            let minified = name.ends_with(".min.js")
                && !part.ends_with(".min.js")
                && part.ends_with(['*', 's']);
            if hidden || minified || PASSED_OVER.contains(&name) {
                return false;
            }
        }
        wildcard(part, name)
    }
}

fn is_plain(folder: &str) -> bool {
    !folder.starts_with('.') && !PASSED_OVER.contains(&folder)
}

fn same(a: &str, b: &str) -> bool {
    if cfg!(any(windows, target_os = "macos")) {
        a.eq_ignore_ascii_case(b)
    } else {
        a == b
    }
}

/// `*` is any text, `?` any one character.
pub(crate) fn wildcard(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some('?') => (p, n) = (p + 1, n + 1),
            Some(it) if *it == name[n] => (p, n) = (p + 1, n + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, n) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|it| *it == '*')
}

fn parts_of(path: &Path) -> Vec<&str> {
    path.components()
        .filter(|it| !matches!(it, Component::RootDir))
        .filter_map(|it| it.as_os_str().to_str())
        .collect()
}
