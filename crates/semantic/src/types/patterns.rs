//! The types of what patterns bind: variables, parameters, what destructuring takes apart.

use symphony_db::SourceFile;
use symphony_hir::{DeclFlags, DeclKind, ExprKind, FunctionId, Hir, PatternId, PatternSource};

use super::{Element, Primitive, Subst, Ty, TyKind};
use crate::semantics::Semantics;

impl Semantics<'_> {
    /// The type of a pattern's value.
    pub(crate) fn pattern_type(&self, file: SourceFile, pattern: PatternId) -> Ty {
        self.memoised(&self.types.patterns, (file, pattern), || {
            let hir = self.hir(file);
            let source = self.source_type(file, &hir, pattern);
            let known = hir.pattern(pattern);
            let Some(default) = known.default else {
                return source;
            };
            let annotated = matches!(known.source, PatternSource::Parameter(function, at)
                if hir.function(function).params.get(at as usize).is_some_and(|it| it.ty.is_some()));
            if annotated {
                return source;
            }
            let default = self.expr_type(file, &hir, default).widened();
            Ty::union([source.non_null(), default])
        })
    }

    fn source_type(&self, file: SourceFile, hir: &Hir, pattern: PatternId) -> Ty {
        let known = hir.pattern(pattern);
        match known.source {
            PatternSource::Variable(Some(ty), _) => self.written(file, ty, &Subst::default()),
            PatternSource::Variable(None, Some(init)) => {
                let ty = self.expr_type(file, hir, init);
                let is_const = known
                    .decl
                    .is_some_and(|decl| hir.decl(decl).kind == DeclKind::Const)
                    || matches!(hir.expr(init).kind, ExprKind::AsConst(_));
                if is_const { ty } else { ty.widened() }
            }
            PatternSource::Variable(None, None) | PatternSource::Computed(_) => Ty::unknown(),
            PatternSource::Parameter(function, at) => {
                self.parameter_type(file, hir, function, at as usize)
            }
            PatternSource::Property(of, name) => {
                let of = self.pattern_type(file, of).non_null();
                self.type_of_member_named(&of, hir.name(name))
            }
            PatternSource::Element(of, at) => {
                let of = self.pattern_type(file, of).non_null();
                self.element(&of, at as usize)
            }
            PatternSource::Rest(of) => self.rest_type(&self.pattern_type(file, of)),
            PatternSource::ForOf(over) => {
                let over = self.expr_type(file, hir, over);
                self.iterated(&over)
            }
            PatternSource::ForIn => Ty::primitive(Primitive::String),
            PatternSource::Catch(ty) => {
                ty.map_or_else(Ty::unknown, |it| self.written(file, it, &Subst::default()))
            }
        }
    }

    fn rest_type(&self, of: &Ty) -> Ty {
        let of = self.expanded(of);
        match of.kind() {
            // Which elements are left is not looked at.
            TyKind::Array { .. } | TyKind::Tuple { .. } => Ty::array(self.iterated(&of)),
            _ => of,
        }
    }

    /// The type of a parameter: its annotation, what its function is expected to be, or nothing.
    pub(crate) fn parameter_type(
        &self,
        file: SourceFile,
        hir: &Hir,
        function: FunctionId,
        at: usize,
    ) -> Ty {
        let Some(param) = hir.function(function).params.get(at) else {
            return Ty::unknown();
        };
        if let Some(ty) = param.ty {
            return self.written(file, ty, &Subst::default());
        }
        let expected = self.expected_signature(file, hir, function);
        let Some(expected) = expected else {
            return Ty::unknown();
        };
        if param.rest {
            return self.rest_parameters(&expected, at);
        }
        self.signature_parameter(&expected, at)
            .unwrap_or_else(Ty::unknown)
    }

    /// The parameters of a signature from one on, as a tuple.
    pub(crate) fn rest_parameters(&self, signature: &super::Signature, from: usize) -> Ty {
        let hir = self.hir(signature.file);
        let params = &hir.function(signature.function).params;
        let mut elements = Vec::new();
        for (at, param) in params.iter().enumerate().skip(from) {
            let declared = match param.ty {
                Some(ty) => self.written(signature.file, ty, &signature.subst),
                None => {
                    let ty = self.pattern_type(signature.file, param.pattern);
                    self.substituted(&ty, &signature.subst)
                }
            };
            if param.rest && at == from {
                return declared;
            }
            elements.push(Element {
                ty: declared,
                rest: param.rest,
            });
        }
        Ty::new(TyKind::Tuple {
            elements: elements.into(),
            readonly: false,
        })
    }

    /// Whether a function has parameters whose types must come from where it stands.
    pub(crate) fn needs_context(&self, hir: &Hir, function: FunctionId) -> bool {
        let function = hir.function(function);
        function.params.iter().any(|param| {
            param.ty.is_none()
                && !hir
                    .pattern(param.pattern)
                    .decl
                    .is_some_and(|decl| hir.has(decl, DeclFlags::PARAMETER_PROPERTY))
        })
    }
}
