//! What names stand for, for the time of one question.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};
use smol_str::SmolStr;
use symphony_db::{Db, SourceFile, hir};
use symphony_hir::{
    DeclData, DeclId, DeclKind, ExportTarget, ExprId, ExprKind, Hir, Imported, Meaning, NameId,
    ScopeId, SymbolId, TokenId, TokenKind,
};
use symphony_syntax::Language;

use crate::globals;
use crate::graph::{
    Exported, ExportedAs, Module, additions_to, exported_by, project_of, resolve_module, whole,
};

/// As many lowerings are kept at a time: a search through thousands of files must not hold them all.
const MOST_LOWERINGS: usize = 64;
/// How many aliases are followed from one name: more is a circle.
const MAX_ALIASES: u32 = 64;

/// A symbol of a file. Merged declarations in several files are several of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Def {
    /// The file.
    pub file: SourceFile,
    /// The symbol in the file's lowering as it is now.
    pub symbol: SymbolId,
}

/// What a name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Something declared.
    Symbol(Def),
    /// A file as a module.
    Module(SourceFile),
    /// An ambient module: the file, and the scope of its body.
    Ambient(SourceFile, ScopeId),
}

impl Target {
    /// The file that it is in.
    pub fn file(self) -> SourceFile {
        match self {
            Self::Symbol(def) => def.file,
            Self::Module(file) | Self::Ambient(file, _) => file,
        }
    }

    /// The symbol, if it is one.
    pub fn def(self) -> Option<Def> {
        match self {
            Self::Symbol(def) => Some(def),
            Self::Module(_) | Self::Ambient(..) => None,
        }
    }
}

/// Several targets; most often there is one.
pub type Targets = SmallVec<[Target; 2]>;

/// Answers questions about names on one state of the database. Keeps the lowerings that it has looked at.
pub struct Semantics<'db> {
    /// The database.
    pub db: &'db dyn Db,
    hirs: RefCell<FxHashMap<SourceFile, Arc<Hir>>>,
    /// The file whose text is not in the database.
    given: Option<(SourceFile, Arc<Hir>)>,
    pub(crate) types: crate::types::TypeCache,
}

impl std::fmt::Debug for Semantics<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Semantics")
    }
}

impl<'db> Semantics<'db> {
    /// Begins to look.
    pub fn new(db: &'db dyn Db) -> Self {
        Self {
            db,
            hirs: RefCell::default(),
            given: None,
            types: Default::default(),
        }
    }

    /// Looks at `file` as if it were lowered to `hir`: at a text that is not in the database.
    #[must_use]
    pub fn with_hir(self, file: SourceFile, hir: Arc<Hir>) -> Self {
        Self {
            given: Some((file, hir)),
            ..self
        }
    }

    /// A file's lowering.
    pub fn hir(&self, file: SourceFile) -> Arc<Hir> {
        if let Some(known) = self.hirs.borrow().get(&file) {
            return Arc::clone(known);
        }
        // A search through many files gives way to an edit.
        self.db.unwind_if_revision_cancelled();
        let lowered = match &self.given {
            Some((given, lowered)) if *given == file => Arc::clone(lowered),
            _ => hir(self.db, file),
        };
        let mut known = self.hirs.borrow_mut();
        if known.len() >= MOST_LOWERINGS {
            known.clear();
        }
        known.insert(file, Arc::clone(&lowered));
        lowered
    }

    /// The module that a specifier leads to.
    pub fn module(&self, file: SourceFile, specifier: &str) -> Option<Module> {
        resolve_module(self.db, file, SmolStr::new(specifier))
    }

    /// What a module is as a whole: its file, or the bodies of an ambient one.
    pub fn module_targets(&self, module: &Module) -> Targets {
        whole(self.db, module, false)
            .into_iter()
            .flat_map(|it| self.exported_targets(&it))
            .collect()
    }

    /// What a module exports under `name`.
    pub fn exported(&self, module: &Module, name: &str) -> Targets {
        exported_by(self.db, module, name)
            .map(|it| self.exported_targets(&it))
            .unwrap_or_default()
    }

