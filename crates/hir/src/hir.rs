//! The arenas of a lowered file, and how they are read.

use std::hash::Hasher as _;

use rustc_hash::{FxHashMap, FxHasher};
use smol_str::SmolStr;
use symphony_text::{TextRange, TextSize};

use crate::{
    AmbientModule, Class, ClassId, Context, Decl, DeclData, DeclFlags, DeclId, Expando,
    ExportStatement, Exports, Expr, ExprId, Function, FunctionId, Home, ImportStatement, Meaning,
    ModuleRef, ModuleRefId, NameId, Pattern, PatternId, Reference, Scope, ScopeId, ScopeKind,
    Shape, ShapeId, Symbol, SymbolId, TableId, Token, TokenId, TypeExpr, TypeId,
};

fn hash(text: &str) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish() as usize
}

/// A file, lowered.
#[derive(Clone, Debug, Default)]
pub struct Hir {
    /// Whether it is a module: it imports or exports something at its top.
    pub is_module: bool,
    /// Whether it is read as JavaScript.
    pub is_javascript: bool,
    /// Whether it only declares: `.d.ts`.
    pub is_declarations: bool,
    pub(crate) names: Vec<SmolStr>,
    /// The names' numbers by their hash, with room; `u32::MAX` is no name.
    pub(crate) name_slots: Box<[u32]>,
    pub(crate) scopes: Vec<Scope>,
    /// By where they begin, from the outside in.
    pub(crate) scope_order: Box<[ScopeId]>,
    pub(crate) symbols: Vec<Symbol>,
    pub(crate) decls: Vec<Decl>,
    /// The members of each table, in the order of the text.
    pub(crate) tables: Vec<Vec<SymbolId>>,
    pub(crate) by_name: FxHashMap<(Home, NameId), SymbolId>,
    pub(crate) tokens: Vec<Token>,
    /// The tokens of each name, one name after the other, and where each name's begin.
    pub(crate) by_text: (Box<[TokenId]>, Box<[u32]>),
    pub(crate) exprs: Vec<Expr>,
    pub(crate) types: Vec<TypeExpr>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) functions: Vec<Function>,
    pub(crate) classes: Vec<Class>,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) contexts: FxHashMap<ExprId, Context>,
    pub(crate) modules: Vec<ModuleRef>,
    pub(crate) imports: Vec<ImportStatement>,
    pub(crate) export_statements: Vec<ExportStatement>,
    pub(crate) exports: FxHashMap<ScopeId, Exports>,
    pub(crate) ambient_modules: Vec<AmbientModule>,
    pub(crate) umd_namespaces: Vec<DeclId>,
    pub(crate) global_scopes: Vec<ScopeId>,
    pub(crate) references: Vec<Reference>,
    pub(crate) expandos: FxHashMap<SymbolId, Expando>,
    pub(crate) guards: crate::guards::Guards,
    /// What `exports.a = b` has exported.
    pub(crate) common_js: Option<TableId>,
}

