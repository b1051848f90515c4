//! Where a name comes from: definitions, declarations, the declarations of types, implementations.
//!
//! As TypeScript answers: the end of all aliases, but a use of `* as ns` leads to that name; a call leads to the
//! signature that it calls.

use std::sync::Arc;

use symphony_db::{Db, ResolveKind, SourceFile};
use symphony_hir::{
    DeclData, DeclFlags, DeclId, DeclKind, Hir, Home, Imported, ReferenceKind, ScopeId, TokenId,
    TokenKind,
};
use symphony_semantic::{Def, Module, Semantics, Target, Targets};
use symphony_text::TextSize;

use crate::names::{ThisOwner, heritage, this_owner, touched};
use crate::navigation::{NavigationTarget, is_function};

mod calls;
mod implementation;
mod keywords;
mod types;

pub use implementation::implementation;
pub use types::type_definition;

/// The places that what is named at `offset` is declared at.
pub fn definition(db: &dyn Db, file: SourceFile, offset: TextSize) -> Vec<NavigationTarget> {
    let finder = Finder::new(db, file);
    let mut found = finder.definition(offset);
    let mut seen = rustc_hash::FxHashSet::default();
    found.retain(|it| seen.insert((it.file, it.focus)));
    found
}

/// The same: TypeScript tells declarations and definitions apart nowhere.
pub fn declaration(db: &dyn Db, file: SourceFile, offset: TextSize) -> Vec<NavigationTarget> {
    definition(db, file, offset)
}

/// Looks from one file.
struct Finder<'db> {
    semantics: Semantics<'db>,
    file: SourceFile,
    hir: Arc<Hir>,
}

impl<'db> Finder<'db> {
    fn new(db: &'db dyn Db, file: SourceFile) -> Self {
        let semantics = Semantics::new(db);
        let hir = semantics.hir(file);
        Self {
            semantics,
            file,
            hir,
        }
    }

    fn definition(&self, offset: TextSize) -> Vec<NavigationTarget> {
        if let Some(found) = self.reference_comment(offset) {
            return vec![found];
        }
        let here = touched(&self.hir, offset);
        match here.as_slice() {
            [] => match self.global_block(offset) {
                Some(found) => vec![found],
                None => keywords::definition(self.semantics.db, self.file, &self.hir, offset),
            },
            [one] => self.of_token(*one),
            several => self.of_shorthand(several),
        }
    }

    /// `/// <reference path="..." />`.
    fn reference_comment(&self, offset: TextSize) -> Option<NavigationTarget> {
        let mut comments = self.hir.references().iter();
        let comment = comments.find(|it| it.range.contains_inclusive(offset))?;
        let kind = match comment.kind {
            ReferenceKind::Path => ResolveKind::Path,
            ReferenceKind::Types => ResolveKind::Types,
            ReferenceKind::Lib => ResolveKind::Lib,
        };
        let db = self.semantics.db;
        let system = db.files().system();
        let found = system.resolve(self.file.id(db), &comment.text, kind)?;
        Some(NavigationTarget::start_of(db.source_file(found)))
    }

    /// The word `global` of `declare global { }`, which is no name.
    fn global_block(&self, offset: TextSize) -> Option<NavigationTarget> {
        let mut decls = self.hir.decls();
        let (_, decl) = decls.find(|(_, it)| {
            it.kind == DeclKind::Namespace && it.name_range.contains_inclusive(offset)
        })?;
        Some(NavigationTarget::of_decl(self.file, decl))
    }

    /// `{ a }`: a property and a variable; a parameter property.
    fn of_shorthand(&self, tokens: &[TokenId]) -> Vec<NavigationTarget> {
        let mut found = Vec::new();
        let mut bound = Vec::new();
        for &token in tokens {
            match self.hir.token(token).kind {
                TokenKind::PatternKey(_) => found.extend(self.of_token(token)),
                // The variable itself, be it imported: only its own place tells the two apart.
                TokenKind::Use { .. } => {
                    let own = self.semantics.token(self.file, &self.hir, token);
                    bound.extend(self.places(own));
                }
                TokenKind::Decl(decl) => {
                    let declared = self.hir.decl(decl);
                    if matches!(self.hir.symbol(declared.symbol).home, Home::Table(_))
                        && !declared.flags.has(DeclFlags::PARAMETER_PROPERTY)
                    {
                        found.extend(self.contextual(decl));
                    } else {
                        bound.push(NavigationTarget::of_decl(self.file, declared));
                    }
                }
                _ => found.extend(self.of_token(token)),
            }
        }
        let binds_pattern = tokens
            .iter()
            .any(|&it| matches!(self.hir.token(it).kind, TokenKind::PatternKey(_)));
        let assigns = tokens
            .iter()
            .any(|&it| matches!(self.hir.token(it).kind, TokenKind::Use { .. }));
        // A pattern that declares leads to the property alone.
        if found.is_empty() || assigns || !binds_pattern {
            bound.extend(found);
            return bound;
        }
        found
    }

