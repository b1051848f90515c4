//! Members: of modules, namespaces, enums and classes by name, of anything else by its declared type.

mod listed;
mod lookup;
mod mapped;
mod names;
mod overloads;
mod statics;
#[cfg(test)]
mod tests;

use symphony_db::SourceFile;
use symphony_hir::{
    DeclData, DeclId, ExprId, ExprKind, FunctionId, Hir, Meaning, PatternId, TypeId,
};
use symphony_text::TextRange;

pub use listed::Members;
pub(crate) use lookup::Member;

use crate::semantics::{Def, Semantics, Target, Targets, push_new};
use crate::types::{Constant, Subst, Ty, TyKind};

impl Semantics<'_> {
    /// The member `name` of what the expression `object` is.
    pub fn member(
        &self,
        file: SourceFile,
        hir: &Hir,
        object: ExprId,
        name: &str,
        meaning: Meaning,
    ) -> Targets {
        self.at_home(file);
        if !meaning.meets(Meaning::VALUE) || meaning.meets(Meaning::NAMESPACE) {
            let objects = self.expr_targets(file, hir, object);
            let found = self.members_of_all(&objects, name, meaning);
            if !found.is_empty() || !meaning.meets(Meaning::VALUE) {
                return found;
            }
        }
        let object = self.expr_type(file, hir, object);
        self.members_named(&object, name)
    }

    /// Where the index signatures are written that a member of `object` is of, which nothing declares by its name.
    pub fn index_signatures(
        &self,
        file: SourceFile,
        hir: &Hir,
        object: ExprId,
    ) -> Vec<(SourceFile, TextRange)> {
        let object = self.expr_type(file, hir, object);
        self.index_places(&object)
    }

    /// The property `name` of what a pattern takes apart.
    pub fn pattern_member(
        &self,
        file: SourceFile,
        _hir: &Hir,
        of: PatternId,
        name: &str,
    ) -> Targets {
        self.at_home(file);
        let of = self.pattern_type(file, of);
        self.members_named(&of, name)
    }

    /// The property `name` of a written type.
    pub fn type_member(&self, file: SourceFile, _hir: &Hir, of: TypeId, name: &str) -> Targets {
        self.at_home(file);
        let of = self.written(file, of, &Subst::default());
        self.members_named(&of, name)
    }

    /// The property `name` of the properties of what a JSX tag names.
    pub fn attribute(&self, file: SourceFile, hir: &Hir, tag: ExprId, name: &str) -> Targets {
        self.at_home(file);
        let props = self.props_of_tag(file, hir, tag);
        let found = self.own_members_named(&props, name);
        if !found.is_empty() {
            return found;
        }
        // `key` and `ref` are of all elements.
        for interface in ["IntrinsicAttributes", "IntrinsicClassAttributes"] {
            let all = self.jsx_interface(file, interface);
            let found = self.own_members_named(&all, name);
            if !found.is_empty() {
                return found;
            }
        }
        Targets::new()
    }

    /// The signature of the component that a JSX tag names.
    pub fn tag_function(
        &self,
        file: SourceFile,
        hir: &Hir,
        tag: ExprId,
    ) -> Option<(SourceFile, FunctionId)> {
        let component = self.expr_type(file, hir, tag);
        let signature = self
            .signatures(&component, false)
            .into_iter()
            .next()?
            .signature?;
        Some((signature.file, signature.function))
    }

    /// What declares an HTML element.
    pub fn intrinsic_element(&self, file: SourceFile, name: &str) -> Targets {
        self.at_home(file);
        let elements = self.jsx_interface(file, "IntrinsicElements");
        self.members_named(&elements, name)
    }

    /// The property that the key `name` of an object literal stands for by what is expected of the literal; nothing if
    /// nothing is expected of it.
    pub fn object_member(
        &self,
        file: SourceFile,
        hir: &Hir,
        object: ExprId,
        name: &str,
    ) -> Targets {
        self.at_home(file);
        let ExprKind::Object { table, .. } = hir.expr(object).kind else {
            return Targets::new();
        };
        let expected = self.expected_object(file, hir, object);
        let found = self.own_members_named(&expected, name);
        let is_open = |it: &Ty| matches!(it.kind(), TyKind::Parameter(_));
        if !found.is_empty() || !expected.parts().iter().any(is_open) {
            return found;
        }
        // The literal itself says what the type parameter stands for.
        let own = hir.name_id(name).and_then(|name| hir.member(table, name));
        own.map(|symbol| Target::Symbol(Def { file, symbol }))
            .into_iter()
            .collect()
    }

    /// The object literal that a declaration is a key of.
    pub fn object_of_key(&self, file: SourceFile, hir: &Hir, key: DeclId) -> Option<ExprId> {
        self.literal_of(file, hir, key)
    }

    /// All members of a type by name, in the order of their declarations.
    pub fn members(&self, ty: &Ty) -> Vec<(smol_str::SmolStr, Targets)> {
        let mut found: Vec<(smol_str::SmolStr, Targets)> = Vec::new();
        let mut places = rustc_hash::FxHashMap::default();
        for (name, member) in self.all_members(&ty.non_null()) {
            let at = *places.entry(name.clone()).or_insert_with(|| {
                found.push((name.clone(), Targets::new()));
                found.len() - 1
            });
            if let Some(target) = member.target {
                push_new(&mut found[at].1, target);
            }
        }
        found
    }

    /// The type of what a name in a file stands for as a value.
    pub fn type_of(&self, file: SourceFile, targets: &Targets) -> Ty {
        self.at_home(file);
        self.value_type(targets)
    }

    /// The declarations of a type: its class, interface, enum, alias or type parameter.
    pub fn ty_targets(&self, ty: &Ty) -> Targets {
        let mut found = Targets::new();
        self.collect_ty_targets(ty, &mut found);
        found
    }

    fn collect_ty_targets(&self, ty: &Ty, found: &mut Targets) {
        match ty.kind() {
            TyKind::Instance { defs, .. } => {
                for &def in defs {
                    push_new(found, Target::Symbol(def));
                }
            }
            TyKind::Alias { .. } => {
                let body = self.expanded(ty);
                self.collect_ty_targets(&body, found);
            }
            TyKind::Constant(Constant::Member(def)) => push_new(found, Target::Symbol(*def)),
            TyKind::Parameter(def) => push_new(found, Target::Symbol(*def)),
            TyKind::Static(target) => push_new(found, *target),
            TyKind::Union(parts) | TyKind::Intersection(parts) => {
                for part in parts.iter() {
                    self.collect_ty_targets(part, found);
                }
            }
            TyKind::Array { .. } => {
                if let Some(array) = self.apparent(ty) {
                    self.collect_ty_targets(&array, found);
                }
            }
            _ => {}
        }
    }

    /// The classes and interfaces that a class or interface extends or implements.
    pub fn bases(&self, of: Def) -> Targets {
        self.at_home(of.file);
        let hir = self.hir(of.file);
        let mut found = Targets::new();
        for base in self.base_types(&self.own_instance(of)) {
            self.collect_ty_targets(&base, &mut found);
        }
        for &decl in &hir.symbol(of.symbol).decls {
            if let DeclData::Class(class) = hir.decl(decl).data {
                for &ty in &hir.class(class).implements {
                    let ty = self.written(of.file, ty, &Subst::default());
                    self.collect_ty_targets(&ty, &mut found);
                }
            }
        }
        found
    }

    /// The member `name` of a class or interface, and of all that it extends or implements: the nearest first.
    pub fn members_with_bases(&self, of: Def, name: &str) -> Targets {
        let mut found = Targets::new();
        let mut todo: Vec<Target> = vec![Target::Symbol(of)];
        let mut seen = Targets::new();
        while let Some(next) = todo.pop() {
            let Target::Symbol(def) = next else { continue };
            if seen.contains(&next) || seen.len() > 64 {
                continue;
            }
            seen.push(next);
            for member in self.own_table_members(def, name) {
                push_new(&mut found, member);
            }
            todo.extend(self.bases(def).into_iter().rev());
        }
        found
    }
}
