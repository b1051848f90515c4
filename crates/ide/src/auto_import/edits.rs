//! The text of imports: into a list that is there, or as a statement of its own.

use std::cmp::Ordering;

use symphony_hir::{Hir, ImportStatement, ModuleRefKind};
use symphony_text::{TextRange, TextSize};

use crate::TextEdit;

/// What is to be imported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// The name in the file.
    pub(crate) local: &'a str,
    /// The name in the module: `default` and `export=` are names here.
    pub(crate) name: &'a str,
    /// The module.
    pub(crate) specifier: &'a str,
    /// Whether it is imported for a type alone.
    pub(crate) type_only: bool,
}

impl Wanted<'_> {
    pub(crate) fn is_default(&self) -> bool {
        matches!(self.name, "default" | "export=")
    }

    fn specifier(&self, with_type: bool) -> String {
        let word = if with_type { "type " } else { "" };
        if self.local == self.name {
            format!("{word}{}", self.local)
        } else {
            format!("{word}{} as {}", self.name, self.local)
        }
    }
}

/// How a file writes its imports.
struct Style {
    quote: char,
    semicolon: &'static str,
    line: &'static str,
}

impl Style {
    fn of(hir: &Hir, text: &str) -> Self {
        let before = |at: TextSize| text[..at.into()].chars().next_back();
        let quotes = hir.modules().filter_map(|(_, it)| before(it.range.start()));
        let first = quotes.take(5).find(|it| matches!(it, '"' | '\''));
        let counted = || text.matches('\'').count() > text.matches('"').count();
        let quote = first.unwrap_or_else(|| if counted() { '\'' } else { '"' });
        let mut ends = hir.imports().iter().map(|it| text[it.range].ends_with(';'));
        let semicolon = match ends.next() {
            Some(has) => has || ends.any(|it| it),
            None => {
                let lines = text.lines().map(str::trim_end).filter(|it| !it.is_empty());
                let (with, without) = lines.fold((0, 0), |(with, without), line| {
                    match line.chars().next_back() {
                        Some(';') => (with + 1, without),
                        Some(')' | '\'' | '"') => (with, without + 1),
                        _ => (with, without),
                    }
                });
                with >= without
            }
        };
        Self {
            quote,
            semicolon: if semicolon { ";" } else { "" },
            line: if text.contains("\r\n") { "\r\n" } else { "\n" },
        }
    }
}

/// The import statement that `wanted` can be added to.
pub(crate) fn existing_for<'h>(
    hir: &'h Hir,
    _text: &str,
    wanted: &Wanted<'_>,
) -> Option<&'h ImportStatement> {
    let same = hir.imports().iter().filter(|it| {
        it.scope == Hir::FILE && *hir.name(hir.module(it.module).specifier) == *wanted.specifier
    });
    best_existing(same, wanted)
}

/// Of several import statements the one that `wanted` is added to.
pub(crate) fn best_existing<'h>(
    statements: impl Iterator<Item = &'h ImportStatement>,
    wanted: &Wanted<'_>,
) -> Option<&'h ImportStatement> {
    let fitting: Vec<&ImportStatement> = statements.filter(|it| takes(it, wanted)).collect();
    let same = fitting
        .iter()
        .find(|it| it.type_only == wanted.type_only)
        .copied();
    same.or_else(|| fitting.first().copied())
}

fn takes(it: &ImportStatement, wanted: &Wanted<'_>) -> bool {
    let has_clause = it.default.is_some() || it.named.is_some();
    if it.namespace.is_some() || !has_clause {
        return false;
    }
    if wanted.is_default() {
        it.default.is_none() && !it.type_only && !wanted.type_only
    } else {
        it.named.is_some() || !it.type_only
    }
}

/// Adds a name to an import statement.
pub(crate) fn add_to(
    hir: &Hir,
    text: &str,
    it: &ImportStatement,
    wanted: &Wanted<'_>,
) -> Vec<TextEdit> {
    if wanted.is_default() {
        return match &it.named {
            Some(named) => vec![insert(named.braces.start(), format!("{}, ", wanted.local))],
            None => Vec::new(),
        };
    }
    let Some(named) = &it.named else {
        let Some(default) = it.default else {
            return Vec::new();
        };
        let new = format!(", {{ {} }}", wanted.specifier(wanted.type_only));
        return vec![insert(hir.decl(default).name_range.end(), new)];
    };
    let new = wanted.specifier(wanted.type_only && !it.type_only);
    let mut edits = vec![into_list(hir, text, named, wanted, new)];
    // A statement for types alone that gets a value says of each name whether it is a type.
    let promoted = it.type_only && !wanted.type_only;
    if promoted && let Some(word) = type_word(text, it.range) {
        edits.push(TextEdit {
            range: word,
            new_text: String::new(),
        });
        edits.extend(
            named
                .specifiers
                .iter()
                .map(|it| insert(it.range.start(), "type ".to_owned())),
        );
    }
    edits
}

fn into_list(
    hir: &Hir,
    text: &str,
    named: &symphony_hir::NamedImports,
    wanted: &Wanted<'_>,
    new: String,
) -> TextEdit {
    let specifiers = &named.specifiers;
    let Some(last) = specifiers.last() else {
        return TextEdit {
            range: named.braces,
            new_text: format!("{{ {new} }}"),
        };
    };
    let names: Vec<&str> = specifiers
        .iter()
        .map(|it| hir.name(it.imported).as_str())
        .collect();
    let at = match order_of(&names) {
        Some(order) => names.partition_point(|name| order(name, wanted.name).is_lt()),
        None => names.len(),
    };
    let place = match specifiers.get(at) {
        Some(next) => next.range.start(),
        None => last.range.end(),
    };
    // Each on its own line, if they are so.
    let own_line = line_before(text, specifiers[at.min(specifiers.len() - 1)].range.start());
    let between = own_line.map_or_else(|| " ".to_owned(), str::to_owned);
    if at < specifiers.len() {
        insert(place, format!("{new},{between}"))
    } else {
        insert(place, format!(",{between}{new}"))
    }
}

