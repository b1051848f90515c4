//! Matching names against what somebody typed into the search for workspace symbols.

use std::cell::RefCell;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

thread_local! {
    // A matcher owns 135 KB of scratch memory.
    static MATCHER: RefCell<Matcher> = RefCell::new(Matcher::new(Config::DEFAULT));
}

/// How well a name fits, in steps that no score within a step can bridge.
const TIER: u32 = 1 << 24;
const EXACT: u32 = 6 * TIER;
const EXACT_BUT_CASE: u32 = 5 * TIER;
const PREFIX: u32 = 4 * TIER;
const INITIALS: u32 = 3 * TIER;
const PART: u32 = 2 * TIER;
const SUBSEQUENCE: u32 = TIER;

/// What was typed, prepared for matching many names.
#[derive(Clone, Debug)]
pub struct SymbolQuery {
    name: String,
    /// What stands before the last dot: the container must match it.
    container: Option<Atom>,
    atom: Atom,
    mask: u64,
    has_upper: bool,
}

impl SymbolQuery {
    /// A query such as `fooBar`, `fb` or `Container.foo`. A query in lower case ignores case.
    pub fn new(query: &str) -> Self {
        let query = query.trim();
        let (container, name) = match query.rsplit_once(['.', '#', ':', ' ']) {
            Some((container, name)) if !container.is_empty() && !name.is_empty() => {
                (Some(container.trim_end_matches([':', '.', ' '])), name)
            }
            _ => (None, query),
        };
        Self {
            name: name.to_owned(),
            container: container.map(atom),
            atom: atom(name),
            mask: query_mask(name),
            has_upper: name.chars().any(char::is_uppercase),
        }
    }

    /// Whether a name with this [`symbol_mask`] may match; a cheap test before [`score`](Self::score).
    pub fn may_match(&self, mask: u64) -> bool {
        self.mask & !mask == 0
    }

    /// How well a name fits: more is better, none is no match. An empty query puts top-level names first.
    pub fn score(&self, name: &str, container: Option<&str>) -> Option<u32> {
        self.may_match(symbol_mask(name))
            .then(|| self.score_from(0, name, container))
            .flatten()
    }

    /// The [`score`](Self::score) of a name that [may match](Self::may_match), or none if it is surely below `floor`: how the letters are spread is not looked
    /// at then, which is most of the work.
    pub fn score_from(&self, floor: u32, name: &str, container: Option<&str>) -> Option<u32> {
        if self.name.is_empty() {
            let length = name.len().min(0xffff) as u32;
            return Some((u32::from(container.is_none_or(str::is_empty)) << 16) + 0xffff - length);
        }
        if !self.is_within(name) {
            return None;
        }
        let tier = self.tier(name);
        if tier + (TIER - 1) < floor {
            return None;
        }
        let of_container = match &self.container {
            Some(atom) => u32::from(fuzzy(atom, container?)?),
            None => 0,
        };
        let fuzzy = u32::from(fuzzy(&self.atom, name)?);
        let short = 0xff - name.len().min(0xff) as u32;
        let top = u32::from(container.is_none_or(str::is_empty));
        Some(tier + ((fuzzy + of_container).min(0x3fff) << 10) + (short << 1) + top)
    }

    fn tier(&self, name: &str) -> u32 {
        if name == self.name {
            return EXACT;
        }
        if !self.has_upper && name.eq_ignore_ascii_case(&self.name) {
            return EXACT_BUT_CASE;
        }
        let starts = if self.has_upper {
            name.starts_with(&self.name)
        } else {
            name.get(..self.name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(&self.name))
        };
        if starts {
            PREFIX
        } else if self.is_at_boundaries(name) {
            INITIALS
        } else if self.is_part_of(name) {
            PART
        } else {
            SUBSEQUENCE
        }
    }

    /// Whether the letters stand in the name in their order: most names that have them all do not. What is not ASCII is
    /// left to the matcher.
    fn is_within(&self, name: &str) -> bool {
        if !name.is_ascii() || !self.name.is_ascii() {
            return true;
        }
        let same = |a: u8, b: u8| match self.has_upper {
            true => a == b,
            false => a.eq_ignore_ascii_case(&b),
        };
        let mut letters = name.bytes();
        let mut wanted = self.name.bytes();
        wanted.all(|it| letters.any(|letter| same(letter, it)))
    }

