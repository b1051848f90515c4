//! Functions, arrow functions and signatures.

use oxc_ast::ast::{
    ArrowFunctionExpression, FormalParameter, FormalParameters, Function as Tree, TSThisParameter,
    TSTypeAnnotation, TSTypeParameterDeclaration,
};
use oxc_span::Span;
use symphony_text::TextRange;

use super::{Lower, Place, range};
use crate::{
    Context, DeclData, DeclFlags, DeclId, DeclKind, ExprId, ExprKind, Function, FunctionId,
    FunctionKind, Parameter, PatternSource, ScopeId, ScopeKind, TableId, TokenFlags,
};

/// The parts that all sorts of functions share.
pub(super) struct Signature<'a, 'b> {
    pub(super) kind: FunctionKind,
    pub(super) span: Span,
    pub(super) type_params: Option<&'b TSTypeParameterDeclaration<'a>>,
    pub(super) this_param: Option<&'b TSThisParameter<'a>>,
    pub(super) params: &'b FormalParameters<'a>,
    pub(super) ret: Option<&'b TSTypeAnnotation<'a>>,
    pub(super) decl: Option<DeclId>,
}

impl<'a> Lower<'a> {
    pub(super) fn function_declaration(&mut self, it: &Tree<'a>, flags: DeclFlags) {
        let flags = flags.with(DeclFlags::HAS_BODY, it.body.is_some());
        let decl = match &it.id {
            Some(id) => {
                let named = self.named(id);
                self.declare(DeclKind::Function, named, flags, range(it.span))
            }
            None => {
                let word = TextRange::at(it.span.start.into(), 0.into());
                self.default_export(DeclKind::Function, word, flags, range(it.span))
            }
        };
        let function = self.function(it, FunctionKind::Declaration, Some(decl));
        self.set_data(decl, DeclData::Function(function));
    }

    pub(super) fn function_expression(&mut self, it: &Tree<'a>, place: Place) -> ExprId {
        let id = self.reserve(it.span, place);
        let function = self.function(it, FunctionKind::Expression, place.decl);
        self.fill(id, ExprKind::Function(function))
    }

    /// A function with its scope. The own name of a function expression is declared in it.
    pub(super) fn function(
        &mut self,
        it: &Tree<'a>,
        kind: FunctionKind,
        decl: Option<DeclId>,
    ) -> FunctionId {
        let signature = Signature {
            kind,
            span: it.span,
            type_params: it.type_parameters.as_deref(),
            this_param: it.this_param.as_deref(),
            params: &it.params,
            ret: it.return_type.as_deref(),
            decl,
        };
        self.signature(signature, |lower, id| {
            let function = &mut lower.hir.functions[id.index()];
            function.is_async = it.r#async;
            function.is_generator = it.generator;
            function.body = it.body.as_ref().map(|body| range(body.span));
            if kind == FunctionKind::Expression
                && let Some(name) = &it.id
            {
                let named = lower.named(name);
                let own = lower.declare(
                    DeclKind::Function,
                    named,
                    DeclFlags::HAS_BODY,
                    range(it.span),
                );
                lower.set_data(own, DeclData::Function(id));
                let function = &mut lower.hir.functions[id.index()];
                function.decl = function.decl.or(Some(own));
                lower.owner = Some(own);
            }
            if let Some(body) = &it.body {
                lower.statements(&body.statements);
            }
        })
    }

    pub(super) fn arrow(&mut self, it: &ArrowFunctionExpression<'a>, place: Place) -> ExprId {
        let expr = self.reserve(it.span, place);
        let signature = Signature {
            kind: FunctionKind::Arrow,
            span: it.span,
            type_params: it.type_parameters.as_deref(),
            this_param: None,
            params: &it.params,
            ret: it.return_type.as_deref(),
            decl: place.decl,
        };
        let function = self.signature(signature, |lower, id| {
            let function = &mut lower.hir.functions[id.index()];
            function.is_async = it.r#async;
            match &it.body {
                oxc_ast::ast::ArrowFunctionBody::FunctionBody(body) => {
                    lower.hir.functions[id.index()].body = Some(range(body.span));
                    lower.statements(&body.statements);
                }
                value => {
                    let value = value.to_expression();
                    lower.hir.functions[id.index()].body =
                        Some(range(oxc_span::GetSpan::span(value)));
                    lower.return_value(Some(value));
                }
            }
        });
        self.fill(expr, ExprKind::Function(function))
    }

    /// Lowers a signature, and `body` in its scope.
    pub(super) fn signature(
        &mut self,
        it: Signature<'a, '_>,
        body: impl FnOnce(&mut Self, FunctionId),
    ) -> FunctionId {
        let id = FunctionId(self.hir.functions.len() as u32);
        self.hir.functions.push(Function {
            kind: it.kind,
            decl: it.decl,
            scope: ScopeId(self.hir.scopes.len() as u32),
            type_params: Box::default(),
            params: Box::default(),
            this_ty: None,
            ret: None,
            returns: Box::default(),
            body: None,
            range: range(it.span),
            is_async: false,
            is_generator: false,
        });
        let doc = self
            .docs
            .pending
            .take()
            .or_else(|| self.doc_at(it.span.start));
        let outer = self.owner;
        self.owner = it.decl.or(outer);
        self.returns.push((id, Vec::new()));
        self.scoped(ScopeKind::Function, range(it.span), it.decl, |lower, _| {
            let mut type_params = lower.type_parameters(it.type_params);
            if let Some(doc) = doc.filter(|_| type_params.is_empty()) {
                type_params = lower.doc_type_parameters(doc);
            }
            lower.hir.functions[id.index()].type_params = type_params;
            let this_ty = it
                .this_param
                .and_then(|it| lower.annotation(it.type_annotation.as_deref()));
            lower.hir.functions[id.index()].this_ty = this_ty;
            let params = lower.parameters(it.params, id);
            lower.hir.functions[id.index()].params = params;
            let ret = lower.annotation(it.ret);
            lower.hir.functions[id.index()].ret = ret;
            if let Some(doc) = doc {
                lower.doc_function(doc, id);
            }
            body(lower, id);
        });
        self.owner = outer;
        if let Some((_, returns)) = self.returns.pop() {
            self.hir.functions[id.index()].returns = returns.into();
        }
        id
    }

