//! What is looked for, and the search through one file.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use symphony_db::SourceFile;
use symphony_hir::{
    DeclData, DeclFlags, DeclId, DeclKind, ExprKind, Hir, Meaning, NameId, SymbolId, TokenFlags,
    TokenId, TokenKind,
};
use symphony_semantic::{Def, Semantics};
use symphony_text::TextSize;

use super::files::{self, Reach};
use super::identity::{Key, keys_of, parameter_property, push};
use super::{Reference, reference_at, renames, special};
use crate::names::{heritage, touched};

/// A search for references. It is run in rounds: the files of a round are independent of each other.
#[derive(Clone, Debug)]
pub struct ReferenceQuery {
    pub(super) keys: FxHashSet<Key>,
    /// A type and a variable of one name are told apart by this.
    meaning: Meaning,
    /// The names to look for, each everywhere or in one file only.
    pub(super) names: Vec<Name>,
    /// How many of them earlier rounds have looked for.
    pub(super) done: usize,
    pub(super) reach: Reach,
    /// Whether other members may implement or override what is looked for.
    has_members: bool,
    /// Whether aliases are names of their own: what is renamed keeps the names that others gave it.
    renames: bool,
    /// Only what constructs: the query began at `constructor`.
    constructs: bool,
    /// The declaration of the class that the query began at: `this` in its static methods counts.
    class: Option<(SourceFile, DeclId)>,
}

/// A name that is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Name {
    pub(super) text: SmolStr,
    pub(super) only: Option<SourceFile>,
}

/// What a search through one file has found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The places.
    pub references: Vec<Reference>,
    /// The names found, in no order, without what has no name of its own.
    pub(crate) tokens: Vec<TokenId>,
    /// Other names by which the same is known.
    pub(super) names: Vec<Name>,
}

impl ReferenceQuery {
    /// A search for what is named at `offset`; none if that is no name or nothing is known of it.
    pub fn new(semantics: &Semantics<'_>, file: SourceFile, offset: TextSize) -> Option<Self> {
        Self::begin(semantics, file, offset, None)
    }

    /// The same search in the file itself only.
    pub(crate) fn within(
        semantics: &Semantics<'_>,
        file: SourceFile,
        offset: TextSize,
    ) -> Option<Self> {
        Self::begin(semantics, file, offset, Some(Reach::File(file)))
    }

    fn begin(
        semantics: &Semantics<'_>,
        file: SourceFile,
        offset: TextSize,
        reach: Option<Reach>,
    ) -> Option<Self> {
        let hir = semantics.hir(file);
        let tokens = touched(&hir, offset);
        let first = *tokens.first()?;
        if matches!(hir.token(first).kind, TokenKind::ExportAlias) {
            // From the name that others see the one inside is not looked for.
            return Self::of_own_name(semantics, file, &tokens, reach);
        }
        let mut keys = Vec::new();
        let mut constructs = false;
        let mut class = None;
        for &token in &tokens {
            if let TokenKind::Decl(decl) = hir.token(token).kind {
                if hir.decl(decl).kind == DeclKind::Constructor {
                    constructs = true;
                    keys.extend(class_of_constructor(file, &hir, decl));
                    continue;
                }
                if matches!(hir.decl(decl).data, DeclData::Class(_)) {
                    class = Some((file, decl));
                }
            }
            for key in keys_of(semantics, file, &hir, token) {
                push(&mut keys, key);
            }
        }
        if keys.is_empty() {
            return None;
        }
        let meaning = search_meaning(semantics, &hir, first, &keys);
        let mut query = Self::of_keys(semantics, keys, meaning, reach);
        query.constructs = constructs;
        query.class = class;
        let text = hir.name(hir.token(first).name).clone();
        if !constructs {
            query.add_name(Name { text, only: None });
        }
        Some(query)
    }

    /// A search for what a new name of the one at `tokens` changes.
    pub(crate) fn of_rename(
        semantics: &Semantics<'_>,
        file: SourceFile,
        tokens: &[TokenId],
    ) -> Option<Self> {
        Self::of_own_name(semantics, file, tokens, None)
    }

    fn of_own_name(
        semantics: &Semantics<'_>,
        file: SourceFile,
        tokens: &[TokenId],
        reach: Option<Reach>,
    ) -> Option<Self> {
        let hir = semantics.hir(file);
        let keys = renames::keys_from(semantics, file, &hir, tokens);
        let text = hir.name(hir.token(*tokens.first()?).name).clone();
        if keys.is_empty() {
            return None;
        }
        let mut query = Self::of_keys(semantics, keys, Meaning::ALL, reach);
        query.names = vec![Name { text, only: None }];
        query.renames = true;
        Some(query)
    }

    /// Whether this is looked for.
    pub(crate) fn has(&self, key: &Key) -> bool {
        self.keys.contains(key)
    }

    /// The symbols that are looked for.
    pub(crate) fn symbols(&self) -> impl Iterator<Item = Def> {
        self.keys.iter().filter_map(|it| match it {
            Key::Symbol(def) => Some(*def),
            _ => None,
        })
    }

