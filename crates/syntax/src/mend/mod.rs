//! A broken text made good enough for the strict parser: text is blanked out or closed, so that the rest can be lowered.
//!
//! Every place keeps its offset: bytes are only replaced by as many, and closing brackets are added behind the end. At
//! each error small repairs are tried first, and the one that lets the parser get furthest is kept; where none helps,
//! ever larger parts of the tolerant tree are blanked out.

mod place;
#[cfg(test)]
mod tests;

use oxc_parser::{Parser, ParserReturn};
use oxc_span::GetSpan as _;

use crate::nesting::is_deeper;
use crate::strict::with_arena;
use crate::{Node, NodeExt, Parse, SyntaxKind, ancestors};
use place::{Place, Repair};

/// How many bytes the strict parser may be given in all, for one text: some 30 ms.
const BUDGET: usize = 4 << 20;
/// How often a text is parsed at most, and how often even if that costs more than the budget.
const TRIALS: std::ops::Range<usize> = 12..400;

/// A text that is nested deeper is not tried again and again: no one wrote it, and it may be slow to parse.
const MAX_NESTING: u32 = 300;

/// Whether a tree is one of the whole text: at an error the parser has none, and at some the lexer stops without a word.
pub(crate) fn is_whole(parsed: &ParserReturn<'_>, text: &str) -> bool {
    if parsed.panicked || parsed.diagnostics.is_empty() {
        return !parsed.panicked;
    }
    let program = &parsed.program;
    let last = program.body.last().map(|it| it.span().end);
    let directive = program.directives.last().map(|it| it.span.end);
    let hashbang = program.hashbang.as_ref().map(|it| it.span.end);
    let mut end = last.or(directive).or(hashbang).unwrap_or(0) as usize;
    for comment in &program.comments {
        let start = comment.span.start as usize;
        if start >= end && is_blank(text, end..start) {
            end = comment.span.end as usize;
        }
    }
    is_blank(text, end..text.len())
}

fn is_blank(text: &str, range: std::ops::Range<usize>) -> bool {
    let between = text.get(range).unwrap_or_default();
    between.trim_matches([';', '\u{feff}']).trim().is_empty()
}

/// A text that the strict parser makes a tree of, where it makes none of this one.
///
/// It is as long as the text or longer: what lies behind the text's end only closes what is open. What could not be kept
/// is blank.
pub fn mend(parse: &Parse) -> Option<String> {
    let mut mender = Mender {
        parse,
        bytes_left: BUDGET,
        trials: 0,
    };
    let mut text = parse.text().as_bytes().to_vec();
    let mut failure = mender.failure(&text)?;
    if is_deeper(parse.text(), parse.language(), MAX_NESTING) {
        return Some(mender.give_up(&text, failure.at));
    }
    if blank_conflict_markers(&mut text) {
        match mender.failure(&text) {
            Some(next) => failure = next,
            None => return Some(string(text)),
        }
    }
    loop {
        let better = if mender.is_spent(text.len()) {
            None
        } else {
            mender.better(&text, &failure)
        };
        let Some((next, left)) = better else {
            return Some(mender.give_up(&text, failure.at));
        };
        text = next;
        match left {
            Some(next) => failure = next,
            None => return Some(string(text)),
        }
    }
}

/// Where the parser gave up.
#[derive(Clone, Copy, Debug)]
struct Failure {
    at: usize,
    /// The bracket or tag that it wanted closed.
    opened: Option<usize>,
}

impl Failure {
    fn of(parsed: &ParserReturn<'_>, text: &str) -> Self {
        let places = parsed.diagnostics.iter().map(|diagnostic| {
            let mut labels = diagnostic
                .labels
                .iter()
                .map(|label| label.offset() as usize);
            let at = labels.next().unwrap_or(text.len()).min(text.len());
            Self {
                at: text.floor_char_boundary(at),
                opened: labels.find(|&opened| opened < at),
            }
        });
        // What the parser can recover from lies before what it cannot; a tag with another's end is among the former.
        let mut last = Self {
            at: 0,
            opened: None,
        };
        for place in places {
            last.at = last.at.max(place.at);
            last.opened = place.opened.or(last.opened);
        }
        last
    }
}

/// A changed text, and where the parser gives up on it, if it does.
type Attempt = (Vec<u8>, Option<Failure>);

/// The best attempt so far.
struct Best {
    /// What is enough: the parser gets behind this.
    goal: usize,
    furthest: usize,
    attempt: Option<Attempt>,
}

impl Best {
    fn is_reached(&self, left: &Option<Failure>) -> bool {
        left.is_none_or(|left| left.at > self.goal)
    }

    fn is_done(&self) -> bool {
        let left = self.attempt.as_ref().map(|(_, left)| left);
        left.is_some_and(|left| self.is_reached(left))
    }

    fn consider(&mut self, text: Vec<u8>, left: Option<Failure>) {
        let at = left.map_or(usize::MAX, |left| left.at);
        if at > self.furthest {
            self.furthest = at;
            self.attempt = Some((text, left));
        }
    }
}

struct Mender<'a> {
    parse: &'a Parse,
    bytes_left: usize,
    trials: usize,
}

