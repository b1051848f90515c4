//! The kind and modifiers of one name.

use symphony_syntax::{Node, NodeExt, Parse, SyntaxKind, children};

use super::{SemanticToken, TokenKind, TokenModifiers};
use crate::scopes::{Declared, Meaning, Member, Name, Owner, Scopes, SymbolId, Usage};

/// Tells what names are.
pub(super) struct Classifier<'tree> {
    scopes: &'tree Scopes<'tree>,
    /// What each symbol is, told from its first declaration.
    symbols: Vec<(TokenKind, TokenModifiers, bool)>,
}

impl<'tree> Classifier<'tree> {
    pub(super) fn new(parse: &'tree Parse, scopes: &'tree Scopes<'tree>) -> Self {
        let deprecates = parse.text().contains("@deprecated");
        let symbols = (0..scopes.symbols.len() as SymbolId)
            .map(|symbol| match scopes.declaration(symbol) {
                Some(name) => {
                    let (kind, mut modifiers) = declared(name);
                    if deprecates && is_deprecated(parse, name.parent) {
                        modifiers |= TokenModifiers::DEPRECATED;
                    }
                    (kind, modifiers, name.declares == Some(Declared::Import))
                }
                None => (TokenKind::Variable, TokenModifiers::default(), false),
            })
            .collect();
        Self { scopes, symbols }
    }

    pub(super) fn name(&self, name: &Name<'tree>) -> SemanticToken {
        let known = name.symbol.map(|symbol| self.symbols[symbol as usize]);
        let (mut kind, mut modifiers) = match known {
            Some((kind, modifiers, false)) => (kind, modifiers),
            Some((kind, modifiers, true)) => (used(name).unwrap_or(kind), modifiers),
            None => (
                used(name).unwrap_or(TokenKind::Variable),
                TokenModifiers::DEFAULT_LIBRARY,
            ),
        };
        if name.usage == Usage::Decorator {
            kind = TokenKind::Decorator;
        }
        if name.declares.is_some() {
            modifiers |= TokenModifiers::DECLARATION;
        } else if name.writes {
            modifiers |= TokenModifiers::MODIFICATION;
        }
        SemanticToken {
            range: name.range,
            kind,
            modifiers,
        }
    }

    pub(super) fn member(&self, member: &Member<'tree>) -> SemanticToken {
        use SyntaxKind::*;
        let mut modifiers = TokenModifiers::default();
        let kind = match member.owner {
            Owner::Declared(_) => {
                modifiers = modifiers_of(member.parent) | TokenModifiers::DECLARATION;
                declared_member(member)
            }
            Owner::Of(object) if self.is_enum(object) => {
                modifiers |= TokenModifiers::READONLY;
                TokenKind::EnumMember
            }
            _ if member.parent.syntax() == NestedTypeIdentifier => TokenKind::Type,
            _ => match member.usage {
                Usage::Called => TokenKind::Method,
                Usage::Constructed => TokenKind::Class,
                Usage::Decorator => TokenKind::Decorator,
                Usage::Plain | Usage::JsxTag | Usage::Documented => TokenKind::Property,
            },
        };
        if member.writes && !matches!(member.owner, Owner::Declared(_)) {
            modifiers |= TokenModifiers::MODIFICATION;
        }
        SemanticToken {
            range: member.range,
            kind,
            modifiers,
        }
    }

    fn is_enum(&self, object: Node<'tree>) -> bool {
        self.scopes
            .name_at(object.text_range())
            .and_then(|name| name.symbol)
            .is_some_and(|symbol| self.symbols[symbol as usize].0 == TokenKind::Enum)
    }
}

