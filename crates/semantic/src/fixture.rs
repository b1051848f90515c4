//! Workspaces in memory, for tests of this crate and of those above it.

use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use symphony_db::{
    Change, Contents, Inputs, Moved, PathEntry, PathKind, ProjectData, ResolveKind, RootDatabase,
    SourceFile, System,
};
use symphony_syntax::{Language, LazyTree, parse_text};
use symphony_text::{Rope, TextSize};
use symphony_vfs::FileId;

/// Files by path, and a resolution that knows relative specifiers, `node_modules/NAME/index.d.ts` and nothing else.
#[derive(Debug, Default)]
struct Memory {
    files: Mutex<FxHashMap<PathBuf, (FileId, Arc<str>)>>,
}

impl Memory {
    fn with<T>(&self, look: impl FnOnce(&mut FxHashMap<PathBuf, (FileId, Arc<str>)>) -> T) -> T {
        look(&mut self.files.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn path(&self, file: FileId) -> Option<PathBuf> {
        self.with(|files| {
            files
                .iter()
                .find(|(_, it)| it.0 == file)
                .map(|(path, _)| path.clone())
        })
    }

    fn id(&self, path: &Path) -> Option<FileId> {
        self.with(|files| files.get(path).map(|it| it.0))
    }
}

impl System for Memory {
    fn read(&self, file: FileId) -> Option<Arc<str>> {
        self.with(|files| {
            files
                .values()
                .find(|it| it.0 == file)
                .map(|it| Arc::clone(&it.1))
        })
    }

    fn language(&self, file: FileId) -> Option<Language> {
        Language::from_path(&self.path(file)?)
    }

    fn resolve(&self, from: FileId, specifier: &str, kind: ResolveKind) -> Option<FileId> {
        let from = self.path(from)?;
        let base = match kind {
            ResolveKind::Lib => PathBuf::from(format!("/lib/lib.{specifier}.d.ts")),
            _ if specifier.starts_with('.') || kind == ResolveKind::Path => {
                from.parent()?.join(specifier)
            }
            _ => Path::new("/node_modules")
                .join(specifier)
                .join("index.d.ts"),
        };
        let text = clean(&base).to_string_lossy().into_owned();
        let stem = text.strip_suffix(".js").unwrap_or(&text);
        [
            text.clone(),
            format!("{stem}.ts"),
            format!("{stem}.tsx"),
            format!("{stem}.d.ts"),
            format!("{text}.js"),
            format!("{text}/index.ts"),
        ]
        .iter()
        .find_map(|path| self.id(Path::new(path)))
    }

    fn specifiers(&self, from: FileId, to: FileId, _: &[&str]) -> Vec<String> {
        let (Some(from), Some(to)) = (self.path(from), self.path(to)) else {
            return Vec::new();
        };
        match to.strip_prefix("/node_modules") {
            Ok(package) => vec![folder(package)],
            Err(_) => vec![relative(&folder(&from), &stem(&to))],
        }
    }

    fn importable_packages(&self, _: FileId) -> Vec<(String, FileId)> {
        let mut packages: Vec<(String, FileId)> = self.with(|files| {
            let entries = files
                .iter()
                .filter(|(path, _)| path.ends_with("index.d.ts"));
            entries
                .filter_map(|(path, it)| {
                    Some((folder(path.strip_prefix("/node_modules").ok()?), it.0))
                })
                .collect()
        });
        packages.sort();
        packages
    }

    fn path_entries(&self, from: FileId, prefix: &str) -> Vec<PathEntry> {
        let base = match self.path(from) {
            Some(path) if prefix.starts_with('.') => clean(&Path::new(&folder(&path)).join(prefix)),
            _ => Path::new("/node_modules").join(prefix),
        };
        let mut found: Vec<PathEntry> = self.with(|files| {
            let below = files.iter().filter(|(_, it)| it.0 != from);
            let entries = below.filter_map(|(path, _)| {
                let mut parts = path.strip_prefix(&base).ok()?.components();
                let (first, more) = (parts.next()?, parts.next().is_some());
                let name = Path::new(&first).to_string_lossy().into_owned();
                Some(match more {
                    true if prefix.starts_with('.') => (name, PathKind::Folder),
                    true => (name, PathKind::Package),
                    false => (stem(Path::new(&name)), PathKind::File),
                })
            });
            entries
                .map(|(name, kind)| PathEntry { name, kind })
                .collect()
        });
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found.dedup();
        found
    }

    fn file_name(&self, file: FileId) -> Option<String> {
        let path = stem(&self.path(file)?);
        path.rsplit('/').next().map(str::to_owned)
    }

    fn renamed_specifier(&self, from: &Moved, specifier: &str, to: &Moved) -> Option<String> {
        let path = |moved: &Moved| moved.path.clone().or_else(|| self.path(moved.file));
        let renamed = relative(&folder(&path(from)?), &stem(&path(to)?));
        let same = specifier == renamed || !specifier.starts_with('.');
        (!same).then_some(renamed)
    }
}

/// A path without `.` and `..`.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => _ = clean.pop(),
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}

/// The folder that a path is in.
fn folder(path: &Path) -> String {
    let folder = path.parent().unwrap_or(path);
    folder.to_string_lossy().into_owned()
}

/// A path without its ending, and without `/index`.
fn stem(path: &Path) -> String {
    let path = path.to_string_lossy();
    let stem = [".d.ts", ".tsx", ".ts", ".js"]
        .iter()
        .find_map(|ending| path.strip_suffix(ending));
    let stem = stem.unwrap_or(&path);
    stem.strip_suffix("/index").unwrap_or(stem).to_owned()
}

/// The specifier that leads from a folder to a path.
fn relative(folder: &str, to: &str) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (split(folder), split(to));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = match from.len() - common {
        0 => vec!["."],
        levels => vec![".."; levels],
    };
    [up, to[common..].to_vec()].concat().join("/")
}

