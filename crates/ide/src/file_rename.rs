//! What has to be written anew when files are renamed: the specifiers that lead to them, and their own.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use symphony_db::{Db, Moved, ResolveKind, SourceFile, Workspace, hir, summary};
use symphony_hir::{Hir, ReferenceKind};
use symphony_semantic::{Module, resolve_module};
use symphony_text::TextRange;
use symphony_vfs::FileId;

use crate::TextEdit;

/// The edits in all files of the workspace that keep imports whole when files get other paths. A folder is given as all
/// the files in it.
pub fn edits_for_file_rename(
    db: &dyn Db,
    renames: &[(FileId, PathBuf)],
) -> Vec<(SourceFile, Vec<TextEdit>)> {
    let renames: FxHashMap<SourceFile, &PathBuf> = renames
        .iter()
        .map(|(id, path)| (db.source_file(*id), path))
        .collect();
    let Some(workspace) = Workspace::try_get(db) else {
        return Vec::new();
    };
    let renamed = Renamed { db, renames };
    let mut files: Vec<SourceFile> = workspace.files(db).to_vec();
    for &file in renamed.renames.keys() {
        if !files.contains(&file) {
            files.push(file);
        }
    }
    files.sort_by_key(|file| file.id(db));
    let edits = files.into_iter().map(|file| (file, renamed.edits(file)));
    edits.filter(|(_, edits)| !edits.is_empty()).collect()
}

struct Renamed<'db> {
    db: &'db dyn Db,
    renames: FxHashMap<SourceFile, &'db PathBuf>,
}

impl Renamed<'_> {
    fn edits(&self, file: SourceFile) -> Vec<TextEdit> {
        let from = self.moved(file);
        // Most files name none of those that are renamed: that is seen without their text.
        let known = summary(self.db, file);
        let mut changed: FxHashMap<SmolStr, String> = FxHashMap::default();
        for specifier in &known.specifiers {
            let Some(Module::File(to)) = resolve_module(self.db, file, specifier.clone()) else {
                continue;
            };
            changed.extend(
                self.written(&from, specifier, to)
                    .map(|it| (specifier.clone(), it)),
            );
        }
        let references = self.references(file, &from);
        if changed.is_empty() && references.is_empty() {
            return Vec::new();
        }
        let hir = hir(self.db, file);
        let mut edits: BTreeMap<u32, TextEdit> = BTreeMap::new();
        for (range, specifier) in specifiers(&hir) {
            if let Some(new) = changed.get(specifier) {
                edits.insert(range.start().into(), edit(range, new));
            }
        }
        for reference in hir.references() {
            if let Some(new) = references.get(&reference.text)
                && reference.kind == ReferenceKind::Path
            {
                edits.insert(reference.range.start().into(), edit(reference.range, new));
            }
        }
        edits.into_values().collect()
    }

    /// What becomes of the paths in reference comments.
    fn references(&self, file: SourceFile, from: &Moved) -> FxHashMap<SmolStr, String> {
        let known = summary(self.db, file);
        let paths = known
            .references
            .iter()
            .filter(|(kind, _)| *kind == ReferenceKind::Path);
        let changed = paths.filter_map(|(_, text)| {
            let system = self.db.files().system();
            let to = system.resolve(file.id(self.db), text, ResolveKind::Path)?;
            let new = self.written(from, text, self.db.source_file(to))?;
            Some((text.clone(), new))
        });
        changed.collect()
    }

    fn written(&self, from: &Moved, specifier: &str, to: SourceFile) -> Option<String> {
        let to = self.moved(to);
        if from.path.is_none() && to.path.is_none() {
            return None;
        }
        let system = self.db.files().system();
        system.renamed_specifier(from, specifier, &to)
    }

    fn moved(&self, file: SourceFile) -> Moved {
        Moved {
            file: file.id(self.db),
            path: self.renames.get(&file).map(|path| (*path).clone()),
        }
    }
}

fn edit(range: TextRange, new: &str) -> TextEdit {
    TextEdit {
        range,
        new_text: new.to_owned(),
    }
}

/// Every place that names a module, with the specifier.
fn specifiers(hir: &Hir) -> impl Iterator<Item = (TextRange, &SmolStr)> {
    let mut seen: FxHashSet<TextRange> = FxHashSet::default();
    hir.modules()
        .map(|(_, it)| (it.range, hir.name(it.specifier)))
        .filter(move |it| seen.insert(it.0))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use symphony_db::SalsaDatabase;
    use symphony_semantic::Fixture;

    use super::*;
    use crate::apply_edits;

    fn check(text: &str, renames: &[(&str, &str)], expect: Expect) {
        let fixture = Fixture::new(text);
        let renames: Vec<(FileId, PathBuf)> = renames
            .iter()
            .map(|(from, to)| (fixture.id(from), PathBuf::from(to)))
            .collect();
        let mut shown = String::new();
        fixture.db.attach(|_| {
            for (file, edits) in edits_for_file_rename(&fixture.db, &renames) {
                let text = apply_edits(&fixture.text(file), &edits);
                shown.push_str(&format!("{}: {text}", fixture.path(file)));
            }
        });
        expect.assert_eq(&shown);
    }

    const FILES: &str = "//- /a.ts\nimport { b } from './b'; export * from './sub/c'; import('./b'); type T = import('./b').T; import 'pkg'\n//- /b.ts\nexport const b = 1\n//- /sub/c.ts\nimport '../b'; import { d } from './d'\n//- /sub/d.ts\nexport const d = 1\n//- /node_modules/pkg/index.d.ts\nexport {}\n";

    #[test]
    fn what_leads_to_a_renamed_file_is_rewritten() {
        check(
            FILES,
            &[("/b.ts", "/sub/bee.ts")],
            expect![[r#"
                /a.ts: import { b } from './sub/bee'; export * from './sub/c'; import('./sub/bee'); type T = import('./sub/bee').T; import 'pkg'
                /sub/c.ts: import './bee'; import { d } from './d'
            "#]],
        );
    }

    #[test]
    fn a_renamed_file_takes_its_own_specifiers_along() {
        check(
            FILES,
            &[("/sub/c.ts", "/c.ts")],
            expect![[r#"
                /a.ts: import { b } from './b'; export * from './c'; import('./b'); type T = import('./b').T; import 'pkg'
                /sub/c.ts: import './b'; import { d } from './sub/d'
            "#]],
        );
    }

    #[test]
    fn within_a_renamed_folder_nothing_changes() {
        check(
            FILES,
            &[("/sub/c.ts", "/new/c.ts"), ("/sub/d.ts", "/new/d.ts")],
            expect![[r#"
                /a.ts: import { b } from './b'; export * from './new/c'; import('./b'); type T = import('./b').T; import 'pkg'
            "#]],
        );
    }

    #[test]
    fn reference_comments_too() {
        check(
            "//- /a.ts\n/// <reference path=\"./types.d.ts\" />\nlet a\n//- /types.d.ts\ndeclare let t\n",
            &[("/types.d.ts", "/all/types.d.ts")],
            expect![[r#"
                /a.ts: /// <reference path="./all/types" />
                let a
            "#]],
        );
    }
}
