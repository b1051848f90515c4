//! An import or export declaration, read exactly as it is written: where each of its parts is, comments included.
//!
//! Reading is strict. A statement that is not whole is none, and nothing is done to a file that has one.

use super::trivia::{Stop, skip};
use crate::doc_names::is_name_part;

/// `import ..` or `export .. from`, `export { }`.
#[derive(Clone, Debug)]
pub(super) struct Statement<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_export: bool,
    /// `type`, `defer`, `source`; empty if none.
    pub(super) phase: &'a str,
    /// The default import.
    pub(super) default: Option<Name<'a>>,
    /// `* as a`; in exports also `*` alone, with an empty name.
    pub(super) star: Option<Name<'a>>,
    pub(super) list: Option<List<'a>>,
    /// The module, with its quotes.
    pub(super) module: Option<&'a str>,
    /// `with { .. }`.
    pub(super) attributes: Option<&'a str>,
    pub(super) has_semicolon: bool,
}

/// A name and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    pub(super) start: usize,
    pub(super) text: &'a str,
}

/// What is between braces.
#[derive(Clone, Debug)]
pub(super) struct List<'a> {
    pub(super) open: usize,
    /// Behind the closing brace.
    pub(super) close: usize,
    pub(super) items: Vec<Item<'a>>,
    pub(super) has_trailing_comma: bool,
}

/// `a`, `a as b`, `type a`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item<'a> {
    /// Behind the brace or comma before it.
    pub(super) full_start: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_type: bool,
    /// The name before `as`.
    pub(super) outer: Option<&'a str>,
    /// The name that is bound, or that an export shows.
    pub(super) name: Name<'a>,
    /// Where the list is that it is from, and its place in it.
    pub(super) list: usize,
    pub(super) index: usize,
}

impl<'a> Statement<'a> {
    /// What stands at `start..end`.
    pub(super) fn read(text: &'a str, start: usize, end: usize) -> Option<Self> {
        let mut cursor = Cursor {
            text: text.get(..end)?,
            at: start,
        };
        let is_export = match cursor.next()?.text {
            "import" => false,
            "export" => true,
            _ => return None,
        };
        let mut statement = Self {
            start,
            end,
            is_export,
            phase: "",
            default: None,
            star: None,
            list: None,
            module: None,
            attributes: None,
            has_semicolon: false,
        };
        if is_quoted(cursor.peek()?.text) && !is_export {
            statement.module = Some(cursor.next()?.text);
        } else {
            statement.read_clause(&mut cursor)?;
            if cursor.peek().is_some_and(|it| it.text == "from") {
                cursor.next()?;
                statement.module = Some(cursor.next()?.text).filter(|it| is_quoted(it));
                statement.module?;
            } else if !is_export || statement.star.is_some() {
                return None;
            }
        }
        statement.read_end(&mut cursor)?;
        Some(statement)
    }

    fn read_clause(&mut self, cursor: &mut Cursor<'a>) -> Option<()> {
        let first = cursor.peek()?;
        if matches!(first.text, "type" | "defer" | "source") {
            let mut ahead = *cursor;
            ahead.next()?;
            let second = ahead.next()?;
            let third = ahead.next();
            let is_name = second.text == ","
                || second.text == "from" && third.is_some_and(|it| is_quoted(it.text));
            if !is_name {
                self.phase = cursor.next()?.text;
            }
        }
        if !self.is_export && is_word(cursor.peek()?.text) {
            self.default = Some(cursor.next()?);
            if cursor.peek()?.text != "," {
                return Some(());
            }
            cursor.next()?;
        }
        match cursor.peek()?.text {
            "*" => {
                cursor.next()?;
                let none = Name {
                    start: cursor.at,
                    text: "",
                };
                self.star = Some(none);
                if cursor.peek()?.text == "as" {
                    cursor.next()?;
                    self.star = Some(cursor.next()?).filter(|it| is_name(it.text));
                } else if !self.is_export {
                    return None;
                }
                self.star?;
            }
            "{" => self.list = Some(List::read(cursor)?),
            _ => return None,
        }
        Some(())
    }

