//! Selection ranges: what to select next when the selection grows, the same steps as TypeScript takes.
//!
//! TypeScript's steps follow its own syntax tree, where lists are nodes of their own. [`item`] holds such a tree;
//! [`children`] makes it, one level at a time along the way to the cursor, from the grammar's tree.

use symphony_syntax::{Parse, token_at};
use symphony_text::{LineIndex, TextRange, TextSize};

mod children;
mod groups;
mod item;
mod lists;
mod shapes;

use children::Expander;
use item::{Item, Role};

/// The ranges around `offset`, from the inside out; the last one is the whole file.
pub fn selection_ranges(parse: &Parse, offset: TextSize) -> Vec<TextRange> {
    let at = usize::from(offset).min(parse.text().len());
    let mut ranges = Ranges {
        parse,
        at,
        lines: LineIndex::new(parse.text()),
        out: vec![(0, parse.text().len())],
    };
    ranges.descend();
    let range = |(start, end)| TextRange::new((start as u32).into(), (end as u32).into());
    ranges.out.into_iter().rev().map(range).collect()
}

struct Ranges<'tree> {
    parse: &'tree Parse,
    at: usize,
    lines: LineIndex,
    /// From the outside in.
    out: Vec<(usize, usize)>,
}

impl<'tree> Ranges<'tree> {
    fn push(&mut self, start: usize, end: usize) {
        let touches = start <= self.at && self.at <= end;
        if start < end && touches && self.out.last() != Some(&(start, end)) {
            self.out.push((start, end));
        }
    }

    fn same_line(&self, a: usize, b: usize) -> bool {
        self.lines.line_of((a as u32).into()) == self.lines.line_of((b as u32).into())
    }

