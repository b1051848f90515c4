//! What may be written at a place: names in scope, what a module exports, paths of modules, keywords, and names that an
//! import would bring into scope.
//!
//! The text at the cursor is usually incomplete. Where it has no name that says what may stand there, the text is
//! lowered once more with a name put in: what sort of name that is decides what is offered.

mod globals;
mod imports;
mod jsx;
mod keywords;
mod lists;
mod members;
mod paths;
mod place;
mod scope;
#[cfg(test)]
mod tests;
mod types;

use smol_str::SmolStr;
use symphony_db::{Db, SourceFile};
use symphony_hir::{DeclKind, Meaning};
use symphony_semantic::Semantics;
use symphony_summary::DeclarationKind;
use symphony_text::{TextRange, TextSize};

use crate::TextEdit;
use place::{Cursor, Place};

/// What may be written at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// What is offered, in no particular order: editors sort by tier and name.
    pub items: Vec<CompletionItem>,
    /// What is replaced by any of them: the word at the cursor.
    pub replace: TextRange,
    /// Whether more is offered once more is typed.
    pub is_incomplete: bool,
}

/// One thing that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletionItem {
    /// What is shown, and inserted unless `insert` says otherwise.
    pub label: SmolStr,
    /// What it is.
    pub kind: CompletionKind,
    /// How near it is.
    pub tier: Tier,
    /// What is inserted, where it is not the label.
    pub insert: Option<SmolStr>,
    /// The import that it needs.
    pub import: Option<ImportItem>,
}

/// The import that an item needs, with all that [`resolve_completion`] has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportItem {
    /// The module.
    pub specifier: SmolStr,
    /// The name there; `default` and `export=` are names here.
    pub name: SmolStr,
    /// Whether it is imported for a type alone.
    pub type_only: bool,
}

/// What a completion is, for its icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is what it is named after")]
pub enum CompletionKind {
    Variable,
    Constant,
    Parameter,
    Function,
    Class,
    Interface,
    TypeAlias,
    TypeParameter,
    Enum,
    EnumMember,
    Module,
    Method,
    Property,
    Import,
    Keyword,
    Label,
    File,
    Folder,
    Package,
}

/// How near something is: the nearer is offered first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// Declared in the file, or a member of what is before the dot.
    Near,
    /// Global, or a keyword.
    Global,
    /// Has to be imported.
    Import,
}

impl Tier {
    /// The number that orders completions as TypeScript orders them.
    pub fn sort_text(self) -> &'static str {
        match self {
            Self::Near => "11",
            Self::Global => "15",
            Self::Import => "16",
        }
    }
}

/// What is wanted of completions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompletionOptions {
    /// Whether names are offered that have to be imported.
    pub auto_imports: bool,
    /// How many of those at most.
    pub import_limit: usize,
}

impl Default for CompletionOptions {
    fn default() -> Self {
        Self {
            auto_imports: true,
            import_limit: 100,
        }
    }
}

impl CompletionItem {
    fn new(label: SmolStr, kind: CompletionKind, tier: Tier) -> Self {
        Self {
            label,
            kind,
            tier,
            insert: None,
            import: None,
        }
    }
}

/// What may be written at `offset`.
pub fn completions(
    db: &dyn Db,
    file: SourceFile,
    offset: TextSize,
    options: CompletionOptions,
) -> Completions {
    let Some(cursor) = Cursor::new(db, file, offset) else {
        return Completions {
            replace: TextRange::empty(offset),
            ..Completions::default()
        };
    };
    let semantics = Semantics::new(db).with_hir(file, cursor.hir.clone());
    let ctx = Context {
        db,
        file,
        semantics: &semantics,
        cursor: &cursor,
        options,
    };
    let mut acc = Completions {
        replace: cursor.word,
        ..Completions::default()
    };
    let key = |decl| semantics.object_of_key(file, &cursor.hir, decl);
    let places = cursor.places(&key);
    for &place in &places {
        if let Place::Key(object) = place {
            // Where it is known which keys there may be, a shorthand is one of them.
            ctx.keys(object, &mut acc);
            if !acc.items.is_empty() {
                return acc;
            }
        }
    }
    for place in places {
        ctx.complete(place, &mut acc);
    }
    acc
}

