//! From `oxc_parser`'s tree to a [`Hir`].
//!
//! One walk collects everything; names are looked up when all scopes are known. The walk recurses as the tree does, up
//! to [`MAX_DEPTH`]: what lies deeper was written by no one.

mod classes;
mod declare;
mod doc_plain;
mod doc_tags;
mod docs;
mod expando;
mod expressions;
mod finish;
mod functions;
mod jsx;
mod modules;
mod objects;
mod patterns;
mod salvage;
mod statements;
mod types;

pub(crate) use expando::Assigned;

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::Parser;
use oxc_span::Span;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use symphony_syntax::{Language, Parse, Reading, SyntaxError, mend, read, with_arena};
use symphony_text::TextRange;

use crate::{
    Context, DeclId, ExprId, FunctionId, Guard, Hir, Meaning, NameId, Scope, ScopeId, ScopeKind,
    SymbolId, Token, TokenFlags, TokenId, TokenKind,
};

/// How deep expressions, types and statements may lie in each other.
const MAX_DEPTH: u32 = 256;

/// A lowering, and what the same reading of the text had to say.
#[derive(Debug, Default)]
pub struct Lowering {
    /// The lowering.
    pub hir: Hir,
    /// The syntax errors, in the order of their places.
    pub errors: Vec<SyntaxError>,
}

/// Lowers `text`, mended where it has syntax errors. One that is nested too deeply has an empty lowering.
pub fn lower(text: &str, language: Language) -> Hir {
    lower_parsed(text, language, || Parse::new(text.into(), language), |_| {}).hir
}

/// Lowers a text whose tolerant tree can be had: it is asked for if there are syntax errors. `look` is given the tree of a
/// text that has none.
pub(crate) fn lower_parsed(
    text: &str,
    language: Language,
    tolerant: impl FnOnce() -> Parse,
    look: impl FnOnce(&Program<'_>),
) -> Lowering {
    let (reading, errors) = read(text, language, |program, arena| {
        look(program);
        let mut lower = Lower::new(text, language);
        lower.program(program, arena);
        lower.finish()
    });
    let hir = match reading {
        Reading::Whole(hir) => hir,
        Reading::Broken => lower_broken(&tolerant()),
        Reading::TooDeep => Lower::new(text, language).finish(),
    };
    Lowering { hir, errors }
}

/// The lowering of a mended text, with the names that mending has lost.
fn lower_broken(parse: &Parse) -> Hir {
    let (text, language) = (parse.text(), parse.language());
    let Some(mended) = mend(parse) else {
        return Lower::new(text, language).finish();
    };
    with_arena(|arena| {
        let parsed = Parser::new(arena, &mended, language.source_type()).parse();
        let mut lower = Lower::new(&mended, language);
        lower.original = Some(text);
        lower.program(&parsed.program, arena);
        lower.salvage(parse, &mended);
        let mut hir = lower.finish();
        if mended.len() > text.len() {
            hir.clamp(parse.len());
        }
        hir
    })
}

/// What is known about the place of an expression before it is lowered.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// What is expected of it.
    context: Option<Context>,
    /// What it is the value of, if it is a function or class.
    decl: Option<DeclId>,
}

impl Place {
    fn expecting(context: Context) -> Self {
        Self {
            context: Some(context),
            decl: None,
        }
    }
}

/// The walk's state.
pub(crate) struct Lower<'a> {
    text: &'a str,
    /// The text before it was mended.
    original: Option<&'a str>,
    /// The first of the tokens that mending had lost.
    salvaged_from: usize,
    /// Where types of comments are parsed to.
    allocator: Option<&'a Allocator>,
    docs: docs::Docs,
    pub(crate) hir: Hir,
    /// Where conditions hold.
    pub(crate) guards: Vec<Guard>,
    /// What the `if` that was just lowered tells of what follows it: conditions, and whether they hold.
    known_after: Vec<(ExprId, bool)>,
    /// Names of the tree by their text: looked up more often than they are new.
    interned: FxHashMap<&'a str, NameId>,
    scope: ScopeId,
    /// The declaration that the walk is in.
    owner: Option<DeclId>,
    /// Whether all is declared and nothing has a body.
    ambient: bool,
    /// The functions that the walk is in, with what they return.
    returns: Vec<(FunctionId, Vec<ExprId>)>,
    /// The labels that are in force, with their tokens.
    labels: Vec<(NameId, u32)>,
    /// The scopes of conditional types whose `extends` the walk is in: those of `infer`.
    conditionals: Vec<ScopeId>,
    /// What is assigned to members.
    pub(crate) assigned: Vec<Assigned>,
    /// Where the statement begins that the walk is in.
    statement_start: u32,
    depth: u32,
}

