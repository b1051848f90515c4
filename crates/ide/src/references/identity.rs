//! What makes two names the same: what they stand for at the end of all aliases.

use smol_str::SmolStr;
use symphony_db::SourceFile;
use symphony_hir::{
    DeclData, DeclFlags, DeclId, DeclKind, ExportTarget, Hir, Home, Imported, SymbolId, TokenId,
    TokenKind,
};
use symphony_semantic::{Def, Module, Semantics, Target, Targets};

use crate::definition::contextual_property;

/// How many re-exports of a namespace are followed.
const MAX_ALIASES: u32 = 64;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// A symbol that is no alias, or one that leads nowhere or binds a module.
    Symbol(Def),
    /// What `export * as name from` exports.
    Namespace(SourceFile, SmolStr),
    /// What `export { a }` exports: a name of its own only where it is renamed.
    Export(SourceFile, TokenId),
    /// A word that nothing declares: `undefined`.
    Word(SmolStr),
}

/// What the name at a token is. With `inherited`, also the members that it implements and overrides.
pub(crate) fn keys_of(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    token: TokenId,
) -> Vec<Key> {
    let it = hir.token(token);
    let mut keys = Vec::new();
    match it.kind {
        TokenKind::Label(_) | TokenKind::This(_) | TokenKind::Module(_) => return keys,
        TokenKind::JsxIntrinsic => {}
        TokenKind::ExportAlias if names_module(hir, token) => {
            keys.push(Key::Namespace(file, hir.name(it.name).clone()));
            return keys;
        }
        TokenKind::Decl(decl) => {
            add(&mut keys, contextual_property(semantics, file, hir, decl));
        }
        _ => {}
    }
    for target in semantics.token(file, hir, token) {
        canonical(semantics, target, &mut keys);
    }
    if keys.is_empty() {
        if is_undeclared(hir, token) {
            keys.push(Key::Word(hir.name(it.name).clone()));
        } else if let Some(key) = namespace_behind(semantics, file, hir, token) {
            keys.push(key);
        }
    }
    keys
}

/// Whether a name is one of the language's own that no library declares.
fn is_undeclared(hir: &Hir, token: TokenId) -> bool {
    let it = hir.token(token);
    let is_use = matches!(it.kind, TokenKind::Use { symbol: None, .. });
    is_use && matches!(hir.name(it.name).as_str(), "undefined" | "globalThis")
}

fn add(keys: &mut Vec<Key>, targets: Targets) {
    for def in targets.into_iter().filter_map(Target::def) {
        push(keys, Key::Symbol(def));
    }
}

pub(crate) fn push(keys: &mut Vec<Key>, key: Key) {
    if !keys.contains(&key) {
        keys.push(key);
    }
}

/// Whether the token is `a` of `export * as a from`.
pub(super) fn names_module(hir: &Hir, token: TokenId) -> bool {
    let range = hir.token(token).range;
    let mut scopes = hir.scopes().filter_map(|(scope, _)| hir.exports(scope));
    scopes.any(|exports| {
        exports
            .named
            .iter()
            .any(|it| it.range == range && matches!(it.target, ExportTarget::Namespace(_)))
    })
}

/// Follows aliases, but not into modules.
pub(crate) fn canonical(semantics: &Semantics<'_>, target: Target, keys: &mut Vec<Key>) {
    let Target::Symbol(def) = target else {
        return;
    };
    let hir = semantics.hir(def.file);
    let symbol = hir.symbol(def.symbol);
    let is_alias = |decl: &DeclId| {
        matches!(
            hir.decl(*decl).data,
            DeclData::Import(..) | DeclData::ImportAlias(_) | DeclData::Expression(_)
        )
    };
    if !symbol.decls.iter().any(is_alias) {
        push(keys, Key::Symbol(as_parameter(def, &hir)));
        return;
    }
    let followed = semantics.follow(target);
    let mut modules = followed.is_empty();
    for next in followed {
        match next {
            Target::Symbol(next) => {
                let hir = semantics.hir(next.file);
                push(keys, Key::Symbol(as_parameter(next, &hir)));
            }
            Target::Module(_) | Target::Ambient(..) => modules = true,
        }
    }
    if modules {
        push(keys, namespace_of(semantics, def, &hir));
    }
}

/// A parameter property is the parameter that makes it.
fn as_parameter(def: Def, hir: &Hir) -> Def {
    match hir.first_decl(def.symbol).data {
        DeclData::ParameterProperty(pattern) => match hir.pattern(pattern).decl {
            Some(decl) => Def {
                file: def.file,
                symbol: hir.decl(decl).symbol,
            },
            None => def,
        },
        _ => def,
    }
}

/// A symbol with what `declare module` in other files adds to it, and what it is added to.
fn all_declarations(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    symbol: SymbolId,
) -> Targets {
    let known = hir.symbol(symbol);
    let mut around = hir.ambient_modules().iter();
    let ambient = around.find(|it| it.scope.map(Home::Scope) == Some(known.home));
    let module =
        ambient.and_then(|it| semantics.module(file, hir.name(hir.module(it.module).specifier)));
    let origin = module.map(|module| semantics.exported(&module, hir.name(known.name)));
    let origin = semantics.follow_all(origin.unwrap_or_default());
    if origin.is_empty() {
        return semantics.with_global_parts(file, hir, symbol);
    }
    let defs = origin.into_iter().filter_map(Target::def);
    defs.flat_map(|def| {
        let hir = semantics.hir(def.file);
        semantics.with_global_parts(def.file, &hir, def.symbol)
    })
    .collect()
}