    fn parameters(&mut self, it: &FormalParameters<'a>, function: FunctionId) -> Box<[Parameter]> {
        let mut all = Vec::with_capacity(it.items.len() + 1);
        for (at, parameter) in it.items.iter().enumerate() {
            all.push(self.parameter(parameter, function, at as u32));
        }
        if let Some(rest) = &it.rest {
            for decorator in &rest.decorators {
                self.callee(&decorator.expression, TokenFlags::DECORATOR);
            }
            let source = PatternSource::Parameter(function, all.len() as u32);
            let flags = DeclFlags::default();
            let pattern = self.pattern(
                &rest.rest.argument,
                DeclKind::Parameter,
                flags,
                source,
                rest.span,
            );
            let ty = self.annotation(rest.type_annotation.as_deref());
            all.push(Parameter {
                pattern,
                ty,
                optional: true,
                rest: true,
            });
        }
        all.into()
    }

    fn parameter(&mut self, it: &FormalParameter<'a>, function: FunctionId, at: u32) -> Parameter {
        for decorator in &it.decorators {
            self.callee(&decorator.expression, TokenFlags::DECORATOR);
        }
        let flags = DeclFlags::default()
            .with(DeclFlags::PARAMETER_PROPERTY, is_property(it))
            .with(DeclFlags::OPTIONAL, it.optional);
        let source = PatternSource::Parameter(function, at);
        let pattern = self.pattern(&it.pattern, DeclKind::Parameter, flags, source, it.span);
        let ty = self.annotation(it.type_annotation.as_deref());
        if let Some(default) = &it.initializer {
            let context = ty.map_or(Context::Default(pattern), Context::Type);
            let decl = self.hir.pattern(pattern).decl;
            let default = self.expression(
                default,
                Place {
                    context: Some(context),
                    decl,
                },
            );
            self.hir.patterns[pattern.index()].default = Some(default);
        }
        let optional = it.optional || it.initializer.is_some();
        Parameter {
            pattern,
            ty,
            optional,
            rest: false,
        }
    }

    /// `constructor(private a: A)` declares a property of the class.
    pub(super) fn parameter_properties(
        &mut self,
        it: &Tree<'a>,
        function: FunctionId,
        table: TableId,
    ) {
        for (at, parameter) in it.params.items.iter().enumerate() {
            let Some(known) = self.hir.function(function).params.get(at) else {
                return;
            };
            let (pattern, Some(decl)) = (known.pattern, self.hir.pattern(known.pattern).decl)
            else {
                continue;
            };
            if !is_property(parameter) {
                continue;
            }
            let of = self.hir.decl(decl);
            let named = super::declare::Named {
                name: of.name,
                range: of.name_range,
                quoted: false,
            };
            let flags = accessibility(parameter.accessibility)
                .with(DeclFlags::PARAMETER_PROPERTY, true)
                .with(DeclFlags::READONLY, parameter.readonly)
                .with(DeclFlags::OPTIONAL, parameter.optional);
            let whole = range(parameter.span);
            let property = self.declare_member(table, DeclKind::Property, named, flags, whole);
            self.set_data(property, DeclData::ParameterProperty(pattern));
        }
    }

    pub(super) fn type_parameters(
        &mut self,
        it: Option<&TSTypeParameterDeclaration<'a>>,
    ) -> Box<[DeclId]> {
        let mut all = Vec::new();
        for parameter in it.map_or(&[][..], |it| &it.params) {
            let named = self.named(&parameter.name);
            let flags = DeclFlags::default();
            all.push(self.declare(DeclKind::TypeParameter, named, flags, range(parameter.span)));
        }
        // They may name each other.
        for (at, parameter) in it.map_or(&[][..], |it| &it.params).iter().enumerate() {
            let constraint = parameter.constraint.as_ref().map(|it| self.ty(it));
            let default = parameter.default.as_ref().map(|it| self.ty(it));
            self.set_data(all[at], DeclData::TypeParameter(constraint, default));
        }
        all.into()
    }
}

fn is_property(it: &FormalParameter<'_>) -> bool {
    it.accessibility.is_some() || it.readonly || it.r#override
}

pub(super) fn accessibility(it: Option<oxc_ast::ast::TSAccessibility>) -> DeclFlags {
    use oxc_ast::ast::TSAccessibility as A;
    DeclFlags::default()
        .with(DeclFlags::PRIVATE, it == Some(A::Private))
        .with(DeclFlags::PROTECTED, it == Some(A::Protected))
}
