//! How often definitions agree with TypeScript's: `definitions LIB_FOLDER ROOT ORACLE.jsonl... [--wrong N CATEGORY]`.
//!
//! `ROOT` is the folder that holds the projects; an oracle file's name is that of its project.
#![expect(clippy::print_stdout, reason = "a tool that prints a table")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use symphony_db::{
    Change, Contents, Db, Inputs, ProjectData, ResolveKind, Revision, RootDatabase, SalsaDatabase,
    SourceFile, System,
};
use symphony_hir::{
    DeclData, DeclFlags, DeclId, DeclKind, ExprId, ExprKind, FunctionKind, Hir, Imported,
    TokenFlags, TokenId, TokenKind,
};
use symphony_project::{ImportMode, Project, lib_file};
use symphony_semantic::{Semantics, Target, Targets};
use symphony_syntax::Language;
use symphony_text::{LineIndex, Position, PositionEncoding, TextRange, TextSize};
use symphony_vfs::{FileId, Paths, VfsPath, read_source, source_files};

struct Disk {
    paths: Paths,
    project: Project,
    lib: PathBuf,
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Disk")
    }
}

impl Disk {
    fn path(&self, file: FileId) -> Option<PathBuf> {
        match self.paths.path(file)? {
            VfsPath::File(path) => Some(path),
            VfsPath::Virtual(_) => None,
        }
    }

    fn id(&self, path: PathBuf) -> FileId {
        self.paths.intern(VfsPath::File(path))
    }
}

impl System for Disk {
    fn read(&self, file: FileId) -> Option<Arc<str>> {
        let path = self.path(file)?;
        Language::from_path(&path)?;
        read_source(&path).ok().map(Arc::from)
    }

    fn language(&self, file: FileId) -> Option<Language> {
        Language::from_path(&self.path(file)?)
    }

    fn resolve(&self, from: FileId, specifier: &str, kind: ResolveKind) -> Option<FileId> {
        let from = self.path(from)?;
        let found = match kind {
            ResolveKind::Import => {
                self.project
                    .resolve(&from, specifier, ImportMode::Import)?
                    .path
            }
            ResolveKind::Require => {
                self.project
                    .resolve(&from, specifier, ImportMode::Require)?
                    .path
            }
            ResolveKind::Path => match VfsPath::file(&from.parent()?.join(specifier)) {
                VfsPath::File(path) => path,
                VfsPath::Virtual(_) => return None,
            },
            ResolveKind::Types => self.project.resolve_types(&from, specifier)?,
            ResolveKind::Lib => lib_file(&self.lib, specifier),
        };
        Some(self.id(found))
    }
}

/// A place: the file as the oracle names it, and lines and columns.
type Place = (String, [u64; 4]);

struct World {
    db: RootDatabase,
    disk: Arc<Disk>,
    root: PathBuf,
    lib: PathBuf,
}

impl World {
    fn load(lib: &Path, root: &Path) -> Self {
        let (project, _) = Project::load(&root.join("tsconfig.json"));
        let disk = Arc::new(Disk {
            paths: Paths::default(),
            project,
            lib: lib.to_owned(),
        });
        let mut db = RootDatabase::new(disk.clone());
        let mut change = Change::default();
        let ambient = disk.project.lib_files(lib).into_iter();
        let ambient = ambient
            .chain(disk.project.type_entries())
            .map(|path| disk.id(path))
            .collect();
        change.set_project(
            0,
            ProjectData {
                ambient,
                ..Default::default()
            },
        );
        for entry in source_files(root, &|| false) {
            let path = entry.path;
            let (Some(language), Ok(text)) = (Language::from_path(&path), read_source(&path))
            else {
                continue;
            };
            let lowered = symphony_summary::summarise(&symphony_hir::lower(&text, language), &text);
            let id = disk.id(path);
            change.set(
                id,
                language,
                Contents::Closed(lowered, Revision(u64::from(id.0) + (1 << 40))),
            );
            change.set_member(id, 0);
        }
        change.apply(&mut db, &mut Inputs::default());
        Self {
            db,
            disk,
            root: root.to_owned(),
            lib: lib.to_owned(),
        }
    }

    fn text(&self, file: SourceFile) -> Arc<str> {
        self.disk.read(file.id(&self.db)).unwrap_or_default()
    }

