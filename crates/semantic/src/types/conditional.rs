//! Conditional types: which branch, where that is plain to see.

use symphony_db::SourceFile;
use symphony_hir::{DeclKind, Hir, TypeId, TypeKind};

use super::{Constant, Primitive, Subst, Ty, TyKind};
use crate::semantics::{Def, Semantics};

impl Semantics<'_> {
    pub(super) fn conditional(&self, file: SourceFile, id: TypeId, subst: &Subst) -> Ty {
        let hir = self.hir(file);
        let TypeKind::Conditional {
            check,
            extends,
            then,
            otherwise,
        } = hir.ty(id).kind
        else {
            return Ty::unknown();
        };
        let checked = self.expanded(&self.written(file, check, subst));
        if let TyKind::Parameter(_) = checked.kind() {
            // Not known yet: both may be.
            let then = self.written(file, then, subst);
            return Ty::union([then, self.written(file, otherwise, subst)]);
        }
        let infers = self.infers(file, &hir, hir.ty(extends).range);
        // A naked type parameter is looked at part by part.
        let parameter = self.naked_parameter(file, &hir, check);
        let each = |part: &Ty| {
            let subst = match parameter {
                Some(def) => subst.with([(def, part.clone())]),
                None => subst.clone(),
            };
            let pattern = self.written(file, extends, &subst);
            let mut found = Vec::new();
            if !infers.is_empty() {
                self.infer(&pattern, part, &infers, &mut found);
            }
            let holds = if infers.is_empty() {
                self.extends(part, &pattern)
            } else if found.is_empty() {
                self.extends(part, &pattern).filter(|holds| !holds)
            } else {
                Some(true)
            };
            let inferred = subst.with(merged(found));
            match holds {
                Some(true) => self.written(file, then, &inferred),
                Some(false) => self.written(file, otherwise, &subst),
                None => Ty::union([
                    self.written(file, then, &inferred),
                    self.written(file, otherwise, &subst),
                ]),
            }
        };
        if parameter.is_some() {
            let parts: Vec<Ty> = checked.parts().iter().map(each).collect();
            if parts.iter().all(|it| it.is_nothing()) {
                return Ty::primitive(Primitive::Never);
            }
            Ty::union(parts)
        } else {
            each(&checked)
        }
    }

    fn naked_parameter(&self, file: SourceFile, hir: &Hir, check: TypeId) -> Option<Def> {
        let TypeKind::Reference { name, args } = &hir.ty(check).kind else {
            return None;
        };
        if !args.is_empty() {
            return None;
        }
        let def = self.named(file, hir, *name).first()?.def()?;
        let decl = self.hir(def.file).first_decl(def.symbol).kind;
        (decl == DeclKind::TypeParameter).then_some(def)
    }

    /// The `infer T` within a place.
    fn infers(&self, file: SourceFile, hir: &Hir, range: symphony_text::TextRange) -> Vec<Def> {
        let mut found = Vec::new();
        for (_, token) in hir.tokens_in(range) {
            if let symphony_hir::TokenKind::Decl(decl) = token.kind
                && hir.decl(decl).kind == DeclKind::TypeParameter
            {
                let symbol = hir.decl(decl).symbol;
                let def = Def { file, symbol };
                if !found.contains(&def) {
                    found.push(def);
                }
            }
        }
        found
    }

    /// Whether one type is assignable to another, where that is plain to see.
    pub(crate) fn extends(&self, ty: &Ty, to: &Ty) -> Option<bool> {
        self.deeper(|| self.extends_here(&self.expanded(ty), &self.expanded(to)))
            .flatten()
    }

    fn extends_here(&self, ty: &Ty, to: &Ty) -> Option<bool> {
        if ty.same(to) {
            return Some(true);
        }
        match (ty.kind(), to.kind()) {
            (TyKind::Unknown | TyKind::Parameter(_), _) => None,
            (_, TyKind::Unknown | TyKind::Primitive(Primitive::Unknown)) => Some(true),
            (TyKind::Primitive(Primitive::Unknown), TyKind::Shape { .. }) => Some(false),
            (_, TyKind::Parameter(_)) => None,
            (TyKind::Primitive(Primitive::Never), _) => Some(true),
            (TyKind::Union(parts), _) => all(parts.iter().map(|part| self.extends(part, to))),
            (_, TyKind::Union(parts)) => any(parts.iter().map(|part| self.extends(ty, part))),
            (_, TyKind::Intersection(parts)) => {
                all(parts.iter().map(|part| self.extends(ty, part)))
            }
            (TyKind::Constant(_) | TyKind::Primitive(_), TyKind::Primitive(_)) => {
                Some(ty.widened().same(to))
            }
            (TyKind::Primitive(_) | TyKind::Constant(_), TyKind::Constant(_)) => Some(false),
            (TyKind::Constant(Constant::Member(member)), TyKind::Instance { .. }) => {
                Some(self.enum_of_member(*member).same(to))
            }
            (TyKind::Primitive(_) | TyKind::Constant(_), TyKind::Shape { .. }) => {
                let names = self.member_names(to);
                if names.is_empty() {
                    Some(!ty.is_nothing())
                } else {
                    None
                }
            }
            (TyKind::Primitive(_) | TyKind::Constant(_), _) => Some(false),
            (
                _,
                TyKind::Constant(Constant::Boolean(_) | Constant::Number(_) | Constant::String(_)),
            ) => Some(false),
            (TyKind::Intersection(parts), _) => any(parts.iter().map(|it| self.extends(it, to))),
            (TyKind::Instance { defs, .. }, TyKind::Primitive(_)) => {
                let is_enum = defs
                    .iter()
                    .any(|def| self.hir(def.file).first_decl(def.symbol).kind == DeclKind::Enum);
                if is_enum { None } else { Some(is_object(to)) }
            }
            (_, TyKind::Primitive(_)) => Some(is_object(to)),
            (TyKind::Functions(_), TyKind::Functions(_)) => Some(true),
            (TyKind::Static(_), TyKind::Functions(_)) => {
                Some(!self.signatures(ty, false).is_empty())
            }
            (TyKind::Array { .. } | TyKind::Tuple { .. }, TyKind::Array { element: to, .. }) => {
                self.extends(&self.iterated(ty), to)
            }
            (_, TyKind::Array { .. } | TyKind::Tuple { .. }) => match ty.kind() {
                TyKind::Tuple { .. } => None,
                _ => Some(false),
            },
            (TyKind::Instance { .. }, TyKind::Instance { defs, .. }) => {
                let is = |base: &Ty| matches!(base.kind(), TyKind::Instance { defs: own, .. } if own == defs);
                if self.with_bases(ty).iter().any(is) {
                    return Some(true);
                }
                self.has_members_of(ty, to)
            }
            (_, TyKind::Functions(_)) => Some(!self.signatures(ty, false).is_empty()),
            (_, TyKind::Shape { .. } | TyKind::Instance { .. } | TyKind::Object { .. }) => {
                self.has_members_of(ty, to)
            }
            _ => None,
        }
    }

    /// Whether something has all members that a type requires.
    fn has_members_of(&self, ty: &Ty, to: &Ty) -> Option<bool> {
        let required = self.required_names(to);
        if required.len() > 40 {
            return None;
        }
        let each = required.iter().map(|name| {
            if self.lookup(ty, name).is_empty() {
                return Some(false);
            }
            let own = self.type_of_member_named(ty, name);
            self.extends(&own, &self.type_of_member_named(to, name))
        });
        all(each)
    }
}

fn is_object(ty: &Ty) -> bool {
    matches!(ty.kind(), TyKind::Primitive(Primitive::Object))
}

fn all(each: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for one in each {
        match one {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = None,
        }
    }
    known
}

fn any(each: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(false);
    for one in each {
        match one {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = None,
        }
    }
    known
}

/// One type for each type parameter.
pub(super) fn merged(found: Vec<(Def, Ty)>) -> Vec<(Def, Ty)> {
    let mut all: Vec<(Def, Vec<Ty>)> = Vec::new();
    for (def, ty) in found {
        match all.iter_mut().find(|(known, _)| *known == def) {
            Some((_, parts)) => parts.push(ty),
            None => all.push((def, vec![ty])),
        }
    }
    all.into_iter()
        .map(|(def, parts)| (def, Ty::union(parts)))
        .collect()
}
