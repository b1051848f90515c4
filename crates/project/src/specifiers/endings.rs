//! How a specifier that is a path ends.

use super::{SpecifierEnding, is_strict};
use crate::options::{Jsx, ModuleResolution};
use crate::path::{self, known_ending};
use crate::project::Project;
use std::path::Path;

/// One way to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// `./x` for `x/index.ts` too.
    Minimal,
    /// `./x`, `./x/index`.
    Index,
    /// `./x.js`.
    Js,
    /// `./x.ts`.
    Ts,
}

/// The ways that are allowed in a file, the best first.
#[derive(Debug)]
pub(super) struct Endings(Vec<Ending>);

impl Endings {
    pub(super) fn new(
        project: &Project,
        from: &Path,
        existing: &[&str],
        wish: SpecifierEnding,
    ) -> Self {
        let options = project.options();
        let by_option = options.allow_importing_ts_extensions;
        let is_declaration = path::name(from).contains(".d.") && path::name(from).ends_with("ts");
        let ts = by_option || is_declaration;
        let strict = is_strict(project, from);
        let preferred = preferred(wish, strict, by_option, existing);
        if strict {
            return Self(if ts {
                vec![Ending::Ts, Ending::Js]
            } else {
                vec![Ending::Js]
            });
        }
        if options.module_resolution == ModuleResolution::Classic {
            return Self(if preferred == Ending::Js {
                vec![Ending::Js, Ending::Index]
            } else {
                vec![Ending::Index, Ending::Js]
            });
        }
        let order = match preferred {
            Ending::Js => vec![Ending::Js, Ending::Ts, Ending::Minimal, Ending::Index],
            Ending::Ts => vec![Ending::Ts, Ending::Minimal, Ending::Js, Ending::Index],
            Ending::Index => vec![Ending::Index, Ending::Minimal, Ending::Ts, Ending::Js],
            Ending::Minimal => vec![Ending::Minimal, Ending::Index, Ending::Ts, Ending::Js],
        };
        Self(
            order
                .into_iter()
                .filter(|it| ts || preferred == Ending::Ts || *it != Ending::Ts)
                .collect(),
        )
    }

    pub(super) fn best(&self) -> Ending {
        self.0[0]
    }

    pub(super) fn all(&self) -> &[Ending] {
        &self.0
    }

    fn prefers(&self, one: Ending, other: impl Fn(Ending) -> bool) -> bool {
        let place = self.0.iter().position(|it| *it == one);
        let others = self.0.iter().position(|it| other(*it));
        place.is_some_and(|place| others.is_none_or(|it| place < it))
    }

    pub(super) fn prefers_ts(&self) -> bool {
        self.0.contains(&Ending::Js) && self.prefers(Ending::Ts, |it| it == Ending::Js)
    }

    /// A written path of a file with an ending; `None` where it cannot be imported by one.
    pub(super) fn apply(
        &self,
        written: &str,
        ending: Ending,
        base: &Path,
        project: &Project,
    ) -> Option<String> {
        let Some(own) = known_ending(written) else {
            return Some(written.to_owned());
        };
        let stem = &written[..written.len() - own.len()];
        match own {
            ".json" | ".mjs" | ".cjs" => return Some(written.to_owned()),
            ".mts" | ".cts" | ".d.mts" | ".d.cts" if self.prefers_ts() => {
                return Some(written.to_owned());
            }
            ".mts" | ".cts" | ".d.mts" | ".d.cts" => {
                return Some(format!("{stem}{}", js_ending(own, project)?));
            }
            // The declarations of a style sheet, say: `x.d.css.ts` is `x.css`.
            ".ts" => {
                let name = stem.rsplit('/').next().unwrap_or(stem);
                if let Some((first, last)) = name.split_once(".d.") {
                    return Some(format!(
                        "{}{first}.{last}",
                        &stem[..stem.len() - name.len()]
                    ));
                }
            }
            _ => {}
        }
        Some(match ending {
            Ending::Minimal => match stem.strip_suffix("/index") {
                Some(folder) if !is_also_a_file(project, base, folder) => folder.to_owned(),
                _ => stem.to_owned(),
            },
            Ending::Index => stem.to_owned(),
            Ending::Js => format!("{stem}{}", js_ending(own, project)?),
            Ending::Ts if own == ".d.ts" => {
                if self.prefers(Ending::Minimal, |it| it == Ending::Js)
                    || self.prefers(Ending::Index, |it| it == Ending::Js)
                {
                    stem.to_owned()
                } else {
                    format!("{stem}{}", js_ending(own, project)?)
                }
            }
            Ending::Ts => written.to_owned(),
        })
    }
}

/// What the user wishes, else what the file's imports have.
fn preferred(wish: SpecifierEnding, strict: bool, ts_allowed: bool, existing: &[&str]) -> Ending {
    let used = used(existing);
    if wish == SpecifierEnding::Js || strict {
        return match used {
            _ if !ts_allowed => Ending::Js,
            Some(Ending::Js) => Ending::Js,
            _ => Ending::Ts,
        };
    }
    match wish {
        SpecifierEnding::Minimal => Ending::Minimal,
        SpecifierEnding::Index => Ending::Index,
        _ if !ts_allowed => {
            let first = relative_ones(existing).next();
            if first.is_some_and(|it| code_ending(it).is_some()) {
                Ending::Js
            } else {
                Ending::Minimal
            }
        }
        _ => used.unwrap_or(Ending::Minimal),
    }
}

/// The ending that the imports of a file have: `.ts` if any has it.
fn used(existing: &[&str]) -> Option<Ending> {
    let mut js = None;
    for ending in relative_ones(existing).filter_map(code_ending) {
        match ending {
            ".ts" | ".tsx" | ".d.ts" => return Some(Ending::Ts),
            _ => js = Some(Ending::Js),
        }
    }
    js
}

/// The paths among specifiers that could have been written without an ending.
fn relative_ones<'a>(existing: &'a [&str]) -> impl Iterator<Item = &'a str> {
    existing
        .iter()
        .copied()
        .filter(|it| path::is_relative(it))
        .filter(|it| {
            !matches!(
                known_ending(it),
                Some(".d.mts" | ".d.cts" | ".mts" | ".cts" | ".mjs" | ".cjs" | ".json")
            )
        })
}

fn code_ending(specifier: &str) -> Option<&'static str> {
    known_ending(specifier).filter(|it| matches!(*it, ".ts" | ".tsx" | ".d.ts" | ".js" | ".jsx"))
}

/// What a file is called once it is compiled.
pub(super) fn js_ending(ending: &str, project: &Project) -> Option<&'static str> {
    Some(match ending {
        ".ts" | ".d.ts" | ".js" => ".js",
        ".tsx" if project.options().jsx == Some(Jsx::Preserve) => ".jsx",
        ".tsx" => ".js",
        ".jsx" => ".jsx",
        ".json" => ".json",
        ".mts" | ".d.mts" | ".mjs" => ".mjs",
        ".cts" | ".d.cts" | ".cjs" => ".cjs",
        _ => return None,
    })
}

/// Whether a folder has a file of its name beside it, which would be found first.
fn is_also_a_file(project: &Project, base: &Path, written: &str) -> bool {
    let folder = path::join(base, written);
    path::KNOWN_ENDINGS
        .iter()
        .any(|it| project.disk().is_file(&path::with_suffix(&folder, it)))
}