    fn of_keys(
        semantics: &Semantics<'_>,
        mut keys: Vec<Key>,
        meaning: Meaning,
        reach: Option<Reach>,
    ) -> Self {
        let mut has_members = false;
        for key in keys.clone() {
            let Key::Symbol(def) = key else { continue };
            for member in with_property(semantics, def) {
                let above = heritage::overridden(semantics, member);
                let hir = semantics.hir(member.file);
                has_members |= heritage::owner_of_member(&hir, member.symbol).is_some();
                for def in above {
                    push(&mut keys, Key::Symbol(def));
                }
            }
        }
        let mut query = Self {
            reach: reach.unwrap_or_else(|| files::reach(semantics, &keys)),
            keys: FxHashSet::default(),
            meaning,
            names: Vec::new(),
            done: 0,
            has_members,
            renames: false,
            constructs: false,
            class: None,
        };
        for key in &keys {
            let text = match key {
                Key::Symbol(def) => {
                    let hir = semantics.hir(def.file);
                    hir.name(hir.symbol(def.symbol).name).clone()
                }
                Key::Namespace(_, name) | Key::Word(name) => name.clone(),
                Key::Export(..) => continue,
            };
            query.add_name(Name { text, only: None });
            if files::is_default(semantics, key) {
                query.add_name(Name {
                    text: SmolStr::new_static("default"),
                    only: None,
                });
            }
        }
        query.keys = keys.into_iter().collect();
        query.add_default_imports(semantics, 0);
        query
    }

    /// The files that the next round has to look into.
    pub fn files(&self, semantics: &Semantics<'_>) -> Vec<SourceFile> {
        files::candidates(semantics, self)
    }

    /// Takes what the files of a round have found. Whether another round is needed.
    pub fn next(&mut self, semantics: &Semantics<'_>, found: &[Found]) -> bool {
        self.done = self.names.len();
        for name in found.iter().flat_map(|it| &it.names) {
            self.add_name(name.clone());
        }
        self.add_default_imports(semantics, self.done);
        self.names.len() > self.done
    }

    fn add_name(&mut self, name: Name) {
        let known = |it: &Name| it.text == name.text && (it.only.is_none() || it.only == name.only);
        if !self.names.iter().any(known) {
            self.names.push(name);
        }
    }

    /// What is exported as `default` is imported under any name.
    fn add_default_imports(&mut self, semantics: &Semantics<'_>, from: usize) {
        let has_default = self.names[from..].iter().any(|it| it.text == "default");
        if has_default && matches!(self.reach, Reach::Everywhere(_)) {
            for name in files::default_imports(semantics, self) {
                self.add_name(name);
            }
        }
    }
}

/// The symbol, and the property if it is a parameter that makes one.
fn with_property(semantics: &Semantics<'_>, def: Def) -> impl Iterator<Item = Def> {
    let hir = semantics.hir(def.file);
    let property = parameter_property(def, &hir);
    std::iter::once(def).chain(property)
}

fn class_of_constructor(file: SourceFile, hir: &Hir, decl: DeclId) -> Option<Key> {
    let mut classes = hir.classes();
    let (_, class) = classes.find(|(_, it)| it.constructors.contains(&decl))?;
    let symbol = hir.decl(class.decl?).symbol;
    Some(Key::Symbol(Def { file, symbol }))
}

/// What a declaration may stand for where references are told apart.
fn decl_meaning(kind: DeclKind) -> Meaning {
    match kind {
        DeclKind::Class | DeclKind::Enum | DeclKind::EnumMember => {
            Meaning::VALUE.and(Meaning::TYPE)
        }
        other => other.meaning(),
    }
}

fn token_meaning(hir: &Hir, token: TokenId) -> Meaning {
    match hir.token(token).kind {
        TokenKind::Decl(decl) => decl_meaning(hir.decl(decl).kind),
        TokenKind::Use { meaning, .. } | TokenKind::Member { meaning, .. } => meaning,
        _ => Meaning::ALL,
    }
}

/// What the name at a token may stand for, with all that its declarations tie to that.
fn search_meaning(semantics: &Semantics<'_>, hir: &Hir, token: TokenId, keys: &[Key]) -> Meaning {
    let mut meaning = token_meaning(hir, token);
    let is_import = |symbol: SymbolId| hir.first_decl(symbol).kind == DeclKind::Import;
    if let TokenKind::Use {
        symbol: Some(symbol),
        ..
    } = hir.token(token).kind
        && is_import(symbol)
    {
        return Meaning::ALL;
    }
    let mut declared = Vec::new();
    for key in keys {
        let Key::Symbol(def) = key else {
            return Meaning::ALL;
        };
        let hir = semantics.hir(def.file);
        let decls = hir.symbol(def.symbol).decls.iter();
        declared.extend(decls.map(|&it| decl_meaning(hir.decl(it).kind)));
    }
    // A declaration may tie two meanings together; three rounds reach all three.
    for _ in 0..3 {
        for &it in &declared {
            if it.meets(meaning) {
                meaning = meaning.and(it);
            }
        }
    }
    meaning
}

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
    if query.done == 0 && !query.renames {
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
        if let Some(known) = symbol.and_then(|it| self.symbols.get(&it)) {
            return *known;
        }
        let keys = if self.query.renames {
            renames::keys_at(self.semantics, self.file, self.hir, token)
        } else {
            keys_of(self.semantics, self.file, self.hir, token)
        };
        let found = keys.iter().any(|it| self.query.keys.contains(it))
            || (self.query.has_members && keys.iter().any(|it| self.overrides(it)));
        if let Some(symbol) = symbol {
            self.symbols.insert(symbol, found);
        }
        found
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
        if self.query.renames {
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

    /// What has no name of its own: constructors, `super()`, and `this` for a class.
    fn take_special(&mut self) {
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

/// Whether a declaration is seen from other files.
pub(super) fn is_exported(hir: &Hir, decl: DeclId) -> bool {
    hir.has(decl, DeclFlags::EXPORTED)
}
