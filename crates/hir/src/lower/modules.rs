//! Imports, exports, namespaces, ambient modules, and CommonJS.

use oxc_ast::ast::{
    BindingPattern, CallExpression, ExportAllDeclaration, ExportDefaultDeclaration,
    ExportDefaultDeclarationKind, ExportFromDeclaration, ExportNamedDeclaration, Expression,
    ImportDeclaration, ImportDeclarationSpecifier, ImportOrExportKind, ModuleDeclaration,
    ModuleExportName, Program, StringLiteral, TSExternalModuleDeclaration, TSGlobalDeclaration,
    TSImportEqualsDeclaration, TSModuleReference, TSNamespaceDeclaration,
    TSNamespaceDeclarationBody, VariableDeclarator,
};
use oxc_span::{GetSpan as _, Span};
use symphony_text::TextRange;

use super::declare::Named;
use super::{Lower, Place, between, range, unquoted};
use crate::{
    AmbientModule, DeclData, DeclFlags, DeclId, DeclKind, ExportSpecifier, ExportStatement,
    ExportTarget, ExprId, ExprKind, Hir, ImportSpecifier, ImportStatement, Imported, Meaning,
    ModuleRef, ModuleRefId, ModuleRefKind, NamedImports, PatternSource, Reference, ReferenceKind,
    ScopeId, ScopeKind, TokenFlags, TokenKind,
};

impl<'a> Lower<'a> {
    pub(super) fn module_ref(
        &mut self,
        it: &StringLiteral<'a>,
        kind: ModuleRefKind,
    ) -> ModuleRefId {
        let id = ModuleRefId(self.hir.modules.len() as u32);
        let specifier = self.name(it.value.as_str());
        let at = unquoted(it.span);
        self.hir.modules.push(ModuleRef {
            specifier,
            range: at,
            kind,
        });
        self.token(at, specifier, TokenKind::Module(id), TokenFlags::QUOTED);
        id
    }

    pub(super) fn module_declaration(&mut self, it: &ModuleDeclaration<'a>) {
        if self.scope == Hir::FILE {
            self.hir.is_module = true;
        }
        match it {
            ModuleDeclaration::ImportDeclaration(it) => self.import(it),
            ModuleDeclaration::ExportAllDeclaration(it) => self.export_all(it),
            ModuleDeclaration::ExportDefaultDeclaration(it) => self.export_default(it),
            ModuleDeclaration::ExportDeclaration(it) => {
                self.declaration(&it.declaration, DeclFlags::EXPORTED);
            }
            ModuleDeclaration::ExportNamedDeclaration(it) => self.export_named(it),
            ModuleDeclaration::ExportFromDeclaration(it) => self.export_from(it),
            ModuleDeclaration::TSExportAssignment(it) => {
                let word = TextRange::at(it.span.start.into(), 6.into());
                let flags = DeclFlags::EXPORTED;
                let decl = self.declare_nameless(
                    DeclKind::ExportAssignment,
                    "export=",
                    word,
                    flags,
                    range(it.span),
                );
                let value = self.exported_expression(&it.expression, decl);
                self.set_data(decl, DeclData::Expression(value));
                self.hir.exports.entry(self.scope).or_default().equals = Some(decl);
            }
            ModuleDeclaration::TSNamespaceExportDeclaration(it) => {
                let named = Named {
                    name: self.name(it.id.name.as_str()),
                    range: range(it.id.span),
                    quoted: false,
                };
                let decl = self.declare_nameless(
                    DeclKind::UmdNamespace,
                    it.id.name.as_str(),
                    named.range,
                    DeclFlags::default(),
                    range(it.span),
                );
                self.token(
                    named.range,
                    named.name,
                    TokenKind::Decl(decl),
                    TokenFlags::WRITE,
                );
                self.hir.umd_namespaces.push(decl);
            }
        }
    }

