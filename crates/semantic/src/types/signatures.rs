//! What can be called or constructed.

use symphony_db::SourceFile;
use symphony_hir::{DeclData, DeclId, FunctionKind, Hir};

use super::written::{params_as, type_params};
use super::{Defs, Signature, Subst, Ty, TyKind};
use crate::semantics::{Def, Semantics, Target};

/// Something that can be called or constructed.
#[derive(Clone, Debug)]
pub(crate) struct Callable {
    /// Its signature; none for a class without a constructor.
    pub(crate) signature: Option<Signature>,
    /// What a constructor makes.
    pub(crate) instance: Option<Ty>,
    /// The type parameters that a call gives types to.
    pub(crate) type_params: Vec<Def>,
}

impl Semantics<'_> {
    /// The signatures of a type for calling it or for `new`.
    pub(crate) fn signatures(&self, ty: &Ty, construct: bool) -> Vec<Callable> {
        self.deeper(|| self.signatures_here(&self.expanded(ty), construct))
            .unwrap_or_default()
    }

    fn signatures_here(&self, ty: &Ty, construct: bool) -> Vec<Callable> {
        match ty.kind() {
            TyKind::Functions(signatures) => signatures
                .iter()
                .filter(|it| {
                    let kind = self.hir(it.file).function(it.function).kind;
                    (kind == FunctionKind::ConstructSignature) == construct
                })
                .map(|it| self.callable(it.clone(), construct))
                .collect(),
            TyKind::Static(Target::Symbol(def)) if construct => self.constructors(*def),
            TyKind::Static(Target::Symbol(def)) => self
                .declared_signatures(*def)
                .into_iter()
                .map(|it| self.callable(it, false))
                .collect(),
            TyKind::Shape { file, shape, subst } => {
                let hir = self.hir(*file);
                let shape = hir.shape(*shape);
                let all = if construct {
                    &shape.constructs
                } else {
                    &shape.calls
                };
                all.iter()
                    .map(|&function| {
                        let signature = Signature {
                            file: *file,
                            function,
                            subst: subst.clone(),
                        };
                        self.callable(signature, construct)
                    })
                    .collect()
            }
            TyKind::Instance { .. } => {
                for base in self.with_bases(ty) {
                    let own = self.own_signatures(&base, construct);
                    if !own.is_empty() {
                        return own;
                    }
                }
                Vec::new()
            }
            TyKind::Intersection(parts) => parts
                .iter()
                .flat_map(|it| self.signatures(it, construct))
                .collect(),
            TyKind::Union(parts) => {
                let parts = parts.iter().filter(|it| !it.is_nothing());
                let mut each = parts.map(|it| self.signatures(it, construct));
                each.find(|it| !it.is_empty()).unwrap_or_default()
            }
            TyKind::Parameter(_) => match self.constraint(ty) {
                Some(constraint) => self.signatures(&constraint, construct),
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn own_signatures(&self, of: &Ty, construct: bool) -> Vec<Callable> {
        let TyKind::Instance { defs, args } = of.kind() else {
            return match of.kind() {
                TyKind::Functions(_) | TyKind::Shape { .. } => self.signatures(of, construct),
                _ => Vec::new(),
            };
        };
        let mut found = Vec::new();
        for &def in defs {
            let hir = self.hir(def.file);
            for &decl in &hir.symbol(def.symbol).decls {
                let DeclData::Interface(shape) = hir.decl(decl).data else {
                    continue;
                };
                let shape = hir.shape(shape);
                let all = if construct {
                    &shape.constructs
                } else {
                    &shape.calls
                };
                if all.is_empty() {
                    continue;
                }
                let params = type_params(&hir, decl);
                let subst = Subst::default().with(params_as(def.file, &hir, &params, args));
                found.extend(all.iter().map(|&function| {
                    let signature = Signature {
                        file: def.file,
                        function,
                        subst: subst.clone(),
                    };
                    self.callable(signature, construct)
                }));
            }
        }
        found
    }

    fn callable(&self, signature: Signature, construct: bool) -> Callable {
        let hir = self.hir(signature.file);
        let function = hir.function(signature.function);
        let type_params = defs_of(signature.file, &hir, &function.type_params);
        let instance = function
            .ret
            .filter(|_| construct)
            .map(|ret| self.written(signature.file, ret, &signature.subst));
        Callable {
            signature: Some(signature),
            instance,
            type_params,
        }
    }

    /// The constructors of a class: its own, or those of what it extends.
    fn constructors(&self, class: Def) -> Vec<Callable> {
        let hir = self.hir(class.file);
        let Some(known) = self.class_of(&hir, class) else {
            return self.constructor_functions(class, &hir);
        };
        let own = self.own_instance(class);
        let type_params = defs_of(class.file, &hir, &known.type_params);
        let all: Vec<DeclId> = known.constructors.to_vec();
        let bodiless = |&decl: &DeclId| match hir.decl(decl).data {
            DeclData::Function(function) => hir.function(function).body.is_none(),
            _ => false,
        };
        let overloaded = all.len() > 1 && all.iter().any(bodiless);
        let mut found: Vec<Callable> = all
            .iter()
            .filter(|decl| !overloaded || bodiless(decl))
            .filter_map(|&decl| match hir.decl(decl).data {
                DeclData::Function(function) => Some(Callable {
                    signature: Some(Signature {
                        file: class.file,
                        function,
                        subst: Subst::default(),
                    }),
                    instance: Some(own.clone()),
                    type_params: type_params.clone(),
                }),
                _ => None,
            })
            .collect();
        if found.is_empty() && known.extends.is_some() {
            found = self.inherited_constructors(class, &own, &type_params);
        }
        if found.is_empty() {
            found.push(Callable {
                signature: None,
                instance: Some(own),
                type_params,
            });
        }
        found
    }

    /// A function of JavaScript as a constructor.
    fn constructor_functions(&self, of: Def, hir: &Hir) -> Vec<Callable> {
        if !hir.is_javascript {
            return Vec::new();
        }
        let mut defs = Defs::new();
        defs.push(of);
        let instance = self.instance(defs, Vec::new());
        let all = self.declared_signatures(of).into_iter();
        all.map(|signature| Callable {
            signature: Some(signature),
            instance: Some(instance.clone()),
            type_params: Vec::new(),
        })
        .collect()
    }

    fn inherited_constructors(&self, class: Def, own: &Ty, type_params: &[Def]) -> Vec<Callable> {
        for base in self.base_types(own) {
            let TyKind::Instance { defs, args } = base.kind() else {
                continue;
            };
            let Some(&base) = defs.first().filter(|it| **it != class) else {
                continue;
            };
            let hir = self.hir(base.file);
            let params = hir
                .symbol(base.symbol)
                .decls
                .iter()
                .map(|&it| super::written::type_params(&hir, it))
                .find(|it| !it.is_empty())
                .unwrap_or_default();
            let subst = Subst::default().with(params_as(base.file, &hir, &params, args));
            let target = Ty::new(TyKind::Static(Target::Symbol(base)));
            let mut all = self.signatures(&target, true);
            for callable in &mut all {
                if let Some(signature) = &mut callable.signature {
                    signature.subst = self.composed(&signature.subst, &subst);
                }
                callable.instance = Some(own.clone());
                callable.type_params = type_params.to_vec();
            }
            return all;
        }
        Vec::new()
    }

    /// What `new` makes of a value, with these type arguments.
    pub(crate) fn constructed(&self, value: &Ty, args: &[Ty]) -> Option<Ty> {
        let callable = self.signatures(value, true).into_iter().next()?;
        let instance = callable.instance?;
        let entries = callable
            .type_params
            .iter()
            .copied()
            .zip(args.iter().cloned());
        let subst = Subst::default().with(entries);
        Some(self.substituted(&instance, &subst))
    }

    /// The type of the parameter that takes the argument at a place.
    pub(crate) fn signature_parameter(&self, signature: &Signature, at: usize) -> Option<Ty> {
        let hir = self.hir(signature.file);
        let params = &hir.function(signature.function).params;
        let last = params.len().checked_sub(1)?;
        let param = params.get(at).unwrap_or(&params[last]);
        if at > last && !param.rest {
            return None;
        }
        let ty = match param.ty {
            Some(ty) => self.written(signature.file, ty, &signature.subst),
            None => {
                let ty = self.pattern_type(signature.file, param.pattern);
                self.substituted(&ty, &signature.subst)
            }
        };
        if param.rest {
            return Some(self.element(&ty, at - at.min(last)));
        }
        Some(ty)
    }

    /// What a call of a signature gives, when its type parameters stand for what its substitution says.
    pub(crate) fn returned(&self, signature: &Signature) -> Ty {
        let hir = self.hir(signature.file);
        let function = hir.function(signature.function);
        if let Some(ret) = function.ret {
            return self.written(signature.file, ret, &signature.subst);
        }
        if function.body.is_none() {
            return Ty::unknown();
        }
        let ty = self.inferred_return(signature.file, signature.function);
        self.substituted(&ty, &signature.subst)
    }

    /// What a function without an annotation returns, by its `return` statements.
    fn inferred_return(&self, file: SourceFile, id: symphony_hir::FunctionId) -> Ty {
        self.memoised(&self.types.returns, (file, id), || {
            let hir = self.hir(file);
            let function = hir.function(id);
            let returns = function.returns.iter().take(24);
            let each = returns.map(|&it| self.expr_type(file, &hir, it).widened());
            let mut ty = Ty::union(each);
            if function.returns.is_empty() {
                ty = Ty::primitive(super::Primitive::Nothing);
            }
            if function.is_generator {
                let name = if function.is_async {
                    "AsyncGenerator"
                } else {
                    "Generator"
                };
                return self.library_type(name, &[Ty::unknown(), ty]);
            }
            if function.is_async {
                self.promise_of(&ty)
            } else {
                ty
            }
        })
    }
}

fn defs_of(file: SourceFile, hir: &Hir, params: &[DeclId]) -> Vec<Def> {
    params
        .iter()
        .map(|&it| Def {
            file,
            symbol: hir.decl(it).symbol,
        })
        .collect()
}
