//! What is lowered from small texts.

use std::fmt::Write;

use expect_test::{Expect, expect};
use symphony_syntax::{Language, STACK_SIZE, syntax_errors, too_deep};

use crate::{Hir, TokenFlags, TokenKind, lower};

/// On a stack as large as those that the server gives its threads.
fn on_large_stack(test: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK_SIZE)
            .spawn_scoped(scope, test)
            .unwrap();
    });
}

/// What can be opened again and again.
const OPENERS: &[&str] = &[
    "(",
    "[",
    "{",
    "!",
    "a?b:",
    "a=>",
    "<div>",
    "-",
    "- ",
    "new ",
    "await ",
    "if(a)else ",
    "if(a)b;else ",
    "`${",
    "A<",
    "typeof ",
    "(a,",
    "a=",
    "a**",
    "[a,",
    "{a:",
    "f(",
    "f(a=>",
    "while(a)",
    "for(;;)",
    "if(a)",
    "do ",
    "a:",
    "B extends C?D:",
    "class A{a=",
    "function f(){",
    "()=>{",
    "(a=",
    "async()=>",
    "<A>",
    "try{",
    "switch(a){case ",
    "let{a:",
    "namespace A{",
];

#[test]
fn nested_beyond_measure_is_refused_and_not_fatal() {
    on_large_stack(|| {
        for opener in OPENERS {
            // Few enough for the parser, and too many.
            for count in [20, 490, 2_900, 100_000] {
                let text = opener.repeat(count);
                for language in [Language::TypeScript, Language::Tsx] {
                    syntax_errors(&text, language);
                    lower(&text, language);
                }
            }
            let text = opener.repeat(100_000);
            assert!(too_deep(&text, Language::Tsx).is_some(), "{opener}");
            assert_eq!(syntax_errors(&text, Language::Tsx).len(), 1);
        }
    });
}

/// Each name with what it is: a use is shown with the place of what it stands for.
fn check(text: &str, expect: Expect) {
    expect.assert_eq(&shown(&lower(text, Language::Tsx)));
}

fn shown(hir: &Hir) -> String {
    let mut out = String::new();
    for token in hir.tokens() {
        let name = hir.name(token.name);
        let start = u32::from(token.range.start());
        let stands_for = |symbol: Option<crate::SymbolId>| {
            symbol.map_or("?".to_owned(), |it| {
                u32::from(hir.first_decl(it).name_range.start()).to_string()
            })
        };
        let what = match token.kind {
            TokenKind::Decl(decl) => format!("{:?}", hir.decl(decl).kind),
            TokenKind::Use { symbol, .. } => format!("-> {}", stands_for(symbol)),
            TokenKind::ExportLocal { symbol, .. } => format!("export -> {}", stands_for(symbol)),
            TokenKind::ParameterName { symbol, .. } => {
                format!("parameter -> {}", stands_for(symbol))
            }
            TokenKind::Member { object, .. } => {
                let of = hir.expr(object).range;
                format!(
                    "member of {}..{}",
                    u32::from(of.start()),
                    u32::from(of.end())
                )
            }
            TokenKind::PatternKey(_) => "key".to_owned(),
            TokenKind::Imported(_) => "imported".to_owned(),
            other => format!("{other:?}"),
        };
        let short = if token.flags.has(TokenFlags::SHORTHAND) {
            " shorthand"
        } else {
            ""
        };
        let write = if token.flags.has(TokenFlags::WRITE) {
            " write"
        } else {
            ""
        };
        writeln!(out, "{start} {name}: {what}{short}{write}").unwrap();
    }
    out
}

