//! Folding of comments and regions.

use symphony_syntax::{Node, NodeExt, SyntaxKind};

use super::{Folder, FoldingKind, size};

/// Whether the comments before a node fold. Those before other statements do not, as in TypeScript.
pub(super) fn anchors(kind: SyntaxKind, node: Node<'_>, parent: SyntaxKind) -> bool {
    use SyntaxKind::*;
    match kind {
        AbstractClassDeclaration
        | AbstractMethodSignature
        | AmbientDeclaration
        | ArrowFunction
        | Class
        | ClassDeclaration
        | ClassStaticBlock
        | EnumAssignment
        | EnumDeclaration
        | ExportSpecifier
        | FunctionDeclaration
        | FunctionExpression
        | FunctionSignature
        | GeneratorFunction
        | GeneratorFunctionDeclaration
        | ImportAlias
        | ImportClause
        | ImportSpecifier
        | InterfaceDeclaration
        | InternalModule
        | JsxAttribute
        | LexicalDeclaration
        | MethodDefinition
        | MethodSignature
        | Module
        | NamespaceExport
        | NamespaceImport
        | NewExpression
        | OptionalParameter
        | Pair
        | PairPattern
        | PropertySignature
        | PublicFieldDefinition
        | RequiredParameter
        | ReturnStatement
        | ShorthandPropertyIdentifier
        | ShorthandPropertyIdentifierPattern
        | TypeAliasDeclaration
        | TypeParameter
        | VariableDeclaration
        | VariableDeclarator => true,
        // A method's decorators come before it in the class.
        Decorator => parent == ClassBody,
        PropertyIdentifier | String | ComputedPropertyName => parent == EnumBody,
        CallExpression => node
            .field("arguments")
            .is_some_and(|arguments| arguments.syntax() == Arguments),
        ExportStatement => node.field("declaration").is_some(),
        // `a.b = function () {}`
        AssignmentExpression => {
            let is = |field, kinds: &[SyntaxKind]| {
                node.field(field)
                    .is_some_and(|node: Node<'_>| kinds.contains(&node.syntax()))
            };
            is("left", &[MemberExpression]) && is("right", &[FunctionExpression, ArrowFunction])
        }
        _ => false,
    }
}

impl<'tree> Folder<'tree> {
    /// Folds the comments seen so far, and regions.
    pub(super) fn comments(&mut self) {
        let comments = std::mem::take(&mut self.comments);
        self.regions(&comments);
        let mut at = 0;
        while at < comments.len() {
            let mut end = at + 1;
            while end < comments.len() && self.adjoin(comments[end - 1], comments[end]) {
                end += 1;
            }
            self.run(&comments[at..end]);
            at = end;
        }
    }

    /// Whether nothing but blanks stands between two comments.
    fn adjoin(&self, a: Node<'tree>, b: Node<'tree>) -> bool {
        self.parse.text()[a.end_byte()..b.start_byte()]
            .trim()
            .is_empty()
    }

    /// Comments with nothing between them.
    fn run(&mut self, mut run: &[Node<'tree>]) {
        let text = self.parse.text().clone();
        let Some(last) = run.last() else { return };
        let rest = &text[last.end_byte()..];
        let next = text.len() - rest.trim_start().len();
        if next < text.len() && !self.anchors.contains(&next) {
            return;
        }
        // What stands on the line of the token before belongs to that token.
        while let [first, rest @ ..] = run {
            let before = text[..first.start_byte()].trim_end_matches([' ', '\t']);
            if before.is_empty() || before.ends_with(['\n', '\r']) {
                break;
            }
            run = rest;
        }
        let mut lines: Option<(usize, usize, u32)> = None;
        for comment in run {
            let (start, end) = (comment.start_byte(), comment.end_byte());
            let body = &text[start..end];
            if body.starts_with("/*") {
                self.line_comments(lines.take());
                self.add(start, end, FoldingKind::Comment);
            } else if region(body).is_some() {
                self.line_comments(lines.take());
            } else {
                let (first, _, count) = lines.unwrap_or((start, end, 0));
                lines = Some((first, end, count + 1));
            }
        }
        self.line_comments(lines);
    }

    fn line_comments(&mut self, lines: Option<(usize, usize, u32)>) {
        if let Some((start, end, count)) = lines
            && count > 1
        {
            self.add(start, end, FoldingKind::Comment);
        }
    }

    fn regions(&mut self, comments: &[Node<'tree>]) {
        let text = self.parse.text().clone();
        let mut open = Vec::new();
        for comment in comments {
            let line = self
                .lines
                .line(self.lines.line_of(size(comment.start_byte())));
            if !text[usize::from(line.start())..comment.start_byte()]
                .trim()
                .is_empty()
            {
                continue;
            }
            match region(&text[comment.byte_range()]) {
                Some(true) => open.push(comment.start_byte()),
                Some(false) => {
                    if let Some(start) = open.pop() {
                        self.add(start, comment.end_byte(), FoldingKind::Region);
                    }
                }
                None => {}
            }
        }
    }
}

/// Whether a line comment opens a region (`true`) or closes one (`false`).
fn region(comment: &str) -> Option<bool> {
    let text = comment.strip_prefix("//")?.trim();
    if text.starts_with("#region") {
        Some(true)
    } else {
        text.starts_with("#endregion").then_some(false)
    }
}
