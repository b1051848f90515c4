//! Which names the documentation comments of a text mention in a way that counts as a use.
//!
//! Comments are found without a lexer: what looks like one inside a string only makes one name more count as used.

use rustc_hash::FxHashSet;

/// The names that the documentation comments of a text use.
#[derive(Debug, Default)]
pub(crate) struct DocNames<'a> {
    /// Behind `{@link`, `{@linkcode`, `{@linkplain` and `@see`.
    pub(crate) linked: FxHashSet<&'a str>,
    /// In JavaScript, where comments hold types: every word between braces.
    pub(crate) types: FxHashSet<&'a str>,
}

/// Reads the comments of a text.
pub(crate) fn doc_names(text: &str, is_javascript: bool) -> DocNames<'_> {
    let mut names = DocNames::default();
    let mut rest = text;
    while let Some(start) = rest.find("/**") {
        let from = &rest[start + 3..];
        let end = from.find("*/").unwrap_or(from.len());
        let comment = &from[..end];
        if comment.contains('@') {
            collect_links(comment, &mut names.linked);
            if is_javascript {
                collect_types(comment, &mut names.types);
            }
        }
        rest = &from[end..];
    }
    names
}

fn collect_links<'a>(comment: &'a str, names: &mut FxHashSet<&'a str>) {
    for (at, _) in comment.match_indices('@') {
        let tag = &comment[at + 1..];
        let word = word(tag);
        let behind = tag[word.len()..].trim_start_matches([' ', '\t']);
        match word {
            "link" | "linkcode" | "linkplain" | "see" => names.extend(first_name(behind)),
            _ => {}
        }
    }
}

fn collect_types<'a>(comment: &'a str, names: &mut FxHashSet<&'a str>) {
    let mut depth = 0_usize;
    let mut from = 0;
    for (at, it) in comment.char_indices() {
        match it {
            '{' if depth == 0 => (depth, from) = (1, at + 1),
            '{' => depth += 1,
            '}' if depth == 1 => {
                depth = 0;
                let words = comment[from..at].split(|it: char| !is_name_part(it));
                names.extend(words.filter(|it| !it.is_empty()));
            }
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// The first word of `a.b.c` or `a#b`.
fn first_name(text: &str) -> Option<&str> {
    let name = word(text);
    (!name.is_empty()).then_some(name)
}

fn word(text: &str) -> &str {
    let end = text.find(|it: char| !is_name_part(it));
    &text[..end.unwrap_or(text.len())]
}

/// Whether a character may be within a name.
pub(crate) fn is_name_part(it: char) -> bool {
    it == '_' || it == '$' || it.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, is_javascript: bool, linked: &[&str], types: &[&str]) {
        let names = doc_names(text, is_javascript);
        assert_eq!(sorted(&names.linked), linked, "{text}");
        assert_eq!(sorted(&names.types), types, "{text}");
    }

    fn sorted<'a>(names: &FxHashSet<&'a str>) -> Vec<&'a str> {
        let mut names: Vec<&str> = names.iter().copied().collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn links_and_see_mention_names() {
        check(
            "/** {@link A} {@linkcode B.x} {@linkplain $c | d} {@inheritDoc E}\n * @see F\n * @see {@link G} */",
            false,
            &["$c", "A", "B", "F", "G"],
            &[],
        );
        check("// {@link A}\n/* {@link B} */ `C`", false, &[], &[]);
        check("/** @param {A} a @throws {B} */", false, &[], &[]);
        check("/** {@link A", false, &["A"], &[]);
    }

    #[test]
    fn types_count_in_javascript() {
        check("/** @param {A<{ b: B }>} a {c", true, &[], &["A", "B", "b"]);
    }
}
