//! Members of mapped types: those of the type that is mapped, or its keys.

use symphony_hir::TypeKind;

use super::lookup::{Asked, Collected, Member};
use crate::semantics::{Def, Semantics};
use crate::types::{Constant, Subst, Ty, TyKind};

impl Semantics<'_> {
    /// `T` of `{ [K in keyof T]: ... }`, and of `{ [K in P]: T[K] }`.
    pub(crate) fn mapped_source(&self, of: &Ty) -> Option<Ty> {
        let TyKind::Mapped { file, ty, subst } = of.kind() else {
            return None;
        };
        let hir = self.hir(*file);
        let TypeKind::Mapped {
            constraint, value, ..
        } = hir.ty(*ty).kind
        else {
            return None;
        };
        if let TypeKind::Keyof(source) = hir.ty(constraint).kind {
            return Some(self.written(*file, source, subst));
        }
        // `{ [P in K]: T[P] }` with `K extends keyof T`.
        if let Some(TypeKind::Indexed(source, _)) = value.map(|it| &hir.ty(it).kind) {
            return Some(self.written(*file, *source, subst));
        }
        // `K extends keyof T` that is written as a type parameter.
        let keys = self.written(*file, constraint, subst);
        match keys.kind() {
            TyKind::Keyof(source) => Some(source.clone()),
            _ => None,
        }
    }

    pub(super) fn collect_mapped(&self, of: &Ty, asked: Asked<'_>, out: &mut Collected) {
        let TyKind::Mapped { file, ty, subst } = of.kind() else {
            return;
        };
        let hir = self.hir(*file);
        let TypeKind::Mapped {
            key,
            constraint,
            value,
            name: renamed,
        } = hir.ty(*ty).kind
        else {
            return;
        };
        let key = Def {
            file: *file,
            symbol: hir.decl(key).symbol,
        };
        let value_for = |name: &str| {
            let subst = subst.with([(key, Ty::string(name))]);
            value.map_or_else(Ty::unknown, |it| self.written(*file, it, &subst))
        };
        let keys = self.expanded(&self.written(*file, constraint, subst));
        let source = self.mapped_source(of);
        if renamed.is_some() {
            // Names that are made of others have declarations only where they are the same.
            return;
        }
        if let Some(source) = source {
            let mut own = Vec::new();
            self.collect(&source, &source, asked, &mut own);
            for (name, mut member) in own {
                if !has_key(&keys, &name) {
                    continue;
                }
                member.ty = Some(value_for(&name));
                out.push((name, member));
            }
            return;
        }
        for part in keys.parts() {
            if let TyKind::Constant(Constant::String(name)) = part.kind() {
                let wanted = match asked {
                    Asked::One(asked) => asked == name,
                    Asked::All => true,
                };
                if wanted {
                    let member = Member {
                        target: None,
                        subst: Subst::default(),
                        ty: Some(value_for(name)),
                    };
                    out.push((name.clone(), member));
                }
            }
        }
    }
}

/// Whether a name is among keys; those that are not known may have it.
fn has_key(keys: &Ty, name: &str) -> bool {
    let parts = keys.parts();
    let is_text = |it: &Ty| matches!(it.kind(), TyKind::Constant(Constant::String(_)));
    if !parts.iter().all(is_text) {
        return true;
    }
    parts
        .iter()
        .any(|it| matches!(it.kind(), TyKind::Constant(Constant::String(text)) if text == name))
}
