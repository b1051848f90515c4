//! Names that nothing declares, as hints: never one that something might declare after all.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use symphony_db::{Db, SourceFile};
use symphony_hir::{ExprKind, Hir, Meaning, TokenFlags, TokenId, TokenKind, UnaryOp};
use symphony_semantic::{Globals, globals, project_of};
use symphony_text::TextRange;

use crate::auto_import::Sources;
use crate::symbol_query::symbol_mask;

/// A name that nothing declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnresolvedName {
    /// Where it is.
    pub range: TextRange,
    /// The name.
    pub name: SmolStr,
    /// What it would have to stand for.
    pub meaning: Meaning,
}

/// Names that are there without any declaration.
const BUILT_IN: &[&str] = &[
    "arguments",
    "undefined",
    "globalThis",
    "this",
    "super",
    "const",
    "NaN",
    "Infinity",
];

/// Names that some environment of JavaScript has, whatever its libraries say.
const ENVIRONMENT: &[&str] = &[
    "module",
    "exports",
    "require",
    "__dirname",
    "__filename",
    "define",
    "process",
    "Buffer",
    "global",
    "console",
    "window",
    "document",
    "self",
];

/// The names in a file that nothing declares: neither the file, nor an import, nor anything global. Where the libraries of
/// the language are not known, only names that another file of the workspace exports.
pub fn unresolved_names(db: &dyn Db, file: SourceFile) -> Vec<UnresolvedName> {
    let hir = symphony_db::hir(db, file);
    if hir.is_declarations {
        return Vec::new();
    }
    let globals = globals(db, project_of(db, file));
    let mut found: Vec<UnresolvedName> = hir
        .tokens()
        .iter()
        .enumerate()
        .filter_map(|(at, _)| unresolved(&hir, &globals, TokenId(at as u32)))
        .collect();
    if !found.is_empty() && globals.files("Array").is_empty() {
        let exported = exported_by_any(db, file, &hir, &found);
        found.retain(|it| exported.contains(&it.name));
    }
    found
}

fn unresolved(hir: &Hir, globals: &Globals, id: TokenId) -> Option<UnresolvedName> {
    let token = hir.token(id);
    let TokenKind::Use {
        meaning,
        symbol: None,
        ..
    } = token.kind
    else {
        return None;
    };
    let name = hir.name(token.name);
    let in_comment = token.flags.has(TokenFlags::DOC);
    let written = !in_comment || hir.is_javascript;
    let known = !globals.files(name).is_empty()
        || BUILT_IN.contains(&&**name)
        || (hir.is_javascript && ENVIRONMENT.contains(&&**name))
        || name.is_empty()
        || is_asked_for(hir, id);
    (written && !known).then(|| UnresolvedName {
        range: token.range,
        name: name.clone(),
        meaning,
    })
}

/// `typeof name` asks whether there is such a name.
fn is_asked_for(hir: &Hir, token: TokenId) -> bool {
    hir.exprs().any(|(_, it)| match it.kind {
        ExprKind::Unary(UnaryOp::TypeOf, inner) => {
            matches!(hir.expr(inner).kind, ExprKind::Name(name) if name == token)
        }
        _ => false,
    })
}

/// Which of the names some module that could be imported exports.
fn exported_by_any(
    db: &dyn Db,
    file: SourceFile,
    hir: &Hir,
    names: &[UnresolvedName],
) -> FxHashSet<SmolStr> {
    let wanted: FxHashSet<&str> = names.iter().map(|it| it.name.as_str()).collect();
    let masks: FxHashSet<u64> = wanted.iter().map(|name| symbol_mask(name)).collect();
    let mut exported = FxHashSet::default();
    Sources::new(db, file, hir).each(
        |mask| masks.contains(&mask),
        |name| wanted.contains(name),
        |it| _ = exported.insert(it.name),
    );
    exported
}