    fn of_token(&self, token: TokenId) -> Vec<NavigationTarget> {
        let hir = &self.hir;
        let it = hir.token(token);
        match it.kind {
            TokenKind::Label(at) => {
                let label = hir.token(TokenId(at)).range;
                vec![NavigationTarget::new(self.file, label)]
            }
            TokenKind::This(scope) => self.of_this(token, scope),
            TokenKind::Module(_) => self.of_specifier(token),
            TokenKind::Decl(decl) => self.of_declared(decl),
            TokenKind::Use { .. } | TokenKind::Member { .. } => {
                let targets = self.behind_aliases(token);
                self.called(token, targets)
            }
            _ => {
                let targets = self.semantics.token(self.file, hir, token);
                let followed = self.semantics.follow_all(targets.clone());
                let found = self.places(if followed.is_empty() {
                    targets
                } else {
                    followed
                });
                if !found.is_empty() {
                    return found;
                }
                // An alias that leads nowhere is all that is known; an attribute declares itself.
                match it.kind {
                    TokenKind::Imported(decl) => {
                        vec![NavigationTarget::of_decl(self.file, hir.decl(decl))]
                    }
                    TokenKind::Reexported(_)
                    | TokenKind::ExportAlias
                    | TokenKind::ExportLocal { .. }
                    | TokenKind::JsxAttribute(_) => {
                        vec![NavigationTarget::new(self.file, it.range)]
                    }
                    _ => found,
                }
            }
        }
    }

    /// What a name stands for at the end of all aliases. A use of `* as ns` stands for that, and so does an alias that
    /// leads nowhere.
    fn behind_aliases(&self, token: TokenId) -> Targets {
        let mut all = Targets::new();
        for target in self.semantics.token(self.file, &self.hir, token) {
            let followed = if self.is_namespace_import(target) {
                Targets::new()
            } else {
                self.semantics.follow(target)
            };
            if followed.is_empty() {
                all.push(target);
            } else {
                all.extend(followed);
            }
        }
        all
    }

    fn is_namespace_import(&self, target: Target) -> bool {
        target.def().is_some_and(|def| {
            let hir = self.semantics.hir(def.file);
            let first = hir.first_decl(def.symbol);
            matches!(first.data, DeclData::Import(_, Imported::Namespace))
        })
    }

    fn places(&self, targets: Targets) -> Vec<NavigationTarget> {
        let targets = targets.into_iter();
        targets
            .flat_map(|it| NavigationTarget::of_target(&self.semantics, it))
            .collect()
    }

    fn of_specifier(&self, token: TokenId) -> Vec<NavigationTarget> {
        let specifier = self.hir.name(self.hir.token(token).name);
        let Some(module) = self.semantics.module(self.file, specifier) else {
            return Vec::new();
        };
        match module {
            Module::File(file) => {
                let is_module = self.semantics.hir(file).is_module;
                if specifier.starts_with('.') || specifier.starts_with('/') || !is_module {
                    vec![NavigationTarget::start_of(file)]
                } else {
                    vec![NavigationTarget::whole_file(&self.semantics, file)]
                }
            }
            Module::Ambient(_) => self.places(self.semantics.module_targets(&module)),
        }
    }

