//! Code actions: what an editor offers to change, with the edits that do it.
//!
//! An action is offered only if it is known to leave the rest of the file as it was.

use symphony_hir::{DeclData, DeclId, DeclKind, Hir, PatternSource, TokenKind};
use symphony_text::{TextRange, TextSize};
use symphony_vfs::FileId;

use crate::edit::TextEdit;
use crate::organize_imports::{OrganizeMode, OrganizeOptions, organize_imports, remove_import};
use crate::unused::{Unused, UnusedKind, unused_names};

/// What an editor may offer at a place or for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeAction {
    /// What it is called in a menu.
    pub title: String,
    /// What sort of action it is.
    pub kind: ActionKind,
    /// What it changes.
    pub edits: Vec<(FileId, Vec<TextEdit>)>,
    /// Whether it is the one to take if there are several.
    pub preferred: bool,
}

/// What sort of action it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionKind {
    /// Mends what is said about one place.
    QuickFix,
    /// Removes, joins and sorts imports.
    OrganizeImports,
    /// Joins and sorts imports.
    SortImports,
    /// Removes unused imports.
    RemoveUnusedImports,
    /// Removes all that is unused.
    RemoveUnused,
    /// Mends everything of one sort.
    FixAll,
}

/// What can be done about the unused names that touch `range`.
pub fn unused_fixes(
    text: &str,
    hir: &Hir,
    file: FileId,
    range: TextRange,
    jsx_factories: &[&str],
) -> Vec<CodeAction> {
    unused_names(text, hir, jsx_factories)
        .iter()
        .filter(|it| it.range.intersect(range).is_some())
        .filter_map(|it| fix(text, hir, file, it))
        .collect()
}

/// What can be done with a whole file: organise, sort and clean its imports, and remove what it does not use. Nothing is
/// listed that would change nothing.
pub fn source_actions(
    text: &str,
    hir: &Hir,
    file: FileId,
    options: OrganizeOptions<'_>,
) -> Vec<CodeAction> {
    let modes = [
        (
            OrganizeMode::All,
            ActionKind::OrganizeImports,
            "Organize Imports",
        ),
        (
            OrganizeMode::SortAndCombine,
            ActionKind::SortImports,
            "Sort Imports",
        ),
        (
            OrganizeMode::RemoveUnused,
            ActionKind::RemoveUnusedImports,
            "Remove Unused Imports",
        ),
    ];
    let mut actions = Vec::new();
    for (mode, kind, title) in modes {
        let edits = organize_imports(text, hir, OrganizeOptions { mode, ..options });
        actions.extend(action(title.to_owned(), kind, file, edits));
    }
    let edits = remove_all(text, hir, options.jsx_factories);
    let title = "Remove all unused declarations".to_owned();
    actions.extend(action(title, ActionKind::RemoveUnused, file, edits));
    actions
}

fn action(
    title: String,
    kind: ActionKind,
    file: FileId,
    edits: Vec<TextEdit>,
) -> Option<CodeAction> {
    (!edits.is_empty()).then(|| CodeAction {
        title,
        kind,
        edits: vec![(file, edits)],
        preferred: false,
    })
}

fn fix(text: &str, hir: &Hir, file: FileId, unused: &Unused) -> Option<CodeAction> {
    let decl = hir.decl(unused.decl);
    let name = hir.name(decl.name);
    let whole = import_range(unused, hir);
    let (title, edits) = match unused.kind {
        UnusedKind::Parameter => (
            format!("Prefix '{name}' with an underscore"),
            underscored(hir, unused.decl)?,
        ),
        UnusedKind::Import | UnusedKind::AllImports if whole => {
            let DeclData::Import(module, _) = decl.data else {
                return None;
            };
            let module = hir.name(hir.module(module).specifier);
            (
                format!("Remove import from '{module}'"),
                vec![removal(text, hir, unused)?],
            )
        }
        _ => (
            format!("Remove unused declaration for: '{name}'"),
            vec![removal(text, hir, unused)?],
        ),
    };
    let mut fix = action(title, ActionKind::QuickFix, file, edits)?;
    fix.preferred = matches!(unused.kind, UnusedKind::Import | UnusedKind::AllImports);
    Some(fix)
}

/// Whether all that an import binds is unused.
fn import_range(unused: &Unused, hir: &Hir) -> bool {
    unused.range != hir.decl(unused.decl).name_range
}

/// All removals that do not overlap. The names of one import are removed one by one where some are used.
fn remove_all(text: &str, hir: &Hir, jsx_factories: &[&str]) -> Vec<TextEdit> {
    let options = OrganizeOptions {
        mode: OrganizeMode::RemoveUnused,
        jsx_factories,
        ..OrganizeOptions::default()
    };
    let mut edits = organize_imports(text, hir, options);
    for unused in unused_names(text, hir, jsx_factories) {
        let is_import = matches!(unused.kind, UnusedKind::Import | UnusedKind::AllImports);
        if is_import || unused.kind == UnusedKind::Parameter {
            continue;
        }
        let overlaps = |edit: &TextEdit, other: &TextEdit| {
            (edit.range.intersect(other.range)).is_some_and(|it| !it.is_empty())
        };
        if let Some(edit) = removal(text, hir, &unused)
            && !edits.iter().any(|other| overlaps(&edit, other))
        {
            edits.push(edit);
        }
    }
    edits.sort_by_key(|it| it.range.start());
    edits
}