    fn read_end(&mut self, cursor: &mut Cursor<'a>) -> Option<()> {
        if let Some(word) = (cursor.peek()).filter(|it| matches!(it.text, "with" | "assert")) {
            loop {
                match cursor.next()?.text {
                    "}" => break,
                    ";" => return None,
                    _ => {}
                }
            }
            self.attributes = cursor.text.get(word.start..cursor.at);
        }
        if cursor.peek().is_some_and(|it| it.text == ";") {
            cursor.next()?;
            self.has_semicolon = true;
        }
        (cursor.at == self.end).then_some(())
    }

    /// The module's name, without quotes.
    pub(super) fn module_name(&self) -> Option<&'a str> {
        let quoted = self.module?;
        quoted.get(1..quoted.len().saturating_sub(1))
    }

    /// `import "a"`.
    pub(super) fn is_bare(&self) -> bool {
        self.default.is_none() && self.star.is_none() && self.list.is_none()
    }
}

impl<'a> List<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Option<Self> {
        let open = cursor.next()?.start;
        let mut list = Self {
            open,
            close: 0,
            items: Vec::new(),
            has_trailing_comma: false,
        };
        loop {
            let full_start = cursor.at;
            if cursor.peek()?.text == "}" {
                cursor.next()?;
                list.close = cursor.at;
                list.has_trailing_comma = !list.items.is_empty();
                return Some(list);
            }
            let mut words: Vec<Name<'a>> = Vec::new();
            while is_name(cursor.peek()?.text) && words.len() < 4 {
                words.push(cursor.next()?);
            }
            let index = list.items.len();
            list.items.push(Item::of(&words, full_start, open, index)?);
            match cursor.next()?.text {
                "," => {}
                "}" => {
                    list.close = cursor.at;
                    return Some(list);
                }
                _ => return None,
            }
        }
    }
}

impl<'a> Item<'a> {
    fn of(words: &[Name<'a>], full_start: usize, list: usize, index: usize) -> Option<Self> {
        let (is_type, outer, name) = match words {
            [name] => (false, None, name),
            [kind, name] if kind.text == "type" => (true, None, name),
            [outer, word, name] if word.text == "as" => (false, Some(outer.text), name),
            [kind, outer, word, name] if kind.text == "type" && word.text == "as" => {
                (true, Some(outer.text), name)
            }
            _ => return None,
        };
        Some(Self {
            full_start,
            start: words[0].start,
            end: name.start + name.text.len(),
            is_type,
            outer,
            name: *name,
            list,
            index,
        })
    }

    /// What it is sorted by.
    pub(super) fn key(&self) -> &'a str {
        self.name.text.trim_matches(['"', '\''])
    }
}

fn is_quoted(text: &str) -> bool {
    text.len() >= 2 && (text.starts_with('"') || text.starts_with('\''))
}

fn is_word(text: &str) -> bool {
    text.starts_with(is_name_part)
}

fn is_name(text: &str) -> bool {
    is_word(text) || is_quoted(text)
}

/// Reads one token after the other.
#[derive(Clone, Copy)]
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn next(&mut self) -> Option<Name<'a>> {
        let start = skip(self.text, self.at, Stop::NEVER);
        let rest = self.text.get(start..)?;
        let first = rest.chars().next()?;
        let length = if first == '"' || first == '\'' {
            // A name with an escape is not worth reading.
            rest[1..]
                .find([first, '\\', '\n', '\r'])
                .filter(|&at| rest[1 + at..].starts_with(first))?
                + 2
        } else if is_name_part(first) {
            rest.find(|it: char| !is_name_part(it))
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        self.at = start + length;
        Some(Name {
            start,
            text: &rest[..length],
        })
    }

    fn peek(&self) -> Option<Name<'a>> {
        let mut ahead = *self;
        ahead.next()
    }
}
