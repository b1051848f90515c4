//! What a file uses: symbols, and names of members.

use rustc_hash::FxHashSet;
use symphony_hir::{
    DeclFlags, DeclId, DeclKind, ExprKind, Hir, Home, Meaning, NameId, ScopeKind, SymbolId,
    TokenFlags, TokenKind,
};
use symphony_text::TextRange;

use crate::doc_names::doc_names;

/// What a file uses.
pub(super) struct Uses {
    symbols: Vec<bool>,
    /// The members that are read on anything.
    read: FxHashSet<NameId>,
    /// The members that are assigned to.
    written: FxHashSet<NameId>,
    /// Names that count as used whatever they stand for: in documentation, by JSX, or where what they name was not found.
    mentioned: FxHashSet<NameId>,
    /// Names that count as used where they stand for a type: in the comments of JavaScript.
    types: FxHashSet<NameId>,
    /// Names that are used as types.
    named_types: FxHashSet<NameId>,
}

impl Uses {
    pub(super) fn collect(text: &str, hir: &Hir, jsx_factories: &[&str]) -> Self {
        let mut uses = Self {
            symbols: vec![false; hir.symbols().len()],
            read: FxHashSet::default(),
            written: FxHashSet::default(),
            mentioned: FxHashSet::default(),
            types: FxHashSet::default(),
            named_types: FxHashSet::default(),
        };
        let in_docs = doc_names(text, hir.is_javascript);
        let linked = in_docs.linked.iter();
        uses.mentioned
            .extend(linked.filter_map(|name| hir.name_id(name)));
        let types = in_docs.types.iter();
        uses.types
            .extend(types.filter_map(|name| hir.name_id(name)));
        if has_jsx(hir) {
            let factories = jsx_factories.iter().filter_map(|name| hir.name_id(name));
            uses.mentioned.extend(factories);
        }
        let methods = methods(hir);
        for token in hir.tokens() {
            let reads = token.flags.has(TokenFlags::READ);
            // Types in comments of TypeScript are only text; what else is there was found by its name.
            if token.flags.has(TokenFlags::DOC) && !hir.is_javascript {
                continue;
            }
            if token.flags.has(TokenFlags::TYPE) && matches!(token.kind, TokenKind::Use { .. }) {
                uses.named_types.insert(token.name);
            }
            match token.kind {
                TokenKind::Use {
                    symbol: Some(symbol),
                    ..
                } if reads => uses.use_symbol(hir, symbol, token.range),
                TokenKind::Use { symbol: None, .. } => _ = uses.mentioned.insert(token.name),
                TokenKind::ExportLocal {
                    symbol: Some(symbol),
                    ..
                } => uses.symbols[symbol.index()] = true,
                TokenKind::Member { object, .. } => {
                    let on_this = matches!(hir.expr(object).kind, ExprKind::This(_));
                    let within = on_this && is_within(&methods, token.name, token.range);
                    if reads && !within {
                        uses.read.insert(token.name);
                    }
                    if token.flags.has(TokenFlags::WRITE) {
                        uses.written.insert(token.name);
                    }
                }
                TokenKind::PatternKey(_)
                | TokenKind::IndexedType(_)
                | TokenKind::JsxAttribute(_) => {
                    uses.read.insert(token.name);
                }
                _ => {}
            }
        }
        uses
    }

    /// A use counts unless it is inside what it names: a function that only calls itself is unused.
    fn use_symbol(&mut self, hir: &Hir, symbol: SymbolId, at: TextRange) {
        if self.symbols[symbol.index()] {
            return;
        }
        let decls = &hir.symbol(symbol).decls;
        let inside =
            |&decl: &DeclId| names_itself(hir, decl) && hir.decl(decl).range.contains_range(at);
        self.symbols[symbol.index()] = !decls.iter().any(inside);
    }

    pub(super) fn has(&self, hir: &Hir, symbol: SymbolId) -> bool {
        let it = hir.symbol(symbol);
        self.symbols[symbol.index()]
            || self.mentioned.contains(&it.name)
            || it.meaning.meets(Meaning::TYPE) && self.types.contains(&it.name)
    }

    /// Whether anything of this name is used as a type.
    pub(super) fn has_type_named(&self, name: NameId) -> bool {
        self.named_types.contains(&name)
    }

    /// Whether a member is used; of an accessor that can be set, an assignment is a use.
    pub(super) fn has_member(&self, name: NameId, has_setter: bool) -> bool {
        self.read.contains(&name)
            || self.mentioned.contains(&name)
            || has_setter && self.written.contains(&name)
    }
}

pub(crate) fn has_jsx(hir: &Hir) -> bool {
    hir.exprs()
        .any(|(_, it)| matches!(it.kind, ExprKind::Jsx(_)))
}

/// Whether a declaration is a statement whose own text does not count as a use of it.
fn names_itself(hir: &Hir, decl: DeclId) -> bool {
    let it = hir.decl(decl);
    let is_statement = matches!(
        it.kind,
        DeclKind::Function
            | DeclKind::Class
            | DeclKind::Interface
            | DeclKind::TypeAlias
            | DeclKind::Enum
            | DeclKind::Namespace
    );
    is_statement && !is_own_name(hir, decl)
}

/// Whether it is the name of a function or class expression, which only its own text can see.
pub(super) fn is_own_name(hir: &Hir, decl: DeclId) -> bool {
    let it = hir.decl(decl);
    let scope = hir.scope(it.scope);
    match it.kind {
        DeclKind::Function => scope.kind == ScopeKind::Function && scope.range == it.range,
        DeclKind::Class => scope.kind == ScopeKind::Class,
        _ => false,
    }
}

/// The methods and accessors of classes with a body: a read of `this.name` directly in one of that name is no use.
fn methods(hir: &Hir) -> Vec<(Option<NameId>, TextRange)> {
    hir.functions()
        .filter(|(_, it)| it.body.is_some())
        .map(|(_, function)| {
            let name = function.decl.map(|it| hir.decl(it)).filter(|decl| {
                matches!(decl.kind, DeclKind::Method | DeclKind::Accessor)
                    && decl.flags.has(DeclFlags::PRIVATE)
                    && matches!(hir.symbol(decl.symbol).home, Home::Table(_))
            });
            (name.map(|it| it.name), function.range)
        })
        .collect()
}

/// Whether the innermost function around `at` is called `name`.
fn is_within(methods: &[(Option<NameId>, TextRange)], name: NameId, at: TextRange) -> bool {
    // Functions are listed in the order of their beginnings, so the last one around is the innermost.
    let before = methods.partition_point(|(_, range)| range.start() <= at.start());
    methods[..before]
        .iter()
        .rev()
        .find(|(_, range)| range.contains_range(at))
        .is_some_and(|(of, _)| *of == Some(name))
}