impl<'a> Lower<'a> {
    pub(crate) fn new(text: &'a str, language: Language) -> Self {
        Self::with_room(text, language, Hir::roomy())
    }

    /// With an empty lowering that may have room.
    pub(crate) fn with_room(text: &'a str, language: Language, room: Hir) -> Self {
        let mut hir = Hir {
            is_javascript: language == Language::JavaScript,
            is_declarations: language == Language::Declarations,
            ..room
        };
        hir.scopes.push(Scope {
            parent: None,
            kind: ScopeKind::File,
            range: TextRange::up_to((text.len() as u32).into()),
            owner: None,
            symbols: Vec::new(),
        });
        Self {
            text,
            original: None,
            salvaged_from: usize::MAX,
            allocator: None,
            docs: docs::Docs::default(),
            ambient: hir.is_declarations,
            hir,
            guards: Vec::new(),
            known_after: Vec::new(),
            interned: FxHashMap::default(),
            scope: Hir::FILE,
            owner: None,
            returns: Vec::new(),
            labels: Vec::new(),
            conditionals: Vec::new(),
            assigned: Vec::new(),
            statement_start: 0,
            depth: 0,
        }
    }

    fn program(&mut self, program: &Program<'a>, allocator: &'a Allocator) {
        self.walk(program, allocator, true);
        self.declare_assigned();
        self.finish_docs();
    }

    /// Goes through all statements; `is_first`: the text begins where the file does.
    pub(crate) fn walk(&mut self, program: &Program<'a>, allocator: &'a Allocator, is_first: bool) {
        self.allocator = Some(allocator);
        if is_first {
            self.reference_comments(program);
        }
        self.find_docs(program);
        self.statements(&program.body);
    }

    /// The number of a name.
    fn name(&mut self, text: &'a str) -> NameId {
        if let Some(&id) = self.interned.get(text) {
            return id;
        }
        let id = NameId(self.hir.names.len() as u32);
        self.hir.names.push(SmolStr::new(text));
        self.interned.insert(text, id);
        id
    }

    fn token(
        &mut self,
        range: TextRange,
        name: NameId,
        kind: TokenKind,
        flags: TokenFlags,
    ) -> TokenId {
        let id = TokenId(self.hir.tokens.len() as u32);
        self.hir.tokens.push(Token {
            range,
            name,
            kind,
            flags,
        });
        id
    }

    /// A name that is looked up from here.
    fn use_name(
        &mut self,
        range: TextRange,
        name: NameId,
        meaning: Meaning,
        flags: TokenFlags,
    ) -> TokenId {
        let kind = TokenKind::Use {
            scope: self.scope,
            meaning,
            symbol: None::<SymbolId>,
        };
        self.token(range, name, kind, flags)
    }

    /// Goes one level deeper; `None` where it is too deep.
    fn deeper<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let lowered = lower(self);
        self.depth -= 1;
        Some(lowered)
    }
}

fn range(span: Span) -> TextRange {
    TextRange::new(span.start.into(), span.end.into())
}

/// The range within the quotes of a string.
fn unquoted(span: Span) -> TextRange {
    let end = span.end.saturating_sub(1).max(span.start + 1);
    TextRange::new((span.start + 1).into(), end.into())
}

/// The range between two offsets.
fn between(start: u32, end: u32) -> TextRange {
    TextRange::new(start.into(), end.max(start).into())
}
