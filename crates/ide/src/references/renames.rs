//! What makes two names the same where one is renamed: an alias is a name of its own, but an import without `as` takes
//! over the name that its module exports.

use smol_str::SmolStr;
use symphony_db::SourceFile;
use symphony_hir::{
    DeclData, DeclId, DeclKind, ExportTarget, Hir, Home, Imported, ModuleRefId, SymbolId,
    TokenFlags, TokenId, TokenKind,
};
use symphony_semantic::{Def, Module, Semantics, Target};

use super::identity::{Key, canonical, keys_of, push};

/// How many `export *` are gone through.
const MAX_STARS: u32 = 32;

/// What is renamed by renaming the name at `tokens`.
pub(crate) fn keys_from(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    tokens: &[TokenId],
) -> Vec<Key> {
    let mut keys = Vec::new();
    let is_shorthand = tokens.len() > 1 && !tokens.iter().any(|&it| is_parameter_property(hir, it));
    for &token in tokens {
        let it = hir.token(token);
        match it.kind {
            // Of a shorthand the variable is renamed.
            TokenKind::PatternKey(_) if is_shorthand => {}
            TokenKind::Decl(decl) if is_shorthand && is_member(hir, decl) => {}
            TokenKind::Decl(decl) if hir.decl(decl).kind == DeclKind::Import => {
                let symbol = hir.decl(decl).symbol;
                push(&mut keys, Key::Symbol(Def { file, symbol }));
            }
            TokenKind::Use { .. } => {
                for def in semantics
                    .token(file, hir, token)
                    .iter()
                    .filter_map(|it| it.def())
                {
                    push(&mut keys, Key::Symbol(def));
                }
            }
            TokenKind::ExportLocal { symbol, .. } => match symbol {
                Some(symbol) if has_alias(hir, token) => {
                    push(&mut keys, Key::Symbol(Def { file, symbol }));
                }
                _ => push(&mut keys, Key::Export(file, token)),
            },
            TokenKind::ExportAlias => push(&mut keys, Key::Export(file, token)),
            TokenKind::Reexported(_) if !has_alias(hir, token) => {
                push(&mut keys, Key::Export(file, token));
            }
            _ => {
                for key in keys_at(semantics, file, hir, token) {
                    push(&mut keys, key);
                }
            }
        }
    }
    keys
}

fn is_parameter_property(hir: &Hir, token: TokenId) -> bool {
    matches!(hir.token(token).kind, TokenKind::Decl(decl)
        if matches!(hir.decl(decl).data, DeclData::ParameterProperty(_)))
}

fn is_member(hir: &Hir, decl: DeclId) -> bool {
    matches!(hir.symbol(hir.decl(decl).symbol).home, Home::Table(_))
}

/// Whether an export's name has another behind `as`.
pub(crate) fn has_alias(hir: &Hir, token: TokenId) -> bool {
    let at = hir.token(token).range;
    let listed = hir.export_statements().iter();
    let mut specifiers = listed.flat_map(|it| it.named.iter().flatten());
    let of = specifiers.find(|it| it.range.contains_range(at));
    of.is_some_and(|of| {
        let mut exports = hir.scopes().filter_map(|(scope, _)| hir.exports(scope));
        exports.any(|it| {
            let mut named = it.named.iter();
            named.any(|it| of.range.contains_range(it.range) && it.range != at)
        })
    })
}

