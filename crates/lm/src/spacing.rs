//! Where blanks go between tokens on a line: learned from the workspace, with a small built-in
//! table for an empty one.

use crate::builtin::{self, shape};
use crate::lex::{Kind, Token};
use rustc_hash::FxHashMap;

/// In a key, any token at all.
const ANY: u8 = 255;

/// How often a token followed another without and with a blank, by shapes.
#[derive(Clone, Default, Debug)]
pub(crate) struct Spacing {
    counts: FxHashMap<[u8; 3], [u32; 2]>,
}

impl Spacing {
    /// Learns from a document's tokens and their shapes.
    pub(crate) fn learn(&mut self, tokens: &[Token], shapes: &[u8]) {
        for i in 1..tokens.len() {
            if tokens[i].kind == Kind::Newline || tokens[i - 1].kind == Kind::Newline {
                continue;
            }
            let blank = usize::from(tokens[i].start > tokens[i - 1].end);
            let before = if i > 1 { shapes[i - 2] } else { ANY };
            for first in [before, ANY] {
                let counts = self
                    .counts
                    .entry([first, shapes[i - 1], shapes[i]])
                    .or_default();
                counts[blank] += 1;
            }
        }
    }

    /// Whether a blank stands between `left` and `right`, with `before` in front of them.
    pub(crate) fn blank(&self, before: u8, left: u8, right: u8) -> bool {
        let keys = [[before, left, right], [ANY, left, right]];
        let known = keys.iter().filter_map(|key| self.counts.get(key)).next();
        known.map_or_else(
            || default_blank(left, right),
            |counts| counts[1] > counts[0],
        )
    }

    /// What was learned, in the order of the shapes.
    pub(crate) fn counts(&self) -> Vec<([u8; 3], [u32; 2])> {
        let mut counts: Vec<_> = self
            .counts
            .iter()
            .map(|(key, count)| (*key, *count))
            .collect();
        counts.sort_unstable();
        counts
    }

    /// From what was learned before.
    pub(crate) fn of(counts: Vec<([u8; 3], [u32; 2])>) -> Spacing {
        Spacing {
            counts: counts.into_iter().collect(),
        }
    }

    /// Bytes in memory, about.
    pub(crate) fn resident(&self) -> usize {
        self.counts.capacity() * 12
    }
}

fn default_blank(left: u8, right: u8) -> bool {
    if right == shape::TEMPLATE_MIDDLE || right == shape::TEMPLATE_TAIL {
        return false;
    }
    if left == shape::TEMPLATE_HEAD || left == shape::TEMPLATE_MIDDLE {
        return false;
    }
    let text = |shape: u8| builtin::texts().get(shape as usize).copied().unwrap_or("x");
    let (left_text, right_text) = (text(left), text(right));
    let tight_after = ["(", "[", ".", "?.", "!", "~", "...", "<", "</", "@"];
    let tight_before = [
        ")", "]", ".", "?.", ",", ";", ":", "(", "[", "<", ">", "!", "?", "/>",
    ];
    if tight_after.contains(&left_text) {
        return false;
    }
    let is_keyword = left_text.len() > 1 && left < shape::WORD && left_text.is_ascii();
    if right_text == "(" && is_keyword {
        return left_text != "function" && left_text != "super";
    }
    !tight_before.contains(&right_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_learned() {
        let id = |text| builtin::id(text).unwrap() as u8;
        let mut spacing = Spacing::default();
        let (open, word) = (id("("), shape::WORD);
        assert!(!spacing.blank(word, open, word));
        assert!(spacing.blank(word, id(","), word));
        assert!(spacing.blank(word, id("if"), open));
        assert!(!spacing.blank(word, word, open));
        let lexed = crate::lex::lex("f( a", 0, Default::default());
        spacing.learn(&lexed.tokens, &[word, open, word]);
        assert!(spacing.blank(word, open, word));
        assert!(spacing.blank(id("="), open, word));
    }
}
