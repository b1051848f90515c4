//! Names by scope.

use symphony_syntax::{Node, NodeExt, SyntaxKind};

use symphony_text::TextRange;

use super::DocumentHighlight;
use crate::scopes::{Meaning, Name, Scopes, SymbolId};

/// The places that mean the same as the name at `range`.
pub(super) fn of_name(scopes: &Scopes<'_>, range: TextRange) -> Vec<DocumentHighlight> {
    let Some(name) = scopes.name_at(range) else {
        return Vec::new();
    };
    let meaning = match name.symbol {
        Some(symbol) => widened(scopes, symbol, name.meaning),
        None => name.meaning,
    };
    scopes
        .names
        .iter()
        .filter(|other| same(name, other) && other.meaning.meets(meaning))
        .map(|other| DocumentHighlight::access(other.range, other.writes))
        .collect()
}

fn same(name: &Name<'_>, other: &Name<'_>) -> bool {
    name.id == other.id && name.symbol == other.symbol
}

/// A class is a type and a value: who asks for one meaning gets both.
fn widened(scopes: &Scopes<'_>, symbol: SymbolId, mut meaning: Meaning) -> Meaning {
    let declarations = &scopes.symbols[symbol as usize].declarations;
    loop {
        let before = meaning;
        for &at in declarations {
            let declared = scopes.names[at as usize].declares;
            if let Some(more) = declared.map(|declared| declared.meaning())
                && more.meets(meaning)
            {
                meaning.0 |= more.0;
            }
        }
        if before == meaning {
            return meaning;
        }
    }
}

/// Whether a variable was taken out of an object by its property's name, or is a parameter and a property.
pub(super) fn is_property_as_well(scopes: &Scopes<'_>, symbol: SymbolId) -> bool {
    use SyntaxKind::*;
    scopes.symbols[symbol as usize]
        .declarations
        .iter()
        .any(|&at| {
            let node = scopes.names[at as usize].node;
            node.syntax() == ShorthandPropertyIdentifierPattern || is_parameter_property(node)
        })
}

fn is_parameter_property(node: Node<'_>) -> bool {
    use SyntaxKind::*;
    node.parent().is_some_and(|parent| {
        matches!(parent.syntax(), RequiredParameter | OptionalParameter)
            && symphony_syntax::children(parent).any(|child| {
                matches!(
                    child.syntax(),
                    AccessibilityModifier | OverrideModifier | KwReadonly
                )
            })
    })
}
