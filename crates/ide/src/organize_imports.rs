//! Organising imports: removes unused ones, joins those of one module, and sorts them, exports as well.
//!
//! Groups that blank lines or comments keep apart stay apart, the order that the file already keeps is kept, and what is
//! already so is not touched. All of it follows TypeScript's own `organizeImports`.

mod coalesce;
mod order;
mod place;
mod print;
mod single;
mod statement;
mod trivia;
mod used;

use symphony_hir::{Hir, ScopeId, ScopeKind};
use symphony_text::TextRange;

use crate::edit::{TextEdit, apply_edits};
use coalesce::{Planned, Unbound};
use order::{Case, Order};
use print::Style;
use statement::{Name, Statement};
use trivia::Stop;
use used::UsedImports;

pub(crate) use single::remove_import;

/// What is to be done with the imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganizeMode {
    /// All of it.
    All,
    /// Nothing is removed.
    SortAndCombine,
    /// Nothing is moved.
    RemoveUnused,
}

/// How imports are organised.
#[derive(Clone, Copy, Debug)]
pub struct OrganizeOptions<'a> {
    /// What is done.
    pub mode: OrganizeMode,
    /// The names that JSX uses without naming them: `React` where `jsx` is `react`.
    pub jsx_factories: &'a [&'a str],
    /// What names on lines of their own are indented by; as in the file if none.
    pub indent: Option<&'a str>,
    /// What ends a line; as in the file if none.
    pub newline: Option<&'a str>,
    /// Whether declarations that are in order are spaced anew, as TypeScript does. Comments are never lost by that.
    pub respace: bool,
    /// Whether the text has syntax errors: then a name that stands anywhere in it counts as used.
    pub is_broken: bool,
}

impl Default for OrganizeOptions<'_> {
    fn default() -> Self {
        Self {
            mode: OrganizeMode::All,
            jsx_factories: &[],
            indent: None,
            newline: None,
            respace: true,
            is_broken: false,
        }
    }
}

/// The edits that organise the imports and exports of a file; none if there is nothing to do, or if one of them is broken.
pub fn organize_imports(text: &str, hir: &Hir, options: OrganizeOptions<'_>) -> Vec<TextEdit> {
    let Some(organizer) = Organizer::new(text, hir, options) else {
        return Vec::new();
    };
    let mut edits = Vec::new();
    let groups = organizer.groups(organizer.of(Hir::FILE, false));
    let order = order::detect(&groups);
    for group in &groups {
        organizer.imports(group, order, &mut edits);
    }
    if options.mode != OrganizeMode::RemoveUnused {
        for group in organizer.export_groups() {
            organizer.exports(&group, order, &mut edits);
        }
    }
    for module in hir.ambient_modules() {
        let Some(scope) = module.scope else { continue };
        if hir.scope(scope).parent != Some(Hir::FILE) {
            continue;
        }
        for group in organizer.groups(organizer.of(scope, false)) {
            organizer.imports(&group, order, &mut edits);
        }
        if options.mode != OrganizeMode::RemoveUnused {
            organizer.exports(&organizer.of(scope, true), order, &mut edits);
        }
    }
    edits
}

struct Organizer<'a> {
    text: &'a str,
    hir: &'a Hir,
    options: OrganizeOptions<'a>,
    newline: &'a str,
    semicolons: bool,
    /// All imports and exports in the order of the text, with their scopes.
    statements: Vec<(ScopeId, Statement<'a>)>,
    used: UsedImports,
}

impl<'a> Organizer<'a> {
    fn new(text: &'a str, hir: &'a Hir, options: OrganizeOptions<'a>) -> Option<Self> {
        let imports = hir.imports().iter().map(|it| (it.scope, it.range));
        let exports = hir
            .export_statements()
            .iter()
            .map(|it| (it.scope, it.range));
        let mut statements = Vec::new();
        for (scope, range) in imports.chain(exports) {
            if matches!(
                hir.scope(scope).kind,
                ScopeKind::File | ScopeKind::AmbientModule
            ) {
                let (start, end) = (range.start().into(), range.end().into());
                statements.push((scope, Statement::read(text, start, end)?));
            }
        }
        statements.sort_by_key(|(_, it)| it.start);
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Some(Self {
            text,
            hir,
            options,
            newline: options.newline.unwrap_or(newline),
            semicolons: used::uses_semicolons(text, &statements),
            statements,
            used: UsedImports::collect(text, hir, options),
        })
    }

