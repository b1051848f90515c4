//! JSX.

use oxc_ast::ast::{
    JSXAttributeItem, JSXAttributeName, JSXAttributeValue, JSXChild, JSXElement, JSXElementName,
    JSXExpression, JSXFragment, JSXMemberExpression, JSXMemberExpressionObject,
};
use oxc_span::GetSpan as _;

use super::{Lower, Place, range};
use crate::{Context, ExprId, ExprKind, Meaning, TokenFlags, TokenKind};

impl<'a> Lower<'a> {
    pub(super) fn jsx_element(&mut self, it: &JSXElement<'a>) -> ExprId {
        let id = self.reserve(it.span, Place::default());
        let tag = self.jsx_name(&it.opening_element.name);
        self.type_arguments(it.opening_element.type_arguments.as_deref());
        for attribute in &it.opening_element.attributes {
            self.jsx_attribute(attribute, tag);
        }
        self.jsx_children(&it.children);
        if let Some(closing) = &it.closing_element {
            self.jsx_name(&closing.name);
        }
        self.fill(id, ExprKind::Jsx(Some(tag)))
    }

    pub(super) fn jsx_fragment(&mut self, it: &JSXFragment<'a>) -> ExprId {
        let id = self.reserve(it.span, Place::default());
        self.jsx_children(&it.children);
        self.fill(id, ExprKind::Jsx(None))
    }

    fn jsx_children(&mut self, children: &[JSXChild<'a>]) {
        for child in children {
            let _ = self.deeper(|lower| match child {
                JSXChild::Element(it) => _ = lower.jsx_element(it),
                JSXChild::Fragment(it) => _ = lower.jsx_fragment(it),
                JSXChild::ExpressionContainer(it) => {
                    lower.jsx_expression(&it.expression, Place::default())
                }
                JSXChild::Spread(it) => _ = lower.expression(&it.expression, Place::default()),
                JSXChild::Text(_) => {}
            });
        }
    }

    fn jsx_expression(&mut self, it: &JSXExpression<'a>, place: Place) {
        if !matches!(it, JSXExpression::EmptyExpression(_)) {
            self.expression(it.to_expression(), place);
        }
    }

    fn jsx_attribute(&mut self, it: &JSXAttributeItem<'a>, tag: ExprId) {
        let it = match it {
            JSXAttributeItem::SpreadAttribute(it) => {
                self.expression(&it.argument, Place::default());
                return;
            }
            JSXAttributeItem::Attribute(it) => it,
        };
        let mut place = Place::default();
        if let JSXAttributeName::Identifier(name) = &it.name {
            let id = self.name(name.name.as_str());
            self.token(
                range(name.span),
                id,
                TokenKind::JsxAttribute(tag),
                TokenFlags::WRITE,
            );
            place = Place::expecting(Context::Attribute(tag, id));
        }
        match &it.value {
            Some(JSXAttributeValue::ExpressionContainer(it)) => {
                self.jsx_expression(&it.expression, place)
            }
            Some(JSXAttributeValue::Element(it)) => _ = self.jsx_element(it),
            Some(JSXAttributeValue::Fragment(it)) => _ = self.jsx_fragment(it),
            Some(JSXAttributeValue::StringLiteral(_)) | None => {}
        }
    }

    fn jsx_name(&mut self, it: &JSXElementName<'a>) -> ExprId {
        let span = it.span();
        let flags = TokenFlags::JSX_TAG.and(TokenFlags::READ);
        match it {
            JSXElementName::Identifier(name) => {
                let id = self.name(name.name.as_str());
                self.token(range(span), id, TokenKind::JsxIntrinsic, flags);
                self.push_expr(ExprKind::JsxIntrinsic(id), span)
            }
            JSXElementName::IdentifierReference(name) => {
                let id = self.name(name.name.as_str());
                let token = self.use_name(range(span), id, Meaning::VALUE, flags);
                self.push_expr(ExprKind::Name(token), span)
            }
            JSXElementName::MemberExpression(it) => self.jsx_member(it, flags),
            JSXElementName::ThisExpression(_) => {
                let this = self.this(span, "this", ExprKind::This(self.scope));
                self.push_expr(this, span)
            }
            JSXElementName::NamespacedName(_) => self.push_expr(ExprKind::Missing, span),
        }
    }

    fn jsx_member(&mut self, it: &JSXMemberExpression<'a>, flags: TokenFlags) -> ExprId {
        let object = self
            .deeper(|lower| lower.jsx_object(&it.object))
            .unwrap_or_else(|| self.push_expr(ExprKind::Missing, it.span));
        let name = self.name(it.property.name.as_str());
        let kind = TokenKind::Member {
            object,
            meaning: Meaning::VALUE,
        };
        let property = self.token(range(it.property.span), name, kind, flags);
        self.push_expr(
            ExprKind::Member {
                object,
                property,
                optional: false,
            },
            it.span,
        )
    }

    fn jsx_object(&mut self, it: &JSXMemberExpressionObject<'a>) -> ExprId {
        match it {
            JSXMemberExpressionObject::IdentifierReference(name) => {
                let id = self.name(name.name.as_str());
                let token = self.use_name(range(name.span), id, Meaning::VALUE, TokenFlags::READ);
                self.push_expr(ExprKind::Name(token), name.span)
            }
            JSXMemberExpressionObject::MemberExpression(it) => {
                self.jsx_member(it, TokenFlags::READ)
            }
            JSXMemberExpressionObject::ThisExpression(it) => {
                let this = self.this(it.span, "this", ExprKind::This(self.scope));
                self.push_expr(this, it.span)
            }
        }
    }
}
