//! Properties by name and owner. Without types an owner is known only where the file itself tells it.

use symphony_syntax::{Node, NodeExt, Parse, SyntaxKind};

use super::{DocumentHighlight, names};
use crate::scopes::{Key, Member, Owner, Owners, Scopes};

/// The properties that `token` may mean, be it a property's name or a variable that is one as well.
pub(super) fn of_member(
    parse: &Parse,
    scopes: &Scopes<'_>,
    token: Node<'_>,
) -> Vec<DocumentHighlight> {
    let range = token.text_range();
    let owners = Owners { parse, scopes };
    let name = scopes.name_at(range).filter(|name| {
        name.symbol
            .is_some_and(|symbol| names::is_property_as_well(scopes, symbol))
    });
    let (id, asked, is_shorthand) = match (scopes.member_at(range), name) {
        (Some(member), _) => {
            let is_shorthand = member.parent.syntax() == SyntaxKind::Object
                && token.syntax() == SyntaxKind::ShorthandPropertyIdentifier;
            (member.id, owners.of_member(member), is_shorthand)
        }
        (None, Some(name)) => (name.id, None, false),
        _ => return Vec::new(),
    };
    let is_strict = scopes.member_at(range).is_some_and(is_enum_member);
    let same = |member: &&Member<'_>| {
        member.range == range
            || match (&asked, owners.of_member(member)) {
                (Some(asked), Some(found)) => asked.iter().any(|key: &Key| found.contains(key)),
                (None, None) => true,
                (Some(_), None) => !is_strict && !is_shorthand,
                (None, Some(_)) => !is_shorthand,
            }
    };
    scopes
        .members
        .iter()
        .filter(|other| other.id == id)
        .filter(same)
        .map(|other| DocumentHighlight::access(other.range, other.writes))
        .collect()
}

fn is_enum_member(member: &Member<'_>) -> bool {
    matches!(member.owner, Owner::Declared(node) if node.syntax() == SyntaxKind::EnumDeclaration)
}
