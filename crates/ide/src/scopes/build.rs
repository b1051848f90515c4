//! The walk that collects scopes, names and members, and the lookup of the names.

use rustc_hash::FxHashMap;
use symphony_syntax::{Language, Node, NodeExt, Parse, SyntaxKind};
use symphony_text::TextRange;

use super::classify::{Binding, Role, binding, opens_scope, role};
use super::docs::{self, DocName};
use super::{
    Declared, Field, Meaning, Member, Name, NameId, Owner, Scope, ScopeId, Scopes, Symbol, Usage,
    fields,
};

/// A node that the walk is in.
#[derive(Clone, Copy)]
pub(super) struct Frame<'tree> {
    pub(super) node: Node<'tree>,
    pub(super) kind: SyntaxKind,
    pub(super) field: Field,
    pub(super) binding: Binding,
    pub(super) scope: ScopeId,
}

struct Builder<'tree> {
    parse: &'tree Parse,
    scopes: Scopes<'tree>,
    ids: FxHashMap<&'tree str, NameId>,
    docs: Docs,
}

/// Parameters named in the comment seen last.
#[derive(Default)]
struct Docs {
    names: Vec<DocName>,
    /// Where the declaration behind the comment begins.
    host: usize,
    /// Whether names were put where they do not belong in the order of the text.
    unordered: bool,
}

pub(super) fn build(parse: &Parse) -> Scopes<'_> {
    let mut builder = Builder {
        parse,
        scopes: Scopes {
            scopes: vec![Scope {
                parent: None,
                is_function: true,
            }],
            symbols: Vec::new(),
            names: Vec::new(),
            members: Vec::new(),
            by_name: FxHashMap::default(),
        },
        ids: FxHashMap::default(),
        docs: Docs::default(),
    };
    builder.walk();
    if builder.docs.unordered {
        builder.scopes.names.sort_by_key(|name| name.range.start());
    }
    builder.declare_all();
    builder.resolve();
    builder.scopes
}

impl<'tree> Builder<'tree> {
    fn walk(&mut self) {
        let fields = fields(self.parse);
        let mut cursor = self.parse.root().walk();
        let mut frames: Vec<Frame<'tree>> = Vec::new();
        loop {
            let node = cursor.node();
            // Half of the nodes are keywords and punctuation.
            if node.is_named() {
                let field = cursor
                    .field_id()
                    .map_or(Field::None, |id| fields[usize::from(id.get())]);
                let frame = self.enter(node, field, &frames);
                if !is_opaque(frame.kind) && cursor.goto_first_child() {
                    frames.push(frame);
                    continue;
                }
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
                frames.pop();
            }
        }
    }

