//! Types as written, interfaces and aliases.

use oxc_ast::ast::{
    TSConditionalType, TSImportType, TSImportTypeQualifier, TSIndexSignatureName,
    TSInterfaceDeclaration, TSLiteral, TSMappedType, TSMethodSignature, TSMethodSignatureKind,
    TSPropertySignature, TSQualifiedName, TSSignature, TSTupleElement, TSType,
    TSTypeAliasDeclaration, TSTypeAnnotation, TSTypeName, TSTypeOperatorOperator,
    TSTypeParameterInstantiation, TSTypePredicateName, TSTypeQueryExprName,
};
use oxc_span::{GetSpan as _, Span};

use symphony_text::TextRange;

use super::functions::Signature;
use super::{Lower, between, range, unquoted};
use crate::{
    DeclData, DeclFlags, DeclKind, ExprId, ExprKind, FunctionId, FunctionKind, Keyword, Literal,
    Meaning, ModuleRefKind, ScopeKind, Shape, ShapeId, TokenFlags, TokenKind, TupleElement, TypeId,
    TypeKind,
};

impl<'a> Lower<'a> {
    pub(super) fn annotation(&mut self, it: Option<&TSTypeAnnotation<'a>>) -> Option<TypeId> {
        it.map(|it| self.ty(&it.type_annotation))
    }

    pub(super) fn ty(&mut self, it: &TSType<'a>) -> TypeId {
        let kind = self
            .deeper(|lower| lower.type_kind(it))
            .unwrap_or(TypeKind::Missing);
        self.push_type(kind, it.span())
    }

