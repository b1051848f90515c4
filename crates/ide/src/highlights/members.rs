//! Properties by name and owner. Without types an owner is known only where the file itself tells it.

use symphony_syntax::{Node, NodeExt, Parse};

use super::{DocumentHighlight, names};
use crate::scopes::Scopes;

/// The properties that `token` may mean, be it a property's name or a variable that is one as well.
pub(super) fn of_member(
    parse: &Parse,
    scopes: &Scopes<'_>,
    token: Node<'_>,
) -> Vec<DocumentHighlight> {
    let _ = parse;
    let range = token.text_range();
    let id = match (scopes.member_at(range), scopes.name_at(range)) {
        (Some(member), _) => member.id,
        (None, Some(name))
            if name
                .symbol
                .is_some_and(|symbol| names::is_property_as_well(scopes, symbol)) =>
        {
            name.id
        }
        _ => return Vec::new(),
    };
    scopes
        .members
        .iter()
        .filter(|other| other.id == id)
        .map(|other| DocumentHighlight::access(other.range, other.writes))
        .collect()
}
