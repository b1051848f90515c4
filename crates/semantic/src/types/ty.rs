//! What a type is: a small tree whose leaves point into lowered files.
//!
//! Types that are written are kept as closures (the place and what its type parameters stand for) and looked into only
//! when a member is asked for: so recursive types need no knots, and nothing is computed that no one asks for.

use std::sync::Arc;

use smallvec::SmallVec;
use smol_str::SmolStr;
use symphony_db::SourceFile;
use symphony_hir::{ExprId, FunctionId, ShapeId, TypeId};

use crate::semantics::{Def, Target};

/// A type, as far as declarations say it. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Ty(pub(crate) Arc<TyKind>);

/// A word of the language that is a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Primitive {
    String,
    Number,
    Boolean,
    BigInt,
    Symbol,
    Object,
    /// `unknown`: unlike what is not known, nothing else is assignable from it.
    Unknown,
    /// `null`, `undefined`, `void`: what a member access throws at.
    Nothing,
    Never,
}

/// A literal type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Constant {
    String(SmolStr),
    Number(SmolStr),
    Boolean(bool),
    /// A member of an enum.
    Member(Def),
}

/// The symbols of one class, interface or enum: several if its declarations are in several files.
pub(crate) type Defs = SmallVec<[Def; 1]>;

#[derive(Debug)]
pub(crate) enum TyKind {
    /// Not known, or `any`: it has no members.
    Unknown,
    Primitive(Primitive),
    Constant(Constant),
    /// An instance of a class, interface or enum.
    Instance {
        defs: Defs,
        args: Box<[Ty]>,
    },
    /// A type parameter that nothing is known for.
    Parameter(Def),
    /// What a class, function, enum, namespace or module is as a value.
    Static(Target),
    /// `type A<T> = ...`, looked into on demand.
    Alias {
        def: Def,
        args: Box<[Ty]>,
    },
    /// A function, function type, or method with all of its signatures.
    Functions(Box<[Signature]>),
    /// An object literal.
    Object {
        file: SourceFile,
        expr: ExprId,
        subst: Subst,
    },
    /// A type literal.
    Shape {
        file: SourceFile,
        shape: ShapeId,
        subst: Subst,
    },
    Array {
        element: Ty,
        readonly: bool,
    },
    Tuple {
        elements: Box<[Element]>,
        readonly: bool,
    },
    Union(Box<[Ty]>),
    Intersection(Box<[Ty]>),
    /// A mapped type, written at this place.
    Mapped {
        file: SourceFile,
        ty: TypeId,
        subst: Subst,
    },
    /// A conditional type, written at this place.
    Conditional {
        file: SourceFile,
        ty: TypeId,
        subst: Subst,
    },
    /// `A[B]`.
    Indexed(Ty, Ty),
    /// `keyof A`.
    Keyof(Ty),
}

/// An element of a tuple.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    pub(crate) ty: Ty,
    /// Whether it stands for any number of elements: its type is the array's.
    pub(crate) rest: bool,
}

/// A function's signature with what is known of the type parameters around it.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    pub(crate) file: SourceFile,
    pub(crate) function: FunctionId,
    pub(crate) subst: Subst,
}

/// What type parameters stand for, and `this`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subst {
    list: Option<Arc<[(Def, Ty)]>>,
    pub(crate) this: Option<Ty>,
}

impl Subst {
    pub(crate) fn get(&self, of: Def) -> Option<&Ty> {
        let list = self.list.as_deref()?;
        list.iter()
            .rev()
            .find(|(def, _)| *def == of)
            .map(|(_, ty)| ty)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_none() && self.this.is_none()
    }

    pub(crate) fn entries(&self) -> &[(Def, Ty)] {
        self.list.as_deref().unwrap_or_default()
    }

    /// With more; what is added counts before what is there.
    pub(crate) fn with(&self, more: impl IntoIterator<Item = (Def, Ty)>) -> Self {
        let mut list: Vec<(Def, Ty)> = Vec::new();
        let mut added: Vec<(Def, Ty)> = more.into_iter().collect();
        if added.is_empty() {
            return self.clone();
        }
        for entry in self.entries() {
            if !added.iter().any(|(def, _)| *def == entry.0) {
                list.push(entry.clone());
            }
        }
        list.append(&mut added);
        Self {
            list: Some(list.into()),
            this: self.this.clone(),
        }
    }

    pub(crate) fn with_this(&self, this: &Ty) -> Self {
        Self {
            list: self.list.clone(),
            this: Some(this.clone()),
        }
    }
}

impl Default for Ty {
    fn default() -> Self {
        Self::unknown()
    }
}

impl Ty {
    pub(crate) fn new(kind: TyKind) -> Self {
        Self(Arc::new(kind))
    }

    /// The type that nothing is known of.
    pub fn unknown() -> Self {
        Self::new(TyKind::Unknown)
    }

    /// Whether nothing is known of it.
    pub fn is_unknown(&self) -> bool {
        matches!(*self.0, TyKind::Unknown)
    }

    pub(crate) fn kind(&self) -> &TyKind {
        &self.0
    }