    /// What an export found by the module graph is in its file's lowering.
    pub fn exported_targets(&self, exported: &Exported) -> Targets {
        let file = exported.file;
        let hir = self.hir(file);
        let symbol_in = |scope: ScopeId, name: &SmolStr| -> Targets {
            let found = hir.name_id(name).and_then(|name| hir.in_scope(scope, name));
            match found {
                Some(symbol) => self.with_global_parts(file, &hir, symbol),
                None => Targets::new(),
            }
        };
        let ambient = |number: u32| hir.ambient_modules().get(number as usize)?.scope;
        match &exported.what {
            ExportedAs::Local(name) => symbol_in(Hir::FILE, name),
            ExportedAs::Nameless => {
                let exports = hir.exports(Hir::FILE).into_iter().flat_map(|it| &it.named);
                let nameless = exports
                    .filter(|export| hir.name(export.name) == "default")
                    .find_map(|export| match export.target {
                        ExportTarget::Decl(decl) => Some(hir.decl(decl).symbol),
                        _ => None,
                    });
                nameless
                    .map(|symbol| Target::Symbol(Def { file, symbol }))
                    .into_iter()
                    .collect()
            }
            ExportedAs::Module => smallvec![Target::Module(file)],
            ExportedAs::AmbientModule(number) => ambient(*number)
                .map(|scope| Target::Ambient(file, scope))
                .into_iter()
                .collect(),
            ExportedAs::Ambient(number, name) => ambient(*number)
                .map(|scope| symbol_in(scope, name))
                .unwrap_or_default(),
            ExportedAs::Equals => self.export_equals(file, Hir::FILE),
            ExportedAs::AmbientEquals(number) => ambient(*number)
                .map(|scope| self.export_equals(file, scope))
                .unwrap_or_default(),
            ExportedAs::EqualsMember(name) => {
                self.members_of_all(&self.export_equals(file, Hir::FILE), name, Meaning::ALL)
            }
            ExportedAs::AmbientEqualsMember(number, name) => ambient(*number)
                .map(|scope| {
                    self.members_of_all(&self.export_equals(file, scope), name, Meaning::ALL)
                })
                .unwrap_or_default(),
        }
    }

    fn export_equals(&self, file: SourceFile, scope: ScopeId) -> Targets {
        let hir = self.hir(file);
        let Some(decl) = hir.exports(scope).and_then(|it| it.equals) else {
            return Targets::new();
        };
        let own = Target::Symbol(Def {
            file,
            symbol: hir.decl(decl).symbol,
        });
        let followed = self.follow(own);
        if followed.is_empty() {
            smallvec![own]
        } else {
            followed
        }
    }

    /// What stands behind a target at the end of all aliases: itself if it is none. Empty if an alias leads nowhere.
    pub fn follow(&self, target: Target) -> Targets {
        let mut done = Targets::new();
        self.follow_into(target, &mut done, MAX_ALIASES);
        done
    }

    /// The same for each of several.
    pub fn follow_all(&self, targets: Targets) -> Targets {
        let mut done = Targets::new();
        for target in targets {
            self.follow_into(target, &mut done, MAX_ALIASES);
        }
        done
    }

    fn follow_into(&self, target: Target, done: &mut Targets, left: u32) {
        let Target::Symbol(def) = target else {
            push_new(done, target);
            return;
        };
        let Some(left) = left.checked_sub(1) else {
            return;
        };
        let hir = self.hir(def.file);
        let mut own = false;
        for &decl in &hir.symbol(def.symbol).decls {
            match self.alias(def.file, &hir, decl) {
                Some(next) => {
                    for next in next {
                        if next != target {
                            self.follow_into(next, done, left);
                        }
                    }
                }
                None => own = true,
            }
        }
        if own {
            push_new(done, target);
        }
    }

