//! Which of several signatures a call means: by the number of arguments, then by what is plain of their types.

use symphony_db::SourceFile;
use symphony_hir::{ExprId, ExprKind, Hir};

use super::calls::Call;
use super::signatures::Callable;
use super::{Primitive, Ty, TyKind};
use crate::semantics::Semantics;

impl Semantics<'_> {
    /// The first signature that fits the arguments, as far as they are known; else the first that takes as many.
    pub(super) fn choose(
        &self,
        file: SourceFile,
        hir: &Hir,
        call: Call<'_>,
        mut all: Vec<Callable>,
    ) -> Option<Callable> {
        if all.len() <= 1 {
            return all.pop();
        }
        let at = self.best(file, hir, call, &all)?;
        Some(all.swap_remove(at))
    }

    fn best(&self, file: SourceFile, hir: &Hir, call: Call<'_>, all: &[Callable]) -> Option<usize> {
        let by_count: Vec<usize> = (0..all.len())
            .filter(|&at| self.takes(hir, call, &all[at]))
            .collect();
        let fits = by_count
            .iter()
            .copied()
            .find(|&at| self.fits(file, hir, call, &all[at]));
        fits.or(by_count.first().copied())
            .or_else(|| (!all.is_empty()).then_some(0))
    }

    /// Whether a signature takes as many arguments and type arguments.
    fn takes(&self, hir: &Hir, call: Call<'_>, callable: &Callable) -> bool {
        let Some(signature) = &callable.signature else {
            return true;
        };
        let of = self.hir(signature.file);
        let function = of.function(signature.function);
        if !call.type_args.is_empty() && call.type_args.len() > callable.type_params.len() {
            return false;
        }
        let params = &function.params;
        let required = params
            .iter()
            .rposition(|it| !it.optional && !it.rest)
            .map_or(0, |at| at + 1);
        let has_rest = params.last().is_some_and(|it| it.rest);
        let spread = |&it: &ExprId| matches!(hir.expr(it).kind, ExprKind::Spread(_));
        if let Some(at) = call.args.iter().position(spread) {
            return has_rest && at + 1 >= required || at < params.len();
        }
        call.args.len() >= required && (has_rest || call.args.len() <= params.len())
    }

    /// Whether no argument is certainly wrong for its parameter.
    fn fits(&self, file: SourceFile, hir: &Hir, call: Call<'_>, callable: &Callable) -> bool {
        let Some(signature) = &callable.signature else {
            return true;
        };
        call.args.iter().enumerate().all(|(at, &arg)| {
            let Some(param) = self.signature_parameter(signature, at) else {
                return true;
            };
            match hir.expr(arg).kind {
                ExprKind::Spread(_) => true,
                ExprKind::Function(function) => {
                    let param = self.expanded(&param).non_null();
                    self.takes_function(hir, function, &param)
                }
                _ => {
                    let ty = self.expr_type(file, hir, arg);
                    self.may_be(&ty, &param)
                }
            }
        })
    }

    /// Whether a parameter takes a function with so many parameters.
    fn takes_function(&self, hir: &Hir, function: symphony_hir::FunctionId, param: &Ty) -> bool {
        let own = hir.function(function);
        let required = own.params.iter().filter(|it| !it.optional).count();
        param.parts().iter().any(|part| match part.kind() {
            TyKind::Unknown | TyKind::Parameter(_) => true,
            TyKind::Primitive(Primitive::Object) => true,
            TyKind::Primitive(_) | TyKind::Constant(_) => false,
            TyKind::Array { .. } | TyKind::Tuple { .. } => false,
            _ => {
                let all = self.signatures(part, false);
                all.iter().any(|it| {
                    it.signature.as_ref().is_some_and(|it| {
                        let hir = self.hir(it.file);
                        let function = hir.function(it.function);
                        function.params.len() >= required
                            || function.params.last().is_some_and(|it| it.rest)
                    })
                }) || all.is_empty() && self.member_names(part).is_empty()
            }
        })
    }

    /// Whether an argument's type may be assignable to a parameter's.
    fn may_be(&self, ty: &Ty, param: &Ty) -> bool {
        self.extends(ty, param) != Some(false)
    }
}
