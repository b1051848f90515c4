//! The types of the language's library that the language itself gives things: strings, arrays, promises.

use smallvec::SmallVec;
use symphony_hir::{DeclData, Meaning};

use super::{Constant, Defs, Primitive, Ty, TyKind};
use crate::semantics::{Semantics, Target};

impl Semantics<'_> {
    /// An instance of a global interface.
    pub(crate) fn library_type(&self, name: &'static str, args: &[Ty]) -> Ty {
        let defs = self.library_defs(name);
        if defs.is_empty() {
            return Ty::unknown();
        }
        self.instance(defs, args.to_vec())
    }

    fn library_defs(&self, name: &'static str) -> Defs {
        if let Some(known) = self.types.library.borrow().get(name) {
            return known.clone();
        }
        let Some(home) = self.types.home.get() else {
            return Defs::new();
        };
        let mut defs = Defs::new();
        for target in self.global(home, name, Meaning::TYPE) {
            let Target::Symbol(def) = target else {
                continue;
            };
            let hir = self.hir(def.file);
            let is_type = |decl: &symphony_hir::DeclId| {
                matches!(
                    hir.decl(*decl).data,
                    DeclData::Interface(_) | DeclData::Class(_)
                )
            };
            if hir.symbol(def.symbol).decls.iter().any(is_type) {
                defs.push(def);
            }
        }
        self.types.library.borrow_mut().insert(name, defs.clone());
        defs
    }

    /// The interface that says what members something has that is no object itself; with the type arguments.
    pub(crate) fn apparent(&self, ty: &Ty) -> Option<Ty> {
        let name = match ty.kind() {
            TyKind::Primitive(of) => match of {
                Primitive::String => "String",
                Primitive::Number => "Number",
                Primitive::Boolean => "Boolean",
                Primitive::BigInt => "BigInt",
                Primitive::Symbol => "Symbol",
                Primitive::Object => "Object",
                Primitive::Unknown | Primitive::Nothing | Primitive::Never => return None,
            },
            TyKind::Constant(of) => match of {
                Constant::String(_) => "String",
                Constant::Number(_) => "Number",
                Constant::Boolean(_) => "Boolean",
                Constant::Member(member) => return Some(self.enum_of_member(*member)),
            },
            TyKind::Functions(_) | TyKind::Static(Target::Symbol(_)) => "Function",
            TyKind::Array { element, readonly } => {
                return Some(self.array_interface(element, *readonly));
            }
            TyKind::Tuple { elements, readonly } => {
                let element = Ty::union(elements.iter().map(|it| self.tuple_part(it)));
                return Some(self.array_interface(&element, *readonly));
            }
            _ => return None,
        };
        Some(self.library_type(name, &[]))
    }

    fn array_interface(&self, element: &Ty, readonly: bool) -> Ty {
        let name = if readonly { "ReadonlyArray" } else { "Array" };
        let defs = self.library_defs(name);
        // Not through `instance`, which makes arrays of these.
        Ty::new(TyKind::Instance {
            defs,
            args: Box::new([element.clone()]),
        })
    }

    fn tuple_part(&self, element: &super::Element) -> Ty {
        if element.rest {
            self.iterated(&element.ty)
        } else {
            element.ty.clone()
        }
    }

    /// The name of the global interface or class that an instance is of.
    pub(crate) fn library_name(&self, ty: &Ty) -> Option<(smol_str::SmolStr, Vec<Ty>)> {
        let TyKind::Instance { defs, args } = ty.kind() else {
            return None;
        };
        let def = *defs.first()?;
        let hir = self.hir(def.file);
        self.is_global(def, &hir)
            .then(|| (hir.name(hir.symbol(def.symbol).name).clone(), args.to_vec()))
    }

    /// What `await` makes of it.
    pub(crate) fn awaited(&self, ty: &Ty) -> Ty {
        self.deeper(|| {
            let ty = self.expanded(ty);
            match ty.kind() {
                TyKind::Union(parts) => Ty::union(parts.iter().map(|it| self.awaited(it))),
                TyKind::Instance { .. } => {
                    for base in self.with_bases(&ty) {
                        if let Some((name, args)) = self.library_name(&base)
                            && matches!(&*name, "Promise" | "PromiseLike")
                        {
                            let inner = args.first().cloned().unwrap_or_else(Ty::unknown);
                            return self.awaited(&inner);
                        }
                    }
                    ty
                }
                _ => ty,
            }
        })
        .unwrap_or_else(Ty::unknown)
    }

    /// Whether it is a promise of the library's.
    pub(crate) fn is_promise(&self, ty: &Ty) -> bool {
        let name = self.library_name(ty).map(|it| it.0);
        matches!(name.as_deref(), Some("Promise" | "PromiseLike"))
    }

    /// A promise of it.
    pub(crate) fn promise_of(&self, ty: &Ty) -> Ty {
        self.library_type("Promise", &[self.awaited(ty)])
    }

    /// What going through it gives: `for of`, spreading, array patterns.
    pub(crate) fn iterated(&self, ty: &Ty) -> Ty {
        self.deeper(|| self.iterated_here(&self.expanded(ty)))
            .unwrap_or_else(Ty::unknown)
    }

    fn iterated_here(&self, ty: &Ty) -> Ty {
        match ty.kind() {
            TyKind::Array { element, .. } => element.clone(),
            TyKind::Tuple { elements, .. } => {
                Ty::union(elements.iter().map(|it| self.tuple_part(it)))
            }
            TyKind::Union(parts) => Ty::union(parts.iter().map(|it| self.iterated(it))),
            TyKind::Intersection(parts) => {
                let mut known = parts.iter().map(|it| self.iterated(it));
                known
                    .find(|it| !it.is_unknown())
                    .unwrap_or_else(Ty::unknown)
            }
            TyKind::Primitive(Primitive::String) | TyKind::Constant(Constant::String(_)) => {
                Ty::primitive(Primitive::String)
            }
            TyKind::Parameter(_) => self
                .constraint(ty)
                .map_or_else(Ty::unknown, |it| self.iterated(&it)),
            TyKind::Instance { .. } => {
                for base in self.with_bases(ty) {
                    if let TyKind::Array { element, .. } = base.kind() {
                        return element.clone();
                    }
                    if let Some((name, args)) = self.library_name(&base)
                        && let Some(element) = iterated_by_name(&name, &args)
                    {
                        return element;
                    }
                }
                Ty::unknown()
            }
            _ => Ty::unknown(),
        }
    }

    /// An instance with all that it extends, the nearest first.
    pub(crate) fn with_bases(&self, ty: &Ty) -> SmallVec<[Ty; 4]> {
        let mut found: SmallVec<[Ty; 4]> = SmallVec::new();
        found.push(ty.clone());
        let mut at = 0;
        while at < found.len() && found.len() < 64 {
            let next = found[at].clone();
            for base in self.base_types(&next) {
                let base = self.expanded(&base);
                match base.kind() {
                    TyKind::Intersection(parts) => found.extend(parts.iter().cloned()),
                    _ => found.push(base),
                }
            }
            at += 1;
        }
        found
    }
}

fn iterated_by_name(name: &str, args: &[Ty]) -> Option<Ty> {
    let arg = |at: usize| args.get(at).cloned().unwrap_or_else(Ty::unknown);
    Some(match name {
        "Map" | "ReadonlyMap" => Ty::new(TyKind::Tuple {
            elements: [arg(0), arg(1)]
                .map(|ty| super::Element { ty, rest: false })
                .into(),
            readonly: false,
        }),
        "Set"
        | "ReadonlySet"
        | "Iterable"
        | "IterableIterator"
        | "Iterator"
        | "IteratorObject"
        | "Generator"
        | "ArrayIterator"
        | "SetIterator"
        | "MapIterator"
        | "AsyncIterable"
        | "AsyncIterableIterator"
        | "AsyncIterator"
        | "AsyncIteratorObject"
        | "AsyncGenerator"
        | "NodeListOf"
        | "HTMLCollectionOf"
        | "ArrayLike"
        | "ReadableStream" => arg(0),
        "String" => Ty::primitive(Primitive::String),
        _ if name.ends_with("Array") => Ty::primitive(if name.starts_with("Big") {
            Primitive::BigInt
        } else {
            Primitive::Number
        }),
        _ => return None,
    })
}
