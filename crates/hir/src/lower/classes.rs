//! Classes and enums.

use oxc_ast::ast::{
    AccessorProperty, Class as Tree, ClassElement, MethodDefinition, MethodDefinitionKind,
    MethodDefinitionType, PropertyDefinition, PropertyDefinitionType, TSEnumDeclaration,
    TSEnumMemberName,
};
use symphony_text::TextRange;

use super::declare::Named;
use super::functions::accessibility;
use super::statements::is_function;
use super::{Lower, Place, range, unquoted};
use crate::{
    Class, ClassId, Context, DeclData, DeclFlags, DeclId, DeclKind, ExprId, ExprKind, FunctionKind,
    Home, ScopeId, ScopeKind, TableId, TokenFlags, TypeId,
};

/// The tables of a class that is being lowered.
#[derive(Clone, Copy)]
struct Tables {
    instance: TableId,
    statics: TableId,
}

/// What the members of a class are collected into.
#[derive(Default)]
struct Collected {
    constructors: Vec<DeclId>,
    indexes: Vec<TypeId>,
}

impl<'a> Lower<'a> {
    pub(super) fn class_declaration(&mut self, it: &Tree<'a>, flags: DeclFlags) {
        let flags = flags.with(DeclFlags::ABSTRACT, it.r#abstract);
        let decl = match &it.id {
            Some(id) => {
                let named = self.named(id);
                self.declare(DeclKind::Class, named, flags, range(it.span))
            }
            None => {
                let word = TextRange::at(it.span.start.into(), 0.into());
                self.default_export(DeclKind::Class, word, flags, range(it.span))
            }
        };
        self.class(it, Some(decl), false);
    }

    pub(super) fn class_expression(&mut self, it: &Tree<'a>, place: Place) -> ExprId {
        let id = self.reserve(it.span, place);
        let class = self.class(it, place.decl, true);
        self.fill(id, ExprKind::Class(class))
    }

    fn class(&mut self, it: &Tree<'a>, decl: Option<DeclId>, expression: bool) -> ClassId {
        for decorator in &it.decorators {
            self.callee(&decorator.expression, TokenFlags::DECORATOR);
        }
        let id = ClassId(self.hir.classes.len() as u32);
        let tables = Tables {
            instance: self.new_table(),
            statics: self.new_table(),
        };
        self.hir.classes.push(Class {
            decl,
            scope: ScopeId(self.hir.scopes.len() as u32),
            type_params: Box::default(),
            extends: None,
            implements: Box::default(),
            instance: tables.instance,
            statics: tables.statics,
            constructors: Box::default(),
            indexes: Box::default(),
            range: range(it.span),
        });
        if let (Some(decl), false) = (decl, expression) {
            self.set_data(decl, DeclData::Class(id));
        }
        let ambient = self.ambient;
        self.ambient |= it.declare;
        let outer = self.owner;
        self.owner = decl.or(outer);
        self.scoped(ScopeKind::Class, range(it.span), decl, |lower, _| {
            if let (true, Some(name)) = (expression, &it.id) {
                let named = lower.named(name);
                let own =
                    lower.declare(DeclKind::Class, named, DeclFlags::default(), range(it.span));
                lower.set_data(own, DeclData::Class(id));
                let class = &mut lower.hir.classes[id.index()];
                class.decl = class.decl.or(Some(own));
                lower.owner = Some(own);
            }
            lower.class_inside(it, id, tables);
        });
        self.owner = outer;
        self.ambient = ambient;
        id
    }

    fn class_inside(&mut self, it: &Tree<'a>, id: ClassId, tables: Tables) {
        let mut type_params = self.type_parameters(it.type_parameters.as_deref());
        let doc = self
            .docs
            .pending
            .take()
            .or_else(|| self.doc_at(it.span.start));
        if let Some(doc) = doc.filter(|_| type_params.is_empty()) {
            type_params = self.doc_type_parameters(doc);
            self.doc_class(doc, id);
        }
        self.hir.classes[id.index()].type_params = type_params;
        if let Some(heritage) = &it.heritage {
            let base = self.expression(&heritage.expression, Place::default());
            let args = self.type_arguments(heritage.type_arguments.as_deref());
            self.hir.classes[id.index()].extends = Some((base, args));
        }
        let mut implements = Vec::new();
        for base in &it.implements {
            let ty = self.heritage(&base.expression, base.type_arguments.as_deref(), base.span);
            implements.push(ty);
        }
        if !implements.is_empty() {
            self.hir.classes[id.index()].implements = implements.into();
        }
        let mut collected = Collected::default();
        for element in &it.body.body {
            self.class_element(element, tables, &mut collected);
        }
        let class = &mut self.hir.classes[id.index()];
        class.constructors = collected.constructors.into();
        class.indexes = collected.indexes.into();
    }

    fn class_element(&mut self, it: &ClassElement<'a>, tables: Tables, collected: &mut Collected) {
        match it {
            ClassElement::StaticBlock(it) => {
                self.scoped(ScopeKind::Function, range(it.span), None, |lower, _| {
                    lower.statements(&it.body);
                });
            }
            ClassElement::MethodDefinition(it) => self.method(it, tables, collected),
            ClassElement::PropertyDefinition(it) => self.field(it, tables),
            ClassElement::AccessorProperty(it) => self.accessor_property(it, tables),
            ClassElement::TSIndexSignature(it) => {
                self.index_parameter(&it.parameter);
                collected
                    .indexes
                    .extend(self.annotation(Some(&it.type_annotation)));
            }
        }
    }

    fn method(&mut self, it: &MethodDefinition<'a>, tables: Tables, collected: &mut Collected) {
        for decorator in &it.decorators {
            self.callee(&decorator.expression, TokenFlags::DECORATOR);
        }
        let named = self.key(&it.key, it.computed);
        let (kind, function_kind) = match it.kind {
            MethodDefinitionKind::Constructor => (DeclKind::Constructor, FunctionKind::Constructor),
            MethodDefinitionKind::Method => (DeclKind::Method, FunctionKind::Method),
            MethodDefinitionKind::Get => (DeclKind::Accessor, FunctionKind::Getter),
            MethodDefinitionKind::Set => (DeclKind::Accessor, FunctionKind::Setter),
        };
        let flags = accessibility(it.accessibility)
            .with(DeclFlags::STATIC, it.r#static)
            .with(DeclFlags::OPTIONAL, it.optional)
            .with(DeclFlags::SETTER, it.kind == MethodDefinitionKind::Set)
            .with(
                DeclFlags::ABSTRACT,
                it.r#type == MethodDefinitionType::TSAbstractMethodDefinition,
            )
            .with(DeclFlags::HAS_BODY, it.value.body.is_some());
        let decl = match (kind, named) {
            (DeclKind::Constructor, Some(named)) => {
                let decl =
                    self.declare_nameless(kind, "constructor", named.range, flags, range(it.span));
                self.token(
                    named.range,
                    named.name,
                    crate::TokenKind::Decl(decl),
                    TokenFlags::WRITE,
                );
                collected.constructors.push(decl);
                Some(decl)
            }
            (_, Some(named)) => {
                let table = if it.r#static {
                    tables.statics
                } else {
                    tables.instance
                };
                Some(self.declare_member(table, kind, named, flags, range(it.span)))
            }
            (_, None) => None,
        };
        self.expect_doc(it.span.start);
        let function = self.function(&it.value, function_kind, decl);
        if let Some(decl) = decl {
            self.set_data(decl, DeclData::Function(function));
        }
        if kind == DeclKind::Constructor {
            self.parameter_properties(&it.value, function, tables.instance);
        }
    }

    fn field(&mut self, it: &PropertyDefinition<'a>, tables: Tables) {
        for decorator in &it.decorators {
            self.callee(&decorator.expression, TokenFlags::DECORATOR);
        }
        let named = self.key(&it.key, it.computed);
        let flags = accessibility(it.accessibility)
            .with(DeclFlags::STATIC, it.r#static)
            .with(DeclFlags::READONLY, it.readonly)
            .with(DeclFlags::OPTIONAL, it.optional)
            .with(
                DeclFlags::ABSTRACT,
                it.r#type == PropertyDefinitionType::TSAbstractPropertyDefinition,
            );
        let table = if it.r#static {
            tables.statics
        } else {
            tables.instance
        };
        let decl = named.map(|named| {
            self.declare_member(table, DeclKind::Property, named, flags, range(it.span))
        });
        let ty = self
            .annotation(it.type_annotation.as_deref())
            .or_else(|| self.doc_type(it.span.start));
        if it.value.as_ref().is_some_and(is_function) {
            self.expect_doc(it.span.start);
        }
        let context = ty.map(Context::Type);
        let value = it.value.as_ref().map(|value| {
            self.owned(decl, |lower| {
                lower.scoped(ScopeKind::Block, range(it.span), decl, |lower, _| {
                    lower.expression(value, Place { context, decl })
                })
            })
        });
        if let Some(decl) = decl {
            self.set_data(decl, DeclData::Property(ty, value));
        }
    }

    fn accessor_property(&mut self, it: &AccessorProperty<'a>, tables: Tables) {
        for decorator in &it.decorators {
            self.callee(&decorator.expression, TokenFlags::DECORATOR);
        }
        let named = self.key(&it.key, it.computed);
        let flags = accessibility(it.accessibility).with(DeclFlags::STATIC, it.r#static);
        let table = if it.r#static {
            tables.statics
        } else {
            tables.instance
        };
        let decl = named.map(|named| {
            self.declare_member(table, DeclKind::Accessor, named, flags, range(it.span))
        });
        let ty = self.annotation(it.type_annotation.as_deref());
        let context = ty.map(Context::Type);
        let value = it.value.as_ref().map(|value| {
            self.owned(decl, |lower| {
                lower.expression(value, Place { context, decl })
            })
        });
        if let Some(decl) = decl {
            self.set_data(decl, DeclData::Property(ty, value));
        }
    }

    pub(super) fn enumeration(&mut self, it: &TSEnumDeclaration<'a>, flags: DeclFlags) {
        let named = self.named(&it.id);
        let decl = self.declare(DeclKind::Enum, named, flags, range(it.span));
        let table = self.new_table();
        self.set_data(decl, DeclData::Enum(table));
        let outer = self.owner.replace(decl);
        self.scoped(
            ScopeKind::Enum,
            range(it.body.span),
            Some(decl),
            |lower, scope| {
                for member in &it.body.members {
                    let named = match &member.id {
                        TSEnumMemberName::Identifier(name) => Named {
                            name: lower.name(name.name.as_str()),
                            range: range(name.span),
                            quoted: false,
                        },
                        TSEnumMemberName::String(text) | TSEnumMemberName::ComputedString(text) => {
                            Named {
                                name: lower.name(text.value.as_str()),
                                range: unquoted(text.span),
                                quoted: true,
                            }
                        }
                        TSEnumMemberName::ComputedTemplateString(_) => continue,
                    };
                    let flags = DeclFlags::EXPORTED;
                    let whole = range(member.span);
                    let decl =
                        lower.declare_member(table, DeclKind::EnumMember, named, flags, whole);
                    // Inside the enum its members are names.
                    let symbol = lower.hir.decl(decl).symbol;
                    lower
                        .hir
                        .by_name
                        .insert((Home::Scope(scope), named.name), symbol);
                    let value = member
                        .initializer
                        .as_ref()
                        .map(|value| lower.expression(value, Place::default()));
                    lower.set_data(decl, DeclData::Property(None, value));
                }
            },
        );
        self.owner = outer;
    }
}