macro_rules! arena {
    ($($(#[$doc:meta])* $one:ident, $all:ident: $id:ty => $item:ty;)*) => {$(
        $(#[$doc])*
        pub fn $one(&self, id: $id) -> &$item {
            &self.$all[id.index()]
        }
    )*};
}

impl Hir {
    /// The scope of the whole file.
    pub const FILE: ScopeId = ScopeId(0);

    arena! {
        /// A scope.
        scope, scopes: ScopeId => Scope;
        /// A symbol.
        symbol, symbols: SymbolId => Symbol;
        /// A declaration.
        decl, decls: DeclId => Decl;
        /// An expression.
        expr, exprs: ExprId => Expr;
        /// A type as it is written.
        ty, types: TypeId => TypeExpr;
        /// A pattern.
        pattern, patterns: PatternId => Pattern;
        /// A function.
        function, functions: FunctionId => Function;
        /// A class.
        class, classes: ClassId => Class;
        /// What an interface or type literal lists.
        shape, shapes: ShapeId => Shape;
        /// A place that names a module.
        module, modules: ModuleRefId => ModuleRef;
        /// A name's text.
        name, names: NameId => SmolStr;
        /// A name where it is written.
        token, tokens: TokenId => Token;
    }

    /// The number of a name, if the file has it anywhere.
    pub fn name_id(&self, text: &str) -> Option<NameId> {
        let mask = self.name_slots.len().checked_sub(1)?;
        let mut slot = hash(text) & mask;
        loop {
            let id = NameId(self.name_slots[slot]);
            if self.names.get(id.index())? == text {
                return Some(id);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Makes names findable by their text.
    pub(crate) fn index_names(&mut self) {
        let mut slots = vec![u32::MAX; (self.names.len() * 2).next_power_of_two()];
        let mask = slots.len() - 1;
        for (id, name) in self.names.iter().enumerate() {
            let mut slot = hash(name) & mask;
            while slots[slot] != u32::MAX {
                slot = (slot + 1) & mask;
            }
            slots[slot] = id as u32;
        }
        self.name_slots = slots.into();
    }

    /// All names, in the order in which they first come.
    pub fn names(&self) -> &[SmolStr] {
        &self.names
    }

    /// All names where they are written, in the order of the text. Two lie at the place of a shorthand (`{ a }`: a variable
    /// and a property) and of a parameter property.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The places of a name, in the order of the text.
    pub fn tokens_named(&self, name: NameId) -> &[TokenId] {
        let (tokens, starts) = &self.by_text;
        match starts.get(name.index()..name.index() + 2) {
            Some(&[start, end]) => &tokens[start as usize..end as usize],
            _ => &[],
        }
    }

    /// The names at `offset`, or that end there: more than one for a shorthand or a parameter property.
    pub fn tokens_at(&self, offset: TextSize) -> impl Iterator<Item = TokenId> + use<> {
        let after = self
            .tokens
            .partition_point(|token| token.range.start() <= offset);
        let last = self.tokens[..after]
            .last()
            .filter(|token| token.range.end() >= offset);
        let first = last.map_or(after, |last| {
            self.tokens[..after].partition_point(|token| token.range.start() < last.range.start())
        });
        (first as u32..after as u32).map(TokenId)
    }

    /// The token that is exactly at `range`.
    pub fn token_with(&self, range: TextRange) -> Option<TokenId> {
        let at = self
            .tokens
            .partition_point(|token| token.range.start() < range.start());
        let token = self.tokens.get(at)?;
        (token.range == range).then_some(TokenId(at as u32))
    }

    /// The tokens within `range`.
    pub fn tokens_in(&self, range: TextRange) -> impl Iterator<Item = (TokenId, &Token)> {
        let from = self
            .tokens
            .partition_point(|token| token.range.start() < range.start());
        self.tokens[from..]
            .iter()
            .enumerate()
            .take_while(move |(_, token)| token.range.end() <= range.end())
            .map(move |(at, token)| (TokenId((from + at) as u32), token))
    }

    /// All scopes.
    pub fn scopes(&self) -> impl ExactSizeIterator<Item = (ScopeId, &Scope)> {
        self.scopes
            .iter()
            .enumerate()
            .map(|(at, it)| (ScopeId(at as u32), it))
    }

    /// All symbols.
    pub fn symbols(&self) -> impl ExactSizeIterator<Item = (SymbolId, &Symbol)> {
        self.symbols
            .iter()
            .enumerate()
            .map(|(at, it)| (SymbolId(at as u32), it))
    }

    /// All declarations, in the order of the text.
    pub fn decls(&self) -> impl ExactSizeIterator<Item = (DeclId, &Decl)> {
        self.decls
            .iter()
            .enumerate()
            .map(|(at, it)| (DeclId(at as u32), it))
    }

    /// All expressions.
    pub fn exprs(&self) -> impl ExactSizeIterator<Item = (ExprId, &Expr)> {
        self.exprs
            .iter()
            .enumerate()
            .map(|(at, it)| (ExprId(at as u32), it))
    }

    /// All functions.
    pub fn functions(&self) -> impl ExactSizeIterator<Item = (FunctionId, &Function)> {
        self.functions
            .iter()
            .enumerate()
            .map(|(at, it)| (FunctionId(at as u32), it))
    }

    /// All classes.
    pub fn classes(&self) -> impl ExactSizeIterator<Item = (ClassId, &Class)> {
        self.classes
            .iter()
            .enumerate()
            .map(|(at, it)| (ClassId(at as u32), it))
    }

    /// All types as they are written.
    pub fn types(&self) -> impl ExactSizeIterator<Item = (TypeId, &TypeExpr)> {
        self.types
            .iter()
            .enumerate()
            .map(|(at, it)| (TypeId(at as u32), it))
    }

    /// What all interfaces and type literals list.
    pub fn shapes(&self) -> impl ExactSizeIterator<Item = (ShapeId, &Shape)> {
        self.shapes
            .iter()
            .enumerate()
            .map(|(at, it)| (ShapeId(at as u32), it))
    }

    /// All places that name a module.
    pub fn modules(&self) -> impl ExactSizeIterator<Item = (ModuleRefId, &ModuleRef)> {
        self.modules
            .iter()
            .enumerate()
            .map(|(at, it)| (ModuleRefId(at as u32), it))
    }

    /// The import declarations.
    pub fn imports(&self) -> &[ImportStatement] {
        &self.imports
    }

    /// The `export { }`, `export { } from` and `export * from` statements.
    pub fn export_statements(&self) -> &[ExportStatement] {
        &self.export_statements
    }

    /// What a file, namespace or ambient module exports; none if it exports nothing.
    pub fn exports(&self, scope: ScopeId) -> Option<&Exports> {
        self.exports.get(&scope)
    }

    /// The ambient modules that the file declares or augments.
    pub fn ambient_modules(&self) -> &[AmbientModule] {
        &self.ambient_modules
    }

    /// `export as namespace Name`.
    pub fn umd_namespaces(&self) -> &[DeclId] {
        &self.umd_namespaces
    }

    /// The reference comments.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// Where an object literal, array literal or function stands, if that says something about its type.
    pub fn context(&self, expr: ExprId) -> Option<Context> {
        self.contexts.get(&expr).copied()
    }

    /// What assignments add to a function.
    pub fn expando(&self, symbol: SymbolId) -> Option<Expando> {
        self.expandos.get(&symbol).copied()
    }

    /// The members of a table, in the order of the text.
    pub fn members(&self, table: TableId) -> &[SymbolId] {
        &self.tables[table.index()]
    }

    /// The member `name` of a table.
    pub fn member(&self, table: TableId, name: NameId) -> Option<SymbolId> {
        self.by_name.get(&(Home::Table(table), name)).copied()
    }

    /// What `name` is in exactly this scope.
    pub fn in_scope(&self, scope: ScopeId, name: NameId) -> Option<SymbolId> {
        self.by_name.get(&(Home::Scope(scope), name)).copied()
    }

    /// What `name` stands for when looked up from `scope`, as far as this file declares it. Names that are global are
    /// found here only if this file declares them in the scopes around.
    pub fn look_up(&self, scope: ScopeId, name: NameId, meaning: Meaning) -> Option<SymbolId> {
        self.scopes_around(scope).find_map(|scope| {
            self.in_scope(scope, name)
                .filter(|&symbol| self.symbol(symbol).meaning.meets(meaning))
                .or_else(|| self.in_merged(scope, name, meaning))
        })
    }

    /// What another part of the namespace or enum that `scope` is the body of declares for all of its parts.
    fn in_merged(&self, scope: ScopeId, name: NameId, meaning: Meaning) -> Option<SymbolId> {
        if !matches!(
            self.scope(scope).kind,
            ScopeKind::Namespace | ScopeKind::Enum
        ) {
            return None;
        }
        let owner = self.symbol(self.decl(self.scope(scope).owner?).symbol);
        owner.decls.iter().find_map(|&part| {
            let found = match self.decl(part).data {
                DeclData::Namespace(other) if other != scope => self.in_scope(other, name)?,
                DeclData::Enum(table) => self.member(table, name)?,
                _ => return None,
            };
            let symbol = self.symbol(found);
            let seen = |&decl: &DeclId| {
                self.decl(decl).kind.is_member() || self.has(decl, DeclFlags::EXPORTED)
            };
            (symbol.meaning.meets(meaning) && symbol.decls.iter().any(seen)).then_some(found)
        })
    }

    /// The innermost scope at `offset`.
    pub fn scope_at(&self, offset: TextSize) -> ScopeId {
        let after = self
            .scope_order
            .partition_point(|&it| self.scope(it).range.start() <= offset);
        let Some(last) = after.checked_sub(1) else {
            return Self::FILE;
        };
        // Scopes lie in each other: the one that began last, or one around it.
        self.scopes_around(self.scope_order[last])
            .find(|&it| self.scope(it).range.contains_inclusive(offset))
            .unwrap_or(Self::FILE)
    }

    /// Makes scopes findable by their place.
    pub(crate) fn index_scopes(&mut self) {
        let mut order: Vec<ScopeId> = (0..self.scopes.len() as u32).map(ScopeId).collect();
        // Those inside come later.
        order.sort_by_key(|&it| self.scope(it).range.start());
        self.scope_order = order.into();
    }

    /// The scope and those around it, from the inside out.
    pub fn scopes_around(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> {
        std::iter::successors(Some(scope), |&scope| self.scope(scope).parent)
    }

    /// The first declaration of a symbol.
    pub fn first_decl(&self, symbol: SymbolId) -> &Decl {
        self.decl(self.symbol(symbol).decls[0])
    }

    /// Whether names declared in `scope` are global.
    pub fn is_global(&self, scope: ScopeId) -> bool {
        match self.scope(scope).kind {
            ScopeKind::Global => true,
            ScopeKind::File => !self.is_module,
            _ => false,
        }
    }

    /// The scopes whose names are global.
    pub fn global_scopes(&self) -> &[ScopeId] {
        &self.global_scopes
    }

    /// Whether a declaration has all of `flags`.
    pub fn has(&self, decl: DeclId, flags: DeclFlags) -> bool {
        self.decl(decl).flags.has(flags)
    }
}