    pub(super) fn import(&mut self, it: &ImportDeclaration<'a>) {
        let kind = match it.specifiers {
            Some(_) => ModuleRefKind::Import,
            None => ModuleRefKind::SideEffect,
        };
        let type_only = it.import_kind == ImportOrExportKind::Type;
        let module = ModuleRefId(self.hir.modules.len() as u32);
        let at = unquoted(it.source.span);
        let specifier = self.name(it.source.value.as_str());
        self.hir.modules.push(ModuleRef {
            specifier,
            range: at,
            kind,
        });
        let mut statement = ImportStatement {
            range: range(it.span),
            module,
            type_only,
            default: None,
            namespace: None,
            named: None,
            attributes: it.with_clause.as_ref().map(|it| range(it.span)),
            scope: self.scope,
        };
        let mut named = Vec::new();
        for specifier in it.specifiers.iter().flatten() {
            match specifier {
                ImportDeclarationSpecifier::ImportDefaultSpecifier(it) => {
                    let name = self.named(&it.local);
                    statement.default = Some(self.declare_import(
                        name,
                        module,
                        Imported::Default,
                        type_only,
                        it.span,
                    ));
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(it) => {
                    let name = self.named(&it.local);
                    let imported = Imported::Namespace;
                    statement.namespace =
                        Some(self.declare_import(name, module, imported, type_only, it.span));
                }
                ImportDeclarationSpecifier::ImportSpecifier(it) => {
                    let outer = self.module_name(&it.imported);
                    let inner = self.named(&it.local);
                    let this_type_only = it.import_kind == ImportOrExportKind::Type;
                    let imported = Imported::Named(outer.name);
                    let only = type_only || this_type_only;
                    let decl = self.declare_import(inner, module, imported, only, it.span);
                    if outer.range != inner.range {
                        let flags = quoted(outer);
                        self.token(outer.range, outer.name, TokenKind::Imported(decl), flags);
                    }
                    named.push(ImportSpecifier {
                        decl,
                        imported: outer.name,
                        range: range(it.span),
                        type_only: this_type_only,
                    });
                }
            }
        }
        let text = self
            .text
            .get(it.span.start as usize..it.source.span.start as usize);
        if let Some((open, close)) = text.and_then(|text| Some((text.find('{')?, text.rfind('}')?)))
        {
            statement.named = Some(NamedImports {
                braces: between(
                    it.span.start + open as u32,
                    it.span.start + close as u32 + 1,
                ),
                specifiers: named.into(),
            });
        }
        self.token(at, specifier, TokenKind::Module(module), TokenFlags::QUOTED);
        self.hir.imports.push(statement);
    }

    fn declare_import(
        &mut self,
        named: Named,
        module: ModuleRefId,
        imported: Imported,
        type_only: bool,
        span: Span,
    ) -> DeclId {
        let flags = DeclFlags::default().with(DeclFlags::TYPE_ONLY, type_only);
        let decl = self.declare(DeclKind::Import, named, flags, range(span));
        self.set_data(decl, DeclData::Import(module, imported));
        decl
    }

    /// A name in an import or export list, which may be in quotes.
    fn module_name(&mut self, it: &ModuleExportName<'a>) -> Named {
        let (name, at, quoted) = match it {
            ModuleExportName::IdentifierName(it) => (it.name.as_str(), range(it.span), false),
            ModuleExportName::IdentifierReference(it) => (it.name.as_str(), range(it.span), false),
            ModuleExportName::StringLiteral(it) => (it.value.as_str(), unquoted(it.span), true),
        };
        Named {
            name: self.name(name),
            range: at,
            quoted,
        }
    }

    pub(super) fn import_equals(&mut self, it: &TSImportEqualsDeclaration<'a>, flags: DeclFlags) {
        if self.scope == Hir::FILE {
            self.hir.is_module = true;
        }
        let named = self.named(&it.id);
        let type_only = it.import_kind == ImportOrExportKind::Type;
        let flags = flags.with(DeclFlags::TYPE_ONLY, type_only);
        let decl = self.declare(DeclKind::Import, named, flags, range(it.span));
        let data = match &it.module_reference {
            TSModuleReference::ExternalModuleReference(it) => DeclData::Import(
                self.module_ref(&it.expression, ModuleRefKind::Require),
                Imported::Equals,
            ),
            TSModuleReference::IdentifierReference(it) => {
                let name = self.name(it.name.as_str());
                let token = self.use_name(range(it.span), name, Meaning::ALL, TokenFlags::READ);
                DeclData::ImportAlias(self.push_expr(ExprKind::Name(token), it.span))
            }
            TSModuleReference::QualifiedName(it) => {
                DeclData::ImportAlias(self.qualified_name(it, Meaning::ALL))
            }
        };
        self.set_data(decl, data);
    }

    fn export_all(&mut self, it: &ExportAllDeclaration<'a>) {
        let module = ModuleRefId(self.hir.modules.len() as u32);
        let type_only = it.export_kind == ImportOrExportKind::Type;
        let specifier = self.name(it.source.value.as_str());
        let at = unquoted(it.source.span);
        self.hir.modules.push(ModuleRef {
            specifier,
            range: at,
            kind: ModuleRefKind::Export,
        });
        match &it.exported {
            Some(name) => {
                let named = self.module_name(name);
                self.token(
                    named.range,
                    named.name,
                    TokenKind::ExportAlias,
                    quoted(named),
                );
                let target = ExportTarget::Namespace(module);
                self.export(self.scope, named.name, named.range, target, type_only);
            }
            None => self
                .hir
                .exports
                .entry(self.scope)
                .or_default()
                .stars
                .push(module),
        }
        self.token(at, specifier, TokenKind::Module(module), TokenFlags::QUOTED);
        self.hir.export_statements.push(ExportStatement {
            range: range(it.span),
            module: Some(module),
            type_only,
            named: None,
            scope: self.scope,
        });
    }

    fn export_named(&mut self, it: &ExportNamedDeclaration<'a>) {
        let type_only = it.export_kind == ImportOrExportKind::Type;
        self.hir.exports.entry(self.scope).or_default();
        let mut listed = Vec::new();
        for specifier in &it.specifiers {
            let inner = self.module_name(&specifier.local);
            let outer = self.module_name(&specifier.exported);
            let kind = TokenKind::ExportLocal {
                scope: self.scope,
                symbol: None,
            };
            let token = self.token(inner.range, inner.name, kind, quoted(inner));
            if inner.range != outer.range {
                self.token(
                    outer.range,
                    outer.name,
                    TokenKind::ExportAlias,
                    quoted(outer),
                );
            }
            let this_type_only = specifier.export_kind == ImportOrExportKind::Type;
            let only = type_only || this_type_only;
            self.export(
                self.scope,
                outer.name,
                outer.range,
                ExportTarget::Local(token),
                only,
            );
            listed.push(ExportSpecifier {
                range: range(specifier.span),
                local: inner.name,
                exported: outer.name,
                type_only: this_type_only,
            });
        }
        self.export_statement(it.span, None, type_only, listed);
    }

    fn export_from(&mut self, it: &ExportFromDeclaration<'a>) {
        let type_only = it.export_kind == ImportOrExportKind::Type;
        let module = ModuleRefId(self.hir.modules.len() as u32);
        let name = self.name(it.source.value.as_str());
        let at = unquoted(it.source.span);
        self.hir.modules.push(ModuleRef {
            specifier: name,
            range: at,
            kind: ModuleRefKind::Export,
        });
        let mut listed = Vec::new();
        for specifier in &it.specifiers {
            let inner = self.module_name(&specifier.local);
            let outer = self.module_name(&specifier.exported);
            self.token(
                inner.range,
                inner.name,
                TokenKind::Reexported(module),
                quoted(inner),
            );
            if inner.range != outer.range {
                self.token(
                    outer.range,
                    outer.name,
                    TokenKind::ExportAlias,
                    quoted(outer),
                );
            }
            let this_type_only = specifier.export_kind == ImportOrExportKind::Type;
            let only = type_only || this_type_only;
            let target = ExportTarget::From(module, inner.name);
            self.export(self.scope, outer.name, outer.range, target, only);
            listed.push(ExportSpecifier {
                range: range(specifier.span),
                local: inner.name,
                exported: outer.name,
                type_only: this_type_only,
            });
        }
        self.token(at, name, TokenKind::Module(module), TokenFlags::QUOTED);
        self.export_statement(it.span, Some(module), type_only, listed);
    }

    fn export_statement(
        &mut self,
        span: Span,
        module: Option<ModuleRefId>,
        type_only: bool,
        listed: Vec<ExportSpecifier>,
    ) {
        self.hir.export_statements.push(ExportStatement {
            range: range(span),
            module,
            type_only,
            named: Some(listed.into()),
            scope: self.scope,
        });
    }

    fn export_default(&mut self, it: &ExportDefaultDeclaration<'a>) {
        let flags = DeclFlags::EXPORTED.with(DeclFlags::DEFAULT, true);
        match &it.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(it) => {
                self.function_declaration(it, flags)
            }
            ExportDefaultDeclarationKind::ClassDeclaration(it) => self.class_declaration(it, flags),
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(it) => self.interface(it, flags),
            other => {
                let word = TextRange::at(it.span.start.into(), 6.into());
                let decl =
                    self.default_export(DeclKind::ExportAssignment, word, flags, range(it.span));
                let value = self.exported_expression(other.to_expression(), decl);
                self.set_data(decl, DeclData::Expression(value));
            }
        }
    }

