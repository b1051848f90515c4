//! What runs again after an edit, and what does not, by the database's own events.

use std::sync::{Arc, Mutex};

use salsa::Database;
use symphony_syntax::{Language, LazyTree, parse_rope};
use symphony_text::Rope;
use symphony_vfs::FileId;

use crate::{Change, Contents, Db, Inputs, NoSystem, Revision, RootDatabase, Workspace, summary};

struct Fixture {
    db: RootDatabase,
    inputs: Inputs,
    log: Arc<Mutex<Vec<String>>>,
}

impl Fixture {
    fn new() -> Self {
        let log = Arc::<Mutex<Vec<String>>>::default();
        let events = Arc::clone(&log);
        Self {
            db: RootDatabase::with_log(Arc::new(NoSystem), move |query| {
                events.lock().unwrap().push(query);
            }),
            inputs: Inputs::default(),
            log,
        }
    }

    fn open(&mut self, id: u32, text: &str) {
        let rope = Rope::from_str(text);
        let tree = parse_rope(&rope, Language::TypeScript, None);
        let tree = LazyTree::ready(rope.clone(), Language::TypeScript, tree);
        let mut change = Change::default();
        change.set(
            FileId(id),
            Language::TypeScript,
            Contents::Open { text: rope, tree },
        );
        change.apply(&mut self.db, &mut self.inputs);
    }

    /// What ran while `read` did, as `query(file)`.
    fn ran(&self, read: impl FnOnce(&RootDatabase)) -> Vec<String> {
        self.log.lock().unwrap().clear();
        self.db.attach(|_| read(&self.db));
        let mut log = self.log.lock().unwrap().clone();
        log.sort();
        log
    }
}

/// Stands for anything that is computed from the summaries of all files.
#[salsa::tracked(returns(copy))]
fn names_of_all(db: &dyn Db, workspace: Workspace) -> usize {
    workspace
        .files(db)
        .iter()
        .map(|&file| summary(db, file).declarations.len())
        .sum()
}

#[test]
fn a_body_edit_runs_nothing_in_another_file() {
    let mut fixture = Fixture::new();
    fixture.open(0, "export function f() { return 1 }");
    fixture.open(1, "export class A { m() {} }");
    let read = |db: &RootDatabase| {
        assert_eq!(names_of_all(db, Workspace::get(db)), 3);
    };
    assert_eq!(
        fixture
            .ran(read)
            .iter()
            .filter(|run| run.starts_with("lowered"))
            .count(),
        2
    );

    fixture.open(0, "export function f() { const more = 1; return more }");
    let ran = fixture.ran(read);
    let [a, b] = [0, 1].map(|id| {
        format!(
            "({:?})",
            salsa::plumbing::AsId::as_id(&fixture.db.source_file(FileId(id)))
        )
    });
    assert!(
        ran.iter().any(|run| run == &format!("lowered{a}")),
        "{ran:?}"
    );
    assert!(
        !ran.iter().any(|run| run.ends_with(&b)),
        "the other file: {ran:?}"
    );
    assert!(
        !ran.iter().any(|run| run.starts_with("names_of_all")),
        "what depends on both: {ran:?}"
    );
}

#[test]
fn a_new_declaration_is_seen() {
    let mut fixture = Fixture::new();
    fixture.open(0, "let a");
    assert_eq!(names_of_all(&fixture.db, Workspace::get(&fixture.db)), 1);
    fixture.open(0, "let a, b");
    assert_eq!(names_of_all(&fixture.db, Workspace::get(&fixture.db)), 2);
}

#[test]
fn a_missing_file_is_no_member_until_it_appears() {
    let mut fixture = Fixture::new();
    fixture.open(0, "let a");
    let gone = |fixture: &mut Fixture, contents| {
        let mut change = Change::default();
        change.set(FileId(0), Language::TypeScript, contents);
        change.apply(&mut fixture.db, &mut fixture.inputs);
        Workspace::get(&fixture.db).files(&fixture.db).len()
    };
    assert_eq!(gone(&mut fixture, Contents::Missing), 0);
    assert_eq!(
        gone(
            &mut fixture,
            Contents::Closed(Default::default(), Revision(0))
        ),
        1
    );
}
