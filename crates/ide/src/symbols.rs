//! The symbols of a file as a tree: what TypeScript's navigation tree holds, without imports.

use symphony_syntax::{Node, NodeExt, Parse, SyntaxKind, children};
use symphony_text::TextRange;

mod bindings;
mod exports;
mod names;

use names::{clean, function_name, navigable, property_kind};

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SymbolKind {
    /// `module "x"`.
    Module,
    /// `namespace x`.
    Namespace,
    /// A class.
    Class,
    /// An interface.
    Interface,
    /// `type X = ..`.
    TypeAlias,
    /// An enum.
    Enum,
    /// A member of an enum.
    EnumMember,
    /// A function or a function expression.
    Function,
    /// A method.
    Method,
    /// A constructor or a construct signature.
    Constructor,
    /// `get x()` or `set x()`.
    Accessor,
    /// A property, a field, a key of an object.
    Property,
    /// `let`, `var`, a binding.
    Variable,
    /// `const`.
    Constant,
    /// A type parameter.
    TypeParameter,
}

/// A symbol and those in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSymbol {
    /// The name as written, or `default`, `constructor`, `new()`, `()`, `[]`, `f() callback`.
    pub name: String,
    /// What to show beside the name: a declared type.
    pub detail: Option<String>,
    /// What it is.
    pub kind: SymbolKind,
    /// The whole declaration.
    pub range: TextRange,
    /// Its name, or its beginning if it has none.
    pub selection_range: TextRange,
    /// Whether its documentation says `@deprecated`.
    pub deprecated: bool,
    /// The symbols declared in it.
    pub children: Vec<DocumentSymbol>,
}

/// The symbols of a file in the order of the text.
pub fn document_symbols(parse: &Parse) -> Vec<DocumentSymbol> {
    let mut builder = Builder {
        parse,
        tasks: vec![Task::Visit(parse.root())],
        open: Vec::new(),
        out: Vec::new(),
        functions: vec![Vec::new()],
    };
    while let Some(task) = builder.tasks.pop() {
        match task {
            Task::Visit(node) => builder.visit(node),
            Task::Leaf(node, name, kind) => {
                builder.open(node, name, kind);
                builder.close();
            }
            Task::Close => builder.close(),
        }
    }
    builder.out
}

enum Task<'tree> {
    Visit(Node<'tree>),
    /// A symbol without children: its node, its name's node and its kind.
    Leaf(Node<'tree>, Name<'tree>, SymbolKind),
    Close,
}

/// How a symbol is called.
#[derive(Clone)]
enum Name<'tree> {
    Node(Node<'tree>),
    Given(String),
}

struct Builder<'tree> {
    parse: &'tree Parse,
    tasks: Vec<Task<'tree>>,
    open: Vec<DocumentSymbol>,
    out: Vec<DocumentSymbol>,
    /// The functions declared in each open symbol: `f.x = ..` adds a member to one of them.
    functions: Vec<Vec<&'tree str>>,
}

impl<'tree> Builder<'tree> {
    fn open(&mut self, node: Node<'tree>, name: Name<'tree>, kind: SymbolKind) {
        let range = node.text_range();
        let (name, selection_range) = match name {
            Name::Node(name) => (clean(name.text(self.parse)), name.text_range()),
            Name::Given(name) => (name, TextRange::empty(range.start())),
        };
        self.functions.push(Vec::new());
        self.open.push(DocumentSymbol {
            name,
            detail: None,
            kind,
            // The name of an assigned function stands before it.
            range: range.cover(selection_range),
            selection_range,
            deprecated: names::is_deprecated(node, self.parse),
            children: Vec::new(),
        });
    }

    fn close(&mut self) {
        self.functions.pop();
        let Some(symbol) = self.open.pop() else {
            return;
        };
        // A function that is handed over has no name worth showing unless something is declared in it.
        let is_anonymous = symbol.name.starts_with('<') || symbol.name.ends_with(" callback");
        if is_anonymous && symbol.children.is_empty() {
            return;
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(symbol),
            None => self.out.push(symbol),
        }
    }

    /// Visits nodes, the first one first, and then closes the symbol that is open.
    fn inside(&mut self, nodes: impl IntoIterator<Item = Node<'tree>>) {
        self.tasks.push(Task::Close);
        self.all(nodes);
    }

    fn all(&mut self, nodes: impl IntoIterator<Item = Node<'tree>>) {
        let from = self.tasks.len();
        self.tasks.extend(nodes.into_iter().map(Task::Visit));
        self.tasks[from..].reverse();
    }

    fn default(&mut self, node: Node<'tree>) {
        self.all(children(node).filter(|child| child.is_named()));
    }

    fn leaf(&mut self, node: Node<'tree>, name: Name<'tree>, kind: SymbolKind) {
        self.open(node, name, kind);
        self.close();
    }

    fn given(&mut self, node: Node<'tree>, name: &str, kind: SymbolKind) {
        self.leaf(node, Name::Given(name.to_owned()), kind);
    }

