//! Walking a tree without recursion: a text of ten thousand brackets must not end the process.

use symphony_syntax::{Node, TreeCursor};

/// What a walk meets.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'tree> {
    /// A node, before its children.
    Enter(Node<'tree>),
    /// A node, after its children.
    Leave,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Entered,
    Left,
}

/// A walk over a node and all that lies in it, tokens and comments included.
pub(crate) struct Walk<'tree> {
    cursor: TreeCursor<'tree>,
    state: State,
    /// The node entered last has not been left yet.
    skipped: bool,
}

impl<'tree> Walk<'tree> {
    /// A walk that begins at `node`.
    pub(crate) fn new(node: Node<'tree>) -> Self {
        Self {
            cursor: node.walk(),
            state: State::Start,
            skipped: false,
        }
    }

    /// Leaves out the children of the node entered last.
    pub(crate) fn skip_children(&mut self) {
        if self.state == State::Entered {
            self.state = State::Left;
            self.skipped = true;
        }
    }

    /// The nodes in the order of their beginnings.
    pub(crate) fn entered(self) -> impl Iterator<Item = Node<'tree>> {
        self.filter_map(|step| match step {
            Step::Enter(node) => Some(node),
            Step::Leave => None,
        })
    }
}

impl<'tree> Iterator for Walk<'tree> {
    type Item = Step<'tree>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.state {
            State::Start => {}
            State::Entered => {
                if !self.cursor.goto_first_child() {
                    self.state = State::Left;
                    return Some(Step::Leave);
                }
            }
            State::Left => {
                if std::mem::take(&mut self.skipped) {
                    return Some(Step::Leave);
                }
                if !self.cursor.goto_next_sibling() {
                    let up = self.cursor.goto_parent();
                    return up.then_some(Step::Leave);
                }
            }
        }
        self.state = State::Entered;
        Some(Step::Enter(self.cursor.node()))
    }
}

#[cfg(test)]
mod tests {
    use symphony_syntax::{Language, Parse};

    use super::*;

    #[test]
    fn every_node_is_entered_and_left_once() {
        let parse = Parse::new("f(a, [1]);\nlet x = {y: 2}".into(), Language::TypeScript);
        let mut open = Vec::new();
        let mut count = 0;
        for step in Walk::new(parse.root()) {
            match step {
                Step::Enter(node) => {
                    open.push(node.id());
                    count += 1;
                }
                Step::Leave => assert!(open.pop().is_some()),
            }
        }
        assert!(open.is_empty());
        assert_eq!(count, parse.root().descendant_count());
    }
}
