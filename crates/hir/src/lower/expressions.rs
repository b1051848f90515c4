//! Expressions.

use oxc_ast::ast::{
    Argument, ArrayExpressionElement, AssignmentExpression, BinaryExpression, BinaryOperator,
    CallExpression, ChainElement, ComputedMemberExpression, Expression, LogicalExpression,
    LogicalOperator, MemberExpression, NewExpression, ParenthesizedExpression,
    PrivateFieldExpression, PrivateInExpression, SimpleAssignmentTarget, StaticMemberExpression,
    TSTypeParameterInstantiation, TaggedTemplateExpression, UnaryOperator,
};
use oxc_span::{GetSpan as _, Span};

use symphony_text::TextRange;

use super::expando::Assigned;
use super::{Lower, Place, between, range, unquoted};
use crate::{
    BinaryOp, Context, Expr, ExprId, ExprKind, Literal, LogicalOp, Meaning, ModuleRefKind, NameId,
    PatternSource, TokenFlags, TokenId, TokenKind, TypeId, TypeKind, UnaryOp,
};

impl<'a> Lower<'a> {
    pub(super) fn push_expr(&mut self, kind: ExprKind, span: Span) -> ExprId {
        let id = ExprId(self.hir.exprs.len() as u32);
        self.hir.exprs.push(Expr {
            kind,
            range: range(span),
        });
        id
    }

    /// An expression whose parts need its number first: what it is follows.
    pub(super) fn reserve(&mut self, span: Span, place: Place) -> ExprId {
        let id = self.push_expr(ExprKind::Missing, span);
        if let Some(context) = place.context {
            self.hir.contexts.insert(id, context);
        }
        id
    }

    pub(super) fn fill(&mut self, id: ExprId, kind: ExprKind) -> ExprId {
        self.hir.exprs[id.index()].kind = kind;
        id
    }

    pub(super) fn expression(&mut self, it: &Expression<'a>, place: Place) -> ExprId {
        match self.deeper(|lower| lower.expression_here(it, place, TokenFlags::READ)) {
            Some(id) => id,
            None => self.push_expr(ExprKind::Missing, it.span()),
        }
    }

    /// An expression that is called, constructed or a decorator: the name that it ends in is marked so.
    pub(super) fn callee(&mut self, it: &Expression<'a>, flags: TokenFlags) -> ExprId {
        match self.deeper(|lower| {
            lower.expression_here(it, Place::default(), flags.and(TokenFlags::READ))
        }) {
            Some(id) => id,
            None => self.push_expr(ExprKind::Missing, it.span()),
        }
    }

