//! Names in documentation comments: parameters, links, and the types of JavaScript.

/// A name in a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DocName {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it names a parameter of the function that the comment is about.
    pub(super) is_parameter: bool,
}

/// The names in `comment`; those in types only if `has_types`, as in JavaScript.
pub(super) fn names(comment: &str, has_types: bool) -> Vec<DocName> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(at) = comment[from..].find('@').map(|at| from + at) {
        let tag = word(comment, at + 1);
        let end = at + 1 + tag.len();
        from = end.max(at + 1);
        match tag {
            "link" | "linkcode" | "linkplain" => {
                let start = skip_blanks(comment, end);
                push(comment, start, false, &mut out);
            }
            "param" | "arg" | "argument" => {
                let mut start = skip_blanks(comment, end);
                if let Some(after) = braces(comment, start) {
                    if has_types {
                        types(comment, start, after, &mut out);
                    }
                    start = skip_blanks(comment, after);
                }
                if comment[start..].starts_with('[') {
                    start += 1;
                }
                push(comment, start, true, &mut out);
            }
            _ if has_types => {
                let mut start = skip_blanks(comment, end);
                if let Some(after) = braces(comment, start) {
                    types(comment, start, after, &mut out);
                    start = skip_blanks(comment, after);
                }
                if matches!(tag, "template" | "typedef" | "callback") {
                    push(comment, start, false, &mut out);
                }
            }
            _ => {}
        }
    }
    out.sort_by_key(|name| name.start);
    out.dedup();
    out
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

fn word(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    &rest[..rest
        .find(|character| !is_name(character))
        .unwrap_or(rest.len())]
}

fn skip_blanks(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start_matches([' ', '\t']).len()
}

fn push(text: &str, start: usize, is_parameter: bool, out: &mut Vec<DocName>) {
    let name = word(text, start);
    let end = start + name.len();
    // `options.foo` is a property of a parameter.
    let is_dotted = is_parameter && text[end..].starts_with('.');
    if !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit()) && !is_dotted {
        out.push(DocName {
            start,
            end,
            is_parameter,
        });
    }
}

/// Where the braces that open at `start` end.
fn braces(text: &str, start: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, character) in text[start..].char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(start + at + 1),
            '}' => depth = depth.checked_sub(1)?,
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// The names of a type, without those of its properties and parameters.
fn types(text: &str, start: usize, end: usize, out: &mut Vec<DocName>) {
    let mut at = start;
    while at < end {
        let name = word(&text[..end], at);
        if name.is_empty() {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let after = at + name.len();
        let is_property = text[..at].ends_with('.')
            || text[after..end]
                .trim_start_matches(['?', ' '])
                .starts_with(':');
        let is_word = matches!(
            name,
            "number"
                | "string"
                | "boolean"
                | "any"
                | "function"
                | "null"
                | "undefined"
                | "void"
                | "unknown"
                | "never"
                | "object"
                | "symbol"
                | "bigint"
                | "this"
                | "typeof"
                | "keyof"
                | "import"
                | "new"
                | "true"
                | "false"
                | "readonly"
                | "extends"
                | "infer"
                | "is"
        );
        let is_quoted = text[..at].ends_with(['\'', '"', '/', '-']);
        if !is_property && !is_word && !is_quoted {
            push(text, at, false, out);
        }
        at = after;
    }
}
