//! What a file imports and exports, by name.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use symphony_hir::{
    DeclData, DeclFlags, DeclKind, ExportTarget as HirTarget, ExprKind, Hir, Imported, ModuleRefId,
    ScopeId, ScopeKind,
};

use crate::DeclarationKind;

/// A name that a file imports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The name in the file.
    pub local: SmolStr,
    /// The module, as an index into the specifiers.
    pub module: u32,
    /// What of the module: its name there; none for the module itself.
    pub imported: Option<SmolStr>,
    /// Whether it is the `export =` of the module, if there is one: `import a = require()`.
    pub equals: bool,
}

/// What a module exports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportList {
    /// Sorted by name. A name that is exported more than once (overloads, merged declarations) is here once.
    pub named: Box<[Export]>,
    /// The modules of `export * from`, as indices into the specifiers.
    pub stars: Box<[u32]>,
    /// `export =`.
    pub equals: Option<Equals>,
}

impl ExportList {
    /// The export `name`.
    pub fn get(&self, name: &str) -> Option<&Export> {
        let at = self
            .named
            .binary_search_by(|it| (*it.name).cmp(name))
            .ok()?;
        Some(&self.named[at])
    }
}

/// One exported name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// The name that others see.
    pub name: SmolStr,
    /// What is behind it.
    pub target: ExportTarget,
    /// Whether it is `export type`.
    pub type_only: bool,
}

/// What is behind an exported name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportTarget {
    /// What the file declares or imports under this name; what sort it is, if it is declared here.
    Local(SmolStr, Option<DeclarationKind>),
    /// A default export without a name.
    Nameless(Option<DeclarationKind>),
    /// What another module exports under this name.
    From(u32, SmolStr),
    /// Another module.
    Namespace(u32),
}

/// What is behind `export =`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Equals {
    /// What the file declares or imports under this name.
    Local(SmolStr),
    /// An expression.
    Expression,
}

/// A module that a file declares or augments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmbientModule {
    /// Its name, possibly with a `*`.
    pub name: SmolStr,
    /// What it exports.
    pub exports: ExportList,
}

/// Collects from a lowered file.
pub(crate) struct Modules<'a> {
    hir: &'a Hir,
    pub(crate) specifiers: Box<[SmolStr]>,
    numbers: Vec<u32>,
}

impl<'a> Modules<'a> {
    pub(crate) fn new(hir: &'a Hir) -> Self {
        let mut specifiers: Vec<SmolStr> = Vec::new();
        let mut known = FxHashMap::default();
        let numbers = hir.modules().map(|(_, module)| {
            *known.entry(module.specifier).or_insert_with(|| {
                specifiers.push(hir.name(module.specifier).clone());
                specifiers.len() as u32 - 1
            })
        });
        let numbers = numbers.collect();
        Self {
            hir,
            specifiers: specifiers.into(),
            numbers,
        }
    }

    pub(crate) fn number(&self, module: ModuleRefId) -> u32 {
        self.numbers[module.index()]
    }

    /// What is imported in the file's own scope, and in its ambient modules: their names do not clash in practice.
    pub(crate) fn imports(&self) -> Box<[Import]> {
        let hir = self.hir;
        let mut all: Vec<Import> = hir
            .decls()
            .filter(|(_, decl)| {
                let kind = hir.scope(decl.scope).kind;
                matches!(
                    kind,
                    ScopeKind::File | ScopeKind::AmbientModule | ScopeKind::Global
                )
            })
            .filter_map(|(_, decl)| {
                let DeclData::Import(module, imported) = decl.data else {
                    return None;
                };
                Some(Import {
                    local: hir.name(decl.name).clone(),
                    module: self.number(module),
                    imported: match imported {
                        Imported::Default => Some(SmolStr::new_static("default")),
                        Imported::Named(name) => Some(hir.name(name).clone()),
                        Imported::Namespace | Imported::Equals => None,
                    },
                    equals: imported == Imported::Equals,
                })
            })
            .collect();
        all.sort_by(|a, b| a.local.cmp(&b.local));
        all.dedup_by(|a, b| a.local == b.local);
        all.into()
    }

