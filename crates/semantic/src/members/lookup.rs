//! Looking up one member of a type, or all of them.

use smallvec::SmallVec;
use smol_str::SmolStr;
use symphony_db::SourceFile;
use symphony_hir::{DeclData, DeclFlags, ExprKind, Hir, TableId};

use crate::semantics::{Def, Semantics, Target, Targets, push_new};
use crate::types::{Subst, Ty, TyKind, params_as, type_params};

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
pub(super) enum Asked<'a> {
    One(&'a str),
    All,
}

/// Members as they are collected.
pub(super) type Collected = Vec<(SmolStr, Member)>;

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

    pub(super) fn collect(&self, of: &Ty, this: &Ty, asked: Asked<'_>, out: &mut Collected) {
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
