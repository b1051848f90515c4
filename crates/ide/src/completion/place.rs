//! Where the cursor is, as far as names go.

use std::sync::Arc;

use symphony_db::{Db, SourceFile, hir, source_text};
use symphony_hir::{
    DeclData, DeclId, DeclKind, ExprId, ExprKind, Hir, Home, Meaning, ModuleRefId, PatternId,
    ScopeId, TokenFlags, TokenId, TokenKind,
};
use symphony_syntax::{NodeExt, SyntaxKind};
use symphony_text::{TextRange, TextSize};

use super::types::is_announced;

/// The name that is put where nothing is written. It begins with a capital: in JSX it is a component.
const DUMMY: &str = "SymphonyCompletion";

/// The cursor in a text that has a name at it.
pub(super) struct Cursor {
    /// The lowering of the text with that name.
    pub(super) hir: Arc<Hir>,
    /// The word at the cursor, in the text as it is.
    pub(super) word: TextRange,
    /// The part of the word that is before the cursor.
    pub(super) prefix: String,
    /// What is around the word, where that matters.
    around: Around,
    /// The name's tokens in the lowering.
    tokens: Vec<TokenId>,
}

/// What is around the word at the cursor.
#[derive(Clone, Copy, Debug, Default)]
struct Around {
    /// Whether nothing is written and `<` follows.
    before_angle: bool,
    /// Whether `<` is right before and after the cursor: that reads as an operator.
    between_angles: bool,
    /// Whether nothing is written and a comma follows.
    before_comma: bool,
    /// Whether that comma is not in the line of what is before the cursor.
    new_line: bool,
    /// Whether the word is the name of a closing tag.
    closes_tag: bool,
}

impl Around {
    fn new(text: &str, word: TextRange) -> Self {
        let (before, behind) = (&text[..word.start().into()], &text[word.end().into()..]);
        let (above, below) = (before.trim_end(), behind.trim_start());
        let before_angle = word.is_empty() && behind.starts_with('<');
        let blank = [
            &before[above.len()..],
            &behind[..behind.len() - below.len()],
        ];
        Self {
            before_angle,
            between_angles: before_angle && before.ends_with('<'),
            before_comma: word.is_empty() && below.starts_with(','),
            new_line: blank.iter().any(|it| it.contains('\n')),
            closes_tag: above.ends_with("</"),
        }
    }
}

/// Whether the cursor is between the quotes of a string, by the tolerant tree. That is asked only where a quote is before
/// the cursor in its line: a specifier has one.
fn in_string(db: &dyn Db, file: SourceFile, text: &str, offset: TextSize) -> bool {
    let before = &text[..offset.into()];
    let line = before.rfind('\n').map_or(0, |it| it + 1);
    if !before[line..].contains(['"', '\'']) {
        return false;
    }
    let Some(parse) = symphony_db::parse(db, file) else {
        return false;
    };
    let token = symphony_syntax::token_at(&parse, offset);
    let around = token
        .into_iter()
        .flat_map(symphony_syntax::ancestors)
        .take(2);
    let mut strings = around.filter(|node| node.syntax() == SyntaxKind::String);
    strings.any(|node| {
        let range = node.text_range();
        range.start() < offset && offset < range.end()
    })
}

/// What may stand at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A name in scope.
    Name(NamePlace),
    /// A member of an expression.
    Member { object: ExprId, meaning: Meaning },
    /// A name between the braces of an import, by its declaration.
    ImportList(DeclId),
    /// A name in `export { }`.
    ExportList(ScopeId),
    /// A name in `export { } from`.
    ReexportList(ModuleRefId),
    /// The specifier of a module.
    Path,
    /// A label.
    Label,
    /// The name of a member of a class, or what stands before it.
    ClassMember,
    /// The key of an object literal.
    Key(ExprId),
    /// The key of a pattern.
    PatternKey(PatternId),
    /// An attribute of a JSX element, by its tag.
    Attribute(ExprId),
    /// The name of the tag that closes an element, by the one that opens it.
    ClosingTag(ExprId),
}

/// The place of a name that is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NamePlace {
    /// Where the look-up begins.
    pub(super) scope: ScopeId,
    /// What it may stand for.
    pub(super) meaning: Meaning,
    /// What it may stand for if it is global.
    pub(super) global: Meaning,
    /// Where it is in the lowering.
    pub(super) at: TextSize,
    /// Whether it is a JSX tag.
    pub(super) jsx_tag: bool,
    /// Whether it is all that is exported, and may be anything.
    pub(super) exported: bool,
    /// Whether it is the value of a property of that name as well.
    pub(super) shorthand: bool,
}

impl NamePlace {
    /// Whether only types may stand there.
    pub(super) fn is_type(self) -> bool {
        !self.meaning.meets(Meaning::VALUE)
    }
}

