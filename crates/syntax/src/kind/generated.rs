//! Node kinds of the TypeScript and TSX grammars. Generated from `grammars/node-kinds.txt` by `cargo xtask codegen`.

/// What a syntax node is, the same in both grammars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u16)]
pub enum SyntaxKind {
    /// Text that the parser could not fit in, or a kind that the table does not know.
    Error,
    /// `abstract_class_declaration`
    AbstractClassDeclaration,
    /// `abstract_method_signature`
    AbstractMethodSignature,
    /// `accessibility_modifier`
    AccessibilityModifier,
    /// `adding_type_annotation`
    AddingTypeAnnotation,
    /// `ambient_declaration`
    AmbientDeclaration,
    /// `&` (token)
    Amp,
    /// `&&` (token)
    AmpAmp,
    /// `&&=` (token)
    AmpAmpEq,
    /// `&=` (token)
    AmpEq,
    /// `arguments`
    Arguments,
    /// `array`
    Array,
    /// `array_pattern`
    ArrayPattern,
    /// `array_type`
    ArrayType,
    /// `=>` (token)
    Arrow,
    /// `arrow_function`
    ArrowFunction,
    /// `as_expression`
    AsExpression,
    /// `asserts`
    Asserts,
    /// `asserts_annotation`
    AssertsAnnotation,
    /// `assignment_expression`
    AssignmentExpression,
    /// `assignment_pattern`
    AssignmentPattern,
    /// `@` (token)
    At,
    /// `augmented_assignment_expression`
    AugmentedAssignmentExpression,
    /// `await_expression`
    AwaitExpression,
    /// ``` (token)
    Backtick,
    /// `!` (token)
    Bang,
    /// `!=` (token)
    BangEq,
    /// `!==` (token)
    BangEqEq,
    /// `binary_expression`
    BinaryExpression,
    /// `break_statement`
    BreakStatement,
    /// `call_expression`
    CallExpression,
    /// `call_signature`
    CallSignature,
    /// `^` (token)
    Caret,
    /// `^=` (token)
    CaretEq,
    /// `catch_clause`
    CatchClause,
    /// `class`
    Class,
    /// `class_body`
    ClassBody,
    /// `class_declaration`
    ClassDeclaration,
    /// `class_heritage`
    ClassHeritage,
    /// `class_static_block`
    ClassStaticBlock,
    /// `:` (token)
    Colon,
    /// `,` (token)
    Comma,
    /// `comment`
    Comment,
    /// `computed_property_name`
    ComputedPropertyName,
    /// `conditional_type`
    ConditionalType,
    /// `constraint`
    Constraint,
    /// `construct_signature`
    ConstructSignature,
    /// `constructor_type`
    ConstructorType,
    /// `continue_statement`
    ContinueStatement,
    /// `debugger_statement`
    DebuggerStatement,
    /// `declaration`
    Declaration,
    /// `decorator`
    Decorator,
    /// `default_type`
    DefaultType,
    /// `do_statement`
    DoStatement,
    /// `${` (token)
    DollarBrace,
    /// `.` (token)
    Dot,
    /// `"` (token)
    DoubleQuote,
    /// `...` (token)
    Ellipsis,
    /// `else_clause`
    ElseClause,
    /// `empty_statement`
    EmptyStatement,
    /// `enum_assignment`
    EnumAssignment,
    /// `enum_body`
    EnumBody,
    /// `enum_declaration`
    EnumDeclaration,
    /// `=` (token)
    Eq,
    /// `==` (token)
    EqEq,
    /// `===` (token)
    EqEqEq,
    /// `escape_sequence`
    EscapeSequence,
    /// `existential_type`
    ExistentialType,
    /// `export_clause`
    ExportClause,
    /// `export_specifier`
    ExportSpecifier,
    /// `export_statement`
    ExportStatement,
    /// `expression`
    Expression,
    /// `expression_statement`
    ExpressionStatement,
    /// `extends_clause`
    ExtendsClause,
    /// `extends_type_clause`
    ExtendsTypeClause,
    /// `false`
    False,
    /// `finally_clause`
    FinallyClause,
    /// `flow_maybe_type`
    FlowMaybeType,
    /// `for_in_statement`
    ForInStatement,
    /// `for_statement`
    ForStatement,
    /// `formal_parameters`
    FormalParameters,
    /// `function_declaration`
    FunctionDeclaration,
    /// `function_expression`
    FunctionExpression,
    /// `function_signature`
    FunctionSignature,
    /// `function_type`
    FunctionType,
    /// `generator_function`
    GeneratorFunction,
    /// `generator_function_declaration`
    GeneratorFunctionDeclaration,
    /// `generic_type`
    GenericType,
    /// `hash_bang_line`
    HashBangLine,
    /// `html_character_reference`
    HtmlCharacterReference,
    /// `html_comment`
    HtmlComment,
    /// `identifier`
    Identifier,
    /// `if_statement`
    IfStatement,
    /// `implements_clause`
    ImplementsClause,
    /// `import`
    Import,
    /// `import_alias`
    ImportAlias,
    /// `import_attribute`
    ImportAttribute,
    /// `import_clause`
    ImportClause,
    /// `import_require_clause`
    ImportRequireClause,
    /// `import_specifier`
    ImportSpecifier,
    /// `import_statement`
    ImportStatement,
    /// `index_signature`
    IndexSignature,
    /// `index_type_query`
    IndexTypeQuery,
    /// `infer_type`
    InferType,
    /// `instantiation_expression`
    InstantiationExpression,
    /// `interface_body`
    InterfaceBody,
    /// `interface_declaration`
    InterfaceDeclaration,
    /// `internal_module`
    InternalModule,
    /// `intersection_type`
    IntersectionType,
    /// `jsx_attribute`
    JsxAttribute,
    /// `jsx_closing_element`
    JsxClosingElement,
    /// `jsx_element`
    JsxElement,
    /// `jsx_expression`
    JsxExpression,
    /// `jsx_namespace_name`
    JsxNamespaceName,
    /// `jsx_opening_element`
    JsxOpeningElement,
    /// `jsx_self_closing_element`
    JsxSelfClosingElement,
    /// `jsx_text`
    JsxText,
    /// `abstract` (token)
    KwAbstract,
    /// `accessor` (token)
    KwAccessor,
    /// `any` (token)
    KwAny,
    /// `as` (token)
    KwAs,
    /// `assert` (token)
    KwAssert,
    /// `asserts` (token)
    KwAsserts,
    /// `async` (token)
    KwAsync,
    /// `await` (token)
    KwAwait,
    /// `boolean` (token)
    KwBoolean,
    /// `break` (token)
    KwBreak,
    /// `case` (token)
    KwCase,
    /// `catch` (token)
    KwCatch,
    /// `class` (token)
    KwClass,
    /// `const` (token)
    KwConst,
    /// `continue` (token)
    KwContinue,
    /// `debugger` (token)
    KwDebugger,
    /// `declare` (token)
    KwDeclare,
    /// `default` (token)
    KwDefault,
    /// `delete` (token)
    KwDelete,
    /// `do` (token)
    KwDo,
    /// `else` (token)
    KwElse,
    /// `enum` (token)
    KwEnum,
    /// `export` (token)
    KwExport,
    /// `extends` (token)
    KwExtends,
    /// `finally` (token)
    KwFinally,
    /// `for` (token)
    KwFor,
    /// `from` (token)
    KwFrom,
    /// `function` (token)
    KwFunction,
    /// `get` (token)
    KwGet,
    /// `global` (token)
    KwGlobal,
    /// `if` (token)
    KwIf,
    /// `implements` (token)
    KwImplements,
    /// `import` (token)
    KwImport,
    /// `in` (token)
    KwIn,
    /// `infer` (token)
    KwInfer,
    /// `instanceof` (token)
    KwInstanceof,
    /// `interface` (token)
    KwInterface,
    /// `is` (token)
    KwIs,
    /// `keyof` (token)
    KwKeyof,
    /// `let` (token)
    KwLet,
    /// `meta` (token)
    KwMeta,
    /// `module` (token)
    KwModule,
    /// `namespace` (token)
    KwNamespace,
    /// `never` (token)
    KwNever,
    /// `new` (token)
    KwNew,
    /// `number` (token)
    KwNumber,
    /// `object` (token)
    KwObject,
    /// `of` (token)
    KwOf,
    /// `override` (token)
    KwOverride,
    /// `private` (token)
    KwPrivate,
    /// `protected` (token)
    KwProtected,
    /// `public` (token)
    KwPublic,
    /// `readonly` (token)
    KwReadonly,
    /// `require` (token)
    KwRequire,
    /// `return` (token)
    KwReturn,
    /// `satisfies` (token)
    KwSatisfies,
    /// `set` (token)
    KwSet,
    /// `static` (token)
    KwStatic,
    /// `string` (token)
    KwString,
    /// `switch` (token)
    KwSwitch,
    /// `symbol` (token)
    KwSymbol,
    /// `target` (token)
    KwTarget,
    /// `throw` (token)
    KwThrow,
    /// `try` (token)
    KwTry,
    /// `type` (token)
    KwType,
    /// `typeof` (token)
    KwTypeof,
    /// `unique symbol` (token)
    KwUniqueSymbol,
    /// `unknown` (token)
    KwUnknown,
    /// `using` (token)
    KwUsing,
    /// `var` (token)
    KwVar,
    /// `void` (token)
    KwVoid,
    /// `while` (token)
    KwWhile,
    /// `with` (token)
    KwWith,
    /// `yield` (token)
    KwYield,
    /// `<` (token)
    LAngle,
    /// `<=` (token)
    LAngleEq,
    /// `<<` (token)
    LAngleLAngle,
    /// `<<=` (token)
    LAngleLAngleEq,
    /// `</` (token)
    LAngleSlash,
    /// `{` (token)
    LBrace,
    /// `{|` (token)
    LBracePipe,
    /// `[` (token)
    LBracket,
    /// `(` (token)
    LParen,
    /// `labeled_statement`
    LabeledStatement,
    /// `lexical_declaration`
    LexicalDeclaration,
    /// `literal_type`
    LiteralType,
    /// `lookup_type`
    LookupType,
    /// `mapped_type_clause`
    MappedTypeClause,
    /// `member_expression`
    MemberExpression,
    /// `meta_property`
    MetaProperty,
    /// `method_definition`
    MethodDefinition,
    /// `method_signature`
    MethodSignature,
    /// `-` (token)
    Minus,
    /// `-=` (token)
    MinusEq,
    /// `--` (token)
    MinusMinus,
    /// `-?:` (token)
    MinusQuestionColon,
    /// `module`
    Module,
    /// `named_imports`
    NamedImports,
    /// `namespace_export`
    NamespaceExport,
    /// `namespace_import`
    NamespaceImport,
    /// `nested_identifier`
    NestedIdentifier,
    /// `nested_type_identifier`
    NestedTypeIdentifier,
    /// `new_expression`
    NewExpression,
    /// `non_null_expression`
    NonNullExpression,
    /// `null`
    Null,
    /// `number`
    Number,
    /// `object`
    Object,
    /// `object_assignment_pattern`
    ObjectAssignmentPattern,
    /// `object_pattern`
    ObjectPattern,
    /// `object_type`
    ObjectType,
    /// `omitting_type_annotation`
    OmittingTypeAnnotation,
    /// `opting_type_annotation`
    OptingTypeAnnotation,
    /// `optional_chain`
    OptionalChain,
    /// `optional_parameter`
    OptionalParameter,
    /// `optional_type`
    OptionalType,
    /// `override_modifier`
    OverrideModifier,
    /// `pair`
    Pair,
    /// `pair_pattern`
    PairPattern,
    /// `parenthesized_expression`
    ParenthesizedExpression,
    /// `parenthesized_type`
    ParenthesizedType,
    /// `pattern`
    Pattern,
    /// `%` (token)
    Percent,
    /// `%=` (token)
    PercentEq,
    /// `|` (token)
    Pipe,
    /// `|=` (token)
    PipeEq,
    /// `||` (token)
    PipePipe,
    /// `||=` (token)
    PipePipeEq,
    /// `+` (token)
    Plus,
    /// `+=` (token)
    PlusEq,
    /// `++` (token)
    PlusPlus,
    /// `+?:` (token)
    PlusQuestionColon,
    /// `predefined_type`
    PredefinedType,
    /// `primary_expression`
    PrimaryExpression,
    /// `primary_type`
    PrimaryType,
    /// `private_property_identifier`
    PrivatePropertyIdentifier,
    /// `program`
    Program,
    /// `property_identifier`
    PropertyIdentifier,
    /// `property_signature`
    PropertySignature,
    /// `public_field_definition`
    PublicFieldDefinition,
    /// `?` (token)
    Question,
    /// `?:` (token)
    QuestionColon,
    /// `?.` (token)
    QuestionDot,
    /// `??` (token)
    QuestionQuestion,
    /// `??=` (token)
    QuestionQuestionEq,
    /// `>` (token)
    RAngle,
    /// `>=` (token)
    RAngleEq,
    /// `>>` (token)
    RAngleRAngle,
    /// `>>=` (token)
    RAngleRAngleEq,
    /// `>>>` (token)
    RAngleRAngleRAngle,
    /// `>>>=` (token)
    RAngleRAngleRAngleEq,
    /// `}` (token)
    RBrace,
    /// `|}` (token)
    RBracePipe,
    /// `]` (token)
    RBracket,
    /// `)` (token)
    RParen,
    /// `readonly_type`
    ReadonlyType,
    /// `regex`
    Regex,
    /// `regex_flags`
    RegexFlags,
    /// `regex_pattern`
    RegexPattern,
    /// `required_parameter`
    RequiredParameter,
    /// `rest_pattern`
    RestPattern,
    /// `rest_type`
    RestType,
    /// `return_statement`
    ReturnStatement,
    /// `satisfies_expression`
    SatisfiesExpression,
    /// `;` (token)
    Semicolon,
    /// `sequence_expression`
    SequenceExpression,
    /// `shorthand_property_identifier`
    ShorthandPropertyIdentifier,
    /// `shorthand_property_identifier_pattern`
    ShorthandPropertyIdentifierPattern,
    /// `'` (token)
    SingleQuote,
    /// `/` (token)
    Slash,
    /// `/=` (token)
    SlashEq,
    /// `/>` (token)
    SlashRAngle,
    /// `spread_element`
    SpreadElement,
    /// `*` (token)
    Star,
    /// `*=` (token)
    StarEq,
    /// `**` (token)
    StarStar,
    /// `**=` (token)
    StarStarEq,
    /// `statement`
    Statement,
    /// `statement_block`
    StatementBlock,
    /// `statement_identifier`
    StatementIdentifier,
    /// `string`
    String,
    /// `string_fragment`
    StringFragment,
    /// `subscript_expression`
    SubscriptExpression,
    /// `super`
    Super,
    /// `switch_body`
    SwitchBody,
    /// `switch_case`
    SwitchCase,
    /// `switch_default`
    SwitchDefault,
    /// `switch_statement`
    SwitchStatement,
    /// `template_literal_type`
    TemplateLiteralType,
    /// `template_string`
    TemplateString,
    /// `template_substitution`
    TemplateSubstitution,
    /// `template_type`
    TemplateType,
    /// `ternary_expression`
    TernaryExpression,
    /// `this`
    This,
    /// `this_type`
    ThisType,
    /// `throw_statement`
    ThrowStatement,
    /// `~` (token)
    Tilde,
    /// `true`
    True,
    /// `try_statement`
    TryStatement,
    /// `tuple_type`
    TupleType,
    /// `type`
    Type,
    /// `type_alias_declaration`
    TypeAliasDeclaration,
    /// `type_annotation`
    TypeAnnotation,
    /// `type_arguments`
    TypeArguments,
    /// `type_assertion`
    TypeAssertion,
    /// `type_identifier`
    TypeIdentifier,
    /// `type_parameter`
    TypeParameter,
    /// `type_parameters`
    TypeParameters,
    /// `type_predicate`
    TypePredicate,
    /// `type_predicate_annotation`
    TypePredicateAnnotation,
    /// `type_query`
    TypeQuery,
    /// `unary_expression`
    UnaryExpression,
    /// `undefined`
    Undefined,
    /// `union_type`
    UnionType,
    /// `update_expression`
    UpdateExpression,
    /// `variable_declaration`
    VariableDeclaration,
    /// `variable_declarator`
    VariableDeclarator,
    /// `while_statement`
    WhileStatement,
    /// `with_statement`
    WithStatement,
    /// `yield_expression`
    YieldExpression,
}

