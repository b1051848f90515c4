//! The tokens every program shares: line breaks, keywords and punctuation. Their ids are fixed.
//!
//! Each is also its own *shape*; all other tokens have one of the few shapes at the end of the
//! table. Shapes fit in a byte, so that abstracted text can be compared as bytes.

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// Ends a document; never predicted.
pub(crate) const END: u32 = 0;
/// A line break after which the indentation is the same.
pub(crate) const LINE_SAME: u32 = 1;
/// A line break after which the indentation is deeper.
pub(crate) const LINE_DEEPER: u32 = 2;
/// A line break after which the indentation is shallower.
pub(crate) const LINE_SHALLOWER: u32 = 3;
/// Stands for all texts and templates not worth remembering; never predicted.
pub(crate) const LONG: u32 = 4;

const KEYWORDS: &str = "break case catch class const continue debugger default delete do else \
    enum export extends false finally for function if import in instanceof new null return super \
    switch this throw true try typeof var void while with as implements interface let package \
    private protected public static yield async await of type readonly declare abstract keyof \
    satisfies undefined string number boolean any unknown never is infer from";

/// Longest first, so that the first that fits is the right one.
const PUNCTUATION: &str = ">>>= ... === !== **= <<= >>= &&= ||= ??= => == != <= >= && || ?? ?. ++ \
    -- += -= *= /= %= &= |= ^= ** << </ /> { } ( ) [ ] ; , < > + - * / % & | ^ ! ~ ? : = . @ # \\ ' \"";

const GLOBALS: &str = "Array ArrayBuffer AbortController AbortSignal Awaited BigInt Boolean DataView \
    Date Error Event EventTarget Exclude Extract Float64Array Function Infinity InstanceType Int32Array \
    Iterable IterableIterator AsyncIterable JSON Map Math NaN NonNullable Number Object Omit Parameters \
    Partial Pick Promise PromiseLike PropertyKey Proxy RangeError Readonly ReadonlyArray ReadonlyMap \
    ReadonlySet Record Reflect RegExp Required ReturnType Set String Symbol SyntaxError TypeError \
    Uint8Array URL WeakMap WeakRef WeakSet arguments bigint clearInterval clearTimeout console document \
    fetch globalThis isNaN module object parseFloat parseInt process queueMicrotask require setInterval \
    setTimeout symbol window";

struct Table {
    texts: Vec<&'static str>,
    ids: FxHashMap<&'static str, u32>,
    punctuation: Vec<&'static str>,
    globals: FxHashSet<&'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut texts = vec!["", "\n", "\n ", "\n\u{8}", "\u{1}"];
    let punctuation: Vec<_> = PUNCTUATION.split_whitespace().collect();
    texts.extend(KEYWORDS.split_whitespace());
    texts.extend(&punctuation);
    let named = texts.iter().enumerate().skip(LONG as usize + 1);
    let ids = named.map(|(id, text)| (*text, id as u32)).collect();
    Table {
        texts,
        ids,
        punctuation,
        globals: GLOBALS.split_whitespace().collect(),
    }
});

/// Texts of all built-in tokens; the position is the id.
pub(crate) fn texts() -> &'static [&'static str] {
    &TABLE.texts
}

/// The id of a keyword or punctuation mark.
pub(crate) fn id(text: &str) -> Option<u32> {
    TABLE.ids.get(text).copied()
}

/// Whether a name needs no declaration.
pub(crate) fn is_global(name: &str) -> bool {
    TABLE.globals.contains(name)
}

/// Bytes of the punctuation mark (or unknown character) that `rest` begins with.
pub(crate) fn punctuation_length(rest: &[u8]) -> usize {
    let found = TABLE
        .punctuation
        .iter()
        .find(|mark| rest.starts_with(mark.as_bytes()));
    found.map_or(1, |mark| mark.len())
}

/// Whether a token is a line break.
pub(crate) fn is_line(id: u32) -> bool {
    (LINE_SAME..=LINE_SHALLOWER).contains(&id)
}

/// Shapes of tokens that are not built in.
pub(crate) mod shape {
    /// A name.
    pub(crate) const WORD: u8 = 240;
    /// A string or regular expression.
    pub(crate) const TEXT: u8 = 241;
    /// A number.
    pub(crate) const NUMBER: u8 = 242;
    /// A whole template.
    pub(crate) const TEMPLATE: u8 = 243;
    /// A template up to its first `${`.
    pub(crate) const TEMPLATE_HEAD: u8 = 244;
    /// A template between two holes.
    pub(crate) const TEMPLATE_MIDDLE: u8 = 245;
    /// A template after its last hole.
    pub(crate) const TEMPLATE_TAIL: u8 = 246;
    /// Anything else.
    pub(crate) const OTHER: u8 = 247;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_fits_below_the_shapes() {
        assert!(texts().len() < shape::WORD as usize);
        assert_eq!(texts()[id("=>").unwrap() as usize], "=>");
        assert_eq!(id(""), None);
        assert_eq!(id("\n"), None);
    }
}
