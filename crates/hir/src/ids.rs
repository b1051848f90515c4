//! Indices into the arenas of a [`crate::Hir`], as types, so that none is taken for another.

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// The place in the arena.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

id! {
    /// A name's text.
    NameId
    /// A scope.
    ScopeId
    /// What is declared under one name in one scope or as one member.
    SymbolId
    /// One declaration of a symbol.
    DeclId
    /// The members of a class, interface, enum, type literal or object literal.
    TableId
    /// An expression.
    ExprId
    /// A type as it is written.
    TypeId
    /// A binding or assignment pattern.
    PatternId
    /// A function, method, accessor, constructor or signature.
    FunctionId
    /// A class.
    ClassId
    /// What an interface or a type literal lists.
    ShapeId
    /// A place that names a module.
    ModuleRefId
    /// A token of [`crate::Hir::tokens`].
    TokenId
}
