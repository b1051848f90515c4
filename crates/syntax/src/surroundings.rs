//! What a place in a text is inside of, found without a tree: most texts are asked about right after a key, when there is
//! none yet.

use symphony_text::TextSize;

use crate::Language;
use crate::nesting::{Inside, inside_at_end};

/// What a place is inside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surroundings {
    /// None of the others.
    Code,
    /// A string, or the text of a template.
    String,
    /// A comment.
    Comment,
    /// An import, or an export from elsewhere or of names.
    Import,
}

/// How many lines an import has at most. It is looked for from its end on.
const MOST_LINES: usize = 200;
/// What stands behind `export` where something is declared.
const DECLARED: [&str; 13] = [
    "const",
    "let",
    "var",
    "function",
    "class",
    "interface",
    "default",
    "async",
    "abstract",
    "enum",
    "declare",
    "namespace",
    "module",
];

/// What the place at `offset` is inside of. What comes behind it does not count, but for an import: there its strings are
/// part of it.
pub fn surroundings(text: &str, offset: TextSize, language: Language) -> Surroundings {
    let before = text.get(..offset.into()).unwrap_or(text);
    match inside_at_end(before.as_bytes(), language) {
        Inside::Comment => Surroundings::Comment,
        _ if is_import(before) => Surroundings::Import,
        Inside::String => Surroundings::String,
        Inside::Code => Surroundings::Code,
    }
}

/// Whether a text ends in an import, by its lines.
fn is_import(before: &str) -> bool {
    for (number, line) in before.rsplit('\n').enumerate().take(MOST_LINES) {
        let ends_something = line.contains([';', '}', '(', ')', '=', '"', '\'']);
        if number > 0 && ends_something {
            return false;
        }
        if begins_import(line.trim_start()) {
            return true;
        }
    }
    false
}

fn begins_import(line: &str) -> bool {
    let word = |line: &str, word: &str| {
        let rest = line.strip_prefix(word)?;
        let ends = !rest
            .starts_with(|it: char| it.is_alphanumeric() || matches!(it, '_' | '$' | '(' | '.'));
        ends.then(|| rest.trim_start().to_owned())
    };
    if word(line, "import").is_some() {
        return true;
    }
    let Some(rest) = word(line, "export") else {
        return false;
    };
    let is_alias =
        word(&rest, "type").is_some_and(|it| !it.starts_with(['{', '*']) && !it.is_empty());
    !is_alias && !DECLARED.iter().any(|it| word(&rest, it).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the place marked with `|` is inside of.
    fn at(marked: &str) -> Surroundings {
        let offset = marked.find('|').unwrap();
        let text = marked.replace('|', "");
        surroundings(&text, TextSize::from(offset as u32), Language::TypeScript)
    }

    #[test]
    fn strings_and_comments_end_where_they_end() {
        use Surroundings::{Code, Comment, String};
        assert_eq!(at("const a = |1"), Code);
        assert_eq!(at("const a = 'b|c'"), String);
        assert_eq!(at("const a = 'bc'|"), Code);
        assert_eq!(at("const a = 'b\\'|c'"), String);
        assert_eq!(at("a = 'it\n|"), Code);
        assert_eq!(at("const a = `b${c|}`"), Code);
        assert_eq!(at("const a = `b${c}|`"), String);
        assert_eq!(at("const a = `b\n|`"), String);
        assert_eq!(at("// it's |"), Comment);
        assert_eq!(at("// it's\n|"), Code);
        assert_eq!(at("/* it's\n|*/"), Comment);
        assert_eq!(at("/* it's */|"), Code);
        assert_eq!(at("/** é\u{1f600} |"), Comment);
        assert_eq!(at("const a = /['\"]/; |"), Code);
        assert_eq!(at("|"), Code);
    }

    #[test]
    fn an_import_is_one_up_to_its_end() {
        use Surroundings::{Code, Import, String};
        assert_eq!(at("import { a| } from 'b'"), Import);
        assert_eq!(at("import a from 'b|'"), Import);
        assert_eq!(at("import {\n  a,\n  b|\n} from 'b'"), Import);
        assert_eq!(at("import {\n  a,\n} from 'b';\nf(|)"), Code);
        assert_eq!(at("import a from 'b'\n|"), Code);
        assert_eq!(at("export { a| }"), Import);
        assert_eq!(at("export * from '|'"), Import);
        assert_eq!(at("export type { A| } from 'b'"), Import);
        assert_eq!(at("export type A = 'b|'"), String);
        assert_eq!(at("export const a = |"), Code);
        assert_eq!(at("const a = import('b|')"), String);
        assert_eq!(at("importance|"), Code);
        assert_eq!(at("import.meta.|"), Code);
    }
}