    /// A line comment after an item, and its text.
    fn comment_after(&mut self, end: usize) {
        let rest = &self.parse.text()[end..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if !rest[blank..].starts_with("//") {
            return;
        }
        let start = end + blank;
        let comment = rest[blank..].lines().next().unwrap_or_default();
        let slashes = comment.len() - comment.trim_start_matches('/').len();
        self.push(start, start + comment.len());
        self.push(start + slashes, start + comment.len());
    }

    fn descend(&mut self) {
        let expander = Expander { parse: self.parse };
        // At the end of a name the name is meant, elsewhere what begins there.
        let offset = TextSize::from(self.at as u32);
        let touched = token_at(self.parse, offset).map_or(self.at, |token| token.start_byte());
        let mut parent = Item::node(self.parse.root());
        loop {
            let children = expander.children(&parent);
            let mut found = None;
            for (index, child) in children.iter().enumerate() {
                if child.doc.unwrap_or(child.start) > self.at {
                    return;
                }
                self.comment_after(child.end);
                if self.at < child.end || (self.at == child.end && touched < child.end) {
                    found = Some(index);
                    break;
                }
            }
            let Some(index) = found else {
                return;
            };
            self.step(&parent, &children, index);
            let Some(next) = children.into_iter().nth(index) else {
                return;
            };
            parent = next;
        }
    }

    /// Pushes the ranges of the child at `index`.
    fn step(&mut self, parent: &Item<'tree>, children: &[Item<'tree>], index: usize) {
        let child = &children[index];
        let previous = index.checked_sub(1).map(|index| &children[index]);
        let next = children.get(index + 1);
        if child.role == Role::Block
            && parent.role == Role::Function
            && !self.same_line(child.start, child.end)
        {
            self.push(child.start, child.end);
        }
        let is_passed_over = match child.role {
            Role::Block | Role::Span | Role::Head | Role::MiddleOrTail => true,
            Role::DeclarationList => parent.role == Role::VariableStatement,
            Role::List if parent.role == Role::DeclarationList => true,
            Role::Declaration => parent.role == Role::List && children.len() == 1,
            _ => previous.is_some_and(|previous| previous.role == Role::Head),
        };
        if is_passed_over {
            return;
        }
        if parent.role == Role::Span
            && let Some(next) = next.filter(|next| next.role == Role::MiddleOrTail)
        {
            let before = self.parse.text()[..child.start].trim_end().len();
            self.push(before.saturating_sub(2), next.start + 1);
        }
        let (mut start, mut end) = (child.start, child.end);
        if child.role == Role::List
            && let (Some(open), Some(close)) = (previous, next)
            && open.role == Role::Opener
            && close.role == Role::Closer
            && !self.same_line(open.start, close.start)
        {
            (start, end) = (open.end, close.start);
        }
        if let Some(doc) = child.doc.filter(|_| child.role != Role::List) {
            self.push(doc, end);
        }
        if child.role == Role::List
            && let Some(doc) = child.doc
        {
            start = start.min(doc);
        }
        self.push(start, end);
        if matches!(child.role, Role::String | Role::Template) {
            self.push(start + 1, end.saturating_sub(1));
        }
    }
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
        let mut out = String::new();
        for range in selection_ranges(&parse, offset) {
            out += &format!("{:?}\n", &parse.text()[range]);
        }
        expect.assert_eq(&out);
    }

    #[test]
    fn lists_and_blocks() {
        check(
            "f(a, {\n  b: [1, $0c],\n});\n",
            expect![[r#"
            "c"
            "1, c"
            "[1, c]"
            "b: [1, c]"
            "\n  b: [1, c],\n"
            "{\n  b: [1, c],\n}"
            "a, {\n  b: [1, c],\n}"
            "f(a, {\n  b: [1, c],\n})"
            "f(a, {\n  b: [1, c],\n});"
            "f(a, {\n  b: [1, c],\n});\n"
        "#]],
        );
        check(
            "function f() {\n  return $0a + 1;\n}\n",
            expect![[r#"
            "a"
            "a + 1"
            "return a + 1;"
            "\n  return a + 1;\n"
            "{\n  return a + 1;\n}"
            "function f() {\n  return a + 1;\n}"
            "function f() {\n  return a + 1;\n}\n"
        "#]],
        );
    }

    #[test]
    fn templates_and_strings() {
        check(
            "const a = `x${$0b}y`;",
            expect![[r#"
            "b"
            "${b}"
            "x${b}y"
            "`x${b}y`"
            "const a = `x${b}y`;"
        "#]],
        );
        check(
            "import { $0a } from 'b';\nimport c from 'd';\nf();",
            expect![[r#"
                "a"
                "{ a }"
                "import { a } from 'b';"
                "import { a } from 'b';\nimport c from 'd';"
                "import { a } from 'b';\nimport c from 'd';\nf();"
            "#]],
        );
    }

    #[test]
    fn types_and_documentation() {
        check(
            "interface I {\n  /** Doc. */\n  readonly a?: | $0A | B;\n}",
            expect![[r#"
                "A"
                "A | B"
                "| A | B"
                "readonly a?: | A | B;"
                "/** Doc. */\n  readonly a?: | A | B;"
                "\n  /** Doc. */\n  readonly a?: | A | B;\n"
                "interface I {\n  /** Doc. */\n  readonly a?: | A | B;\n}"
            "#]],
        );
        check(
            "type M = { readonly [K in $0T]?: U };",
            expect![[r#"
            "T"
            "K in T"
            "[K in T]"
            "readonly [K in T]?"
            "readonly [K in T]?: U"
            "{ readonly [K in T]?: U }"
            "type M = { readonly [K in T]?: U };"
        "#]],
        );
        check(
            "function f(this: T, $0a?: number, ...b) {}",
            expect![[r#"
            "a"
            "a?"
            "a?: number"
            "this: T, a?: number, ...b"
            "function f(this: T, a?: number, ...b) {}"
        "#]],
        );
    }

    #[test]
    fn elements() {
        check(
            "const e = <a b='c'>\n  {$0d}\n</a>;",
            expect![[r#"
            "d"
            "{d}"
            "\n  {d}\n"
            "<a b='c'>\n  {d}\n</a>"
            "const e = <a b='c'>\n  {d}\n</a>;"
        "#]],
        );
    }

    #[test]
    fn comments() {
        check(
            "a(); // not$0e\nb();",
            expect![[r#"
            " note"
            "// note"
            "a(); // note\nb();"
        "#]],
        );
    }
}
