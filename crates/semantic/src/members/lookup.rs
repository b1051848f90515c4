//! Looking up one member of a type, or all of them.

use smallvec::SmallVec;
use smol_str::SmolStr;
use symphony_db::SourceFile;
use symphony_hir::{DeclData, DeclFlags, ExprKind, Hir, TableId, TypeKind};

use crate::semantics::{Def, Semantics, Target, Targets, push_new};
use crate::types::{Constant, Subst, Ty, TyKind, params_as, type_params};

/// A member that was found.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// What declares it; none where nothing does: a key of a mapped type.
    pub(crate) target: Option<Target>,
    /// What the type parameters in its declaration stand for.
    pub(crate) subst: Subst,
    /// Its type, if that is not what its declaration says.
    pub(crate) ty: Option<Ty>,
}

impl Member {
    pub(crate) fn plain(target: Target) -> Self {
        Self {
            target: Some(target),
            subst: Subst::default(),
            ty: None,
        }
    }
}

/// The members under one name.
pub(crate) type Found = SmallVec<[Member; 2]>;

/// Which members are asked for.
#[derive(Clone, Copy)]
enum Asked<'a> {
    One(&'a str),
    All,
}

/// Members as they are collected.
type Collected = Vec<(SmolStr, Member)>;

impl Semantics<'_> {
    /// The declarations of a member of a type.
    pub(crate) fn members_named(&self, of: &Ty, name: &str) -> Targets {
        targets(self.lookup(&of.non_null(), name))
    }

    /// The same, but for what every object has.
    pub(crate) fn own_members_named(&self, of: &Ty, name: &str) -> Targets {
        let mut out = Vec::new();
        let of = of.non_null();
        self.collect(&of, &of, Asked::One(name), &mut out);
        targets(out.into_iter().map(|(_, member)| member).collect())
    }

    /// The type of a member.
    pub(crate) fn type_of_member_named(&self, of: &Ty, name: &str) -> Ty {
        let found = self.lookup(&of.non_null(), name);
        let each = found.iter().map(|it| self.type_of_member(it));
        if matches!(self.expanded(of).kind(), TyKind::Union(_)) {
            return Ty::union(each.collect::<Vec<_>>());
        }
        // Several declarations of one member are overloads or parts of an intersection.
        let mut known: Vec<Ty> = Vec::new();
        for ty in each {
            if !known.iter().any(|it| it.same(&ty)) {
                known.push(ty);
            }
        }
        match known.len() {
            0 => self.index_signature(of),
            1 => known.swap_remove(0),
            _ => Ty::intersection(known),
        }
    }

    /// The members `name` of a type.
    pub(crate) fn lookup(&self, of: &Ty, name: &str) -> Found {
        let mut out = Vec::new();
        self.collect(of, of, Asked::One(name), &mut out);
        if out.is_empty() && !of.is_unknown() {
            self.collect_inherent(of, Asked::One(name), &mut out);
        }
        out.into_iter().map(|(_, member)| member).collect()
    }

    /// All members of a type, without those that every object has.
    pub(crate) fn all_members(&self, of: &Ty) -> Collected {
        let mut out = Vec::new();
        self.collect(of, of, Asked::All, &mut out);
        out
    }

    /// The names of a type's own members.
    pub(crate) fn member_names(&self, of: &Ty) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        for (name, _) in self.all_members(of) {
            if seen.insert(name.clone()) {
                names.push(name);
            }
        }
        names
    }

    /// The names of members that may not be missing.
    pub(crate) fn required_names(&self, of: &Ty) -> Vec<SmolStr> {
        let mut names = Vec::new();
        for (name, member) in self.all_members(of) {
            let optional = member.target.and_then(Target::def).is_some_and(|def| {
                let hir = self.hir(def.file);
                hir.first_decl(def.symbol).flags.has(DeclFlags::OPTIONAL)
            });
            if !optional && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// What functions, and then all objects, have.
    fn collect_inherent(&self, of: &Ty, asked: Asked<'_>, out: &mut Collected) {
        let of = self.expanded(of);
        if of.is_nothing() || matches!(of.kind(), TyKind::Unknown) {
            return;
        }
        if let TyKind::Parameter(_) = of.kind()
            && self.constraint(&of).is_none()
        {
            return;
        }
        if !matches!(of.kind(), TyKind::Instance { .. } | TyKind::Object { .. })
            && (!self.signatures(&of, false).is_empty() || !self.signatures(&of, true).is_empty())
        {
            let function = self.library_type("Function", &[]);
            self.collect(&function, &of, asked, out);
        }
        if out.is_empty() {
            let object = self.library_type("Object", &[]);
            self.collect(&object, &of, asked, out);
        }
    }

    fn collect(&self, of: &Ty, this: &Ty, asked: Asked<'_>, out: &mut Collected) {
        self.deeper(|| self.collect_here(of, this, asked, out));
    }

    fn collect_here(&self, of: &Ty, this: &Ty, asked: Asked<'_>, out: &mut Collected) {
        match of.kind() {
            TyKind::Unknown => {}
            TyKind::Alias { .. }
            | TyKind::Conditional { .. }
            | TyKind::Indexed(..)
            | TyKind::Keyof(_) => {
                let expanded = self.expanded(of);
                let this = if std::ptr::eq(of, this) {
                    &expanded
                } else {
                    this
                };
                self.collect(&expanded, this, asked, out);
            }
            TyKind::Parameter(_) => {
                if let Some(constraint) = self.constraint(of) {
                    self.collect(&constraint, this, asked, out);
                }
            }
            TyKind::Primitive(_)
            | TyKind::Constant(_)
            | TyKind::Array { .. }
            | TyKind::Functions(_) => {
                if let Some(apparent) = self.apparent(of) {
                    self.collect(&apparent, this, asked, out);
                }
            }
            TyKind::Tuple { elements, .. } => {
                if let Asked::One(name) = asked
                    && let Ok(at) = name.parse::<usize>()
                    && at < elements.len()
                {
                    let member = Member {
                        target: None,
                        subst: Subst::default(),
                        ty: Some(self.element(of, at)),
                    };
                    out.push((name.into(), member));
                    return;
                }
                if let Some(apparent) = self.apparent(of) {
                    self.collect(&apparent, this, asked, out);
                }
            }
            TyKind::Instance { .. } => self.collect_instance(of, this, asked, out),
            TyKind::Static(target) => self.collect_static(*target, asked, out),
            TyKind::Object { file, expr, subst } => {
                let hir = self.hir(*file);
                let ExprKind::Object { table, spreads } = &hir.expr(*expr).kind else {
                    return;
                };
                let before = out.len();
                self.collect_table(*file, &hir, *table, subst, asked, out);
                if matches!(asked, Asked::One(_)) && out.len() > before {
                    return;
                }
                for &spread in spreads.iter().rev() {
                    let ty = self.expr_type(*file, &hir, spread);
                    let ty = self.substituted(&ty, subst).non_null();
                    self.collect(&ty, &ty, asked, out);
                    if matches!(asked, Asked::One(_)) && out.len() > before {
                        return;
                    }
                }
            }
            TyKind::Shape { file, shape, subst } => {
                let hir = self.hir(*file);
                let table = hir.shape(*shape).table;
                self.collect_table(*file, &hir, table, subst, asked, out);
            }
            TyKind::Union(parts) => self.collect_union(parts, asked, out),
            TyKind::Intersection(parts) => {
                for part in parts {
                    self.collect(part, this, asked, out);
                }
            }
            TyKind::Mapped { .. } => self.collect_mapped(of, asked, out),
        }
    }

    fn collect_union(&self, parts: &[Ty], asked: Asked<'_>, out: &mut Collected) {
        let parts = parts.iter().filter(|it| !it.is_nothing());
        for part in parts {
            let mut own = Vec::new();
            self.collect(part, part, asked, &mut own);
            for (name, member) in own {
                let known = |(_, known): &&(SmolStr, Member)| {
                    known.target == member.target && member.target.is_some()
                };
                // The same member by another type argument counts for its type only.
                if matches!(asked, Asked::All) && out.iter().any(|it| known(&it)) {
                    continue;
                }
                out.push((name, member));
            }
        }
    }

    fn collect_table(
        &self,
        file: SourceFile,
        hir: &Hir,
        table: TableId,
        subst: &Subst,
        asked: Asked<'_>,
        out: &mut Collected,
    ) {
        let member = |symbol| Member {
            target: Some(Target::Symbol(Def { file, symbol })),
            subst: subst.clone(),
            ty: None,
        };
        match asked {
            Asked::One(name) => {
                let id = hir.name_id(name);
                if let Some(symbol) = id.and_then(|id| hir.member(table, id)) {
                    out.push((name.into(), member(symbol)));
                }
            }
            Asked::All => {
                for &symbol in hir.members(table) {
                    let name = hir.name(hir.symbol(symbol).name).clone();
                    out.push((name, member(symbol)));
                }
            }
        }
    }

    fn collect_instance(&self, of: &Ty, this: &Ty, asked: Asked<'_>, out: &mut Collected) {
        let TyKind::Instance { defs, args } = of.kind() else {
            return;
        };
        let before = out.len();
        for &def in defs {
            let hir = self.hir(def.file);
            for &decl in &hir.symbol(def.symbol).decls {
                let table = match hir.decl(decl).data {
                    DeclData::Class(class) => hir.class(class).instance,
                    DeclData::Interface(shape) => hir.shape(shape).table,
                    DeclData::Enum(_) => {
                        self.collect_enum_value(asked, out);
                        continue;
                    }
                    DeclData::Binding(_) => match self.class_of(&hir, def) {
                        Some(class) => class.instance,
                        None => continue,
                    },
                    DeclData::Function(_) => match hir.expando(def.symbol) {
                        Some(expando) => expando.instance,
                        None => continue,
                    },
                    _ => continue,
                };
                let params = type_params(&hir, decl);
                let subst = Subst::default().with(params_as(def.file, &hir, &params, args));
                self.collect_table(def.file, &hir, table, &subst.with_this(this), asked, out);
            }
        }
        if matches!(asked, Asked::One(_)) && out.len() > before {
            return;
        }
        let own: rustc_hash::FxHashSet<SmolStr> = match asked {
            Asked::One(_) => Default::default(),
            Asked::All => out[before..].iter().map(|(name, _)| name.clone()).collect(),
        };
        for base in self.base_types(of) {
            let mut inherited = Vec::new();
            self.collect(&base, this, asked, &mut inherited);
            if matches!(asked, Asked::One(_)) && !inherited.is_empty() {
                out.append(&mut inherited);
                return;
            }
            inherited.retain(|(name, _)| !own.contains(name));
            out.append(&mut inherited);
        }
    }

    /// A member of an enum is a number or a string.
    fn collect_enum_value(&self, asked: Asked<'_>, out: &mut Collected) {
        for name in ["Number", "String"] {
            let ty = self.library_type(name, &[]);
            let before = out.len();
            self.collect(&ty, &ty, asked, out);
            if out.len() > before {
                return;
            }
        }
    }

    fn collect_static(&self, target: Target, asked: Asked<'_>, out: &mut Collected) {
        match asked {
            Asked::One(name) => {
                for found in self.named_member(target, name) {
                    for followed in self.follow(found) {
                        if self.is_value(followed) {
                            out.push((name.into(), Member::plain(followed)));
                        }
                    }
                }
                if !out.is_empty() {
                    return;
                }
                // `export default` of CommonJS seen as a namespace.
                let Target::Symbol(def) = target else { return };
                if name == "prototype" {
                    let member = Member {
                        target: None,
                        subst: Subst::default(),
                        ty: Some(self.own_instance(def)),
                    };
                    out.push((name.into(), member));
                    return;
                }
            }
            Asked::All => self.collect_exports(target, out),
        }
        let Target::Symbol(def) = target else { return };
        let hir = self.hir(def.file);
        let Some(class) = self.class_of(&hir, def) else {
            return;
        };
        if let Some((base, _)) = &class.extends {
            let base = self.expr_type(def.file, &hir, *base);
            self.collect(&base, &base, asked, out);
        }
    }

    /// What a module, namespace, class or enum lists.
    fn collect_exports(&self, target: Target, out: &mut Collected) {
        let names: Vec<SmolStr> = self.export_names(target);
        for name in names {
            for found in self.named_member(target, &name) {
                for followed in self.follow(found) {
                    if self.is_value(followed) {
                        out.push((name.clone(), Member::plain(followed)));
                    }
                }
            }
        }
    }

    fn export_names(&self, target: Target) -> Vec<SmolStr> {
        let mut names = Vec::new();
        let file = target.file();
        let hir = self.hir(file);
        let mut list_scope = |scope| {
            if let Some(exports) = hir.exports(scope) {
                names.extend(exports.named.iter().map(|it| hir.name(it.name).clone()));
            }
        };
        match target {
            Target::Module(_) => list_scope(Hir::FILE),
            Target::Ambient(_, scope) => list_scope(scope),
            Target::Symbol(def) => {
                for &decl in &hir.symbol(def.symbol).decls {
                    if let DeclData::Namespace(scope) = hir.decl(decl).data {
                        list_scope(scope);
                    }
                }
                let expando = hir.expando(def.symbol).map(|it| it.statics);
                for &member in expando.map_or(&[][..], |it| hir.members(it)) {
                    names.push(hir.name(hir.symbol(member).name).clone());
                }
                for &decl in &hir.symbol(def.symbol).decls {
                    let table = match hir.decl(decl).data {
                        DeclData::Enum(table) => table,
                        DeclData::Class(class) => hir.class(class).statics,
                        _ => continue,
                    };
                    let members = hir.members(table).iter();
                    names.extend(members.map(|&it| hir.name(hir.symbol(it).name).clone()));
                }
            }
        }
        let mut seen = rustc_hash::FxHashSet::default();
        names.retain(|it| seen.insert(it.clone()));
        names
    }

    fn is_value(&self, target: Target) -> bool {
        target.def().is_none_or(|def| {
            let hir = self.hir(def.file);
            hir.symbol(def.symbol)
                .meaning
                .meets(symphony_hir::Meaning::VALUE)
        })
    }

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

    fn collect_mapped(&self, of: &Ty, asked: Asked<'_>, out: &mut Collected) {
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

fn targets(found: Found) -> Targets {
    let mut targets = Targets::new();
    for member in found {
        if let Some(target) = member.target {
            push_new(&mut targets, target);
        }
    }
    targets
}