    /// What an alias names, one step on; none if the declaration is no alias.
    pub fn alias(&self, file: SourceFile, hir: &Hir, decl: DeclId) -> Option<Targets> {
        match hir.decl(decl).data {
            DeclData::Import(module, imported) => {
                let specifier = hir.name(hir.module(module).specifier);
                let Some(module) = self.module(file, specifier) else {
                    return Some(Targets::new());
                };
                Some(match imported {
                    Imported::Default => {
                        let found = self.exported(&module, "default");
                        if found.is_empty() && self.may_lack_default(&module) {
                            self.equals_or_module(&module)
                        } else {
                            found
                        }
                    }
                    Imported::Named(name) => self.exported(&module, hir.name(name)),
                    Imported::Namespace => self.module_targets(&module),
                    Imported::Equals => self.equals_or_module(&module),
                })
            }
            DeclData::ImportAlias(expr) => Some(self.expr_targets(file, hir, expr)),
            DeclData::Expression(expr) => match hir.expr(expr).kind {
                ExprKind::Name(_) | ExprKind::Member { .. } => {
                    let found = self.expr_targets(file, hir, expr);
                    (!found.is_empty()).then_some(found)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a default import of a module without one gives the module: it may be no TypeScript module at all.
    fn may_lack_default(&self, module: &Module) -> bool {
        match module {
            Module::File(file) => {
                matches!(
                    file.language(self.db),
                    Language::JavaScript | Language::Declarations
                )
            }
            Module::Ambient(_) => true,
        }
    }

    fn equals_or_module(&self, module: &Module) -> Targets {
        whole(self.db, module, true)
            .into_iter()
            .flat_map(|it| self.exported_targets(&it))
            .collect()
    }

    /// What a name that is looked up from `scope` stands for, in this file or globally. Imports are not followed.
    pub fn look_up(
        &self,
        file: SourceFile,
        scope: ScopeId,
        name: NameId,
        meaning: Meaning,
    ) -> Targets {
        let hir = self.hir(file);
        match hir.look_up(scope, name, meaning) {
            Some(symbol) => self.with_global_parts(file, &hir, symbol),
            None => self.global(file, hir.name(name), meaning),
        }
    }

    /// A symbol of a file, with its parts in other files if it is global.
    pub fn with_global_parts(&self, file: SourceFile, hir: &Hir, symbol: SymbolId) -> Targets {
        let known = hir.symbol(symbol);
        let own = Target::Symbol(Def { file, symbol });
        if let symphony_hir::Home::Scope(scope) = known.home
            && hir.is_global(scope)
            && hir.decl(known.decls[0]).kind != DeclKind::Import
        {
            let mut all = self.global(file, hir.name(known.name), Meaning::ALL);
            if all.contains(&own) {
                return all;
            }
            all.insert(0, own);
            return all;
        }
        let mut all: Targets = smallvec![own];
        if known.home == symphony_hir::Home::Scope(Hir::FILE) && hir.is_module {
            self.add_augmentations(file, hir, symbol, &mut all);
        }
        all
    }

    /// What `declare module "./file"` in other files adds to an interface or namespace of a module.
    fn add_augmentations(&self, file: SourceFile, hir: &Hir, symbol: SymbolId, all: &mut Targets) {
        let merges = |decl: &DeclId| {
            matches!(
                hir.decl(*decl).kind,
                DeclKind::Interface | DeclKind::Class | DeclKind::Namespace | DeclKind::Enum
            )
        };
        let known = hir.symbol(symbol);
        if !known.decls.iter().any(merges) {
            return;
        }
        for (other, number, name) in additions_to(self.db, file, hir.name(known.name)) {
            let part = self.hir(other);
            let ambient = part.ambient_modules().get(number as usize);
            let Some(scope) = ambient.and_then(|it| it.scope) else {
                continue;
            };
            let name = part.name_id(&name);
            if let Some(symbol) = name.and_then(|name| part.in_scope(scope, name)) {
                let def = Def {
                    file: other,
                    symbol,
                };
                push_new(all, Target::Symbol(def));
            }
        }
    }

    /// What a global name stands for when looked up in `file`.
    pub fn global(&self, file: SourceFile, name: &str, meaning: Meaning) -> Targets {
        let globals = globals(self.db, project_of(self.db, file));
        let mut found = Targets::new();
        let mut fits = false;
        for &other in globals.files(name) {
            let hir = self.hir(other);
            let Some(id) = hir.name_id(name) else {
                continue;
            };
            for &scope in hir.global_scopes() {
                if let Some(symbol) = hir.in_scope(scope, id) {
                    fits |= hir.symbol(symbol).meaning.meets(meaning);
                    push_new(
                        &mut found,
                        Target::Symbol(Def {
                            file: other,
                            symbol,
                        }),
                    );
                }
            }
            for &decl in hir.umd_namespaces() {
                if hir.decl(decl).name == id {
                    fits = true;
                    found.extend(self.equals_or_module(&Module::File(other)));
                }
            }
        }
        // Declarations merge across files: a type's part counts for a value that has another.
        if fits { found } else { Targets::new() }
    }

    /// What the name at a token stands for, before aliases are followed. Two for a shorthand's token are asked one by one.
    pub fn token(&self, file: SourceFile, hir: &Hir, token: TokenId) -> Targets {
        let it = hir.token(token);
        let own = |symbol: SymbolId| self.with_global_parts(file, hir, symbol);
        match it.kind {
            TokenKind::Decl(decl) => own(hir.decl(decl).symbol),
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
            } => own(symbol),
            TokenKind::Use {
                meaning,
                symbol: None,
                ..
            } => self.global(file, hir.name(it.name), meaning),
            TokenKind::ExportLocal { symbol: None, .. } => {
                self.global(file, hir.name(it.name), Meaning::ALL)
            }
            TokenKind::ParameterName { symbol: None, .. } => Targets::new(),
            TokenKind::Member { object, meaning } => {
                self.member(file, hir, object, hir.name(it.name), meaning)
            }
            TokenKind::PatternKey(of) => self.pattern_member(file, hir, of, hir.name(it.name)),
            TokenKind::IndexedType(of) => self.type_member(file, hir, of, hir.name(it.name)),
            TokenKind::JsxAttribute(tag) => self.attribute(file, hir, tag, hir.name(it.name)),
            TokenKind::Imported(decl) => self.alias(file, hir, decl).unwrap_or_default(),
            TokenKind::Reexported(module) => {
                let specifier = hir.name(hir.module(module).specifier);
                let module = self.module(file, specifier);
                module
                    .map(|it| self.exported(&it, hir.name(hir.token(token).name)))
                    .unwrap_or_default()
            }
            TokenKind::ExportAlias => self.export_alias(file, hir, token),
            TokenKind::Module(module) => {
                let specifier = hir.name(hir.module(module).specifier);
                let module = self.module(file, specifier);
                module
                    .map(|it| self.module_targets(&it))
                    .unwrap_or_default()
            }
            TokenKind::JsxIntrinsic => self.intrinsic_element(file, hir.name(it.name)),
            TokenKind::This(_) | TokenKind::Label(_) => Targets::new(),
        }
    }

    /// What `b` in `export { a as b }` or `export * as b from` stands for.
    fn export_alias(&self, file: SourceFile, hir: &Hir, token: TokenId) -> Targets {
        let range = hir.token(token).range;
        let export = hir
            .scopes()
            .filter_map(|(scope, _)| hir.exports(scope))
            .flat_map(|it| &it.named)
            .find(|export| export.range == range);
        match export.map(|export| export.target) {
            Some(ExportTarget::Local(inner)) => self.token(file, hir, inner),
            Some(ExportTarget::From(module, name)) => {
                let module = self.module(file, hir.name(hir.module(module).specifier));
                module
                    .map(|it| self.exported(&it, hir.name(name)))
                    .unwrap_or_default()
            }
            Some(ExportTarget::Namespace(module)) => {
                let module = self.module(file, hir.name(hir.module(module).specifier));
                module
                    .map(|it| self.module_targets(&it))
                    .unwrap_or_default()
            }
            Some(ExportTarget::Decl(_)) | None => Targets::new(),
        }
    }

    /// What an expression that is a name or a path of names stands for, with all aliases followed.
    pub fn expr_targets(&self, file: SourceFile, hir: &Hir, expr: ExprId) -> Targets {
        match hir.expr(expr).kind {
            ExprKind::Name(token)
            | ExprKind::Member {
                property: token, ..
            } => self.follow_all(self.token(file, hir, token)),
            ExprKind::Import(module) => {
                let specifier = hir.name(hir.module(module).specifier);
                let module = self.module(file, specifier);
                module
                    .map(|it| self.equals_or_module(&it))
                    .unwrap_or_default()
            }
            _ => Targets::new(),
        }
    }
}

pub(crate) fn push_new(targets: &mut Targets, target: Target) {
    if !targets.contains(&target) {
        targets.push(target);
    }
}