fn split(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// A workspace in memory. All files but those below `/lib` and `/node_modules` are open.
#[derive(Debug)]
pub struct Fixture {
    /// The database.
    pub db: RootDatabase,
    inputs: Inputs,
    memory: Arc<Memory>,
    /// The cursors, written `$0` in the text: file and offset, in the order of the files.
    pub cursors: Vec<(SourceFile, TextSize)>,
    /// What ran since [`Self::ran`] was asked last.
    log: Arc<Mutex<Vec<String>>>,
}

impl Fixture {
    /// Files are split by lines `//- /path.ts`; without one, all is `/main.ts`. Files below `/lib` are the ambient files.
    pub fn new(text: &str) -> Self {
        let log = Arc::<Mutex<Vec<String>>>::default();
        let events = Arc::clone(&log);
        let memory = Arc::<Memory>::default();
        let system: Arc<dyn System> = memory.clone();
        let db = RootDatabase::with_log(system, move |query| {
            events
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(query);
        });
        let mut fixture = Self {
            db,
            inputs: Inputs::default(),
            memory,
            cursors: Vec::new(),
            log,
        };
        let mut path = "/main.ts".to_owned();
        let mut body = String::new();
        let mut files = Vec::new();
        for line in text.split_inclusive('\n') {
            if let Some(next) = line.strip_prefix("//- ") {
                files.push((
                    std::mem::replace(&mut path, next.trim().to_owned()),
                    std::mem::take(&mut body),
                ));
            } else {
                body.push_str(line);
            }
        }
        files.push((path, body));
        files.retain(|(_, body)| !body.trim().is_empty());
        let mut change = Change::default();
        let mut ambient = Vec::new();
        for (path, body) in &files {
            let id = fixture.add(path, body, &mut change);
            if path.starts_with("/lib/") {
                ambient.push(id);
            }
        }
        change.set_project(
            0,
            ProjectData {
                ambient: ambient.into(),
                ..Default::default()
            },
        );
        change.apply(&mut fixture.db, &mut fixture.inputs);
        for (path, body) in files {
            let id = fixture.id(&path);
            let file = symphony_db::Db::source_file(&fixture.db, id);
            let mut removed = 0;
            for (at, _) in body.match_indices("$0") {
                fixture
                    .cursors
                    .push((file, TextSize::from((at - removed) as u32)));
                removed += 2;
            }
        }
        fixture
    }

    fn add(&mut self, path: &str, body: &str, change: &mut Change) -> FileId {
        let text = body.replace("$0", "");
        let id = self.memory.with(|files| {
            let next = FileId(files.len() as u32);
            let entry = files
                .entry(PathBuf::from(path))
                .or_insert((next, "".into()));
            entry.1 = text.as_str().into();
            entry.0
        });
        if path.starts_with("/lib/") || path.starts_with("/node_modules/") {
            return id;
        }
        let language = Language::from_path(Path::new(path)).unwrap_or(Language::TypeScript);
        let tree = parse_text(&text, language, None);
        change.set(
            id,
            language,
            Contents::Open {
                tree: LazyTree::ready(Rope::from_str(&text), language, tree),
                text: Rope::from_str(&text),
            },
        );
        change.set_member(id, 0);
        id
    }

    /// Replaces the text of a file, or adds it.
    pub fn edit(&mut self, path: &str, text: &str) {
        let mut change = Change::default();
        let is_new = self.memory.id(Path::new(path)).is_none();
        self.add(path, text, &mut change);
        if is_new {
            change.touch_structure();
        }
        change.apply(&mut self.db, &mut self.inputs);
    }

    /// Tells of a project, anew if it is known, and which files are in it.
    pub fn set_project(&mut self, number: u32, data: ProjectData, files: &[&str]) {
        let mut change = Change::default();
        change.set_project(number, data);
        for path in files {
            change.set_member(self.id(path), number);
        }
        change.apply(&mut self.db, &mut self.inputs);
    }

    /// The id of a file.
    ///
    /// # Panics
    ///
    /// If the fixture has no such file.
    pub fn id(&self, path: &str) -> FileId {
        self.memory
            .id(Path::new(path))
            .unwrap_or_else(|| panic!("no file {path}"))
    }

    /// A file.
    pub fn file(&self, path: &str) -> SourceFile {
        symphony_db::Db::source_file(&self.db, self.id(path))
    }

    /// The path of a file.
    pub fn path(&self, file: SourceFile) -> String {
        let path = self.memory.path(file.id(&self.db));
        path.map(|path| path.to_string_lossy().into_owned())
            .unwrap_or_default()
    }

    /// The text of a file.
    pub fn text(&self, file: SourceFile) -> Arc<str> {
        self.memory.read(file.id(&self.db)).unwrap_or_default()
    }

    /// The queries that `read` ran, as `query(file)`, sorted.
    pub fn ran(&self, read: impl FnOnce(&RootDatabase)) -> Vec<String> {
        let log = || self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log().clear();
        symphony_db::SalsaDatabase::attach(&self.db, |_| read(&self.db));
        let mut ran = log().clone();
        ran.sort();
        ran
    }
}