    fn is_part_of(&self, name: &str) -> bool {
        let (name, query) = (name.as_bytes(), self.name.as_bytes());
        let mut parts = name.windows(query.len());
        if self.has_upper {
            parts.any(|part| part == query)
        } else {
            parts.any(|part| part.eq_ignore_ascii_case(query))
        }
    }

    /// Whether the query consists of beginnings of the name's words, in order: `gUN`, `gun` or `getUN` for `getUserName`.
    fn is_at_boundaries(&self, name: &str) -> bool {
        let mut query = self.name.bytes().filter(|&byte| byte != b'_').peekable();
        let mut within = false;
        let mut previous = b'_';
        for byte in name.bytes() {
            let starts_word = !previous.is_ascii_alphanumeric()
                || (byte.is_ascii_uppercase() && !previous.is_ascii_uppercase())
                || (byte.is_ascii_digit() && !previous.is_ascii_digit());
            within = (starts_word || within)
                && query
                    .peek()
                    .is_some_and(|next| next.eq_ignore_ascii_case(&byte));
            if within {
                query.next();
            }
            previous = byte;
        }
        query.peek().is_none()
    }
}

fn atom(text: &str) -> Atom {
    Atom::new(
        text,
        CaseMatching::Smart,
        Normalization::Smart,
        AtomKind::Fuzzy,
        false,
    )
}

fn fuzzy(atom: &Atom, text: &str) -> Option<u16> {
    let mut buffer = Vec::new();
    MATCHER.with_borrow_mut(|matcher| atom.score(Utf32Str::new(text, &mut buffer), matcher))
}

/// The characters of a name as bits, for rejecting most names without matching them.
pub fn symbol_mask(name: &str) -> u64 {
    // Letters with accents match those without, so their names are never rejected.
    if name.is_ascii() {
        query_mask(name)
    } else {
        u64::MAX
    }
}

fn query_mask(query: &str) -> u64 {
    query
        .bytes()
        .filter(u8::is_ascii)
        .fold(0, |mask, byte| mask | bit(byte))
}

fn bit(byte: u8) -> u64 {
    match byte.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => 1 << (letter - b'a'),
        digit @ b'0'..=b'9' => 1 << (26 + digit - b'0'),
        other => 1 << (36 + other % 28),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "the shape of every check")]
    fn check(query: &str, names: &[&str], expect: Expect) {
        let query = SymbolQuery::new(query);
        let mut found: Vec<(u32, &str)> = names
            .iter()
            .filter_map(|name| {
                let (container, short) = match name.rsplit_once('.') {
                    Some((container, short)) => (Some(container), short),
                    None => (None, *name),
                };
                Some((query.score(short, container)?, *name))
            })
            .collect();
        found.sort_by_key(|&(score, _)| std::cmp::Reverse(score));
        let names: Vec<&str> = found.into_iter().map(|(_, name)| name).collect();
        expect.assert_eq(&names.join(" "));
    }

    #[test]
    fn exact_then_prefix_then_initials_then_the_rest() {
        check(
            "query",
            &[
                "requery",
                "queryClient",
                "Query",
                "query",
                "quietery",
                "quiet",
            ],
            expect!["query Query queryClient requery quietery"],
        );
        check(
            "gun",
            &[
                "getUserName",
                "begun",
                "gunner",
                "get_user_name",
                "gauntlet",
            ],
            expect!["gunner get_user_name getUserName begun gauntlet"],
        );
    }

    #[test]
    fn upper_case_letters_must_match() {
        check("Foo", &["foo", "Foo", "barFoo"], expect!["Foo barFoo"]);
    }

    #[test]
    fn a_dot_asks_for_a_container() {
        check(
            "Map.get",
            &["Map.get", "Set.get", "get", "HashMap.getAll"],
            expect!["Map.get HashMap.getAll"],
        );
    }

    #[test]
    fn an_empty_query_puts_top_level_names_first() {
        check("", &["A.b", "c", "dd", "A.eee"], expect!["c dd A.b A.eee"]);
    }

    #[test]
    fn a_mask_never_rejects_a_match() {
        let query = SymbolQuery::new("cafe_1");
        assert!(query.may_match(symbol_mask("café_1")));
        assert!(query.may_match(symbol_mask("CaFe_10")));
        assert!(!query.may_match(symbol_mask("cafe_2")));
        assert!(SymbolQuery::new("").may_match(symbol_mask("")));
    }
}
