//! A file in pieces is what it is in one.

use std::fmt::{Debug, Write as _};
use std::sync::Arc;

use proptest::prelude::*;
use symphony_syntax::{Language, Parse, syntax_errors};

use super::Pieces;
use crate::{DeclId, Hir, SymbolId, TokenKind, lower};

/// Statements, each of which may follow any other; with a number put in for `%`.
const STATEMENTS: &[&str] = &[
    "import { a% as b%, type C% } from './a%'\n",
    "import d% from 'd'\n",
    "import * as e% from \"e\";\n",
    "export * from './f%'\n",
    "export * as g% from './g'\n",
    "export { h%, shared as i% }\n",
    "export const h%: <A>(x: A) => A = (x) => x\n",
    "export const j% = (self: K, x?: number) => { if (!x) { throw self } return x.toFixed() + b0 }\n",
    "const shared% = { h0, k: [1, 'two', `three ${h0}`], ...g0 } as const\n",
    "let l%, [m%, { n%: o% = 1 }] = f(l%)\n",
    "export function p%(this: Q%, x: string): asserts x is 'y'\nexport function p%(x: unknown) { return q%(x) as never }\n",
    "export function shared() {}\n",
    "export interface shared { r%: string; (x: number): shared; new (): shared; [k: string]: unknown }\n",
    "export interface S%<in out A extends T% = T%> extends U<A> { readonly s: A['b'] }\n",
    "export type T% = { [K in keyof S0 as `x${K}`]?: S0[K] extends infer V ? V : import('./t').X }\n",
    "export declare namespace K { export const k%: typeof h0; namespace V% {} }\n",
    "declare module 'w%' { export default function x(): void }\n",
    "declare global { interface Window { y%: K } }\n",
    "export enum Z% { A = 1, B = A << 1, 'c' }\n",
    "const enum shared0 { D% = Z0.A }\n",
    "@f export class A%<T> extends B<T> implements C { #p = 1; static q = A%.q; constructor(private r: T) { super(r); this.#p++ } get s() { return this.r } }\n",
    "export abstract class B%<T> { abstract m(): T; [k: string]: any }\n",
    "for (const x of h0) { label: while (x) { break label } }\n",
    "try { f() } catch ({ message }) { g(message) } finally {}\n",
    "switch (h0) { case 1: let x = 2; break; default: f(x) }\n",
    "p0.extra% = (a) => p0.extra0\n",
    "shared(h0)?.[0]!.x<string>(async function* inner() { yield* await inner })\n",
    "h0++, f`x${h0}`;\n",
    "type X%<A> = A extends string ? X%<A> : never;\n\n",
    "var shared1 = 1;\n",
    "    export let indented% = /['\"/*]/g.test(h0) satisfies boolean\n",
    "// a comment's apostrophe\nexport const commented% = 1 // and one behind\n",
    "/* two\nlines */ export const comment% = '// none'\n",
    "\r\nexport const crlf% = `a\r\n${'é'}😀`\r\n",
];

/// What ends or holds on, so that pieces do not stand alone.
const AWKWARD: &[&str] = &[
    "if (h0) throw 1\n",
    "'use strict'\n",
    "(h0)\n",
    "[h0].x\n",
    "`x`\n",
    "/// <reference path=\"x\" />\n",
    "#!/bin/sh\n",
    "export\n",
    "declare\n",
    "async\n",
    "export default\n",
    "else {}\n",
    "/*",
    "*/",
    "`",
    "'",
    "{",
    "}",
    "(",
    ")",
    "?",
    " as ",
    "=>",
    "type\n",
    "@x\n",
    "x = y /",
];

const DOCUMENTED: &[&str] = &[
    "/** {@link h0.x} and {@link doc%} */\nexport const doc% = 1\n",
    "/**\n * @param x of {@link K}\n * @see h0\n */\nexport function documented%(x: K) { /** {@link x} */ return x }\n",
    "/** One. */\n\n/** Two {@link h0}. */\nexport class Documented% { /** {@link Documented0} */ m() {} }\n",
];

/// A file of `n` statements.
fn file(statements: &[&str], n: usize) -> String {
    let numbered = |at: usize| {
        // Each sort of statement comes at many places, with few numbers.
        let statement = statements[at * 7 % statements.len()];
        statement.replace('%', &(at % 5).to_string())
    };
    (0..n).map(numbered).collect()
}

/// Everything of a lowering, with the maps in order.
fn exact(hir: &Hir) -> String {
    fn sorted<K: Debug, V: Debug>(map: &rustc_hash::FxHashMap<K, V>) -> Vec<String> {
        let mut all: Vec<String> = map.iter().map(|it| format!("{it:?}")).collect();
        all.sort();
        all
    }
    let mut text = String::new();
    let plain = Hir {
        by_name: Default::default(),
        contexts: Default::default(),
        exports: Default::default(),
        expandos: Default::default(),
        guards: Default::default(),
        ..hir.clone()
    };
    write!(text, "{plain:#?}").unwrap();
    for map in [
        sorted(&hir.by_name),
        sorted(&hir.contexts),
        sorted(&hir.exports),
        sorted(&hir.expandos),
        sorted(&hir.guards),
    ] {
        write!(text, "{map:#?}").unwrap();
    }
    text
}

