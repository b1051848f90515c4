//! Words: what each means for what is open, if anything.

use super::{Before, Scan};

/// Which bytes go on with a word or a number.
const IN_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = matches!(at as u8, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' | b'#' | b'\\' | 0x80..);
        at += 1;
    }
    table
};

/// The letters that keywords of each length begin with, of those that mean something for the depth: most words are told
/// apart from them by this alone.
const INITIALS: [&[u8]; 11] = [
    b"", b"", b"adio", b"fn", b"cevw", b"aiktwy", b"drtu", b"ade", b"ar", b"s", b"i",
];

/// A bit for each letter of [`INITIALS`].
const MAY_BE_KEYWORD: [u32; INITIALS.len()] = {
    let mut all = [0; INITIALS.len()];
    let mut length = 0;
    while length < INITIALS.len() {
        let mut at = 0;
        while at < INITIALS[length].len() {
            all[length] |= 1 << (INITIALS[length][at] - b'a');
            at += 1;
        }
        length += 1;
    }
    all
};

/// Whether it is worth to look closer at a word.
pub(super) fn may_be_keyword(word: &[u8]) -> bool {
    let initials = MAY_BE_KEYWORD.get(word.len()).copied().unwrap_or(0);
    let letter = word.first().map_or(u8::MAX, |it| it.wrapping_sub(b'a'));
    letter < 26 && initials >> letter & 1 == 1
}

impl Scan<'_> {
    pub(super) fn skip_word(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest
            .iter()
            .position(|&it| !IN_WORD[usize::from(it)])
            .unwrap_or(rest.len());
    }

    pub(super) fn word(&mut self, start: usize) {
        self.skip_word();
        if self.before == Before::Dot {
            self.before = Before::Operand;
            return;
        }
        let word = &self.bytes[start..self.at];
        if !may_be_keyword(word) {
            return self.operand();
        }
        match word {
            b"else" => {
                self.settle();
                self.may_end_chain = false;
                self.level().elses += 1;
                self.has_grown = true;
                self.before = Before::Operator;
            }
            b"if" | b"for" | b"while" | b"with" => {
                if self.before == Before::Operand {
                    self.settle();
                    self.may_end_chain = true;
                }
                self.wait();
                self.before = Before::HeadWord;
            }
            b"do" | b"typeof" | b"await" | b"new" | b"void" | b"delete" | b"yield" | b"keyof"
            | b"readonly" | b"infer" | b"unique" | b"asserts" | b"async" | b"abstract" => {
                if self.before == Before::Operand {
                    self.settle();
                    self.may_end_chain = true;
                }
                self.wait();
            }
            b"case" | b"default" => {
                self.settle();
                self.may_end_chain = true;
                self.begin();
                self.before = Before::Operator;
            }
            b"in" | b"of" | b"instanceof" | b"as" | b"satisfies" | b"extends" | b"is" => {
                self.begin();
                self.before = Before::Operator;
            }
            b"return" | b"throw" => {
                self.operand();
                self.before = Before::Operator;
            }
            _ => self.operand(),
        }
    }
}
