//! `paths`, `baseUrl` and `rootDirs`: where the options send a specifier.

use super::{Kinds, Resolver};
use crate::path;
use std::path::{Path, PathBuf};

/// Tries a path; the flag says that only a folder is meant.
type Load<'l> = &'l dyn Fn(Kinds, &Path, bool) -> Option<PathBuf>;

impl Resolver<'_> {
    /// The file that the options lead to. Where they lead to none, the usual places count.
    pub(super) fn mapped(
        &self,
        kinds: Kinds,
        folder: &Path,
        specifier: &str,
        load: Load<'_>,
    ) -> Option<PathBuf> {
        if self.for_config {
            return None;
        }
        let options = self.options;
        if !options.paths.is_empty() && !path::is_relative(specifier) {
            let through = self.through_patterns(
                kinds,
                &options.paths,
                &options.paths_base,
                specifier,
                &|kinds, it| load(kinds, it, false),
            );
            if let Some(Some(path)) = through {
                return Some(path);
            }
        }
        if path::is_relative_or_rooted(specifier) {
            return self.through_root_dirs(kinds, folder, specifier, load);
        }
        let base = options.base_url.as_ref()?;
        load(kinds, &path::join(base, specifier), false)
    }

    /// The target of the pattern that fits best; `None` where none fits.
    pub(super) fn through_patterns(
        &self,
        kinds: Kinds,
        paths: &[(String, Vec<String>)],
        base: &Path,
        name: &str,
        load: &dyn Fn(Kinds, &Path) -> Option<PathBuf>,
    ) -> Option<Option<PathBuf>> {
        let (targets, star) = matching(paths, name)?;
        Some(targets.iter().find_map(|target| {
            let text = star.map_or_else(|| target.clone(), |it| target.replacen('*', it, 1));
            let candidate = path::join(base, &text);
            if path::known_ending(target).is_some()
                && let Some(file) = self.existing(&candidate)
            {
                return Some(file);
            }
            load(kinds, &candidate)
        }))
    }

    fn through_root_dirs(
        &self,
        kinds: Kinds,
        folder: &Path,
        specifier: &str,
        load: Load<'_>,
    ) -> Option<PathBuf> {
        let target = path::join(folder, specifier);
        let roots = &self.options.root_dirs;
        let own = roots
            .iter()
            .filter(|it| target.starts_with(it))
            .max_by_key(|it| it.components().count())?;
        let rest = target.strip_prefix(own).ok()?;
        std::iter::once(own)
            .chain(roots.iter().filter(|it| *it != own))
            .find_map(|root| load(kinds, &root.join(rest), false))
    }
}

/// The entry for a name: the exact one, else the pattern with the longest text before `*`; and what `*` stands for.
pub(super) fn matching<'a, 'n>(
    paths: &'a [(String, Vec<String>)],
    name: &'n str,
) -> Option<(&'a [String], Option<&'n str>)> {
    if let Some((_, targets)) = paths
        .iter()
        .find(|(pattern, _)| pattern == name && !pattern.contains('*'))
    {
        return Some((targets, None));
    }
    let mut best: Option<(&str, &[String], &str)> = None;
    for (pattern, targets) in paths {
        let Some((head, tail)) = pattern.split_once('*') else {
            continue;
        };
        if name.len() >= head.len() + tail.len()
            && name.starts_with(head)
            && name.ends_with(tail)
            && best.is_none_or(|(it, ..)| head.len() > it.len())
        {
            best = Some((head, targets, &name[head.len()..name.len() - tail.len()]));
        }
    }
    best.map(|(_, targets, star)| (targets, Some(star)))
}
