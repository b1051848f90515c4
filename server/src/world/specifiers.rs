//! How files are named in imports: completion inside a specifier, and specifiers of files that move.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use symphony_db::{PathEntry, PathKind};
use symphony_project::{ImportMode, Project};
use symphony_syntax::Language;
use symphony_vfs::is_ignored_folder;

/// The packages that a file may import: the specifier, and the file behind it.
pub(super) fn packages(project: &Project, from: &Path) -> Vec<(String, PathBuf)> {
    let names = project.dependencies(from).into_iter();
    let found = names.filter_map(|name| {
        // The types of a package are imported by the package's own name.
        let name = match name.strip_prefix("@types/") {
            Some(typed) => match typed.split_once("__") {
                Some((scope, name)) => format!("@{scope}/{name}"),
                None => typed.to_owned(),
            },
            None => name,
        };
        let resolved = project.resolve(from, &name, ImportMode::Import)?;
        Some((name, resolved.path))
    });
    let unique: BTreeMap<String, PathBuf> = found.collect();
    unique.into_iter().collect()
}

/// What may stand behind `folder` in a specifier of `from`.
pub(super) fn entries(project: &Project, from: &Path, folder: &str) -> Vec<PathEntry> {
    let entry = |name: String, kind| PathEntry { name, kind };
    if folder.is_empty() {
        let names = packages(project, from).into_iter();
        return names
            .map(|(name, _)| entry(name, PathKind::Package))
            .collect();
    }
    let base = if folder.starts_with('.') {
        from.parent().map(|parent| parent.join(folder))
    } else {
        let roots = from
            .ancestors()
            .map(|it| it.join("node_modules").join(folder));
        roots.into_iter().find(|it| it.is_dir())
    };
    let Some(listed) = base.and_then(|base| std::fs::read_dir(base).ok()) else {
        return Vec::new();
    };
    let with_ending =
        project.options().module_resolution.by_file_format() && project.is_es_module(from);
    let mut found = BTreeMap::new();
    for file in listed.filter_map(Result::ok) {
        let path = file.path();
        let Some(name) = path.file_name().and_then(|it| it.to_str()) else {
            continue;
        };
        if name.starts_with('.') || is_ignored_folder(name) || path == from {
            continue;
        }
        if path.is_dir() {
            found.insert(name.to_owned(), PathKind::Folder);
        } else if Language::from_path(&path).is_some() {
            let (stem, ending) = split_ending(name);
            let name = if with_ending {
                format!("{stem}{}", run_time(ending))
            } else {
                stem.to_owned()
            };
            found.insert(name, PathKind::File);
        } else if name.ends_with(".json") && project.options().resolve_json_module {
            found.insert(name.to_owned(), PathKind::File);
        }
    }
    found
        .into_iter()
        .map(|(name, kind)| entry(name, kind))
        .collect()
}

/// The name that a file would be known by if nothing else named it.
pub(super) fn file_name(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    match split_ending(name).0 {
        "index" => path.parent()?.file_name()?.to_str().map(str::to_owned),
        stem => Some(stem.to_owned()),
    }
}

/// A move that changes what a specifier has to be.
pub(super) struct Move<'a> {
    /// The file that names the other, afterwards.
    pub(super) from: &'a Path,
    /// The other before.
    pub(super) to_before: &'a Path,
    /// The other afterwards.
    pub(super) to: &'a Path,
}

/// The specifier after the move, in the same style; none if it may stay.
pub(super) fn renamed(specifier: &str, by: &Move<'_>) -> Option<String> {
    let new = if specifier.starts_with('.') {
        relative(specifier, by)?
    } else {
        aliased(specifier, by).map_or_else(|| relative("./x", by), Some)?
    };
    (new != specifier).then_some(new)
}

fn relative(style: &str, by: &Move<'_>) -> Option<String> {
    let folder = by.from.parent()?;
    let written = styled(style, by.to_before, by.to)?;
    let path = pathdiff(folder, by.to.parent()?);
    let mut parts: Vec<String> = path;
    if !written.is_empty() {
        parts.push(written);
    }
    let joined = parts.join("/");
    Some(match joined.as_str() {
        "" => ".".to_owned(),
        up if up == ".." || up.starts_with("../") => joined,
        _ => format!("./{joined}"),
    })
}

/// The last part of a specifier for `to`, written as `style` was for `before`: with an ending or without, with `index` or
/// without.
fn styled(style: &str, before: &Path, to: &Path) -> Option<String> {
    let (stem, ending) = split_ending(to.file_name()?.to_str()?);
    let last = style.rsplit('/').next().unwrap_or(style);
    let (old_stem, old_ending) = split_ending(before.file_name()?.to_str()?);
    let named_ending = split_ending(last).1;
    let hides_index = old_stem == "index" && split_ending(last).0 != "index";
    if hides_index && stem == "index" {
        return Some(String::new());
    }
    Some(if named_ending.is_empty() || hides_index {
        stem.to_owned()
    } else if named_ending == old_ending && named_ending != run_time(old_ending) {
        format!("{stem}{ending}")
    } else {
        format!("{stem}{}", run_time(ending))
    })
}