    /// From the name of a declaration.
    fn of_declared(&self, id: DeclId) -> Vec<NavigationTarget> {
        let hir = &self.hir;
        let decl = hir.decl(id);
        let own = Def {
            file: self.file,
            symbol: decl.symbol,
        };
        match decl.data {
            DeclData::Import(..) | DeclData::ImportAlias(_) => {
                let followed = self.semantics.follow(Target::Symbol(own));
                let found = self.places(followed);
                return if found.is_empty() {
                    NavigationTarget::of_decls(own, hir, &hir.symbol(decl.symbol).decls)
                } else {
                    found
                };
            }
            _ => {}
        }
        if decl.kind == DeclKind::Constructor {
            return self.constructors(id);
        }
        let contextual = self.contextual(id);
        if !contextual.is_empty() {
            return contextual;
        }
        let targets = self
            .semantics
            .with_global_parts(self.file, hir, decl.symbol);
        if is_function(hir, id) || decl.kind == DeclKind::Accessor {
            return self.implementations_of_signatures(targets);
        }
        self.places(targets)
    }

    /// Of overloads the one with a body, else the last.
    fn implementations_of_signatures(&self, targets: Targets) -> Vec<NavigationTarget> {
        let (mut with_body, mut last) = (Vec::new(), None);
        for def in targets.into_iter().filter_map(Target::def) {
            let hir = self.semantics.hir(def.file);
            for &decl in &hir.symbol(def.symbol).decls {
                if !matches!(hir.decl(decl).data, DeclData::Function(_)) {
                    continue;
                }
                let place = NavigationTarget::of_decl(def.file, hir.decl(decl));
                if calls::has_body(&hir, decl) {
                    with_body.push(place);
                }
                last = Some(place);
            }
        }
        if with_body.is_empty() {
            with_body.extend(last);
        }
        with_body
    }

    /// From the word `constructor`: the constructor with a body, else the last.
    fn constructors(&self, id: DeclId) -> Vec<NavigationTarget> {
        let hir = &self.hir;
        let mut classes = hir.classes();
        let all = classes
            .find(|(_, class)| class.constructors.contains(&id))
            .map_or(&[][..], |(_, class)| &class.constructors);
        let with_body = all.iter().find(|&&it| calls::has_body(hir, it));
        let chosen = with_body.or(all.last()).copied().unwrap_or(id);
        vec![NavigationTarget::of_decl(self.file, hir.decl(chosen))]
    }

    /// The property of the type that is expected of the object literal that a key is in.
    fn contextual(&self, key: DeclId) -> Vec<NavigationTarget> {
        self.places(contextual_property(
            &self.semantics,
            self.file,
            &self.hir,
            key,
        ))
    }

    /// `this` and `super`.
    fn of_this(&self, token: TokenId, scope: ScopeId) -> Vec<NavigationTarget> {
        let hir = &self.hir;
        let is_super = hir.name(hir.token(token).name) == "super";
        match this_owner(hir, scope) {
            ThisOwner::Class(class, _) if is_super => {
                let Some((base, _)) = hir.class(class).extends else {
                    return Vec::new();
                };
                let bases = self.semantics.expr_targets(self.file, hir, base);
                let mut found = Vec::new();
                if let Some(call) = self.call_of(token) {
                    for base in bases.iter().filter_map(|it| it.def()) {
                        found.extend(self.constructor_called(base, Some(call)));
                    }
                }
                found.extend(self.places(bases));
                found
            }
            ThisOwner::Class(class, _) => hir.class(class).decl.map_or_else(Vec::new, |decl| {
                let symbol = hir.decl(decl).symbol;
                self.places(self.semantics.with_global_parts(self.file, hir, symbol))
            }),
            ThisOwner::Type(decl) => {
                let symbol = hir.decl(decl).symbol;
                self.places(self.semantics.with_global_parts(self.file, hir, symbol))
            }
            ThisOwner::Object(_) | ThisOwner::Function(_) | ThisOwner::File => Vec::new(),
        }
    }
}

/// The property of the type that is expected of the object literal that a key is in.
pub(crate) fn contextual_property(
    semantics: &Semantics<'_>,
    file: SourceFile,
    hir: &Hir,
    key: DeclId,
) -> Targets {
    let decl = hir.decl(key);
    let is_key = matches!(
        decl.kind,
        DeclKind::Property | DeclKind::Method | DeclKind::Accessor
    );
    let in_literal = is_key
        && matches!(hir.symbol(decl.symbol).home, Home::Table(_))
        && heritage::owner_of_member(hir, decl.symbol).is_none();
    if !in_literal {
        return Targets::new();
    }
    let literal = semantics.object_of_key(file, hir, key);
    literal.map_or_else(Targets::new, |literal| {
        semantics.object_member(file, hir, literal, hir.name(decl.name))
    })
}

#[cfg(test)]
mod tests;
