//! The search through one file.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use symphony_db::{SourceFile, source_text};
use symphony_hir::{
    DeclData, DeclFlags, DeclKind, ExprKind, Hir, Home, NameId, SymbolId, TokenFlags, TokenId,
    TokenKind,
};
use symphony_semantic::{Def, Semantics};
use symphony_text::TextRange;

use super::files;
use super::identity::{Key, keys_of};
use super::query::{Found, Mode, Name, ReferenceQuery, token_meaning, with_property};
use super::{Reference, reference_at, renames, special};
use crate::names::heritage;

/// The places in one file.
pub fn in_file(semantics: &Semantics<'_>, file: SourceFile, query: &ReferenceQuery) -> Found {
    let hir = semantics.hir(file);
    let mut search = FileSearch {
        semantics,
        file,
        hir: &hir,
        query,
        symbols: FxHashMap::default(),
        members: FxHashMap::default(),
        found: Found::default(),
    };
    for name in &query.names[query.done..] {
        if name.only.is_some_and(|it| it != file) {
            continue;
        }
        let Some(id) = hir.name_id(&name.text) else {
            continue;
        };
        for &token in hir.tokens_named(id) {
            if search.matches(token) {
                search.take(token);
            }
        }
    }
    if query.done == 0 && query.mode == Mode::Ends {
        search.take_special();
    }
    search.found
}

struct FileSearch<'a, 'db> {
    semantics: &'a Semantics<'db>,
    file: SourceFile,
    hir: &'a Hir,
    query: &'a ReferenceQuery,
    /// Which symbols of the file are looked for.
    symbols: FxHashMap<SymbolId, bool>,
    /// Which members are, by those that they override.
    members: FxHashMap<Def, bool>,
    found: Found,
}

impl FileSearch<'_, '_> {
    fn matches(&mut self, token: TokenId) -> bool {
        if !token_meaning(self.hir, token).meets(self.query.meaning) {
            return false;
        }
        let symbol = match self.hir.token(token).kind {
            TokenKind::Use { symbol, .. } => symbol,
            TokenKind::Label(_) | TokenKind::This(_) | TokenKind::Module(_) => return false,
            _ => None,
        };
        if self.query.behind_imports && !self.hir.is_javascript && self.is_other_member(token) {
            return false;
        }
        if let Some(known) = symbol.and_then(|it| self.symbols.get(&it)) {
            return *known;
        }
        let keys_at = match self.query.mode {
            Mode::Ends => keys_of,
            Mode::Alias => renames::chain_at,
            Mode::Renames => renames::keys_at,
        };
        let keys = keys_at(self.semantics, self.file, self.hir, token);
        let found = keys.iter().any(|it| self.query.keys.contains(it))
            || (self.query.has_members && keys.iter().any(|it| self.overrides(it)));
        if let Some(symbol) = symbol {
            self.symbols.insert(symbol, found);
        }
        found
    }

    /// Whether a token is a member of something other than an import. What that is would take types to tell.
    fn is_other_member(&self, token: TokenId) -> bool {
        let is_import = |symbol: SymbolId| self.hir.first_decl(symbol).kind == DeclKind::Import;
        match self.hir.token(token).kind {
            TokenKind::Member { object, .. } => match self.hir.expr(object).kind {
                ExprKind::Name(name) => match self.hir.token(name).kind {
                    TokenKind::Use { symbol, .. } => !symbol.is_some_and(is_import),
                    _ => false,
                },
                _ => true,
            },
            TokenKind::PatternKey(_) | TokenKind::IndexedType(_) | TokenKind::JsxAttribute(_) => {
                true
            }
            TokenKind::Decl(decl) => {
                matches!(
                    self.hir.symbol(self.hir.decl(decl).symbol).home,
                    Home::Table(_)
                )
            }
            _ => false,
        }
    }

    /// Whether a member implements or overrides what is looked for.
    fn overrides(&mut self, key: &Key) -> bool {
        let Key::Symbol(def) = *key else {
            return false;
        };
        if let Some(&known) = self.members.get(&def) {
            return known;
        }
        let mut above = with_property(self.semantics, def)
            .flat_map(|member| heritage::overridden(self.semantics, member));
        let found = above.any(|it| self.query.keys.contains(&Key::Symbol(it)));
        self.members.insert(def, found);
        found
    }