/// The line break and indentation before `at`, if nothing else is there.
fn line_before(text: &str, at: TextSize) -> Option<&str> {
    let before = &text[..at.into()];
    let kept = before.trim_end_matches([' ', '\t']);
    let kept = kept.strip_suffix('\n')?;
    let kept = kept.strip_suffix('\r').unwrap_or(kept);
    Some(&before[kept.len()..])
}

/// The order in which names are; none if there is none.
fn order_of(names: &[&str]) -> Option<fn(&str, &str) -> Ordering> {
    let without_case: fn(&str, &str) -> Ordering = |a, b| {
        let lower = |it: &str| it.to_lowercase();
        lower(a).cmp(&lower(b)).then_with(|| a.cmp(b))
    };
    let with_case: fn(&str, &str) -> Ordering = |a, b| a.cmp(b);
    [without_case, with_case]
        .into_iter()
        .find(|order| names.is_sorted_by(|a, b| order(a, b).is_le()))
}

/// `type ` behind `import`.
fn type_word(text: &str, statement: TextRange) -> Option<TextRange> {
    let written = &text[statement];
    let after = written.strip_prefix("import")?;
    let rest = after.trim_start();
    let behind = rest.strip_prefix("type")?;
    let start = statement.start() + TextSize::of(written) - TextSize::of(rest);
    let end = statement.end() - TextSize::of(behind.trim_start());
    Some(TextRange::new(start, end))
}

/// A new import statement.
pub(crate) fn new_import(hir: &Hir, text: &str, wanted: &Wanted<'_>) -> TextEdit {
    let style = Style::of(hir, text);
    let statement = statement(hir, wanted, &style);
    let imports: Vec<&ImportStatement> = hir
        .imports()
        .iter()
        .filter(|it| it.scope == Hir::FILE)
        .collect();
    let Some(last) = imports.last() else {
        return before_all(text, &statement, style.line);
    };
    let specifiers: Vec<&str> = imports
        .iter()
        .map(|it| hir.name(hir.module(it.module).specifier).as_str())
        .collect();
    let sorted = specifiers.is_sorted_by(|a, b| compare_specifiers(a, b).is_le());
    let at = specifiers.partition_point(|it| compare_specifiers(it, wanted.specifier).is_le());
    match imports.get(at) {
        Some(next) if sorted => insert(next.range.start(), statement + style.line),
        _ => insert(last.range.end(), format!("{}{statement}", style.line)),
    }
}

fn statement(hir: &Hir, wanted: &Wanted<'_>, style: &Style) -> String {
    let (quote, end) = (style.quote, style.semicolon);
    let module = format!("{quote}{}{quote}", wanted.specifier);
    let requires = hir.is_javascript
        && hir.imports().is_empty()
        && hir
            .modules()
            .any(|(_, it)| it.kind == ModuleRefKind::Require);
    let word = if wanted.type_only { "type " } else { "" };
    match (requires, wanted.is_default()) {
        (true, true) => format!("const {} = require({module}){end}", wanted.local),
        (true, false) => format!("const {{ {} }} = require({module}){end}", wanted.local),
        (false, true) => format!("import {word}{} from {module}{end}", wanted.local),
        (false, false) => {
            let list = wanted.specifier(false);
            format!("import {word}{{ {list} }} from {module}{end}")
        }
    }
}

/// Packages before files; else by the alphabet.
fn compare_specifiers(a: &str, b: &str) -> Ordering {
    let relative = |it: &str| it.starts_with('.');
    relative(a)
        .cmp(&relative(b))
        .then_with(|| a.to_lowercase().cmp(&b.to_lowercase()))
}

/// Before the first statement, but behind what belongs to the file as a whole: `#!`, directives, a licence.
fn before_all(text: &str, statement: &str, line: &str) -> TextEdit {
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut header = true;
    while header {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start().len();
        let next = rest.trim_start();
        let taken = if next.starts_with("#!") || next.starts_with("///") {
            next.find('\n').map(|end| end + 1)
        } else if next.starts_with("\"use ") || next.starts_with("'use ") {
            next.find('\n').map(|end| end + 1)
        } else if next.starts_with("/*") && !next.starts_with("/**") || next.starts_with("/*!") {
            let end = next.find("*/").map(|end| end + 2);
            // A comment with a blank line behind it is the file's.
            end.filter(|&end| {
                let behind = next[end..].trim_start_matches([' ', '\t', '\r']);
                behind
                    .strip_prefix('\n')
                    .is_some_and(|it| it.trim_start_matches([' ', '\t', '\r']).starts_with('\n'))
            })
        } else {
            None
        };
        match taken {
            Some(taken) => at += blank + taken,
            None => header = false,
        }
    }
    let rest = &text[at..];
    let skipped = rest.len() - rest.trim_start_matches(['\n', '\r']).len();
    let place = TextSize::from((at + skipped) as u32);
    insert(place, format!("{statement}{line}{line}"))
}

fn insert(at: TextSize, new_text: String) -> TextEdit {
    TextEdit {
        range: TextRange::empty(at),
        new_text,
    }
}
