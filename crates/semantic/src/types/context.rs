//! What is expected of an expression by the place where it stands.

use symphony_db::SourceFile;
use symphony_hir::{Context, DeclData, ExprId, ExprKind, FunctionId, FunctionKind, Hir, Home};

use super::{Signature, Subst, Ty, TyKind};
use crate::semantics::Semantics;

impl Semantics<'_> {
    /// The type that an expression is expected to be of; unknown if its place says nothing.
    pub(crate) fn expected_type(&self, file: SourceFile, hir: &Hir, expr: ExprId) -> Ty {
        let Some(context) = hir.context(expr) else {
            return Ty::unknown();
        };
        self.memoised(&self.types.contexts, (file, expr), || {
            self.expected_in(file, hir, context)
        })
    }

    fn expected_in(&self, file: SourceFile, hir: &Hir, context: Context) -> Ty {
        match context {
            Context::Type(ty) => self.written(file, ty, &Subst::default()),
            Context::Argument(call, at) => self.expected_argument(file, hir, call, at as usize),
            Context::Return(function) => self.expected_return(file, hir, function),
            Context::Property(object, name) => {
                let of = self.expected_type(file, hir, object).non_null();
                self.type_of_member_named(&of, hir.name(name))
            }
            Context::Element(array, at) => {
                let of = self.expected_type(file, hir, array).non_null();
                self.element(&of, at as usize)
            }
            Context::Assigned(target) => self.expr_type(file, hir, target),
            Context::Attribute(tag, name) => {
                let props = self.props_of_tag(file, hir, tag);
                self.type_of_member_named(&props, hir.name(name))
            }
            Context::Default(pattern) => self.pattern_type(file, pattern),
        }
    }

    fn expected_return(&self, file: SourceFile, hir: &Hir, function: FunctionId) -> Ty {
        let known = hir.function(function);
        let ty = match known.ret {
            Some(ret) => self.written(file, ret, &Subst::default()),
            None => match self.expected_signature(file, hir, function) {
                Some(signature) => self.returned(&signature),
                None => return Ty::unknown(),
            },
        };
        if known.is_generator {
            let (_, args) = self.library_name(&self.expanded(&ty)).unwrap_or_default();
            return args.get(1).cloned().unwrap_or_else(Ty::unknown);
        }
        if known.is_async {
            self.awaited(&ty)
        } else {
            ty
        }
    }

    /// What a function expression, or a method of an object literal, is expected to be.
    pub(crate) fn expected_signature(
        &self,
        file: SourceFile,
        hir: &Hir,
        function: FunctionId,
    ) -> Option<Signature> {
        let expected = self.expected_function(file, hir, function);
        if expected.is_unknown() {
            return None;
        }
        let expected = self.expanded(&expected).non_null();
        let parts = expected.parts().iter();
        let mut all = parts.flat_map(|part| self.signatures(part, false));
        all.next().and_then(|it| it.signature)
    }

    fn expected_function(&self, file: SourceFile, hir: &Hir, function: FunctionId) -> Ty {
        let known = hir.function(function);
        match known.kind {
            FunctionKind::Arrow | FunctionKind::Expression => {
                match self.owners(file).functions.get(&function) {
                    Some(&expr) => self.expected_type(file, hir, expr),
                    None => Ty::unknown(),
                }
            }
            FunctionKind::Method => {
                let Some(decl) = known.decl.map(|it| hir.decl(it)) else {
                    return Ty::unknown();
                };
                let Home::Table(table) = hir.symbol(decl.symbol).home else {
                    return Ty::unknown();
                };
                match self.owners(file).tables.get(&table) {
                    Some(&object) => {
                        let of = self.expected_type(file, hir, object).non_null();
                        self.type_of_member_named(&of, hir.name(decl.name))
                    }
                    None => Ty::unknown(),
                }
            }
            _ => Ty::unknown(),
        }
    }

    /// The properties that a JSX tag takes.
    pub(crate) fn props_of_tag(&self, file: SourceFile, hir: &Hir, tag: ExprId) -> Ty {
        self.at_home(file);
        if let ExprKind::JsxIntrinsic(name) = hir.expr(tag).kind {
            return self.intrinsic_props(file, hir, hir.name(name));
        }
        let component = self.expr_type(file, hir, tag);
        let signature = self.signatures(&component, false).into_iter().next();
        if let Some(signature) = signature.and_then(|it| it.signature) {
            return self
                .signature_parameter(&signature, 0)
                .unwrap_or_else(Ty::unknown);
        }
        match self.constructed(&component, &[]) {
            Some(instance) => self.type_of_member_named(&instance, "props"),
            None => Ty::unknown(),
        }
    }

    fn intrinsic_props(&self, file: SourceFile, hir: &Hir, name: &str) -> Ty {
        let mut found = Ty::unknown();
        for namespace in self.jsx_namespaces(file, hir) {
            for elements in self.named_member(namespace, "IntrinsicElements") {
                let mut targets = crate::Targets::new();
                targets.push(elements);
                let ty = self.type_of_targets(&targets, Vec::new(), &Subst::default());
                found = self.type_of_member_named(&ty, name);
                if !found.is_unknown() {
                    return found;
                }
            }
        }
        found
    }

    /// Where the types of JSX are: `JSX` of the module that the compiler imports, of `React`, or a global one.
    fn jsx_namespaces(&self, file: SourceFile, _hir: &Hir) -> crate::Targets {
        let mut found = crate::Targets::new();
        for specifier in ["react/jsx-runtime", "react"] {
            if let Some(module) = self.module(file, specifier) {
                found.extend(self.follow_all(self.exported(&module, "JSX")));
            }
        }
        found.extend(self.global(file, "JSX", symphony_hir::Meaning::NAMESPACE));
        found
    }

    /// The object literal whose member a declaration is.
    pub(crate) fn literal_of(
        &self,
        file: SourceFile,
        hir: &Hir,
        of: symphony_hir::DeclId,
    ) -> Option<ExprId> {
        let decl = hir.decl(of);
        if !matches!(
            decl.data,
            DeclData::Property(None, _) | DeclData::Function(_)
        ) {
            return None;
        }
        match hir.symbol(decl.symbol).home {
            Home::Table(table) => self.owners(file).tables.get(&table).copied(),
            Home::Scope(_) => None,
        }
    }

    /// Whether a type says which members something may have.
    pub(crate) fn lists_members(&self, ty: &Ty) -> bool {
        !matches!(ty.kind(), TyKind::Unknown | TyKind::Parameter(_))
    }
}
