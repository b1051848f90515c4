//! Statements.

use oxc_ast::ast::{
    BlockStatement, CatchClause, Declaration, ForStatementInit, ForStatementLeft, IfStatement,
    Statement, SwitchStatement, VariableDeclaration, VariableDeclarationKind,
};
use oxc_span::{GetSpan as _, Span};

use super::declare::Named;
use super::{Lower, Place, range};
use crate::{
    BinaryOp, Context, DeclFlags, DeclKind, ExprId, ExprKind, FunctionId, Guard, PatternSource,
    ScopeKind, TokenFlags, TokenKind,
};

impl<'a> Lower<'a> {
    pub(super) fn statements(&mut self, statements: &[Statement<'a>]) {
        for statement in statements {
            self.statement(statement);
            let known = std::mem::take(&mut self.known_after);
            if let (Statement::IfStatement(it), Some(last)) = (statement, statements.last()) {
                let rest = Span::new(it.span.end, last.span().end);
                for (test, holds) in known {
                    self.guard(test, holds, rest);
                }
            }
        }
    }

    /// Notes that a condition holds, or does not, in a part of the text.
    pub(super) fn guard(&mut self, test: ExprId, holds: bool, span: Span) {
        if !span.is_empty() {
            let range = range(span);
            self.guards.push(Guard { test, holds, range });
        }
    }

    pub(super) fn statement(&mut self, statement: &Statement<'a>) {
        // Beyond the depth that a person writes nothing is declared.
        let _ = self.deeper(|lower| lower.statement_here(statement));
    }

    fn statement_here(&mut self, statement: &Statement<'a>) {
        let start = statement.span().start;
        match statement {
            // What is written before a comment's declaration may only be of these.
            Statement::FunctionDeclaration(_)
            | Statement::ExportDeclaration(_)
            | Statement::ExportDefaultDeclaration(_)
            | Statement::ClassDeclaration(_) => self.expect_doc(start),
            Statement::ExpressionStatement(it) if assigned_function(&it.expression) => {
                self.expect_doc(start);
            }
            _ => {}
        }
        self.statement_start = start;
        self.statement_inside(statement);
        self.docs.pending = None;
    }

    fn statement_inside(&mut self, statement: &Statement<'a>) {
        match statement {
            Statement::BlockStatement(block) => self.block(block),
            Statement::ExpressionStatement(it) => {
                self.expression(&it.expression, Place::default());
            }
            Statement::IfStatement(it) => self.if_chain(it),
            Statement::ReturnStatement(it) => self.return_value(it.argument.as_ref()),
            Statement::ThrowStatement(it) => {
                self.expression(&it.argument, Place::default());
            }
            Statement::WhileStatement(it) => {
                let test = self.expression(&it.test, Place::default());
                self.guard(test, true, it.body.span());
                self.statement(&it.body);
            }
            Statement::DoWhileStatement(it) => {
                self.statement(&it.body);
                self.expression(&it.test, Place::default());
            }
            Statement::ForStatement(it) => {
                self.scoped(ScopeKind::Block, range(it.span), None, |lower, _| {
                    match &it.init {
                        Some(ForStatementInit::VariableDeclaration(init)) => {
                            lower.variables(init, DeclFlags::default(), None);
                        }
                        Some(init) => _ = lower.expression(init.to_expression(), Place::default()),
                        None => {}
                    }
                    if let Some(test) = &it.test {
                        let test = lower.expression(test, Place::default());
                        lower.guard(test, true, it.body.span());
                    }
                    if let Some(update) = &it.update {
                        lower.expression(update, Place::default());
                    }
                    lower.statement(&it.body);
                });
            }
            Statement::ForInStatement(it) => {
                self.for_each(it.span, &it.left, &it.right, &it.body, false);
            }
            Statement::ForOfStatement(it) => {
                self.for_each(it.span, &it.left, &it.right, &it.body, true);
            }
            Statement::SwitchStatement(it) => self.switch(it),
            Statement::TryStatement(it) => {
                self.block(&it.block);
                if let Some(handler) = &it.handler {
                    self.catch(handler);
                }
                if let Some(finalizer) = &it.finalizer {
                    self.block(finalizer);
                }
            }
            Statement::WithStatement(it) => {
                self.expression(&it.object, Place::default());
                self.statement(&it.body);
            }
            Statement::LabeledStatement(it) => {
                let name = self.name(it.label.name.as_str());
                let token = self.hir.tokens.len() as u32;
                self.token(
                    range(it.label.span),
                    name,
                    TokenKind::Label(token),
                    TokenFlags::WRITE,
                );
                self.labels.push((name, token));
                self.statement(&it.body);
                self.labels.pop();
            }
            Statement::BreakStatement(it) => self.jump(it.label.as_ref()),
            Statement::ContinueStatement(it) => self.jump(it.label.as_ref()),
            Statement::DebuggerStatement(_) | Statement::EmptyStatement(_) => {}
            other => {
                if let Some(declaration) = other.as_declaration() {
                    self.declaration(declaration, DeclFlags::default());
                } else if let Some(module) = other.as_module_declaration() {
                    self.module_declaration(module);
                }
            }
        }
    }

    /// `else if` after `else if` is one level. Where each branch so far is left for good, its condition does not hold in
    /// what follows; where only the other one is left, it does.
    fn if_chain(&mut self, mut it: &IfStatement<'a>) {
        let (mut known, mut all_left) = (Vec::new(), true);
        loop {
            let test = self.expression(&it.test, Place::default());
            self.guard(test, true, it.consequent.span());
            self.statement(&it.consequent);
            let is_left = leaves(&it.consequent);
            if all_left && is_left {
                known.push((test, false));
            }
            if let Some(other) = &it.alternate {
                self.guard(test, false, other.span());
                if all_left && !is_left && leaves(other) {
                    known.push((test, true));
                }
            }
            all_left &= is_left;
            match &it.alternate {
                Some(Statement::IfStatement(next)) => it = next,
                Some(last) => {
                    self.statement(last);
                    break;
                }
                None => break,
            }
        }
        self.known_after = known;
    }

    pub(super) fn block(&mut self, block: &BlockStatement<'a>) {
        if block.body.is_empty() {
            return;
        }
        self.scoped(ScopeKind::Block, range(block.span), None, |lower, _| {
            lower.statements(&block.body);
        });
    }

    pub(super) fn return_value(&mut self, value: Option<&oxc_ast::ast::Expression<'a>>) {
        let Some(value) = value else { return };
        let function: Option<FunctionId> = self.returns.last().map(|(function, _)| *function);
        let place =
            function.map_or_else(Place::default, |it| Place::expecting(Context::Return(it)));
        let value = self.expression(value, place);
        if let Some((_, returned)) = self.returns.last_mut() {
            returned.push(value);
        }
    }

    fn jump(&mut self, label: Option<&oxc_ast::ast::LabelIdentifier<'a>>) {
        let Some(label) = label else { return };
        let name = self.name(label.name.as_str());
        let known = self.labels.iter().rev().find(|(known, _)| *known == name);
        if let Some(&(_, token)) = known {
            self.token(
                range(label.span),
                name,
                TokenKind::Label(token),
                TokenFlags::default(),
            );
        }
    }

    fn for_each(
        &mut self,
        span: Span,
        left: &ForStatementLeft<'a>,
        right: &oxc_ast::ast::Expression<'a>,
        body: &Statement<'a>,
        of: bool,
    ) {
        self.scoped(ScopeKind::Block, range(span), None, |lower, _| {
            let over = lower.expression(right, Place::default());
            let source = if of {
                PatternSource::ForOf(over)
            } else {
                PatternSource::ForIn
            };
            match left {
                ForStatementLeft::VariableDeclaration(it) => {
                    lower.variables(it, DeclFlags::default(), Some(source));
                }
                other => _ = lower.assignment_target(other.to_assignment_target(), source),
            }
            lower.statement(body);
        });
    }

    fn switch(&mut self, it: &SwitchStatement<'a>) {
        let of = self.expression(&it.discriminant, Place::default());
        self.scoped(ScopeKind::Block, range(it.span), None, |lower, _| {
            // Whether a case is reached only by its own test.
            let mut is_alone = true;
            for case in &it.cases {
                if let Some(test) = &case.test {
                    let value = lower.expression(test, Place::default());
                    if is_alone && let Some(last) = case.consequent.last() {
                        let equal = ExprKind::Binary(BinaryOp::Equal, of, value);
                        let equal = lower.push_expr(equal, test.span());
                        let body = Span::new(test.span().end, last.span().end);
                        lower.guard(equal, true, body);
                    }
                }
                lower.statements(&case.consequent);
                is_alone = case.consequent.last().is_some_and(leaves);
            }
        });
    }

    fn catch(&mut self, it: &CatchClause<'a>) {
        self.scoped(ScopeKind::Block, range(it.span), None, |lower, _| {
            if let Some(param) = &it.param {
                let ty = lower.annotation(param.type_annotation.as_deref());
                let flags = DeclFlags::default();
                lower.pattern(
                    &param.pattern,
                    DeclKind::Catch,
                    flags,
                    PatternSource::Catch(ty),
                    param.span,
                );
            }
            lower.statements(&it.body.body);
        });
    }

    /// `var`, `let` and `const`; `each` is what a loop goes through.
    pub(super) fn variables(
        &mut self,
        it: &VariableDeclaration<'a>,
        flags: DeclFlags,
        each: Option<PatternSource>,
    ) {
        let kind = match it.kind {
            VariableDeclarationKind::Var => DeclKind::Var,
            VariableDeclarationKind::Const => DeclKind::Const,
            VariableDeclarationKind::Let
            | VariableDeclarationKind::Using
            | VariableDeclarationKind::AwaitUsing => DeclKind::Let,
        };
        let ambient = self.ambient;
        let statement_start = self.statement_start;
        self.ambient |= it.declare;
        for declarator in &it.declarations {
            if self.required(declarator, kind, flags) {
                continue;
            }
            let ty = self
                .annotation(declarator.type_annotation.as_deref())
                .or_else(|| self.doc_type(declarator.span.start))
                .or_else(|| self.doc_type(it.span.start))
                .or_else(|| self.doc_type(statement_start));
            let source = each.clone().unwrap_or(PatternSource::Variable(ty, None));
            let pattern = self.pattern(&declarator.id, kind, flags, source, declarator.span);
            if let Some(init) = &declarator.init {
                let decl = self.hir.patterns[pattern.index()].decl;
                let context = ty.map(Context::Type);
                self.docs.pending = None;
                if is_function(init) {
                    let doc = self
                        .doc_at(declarator.span.start)
                        .or_else(|| self.doc_at(it.span.start))
                        .or_else(|| self.doc_at(statement_start));
                    self.docs.pending = doc;
                }
                let value = self.owned(decl.filter(|_| has_own_name(init)), |lower| {
                    lower.expression(init, Place { context, decl })
                });
                if each.is_none() {
                    self.hir.patterns[pattern.index()].source =
                        PatternSource::Variable(ty, Some(value));
                }
            }
        }
        self.ambient = ambient;
    }

    pub(super) fn declaration(&mut self, it: &Declaration<'a>, flags: DeclFlags) {
        match it {
            Declaration::VariableDeclaration(it) => self.variables(it, flags, None),
            Declaration::FunctionDeclaration(it) => self.function_declaration(it, flags),
            Declaration::ClassDeclaration(it) => self.class_declaration(it, flags),
            Declaration::TSTypeAliasDeclaration(it) => self.type_alias(it, flags),
            Declaration::TSInterfaceDeclaration(it) => self.interface(it, flags),
            Declaration::TSEnumDeclaration(it) => self.enumeration(it, flags),
            Declaration::TSExternalModuleDeclaration(it) => self.external_module(it),
            Declaration::TSNamespaceDeclaration(it) => self.namespace(it, flags),
            Declaration::TSGlobalDeclaration(it) => self.global(it),
            Declaration::TSImportEqualsDeclaration(it) => self.import_equals(it, flags),
        }
    }

    /// A name as it is bound.
    pub(super) fn named(&mut self, it: &oxc_ast::ast::BindingIdentifier<'a>) -> Named {
        Named {
            name: self.name(it.name.as_str()),
            range: range(it.span),
            quoted: false,
        }
    }
}

/// Whether nothing that follows a statement is reached through it.
fn leaves(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::ReturnStatement(_)
        | Statement::ThrowStatement(_)
        | Statement::BreakStatement(_)
        | Statement::ContinueStatement(_) => true,
        Statement::BlockStatement(block) => block.body.last().is_some_and(leaves),
        Statement::IfStatement(it) => {
            leaves(&it.consequent) && it.alternate.as_ref().is_some_and(leaves)
        }
        _ => false,
    }
}

/// Whether what is written in an initialiser is said to lie in the variable: a function's or a class's body.
fn has_own_name(init: &oxc_ast::ast::Expression<'_>) -> bool {
    use oxc_ast::ast::Expression as E;
    matches!(
        init.get_inner_expression(),
        E::ArrowFunctionExpression(_)
            | E::FunctionExpression(_)
            | E::ClassExpression(_)
            | E::ObjectExpression(_)
    )
}

pub(super) fn is_function(it: &oxc_ast::ast::Expression<'_>) -> bool {
    use oxc_ast::ast::Expression as E;
    matches!(
        it.get_inner_expression(),
        E::ArrowFunctionExpression(_) | E::FunctionExpression(_)
    )
}

fn assigned_function(it: &oxc_ast::ast::Expression<'_>) -> bool {
    match it {
        oxc_ast::ast::Expression::AssignmentExpression(it) => is_function(&it.right),
        _ => false,
    }
}
