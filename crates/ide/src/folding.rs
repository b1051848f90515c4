//! Folding: the spans an editor may collapse, the same ones as TypeScript's outline collector finds.

use std::collections::HashSet;

use rustc_hash::FxHashSet;
use symphony_syntax::{Node, NodeExt, Parse, SyntaxKind, children};
use symphony_text::{LineIndex, TextRange, TextSize};

use crate::walk::{Step, Walk};

mod comments;

/// What a folding range folds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FoldingKind {
    /// Code between brackets.
    Code,
    /// One long comment, or several that follow each other.
    Comment,
    /// Import statements that follow each other.
    Imports,
    /// From `//#region` to `//#endregion`.
    Region,
}

/// A span of more than one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FoldingRange {
    /// From the line that stays visible to the last line of the span, which may hold a closing bracket.
    pub range: TextRange,
    /// What it is.
    pub kind: FoldingKind,
    /// Whether the span ends in a closing bracket; an editor that folds whole lines then keeps the last line.
    pub closed: bool,
}

/// The folding ranges of a file, sorted by their starts.
pub fn folding_ranges(parse: &Parse) -> Vec<FoldingRange> {
    let mut folder = Folder::new(parse);
    let mut open: Vec<Node<'_>> = Vec::new();
    for step in Walk::new(parse.root()) {
        match step {
            Step::Enter(node) => {
                folder.node(node, &open);
                open.push(node);
            }
            Step::Leave => {
                open.pop();
            }
        }
    }
    folder.imports(parse.root());
    folder.comments();
    folder
        .out
        .sort_by_key(|fold| (fold.range.start(), std::cmp::Reverse(fold.range.end())));
    let mut seen = HashSet::new();
    folder.out.retain(|fold| seen.insert(fold.range));
    folder.out
}

struct Folder<'tree> {
    parse: &'tree Parse,
    lines: LineIndex,
    out: Vec<FoldingRange>,
    /// Where the statements and expressions begin whose leading comments fold.
    anchors: FxHashSet<usize>,
    comments: Vec<Node<'tree>>,
}

impl<'tree> Folder<'tree> {
    fn new(parse: &'tree Parse) -> Self {
        Self {
            parse,
            lines: LineIndex::new(parse.text()),
            out: Vec::new(),
            anchors: FxHashSet::default(),
            comments: Vec::new(),
        }
    }

    fn same_line(&self, a: usize, b: usize) -> bool {
        self.lines.line_of((a as u32).into()) == self.lines.line_of((b as u32).into())
    }

    fn add(&mut self, start: usize, end: usize, kind: FoldingKind) {
        if start >= end || self.same_line(start, end) {
            return;
        }
        let range = TextRange::new((start as u32).into(), (end as u32).into());
        let last = self.parse.text().as_bytes()[end - 1];
        let closed = kind == FoldingKind::Code && matches!(last, b'}' | b']' | b')' | b'`' | b'>');
        self.out.push(FoldingRange {
            range,
            kind,
            closed,
        });
    }

    /// The end of what stands before `at`: blanks between a bracket and what it follows belong to the span.
    fn full_start(&self, at: usize) -> usize {
        self.parse.text()[..at].trim_end().len()
    }

    /// The span from the first token `open` of a node to its last token `close`.
    fn brackets(&mut self, node: Node<'tree>, open: SyntaxKind, close: SyntaxKind, full: bool) {
        let (Some(open), Some(close)) = (node.child_of_kind(open), last_of_kind(node, close))
        else {
            return;
        };
        let start = if full {
            self.full_start(open.start_byte())
        } else {
            open.start_byte()
        };
        self.add(start, close.end_byte(), FoldingKind::Code);
    }