    fn place(&self, file: SourceFile, range: TextRange) -> Place {
        let path = self.disk.path(file.id(&self.db)).unwrap_or_default();
        let name = match path.strip_prefix(&self.lib) {
            Ok(name) => format!("lib:{}", name.display()),
            Err(_) => relative(&self.root, &path),
        };
        let lines = LineIndex::new(&self.text(file));
        let at = |offset| lines.position(offset, PositionEncoding::Utf16);
        let (start, end) = (at(range.start()), at(range.end()));
        (
            name,
            [start.line, start.column, end.line, end.column].map(u64::from),
        )
    }
}

fn relative(root: &Path, path: &Path) -> String {
    if let Ok(inside) = path.strip_prefix(root) {
        return inside.display().to_string();
    }
    for (up, folder) in root.ancestors().enumerate() {
        if let Ok(rest) = path.strip_prefix(folder) {
            return format!("{}{}", "../".repeat(up), rest.display());
        }
    }
    path.display().to_string()
}

/// The call whose callee ends in a token.
fn call_of(hir: &Hir, token: TokenId) -> Option<ExprId> {
    let of = hir.token(token);
    if !of.flags.has(TokenFlags::CALL) && !of.flags.has(TokenFlags::NEW) {
        return None;
    }
    let mut best: Option<(ExprId, u32)> = None;
    for (id, expr) in hir.exprs() {
        let (ExprKind::Call { callee, .. } | ExprKind::New { callee, .. }) = &expr.kind else {
            continue;
        };
        if ends_in(hir, *callee, token) {
            let len = u32::from(expr.range.len());
            if best.is_none_or(|(_, known)| len < known) {
                best = Some((id, len));
            }
        }
    }
    best.map(|(id, _)| id)
}

fn ends_in(hir: &Hir, callee: ExprId, token: TokenId) -> bool {
    match hir.expr(callee).kind {
        ExprKind::Name(it) | ExprKind::Member { property: it, .. } => it == token,
        ExprKind::NonNull(inner) => ends_in(hir, inner, token),
        _ => false,
    }
}

/// TypeScript's rules for go to definition.
fn definition(
    world: &World,
    semantics: &Semantics<'_>,
    file: SourceFile,
    offset: TextSize,
) -> Vec<Place> {
    let hir = semantics.hir(file);
    let tokens: Vec<TokenId> = hir.tokens_at(offset).collect();
    let mut places = Vec::new();
    for &token in &tokens {
        let it = *hir.token(token);
        let name = hir.name(it.name).clone();
        let mut targets = Targets::new();
        match it.kind {
            TokenKind::Decl(decl) => {
                if let Some(object) = semantics.object_of_key(file, &hir, decl) {
                    targets = semantics.object_member(file, &hir, object, &name);
                    if !targets.is_empty() && matches!(hir.decl(decl).data, DeclData::Function(_)) {
                        push_declarations(world, semantics, &targets, true, &mut places);
                        continue;
                    }
                    if targets.is_empty() && it.flags.has(TokenFlags::SHORTHAND) {
                        continue;
                    }
                } else if it.flags.has(TokenFlags::SHORTHAND) && tokens.len() > 1 {
                    // The property that a pattern takes out.
                    if tokens
                        .iter()
                        .any(|&it| matches!(hir.token(it).kind, TokenKind::PatternKey(_)))
                    {
                        continue;
                    }
                }
                if targets.is_empty() {
                    targets = semantics.token(file, &hir, token);
                    let decl_of = hir.decl(decl);
                    let function = matches!(decl_of.data, DeclData::Function(_));
                    if function && decl_of.kind != DeclKind::Accessor {
                        push_declarations(world, semantics, &targets, true, &mut places);
                        continue;
                    }
                }
            }
            _ => targets = semantics.token(file, &hir, token),
        }
        let targets = match namespace_import(semantics, &targets) {
            Some(own) if matches!(it.kind, TokenKind::Use { .. }) => own,
            _ => semantics.follow_all(targets),
        };
        if let Some(call) = call_of(&hir, token)
            && let Some((at, function)) = semantics.called_function(file, &hir, call)
        {
            let of = semantics.hir(at);
            let called = of.function(function);
            let is_type = matches!(
                called.kind,
                FunctionKind::Signature | FunctionKind::ConstructSignature
            ) && called.decl.is_none()
                && is_function_type(&of, function);
            if !is_type {
                let known = semantics.called_signature(file, &hir, call, &targets);
                let own = match called.decl {
                    Some(decl) if called.kind != FunctionKind::Constructor => {
                        of.decl(decl).name_range
                    }
                    _ => called.range,
                };
                if known.is_none() {
                    push_declarations(world, semantics, &targets, false, &mut places);
                }
                places.push(world.place(at, own));
                continue;
            }
        }
        if let TokenKind::Member { object, .. } = it.kind
            && targets.is_empty()
        {
            if std::env::var_os("SHOW").is_some() {
                let ty = semantics.describe(&semantics.expr_type(file, &hir, object));
                println!("TYPE {}", ty.chars().take(900).collect::<String>());
            }
            let all = semantics.index_signatures(file, &hir, object);
            places.extend(
                all.into_iter()
                    .map(|(file, range)| world.place(file, range)),
            );
        }
        if it.flags.has(TokenFlags::JSX_TAG)
            && matches!(it.kind, TokenKind::Member { .. })
            && let Some(tag) = hir
                .exprs()
                .find_map(|(id, _)| ends_in(&hir, id, token).then_some(id))
            && let Some((at, function)) = semantics.tag_function(file, &hir, tag)
            && semantics.hir(at).function(function).decl.is_none()
            && !is_function_type(&semantics.hir(at), function)
        {
            places.push(world.place(at, semantics.hir(at).function(function).range));
        }
        let called = it.flags.has(TokenFlags::CALL) || it.flags.has(TokenFlags::NEW);
        push_declarations(world, semantics, &targets, called, &mut places);
    }
    places
}

