//! Which modules a file sees as a whole: those are the ones whose exports it may name behind a dot, without importing
//! them by name.

use std::sync::Arc;

use symphony_db::{Db, SourceFile, lowered, summary};
use symphony_summary::ExportTarget;

use crate::graph::{Exported, ExportedAs, Module, exported, exported_by, resolve_module};

/// The modules that a file sees as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Namespaces {
    /// The modules.
    pub seen: Box<[SourceFile]>,
    /// Those of them that it uses otherwise than before a dot: what it makes of them may be one anywhere.
    pub loose: Box<[SourceFile]>,
    /// Whether something that it imports may be a module for all that summaries tell.
    pub unclear: bool,
}

/// The modules that a file sees as a whole.
#[salsa::tracked(returns(clone))]
pub fn namespaces(db: &dyn Db, file: SourceFile) -> Arc<Namespaces> {
    let known = lowered(db, file);
    let module = |number: u32| {
        let specifier = known.summary.specifiers.get(number as usize)?;
        resolve_module(db, file, specifier.clone())
    };
    let (mut seen, mut loose, mut unclear) = (Vec::new(), Vec::new(), false);
    for (at, import) in known.summary.imports.iter().enumerate() {
        let Some(module) = module(import.module) else {
            continue;
        };
        match whole_module(db, &module, import.imported.as_deref()) {
            Seen::Module(found) => {
                seen.push(found);
                let is_loose = known.loose.imports.binary_search(&(at as u32)).is_ok();
                loose.extend(is_loose.then_some(found));
            }
            Seen::Perhaps => unclear = true,
            Seen::Other => {}
        }
    }
    for &number in known.loose.modules.iter() {
        if let Some(Module::File(found)) = module(number) {
            seen.push(found);
            loose.push(found);
        }
    }
    for all in [&mut seen, &mut loose] {
        all.sort_unstable_by_key(|it| it.id(db));
        all.dedup();
    }
    Arc::new(Namespaces {
        seen: seen.into(),
        loose: loose.into(),
        unclear,
    })
}

/// What an import sees.
enum Seen {
    /// This module.
    Module(SourceFile),
    /// Perhaps a module.
    Perhaps,
    /// Something else.
    Other,
}

fn whole_module(db: &dyn Db, module: &Module, imported: Option<&str>) -> Seen {
    let found = match (imported, module) {
        (None, Module::File(file)) => {
            return match summary(db, *file).exports.equals {
                Some(_) => Seen::Perhaps,
                None => Seen::Module(*file),
            };
        }
        (None, Module::Ambient(_)) => return Seen::Perhaps,
        (Some(name), _) => exported_by(db, module, name),
    };
    match (found, module) {
        // The module itself, where it need not be written by TypeScript's rules.
        (None, Module::File(file)) if imported == Some("default") => Seen::Module(*file),
        (None, _) => Seen::Other,
        (Some(found), _) => match found.what {
            ExportedAs::Module => Seen::Module(found.file),
            // An expression that is a module is one that its file uses loosely.
            ExportedAs::Nameless => Seen::Other,
            ExportedAs::Local(_) if declares(db, &found) => Seen::Other,
            _ => Seen::Perhaps,
        },
    }
}

/// Whether an export is something that its file declares, and not by a name for something else.
pub fn declares(db: &dyn Db, exported: &Exported) -> bool {
    let ExportedAs::Local(name) = &exported.what else {
        return false;
    };
    let known = summary(db, exported.file);
    let mut declarations = known.declarations.iter();
    declarations.any(|it| it.parent.is_none() && it.name == *name)
}

/// The modules among what a module exports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nested {
    /// Those that it exports as a whole: by `export * as name`, or by the name of an import.
    pub namespaces: Box<[SourceFile]>,
    /// Those whose exports it hands on: by `export *`.
    pub stars: Box<[SourceFile]>,
}

/// The modules among what a module exports.
#[salsa::tracked(returns(clone))]
pub fn nested_modules(db: &dyn Db, file: SourceFile) -> Arc<Nested> {
    let known = summary(db, file);
    let module = |number: u32| {
        let specifier = known.specifiers.get(number as usize)?;
        match resolve_module(db, file, specifier.clone()) {
            Some(Module::File(found)) => Some(found),
            _ => None,
        }
    };
    let is_declared = |target: &ExportTarget| {
        matches!(
            target,
            ExportTarget::Nameless(_) | ExportTarget::Local(_, Some(_))
        )
    };
    let named = known.exports.named.iter();
    let namespaces = named
        .filter(|it| !is_declared(&it.target))
        .filter_map(|it| exported(db, file, it.name.clone()))
        .filter(|it| it.what == ExportedAs::Module)
        .map(|it| it.file);
    Arc::new(Nested {
        namespaces: namespaces.collect(),
        stars: (known.exports.stars.iter())
            .filter_map(|&it| module(it))
            .collect(),
    })
}
