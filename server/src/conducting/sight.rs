//! What is to be seen of a question before anyone is asked.

use std::time::{Duration, Instant};

use symphony_conductor::{Prefix, Surroundings, Trigger, View};
use symphony_syntax::Language;
use symphony_text::TextSize;

use crate::rhythm::Rhythm;

/// What stands before a value; as `python-models/src/quest/text.py` has it, which says what the policy learned.
const ASSIGNS: &str = "=:?+-*/&|!>;";
const OPENS: &str = "([{,<";

/// A question's place, and who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub(crate) text: &'a str,
    pub(crate) language: Language,
    pub(crate) offset: TextSize,
    /// Whether the user has asked for it in so many words.
    pub(crate) invoked: bool,
    pub(crate) rhythm: Rhythm,
    /// Nobody waits longer.
    pub(crate) deadline: Duration,
}

impl Sight<'_> {
    /// For the Conductor, without what is known of instruments.
    pub(crate) fn view(&self) -> View {
        let offset = usize::from(self.offset).min(self.text.len());
        let (before, after) = self
            .text
            .split_at_checked(offset)
            .unwrap_or((self.text, ""));
        let before = before.rsplit('\n').next().unwrap_or(before);
        let after = after.split(['\n', '\r']).next().unwrap_or(after);
        let millis = |it: Duration| it.as_secs_f64() * 1000.0;
        View {
            trigger: if self.invoked {
                Trigger::Invoked
            } else {
                Trigger::Automatic
            },
            surroundings: match symphony_syntax::surroundings(self.text, self.offset, self.language)
            {
                symphony_syntax::Surroundings::Code => Surroundings::Code,
                symphony_syntax::Surroundings::String => Surroundings::String,
                symphony_syntax::Surroundings::Comment => Surroundings::Comment,
                symphony_syntax::Surroundings::Import => Surroundings::Import,
            },
            prefix: prefix(before),
            prefix_chars: characters(before.trim_start()),
            suffix_chars: characters(after.trim_end()),
            typing_cps: self.rhythm.speed().unwrap_or(0.0),
            idle_ms: self.rhythm.idle(Instant::now()).map_or(0.0, millis),
            document_chars: u32::try_from(self.text.len()).unwrap_or(u32::MAX),
            deadline_ms: millis(self.deadline),
            cost_share: 1.0,
            period_share: 1.0,
            ..View::default()
        }
    }
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// What is before the cursor in its line.
fn prefix(before: &str) -> Prefix {
    let text = before.trim_end();
    let in_word = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$');
    let Some(last) = text.chars().next_back() else {
        return Prefix::Blank;
    };
    if before.chars().next_back().is_some_and(in_word) {
        Prefix::Word
    } else if last == '.' {
        Prefix::Member
    } else if OPENS.contains(last) {
        Prefix::Open
    } else if ASSIGNS.contains(last) || text.ends_with("return") {
        Prefix::Assign
    } else {
        Prefix::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The view of a place marked with `|`.
    fn view(marked: &str) -> View {
        let offset = marked.find('|').unwrap();
        let text = marked.replace('|', "");
        let sight = Sight {
            text: &text,
            language: Language::TypeScript,
            offset: TextSize::from(offset as u32),
            invoked: false,
            rhythm: Rhythm::default(),
            deadline: Duration::from_millis(1500),
        };
        sight.view()
    }

    #[test]
    fn a_place_is_told_by_its_line() {
        for (marked, expected) in [
            ("|", Prefix::Blank),
            ("  |\n", Prefix::Blank),
            ("  fo|o", Prefix::Word),
            ("é|", Prefix::Word),
            ("a.|", Prefix::Member),
            ("f(|)", Prefix::Open),
            ("a = |", Prefix::Assign),
            ("return |", Prefix::Assign),
            ("const |", Prefix::Other),
            ("f() |", Prefix::Other),
        ] {
            assert_eq!(view(marked).prefix, expected, "{marked}");
        }
        let crlf = view("a\r\n  b = 'x| y'  \r\nc");
        assert_eq!((crlf.prefix_chars, crlf.suffix_chars), (6, 3));
        assert_eq!(crlf.surroundings, Surroundings::String);
        assert_eq!(crlf.deadline_ms, 1500.0);
    }
}