impl<'a> Mender<'a> {
    /// Where the parser gives up, if it does.
    fn failure(&mut self, text: &[u8]) -> Option<Failure> {
        self.trials += 1;
        self.bytes_left = self.bytes_left.saturating_sub(text.len());
        let text = std::str::from_utf8(text).expect("whole characters are replaced");
        with_arena(|arena| {
            let parsed = Parser::new(arena, text, self.parse.language().source_type()).parse();
            (!is_whole(&parsed, text)).then(|| Failure::of(&parsed, text))
        })
    }

    fn is_spent(&self, len: usize) -> bool {
        self.trials >= TRIALS.end || (self.trials >= TRIALS.start && self.bytes_left < len)
    }

    /// The change that loses least at a failure: small repairs, larger ones, then parts of the tree, where each must let
    /// the parser get to the next line but one; else what gets furthest.
    fn better(&mut self, text: &[u8], failure: &Failure) -> Option<Attempt> {
        let place = Place::new(self.parse, text, failure);
        let [small, tokens, lines] = place.repairs(text, self.parse);
        let mut best = Best {
            goal: place.goal,
            furthest: place.token.start,
            attempt: None,
        };
        self.try_all(text, small, &mut best);
        // Two or three things may lack in one line.
        let mut started = best.attempt.take();
        for _ in 0..2 {
            let Some((next, Some(left))) = &started else {
                break;
            };
            if left.at > best.goal {
                break;
            }
            let place = Place::new(self.parse, next, left);
            let [small, ..] = place.repairs(next, self.parse);
            self.try_all(next, small, &mut best);
            match best.attempt.take() {
                Some(more) => started = Some(more),
                None => break,
            }
        }
        if started
            .as_ref()
            .is_some_and(|(_, left)| best.is_reached(left))
        {
            return started;
        }
        best.furthest = place.token.start;
        for tier in [tokens, lines] {
            self.try_all(text, tier, &mut best);
            if best.is_done() {
                return best.attempt;
            }
        }
        // What is wrong in the next line is another matter.
        if best.furthest <= place.line_end {
            self.try_units(text, &place, &mut best);
        }
        best.attempt.or(started)
    }

    /// Tries repairs until one reaches the goal; the one that gets furthest is kept.
    fn try_all(&mut self, text: &[u8], repairs: Vec<Repair>, best: &mut Best) {
        for repair in repairs {
            if self.is_spent(text.len()) || best.is_done() {
                return;
            }
            let next = repair.apply(text);
            let left = self.failure(&next);
            best.consider(next, left);
        }
    }

    /// Without a statement or member around the failure, the smallest first.
    fn try_units(&mut self, text: &[u8], place: &Place, best: &mut Best) {
        let len = self.parse.text().len();
        let at = place.token.start.min(len);
        let before = place.before.start.min(len);
        let root = self.parse.root();
        let first = root.descendant_for_byte_range(before, place.before.end.min(len));
        let both = root.descendant_for_byte_range(before, at);
        let units: Vec<Node<'_>> = first
            .into_iter()
            .flat_map(ancestors)
            .take_while(|node| node.end_byte() <= at)
            .chain(both.into_iter().flat_map(ancestors))
            .filter(|node| is_unit(*node))
            .collect();
        for unit in units {
            if self.is_spent(text.len()) || best.is_done() {
                return;
            }
            let range = unit.byte_range();
            if !text[range.clone()].trim_ascii().is_empty() {
                let mut next = text.to_vec();
                place::blank(&mut next, range);
                let left = self.failure(&next);
                best.consider(next, left);
            }
        }
    }

    /// Without the rest of the text from the outermost statement on that fails, or from an earlier one.
    fn give_up(&mut self, text: &[u8], at: usize) -> String {
        let root = self.parse.root();
        let mut starts: Vec<usize> = crate::children(root)
            .map(|node| node.start_byte())
            .filter(|&start| start <= at)
            .collect();
        let len = self.parse.text().len();
        while let Some(start) = starts.pop() {
            let mut next = text[..len].to_vec();
            place::blank(&mut next, start..len);
            if self.failure(&next).is_none() {
                return string(next);
            }
            // Half as many, so that it ends soon.
            starts.truncate(starts.len() / 2);
        }
        let mut next = text[..len].to_vec();
        place::blank(&mut next, 0..len);
        string(next)
    }
}

/// Blanks out the lines with which a version control system marks a conflict; whether there was one.
fn blank_conflict_markers(text: &mut [u8]) -> bool {
    let markers = [&b"<<<<<<<"[..], b"=======", b">>>>>>>", b"|||||||"];
    let mut found = false;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let end = at
            + rest
                .iter()
                .position(|&it| it == b'\n')
                .unwrap_or(rest.len());
        if markers.iter().any(|marker| rest.starts_with(marker)) {
            place::blank(text, at..end);
            found = true;
        }
        at = end + 1;
    }
    found
}

fn string(text: Vec<u8>) -> String {
    String::from_utf8(text).expect("whole characters are replaced")
}

/// Whether a node stands for itself among others: a statement or a member.
fn is_unit(node: Node<'_>) -> bool {
    use SyntaxKind as K;
    node.parent().is_some_and(|parent| {
        matches!(
            parent.syntax(),
            K::Program
                | K::StatementBlock
                | K::ClassBody
                | K::InterfaceBody
                | K::ObjectType
                | K::SwitchBody
                | K::EnumBody
                | K::Error
        )
    })
}
