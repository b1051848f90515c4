//! A piece of a file, lowered on its own: a run of statements, before names are looked up.

use oxc_allocator::Allocator;
use oxc_ast::ast::{Declaration, ExportDefaultDeclarationKind, Program, Statement};
use oxc_span::GetSpan as _;
use symphony_syntax::{Language, Reading, read};

use crate::lower::{Assigned, Lower};
use crate::{Guard, Hir};

/// A shorter piece is not worth its own.
const SHORTEST: usize = 2 << 10;

/// Whether a piece begins or ends where the file does.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub(super) is_first: bool,
    pub(super) is_last: bool,
}

/// What a run of statements declares and names. Places are from its beginning on.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) hir: Hir,
    pub(super) guards: Vec<Guard>,
    pub(super) assigned: Vec<Assigned>,
}

impl Part {
    /// Lowers a text that begins and ends between statements; none if it is not whole on its own, or if what it says holds
    /// behind its end.
    pub(super) fn lower(text: &str, language: Language, at: At) -> Option<Self> {
        let (reading, errors) = read(text, language, |program, arena| {
            let stands_alone =
                (at.is_first || begins(program, text)) && (at.is_last || !holds_on(program));
            stands_alone.then(|| Lower::new(text, language).part(program, arena, at.is_first))
        });
        match reading {
            Reading::Whole(part) if errors.is_empty() => part,
            _ => None,
        }
    }
}

impl<'a> Lower<'a> {
    fn part(mut self, program: &Program<'a>, arena: &'a Allocator, is_first: bool) -> Part {
        self.walk(program, arena, is_first);
        self.finish_docs();
        self.order_tokens();
        Part {
            guards: std::mem::take(&mut self.guards),
            assigned: std::mem::take(&mut self.assigned),
            hir: self.hir.fitted(),
        }
    }
}

/// Whether the statements of a program can follow others.
fn begins(program: &Program<'_>, text: &str) -> bool {
    let first = program.body.first();
    // A string in the beginning is a directive in a file, and an expression elsewhere.
    program.directives.is_empty() && first.is_some_and(|it| begins_anew(it, text, 0))
}

/// Whether conditions of a program hold for what is behind it, or a comment belongs to it.
fn holds_on(program: &Program<'_>) -> bool {
    let end = program.body.last().map_or(0, |it| it.span().end);
    program.comments.iter().any(|it| it.span.start >= end)
        || program
            .body
            .iter()
            .any(|it| matches!(it, Statement::IfStatement(_)))
}

/// Whether a statement is none with what is before it, whatever that is as long as it is whole: it begins in a new line with
/// a word that goes on with nothing. `end` is where what is before it ends.
fn begins_anew(statement: &Statement<'_>, text: &str, end: usize) -> bool {
    let between = text.get(end..statement.span().start as usize);
    between.is_some_and(|it| it.contains(['\n', '\r'])) && is_declaration(statement)
}

fn is_declaration(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::ImportDeclaration(_)
        | Statement::ExportAllDeclaration(_)
        | Statement::ExportDeclaration(_)
        | Statement::ExportNamedDeclaration(_)
        | Statement::ExportFromDeclaration(_) => true,
        Statement::ExportDefaultDeclaration(it) => matches!(
            it.declaration,
            ExportDefaultDeclarationKind::FunctionDeclaration(_)
                | ExportDefaultDeclarationKind::ClassDeclaration(_)
        ),
        other => matches!(
            other.as_declaration(),
            Some(
                Declaration::VariableDeclaration(_)
                    | Declaration::FunctionDeclaration(_)
                    | Declaration::ClassDeclaration(_)
                    | Declaration::TSInterfaceDeclaration(_)
                    | Declaration::TSTypeAliasDeclaration(_)
                    | Declaration::TSEnumDeclaration(_)
            )
        ),
    }
}

/// Where a text can be cut into pieces that stand alone: the beginning of each but the first.
pub(super) fn cuts(program: &Program<'_>, text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut begin = 0;
    for pair in program.body.windows(2) {
        let [before, statement] = pair else { continue };
        // What an `if` tells holds to the end.
        if matches!(before, Statement::IfStatement(_)) {
            break;
        }
        let end = before.span().end as usize;
        if end - begin >= SHORTEST && begins_anew(statement, text, end) {
            cuts.push(end);
            begin = end;
        }
    }
    cuts
}
