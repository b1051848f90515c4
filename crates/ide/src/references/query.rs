//! What is looked for, and the search through one file.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use symphony_db::SourceFile;
use symphony_hir::{
    DeclData, DeclFlags, DeclId, DeclKind, Hir, Meaning, SymbolId, TokenId, TokenKind,
};
use symphony_semantic::{Def, Semantics};
use symphony_text::TextSize;

use super::files::{self, Reach};
use super::identity::{
    Key, keys_of, names_module, parameter_property, push, type_parameters_beside,
};
use super::{Reference, origin, renames};
use crate::names::{heritage, touched};

/// A search for references. It is run in rounds: the files of a round are independent of each other.
#[derive(Clone, Debug)]
pub struct ReferenceQuery {
    pub(super) keys: FxHashSet<Key>,
    /// Those that are looked for because the others implement or override them.
    above: Vec<Key>,
    /// A type and a variable of one name are told apart by this.
    pub(super) meaning: Meaning,
    /// The names to look for, each everywhere or in one file only.
    pub(super) names: Vec<Name>,
    /// How many of them earlier rounds have looked for.
    pub(super) done: usize,
    pub(super) reach: Reach,
    /// Whether other members may implement or override what is looked for.
    pub(super) has_members: bool,
    /// Whether a name behind a dot can only be meant if an import stands before it: the files of the round say so.
    pub(super) behind_imports: bool,
    pub(super) mode: Mode,
    /// Only what constructs: the query began at `constructor`.
    pub(super) constructs: bool,
    /// The declaration of the class that the query began at: `this` in its static methods counts.
    pub(super) class: Option<(SourceFile, DeclId)>,
}

/// How two names are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// By what they stand for at the end of all aliases.
    Ends,
    /// One is an alias, which the other is or goes through.
    Alias,
    /// Aliases are names of their own: what is renamed keeps the names that others gave it.
    Renames,
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

    /// The same search without what a member implements or overrides itself.
    pub(crate) fn downwards(
        semantics: &Semantics<'_>,
        file: SourceFile,
        offset: TextSize,
    ) -> Option<Self> {
        let mut query = Self::begin(semantics, file, offset, None)?;
        let above = query.above.drain(..);
        for key in above {
            query.keys.remove(&key);
        }
        Some(query)
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
        if let ([one], Some(alias)) = (
            tokens.as_slice(),
            origin::origin_at(semantics, file, &hir, first),
        ) && !names_module(&hir, *one)
        {
            let text = hir.name(hir.token(first).name).clone();
            let mut query = Self::of_keys(semantics, vec![alias], Meaning::ALL, reach);
            query.mode = Mode::Alias;
            query.add_name(Name { text, only: None });
            return Some(query);
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
        let hir = semantics.hir(file);
        let keys = renames::keys_from(semantics, file, &hir, tokens);
        let text = hir.name(hir.token(*tokens.first()?).name).clone();
        if keys.is_empty() {
            return None;
        }
        let mut query = Self::of_keys(semantics, keys, Meaning::ALL, None);
        query.names = vec![Name { text, only: None }];
        query.mode = Mode::Renames;
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
        for key in keys.clone() {
            let Key::Symbol(def) = key else { continue };
            for beside in type_parameters_beside(semantics, def) {
                push(&mut keys, Key::Symbol(beside));
            }
        }
        let mut has_members = false;
        let mut overridden = Vec::new();
        for key in keys.clone() {
            let Key::Symbol(def) = key else { continue };
            for member in with_property(semantics, def) {
                let above = heritage::overridden(semantics, member);
                let hir = semantics.hir(member.file);
                has_members |= heritage::owner_of_member(&hir, member.symbol).is_some();
                for key in above.into_iter().map(Key::Symbol) {
                    if !keys.contains(&key) {
                        overridden.push(key.clone());
                        keys.push(key);
                    }
                }
            }
        }
        let mut query = Self {
            reach: reach.unwrap_or_else(|| files::reach(semantics, &keys)),
            keys: FxHashSet::default(),
            above: overridden,
            meaning,
            names: Vec::new(),
            done: 0,
            has_members,
            behind_imports: false,
            mode: Mode::Ends,
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
                Key::Export(file, token) => {
                    let hir = semantics.hir(*file);
                    hir.name(hir.token(*token).name).clone()
                }
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
    pub fn files(&mut self, semantics: &Semantics<'_>) -> Vec<SourceFile> {
        let (files, behind_imports) = files::candidates(semantics, self);
        self.behind_imports = behind_imports;
        files
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
pub(super) fn with_property(semantics: &Semantics<'_>, def: Def) -> impl Iterator<Item = Def> {
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

pub(super) fn token_meaning(hir: &Hir, token: TokenId) -> Meaning {
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

/// Whether a declaration is seen from other files.
pub(super) fn is_exported(hir: &Hir, decl: DeclId) -> bool {
    hir.has(decl, DeclFlags::EXPORTED)
}
