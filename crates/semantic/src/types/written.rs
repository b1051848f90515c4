//! From a type as it is written to a [`Ty`].

use symphony_db::SourceFile;
use symphony_hir::{
    DeclData, DeclId, DeclKind, ExprId, ExprKind, Hir, Home, Keyword, Literal, ScopeId, ScopeKind,
    TypeId, TypeKind,
};

use super::{Constant, Defs, Element, Primitive, Signature, Subst, Ty, TyKind};
use crate::semantics::{Def, Semantics, Target, Targets};

impl Semantics<'_> {
    /// What a written type is, where type parameters stand for what `subst` says.
    pub(crate) fn written(&self, file: SourceFile, ty: TypeId, subst: &Subst) -> Ty {
        if !subst.is_empty() {
            return self
                .deeper(|| self.written_here(file, ty, subst))
                .unwrap_or_else(Ty::unknown);
        }
        if let Some(known) = self.types.written.borrow().get(&(file, ty)) {
            return known.clone();
        }
        let computed = self.deeper(|| self.written_here(file, ty, subst));
        match computed {
            Some(computed) => {
                if !self.types.cut.get() {
                    let mut memo = self.types.written.borrow_mut();
                    memo.insert((file, ty), computed.clone());
                }
                computed
            }
            None => Ty::unknown(),
        }
    }

    fn written_here(&self, file: SourceFile, id: TypeId, subst: &Subst) -> Ty {
        let hir = self.hir(file);
        let written = |ty: TypeId| self.written(file, ty, subst);
        match &hir.ty(id).kind {
            TypeKind::Missing => Ty::unknown(),
            TypeKind::Keyword(word) => keyword(*word),
            TypeKind::Reference { name, args } => self.reference(file, &hir, *name, args, subst),
            TypeKind::Query(name, _) => self.expr_type(file, &hir, *name),
            TypeKind::Literal(literal) => self.constant(&hir, literal),
            TypeKind::Template(_) => Ty::primitive(Primitive::String),
            TypeKind::Union(parts) => Ty::union(parts.iter().map(|&it| written(it))),
            TypeKind::Intersection(parts) => Ty::intersection(parts.iter().map(|&it| written(it))),
            TypeKind::Array(element) => Ty::array(written(*element)),
            TypeKind::Tuple(elements) => Ty::new(TyKind::Tuple {
                elements: elements
                    .iter()
                    .map(|it| Element {
                        ty: written(it.ty),
                        rest: it.rest,
                    })
                    .collect(),
                readonly: false,
            }),
            TypeKind::Function(function) => Ty::new(TyKind::Functions(Box::new([Signature {
                file,
                function: *function,
                subst: subst.clone(),
            }]))),
            TypeKind::Object(shape) => Ty::new(TyKind::Shape {
                file,
                shape: *shape,
                subst: subst.clone(),
            }),
            TypeKind::Indexed(of, index) => Ty::new(TyKind::Indexed(written(*of), written(*index))),
            TypeKind::Keyof(of) => Ty::new(TyKind::Keyof(written(*of))),
            TypeKind::Readonly(of) => readonly(&written(*of)),
            TypeKind::Unique => Ty::primitive(Primitive::Symbol),
            TypeKind::Conditional { .. } => Ty::new(TyKind::Conditional {
                file,
                ty: id,
                subst: subst.clone(),
            }),
            TypeKind::Mapped { .. } => Ty::new(TyKind::Mapped {
                file,
                ty: id,
                subst: subst.clone(),
            }),
            TypeKind::Infer(decl) => {
                let def = Def {
                    file,
                    symbol: hir.decl(*decl).symbol,
                };
                subst
                    .get(def)
                    .cloned()
                    .unwrap_or_else(|| Ty::new(TyKind::Parameter(def)))
            }
            TypeKind::Predicate(_) => Ty::primitive(Primitive::Boolean),
            TypeKind::This(scope) => match &subst.this {
                Some(this) => this.clone(),
                None => self.this_in_type(file, &hir, *scope),
            },
        }
    }

    /// `this` in a type: the class or interface around it.
    fn this_in_type(&self, file: SourceFile, hir: &Hir, scope: ScopeId) -> Ty {
        for scope in hir.scopes_around(scope) {
            let around = hir.scope(scope);
            if let (ScopeKind::Class | ScopeKind::Type, Some(owner)) = (around.kind, around.owner)
                && matches!(
                    hir.decl(owner).data,
                    DeclData::Class(_) | DeclData::Interface(_)
                )
            {
                let symbol = hir.decl(owner).symbol;
                return self.own_instance(Def { file, symbol });
            }
        }
        Ty::unknown()
    }

    pub(crate) fn constant(&self, hir: &Hir, literal: &Literal) -> Ty {
        match literal {
            Literal::String(text) => Ty::string(hir.name(*text).clone()),
            Literal::Number(text) => {
                Ty::new(TyKind::Constant(Constant::Number(hir.name(*text).clone())))
            }
            Literal::Boolean(it) => Ty::new(TyKind::Constant(Constant::Boolean(*it))),
            Literal::BigInt => Ty::primitive(Primitive::BigInt),
            Literal::Null => Ty::primitive(Primitive::Nothing),
            Literal::RegExp => self.library_type("RegExp", &[]),
        }
    }

    /// A type by its name.
    pub(crate) fn reference(
        &self,
        file: SourceFile,
        hir: &Hir,
        name: ExprId,
        args: &[TypeId],
        subst: &Subst,
    ) -> Ty {
        let targets = self.named(file, hir, name);
        let args: Vec<Ty> = args
            .iter()
            .map(|&it| self.written(file, it, subst))
            .collect();
        self.type_of_targets(&targets, args, subst)
    }

    /// What a name or a path of names stands for, without types.
    pub(crate) fn named(&self, file: SourceFile, hir: &Hir, name: ExprId) -> Targets {
        match hir.expr(name).kind {
            ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Import(_) => {
                self.expr_targets(file, hir, name)
            }
            _ => Targets::new(),
        }
    }

    /// The type that names stand for.
    pub(crate) fn type_of_targets(&self, targets: &Targets, args: Vec<Ty>, subst: &Subst) -> Ty {
        let mut defs = Defs::new();
        for target in targets {
            let Target::Symbol(def) = *target else {
                // `typeof import("x")` without the word.
                return Ty::new(TyKind::Static(*target));
            };
            let hir = self.hir(def.file);
            for &decl in &hir.symbol(def.symbol).decls {
                match hir.decl(decl).data {
                    DeclData::TypeParameter(..) => {
                        return subst
                            .get(def)
                            .cloned()
                            .unwrap_or_else(|| Ty::new(TyKind::Parameter(def)));
                    }
                    DeclData::Alias(_) => return self.alias_type(def, &hir, args),
                    DeclData::Class(_) | DeclData::Interface(_) | DeclData::Enum(_) => {
                        defs.push(def);
                    }
                    // In JavaScript a function may be a constructor.
                    DeclData::Function(_) if hir.is_javascript => defs.push(def),
                    DeclData::Property(..) if hir.decl(decl).kind == DeclKind::EnumMember => {
                        return Ty::new(TyKind::Constant(Constant::Member(def)));
                    }
                    _ => {}
                }
            }
        }
        let mut seen = Defs::new();
        defs.retain(|def| {
            let new = !seen.contains(def);
            seen.push(*def);
            new
        });
        self.instance(defs, args)
    }

    /// The enum that a member is of.
    pub(crate) fn enum_of_member(&self, member: Def) -> Ty {
        let hir = self.hir(member.file);
        let parent = hir.first_decl(member.symbol).parent;
        let mut defs = Defs::new();
        defs.extend(parent.map(|it| Def {
            file: member.file,
            symbol: hir.decl(it).symbol,
        }));
        self.instance(defs, Vec::new())
    }

    fn alias_type(&self, def: Def, hir: &Hir, mut args: Vec<Ty>) -> Ty {
        if args.len() == 1 && self.is_global(def, hir) {
            match hir.name(hir.symbol(def.symbol).name).as_str() {
                "Awaited" => return self.awaited(&args[0]),
                "NonNullable" => return self.expanded(&args[0]).non_null(),
                "NoInfer" => return args.swap_remove(0),
                _ => {}
            }
        }
        let params = self.alias_params(hir, hir.symbol(def.symbol).decls[0]);
        self.fill_args(def.file, hir, &params, &mut args);
        Ty::new(TyKind::Alias {
            def,
            args: args.into(),
        })
    }

    /// An instance of a class, interface or enum.
    pub(crate) fn instance(&self, defs: Defs, mut args: Vec<Ty>) -> Ty {
        let Some(&first) = defs.first() else {
            return Ty::unknown();
        };
        let hir = self.hir(first.file);
        let name = hir.name(hir.symbol(first.symbol).name).as_str();
        if matches!(name, "Array" | "ReadonlyArray") && self.is_global(first, &hir) {
            let element = args.into_iter().next().unwrap_or_else(Ty::unknown);
            return Ty::new(TyKind::Array {
                element,
                readonly: name == "ReadonlyArray",
            });
        }
        let params = defs.iter().find_map(|def| {
            let hir = self.hir(def.file);
            let decls = &hir.symbol(def.symbol).decls;
            let params = decls.iter().map(|&decl| type_params(&hir, decl));
            params
                .filter(|it| !it.is_empty())
                .max_by_key(Vec::len)
                .map(|params| (*def, hir.clone(), params))
        });
        if let Some((def, hir, params)) = params {
            self.fill_args(def.file, &hir, &params, &mut args);
        } else {
            args.clear();
        }
        Ty::new(TyKind::Instance {
            defs,
            args: args.into(),
        })
    }

    /// An instance of a class or interface as it is seen from within: its type parameters stand for themselves.
    pub(crate) fn own_instance(&self, def: Def) -> Ty {
        let hir = self.hir(def.file);
        let mut args = Vec::new();
        for &decl in &hir.symbol(def.symbol).decls {
            let params = type_params(&hir, decl);
            if !params.is_empty() {
                args = params
                    .iter()
                    .map(|&it| {
                        let symbol = hir.decl(it).symbol;
                        Ty::new(TyKind::Parameter(Def {
                            file: def.file,
                            symbol,
                        }))
                    })
                    .collect();
                break;
            }
        }
        let mut defs: Defs = Defs::new();
        // The parts of a global interface in other files count as well.
        for target in self.with_global_parts(def.file, &hir, def.symbol) {
            if let Target::Symbol(part) = target {
                defs.push(part);
            }
        }
        self.instance(defs, args)
    }

    /// Type arguments that are not written: the defaults.
    fn fill_args(&self, file: SourceFile, hir: &Hir, params: &[DeclId], args: &mut Vec<Ty>) {
        args.truncate(params.len());
        while args.len() < params.len() {
            let DeclData::TypeParameter(_, default) = hir.decl(params[args.len()]).data else {
                return;
            };
            let filled = match default {
                Some(default) => {
                    let known = params.iter().zip(args.iter()).map(|(&param, arg)| {
                        let symbol = hir.decl(param).symbol;
                        (Def { file, symbol }, arg.clone())
                    });
                    let subst = Subst::default().with(known);
                    self.written(file, default, &subst)
                }
                None => Ty::unknown(),
            };
            args.push(filled);
        }
    }

    /// The type parameters of an alias.
    pub(crate) fn alias_params(&self, hir: &Hir, alias: DeclId) -> Vec<DeclId> {
        // They are declared right behind the alias, in a scope that it owns.
        let behind = (alias.0 + 1..).map(DeclId);
        let count = hir.decls().len() as u32;
        behind
            .take_while(|it| {
                it.0 < count && {
                    let decl = hir.decl(*it);
                    decl.kind == DeclKind::TypeParameter
                        && decl.parent == Some(alias)
                        && hir.scope(decl.scope).owner == Some(alias)
                }
            })
            .collect()
    }

    /// Whether a symbol is declared globally.
    pub(crate) fn is_global(&self, def: Def, hir: &Hir) -> bool {
        match hir.symbol(def.symbol).home {
            Home::Scope(scope) => hir.is_global(scope),
            Home::Table(_) => false,
        }
    }
}

