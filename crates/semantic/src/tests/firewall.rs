//! What an edit runs again in other files, by the database's own events.

use symphony_db::{ProjectData, SalsaDatabase as _, SourceFile};

use crate::{Fixture, Semantics};

const FILES: &str = "
//- /a.ts
export function f() { return 1 }
//- /b.ts
import { f } from './a'; f();
//- /c.ts
import { late } from './a'; late();
//- /d.ts
export const apart = 1;
";

/// How many declarations the imports of a file lead to: stands for anything that asks what names stand for.
#[salsa::tracked(returns(copy))]
fn resolved(db: &dyn symphony_db::Db, file: SourceFile) -> usize {
    let known = symphony_db::summary(db, file);
    known
        .imports
        .iter()
        .filter_map(|import| {
            let specifier = known.specifiers[import.module as usize].clone();
            let crate::Module::File(module) = crate::resolve_module(db, file, specifier)? else {
                return None;
            };
            crate::exported(db, module, import.imported.clone()?)
        })
        .count()
}

fn read(fixture: &Fixture) -> Vec<usize> {
    let files = ["/b.ts", "/c.ts", "/d.ts"];
    files
        .map(|path| resolved(&fixture.db, fixture.file(path)))
        .into()
}

/// The files, by their paths, for which `resolved` ran.
fn resolved_again(fixture: &Fixture) -> Vec<&'static str> {
    let ran = fixture.ran(|_| {
        read(fixture);
    });
    let mut again = Vec::new();
    for path in ["/b.ts", "/c.ts", "/d.ts"] {
        let id = salsa::plumbing::AsId::as_id(&fixture.file(path));
        if ran.contains(&format!("resolved({id:?})")) {
            again.push(path);
        }
    }
    again
}

#[test]
fn a_body_edit_runs_nothing_elsewhere() {
    let mut fixture = Fixture::new(FILES);
    assert_eq!(read(&fixture), [1, 0, 0]);
    fixture.edit(
        "/a.ts",
        "export function f() { const more = 2; return more }",
    );
    assert_eq!(resolved_again(&fixture), [""; 0]);
}

#[test]
fn a_new_export_concerns_those_who_import_it() {
    let mut fixture = Fixture::new(FILES);
    assert_eq!(read(&fixture), [1, 0, 0]);
    fixture.edit(
        "/a.ts",
        "export function f() { return 1 } export const late = 1;",
    );
    assert_eq!(resolved_again(&fixture), ["/c.ts"]);
    assert_eq!(read(&fixture), [1, 1, 0]);
}

#[test]
fn a_changed_project_concerns_its_own_files() {
    let mut fixture = Fixture::new(FILES);
    fixture.set_project(1, ProjectData::default(), &["/c.ts"]);
    assert_eq!(read(&fixture), [1, 0, 0]);
    fixture.set_project(1, ProjectData::default(), &[]);
    let ran = fixture.ran(|_| {
        read(&fixture);
    });
    let resolutions = ran
        .iter()
        .filter(|run| run.starts_with("resolve_module"))
        .count();
    assert_eq!(resolutions, 1, "{ran:?}");
}

#[test]
fn a_new_file_is_found() {
    let mut fixture = Fixture::new("//- /a.ts\nimport { x$0 } from './later';");
    let (file, offset) = fixture.cursors[0];
    let count = |fixture: &Fixture| {
        fixture.db.attach(|_| {
            let semantics = Semantics::new(&fixture.db);
            let hir = semantics.hir(file);
            let token = hir.tokens_at(offset).next().unwrap();
            semantics
                .follow_all(semantics.token(file, &hir, token))
                .len()
        })
    };
    assert_eq!(count(&fixture), 0);
    fixture.edit("/later.ts", "export const x = 1");
    assert_eq!(count(&fixture), 1);
}
