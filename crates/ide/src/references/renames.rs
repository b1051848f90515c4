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

/// How many modules are gone through from one name.
const MAX_MODULES: u32 = 64;

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
    Chain::new(semantics, false).at(file, hir, token)
}

/// All that the name at a token is on the way along its aliases, whatever the name is on the way.
pub(crate) fn chain_at(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    token: TokenId,
) -> Vec<Key> {
    Chain::new(semantics, true).at(file, hir, token)
}

/// Collects what a name is along its aliases.
struct Chain<'a, 'db> {
    semantics: &'a Semantics<'db>,
    /// Whether aliases under another name are followed too.
    deep: bool,
    keys: Vec<Key>,
    /// How many more modules are gone through.
    left: u32,
}

impl<'a, 'db> Chain<'a, 'db> {
    fn new(semantics: &'a Semantics<'db>, deep: bool) -> Self {
        Self {
            semantics,
            deep,
            keys: Vec::new(),
            left: MAX_MODULES,
        }
    }

    fn at(mut self, file: SourceFile, hir: &Hir, token: TokenId) -> Vec<Key> {
        let it = hir.token(token);
        match it.kind {
            TokenKind::Decl(decl) if hir.decl(decl).kind == DeclKind::Import => {
                self.symbol(file, hir, hir.decl(decl).symbol);
            }
            TokenKind::Use {
                symbol: Some(symbol),
                ..
            } if hir.first_decl(symbol).kind == DeclKind::Import => {
                self.symbol(file, hir, symbol);
            }
            TokenKind::ExportLocal { symbol, .. } => {
                if let Some(symbol) = symbol {
                    self.symbol(file, hir, symbol);
                }
                if !has_alias(hir, token) {
                    push(&mut self.keys, Key::Export(file, token));
                }
            }
            TokenKind::ExportAlias => self.alias(file, hir, token),
            TokenKind::Reexported(module) => {
                if !has_alias(hir, token) {
                    push(&mut self.keys, Key::Export(file, token));
                }
                self.export(file, hir, module, hir.name(it.name).clone());
            }
            TokenKind::Imported(decl) => {
                if let DeclData::Import(module, _) = hir.decl(decl).data {
                    self.export(file, hir, module, hir.name(it.name).clone());
                }
            }
            TokenKind::Member { object, .. } => {
                for target in self.semantics.expr_targets(file, hir, object) {
                    if let Target::Module(module) = target {
                        self.exported_as(module, hir.name(it.name).clone());
                    }
                }
                if self.keys.is_empty() {
                    return keys_of(self.semantics, file, hir, token);
                }
            }
            _ => return keys_of(self.semantics, file, hir, token),
        }
        self.keys
    }

    /// `b` of `export { a as b }`.
    fn alias(&mut self, file: SourceFile, hir: &Hir, token: TokenId) {
        push(&mut self.keys, Key::Export(file, token));
        if !self.deep {
            return;
        }
        let range = hir.token(token).range;
        let exports = hir.scopes().filter_map(|(scope, _)| hir.exports(scope));
        let mut named = exports.flat_map(|it| &it.named);
        if let Some(export) = named.find(|it| it.range == range) {
            self.behind(file, hir, export.target);
        }
    }

    /// A symbol of the file, and what it imports.
    fn symbol(&mut self, file: SourceFile, hir: &Hir, symbol: SymbolId) {
        let known = hir.symbol(symbol);
        let mut is_import = false;
        for &decl in &known.decls {
            let DeclData::Import(module, imported) = hir.decl(decl).data else {
                continue;
            };
            is_import = true;
            let name = match imported {
                Imported::Named(name) if self.deep || name == known.name => hir.name(name).clone(),
                Imported::Default => SmolStr::new_static("default"),
                _ => continue,
            };
            self.export(file, hir, module, name);
        }
        let def = Def { file, symbol };
        if !is_import {
            for target in self.semantics.with_global_parts(file, hir, symbol) {
                canonical(self.semantics, target, &mut self.keys);
            }
        }
        push(&mut self.keys, Key::Symbol(def));
    }

    fn export(&mut self, file: SourceFile, hir: &Hir, module: ModuleRefId, name: SmolStr) {
        let specifier = hir.name(hir.module(module).specifier);
        match self.semantics.module(file, specifier) {
            Some(Module::File(file)) => self.exported_as(file, name),
            Some(module) => self.end(&module, &name),
            None => {}
        }
    }

    fn end(&mut self, module: &Module, name: &str) {
        for target in self.semantics.exported(module, name) {
            canonical(self.semantics, target, &mut self.keys);
        }
    }

    /// What a file itself says that it exports under `name`.
    fn exported_as(&mut self, file: SourceFile, name: SmolStr) {
        let Some(left) = self.left.checked_sub(1) else {
            return;
        };
        self.left = left;
        let hir = self.semantics.hir(file);
        let Some(exports) = hir.exports(Hir::FILE) else {
            return;
        };
        let id = hir.name_id(&name);
        let before = self.keys.len();
        for export in exports.named.iter().filter(|it| Some(it.name) == id) {
            if let ExportTarget::Decl(decl) = export.target {
                let symbol = hir.decl(decl).symbol;
                let target = Target::Symbol(Def { file, symbol });
                canonical(self.semantics, target, &mut self.keys);
                continue;
            }
            if let Some(token) = hir.token_with(export.range) {
                push(&mut self.keys, Key::Export(file, token));
            }
            if self.deep {
                self.behind(file, &hir, export.target);
            }
        }
        if self.keys.len() > before || name == "default" {
            return;
        }
        for &star in &exports.stars {
            let specifier = hir.name(hir.module(star).specifier);
            if let Some(Module::File(next)) = self.semantics.module(file, specifier) {
                self.exported_as(next, name.clone());
            }
            if self.keys.len() > before {
                return;
            }
        }
        if exports.equals.is_some() {
            self.end(&Module::File(file), &name);
        }
    }

    fn behind(&mut self, file: SourceFile, hir: &Hir, target: ExportTarget) {
        match target {
            ExportTarget::Local(token) => {
                if let TokenKind::ExportLocal {
                    symbol: Some(symbol),
                    ..
                } = hir.token(token).kind
                {
                    self.symbol(file, hir, symbol);
                }
            }
            ExportTarget::From(module, name) => {
                self.export(file, hir, module, hir.name(name).clone());
            }
            ExportTarget::Decl(_) | ExportTarget::Namespace(_) => {}
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
