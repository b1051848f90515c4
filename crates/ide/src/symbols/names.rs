//! Names and kinds of symbols.

use symphony_syntax::{Node, NodeExt, Parse, SyntaxKind, children};

use super::{Name, SymbolKind};

/// The longest name shown.
const MAX_NAME: usize = 150;

/// A name on one line, cut if it is very long.
pub(super) fn clean(name: &str) -> String {
    let mut name: String = match name.char_indices().nth(MAX_NAME) {
        Some((cut, _)) => format!("{}...", &name[..cut]),
        None => name.to_owned(),
    };
    name.retain(|character| !matches!(character, '\r' | '\n'));
    name
}

/// Whether a member's name can be told from its text: not a computed one like `[a + b]`.
pub(super) fn navigable(name: Node<'_>) -> bool {
    use SyntaxKind::*;
    if name.syntax() != ComputedPropertyName {
        return true;
    }
    let mut inner = name.named_child(0);
    while let Some(node) = inner {
        match node.syntax() {
            Identifier | String | Number => return true,
            MemberExpression => inner = node.field("object"),
            _ => return false,
        }
    }
    false
}

/// The kind of a property by its value.
pub(super) fn property_kind(value: Option<Node<'_>>) -> SymbolKind {
    use SyntaxKind::*;
    match value.map(|value| value.syntax()) {
        Some(ArrowFunction | FunctionExpression | GeneratorFunction) => SymbolKind::Method,
        Some(FunctionDeclaration | GeneratorFunctionDeclaration) => SymbolKind::Function,
        Some(Class | ClassDeclaration | AbstractClassDeclaration) => SymbolKind::Class,
        _ => SymbolKind::Property,
    }
}

pub(super) fn is_function_or_class(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(
        kind,
        ArrowFunction | FunctionExpression | GeneratorFunction | Class
    )
}

/// What lies in parentheses and type assertions.
pub(super) fn skip_outer(mut node: Node<'_>) -> Node<'_> {
    use SyntaxKind::*;
    while matches!(
        node.syntax(),
        ParenthesizedExpression | AsExpression | SatisfiesExpression | NonNullExpression
    ) {
        let Some(inner) = node.named_child(0) else {
            break;
        };
        node = inner;
    }
    node
}

/// What a function or class expression is called, after what it is assigned or handed to.
pub(super) fn function_name<'tree>(node: Node<'tree>, parse: &Parse) -> Name<'tree> {
    use SyntaxKind::*;
    if let Some(name) = node.field("name") {
        return Name::Node(name);
    }
    let mut parent = node.parent();
    if parent.is_some_and(|parent| parent.syntax() == Arguments) {
        parent = parent.and_then(|parent| parent.parent());
    }
    let anonymous = if node.syntax() == Class {
        "<class>"
    } else {
        "<function>"
    };
    let name = match parent {
        Some(parent) if parent.syntax() == AssignmentExpression => {
            return match parent.field("left") {
                Some(left) => match left.field("property").or_else(|| left.field("index")) {
                    Some(name) => Name::Node(name),
                    None => Name::Node(left),
                },
                None => Name::Given(anonymous.to_owned()),
            };
        }
        Some(parent) if parent.syntax() == CallExpression && node.syntax() != Class => parent
            .field("function")
            .and_then(|function| called_name(function, parse))
            .map(|name| callback_name(&name, parent, parse)),
        _ => None,
    };
    Name::Given(name.unwrap_or_else(|| anonymous.to_owned()))
}

fn callback_name(name: &str, call: Node<'_>, parse: &Parse) -> String {
    let name = clean(name);
    if name.len() > MAX_NAME {
        return format!("{name} callback");
    }
    let strings: Vec<&str> = call
        .field("arguments")
        .into_iter()
        .flat_map(children)
        .filter(|argument| {
            matches!(
                argument.syntax(),
                SyntaxKind::String | SyntaxKind::TemplateString
            )
        })
        .map(|argument| argument.text(parse))
        .collect();
    format!("{name}({}) callback", clean(&strings.join(", ")))
}

/// `a.b` of what is called, as far as it consists of names.
fn called_name(mut node: Node<'_>, parse: &Parse) -> Option<String> {
    let mut parts = Vec::new();
    loop {
        match node.syntax() {
            SyntaxKind::Identifier => {
                parts.push(node.text(parse));
                break;
            }
            SyntaxKind::MemberExpression => {
                parts.push(node.field("property")?.text(parse));
                node = node.field("object")?;
            }
            _ => break,
        }
    }
    parts.reverse();
    (!parts.is_empty()).then(|| parts.join("."))
}

/// Whether the comment before a declaration says `@deprecated`.
pub(super) fn is_deprecated(node: Node<'_>, parse: &Parse) -> bool {
    let before = parse.text()[..node.start_byte()].trim_end();
    let before = [
        "export", "default", "declare", "abstract", "const", "let", "var",
    ]
    .iter()
    .rev()
    .fold(before, |text, word| {
        text.strip_suffix(word).unwrap_or(text).trim_end()
    });
    if !before.ends_with("*/") {
        return false;
    }
    before
        .rfind("/*")
        .is_some_and(|start| before[start..].contains("@deprecated"))
}