fn declared_member(member: &Member<'_>) -> TokenKind {
    use SyntaxKind::*;
    match member.parent.syntax() {
        EnumBody | EnumAssignment => TokenKind::EnumMember,
        MethodDefinition | MethodSignature | AbstractMethodSignature => {
            let is_accessor = |child: Node<'_>| matches!(child.syntax(), KwGet | KwSet);
            if children(member.parent).any(is_accessor) {
                TokenKind::Property
            } else {
                TokenKind::Method
            }
        }
        Pair | PublicFieldDefinition if is_function(member.parent.field("value")) => {
            TokenKind::Method
        }
        _ => TokenKind::Property,
    }
}

/// What a symbol is by one of its declarations.
fn declared(name: &Name<'_>) -> (TokenKind, TokenModifiers) {
    use SyntaxKind::*;
    let none = TokenModifiers::default();
    match name.declares {
        Some(Declared::Const) => {
            let value = name.parent.field("value");
            let kind = if name.parent.syntax() == VariableDeclarator && is_function(value) {
                TokenKind::Function
            } else {
                TokenKind::Variable
            };
            (kind, TokenModifiers::READONLY)
        }
        Some(Declared::Parameter) => (TokenKind::Parameter, none),
        Some(Declared::Function) => {
            let is_async = name.parent.child_of_kind(KwAsync).is_some();
            let modifiers = if is_async {
                TokenModifiers::ASYNC
            } else {
                none
            };
            (TokenKind::Function, modifiers)
        }
        Some(Declared::Class) => {
            let is_abstract = name.parent.syntax() == AbstractClassDeclaration;
            let modifiers = if is_abstract {
                TokenModifiers::ABSTRACT
            } else {
                none
            };
            (TokenKind::Class, modifiers)
        }
        Some(Declared::Interface) => (TokenKind::Interface, none),
        Some(Declared::TypeAlias) => (TokenKind::Type, none),
        Some(Declared::Enum) => (TokenKind::Enum, none),
        Some(Declared::Namespace) => (TokenKind::Namespace, none),
        Some(Declared::Import) if name.parent.syntax() == NamespaceImport => {
            (TokenKind::Namespace, none)
        }
        Some(Declared::TypeParameter) => (TokenKind::TypeParameter, none),
        _ => (TokenKind::Variable, none),
    }
}

/// What an imported or global name seems to be where it is used.
fn used(name: &Name<'_>) -> Option<TokenKind> {
    match (name.usage, name.meaning) {
        (Usage::Constructed, _) => Some(TokenKind::Class),
        (Usage::Called, _) => Some(TokenKind::Function),
        (Usage::JsxTag, _) => Some(TokenKind::Class),
        (_, Meaning::TYPE) => Some(TokenKind::Type),
        (_, Meaning::NAMESPACE) => Some(TokenKind::Namespace),
        _ => None,
    }
}

fn is_function(value: Option<Node<'_>>) -> bool {
    use SyntaxKind::*;
    value.is_some_and(|value| {
        matches!(
            value.syntax(),
            ArrowFunction | FunctionExpression | GeneratorFunction
        )
    })
}

/// The modifiers written before a member.
fn modifiers_of(declaration: Node<'_>) -> TokenModifiers {
    use SyntaxKind::*;
    let mut modifiers = TokenModifiers::default();
    for child in children(declaration) {
        modifiers |= match child.syntax() {
            KwStatic => TokenModifiers::STATIC,
            KwReadonly => TokenModifiers::READONLY,
            KwAbstract => TokenModifiers::ABSTRACT,
            KwAsync => TokenModifiers::ASYNC,
            PropertyIdentifier | PrivatePropertyIdentifier => break,
            _ => TokenModifiers::default(),
        };
    }
    modifiers
}

/// Whether the comment before a declaration, or before the statement it begins on, says `@deprecated`.
fn is_deprecated(parse: &Parse, declaration: Node<'_>) -> bool {
    let text = parse.text();
    let line = text[..declaration.start_byte()]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let before = text[..line].trim_end();
    before.ends_with("*/")
        && before
            .rfind("/*")
            .is_some_and(|start| before[start..].contains("@deprecated"))
}