    fn visit(&mut self, node: Node<'tree>) {
        use SyntaxKind::*;
        match node.syntax() {
            ImportStatement | ImportAlias | ExportClause | Decorator => {}
            TypeAliasDeclaration => self.named_leaf(node, SymbolKind::TypeAlias),
            PropertySignature => self.named_leaf(node, SymbolKind::Property),
            IndexSignature if node.child_of_kind(MappedTypeClause).is_none() => {
                self.given(node, "[]", SymbolKind::Property);
            }
            CallSignature => self.given(node, "()", SymbolKind::Method),
            ConstructSignature => self.given(node, "new()", SymbolKind::Constructor),
            MethodDefinition | MethodSignature | AbstractMethodSignature => self.method(node),
            PublicFieldDefinition => {
                if let Some(name) = node.field("name").filter(|name| navigable(*name)) {
                    self.initialised(node, name, SymbolKind::Property, node.field("value"));
                }
            }
            Pair => {
                if let Some(key) = node.field("key") {
                    let kind = property_kind(node.field("value"));
                    self.initialised(node, key, kind, node.field("value"));
                }
            }
            ShorthandPropertyIdentifier => self.leaf(node, Name::Node(node), SymbolKind::Property),
            SpreadElement => self.spread(node),
            VariableDeclarator => self.declarator(node),
            ForInStatement => self.for_in(node),
            CatchClause => {
                self.tasks.extend(node.field("body").map(Task::Visit));
                if let Some(parameter) = node.field("parameter") {
                    self.binding(parameter, parameter, SymbolKind::Variable);
                }
            }
            ObjectPattern | ArrayPattern => self.pattern(node),
            FunctionDeclaration | GeneratorFunctionDeclaration | FunctionSignature => {
                self.function(node);
            }
            FunctionExpression | GeneratorFunction | ArrowFunction => {
                let name = function_name(node, self.parse);
                self.open(node, name, SymbolKind::Function);
                self.inside(node.field("body"));
            }
            ClassDeclaration | AbstractClassDeclaration | Class | InterfaceDeclaration => {
                self.class(node);
            }
            EnumDeclaration => self.enumeration(node),
            Module | InternalModule => self.module(node),
            AmbientDeclaration => self.ambient(node),
            ExportStatement => self.export(node),
            Error => self.broken(node),
            AssignmentExpression => self.assignment(node),
            // Their bodies are visited in their own way; types and comments hold nothing else.
            Comment | String | Identifier | TypeIdentifier => {}
            _ => self.default(node),
        }
    }

    fn named_leaf(&mut self, node: Node<'tree>, kind: SymbolKind) {
        if let Some(name) = node.field("name").filter(|name| navigable(*name)) {
            self.leaf(node, Name::Node(name), kind);
        }
    }

    fn method(&mut self, node: Node<'tree>) {
        use SyntaxKind::*;
        let Some(name) = node.field("name").filter(|name| navigable(*name)) else {
            return;
        };
        let is_constructor = name.text(self.parse) == "constructor"
            && node
                .parent()
                .is_some_and(|parent| parent.syntax() == ClassBody);
        let kind = if is_constructor {
            SymbolKind::Constructor
        } else if children(node).any(|child| matches!(child.syntax(), KwGet | KwSet)) {
            SymbolKind::Accessor
        } else {
            SymbolKind::Method
        };
        if is_constructor {
            self.parameter_properties(node);
        }
        self.open(node, Name::Node(name), kind);
        self.inside(node.field("body"));
    }

    fn function(&mut self, node: Node<'tree>) {
        let name = node
            .field("name")
            .map_or(Name::Given("default".to_owned()), Name::Node);
        if let (Name::Node(name), Some(functions)) = (&name, self.functions.last_mut()) {
            functions.push(name.text(self.parse));
        }
        self.open(node, name, SymbolKind::Function);
        self.inside(node.field("body"));
    }

    fn class(&mut self, node: Node<'tree>) {
        let kind = match node.syntax() {
            SyntaxKind::InterfaceDeclaration => SymbolKind::Interface,
            _ => SymbolKind::Class,
        };
        let name = node
            .field("name")
            .map_or_else(|| function_name(node, self.parse), Name::Node);
        self.open(node, name, kind);
        self.inside(node.field("body"));
    }

    fn enumeration(&mut self, node: Node<'tree>) {
        use SyntaxKind::*;
        let Some(name) = node.field("name") else {
            return;
        };
        self.open(node, Name::Node(name), SymbolKind::Enum);
        for member in node.field("body").into_iter().flat_map(children) {
            let name = match member.syntax() {
                EnumAssignment => member.field("name"),
                PropertyIdentifier | String => Some(member),
                _ => None,
            };
            if let Some(name) = name.filter(|name| name.syntax() != ComputedPropertyName) {
                self.leaf(member, Name::Node(name), SymbolKind::EnumMember);
            }
        }
        self.close();
    }

