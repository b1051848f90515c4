//! Object literals.

use oxc_ast::ast::{ObjectExpression, ObjectProperty, ObjectPropertyKind, PropertyKind};

use super::{Lower, Place, range};
use crate::{Context, DeclData, DeclFlags, DeclKind, ExprId, ExprKind, FunctionKind, TableId};

impl<'a> Lower<'a> {
    pub(super) fn object(&mut self, it: &ObjectExpression<'a>, place: Place) -> ExprId {
        let id = self.reserve(it.span, place);
        let table = self.new_table();
        // Known to the members that refer to it with `this`.
        self.fill(
            id,
            ExprKind::Object {
                table,
                spreads: Box::default(),
            },
        );
        let mut spreads = Vec::new();
        for property in &it.properties {
            match property {
                ObjectPropertyKind::SpreadProperty(it) => {
                    let place = Place::expecting(Context::Spread(id));
                    spreads.push(self.expression(&it.argument, place));
                }
                ObjectPropertyKind::ObjectProperty(it) => self.property(it, id, table),
            }
        }
        self.fill(
            id,
            ExprKind::Object {
                table,
                spreads: spreads.into(),
            },
        )
    }

    fn property(&mut self, it: &ObjectProperty<'a>, object: ExprId, table: TableId) {
        let named = self.key(&it.key, it.computed);
        let kind = match it.kind {
            PropertyKind::Get | PropertyKind::Set => DeclKind::Accessor,
            PropertyKind::Init if it.method => DeclKind::Method,
            PropertyKind::Init => DeclKind::Property,
        };
        let flags = DeclFlags::default()
            .with(DeclFlags::SHORTHAND, it.shorthand)
            .with(DeclFlags::SETTER, it.kind == PropertyKind::Set);
        let decl =
            named.map(|named| self.declare_member(table, kind, named, flags, range(it.span)));
        let context = named.map(|named| Context::Property(object, named.name));
        if let oxc_ast::ast::Expression::FunctionExpression(function) = &it.value
            && kind != DeclKind::Property
        {
            let kind = match it.kind {
                PropertyKind::Get => FunctionKind::Getter,
                PropertyKind::Set => FunctionKind::Setter,
                PropertyKind::Init => FunctionKind::Method,
            };
            self.expect_doc(it.span.start);
            let function = self.function(function, kind, decl);
            if let Some(decl) = decl {
                self.set_data(decl, DeclData::Function(function));
            }
            return;
        }
        let ty = self.doc_type(it.span.start);
        if super::statements::is_function(&it.value) {
            self.expect_doc(it.span.start);
        }
        let context = ty.map(Context::Type).or(context);
        let value = self.owned(decl, |lower| {
            lower.expression(&it.value, Place { context, decl })
        });
        if it.shorthand
            && let ExprKind::Name(token) = self.hir.expr(value).kind
        {
            let flags = &mut self.hir.tokens[token.index()].flags;
            *flags = flags.and(crate::TokenFlags::SHORTHAND);
        }
        if let Some(decl) = decl {
            self.set_data(decl, DeclData::Property(ty, Some(value)));
        }
    }
}
