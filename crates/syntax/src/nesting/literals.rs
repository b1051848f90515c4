//! What has no brackets in it: strings, templates, comments, regular expressions.

use memchr::{memchr, memchr_iter, memchr3};

use super::{Before, Bracket, Inside, Scan};

impl Scan<'_> {
    /// To the quote or the end of the line: in the text of an element a quote is an apostrophe.
    pub(super) fn string(&mut self, quote: u8) {
        while let Some(found) = memchr3(b'\n', b'\\', quote, self.rest()) {
            let byte = self.rest()[found];
            self.at += found;
            match byte {
                b'\n' => return,
                b'\\' => self.skip(2),
                _ => {
                    self.at += 1;
                    return;
                }
            }
        }
        self.at = self.bytes.len();
        self.inside = Inside::String;
    }

    pub(super) fn template(&mut self) {
        while let Some(found) = memchr3(b'`', b'\\', b'$', self.rest()) {
            let byte = self.rest()[found];
            self.at += found + 1;
            match byte {
                b'`' => return,
                b'\\' => self.skip(1),
                _ if self.peek() == b'{' => {
                    self.at += 1;
                    self.push(Bracket::Hole);
                    return;
                }
                _ => {}
            }
        }
        self.at = self.bytes.len();
        self.inside = Inside::String;
    }

    /// Goes behind something that ends `end` bytes from here, or where the text does.
    fn skip_comment(&mut self, end: Option<usize>) {
        match end {
            Some(end) => self.at += end,
            None => {
                self.at = self.bytes.len();
                self.inside = Inside::Comment;
            }
        }
    }

    pub(super) fn slash(&mut self) {
        match self.peek() {
            b'/' => {
                let end = memchr(b'\n', self.rest());
                self.skip_comment(end);
            }
            b'*' => {
                let rest = &self.bytes[self.at + 1..];
                let end = memchr_iter(b'/', rest).find(|&it| it > 0 && rest[it - 1] == b'*');
                self.skip_comment(end.map(|end| end + 2));
            }
            b'>' if self.level().bracket == Bracket::Tag => {
                self.at += 1;
                self.pop();
                self.before = Before::Operand;
            }
            _ if self.before == Before::Operator => {
                self.regex();
                self.operand();
            }
            _ => self.before = Before::Operator,
        }
    }

    fn regex(&mut self) {
        let mut in_class = false;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => return,
                b'\\' => self.at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => {
                    self.at += 1;
                    return;
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}
