//! Documentation comments as text: their tags, types in braces and links.

use std::ops::Range;

/// A `/** */` comment and what it is about.
#[derive(Clone, Debug)]
pub(super) struct Doc {
    pub(super) range: Range<usize>,
    /// Where what it is about begins.
    pub(super) about: usize,
}

/// `@name {type} rest`.
#[derive(Clone, Debug)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    /// The place between the braces, if it has some.
    pub(super) ty: Option<Range<usize>>,
    /// What follows, up to the next tag.
    pub(super) rest: Range<usize>,
}

/// The tags of the comment at `comment`.
pub(super) fn tags<'a>(text: &'a str, comment: &Range<usize>) -> Vec<Tag<'a>> {
    let end = comment.end.saturating_sub(2).max(comment.start + 3);
    let mut starts = Vec::new();
    let mut at = comment.start + 3;
    let mut braces = 0_u32;
    let mut at_start = true;
    for (place, byte) in text[at..end].bytes().enumerate() {
        match byte {
            b'\n' => at_start = true,
            b' ' | b'\t' | b'\r' | b'*' => {}
            b'@' if at_start && braces == 0 => {
                starts.push(at + place);
                at_start = false;
            }
            b'{' => {
                braces += 1;
                at_start = false;
            }
            b'}' => {
                braces = braces.saturating_sub(1);
                at_start = false;
            }
            _ => at_start = false,
        }
    }
    let mut all = Vec::with_capacity(starts.len());
    for (number, &start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(end);
        let name = word(text, start + 1..end);
        at = skip_blanks(text, name.end..end);
        let mut ty = braces_at(text, at..end);
        if let Some(ty) = &ty {
            at = skip_blanks(text, ty.end + 1..end);
        } else if matches!(&text[name.clone()], "extends" | "augments" | "implements") {
            ty = Some(at..type_end(text, at..end));
        }
        all.push(Tag {
            name: &text[name],
            ty,
            rest: at..end,
        });
    }
    all
}

/// The places of the names in `{@link name}` and its kin.
pub(super) fn links(text: &str, comment: &Range<usize>) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut at = comment.start;
    while let Some(found) = text[at..comment.end].find("{@link") {
        at += found + "{@link".len();
        let rest = word(text, at..comment.end);
        at = rest.end;
        let start = skip_blanks(text, at..comment.end);
        if start > at {
            all.push(start..comment.end);
        }
    }
    all
}

/// The place of the word that begins there.
pub(super) fn word(text: &str, range: Range<usize>) -> Range<usize> {
    let rest = text.get(range.clone()).unwrap_or_default();
    let len = rest
        .find(|it: char| !(it.is_alphanumeric() || matches!(it, '_' | '$')))
        .unwrap_or(rest.len());
    let is_name = !rest.starts_with(|it: char| it.is_ascii_digit());
    range.start..range.start + if is_name { len } else { 0 }
}

/// Over blanks, line ends and the stars that lines begin with.
pub(super) fn skip_blanks(text: &str, range: Range<usize>) -> usize {
    let rest = text.get(range.clone()).unwrap_or_default();
    let mut at_line = false;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'\n' => at_line = true,
            b' ' | b'\t' | b'\r' => {}
            b'*' if at_line => {}
            _ => return range.start + at,
        }
    }
    range.end.max(range.start)
}

/// The end of a type without braces: a blank outside its brackets.
fn type_end(text: &str, range: Range<usize>) -> usize {
    let mut depth = 0_i32;
    for (at, byte) in text[range.clone()].bytes().enumerate() {
        match byte {
            b'<' | b'{' | b'(' | b'[' => depth += 1,
            b'>' | b'}' | b')' | b']' => depth -= 1,
            b' ' | b'\t' | b'\r' | b'\n' if depth <= 0 => return range.start + at,
            _ => {}
        }
    }
    range.end
}

/// The place between the braces that open there.
fn braces_at(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let rest = text.get(range.clone())?;
    let mut depth = 0_u32;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(range.start + 1..range.start + at),
            b'}' => depth = depth.checked_sub(1)?,
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}