/// The type parameters of the other declarations of an interface or class that are one with this one: they must have the
/// same name.
pub(crate) fn type_parameters_beside(semantics: &Semantics<'_>, def: Def) -> Vec<Def> {
    let hir = semantics.hir(def.file);
    let decl = hir.first_decl(def.symbol);
    let (DeclKind::TypeParameter, Some(owner)) = (decl.kind, hir.scope(decl.scope).owner) else {
        return Vec::new();
    };
    let owner = hir.decl(owner);
    if !matches!(owner.data, DeclData::Class(_) | DeclData::Interface(_)) {
        return Vec::new();
    }
    let name = hir.name(decl.name);
    let mut found = Vec::new();
    let all = all_declarations(semantics, def.file, &hir, owner.symbol);
    for owner in all.into_iter().filter_map(Target::def) {
        let hir = semantics.hir(owner.file);
        for &part in &hir.symbol(owner.symbol).decls {
            let params = match hir.decl(part).data {
                DeclData::Class(class) => &hir.class(class).type_params,
                DeclData::Interface(shape) => &hir.shape(shape).type_params,
                _ => continue,
            };
            found.extend(params.iter().map(|&it| hir.decl(it)).filter_map(|it| {
                let symbol = it.symbol;
                (hir.name(it.name) == name).then_some(Def {
                    file: owner.file,
                    symbol,
                })
            }));
        }
    }
    found
}

/// The property that a parameter makes.
pub(crate) fn parameter_property(def: Def, hir: &Hir) -> Option<Def> {
    let first = hir.first_decl(def.symbol);
    if first.kind != DeclKind::Parameter || !first.flags.has(DeclFlags::PARAMETER_PROPERTY) {
        return None;
    }
    let mut tokens = hir.tokens_in(first.name_range);
    tokens.find_map(|(_, token)| match token.kind {
        TokenKind::Decl(decl) if hir.decl(decl).kind == DeclKind::Property => Some(Def {
            file: def.file,
            symbol: hir.decl(decl).symbol,
        }),
        _ => None,
    })
}

/// The first name of a module along the aliases that an import goes through.
fn namespace_of(semantics: &Semantics<'_>, def: Def, hir: &Hir) -> Key {
    let own = Key::Symbol(def);
    let DeclData::Import(module, imported) = hir.first_decl(def.symbol).data else {
        return own;
    };
    let name = match imported {
        Imported::Named(name) => hir.name(name).clone(),
        Imported::Default => SmolStr::new_static("default"),
        Imported::Namespace | Imported::Equals => return own,
    };
    let specifier = hir.name(hir.module(module).specifier);
    match semantics.module(def.file, specifier) {
        Some(Module::File(file)) => exporter(semantics, file, name, MAX_ALIASES).unwrap_or(own),
        _ => own,
    }
}

fn namespace_behind(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    token: TokenId,
) -> Option<Key> {
    let it = hir.token(token);
    let (module, name) = match it.kind {
        TokenKind::Reexported(module) => (module, it.name),
        TokenKind::ExportAlias => {
            let exports = hir.scopes().filter_map(|(scope, _)| hir.exports(scope));
            let mut named = exports.flat_map(|it| &it.named);
            match named.find(|export| export.range == it.range)?.target {
                ExportTarget::From(module, name) => (module, name),
                ExportTarget::Local(inner) => {
                    return keys_of(semantics, file, hir, inner).into_iter().next();
                }
                _ => return None,
            }
        }
        _ => return None,
    };
    match semantics.module(file, hir.name(hir.module(module).specifier))? {
        Module::File(file) => exporter(semantics, file, hir.name(name).clone(), MAX_ALIASES),
        Module::Ambient(_) => None,
    }
}

/// Where a module that a file exports under `name` has got its name.
fn exporter(semantics: &Semantics<'_>, file: SourceFile, name: SmolStr, left: u32) -> Option<Key> {
    let left = left.checked_sub(1)?;
    let hir = semantics.hir(file);
    let exports = hir.exports(Hir::FILE)?;
    let next = |module: symphony_hir::ModuleRefId, name: SmolStr| {
        let specifier = hir.name(hir.module(module).specifier);
        match semantics.module(file, specifier)? {
            Module::File(next) => exporter(semantics, next, name, left),
            Module::Ambient(_) => None,
        }
    };
    if let Some(id) = hir.name_id(&name)
        && let Some(export) = exports.named.iter().find(|it| it.name == id)
    {
        return match export.target {
            ExportTarget::Namespace(_) => Some(Key::Namespace(file, name)),
            ExportTarget::From(module, name) => next(module, hir.name(name).clone()),
            ExportTarget::Local(token) => match hir.token(token).kind {
                TokenKind::ExportLocal {
                    symbol: Some(symbol),
                    ..
                } => Some(namespace_of(semantics, Def { file, symbol }, &hir)),
                _ => None,
            },
            ExportTarget::Decl(_) => None,
        };
    }
    exports
        .stars
        .iter()
        .find_map(|&star| next(star, name.clone()))
}
