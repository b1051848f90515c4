//! Members that need no types: exports of modules and namespaces, members of enums, static members of classes.

use symphony_hir::{DeclData, DeclFlags, ExportTarget, Meaning, SymbolId};

use crate::graph::Module;
use crate::semantics::{Def, Semantics, Target, Targets, push_new};

impl Semantics<'_> {
    /// The members `name` of the parts of something.
    pub(crate) fn members_of_all(&self, of: &Targets, name: &str, meaning: Meaning) -> Targets {
        let mut found = Targets::new();
        for &target in of {
            for member in self.named_member(target, name) {
                if self.means(member, meaning) {
                    push_new(&mut found, member);
                }
            }
        }
        found
    }

    fn means(&self, target: Target, meaning: Meaning) -> bool {
        match target {
            Target::Symbol(def) => self.hir(def.file).symbol(def.symbol).meaning.meets(meaning),
            Target::Module(_) | Target::Ambient(..) => {
                meaning.meets(Meaning::NAMESPACE.and(Meaning::VALUE))
            }
        }
    }

    /// What can be named behind a dot without knowing types: exports of modules and namespaces, members of enums, static
    /// members of classes.
    pub fn named_member(&self, of: Target, name: &str) -> Targets {
        match of {
            Target::Module(file) => self.exported(&Module::File(file), name),
            Target::Ambient(file, scope) => {
                let hir = self.hir(file);
                let number = hir
                    .ambient_modules()
                    .iter()
                    .position(|it| it.scope == Some(scope));
                let module = number.map(|at| Module::Ambient(vec![(file, at as u32)]));
                module
                    .map(|it| self.exported(&it, name))
                    .unwrap_or_default()
            }
            Target::Symbol(def) => self.static_member(def, name),
        }
    }

    fn static_member(&self, of: Def, name: &str) -> Targets {
        let hir = self.hir(of.file);
        let mut found = Targets::new();
        let Some(id) = hir.name_id(name) else {
            return found;
        };
        let mut add = |symbol: Option<SymbolId>| {
            if let Some(symbol) = symbol {
                push_new(
                    &mut found,
                    Target::Symbol(Def {
                        file: of.file,
                        symbol,
                    }),
                );
            }
        };
        let mut listed = Vec::new();
        for &decl in &hir.symbol(of.symbol).decls {
            match hir.decl(decl).data {
                DeclData::Namespace(scope) => {
                    let exported = |symbol: &SymbolId| {
                        let decls = &hir.symbol(*symbol).decls;
                        decls.iter().any(|&it| hir.has(it, DeclFlags::EXPORTED))
                    };
                    add(hir.in_scope(scope, id).filter(exported));
                    let exports = hir.exports(scope).into_iter().flat_map(|it| &it.named);
                    listed.extend(exports.filter(|it| it.name == id).map(|it| it.target));
                }
                DeclData::Enum(table) => add(hir.member(table, id)),
                DeclData::Class(class) => add(hir.member(hir.class(class).statics, id)),
                DeclData::Binding(_) => {
                    let class = self.class_of(&hir, of);
                    add(class.and_then(|it| hir.member(it.statics, id)));
                }
                _ => {}
            }
        }
        if found.is_empty()
            && let Some(expando) = hir.expando(of.symbol)
            && let Some(symbol) = hir.member(expando.statics, id)
        {
            let file = of.file;
            found.push(Target::Symbol(Def { file, symbol }));
        }
        // `export { a }` in a namespace.
        for target in listed {
            if let ExportTarget::Local(token) = target {
                for target in self.token(of.file, &hir, token) {
                    push_new(&mut found, target);
                }
            }
        }
        found
    }

    /// What a class, interface or enum itself declares under a name: instance and static.
    pub(crate) fn own_table_members(&self, of: Def, name: &str) -> Targets {
        let hir = self.hir(of.file);
        let mut found = Targets::new();
        let Some(id) = hir.name_id(name) else {
            return found;
        };
        for &decl in &hir.symbol(of.symbol).decls {
            let tables = match hir.decl(decl).data {
                DeclData::Class(class) => {
                    let class = hir.class(class);
                    [Some(class.instance), Some(class.statics)]
                }
                DeclData::Interface(shape) => [Some(hir.shape(shape).table), None],
                DeclData::Enum(table) => [Some(table), None],
                _ => continue,
            };
            for table in tables.into_iter().flatten() {
                if let Some(symbol) = hir.member(table, id) {
                    let def = Def {
                        file: of.file,
                        symbol,
                    };
                    push_new(&mut found, Target::Symbol(def));
                }
            }
        }
        found
    }
}