/// The names of a lowering, with what they stand for.
fn names(hir: &Hir) -> String {
    let decl = |id: DeclId| (hir.decl(id).name_range, hir.decl(id).kind);
    let symbol = |id: SymbolId| {
        let decls = hir.symbol(id).decls.iter();
        decls.map(|&it| decl(it)).collect::<Vec<_>>()
    };
    let mut text = String::new();
    for token in hir.tokens() {
        let stands_for = match token.kind {
            TokenKind::Decl(id) => format!("{:?}", decl(id)),
            TokenKind::Use {
                scope, symbol: to, ..
            }
            | TokenKind::ParameterName { scope, symbol: to } => {
                format!("{:?} {:?}", hir.scope(scope).range, to.map(symbol))
            }
            TokenKind::Member { object, .. } => format!("{:?}", hir.expr(object).range),
            _ => String::new(),
        };
        let name = hir.name(token.name);
        writeln!(
            text,
            "{:?} {name} {:?} {stands_for}",
            token.range, token.flags
        )
        .unwrap();
    }
    text
}

fn pieces(text: &str, language: Language) -> Option<Pieces> {
    let text: Arc<str> = text.into();
    let tolerant = || Parse::new(Arc::clone(&text), language);
    Pieces::lower(&text, language, None, tolerant).1
}

/// `text` with `n` bytes, or somewhat more, replaced by `new`.
fn edited(text: &str, at: usize, n: usize, new: &str) -> String {
    let boundary = |at: usize| (at..).find(|&it| text.is_char_boundary(it)).unwrap();
    let at = boundary(at.min(text.len()));
    let end = boundary((at + n).min(text.len()));
    [&text[..at], new, &text[end..]].concat()
}

#[test]
fn statements_are_right() {
    for statement in [STATEMENTS, DOCUMENTED].concat() {
        let text = statement.replace('%', "1");
        assert_eq!(syntax_errors(&text, Language::TypeScript), [], "{text}");
    }
}

#[test]
fn an_edit_leaves_the_other_pieces() {
    let text = file(STATEMENTS, 400);
    let known = pieces(&text, Language::TypeScript).unwrap();
    assert!(known.all.len() > 8, "{}", known.all.len());
    let at = text[text.len() / 2..].find("x.toFixed()").unwrap() + text.len() / 2;
    let next: Arc<str> = edited(&text, at, 1, "self").into();
    let (hir, after) = known.edited(&next, Language::TypeScript).unwrap();
    assert_eq!(exact(&hir), exact(&lower(&next, Language::TypeScript)));
    let is_same = |it: &super::Piece| known.all.iter().any(|old| Arc::ptr_eq(&old.part, &it.part));
    let new = after.all.iter().filter(|it| !is_same(it)).count();
    assert_eq!((after.all.len(), new), (known.all.len(), 1));
    // The same text again, from the pieces.
    let (again, _) = after.edited(&next, Language::TypeScript).unwrap();
    assert_eq!(exact(&again), exact(&hir));
}

#[test]
fn comments_belong_to_what_is_behind_them() {
    let all = [STATEMENTS, DOCUMENTED].concat();
    let text = file(&all, 400);
    for language in [Language::TypeScript, Language::Declarations] {
        let Some(known) = pieces(&text, language) else {
            assert!(!syntax_errors(&text, language).is_empty());
            continue;
        };
        let at = text[text.len() / 2..].find("\n/**").unwrap() + text.len() / 2;
        for new in ["\n", "\n/** {@link h0} */\n", "\nconst z = 1", " // z"] {
            let next: Arc<str> = edited(&text, at, 1, new).into();
            if let Some((hir, _)) = known.edited(&next, language) {
                assert_eq!(names(&hir), names(&lower(&next, language)), "{new}");
            }
        }
    }
}

#[test]
fn small_broken_and_javascript_files_have_no_pieces() {
    assert_eq!(pieces("", Language::TypeScript).unwrap().all.len(), 1);
    let text = file(STATEMENTS, 200);
    assert!(pieces(&text, Language::JavaScript).is_none());
    assert!(pieces(&format!("{text}("), Language::TypeScript).is_none());
    let known = pieces(&text, Language::TypeScript).unwrap();
    assert!(known.variant("").is_none());
    assert!(known.variant(&text.repeat(3)).is_none());
    let doubled = edited(&text, text.len() / 2, 0, ")");
    assert!(known.variant(&doubled).is_none());
}

/// Where, whether from the beginning of that line on, how many bytes, and by what they are replaced.
type Edit = (usize, bool, usize, String);

fn edit() -> impl Strategy<Value = Edit> {
    let statement = prop::sample::select([STATEMENTS, AWKWARD].concat());
    let anything = prop_oneof![
        3 => statement.prop_map(|it| it.replace('%', "7")),
        1 => "[a-z0-9 \\n.;(){}'\"`/*<>=é]{0,4}",
    ];
    let length = prop_oneof![4 => Just(0), 1 => 0..8_usize, 1 => 0..4000_usize];
    (0..40_000_usize, any::<bool>(), length, anything)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_text_in_pieces_has_the_lowering_of_the_text(edits in prop::collection::vec(edit(), 1..12)) {
        let language = Language::TypeScript;
        let mut text = file(STATEMENTS, 300);
        let mut known = pieces(&text, language);
        for (at, in_line, n, new) in edits {
            let at = at % (text.len() + 1);
            let line = text.as_bytes()[..at].iter().rposition(|&it| it == b'\n');
            let at = if in_line { at } else { line.map_or(0, |it| it + 1) };
            let next: Arc<str> = edited(&text, at, n, &new).into();
            let whole = syntax_errors(&next, language).is_empty();
            let by_pieces = known.as_ref().and_then(|it| it.edited(&next, language));
            if let Some((hir, _)) = &by_pieces {
                prop_assert!(whole, "{}", next);
                prop_assert!(exact(hir) == exact(&lower(&next, language)), "{}", next);
            }
            // Broken texts would only become more broken.
            if whole {
                let tolerant = || Parse::new(Arc::clone(&next), language);
                known = Pieces::lower(&next, language, known.as_ref(), tolerant).1;
                text = next.to_string();
            }
        }
    }
}