/// The edit that removes a declaration; none where more than the declaration would have to go.
fn removal(text: &str, hir: &Hir, unused: &Unused) -> Option<TextEdit> {
    let decl = hir.decl(unused.decl);
    match unused.kind {
        UnusedKind::Import | UnusedKind::AllImports => {
            remove_import(text, hir, unused.decl, import_range(unused, hir))
        }
        UnusedKind::Local | UnusedKind::Type | UnusedKind::Member => {
            let is_alone = hir.symbol(decl.symbol).decls.len() == 1;
            if !is_alone || is_named_elsewhere(hir, unused.decl) {
                return None;
            }
            let range = if decl.kind.is_variable() {
                variable_statement(text, hir, unused.decl)?
            } else {
                decl.range
            };
            whole_lines(text, range)
        }
        UnusedKind::Parameter | UnusedKind::TypeParameter | UnusedKind::Property => None,
    }
}

/// Whether anything outside of a declaration names it, be it only to assign to it.
fn is_named_elsewhere(hir: &Hir, id: DeclId) -> bool {
    let decl = hir.decl(id);
    hir.tokens().iter().any(|token| {
        let names = match token.kind {
            TokenKind::Use { symbol, .. } | TokenKind::ExportLocal { symbol, .. } => {
                symbol == Some(decl.symbol)
            }
            TokenKind::Member { .. } => decl.kind.is_member() && token.name == decl.name,
            _ => false,
        };
        names && !decl.range.contains_range(token.range)
    })
}

/// `const a = ..` where it is the only variable of its statement and nothing is called to make its value.
fn variable_statement(text: &str, hir: &Hir, id: DeclId) -> Option<TextRange> {
    let decl = hir.decl(id);
    let DeclData::Binding(pattern) = decl.data else {
        return None;
    };
    let is_plain = matches!(hir.pattern(pattern).source, PatternSource::Variable(..))
        && decl.name_range.start() == decl.range.start();
    let (start, end) = (
        usize::from(decl.range.start()),
        usize::from(decl.range.end()),
    );
    let before = text.get(..start)?.trim_end();
    let word = ["const", "let", "var"]
        .into_iter()
        .find(|word| before.ends_with(word))?;
    let behind = text.get(end..)?;
    let ends = behind.trim_start_matches([' ', '\t']);
    let is_last = ends.is_empty() || ends.starts_with([';', '\n', '\r', '}']);
    let has_effect =
        text[start..end].contains(['(', '`', '+', '-']) || text[start..end].contains("await");
    let statement_start = before.len() - word.len();
    (is_plain && is_last && !has_effect)
        .then(|| TextRange::new((statement_start as u32).into(), decl.range.end()))
}

/// The lines of a declaration that has them to itself, with its semicolon and the documentation above it.
fn whole_lines(text: &str, range: TextRange) -> Option<TextEdit> {
    let (start, mut end) = (usize::from(range.start()), usize::from(range.end()));
    let line = text
        .get(..start)?
        .rfind(['\n', '\r'])
        .map_or(0, |it| it + 1);
    if !text[line..start]
        .trim_matches([' ', '\t', '\u{feff}'])
        .is_empty()
    {
        return None;
    }
    let rest = text.get(end..)?;
    let behind = rest.trim_start_matches([' ', '\t', ';']);
    end += rest.len() - behind.len();
    if let Some(after) = behind.strip_prefix("\r\n").or(behind.strip_prefix('\n')) {
        end += behind.len() - after.len();
    } else if !behind.is_empty() {
        return None;
    }
    let mut from = line;
    let above = text[..line].trim_end();
    if above.ends_with("*/")
        && text[above.len()..line].matches('\n').count() == 1
        && let Some(open) = above.rfind("/*")
        && above[open..].starts_with("/**")
    {
        let own = above[..open].rfind(['\n', '\r']).map_or(0, |it| it + 1);
        if above[own..open].trim().is_empty() {
            from = own;
        }
    }
    let at = |offset: usize| TextSize::from(offset as u32);
    Some(TextEdit {
        range: TextRange::new(at(from), at(end)),
        new_text: String::new(),
    })
}

/// `_a` for `a`, wherever it is named; none if that name is taken or `a` stands for a property as well.
fn underscored(hir: &Hir, id: DeclId) -> Option<Vec<TextEdit>> {
    let decl = hir.decl(id);
    let is_plain = decl.kind == DeclKind::Parameter
        && !hir.has(id, symphony_hir::DeclFlags::SHORTHAND)
        && hir.name_id(&format!("_{}", hir.name(decl.name))).is_none();
    let insert = |at: TextSize| TextEdit {
        range: TextRange::empty(at),
        new_text: "_".to_owned(),
    };
    let uses = hir.tokens().iter().filter(|token| match token.kind {
        TokenKind::Use { symbol, .. } | TokenKind::ParameterName { symbol, .. } => {
            symbol == Some(decl.symbol)
        }
        TokenKind::Decl(it) => it == id,
        _ => false,
    });
    let mut edits = Vec::new();
    for token in uses {
        if token.flags.has(symphony_hir::TokenFlags::SHORTHAND) {
            return None;
        }
        edits.push(insert(token.range.start()));
    }
    is_plain.then_some(edits)
}

#[cfg(test)]
mod tests;
