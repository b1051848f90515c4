//! Linked editing: the two names of a JSX element change together.

use symphony_syntax::{Node, NodeExt, Parse, SyntaxKind, ancestors, token_at};
use symphony_text::{TextRange, TextSize};

/// The names of the opening and closing tag that `offset` is in one of; none unless they are equal.
pub fn linked_editing(parse: &Parse, offset: TextSize) -> Option<(TextRange, TextRange)> {
    use SyntaxKind::*;
    let token = token_at(parse, offset)?;
    let tag = ancestors(token)
        .take(6)
        .find(|node| matches!(node.syntax(), JsxOpeningElement | JsxClosingElement))?;
    let element = tag.parent().filter(|node| node.syntax() == JsxElement)?;
    let name = |kind| element.child_of_kind(kind)?.field("name");
    let (open, close): (Node<'_>, Node<'_>) = (name(JsxOpeningElement)?, name(JsxClosingElement)?);
    let touches = |node: Node<'_>| {
        let range = node.text_range();
        range.start() <= offset && offset <= range.end()
    };
    let is_linked = open.text(parse) == close.text(parse) && (touches(open) || touches(close));
    is_linked.then(|| (open.text_range(), close.text_range()))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::fixture;

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "the shape of every check")]
    fn check(text: &str, expect: Expect) {
        let (parse, offset) = fixture::tsx(text);
        let found =
            linked_editing(&parse, offset).map(|(open, close)| format!("{open:?} {close:?}"));
        expect.assert_eq(&found.unwrap_or_default());
    }

    #[test]
    fn both_names_change_together() {
        check("<d$0iv>a</div>", expect!["1..4 8..11"]);
        check("<a.b c='1'>a</a.b$0>", expect!["1..4 14..17"]);
    }

    #[test]
    fn fragments_attributes_and_other_names_do_not() {
        check("<$0>a</>", expect![""]);
        check("<div cl$0ass='a'>a</div>", expect![""]);
        check("<div>a$0</div>", expect![""]);
        check("<di$0v>a</span>", expect![""]);
        check("<di$0v />", expect![""]);
    }
}
