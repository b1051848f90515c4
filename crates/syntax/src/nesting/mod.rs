//! How deep a text nests, found without a parser: `oxc_parser` recurses, and a stack that overflows ends the process.
//!
//! One scan keeps the brackets that are open, and for each the operators, words and elements that still wait for
//! something behind them. It errs towards less: a text that a person or a bundler wrote is never refused.

mod literals;
mod words;

use symphony_text::TextSize;

use crate::Language;

/// How many constructs may wait for their end at once. The deepest real files have some hundred; each costs the parser
/// up to 2 KB of stack: threads that parse have [`STACK_SIZE`].
pub const MAX_NESTING: u32 = 3_000;

/// The stack that a thread needs to parse any text that is not refused. It is only touched as far as a text needs it.
pub const STACK_SIZE: usize = 16 << 20;

/// Where `text` nests deeper than [`MAX_NESTING`], if it does: such a text must not be given to a parser that recurses.
pub fn too_deep(text: &str, language: Language) -> Option<TextSize> {
    if text.len() <= MAX_NESTING as usize {
        return None;
    }
    let mut scan = Scan::new(text.as_bytes(), language, MAX_NESTING);
    scan.run().map(|at| TextSize::from(at as u32))
}

/// Whether `text` nests deeper than `limit`.
pub(crate) fn is_deeper(text: &str, language: Language, limit: u32) -> bool {
    Scan::new(text.as_bytes(), language, limit).run().is_some()
}

/// The brackets that are open at the end of `text`, from the outside in: the place of each, and what closes it.
pub(crate) fn open_brackets(text: &[u8], language: Language) -> Vec<(usize, &'static str)> {
    let mut scan = Scan::new(text, language, u32::MAX);
    scan.run();
    let closer = |level: &Level| {
        let closer = match level.bracket {
            Bracket::Round | Bracket::Head => ")",
            Bracket::Square => "]",
            Bracket::Curly => "}",
            Bracket::Hole => "}`",
            Bracket::Angle => ">",
            Bracket::None | Bracket::Tag => return None,
        };
        Some((level.start, closer))
    };
    scan.levels.iter().filter_map(closer).collect()
}

/// What the end of `text` is inside of.
pub(crate) fn inside_at_end(text: &[u8], language: Language) -> Inside {
    let mut scan = Scan::new(text, language, u32::MAX);
    scan.run();
    scan.inside
}

/// What has no end in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    /// Neither of the others.
    Code,
    /// A string, or the text of a template.
    String,
    /// A comment; one to the end of the line has its end behind the line.
    Comment,
}

/// What opened a level.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    None,
    Round,
    /// The parentheses behind `if`, `for`, `while`, `with`: a statement follows.
    Head,
    Square,
    Curly,
    /// `${` in a template, whose text goes on behind the brace.
    Hole,
    /// `<` behind something: type arguments, or a comparison.
    Angle,
    /// `<` where something is to begin: a tag, a type assertion, type parameters.
    Tag,
}

/// What is open between two brackets.
struct Level {
    bracket: Bracket,
    /// Where it was opened.
    start: usize,
    /// Operators and words that wait for what is behind them.
    pending: u32,
    /// The `else`s of the chain that the scan is in.
    elses: u32,
    /// The elements whose closing tags are still to come.
    elements: u32,
    /// `?`s whose `:` is still to come.
    questions: u32,
}

impl Level {
    fn new(bracket: Bracket, start: usize) -> Self {
        Self {
            bracket,
            start,
            pending: 0,
            elses: 0,
            elements: 0,
            questions: 0,
        }
    }

    fn weight(&self) -> u32 {
        let bracket = match self.bracket {
            // The parser looks ahead to the end of each and then begins again.
            Bracket::Angle => 6,
            _ => 1,
        };
        bracket + self.pending + self.elses + self.elements
    }
}

