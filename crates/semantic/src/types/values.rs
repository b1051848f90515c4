//! The types of what is declared: variables, functions, members.

use symphony_db::SourceFile;
use symphony_hir::{
    Class, DeclData, DeclFlags, DeclId, DeclKind, ExprKind, FunctionId, FunctionKind, Hir, Home,
};

use super::{Constant, Signature, Subst, Ty, TyKind};
use crate::members::Member;
use crate::semantics::{Def, Semantics, Target, Targets};

impl Semantics<'_> {
    /// The type of what a name stands for as a value.
    pub(crate) fn value_type(&self, targets: &Targets) -> Ty {
        let each = targets.iter().map(|&target| match target {
            Target::Module(_) | Target::Ambient(..) => Ty::new(TyKind::Static(target)),
            Target::Symbol(def) => self.type_of_symbol(def),
        });
        let mut known = Vec::new();
        for ty in each {
            // A variable that several files of the library declare alike.
            if !known.iter().any(|it: &Ty| it.same(&ty)) {
                known.push(ty);
            }
        }
        Ty::intersection(known)
    }

    fn type_of_symbol(&self, def: Def) -> Ty {
        let hir = self.hir(def.file);
        let mut parts = Vec::new();
        let mut is_static = false;
        for &decl in &hir.symbol(def.symbol).decls {
            match hir.decl(decl).data {
                DeclData::Binding(pattern) => parts.push(self.pattern_type(def.file, pattern)),
                DeclData::Class(_) | DeclData::Enum(_) | DeclData::Namespace(_) => is_static = true,
                DeclData::Function(_) if hir.decl(decl).kind == DeclKind::Function => {
                    is_static = true;
                }
                DeclData::Expression(expr) => parts.push(self.expr_type(def.file, &hir, expr)),
                DeclData::Property(..) | DeclData::Function(_) | DeclData::ParameterProperty(_) => {
                    return self.type_of_member(&Member::plain(Target::Symbol(def)));
                }
                _ => {}
            }
            if parts.len() > 4 {
                break;
            }
        }
        if is_static {
            parts.push(Ty::new(TyKind::Static(Target::Symbol(def))));
        }
        match parts.len() {
            1 => parts.swap_remove(0),
            _ => Ty::intersection(parts),
        }
    }

    /// The type of a member that was found.
    pub(crate) fn type_of_member(&self, member: &Member) -> Ty {
        if let Some(ty) = &member.ty {
            return ty.clone();
        }
        let Some(def) = member.target.and_then(Target::def) else {
            return match member.target {
                Some(target) => Ty::new(TyKind::Static(target)),
                None => Ty::unknown(),
            };
        };
        let hir = self.hir(def.file);
        if !matches!(hir.symbol(def.symbol).home, Home::Table(_)) {
            let followed = self.follow(Target::Symbol(def));
            let ty = self.value_type(&followed);
            return self.substituted(&ty, &member.subst);
        }
        self.deeper(|| self.type_of_table_member(def, &hir, &member.subst))
            .unwrap_or_else(Ty::unknown)
    }

    fn type_of_table_member(&self, def: Def, hir: &Hir, subst: &Subst) -> Ty {
        let decls = &hir.symbol(def.symbol).decls;
        if decls.len() > 1 && hir.is_javascript {
            let assigned = self.type_of_assigned(def, hir, subst);
            if !assigned.is_unknown() {
                return assigned;
            }
        }
        let mut signatures = Vec::new();
        for &decl in decls {
            let known = hir.decl(decl);
            match known.data {
                DeclData::Property(..) if known.kind == DeclKind::EnumMember => {
                    return Ty::new(TyKind::Constant(Constant::Member(def)));
                }
                DeclData::Property(Some(ty), _) => return self.written(def.file, ty, subst),
                DeclData::Property(None, Some(value)) => {
                    let mut ty = self.expr_type(def.file, hir, value);
                    let is_const = matches!(hir.expr(value).kind, ExprKind::AsConst(_));
                    if !is_const && !known.flags.has(DeclFlags::READONLY) {
                        ty = ty.widened();
                    }
                    return self.substituted(&ty, subst);
                }
                DeclData::ParameterProperty(pattern) => {
                    let ty = self.pattern_type(def.file, pattern);
                    return self.substituted(&ty, subst);
                }
                DeclData::Function(function) => {
                    let kind = hir.function(function).kind;
                    if kind == FunctionKind::Getter {
                        let own = Signature {
                            file: def.file,
                            function,
                            subst: subst.clone(),
                        };
                        return self.returned(&own);
                    }
                    if kind == FunctionKind::Setter {
                        if decls.len() == 1 {
                            return self.type_of_setter(def.file, hir, function, subst);
                        }
                        continue;
                    }
                    signatures.push((decl, function));
                }
                _ => {}
            }
        }
        self.functions(def.file, hir, &signatures, subst)
    }

    /// What several assignments to a property say: what one of them annotates, else all that is assigned.
    fn type_of_assigned(&self, def: Def, hir: &Hir, subst: &Subst) -> Ty {
        let decls = hir.symbol(def.symbol).decls.iter();
        let mut values = Vec::new();
        for &decl in decls {
            match hir.decl(decl).data {
                DeclData::Property(Some(ty), _) => return self.written(def.file, ty, subst),
                DeclData::Property(None, Some(value)) if values.len() < 8 => values.push(value),
                DeclData::Property(..) => {}
                _ => return Ty::unknown(),
            }
        }
        let each = values
            .into_iter()
            .map(|it| self.expr_type(def.file, hir, it).widened());
        self.substituted(&Ty::union(each), subst)
    }

    fn type_of_setter(
        &self,
        file: SourceFile,
        hir: &Hir,
        function: FunctionId,
        subst: &Subst,
    ) -> Ty {
        match hir.function(function).params.first() {
            Some(param) => {
                let ty = self.pattern_type(file, param.pattern);
                self.substituted(&ty, subst)
            }
            None => Ty::unknown(),
        }
    }

    /// The type of a function from its declarations: without the implementation if there are overloads.
    fn functions(
        &self,
        file: SourceFile,
        hir: &Hir,
        all: &[(DeclId, FunctionId)],
        subst: &Subst,
    ) -> Ty {
        let signatures: Box<[Signature]> = visible(hir, all)
            .map(|function| Signature {
                file,
                function,
                subst: subst.clone(),
            })
            .collect();
        if signatures.is_empty() {
            return Ty::unknown();
        }
        Ty::new(TyKind::Functions(signatures))
    }

    /// The signatures that a function's symbol declares.
    pub(crate) fn declared_signatures(&self, def: Def) -> Vec<Signature> {
        let hir = self.hir(def.file);
        let decls = hir.symbol(def.symbol).decls.iter();
        let all: Vec<(DeclId, FunctionId)> = decls
            .filter_map(|&decl| match hir.decl(decl).data {
                DeclData::Function(function) => Some((decl, function)),
                _ => None,
            })
            .collect();
        visible(&hir, &all)
            .map(|function| Signature {
                file: def.file,
                function,
                subst: Subst::default(),
            })
            .collect()
    }

    /// The class that a symbol declares.
    pub(crate) fn class_of<'a>(&self, hir: &'a Hir, def: Def) -> Option<&'a Class> {
        hir.symbol(def.symbol).decls.iter().find_map(|&decl| {
            match hir.decl(decl).data {
                DeclData::Class(class) => Some(hir.class(class)),
                // `const A = class { }`.
                DeclData::Binding(pattern) => match hir.pattern(pattern).source {
                    symphony_hir::PatternSource::Variable(None, Some(init)) => {
                        match hir.expr(init).kind {
                            ExprKind::Class(class) => Some(hir.class(class)),
                            _ => None,
                        }
                    }
                    _ => None,
                },
                _ => None,
            }
        })
    }
}

/// The signatures that callers see: not the implementation of overloads.
fn visible<'a>(
    hir: &'a Hir,
    all: &'a [(DeclId, FunctionId)],
) -> impl Iterator<Item = FunctionId> + 'a {
    let has_body = |function: FunctionId| hir.function(function).body.is_some();
    let overloaded = all.len() > 1 && all.iter().any(|(_, it)| !has_body(*it));
    all.iter()
        .map(|(_, function)| *function)
        .filter(move |&it| !overloaded || !has_body(it))
}