    fn node(&mut self, node: Node<'tree>, open: &[Node<'tree>]) {
        use SyntaxKind::*;
        let kind = node.syntax();
        let parent = open.last().copied();
        let above = parent.map_or(Error, |parent| parent.syntax());
        if comments::anchors(kind, node, above) {
            self.anchors.insert(node.start_byte());
        }
        match kind {
            Comment => self.comments.push(node),
            StatementBlock => self.block(node, parent),
            ClassBody | InterfaceBody => {
                self.anchors.insert(node.end_byte().saturating_sub(1));
                self.brackets(node, LBrace, RBrace, true);
            }
            EnumBody | SwitchBody | ObjectPattern => self.brackets(node, LBrace, RBrace, true),
            ObjectType if !is_mapped(node) => self.brackets(node, LBrace, RBrace, true),
            TupleType => self.brackets(node, LBracket, RBracket, above != TupleType),
            ArrayPattern => self.brackets(node, LBracket, RBracket, !is_binding(above)),
            Object | Array => {
                let full = !matches!(above, Array | Arguments) || is_new(open);
                if kind == Object {
                    self.brackets(node, LBrace, RBrace, full);
                } else {
                    self.brackets(node, LBracket, RBracket, full);
                }
            }
            SwitchCase | SwitchDefault => self.case(node),
            JsxElement => self.add(node.start_byte(), node.end_byte(), FoldingKind::Code),
            JsxOpeningElement | JsxSelfClosingElement => self.attributes(node),
            TemplateString if node.end_byte() - node.start_byte() > 2 => {
                self.add(node.start_byte(), node.end_byte(), FoldingKind::Code);
            }
            ArrowFunction => self.arrow(node),
            Arguments if above == CallExpression => self.arguments(node),
            ParenthesizedExpression if !is_head(above) => {
                self.add(node.start_byte(), node.end_byte(), FoldingKind::Code);
            }
            NamedImports | ExportClause => self.named(node),
            _ => {}
        }
    }

    fn block(&mut self, node: Node<'tree>, parent: Option<Node<'tree>>) {
        use SyntaxKind::*;
        self.anchors.insert(node.end_byte().saturating_sub(1));
        let above = parent.map_or(Error, |parent| parent.syntax());
        let full = match above {
            FunctionDeclaration
            | FunctionExpression
            | GeneratorFunction
            | GeneratorFunctionDeclaration
            | MethodDefinition
            | ArrowFunction => {
                let parameters = parent.and_then(|parent| parent.field("parameters"));
                if let Some(parameters) = parameters
                    && let Some(paren) = parameters.child(0)
                    && let Some(close) = last_of_kind(parameters, RParen)
                    && !self.same_line(paren.end_byte(), self.list_end(parameters, close))
                {
                    let start = self.full_start(paren.start_byte());
                    return self.add(start, node.end_byte(), FoldingKind::Code);
                }
                true
            }
            DoStatement | ForInStatement | ForStatement | IfStatement | ElseClause
            | WhileStatement | WithStatement | CatchClause | TryStatement | FinallyClause
            | Module | InternalModule | AmbientDeclaration => true,
            _ => false,
        };
        self.brackets(node, LBrace, RBrace, full);
    }

    /// The end of a list's last item or comma, before its closing bracket.
    fn list_end(&self, list: Node<'tree>, close: Node<'tree>) -> usize {
        children(list)
            .take_while(|child| child.id() != close.id())
            .filter(|child| child.syntax() != SyntaxKind::Comment)
            .last()
            .map_or(close.start_byte(), |child| child.end_byte())
    }

    fn case(&mut self, node: Node<'tree>) {
        let mut after = children(node)
            .skip_while(|child| child.syntax() != SyntaxKind::Colon)
            .filter(|child| child.syntax() != SyntaxKind::Comment);
        if let Some(colon) = after.next()
            && let Some(last) = after.last()
        {
            self.add(colon.end_byte(), last.end_byte(), FoldingKind::Code);
        }
    }

    fn attributes(&mut self, node: Node<'tree>) {
        use SyntaxKind::*;
        let is_attribute =
            |child: &Node<'tree>| matches!(child.syntax(), JsxAttribute | JsxExpression);
        let mut attributes = children(node).filter(is_attribute);
        if let Some(first) = attributes.next() {
            let last = attributes.last().unwrap_or(first);
            self.add(first.start_byte(), last.end_byte(), FoldingKind::Code);
        }
    }

    fn arrow(&mut self, node: Node<'tree>) {
        use SyntaxKind::*;
        let Some(body) = node.field("body") else {
            return;
        };
        if !matches!(body.syntax(), StatementBlock | ParenthesizedExpression) {
            let start = self.full_start(body.start_byte());
            self.add(start, body.end_byte(), FoldingKind::Code);
        }
    }

    fn arguments(&mut self, node: Node<'tree>) {
        use SyntaxKind::*;
        let (Some(open), Some(close)) = (node.child_of_kind(LParen), last_of_kind(node, RParen))
        else {
            return;
        };
        let start = self.full_start(open.start_byte());
        let has_arguments =
            children(node).any(|child| child.is_named() && child.syntax() != Comment);
        if has_arguments && !self.same_line(start, self.list_end(node, close)) {
            self.add(start, close.end_byte(), FoldingKind::Code);
        }
    }

    fn named(&mut self, node: Node<'tree>) {
        use SyntaxKind::*;
        let (Some(open), Some(close)) = (node.child_of_kind(LBrace), last_of_kind(node, RBrace))
        else {
            return;
        };
        let has_names =
            children(node).any(|child| matches!(child.syntax(), ImportSpecifier | ExportSpecifier));
        let start = self.full_start(open.start_byte());
        if has_names && !self.same_line(start, self.list_end(node, close)) {
            self.add(open.start_byte(), close.end_byte(), FoldingKind::Code);
        }
    }

    fn imports(&mut self, root: Node<'tree>) {
        let mut group: Option<(Node<'tree>, Node<'tree>)> = None;
        let mut groups = Vec::new();
        for child in children(root) {
            match child.syntax() {
                SyntaxKind::Comment | SyntaxKind::HashBangLine => {}
                SyntaxKind::ImportStatement | SyntaxKind::ImportAlias => {
                    group = Some((group.map_or(child, |(first, _)| first), child));
                }
                _ => groups.extend(group.take()),
            }
        }
        groups.extend(group);
        for (first, last) in groups {
            if first.id() != last.id() {
                self.add(first.start_byte(), last.end_byte(), FoldingKind::Imports);
            }
        }
    }
}

