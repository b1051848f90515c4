//! Documentation comments: names in all files, types in JavaScript, where they are annotations like any other.

use std::ops::Range;

use oxc_ast::ast::{Program, Statement, TSType};
use oxc_parser::Parser;
use oxc_span::SourceType;
use rustc_hash::FxHashMap;
use symphony_syntax::too_deep;
use symphony_text::{TextRange, TextSize};

use super::Lower;
use super::declare::Named;
use super::doc_plain::plain;
use super::doc_tags::{Doc, Tag, links, skip_blanks, tags, word};
use crate::{
    DeclData, DeclFlags, DeclId, DeclKind, Expr, ExprKind, FunctionId, FunctionKind, Hir, Meaning,
    ScopeId, ScopeKind, Shape, ShapeId, TableId, TokenFlags, TokenKind, TypeId, TypeKind,
};

/// The documentation comments of a file.
#[derive(Default)]
pub(super) struct Docs {
    pub(super) all: Vec<Doc>,
    /// Whether its types are lowered: as annotations of what it is about, or at the end.
    done: Vec<bool>,
    /// The functions that comments are about.
    functions: Vec<(usize, ScopeId)>,
    /// The comment about the function that comes next.
    pub(super) pending: Option<usize>,
}

/// What is before a type for it to be a program.
const PREFIX: &str = "type _=";
/// A longer type in a comment is none.
const LONGEST: usize = 20_000;

impl<'a> Lower<'a> {
    /// Finds the comments and what each is about: the token behind it.
    pub(super) fn find_docs(&mut self, program: &Program<'a>) {
        let comments = &program.comments;
        for (number, comment) in comments.iter().enumerate() {
            let place = comment.span.start as usize..comment.span.end as usize;
            let Some(text) = self.text.get(place.clone()) else {
                continue;
            };
            if !text.starts_with("/**") || text.len() < 6 {
                continue;
            }
            let mut about = skip_space(self.text, place.end);
            for next in &comments[number + 1..] {
                if next.span.start as usize != about {
                    break;
                }
                about = skip_space(self.text, next.span.end as usize);
            }
            self.docs.all.push(Doc {
                range: place,
                about,
            });
        }
        self.docs.done = vec![false; self.docs.all.len()];
    }

    /// The comment about what begins at `start`: the last one before it.
    pub(super) fn doc_at(&self, start: u32) -> Option<usize> {
        let start = start as usize;
        let after = self.docs.all.partition_point(|doc| doc.about <= start);
        let last = after.checked_sub(1)?;
        (self.docs.all[last].about == start).then_some(last)
    }

    /// Says what comment the next function has, if one begins at `start`.
    pub(super) fn expect_doc(&mut self, start: u32) {
        if let Some(doc) = self.doc_at(start) {
            self.docs.pending = Some(doc);
        }
    }

