//! Names that nothing declares, as hints: never one that something might declare after all.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use symphony_db::{Db, SourceFile, source_text};
use symphony_hir::{
    ExprKind, Hir, Meaning, ModuleRefKind, TokenFlags, TokenId, TokenKind, UnaryOp,
};
use symphony_semantic::{Globals, globals, project_of, resolve_module};
use symphony_text::{TextRange, TextSize};

use crate::auto_import::Sources;
use crate::symbol_query::symbol_mask;

/// A name that nothing declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnresolvedName {
    /// Where it is.
    pub range: TextRange,
    /// The name.
    pub name: SmolStr,
    /// What it would have to stand for.
    pub meaning: Meaning,
}

/// Names that are there without any declaration.
const BUILT_IN: &[&str] = &[
    "arguments",
    "undefined",
    "globalThis",
    "this",
    "super",
    "const",
    "NaN",
    "Infinity",
];

/// Names that some environment of JavaScript has, whatever its libraries say.
const ENVIRONMENT: &[&str] = &[
    "module",
    "exports",
    "require",
    "__dirname",
    "__filename",
    "define",
    "process",
    "Buffer",
    "global",
    "console",
    "window",
    "document",
    "self",
];

/// The names in a file that nothing declares: neither the file, nor an import, nor anything global. Where the libraries of
/// the language are not known, only names that another file of the workspace exports.
pub fn unresolved_names(db: &dyn Db, file: SourceFile) -> Vec<UnresolvedName> {
    let hir = symphony_db::hir(db, file);
    if hir.is_declarations {
        return Vec::new();
    }
    let globals = globals(db, project_of(db, file));
    let mut found: Vec<UnresolvedName> = hir
        .tokens()
        .iter()
        .enumerate()
        .filter_map(|(at, _)| unresolved(&hir, &globals, TokenId(at as u32)))
        .collect();
    if !found.is_empty() && globals.files("Array").is_empty() {
        let exported = exported_by_any(db, file, &hir, &found);
        found.retain(|it| exported.contains(&it.name));
    }
    found
}

/// The relative specifiers of a file's imports that lead nowhere, and so certainly to nothing that is installed later. Not
/// those behind a comment that says so much: what they lead to may be made by a tool.
pub fn unresolved_modules(db: &dyn Db, file: SourceFile) -> Vec<(TextRange, SmolStr)> {
    let hir = symphony_db::hir(db, file);
    if hir.is_declarations {
        return Vec::new();
    }
    let asked = hir.modules().filter(|(_, it)| {
        let asks = matches!(it.kind, ModuleRefKind::Import | ModuleRefKind::Export);
        asks && may_be_source(hir.name(it.specifier))
    });
    let mut found: Vec<(TextRange, SmolStr)> = asked
        .map(|(_, it)| (it.range, hir.name(it.specifier).clone()))
        .filter(|(_, name)| resolve_module(db, file, name.clone()).is_none())
        .collect();
    if !found.is_empty() {
        let text = source_text(db, file);
        found.retain(|it| !is_ignored(&text, it.0.start()));
    }
    found
}

/// Whether a specifier is a path to what may be a source: of anything else we know no names, nor what a bundler makes of it.
fn may_be_source(specifier: &str) -> bool {
    let is_relative = specifier.starts_with("./") || specifier.starts_with("../");
    let last = specifier
        .rsplit('/')
        .next()
        .and_then(|it| it.split_once('.'));
    let endings = ["js", "ts", "jsx", "tsx", "mjs", "cjs", "mts", "cts"];
    is_relative
        && !specifier.contains(['?', '!', '#'])
        && last.is_none_or(|(_, ending)| endings.contains(&ending))
}

/// Whether a comment silences TypeScript at a place: for the line below it, or for the whole file.
fn is_ignored(text: &str, at: TextSize) -> bool {
    let before = &text[..at.into()];
    let above = before.rsplit('\n').nth(1).unwrap_or_default();
    text.contains("@ts-nocheck")
        || ["@ts-ignore", "@ts-expect-error"]
            .iter()
            .any(|it| above.contains(it))
}

