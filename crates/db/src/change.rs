//! The one place where inputs are written.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use salsa::{Durability, Setter};
use symphony_syntax::Language;
use symphony_vfs::FileId;

use crate::{Contents, RootDatabase, SourceFile, Workspace};

/// What happened to files since the last change was applied.
#[derive(Debug, Default)]
pub struct Change {
    files: BTreeMap<FileId, (Language, Contents)>,
}

impl Change {
    /// Says what is now in a file; the last word on a file counts.
    pub fn set(&mut self, file: FileId, language: Language, contents: Contents) {
        self.files.insert(file, (language, contents));
    }

    /// Whether there is nothing to apply.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Writes the change to the database, waiting until no other handle reads it; running queries are cancelled.
    ///
    /// `handles` maps ids to the files that the database knows; new ones are added to it.
    pub fn apply(self, db: &mut RootDatabase, handles: &mut FxHashMap<FileId, SourceFile>) {
        let mut membership_changed = Workspace::try_get(db).is_none();
        for (id, (language, contents)) in self.files {
            let present = !matches!(contents, Contents::Missing);
            // What is open changes with each key; what is closed only when something outside writes it.
            let durability = if matches!(contents, Contents::Open { .. }) {
                Durability::LOW
            } else {
                Durability::MEDIUM
            };
            if let Some(&file) = handles.get(&id) {
                membership_changed |= present == matches!(file.contents(db), Contents::Missing);
                if file.language(db) != language {
                    file.set_language(db)
                        .with_durability(durability)
                        .to(language);
                }
                file.set_contents(db)
                    .with_durability(durability)
                    .to(contents);
            } else {
                membership_changed |= present;
                let file = SourceFile::builder(id, language, contents)
                    .durability(durability)
                    .new(db);
                handles.insert(id, file);
            }
        }
        if membership_changed {
            let mut files: Vec<SourceFile> = handles
                .values()
                .copied()
                .filter(|file| !matches!(file.contents(db), Contents::Missing))
                .collect();
            files.sort_unstable_by_key(|file| file.id(db));
            match Workspace::try_get(db) {
                Some(workspace) => {
                    workspace
                        .set_files(db)
                        .with_durability(Durability::MEDIUM)
                        .to(files.into());
                }
                None => {
                    let _singleton = Workspace::builder(files.into())
                        .durability(Durability::MEDIUM)
                        .new(db);
                }
            }
        }
    }
}