/// What the scan has just passed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Something that wants an operand behind it, or the start of a statement.
    Operator,
    /// An operand: a name, a literal, a closing bracket.
    Operand,
    /// A dot: a name follows, whatever the word.
    Dot,
    /// `if`, `for`, `while`, `with`.
    HeadWord,
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    has_jsx: bool,
    is_javascript: bool,
    levels: Vec<Level>,
    /// The weight of all levels but for the last one's own.
    total: u32,
    before: Before,
    /// Whether a statement has just ended: the chain of `else` ends with it unless another `else` follows.
    may_end_chain: bool,
    /// Whether one more waits for its end than at the last look.
    has_grown: bool,
    limit: u32,
    /// What the scan has seen no end of.
    inside: Inside,
}

impl<'a> Scan<'a> {
    fn new(bytes: &'a [u8], language: Language, limit: u32) -> Self {
        Self {
            bytes,
            at: 0,
            has_jsx: language.has_jsx(),
            is_javascript: language == Language::JavaScript,
            levels: vec![Level::new(Bracket::None, 0)],
            total: 0,
            before: Before::Operator,
            may_end_chain: true,
            has_grown: false,
            limit,
            inside: Inside::Code,
        }
    }

    fn run(&mut self) -> Option<usize> {
        while let Some(&byte) = self.bytes.get(self.at) {
            let start = self.at;
            self.at += 1;
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => continue,
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'#' | b'\\' | 0x80.. => self.word(start),
                b'0'..=b'9' => {
                    self.skip_word();
                    self.operand();
                }
                b'"' | b'\'' => {
                    self.string(byte);
                    self.operand();
                }
                b'`' => {
                    self.operand();
                    self.template();
                }
                b'/' => self.slash(),
                b'(' | b'[' | b'{' => self.open(byte),
                b')' | b']' | b'}' => self.close(byte),
                b'<' => self.less(),
                b'>' => self.greater(),
                _ => self.operator(byte),
            }
            if self.has_grown {
                self.has_grown = false;
                if self.total + self.level().weight() > self.limit {
                    return Some(start);
                }
            }
        }
        None
    }

    fn level(&mut self) -> &mut Level {
        self.levels
            .last_mut()
            .expect("the first level is never closed")
    }

    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn push(&mut self, bracket: Bracket) {
        self.total += self.level().weight();
        self.levels.push(Level::new(bracket, self.at - 1));
        self.before = Before::Operator;
        self.may_end_chain = true;
        self.has_grown = true;
    }

    fn pop(&mut self) {
        if self.levels.len() > 1 {
            self.levels.pop();
            let weight = self.level().weight();
            self.total -= weight;
        }
    }

    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    fn skip(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.bytes.len());
    }

    /// A token that is no `else`: a chain that could have ended has ended.
    fn begin(&mut self) {
        if self.may_end_chain {
            self.may_end_chain = false;
            self.level().elses = 0;
        }
    }

    /// A statement has ended, or an element of a list.
    fn settle(&mut self) {
        while matches!(self.level().bracket, Bracket::Angle) && self.levels.len() > 1 {
            self.pop();
        }
        let level = self.level();
        level.pending = 0;
        level.questions = 0;
    }

    fn operand(&mut self) {
        if self.before == Before::Operand {
            // Two operands in a row belong to two statements.
            self.settle();
            self.may_end_chain = true;
        }
        self.begin();
        self.before = Before::Operand;
    }

    fn wait(&mut self) {
        self.begin();
        self.level().pending += 1;
        self.has_grown = true;
        self.before = Before::Operator;
    }

    fn open(&mut self, byte: u8) {
        let bracket = match byte {
            b'(' if self.before == Before::HeadWord => Bracket::Head,
            b'(' => Bracket::Round,
            b'[' => Bracket::Square,
            _ => Bracket::Curly,
        };
        self.begin();
        self.push(bracket);
    }

    /// Closes the nearest bracket of this sort; those inside it were never closed, or no brackets.
    fn close(&mut self, byte: u8) {
        let fits = |bracket| match byte {
            b')' => matches!(bracket, Bracket::Round | Bracket::Head),
            b']' => bracket == Bracket::Square,
            _ => matches!(bracket, Bracket::Curly | Bracket::Hole),
        };
        let Some(depth) = self.levels.iter().rposition(|level| fits(level.bracket)) else {
            self.before = Before::Operand;
            return;
        };
        let bracket = self.levels[depth].bracket;
        while self.levels.len() > depth {
            self.pop();
        }
        self.may_end_chain = byte == b'}';
        self.before = match bracket {
            Bracket::Head => Before::Operator,
            _ => Before::Operand,
        };
        if bracket == Bracket::Hole {
            self.template();
        }
    }

    fn less(&mut self) {
        match self.peek() {
            b'/' if self.has_jsx => {
                let level = self.level();
                level.elements = level.elements.saturating_sub(1);
                let rest = &self.bytes[self.at..];
                self.at += rest
                    .iter()
                    .position(|it| matches!(it, b'>' | b'\n'))
                    .map_or(rest.len(), |end| end + 1);
                self.before = Before::Operand;
            }
            // JavaScript has no type arguments.
            _ if self.is_javascript && self.before == Before::Operand => {
                self.before = Before::Operator;
            }
            b'<' | b'=' => {
                while matches!(self.peek(), b'<' | b'=') {
                    self.at += 1;
                }
                self.before = Before::Operator;
            }
            _ => {
                let bracket = match self.before {
                    Before::Operand => Bracket::Angle,
                    _ => Bracket::Tag,
                };
                self.begin();
                self.push(bracket);
            }
        }
    }

    fn greater(&mut self) {
        match self.level().bracket {
            Bracket::Angle => {
                self.pop();
                self.before = Before::Operand;
            }
            Bracket::Tag => {
                self.pop();
                self.has_grown = true;
                if self.has_jsx {
                    self.level().elements += 1;
                } else {
                    self.level().pending += 1;
                }
                self.before = Before::Operator;
            }
            _ => self.before = Before::Operator,
        }
    }

    fn operator(&mut self, byte: u8) {
        let next = self.peek();
        match byte {
            b';' => {
                self.begin();
                self.settle();
                self.may_end_chain = true;
                self.before = Before::Operator;
            }
            b',' => {
                let level = self.level();
                level.pending = 0;
                level.questions = 0;
                self.before = Before::Operator;
            }
            b'.' => {
                // Not for a spread.
                if next == b'.' {
                    self.at += 1;
                    self.at += usize::from(self.peek() == b'.');
                    self.before = Before::Operator;
                } else {
                    self.before = Before::Dot;
                }
            }
            b'=' if next == b'=' => {
                while self.peek() == b'=' {
                    self.at += 1;
                }
                self.before = Before::Operator;
            }
            b'=' => {
                self.at += usize::from(next == b'>');
                self.wait();
            }
            b'*' if next == b'*' => {
                self.at += 1;
                self.wait();
            }
            b'?' => self.question(next),
            b':' => {
                let level = self.level();
                if level.questions > 0 {
                    level.questions -= 1;
                    self.before = Before::Operator;
                } else {
                    self.wait();
                }
            }
            b'&' | b'|' if next == byte => {
                self.at += 1;
                // No type has this in it: what looked like type arguments was a comparison.
                while self.level().bracket == Bracket::Angle && self.levels.len() > 1 {
                    self.pop();
                }
                self.before = Before::Operator;
            }
            b'+' | b'-' if next == byte && self.before == Before::Operand => self.at += 1,
            b'!' if self.before == Before::Operand => {
                // `a!` or `a != b`.
                if next == b'=' {
                    self.at += 1;
                    self.before = Before::Operator;
                }
            }
            b'!' | b'~' | b'+' | b'-' if self.before != Before::Operand => self.wait(),
            b'@' => {}
            _ => self.before = Before::Operator,
        }
    }

    fn question(&mut self, next: u8) {
        match next {
            b'?' => {
                self.at += 1;
                self.before = Before::Operator;
            }
            b'.' if !self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit) => {
                self.at += 1;
                self.before = Before::Dot;
            }
            // A parameter or a member that may be missing.
            b':' | b')' | b',' | b'(' | b';' => {}
            _ => {
                self.wait();
                self.level().questions += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests;
