//! `workspace/willRenameFiles`: imports follow files and folders that get other names.

use std::path::{Path, PathBuf};

use lsp_types::{RenameFilesParams, WorkspaceEdit};
use symphony_db::{Db as _, RootDatabase, Workspace};
use symphony_vfs::{FileId, VfsPath};

use crate::lsp::from_proto;
use crate::snapshot::Snapshot;
use crate::source_view::workspace_edit;
use crate::task::HandlerResult;

pub(crate) fn will_rename(
    db: RootDatabase,
    snapshot: &Snapshot,
    params: &RenameFilesParams,
) -> HandlerResult<Option<WorkspaceEdit>> {
    let path = |uri: &str| match from_proto::path(&uri.parse().ok()?) {
        VfsPath::File(path) => Some(path),
        VfsPath::Virtual(_) => None,
    };
    let mut renames = Vec::new();
    for file in &params.files {
        let (Some(old), Some(new)) = (path(&file.old_uri), path(&file.new_uri)) else {
            continue;
        };
        if db
            .files()
            .system()
            .language(snapshot.shared.paths.intern(VfsPath::file(&old)))
            .is_some()
        {
            renames.push((snapshot.shared.paths.intern(VfsPath::file(&old)), new));
        } else {
            renames.extend(below(&db, snapshot, &old, &new));
        }
    }
    let edits = symphony_ide::edits_for_file_rename(&db, &renames);
    Ok((!edits.is_empty()).then(|| workspace_edit(&db, snapshot, edits)))
}

/// The files of a folder, and where they will be.
fn below(db: &RootDatabase, snapshot: &Snapshot, old: &Path, new: &Path) -> Vec<(FileId, PathBuf)> {
    let files = Workspace::try_get(db).map(|workspace| workspace.files(db).clone());
    let ids = files
        .iter()
        .flat_map(|files| files.iter())
        .map(|file| file.id(db));
    ids.filter_map(|id| match snapshot.shared.paths.path(id)? {
        VfsPath::File(path) => Some((id, new.join(path.strip_prefix(old).ok()?))),
        VfsPath::Virtual(_) => None,
    })
    .collect()
}
