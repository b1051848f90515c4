//! Where a search that begins at an alias ends. An alias of another name is not seen through: `b` of `{ a as b }` is
//! looked for alone, while who looks for `a` finds `b` as well.

use symphony_db::SourceFile;
use symphony_hir::{
    DeclData, ExportTarget, Hir, Imported, ModuleRefId, SymbolId, TokenId, TokenKind,
};
use symphony_semantic::{Def, Module, Semantics};

use super::identity::Key;

/// How many modules are gone through from one name.
const MAX_MODULES: u32 = 64;

/// Where a search that begins at an alias ends: an alias of another name is not seen through.
enum Origin {
    /// The module has nothing of the name.
    Nowhere,
    /// At what is declared: all names of it are looked for.
    Declared,
    /// At an alias: only what comes from it is looked for.
    Alias(Key),
}

/// The alias that is looked for from a token; none if it is what is declared that is.
pub(crate) fn origin_at(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    token: TokenId,
) -> Option<Key> {
    let it = hir.token(token);
    let found = match it.kind {
        TokenKind::Decl(decl) => origin(semantics, file, hir.decl(decl).symbol, MAX_MODULES),
        TokenKind::Use {
            symbol: Some(symbol),
            ..
        }
        | TokenKind::ExportLocal {
            symbol: Some(symbol),
            ..
        } => origin(semantics, file, symbol, MAX_MODULES),
        TokenKind::ExportAlias => Origin::Alias(Key::Export(file, token)),
        TokenKind::Imported(decl) => match hir.decl(decl).data {
            DeclData::Import(module, _) => {
                let name = hir.name(it.name);
                origin_behind(semantics, file, hir, module, name, MAX_MODULES)
            }
            _ => Origin::Declared,
        },
        TokenKind::Reexported(module) => {
            origin_behind(semantics, file, hir, module, hir.name(it.name), MAX_MODULES)
        }
        _ => Origin::Declared,
    };
    match found {
        Origin::Alias(key) => Some(key),
        Origin::Nowhere | Origin::Declared => None,
    }
}

fn origin(semantics: &Semantics<'_>, file: SourceFile, symbol: SymbolId, left: u32) -> Origin {
    let hir = semantics.hir(file);
    let DeclData::Import(module, imported) = hir.first_decl(symbol).data else {
        return Origin::Declared;
    };
    let own = hir.symbol(symbol).name;
    let stop = Origin::Alias(Key::Symbol(Def { file, symbol }));
    match imported {
        Imported::Named(name) if name == own => {
            origin_behind(semantics, file, &hir, module, hir.name(name), left)
        }
        Imported::Named(_) => stop,
        Imported::Default => {
            let specifier = hir.name(hir.module(module).specifier);
            let module = semantics.module(file, specifier);
            let exported = module.map(|it| semantics.exported(&it, "default"));
            let other_name = exported.into_iter().flatten().any(|it| {
                it.def().is_some_and(|def| {
                    let theirs = semantics.hir(def.file);
                    let name = theirs.name(theirs.symbol(def.symbol).name);
                    name != hir.name(own) && name != "default" && name != "export="
                })
            });
            if other_name { stop } else { Origin::Declared }
        }
        Imported::Namespace | Imported::Equals => Origin::Declared,
    }
}

fn origin_behind(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    module: ModuleRefId,
    name: &str,
    left: u32,
) -> Origin {
    let specifier = hir.name(hir.module(module).specifier);
    match (semantics.module(file, specifier), left.checked_sub(1)) {
        (Some(Module::File(file)), Some(left)) => origin_in(semantics, file, name, left),
        _ => Origin::Declared,
    }
}

/// Where what a file exports under `name` comes from.
fn origin_in(semantics: &Semantics<'_>, file: SourceFile, name: &str, left: u32) -> Origin {
    let hir = semantics.hir(file);
    let Some(exports) = hir.exports(Hir::FILE) else {
        return Origin::Nowhere;
    };
    let id = hir.name_id(name);
    if let Some(export) = exports.named.iter().find(|it| Some(it.name) == id) {
        let stop = hir
            .token_with(export.range)
            .map_or(Origin::Declared, |token| {
                Origin::Alias(Key::Export(file, token))
            });
        return match export.target {
            ExportTarget::Decl(_) | ExportTarget::Namespace(_) => Origin::Declared,
            ExportTarget::From(module, inner) if inner == export.name => {
                origin_behind(semantics, file, &hir, module, name, left)
            }
            ExportTarget::Local(token) if hir.token(token).name == export.name => {
                match hir.token(token).kind {
                    TokenKind::ExportLocal {
                        symbol: Some(symbol),
                        ..
                    } => origin(semantics, file, symbol, left),
                    _ => Origin::Declared,
                }
            }
            ExportTarget::From(..) | ExportTarget::Local(_) => stop,
        };
    }
    for &star in &exports.stars {
        match origin_behind(semantics, file, &hir, star, name, left) {
            Origin::Nowhere => {}
            found => return found,
        }
    }
    Origin::Nowhere
}