fn unresolved(hir: &Hir, globals: &Globals, id: TokenId) -> Option<UnresolvedName> {
    let token = hir.token(id);
    let TokenKind::Use {
        meaning,
        symbol: None,
        ..
    } = token.kind
    else {
        return None;
    };
    let name = hir.name(token.name);
    let in_comment = token.flags.has(TokenFlags::DOC);
    let written = !in_comment || hir.is_javascript;
    let known = !globals.files(name).is_empty()
        || BUILT_IN.contains(&&**name)
        || (hir.is_javascript && ENVIRONMENT.contains(&&**name))
        || name.is_empty()
        || is_asked_for(hir, id);
    (written && !known).then(|| UnresolvedName {
        range: token.range,
        name: name.clone(),
        meaning,
    })
}

/// `typeof name` asks whether there is such a name.
fn is_asked_for(hir: &Hir, token: TokenId) -> bool {
    hir.exprs().any(|(_, it)| match it.kind {
        ExprKind::Unary(UnaryOp::TypeOf, inner) => {
            matches!(hir.expr(inner).kind, ExprKind::Name(name) if name == token)
        }
        _ => false,
    })
}

/// Which of the names some module that could be imported exports.
fn exported_by_any(
    db: &dyn Db,
    file: SourceFile,
    hir: &Hir,
    names: &[UnresolvedName],
) -> FxHashSet<SmolStr> {
    let wanted: FxHashSet<&str> = names.iter().map(|it| it.name.as_str()).collect();
    let masks: FxHashSet<u64> = wanted.iter().map(|name| symbol_mask(name)).collect();
    let mut exported = FxHashSet::default();
    Sources::new(db, file, hir).each(
        |mask| masks.contains(&mask),
        |name| wanted.contains(name),
        |it| _ = exported.insert(it.name),
    );
    exported
}

#[cfg(test)]
mod tests {
    use symphony_db::SalsaDatabase;
    use symphony_semantic::Fixture;

    use super::*;

    #[track_caller]
    fn check(text: &str, names: &[&str]) {
        let lib = "//- /lib/lib.d.ts\ndeclare var Array: any; interface Array {} declare var console: any\n";
        let fixture = Fixture::new(&format!("{lib}//- /a.ts\n{text}"));
        let file = fixture.file("/a.ts");
        let found = fixture.db.attach(|_| unresolved_names(&fixture.db, file));
        let found: Vec<&str> = found.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(found, names, "{text}");
    }

    #[test]
    fn only_what_nothing_declares() {
        check("foo(); let x: Foo; new Bar()", &["foo", "Foo", "Bar"]);
        check("console; [] as Array; undefined; globalThis; NaN", &[]);
        check("function f() { arguments; this }", &[]);
        check("typeof maybe === 'undefined'", &[]);
        check("a: for (;;) break a", &[]);
        check("import { y } from './nowhere'; y; let z: y.T", &[]);
        check("const as: const = 1 as const", &[]);
        check("/** {@link Foo} @param {Bar} x */ function f(x) {}", &[]);
    }

    #[test]
    fn without_libraries_only_what_another_file_exports() {
        let fixture =
            Fixture::new("//- /a.ts\nexport const foo = 1\n//- /b.ts\nfoo; bar; console\n");
        let file = fixture.file("/b.ts");
        let found = fixture.db.attach(|_| unresolved_names(&fixture.db, file));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "foo");
    }

    #[track_caller]
    fn check_modules(text: &str, modules: &[&str]) {
        let fixture = Fixture::new(&format!("//- /a.ts\nexport {{}}\n//- /b.ts\n{text}"));
        let file = fixture.file("/b.ts");
        let found = fixture.db.attach(|_| unresolved_modules(&fixture.db, file));
        let found: Vec<&str> = found.iter().map(|it| it.1.as_str()).collect();
        assert_eq!(found, modules, "{text}");
    }

    #[test]
    fn specifiers_that_lead_nowhere() {
        check_modules(
            "import b from './no'; export * from '../gone.js'",
            &["./no", "../gone.js"],
        );
        check_modules("import a from './a'; import './side'", &[]);
        check_modules("import c from 'pkg'; import d from './d.css'", &[]);
        check_modules("import e from './e?raw'; import f from './f.svg?url'", &[]);
    }

    #[test]
    fn what_a_comment_silences_is_no_news() {
        check_modules("// @ts-ignore: made by a tool\nimport a from './no'", &[]);
        check_modules(
            "// @ts-expect-error\nimport {\n  a } from './no'",
            &["./no"],
        );
        check_modules("// @ts-nocheck\n\nimport a from './no'", &[]);
    }
}
