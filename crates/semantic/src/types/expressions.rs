//! The types of expressions. Names are narrowed by the conditions that they stand behind: see `narrow`.

use symphony_db::SourceFile;
use symphony_hir::{
    BinaryOp, ClassId, ExprId, ExprKind, FunctionId, FunctionKind, Hir, LogicalOp, Meaning,
    ScopeId, ScopeKind, TokenId, UnaryOp,
};

use super::{Element, Primitive, Signature, Subst, Ty, TyKind};
use crate::semantics::{Def, Semantics, Target};

impl Semantics<'_> {
    /// The type of an expression.
    pub fn expr_type(&self, file: SourceFile, hir: &Hir, expr: ExprId) -> Ty {
        self.at_home(file);
        self.memoised(&self.types.exprs, (file, expr), || {
            self.expr_type_here(file, hir, expr)
        })
    }

    fn expr_type_here(&self, file: SourceFile, hir: &Hir, id: ExprId) -> Ty {
        let of = |expr: ExprId| self.expr_type(file, hir, expr);
        match &hir.expr(id).kind {
            ExprKind::Missing | ExprKind::Meta | ExprKind::Yield(_) => Ty::unknown(),
            ExprKind::JsxIntrinsic(_) => Ty::unknown(),
            ExprKind::Name(token) => self.name_type(file, hir, *token),
            ExprKind::This(scope) => self.this_type(file, hir, *scope),
            ExprKind::Super(scope) => self.super_type(file, hir, *scope, id),
            ExprKind::Member {
                object, property, ..
            } => self.member_type(file, hir, *object, *property),
            ExprKind::Index { object, index } => {
                let index = of(*index);
                let object = of(*object).non_null();
                if index.is_unknown() {
                    return self.index_signature(&object);
                }
                self.indexed(&object, &index)
            }
            ExprKind::Call { .. } | ExprKind::New { .. } => self.call_type(file, hir, id),
            ExprKind::Function(function) => Ty::new(TyKind::Functions(Box::new([Signature {
                file,
                function: *function,
                subst: Subst::default(),
            }]))),
            ExprKind::Class(class) => self.class_value(file, hir, *class),
            ExprKind::Object { .. } => Ty::new(TyKind::Object {
                file,
                expr: id,
                subst: Subst::default(),
            }),
            ExprKind::Array(elements) => self.array_type(file, hir, id, elements, false),
            ExprKind::Spread(inner) => self.iterated(&of(*inner)),
            ExprKind::Literal(literal) => self.constant(hir, literal),
            ExprKind::Template => Ty::primitive(Primitive::String),
            ExprKind::Logical(op, left, right) => {
                let (left, right) = (of(*left), of(*right));
                match op {
                    LogicalOp::And => right,
                    LogicalOp::Or | LogicalOp::Nullish => Ty::union([left.non_null(), right]),
                }
            }
            ExprKind::Binary(op, left, right) => self.binary_type(*op, &of(*left), &|| of(*right)),
            ExprKind::Unary(op, _) => Ty::primitive(match op {
                UnaryOp::Not | UnaryOp::Boolean => Primitive::Boolean,
                UnaryOp::Number => Primitive::Number,
                UnaryOp::TypeOf => Primitive::String,
                UnaryOp::Void => Primitive::Nothing,
            }),
            ExprKind::Conditional(_, then, otherwise) => Ty::union([of(*then), of(*otherwise)]),
            ExprKind::Assign(_, value) => of(*value),
            ExprKind::Sequence(last) => of(*last),
            ExprKind::Await(inner) => self.awaited(&of(*inner)),
            ExprKind::As(_, ty) => self.written(file, *ty, &Subst::default()),
            ExprKind::AsConst(inner) => match &hir.expr(*inner).kind {
                ExprKind::Array(elements) => self.array_type(file, hir, *inner, elements, true),
                _ => of(*inner),
            },
            ExprKind::Satisfies(inner, _) => of(*inner),
            ExprKind::NonNull(inner) => self.expanded(&of(*inner)).non_null(),
            ExprKind::Instantiation(inner, args) => self.instantiated(file, &of(*inner), args),
            ExprKind::Jsx(_) => self.jsx_element_type(file),
            ExprKind::Import(_) => self.import_type(file, hir, id),
        }
    }

    fn name_type(&self, file: SourceFile, hir: &Hir, token: TokenId) -> Ty {
        let targets = self.follow_all(self.token(file, hir, token));
        if targets.is_empty() {
            return match hir.name(hir.token(token).name).as_str() {
                "undefined" => Ty::primitive(Primitive::Nothing),
                "arguments" => self.library_type("IArguments", &[]),
                _ => Ty::unknown(),
            };
        }
        let declared = self.value_type(&targets);
        self.narrowed(file, hir, token, declared)
    }

    fn member_type(&self, file: SourceFile, hir: &Hir, object: ExprId, property: TokenId) -> Ty {
        let name = hir.name(hir.token(property).name);
        let meaning = match hir.token(property).kind {
            symphony_hir::TokenKind::Member { meaning, .. } => meaning,
            _ => Meaning::VALUE,
        };
        if !meaning.meets(Meaning::VALUE) {
            let targets = self.follow_all(self.member(file, hir, object, name, meaning));
            return self.value_type(&targets);
        }
        let object = self.expr_type(file, hir, object);
        self.type_of_member_named(&object.non_null(), name)
    }

    fn binary_type(&self, op: BinaryOp, left: &Ty, right: &dyn Fn() -> Ty) -> Ty {
        let is = |ty: &Ty, of: Primitive| ty.widened().same(&Ty::primitive(of));
        match op {
            BinaryOp::Equal | BinaryOp::Unequal | BinaryOp::InstanceOf | BinaryOp::Compare => {
                Ty::primitive(Primitive::Boolean)
            }
            BinaryOp::Arithmetic if is(left, Primitive::BigInt) => Ty::primitive(Primitive::BigInt),
            BinaryOp::Arithmetic => Ty::primitive(Primitive::Number),
            BinaryOp::Add => {
                let right = right();
                if is(left, Primitive::String) || is(&right, Primitive::String) {
                    Ty::primitive(Primitive::String)
                } else if is(left, Primitive::Number) && is(&right, Primitive::Number) {
                    Ty::primitive(Primitive::Number)
                } else {
                    Ty::unknown()
                }
            }
        }
    }

    fn array_type(
        &self,
        file: SourceFile,
        hir: &Hir,
        id: ExprId,
        elements: &[ExprId],
        is_const: bool,
    ) -> Ty {
        let expected = self.expanded(&self.expected_type(file, hir, id)).non_null();
        let is_tuple = |it: &Ty| match it.kind() {
            TyKind::Tuple { .. } => true,
            TyKind::Parameter(_) => self.constraint(it).is_some_and(|it| {
                it.parts()
                    .iter()
                    .any(|it| matches!(it.kind(), TyKind::Tuple { .. }))
            }),
            _ => false,
        };
        let as_tuple = is_const || expected.parts().iter().any(is_tuple);
        let each = elements.iter().take(64).map(|&it| {
            let ty = self.expr_type(file, hir, it);
            (
                if as_tuple { ty } else { ty.widened() },
                matches!(hir.expr(it).kind, ExprKind::Spread(_)),
            )
        });
        if as_tuple {
            let elements = each.map(|(ty, rest)| Element {
                ty: if rest { Ty::array(ty) } else { ty },
                rest,
            });
            return Ty::new(TyKind::Tuple {
                elements: elements.collect(),
                readonly: is_const,
            });
        }
        Ty::array(Ty::union(each.map(|(ty, _)| ty)))
    }

    fn class_value(&self, file: SourceFile, hir: &Hir, class: ClassId) -> Ty {
        match hir.class(class).decl {
            Some(decl) => {
                let symbol = hir.decl(decl).symbol;
                Ty::new(TyKind::Static(Target::Symbol(Def { file, symbol })))
            }
            None => Ty::unknown(),
        }
    }

    fn instantiated(&self, file: SourceFile, of: &Ty, args: &[symphony_hir::TypeId]) -> Ty {
        let all = self.signatures(of, false);
        let signatures: Box<[Signature]> = all
            .into_iter()
            .filter_map(|it| {
                let written = args
                    .iter()
                    .map(|&arg| self.written(file, arg, &Subst::default()));
                let subst = Subst::default().with(it.type_params.iter().copied().zip(written));
                it.signature.map(|it| it.with(&subst))
            })
            .collect();
        if signatures.is_empty() {
            return of.clone();
        }
        Ty::new(TyKind::Functions(signatures))
    }

    fn jsx_element_type(&self, file: SourceFile) -> Ty {
        for specifier in ["react", "react/jsx-runtime"] {
            let Some(module) = self.module(file, specifier) else {
                continue;
            };
            for jsx in self.follow_all(self.exported(&module, "JSX")) {
                let element = self.follow_all(self.named_member(jsx, "Element"));
                if !element.is_empty() {
                    return self.type_of_targets(&element, Vec::new(), &Subst::default());
                }
            }
        }
        Ty::unknown()
    }

    fn import_type(&self, file: SourceFile, hir: &Hir, id: ExprId) -> Ty {
        let value = self.value_type(&self.expr_targets(file, hir, id));
        let ExprKind::Import(module) = hir.expr(id).kind else {
            return value;
        };
        if hir.module(module).kind == symphony_hir::ModuleRefKind::Dynamic {
            return self.library_type("Promise", &[value]);
        }
        value
    }

    /// `this` at a place.
    pub(crate) fn this_type(&self, file: SourceFile, hir: &Hir, scope: ScopeId) -> Ty {
        for scope in hir.scopes_around(scope) {
            let around = hir.scope(scope);
            match around.kind {
                ScopeKind::Function => match self.this_of_function(file, hir, scope) {
                    Found::Is(ty) => return ty,
                    Found::Outside => {}
                },
                ScopeKind::Class => {
                    return self.this_in_class(file, hir, scope, false);
                }
                // A field's initialiser.
                ScopeKind::Block => {
                    if let Some(owner) = around.owner {
                        let is_static = hir.has(owner, symphony_hir::DeclFlags::STATIC);
                        return self.this_in_class(file, hir, scope, is_static);
                    }
                }
                _ => {}
            }
        }
        Ty::unknown()
    }

    fn this_of_function(&self, file: SourceFile, hir: &Hir, scope: ScopeId) -> Found {
        let Some(id) = function_with_scope(hir, scope) else {
            // A static block.
            return Found::Is(self.this_in_class(file, hir, scope, true));
        };
        let function = hir.function(id);
        if let Some(ty) = function.this_ty {
            return Found::Is(self.written(file, ty, &Subst::default()));
        }
        match function.kind {
            FunctionKind::Arrow => Found::Outside,
            FunctionKind::Method
            | FunctionKind::Getter
            | FunctionKind::Setter
            | FunctionKind::Constructor => {
                let Some(decl) = function.decl else {
                    // A computed name.
                    return Found::Is(self.this_in_class(file, hir, scope, false));
                };
                if let Some(object) = self.literal_of(file, hir, decl) {
                    return Found::Is(self.this_of_literal(file, hir, object));
                }
                let is_static = hir.has(decl, symphony_hir::DeclFlags::STATIC);
                Found::Is(self.this_in_class(file, hir, scope, is_static))
            }
            FunctionKind::Expression => {
                if let Some(signature) = self.expected_signature(file, hir, id) {
                    let of = self.hir(signature.file);
                    if let Some(ty) = of.function(signature.function).this_ty {
                        return Found::Is(self.written(signature.file, ty, &signature.subst));
                    }
                }
                match function.decl.and_then(|it| self.literal_of(file, hir, it)) {
                    Some(object) => Found::Is(self.this_of_literal(file, hir, object)),
                    None => Found::Is(Ty::unknown()),
                }
            }
            _ => Found::Is(Ty::unknown()),
        }
    }

    fn this_of_literal(&self, file: SourceFile, hir: &Hir, object: ExprId) -> Ty {
        let expected = self.expected_type(file, hir, object).non_null();
        if self.lists_members(&expected) {
            return expected;
        }
        self.expr_type(file, hir, object)
    }

    /// `this` in the class around a scope.
    fn this_in_class(&self, file: SourceFile, hir: &Hir, scope: ScopeId, is_static: bool) -> Ty {
        let around = hir
            .scopes_around(scope)
            .find(|&it| hir.scope(it).kind == ScopeKind::Class);
        let Some(class) = around.and_then(|scope| class_with_scope(hir, scope)) else {
            return Ty::unknown();
        };
        let Some(decl) = hir.class(class).decl else {
            return Ty::unknown();
        };
        let symbol = hir.decl(decl).symbol;
        let def = Def { file, symbol };
        if is_static {
            return Ty::new(TyKind::Static(Target::Symbol(def)));
        }
        self.own_instance(def)
    }

    fn super_type(&self, file: SourceFile, hir: &Hir, scope: ScopeId, id: ExprId) -> Ty {
        let this = self.this_type(file, hir, scope);
        let class_scope = hir
            .scopes_around(scope)
            .find(|&it| hir.scope(it).kind == ScopeKind::Class);
        let Some(class) = class_scope.and_then(|scope| class_with_scope(hir, scope)) else {
            return Ty::unknown();
        };
        let _ = id;
        match this.kind() {
            TyKind::Static(_) => match &hir.class(class).extends {
                Some((base, _)) => self.expr_type(file, hir, *base),
                None => Ty::unknown(),
            },
            _ => self
                .base_of_class(file, hir, class, &Subst::default())
                .unwrap_or_else(Ty::unknown),
        }
    }

    /// The class whose constructor `super(...)` calls, as a value.
    pub(crate) fn super_value(&self, file: SourceFile, hir: &Hir, scope: ScopeId) -> Ty {
        let class_scope = hir
            .scopes_around(scope)
            .find(|&it| hir.scope(it).kind == ScopeKind::Class);
        let class = class_scope.and_then(|scope| class_with_scope(hir, scope));
        match class.and_then(|it| hir.class(it).extends.as_ref()) {
            Some((base, _)) => self.expr_type(file, hir, *base),
            None => Ty::unknown(),
        }
    }
}

/// Whether a function has a `this` of its own.
enum Found {
    Is(Ty),
    Outside,
}

/// The function that opens a scope. Functions are in the order of their scopes.
fn function_with_scope(hir: &Hir, scope: ScopeId) -> Option<FunctionId> {
    let at = first_from(hir.functions().len() as u32, |at| {
        hir.function(FunctionId(at)).scope >= scope
    });
    let found = (at < hir.functions().len() as u32).then_some(FunctionId(at))?;
    (hir.function(found).scope == scope).then_some(found)
}

/// The class that opens a scope.
fn class_with_scope(hir: &Hir, scope: ScopeId) -> Option<ClassId> {
    let at = first_from(hir.classes().len() as u32, |at| {
        hir.class(ClassId(at)).scope >= scope
    });
    let found = (at < hir.classes().len() as u32).then_some(ClassId(at))?;
    (hir.class(found).scope == scope).then_some(found)
}

/// The first number below `end` for which `is` holds, where it holds from some number on.
fn first_from(end: u32, is: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if is(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
