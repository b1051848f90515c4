//! Putting types in the place of type parameters, in types that are made already.

use super::{Element, Signature, Subst, Ty, TyKind};
use crate::semantics::Semantics;

impl Semantics<'_> {
    /// `ty` where type parameters stand for what `subst` says.
    pub(crate) fn substituted(&self, ty: &Ty, subst: &Subst) -> Ty {
        if subst.is_empty() || ty.is_plain() {
            return ty.clone();
        }
        self.deeper(|| self.substituted_here(ty, subst))
            .unwrap_or_else(Ty::unknown)
    }

    fn substituted_here(&self, ty: &Ty, subst: &Subst) -> Ty {
        let one = |ty: &Ty| self.substituted(ty, subst);
        let all = |tys: &[Ty]| -> Box<[Ty]> { tys.iter().map(one).collect() };
        match ty.kind() {
            TyKind::Unknown | TyKind::Primitive(_) | TyKind::Constant(_) | TyKind::Static(_) => {
                ty.clone()
            }
            TyKind::Parameter(def) => subst.get(*def).cloned().unwrap_or_else(|| ty.clone()),
            TyKind::Instance { args, .. } | TyKind::Alias { args, .. } if args.is_empty() => {
                ty.clone()
            }
            TyKind::Instance { defs, args } => Ty::new(TyKind::Instance {
                defs: defs.clone(),
                args: all(args),
            }),
            TyKind::Alias { def, args } => Ty::new(TyKind::Alias {
                def: *def,
                args: all(args),
            }),
            TyKind::Functions(signatures) => Ty::new(TyKind::Functions(
                signatures
                    .iter()
                    .map(|it| Signature {
                        file: it.file,
                        function: it.function,
                        subst: self.composed(&it.subst, subst),
                    })
                    .collect(),
            )),
            TyKind::Object {
                file,
                expr,
                subst: own,
            } => Ty::new(TyKind::Object {
                file: *file,
                expr: *expr,
                subst: self.composed(own, subst),
            }),
            TyKind::Shape {
                file,
                shape,
                subst: own,
            } => Ty::new(TyKind::Shape {
                file: *file,
                shape: *shape,
                subst: self.composed(own, subst),
            }),
            TyKind::Mapped {
                file,
                ty,
                subst: own,
            } => Ty::new(TyKind::Mapped {
                file: *file,
                ty: *ty,
                subst: self.composed(own, subst),
            }),
            TyKind::Conditional {
                file,
                ty,
                subst: own,
            } => Ty::new(TyKind::Conditional {
                file: *file,
                ty: *ty,
                subst: self.composed(own, subst),
            }),
            TyKind::Array { element, readonly } => Ty::new(TyKind::Array {
                element: one(element),
                readonly: *readonly,
            }),
            TyKind::Tuple { elements, readonly } => Ty::new(TyKind::Tuple {
                elements: elements
                    .iter()
                    .map(|it| Element {
                        ty: one(&it.ty),
                        rest: it.rest,
                    })
                    .collect(),
                readonly: *readonly,
            }),
            TyKind::Union(parts) => Ty::union(parts.iter().map(one)),
            TyKind::Intersection(parts) => Ty::intersection(parts.iter().map(one)),
            TyKind::Indexed(of, index) => Ty::new(TyKind::Indexed(one(of), one(index))),
            TyKind::Keyof(of) => Ty::new(TyKind::Keyof(one(of))),
        }
    }

    /// First `inner`, then `outer`.
    pub(crate) fn composed(&self, inner: &Subst, outer: &Subst) -> Subst {
        let replaced = inner
            .entries()
            .iter()
            .map(|(def, ty)| (*def, self.substituted(ty, outer)));
        let mut both = outer.with(replaced.collect::<Vec<_>>());
        both.this = match &inner.this {
            Some(this) => Some(self.substituted(this, outer)),
            None => outer.this.clone(),
        };
        both
    }
}