    fn module(&mut self, node: Node<'tree>) {
        if let Some(name) = node.field("name") {
            let kind = match name.syntax() {
                SyntaxKind::String => SymbolKind::Module,
                _ => SymbolKind::Namespace,
            };
            self.open(node, Name::Node(name), kind);
            self.inside(node.field("body"));
        }
    }

    /// `declare global {}` and `declare` before any declaration.
    fn ambient(&mut self, node: Node<'tree>) {
        match node.child_of_kind(SyntaxKind::KwGlobal) {
            Some(name) => {
                self.open(node, Name::Node(name), SymbolKind::Namespace);
                self.inside(node.child_of_kind(SyntaxKind::StatementBlock));
            }
            None => self.default(node),
        }
    }

    /// What is left of declarations whose bodies could not be read: their names.
    fn broken(&mut self, node: Node<'tree>) {
        use SyntaxKind::*;
        let mut word = None;
        let mut tasks = Vec::new();
        for child in children(node) {
            let kind = child.syntax();
            match word.take() {
                Some((start, found)) if matches!(kind, Identifier | TypeIdentifier) => {
                    tasks.push(Task::Leaf(start, Name::Node(child), found));
                }
                _ if child.is_named() => tasks.push(Task::Visit(child)),
                _ => word = declaring_word(kind).map(|found| (child, found)),
            }
        }
        self.tasks.extend(tasks.into_iter().rev());
    }
}

/// What a keyword before a name declares.
fn declaring_word(kind: SyntaxKind) -> Option<SymbolKind> {
    match kind {
        SyntaxKind::KwClass => Some(SymbolKind::Class),
        SyntaxKind::KwInterface => Some(SymbolKind::Interface),
        SyntaxKind::KwEnum => Some(SymbolKind::Enum),
        SyntaxKind::KwFunction => Some(SymbolKind::Function),
        SyntaxKind::KwNamespace => Some(SymbolKind::Namespace),
        _ => None,
    }
}

fn is_function(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(kind, ArrowFunction | FunctionExpression | GeneratorFunction)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::fixture;

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "the shape of every check")]
    fn check(text: &str, expect: Expect) {
        let (parse, _) = fixture::ts(text);
        let mut out = String::new();
        let mut todo: Vec<(usize, DocumentSymbol)> = Vec::new();
        todo.extend(document_symbols(&parse).into_iter().rev().map(|it| (0, it)));
        while let Some((depth, symbol)) = todo.pop() {
            assert!(symbol.range.contains_range(symbol.selection_range));
            out += &format!("{}{} {:?}", "  ".repeat(depth), symbol.name, symbol.kind);
            out += if symbol.deprecated {
                " deprecated\n"
            } else {
                "\n"
            };
            todo.extend(symbol.children.into_iter().rev().map(|it| (depth + 1, it)));
        }
        expect.assert_eq(&out);
    }

    #[test]
    fn classes_and_their_members() {
        check(
            "/** @deprecated */
export abstract class C<T> extends D {
  static #a = () => { const inner = 1 };
  constructor(private readonly p: string, q: number) { super() }
  get x(): number { return 1 }
  @dec() m(): void {}
  [Symbol.iterator]() {}
  [k: string]: unknown
}
interface I { (): void; new (): I; a?: string; m(): void }
enum E { A, B = 2 }",
            expect![[r#"
                C Class deprecated
                  #a Property
                    inner Constant
                  constructor Constructor
                  p Property
                  x Accessor
                  m Method
                  [Symbol.iterator] Method
                  [] Property
                I Interface
                  () Method
                  new() Constructor
                  a Property
                  m Method
                E Enum
                  A EnumMember
                  B EnumMember
            "#]],
        );
    }

    #[test]
    fn functions_and_variables() {
        check(
            "export default function () {}
const { a, b: { c = 1 }, ...rest } = f(), [d] = g;
export const h = ({ x }) => { let y; };
on('event', () => { const inside = 1; });
on(() => {});
a.b = function () {};
namespace A.B { export type T = { k: 1 } }
declare module 'm' { function f(): void; }
declare global { var g: 1 }
for (const i of x) {}
try {} catch (e) {}
function f() {} f.x = 1;
const o = { k: 1, m() {}, n: () => {}, a, ...b };",
            expect![[r#"
                default Function
                a Variable
                c Variable
                rest Variable
                d Variable
                h Function
                  x Variable
                  y Variable
                on('event') callback Function
                  inside Constant
                b Function
                A.B Namespace
                  T TypeAlias
                'm' Module
                  f Function
                global Namespace
                  g Variable
                i Constant
                e Variable
                f Function
                x Property
                o Constant
                  k Property
                  m Method
                  n Method
                  a Property
                  b Property
            "#]],
        );
    }

    #[test]
    fn a_broken_file_keeps_what_can_be_kept() {
        check(
            "class A {\n  m() {\n    if (\n  }\n}\nconst = ;\nfunction g( {}",
            expect![[r#"
                A Class
                m Method
                g Function
            "#]],
        );
    }
}