    pub(crate) fn primitive(of: Primitive) -> Self {
        Self::new(TyKind::Primitive(of))
    }

    pub(crate) fn string(text: impl Into<SmolStr>) -> Self {
        Self::new(TyKind::Constant(Constant::String(text.into())))
    }

    pub(crate) fn array(element: Ty) -> Self {
        Self::new(TyKind::Array {
            element,
            readonly: false,
        })
    }

    pub(crate) fn is_nothing(&self) -> bool {
        matches!(
            *self.0,
            TyKind::Primitive(Primitive::Nothing | Primitive::Never)
        )
    }

    /// Whether it is a primitive or a literal.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(*self.0, TyKind::Primitive(_) | TyKind::Constant(_))
    }

    /// Whether it has one value only.
    pub(crate) fn is_unit(&self) -> bool {
        matches!(
            *self.0,
            TyKind::Constant(_) | TyKind::Primitive(Primitive::Nothing)
        )
    }

    /// The union of several: flat, without repetition, without what is not known unless all is.
    pub(crate) fn union(parts: impl IntoIterator<Item = Ty>) -> Self {
        let mut all: Vec<Ty> = Vec::new();
        for part in parts {
            match part.kind() {
                TyKind::Unknown | TyKind::Primitive(Primitive::Never) => {}
                TyKind::Union(inner) => {
                    for part in inner {
                        push_new(&mut all, part);
                    }
                }
                _ => push_new(&mut all, &part),
            }
        }
        match all.len() {
            0 => Self::unknown(),
            1 => all.swap_remove(0),
            _ => Self::new(TyKind::Union(all.into())),
        }
    }

    /// The intersection of several.
    pub(crate) fn intersection(parts: impl IntoIterator<Item = Ty>) -> Self {
        let mut all: Vec<Ty> = Vec::new();
        for part in parts {
            match part.kind() {
                TyKind::Unknown => {}
                TyKind::Intersection(inner) => {
                    for part in inner {
                        push_new(&mut all, part);
                    }
                }
                _ => push_new(&mut all, &part),
            }
        }
        match all.len() {
            0 => Self::unknown(),
            1 => all.swap_remove(0),
            _ => Self::new(TyKind::Intersection(all.into())),
        }
    }

    /// A literal's type as that of a variable: `string` for `"a"`.
    pub(crate) fn widened(&self) -> Self {
        match self.kind() {
            TyKind::Constant(Constant::String(_)) => Self::primitive(Primitive::String),
            TyKind::Constant(Constant::Number(_)) => Self::primitive(Primitive::Number),
            TyKind::Constant(Constant::Boolean(_)) => Self::primitive(Primitive::Boolean),
            TyKind::Union(parts) if parts.iter().any(Self::is_plain) => {
                Self::union(parts.iter().map(Self::widened))
            }
            _ => self.clone(),
        }
    }

    /// Without `null` and `undefined`.
    pub(crate) fn non_null(&self) -> Self {
        match self.kind() {
            TyKind::Union(parts) if parts.iter().any(Self::is_nothing) => {
                Self::union(parts.iter().filter(|it| !it.is_nothing()).cloned())
            }
            _ => self.clone(),
        }
    }

    /// The parts of a union; itself if it is none.
    pub(crate) fn parts(&self) -> &[Ty] {
        match self.kind() {
            TyKind::Union(parts) => parts,
            _ => std::slice::from_ref(self),
        }
    }

    /// Whether two are certainly the same: what is not simple is compared by identity.
    pub(crate) fn same(&self, other: &Ty) -> bool {
        self.same_within(other, 3)
    }

    fn same_within(&self, other: &Ty, depth: u32) -> bool {
        if Arc::ptr_eq(&self.0, &other.0) {
            return true;
        }
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        let all = |a: &[Ty], b: &[Ty]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_within(b, depth))
        };
        match (self.kind(), other.kind()) {
            (TyKind::Unknown, TyKind::Unknown) => true,
            (TyKind::Primitive(a), TyKind::Primitive(b)) => a == b,
            (TyKind::Constant(a), TyKind::Constant(b)) => a == b,
            (TyKind::Parameter(a), TyKind::Parameter(b)) => a == b,
            (TyKind::Static(a), TyKind::Static(b)) => a == b,
            (TyKind::Instance { defs, args }, TyKind::Instance { defs: d, args: a }) => {
                defs == d && all(args, a)
            }
            (TyKind::Alias { def, args }, TyKind::Alias { def: d, args: a }) => {
                def == d && all(args, a)
            }
            (TyKind::Array { element, .. }, TyKind::Array { element: e, .. }) => {
                element.same_within(e, depth)
            }
            (
                TyKind::Object { file, expr, .. },
                TyKind::Object {
                    file: f, expr: e, ..
                },
            ) => (file, expr) == (f, e),
            _ => false,
        }
    }
}

fn push_new(all: &mut Vec<Ty>, ty: &Ty) {
    // A long union is one of literals, written once.
    if all.len() > 64 || !all.iter().any(|known| known.same(ty)) {
        all.push(ty.clone());
    }
}
