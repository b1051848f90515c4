//! Node kinds as one enum for both grammars, so that features compare integers and the compiler checks the names.

mod generated;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use tree_sitter::Node;

pub use generated::SyntaxKind;

use crate::Language;

/// Kind by the grammar's own id; the two grammars number theirs differently.
static TABLES: LazyLock<[Vec<SyntaxKind>; 2]> =
    LazyLock::new(|| [table(Language::TypeScript), table(Language::Tsx)]);

static TSX: LazyLock<tree_sitter::Language> = LazyLock::new(|| Language::Tsx.grammar());

fn table(language: Language) -> Vec<SyntaxKind> {
    let by_name: FxHashMap<(&str, bool), SyntaxKind> = generated::KINDS
        .iter()
        .map(|&(kind, name, named)| ((name, named), kind))
        .collect();
    let grammar = language.grammar();
    (0..grammar.node_kind_count() as u16)
        .map(|id| {
            let name = grammar.node_kind_for_id(id).unwrap_or_default();
            let named = grammar.node_kind_is_named(id);
            by_name
                .get(&(name, named))
                .copied()
                .unwrap_or(SyntaxKind::Error)
        })
        .collect()
}

impl SyntaxKind {
    /// The kind of a node.
    pub(crate) fn of(node: &Node<'_>) -> Self {
        let tsx = *node.language() == *TSX;
        Self::from_id(tsx, node.kind_id())
    }

    /// The kind with the grammar's id `id`.
    fn from_id(tsx: bool, id: u16) -> Self {
        TABLES[usize::from(tsx)]
            .get(usize::from(id))
            .copied()
            .unwrap_or(Self::Error)
    }

    /// Whether this is a function of any sort, declared, written or only its type.
    pub fn is_function(self) -> bool {
        matches!(
            self,
            Self::FunctionDeclaration
                | Self::FunctionExpression
                | Self::GeneratorFunction
                | Self::GeneratorFunctionDeclaration
                | Self::ArrowFunction
                | Self::MethodDefinition
                | Self::FunctionSignature
                | Self::MethodSignature
                | Self::AbstractMethodSignature
                | Self::CallSignature
                | Self::ConstructSignature
                | Self::FunctionType
                | Self::ConstructorType
        )
    }

    /// Whether this is a keyword or punctuation rather than a node with a name.
    pub fn is_token(self) -> bool {
        generated::KINDS
            .binary_search_by_key(&self, |&(kind, _, _)| kind)
            .is_ok_and(|at| !generated::KINDS[at].2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every visible kind of both grammars is in the table: it is generated again when a grammar is updated.
    #[test]
    fn the_table_is_complete() {
        for language in [Language::TypeScript, Language::Tsx] {
            let grammar = language.grammar();
            for id in 1..grammar.node_kind_count() as u16 {
                if !grammar.node_kind_is_visible(id) || grammar.node_kind_is_supertype(id) {
                    continue;
                }
                let name = grammar.node_kind_for_id(id).unwrap();
                let kind = SyntaxKind::from_id(language == Language::Tsx, id);
                assert!(
                    kind != SyntaxKind::Error || name == "ERROR",
                    "{language:?}: {name}"
                );
            }
        }
    }

    #[test]
    fn kinds_are_sorted_for_the_search() {
        assert!(generated::KINDS.is_sorted_by_key(|&(kind, _, _)| kind));
        assert!(SyntaxKind::LBrace.is_token() && !SyntaxKind::ClassBody.is_token());
    }
}
