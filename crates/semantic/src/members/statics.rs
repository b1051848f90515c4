//! Members of classes, enums, namespaces and modules as values.

use smol_str::SmolStr;
use symphony_hir::{DeclData, Hir};

use super::lookup::{Asked, Collected, Member};
use crate::semantics::{Semantics, Target};
use crate::types::Subst;

impl Semantics<'_> {
    pub(super) fn collect_static(&self, target: Target, asked: Asked<'_>, out: &mut Collected) {
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
}
