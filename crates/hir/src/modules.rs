//! Imports and exports.

use symphony_text::TextRange;

use crate::{DeclId, ModuleRefId, NameId, ScopeId, TokenId};

/// A place that names a module.
#[derive(Clone, Debug)]
pub struct ModuleRef {
    /// The specifier.
    pub specifier: NameId,
    /// Its place, without the quotes.
    pub range: TextRange,
    /// What names it.
    pub kind: ModuleRefKind,
}

/// What names a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModuleRefKind {
    /// `import ... from`.
    Import,
    /// `import "x"`.
    SideEffect,
    /// `export ... from`.
    Export,
    /// `import("x")`.
    Dynamic,
    /// `require("x")`, `import a = require("x")`.
    Require,
    /// `import("x")` in a type.
    Type,
    /// `declare module "x"`: the module itself.
    Ambient,
}

/// An import declaration, in the order of the text.
#[derive(Clone, Debug)]
pub struct ImportStatement {
    /// All of it, with its semicolon.
    pub range: TextRange,
    /// The module.
    pub module: ModuleRefId,
    /// Whether it is `import type`.
    pub type_only: bool,
    /// `import a`.
    pub default: Option<DeclId>,
    /// `import * as a`.
    pub namespace: Option<DeclId>,
    /// `import { a, b as c }`, with the place of the braces; none without braces.
    pub named: Option<NamedImports>,
    /// `with { type: "json" }`.
    pub attributes: Option<TextRange>,
    /// The scope that it is in.
    pub scope: ScopeId,
}

/// The list between an import's braces.
#[derive(Clone, Debug)]
pub struct NamedImports {
    /// From `{` to `}`.
    pub braces: TextRange,
    /// What is in it.
    pub specifiers: Box<[ImportSpecifier]>,
}

/// One of an import's names.
#[derive(Clone, Debug)]
pub struct ImportSpecifier {
    /// What it binds.
    pub decl: DeclId,
    /// The name in the module.
    pub imported: NameId,
    /// All of it, with `type` and `as`.
    pub range: TextRange,
    /// Whether it says `type`.
    pub type_only: bool,
}

/// What a module, namespace or ambient module exports beside what is declared with `export` in it: filled for the latter too.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    /// By name, in the order of the text; a name comes more than once when overloads or merged declarations do.
    pub named: Vec<Export>,
    /// `export * from`.
    pub stars: Vec<ModuleRefId>,
    /// `export =`, `module.exports =`.
    pub equals: Option<DeclId>,
}

/// One exported name.
#[derive(Clone, Debug)]
pub struct Export {
    /// The name that others see.
    pub name: NameId,
    /// Where that name is written.
    pub range: TextRange,
    /// What is behind it.
    pub target: ExportTarget,
    /// Whether it is `export type`.
    pub type_only: bool,
}

/// What is behind an exported name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportTarget {
    /// A declaration with `export`.
    Decl(DeclId),
    /// `export { a }`: the token that names it in this file.
    Local(TokenId),
    /// `export { a } from "x"`.
    From(ModuleRefId, NameId),
    /// `export * as a from "x"`.
    Namespace(ModuleRefId),
}

/// An `export ... from` or `export { }` statement, in the order of the text.
#[derive(Clone, Debug)]
pub struct ExportStatement {
    /// All of it, with its semicolon.
    pub range: TextRange,
    /// The module, for one with `from`.
    pub module: Option<ModuleRefId>,
    /// Whether it is `export type`.
    pub type_only: bool,
    /// `{ a, b as c }`. None for `export *`.
    pub named: Option<Box<[ExportSpecifier]>>,
    /// The scope that it is in.
    pub scope: ScopeId,
}

/// One of the names between an export's braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportSpecifier {
    /// All of it, with `type` and `as`.
    pub range: TextRange,
    /// The name inside: in this file, or in the module of one with `from`.
    pub local: NameId,
    /// The name outside.
    pub exported: NameId,
    /// Whether it says `type`.
    pub type_only: bool,
}

/// `/// <reference ... />` at the top of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What it refers to.
    pub kind: ReferenceKind,
    /// The name or path.
    pub text: smol_str::SmolStr,
    /// The place of the name or path.
    pub range: TextRange,
}

/// What a reference comment refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReferenceKind {
    /// `path=`.
    Path,
    /// `types=`.
    Types,
    /// `lib=`.
    Lib,
}

/// `declare module "name" { }`.
#[derive(Clone, Debug)]
pub struct AmbientModule {
    /// Its name, possibly with a `*`.
    pub module: ModuleRefId,
    /// Its scope; none without a body.
    pub scope: Option<ScopeId>,
    /// What it declares.
    pub decl: DeclId,
}