    /// `export default a` exports what `a` stands for, whatever that is.
    fn exported_expression(&mut self, it: &Expression<'a>, decl: DeclId) -> ExprId {
        if let Expression::Identifier(name) = it {
            let id = self.name(name.name.as_str());
            let token = self.use_name(range(name.span), id, Meaning::ALL, TokenFlags::READ);
            return self.push_expr(ExprKind::Name(token), name.span);
        }
        self.owned(Some(decl), |lower| {
            lower.expression(
                it,
                Place {
                    context: None,
                    decl: Some(decl),
                },
            )
        })
    }

    /// Declares what is exported as `default` without a name.
    pub(super) fn default_export(
        &mut self,
        kind: DeclKind,
        word: TextRange,
        flags: DeclFlags,
        whole: TextRange,
    ) -> DeclId {
        let decl = self.declare_nameless(kind, "default", word, flags, whole);
        let name = self.name("default");
        self.export(self.scope, name, word, ExportTarget::Decl(decl), false);
        decl
    }

    pub(super) fn namespace(&mut self, it: &TSNamespaceDeclaration<'a>, flags: DeclFlags) {
        let _ = self.deeper(|lower| {
            let named = lower.named(&it.id);
            let decl = lower.declare(DeclKind::Namespace, named, flags, range(it.span));
            let ambient = lower.ambient;
            lower.ambient |= it.declare;
            let outer = lower.owner.replace(decl);
            lower.scoped(
                ScopeKind::Namespace,
                range(it.body.span()),
                Some(decl),
                |lower, scope| {
                    lower.set_data(decl, DeclData::Namespace(scope));
                    match &it.body {
                        TSNamespaceDeclarationBody::TSModuleBlock(block) => {
                            lower.statements(&block.body)
                        }
                        TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => {
                            lower.namespace(inner, DeclFlags::EXPORTED);
                        }
                    }
                },
            );
            lower.owner = outer;
            lower.ambient = ambient;
        });
    }