/// What the name at a token is, as a place that may have to change.
pub(crate) fn keys_at(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    token: TokenId,
) -> Vec<Key> {
    let it = hir.token(token);
    let mut keys = Vec::new();
    match it.kind {
        TokenKind::Decl(decl) if hir.decl(decl).kind == DeclKind::Import => {
            of_symbol(semantics, file, hir, hir.decl(decl).symbol, &mut keys);
        }
        TokenKind::Use {
            symbol: Some(symbol),
            ..
        } if hir.first_decl(symbol).kind == DeclKind::Import => {
            of_symbol(semantics, file, hir, symbol, &mut keys);
        }
        TokenKind::ExportLocal { symbol, .. } => {
            if let Some(symbol) = symbol {
                of_symbol(semantics, file, hir, symbol, &mut keys);
            }
            if !has_alias(hir, token) {
                push(&mut keys, Key::Export(file, token));
            }
        }
        TokenKind::ExportAlias => push(&mut keys, Key::Export(file, token)),
        TokenKind::Reexported(module) => {
            if !has_alias(hir, token) {
                push(&mut keys, Key::Export(file, token));
            }
            let name = hir.name(it.name).clone();
            of_export(semantics, file, hir, module, name, &mut keys);
        }
        TokenKind::Imported(decl) => {
            if let DeclData::Import(module, _) = hir.decl(decl).data {
                let name = hir.name(it.name).clone();
                of_export(semantics, file, hir, module, name, &mut keys);
            }
        }
        TokenKind::Member { object, .. } => {
            let objects = semantics.expr_targets(file, hir, object);
            for target in objects {
                if let Target::Module(module) = target {
                    exported_as(
                        semantics,
                        module,
                        hir.name(it.name).clone(),
                        &mut keys,
                        MAX_STARS,
                    );
                }
            }
            if keys.is_empty() {
                keys = keys_of(semantics, file, hir, token);
            }
        }
        _ => keys = keys_of(semantics, file, hir, token),
    }
    keys
}

/// A symbol of the file, and what it imports under its own name.
fn of_symbol(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    symbol: SymbolId,
    keys: &mut Vec<Key>,
) {
    let known = hir.symbol(symbol);
    let mut is_import = false;
    for &decl in &known.decls {
        let DeclData::Import(module, imported) = hir.decl(decl).data else {
            continue;
        };
        is_import = true;
        let name = match imported {
            Imported::Named(name) if name == known.name => hir.name(name).clone(),
            Imported::Default => SmolStr::new_static("default"),
            _ => continue,
        };
        of_export(semantics, file, hir, module, name, keys);
    }
    let def = Def { file, symbol };
    if is_import {
        push(keys, Key::Symbol(def));
    } else {
        for target in semantics.with_global_parts(file, hir, symbol) {
            canonical(semantics, target, keys);
        }
        push(keys, Key::Symbol(def));
    }
}

fn of_export(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    module: ModuleRefId,
    name: SmolStr,
    keys: &mut Vec<Key>,
) {
    let specifier = hir.name(hir.module(module).specifier);
    match semantics.module(file, specifier) {
        Some(Module::File(file)) => exported_as(semantics, file, name, keys, MAX_STARS),
        Some(module) => {
            for target in semantics.exported(&module, &name) {
                canonical(semantics, target, keys);
            }
        }
        None => {}
    }
}

/// What a file itself says that it exports under `name`.
fn exported_as(
    semantics: &Semantics<'_>,
    file: SourceFile,
    name: SmolStr,
    keys: &mut Vec<Key>,
    left: u32,
) {
    let Some(left) = left.checked_sub(1) else {
        return;
    };
    let hir = semantics.hir(file);
    let Some(exports) = hir.exports(Hir::FILE) else {
        return;
    };
    let id = hir.name_id(&name);
    let before = keys.len();
    for export in exports.named.iter().filter(|it| Some(it.name) == id) {
        match export.target {
            ExportTarget::Decl(decl) => {
                let symbol = hir.decl(decl).symbol;
                canonical(semantics, Target::Symbol(Def { file, symbol }), keys);
            }
            ExportTarget::Local(_) | ExportTarget::From(..) | ExportTarget::Namespace(_) => {
                if let Some(token) = hir.token_with(export.range) {
                    push(keys, Key::Export(file, token));
                }
            }
        }
    }
    if keys.len() > before || name == "default" {
        return;
    }
    for &star in &exports.stars {
        let specifier = hir.name(hir.module(star).specifier);
        if let Some(Module::File(next)) = semantics.module(file, specifier) {
            exported_as(semantics, next, name.clone(), keys, left);
        }
        if keys.len() > before {
            return;
        }
    }
    if exports.equals.is_some() {
        for target in semantics.exported(&Module::File(file), &name) {
            canonical(semantics, target, keys);
        }
    }
}

/// Whether two tokens lie at the place of a name because it is a shorthand.
pub(crate) fn is_shorthand(hir: &Hir, token: TokenId) -> bool {
    let it = hir.token(token);
    it.flags.has(TokenFlags::SHORTHAND)
        && match it.kind {
            TokenKind::Decl(decl) => !hir
                .decl(decl)
                .flags
                .has(symphony_hir::DeclFlags::PARAMETER_PROPERTY),
            _ => true,
        }
}