/// The edits that come with an item: the import that it needs.
pub fn resolve_completion(
    db: &dyn Db,
    file: SourceFile,
    label: &str,
    import: &ImportItem,
) -> Vec<TextEdit> {
    crate::auto_import::import_edits(db, file, label, import)
}

/// What every kind of place asks for.
struct Context<'a> {
    db: &'a dyn Db,
    file: SourceFile,
    semantics: &'a Semantics<'a>,
    cursor: &'a Cursor,
    options: CompletionOptions,
}

impl Context<'_> {
    fn complete(&self, place: Place, acc: &mut Completions) {
        match place {
            Place::Name(name) => {
                let near = self.names_in_scope(name, acc);
                self.global_names(name, &near, acc);
                self.keywords(name, acc);
                if name.jsx_tag {
                    self.jsx_tags(acc);
                }
                self.auto_imports(name, acc);
            }
            Place::Member { object, meaning } => self.members(object, meaning, acc),
            Place::ImportList(statement) => self.import_list(statement, acc),
            Place::ExportList(scope) => self.export_list(scope, acc),
            Place::ReexportList(module) => self.reexport_list(module, acc),
            Place::Path => self.paths(acc),
            Place::Label => self.labels(acc),
            Place::ClassMember => self.class_keywords(acc),
            Place::Key(_) => {}
            Place::PatternKey(pattern) => self.pattern_keys(pattern, acc),
            Place::Attribute(tag) => self.attributes(tag, acc),
            Place::ClosingTag(tag) => self.closing_tag(tag, acc),
        }
    }
}

/// Whether what stands for `has` may be written where `wanted` is asked for.
fn fits(has: Meaning, wanted: Meaning) -> bool {
    // `A.B` is a type where `A` is a namespace.
    has.meets(wanted) || (wanted.meets(Meaning::TYPE) && has.meets(Meaning::NAMESPACE))
}

fn kind_of_decl(kind: DeclKind) -> CompletionKind {
    match kind {
        DeclKind::Var | DeclKind::Let | DeclKind::Catch => CompletionKind::Variable,
        DeclKind::Const => CompletionKind::Constant,
        DeclKind::Parameter => CompletionKind::Parameter,
        DeclKind::Function => CompletionKind::Function,
        DeclKind::Class => CompletionKind::Class,
        DeclKind::Interface => CompletionKind::Interface,
        DeclKind::TypeAlias => CompletionKind::TypeAlias,
        DeclKind::TypeParameter => CompletionKind::TypeParameter,
        DeclKind::Enum => CompletionKind::Enum,
        DeclKind::EnumMember => CompletionKind::EnumMember,
        DeclKind::Namespace | DeclKind::UmdNamespace => CompletionKind::Module,
        DeclKind::Method | DeclKind::Constructor => CompletionKind::Method,
        DeclKind::Property | DeclKind::Accessor => CompletionKind::Property,
        DeclKind::Import | DeclKind::ExportAssignment => CompletionKind::Import,
    }
}

fn kind_of_declaration(kind: Option<DeclarationKind>) -> CompletionKind {
    match kind {
        Some(DeclarationKind::Class) => CompletionKind::Class,
        Some(DeclarationKind::Interface) => CompletionKind::Interface,
        Some(DeclarationKind::TypeAlias) => CompletionKind::TypeAlias,
        Some(DeclarationKind::Enum) => CompletionKind::Enum,
        Some(DeclarationKind::EnumMember) => CompletionKind::EnumMember,
        Some(DeclarationKind::Namespace) => CompletionKind::Module,
        Some(DeclarationKind::Function) => CompletionKind::Function,
        Some(DeclarationKind::Variable) | None => CompletionKind::Variable,
        Some(DeclarationKind::Constant) => CompletionKind::Constant,
        Some(DeclarationKind::Method | DeclarationKind::Constructor) => CompletionKind::Method,
        Some(DeclarationKind::Property | DeclarationKind::Accessor) => CompletionKind::Property,
    }
}
