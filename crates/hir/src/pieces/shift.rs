//! Indices and places of a piece, as those of the whole.

use symphony_text::{TextRange, TextSize};

use crate::lower::Assigned;
use crate::{
    AmbientModule, Class, ClassId, Context, Decl, DeclData, DeclId, Export, ExportSpecifier,
    ExportStatement, ExportTarget, Exports, Expr, ExprId, ExprKind, Function, FunctionId, Guard,
    Home, ImportSpecifier, ImportStatement, Imported, Literal, ModuleRef, ModuleRefId, NameId,
    NamedImports, Parameter, Pattern, PatternId, PatternSource, Reference, Scope, ScopeId, Shape,
    ShapeId, SymbolId, TableId, Token, TokenId, TokenKind, TupleElement, TypeExpr, TypeId,
    TypeKind,
};

/// How far the contents of a piece move.
#[derive(Default)]
pub(super) struct Shift {
    pub(super) text: TextSize,
    /// By the number that a name has in the piece.
    pub(super) names: Vec<NameId>,
    /// By the number that a symbol has in the piece.
    pub(super) symbols: Vec<SymbolId>,
    /// Of all scopes but the file's.
    pub(super) scopes: u32,
    pub(super) decls: u32,
    pub(super) tables: u32,
    pub(super) tokens: u32,
    pub(super) exprs: u32,
    pub(super) types: u32,
    pub(super) patterns: u32,
    pub(super) functions: u32,
    pub(super) classes: u32,
    pub(super) shapes: u32,
    pub(super) modules: u32,
}

/// What has indices and places.
pub(super) trait Shifted {
    /// Moves them.
    fn shift(&mut self, by: &Shift);
}

macro_rules! by_number {
    ($($id:ident: $arena:ident,)*) => {$(
        impl Shifted for $id {
            fn shift(&mut self, by: &Shift) {
                self.0 += by.$arena;
            }
        }
    )*};
}

by_number! {
    DeclId: decls,
    TableId: tables,
    ExprId: exprs,
    TypeId: types,
    PatternId: patterns,
    FunctionId: functions,
    ClassId: classes,
    ShapeId: shapes,
    ModuleRefId: modules,
    TokenId: tokens,
}

/// A label's: the place of a token.
impl Shifted for u32 {
    fn shift(&mut self, by: &Shift) {
        *self += by.tokens;
    }
}

impl Shifted for NameId {
    fn shift(&mut self, by: &Shift) {
        *self = by.names[self.index()];
    }
}

impl Shifted for SymbolId {
    fn shift(&mut self, by: &Shift) {
        *self = by.symbols[self.index()];
    }
}

impl Shifted for ScopeId {
    fn shift(&mut self, by: &Shift) {
        // The file's scope is that of all pieces.
        if self.0 != 0 {
            self.0 += by.scopes;
        }
    }
}

impl Shifted for TextRange {
    fn shift(&mut self, by: &Shift) {
        *self = TextRange::new(self.start() + by.text, self.end() + by.text);
    }
}

impl<T: Shifted> Shifted for Option<T> {
    fn shift(&mut self, by: &Shift) {
        if let Some(it) = self {
            it.shift(by);
        }
    }
}

impl<T: Shifted> Shifted for [T] {
    fn shift(&mut self, by: &Shift) {
        for it in self {
            it.shift(by);
        }
    }
}

impl<T: Shifted> Shifted for Box<[T]> {
    fn shift(&mut self, by: &Shift) {
        (**self).shift(by);
    }
}

impl<T: Shifted> Shifted for Vec<T> {
    fn shift(&mut self, by: &Shift) {
        (**self).shift(by);
    }
}

impl<A: Shifted, B: Shifted> Shifted for (A, B) {
    fn shift(&mut self, by: &Shift) {
        self.0.shift(by);
        self.1.shift(by);
    }
}

macro_rules! by_field {
    ($($item:ident: $($field:ident)*,)*) => {$(
        impl Shifted for $item {
            fn shift(&mut self, by: &Shift) {
                $(self.$field.shift(by);)*
            }
        }
    )*};
}

// Fields that have no index and no place are left out.
by_field! {
    AmbientModule: module scope decl,
    Assigned: target value ty scope owner range,
    Class: decl scope type_params extends implements instance statics constructors indexes range,
    Decl: name name_range range symbol parent scope data,
    Export: name range target,
    ExportSpecifier: range local exported,
    ExportStatement: range module named scope,
    Exports: named stars equals,
    Expr: kind range,
    Function: decl scope type_params params this_ty ret returns body range,
    Guard: test range,
    ImportSpecifier: decl imported range,
    ImportStatement: range module default namespace named attributes scope,
    ModuleRef: specifier range,
    NamedImports: braces specifiers,
    Parameter: pattern ty,
    Pattern: source default decl range,
    Reference: range,
    Scope: parent range owner symbols,
    Shape: decl type_params extends table calls constructs indexes,
    Token: range name kind,
    TupleElement: ty name,
    TypeExpr: kind range,
}