    fn expression_here(&mut self, it: &Expression<'a>, place: Place, flags: TokenFlags) -> ExprId {
        let span = it.span();
        let kind = match it {
            Expression::Identifier(name) => {
                let id = self.name(name.name.as_str());
                ExprKind::Name(self.use_name(range(span), id, Meaning::VALUE, flags))
            }
            Expression::ThisExpression(_) => self.this(span, "this", ExprKind::This(self.scope)),
            Expression::Super(_) => self.this(span, "super", ExprKind::Super(self.scope)),
            Expression::ArrayExpression(array) => return self.array(&array.elements, span, place),
            Expression::ObjectExpression(object) => return self.object(object, place),
            Expression::ArrowFunctionExpression(it) => return self.arrow(it, place),
            Expression::FunctionExpression(it) => return self.function_expression(it, place),
            Expression::ClassExpression(it) => return self.class_expression(it, place),
            Expression::AssignmentExpression(it) => self.assignment(it),
            Expression::AwaitExpression(it) => {
                ExprKind::Await(self.expression(&it.argument, Place::default()))
            }
            Expression::BinaryExpression(it) => return self.binary(it),
            Expression::LogicalExpression(it) => return self.logical(it, place),
            Expression::ConditionalExpression(it) => {
                let test = self.expression(&it.test, Place::default());
                self.guard(test, true, it.consequent.span());
                self.guard(test, false, it.alternate.span());
                let then = self.expression(&it.consequent, place);
                ExprKind::Conditional(test, then, self.expression(&it.alternate, place))
            }
            Expression::CallExpression(it) => return self.call(it, place),
            Expression::NewExpression(it) => return self.new_expression(it, place),
            Expression::ChainExpression(it) => return self.chain(&it.expression, place, flags),
            Expression::ParenthesizedExpression(it) => return self.parenthesized(it, place),
            Expression::SequenceExpression(it) => self.sequence(&it.expressions, place),
            Expression::TaggedTemplateExpression(it) => self.tagged(it),
            Expression::TemplateLiteral(it) => {
                for part in &it.expressions {
                    self.expression(part, Place::default());
                }
                ExprKind::Template
            }
            Expression::UnaryExpression(it) => {
                let op = match it.operator {
                    UnaryOperator::LogicalNot => UnaryOp::Not,
                    UnaryOperator::Delete => UnaryOp::Boolean,
                    UnaryOperator::Typeof => UnaryOp::TypeOf,
                    UnaryOperator::Void => UnaryOp::Void,
                    _ => UnaryOp::Number,
                };
                ExprKind::Unary(op, self.expression(&it.argument, Place::default()))
            }
            Expression::UpdateExpression(it) => {
                let written = TokenFlags::WRITE.and(TokenFlags::READ);
                ExprKind::Unary(UnaryOp::Number, self.simple_target(&it.argument, written))
            }
            Expression::YieldExpression(it) => {
                let value = it
                    .argument
                    .as_ref()
                    .map(|it| self.expression(it, Place::default()));
                ExprKind::Yield(value)
            }
            Expression::PrivateInExpression(it) => self.private_in(it),
            Expression::ImportExpression(it) => self.import_call(it),
            Expression::ImportMeta(_) | Expression::NewTarget(_) => ExprKind::Meta,
            Expression::JSXElement(it) => return self.jsx_element(it),
            Expression::JSXFragment(it) => return self.jsx_fragment(it),
            Expression::TSAsExpression(it) => {
                return self.assertion(&it.expression, &it.type_annotation, span, place);
            }
            Expression::TSTypeAssertion(it) => {
                return self.assertion(&it.expression, &it.type_annotation, span, place);
            }
            Expression::TSSatisfiesExpression(it) => {
                let ty = self.ty(&it.type_annotation);
                let inner = self.expression(
                    &it.expression,
                    Place {
                        context: Some(Context::Type(ty)),
                        ..place
                    },
                );
                ExprKind::Satisfies(inner, ty)
            }
            Expression::TSNonNullExpression(it) => {
                ExprKind::NonNull(self.callee(&it.expression, flags))
            }
            Expression::TSInstantiationExpression(it) => {
                let inner = self.expression(&it.expression, Place::default());
                ExprKind::Instantiation(inner, self.type_arguments(Some(&it.type_arguments)))
            }
            Expression::V8IntrinsicExpression(_) => ExprKind::Missing,
            other => match other.as_member_expression() {
                Some(member) => return self.member(member, flags),
                None => self.literal(other),
            },
        };
        let id = self.reserve(span, Place::default());
        self.fill(id, kind)
    }

    /// `(a)`, which a comment may give a type.
    fn parenthesized(&mut self, it: &ParenthesizedExpression<'a>, place: Place) -> ExprId {
        let Some(ty) = self.doc_type(it.span.start) else {
            return self.expression(&it.expression, place);
        };
        let inner = Place {
            context: Some(Context::Type(ty)),
            ..place
        };
        let inner = self.expression(&it.expression, inner);
        self.push_expr(ExprKind::As(inner, ty), it.span)
    }

    fn tagged(&mut self, it: &TaggedTemplateExpression<'a>) -> ExprKind {
        let callee = self.callee(&it.tag, TokenFlags::CALL);
        let type_args = self.type_arguments(it.type_arguments.as_deref());
        let mut args = Vec::new();
        for part in &it.quasi.expressions {
            args.push(self.expression(part, Place::default()));
        }
        ExprKind::Call {
            callee,
            args: args.into(),
            type_args,
            list: range(it.quasi.span),
        }
    }

    /// `#a in b`.
    fn private_in(&mut self, it: &PrivateInExpression<'a>) -> ExprKind {
        let object = self.expression(&it.right, Place::default());
        let text = self.text;
        let name = text.get(it.left.span.start as usize..it.left.span.end as usize);
        let name = self.name(name.unwrap_or_default());
        let kind = TokenKind::Member {
            object,
            meaning: Meaning::VALUE,
        };
        self.token(range(it.left.span), name, kind, TokenFlags::READ);
        ExprKind::Binary(BinaryOp::Compare, object, object)
    }

