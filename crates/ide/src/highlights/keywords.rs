//! Keywords that belong together: `if` and `else`, a loop and its jumps, a function's `return`s.

use symphony_syntax::{Node, NodeExt, Parse, SyntaxKind, children};
use symphony_text::TextRange;

use super::blocks::{MAX_LEVELS, around, within};

/// The keywords that belong to the keyword `token`.
pub(super) fn of_keyword(parse: &Parse, token: Node<'_>) -> Vec<TextRange> {
    use SyntaxKind::*;
    let Some(parent) = token.parent() else {
        return Vec::new();
    };
    let found = match token.syntax() {
        KwIf | KwElse => return if_chain(parse, parent),
        KwReturn => function_body(parent).map(|body| exits(body, body)),
        KwThrow => Some(throws_with(parent)),
        KwTry | KwCatch | KwFinally => {
            let statement = around(parent).find(|node| node.syntax() == TryStatement);
            statement.map(try_words)
        }
        KwSwitch | KwCase => enclosing(parent, SwitchStatement).map(switch_words),
        KwDefault if parent.syntax() == SwitchDefault => {
            enclosing(parent, SwitchStatement).map(switch_words)
        }
        KwBreak | KwContinue => jump_owner(parse, parent).map(|owner| owner_words(parse, owner)),
        KwFor | KwWhile | KwDo => Some(owner_words(parse, parent)),
        KwAwait | KwAsync => enclosing_function(parent).map(async_words),
        KwYield => enclosing_function(parent).map(|function| {
            within(function, SyntaxKind::is_function)
                .filter(|node| node.syntax() == KwYield)
                .collect()
        }),
        kind => Some(modifiers(token, parent, kind)),
    };
    let nodes = found.unwrap_or_default();
    nodes.into_iter().map(|node| node.text_range()).collect()
}