macro_rules! by_variant {
    ($($item:ident { $($variant:pat => $($field:ident)*,)* })*) => {$(
        impl Shifted for $item {
            fn shift(&mut self, by: &Shift) {
                match self {
                    $($variant => { $($field.shift(by);)* })*
                }
            }
        }
    )*};
}

by_variant! {
    Home {
        Self::Scope(a) => a,
        Self::Table(a) => a,
    }
    Imported {
        Self::Named(a) => a,
        Self::Default | Self::Namespace | Self::Equals => ,
    }
    Literal {
        Self::String(a) | Self::Number(a) => a,
        Self::BigInt | Self::Boolean(_) | Self::Null | Self::RegExp => ,
    }
    DeclData {
        Self::None => ,
        Self::Binding(a) | Self::ParameterProperty(a) => a,
        Self::Function(a) => a,
        Self::Class(a) => a,
        Self::Interface(a) => a,
        Self::Alias(a) => a,
        Self::Enum(a) => a,
        Self::Namespace(a) => a,
        Self::TypeParameter(a, b) => a b,
        Self::Property(a, b) => a b,
        Self::Import(a, b) => a b,
        Self::ImportAlias(a) | Self::Expression(a) => a,
    }
    ExportTarget {
        Self::Decl(a) => a,
        Self::Local(a) => a,
        Self::From(a, b) => a b,
        Self::Namespace(a) => a,
    }
    PatternSource {
        Self::Variable(a, b) => a b,
        Self::Parameter(a, _) => a,
        Self::Property(a, b) => a b,
        Self::Computed(a) | Self::Element(a, _) | Self::Rest(a) => a,
        Self::ForOf(a) => a,
        Self::ForIn => ,
        Self::Catch(a) => a,
    }
    Context {
        Self::Type(a) => a,
        Self::Argument(a, _) | Self::Element(a, _) => a,
        Self::Return(a) => a,
        Self::Property(a, b) | Self::Attribute(a, b) => a b,
        Self::Spread(a) | Self::Assigned(a) => a,
        Self::Default(a) => a,
    }
    TokenKind {
        Self::Decl(a) | Self::Imported(a) => a,
        Self::Use { scope, symbol, .. } => scope symbol,
        Self::PatternKey(a) => a,
        Self::Member { object, .. } => object,
        Self::IndexedType(a) => a,
        Self::ExportLocal { scope, symbol } | Self::ParameterName { scope, symbol } => scope symbol,
        Self::ExportAlias | Self::JsxIntrinsic => ,
        Self::Reexported(a) | Self::Module(a) => a,
        Self::JsxAttribute(a) => a,
        Self::Label(a) => a,
        Self::This(a) => a,
    }
    ExprKind {
        Self::Missing | Self::Template | Self::Meta => ,
        Self::Name(a) => a,
        Self::This(a) | Self::Super(a) => a,
        Self::Member { object, property, .. } => object property,
        Self::Index { object, index } => object index,
        Self::Call { callee, args, type_args, list } => callee args type_args list,
        Self::New { callee, args, type_args } => callee args type_args,
        Self::Function(a) => a,
        Self::Class(a) => a,
        Self::Object { table, spreads } => table spreads,
        Self::Array(a) => a,
        Self::Spread(a) | Self::Unary(_, a) | Self::Sequence(a) | Self::Await(a)
        | Self::AsConst(a) | Self::NonNull(a) => a,
        Self::Literal(a) => a,
        Self::Logical(_, a, b) | Self::Binary(_, a, b) | Self::Assign(a, b) => a b,
        Self::Conditional(a, b, c) => a b c,
        Self::Yield(a) | Self::Jsx(a) => a,
        Self::As(a, b) | Self::Satisfies(a, b) => a b,
        Self::Instantiation(a, b) => a b,
        Self::JsxIntrinsic(a) => a,
        Self::Import(a) => a,
    }
    TypeKind {
        Self::Missing | Self::Keyword(_) | Self::Unique => ,
        Self::Reference { name, args } => name args,
        Self::Query(a, b) => a b,
        Self::Literal(a) => a,
        Self::Template(a) | Self::Union(a) | Self::Intersection(a) => a,
        Self::Array(a) | Self::Keyof(a) | Self::Readonly(a) => a,
        Self::Tuple(a) => a,
        Self::Function(a) => a,
        Self::Object(a) => a,
        Self::Indexed(a, b) => a b,
        Self::Conditional { check, extends, then, otherwise } => check extends then otherwise,
        Self::Mapped { key, constraint, name, value } => key constraint name value,
        Self::Infer(a) => a,
        Self::Predicate(a) => a,
        Self::This(a) => a,
    }
}