    pub(super) fn external_module(&mut self, it: &TSExternalModuleDeclaration<'a>) {
        let module = self.module_ref(&it.id, ModuleRefKind::Ambient);
        let name = it.id.value.as_str();
        let at = unquoted(it.id.span);
        let decl = self.declare_nameless(
            DeclKind::Namespace,
            name,
            at,
            DeclFlags::QUOTED,
            range(it.span),
        );
        let mut inner = None;
        if let Some(body) = &it.body {
            let ambient = std::mem::replace(&mut self.ambient, true);
            let outer = self.owner.replace(decl);
            self.scoped(
                ScopeKind::AmbientModule,
                range(body.span),
                Some(decl),
                |lower, scope| {
                    lower.set_data(decl, DeclData::Namespace(scope));
                    inner = Some(scope);
                    lower.statements(&body.body);
                },
            );
            self.owner = outer;
            self.ambient = ambient;
        }
        self.hir.ambient_modules.push(AmbientModule {
            module,
            scope: inner,
            decl,
        });
    }

    pub(super) fn global(&mut self, it: &TSGlobalDeclaration<'a>) {
        let ambient = std::mem::replace(&mut self.ambient, true);
        let at = range(it.global_span);
        let decl = self.declare_nameless(
            DeclKind::Namespace,
            "global",
            at,
            DeclFlags::default(),
            range(it.span),
        );
        let outer = self.owner.replace(decl);
        self.scoped(
            ScopeKind::Global,
            range(it.body.span),
            None,
            |lower, _: ScopeId| {
                lower.statements(&it.body.body);
            },
        );
        self.owner = outer;
        self.ambient = ambient;
    }