#[test]
fn names_are_looked_up_from_the_inside_out() {
    check(
        "const a = 1; function f(a, { b, c: d = a }) { var v = b; { let a = v; d; g; } return a } f(a);",
        expect![[r#"
            6 a: Const write
            22 f: Function write
            24 a: Parameter write
            29 b: key shorthand
            29 b: Parameter shorthand write
            32 c: key
            35 d: Parameter write
            39 a: -> 24
            50 v: Var write
            54 b: -> 29
            63 a: Let write
            67 v: -> 50
            70 d: -> 35
            73 g: -> ?
            85 a: -> 24
            89 f: -> 22
            91 a: -> 6
        "#]],
    );
}

#[test]
fn types_and_values_are_told_apart() {
    check(
        "type A<T> = T | A<T>; const A = 1; let x: A<typeof A>; namespace N { export interface I {} } let y: N.I = x as N.I;",
        expect![[r#"
            5 A: TypeAlias write
            7 T: TypeParameter write
            12 T: -> 7
            16 A: -> 5
            18 T: -> 7
            28 A: Const write
            39 x: Let write
            42 A: -> 5
            51 A: -> 5
            65 N: Namespace write
            86 I: Interface write
            97 y: Let write
            100 N: -> 65
            102 I: member of 100..101
            106 x: -> 39
            111 N: -> 65
            113 I: member of 111..112
        "#]],
    );
}

#[test]
fn imports_and_exports() {
    check(
        "import d, { a, b as c, type T } from './x'; import * as ns from 'y'; export { a, c as e }; export { q as r } from 'z'; export * from 'w'; export default d;",
        expect![[r#"
            7 d: Import write
            12 a: Import write
            15 b: imported
            20 c: Import write
            28 T: Import write
            38 ./x: Module(ModuleRefId(0))
            56 ns: Import write
            65 y: Module(ModuleRefId(1))
            78 a: export -> 12
            81 c: export -> 20
            86 e: ExportAlias
            100 q: Reexported(ModuleRefId(2))
            105 r: ExportAlias
            115 z: Module(ModuleRefId(2))
            134 w: Module(ModuleRefId(3))
            153 d: -> 7
        "#]],
    );
}

#[test]
fn members_and_shorthands() {
    check(
        "class C { #p = 1; constructor(private q: number) { this.q; this.#p } static s() {} } const o = { q: 1, C, m() { return this.q } }; ({ q: o.q, C } = o); o['q'];",
        expect![[r#"
            6 C: Class write
            10 #p: Property write
            18 constructor: Constructor write
            38 q: Parameter shorthand write
            38 q: Property shorthand write
            51 this: This(ScopeId(3))
            56 q: member of 51..55
            59 this: This(ScopeId(3))
            64 #p: member of 59..63
            76 s: Method write
            91 o: Const write
            97 q: Property write
            103 C: Property shorthand write
            103 C: -> 6 shorthand
            106 m: Method write
            119 this: This(ScopeId(5))
            124 q: member of 119..123
            134 q: key
            137 o: -> 91
            139 q: member of 137..138 write
            142 C: -> 6 shorthand write
            142 C: key shorthand
            148 o: -> 91
            152 o: -> 91
            155 q: member of 152..153
        "#]],
    );
}

#[test]
fn deep_text_is_cut_and_not_fatal() {
    let deep = format!("let a = {}1{};", "[".repeat(300), "]".repeat(300));
    assert_eq!(lower(&deep, Language::TypeScript).decls().len(), 1);
    let long = format!("let a = {}1;", "1 + ".repeat(100_000));
    assert_eq!(lower(&long, Language::TypeScript).decls().len(), 1);
}

#[test]
fn tokens_are_found_by_name() {
    let hir = lower("let a = b; { a; let c = a; }", Language::TypeScript);
    let places = |name: &str| -> Vec<u32> {
        let name = hir.name_id(name).unwrap();
        let tokens = hir.tokens_named(name).iter();
        tokens
            .map(|&it| hir.token(it).range.start().into())
            .collect()
    };
    assert_eq!(places("a"), [4, 13, 24]);
    assert_eq!(places("c"), [20]);
}

#[test]
fn a_broken_text_keeps_its_names() {
    check(
        "import { a } from 'b';\nconst c = a.;\nfunction f(d) {\n  d.\n  return g(d, \n}\nc?.x.y z w(;\nfor (const q of ) { f(q) }",
        expect![[r#"
            9 a: Import write
            19 b: Module(ModuleRefId(0))
            29 c: Const write
            33 a: -> 9
            46 f: Function write
            48 d: Parameter write
            55 d: -> 48
            67 g: -> ?
            69 d: -> 48
            75 c: -> 29
            78 x: member of 75..76
            80 y: member of 75..79
            82 z: -> ?
            84 w: -> ?
            99 q: -> ?
            108 f: -> 46
            110 q: -> ?
        "#]],
    );
    check(
        "function f(a) { if (a) { const b = a",
        expect![[r#"
        9 f: Function write
        11 a: Parameter write
        20 a: -> 11
        31 b: Const write
        35 a: -> 11
    "#]],
    );
}

#[test]
fn comments_in_javascript_have_types() {
    let text = "\
/** @typedef {{ a: string }} A */
/**
 * @template T
 * @callback B
 * @param {T} x
 * @returns {A}
 */
/** @typedef {Object} O
 * @property {A} p it
 * @property {import('m').Q<A>} [q] */
/**
 * See {@link f} and {@link O.p|this}.
 * @template {A} T
 * @param {Array.<T>} first one
 * @param {?O} [second=1] two
 * @param {string} second.q no
 * @return {Map<string,
 *   T>} all
 */
export function f(first, second) { return /** @type {A} */ (first) }
/** @type {B<A>} */
const g = (x) => x;
/** @template V @extends {O<V>} */
class C { /** @type {A} */ p = 1; /** @param {C} c */ m(c) {} }
";
    let hir = lower(text, Language::JavaScript);
    expect![[r#"
        16 a: Property write
        29 A: TypeAlias write
        51 T: TypeParameter write
        66 B: TypeAlias write
        79 T: -> 51
        82 x: parameter -> ?
        97 A: -> 29
        126 O: TypeAlias write
        142 A: -> 29
        145 p: Property write
        172 m: Module(ModuleRefId(0))
        176 Q: member of 171..174
        178 A: -> 29
        183 q: Property write
        207 f: -> 401
        221 O: -> 126
        223 p: member of 221..222
        246 A: -> 29
        249 T: TypeParameter write
        262 Array: -> ?
        269 T: -> 249
        273 first: parameter -> 403
        295 O: -> 126
        299 second: parameter -> 410
        332 second: parameter -> 410
        356 Map: -> ?
        373 T: -> 249
        401 f: Function write
        403 first: Parameter write
        410 second: Parameter write
        438 A: -> 29
        445 first: -> 403
        465 B: -> 66
        467 A: -> 29
        480 g: Const write
        485 x: Parameter write
        491 x: -> 485
        508 V: TypeParameter write
        535 C: Class write
        550 A: -> 29
        556 p: Property write
        575 C: -> 535
        578 c: parameter -> 585
        583 m: Method write
        585 c: Parameter write
    "#]]
    .assert_eq(&shown(&hir));
    let function = hir
        .functions()
        .find(|(_, it)| it.params.len() == 2)
        .unwrap()
        .1;
    assert!(function.params.iter().all(|it| it.ty.is_some()));
    assert!(function.ret.is_some() && function.type_params.len() == 1);
    assert!(function.params[1].optional);
    check_places(&hir, text);
}

#[test]
fn comments_import_and_have_types_of_their_own() {
    let hir = lower(
        "/** @import { D, E as F } from './m' */\n/** @type {D<F, (a: D) => F>} */\nlet x;",
        Language::JavaScript,
    );
    expect![[r#"
        14 D: Import write
        17 E: imported
        22 F: Import write
        32 ./m: Module(ModuleRefId(0))
        51 D: -> 14
        53 F: -> 22
        57 a: Parameter write
        60 D: -> 14
        66 F: -> 22
        77 x: Let write
    "#]]
    .assert_eq(&shown(&hir));
    assert!(hir.imports().is_empty());
    let text = "\
/** @type {Array<function(D, ...E=):F<D>|null>|function(this:D)} */
let x;
/** @extends D<E> */
class F {}
/** @template {D} [E=F] */
class D {}
";
    let hir = lower(text, Language::JavaScript);
    expect![[r#"
        11 Array: -> ?
        26 D: -> 140
        32 E: -> ?
        36 F: -> 102
        38 D: -> 140
        61 D: -> 140
        72 x: Let write
        88 D: -> 140
        90 E: -> ?
        102 F: Class write
        122 D: -> 140
        126 E: TypeParameter write
        128 F: -> 102
        140 D: Class write
    "#]]
    .assert_eq(&shown(&hir));
    check_places(&hir, text);
    let hir = lower(
        "/** @param a {@link b} @type {c} */ function f(a) { let b; }",
        Language::TypeScript,
    );
    expect![[r#"
        11 a: parameter -> 47
        20 b: -> 56
        45 f: Function write
        47 a: Parameter write
        56 b: Let write
    "#]]
    .assert_eq(&shown(&hir));
}

#[test]
fn assignments_declare_in_javascript() {
    let text = "\
function F() { this.a = 1; this.a = 2 }
F.prototype.b = function () { this.z = this.a };
F.c = 1;
class C { constructor() { /** @type {F} */ this.d = 1; this.e } e() { this.f = () => {} } static s() { this.t = 1 } }
C.u = 1;
exports.g = F; exports.h = exports.i = C;
module.exports.j = 1;
";
    let hir = lower(text, Language::JavaScript);
    expect![[r#"
        9 F: Function write
        15 this: This(ScopeId(1))
        20 a: Property write
        27 this: This(ScopeId(1))
        32 a: Property write
        40 F: -> 9
        42 prototype: member of 40..41
        52 b: Method write
        70 this: This(ScopeId(2))
        75 z: Property write
        79 this: This(ScopeId(2))
        84 a: member of 79..83
        89 F: -> 9
        91 c: Property write
        104 C: Class write
        108 constructor: Constructor write
        135 F: -> 9
        141 this: This(ScopeId(4))
        146 d: Property write
        153 this: This(ScopeId(4))
        158 e: member of 153..157
        162 e: Method write
        168 this: This(ScopeId(5))
        173 f: Method write
        195 s: Method write
        201 this: This(ScopeId(7))
        206 t: Property write
        216 C: -> 104
        218 u: Property write
        225 exports: -> ?
        233 g: Property write
        237 F: -> 9
        240 exports: -> ?
        248 h: Property write
        252 exports: -> ?
        260 i: Property write
        264 C: -> 104
        267 module: -> ?
        274 exports: member of 267..273
        282 j: Property write
    "#]]
    .assert_eq(&shown(&hir));
    assert!(hir.is_module);
    let exported = |hir: &Hir| {
        let names = hir.exports(Hir::FILE).unwrap().named.iter();
        names
            .map(|it| hir.name(it.name).to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(exported(&hir), ["g", "h", "i", "j"]);
    check_places(&hir, text);
    let hir = lower(
        "const a = 1; module.exports = { a, b() {} };",
        Language::JavaScript,
    );
    assert_eq!(exported(&hir), ["a", "b"]);
    assert!(hir.exports(Hir::FILE).unwrap().equals.is_some());
    let hir = lower(
        "const f = () => 1; f.a = 2; let o = {}; o.a = 1; this.x = 1; exports.a = 1;",
        Language::TypeScript,
    );
    expect![[r#"
        6 f: Const write
        19 f: -> 6
        21 a: Property write
        32 o: Let write
        40 o: -> 32
        42 a: member of 40..41 write
        49 this: This(ScopeId(0))
        54 x: member of 49..53 write
        61 exports: -> ?
        69 a: member of 61..68 write
    "#]]
    .assert_eq(&shown(&hir));
}

/// A text of the sort that people write, long enough for an edit to do harm far away.
const SAMPLE: &str = include_str!("sample.ts.txt");

/// What is declared outside the line of an edit, wherever it is and whatever it takes away or puts in.
#[test]
fn an_edit_leaves_the_other_declarations() {
    let whole = lower(SAMPLE, Language::TypeScript);
    let mut seed = 1_u64;
    let mut random = move |below: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let inserted = [
        "", ".", "(", "{", "a.", "= ", "'", "`", "import ", "x ", "}", ")", "=>", "/", "@", "é",
        "<",
    ];
    let (mut lost, mut all) = (0, 0);
    for _ in 0..150 {
        let at = SAMPLE.floor_char_boundary(random(SAMPLE.len()));
        let end = SAMPLE.ceil_char_boundary((at + random(4)).min(SAMPLE.len()));
        let text = format!(
            "{}{}{}",
            &SAMPLE[..at],
            inserted[random(inserted.len())],
            &SAMPLE[end..]
        );
        let hir = lower(&text, Language::TypeScript);
        check_places(&hir, &text);
        let line = SAMPLE[..at].rfind('\n').map_or(0, |it| it + 1);
        let line_end = end + SAMPLE[end..].find('\n').unwrap_or(0);
        for (_, decl) in whole.decls() {
            let start = usize::from(decl.name_range.start());
            if (line..=line_end).contains(&start) {
                continue;
            }
            all += 1;
            let name = whole.name(decl.name);
            lost += usize::from(!hir.decls().any(|(_, it)| hir.name(it.name) == name));
        }
    }
    assert!(lost * 120 < all, "{lost} of {all}");
}

/// Tokens are in order and on the text that they name; all that refers to something finds it.
fn check_places(hir: &Hir, text: &str) {
    assert!(hir.tokens().is_sorted_by_key(|token| token.range.start()));
    for token in hir.tokens() {
        let written = &text[token.range];
        let name = hir.name(token.name);
        assert!(
            written == name
                || token.flags.has(TokenFlags::QUOTED)
                || written.contains('\\')
                || name == "default",
            "{written} {name}"
        );
    }
    for (_, expr) in hir.exprs() {
        assert!(usize::from(expr.range.end()) <= text.len());
    }
}