impl Cursor {
    /// None where no name may stand: in comments, strings, numbers and the like.
    pub(super) fn new(db: &dyn Db, file: SourceFile, offset: TextSize) -> Option<Self> {
        let text = source_text(db, file);
        let word = word_at(&text, offset)?;
        let prefix = text[TextRange::new(word.start(), offset.max(word.start()))].to_owned();
        // The text as it is may be broken here, and is then slow to lower: with a name put in it is whole.
        if in_string(db, file, &text, offset) {
            return Self::in_path(db, file, &text, offset);
        }
        if !word.is_empty() {
            let known = hir(db, file);
            let tokens: Vec<TokenId> = known
                .tokens_at(offset)
                .filter(|&it| is_word(&known, it, word))
                .collect();
            if !tokens.is_empty() {
                return Some(Self {
                    hir: known,
                    word,
                    prefix,
                    around: Around::new(&text, word),
                    tokens,
                });
            }
        }
        let behind = &text[word.end().into()..];
        let mut with_name = String::with_capacity(text.len() + DUMMY.len());
        with_name.push_str(&text[..word.start().into()]);
        with_name.push_str(DUMMY);
        with_name.push_str(behind);
        let hir = symphony_db::variant(db, file, &with_name);
        let there = TextRange::at(word.start(), (DUMMY.len() as u32).into());
        let tokens: Vec<TokenId> = hir
            .tokens_at(there.end())
            .filter(|&it| is_word(&hir, it, there))
            .collect();
        (!tokens.is_empty()).then(|| Self {
            hir: Arc::new(hir),
            word,
            prefix,
            around: Around::new(&text, word),
            tokens,
        })
    }

    /// The cursor in the specifier of a module; none in any other string.
    fn in_path(db: &dyn Db, file: SourceFile, text: &str, offset: TextSize) -> Option<Self> {
        let known = hir(db, file);
        let path = known
            .tokens_at(offset)
            .find(|&it| matches!(known.token(it).kind, TokenKind::Module(_)))?;
        let range = known.token(path).range;
        Some(Self {
            prefix: text[TextRange::new(range.start(), offset)].to_owned(),
            word: path_word(text, range, offset),
            hir: known,
            around: Around::default(),
            tokens: vec![path],
        })
    }

    /// Whether nothing of a name is written.
    pub(super) fn is_empty(&self) -> bool {
        self.word.is_empty()
    }

    /// The first of the name's tokens.
    pub(super) fn token(&self) -> TokenId {
        self.tokens[0]
    }

    /// Whether a list ends at the cursor: so TypeScript reads a comma with nothing before it in an array, and in a variable's
    /// initialiser if the comma begins a line. What follows may be chosen again.
    pub(super) fn ends_list(&self) -> bool {
        if !self.around.before_comma {
            return false;
        }
        let hir = &*self.hir;
        let here = hir.token(self.token()).range;
        let is_variable = |decl: &symphony_hir::Decl| match decl.data {
            DeclData::Binding(pattern) if self.around.new_line => {
                super::scope::initialiser(hir, pattern)
            }
            _ => None,
        };
        hir.exprs()
            .any(|(_, it)| matches!(it.kind, ExprKind::Array(_)) && it.range.contains_range(here))
            || hir
                .decls()
                .filter_map(|(_, it)| is_variable(it))
                .any(|it| it.contains_range(here))
    }

    /// Whether `name` may be what was begun: it has all its letters, in order.
    pub(super) fn may_continue(&self, name: &str) -> bool {
        is_subsequence(&self.prefix, name)
    }

    /// What may stand at the cursor; `key` says of which literal a declaration is a key.
    pub(super) fn places(&self, key: &dyn Fn(DeclId) -> Option<ExprId>) -> Vec<Place> {
        let mut places: Vec<Place> = self
            .tokens
            .iter()
            .filter_map(|&it| self.place(it, key))
            .collect();
        // A name in scope that is a shorthand is one thing.
        places.dedup();
        places
    }

    fn place(&self, token: TokenId, key: &dyn Fn(DeclId) -> Option<ExprId>) -> Option<Place> {
        let hir = &*self.hir;
        let it = hir.token(token);
        if self.around.closes_tag && it.flags.has(TokenFlags::JSX_TAG) {
            return opening_tag(hir, it.range).map(Place::ClosingTag);
        }
        Some(match it.kind {
            TokenKind::Use { scope, meaning, .. } => {
                let wanted = self.wanted(token, meaning);
                let is_open = self.is_empty()
                    && !wanted.meets(Meaning::VALUE)
                    && (self.around.between_angles
                        || !is_announced(hir, token, self.around.before_angle));
                Place::Name(NamePlace {
                    scope,
                    meaning: if is_open { Meaning::ALL } else { wanted },
                    global: if is_open { Meaning::VALUE } else { wanted },
                    at: it.range.start(),
                    jsx_tag: it.flags.has(TokenFlags::JSX_TAG),
                    exported: meaning == Meaning::ALL && wanted == Meaning::ALL,
                    shorthand: it.flags.has(TokenFlags::SHORTHAND),
                })
            }
            TokenKind::JsxIntrinsic => Place::Name(NamePlace {
                scope: hir.scope_at(it.range.start()),
                meaning: Meaning::VALUE,
                global: Meaning::VALUE,
                at: it.range.start(),
                jsx_tag: true,
                exported: false,
                shorthand: false,
            }),
            TokenKind::Member { object, meaning } => Place::Member { object, meaning },
            TokenKind::Imported(decl) => Place::ImportList(decl),
            TokenKind::ExportLocal { scope, .. } => Place::ExportList(scope),
            TokenKind::Reexported(module) => Place::ReexportList(module),
            TokenKind::Module(_) => Place::Path,
            TokenKind::Label(_) => Place::Label,
            TokenKind::JsxAttribute(tag) => Place::Attribute(tag),
            TokenKind::PatternKey(pattern) => Place::PatternKey(pattern),
            TokenKind::Decl(decl) => return self.declared(decl, key),
            _ => return None,
        })
    }

