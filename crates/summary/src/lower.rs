//! From a tree to a summary. Looks at declarations only and never into a body.

use smol_str::SmolStr;
use symphony_syntax::{Node, NodeExt, Parse, SyntaxKind, children};
use symphony_text::LineIndex;

use crate::{Declaration, DeclarationKind, FileSummary, Lowered, Place};

/// Namespaces nested deeper than this are text that nobody wrote by hand; they are left out.
const MAX_DEPTH: u32 = 64;

/// The summary of a parsed file, with places.
pub fn lower(parse: &Parse) -> Lowered {
    let lines = LineIndex::new(parse.text());
    let mut lowering = Lowering {
        parse,
        lines,
        declarations: Vec::new(),
        places: Vec::new(),
    };
    lowering.statements(parse.root(), None, 0);
    Lowered {
        summary: FileSummary {
            declarations: lowering.declarations.into(),
        }
        .into(),
        places: lowering.places.into(),
    }
}

struct Lowering<'a> {
    parse: &'a Parse,
    lines: LineIndex,
    declarations: Vec<Declaration>,
    places: Vec<Place>,
}

impl Lowering<'_> {
    fn statements(&mut self, block: Node<'_>, parent: Option<u32>, depth: u32) {
        if depth > MAX_DEPTH {
            return;
        }
        for statement in children(block).filter(Node::is_named) {
            self.statement(statement, parent, false, depth);
        }
    }

    fn statement(&mut self, node: Node<'_>, parent: Option<u32>, exported: bool, depth: u32) {
        use DeclarationKind as D;
        use SyntaxKind::*;
        match node.syntax() {
            ExportStatement => {
                for child in children(node).filter(Node::is_named) {
                    self.statement(child, parent, true, depth);
                }
            }
            // `declare ...` and, in broken text, whatever could not be fitted in; a namespace is an expression
            // statement to the grammar.
            AmbientDeclaration | ExpressionStatement | Error => {
                for child in children(node).filter(Node::is_named) {
                    if child.syntax() == StatementBlock {
                        self.global(child, parent, depth);
                    } else {
                        self.statement(child, parent, exported, depth);
                    }
                }
            }
            ClassDeclaration | AbstractClassDeclaration => {
                let class = self.named(node, D::Class, exported, parent);
                self.members(node, class);
            }
            InterfaceDeclaration => {
                let interface = self.named(node, D::Interface, exported, parent);
                self.members(node, interface);
            }
            EnumDeclaration => {
                let parent = self.named(node, D::Enum, exported, parent);
                self.enum_members(node, parent);
            }
            TypeAliasDeclaration => _ = self.named(node, D::TypeAlias, exported, parent),
            FunctionDeclaration | GeneratorFunctionDeclaration | FunctionSignature => {
                self.named(node, D::Function, exported, parent);
            }
            InternalModule | Module => {
                let namespace = self.named(node, D::Namespace, exported, parent);
                if let Some(body) = node.field("body") {
                    self.statements(body, namespace, depth + 1);
                }
            }
            LexicalDeclaration | VariableDeclaration => self.variables(node, exported, parent),
            _ => {}
        }
    }

    /// `declare global { ... }`: its members are declared as if at the top.
    fn global(&mut self, body: Node<'_>, parent: Option<u32>, depth: u32) {
        self.statements(body, parent, depth + 1);
    }

    fn variables(&mut self, node: Node<'_>, exported: bool, parent: Option<u32>) {
        let constant = node
            .child(0)
            .is_some_and(|word| word.syntax() == SyntaxKind::KwConst);
        let plain = if constant {
            DeclarationKind::Constant
        } else {
            DeclarationKind::Variable
        };
        for declarator in
            children(node).filter(|child| child.syntax() == SyntaxKind::VariableDeclarator)
        {
            let Some(name) = declarator.field("name") else {
                continue;
            };
            let kind = match declarator.field("value").map(|value| value.syntax()) {
                Some(
                    SyntaxKind::ArrowFunction
                    | SyntaxKind::FunctionExpression
                    | SyntaxKind::GeneratorFunction,
                ) => DeclarationKind::Function,
                Some(SyntaxKind::Class) => DeclarationKind::Class,
                _ => plain,
            };
            self.pattern(name, kind, exported, parent, 0);
        }
    }

    /// The names that a declared pattern binds.
    fn pattern(
        &mut self,
        node: Node<'_>,
        kind: DeclarationKind,
        exported: bool,
        parent: Option<u32>,
        depth: u32,
    ) {
        use SyntaxKind::*;
        match node.syntax() {
            Identifier | ShorthandPropertyIdentifierPattern => {
                self.push(node, kind, exported, parent);
            }
            _ if depth > MAX_DEPTH => {}
            PairPattern => {
                if let Some(value) = node.field("value") {
                    self.pattern(value, kind, exported, parent, depth + 1);
                }
            }
            AssignmentPattern | ObjectAssignmentPattern => {
                if let Some(left) = node.field("left") {
                    self.pattern(left, kind, exported, parent, depth + 1);
                }
            }
            ObjectPattern | ArrayPattern | RestPattern => {
                for child in children(node).filter(Node::is_named) {
                    self.pattern(child, kind, exported, parent, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn members(&mut self, node: Node<'_>, parent: Option<u32>) {
        use DeclarationKind as D;
        use SyntaxKind::*;
        let Some(body) = node.field("body") else {
            return;
        };
        for member in children(body).filter(Node::is_named) {
            match member.syntax() {
                MethodDefinition | MethodSignature | AbstractMethodSignature => {
                    let kind = if member.child_of_kind(KwGet).is_some()
                        || member.child_of_kind(KwSet).is_some()
                    {
                        D::Accessor
                    } else if member
                        .field("name")
                        .is_some_and(|n| n.text(self.parse) == "constructor")
                    {
                        D::Constructor
                    } else {
                        D::Method
                    };
                    self.named(member, kind, false, parent);
                    if kind == D::Constructor {
                        self.parameter_properties(member, parent);
                    }
                }
                PublicFieldDefinition | PropertySignature => {
                    self.named(member, D::Property, false, parent);
                }
                _ => {}
            }
        }
    }

    /// `constructor(private readonly name: string)` declares a property.
    fn parameter_properties(&mut self, constructor: Node<'_>, parent: Option<u32>) {
        let Some(parameters) = constructor.field("parameters") else {
            return;
        };
        for parameter in children(parameters) {
            let declares = children(parameter).any(|child| {
                matches!(
                    child.syntax(),
                    SyntaxKind::AccessibilityModifier
                        | SyntaxKind::KwReadonly
                        | SyntaxKind::OverrideModifier
                )
            });
            if let (true, Some(name)) = (declares, parameter.field("pattern")) {
                self.push(name, DeclarationKind::Property, false, parent);
            }
        }
    }

    fn enum_members(&mut self, node: Node<'_>, parent: Option<u32>) {
        let Some(body) = node.field("body") else {
            return;
        };
        for member in children(body).filter(Node::is_named) {
            let name = match member.syntax() {
                SyntaxKind::EnumAssignment => member.field("name"),
                SyntaxKind::Comment => None,
                _ => Some(member),
            };
            if let Some(name) = name {
                self.push(name, DeclarationKind::EnumMember, false, parent);
            }
        }
    }

    fn named(
        &mut self,
        node: Node<'_>,
        kind: DeclarationKind,
        exported: bool,
        parent: Option<u32>,
    ) -> Option<u32> {
        self.push(node.field("name")?, kind, exported, parent)
    }

    /// Records a name; none for a computed or a missing one.
    fn push(
        &mut self,
        name: Node<'_>,
        kind: DeclarationKind,
        exported: bool,
        parent: Option<u32>,
    ) -> Option<u32> {
        let written = name.text(self.parse);
        let text = written.trim_matches(['"', '\'']);
        if text.is_empty() || written.starts_with('[') || written.contains('\n') {
            return None;
        }
        let quote = (written.len() - written.trim_start_matches(['"', '\'']).len()) as u32;
        let start = name.text_range().start() + symphony_text::TextSize::from(quote);
        let index = self.declarations.len() as u32;
        self.declarations.push(Declaration {
            name: SmolStr::new(text),
            kind,
            exported,
            parent,
        });
        self.places.push(Place::new(&self.lines, start));
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};
    use symphony_syntax::Language;
    use symphony_text::PositionEncoding;

    use super::*;

    fn check(text: &str, expect: Expect) {
        let lowered = lower(&Parse::new(text.into(), Language::Tsx));
        let mut shown = String::new();
        for (index, declaration) in lowered.summary.declarations.iter().enumerate() {
            let place = lowered.places[index].position(PositionEncoding::Utf16);
            let container = lowered
                .summary
                .container(index)
                .map_or(String::new(), |it| format!("{}.", it.name));
            let exported = if declaration.exported { "export " } else { "" };
            writeln!(
                shown,
                "{}:{} {exported}{:?} {container}{}",
                place.line, place.column, declaration.kind, declaration.name
            )
            .unwrap();
        }
        expect.assert_eq(&shown);
    }

    #[test]
    fn every_form_of_declaration() {
        check(
            r#"
export default class A<T> extends B { x = 1; #y; get z() { return 1 } constructor(private p: number, q) {} m(): void {} static { } [k]() {} 'quoted-name' = 2 }
abstract class C { abstract d(): void }
export interface I { a: string; b(): void; (x: number): I }
export type T = string;
enum E { One, Two = 2, 'three' }
declare namespace N.M { const inner: number; namespace Deep { function f(): void } }
declare module "pkg" { export function g(): void }
declare global { interface Window { w: 1 } }
export const a = 1, { b, c: [d = 2, ...e], ...f } = x;
let fn = () => 1; var v = function () {}; const K = class {};
export async function h() { const local = 1; function inner() {} }
export { a as renamed };
"#,
            expect![[r#"
                1:21 export Class A
                1:38 Property A.x
                1:45 Property A.#y
                1:53 Accessor A.z
                1:70 Constructor A.constructor
                1:90 Property A.p
                1:107 Method A.m
                1:141 Property A.quoted-name
                2:15 Class C
                2:28 Method C.d
                3:17 export Interface I
                3:21 Property I.a
                3:32 Method I.b
                4:12 export TypeAlias T
                5:5 Enum E
                5:9 EnumMember E.One
                5:14 EnumMember E.Two
                5:24 EnumMember E.three
                6:18 Namespace N.M
                6:30 Constant N.M.inner
                6:55 Namespace N.M.Deep
                6:71 Function Deep.f
                7:16 Namespace pkg
                7:39 export Function pkg.g
                8:27 Interface Window
                8:36 Property Window.w
                9:13 export Constant a
                9:22 export Constant b
                9:29 export Constant d
                9:39 export Constant e
                9:46 export Constant f
                10:4 Function fn
                10:22 Function v
                10:48 Class K
                11:22 export Function h
            "#]],
        );
    }

    #[test]
    fn broken_text_keeps_what_can_be_kept() {
        check(
            "class A { m() {} }\nconst x = ;\nfunction f() { if ( }\ninterface I { a: string }\nclass B { n( }",
            expect![[r#"
            0:6 Class A
            0:10 Method A.m
            1:6 Constant x
            2:9 Function f
            3:10 Interface I
            3:14 Property I.a
            4:6 Class B
        "#]],
        );
    }

    #[test]
    fn columns_count_in_utf16() {
        check(
            "const é = '😀', x = 1;",
            expect![[r#"
            0:6 Constant é
            0:16 Constant x
        "#]],
        );
    }

    #[test]
    fn a_body_edit_leaves_the_summary_equal() {
        let of = |text: &str| lower(&Parse::new(text.into(), Language::TypeScript));
        let before = of("function f() { return 1 }\nclass A { m() {} }");
        let after = of("function f() {\n  const more = 2; return more }\nclass A { m() {} }");
        assert_eq!(before.summary, after.summary);
        assert_ne!(before.places, after.places);
    }
}