/// A use of `* as ns` leads to that name.
fn namespace_import(semantics: &Semantics<'_>, targets: &Targets) -> Option<Targets> {
    let def = targets.first()?.def()?;
    let hir = semantics.hir(def.file);
    let is = matches!(
        hir.first_decl(def.symbol).data,
        DeclData::Import(_, Imported::Namespace)
    );
    is.then(|| targets.clone())
}

/// Whether a signature is written as a type of its own.
fn is_function_type(hir: &Hir, function: symphony_hir::FunctionId) -> bool {
    !hir.shapes()
        .any(|(_, shape)| shape.calls.contains(&function) || shape.constructs.contains(&function))
}

fn push_declarations(
    world: &World,
    semantics: &Semantics<'_>,
    targets: &Targets,
    called: bool,
    places: &mut Vec<Place>,
) {
    for &target in targets {
        match target {
            Target::Module(file) => places.push(world.place(
                file,
                TextRange::up_to((world.text(file).len() as u32).into()),
            )),
            Target::Ambient(file, scope) => {
                let hir = semantics.hir(file);
                let known = hir
                    .ambient_modules()
                    .iter()
                    .find(|it| it.scope == Some(scope));
                places.extend(known.map(|it| world.place(file, hir.decl(it.decl).name_range)));
            }
            Target::Symbol(def) => {
                let hir = semantics.hir(def.file);
                let decls = &hir.symbol(def.symbol).decls;
                let is_function = |it: &DeclId| matches!(hir.decl(*it).data, DeclData::Function(_));
                let has_body = |it: &DeclId| hir.has(*it, DeclFlags::HAS_BODY);
                let functions: Vec<DeclId> = decls.iter().copied().filter(is_function).collect();
                let shown: Vec<DeclId> = if called && !functions.is_empty() {
                    let bodies: Vec<DeclId> = functions.iter().copied().filter(has_body).collect();
                    if bodies.is_empty() {
                        vec![functions[functions.len() - 1]]
                    } else {
                        bodies
                    }
                } else {
                    decls.to_vec()
                };
                for decl in shown {
                    places.push(world.place(def.file, hir.decl(decl).name_range));
                }
            }
        }
    }
}

fn agrees(expected: &[Place], found: &[Place]) -> bool {
    let same =
        |a: &Place, b: &Place| a.0 == b.0 && (a.0.starts_with("lib:") || overlap(&a.1, &b.1));
    expected.iter().all(|a| found.iter().any(|b| same(a, b)))
        && found.iter().all(|b| expected.iter().any(|a| same(a, b)))
}

fn overlap(a: &[u64; 4], b: &[u64; 4]) -> bool {
    (a[0], a[1]) <= (b[2], b[3]) && (b[0], b[1]) <= (a[2], a[3])
}

fn places(value: &Value) -> Vec<Place> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(|it| {
        let it = it.as_array()?;
        let at = |n: usize| it.get(n).and_then(Value::as_u64).unwrap_or_default();
        Some((
            it.first()?.as_str()?.to_owned(),
            [at(1), at(2), at(3), at(4)],
        ))
    })
    .collect()
}

