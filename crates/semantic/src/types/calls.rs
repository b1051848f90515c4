//! Calls: which signature, and what its type parameters stand for.

use symphony_db::SourceFile;
use symphony_hir::{DeclData, ExprId, ExprKind, Hir, TypeId};

use super::conditional::merged;
use super::signatures::Callable;
use super::{Subst, Ty, TyKind};
use crate::semantics::{Def, Semantics};

/// A call or `new`, taken apart.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) callee: ExprId,
    pub(super) args: &'a [ExprId],
    pub(super) type_args: &'a [TypeId],
    pub(super) construct: bool,
}

pub(super) fn call_of(hir: &Hir, expr: ExprId) -> Option<Call<'_>> {
    match &hir.expr(expr).kind {
        ExprKind::Call {
            callee,
            args,
            type_args,
            ..
        } => Some(Call {
            callee: *callee,
            args,
            type_args,
            construct: false,
        }),
        ExprKind::New {
            callee,
            args,
            type_args,
        } => Some(Call {
            callee: *callee,
            args,
            type_args,
            construct: true,
        }),
        _ => None,
    }
}

impl Semantics<'_> {
    /// The signature that a call calls.
    pub(super) fn chosen(&self, file: SourceFile, hir: &Hir, expr: ExprId) -> Option<Callable> {
        self.memoised(&self.types.chosen, (file, expr), || {
            let call = call_of(hir, expr)?;
            let all = self.callables(file, hir, call);
            self.choose(file, hir, call, all)
        })
    }

    /// What a call may call.
    pub(super) fn callables(&self, file: SourceFile, hir: &Hir, call: Call<'_>) -> Vec<Callable> {
        if let ExprKind::Super(scope) = hir.expr(call.callee).kind {
            return self.signatures(&self.super_value(file, hir, scope), true);
        }
        let callee = self.expr_type(file, hir, call.callee);
        self.signatures(&callee, call.construct)
    }

    /// What the type parameters of a call stand for, as far as the arguments before number `before` say.
    pub(super) fn inferred(
        &self,
        file: SourceFile,
        hir: &Hir,
        expr: ExprId,
        callable: &Callable,
        before: u32,
    ) -> Subst {
        self.memoised(&self.types.inferred, (file, expr, before), || {
            self.inferred_here(file, hir, expr, callable, before)
        })
    }

    fn inferred_here(
        &self,
        file: SourceFile,
        hir: &Hir,
        expr: ExprId,
        callable: &Callable,
        before: u32,
    ) -> Subst {
        let Some(call) = call_of(hir, expr) else {
            return Subst::default();
        };
        if callable.type_params.is_empty() {
            return Subst::default();
        }
        if !call.type_args.is_empty() {
            let written = call
                .type_args
                .iter()
                .map(|&it| self.written(file, it, &Subst::default()));
            return Subst::default().with(callable.type_params.iter().copied().zip(written));
        }
        let Some(signature) = &callable.signature else {
            return Subst::default();
        };
        let mut found: Vec<(Def, Ty)> = Vec::new();
        let wanted = &callable.type_params;
        self.infer_from_arguments(file, hir, (call, before), (signature, wanted), &mut found);
        // What is expected of the result fills what is left.
        if wanted
            .iter()
            .any(|it| !found.iter().any(|(def, _)| def == it))
        {
            let expected = self.expected_type(file, hir, expr);
            let result = || match &callable.instance {
                Some(instance) => instance.clone(),
                None => self.returned(signature),
            };
            if !expected.is_unknown() {
                let mut more = Vec::new();
                self.infer(&result(), &expected, wanted, &mut more);
                more.retain(|(def, _)| !found.iter().any(|(known, _)| known == def));
                found.extend(more);
            }
        }
        if let Some(&own) = call.args.get(before as usize) {
            let own = (own, before as usize);
            self.infer_from_own(file, hir, signature, own, wanted, &mut found);
        }
        let found = merged(found).into_iter();
        Subst::default().with(found.map(|(def, ty)| (def, self.widened_for(def, &ty))))
    }

    /// First the arguments that say their own type, then the functions before number `before`, which are told theirs,
    /// in order.
    fn infer_from_arguments(
        &self,
        file: SourceFile,
        hir: &Hir,
        (call, before): (Call<'_>, u32),
        (signature, wanted): (&super::Signature, &[Def]),
        found: &mut Vec<(Def, Ty)>,
    ) {
        for waits in [false, true] {
            for (at, &arg) in call.args.iter().enumerate() {
                // What is expected of an argument does not come from itself.
                if self.waits_for_context(hir, arg) != waits
                    || at as u32 == before
                    || (waits && at as u32 > before)
                    || matches!(hir.expr(arg).kind, ExprKind::Spread(_))
                {
                    continue;
                }
                let Some(param) = self.signature_parameter(signature, at) else {
                    continue;
                };
                if !mentions(&param, 6) {
                    continue;
                }
                let ty = self.expr_type(file, hir, arg);
                let mut more = Vec::new();
                self.infer(&param, &ty, wanted, &mut more);
                more.retain(|(def, _)| !waits || !found.iter().any(|(known, _)| known == def));
                found.extend(more);
            }
        }
    }

    /// What an object literal says by those of its members that wait for nothing, where nothing else does.
    fn infer_from_own(
        &self,
        file: SourceFile,
        hir: &Hir,
        signature: &super::Signature,
        (own, at): (ExprId, usize),
        wanted: &[Def],
        found: &mut Vec<(Def, Ty)>,
    ) {
        let ExprKind::Object { table, .. } = hir.expr(own).kind else {
            return;
        };
        if !self.waits_for_context(hir, own) {
            return;
        }
        let Some(param) = self.signature_parameter(signature, at) else {
            return;
        };
        let mut more = Vec::new();
        for &member in hir.members(table) {
            let DeclData::Property(None, Some(value)) = hir.first_decl(member).data else {
                continue;
            };
            if self.waits_for_context(hir, value) {
                continue;
            }
            let name = hir.name(hir.symbol(member).name);
            let pattern = self.type_of_member_named(&param, name);
            let given = self.expr_type(file, hir, value);
            self.infer(&pattern, &given, wanted, &mut more);
        }
        more.retain(|(def, _)| !found.iter().any(|(known, _)| known == def));
        found.extend(more);
    }

    /// A literal stays one where the type parameter is for literals.
    fn widened_for(&self, def: Def, ty: &Ty) -> Ty {
        let parameter = Ty::new(TyKind::Parameter(def));
        match self.constraint(&parameter) {
            Some(_) => ty.clone(),
            None => ty.widened(),
        }
    }

    /// Whether an argument is a function that is told the types of its parameters.
    fn waits_for_context(&self, hir: &Hir, arg: ExprId) -> bool {
        match &hir.expr(arg).kind {
            ExprKind::Function(function) => self.needs_context(hir, *function),
            ExprKind::Conditional(_, then, otherwise) => {
                self.waits_for_context(hir, *then) || self.waits_for_context(hir, *otherwise)
            }
            ExprKind::Object { table, .. } => hir.members(*table).iter().any(|&member| {
                let decl = hir.first_decl(member);
                match decl.data {
                    DeclData::Property(None, Some(value)) => {
                        matches!(hir.expr(value).kind, ExprKind::Function(it) if self.needs_context(hir, it))
                    }
                    DeclData::Function(it) => self.needs_context(hir, it),
                    _ => false,
                }
            }),
            // A call may be told what it returns, and so what its own arguments are.
            ExprKind::Call { args, .. } => args.iter().any(|&it| {
                matches!(hir.expr(it).kind, ExprKind::Function(it) if self.needs_context(hir, it))
            }),
            _ => false,
        }
    }

    /// The declaration that a call calls.
    pub(crate) fn called(
        &self,
        file: SourceFile,
        hir: &Hir,
        call: ExprId,
    ) -> Option<super::Signature> {
        self.chosen(file, hir, call)?.signature
    }

    /// What is expected of an argument.
    pub(super) fn expected_argument(
        &self,
        file: SourceFile,
        hir: &Hir,
        call: ExprId,
        at: usize,
    ) -> Ty {
        let Some(callable) = self.chosen(file, hir, call) else {
            return Ty::unknown();
        };
        let Some(signature) = &callable.signature else {
            return Ty::unknown();
        };
        let param = self
            .signature_parameter(signature, at)
            .unwrap_or_else(Ty::unknown);
        // What the other arguments are says nothing about it then, and may be much to work out.
        if !mentions(&param, 6) {
            return param;
        }
        let subst = self.inferred(file, hir, call, &callable, at as u32);
        self.signature_parameter(&signature.with(&subst), at)
            .unwrap_or_else(Ty::unknown)
    }

    /// What a call or `new` gives.
    pub(super) fn call_type(&self, file: SourceFile, hir: &Hir, expr: ExprId) -> Ty {
        let Some(callable) = self.chosen(file, hir, expr) else {
            return Ty::unknown();
        };
        let subst = self.inferred(file, hir, expr, &callable, u32::MAX);
        let subst = self.with_defaults(&callable, subst);
        if let Some(instance) = &callable.instance {
            return self.substituted(instance, &subst);
        }
        match &callable.signature {
            Some(signature) => {
                let mut signature = signature.with(&subst);
                if signature.subst.this.is_none()
                    && let Some(call) = call_of(hir, expr)
                    && let ExprKind::Member { object, .. } = hir.expr(call.callee).kind
                {
                    let object = self.expr_type(file, hir, object).non_null();
                    signature.subst = signature.subst.with_this(&object);
                }
                self.returned(&signature)
            }
            None => Ty::unknown(),
        }
    }

    /// What nothing was inferred for is its default, else its constraint.
    pub(super) fn with_defaults(&self, callable: &Callable, subst: Subst) -> Subst {
        let mut filled = subst;
        for &def in &callable.type_params {
            if filled.get(def).is_some() {
                continue;
            }
            let hir = self.hir(def.file);
            let DeclData::TypeParameter(constraint, default) = hir.first_decl(def.symbol).data
            else {
                continue;
            };
            let outer = callable.signature.as_ref().map(|it| it.subst.clone());
            let known = self.composed(&filled, &outer.unwrap_or_default());
            let ty = match default.or(constraint) {
                Some(ty) => self.written(def.file, ty, &known),
                None => Ty::unknown(),
            };
            filled = filled.with([(def, ty)]);
        }
        filled
    }
}

impl super::Signature {
    /// The signature where more type parameters are known.
    pub(crate) fn with(&self, more: &Subst) -> Self {
        Self {
            file: self.file,
            function: self.function,
            subst: self.subst.with(more.entries().iter().cloned()),
        }
    }
}

/// Whether a type may have a type parameter in it.
fn mentions(ty: &Ty, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return true;
    };
    match ty.kind() {
        TyKind::Unknown | TyKind::Primitive(_) | TyKind::Constant(_) | TyKind::Static(_) => false,
        TyKind::Instance { args, .. } | TyKind::Alias { args, .. } => {
            args.iter().any(|it| mentions(it, depth))
        }
        TyKind::Union(parts) | TyKind::Intersection(parts) => {
            parts.iter().any(|it| mentions(it, depth))
        }
        TyKind::Array { element, .. } => mentions(element, depth),
        _ => true,
    }
}
