//! Names that a file declares and never uses: hints that an editor greys out, never errors.
//!
//! The rules are those of TypeScript's `noUnusedLocals` and `noUnusedParameters`. What is not sure is left out: a private
//! member counts as used wherever something of its name is read.

mod candidates;
mod uses;

use rustc_hash::FxHashSet;
use symphony_hir::{DeclData, DeclId, Hir, Imported};
use symphony_text::TextRange;

pub(crate) use uses::has_jsx;

/// A name that is declared and not used, or several at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unused {
    /// The declaration; the first one where all of a list are unused.
    pub decl: DeclId,
    /// What is unnecessary: the name, or all of an import.
    pub range: TextRange,
    /// What sort of name it is.
    pub kind: UnusedKind,
}

/// What sort of name is unused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnusedKind {
    /// One name that an import binds.
    Import,
    /// All of the several names that an import binds.
    AllImports,
    /// A variable, function or class.
    Local,
    /// An interface or alias.
    Type,
    /// A parameter.
    Parameter,
    /// A type parameter.
    TypeParameter,
    /// A private member.
    Member,
    /// A private property that is declared by a parameter.
    Property,
}

impl UnusedKind {
    /// What to tell the user about `name`.
    pub fn message(self, name: &str) -> String {
        match self {
            Self::AllImports => "All imports in import declaration are unused.".to_owned(),
            Self::Type => format!("'{name}' is declared but never used."),
            Self::Property => {
                format!("Property '{name}' is declared but its value is never read.")
            }
            _ => format!("'{name}' is declared but its value is never read."),
        }
    }
}

/// The unused names of a file, in the order of the text. `jsx_factories` are the names that JSX uses without naming them:
/// `React` where `jsx` is `react`.
pub fn unused_names(text: &str, hir: &Hir, jsx_factories: &[&str]) -> Vec<Unused> {
    if hir.is_declarations {
        return Vec::new();
    }
    let uses = uses::Uses::collect(text, hir, jsx_factories);
    let mut found = candidates::names(text, hir, &uses);
    found.extend(candidates::type_parameters(hir, &uses));
    found.extend(candidates::members(hir, &uses));
    let mut found = whole_imports(hir, found);
    found.sort_by_key(|it| (it.range.start(), it.decl));
    found
}

/// Makes one of the names of an import that are all unused.
fn whole_imports(hir: &Hir, found: Vec<Unused>) -> Vec<Unused> {
    let unused: FxHashSet<DeclId> = found.iter().map(|it| it.decl).collect();
    let mut merged = found;
    for import in hir.imports() {
        let listed = import.named.iter().flat_map(|it| &it.specifiers);
        let decls: Vec<DeclId> = (import.default.iter().copied())
            .chain(import.namespace)
            .chain(listed.map(|it| it.decl))
            .collect();
        if decls.is_empty() || !decls.iter().all(|it| unused.contains(it)) {
            continue;
        }
        merged.retain(|it| !decls[1..].contains(&it.decl));
        if let Some(one) = merged.iter_mut().find(|it| it.decl == decls[0]) {
            one.range = import.range;
            if decls.len() > 1 {
                one.kind = UnusedKind::AllImports;
            }
        }
    }
    merged
}

/// Whether a declaration is a name of an `import` declaration rather than of `import a = ` or a `require`.
fn is_import_binding(hir: &Hir, decl: DeclId) -> bool {
    matches!(
        hir.decl(decl).data,
        DeclData::Import(module, what)
            if what != Imported::Equals
                && hir.module(module).kind == symphony_hir::ModuleRefKind::Import
    )
}

#[cfg(test)]
mod tests;