    fn tags_of(&self, doc: usize) -> Vec<Tag<'a>> {
        tags(self.text, &self.docs.all[doc].range)
    }

    /// The type of `@type {T}` before `start`, in JavaScript.
    pub(super) fn doc_type(&mut self, start: u32) -> Option<TypeId> {
        if !self.hir.is_javascript {
            return None;
        }
        let doc = self.doc_at(start)?;
        let tag = self.tags_of(doc).into_iter().find(|it| it.name == "type")?;
        self.docs.done[doc] = true;
        self.doc_type_in(tag.ty?)
    }

    /// The type parameters of `@template`.
    pub(super) fn doc_type_parameters(&mut self, doc: usize) -> Box<[DeclId]> {
        let mut all = Vec::new();
        if !self.hir.is_javascript {
            return all.into();
        }
        for tag in self.tags_of(doc) {
            if tag.name != "template" {
                continue;
            }
            let constraint = tag.ty.and_then(|ty| self.doc_type_in(ty));
            let mut at = tag.rest.start;
            loop {
                at += usize::from(self.text[at..tag.rest.end].starts_with('['));
                let name = word(self.text, at..tag.rest.end);
                if name.is_empty() {
                    break;
                }
                at = skip_blanks(self.text, name.end..tag.rest.end);
                let mut default = None;
                if self.text[at..tag.rest.end].starts_with('=') {
                    let end = self.text[at..tag.rest.end]
                        .rfind(']')
                        .map_or(at + 1, |it| at + it);
                    default = self.doc_type_in(at + 1..end);
                    at = end;
                }
                let named = self.doc_named(name);
                let kind = DeclKind::TypeParameter;
                let flags = DeclFlags::default();
                let decl = self.in_doc(|it| it.declare(kind, named, flags, named.range));
                self.set_data(decl, DeclData::TypeParameter(constraint, default));
                all.push(decl);
                if !self.text[at..tag.rest.end].starts_with(',') {
                    break;
                }
                at = skip_blanks(self.text, at + 1..tag.rest.end);
            }
        }
        all.into()
    }

    /// What a function's comment says of its parameters and of what it returns. The scope is the function's.
    pub(super) fn doc_function(&mut self, doc: usize, id: FunctionId) {
        self.docs.functions.push((doc, self.scope));
        if !self.hir.is_javascript {
            return;
        }
        let was_done = std::mem::replace(&mut self.docs.done[doc], true);
        for tag in self.tags_of(doc) {
            let Some(ty) = tag.ty.clone() else { continue };
            match tag.name {
                "param" | "arg" | "argument" => self.doc_parameter(&tag, ty, id),
                "returns" | "return" => {
                    let ty = self.doc_type_in(ty);
                    let function = &mut self.hir.functions[id.index()];
                    function.ret = function.ret.or(ty);
                }
                "this" => {
                    let ty = self.doc_type_in(ty);
                    let function = &mut self.hir.functions[id.index()];
                    function.this_ty = function.this_ty.or(ty);
                }
                // That of a variable or property that holds the function.
                "type" if was_done => {}
                "type" if self.hir.functions[id.index()].kind == FunctionKind::Getter => {
                    let ty = self.doc_type_in(ty);
                    let function = &mut self.hir.functions[id.index()];
                    function.ret = function.ret.or(ty);
                }
                "template" | "typedef" | "callback" | "property" | "prop" => {}
                _ => _ = self.doc_type_in(ty),
            }
        }
    }

    /// What a class's comment says of its heritage. The scope is the class's.
    pub(super) fn doc_class(&mut self, doc: usize, id: crate::ClassId) {
        if !self.hir.is_javascript {
            return;
        }
        self.docs.done[doc] = true;
        let mut implements = Vec::new();
        for tag in self.tags_of(doc) {
            let Some(ty) = tag.ty else { continue };
            match tag.name {
                "implements" => implements.extend(self.doc_type_in(ty)),
                "template" | "typedef" | "callback" | "property" | "prop" => {}
                _ => _ = self.doc_type_in(ty),
            }
        }
        if !implements.is_empty() {
            self.hir.classes[id.index()].implements = implements.into();
        }
    }

    fn doc_parameter(&mut self, tag: &Tag<'a>, ty: Range<usize>, id: FunctionId) {
        let text = self.text;
        let written = &text[ty.clone()];
        let lowered = self.doc_type_in(ty);
        let is_optional =
            written.trim_end().ends_with('=') || text[tag.rest.clone()].starts_with('[');
        let start = tag.rest.start + usize::from(text[tag.rest.clone()].starts_with('['));
        let name = word(text, start..tag.rest.end);
        if text[name.end..].starts_with('.') {
            return;
        }
        let known = self.hir.functions[id.index()].params.iter().position(|it| {
            let decl = self.hir.patterns[it.pattern.index()].decl;
            decl.is_some_and(|decl| self.hir.name(self.hir.decl(decl).name) == &text[name.clone()])
        });
        if let Some(at) = known {
            let parameter = &mut self.hir.functions[id.index()].params[at];
            parameter.ty = parameter.ty.or(lowered);
            parameter.optional |= is_optional;
        }
    }

    /// A type that is written at `place` in a comment.
    pub(super) fn doc_type_in(&mut self, place: Range<usize>) -> Option<TypeId> {
        let allocator = self.allocator?;
        let plain = plain(PREFIX, self.text.get(place.clone())?, place.start);
        let language = symphony_syntax::Language::TypeScript;
        if plain.source.len() > LONGEST || too_deep(&plain.source, language).is_some() {
            return None;
        }
        let source = allocator.alloc_str(&plain.source);
        let parsed = Parser::new(allocator, source, SourceType::ts()).parse();
        let [Statement::TSTypeAliasDeclaration(alias)] = &parsed.program.body[..] else {
            return None;
        };
        if parsed.panicked {
            return None;
        }
        let ty: &TSType<'a> = &alias.type_annotation;
        Some(self.moved(source, &plain.places, |lower| lower.ty(ty)))
    }

    /// Lowers a text of its own, whose bytes are at `places`.
    fn moved<T>(
        &mut self,
        source: &'a str,
        places: &[u32],
        lower: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let mark = Mark::of(&self.hir);
        let text = std::mem::replace(&mut self.text, source);
        // None of the comments is about a part of another.
        let docs = std::mem::take(&mut self.docs);
        let done = self.in_doc(lower);
        self.text = text;
        self.docs = docs;
        let place = |at: TextSize| {
            let last = places.last().copied().unwrap_or_default();
            places.get(usize::from(at)).copied().unwrap_or(last)
        };
        mark.for_each_range(&mut self.hir, |range| {
            let (start, end) = (place(range.start()), place(range.end()));
            *range = TextRange::new(start.into(), end.max(start).into());
        });
        done
    }

    /// Marks the names that are found meanwhile as names of a comment.
    fn in_doc<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> T {
        let from = self.hir.tokens.len();
        let done = lower(self);
        for token in &mut self.hir.tokens[from..] {
            token.flags = token.flags.and(TokenFlags::DOC);
        }
        done
    }

    fn doc_named(&mut self, place: Range<usize>) -> Named {
        let text = self.text;
        Named {
            name: self.name(&text[place.clone()]),
            range: TextRange::new((place.start as u32).into(), (place.end as u32).into()),
            quoted: false,
        }
    }

    /// What is left when everything else is lowered: declarations in comments, types that no declaration has taken,
    /// links, and the names of parameters.
    pub(crate) fn finish_docs(&mut self) {
        self.hir.index_scopes();
        let is_module = self.hir.is_module || self.hir.exports.contains_key(&Hir::FILE);
        let functions: FxHashMap<usize, ScopeId> = self.docs.functions.drain(..).collect();
        for doc in 0..self.docs.all.len() {
            let place = self.docs.all[doc].range.clone();
            let about = self.docs.all[doc].about as u32;
            let function = functions.get(&doc).copied();
            let outer = self.hir.scope_at(about.into());
            self.scope = outer;
            let mut typedef = None;
            for tag in self.tags_of(doc) {
                let ty = tag.ty.clone();
                match tag.name {
                    "typedef" | "callback" if self.hir.is_javascript => {
                        typedef = self.typedef(&tag, &place, is_module);
                    }
                    "property" | "prop" if typedef.is_some() => {
                        let table = typedef.and_then(|it| it.table);
                        self.doc_property(&tag, table);
                    }
                    "param" | "arg" | "argument" => {
                        self.parameter_name(&tag, function.unwrap_or(outer));
                        let scope = function.unwrap_or(outer);
                        let scope = typedef.map_or(scope, |it| it.scope);
                        if let Some(ty) = ty
                            && (typedef.is_some() || !self.docs.done[doc])
                        {
                            self.scope = scope;
                            self.doc_type_in(ty);
                            self.scope = outer;
                        }
                    }
                    "see" => self.doc_name(tag.rest.clone(), function.unwrap_or(outer)),
                    "template" => {}
                    "import" if self.hir.is_javascript => self.doc_import(&tag, &place),
                    _ if !self.docs.done[doc] => {
                        if let Some(ty) = ty {
                            let scope = function.unwrap_or(outer);
                            self.scope = typedef.map_or(scope, |it| it.scope);
                            self.doc_type_in(ty);
                            self.scope = outer;
                        }
                    }
                    _ => {}
                }
            }
            for link in links(self.text, &place) {
                self.doc_name(link, function.unwrap_or(outer));
            }
        }
        self.scope = Hir::FILE;
    }

    /// `@import { A } from "x"`.
    fn doc_import(&mut self, tag: &Tag<'a>, comment: &Range<usize>) {
        // The parser of tags has taken `{ A }` for a type.
        let from = tag.ty.as_ref().map_or(tag.rest.start, |ty| ty.start - 1);
        let Some(text) = self.text.get(from..tag.rest.end) else {
            return;
        };
        let Some(allocator) = self.allocator.filter(|_| text.len() < LONGEST) else {
            return;
        };
        let plain = plain("import ", text, from);
        let source = allocator.alloc_str(&plain.source);
        let parsed = Parser::new(allocator, source, SourceType::ts()).parse();
        let [Statement::ImportDeclaration(import)] = &parsed.program.body[..] else {
            return;
        };
        if parsed.panicked {
            return;
        }
        let decls = self.hir.decls.len();
        let known = self.hir.imports.len();
        self.moved(source, &plain.places, |lower| lower.import(import));
        // It is no statement that could be sorted or removed.
        self.hir.imports.truncate(known);
        let whole = TextRange::new((comment.start as u32).into(), (comment.end as u32).into());
        for decl in &mut self.hir.decls[decls..] {
            decl.flags = decl.flags.with(DeclFlags::TYPE_ONLY, true);
            decl.range = whole;
        }
    }

    fn parameter_name(&mut self, tag: &Tag<'a>, scope: ScopeId) {
        let rest = &self.text[tag.rest.clone()];
        let start = tag.rest.start + usize::from(rest.starts_with('['));
        let name = word(self.text, start..tag.rest.end);
        if name.is_empty() {
            return;
        }
        let named = self.doc_named(name);
        let kind = TokenKind::ParameterName {
            scope,
            symbol: None,
        };
        self.token(
            named.range,
            named.name,
            kind,
            TokenFlags::DOC.and(TokenFlags::READ),
        );
    }

    /// `Name`, `Name.part`, `Name#part`.
    fn doc_name(&mut self, place: Range<usize>, scope: ScopeId) {
        let name = word(self.text, place.clone());
        if name.is_empty() || self.text[name.end..].starts_with(':') {
            return;
        }
        let flags = TokenFlags::DOC.and(TokenFlags::READ);
        let named = self.doc_named(name.clone());
        let kind = TokenKind::Use {
            scope,
            meaning: Meaning::ALL,
            symbol: None,
        };
        let token = self.token(named.range, named.name, kind, flags);
        let mut object = self.doc_expr(ExprKind::Name(token), named.range);
        let mut end = name.end;
        while self.text[end..].starts_with(['.', '#']) {
            let part = word(self.text, end + 1..place.end);
            if part.is_empty() {
                return;
            }
            end = part.end;
            let part = self.doc_named(part);
            let kind = TokenKind::Member {
                object,
                meaning: Meaning::ALL,
            };
            let property = self.token(part.range, part.name, kind, flags);
            let kind = ExprKind::Member {
                object,
                property,
                optional: false,
            };
            object = self.doc_expr(kind, named.range.cover(part.range));
        }
    }

    fn doc_expr(&mut self, kind: ExprKind, range: TextRange) -> crate::ExprId {
        let id = crate::ExprId(self.hir.exprs.len() as u32);
        self.hir.exprs.push(Expr { kind, range });
        id
    }

    /// `@typedef {T} Name`, `@typedef Name` with properties, `@callback Name`.
    fn typedef(
        &mut self,
        tag: &Tag<'a>,
        comment: &Range<usize>,
        is_module: bool,
    ) -> Option<Typedef> {
        let name = word(self.text, tag.rest.clone());
        if name.is_empty() {
            return None;
        }
        let named = self.doc_named(name);
        let whole = TextRange::new((comment.start as u32).into(), (comment.end as u32).into());
        let is_exported = is_module && self.scope == Hir::FILE;
        let flags = DeclFlags::default().with(DeclFlags::EXPORTED, is_exported);
        let decl = self.in_doc(|it| it.declare(DeclKind::TypeAlias, named, flags, whole));
        let written = tag.ty.clone().map(|ty| self.text[ty].trim());
        let has_members =
            matches!(written, None | Some("Object" | "object")) && tag.name == "typedef";
        let owner = Some(decl);
        let mut scope = self.scope;
        let ty = self.scoped(ScopeKind::Type, whole, owner, |lower, inner| {
            scope = inner;
            let templates = lower.docs.all.iter().position(|it| it.range == *comment);
            if let Some(doc) = templates {
                lower.doc_type_parameters(doc);
            }
            match tag.ty.clone() {
                Some(ty) if !has_members => lower.doc_type_in(ty),
                _ => None,
            }
        });
        if let Some(ty) = ty {
            self.set_data(decl, DeclData::Alias(ty));
            return Some(Typedef { scope, table: None });
        }
        if !has_members {
            return Some(Typedef { scope, table: None });
        }
        let table = self.new_table();
        let shape = ShapeId(self.hir.shapes.len() as u32);
        self.hir.shapes.push(Shape {
            decl: None,
            type_params: Box::default(),
            extends: Box::default(),
            table,
            calls: Box::default(),
            constructs: Box::default(),
            indexes: Box::default(),
        });
        let ty = TypeId(self.hir.types.len() as u32);
        self.hir.types.push(crate::TypeExpr {
            kind: TypeKind::Object(shape),
            range: whole,
        });
        self.set_data(decl, DeclData::Alias(ty));
        Some(Typedef {
            scope,
            table: Some(table),
        })
    }

    fn doc_property(&mut self, tag: &Tag<'a>, table: Option<TableId>) {
        let ty = tag.ty.clone().and_then(|ty| self.doc_type_in(ty));
        let is_optional = self.text[tag.rest.clone()].starts_with('[');
        let name = word(
            self.text,
            tag.rest.start + usize::from(is_optional)..tag.rest.end,
        );
        let (Some(table), false) = (table, name.is_empty()) else {
            return;
        };
        if self.text[name.end..].starts_with('.') {
            return;
        }
        let named = self.doc_named(name);
        let flags = DeclFlags::default().with(DeclFlags::OPTIONAL, is_optional);
        let kind = DeclKind::Property;
        let decl = self.in_doc(|it| it.declare_member(table, kind, named, flags, named.range));
        self.set_data(decl, DeclData::Property(ty, None));
    }
}

