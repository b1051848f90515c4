//! Members by declared types, in small workspaces.

use expect_test::{Expect, expect};
use symphony_db::SalsaDatabase;
use symphony_hir::{DeclKind, TokenKind};

use crate::{Fixture, Semantics, Target, Targets};

const LIB: &str = "//- /lib/lib.d.ts
interface Object { toString(): string; hasOwnProperty(v: string): boolean }
interface Function { call(): void; apply(): void; name: string }
interface String { length: number; trim(): string; split(by: string): string[] }
interface Number { toFixed(): string } interface Boolean {} interface RegExp { test(s: string): boolean } interface Symbol {}
interface Iterable<T> {}
interface ArrayLike<T> { length: number }
interface Array<T> { length: number; map<U>(f: (value: T, index: number) => U): U[]; filter(f: (value: T) => boolean): T[];
  find(f: (value: T) => boolean): T | undefined; reduce<U>(f: (sum: U, value: T) => U, start: U): U; [n: number]: T }
interface ReadonlyArray<T> { length: number; map<U>(f: (value: T) => U): U[] }
interface ArrayConstructor { from<T>(of: Iterable<T> | ArrayLike<T>): T[]; new <T>(...items: T[]): T[] }
declare var Array: ArrayConstructor;
interface PromiseLike<T> { then<U>(f: (value: T) => U | PromiseLike<U>): PromiseLike<U> }
interface Promise<T> { then<U>(f: (value: T) => U | PromiseLike<U>): Promise<U> }
interface PromiseConstructor { new <T>(f: (resolve: (value: T) => void) => void): Promise<T>; all<T>(of: Iterable<T>): Promise<T[]> }
declare var Promise: PromiseConstructor;
interface Map<K, V> { get(key: K): V | undefined; set(key: K, value: V): this; size: number }
interface MapConstructor { new <K, V>(): Map<K, V> } declare var Map: MapConstructor;
type Partial<T> = { [P in keyof T]?: T[P] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Exclude<T, U> = T extends U ? never : T;
type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>;
type Record<K extends keyof any, T> = { [P in K]: T };
type ReturnType<T extends (...args: any) => any> = T extends (...args: any) => infer R ? R : any;
type Parameters<T extends (...args: any) => any> = T extends (...args: infer P) => any ? P : never;
interface Console { log(text: string): void } declare var console: Console;
";

/// What the member at each cursor is, as `name: Kind@line:column`.
#[track_caller]
fn check(text: &str, expect: Expect) {
    let fixture = Fixture::new(&format!("{LIB}//- /main.tsx\n{text}"));
    let mut shown = String::new();
    for &(file, offset) in &fixture.cursors {
        fixture.db.attach(|_| {
            let semantics = Semantics::new(&fixture.db);
            let hir = semantics.hir(file);
            let token = hir.tokens_at(offset).next();
            let Some(token) = token else {
                shown.push_str("nothing\n");
                return;
            };
            let name = hir.name(hir.token(token).name);
            let found = match hir.token(token).kind {
                TokenKind::Decl(decl) => match semantics.object_of_key(file, &hir, decl) {
                    Some(object) => semantics.object_member(file, &hir, object, name),
                    None => Targets::new(),
                },
                _ => semantics.follow_all(semantics.token(file, &hir, token)),
            };
            let places: Vec<String> = found
                .iter()
                .map(|&it| show(&fixture, &semantics, it))
                .collect();
            shown.push_str(&format!("{name}: {}\n", places.join(", ")));
        });
    }
    expect.assert_eq(&shown);
}

fn show(fixture: &Fixture, semantics: &Semantics<'_>, target: Target) -> String {
    let Target::Symbol(def) = target else {
        return format!("{target:?}");
    };
    let hir = semantics.hir(def.file);
    let text = fixture.text(def.file);
    let path = fixture.path(def.file);
    let decls = hir.symbol(def.symbol).decls.iter().map(|&decl| {
        let decl = hir.decl(decl);
        let from = usize::from(decl.name_range.start());
        let line = text[..from].matches('\n').count() + 1;
        let owner = decl.parent.map(|it| hir.name(hir.decl(it).name).as_str());
        let kind: DeclKind = decl.kind;
        format!("{kind:?} {}:{line}", owner.unwrap_or("-"))
    });
    let file = if path.starts_with("/lib") { "lib " } else { "" };
    format!("{file}{}", decls.collect::<Vec<_>>().join("+"))
}

#[test]
fn this_and_its_bases() {
    check(
        "interface I<T> { i: T }
class A<T> implements I<T> { i!: T; list: T[] = []; static s = new A<string>();
  own() { return this.i$0; } get got() { return this; } }
class B extends A<B> {
  #p = 1; constructor(private q: Date2) { super(); this.q$0.when$0; this.#p$0; }
  run = () => { this.own$0().i$0.got$0.list$0[0].run$0; super.own$0; B.s$0.i$0.trim$0(); };
  static { this.s$0; }
}
class Date2 { when = 1 }
",
        expect![[r#"
            i: Property A:2
            q: Property B:5
            when: Property Date2:9
            #p: Property B:5
            own: Method A:3
            i: Property A:2
            got: Accessor A:3
            list: Property A:2
            run: Property B:6
            own: Method A:3
            s: Property A:2
            i: Property A:2
            trim: lib Method String:3
            s: Property A:2
        "#]],
    );
}

#[test]
fn annotations_and_calls() {
    check(
        "type U = { a: { b: string } } | null; interface X { u: U; f(n: number): Y } interface Y extends X { y: Y[] }
declare const x: X; function g(p: Y, ...rest: X[]) { p.y$0[0].u$0!.a$0.b$0.trim$0; rest[0].f$0; }
async function h() { return x; } async function k() { const { u: { a$0 } } = await h(); (await h()).f$0(1).y$0.map$0(v => v.y$0); }
for (const one of x.f(1).y) one.f$0; const z = x.f(1) as unknown as X; z.u$0; const [first] = x.f(1).y; first.y$0;
const o = { m: x, n() { return this.m$0.u$0; } }; o.m$0.u$0; o.n().a$0; ({ ...o }).m$0;
",
        expect![[r#"
            y: Property Y:1
            u: Property X:1
            a: Property U:1
            b: Property a:1
            trim: lib Method String:3
            f: Method X:1
            a: Property U:1
            f: Method X:1
            y: Property Y:1
            map: lib Method Array:7
            y: Property Y:1
            f: Method X:1
            u: Property X:1
            y: Property Y:1
            m: Property o:5
            u: Property X:1
            m: Property o:5
            u: Property X:1
            a: Property U:1
            m: Property o:5
        "#]],
    );
}

#[test]
fn type_arguments_are_inferred() {
    check(
        "interface Box<T> { value: T } declare function box<T>(value: T): Box<T>; declare function unbox<T>(of: Box<T>): T;
declare function pair<A, B>(a: A, f: (a: A) => B): [A, B]; interface P { x: P; name: string }
declare const p: P; declare const ps: P[]; declare const map: Map<string, P>;
box(p).value$0.x$0; unbox(box(p)).x$0; pair(p, a => a.x$0)[1].name$0.trim$0();
ps.map(one => one.name$0)[0].trim$0; ps.reduce((sum, one) => one.x$0 && sum, p).name$0; map.get('a')?.x$0;
new Promise<P>(resolve => resolve(p)).then(v => v.x$0); Promise.all([p]).then(all => all[0].x$0); Array.from(ps).map(q => q.x$0);
const made = new Map<string, P>(); made.set('a', p).get('b')!.name$0; made.hasOwnProperty$0; box.call$0;
",
        expect![[r#"
            value: Property Box:1
            x: Property P:2
            x: Property P:2
            x: Property P:2
            name: Property P:2
            trim: lib Method String:3
            name: Property P:2
            trim: lib Method String:3
            x: Property P:2
            name: Property P:2
            x: Property P:2
            x: Property P:2
            x: Property P:2
            x: Property P:2
            name: Property P:2
            hasOwnProperty: lib Method Object:1
            call: lib Method Function:2
        "#]],
    );
}

#[test]
fn types_that_are_computed() {
    check(
        "interface A { a: { deep: string }; b?: number; f(x: string): A }
declare const part: Partial<A>; part.a$0; part.a!.deep$0; declare const some: Pick<A, 'a'>; some.a$0; some.b$0;
declare const rest: Omit<A, 'a'>; rest.b$0; rest.a$0; let r: ReturnType<A['f']>; r!.a$0; declare const args: Parameters<A['f']>; args[0].trim$0;
declare const record: Record<'one', A>; record.one.a$0; type Get<T> = T extends Array<infer U> ? U : never; declare const got: Get<A[]>; got.a$0;
function g<T extends A>(t: T) { t.a$0.deep$0; } let key: A['a$0']; const q: typeof part = null!; q.b$0;
type List<T> = { head: T, tail: List<T> } | null; declare const list: List<A>; list!.tail!.head.a$0; type Loop = Loop; let loop: Loop; loop!.x$0;
interface C1 extends C2 { c1: 1 } interface C2 extends C1 { c2: 2 } declare const c: C1; c.c2$0; c.none$0;
",
        expect![[r#"
            a: Property A:1
            deep: Property a:1
            a: Property A:1
            b: 
            b: Property A:1
            a: 
            a: Property A:1
            trim: lib Method String:3
            a: Property A:1
            a: Property A:1
            a: Property A:1
            deep: Property a:1
            a: Property A:1
            b: Property A:1
            a: Property A:1
            x: 
            c2: Property C2:7
            none: 
        "#]],
    );
}

#[test]
fn keys_of_literals_and_patterns() {
    check(
        "interface O { kind: 'o'; inner: { x: number }; cb(v: O): void } interface Q { kind: 'q'; inner: string }
declare function f(o: O | Q): void; const o: O = { kind: 'o', inner$0: { x$0: 1 }, cb(v) { v.inner$0; this.kind$0; } };
f({ kind: 'q', inner$0: '' }); const list: O[] = [{ kind$0: 'o' }]; function g(): O { return { inner$0: { x: 1 } } as const; }
const { inner: { x$0 }, kind$0: renamed } = o; function h({ kind$0 }: Q) {} const free = { own$0: 1 }; free.own$0;
enum E { A, B } interface EA { e: E.A; v: 1 } interface EB { e: E.B; v: 2 } const e: EA | EB = { e: E.B, v$0: 2 };
",
        expect![[r#"
            inner: Property O:1
            x: Property inner:1
            inner: Property O:1
            kind: Property O:1
            inner: Property Q:1
            kind: Property O:1
            inner: Property O:1
            x: Property inner:1
            kind: Property O:1
            kind: Property Q:1
            own: 
            own: Property free:4
            v: Property EB:5
        "#]],
    );
}

#[test]
fn broken_code_has_no_members() {
    check(
        "const a = b; const b = a; a.x$0; function f() { return f() } f().x$0; class A extends A { } new A().x$0; class B extends (B as any) {}
new B().y$0; const o = { o }; o.o$0.o$0; undefined.x$0; null!.y$0; (x => x.z$0)(1); let n: N.M; n.x$0; ({}).toString$0; const { p$0 } = p;
",
        expect![[r#"
            x: 
            x: 
            x: 
            y: 
            o: Property o:2
            o: Property o:2
            x: 
            y: 
            z: 
            x: 
            toString: lib Method Object:1
            p: 
        "#]],
    );
}

#[test]
fn conditions_narrow() {
    check(
        "class Cat { purr = 1; kind = 'cat' as const } class Dog { bark = 1; kind = 'dog' as const; purr = 2 }
declare function isCat(it: unknown): it is Cat; declare const any: any;
function f(it: Cat | Dog, u: unknown) {
  it.purr$0;
  if (it instanceof Cat) { it.purr$0; } else { it.purr$0; }
  if (u instanceof Dog && u.bark$0) { u.bark$0; }
  isCat(it) ? it.purr$0 : it.purr$0;
  if (isCat(any)) any.purr$0;
  if (it.kind === 'dog') { it.purr$0; }
  switch (it.kind) { case 'cat': it.purr$0; break; case 'dog': it.purr$0; }
  if (!(it instanceof Dog)) return it.purr$0;
  it.purr$0;
}
",
        expect![[r#"
            purr: Property Cat:1, Property Dog:1
            purr: Property Cat:1
            purr: Property Dog:1
            bark: Property Dog:1
            bark: Property Dog:1
            purr: Property Cat:1
            purr: Property Dog:1
            purr: Property Cat:1
            purr: Property Dog:1
            purr: Property Cat:1
            purr: Property Dog:1
            purr: Property Cat:1
            purr: Property Dog:1
        "#]],
    );
}

#[test]
fn what_is_assigned_is_no_longer_narrowed() {
    check(
        "class Cat { purr = 1 } class Dog { purr = 2 } declare function next(): Cat | Dog;
let it = next();
while (it instanceof Cat) { it.purr$0; it = next(); it.purr$0; }
function f(s: string | { purr: 1 } | (() => void)) {
  if (typeof s === 'string') { s.trim$0; } else if (typeof s !== 'function') { s.purr$0; }
  if (typeof s === 'object' || typeof s === 'string') return;
  s.call$0;
}
",
        expect![[r#"
            purr: Property Cat:1
            purr: Property Cat:1, Property Dog:1
            trim: lib Method String:3
            purr: Property f:4
            call: lib Method Function:2
        "#]],
    );
}
