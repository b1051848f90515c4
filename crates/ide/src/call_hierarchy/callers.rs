//! What in a file calls and can be called, and which of it a place lies in.

use symphony_db::SourceFile;
use symphony_hir::{
    DeclData, DeclFlags, DeclId, DeclKind, ExprId, ExprKind, FunctionKind, Hir, PatternSource,
    ScopeId, ScopeKind,
};
use symphony_text::{TextRange, TextSize};

use super::CallItem;
use crate::SymbolKind;
use crate::names::{class_of_scope, function_of_scope, heritage};

/// Something that calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Caller {
    /// The file's own statements.
    File,
    /// A function, method, accessor, class, namespace, or a constant or field that holds a function or class.
    Decl(DeclId),
    /// `static { }`.
    StaticBlock(ScopeId),
}

/// All callers of a file with what they span.
pub(super) struct Callers {
    all: Vec<(TextRange, Caller)>,
}

impl Callers {
    pub(super) fn new(hir: &Hir) -> Self {
        let decls = hir
            .decls()
            .filter_map(|(id, _)| Some((span(hir, id)?, Caller::Decl(id))));
        let blocks = hir
            .scopes()
            .filter(|&(id, _)| is_static_block(hir, id))
            .map(|(id, scope)| (scope.range, Caller::StaticBlock(id)));
        Self {
            all: decls.chain(blocks).collect(),
        }
    }

    /// The innermost caller around a place.
    pub(super) fn around(&self, range: TextRange) -> Caller {
        let around = self.all.iter().filter(|it| it.0.contains_range(range));
        around
            .min_by_key(|it| it.0.len())
            .map_or(Caller::File, |it| it.1)
    }

    /// What a caller spans; none for the file.
    pub(super) fn span(&self, caller: Caller) -> Option<TextRange> {
        self.all.iter().find(|it| it.1 == caller).map(|it| it.0)
    }

    /// The caller that is shown by this place.
    pub(super) fn with_selection(&self, hir: &Hir, at: TextRange) -> Option<Caller> {
        let mut all = self.all.iter();
        let found = all.find(|it| selection(hir, it.1) == at).map(|it| it.1);
        let is_file = at == TextRange::empty(0.into());
        found.or(is_file.then_some(Caller::File))
    }
}

/// What a declaration spans as a caller: of a constant or field only the function or class.
pub(super) fn span(hir: &Hir, id: DeclId) -> Option<TextRange> {
    let decl = hir.decl(id);
    match decl.kind {
        DeclKind::Function | DeclKind::Method | DeclKind::Accessor => {
            matches!(decl.data, DeclData::Function(_)).then_some(decl.range)
        }
        DeclKind::Class => Some(decl.range),
        DeclKind::Namespace => {
            let is_named = !decl.flags.has(DeclFlags::QUOTED) && hir.name(decl.name) != "global";
            is_named.then_some(decl.range)
        }
        DeclKind::Const => match decl.data {
            DeclData::Binding(pattern) => match hir.pattern(pattern).source {
                PatternSource::Variable(_, Some(value)) => assigned(hir, value),
                _ => None,
            },
            _ => None,
        },
        DeclKind::Property => match decl.data {
            DeclData::Property(_, Some(value))
                if heritage::owner_of_member(hir, decl.symbol).is_some() =>
            {
                assigned(hir, value)
            }
            _ => None,
        },
        _ => None,
    }
}

fn assigned(hir: &Hir, value: ExprId) -> Option<TextRange> {
    let value = hir.expr(value);
    matches!(value.kind, ExprKind::Function(_) | ExprKind::Class(_)).then_some(value.range)
}

fn is_static_block(hir: &Hir, scope: ScopeId) -> bool {
    let known = hir.scope(scope);
    known.kind == ScopeKind::Function
        && known.owner.is_none()
        && known
            .parent
            .is_some_and(|parent| class_of_scope(hir, parent).is_some())
        && function_of_scope(hir, scope).is_none()
}

fn selection(hir: &Hir, caller: Caller) -> TextRange {
    match caller {
        Caller::File => TextRange::empty(0.into()),
        Caller::Decl(decl) => {
            let decl = hir.decl(decl);
            let name = decl.name_range;
            // With its quotes.
            match decl.flags.has(DeclFlags::QUOTED) {
                true => TextRange::new(
                    name.start().checked_sub(1.into()).unwrap_or_default(),
                    name.end() + TextSize::from(1),
                ),
                false => name,
            }
        }
        Caller::StaticBlock(scope) => {
            let range = hir.scope(scope).range;
            TextRange::at(range.start(), TextSize::from(6).min(range.len()))
        }
    }
}

/// A caller as it is shown.
pub(super) fn item(file: SourceFile, hir: &Hir, caller: Caller) -> CallItem {
    let selection = selection(hir, caller);
    let nameless = |kind, name: &str, range| CallItem {
        file,
        kind,
        name: name.to_owned(),
        container: None,
        range,
        selection,
    };
    match caller {
        Caller::File => nameless(SymbolKind::Module, "", hir.scope(Hir::FILE).range),
        Caller::StaticBlock(scope) => {
            let range = hir.scope(scope).range;
            nameless(SymbolKind::Constructor, "static {}", range)
        }
        Caller::Decl(id) => {
            let decl = hir.decl(id);
            let container = decl
                .parent
                .map(|it| hir.name(hir.decl(it).name).to_string());
            CallItem {
                container,
                ..nameless(kind(hir, id), hir.name(decl.name), decl.range)
            }
        }
    }
}

fn kind(hir: &Hir, id: DeclId) -> SymbolKind {
    let decl = hir.decl(id);
    match decl.kind {
        DeclKind::Class => SymbolKind::Class,
        DeclKind::Namespace => SymbolKind::Module,
        DeclKind::Method => SymbolKind::Method,
        DeclKind::Accessor | DeclKind::Property => SymbolKind::Property,
        _ => SymbolKind::Function,
    }
}

/// Whether a declaration is a function with a body, or none at all.
pub(super) fn is_implemented(hir: &Hir, id: DeclId) -> bool {
    match hir.decl(id).data {
        DeclData::Function(function) => {
            let function = hir.function(function);
            function.body.is_some() || function.kind == FunctionKind::Arrow
        }
        _ => true,
    }
}