/// The type parameters that one declaration of a class or interface lists.
pub(crate) fn type_params(hir: &Hir, decl: DeclId) -> Vec<DeclId> {
    match hir.decl(decl).data {
        DeclData::Class(class) => hir.class(class).type_params.to_vec(),
        DeclData::Interface(shape) => hir.shape(shape).type_params.to_vec(),
        _ => Vec::new(),
    }
}

/// What the type parameters of one declaration stand for.
pub(crate) fn params_as(
    file: SourceFile,
    hir: &Hir,
    params: &[DeclId],
    args: &[Ty],
) -> Vec<(Def, Ty)> {
    params
        .iter()
        .zip(args)
        .map(|(&param, arg)| {
            let symbol = hir.decl(param).symbol;
            (Def { file, symbol }, arg.clone())
        })
        .collect()
}

fn readonly(ty: &Ty) -> Ty {
    match ty.kind() {
        TyKind::Array { element, .. } => Ty::new(TyKind::Array {
            element: element.clone(),
            readonly: true,
        }),
        TyKind::Tuple { elements, .. } => Ty::new(TyKind::Tuple {
            elements: elements.clone(),
            readonly: true,
        }),
        _ => ty.clone(),
    }
}

fn keyword(word: Keyword) -> Ty {
    Ty::primitive(match word {
        Keyword::Any | Keyword::Intrinsic => return Ty::unknown(),
        Keyword::Unknown => Primitive::Unknown,
        Keyword::BigInt => Primitive::BigInt,
        Keyword::Boolean => Primitive::Boolean,
        Keyword::Never => Primitive::Never,
        Keyword::Null | Keyword::Undefined | Keyword::Void => Primitive::Nothing,
        Keyword::Number => Primitive::Number,
        Keyword::Object => Primitive::Object,
        Keyword::String => Primitive::String,
        Keyword::Symbol => Primitive::Symbol,
    })
}