#[derive(Clone, Copy)]
struct Typedef {
    scope: ScopeId,
    table: Option<TableId>,
}

/// How long the arenas were.
struct Mark {
    scopes: usize,
    tokens: usize,
    decls: usize,
    exprs: usize,
    types: usize,
    patterns: usize,
    functions: usize,
    modules: usize,
    imports: usize,
}

impl Mark {
    fn of(hir: &Hir) -> Self {
        Self {
            scopes: hir.scopes.len(),
            tokens: hir.tokens.len(),
            decls: hir.decls.len(),
            exprs: hir.exprs.len(),
            types: hir.types.len(),
            patterns: hir.patterns.len(),
            functions: hir.functions.len(),
            modules: hir.modules.len(),
            imports: hir.imports.len(),
        }
    }

    /// Changes the places of everything that was added since.
    fn for_each_range(&self, hir: &mut Hir, change: impl Fn(&mut TextRange)) {
        hir.scopes[self.scopes..]
            .iter_mut()
            .for_each(|it| change(&mut it.range));
        hir.tokens[self.tokens..]
            .iter_mut()
            .for_each(|it| change(&mut it.range));
        hir.exprs[self.exprs..]
            .iter_mut()
            .for_each(|it| change(&mut it.range));
        hir.types[self.types..]
            .iter_mut()
            .for_each(|it| change(&mut it.range));
        hir.patterns[self.patterns..]
            .iter_mut()
            .for_each(|it| change(&mut it.range));
        hir.modules[self.modules..]
            .iter_mut()
            .for_each(|it| change(&mut it.range));
        hir.imports[self.imports..]
            .iter_mut()
            .for_each(|it| change(&mut it.range));
        for decl in &mut hir.decls[self.decls..] {
            change(&mut decl.range);
            change(&mut decl.name_range);
        }
        for function in &mut hir.functions[self.functions..] {
            change(&mut function.range);
            function.body.iter_mut().for_each(&change);
        }
    }
}

fn skip_space(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.len() - rest.trim_start().len()
}
