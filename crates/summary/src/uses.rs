//! What each name of a file is there, so that a search need not look into files where it is something else.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use symphony_hir::{
    DeclData, DeclFlags, DeclKind, ExprKind, Hir, Home, Meaning, ModuleRefKind, ScopeKind,
    SymbolId, TokenKind,
};

use crate::modules::Modules;
use crate::{Import, Uses};

/// What each name stands for, by its number.
pub(crate) fn uses(hir: &Hir) -> Vec<Uses> {
    // Once for each symbol, not for each place: an overload may be declared thousands of times.
    let symbols: Vec<Uses> = hir.symbols().map(|(id, _)| of_symbol(hir, id)).collect();
    let mut written = vec![false; hir.names().len()];
    let mut all = vec![Uses::default(); hir.names().len()];
    for token in hir.tokens() {
        let uses = match token.kind {
            TokenKind::Decl(decl) => symbols[hir.decl(decl).symbol.index()],
            TokenKind::Use {
                symbol: Some(symbol),
                ..
            }
            | TokenKind::ExportLocal {
                symbol: Some(symbol),
                ..
            }
            | TokenKind::ParameterName {
                symbol: Some(symbol),
                ..
            } => symbols[symbol.index()],
            TokenKind::Use { symbol: None, .. }
            | TokenKind::ExportLocal { symbol: None, .. }
            | TokenKind::Imported(_)
            | TokenKind::Reexported(_)
            | TokenKind::ExportAlias => Uses::OUTSIDE,
            TokenKind::PatternKey(_)
            | TokenKind::Member { .. }
            | TokenKind::IndexedType(_)
            | TokenKind::JsxAttribute(_)
            | TokenKind::JsxIntrinsic => Uses::MEMBER,
            TokenKind::ParameterName { symbol: None, .. }
            | TokenKind::Label(_)
            | TokenKind::This(_)
            | TokenKind::Module(_) => Uses::default(),
        };
        written[token.name.index()] = true;
        let known = &mut all[token.name.index()];
        *known = known.and(uses);
    }
    for (uses, _) in all.iter_mut().zip(written).filter(|(_, written)| !written) {
        // Nobody has written it: `default` of what is exported without a name.
        *uses = Uses::ANYTHING;
    }
    all
}

fn of_symbol(hir: &Hir, symbol: SymbolId) -> Uses {
    let known = hir.symbol(symbol);
    let decls = || known.decls.iter().map(|&it| hir.decl(it));
    if decls().any(|it| {
        it.flags.has(DeclFlags::PARAMETER_PROPERTY)
            || matches!(it.kind, DeclKind::ExportAssignment | DeclKind::UmdNamespace)
            || matches!(it.data, DeclData::ImportAlias(_))
    }) {
        return Uses::ANYTHING;
    }
    let Home::Scope(scope) = known.home else {
        return Uses::MEMBER;
    };
    let is_import = decls().any(|it| matches!(it.data, DeclData::Import(..)));
    match hir.scope(scope).kind {
        ScopeKind::File if is_import => Uses::OUTSIDE,
        _ if is_import => Uses::ANYTHING,
        ScopeKind::File if hir.is_module => Uses::OWN,
        ScopeKind::Function | ScopeKind::Block | ScopeKind::Class | ScopeKind::Type => {
            Uses::default()
        }
        ScopeKind::File
        | ScopeKind::Global
        | ScopeKind::AmbientModule
        | ScopeKind::Namespace
        | ScopeKind::Enum => Uses::ANYTHING,
    }
}

/// What of other modules a file uses as a whole: not for something behind a dot. If that is a module, its members can be
/// reached from elsewhere, without an import of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loose {
    /// Imports, as indices into those of the summary, in their order.
    pub imports: Arc<[u32]>,
    /// The modules of `import("x")` and `require("x")`, as indices into the specifiers.
    pub modules: Arc<[u32]>,
}

impl Loose {
    pub(crate) fn new(hir: &Hir, imports: &[Import], modules: &Modules<'_>) -> Self {
        let mut qualifies = vec![false; hir.tokens().len()];
        for token in hir.tokens() {
            if let TokenKind::Member { object, .. } = token.kind
                && let ExprKind::Name(name) = hir.expr(object).kind
            {
                qualifies[name.index()] = true;
            }
        }
        let mut loose = vec![false; imports.len()];
        for (token, qualifies) in hir.tokens().iter().zip(qualifies) {
            if let TokenKind::Use {
                symbol: Some(symbol),
                meaning,
                ..
            } = token.kind
                && !qualifies
                // No module is a type.
                && meaning != Meaning::TYPE
                && matches!(hir.first_decl(symbol).data, DeclData::Import(..))
            {
                let local = hir.name(hir.symbol(symbol).name);
                if let Ok(at) = imports.binary_search_by(|it| it.local.cmp(local)) {
                    loose[at] = true;
                }
            }
        }
        let loose = loose.iter().enumerate().filter(|(_, loose)| **loose);
        let named = hir.modules().filter(|(_, module)| {
            matches!(
                module.kind,
                ModuleRefKind::Dynamic | ModuleRefKind::Require | ModuleRefKind::Type
            )
        });
        let mut open: Vec<u32> = named.map(|(id, _)| modules.number(id)).collect();
        open.sort_unstable();
        open.dedup();
        Self {
            imports: loose.map(|(at, _)| at as u32).collect(),
            modules: open.into(),
        }
    }
}
