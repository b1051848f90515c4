//! What type parameters stand for, from a type that has them and one that is given.

use super::{Constant, Element, Primitive, Signature, Ty, TyKind};
use crate::semantics::{Def, Semantics};

impl Semantics<'_> {
    /// Holds `given` against `pattern` and notes what the type parameters `wanted` meet.
    pub(crate) fn infer(
        &self,
        pattern: &Ty,
        given: &Ty,
        wanted: &[Def],
        found: &mut Vec<(Def, Ty)>,
    ) {
        if given.is_unknown() || found.len() > 64 {
            return;
        }
        self.deeper(|| self.infer_here(pattern, given, wanted, found));
    }

    fn infer_here(&self, pattern: &Ty, given: &Ty, wanted: &[Def], found: &mut Vec<(Def, Ty)>) {
        match pattern.kind() {
            TyKind::Unknown
            | TyKind::Primitive(_)
            | TyKind::Constant(_)
            | TyKind::Static(_)
            | TyKind::Conditional { .. } => {}
            TyKind::Parameter(def) => {
                if wanted.contains(def) && !self.is_open(given, wanted) {
                    found.push((*def, given.clone()));
                }
            }
            TyKind::Alias { def, args } => {
                if let TyKind::Alias { def: d, args: a } = given.kind()
                    && d == def
                {
                    for (pattern, given) in args.iter().zip(a) {
                        self.infer(pattern, given, wanted, found);
                    }
                    return;
                }
                self.infer(&self.expanded_alias(pattern), given, wanted, found);
            }
            TyKind::Union(parts) => self.infer_union(parts, given, wanted, found),
            TyKind::Intersection(parts) => {
                let naked =
                    |it: &&Ty| matches!(it.kind(), TyKind::Parameter(def) if wanted.contains(def));
                // How something is split between two type parameters no one can say.
                let divided = parts.iter().filter(naked).count() > 1;
                for part in parts.iter().filter(|it| !divided || !naked(it)) {
                    self.infer(part, given, wanted, found);
                }
            }
            TyKind::Array { element, .. } => {
                let given = self.expanded(given).non_null();
                if !given.is_plain() {
                    self.infer(element, &self.iterated(&given), wanted, found);
                }
            }
            TyKind::Tuple { elements, .. } => self.infer_tuple(elements, given, wanted, found),
            TyKind::Functions(signatures) => {
                let Some(pattern) = signatures.first() else {
                    return;
                };
                let hir = self.hir(pattern.file);
                let construct = hir.function(pattern.function).kind
                    == symphony_hir::FunctionKind::ConstructSignature;
                let given = self.expanded(given).non_null();
                if let TyKind::Union(parts) = given.kind() {
                    self.infer_from_union(pattern, parts, wanted, found);
                    return;
                }
                let all = self.signatures(&given, construct);
                if let Some(given) = all.last() {
                    self.infer_signature(pattern, given, wanted, found);
                }
            }
            TyKind::Instance { .. } => self.infer_instance(pattern, given, wanted, found),
            TyKind::Shape { .. } => self.infer_members(pattern, given, wanted, found),
            TyKind::Mapped { .. } => self.infer_mapped(pattern, given, wanted, found),
            TyKind::Keyof(of) => {
                // `keyof T` from a name says nothing of T.
                let _ = of;
            }
            TyKind::Object { .. } | TyKind::Indexed(..) => {}
        }
    }

    fn expanded_alias(&self, ty: &Ty) -> Ty {
        let once = self.expanded(ty);
        if once.same(ty) { Ty::unknown() } else { once }
    }

    /// Whether something is itself a type parameter that is looked for.
    fn is_open(&self, given: &Ty, wanted: &[Def]) -> bool {
        match given.kind() {
            TyKind::Parameter(def) => wanted.contains(def),
            TyKind::Unknown => true,
            _ => false,
        }
    }

    fn infer_union(&self, parts: &[Ty], given: &Ty, wanted: &[Def], found: &mut Vec<(Def, Ty)>) {
        let naked = |it: &&Ty| matches!(it.kind(), TyKind::Parameter(def) if wanted.contains(def));
        let before = found.len();
        let mut left = Vec::new();
        for given in given.parts() {
            if parts.iter().any(|it| it.same(given)) {
                continue;
            }
            let known = found.len();
            for pattern in parts.iter().filter(|it| !naked(it)) {
                if self.alike(pattern, given) {
                    self.infer(pattern, given, wanted, found);
                }
            }
            if found.len() == known {
                left.push(given.clone());
            }
        }
        let left = Ty::union(left);
        if left.is_unknown() {
            return;
        }
        for pattern in parts.iter().filter(naked) {
            self.infer(pattern, &left, wanted, found);
        }
        if found.len() == before {
            for pattern in parts.iter().filter(|it| !naked(it)) {
                self.infer(pattern, &left, wanted, found);
            }
        }
    }

    /// Whether two are of the same sort, so that one may say something of the other.
    fn alike(&self, pattern: &Ty, given: &Ty) -> bool {
        let given = self.expanded(given);
        let pattern = self.expanded(pattern);
        match (pattern.kind(), given.kind()) {
            (TyKind::Instance { .. }, TyKind::Instance { .. }) => {
                self.instance_in(&pattern, &given).is_some()
            }
            (
                TyKind::Array { .. } | TyKind::Tuple { .. },
                TyKind::Array { .. } | TyKind::Tuple { .. },
            ) => true,
            (TyKind::Instance { .. }, TyKind::Array { .. } | TyKind::Tuple { .. }) => self
                .library_name(&pattern)
                .is_some_and(|(name, _)| is_iterable(&name)),
            (TyKind::Functions(_), _) => !self.signatures(&given, false).is_empty(),
            (TyKind::Shape { .. }, TyKind::Shape { .. } | TyKind::Object { .. }) => true,
            (TyKind::Union(parts), _) => parts.iter().any(|it| self.alike(it, &given)),
            _ => false,
        }
    }

    fn infer_tuple(
        &self,
        elements: &[Element],
        given: &Ty,
        wanted: &[Def],
        found: &mut Vec<(Def, Ty)>,
    ) {
        let given = self.expanded(given);
        for (at, element) in elements.iter().enumerate() {
            if !element.rest {
                self.infer(&element.ty, &self.element(&given, at), wanted, found);
                continue;
            }
            let TyKind::Tuple { elements: own, .. } = given.kind() else {
                continue;
            };
            let behind = elements.len() - at - 1;
            let end = own.len().saturating_sub(behind);
            let rest = Ty::new(TyKind::Tuple {
                elements: own.get(at..end).unwrap_or_default().into(),
                readonly: false,
            });
            self.infer(&element.ty, &rest, wanted, found);
            for (pattern, given) in elements.iter().rev().zip(own.iter().rev()).take(behind) {
                self.infer(&pattern.ty, &given.ty, wanted, found);
            }
            return;
        }
    }

    pub(super) fn infer_signature(
        &self,
        pattern: &Signature,
        given: &super::signatures::Callable,
        wanted: &[Def],
        found: &mut Vec<(Def, Ty)>,
    ) {
        let hir = self.hir(pattern.file);
        let function = hir.function(pattern.function);
        if let Some(signature) = &given.signature {
            for (at, param) in function.params.iter().enumerate() {
                if param.rest {
                    let Some(ty) = param.ty else { continue };
                    let ty = self.written(pattern.file, ty, &pattern.subst);
                    let rest = self.rest_parameters(signature, at);
                    self.infer(&ty, &rest, wanted, found);
                    continue;
                }
                let (Some(own), Some(other)) = (
                    self.signature_parameter(pattern, at),
                    self.annotated_parameter(signature, at),
                ) else {
                    continue;
                };
                self.infer(&own, &other, wanted, found);
            }
        }
        let Some(ret) = function.ret else { return };
        let own = self.written(pattern.file, ret, &pattern.subst);
        let given = match (&given.instance, &given.signature) {
            (Some(instance), _) => instance.clone(),
            (None, Some(signature)) => self.returned(signature),
            (None, None) => return,
        };
        self.infer(&own, &given, wanted, found);
    }

    /// Functions of several types: what their parameters say holds for all of them at once.
    fn infer_from_union(
        &self,
        pattern: &Signature,
        parts: &[Ty],
        wanted: &[Def],
        found: &mut Vec<(Def, Ty)>,
    ) {
        let hir = self.hir(pattern.file);
        let function = hir.function(pattern.function);
        let returns = function
            .ret
            .map(|it| self.written(pattern.file, it, &pattern.subst));
        let mut all = Vec::new();
        for part in parts {
            let callables = self.signatures(part, false);
            let Some(given) = callables.last().and_then(|it| it.signature.as_ref()) else {
                continue;
            };
            for at in 0..function.params.len() {
                let own = self.signature_parameter(pattern, at);
                let other = self.annotated_parameter(given, at);
                if let (Some(own), Some(other)) = (own, other) {
                    self.infer(&own, &other, wanted, &mut all);
                }
            }
            if let Some(returns) = &returns {
                let mut more = Vec::new();
                self.infer(returns, &self.returned(given), wanted, &mut more);
                found.extend(more);
            }
        }
        for &def in wanted {
            let parts = all.iter().filter(|(it, _)| *it == def);
            let parts: Vec<Ty> = parts.map(|(_, ty)| ty.clone()).collect();
            if !parts.is_empty() {
                found.push((def, Ty::intersection(parts)));
            }
        }
    }

    /// The type of a parameter that is written, not expected.
    fn annotated_parameter(&self, signature: &Signature, at: usize) -> Option<Ty> {
        let hir = self.hir(signature.file);
        let params = &hir.function(signature.function).params;
        let param = params.get(at).or(params.last())?;
        param.ty?;
        self.signature_parameter(signature, at)
    }

    /// The part of what `given` is and extends that is of the class or interface of `pattern`.
    fn instance_in(&self, pattern: &Ty, given: &Ty) -> Option<Ty> {
        let TyKind::Instance { defs, .. } = pattern.kind() else {
            return None;
        };
        let is = |it: &Ty| matches!(it.kind(), TyKind::Instance { defs: own, .. } if own == defs);
        self.with_bases(given).into_iter().find(is)
    }

    fn infer_instance(&self, pattern: &Ty, given: &Ty, wanted: &[Def], found: &mut Vec<(Def, Ty)>) {
        let TyKind::Instance { args, .. } = pattern.kind() else {
            return;
        };
        if args.is_empty() {
            return;
        }
        let given = self.expanded(given).non_null();
        if let TyKind::Union(parts) = given.kind() {
            for part in parts {
                self.infer(pattern, part, wanted, found);
            }
            return;
        }
        if let TyKind::Intersection(parts) = given.kind() {
            for part in parts {
                self.infer(pattern, part, wanted, found);
            }
            return;
        }
        if let Some(same) = self.instance_in(pattern, &given)
            && let TyKind::Instance { args: own, .. } = same.kind()
        {
            for (pattern, given) in args.iter().zip(own) {
                self.infer(pattern, given, wanted, found);
            }
            return;
        }
        if let Some((name, _)) = self.library_name(pattern) {
            match &*name {
                "PromiseLike" | "Promise" => {
                    let inner = self.awaited(&given);
                    if !inner.same(&given) {
                        self.infer(&args[0], &inner, wanted, found);
                    }
                    return;
                }
                _ if is_iterable(&name) => {
                    if !given.is_plain()
                        || matches!(
                            given.kind(),
                            TyKind::Constant(Constant::String(_))
                                | TyKind::Primitive(Primitive::String)
                        )
                    {
                        self.infer(&args[0], &self.iterated(&given), wanted, found);
                    }
                    return;
                }
                _ => {}
            }
        }
        self.infer_members(pattern, &given, wanted, found);
        self.infer_call(pattern, &given, wanted, found);
    }

    fn infer_call(&self, pattern: &Ty, given: &Ty, wanted: &[Def], found: &mut Vec<(Def, Ty)>) {
        for construct in [false, true] {
            let own = self.signatures(pattern, construct);
            let Some(own) = own.first().and_then(|it| it.signature.as_ref()) else {
                continue;
            };
            if let Some(given) = self.signatures(given, construct).last() {
                self.infer_signature(own, given, wanted, found);
            }
        }
    }

    /// Member by member.
    fn infer_members(&self, pattern: &Ty, given: &Ty, wanted: &[Def], found: &mut Vec<(Def, Ty)>) {
        let given = self.expanded(given).non_null();
        if given.is_plain() || matches!(given.kind(), TyKind::Unknown | TyKind::Parameter(_)) {
            return;
        }
        if let TyKind::Shape { .. } = pattern.kind() {
            self.infer_call(pattern, &given, wanted, found);
            let own = self.index_signature(pattern);
            if !own.is_unknown() {
                let index = self.index_signature(&given);
                self.infer(&own, &index, wanted, found);
            }
        }
        let names = self.member_names(pattern);
        for name in names.iter().take(24) {
            let Some(member) = self.lookup(&given, name).into_iter().next() else {
                continue;
            };
            let own = self.type_of_member_named(pattern, name);
            if own.is_plain() || own.is_unknown() {
                continue;
            }
            let other = self.type_of_member(&member);
            self.infer(&own.non_null(), &other.non_null(), wanted, found);
        }
    }

    /// `{ [K in keyof T]: F<T[K]> }`: what it is given is taken for T, as far as that says what members there are.
    fn infer_mapped(&self, pattern: &Ty, given: &Ty, wanted: &[Def], found: &mut Vec<(Def, Ty)>) {
        let Some(source) = self.mapped_source(pattern) else {
            let value = self.index_signature(pattern);
            let given = self.expanded(given);
            if value.is_unknown() || given.is_plain() {
                return;
            }
            // `{ [K in string]: V }`: from every member.
            let each = self.member_names(&given).into_iter().take(16);
            let all = Ty::union(each.map(|name| self.type_of_member_named(&given, &name)));
            let all = Ty::union([all, self.index_signature(&given)]);
            self.infer(&value, &all, wanted, found);
            return;
        };
        if let TyKind::Parameter(def) = source.kind()
            && wanted.contains(def)
            && !self.is_open(given, wanted)
        {
            found.push((*def, given.clone()));
        }
    }
}

fn is_iterable(name: &str) -> bool {
    matches!(
        name,
        "Iterable"
            | "IterableIterator"
            | "ArrayLike"
            | "AsyncIterable"
            | "Iterator"
            | "ConcatArray"
    )
}
