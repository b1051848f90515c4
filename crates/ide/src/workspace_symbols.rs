//! Symbols of the whole workspace by name, from summaries alone: no text is read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use symphony_db::{Db, SourceFile, Workspace, lowered};
use symphony_summary::{DeclarationKind, FileSummary, Place};
use symphony_vfs::FileId;

use crate::SymbolQuery;
use crate::symbol_query::symbol_mask;

/// A symbol found by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceSymbol {
    /// The file that declares it.
    pub file: FileId,
    /// Its name.
    pub name: String,
    /// The name of what it is a member of.
    pub container: Option<String>,
    /// What it is.
    pub kind: DeclarationKind,
    /// Where its name begins.
    pub place: Place,
}

/// The letters of each name of a file, so that most names are ruled out without being looked at.
#[salsa::tracked(returns(ref))]
fn masks(db: &dyn Db, file: SourceFile) -> Box<[u64]> {
    symphony_db::summary(db, file)
        .declarations
        .iter()
        .map(|it| symbol_mask(&it.name))
        .collect()
}

/// The names of all files: to look at the next one costs no look-up of its file.
struct AllNames {
    /// The masks, one file after the other.
    masks: Box<[u64]>,
    /// The files' summaries, and where the masks of each end.
    files: Box<[(Arc<FileSummary>, u32)]>,
}

// Nothing else follows from it, so whether it is equal is never asked.
#[salsa::tracked(returns(ref), no_eq)]
fn all_names(db: &dyn Db, workspace: Workspace) -> AllNames {
    let mut all = Vec::new();
    let with_end = |&file: &SourceFile| {
        all.extend_from_slice(masks(db, file));
        (symphony_db::summary(db, file), all.len() as u32)
    };
    let files = workspace.files(db).iter().map(with_end).collect();
    AllNames {
        masks: all.into(),
        files,
    }
}

/// A score, and the file and declaration that have it; of two equal scores the earlier is greater.
type Found = (u32, Reverse<(usize, usize)>);

/// The best `limit` symbols for `query`, best first; for an empty query those at the top of their files.
pub fn workspace_symbols(db: &dyn Db, query: &str, limit: usize) -> Vec<WorkspaceSymbol> {
    let Some(workspace) = Workspace::try_get(db) else {
        return Vec::new();
    };
    let files = workspace.files(db);
    best(db, workspace, &SymbolQuery::new(query), limit)
        .into_iter()
        .map(|(at, index)| {
            let lowered = lowered(db, files[at]);
            let declaration = &lowered.summary.declarations[index];
            WorkspaceSymbol {
                file: files[at].id(db),
                name: declaration.name.to_string(),
                container: lowered
                    .summary
                    .container(index)
                    .map(|it| it.name.to_string()),
                kind: declaration.kind,
                place: lowered.places[index],
            }
        })
        .collect()
}

/// The best symbols, as numbers of files and declarations in them.
fn best(
    db: &dyn Db,
    workspace: Workspace,
    query: &SymbolQuery,
    limit: usize,
) -> Vec<(usize, usize)> {
    let all = all_names(db, workspace);
    // The worst of the best is on top. Ties go to what comes first, so that the answer does not depend on chance.
    let mut best: BinaryHeap<Reverse<Found>> = BinaryHeap::new();
    let mut start = 0;
    for (at, (summary, end)) in all.files.iter().enumerate() {
        let masks = &all.masks[start..*end as usize];
        start = *end as usize;
        for (index, _) in masks.iter().enumerate().filter(|it| query.may_match(*it.1)) {
            let container = summary.container(index).map(|it| it.name.as_str());
            let worst = best.peek().filter(|_| best.len() >= limit);
            let floor = worst.map_or(0, |worst| worst.0.0);
            let name = &summary.declarations[index].name;
            let Some(score) = query.score_from(floor, name, container) else {
                continue;
            };
            let found = (score, Reverse((at, index)));
            if best.len() < limit {
                best.push(Reverse(found));
            } else if best.peek().is_some_and(|worst| found > worst.0) {
                best.pop();
                best.push(Reverse(found));
            }
        }
    }
    let found = best.into_sorted_vec().into_iter();
    found.map(|Reverse((_, Reverse(place)))| place).collect()
}

#[cfg(test)]
mod tests {
    use symphony_db::{Change, Contents, Inputs, Revision, RootDatabase};
    use symphony_syntax::Language;

    use super::*;

    fn names(files: &[&str], query: &str, limit: usize) -> Vec<String> {
        let (mut db, mut inputs) = (RootDatabase::default(), Inputs::default());
        let mut change = Change::default();
        for (id, text) in files.iter().enumerate() {
            let hir = symphony_hir::lower(text, Language::TypeScript);
            let contents = Contents::Closed(symphony_summary::summarise(&hir, text), Revision(0));
            change.set(FileId(id as u32), Language::TypeScript, contents);
        }
        change.apply(&mut db, &mut inputs);
        let found = workspace_symbols(&db, query, limit);
        found
            .into_iter()
            .map(|it| format!("{}:{}", it.file.0, it.name))
            .collect()
    }

    #[test]
    fn the_best_come_first() {
        let files = [
            "class Scheduler { run() {} }",
            "function schedule() {} const sched = 1, other = 2",
        ];
        assert_eq!(names(&files, "schedule", 9), ["1:schedule", "0:Scheduler"]);
        assert_eq!(names(&files, "sched", 9)[0], "1:sched");
        assert_eq!(names(&files, "sched", 1).len(), 1);
        assert_eq!(names(&files, "nothing", 9), [""; 0]);
    }

    #[test]
    fn an_empty_query_gives_top_level_names() {
        let files = ["class A { aMember() {} }", "let b"];
        assert_eq!(names(&files, "", 2), ["0:A", "1:b"]);
    }

    #[test]
    fn without_files_there_are_no_symbols() {
        assert!(workspace_symbols(&RootDatabase::default(), "a", 9).is_empty());
    }
}