    fn enter(&mut self, node: Node<'tree>, field: Field, frames: &[Frame<'tree>]) -> Frame<'tree> {
        let kind = node.syntax();
        let Some(parent) = frames.last() else {
            return Frame {
                node,
                kind,
                field,
                binding: Binding::None,
                scope: 0,
            };
        };
        let mut frame = Frame {
            node,
            kind,
            field,
            binding: binding(parent, field),
            scope: parent.scope,
        };
        if let Some(is_function) = opens_scope(kind, parent.kind) {
            frame.scope = self.scopes.scopes.len() as ScopeId;
            self.scopes.scopes.push(Scope {
                parent: Some(parent.scope),
                is_function,
            });
            if is_function && !self.docs.names.is_empty() {
                self.documented_parameters(&frame, frames);
            }
        } else if kind == SyntaxKind::Comment {
            self.comment(&frame);
        } else if let Some(role) = role(self.parse, &frame, frames) {
            self.name(&frame, role, frames);
        }
        frame
    }

    fn name(&mut self, frame: &Frame<'tree>, role: Role<'tree>, frames: &[Frame<'tree>]) {
        let range = frame.node.text_range();
        let text = frame.node.text(self.parse);
        let next = self.ids.len() as NameId;
        let id = *self.ids.entry(text).or_insert(next);
        let outside = |levels: usize| {
            frames
                .len()
                .checked_sub(levels)
                .map_or(0, |at| frames[at].scope)
        };
        let mut name = Name {
            parent: frames.last().map_or(frame.node, |parent| parent.node),
            usage: usage(frame, frames),
            range,
            id,
            scope: frame.scope,
            meaning: Meaning::VALUE,
            declares: None,
            writes: false,
            symbol: None,
        };
        match role {
            Role::Use { meaning, writes } => {
                name.meaning = meaning;
                name.writes = writes;
            }
            Role::Declares { declared, outer } => {
                name.scope = if outer { outside(2) } else { frame.scope };
                name.declares = Some(declared);
                name.meaning = declared.meaning();
                name.writes = true;
            }
            Role::Member { owner, writes } => return self.member(frame, owner, writes, frames),
            Role::Both { meaning, writes } => {
                // `{ a }` and `{ a } = x` are a property's name as well.
                self.member(frame, Owner::Unknown, writes, frames);
                name.meaning = meaning;
                name.writes = writes;
                if let Some(declared) = declared_by(frame.binding) {
                    name.declares = Some(declared);
                    name.meaning = declared.meaning();
                }
            }
        }
        self.scopes.names.push(name);
    }

    fn member(
        &mut self,
        frame: &Frame<'tree>,
        owner: Owner<'tree>,
        writes: bool,
        frames: &[Frame<'tree>],
    ) {
        self.scopes.members.push(Member {
            parent: frames.last().map_or(frame.node, |parent| parent.node),
            usage: usage(frame, frames),
            range: frame.node.text_range(),
            owner,
            writes,
        });
    }

    /// Names in a documentation comment.
    fn comment(&mut self, frame: &Frame<'tree>) {
        let text = self.parse.text();
        let (start, end) = (frame.node.start_byte(), frame.node.end_byte());
        let comment = &text[start..end];
        if !comment.starts_with("/**") || !comment.contains('@') {
            return;
        }
        self.docs.names.clear();
        self.docs.host = text.len() - text[end..].trim_start().len();
        let has_types = self.parse.language() == Language::JavaScript;
        for mut name in docs::names(comment, has_types) {
            name.start += start;
            name.end += start;
            if name.is_parameter {
                self.docs.names.push(name);
            } else {
                self.doc_name(name, frame, frame.scope);
            }
        }
    }

    /// The function that the last comment is about opens its scope.
    fn documented_parameters(&mut self, frame: &Frame<'tree>, frames: &[Frame<'tree>]) {
        let names = std::mem::take(&mut self.docs.names);
        let host = self.docs.host;
        let is_about = |frame: &Frame<'tree>| frame.node.start_byte() == host;
        if is_about(frame) || frames.iter().any(is_about) {
            self.docs.unordered = true;
            for name in names {
                self.doc_name(name, frame, frame.scope);
            }
        }
    }

    fn doc_name(&mut self, name: DocName, frame: &Frame<'tree>, scope: ScopeId) {
        let next = self.ids.len() as NameId;
        let text = &self.parse.text()[name.start..name.end];
        let id = *self.ids.entry(text).or_insert(next);
        let mut meaning = Meaning::ALL;
        if name.is_parameter {
            meaning = Meaning::VALUE;
        }
        self.scopes.names.push(Name {
            parent: frame.node,
            usage: Usage::Documented,
            range: TextRange::new((name.start as u32).into(), (name.end as u32).into()),
            id,
            scope,
            meaning,
            declares: None,
            writes: false,
            symbol: None,
        });
    }

    fn declare_all(&mut self) {
        for at in 0..self.scopes.names.len() {
            let Name {
                declares: Some(declared),
                id,
                mut scope,
                ..
            } = self.scopes.names[at]
            else {
                continue;
            };
            if declared == Declared::Var {
                while let Scope {
                    is_function: false,
                    parent: Some(parent),
                } = self.scopes.scopes[scope as usize]
                {
                    scope = parent;
                }
            }
            let next = self.scopes.symbols.len() as u32;
            let symbol = *self.scopes.by_name.entry((scope, id)).or_insert(next);
            if symbol == next {
                self.scopes.symbols.push(Symbol {
                    meaning: Meaning(0),
                    declarations: Vec::new(),
                });
            }
            let known = &mut self.scopes.symbols[symbol as usize];
            known.meaning.0 |= declared.meaning().0;
            known.declarations.push(at as u32);
            self.scopes.names[at].symbol = Some(symbol);
        }
    }

    fn resolve(&mut self) {
        for at in 0..self.scopes.names.len() {
            let name = self.scopes.names[at];
            if name.symbol.is_none() {
                self.scopes.names[at].symbol =
                    self.scopes.look_up(name.scope, name.id, name.meaning);
            }
        }
    }
}

/// Whether a node has no names in it.
fn is_opaque(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(
        kind,
        String
            | Regex
            | PredefinedType
            | Comment
            | Identifier
            | PropertyIdentifier
            | TypeIdentifier
    )
}

/// What is done with the name in `frame`.
fn usage(frame: &Frame<'_>, frames: &[Frame<'_>]) -> Usage {
    use SyntaxKind::*;
    // Of `a.b()` it is `b` that is called.
    let mut at = frames.len();
    let mut field = frame.field;
    if at > 0 && frames[at - 1].kind == MemberExpression && field == Field::Property {
        at -= 1;
        field = frames[at].field;
    }
    let Some(around) = at.checked_sub(1).map(|at| frames[at]) else {
        return Usage::Plain;
    };
    let is_decorated = |at: usize| {
        at.checked_sub(2)
            .is_some_and(|at| frames[at].kind == Decorator)
    };
    match (around.kind, field) {
        (Decorator, _) => Usage::Decorator,
        (CallExpression, Field::Function) if is_decorated(at) => Usage::Decorator,
        (CallExpression, Field::Function) => Usage::Called,
        (NewExpression, Field::Constructor) => Usage::Constructed,
        (JsxOpeningElement | JsxClosingElement | JsxSelfClosingElement, Field::Name) => {
            Usage::JsxTag
        }
        _ => Usage::Plain,
    }
}

/// What a binding of this sort declares.
pub(super) fn declared_by(binding: Binding) -> Option<Declared> {
    match binding {
        Binding::Var => Some(Declared::Var),
        Binding::Let => Some(Declared::Let),
        Binding::Const => Some(Declared::Const),
        Binding::Parameter => Some(Declared::Parameter),
        Binding::Catch => Some(Declared::Catch),
        Binding::None | Binding::Assigned => None,
    }
}