/// Every kind with its name in the grammar and whether it is a named node, sorted by variant.
#[rustfmt::skip]
pub(super) const KINDS: &[(SyntaxKind, &str, bool)] = &[
    (SyntaxKind::AbstractClassDeclaration, "abstract_class_declaration", true),
    (SyntaxKind::AbstractMethodSignature, "abstract_method_signature", true),
    (SyntaxKind::AccessibilityModifier, "accessibility_modifier", true),
    (SyntaxKind::AddingTypeAnnotation, "adding_type_annotation", true),
    (SyntaxKind::AmbientDeclaration, "ambient_declaration", true),
    (SyntaxKind::Amp, "&", false),
    (SyntaxKind::AmpAmp, "&&", false),
    (SyntaxKind::AmpAmpEq, "&&=", false),
    (SyntaxKind::AmpEq, "&=", false),
    (SyntaxKind::Arguments, "arguments", true),
    (SyntaxKind::Array, "array", true),
    (SyntaxKind::ArrayPattern, "array_pattern", true),
    (SyntaxKind::ArrayType, "array_type", true),
    (SyntaxKind::Arrow, "=>", false),
    (SyntaxKind::ArrowFunction, "arrow_function", true),
    (SyntaxKind::AsExpression, "as_expression", true),
    (SyntaxKind::Asserts, "asserts", true),
    (SyntaxKind::AssertsAnnotation, "asserts_annotation", true),
    (SyntaxKind::AssignmentExpression, "assignment_expression", true),
    (SyntaxKind::AssignmentPattern, "assignment_pattern", true),
    (SyntaxKind::At, "@", false),
    (SyntaxKind::AugmentedAssignmentExpression, "augmented_assignment_expression", true),
    (SyntaxKind::AwaitExpression, "await_expression", true),
    (SyntaxKind::Backtick, "`", false),
    (SyntaxKind::Bang, "!", false),
    (SyntaxKind::BangEq, "!=", false),
    (SyntaxKind::BangEqEq, "!==", false),
    (SyntaxKind::BinaryExpression, "binary_expression", true),
    (SyntaxKind::BreakStatement, "break_statement", true),
    (SyntaxKind::CallExpression, "call_expression", true),
    (SyntaxKind::CallSignature, "call_signature", true),
    (SyntaxKind::Caret, "^", false),
    (SyntaxKind::CaretEq, "^=", false),
    (SyntaxKind::CatchClause, "catch_clause", true),
    (SyntaxKind::Class, "class", true),
    (SyntaxKind::ClassBody, "class_body", true),
    (SyntaxKind::ClassDeclaration, "class_declaration", true),
    (SyntaxKind::ClassHeritage, "class_heritage", true),
    (SyntaxKind::ClassStaticBlock, "class_static_block", true),
    (SyntaxKind::Colon, ":", false),
    (SyntaxKind::Comma, ",", false),
    (SyntaxKind::Comment, "comment", true),
    (SyntaxKind::ComputedPropertyName, "computed_property_name", true),
    (SyntaxKind::ConditionalType, "conditional_type", true),
    (SyntaxKind::Constraint, "constraint", true),
    (SyntaxKind::ConstructSignature, "construct_signature", true),
    (SyntaxKind::ConstructorType, "constructor_type", true),
    (SyntaxKind::ContinueStatement, "continue_statement", true),
    (SyntaxKind::DebuggerStatement, "debugger_statement", true),
    (SyntaxKind::Declaration, "declaration", true),
    (SyntaxKind::Decorator, "decorator", true),
    (SyntaxKind::DefaultType, "default_type", true),
    (SyntaxKind::DoStatement, "do_statement", true),
    (SyntaxKind::DollarBrace, "${", false),
    (SyntaxKind::Dot, ".", false),
    (SyntaxKind::DoubleQuote, "\"", false),
    (SyntaxKind::Ellipsis, "...", false),
    (SyntaxKind::ElseClause, "else_clause", true),
    (SyntaxKind::EmptyStatement, "empty_statement", true),
    (SyntaxKind::EnumAssignment, "enum_assignment", true),
    (SyntaxKind::EnumBody, "enum_body", true),
    (SyntaxKind::EnumDeclaration, "enum_declaration", true),
    (SyntaxKind::Eq, "=", false),
    (SyntaxKind::EqEq, "==", false),
    (SyntaxKind::EqEqEq, "===", false),
    (SyntaxKind::EscapeSequence, "escape_sequence", true),
    (SyntaxKind::ExistentialType, "existential_type", true),
    (SyntaxKind::ExportClause, "export_clause", true),
    (SyntaxKind::ExportSpecifier, "export_specifier", true),
    (SyntaxKind::ExportStatement, "export_statement", true),
    (SyntaxKind::Expression, "expression", true),
    (SyntaxKind::ExpressionStatement, "expression_statement", true),
    (SyntaxKind::ExtendsClause, "extends_clause", true),
    (SyntaxKind::ExtendsTypeClause, "extends_type_clause", true),
    (SyntaxKind::False, "false", true),
    (SyntaxKind::FinallyClause, "finally_clause", true),
    (SyntaxKind::FlowMaybeType, "flow_maybe_type", true),
    (SyntaxKind::ForInStatement, "for_in_statement", true),
    (SyntaxKind::ForStatement, "for_statement", true),
    (SyntaxKind::FormalParameters, "formal_parameters", true),
    (SyntaxKind::FunctionDeclaration, "function_declaration", true),
    (SyntaxKind::FunctionExpression, "function_expression", true),
    (SyntaxKind::FunctionSignature, "function_signature", true),
    (SyntaxKind::FunctionType, "function_type", true),
    (SyntaxKind::GeneratorFunction, "generator_function", true),
    (SyntaxKind::GeneratorFunctionDeclaration, "generator_function_declaration", true),
    (SyntaxKind::GenericType, "generic_type", true),
    (SyntaxKind::HashBangLine, "hash_bang_line", true),
    (SyntaxKind::HtmlCharacterReference, "html_character_reference", true),
    (SyntaxKind::HtmlComment, "html_comment", true),
    (SyntaxKind::Identifier, "identifier", true),
    (SyntaxKind::IfStatement, "if_statement", true),
    (SyntaxKind::ImplementsClause, "implements_clause", true),
    (SyntaxKind::Import, "import", true),
    (SyntaxKind::ImportAlias, "import_alias", true),
    (SyntaxKind::ImportAttribute, "import_attribute", true),
    (SyntaxKind::ImportClause, "import_clause", true),
    (SyntaxKind::ImportRequireClause, "import_require_clause", true),
    (SyntaxKind::ImportSpecifier, "import_specifier", true),
    (SyntaxKind::ImportStatement, "import_statement", true),
    (SyntaxKind::IndexSignature, "index_signature", true),
    (SyntaxKind::IndexTypeQuery, "index_type_query", true),
    (SyntaxKind::InferType, "infer_type", true),
    (SyntaxKind::InstantiationExpression, "instantiation_expression", true),
    (SyntaxKind::InterfaceBody, "interface_body", true),
    (SyntaxKind::InterfaceDeclaration, "interface_declaration", true),
    (SyntaxKind::InternalModule, "internal_module", true),
    (SyntaxKind::IntersectionType, "intersection_type", true),
    (SyntaxKind::JsxAttribute, "jsx_attribute", true),
    (SyntaxKind::JsxClosingElement, "jsx_closing_element", true),
    (SyntaxKind::JsxElement, "jsx_element", true),
    (SyntaxKind::JsxExpression, "jsx_expression", true),
    (SyntaxKind::JsxNamespaceName, "jsx_namespace_name", true),
    (SyntaxKind::JsxOpeningElement, "jsx_opening_element", true),
    (SyntaxKind::JsxSelfClosingElement, "jsx_self_closing_element", true),
    (SyntaxKind::JsxText, "jsx_text", true),
    (SyntaxKind::KwAbstract, "abstract", false),
    (SyntaxKind::KwAccessor, "accessor", false),
    (SyntaxKind::KwAny, "any", false),
    (SyntaxKind::KwAs, "as", false),
    (SyntaxKind::KwAssert, "assert", false),
    (SyntaxKind::KwAsserts, "asserts", false),
    (SyntaxKind::KwAsync, "async", false),
    (SyntaxKind::KwAwait, "await", false),
    (SyntaxKind::KwBoolean, "boolean", false),
    (SyntaxKind::KwBreak, "break", false),
    (SyntaxKind::KwCase, "case", false),
    (SyntaxKind::KwCatch, "catch", false),
    (SyntaxKind::KwClass, "class", false),
    (SyntaxKind::KwConst, "const", false),
    (SyntaxKind::KwContinue, "continue", false),
    (SyntaxKind::KwDebugger, "debugger", false),
    (SyntaxKind::KwDeclare, "declare", false),
    (SyntaxKind::KwDefault, "default", false),
    (SyntaxKind::KwDelete, "delete", false),
    (SyntaxKind::KwDo, "do", false),
    (SyntaxKind::KwElse, "else", false),
    (SyntaxKind::KwEnum, "enum", false),
    (SyntaxKind::KwExport, "export", false),
    (SyntaxKind::KwExtends, "extends", false),
    (SyntaxKind::KwFinally, "finally", false),
    (SyntaxKind::KwFor, "for", false),
    (SyntaxKind::KwFrom, "from", false),
    (SyntaxKind::KwFunction, "function", false),
    (SyntaxKind::KwGet, "get", false),
    (SyntaxKind::KwGlobal, "global", false),
    (SyntaxKind::KwIf, "if", false),
    (SyntaxKind::KwImplements, "implements", false),
    (SyntaxKind::KwImport, "import", false),
    (SyntaxKind::KwIn, "in", false),
    (SyntaxKind::KwInfer, "infer", false),
    (SyntaxKind::KwInstanceof, "instanceof", false),
    (SyntaxKind::KwInterface, "interface", false),
    (SyntaxKind::KwIs, "is", false),
    (SyntaxKind::KwKeyof, "keyof", false),
    (SyntaxKind::KwLet, "let", false),
    (SyntaxKind::KwMeta, "meta", false),
    (SyntaxKind::KwModule, "module", false),
    (SyntaxKind::KwNamespace, "namespace", false),
    (SyntaxKind::KwNever, "never", false),
    (SyntaxKind::KwNew, "new", false),
    (SyntaxKind::KwNumber, "number", false),
    (SyntaxKind::KwObject, "object", false),
    (SyntaxKind::KwOf, "of", false),
    (SyntaxKind::KwOverride, "override", false),
    (SyntaxKind::KwPrivate, "private", false),
    (SyntaxKind::KwProtected, "protected", false),
    (SyntaxKind::KwPublic, "public", false),
    (SyntaxKind::KwReadonly, "readonly", false),
    (SyntaxKind::KwRequire, "require", false),
    (SyntaxKind::KwReturn, "return", false),
    (SyntaxKind::KwSatisfies, "satisfies", false),
    (SyntaxKind::KwSet, "set", false),
    (SyntaxKind::KwStatic, "static", false),
    (SyntaxKind::KwString, "string", false),
    (SyntaxKind::KwSwitch, "switch", false),
    (SyntaxKind::KwSymbol, "symbol", false),
    (SyntaxKind::KwTarget, "target", false),
    (SyntaxKind::KwThrow, "throw", false),
    (SyntaxKind::KwTry, "try", false),
    (SyntaxKind::KwType, "type", false),
    (SyntaxKind::KwTypeof, "typeof", false),
    (SyntaxKind::KwUniqueSymbol, "unique symbol", false),
    (SyntaxKind::KwUnknown, "unknown", false),
    (SyntaxKind::KwUsing, "using", false),
    (SyntaxKind::KwVar, "var", false),
    (SyntaxKind::KwVoid, "void", false),
    (SyntaxKind::KwWhile, "while", false),
    (SyntaxKind::KwWith, "with", false),
    (SyntaxKind::KwYield, "yield", false),
    (SyntaxKind::LAngle, "<", false),
    (SyntaxKind::LAngleEq, "<=", false),
    (SyntaxKind::LAngleLAngle, "<<", false),
    (SyntaxKind::LAngleLAngleEq, "<<=", false),
    (SyntaxKind::LAngleSlash, "</", false),
    (SyntaxKind::LBrace, "{", false),
    (SyntaxKind::LBracePipe, "{|", false),
    (SyntaxKind::LBracket, "[", false),
    (SyntaxKind::LParen, "(", false),
    (SyntaxKind::LabeledStatement, "labeled_statement", true),
    (SyntaxKind::LexicalDeclaration, "lexical_declaration", true),
    (SyntaxKind::LiteralType, "literal_type", true),
    (SyntaxKind::LookupType, "lookup_type", true),
    (SyntaxKind::MappedTypeClause, "mapped_type_clause", true),
    (SyntaxKind::MemberExpression, "member_expression", true),
    (SyntaxKind::MetaProperty, "meta_property", true),
    (SyntaxKind::MethodDefinition, "method_definition", true),
    (SyntaxKind::MethodSignature, "method_signature", true),
    (SyntaxKind::Minus, "-", false),
    (SyntaxKind::MinusEq, "-=", false),
    (SyntaxKind::MinusMinus, "--", false),
    (SyntaxKind::MinusQuestionColon, "-?:", false),
    (SyntaxKind::Module, "module", true),
    (SyntaxKind::NamedImports, "named_imports", true),
    (SyntaxKind::NamespaceExport, "namespace_export", true),
    (SyntaxKind::NamespaceImport, "namespace_import", true),
    (SyntaxKind::NestedIdentifier, "nested_identifier", true),
    (SyntaxKind::NestedTypeIdentifier, "nested_type_identifier", true),
    (SyntaxKind::NewExpression, "new_expression", true),
    (SyntaxKind::NonNullExpression, "non_null_expression", true),
    (SyntaxKind::Null, "null", true),
    (SyntaxKind::Number, "number", true),
    (SyntaxKind::Object, "object", true),
    (SyntaxKind::ObjectAssignmentPattern, "object_assignment_pattern", true),
    (SyntaxKind::ObjectPattern, "object_pattern", true),
    (SyntaxKind::ObjectType, "object_type", true),
    (SyntaxKind::OmittingTypeAnnotation, "omitting_type_annotation", true),
    (SyntaxKind::OptingTypeAnnotation, "opting_type_annotation", true),
    (SyntaxKind::OptionalChain, "optional_chain", true),
    (SyntaxKind::OptionalParameter, "optional_parameter", true),
    (SyntaxKind::OptionalType, "optional_type", true),
    (SyntaxKind::OverrideModifier, "override_modifier", true),
    (SyntaxKind::Pair, "pair", true),
    (SyntaxKind::PairPattern, "pair_pattern", true),
    (SyntaxKind::ParenthesizedExpression, "parenthesized_expression", true),
    (SyntaxKind::ParenthesizedType, "parenthesized_type", true),
    (SyntaxKind::Pattern, "pattern", true),
    (SyntaxKind::Percent, "%", false),
    (SyntaxKind::PercentEq, "%=", false),
    (SyntaxKind::Pipe, "|", false),
    (SyntaxKind::PipeEq, "|=", false),
    (SyntaxKind::PipePipe, "||", false),
    (SyntaxKind::PipePipeEq, "||=", false),
    (SyntaxKind::Plus, "+", false),
    (SyntaxKind::PlusEq, "+=", false),
    (SyntaxKind::PlusPlus, "++", false),
    (SyntaxKind::PlusQuestionColon, "+?:", false),
    (SyntaxKind::PredefinedType, "predefined_type", true),
    (SyntaxKind::PrimaryExpression, "primary_expression", true),
    (SyntaxKind::PrimaryType, "primary_type", true),
    (SyntaxKind::PrivatePropertyIdentifier, "private_property_identifier", true),
    (SyntaxKind::Program, "program", true),
    (SyntaxKind::PropertyIdentifier, "property_identifier", true),
    (SyntaxKind::PropertySignature, "property_signature", true),
    (SyntaxKind::PublicFieldDefinition, "public_field_definition", true),
    (SyntaxKind::Question, "?", false),
    (SyntaxKind::QuestionColon, "?:", false),
    (SyntaxKind::QuestionDot, "?.", false),
    (SyntaxKind::QuestionQuestion, "??", false),
    (SyntaxKind::QuestionQuestionEq, "??=", false),
    (SyntaxKind::RAngle, ">", false),
    (SyntaxKind::RAngleEq, ">=", false),
    (SyntaxKind::RAngleRAngle, ">>", false),
    (SyntaxKind::RAngleRAngleEq, ">>=", false),
    (SyntaxKind::RAngleRAngleRAngle, ">>>", false),
    (SyntaxKind::RAngleRAngleRAngleEq, ">>>=", false),
    (SyntaxKind::RBrace, "}", false),
    (SyntaxKind::RBracePipe, "|}", false),
    (SyntaxKind::RBracket, "]", false),
    (SyntaxKind::RParen, ")", false),
    (SyntaxKind::ReadonlyType, "readonly_type", true),
    (SyntaxKind::Regex, "regex", true),
    (SyntaxKind::RegexFlags, "regex_flags", true),
    (SyntaxKind::RegexPattern, "regex_pattern", true),
    (SyntaxKind::RequiredParameter, "required_parameter", true),
    (SyntaxKind::RestPattern, "rest_pattern", true),
    (SyntaxKind::RestType, "rest_type", true),
    (SyntaxKind::ReturnStatement, "return_statement", true),
    (SyntaxKind::SatisfiesExpression, "satisfies_expression", true),
    (SyntaxKind::Semicolon, ";", false),
    (SyntaxKind::SequenceExpression, "sequence_expression", true),
    (SyntaxKind::ShorthandPropertyIdentifier, "shorthand_property_identifier", true),
    (SyntaxKind::ShorthandPropertyIdentifierPattern, "shorthand_property_identifier_pattern", true),
    (SyntaxKind::SingleQuote, "'", false),
    (SyntaxKind::Slash, "/", false),
    (SyntaxKind::SlashEq, "/=", false),
    (SyntaxKind::SlashRAngle, "/>", false),
    (SyntaxKind::SpreadElement, "spread_element", true),
    (SyntaxKind::Star, "*", false),
    (SyntaxKind::StarEq, "*=", false),
    (SyntaxKind::StarStar, "**", false),
    (SyntaxKind::StarStarEq, "**=", false),
    (SyntaxKind::Statement, "statement", true),
    (SyntaxKind::StatementBlock, "statement_block", true),
    (SyntaxKind::StatementIdentifier, "statement_identifier", true),
    (SyntaxKind::String, "string", true),
    (SyntaxKind::StringFragment, "string_fragment", true),
    (SyntaxKind::SubscriptExpression, "subscript_expression", true),
    (SyntaxKind::Super, "super", true),
    (SyntaxKind::SwitchBody, "switch_body", true),
    (SyntaxKind::SwitchCase, "switch_case", true),
    (SyntaxKind::SwitchDefault, "switch_default", true),
    (SyntaxKind::SwitchStatement, "switch_statement", true),
    (SyntaxKind::TemplateLiteralType, "template_literal_type", true),
    (SyntaxKind::TemplateString, "template_string", true),
    (SyntaxKind::TemplateSubstitution, "template_substitution", true),
    (SyntaxKind::TemplateType, "template_type", true),
    (SyntaxKind::TernaryExpression, "ternary_expression", true),
    (SyntaxKind::This, "this", true),
    (SyntaxKind::ThisType, "this_type", true),
    (SyntaxKind::ThrowStatement, "throw_statement", true),
    (SyntaxKind::Tilde, "~", false),
    (SyntaxKind::True, "true", true),
    (SyntaxKind::TryStatement, "try_statement", true),
    (SyntaxKind::TupleType, "tuple_type", true),
    (SyntaxKind::Type, "type", true),
    (SyntaxKind::TypeAliasDeclaration, "type_alias_declaration", true),
    (SyntaxKind::TypeAnnotation, "type_annotation", true),
    (SyntaxKind::TypeArguments, "type_arguments", true),
    (SyntaxKind::TypeAssertion, "type_assertion", true),
    (SyntaxKind::TypeIdentifier, "type_identifier", true),
    (SyntaxKind::TypeParameter, "type_parameter", true),
    (SyntaxKind::TypeParameters, "type_parameters", true),
    (SyntaxKind::TypePredicate, "type_predicate", true),
    (SyntaxKind::TypePredicateAnnotation, "type_predicate_annotation", true),
    (SyntaxKind::TypeQuery, "type_query", true),
    (SyntaxKind::UnaryExpression, "unary_expression", true),
    (SyntaxKind::Undefined, "undefined", true),
    (SyntaxKind::UnionType, "union_type", true),
    (SyntaxKind::UpdateExpression, "update_expression", true),
    (SyntaxKind::VariableDeclaration, "variable_declaration", true),
    (SyntaxKind::VariableDeclarator, "variable_declarator", true),
    (SyntaxKind::WhileStatement, "while_statement", true),
    (SyntaxKind::WithStatement, "with_statement", true),
    (SyntaxKind::YieldExpression, "yield_expression", true),
];