    fn types(&mut self, all: &[TSType<'a>]) -> Box<[TypeId]> {
        let mut lowered = Vec::with_capacity(all.len());
        for it in all {
            lowered.push(self.ty(it));
        }
        lowered.into()
    }

    fn type_kind(&mut self, it: &TSType<'a>) -> TypeKind {
        match it {
            TSType::TSArrayType(it) => TypeKind::Array(self.ty(&it.element_type)),
            TSType::TSUnionType(it) => TypeKind::Union(self.types(&it.types)),
            TSType::TSIntersectionType(it) => TypeKind::Intersection(self.types(&it.types)),
            TSType::TSParenthesizedType(it) => self.type_kind_below(&it.type_annotation),
            TSType::TSTupleType(it) => self.tuple(&it.element_types),
            TSType::TSNamedTupleMember(it) => self.type_kind_of_element(&it.element_type),
            TSType::TSTypeReference(it) => {
                let name = self.type_name(&it.type_name, Meaning::TYPE);
                TypeKind::Reference {
                    name,
                    args: self.type_arguments(it.type_arguments.as_deref()),
                }
            }
            TSType::TSTypeQuery(it) => {
                let name = match &it.expr_name {
                    TSTypeQueryExprName::TSImportType(it) => {
                        let (name, args) = self.import_type(it, Meaning::VALUE);
                        return TypeKind::Query(name, args);
                    }
                    other => self.type_name(other.to_ts_type_name(), Meaning::VALUE),
                };
                TypeKind::Query(name, self.type_arguments(it.type_arguments.as_deref()))
            }
            TSType::TSImportType(it) => {
                let (name, args) = self.import_type(it, Meaning::TYPE);
                TypeKind::Reference { name, args }
            }
            TSType::TSFunctionType(it) => TypeKind::Function(self.signature(
                Signature {
                    kind: FunctionKind::Signature,
                    span: it.span,
                    type_params: it.type_parameters.as_deref(),
                    this_param: it.this_param.as_deref(),
                    params: &it.params,
                    ret: Some(&it.return_type),
                    decl: None,
                },
                |_, _| {},
            )),
            TSType::TSConstructorType(it) => TypeKind::Function(self.signature(
                Signature {
                    kind: FunctionKind::ConstructSignature,
                    span: it.span,
                    type_params: it.type_parameters.as_deref(),
                    this_param: None,
                    params: &it.params,
                    ret: Some(&it.return_type),
                    decl: None,
                },
                |_, _| {},
            )),
            TSType::TSTypeLiteral(it) => TypeKind::Object(self.shape(&it.members)),
            TSType::TSIndexedAccessType(it) => self.indexed(&it.object_type, &it.index_type),
            TSType::TSTypeOperatorType(it) => match it.operator {
                TSTypeOperatorOperator::Keyof => TypeKind::Keyof(self.ty(&it.type_annotation)),
                TSTypeOperatorOperator::Readonly => {
                    TypeKind::Readonly(self.ty(&it.type_annotation))
                }
                TSTypeOperatorOperator::Unique => TypeKind::Unique,
            },
            TSType::TSConditionalType(it) => self.conditional(it),
            TSType::TSMappedType(it) => self.mapped(it),
            TSType::TSInferType(it) => {
                let named = self.named(&it.type_parameter.name);
                let whole = range(it.type_parameter.span);
                let inner = self.scope;
                self.scope = self.conditionals.last().copied().unwrap_or(inner);
                let decl =
                    self.declare(DeclKind::TypeParameter, named, DeclFlags::default(), whole);
                self.scope = inner;
                let constraint = it.type_parameter.constraint.as_ref().map(|it| self.ty(it));
                self.set_data(decl, DeclData::TypeParameter(constraint, None));
                TypeKind::Infer(decl)
            }
            TSType::TSLiteralType(it) => self.literal_type(&it.literal),
            TSType::TSTemplateLiteralType(it) => TypeKind::Template(self.types(&it.types)),
            TSType::TSTypePredicate(it) => {
                if let TSTypePredicateName::Identifier(name) = &it.parameter_name {
                    let id = self.name(name.name.as_str());
                    let kind = TokenKind::ParameterName {
                        scope: self.scope,
                        symbol: None,
                    };
                    self.token(range(name.span), id, kind, TokenFlags::READ);
                }
                TypeKind::Predicate(self.annotation(it.type_annotation.as_deref()))
            }
            TSType::TSThisType(it) => {
                self.this(it.span, "this", ExprKind::This(self.scope));
                TypeKind::This(self.scope)
            }
            TSType::JSDocNullableType(it) => self.type_kind_below(&it.type_annotation),
            TSType::JSDocNonNullableType(it) => self.type_kind_below(&it.type_annotation),
            TSType::JSDocUnknownType(_) => TypeKind::Keyword(Keyword::Unknown),
            word => keyword(word).map_or(TypeKind::Missing, TypeKind::Keyword),
        }
    }

    fn type_kind_below(&mut self, it: &TSType<'a>) -> TypeKind {
        self.deeper(|lower| lower.type_kind(it))
            .unwrap_or(TypeKind::Missing)
    }

    fn type_kind_of_element(&mut self, it: &TSTupleElement<'a>) -> TypeKind {
        match it {
            TSTupleElement::TSOptionalType(it) => self.type_kind_below(&it.type_annotation),
            TSTupleElement::TSRestType(it) => self.type_kind_below(&it.type_annotation),
            other => self.type_kind_below(other.to_ts_type()),
        }
    }

    fn conditional(&mut self, it: &TSConditionalType<'a>) -> TypeKind {
        let check = self.ty(&it.check_type);
        let outer = self.scope;
        let inferred = between(it.extends_type.span().start, it.true_type.span().end);
        let (extends, then) = self.scoped(ScopeKind::Type, inferred, None, |lower, inner| {
            // What is inferred is only known where the condition holds.
            lower.scope = outer;
            lower.conditionals.push(inner);
            let extends = lower.ty(&it.extends_type);
            lower.conditionals.pop();
            lower.scope = inner;
            (extends, lower.ty(&it.true_type))
        });
        let otherwise = self.ty(&it.false_type);
        TypeKind::Conditional {
            check,
            extends,
            then,
            otherwise,
        }
    }

    fn tuple(&mut self, elements: &[TSTupleElement<'a>]) -> TypeKind {
        let mut all = Vec::with_capacity(elements.len());
        for element in elements {
            let lowered = match element {
                TSTupleElement::TSOptionalType(it) => TupleElement {
                    ty: self.ty(&it.type_annotation),
                    optional: true,
                    rest: false,
                    name: None,
                },
                TSTupleElement::TSRestType(it) => TupleElement {
                    ty: self.ty(&it.type_annotation),
                    optional: false,
                    rest: true,
                    name: None,
                },
                TSTupleElement::TSNamedTupleMember(it) => {
                    let name = self.name(it.label.name.as_str());
                    let kind = self.type_kind_of_element(&it.element_type);
                    TupleElement {
                        ty: self.push_type(kind, it.element_type.span()),
                        optional: it.optional,
                        rest: matches!(it.element_type, TSTupleElement::TSRestType(_)),
                        name: Some(name),
                    }
                }
                other => TupleElement {
                    ty: self.ty(other.to_ts_type()),
                    optional: false,
                    rest: false,
                    name: None,
                },
            };
            all.push(lowered);
        }
        TypeKind::Tuple(all.into())
    }

    fn indexed(&mut self, object: &TSType<'a>, index: &TSType<'a>) -> TypeKind {
        let of = self.ty(object);
        if let TSType::TSLiteralType(it) = index
            && let TSLiteral::StringLiteral(text) = &it.literal
        {
            let name = self.name(text.value.as_str());
            let flags = TokenFlags::QUOTED
                .and(TokenFlags::TYPE)
                .and(TokenFlags::READ);
            self.token(unquoted(text.span), name, TokenKind::IndexedType(of), flags);
        }
        TypeKind::Indexed(of, self.ty(index))
    }

    fn literal_type(&mut self, it: &TSLiteral<'a>) -> TypeKind {
        TypeKind::Literal(match it {
            TSLiteral::StringLiteral(text) => Literal::String(self.name(text.value.as_str())),
            TSLiteral::NumericLiteral(number) => {
                Literal::Number(self.name(number.raw.as_ref().map_or("0", |raw| raw.as_str())))
            }
            TSLiteral::BigIntLiteral(_) => Literal::BigInt,
            TSLiteral::BooleanLiteral(it) => Literal::Boolean(it.value),
            TSLiteral::TemplateLiteral(_) => return TypeKind::Keyword(Keyword::String),
            TSLiteral::UnaryExpression(it) => {
                let text = self.text.get(it.span.start as usize..it.span.end as usize);
                Literal::Number(self.name(text.unwrap_or_default()))
            }
        })
    }

    fn mapped(&mut self, it: &TSMappedType<'a>) -> TypeKind {
        self.scoped(ScopeKind::Type, range(it.span), None, |lower, _| {
            let named = lower.named(&it.key);
            let key = lower.declare(
                DeclKind::TypeParameter,
                named,
                DeclFlags::default(),
                named.range,
            );
            let constraint = lower.ty(&it.constraint);
            lower.set_data(key, DeclData::TypeParameter(Some(constraint), None));
            let name = it.name_type.as_ref().map(|it| lower.ty(it));
            let value = it.type_annotation.as_ref().map(|it| lower.ty(it));
            TypeKind::Mapped {
                key,
                constraint,
                name,
                value,
            }
        })
    }

    /// A name in a type: `A`, `A.B.C`.
    pub(super) fn type_name(&mut self, it: &TSTypeName<'a>, meaning: Meaning) -> ExprId {
        match it {
            TSTypeName::IdentifierReference(name) => {
                let id = self.name(name.name.as_str());
                let flags = TokenFlags::TYPE.and(TokenFlags::READ);
                let token = self.use_name(range(name.span), id, meaning, flags);
                self.push_expr(ExprKind::Name(token), name.span)
            }
            TSTypeName::ThisExpression(it) => {
                let this = self.this(it.span, "this", ExprKind::This(self.scope));
                self.push_expr(this, it.span)
            }
            TSTypeName::QualifiedName(it) => self.qualified_name(it, meaning),
        }
    }

    /// `A.B`: what is before the dot is a namespace, or a value in `typeof A.B`.
    pub(super) fn qualified_name(&mut self, it: &TSQualifiedName<'a>, meaning: Meaning) -> ExprId {
        let outer = if meaning == Meaning::VALUE {
            meaning
        } else {
            Meaning::NAMESPACE
        };
        let object = self
            .deeper(|lower| lower.type_name(&it.left, outer))
            .unwrap_or_else(|| self.push_expr(ExprKind::Missing, it.span));
        let id = self.name(it.right.name.as_str());
        let flags = TokenFlags::TYPE.and(TokenFlags::READ);
        let property = self.token(
            range(it.right.span),
            id,
            TokenKind::Member { object, meaning },
            flags,
        );
        self.push_expr(
            ExprKind::Member {
                object,
                property,
                optional: false,
            },
            it.span,
        )
    }

    /// `import("x").A.B<C>`.
    fn import_type(&mut self, it: &TSImportType<'a>, meaning: Meaning) -> (ExprId, Box<[TypeId]>) {
        let module = self.module_ref(&it.source, ModuleRefKind::Type);
        let mut name = self.push_expr(ExprKind::Import(module), it.source.span);
        let mut parts = Vec::new();
        let mut at = it.qualifier.as_ref();
        while let Some(qualifier) = at {
            at = match qualifier {
                TSImportTypeQualifier::Identifier(it) => {
                    parts.push((&**it, it.span));
                    None
                }
                TSImportTypeQualifier::QualifiedName(it) => {
                    parts.push((&it.right, it.span));
                    Some(&it.left)
                }
            };
        }
        for (at, (right, span)) in parts.iter().rev().enumerate() {
            let last = at + 1 == parts.len();
            let id = self.name(right.name.as_str());
            let meaning = if last { meaning } else { Meaning::NAMESPACE };
            let kind = TokenKind::Member {
                object: name,
                meaning,
            };
            let flags = TokenFlags::TYPE.and(TokenFlags::READ);
            let property = self.token(range(right.span), id, kind, flags);
            name = self.push_expr(
                ExprKind::Member {
                    object: name,
                    property,
                    optional: false,
                },
                *span,
            );
        }
        (name, self.type_arguments(it.type_arguments.as_deref()))
    }

    pub(super) fn heritage(
        &mut self,
        name: &TSTypeName<'a>,
        args: Option<&TSTypeParameterInstantiation<'a>>,
        span: Span,
    ) -> TypeId {
        let name = self.type_name(name, Meaning::TYPE);
        let args = self.type_arguments(args);
        self.push_type(TypeKind::Reference { name, args }, span)
    }

    pub(super) fn type_alias(&mut self, it: &TSTypeAliasDeclaration<'a>, flags: DeclFlags) {
        let named = self.named(&it.id);
        let decl = self.declare(DeclKind::TypeAlias, named, flags, range(it.span));
        let outer = self.owner.replace(decl);
        self.scoped(ScopeKind::Type, range(it.span), Some(decl), |lower, _| {
            lower.type_parameters(it.type_parameters.as_deref());
            let ty = lower.ty(&it.type_annotation);
            lower.set_data(decl, DeclData::Alias(ty));
        });
        self.owner = outer;
    }

    pub(super) fn interface(&mut self, it: &TSInterfaceDeclaration<'a>, flags: DeclFlags) {
        let named = self.named(&it.id);
        let decl = self.declare(DeclKind::Interface, named, flags, range(it.span));
        let outer = self.owner.replace(decl);
        self.scoped(ScopeKind::Type, range(it.span), Some(decl), |lower, _| {
            let type_params = lower.type_parameters(it.type_parameters.as_deref());
            let mut extends = Vec::new();
            for base in &it.extends {
                let ty = lower.heritage(&base.type_name, base.type_arguments.as_deref(), base.span);
                extends.push(ty);
            }
            let shape = lower.shape(&it.body.body);
            let known = &mut lower.hir.shapes[shape.index()];
            known.decl = Some(decl);
            known.type_params = type_params;
            known.extends = extends.into();
            lower.set_data(decl, DeclData::Interface(shape));
        });
        self.owner = outer;
    }

    /// The members of an interface or type literal.
    fn shape(&mut self, members: &[TSSignature<'a>]) -> ShapeId {
        let id = ShapeId(self.hir.shapes.len() as u32);
        let table = self.new_table();
        self.hir.shapes.push(Shape {
            decl: None,
            type_params: Box::default(),
            extends: Box::default(),
            table,
            calls: Box::default(),
            constructs: Box::default(),
            indexes: Box::default(),
        });
        let (mut calls, mut constructs, mut indexes) = (Vec::new(), Vec::new(), Vec::new());
        for member in members {
            match member {
                TSSignature::TSPropertySignature(it) => self.property_signature(it, table),
                TSSignature::TSMethodSignature(it) => self.method_signature(it, table),
                TSSignature::TSIndexSignature(it) => {
                    self.index_parameter(&it.parameter);
                    indexes.extend(self.annotation(Some(&it.type_annotation)));
                }
                TSSignature::TSCallSignatureDeclaration(it) => calls.push(self.signature(
                    Signature {
                        kind: FunctionKind::Signature,
                        span: it.span,
                        type_params: it.type_parameters.as_deref(),
                        this_param: it.this_param.as_deref(),
                        params: &it.params,
                        ret: it.return_type.as_deref(),
                        decl: None,
                    },
                    |_, _| {},
                )),
                TSSignature::TSConstructSignatureDeclaration(it) => {
                    constructs.push(self.signature(
                        Signature {
                            kind: FunctionKind::ConstructSignature,
                            span: it.span,
                            type_params: it.type_parameters.as_deref(),
                            this_param: None,
                            params: &it.params,
                            ret: it.return_type.as_deref(),
                            decl: None,
                        },
                        |_, _| {},
                    ));
                }
            }
        }
        let shape = &mut self.hir.shapes[id.index()];
        (shape.calls, shape.constructs, shape.indexes) =
            (calls.into(), constructs.into(), indexes.into());
        id
    }

    /// The parameter of an index signature: nothing can name it.
    pub(super) fn index_parameter(&mut self, it: &TSIndexSignatureName<'a>) {
        let name = it.name.as_str();
        let at = range(it.span);
        let at = TextRange::at(at.start(), (name.len() as u32).into());
        let flags = DeclFlags::default();
        let decl = self.declare_nameless(DeclKind::Parameter, name, at, flags, range(it.span));
        let name = self.name(name);
        self.token(at, name, TokenKind::Decl(decl), TokenFlags::default());
        self.annotation(Some(&it.type_annotation));
    }

    fn property_signature(&mut self, it: &TSPropertySignature<'a>, table: crate::TableId) {
        let named = self.key(&it.key, it.computed);
        let flags = DeclFlags::default()
            .with(DeclFlags::OPTIONAL, it.optional)
            .with(DeclFlags::READONLY, it.readonly);
        let decl = named.map(|named| {
            self.declare_member(table, DeclKind::Property, named, flags, range(it.span))
        });
        let ty = self.owned(decl, |lower| {
            lower.annotation(it.type_annotation.as_deref())
        });
        if let Some(decl) = decl {
            self.set_data(decl, DeclData::Property(ty, None));
        }
    }

    fn method_signature(&mut self, it: &TSMethodSignature<'a>, table: crate::TableId) {
        let named = self.key(&it.key, it.computed);
        let kind = match it.kind {
            TSMethodSignatureKind::Method => DeclKind::Method,
            TSMethodSignatureKind::Get | TSMethodSignatureKind::Set => DeclKind::Accessor,
        };
        let flags = DeclFlags::default()
            .with(DeclFlags::OPTIONAL, it.optional)
            .with(DeclFlags::SETTER, it.kind == TSMethodSignatureKind::Set);
        let decl =
            named.map(|named| self.declare_member(table, kind, named, flags, range(it.span)));
        let signature = Signature {
            kind: match it.kind {
                TSMethodSignatureKind::Method => FunctionKind::Signature,
                TSMethodSignatureKind::Get => FunctionKind::Getter,
                TSMethodSignatureKind::Set => FunctionKind::Setter,
            },
            span: it.span,
            type_params: it.type_parameters.as_deref(),
            this_param: it.this_param.as_deref(),
            params: &it.params,
            ret: it.return_type.as_deref(),
            decl,
        };
        let function: FunctionId = self.signature(signature, |_, _| {});
        if let Some(decl) = decl {
            self.set_data(decl, DeclData::Function(function));
        }
    }
}

fn keyword(it: &TSType<'_>) -> Option<Keyword> {
    Some(match it {
        TSType::TSAnyKeyword(_) => Keyword::Any,
        TSType::TSBigIntKeyword(_) => Keyword::BigInt,
        TSType::TSBooleanKeyword(_) => Keyword::Boolean,
        TSType::TSIntrinsicKeyword(_) => Keyword::Intrinsic,
        TSType::TSNeverKeyword(_) => Keyword::Never,
        TSType::TSNullKeyword(_) => Keyword::Null,
        TSType::TSNumberKeyword(_) => Keyword::Number,
        TSType::TSObjectKeyword(_) => Keyword::Object,
        TSType::TSStringKeyword(_) => Keyword::String,
        TSType::TSSymbolKeyword(_) => Keyword::Symbol,
        TSType::TSUndefinedKeyword(_) => Keyword::Undefined,
        TSType::TSUnknownKeyword(_) => Keyword::Unknown,
        TSType::TSVoidKeyword(_) => Keyword::Void,
        _ => return None,
    })
}
