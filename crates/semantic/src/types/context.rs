//! What is expected of an expression by the place where it stands.

use symphony_db::SourceFile;
use symphony_hir::{
    Context, DeclData, ExprId, ExprKind, FunctionId, FunctionKind, Hir, Home, Meaning, SymbolId,
    TableId,
};

use super::{Signature, Subst, Ty, TyKind};
use crate::Targets;
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
                let of = self.expected_object(file, hir, object);
                self.type_of_member_named(&of, hir.name(name))
            }
            Context::Spread(object) => self.expected_object(file, hir, object),
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

    /// What is expected of an object literal, where of a union only the parts that its literals allow.
    pub(crate) fn expected_object(&self, file: SourceFile, hir: &Hir, object: ExprId) -> Ty {
        let expected = self.expected_type(file, hir, object);
        let ExprKind::Object { table, spreads } = &hir.expr(object).kind else {
            return self.discriminated(file, hir, &[], &expected);
        };
        let left = self.discriminated(file, hir, hir.members(*table), &expected);
        if spreads.is_empty() {
            self.without_required(hir, *table, left)
        } else {
            left
        }
    }

    /// Without the parts of a union that these members of an object literal rule out.
    pub(crate) fn discriminated(
        &self,
        file: SourceFile,
        hir: &Hir,
        members: &[SymbolId],
        expected: &Ty,
    ) -> Ty {
        let expected = self.distributed(&self.expanded(expected).non_null());
        let TyKind::Union(parts) = expected.kind() else {
            return expected;
        };
        let mut left: Vec<Ty> = parts.iter().filter(|it| !it.is_plain()).cloned().collect();
        for &member in members {
            let name = hir.name(hir.symbol(member).name);
            let Some(given) = self.discriminant(file, hir, member) else {
                continue;
            };
            // Only what some part says with a literal tells parts apart.
            let of = |part: &Ty| self.expanded(&self.type_of_member_named(part, name));
            let is_unit = |it: &Ty| it.parts().iter().any(|it| it.is_unit());
            if !left.iter().any(|part| is_unit(&of(part))) {
                continue;
            }
            let fits = |part: &&Ty| {
                !self.lookup(part, name).is_empty()
                    && self.extends(&given, &of(part)) != Some(false)
            };
            let kept: Vec<Ty> = left.iter().filter(fits).cloned().collect();
            if !kept.is_empty() {
                left = kept;
            }
        }
        Ty::union(left)
    }

    /// `A & (B | C)` as `(A & B) | (A & C)`, where that is not much more.
    fn distributed(&self, ty: &Ty) -> Ty {
        let parts = match ty.kind() {
            TyKind::Union(parts) => {
                return Ty::union(parts.iter().map(|it| self.distributed(&self.expanded(it))));
            }
            TyKind::Intersection(parts) => parts,
            _ => return ty.clone(),
        };
        let mut all = vec![Vec::new()];
        for part in parts {
            let part = self.expanded(part).non_null();
            if all.len() * part.parts().len() > 64 {
                return ty.clone();
            }
            let with = |known: &Vec<Ty>| {
                let each = part.parts().iter();
                let longer = each.map(|it| known.iter().chain([it]).cloned().collect());
                longer.collect::<Vec<Vec<Ty>>>()
            };
            all = all.iter().flat_map(with).collect();
        }
        Ty::union(all.into_iter().map(Ty::intersection))
    }

    /// Without the parts that require a literal under a name that the object does not have.
    fn without_required(&self, hir: &Hir, table: TableId, left: Ty) -> Ty {
        let TyKind::Union(parts) = left.kind() else {
            return left;
        };
        let has = |name: &str| {
            hir.name_id(name)
                .is_some_and(|id| hir.member(table, id).is_some())
        };
        let missing = |part: &Ty| {
            let mut required = self.required_names(part).into_iter();
            required.any(|name| {
                !has(&name)
                    && self
                        .expanded(&self.type_of_member_named(part, &name))
                        .is_unit()
            })
        };
        let kept: Vec<Ty> = parts.iter().filter(|it| !missing(it)).cloned().collect();
        if kept.is_empty() {
            left
        } else {
            Ty::union(kept)
        }
    }

    /// The type of a key's value, if that may tell the parts of a union apart.
    fn discriminant(&self, file: SourceFile, hir: &Hir, member: SymbolId) -> Option<Ty> {
        let DeclData::Property(_, Some(value)) = hir.first_decl(member).data else {
            return None;
        };
        match hir.expr(value).kind {
            ExprKind::Literal(_) | ExprKind::Name(_) | ExprKind::Member { .. } => {
                let ty = self.expanded(&self.expr_type(file, hir, value));
                ty.parts().iter().all(Ty::is_unit).then_some(ty)
            }
            _ => None,
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
                        let of = self.expected_object(file, hir, object);
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
            let elements = self.jsx_interface(file, "IntrinsicElements");
            return self.type_of_member_named(&elements, hir.name(name));
        }
        let component = self.expr_type(file, hir, tag);
        let signature = self.signatures(&component, false).into_iter().next();
        if let Some(callable) = signature
            && let Some(signature) = &callable.signature
        {
            let subst = self.with_defaults(&callable, Subst::default());
            return self
                .signature_parameter(&signature.with(&subst), 0)
                .unwrap_or_else(Ty::unknown);
        }
        match self.constructed(&component, &[]) {
            Some(instance) => self.type_of_member_named(&instance, "props"),
            None => Ty::unknown(),
        }
    }

    /// An interface of JSX: of `JSX` of the module that the compiler imports, of `React`, or a global one.
    pub(crate) fn jsx_interface(&self, file: SourceFile, name: &str) -> Ty {
        let mut namespaces = Targets::new();
        for specifier in ["react/jsx-runtime", "react"] {
            if let Some(module) = self.module(file, specifier) {
                let jsx = match self.exported(&module, "JSX") {
                    // `export = React`.
                    none if none.is_empty() => {
                        let whole = self.exported(&module, "default");
                        self.members_of_all(&whole, "JSX", Meaning::NAMESPACE)
                    }
                    jsx => jsx,
                };
                namespaces.extend(self.follow_all(jsx));
            }
        }
        namespaces.extend(self.global(file, "JSX", Meaning::NAMESPACE));
        for namespace in namespaces {
            let elements = self.named_member(namespace, name);
            if !elements.is_empty() {
                return self.type_of_targets(&elements, Vec::new(), &Subst::default());
            }
        }
        Ty::unknown()
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