fn last_of_kind(node: Node<'_>, kind: SyntaxKind) -> Option<Node<'_>> {
    children(node).filter(|child| child.syntax() == kind).last()
}

fn is_mapped(node: Node<'_>) -> bool {
    node.named_child(0)
        .filter(|child| child.syntax() == SyntaxKind::IndexSignature)
        .is_some_and(|child| child.child_of_kind(SyntaxKind::MappedTypeClause).is_some())
}

/// Whether arguments or an array directly in them belong to `new`.
fn is_new(open: &[Node<'_>]) -> bool {
    open.len() >= 2
        && open[open.len() - 1].syntax() == SyntaxKind::Arguments
        && open[open.len() - 2].syntax() == SyntaxKind::NewExpression
}

fn is_binding(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(
        kind,
        ArrayPattern | PairPattern | AssignmentPattern | ObjectAssignmentPattern | RestPattern
    )
}

/// Whether parentheses in a node of this kind are part of the statement.
fn is_head(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(
        kind,
        IfStatement | WhileStatement | DoStatement | SwitchStatement | WithStatement
    )
}

/// An offset as a size of the text.
fn size(offset: usize) -> TextSize {
    TextSize::from(offset as u32)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::fixture;

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "the shape of every check")]
    fn check(text: &str, expect: Expect) {
        let (parse, _) = fixture::tsx(text);
        let lines = LineIndex::new(parse.text());
        let mut out = String::new();
        for fold in folding_ranges(&parse) {
            let (start, end) = (
                lines.line_of(fold.range.start()),
                lines.line_of(fold.range.end()),
            );
            out += &format!("{start}..{end} {:?}", fold.kind);
            out += if fold.closed { " closed\n" } else { "\n" };
        }
        expect.assert_eq(&out);
    }

    #[test]
    fn imports_comments_and_regions() {
        check(
            "import a from 'a'
import {
  b,
} from 'b'

// one
// two
function f(
  a: number,
) {
  // only one
}
//#region x
/* long
   comment */
const c = 1
//#endregion
",
            expect![[r#"
                0..3 Imports
                1..3 Code closed
                5..6 Comment
                7..11 Code closed
                12..16 Region
                13..14 Comment
            "#]],
        );
    }

    #[test]
    fn code_between_brackets() {
        check(
            "switch (a) {
  case 1:
    b([
      1,
    ], {
      c: `d
      e`,
    })
  default:
}
const x = <p
  a='1'
  b>
  text
</p>
",
            expect![[r#"
                0..9 Code closed
                1..7 Code closed
                2..7 Code closed
                2..4 Code closed
                4..7 Code closed
                5..6 Code closed
                10..14 Code closed
                11..12 Code
            "#]],
        );
    }

    #[test]
    fn a_broken_file_keeps_what_can_be_kept() {
        check(
            "class A {\n  m() {\n    if (\n  }\n}\n",
            expect![[r#"
            0..4 Code closed
            1..3 Code closed
        "#]],
        );
    }
}
