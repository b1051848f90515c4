//! What assignments declare: `module.exports`, `exports.a`, `this.a`, `A.prototype.a`, `f.a`.
//!
//! They are collected on the walk and looked at when all names are known.

use symphony_text::TextRange;

use super::Lower;
use super::declare::Named;
use crate::{
    DeclData, DeclFlags, DeclId, DeclKind, Expando, ExportTarget, ExprId, ExprKind, FunctionId,
    FunctionKind, Hir, Home, Meaning, PatternSource, ScopeId, SymbolId, TableId, TokenId,
    TokenKind, TypeId,
};

/// An assignment to a member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assigned {
    pub(crate) target: ExprId,
    pub(crate) value: ExprId,
    pub(crate) ty: Option<TypeId>,
    pub(crate) scope: ScopeId,
    pub(crate) owner: Option<DeclId>,
    pub(crate) range: TextRange,
}

/// What a member is assigned to.
enum Of {
    Exports,
    /// `module.exports` itself.
    Module,
    Instance(TableId),
    Statics(TableId),
}

impl Lower<'_> {
    /// Declares what assignments do.
    pub(crate) fn declare_assigned(&mut self) {
        let is_esm = self.hir.is_module;
        let mut all = std::mem::take(&mut self.assigned);
        // What a function is assigned to says what `this` is in it.
        all.sort_by_key(|it| it.range.start());
        for assigned in all {
            let ExprKind::Member {
                object, property, ..
            } = self.hir.expr(assigned.target).kind
            else {
                continue;
            };
            match self.assigned_to(object, property, is_esm) {
                Some(Of::Module) => self.export_equals(&assigned),
                Some(Of::Exports) => self.export_assigned(&assigned, property),
                Some(Of::Instance(table) | Of::Statics(table)) => {
                    self.declare_in(table, &assigned, property);
                }
                None => {}
            }
        }
    }

    fn assigned_to(&mut self, object: ExprId, property: TokenId, is_esm: bool) -> Option<Of> {
        let is_commonjs = self.hir.is_javascript && !is_esm;
        match self.hir.expr(object).kind {
            ExprKind::Name(token) => {
                if is_commonjs && self.is_free(token, "exports") {
                    return Some(Of::Exports);
                }
                let is_exports = self.is_named(property, "exports");
                if is_commonjs && is_exports && self.is_free(token, "module") {
                    return Some(Of::Module);
                }
                let symbol = self.symbol_of(token)?;
                self.statics_of(symbol).map(Of::Statics)
            }
            ExprKind::Member {
                object: outer,
                property: middle,
                ..
            } => {
                let ExprKind::Name(token) = self.hir.expr(outer).kind else {
                    return None;
                };
                if is_commonjs && self.is_named(middle, "exports") && self.is_free(token, "module")
                {
                    return Some(Of::Exports);
                }
                if !self.hir.is_javascript || !self.is_named(middle, "prototype") {
                    return None;
                }
                let symbol = self.symbol_of(token)?;
                self.instance_of(symbol).map(Of::Instance)
            }
            ExprKind::This(scope) if self.hir.is_javascript => self.this_table(scope),
            _ => None,
        }
    }

    fn is_named(&self, token: TokenId, name: &str) -> bool {
        self.hir.name(self.hir.token(token).name) == name
    }

    /// Whether a name is this one and no one has declared it.
    fn is_free(&self, token: TokenId, name: &str) -> bool {
        self.is_named(token, name) && self.symbol_of(token).is_none()
    }

    fn symbol_of(&self, token: TokenId) -> Option<SymbolId> {
        let token = self.hir.token(token);
        let TokenKind::Use { scope, .. } = token.kind else {
            return None;
        };
        self.hir.look_up(scope, token.name, Meaning::VALUE)
    }

    /// The function that a symbol is: declared, or the value of a constant.
    fn function_of(&self, symbol: SymbolId) -> Option<FunctionId> {
        self.hir.symbol(symbol).decls.iter().find_map(|&decl| {
            let decl = self.hir.decl(decl);
            match decl.data {
                DeclData::Function(function) if decl.kind == DeclKind::Function => Some(function),
                DeclData::Binding(pattern)
                    if decl.kind == DeclKind::Const || self.hir.is_javascript =>
                {
                    let PatternSource::Variable(None, Some(value)) =
                        self.hir.pattern(pattern).source
                    else {
                        return None;
                    };
                    match self.hir.expr(value).kind {
                        ExprKind::Function(function) => Some(function),
                        _ => None,
                    }
                }
                _ => None,
            }
        })
    }

    fn class_of(&self, symbol: SymbolId) -> Option<crate::ClassId> {
        self.hir
            .symbol(symbol)
            .decls
            .iter()
            .find_map(|&decl| match self.hir.decl(decl).data {
                DeclData::Class(class) => Some(class),
                DeclData::Binding(pattern) => match self.hir.pattern(pattern).source {
                    PatternSource::Variable(None, Some(value)) => match self.hir.expr(value).kind {
                        ExprKind::Class(class) => Some(class),
                        _ => None,
                    },
                    _ => None,
                },
                _ => None,
            })
    }

    fn expando(&mut self, symbol: SymbolId) -> Expando {
        if let Some(&known) = self.hir.expandos.get(&symbol) {
            return known;
        }
        let made = Expando {
            instance: self.new_table(),
            statics: self.new_table(),
        };
        self.hir.expandos.insert(symbol, made);
        made
    }

    fn statics_of(&mut self, symbol: SymbolId) -> Option<TableId> {
        if let Some(class) = self.class_of(symbol) {
            return self
                .hir
                .is_javascript
                .then(|| self.hir.class(class).statics);
        }
        self.function_of(symbol)?;
        Some(self.expando(symbol).statics)
    }

    fn instance_of(&mut self, symbol: SymbolId) -> Option<TableId> {
        if let Some(class) = self.class_of(symbol) {
            return Some(self.hir.class(class).instance);
        }
        self.function_of(symbol)?;
        Some(self.expando(symbol).instance)
    }

    /// The members of what `this` is in a scope: those of the class, or of what a function constructs.
    fn this_table(&mut self, scope: ScopeId) -> Option<Of> {
        let function = self.hir.scopes_around(scope).find_map(|scope| {
            let at = self
                .hir
                .functions
                .binary_search_by_key(&scope, |it| it.scope)
                .ok()?;
            (self.hir.functions[at].kind != FunctionKind::Arrow).then_some(FunctionId(at as u32))
        })?;
        let function = self.hir.function(function);
        let (kind, decl) = (function.kind, function.decl?);
        let symbol = self.hir.decl(decl).symbol;
        match kind {
            FunctionKind::Constructor => {
                let is_its = |it: &&crate::Class| it.constructors.contains(&decl);
                let class = self.hir.classes.iter().find(is_its)?;
                Some(Of::Instance(class.instance))
            }
            FunctionKind::Method | FunctionKind::Getter | FunctionKind::Setter => {
                let Home::Table(table) = self.hir.symbol(symbol).home else {
                    return None;
                };
                let of_class = |it: &crate::Class| it.instance == table || it.statics == table;
                self.hir
                    .classes
                    .iter()
                    .any(of_class)
                    .then_some(Of::Instance(table))
            }
            FunctionKind::Declaration | FunctionKind::Expression => {
                if let Home::Table(table) = self.hir.symbol(symbol).home {
                    let of_function = |it: &Expando| it.instance == table;
                    let is_method = self.hir.expandos.values().any(of_function)
                        || self.hir.classes.iter().any(|it| it.instance == table);
                    return is_method.then_some(Of::Instance(table));
                }
                self.function_of(symbol)?;
                Some(Of::Instance(self.expando(symbol).instance))
            }
            _ => None,
        }
    }

    fn named_by(&self, property: TokenId) -> Named {
        let token = self.hir.token(property);
        Named {
            name: token.name,
            range: token.range,
            quoted: token.flags.has(crate::TokenFlags::QUOTED),
        }
    }

    /// A member that nothing else declares.
    fn declare_in(&mut self, table: TableId, assigned: &Assigned, property: TokenId) {
        let named = self.named_by(property);
        if let Some(known) = self.hir.member(table, named.name) {
            // In JavaScript each assignment to a property declares it.
            let known = self.hir.first_decl(known);
            if !self.hir.is_javascript || known.kind != DeclKind::Property {
                return;
            }
        }
        let (kind, data) = match self.hir.expr(assigned.value).kind {
            ExprKind::Function(function) if assigned.ty.is_none() => {
                (DeclKind::Method, DeclData::Function(function))
            }
            _ => (
                DeclKind::Property,
                DeclData::Property(assigned.ty, Some(assigned.value)),
            ),
        };
        let (scope, owner) = (self.scope, self.owner);
        (self.scope, self.owner) = (assigned.scope, assigned.owner);
        let tokens = self.hir.tokens.len();
        let flags = DeclFlags::default();
        let decl = self.declare_member(table, kind, named, flags, assigned.range);
        (self.scope, self.owner) = (scope, owner);
        self.set_data(decl, data);
        if let DeclData::Function(function) = data {
            self.hir.functions[function.index()]
                .decl
                .get_or_insert(decl);
        }
        self.is_declared_by(property, tokens, decl);
    }

    /// The member's own token declares, and not one beside it.
    fn is_declared_by(&mut self, property: TokenId, tokens: usize, decl: DeclId) {
        self.hir.tokens.truncate(tokens);
        self.hir.tokens[property.index()].kind = TokenKind::Decl(decl);
    }

    /// `exports.a = b`.
    fn export_assigned(&mut self, assigned: &Assigned, property: TokenId) {
        let named = self.named_by(property);
        let table = match self.hir.common_js {
            Some(table) => table,
            None => {
                let table = self.new_table();
                self.hir.common_js = Some(table);
                table
            }
        };
        self.hir.is_module = true;
        let known = self.hir.member(table, named.name);
        let tokens = self.hir.tokens.len();
        let flags = DeclFlags::EXPORTED;
        let decl = self.declare_member(table, DeclKind::Property, named, flags, assigned.range);
        self.set_data(decl, DeclData::Property(assigned.ty, Some(assigned.value)));
        self.is_declared_by(property, tokens, decl);
        if known.is_none() {
            let target = ExportTarget::Decl(decl);
            self.export(Hir::FILE, named.name, named.range, target, false);
        }
    }

    /// `module.exports = a`; what an object literal lists is exported by name.
    fn export_equals(&mut self, assigned: &Assigned) {
        let target = self.hir.expr(assigned.target).range;
        let flags = DeclFlags::EXPORTED;
        let kind = DeclKind::ExportAssignment;
        let decl = self.declare_nameless(kind, "export=", target, flags, assigned.range);
        self.set_data(decl, DeclData::Expression(assigned.value));
        self.hir.is_module = true;
        self.hir.exports.entry(Hir::FILE).or_default().equals = Some(decl);
        let ExprKind::Object { table, .. } = self.hir.expr(assigned.value).kind else {
            return;
        };
        for symbol in self.hir.members(table).to_vec() {
            let member = self.hir.symbol(symbol);
            let (name, decl) = (member.name, member.decls[0]);
            let at = self.hir.decl(decl).name_range;
            self.export(Hir::FILE, name, at, ExportTarget::Decl(decl), false);
        }
    }
}