    /// `const a = require("x")` in JavaScript imports.
    pub(super) fn required(
        &mut self,
        it: &VariableDeclarator<'a>,
        kind: DeclKind,
        flags: DeclFlags,
    ) -> bool {
        let Some(source) = self.required_module(it.init.as_ref()) else {
            return false;
        };
        match &it.id {
            BindingPattern::BindingIdentifier(name) => {
                let named = self.named(name);
                let decl = self.declare(DeclKind::Import, named, flags, range(it.span));
                let module = self.module_ref(source, ModuleRefKind::Require);
                self.set_data(decl, DeclData::Import(module, Imported::Equals));
            }
            BindingPattern::ObjectPattern(object)
                if object.properties.iter().all(|it| {
                    !it.computed && matches!(it.value, BindingPattern::BindingIdentifier(_))
                }) && object.rest.is_none() =>
            {
                let module = self.module_ref(source, ModuleRefKind::Require);
                for property in &object.properties {
                    let (Some(outer), BindingPattern::BindingIdentifier(name)) =
                        (self.key(&property.key, false), &property.value)
                    else {
                        continue;
                    };
                    let inner = self.named(name);
                    let decl = self.declare(DeclKind::Import, inner, flags, range(property.span));
                    self.set_data(decl, DeclData::Import(module, Imported::Named(outer.name)));
                    if outer.range != inner.range {
                        self.token(
                            outer.range,
                            outer.name,
                            TokenKind::Imported(decl),
                            quoted(outer),
                        );
                    }
                }
            }
            other => {
                let module = self.module_ref(source, ModuleRefKind::Require);
                let value = self.push_expr(ExprKind::Import(module), source.span);
                self.pattern(
                    other,
                    kind,
                    flags,
                    PatternSource::Variable(None, Some(value)),
                    it.span,
                );
            }
        }
        true
    }

    fn required_module<'b>(
        &self,
        init: Option<&'b Expression<'a>>,
    ) -> Option<&'b StringLiteral<'a>> {
        if !self.hir.is_javascript {
            return None;
        }
        let Some(Expression::CallExpression(call)) = init else {
            return None;
        };
        required_by(call)
    }

    /// `require("x")` as an expression in JavaScript.
    pub(super) fn require(&mut self, it: &CallExpression<'a>) -> Option<ExprId> {
        let source = required_by(it)?;
        let module = self.module_ref(source, ModuleRefKind::Require);
        Some(self.push_expr(ExprKind::Import(module), it.span))
    }

    /// `/// <reference path="..." />` and its kin, which stand before the first statement.
    pub(super) fn reference_comments(&mut self, program: &Program<'a>) {
        let first = program.body.first().map_or(u32::MAX, |it| it.span().start);
        for comment in program
            .comments
            .iter()
            .take_while(|it| it.span.start < first)
        {
            let Some(text) = self
                .text
                .get(comment.span.start as usize..comment.span.end as usize)
            else {
                continue;
            };
            let Some(rest) = text.strip_prefix("///").map(str::trim_start) else {
                continue;
            };
            let Some(attributes) = rest.strip_prefix("<reference") else {
                continue;
            };
            let words = [
                ("path", ReferenceKind::Path),
                ("types", ReferenceKind::Types),
                ("lib", ReferenceKind::Lib),
            ];
            for (word, kind) in words {
                if let Some(value) = attribute(attributes, word) {
                    let start = comment.span.start as usize
                        + (value.as_ptr() as usize - text.as_ptr() as usize);
                    self.hir.references.push(Reference {
                        kind,
                        text: value.into(),
                        range: between(start as u32, (start + value.len()) as u32),
                    });
                }
            }
        }
    }
}

fn quoted(named: Named) -> TokenFlags {
    if named.quoted {
        TokenFlags::READ.and(TokenFlags::QUOTED)
    } else {
        TokenFlags::READ
    }
}

fn required_by<'a, 'b>(call: &'b CallExpression<'a>) -> Option<&'b StringLiteral<'a>> {
    let Expression::Identifier(name) = &call.callee else {
        return None;
    };
    match call.arguments.as_slice() {
        [oxc_ast::ast::Argument::StringLiteral(text)] if name.name == "require" => Some(text),
        _ => None,
    }
}

/// The value of `word="..."`.
fn attribute<'b>(text: &'b str, word: &str) -> Option<&'b str> {
    let after = text
        .split_once(word)?
        .1
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let quote = after.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    after[1..].split_once(quote).map(|(value, _)| value)
}