    fn take(&mut self, token: TokenId) {
        let flags = self.hir.token(token).flags;
        if self.query.mode == Mode::Renames {
            self.report(token);
            return;
        }
        if self.query.constructs {
            if flags.has(TokenFlags::NEW) {
                self.report(token);
            }
        } else {
            self.report(token);
        }
        self.other_names(token);
    }

    fn report(&mut self, token: TokenId) {
        let reference = reference_at(self.file, self.hir, token);
        self.found.references.push(reference);
        self.found.tokens.push(token);
    }

    /// The other names that a place gives to what it names.
    fn other_names(&mut self, token: TokenId) {
        let hir = self.hir;
        let it = hir.token(token);
        match it.kind {
            TokenKind::Imported(decl) => self.add(hir.decl(decl).name, Some(self.file)),
            TokenKind::ExportLocal { .. } | TokenKind::Reexported(_) | TokenKind::ExportAlias => {
                let listed = hir.export_statements().iter();
                let mut specifiers = listed.flat_map(|it| it.named.iter().flatten());
                if let Some(of) = specifiers.find(|of| of.range.contains_range(it.range)) {
                    self.add(of.exported, None);
                    if matches!(it.kind, TokenKind::ExportAlias) {
                        self.add(of.local, None);
                    }
                }
            }
            TokenKind::Decl(decl) => {
                if let DeclData::Import(_, symphony_hir::Imported::Named(name)) =
                    hir.decl(decl).data
                    && name != it.name
                {
                    self.add(name, None);
                }
            }
            _ => {}
        }
        if files::is_default_export(hir, token) {
            self.found.names.push(Name {
                text: SmolStr::new_static("default"),
                only: None,
            });
        }
    }

    fn add(&mut self, name: NameId, only: Option<SourceFile>) {
        let text = self.hir.name(name).clone();
        self.found.names.push(Name { text, only });
    }

    /// The word `default` of what is exported without a name.
    fn take_nameless(&mut self) {
        for def in self.query.symbols().filter(|it| it.file == self.file) {
            let decl = self.hir.first_decl(def.symbol);
            let is_expression = decl.kind == DeclKind::ExportAssignment;
            if !decl.flags.has(DeclFlags::DEFAULT) && self.hir.name(decl.name) != "default"
                || !(is_expression || decl.name_range.is_empty())
            {
                continue;
            }
            let text = source_text(self.semantics.db, self.file);
            let start = usize::from(decl.range.start());
            let found = if is_expression {
                text.get(start..)
                    .and_then(|it| Some(start + it.find("default")?))
            } else {
                text.get(..start).and_then(|it| it.rfind("default"))
            };
            let Some(at) = found else { continue };
            self.found.references.push(Reference {
                file: self.file,
                range: TextRange::at((at as u32).into(), 7.into()),
                is_write: true,
                is_declaration: true,
            });
        }
    }

    /// What has no name of its own: constructors, `super()`, and `this` for a class.
    fn take_special(&mut self) {
        self.take_nameless();
        if let Some((file, decl)) = self.query.class
            && file == self.file
        {
            let found = special::static_this(self.file, self.hir, decl);
            self.found.references.extend(found);
        }
        if !self.query.constructs {
            return;
        }
        for (id, class) in self.hir.classes() {
            let symbol = class.decl.map(|it| self.hir.decl(it).symbol);
            let own = symbol.is_some_and(|symbol| {
                let def = Def {
                    file: self.file,
                    symbol,
                };
                self.query.keys.contains(&Key::Symbol(def))
            });
            if own {
                for &constructor in &class.constructors {
                    let range = self.hir.decl(constructor).name_range;
                    if let Some(token) = self.hir.token_with(range) {
                        self.report(token);
                    }
                }
                continue;
            }
            let base = class.extends.as_ref().map(|(base, _)| *base);
            let token = base.and_then(|base| match self.hir.expr(base).kind {
                ExprKind::Name(token)
                | ExprKind::Member {
                    property: token, ..
                } => Some(token),
                _ => None,
            });
            if token.is_some_and(|token| self.matches(token)) {
                let calls = special::super_calls(self.file, self.hir, id);
                self.found.references.extend(calls);
            }
        }
    }
}
