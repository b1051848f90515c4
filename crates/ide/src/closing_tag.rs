//! Closing JSX tags while they are typed.
//!
//! An unclosed tag breaks the tree around it, so the tag is found in the text, and a closing tag is proposed
//! only if the tree with it has fewer errors than the one without.

use symphony_syntax::Parse;
use symphony_text::TextSize;

use crate::walk::Walk;

/// A tag longer than this is not looked for.
const MAX_TAG: usize = 4_000;

/// What to insert at `offset`, just after a typed `>` or `</`; none if no tag is open there.
pub fn closing_tag(parse: &Parse, offset: TextSize) -> Option<String> {
    if !parse.language().has_jsx() {
        return None;
    }
    let at = usize::from(offset);
    let text = parse.text();
    let before = text.get(..at)?;
    let insert = if before.ends_with("</") {
        let name = innermost_open(before.strip_suffix("</")?)?;
        format!("{name}>")
    } else if before.ends_with('>') && !before.ends_with("/>") && !before.ends_with("=>") {
        format!("</{}>", tag_that_ends(before)?)
    } else {
        return None;
    };
    if !parse.root().has_error() {
        return None;
    }
    let with = format!("{before}{insert}{}", &text[at..]);
    let with = Parse::new(with.into(), parse.language());
    (damage(&with) < damage(parse)).then_some(insert)
}

/// How broken a tree is: its errors, and how much text they take.
fn damage(parse: &Parse) -> (usize, usize) {
    if !parse.root().has_error() {
        return (0, 0);
    }
    let mut count = 0;
    let mut bytes = 0;
    for node in Walk::new(parse.root()).entered() {
        if node.is_error() {
            bytes += node.end_byte() - node.start_byte();
        }
        count += usize::from(node.is_error() || node.is_missing());
    }
    (count, bytes)
}

/// The name of the opening tag whose `>` is the last character of `text`; empty for a fragment.
fn tag_that_ends(text: &str) -> Option<&str> {
    let from = text.floor_char_boundary(text.len().saturating_sub(MAX_TAG));
    let mut end = text.len();
    while let Some(start) = text[from..end].rfind('<').map(|at| from + at) {
        if let Some((name, after)) = scan_tag(text, start)
            && after == text.len()
        {
            return Some(name);
        }
        end = start;
    }
    None
}

/// Reads an opening tag at `start`: its name and where it ends. None for a closing tag or one that closes itself.
fn scan_tag(text: &str, start: usize) -> Option<(&str, usize)> {
    let name_start = start + 1;
    let is_name = |character: char| character.is_alphanumeric() || "_$.-:".contains(character);
    let name_end = text[name_start..]
        .find(|character| !is_name(character))
        .map_or(text.len(), |at| name_start + at);
    let name = &text[name_start..name_end];
    let bytes = text.as_bytes();
    let mut at = name_end;
    let mut depth = 0usize;
    if name.is_empty() && bytes.get(at) != Some(&b'>') {
        return None;
    }
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'' | b'`') => {
                at += 1 + bytes[at + 1..].iter().position(|&byte| byte == quote)?;
            }
            b'{' | b'<' if depth > 0 || bytes[at] == b'{' => depth += 1,
            b'}' => depth = depth.checked_sub(1)?,
            b'>' if depth == 0 => return (bytes[at - 1] != b'/').then_some((name, at + 1)),
            b'<' | b';' if depth == 0 => return None,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The name of the tag that is open at the end of `text`.
fn innermost_open(text: &str) -> Option<&str> {
    let mut closed: Vec<&str> = Vec::new();
    let mut end = text.len();
    while let Some(start) = text[..end].rfind('<') {
        let rest = &text[start..];
        if let Some(after) = rest.strip_prefix("</") {
            closed.push(after.split('>').next()?.trim());
        } else if let Some((name, _)) = scan_tag(text, start) {
            match closed.last() {
                Some(&last) if last == name => {
                    closed.pop();
                }
                Some(_) => {}
                None => return Some(name),
            }
        }
        end = start;
    }
    None
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::fixture;

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "the shape of every check")]
    fn check(text: &str, expect: Expect) {
        let (parse, offset) = fixture::tsx(text);
        expect.assert_eq(&closing_tag(&parse, offset).unwrap_or_default());
    }

    #[test]
    fn an_open_tag_is_closed() {
        check("const a = <div>$0", expect!["</div>"]);
        check("const a = <div>$0;\nlet b = 1;\n", expect!["</div>"]);
        check("const a = <a.b c={() => 1} d='>'>$0;", expect!["</a.b>"]);
        check("function f() { return <>$0 }", expect!["</>"]);
        check("const a = <div><div>$0</div>;", expect!["</div>"]);
        check("const a = <ul><li>$0</ul>;", expect!["</li>"]);
    }

    #[test]
    fn a_closed_tag_stays() {
        check("const a = <div>$0</div>;", expect![""]);
        check("const a = <div/>$0;", expect![""]);
        check("const a = () =>$0 1;", expect![""]);
    }

    #[test]
    fn type_arguments_and_comparisons_are_no_tags() {
        check("const a: Array<string>$0 = [];", expect![""]);
        check("f<string>$0(1); let x = (;", expect![""]);
        check("if (a < b && c >$0 d) { let x = ; }", expect![""]);
    }

    #[test]
    fn a_slash_completes_the_innermost_name() {
        check("const a = <div><b>x</b></$0;", expect!["div>"]);
        check("const a = <div><b>x</$0</div>;", expect!["b>"]);
        check("const a = 1 </$0 2;", expect![""]);
    }
}
