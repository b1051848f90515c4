//! A text and its tree, and how the next tree is made from the last one.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use symphony_text::{PointEdit, Rope, TextSize};
use tree_sitter::{InputEdit, Node, Parser, Point, Tree};

use crate::Language;

/// One version of a text with its tree. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Parse {
    text: Arc<str>,
    tree: Tree,
    language: Language,
}

impl Parse {
    /// Parses `text` from nothing.
    pub fn new(text: Arc<str>, language: Language) -> Self {
        let tree = parse_text(&text, language, None);
        Self {
            text,
            tree,
            language,
        }
    }

    /// A text with the tree that was made from it.
    pub fn from_parts(text: Arc<str>, tree: Tree, language: Language) -> Self {
        Self {
            text,
            tree,
            language,
        }
    }

    /// The text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The tree.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The node that holds everything.
    pub fn root(&self) -> Node<'_> {
        self.tree.root_node()
    }

    /// The language it was parsed as.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The length of the text.
    pub fn len(&self) -> TextSize {
        TextSize::of(&*self.text)
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

/// The tree of a text, made when it is first asked for: many questions about an edited text need none, and where the
/// grammar stumbles over a text each parse takes milliseconds.
#[derive(Debug)]
pub struct LazyTree {
    text: Rope,
    language: Language,
    /// A tree of the text before, and what has happened to the text since.
    base: Option<(Tree, Vec<PointEdit>)>,
    tree: OnceLock<Tree>,
}

impl LazyTree {
    /// A tree that is made already.
    pub fn ready(text: Rope, language: Language, tree: Tree) -> Arc<Self> {
        let known = OnceLock::from(tree);
        Arc::new(Self {
            text,
            language,
            base: None,
            tree: known,
        })
    }

    /// The tree of `text`, which is this one's text after `edits`.
    #[must_use]
    pub fn edited(&self, text: Rope, edits: &[PointEdit]) -> Arc<Self> {
        let base = match (self.tree.get(), &self.base) {
            (Some(tree), _) => Some((tree.clone(), edits.to_vec())),
            (None, Some((tree, before))) => {
                Some((tree.clone(), before.iter().chain(edits).copied().collect()))
            }
            (None, None) => None,
        };
        let (language, tree) = (self.language, OnceLock::new());
        Arc::new(Self {
            text,
            language,
            base,
            tree,
        })
    }

    /// The tree. Whoever asks first makes it; others wait.
    pub fn get(&self) -> &Tree {
        self.tree.get_or_init(|| {
            let base = self.base.as_ref();
            let base = base.map(|(tree, edits)| (tree.clone(), edits.as_slice()));
            parse_rope(&self.text, self.language, base)
        })
    }
}

thread_local! {
    // A parser keeps its stacks and its pool of nodes: making one anew costs more than parsing a small file.
    static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
}

fn with_parser<T>(language: Language, parse: impl FnOnce(&mut Parser) -> Option<T>) -> T {
    PARSER.with_borrow_mut(|parser| {
        parser
            .set_language(&language.grammar())
            .expect("the grammar fits the runtime it is built with");
        parse(parser).expect("a parser with a language and no cancellation always returns a tree")
    })
}

/// The tree of `text`; `old`, when given, is the tree of the text before, already told of the edits.
pub fn parse_text(text: &str, language: Language, old: Option<&Tree>) -> Tree {
    with_parser(language, |parser| parser.parse(text, old))
}

/// The tree of a rope after `edits`, made from `old`, the tree before them. Only what the edits touched is parsed.
pub fn parse_rope(rope: &Rope, language: Language, old: Option<(Tree, &[PointEdit])>) -> Tree {
    let old = old.map(|(mut tree, edits)| {
        for edit in edits {
            tree.edit(&input_edit(edit));
        }
        tree
    });
    with_parser(language, |parser| {
        parser.parse_with_options(&mut |byte, _| chunk_from(rope, byte), old.as_ref(), None)
    })
}

/// The bytes of the rope's chunk that holds `byte`, from there on; empty at the end.
fn chunk_from(rope: &Rope, byte: usize) -> &[u8] {
    if byte >= rope.len_bytes() {
        return &[];
    }
    let (chunk, start, _, _) = rope.chunk_at_byte(byte);
    &chunk.as_bytes()[byte - start..]
}

fn input_edit(edit: &PointEdit) -> InputEdit {
    let point = |(row, column)| Point { row, column };
    InputEdit {
        start_byte: edit.bytes.start,
        old_end_byte: edit.bytes.old_end,
        new_end_byte: edit.bytes.new_end,
        start_position: point(edit.start),
        old_end_position: point(edit.old_end),
        new_end_position: point(edit.new_end),
    }
}

#[cfg(test)]
mod tests {
    use symphony_text::{Position, PositionEncoding, apply_edit};

    use super::*;

    #[test]
    fn an_edited_tree_equals_a_fresh_one() {
        let mut rope =
            Rope::from_str("function f(a: number) {\n  return a + 1;\n}\nconst é = `x${f(2)}`;\n");
        let mut tree = parse_rope(&rope, Language::TypeScript, None);
        let edits = [
            ((1, 2), (1, 2), "if (a) { "),
            ((1, 23), (1, 23), " }"),
            ((3, 6), (3, 7), "ü"),
            ((0, 0), (0, 0), "// 😀\n"),
        ];
        for (from, to, text) in edits {
            let place = |(line, column)| Position { line, column };
            let edit = apply_edit(
                &mut rope,
                (place(from), place(to)),
                text,
                PositionEncoding::Utf16,
            );
            tree = parse_rope(&rope, Language::TypeScript, Some((tree, &[edit])));
            let fresh = parse_text(&rope.to_string(), Language::TypeScript, None);
            assert_eq!(
                tree.root_node().to_sexp(),
                fresh.root_node().to_sexp(),
                "after {text:?}"
            );
        }
    }

    #[test]
    fn an_empty_text_has_a_tree() {
        let parse = Parse::new("".into(), Language::Tsx);
        assert_eq!(parse.root().child_count(), 0);
        assert!(parse.is_empty());
    }
}