/// A specifier by an alias or a package's name: what both have in common at the end is replaced.
fn aliased(specifier: &str, by: &Move<'_>) -> Option<String> {
    let old = stem_parts(by.to_before)?;
    let named: Vec<&str> = specifier.split('/').collect();
    let last = named.len().checked_sub(1)?;
    let (last_stem, _) = split_ending(named[last]);
    let mut common = 0;
    while common < named.len() && common < old.len() {
        let name = if common == 0 {
            last_stem
        } else {
            named[last - common]
        };
        if old[old.len() - 1 - common] != name {
            break;
        }
        common += 1;
    }
    // Without an alias in front it is a package's own name.
    if common == 0 || common == named.len() {
        return None;
    }
    let base = &old[..old.len() - common];
    let new = stem_parts(by.to)?;
    let rest = new.strip_prefix(base)?;
    let mut parts: Vec<String> = named[..named.len() - common]
        .iter()
        .map(|it| (*it).to_owned())
        .collect();
    parts.extend(rest[..rest.len().checked_sub(1)?].iter().cloned());
    let written = styled(specifier, by.to_before, by.to)?;
    if !written.is_empty() {
        parts.push(written);
    }
    Some(parts.join("/"))
}

fn stem_parts(path: &Path) -> Option<Vec<String>> {
    let (stem, _) = split_ending(path.file_name()?.to_str()?);
    let mut parts: Vec<String> = names(path.parent()?);
    parts.push(stem.to_owned());
    Some(parts)
}

fn names(path: &Path) -> Vec<String> {
    path.components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect()
}

/// The way from one folder to another.
fn pathdiff(from: &Path, to: &Path) -> Vec<String> {
    let (from, to) = (names(from), names(to));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - common);
    up.chain(to[common..].iter().cloned()).collect()
}

/// A file's name and its ending, `.d.ts` being one.
fn split_ending(name: &str) -> (&str, &str) {
    const ENDINGS: [&str; 12] = [
        ".d.ts", ".d.mts", ".d.cts", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs",
        ".json",
    ];
    let ending = ENDINGS
        .iter()
        .find(|ending| name.ends_with(**ending) && name.len() > ending.len());
    match ending {
        Some(ending) => name.split_at(name.len() - ending.len()),
        None => (name, ""),
    }
}

/// The ending of what is run, by that of the source.
fn run_time(ending: &str) -> &str {
    match ending {
        ".ts" | ".tsx" | ".d.ts" => ".js",
        ".mts" | ".d.mts" => ".mjs",
        ".cts" | ".d.cts" => ".cjs",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(specifier: &str, from: &str, before: &str, after: &str) -> Option<String> {
        renamed(
            specifier,
            &Move {
                from: Path::new(from),
                to_before: Path::new(before),
                to: Path::new(after),
            },
        )
    }

    #[test]
    fn the_style_is_kept() {
        let from = "/p/src/main.ts";
        let moved =
            |specifier: &str, before: &str, after: &str| check(specifier, from, before, after);
        assert_eq!(
            moved("./a", "/p/src/a.ts", "/p/src/b.ts").as_deref(),
            Some("./b")
        );
        assert_eq!(
            moved("./a.js", "/p/src/a.ts", "/p/src/x/b.tsx").as_deref(),
            Some("./x/b.js")
        );
        assert_eq!(
            moved("./a.ts", "/p/src/a.ts", "/p/b.mts").as_deref(),
            Some("../b.mts")
        );
        assert_eq!(
            moved("./d", "/p/src/d/index.ts", "/p/src/e/index.ts").as_deref(),
            Some("./e")
        );
        assert_eq!(moved("./d", "/p/src/d/index.ts", "/p/src/d.ts"), None);
        assert_eq!(
            moved("./d/index", "/p/src/d/index.ts", "/p/src/e/index.ts").as_deref(),
            Some("./e/index")
        );
        assert_eq!(moved("./a", "/p/src/a.ts", "/p/src/a.tsx"), None);
        assert_eq!(
            moved("@/x/a", "/p/src/x/a.ts", "/p/src/y/b.ts").as_deref(),
            Some("@/y/b")
        );
        assert_eq!(
            moved("@/x/a", "/p/src/x/a.ts", "/q/b.ts").as_deref(),
            Some("../../q/b")
        );
    }

    #[test]
    fn files_are_named_by_their_folder_if_they_are_an_index() {
        assert_eq!(
            file_name(Path::new("/p/date-tools.ts")).as_deref(),
            Some("date-tools")
        );
        assert_eq!(
            file_name(Path::new("/p/tools/index.d.ts")).as_deref(),
            Some("tools")
        );
    }
}
