//! What a policy sees of a question, as `python-models/src/conductor/view.py` has it.

use crate::LAYOUT;
use crate::numbers::{bits, numbered, record};

/// More instruments than this are no view.
const MOST_INSTRUMENTS: usize = 64;

numbered! {
    /// Why there is a question.
    Trigger {
        /// The user typed.
        #[default]
        Automatic,
        /// The user asked.
        Invoked,
    }
}

numbered! {
    /// What the cursor stands in.
    Surroundings {
        /// None of the others.
        #[default]
        Code,
        /// A string or a template.
        String,
        /// A comment.
        Comment,
        /// An import or an export from elsewhere.
        Import,
    }
}

numbered! {
    /// What is before the cursor in its line.
    Prefix {
        /// Nothing.
        #[default]
        Blank,
        /// A name.
        Word,
        /// A dot.
        Member,
        /// Something that opens.
        Open,
        /// An equals sign.
        Assign,
        /// Anything else.
        Other,
    }
}

numbered! {
    /// What sort an instrument is.
    Kind {
        /// The embedded model.
        #[default]
        Local,
        /// The list of names.
        Names,
        /// A model on this machine.
        Server,
        /// A model elsewhere.
        Remote,
    }
}

numbered! {
    /// What an instrument can do at once.
    Availability {
        /// It has to be started; of the embedded model: it has not learned the workspace.
        #[default]
        Cold,
        /// It answers.
        Warm,
        /// It does not.
        Failed,
    }
}

record! {
    /// Something that can be asked.
    #[derive(Debug, Clone, Copy, Default, PartialEq)]
    Instrument {
        /// Its number in the pool, 0 to 63.
        id: u8,
        /// What sort it is.
        kind: Kind,
        /// What it can do at once.
        state: Availability,
        /// Expected time until the answer, a start included.
        p50_ms: f64,
        /// In 95 of 100 cases not more.
        p95_ms: f64,
        /// Of one call, in millionths of money.
        cost: u64,
        /// Share of what it showed that was kept.
        quality: f64,
        /// On how many that rests; 0: nothing is known.
        quality_n: u32,
        /// The most tokens that it reads.
        context_tokens: u32,
    }
}

record! {
    /// All that a policy knows of a question.
    #[derive(Debug, Clone, Default, PartialEq)]
    View {
        /// Why there is a question.
        trigger: Trigger,
        /// What the cursor stands in.
        surroundings: Surroundings,
        /// What is before the cursor in its line.
        prefix: Prefix,
        /// Characters before the cursor in its line, without the indentation.
        prefix_chars: u32,
        /// Characters after the cursor in its line, without blanks at the end.
        suffix_chars: u32,
        /// Characters a second of the last ten keys; 0: unknown.
        typing_cps: f64,
        /// Since the last edit.
        idle_ms: f64,
        /// Of the last sixteen suggestions.
        accepted: u8,
        /// Of the last sixteen suggestions.
        rejected: u8,
        /// Length of the document.
        document_chars: u32,
        /// An answer after that is read by nobody.
        deadline_ms: f64,
        /// What may still be spent, in millionths of money.
        cost_left: u64,
        /// Of the period's money, the share that is left; 1 without a limit.
        cost_share: f64,
        /// Of that period, the share that is to come; 1 without a limit.
        period_share: f64,
    }
    /// Who can be asked.
    + instruments: Vec<Instrument>
}

/// Of a flat view: how many numbers before the instruments, and how many each of these has.
pub(crate) const WIDTHS: [u32; 2] = [
    View::FIELDS.len() as u32 + 2,
    Instrument::FIELDS.len() as u32,
];

/// For each of the two, a bit for each number that is an int; the layout and the number of instruments are.
pub(crate) fn ints() -> [u64; 2] {
    let last = 1 << (WIDTHS[0] - 1);
    [
        bits(View::FIELDS, 1) | 1 | last,
        bits(Instrument::FIELDS, 0),
    ]
}

impl View {
    /// The flat form; none if there are too many instruments.
    #[must_use]
    pub fn numbers(&self) -> Option<Vec<f64>> {
        let n = self.instruments.len();
        if n > MOST_INSTRUMENTS {
            return None;
        }
        let length = WIDTHS[0] as usize + n * WIDTHS[1] as usize;
        let mut numbers = Vec::with_capacity(length);
        numbers.push(f64::from(LAYOUT));
        self.write(&mut numbers);
        numbers.push(n as f64);
        for instrument in &self.instruments {
            instrument.write(&mut numbers);
        }
        Some(numbers)
    }

    /// The view of a flat form; none if it is none.
    #[must_use]
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let mut numbers = numbers.iter().copied();
        if numbers.next()? != f64::from(LAYOUT) {
            return None;
        }
        let mut view = Self::read(&mut numbers)?;
        let n: u8 = crate::numbers::Number::of(numbers.next()?)?;
        let instruments = (0..n).map(|_| Instrument::read(&mut numbers));
        view.instruments = instruments.collect::<Option<_>>()?;
        let is_all = numbers.next().is_none() && view.instruments.len() <= MOST_INSTRUMENTS;
        is_all.then_some(view)
    }
}
