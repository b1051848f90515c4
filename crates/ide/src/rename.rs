//! Renaming: the edits in all files, what may not be renamed, and where a new name would mean something else.
//!
//! Other names stay: `{ a }` becomes `{ a: b }` or `{ b: a }`, `export { a }` becomes `export { b as a }`.

use symphony_db::{Db, SourceFile, Workspace};
use symphony_hir::{DeclData, DeclKind, Hir, Home, Imported, TokenFlags, TokenId, TokenKind};
use symphony_semantic::{Def, Semantics};
use symphony_text::{TextRange, TextSize};

use crate::TextEdit;
use crate::names::touched;
use crate::references::identity::Key;
use crate::references::{ReferenceQuery, in_file, renames, special};

mod conflicts;
#[cfg(test)]
mod tests;
mod words;

pub use conflicts::{RenameConflict, rename_conflicts};

/// Why something is not renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenameRefusal {
    /// It is no name, or nothing is known of it.
    NoName,
    /// It is a keyword or `default`.
    Keyword,
    /// It is the specifier of a module.
    Module,
    /// It is declared outside of the workspace: by a library or a package.
    Foreign,
    /// The new name is none.
    InvalidName,
}

impl RenameRefusal {
    /// What the user is told.
    pub fn message(self) -> &'static str {
        match self {
            Self::NoName => "You cannot rename this element.",
            Self::Keyword => "You cannot rename a keyword.",
            Self::Module => "You cannot rename a module here: rename its file.",
            Self::Foreign => {
                "You cannot rename elements that are declared in a library or a package."
            }
            Self::InvalidName => "The new name is not a valid identifier.",
        }
    }
}

/// The place and the text of the name at `offset`, if it may be renamed.
///
/// # Errors
///
/// Why it may not.
pub fn prepare_rename(
    db: &dyn Db,
    file: SourceFile,
    offset: TextSize,
) -> Result<(TextRange, String), RenameRefusal> {
    let semantics = Semantics::new(db);
    let hir = semantics.hir(file);
    let tokens = touched(&hir, offset);
    let first = *tokens.first().ok_or(RenameRefusal::NoName)?;
    Subject::new(&semantics, file, &tokens)?;
    let it = hir.token(first);
    Ok((it.range, hir.name(it.name).to_string()))
}

/// The edits that give what is at `offset` a new name, by file and in the order of the text.
///
/// # Errors
///
/// Why it may not be renamed.
pub fn rename(
    db: &dyn Db,
    file: SourceFile,
    offset: TextSize,
    new_name: &str,
) -> Result<Vec<(SourceFile, Vec<TextEdit>)>, RenameRefusal> {
    let semantics = Semantics::new(db);
    let hir = semantics.hir(file);
    let tokens = touched(&hir, offset);
    let subject = Subject::new(&semantics, file, &tokens)?;
    let old = tokens.first().map(|&it| hir.name(hir.token(it).name));
    // What is private may be made public, not the other way round: it may be named outside.
    let hides = new_name.starts_with('#') && !old.is_some_and(|old| old.starts_with('#'));
    if !words::is_name(new_name) || hides {
        return Err(RenameRefusal::InvalidName);
    }
    Ok(subject.edits(&semantics, new_name))
}

/// What is renamed.
enum Subject {
    /// A label, or what else is named in one file only.
    Places(SourceFile, Vec<TextRange>),
    /// What a query finds.
    Query(ReferenceQuery),
}

impl Subject {
    fn new(
        semantics: &Semantics<'_>,
        file: SourceFile,
        tokens: &[TokenId],
    ) -> Result<Self, RenameRefusal> {
        let hir = semantics.hir(file);
        let first = *tokens.first().ok_or(RenameRefusal::NoName)?;
        let it = hir.token(first);
        match it.kind {
            TokenKind::This(_) => return Err(RenameRefusal::Keyword),
            TokenKind::Module(_) => return Err(RenameRefusal::Module),
            TokenKind::JsxIntrinsic => return Err(RenameRefusal::Foreign),
            TokenKind::Label(_) => {
                let found = special::in_file(file, &hir, first).unwrap_or_default();
                let ranges = found.into_iter().map(|it| it.range).collect();
                return Ok(Self::Places(file, ranges));
            }
            TokenKind::Decl(decl) if hir.decl(decl).kind == DeclKind::Constructor => {
                return Err(RenameRefusal::Keyword);
            }
            _ if hir.name(it.name) == "default" && !matches!(it.kind, TokenKind::Member { .. }) => {
                return Err(RenameRefusal::Keyword);
            }
            _ => {}
        }
        let query =
            ReferenceQuery::of_rename(semantics, file, tokens).ok_or(RenameRefusal::NoName)?;
        // A member that a foreign type asks for has to keep its name as well.
        if query
            .symbols()
            .any(|def| !in_workspace(semantics.db, def.file))
        {
            return Err(RenameRefusal::Foreign);
        }
        Ok(Self::Query(query))
    }

