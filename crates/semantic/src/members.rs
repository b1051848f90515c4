//! Members: of modules, namespaces, enums and classes by name, of anything else by its declared type.

use symphony_db::SourceFile;
use symphony_hir::{DeclData, DeclFlags, ExprId, Hir, Meaning, PatternId, SymbolId, TypeId};

use crate::graph::Module;
use crate::semantics::{Def, Semantics, Target, Targets, push_new};

/// What is known of types for the time of one question.
#[derive(Debug, Default)]
pub(crate) struct TypeCache {}

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
        let objects = self.expr_targets(file, hir, object);
        self.members_of_all(&objects, name, meaning)
    }

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
        for &decl in &hir.symbol(of.symbol).decls {
            match hir.decl(decl).data {
                DeclData::Namespace(scope) => {
                    let exported = |symbol: &SymbolId| {
                        let decls = &hir.symbol(*symbol).decls;
                        decls.iter().any(|&it| hir.has(it, DeclFlags::EXPORTED))
                    };
                    add(hir.in_scope(scope, id).filter(exported));
                }
                DeclData::Enum(table) => add(hir.member(table, id)),
                DeclData::Class(class) => add(hir.member(hir.class(class).statics, id)),
                _ => {}
            }
        }
        found
    }

    /// The property `name` of what a pattern takes apart.
    pub fn pattern_member(
        &self,
        _file: SourceFile,
        _hir: &Hir,
        _of: PatternId,
        _name: &str,
    ) -> Targets {
        Targets::new()
    }

    /// The property `name` of a written type.
    pub fn type_member(&self, _file: SourceFile, _hir: &Hir, _of: TypeId, _name: &str) -> Targets {
        Targets::new()
    }

    /// The property `name` of the properties of what a JSX tag names.
    pub fn attribute(&self, _file: SourceFile, _hir: &Hir, _tag: ExprId, _name: &str) -> Targets {
        Targets::new()
    }
}