    fn literal(&mut self, it: &Expression<'a>) -> ExprKind {
        ExprKind::Literal(match it {
            Expression::StringLiteral(text) => Literal::String(self.name(text.value.as_str())),
            Expression::NumericLiteral(number) => {
                let raw = number.raw.as_ref().map_or("0", |raw| raw.as_str());
                Literal::Number(self.name(raw))
            }
            Expression::BigIntLiteral(_) => Literal::BigInt,
            Expression::BooleanLiteral(it) => Literal::Boolean(it.value),
            Expression::NullLiteral(_) => Literal::Null,
            Expression::RegExpLiteral(_) => Literal::RegExp,
            _ => return ExprKind::Missing,
        })
    }

    pub(super) fn this(&mut self, span: Span, word: &'a str, kind: ExprKind) -> ExprKind {
        let name = self.name(word);
        self.token(
            range(span),
            name,
            TokenKind::This(self.scope),
            TokenFlags::READ,
        );
        kind
    }

    fn array(
        &mut self,
        elements: &[ArrayExpressionElement<'a>],
        span: Span,
        place: Place,
    ) -> ExprId {
        let id = self.reserve(span, place);
        let mut all = Vec::with_capacity(elements.len());
        for (at, element) in elements.iter().enumerate() {
            all.push(match element {
                ArrayExpressionElement::SpreadElement(it) => {
                    let inner = self.expression(&it.argument, Place::default());
                    self.push_expr(ExprKind::Spread(inner), it.span)
                }
                ArrayExpressionElement::Elision(it) => self.push_expr(ExprKind::Missing, it.span),
                other => {
                    let place = Place::expecting(Context::Element(id, at as u32));
                    self.expression(other.to_expression(), place)
                }
            });
        }
        self.fill(id, ExprKind::Array(all.into()))
    }

    fn sequence(&mut self, parts: &[Expression<'a>], place: Place) -> ExprKind {
        let mut last = None;
        for (at, part) in parts.iter().enumerate() {
            let place = if at + 1 == parts.len() {
                place
            } else {
                Place::default()
            };
            last = Some(self.expression(part, place));
        }
        last.map_or(ExprKind::Missing, ExprKind::Sequence)
    }

    /// `a + b + c + ...` may be long: its left side is walked down without recursion.
    fn binary(&mut self, it: &BinaryExpression<'a>) -> ExprId {
        let mut spine = vec![it];
        let mut left = &it.left;
        while let Expression::BinaryExpression(next) = left {
            spine.push(next);
            left = &next.left;
        }
        let mut lowered = self.expression(left, Place::default());
        for part in spine.into_iter().rev() {
            let right = self.expression(&part.right, Place::default());
            let op = match part.operator {
                BinaryOperator::Addition => BinaryOp::Add,
                operator if operator.is_arithmetic() || operator.is_bitwise() => {
                    BinaryOp::Arithmetic
                }
                BinaryOperator::Equality | BinaryOperator::StrictEquality => BinaryOp::Equal,
                BinaryOperator::Inequality | BinaryOperator::StrictInequality => BinaryOp::Unequal,
                BinaryOperator::Instanceof => BinaryOp::InstanceOf,
                _ => BinaryOp::Compare,
            };
            lowered = self.push_expr(ExprKind::Binary(op, lowered, right), part.span);
        }
        lowered
    }

    /// `a || b || c || ...`, likewise.
    fn logical(&mut self, it: &LogicalExpression<'a>, place: Place) -> ExprId {
        let mut spine = vec![it];
        let mut left = &it.left;
        while let Expression::LogicalExpression(next) = left {
            spine.push(next);
            left = &next.left;
        }
        let mut lowered = self.expression(left, place);
        for part in spine.into_iter().rev() {
            let op = match part.operator {
                LogicalOperator::And => LogicalOp::And,
                LogicalOperator::Or => LogicalOp::Or,
                LogicalOperator::Coalesce => LogicalOp::Nullish,
            };
            match op {
                LogicalOp::And => self.guard(lowered, true, part.right.span()),
                LogicalOp::Or => self.guard(lowered, false, part.right.span()),
                LogicalOp::Nullish => {}
            }
            let right = self.expression(&part.right, place);
            lowered = self.push_expr(ExprKind::Logical(op, lowered, right), part.span);
        }
        lowered
    }

    fn assignment(&mut self, it: &AssignmentExpression<'a>) -> ExprKind {
        let plain = it.operator.is_assign();
        if it.left.is_assignment_target_pattern() {
            let value = self.expression(&it.right, Place::default());
            self.assignment_target(&it.left, PatternSource::Variable(None, Some(value)));
            return ExprKind::Assign(value, value);
        }
        let flags = if plain {
            TokenFlags::WRITE
        } else {
            TokenFlags::WRITE.and(TokenFlags::READ)
        };
        let target = self.simple_target(it.left.to_simple_assignment_target(), flags);
        let ty = self.doc_type(it.span.start);
        let context = ty.map_or(Context::Assigned(target), Context::Type);
        let value = self.expression(&it.right, Place::expecting(context));
        if plain && matches!(self.hir.expr(target).kind, ExprKind::Member { .. }) {
            self.assigned.push(Assigned {
                target,
                value,
                ty,
                scope: self.scope,
                owner: self.owner,
                range: range(it.span),
            });
        }
        ExprKind::Assign(target, value)
    }

    pub(super) fn simple_target(
        &mut self,
        it: &SimpleAssignmentTarget<'a>,
        flags: TokenFlags,
    ) -> ExprId {
        let span = it.span();
        match it {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(name) => {
                let id = self.name(name.name.as_str());
                let token = self.use_name(range(span), id, Meaning::VALUE, flags);
                self.push_expr(ExprKind::Name(token), span)
            }
            SimpleAssignmentTarget::TSAsExpression(it) => {
                self.assertion(&it.expression, &it.type_annotation, span, Place::default())
            }
            SimpleAssignmentTarget::TSTypeAssertion(it) => {
                self.assertion(&it.expression, &it.type_annotation, span, Place::default())
            }
            SimpleAssignmentTarget::TSSatisfiesExpression(it) => {
                self.assertion(&it.expression, &it.type_annotation, span, Place::default())
            }
            SimpleAssignmentTarget::TSNonNullExpression(it) => {
                let inner = self.callee(&it.expression, flags);
                self.push_expr(ExprKind::NonNull(inner), span)
            }
            other => self.member(other.to_member_expression(), flags),
        }
    }

    fn assertion(
        &mut self,
        it: &Expression<'a>,
        ty: &oxc_ast::ast::TSType<'a>,
        span: Span,
        place: Place,
    ) -> ExprId {
        let is_const = ty.is_const_type_reference();
        if is_const {
            let inner = self.expression(it, place);
            return self.push_expr(ExprKind::AsConst(inner), span);
        }
        let ty = self.ty(ty);
        let inner = self.expression(it, Place::expecting(Context::Type(ty)));
        self.push_expr(ExprKind::As(inner, ty), span)
    }

    fn chain(&mut self, it: &ChainElement<'a>, place: Place, flags: TokenFlags) -> ExprId {
        match it {
            ChainElement::CallExpression(it) => self.call(it, place),
            ChainElement::TSNonNullExpression(it) => {
                let inner = self.callee(&it.expression, flags);
                self.push_expr(ExprKind::NonNull(inner), it.span)
            }
            other => self.member(other.to_member_expression(), flags),
        }
    }

    fn member(&mut self, it: &MemberExpression<'a>, flags: TokenFlags) -> ExprId {
        match it {
            MemberExpression::StaticMemberExpression(it) => self.static_member(it, flags),
            MemberExpression::PrivateFieldExpression(it) => self.private_member(it, flags),
            MemberExpression::ComputedMemberExpression(it) => self.computed_member(it, flags),
        }
    }

    fn static_member(&mut self, it: &StaticMemberExpression<'a>, flags: TokenFlags) -> ExprId {
        let object = self.expression(&it.object, Place::default());
        let name = self.name(it.property.name.as_str());
        let property = self.member_token(object, name, range(it.property.span), flags);
        let optional = it.optional;
        self.push_expr(
            ExprKind::Member {
                object,
                property,
                optional,
            },
            it.span,
        )
    }

    fn private_member(&mut self, it: &PrivateFieldExpression<'a>, flags: TokenFlags) -> ExprId {
        let object = self.expression(&it.object, Place::default());
        let text = self.text;
        let written = text.get(it.field.span.start as usize..it.field.span.end as usize);
        let name = self.name(written.unwrap_or_default());
        let property = self.member_token(object, name, range(it.field.span), flags);
        let optional = it.optional;
        self.push_expr(
            ExprKind::Member {
                object,
                property,
                optional,
            },
            it.span,
        )
    }

    fn member_token(
        &mut self,
        object: ExprId,
        name: NameId,
        range: TextRange,
        flags: TokenFlags,
    ) -> TokenId {
        let meaning = Meaning::VALUE;
        self.token(range, name, TokenKind::Member { object, meaning }, flags)
    }

    fn computed_member(&mut self, it: &ComputedMemberExpression<'a>, flags: TokenFlags) -> ExprId {
        let object = self.expression(&it.object, Place::default());
        if let Expression::StringLiteral(text) = &it.expression {
            let name = self.name(text.value.as_str());
            let flags = flags.and(TokenFlags::QUOTED);
            let property = self.member_token(object, name, unquoted(text.span), flags);
            let optional = it.optional;
            return self.push_expr(
                ExprKind::Member {
                    object,
                    property,
                    optional,
                },
                it.span,
            );
        }
        let index = self.expression(&it.expression, Place::default());
        self.push_expr(ExprKind::Index { object, index }, it.span)
    }

    pub(super) fn type_arguments(
        &mut self,
        it: Option<&TSTypeParameterInstantiation<'a>>,
    ) -> Box<[TypeId]> {
        let mut all = Vec::new();
        for ty in it.map_or(&[][..], |it| &it.params) {
            all.push(self.ty(ty));
        }
        all.into()
    }

    fn call(&mut self, it: &CallExpression<'a>, place: Place) -> ExprId {
        if self.hir.is_javascript
            && let Some(required) = self.require(it)
        {
            return required;
        }
        let id = self.reserve(it.span, place);
        let callee = self.callee(&it.callee, TokenFlags::CALL);
        let type_args = self.type_arguments(it.type_arguments.as_deref());
        let args = self.arguments(&it.arguments, id);
        let from = it
            .type_arguments
            .as_ref()
            .map_or(it.callee.span().end, |it| it.span.end);
        let list = between(from, it.span.end);
        self.fill(
            id,
            ExprKind::Call {
                callee,
                args,
                type_args,
                list,
            },
        )
    }

    fn new_expression(&mut self, it: &NewExpression<'a>, place: Place) -> ExprId {
        let id = self.reserve(it.span, place);
        let callee = self.callee(&it.callee, TokenFlags::NEW);
        let type_args = self.type_arguments(it.type_arguments.as_deref());
        let args = self.arguments(&it.arguments, id);
        self.fill(
            id,
            ExprKind::New {
                callee,
                args,
                type_args,
            },
        )
    }

    fn arguments(&mut self, arguments: &[Argument<'a>], call: ExprId) -> Box<[ExprId]> {
        let mut all = Vec::with_capacity(arguments.len());
        for (at, argument) in arguments.iter().enumerate() {
            all.push(match argument {
                Argument::SpreadElement(it) => {
                    let inner = self.expression(&it.argument, Place::default());
                    self.push_expr(ExprKind::Spread(inner), it.span)
                }
                other => {
                    let place = Place::expecting(Context::Argument(call, at as u32));
                    self.expression(other.to_expression(), place)
                }
            });
        }
        all.into()
    }

    fn import_call(&mut self, it: &oxc_ast::ast::ImportExpression<'a>) -> ExprKind {
        if let Some(options) = &it.options {
            self.expression(options, Place::default());
        }
        match &it.source {
            Expression::StringLiteral(text) => {
                ExprKind::Import(self.module_ref(text, ModuleRefKind::Dynamic))
            }
            other => {
                self.expression(other, Place::default());
                ExprKind::Missing
            }
        }
    }

    /// `typeof import("x")` and the like: a type from an expression.
    pub(super) fn push_type(&mut self, kind: TypeKind, span: Span) -> TypeId {
        let id = TypeId(self.hir.types.len() as u32);
        self.hir.types.push(crate::TypeExpr {
            kind,
            range: range(span),
        });
        id
    }
}
