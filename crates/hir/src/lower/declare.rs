//! Scopes, symbols, declarations and members.

use smallvec::smallvec;
use symphony_text::TextRange;

use super::Lower;
use crate::{
    Decl, DeclData, DeclFlags, DeclId, DeclKind, Export, ExportTarget, Home, Meaning, NameId,
    Scope, ScopeId, ScopeKind, Symbol, SymbolId, TableId, TokenFlags, TokenKind,
};

/// A name that is about to be declared.
#[derive(Clone, Copy)]
pub(super) struct Named {
    pub(super) name: NameId,
    pub(super) range: TextRange,
    pub(super) quoted: bool,
}

impl<'a> Lower<'a> {
    /// Opens a scope for the time of `inside`.
    pub(super) fn scoped<T>(
        &mut self,
        kind: ScopeKind,
        range: TextRange,
        owner: Option<DeclId>,
        inside: impl FnOnce(&mut Self, ScopeId) -> T,
    ) -> T {
        let id = ScopeId(self.hir.scopes.len() as u32);
        self.hir.scopes.push(Scope {
            parent: Some(self.scope),
            kind,
            range,
            owner,
            symbols: Vec::new(),
        });
        let outer = std::mem::replace(&mut self.scope, id);
        let done = inside(self, id);
        self.scope = outer;
        done
    }

    /// Says that what is declared meanwhile lies in `owner`.
    pub(super) fn owned<T>(
        &mut self,
        owner: Option<DeclId>,
        inside: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let outer = self.owner;
        if owner.is_some() {
            self.owner = owner;
        }
        let done = inside(self);
        self.owner = outer;
        done
    }

    fn symbol(&mut self, home: Home, name: NameId, kind: DeclKind, decl: DeclId) -> SymbolId {
        let mut meaning = kind.meaning();
        if self.hir.is_javascript && kind == DeclKind::Function {
            // A function may be a constructor, and so a type.
            meaning = meaning.and(Meaning::TYPE);
        }
        if let Some(&known) = self.hir.by_name.get(&(home, name)) {
            let symbol = &mut self.hir.symbols[known.index()];
            symbol.meaning = symbol.meaning.and(meaning);
            symbol.decls.push(decl);
            return known;
        }
        let id = SymbolId(self.hir.symbols.len() as u32);
        self.hir.symbols.push(Symbol {
            name,
            home,
            meaning,
            decls: smallvec![decl],
        });
        self.hir.by_name.insert((home, name), id);
        match home {
            Home::Scope(scope) => self.hir.scopes[scope.index()].symbols.push(id),
            Home::Table(table) => self.hir.tables[table.index()].push(id),
        }
        id
    }

    fn push_decl(
        &mut self,
        home: Home,
        kind: DeclKind,
        named: Named,
        flags: DeclFlags,
        range: TextRange,
    ) -> DeclId {
        let id = DeclId(self.hir.decls.len() as u32);
        let symbol = self.symbol(home, named.name, kind, id);
        self.hir.decls.push(Decl {
            kind,
            flags: flags
                .with(DeclFlags::QUOTED, named.quoted)
                .with(DeclFlags::AMBIENT, self.ambient),
            name: named.name,
            name_range: named.range,
            range,
            symbol,
            parent: self.owner,
            scope: self.scope,
            data: DeclData::None,
        });
        let mut written = TokenFlags::WRITE;
        if named.quoted {
            written = written.and(TokenFlags::QUOTED);
        }
        if flags.has(DeclFlags::SHORTHAND) || flags.has(DeclFlags::PARAMETER_PROPERTY) {
            written = written.and(TokenFlags::SHORTHAND);
        }
        if !named.range.is_empty() {
            self.token(named.range, named.name, TokenKind::Decl(id), written);
        }
        id
    }

    /// Declares a name in the scope that this kind of declaration belongs to, and exports it if it says so.
    pub(super) fn declare(
        &mut self,
        kind: DeclKind,
        named: Named,
        flags: DeclFlags,
        range: TextRange,
    ) -> DeclId {
        let scope = match kind {
            DeclKind::Var => self.function_scope(),
            _ => self.scope,
        };
        let ambient_in = matches!(
            self.hir.scope(scope).kind,
            ScopeKind::Namespace | ScopeKind::AmbientModule
        ) && self.ambient;
        let flags = flags.with(DeclFlags::EXPORTED, ambient_in && kind != DeclKind::Import);
        let decl = self.push_decl(Home::Scope(scope), kind, named, flags, range);
        if flags.has(DeclFlags::EXPORTED) {
            let name = if flags.has(DeclFlags::DEFAULT) {
                self.name("default")
            } else {
                named.name
            };
            self.export(
                scope,
                name,
                named.range,
                ExportTarget::Decl(decl),
                flags.has(DeclFlags::TYPE_ONLY),
            );
        }
        decl
    }

    pub(super) fn export(
        &mut self,
        scope: ScopeId,
        name: NameId,
        range: TextRange,
        target: ExportTarget,
        type_only: bool,
    ) {
        let exports = self.hir.exports.entry(scope).or_default();
        exports.named.push(Export {
            name,
            range,
            target,
            type_only,
        });
    }

    /// Declares a member.
    pub(super) fn declare_member(
        &mut self,
        table: TableId,
        kind: DeclKind,
        named: Named,
        flags: DeclFlags,
        range: TextRange,
    ) -> DeclId {
        let private = self.hir.name(named.name).starts_with('#');
        let flags = flags.with(DeclFlags::PRIVATE, private);
        self.push_decl(Home::Table(table), kind, named, flags, range)
    }

    /// Declares something without a name that can be looked up.
    pub(super) fn declare_nameless(
        &mut self,
        kind: DeclKind,
        name: &'a str,
        name_range: TextRange,
        flags: DeclFlags,
        range: TextRange,
    ) -> DeclId {
        let id = DeclId(self.hir.decls.len() as u32);
        let symbol = SymbolId(self.hir.symbols.len() as u32);
        let name = self.name(name);
        self.hir.symbols.push(Symbol {
            name,
            home: Home::Scope(self.scope),
            meaning: kind.meaning(),
            decls: smallvec![id],
        });
        self.hir.decls.push(Decl {
            kind,
            flags: flags.with(DeclFlags::AMBIENT, self.ambient),
            name,
            name_range,
            range,
            symbol,
            parent: self.owner,
            scope: self.scope,
            data: DeclData::None,
        });
        id
    }

    pub(super) fn set_data(&mut self, decl: DeclId, data: DeclData) {
        self.hir.decls[decl.index()].data = data;
    }

    pub(super) fn new_table(&mut self) -> TableId {
        let id = TableId(self.hir.tables.len() as u32);
        self.hir.tables.push(Vec::new());
        id
    }

    /// The scope in which `var` declares.
    fn function_scope(&self) -> ScopeId {
        self.hir
            .scopes_around(self.scope)
            .find(|&scope| {
                matches!(
                    self.hir.scope(scope).kind,
                    ScopeKind::File
                        | ScopeKind::Global
                        | ScopeKind::AmbientModule
                        | ScopeKind::Namespace
                        | ScopeKind::Function
                        | ScopeKind::Class
                )
            })
            .unwrap_or(crate::Hir::FILE)
    }
}