#[derive(Default)]
struct Score {
    right: u32,
    empty: u32,
    all: u32,
}

/// Asks what every name of a project stands for: for the time that takes, and that nothing panics.
fn ask_everything(world: &World) {
    let started = std::time::Instant::now();
    let (mut asked, mut known) = (0_u32, 0_u32);
    for entry in source_files(&world.root, &|| false) {
        let path = entry.path;
        let file = world.db.source_file(world.disk.id(path));
        world.db.attach(|_| {
            let semantics = Semantics::new(&world.db);
            let hir = semantics.hir(file);
            for at in 0..hir.tokens().len() as u32 {
                let token = TokenId(at);
                let found = semantics.token(file, &hir, token);
                asked += 1;
                known += u32::from(!semantics.follow_all(found).is_empty());
            }
        });
    }
    let each = started.elapsed() / asked.max(1);
    println!("{asked} names, {known} known, {each:?} each");
}

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut wrong = (0, String::new());
    if let Some(at) = args.iter().position(|it| it == "--wrong") {
        wrong = (
            args[at + 1].parse().unwrap_or(10),
            args.get(at + 2).cloned().unwrap_or_default(),
        );
        args.truncate(at);
    }
    let (lib, root) = (PathBuf::from(&args[0]), PathBuf::from(&args[1]));
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for oracle in &args[2..] {
        let name = Path::new(oracle)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let name = name.split('.').next().unwrap_or_default().to_owned();
        let rows = std::fs::read_to_string(oracle).unwrap_or_default();
        let world = World::load(&lib, &root.join(&name));
        if std::env::var_os("ALL").is_some() {
            ask_everything(&world);
            continue;
        }
        let before = std::time::Instant::now();
        let mut slowest = (std::time::Duration::ZERO, String::new());
        for row in rows.lines() {
            let Ok(row) = serde_json::from_str::<Value>(row) else {
                continue;
            };
            if row["kind"] != "position" {
                continue;
            }
            let category = row["category"].as_str().unwrap_or_default().to_owned();
            let expected = places(&row["definition"]);
            if let Ok(only) = std::env::var("ONLY")
                && !format!(
                    "{}:{}",
                    row["file"].as_str().unwrap_or_default(),
                    row["at"][0].as_u64().unwrap_or(0) + 1
                )
                .ends_with(&only)
            {
                continue;
            }
            let path = row["file"].as_str().unwrap_or_default().to_owned();
            let file = world.db.source_file(world.disk.id(world.root.join(&path)));
            let at = &row["at"];
            let position = Position {
                line: at[0].as_u64().unwrap_or(0) as u32,
                column: at[1].as_u64().unwrap_or(0) as u32,
            };
            let text = world.text(file);
            let offset = LineIndex::new(&text).offset(&text, position, PositionEncoding::Utf16);
            let started = std::time::Instant::now();
            let found = world
                .db
                .attach(|_| definition(&world, &Semantics::new(&world.db), file, offset));
            if started.elapsed() > slowest.0 {
                slowest = (started.elapsed(), format!("{path}:{at}"));
            }
            let right = agrees(&expected, &found);
            if expected.is_empty() {
                continue;
            }
            for key in [category.clone(), format!("{name}/"), "~all".into()] {
                let score = scores.entry(key).or_default();
                score.all += 1;
                score.right += u32::from(right);
                score.empty += u32::from(!right && found.is_empty());
            }
            if !right
                && wrong.0 > 0
                && (wrong.1.is_empty() || wrong.1.split(',').any(|it| it == category || it == name))
            {
                wrong.0 -= 1;
                let line = text
                    .lines()
                    .nth(position.line as usize)
                    .unwrap_or_default()
                    .trim();
                println!(
                    "{category} {name}/{path}:{}:{} `{}` in {line}\n   ours {found:?}\n   theirs {expected:?}",
                    position.line + 1,
                    position.column + 1,
                    row["text"].as_str().unwrap_or_default()
                );
            }
        }
        println!(
            "{name}: {:?}, slowest {:?} at {}",
            before.elapsed(),
            slowest.0,
            slowest.1
        );
    }
    for (name, score) in &scores {
        println!(
            "{name:20} {:5.1} %  of {:4}, {:3} empty",
            f64::from(score.right) * 100.0 / f64::from(score.all),
            score.all,
            score.empty
        );
    }
}