    fn of(&self, scope: ScopeId, exports: bool) -> Vec<&Statement<'a>> {
        self.statements
            .iter()
            .filter(|(of, it)| *of == scope && it.is_export == exports)
            .map(|(_, it)| it)
            .collect()
    }

    /// Parts declarations where blank lines or lines of comments do.
    fn groups<'s>(&'s self, all: Vec<&'s Statement<'a>>) -> Vec<Vec<&'s Statement<'a>>> {
        let mut groups: Vec<Vec<&Statement<'a>>> = Vec::new();
        for it in all {
            match groups.last_mut() {
                Some(group) if !self.stands_apart(it) => group.push(it),
                _ => groups.push(vec![it]),
            }
        }
        groups
    }

    /// The exports of the file, as they are organised together: those with a module up to the first without, which
    /// takes in all that follow it directly.
    fn export_groups(&self) -> Vec<Vec<&Statement<'a>>> {
        let all = self.of(Hir::FILE, true);
        let mut runs: Vec<Vec<&Statement<'a>>> = vec![Vec::new()];
        let mut at = 0;
        while let Some(&export) = all.get(at) {
            let Some(run) = runs.last_mut() else { break };
            run.push(export);
            at += 1;
            if export.module.is_none() {
                let mut end = export.end;
                while let Some(&next) = all.get(at)
                    && trivia::skip(self.text, end, Stop::NEVER) == next.start
                {
                    run.push(next);
                    end = next.end;
                    at += 1;
                }
                runs.push(Vec::new());
            }
        }
        runs.into_iter().flat_map(|run| self.groups(run)).collect()
    }

    fn imports(&self, group: &[&Statement<'a>], order: Order, edits: &mut Vec<TextEdit>) {
        let mode = self.options.mode;
        let is_used = |name: Name<'a>| self.used.has(name.start);
        let unbound = |it: &Statement<'a>| self.unbound(it);
        self.rewrite(group, order, edits, &|mut planned| {
            if mode != OrganizeMode::SortAndCombine {
                planned = coalesce::without_unused(planned, &is_used, &unbound);
            }
            if mode != OrganizeMode::RemoveUnused {
                planned = coalesce::imports(self.text, planned, order);
            }
            planned
        });
    }

    fn exports(&self, group: &[&Statement<'a>], order: Order, edits: &mut Vec<TextEdit>) {
        let case = if order.names_detected {
            order.names
        } else {
            Case::Kept
        };
        self.rewrite(group, order, edits, &|planned| {
            coalesce::exports(planned, case)
        });
    }

    fn unbound(&self, import: &Statement<'a>) -> Unbound {
        let name = import.module_name();
        let augments = self.hir.is_module
            && self.hir.ambient_modules().iter().any(|it| {
                let specifier = self.hir.module(it.module).specifier;
                Some(self.hir.name(specifier).as_str()) == name
            });
        match (augments, self.hir.is_declarations) {
            (false, _) => Unbound::Removed,
            (true, false) => Unbound::Kept,
            (true, true) => Unbound::Bare,
        }
    }

    /// Writes a group anew: all of it where its first declaration is, nothing where the others are.
    fn rewrite<'s>(
        &self,
        group: &[&'s Statement<'a>],
        order: Order,
        edits: &mut Vec<TextEdit>,
        coalesce: &dyn Fn(Vec<Planned<'s, 'a>>) -> Vec<Planned<'s, 'a>>,
    ) {
        let Some((&first, others)) = group.split_first() else {
            return;
        };
        let mut parts: Vec<Vec<Planned<'s, 'a>>> = Vec::new();
        let combines = self.options.mode != OrganizeMode::RemoveUnused;
        for &it in group {
            let planned = Planned::as_written(it);
            let name = it.module_name();
            let same = |part: &&mut Vec<Planned<'s, 'a>>| part[0].base.module_name() == name;
            match parts.iter_mut().find(|part| !combines || same(part)) {
                Some(part) => part.push(planned),
                None => parts.push(vec![planned]),
            }
        }
        if combines {
            let name = |part: &[Planned<'s, 'a>]| part[0].base.module_name();
            parts.sort_by(|a, b| order::compare_modules(name(a), name(b), order.modules));
        }
        let planned: Vec<Planned<'s, 'a>> = parts
            .into_iter()
            .flat_map(|part| match part[0].base.module_name() {
                // A module without a name is not finished yet.
                Some("") => part,
                _ => coalesce(part),
            })
            .collect();
        let rewritten = if planned.is_empty() {
            group.iter().map(|it| self.removal(it, it.start)).collect()
        } else {
            let mut all = vec![self.replacement(first, &planned)];
            let mut has_comment = self.multiline_comment_end(first).is_some();
            for it in others {
                let start = self.start_of_removal(it, has_comment);
                all.push(self.removal(it, start));
                has_comment = self.multiline_comment_end(it).is_some();
            }
            all
        };
        let in_order = is_as_written(group, &planned);
        if self.changes_anything(&rewritten, in_order) {
            edits.extend(rewritten);
        }
    }

    /// Whether edits are worth making. Where all is `in_order` already, no comment is to be lost.
    fn changes_anything(&self, edits: &[TextEdit], in_order: bool) -> bool {
        let (Some(first), Some(last)) = (edits.first(), edits.last()) else {
            return false;
        };
        let (start, end) = (
            usize::from(first.range.start()),
            usize::from(last.range.end()),
        );
        let before = &self.text[start..end];
        let shifted: Vec<TextEdit> = edits
            .iter()
            .map(|it| TextEdit {
                range: it.range - first.range.start(),
                new_text: it.new_text.clone(),
            })
            .collect();
        let after = apply_edits(before, &shifted);
        if in_order && comments(&after) != comments(before) {
            return false;
        }
        if in_order && !self.options.respace {
            let solid = |text: &str| text.replace(|it: char| it.is_whitespace() || it == ';', "");
            return solid(&after) != solid(before);
        }
        after.trim_end() != before.trim_end()
    }

    fn replacement(&self, first: &Statement<'a>, planned: &[Planned<'_, 'a>]) -> TextEdit {
        let base = trivia::indentation(self.text, first.start);
        let mut new_text = String::new();
        for (at, it) in planned.iter().enumerate() {
            let style = Style {
                text: self.text,
                newline: self.newline,
                unit: self.options.indent.unwrap_or_else(|| self.unit_of(it.base)),
                base,
                semicolons: self.semicolons,
            };
            if at > 0 {
                new_text.push_str(base);
            }
            if it.base.start != first.start {
                new_text.push_str(&print::comments_before(it, style));
            }
            new_text.push_str(&print::declaration(it, style));
            new_text.push_str(self.newline);
        }
        TextEdit {
            range: range(first.start, self.end_of_removal(first)),
            new_text,
        }
    }

    /// What the names of a list are indented by, beyond the statement.
    fn unit_of(&self, it: &Statement<'a>) -> &'a str {
        let own = trivia::indentation(self.text, it.start);
        (it.list.iter().flat_map(|list| &list.items))
            .map(|item| trivia::line_start(self.text, item.start))
            .find(|&line| line > it.start)
            .and_then(|line| trivia::indentation(self.text, line).strip_prefix(own))
            .filter(|unit| !unit.is_empty())
            .unwrap_or("    ")
    }

    fn removal(&self, it: &Statement<'a>, start: usize) -> TextEdit {
        TextEdit {
            range: range(start, self.end_of_removal(it)),
            new_text: String::new(),
        }
    }
}

/// How many comments there are, as far as that can be told without a lexer.
fn comments(text: &str) -> usize {
    text.matches("//").count() + text.matches("/*").count()
}

/// Whether nothing is removed, joined or moved.
fn is_as_written(group: &[&Statement<'_>], planned: &[Planned<'_, '_>]) -> bool {
    group.len() == planned.len()
        && group
            .iter()
            .zip(planned)
            .all(|(it, planned)| planned.is_written_as(it))
}

fn range(start: usize, end: usize) -> TextRange {
    TextRange::new((start as u32).into(), (end.max(start) as u32).into())
}

#[cfg(test)]
mod tests;
