//! Looking into a type that says only what it is made of: aliases, `A[B]`, `keyof`, bases, constraints.

use smallvec::SmallVec;
use symphony_db::SourceFile;
use symphony_hir::{ClassId, DeclData, DeclId, Hir, TypeId, TypeKind};
use symphony_text::TextRange;

use super::written::{params_as, type_params};
use super::{Constant, Primitive, Subst, Ty, TyKind};
use crate::semantics::{Def, Semantics};

impl Semantics<'_> {
    /// A type that is none of an alias, a conditional, `A[B]` or `keyof`.
    pub(crate) fn expanded(&self, ty: &Ty) -> Ty {
        match ty.kind() {
            TyKind::Alias { .. }
            | TyKind::Conditional { .. }
            | TyKind::Indexed(..)
            | TyKind::Keyof(_) => self
                .deeper(|| self.expanded(&self.expanded_once(ty)))
                .unwrap_or_else(Ty::unknown),
            TyKind::Union(parts) if parts.iter().any(needs_expanding) => self
                .deeper(|| Ty::union(parts.iter().map(|it| self.expanded(it))))
                .unwrap_or_else(Ty::unknown),
            _ => ty.clone(),
        }
    }

    fn expanded_once(&self, ty: &Ty) -> Ty {
        match ty.kind() {
            TyKind::Alias { def, args } => self.alias_body(*def, args),
            TyKind::Conditional { file, ty, subst } => self.conditional(*file, *ty, subst),
            TyKind::Indexed(of, index) => self.indexed(of, index),
            TyKind::Keyof(of) => self.keys(of),
            _ => ty.clone(),
        }
    }

    fn alias_body(&self, def: Def, args: &[Ty]) -> Ty {
        let hir = self.hir(def.file);
        for &decl in &hir.symbol(def.symbol).decls {
            if let DeclData::Alias(body) = hir.decl(decl).data {
                let params = self.alias_params(&hir, decl);
                let subst = Subst::default().with(params_as(def.file, &hir, &params, args));
                return self.written(def.file, body, &subst);
            }
        }
        Ty::unknown()
    }

    /// `A[B]`.
    pub(crate) fn indexed(&self, of: &Ty, index: &Ty) -> Ty {
        let index = self.expanded(index);
        let parts = index.parts().iter();
        Ty::union(parts.map(|part| match part.kind() {
            TyKind::Constant(Constant::String(name)) => self.type_of_member_named(of, name),
            TyKind::Constant(Constant::Number(at)) => match at.parse() {
                Ok(at) => self.element(of, at),
                Err(_) => Ty::unknown(),
            },
            TyKind::Primitive(Primitive::Number) => {
                let known = self.iterated(of);
                if known.is_unknown() {
                    self.index_signature(of)
                } else {
                    known
                }
            }
            TyKind::Primitive(Primitive::String | Primitive::Symbol) => self.index_signature(of),
            TyKind::Parameter(_) => match self.constraint(part) {
                Some(constraint) if !matches!(constraint.kind(), TyKind::Parameter(_)) => {
                    self.indexed(of, &constraint)
                }
                _ => Ty::unknown(),
            },
            _ => Ty::unknown(),
        }))
    }

    /// The element at a place of an array or tuple.
    pub(crate) fn element(&self, of: &Ty, at: usize) -> Ty {
        let of = self.expanded(of);
        match of.kind() {
            TyKind::Tuple { elements, .. } => match elements.get(at) {
                Some(element) if !element.rest => element.ty.clone(),
                _ => match elements.iter().find(|it| it.rest) {
                    Some(rest) => self.iterated(&rest.ty),
                    None => Ty::unknown(),
                },
            },
            TyKind::Union(parts) => Ty::union(parts.iter().map(|it| self.element(it, at))),
            TyKind::Parameter(_) => match self.constraint(&of) {
                Some(constraint) => self
                    .deeper(|| self.element(&constraint, at))
                    .unwrap_or_else(Ty::unknown),
                None => Ty::unknown(),
            },
            _ => {
                let known = self.iterated(&of);
                if known.is_unknown() {
                    self.index_signature(&of)
                } else {
                    known
                }
            }
        }
    }

    /// What an index signature says.
    pub(crate) fn index_signature(&self, of: &Ty) -> Ty {
        self.deeper(|| self.index_signature_here(&self.expanded(of)))
            .unwrap_or_else(Ty::unknown)
    }

    fn index_signature_here(&self, of: &Ty) -> Ty {
        match of.kind() {
            TyKind::Shape { file, shape, subst } => {
                let hir = self.hir(*file);
                match hir.shape(*shape).indexes.first() {
                    Some(&ty) => self.written(*file, ty, subst),
                    None => Ty::unknown(),
                }
            }
            TyKind::Mapped { file, ty, subst } => {
                let hir = self.hir(*file);
                match hir.ty(*ty).kind {
                    TypeKind::Mapped {
                        value: Some(value), ..
                    } => self.written(*file, value, subst),
                    _ => Ty::unknown(),
                }
            }
            TyKind::Union(parts) => Ty::union(parts.iter().map(|it| self.index_signature(it))),
            TyKind::Intersection(parts) => {
                let mut known = parts.iter().map(|it| self.index_signature(it));
                known
                    .find(|it| !it.is_unknown())
                    .unwrap_or_else(Ty::unknown)
            }
            TyKind::Parameter(_) => self
                .constraint(of)
                .map_or_else(Ty::unknown, |it| self.index_signature(&it)),
            TyKind::Array { element, .. } => element.clone(),
            TyKind::Instance { .. } => {
                for base in self.with_bases(of) {
                    let known = self.own_index_signature(&base);
                    if !known.is_unknown() {
                        return known;
                    }
                }
                Ty::unknown()
            }
            _ => Ty::unknown(),
        }
    }

    fn own_index_signature(&self, of: &Ty) -> Ty {
        let TyKind::Instance { args, .. } = of.kind() else {
            return self.index_signature(of);
        };
        let Some(&(def, decl, ty)) = self.declared_indexes(of).first() else {
            return Ty::unknown();
        };
        let hir = self.hir(def.file);
        let params = type_params(&hir, decl);
        let subst = Subst::default().with(params_as(def.file, &hir, &params, args));
        self.written(def.file, ty, &subst)
    }

    /// The index signatures in the declarations of a class or interface.
    fn declared_indexes(&self, of: &Ty) -> Vec<(Def, DeclId, TypeId)> {
        let mut found = Vec::new();
        let TyKind::Instance { defs, .. } = of.kind() else {
            return found;
        };
        for &def in defs {
            let hir = self.hir(def.file);
            for &decl in &hir.symbol(def.symbol).decls {
                let indexes = match hir.decl(decl).data {
                    DeclData::Class(class) => &hir.class(class).indexes,
                    DeclData::Interface(shape) => &hir.shape(shape).indexes,
                    _ => continue,
                };
                found.extend(indexes.iter().map(|&ty| (def, decl, ty)));
            }
        }
        found
    }

    /// Where the index signatures of a type are written.
    pub(crate) fn index_places(&self, of: &Ty) -> Vec<(SourceFile, TextRange)> {
        let mut found = Vec::new();
        for part in self.expanded(of).non_null().parts() {
            match part.kind() {
                TyKind::Shape { file, shape, .. } => {
                    let hir = self.hir(*file);
                    let all = hir.shape(*shape).indexes.iter();
                    found.extend(all.map(|&ty| (*file, hir.ty(ty).range)));
                }
                TyKind::Instance { .. } => {
                    for base in self.with_bases(part) {
                        for (def, _, ty) in self.declared_indexes(&base) {
                            found.push((def.file, self.hir(def.file).ty(ty).range));
                        }
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// `keyof A`: the names as literals.
    fn keys(&self, of: &Ty) -> Ty {
        let of = self.expanded(of);
        if let TyKind::Parameter(_) = of.kind() {
            return match self.constraint(&of) {
                Some(constraint) => self.keys(&constraint),
                None => Ty::primitive(Primitive::String),
            };
        }
        let names = self.member_names(&of);
        if names.is_empty() {
            return Ty::primitive(Primitive::String);
        }
        Ty::union(names.into_iter().map(Ty::string))
    }

    /// What a type parameter extends.
    pub(crate) fn constraint(&self, ty: &Ty) -> Option<Ty> {
        let TyKind::Parameter(def) = ty.kind() else {
            return None;
        };
        let hir = self.hir(def.file);
        match hir.first_decl(def.symbol).data {
            DeclData::TypeParameter(Some(constraint), _) => {
                let constraint = self.written(def.file, constraint, &Subst::default());
                (!constraint.same(ty)).then_some(constraint)
            }
            _ => None,
        }
    }

    /// What a class or interface extends, directly.
    pub(crate) fn base_types(&self, ty: &Ty) -> SmallVec<[Ty; 2]> {
        let mut bases = SmallVec::new();
        let TyKind::Instance { defs, args } = ty.kind() else {
            return bases;
        };
        for &def in defs {
            let hir = self.hir(def.file);
            for &decl in &hir.symbol(def.symbol).decls {
                let params = type_params(&hir, decl);
                let subst = Subst::default().with(params_as(def.file, &hir, &params, args));
                match hir.decl(decl).data {
                    DeclData::Class(class) => {
                        bases.extend(self.base_of_class(def.file, &hir, class, &subst));
                    }
                    DeclData::Interface(shape) => {
                        for &base in &hir.shape(shape).extends {
                            bases.push(self.written(def.file, base, &subst));
                        }
                    }
                    _ => {}
                }
            }
        }
        bases.retain(|it| !it.is_unknown());
        bases
    }

    /// The type of the instances of what a class extends.
    pub(crate) fn base_of_class(
        &self,
        file: SourceFile,
        hir: &Hir,
        class: ClassId,
        subst: &Subst,
    ) -> Option<Ty> {
        let (base, args) = hir.class(class).extends.as_ref()?;
        let args: Vec<Ty> = args
            .iter()
            .map(|&it| self.written(file, it, subst))
            .collect();
        let targets = self.named(file, hir, *base);
        let is_class = |target: &crate::Target| {
            target.def().is_some_and(|def| {
                let hir = self.hir(def.file);
                hir.symbol(def.symbol)
                    .decls
                    .iter()
                    .any(|&it| matches!(hir.decl(it).data, DeclData::Class(_)))
            })
        };
        if targets.iter().any(is_class) {
            let named = self.type_of_targets(&targets, args, subst);
            return Some(named);
        }
        let value = self.expr_type(file, hir, *base);
        self.constructed(&value, &args)
    }
}

fn needs_expanding(ty: &Ty) -> bool {
    matches!(
        ty.kind(),
        TyKind::Alias { .. } | TyKind::Conditional { .. } | TyKind::Indexed(..) | TyKind::Keyof(_)
    )
}