fn enclosing(node: Node<'_>, kind: SyntaxKind) -> Option<Node<'_>> {
    around(node).find(|node| node.syntax() == kind)
}

fn enclosing_function(node: Node<'_>) -> Option<Node<'_>> {
    around(node).find(|node| node.syntax().is_function())
}

fn function_body(node: Node<'_>) -> Option<Node<'_>> {
    enclosing_function(node)?.field("body")
}

fn word(node: Node<'_>, kind: SyntaxKind) -> Option<Node<'_>> {
    node.child_of_kind(kind)
}

/// `if` and `else` of a whole chain; `else if` is one place.
fn if_chain(parse: &Parse, node: Node<'_>) -> Vec<TextRange> {
    use SyntaxKind::*;
    let mut top = match enclosing(node, IfStatement) {
        Some(statement) => statement,
        None => return Vec::new(),
    };
    let mut levels = 0;
    while let Some(outer) = top
        .parent()
        .filter(|parent| parent.syntax() == ElseClause)
        .and_then(|clause| clause.parent())
    {
        top = outer;
        levels += 1;
        if levels == MAX_LEVELS {
            break;
        }
    }
    let mut out = Vec::new();
    let mut before: Option<Node<'_>> = None;
    let mut at = Some(top);
    while let Some(statement) = at {
        if let Some(word) = word(statement, KwIf) {
            let range = word.text_range();
            let gap = before.map(|before| &parse.text()[before.end_byte()..word.start_byte()]);
            let is_joined = gap.is_some_and(|gap| gap.trim().is_empty() && !gap.contains('\n'));
            let else_range = before.map(|before| before.text_range());
            match else_range {
                Some(before) if is_joined => out.push(before.cover(range)),
                _ => out.extend(else_range.into_iter().chain([range])),
            }
        }
        let clause = statement.field("alternative");
        before = clause.and_then(|clause| word(clause, KwElse));
        at = clause
            .and_then(|clause| clause.named_child(0))
            .filter(|inner| inner.syntax() == IfStatement);
    }
    out.extend(before.map(|before| before.text_range()));
    out
}

/// The `return`s in `body` and the `throw`s that leave `owner`.
fn exits<'tree>(body: Node<'tree>, owner: Node<'tree>) -> Vec<Node<'tree>> {
    use SyntaxKind::*;
    let returns = within(body, SyntaxKind::is_function).filter(|node| node.syntax() == KwReturn);
    returns.chain(throws(owner)).collect()
}

/// The `throw`s in a node that no `catch` in it catches.
fn throws(owner: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    use SyntaxKind::*;
    within(owner, SyntaxKind::is_function)
        .filter(|node| node.syntax() == KwThrow)
        .filter(move |node| throw_owner(*node).is_some_and(|found| contains(found, owner)))
}

fn contains(outer: Node<'_>, inner: Node<'_>) -> bool {
    outer.start_byte() <= inner.start_byte() && inner.end_byte() <= outer.end_byte()
}

/// What a `throw` leaves: the block of a `try` with a `catch`, a function's body, or the file.
fn throw_owner(node: Node<'_>) -> Option<Node<'_>> {
    use SyntaxKind::*;
    let mut child = node;
    for parent in around(node).skip(1) {
        match parent.syntax() {
            TryStatement => {
                let is_caught =
                    parent.field("body") == Some(child) && parent.field("handler").is_some();
                if is_caught {
                    return Some(child);
                }
            }
            Program => return Some(parent),
            kind if kind.is_function() => return Some(child),
            _ => {}
        }
        child = parent;
    }
    None
}

fn throws_with(statement: Node<'_>) -> Vec<Node<'_>> {
    let Some(owner) = throw_owner(statement) else {
        return Vec::new();
    };
    let is_body = owner
        .parent()
        .is_some_and(|parent| parent.syntax().is_function());
    if is_body {
        exits(owner, owner)
    } else {
        throws(owner).collect()
    }
}

fn try_words(statement: Node<'_>) -> Vec<Node<'_>> {
    use SyntaxKind::*;
    let handler = statement.field("handler").and_then(|it| word(it, KwCatch));
    let finalizer = statement
        .field("finalizer")
        .and_then(|it| word(it, KwFinally));
    [word(statement, KwTry), handler, finalizer]
        .into_iter()
        .flatten()
        .collect()
}

fn switch_words(statement: Node<'_>) -> Vec<Node<'_>> {
    use SyntaxKind::*;
    let clauses = statement.field("body").into_iter().flat_map(children);
    let mut out: Vec<Node<'_>> = word(statement, KwSwitch).into_iter().collect();
    for clause in clauses {
        out.extend(word(clause, KwCase).or_else(|| word(clause, KwDefault)));
        let breaks = within(clause, |kind| {
            kind.is_function() || is_loop(kind) || kind == SwitchStatement
        });
        out.extend(
            breaks
                .filter(|node| node.syntax() == BreakStatement && node.field("label").is_none())
                .filter_map(|node| word(node, KwBreak)),
        );
    }
    out
}

fn is_loop(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(
        kind,
        ForStatement | ForInStatement | WhileStatement | DoStatement
    )
}

/// The loop or `switch` that a jump leaves or goes on with.
fn jump_owner<'tree>(parse: &Parse, jump: Node<'tree>) -> Option<Node<'tree>> {
    use SyntaxKind::*;
    let label = jump.field("label").map(|label| label.text(parse));
    around(jump)
        .take_while(|node| !node.syntax().is_function())
        .find(|node| {
            let fits = is_loop(node.syntax())
                || (node.syntax() == SwitchStatement && jump.syntax() == BreakStatement);
            fits && label.is_none_or(|label| {
                let labels = around(*node)
                    .skip(1)
                    .take_while(|node| node.syntax() == LabeledStatement);
                labels
                    .filter_map(|node| node.field("label"))
                    .any(|name| name.text(parse) == label)
            })
        })
}

/// The words of a loop or `switch` and the jumps that belong to it.
fn owner_words<'tree>(parse: &Parse, owner: Node<'tree>) -> Vec<Node<'tree>> {
    use SyntaxKind::*;
    if owner.syntax() == SwitchStatement {
        return switch_words(owner);
    }
    let mut out: Vec<Node<'_>> = children(owner)
        .filter(|child| matches!(child.syntax(), KwFor | KwWhile | KwDo))
        .collect();
    let body = owner.field("body").into_iter();
    let jumps = body
        .flat_map(|body| within(body, SyntaxKind::is_function))
        .filter(|node| {
            matches!(node.syntax(), BreakStatement | ContinueStatement)
                && jump_owner(parse, *node) == Some(owner)
        });
    out.extend(jumps.filter_map(|jump| jump.child(0)));
    out
}

fn async_words(function: Node<'_>) -> Vec<Node<'_>> {
    use SyntaxKind::*;
    word(function, KwAsync)
        .into_iter()
        .chain(within(function, SyntaxKind::is_function).filter(|node| node.syntax() == KwAwait))
        .collect()
}

/// The same modifier at the other members of a class, or at the other declarations of a block.
fn modifiers<'tree>(token: Node<'tree>, parent: Node<'tree>, kind: SyntaxKind) -> Vec<Node<'tree>> {
    use SyntaxKind::*;
    if !matches!(
        kind,
        KwPublic
            | KwPrivate
            | KwProtected
            | KwReadonly
            | KwStatic
            | KwAbstract
            | KwOverride
            | KwExport
            | KwDeclare
            | KwGet
            | KwSet
    ) {
        return Vec::new();
    }
    let is_wrapped = matches!(parent.syntax(), AccessibilityModifier | OverrideModifier);
    let declaration = if is_wrapped {
        parent.parent()
    } else {
        Some(parent)
    };
    let Some(container) = declaration.and_then(|declaration| declaration.parent()) else {
        return vec![token];
    };
    let has = |node: Node<'tree>| {
        children(node).find_map(|child| match child.syntax() {
            AccessibilityModifier | OverrideModifier => word(child, kind),
            found => (found == kind).then_some(child),
        })
    };
    let mut out: Vec<Node<'_>> = children(container).filter_map(has).collect();
    let members = match container.syntax() {
        FormalParameters => enclosing(container, ClassBody),
        ClassBody => Some(container),
        _ => None,
    };
    for member in members.into_iter().flat_map(children) {
        let parameters = member.field("parameters").into_iter().flat_map(children);
        out.extend(parameters.filter_map(has));
        out.extend(has(member));
    }
    if kind == KwAbstract && container.syntax() == ClassBody {
        out.extend(container.parent().and_then(has));
    }
    out.sort_by_key(|node| node.start_byte());
    out.dedup();
    out
}