    fn edits(&self, semantics: &Semantics<'_>, new_name: &str) -> Vec<(SourceFile, Vec<TextEdit>)> {
        let query = match self {
            Self::Places(file, ranges) => {
                let edit = |&range: &TextRange| TextEdit {
                    range,
                    new_text: new_name.to_owned(),
                };
                return vec![(*file, ranges.iter().map(edit).collect())];
            }
            Self::Query(query) => query,
        };
        let mut query = query.clone();
        let files = query.files(semantics);
        let query = &query;
        let mut all = Vec::new();
        for file in files {
            let hir = semantics.hir(file);
            let found = in_file(semantics, file, query);
            if !in_workspace(semantics.db, file) {
                continue;
            }
            let mut edits: Vec<TextEdit> = found
                .tokens
                .iter()
                .map(|&token| TextEdit {
                    range: hir.token(token).range,
                    new_text: replacement(query, file, &hir, token, new_name),
                })
                .collect();
            edits.sort_by_key(|it| it.range.start());
            edits.dedup_by_key(|it| it.range);
            if !edits.is_empty() {
                all.push((file, edits));
            }
        }
        all
    }
}

/// What takes the place of a name, so that names that stay are still bound.
fn replacement(
    query: &ReferenceQuery,
    file: SourceFile,
    hir: &Hir,
    token: TokenId,
    new_name: &str,
) -> String {
    let it = hir.token(token);
    let old = hir.name(it.name);
    match it.kind {
        TokenKind::Decl(decl) if hir.decl(decl).kind == DeclKind::Import => {
            let own = Def {
                file,
                symbol: hir.decl(decl).symbol,
            };
            let takes_name = matches!(hir.decl(decl).data, DeclData::Import(_, Imported::Named(name)) if name == it.name)
                && !follows_as(hir, token);
            // An import under the name of what is renamed is renamed with it; else it keeps what it imports.
            if takes_name && query.has(&Key::Symbol(own)) {
                return format!("{old} as {new_name}");
            }
        }
        TokenKind::ExportLocal { .. } | TokenKind::Reexported(_)
            if !renames::has_alias(hir, token) =>
        {
            return if query.has(&Key::Export(file, token)) {
                format!("{old} as {new_name}")
            } else {
                format!("{new_name} as {old}")
            };
        }
        TokenKind::PatternKey(_) if renames::is_shorthand(hir, token) => {
            return format!("{new_name}: {old}");
        }
        TokenKind::Decl(decl) if renames::is_shorthand(hir, token) => {
            let is_property = matches!(hir.symbol(hir.decl(decl).symbol).home, Home::Table(_));
            return if is_property {
                format!("{new_name}: {old}")
            } else {
                format!("{old}: {new_name}")
            };
        }
        TokenKind::Use { .. } if it.flags.has(TokenFlags::SHORTHAND) => {
            return format!("{old}: {new_name}");
        }
        _ => {}
    }
    new_name.to_owned()
}

/// Whether an import's name stands behind `as`.
fn follows_as(hir: &Hir, token: TokenId) -> bool {
    let at = hir.token(token).range;
    let listed = hir.imports().iter().filter_map(|it| it.named.as_ref());
    let mut specifiers = listed.flat_map(|it| it.specifiers.iter());
    specifiers
        .find(|it| it.range.contains_range(at))
        .is_some_and(|it| {
            let mut inside = hir.tokens_in(it.range);
            inside.any(|(_, other)| other.range.start() < at.start())
        })
}

/// Whether a file is the user's own.
fn in_workspace(db: &dyn Db, file: SourceFile) -> bool {
    Workspace::try_get(db).is_some_and(|workspace| {
        let id = file.id(db);
        let files = workspace.files(db);
        files.binary_search_by_key(&id, |it| it.id(db)).is_ok()
    })
}