    pub(crate) fn exports(&self, scope: ScopeId) -> ExportList {
        let hir = self.hir;
        let Some(exports) = hir.exports(scope) else {
            return ExportList::default();
        };
        let mut named: Vec<Export> = exports
            .named
            .iter()
            .map(|export| Export {
                name: hir.name(export.name).clone(),
                target: self.target(export.target),
                type_only: export.type_only,
            })
            .collect();
        // Of several declarations the one that exists at run time says most.
        named.sort_by(|a, b| {
            a.name
                .cmp(&b.name)
                .then_with(|| rank(&b.target).cmp(&rank(&a.target)))
        });
        named.dedup_by(|a, b| a.name == b.name);
        let mut stars: Vec<u32> = exports
            .stars
            .iter()
            .map(|&star| self.number(star))
            .collect();
        stars.dedup();
        ExportList {
            named: named.into(),
            stars: stars.into(),
            equals: exports.equals.map(|decl| match hir.decl(decl).data {
                DeclData::Expression(value) => match hir.expr(value).kind {
                    ExprKind::Name(token) => Equals::Local(hir.name(hir.token(token).name).clone()),
                    _ => Equals::Expression,
                },
                _ => Equals::Expression,
            }),
        }
    }

    fn target(&self, target: HirTarget) -> ExportTarget {
        let hir = self.hir;
        match target {
            HirTarget::Decl(id) => {
                let decl = hir.decl(id);
                let kind = crate::declarations::kind(hir, decl);
                let nameless =
                    decl.flags.has(DeclFlags::DEFAULT) && hir.name(decl.name) == "default";
                match decl.data {
                    // `export default a` hands on whatever `a` is.
                    DeclData::Expression(value) if decl.kind == DeclKind::ExportAssignment => {
                        match hir.expr(value).kind {
                            ExprKind::Name(token) => self.local(hir.token(token).name),
                            _ => ExportTarget::Nameless(kind),
                        }
                    }
                    _ if nameless => ExportTarget::Nameless(kind),
                    _ => ExportTarget::Local(hir.name(decl.name).clone(), kind),
                }
            }
            HirTarget::Local(token) => self.local(hir.token(token).name),
            HirTarget::From(module, name) => {
                ExportTarget::From(self.number(module), hir.name(name).clone())
            }
            HirTarget::Namespace(module) => ExportTarget::Namespace(self.number(module)),
        }
    }

    fn local(&self, name: symphony_hir::NameId) -> ExportTarget {
        let hir = self.hir;
        let symbol = hir.in_scope(Hir::FILE, name);
        let kinds = symbol.map_or(&[][..], |it| &hir.symbol(it).decls).iter();
        let kind = kinds.filter_map(|&it| crate::declarations::kind(hir, hir.decl(it)));
        ExportTarget::Local(
            hir.name(name).clone(),
            kind.max_by_key(|kind| kind.is_value()),
        )
    }

    pub(crate) fn ambient(&self) -> Box<[AmbientModule]> {
        let modules = self.hir.ambient_modules().iter();
        modules
            .map(|it| AmbientModule {
                name: self.hir.name(self.hir.module(it.module).specifier).clone(),
                exports: it
                    .scope
                    .map(|scope| self.exports(scope))
                    .unwrap_or_default(),
            })
            .collect()
    }

    pub(crate) fn globals(&self) -> Box<[SmolStr]> {
        let hir = self.hir;
        let mut all: Vec<SmolStr> = hir
            .global_scopes()
            .iter()
            .flat_map(|&scope| &hir.scope(scope).symbols)
            .map(|&symbol| hir.name(hir.symbol(symbol).name).clone())
            .chain(
                hir.umd_namespaces()
                    .iter()
                    .map(|&it| hir.name(hir.decl(it).name).clone()),
            )
            .collect();
        all.sort_unstable();
        all.dedup();
        all.into()
    }
}

fn rank(target: &ExportTarget) -> u8 {
    match target {
        ExportTarget::Local(_, Some(kind)) | ExportTarget::Nameless(Some(kind)) => {
            1 + u8::from(kind.is_value())
        }
        _ => 0,
    }
}