    /// `import a = Name` names a namespace; `export default Name` anything.
    fn wanted(&self, token: TokenId, meaning: Meaning) -> Meaning {
        let hir = &*self.hir;
        let is_alias = |decl: &symphony_hir::Decl| match decl.data {
            DeclData::ImportAlias(expr) => {
                matches!(hir.expr(expr).kind, ExprKind::Name(name) if name == token)
            }
            _ => false,
        };
        if meaning == Meaning::ALL && hir.decls().any(|(_, decl)| is_alias(decl)) {
            return Meaning::NAMESPACE;
        }
        match meaning {
            // What is before a dot in a type may lose the dot.
            Meaning::NAMESPACE => Meaning::TYPE.and(Meaning::NAMESPACE),
            _ => meaning,
        }
    }

    /// A new name is for the user to find, but for a name that an import takes over as it is.
    fn declared(&self, decl: DeclId, key: &dyn Fn(DeclId) -> Option<ExprId>) -> Option<Place> {
        let hir = &*self.hir;
        let it = hir.decl(decl);
        match it.kind {
            DeclKind::Import => {
                let listed = hir.imports().iter().filter_map(|it| it.named.as_ref());
                let mut specifiers = listed.flat_map(|it| &it.specifiers);
                specifiers
                    .any(|it| it.decl == decl && it.imported == hir.decl(decl).name)
                    .then_some(Place::ImportList(decl))
            }
            DeclKind::Property | DeclKind::Method | DeclKind::Accessor => {
                if let Some(object) = key(decl) {
                    return Some(Place::Key(object));
                }
                let Home::Table(table) = hir.symbol(it.symbol).home else {
                    return None;
                };
                let mut classes = hir.classes();
                classes
                    .any(|(_, class)| class.instance == table || class.statics == table)
                    .then_some(Place::ClassMember)
            }
            _ => None,
        }
    }
}

/// Whether all letters of `part` are in `name`, in order and whatever their case.
pub(super) fn is_subsequence(part: &str, name: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    let mut wanted = part.chars().flat_map(char::to_lowercase);
    wanted.all(|letter| letters.any(|it| it == letter))
}

/// The tag of the innermost element around.
fn opening_tag(hir: &Hir, range: TextRange) -> Option<ExprId> {
    let around = hir.exprs().filter_map(|(_, it)| match it.kind {
        ExprKind::Jsx(Some(tag)) if it.range.contains_range(range) => Some((it.range.len(), tag)),
        _ => None,
    });
    around.min_by_key(|it| it.0).map(|it| it.1)
}

/// Whether a token is the name at `word`.
fn is_word(hir: &Hir, token: TokenId, word: TextRange) -> bool {
    let range = hir.token(token).range;
    // A private name has its `#` in it.
    range == word || (range.end() == word.end() && range.len() == word.len() + TextSize::from(1))
}

/// The name that `offset` is in or behind; empty where there is none. None in a number.
fn word_at(text: &str, offset: TextSize) -> Option<TextRange> {
    let at = usize::from(offset);
    let (before, after) = (text.get(..at)?, text.get(at..)?);
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    let start = at - before.len() + before.trim_end_matches(is_part).len();
    let end = text.len() - after.trim_start_matches(is_part).len();
    let word = &text[start..end];
    let begins_number = |word: &str| word.starts_with(|letter: char| letter.is_ascii_digit());
    if begins_number(word) {
        return None;
    }
    if let Some(number) = text[..start].strip_suffix('.') {
        // The dot of `1.` is part of the number.
        let whole = number.trim_end_matches(is_part);
        if begins_number(&number[whole.len()..]) && !whole.ends_with('.') {
            return None;
        }
    }
    Some(TextRange::new((start as u32).into(), (end as u32).into()))
}

/// The part of a specifier that a completion replaces: from the last slash before the cursor to the end.
fn path_word(text: &str, specifier: TextRange, offset: TextSize) -> TextRange {
    let before = &text[TextRange::new(specifier.start(), offset)];
    let start = before.rfind('/').map_or(0, |slash| slash + 1);
    TextRange::new(
        specifier.start() + TextSize::from(start as u32),
        specifier.end(),
    )
}
