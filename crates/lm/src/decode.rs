//! Suggestions: the most probable tokens up to the end of the line, or up to where the text after
//! the cursor goes on.

use crate::builtin::{self, END, LONG, is_line, shape};
use crate::file::{FileState, Place};
use crate::model::{Model, Snapshot};
use crate::predict::Evidence;
use crate::weights::Manner;

/// Hypotheses kept at each step.
const BEAM: usize = 4;
/// Hypotheses kept after the first step when text follows on the line: that text chooses later.
const FIRST_BEAM: usize = 10;
/// Tokens in a suggestion at most.
const LONGEST: usize = 24;
/// Tokens between the cursor and the text after it at most.
const LONGEST_INSIDE: usize = 8;
/// Hypotheses less probable than this are dropped.
const LEAST: f64 = 1e-5;
/// When text follows on the line, how likely it is that nothing is missing before it.
const NOTHING_MISSING: f64 = 0.3;

/// What to complete.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// Path of the document, as in its `Change`.
    pub path: &'a str,
    /// The text before the cursor.
    pub before: &'a str,
    /// The text after the cursor.
    pub after: &'a str,
}

/// A place where a completion may end.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Cut {
    /// Bytes of the completion's text up to here.
    pub length: usize,
    /// Calibrated probability that all up to here is right.
    pub probability: f64,
    /// The last token, such as an operator, wants another one after it.
    pub dangling: bool,
}

/// The most probable text after the cursor.
#[derive(Clone, PartialEq, Debug)]
pub struct Completion {
    /// The text up to the end of the line, or to where the text after the cursor goes on.
    pub text: String,
    /// Where it may end, with falling probabilities; the last is its end.
    pub cuts: Vec<Cut>,
    /// How it came about.
    pub manner: Manner,
}

impl Completion {
    /// The longest beginning with at least this probability (`least_dangling` if its last token
    /// wants another one): its text and its probability.
    pub fn cut(&self, least: f64, least_dangling: f64) -> Option<(&str, f64)> {
        let fits =
            |cut: &&Cut| cut.probability >= if cut.dangling { least_dangling } else { least };
        let cuts = self.cuts.iter().filter(fits);
        let cut = cuts.max_by(|a, b| {
            a.length
                .cmp(&b.length)
                .then(a.probability.total_cmp(&b.probability))
        })?;
        Some((&self.text[..cut.length], cut.probability))
    }
}

/// Whether a token is of no use as the last one.
fn dangles(token: &str) -> bool {
    const ENDS: &str = "this null true false undefined string number boolean any unknown never \
        super void break continue debugger ( [ { ) ] } ; , > ++ --";
    builtin::id(token).is_some() && !ENDS.split_whitespace().any(|end| end == token)
}

/// A sequence of tokens after the cursor.
#[derive(Clone)]
struct Hypothesis {
    context: Vec<u32>,
    added: usize,
    probability: f64,
    steps: Vec<f64>,
    open: usize,
    room: usize,
    /// `<` without `>`.
    angles: i32,
}

impl Model {
    /// Does ahead of time what the first question about a document needs: its share of a large index takes a
    /// while to make (measured 2026-11: 0.2 s for 4 million tokens).
    pub fn prepare(&self, query: &Query<'_>, state: &mut FileState) {
        let _ = state.place(&self.snapshot(), query.path, query.before, query.after);
    }

    /// What probably follows before the cursor's line ends, or the text after the cursor begins.
    /// None when there is nothing to say, or `cancelled` says so.
    pub fn complete(
        &self,
        query: &Query<'_>,
        state: &mut FileState,
        cancelled: &dyn Fn() -> bool,
    ) -> Option<Completion> {
        let snapshot = self.snapshot();
        let place = state.place(&snapshot, query.path, query.before, query.after)?;
        let evidence = state.evidence(&snapshot, self.weights());
        let decoder = Decoder {
            snapshot: &snapshot,
            evidence,
            place,
            cancelled,
        };
        if decoder.place.at_line_end() {
            decoder.line_end(query)
        } else {
            decoder.inside(query)
        }
    }
}

struct Decoder<'a> {
    snapshot: &'a Snapshot,
    evidence: Evidence<'a>,
    place: Place,
    cancelled: &'a dyn Fn() -> bool,
}

impl Decoder<'_> {
    fn start(&self) -> Hypothesis {
        Hypothesis {
            context: self.place.context.clone(),
            added: 0,
            probability: 1.0,
            steps: Vec::new(),
            open: 0,
            room: self.place.room,
            angles: 0,
        }
    }

    /// Hypotheses one token longer; brackets that the text after the cursor closes stay open.
    fn longer(&self, hypotheses: &[Hypothesis], most: usize) -> Vec<Hypothesis> {
        let mut longer = Vec::new();
        for hypothesis in hypotheses {
            let word = if hypothesis.added == 0 {
                self.place.word.as_str()
            } else {
                ""
            };
            for (token, probability) in self.evidence.next(&hypothesis.context, word, most + 1) {
                let mut next = hypothesis.clone();
                if token == LONG || token == END || !next.balance(self.evidence.names.text(token)) {
                    continue;
                }
                next.context.push(token);
                next.added += 1;
                next.probability *= probability;
                next.steps.push(next.probability);
                longer.push(next);
            }
        }
        longer.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        longer
    }

    fn line_end(&self, query: &Query<'_>) -> Option<Completion> {
        let mut beam = vec![self.start()];
        let mut done: Option<Hypothesis> = None;
        for step in 0..LONGEST {
            if (self.cancelled)() {
                return None;
            }
            let at_end = |it: &Hypothesis| it.context.last().is_some_and(|it| is_line(*it));
            let (ended, mut next): (Vec<_>, Vec<_>) =
                self.longer(&beam, BEAM).into_iter().partition(at_end);
            let nothing_yet = step == 0 && self.place.word.is_empty();
            if let Some(ended) = ended.into_iter().next().filter(|_| !nothing_yet)
                && done
                    .as_ref()
                    .is_none_or(|done| done.probability < ended.probability)
            {
                done = Some(ended);
            }
            next.truncate(BEAM);
            beam = next;
            let best = beam.first().map_or(0.0, |it| it.probability);
            if best < LEAST || done.as_ref().is_some_and(|done| done.probability >= best) {
                break;
            }
        }
        let best = done.or_else(|| beam.into_iter().next())?;
        let manner = if self.place.word.is_empty() {
            Manner::LineEnd
        } else {
            Manner::LineEndInWord
        };
        let steps = best.steps.clone();
        self.completion(query, &best, manner, &steps)
    }

    /// Weighs each hypothesis by how well the text after the cursor follows it.
    fn inside(&self, query: &Query<'_>) -> Option<Completion> {
        let word_follows = query
            .after
            .bytes()
            .next()
            .is_some_and(crate::lex::is_word_byte);
        if word_follows && !self.place.word.is_empty() {
            return None;
        }
        let mut beam = vec![self.start()];
        let mut sum = 0.0;
        if self.place.word.is_empty() {
            sum += NOTHING_MISSING * self.joins(&self.place.context);
        }
        let mut best: Option<(f64, Hypothesis)> = None;
        for step in 0..LONGEST_INSIDE {
            if (self.cancelled)() {
                return None;
            }
            let width = if step == 0 { FIRST_BEAM } else { BEAM };
            beam = self.longer(&beam, width);
            beam.retain(|it| it.context.last().is_some_and(|it| !is_line(*it)));
            beam.truncate(width);
            let least = best.as_ref().map_or(LEAST, |best| best.0 * 0.1);
            beam.retain(|it| it.probability > least);
            if beam.is_empty() {
                break;
            }
            for hypothesis in &beam {
                let score = hypothesis.probability * self.joins(&hypothesis.context);
                sum += score;
                let whole = hypothesis.open == 0 && hypothesis.angles == 0;
                if whole && best.as_ref().is_none_or(|best| best.0 < score) {
                    best = Some((score, hypothesis.clone()));
                }
            }
        }
        let (score, best) = best?;
        let manner = if self.place.word.is_empty() {
            Manner::Inside
        } else {
            Manner::InsideInWord
        };
        self.completion(query, &best, manner, &[score / sum])
    }

    /// The probability of the text after the cursor.
    fn joins(&self, context: &[u32]) -> f64 {
        let mut context = context.to_vec();
        let mut probability = 1.0;
        for token in self.place.right.iter().take(2) {
            probability *= self.evidence.mixture(&context).probability(*token);
            context.push(*token);
        }
        probability
    }

    /// Writes a hypothesis down. `steps` has raw probabilities, of each token or of all.
    fn completion(
        &self,
        query: &Query<'_>,
        hypothesis: &Hypothesis,
        manner: Manner,
        steps: &[f64],
    ) -> Option<Completion> {
        let names = self.evidence.names;
        let tokens = &hypothesis.context;
        let shape_at = |i: Option<usize>| i.map_or(shape::OTHER, |i| names.shape(tokens[i]));
        let first = tokens.len() - hypothesis.added;
        let mut text = String::new();
        let mut cuts: Vec<Cut> = Vec::new();
        for i in first..tokens.len() {
            if !is_line(tokens[i]) {
                let token = names.text(tokens[i]);
                let word = if i == first { self.place.word.len() } else { 0 };
                let at_edge = i == first && (word > 0 || !self.place.touches);
                let left = i.checked_sub(1);
                let after_line = left.is_some_and(|left| is_line(tokens[left]));
                let before = shape_at(i.checked_sub(2));
                if !at_edge
                    && !after_line
                    && left.is_some()
                    && self
                        .snapshot
                        .spacing
                        .blank(before, shape_at(left), shape_at(Some(i)))
                {
                    text.push(' ');
                }
                text.push_str(token.get(word..)?);
            }
            let raw = if steps.len() == 1 {
                steps[0]
            } else {
                steps[i - first]
            };
            let probability = self.evidence.weights.calibrated(manner, raw);
            if steps.len() > 1 || i + 1 == tokens.len() {
                cuts.push(Cut {
                    length: text.len(),
                    probability,
                    dangling: dangles(names.text(tokens[i])),
                });
            }
        }
        self.separate(query, hypothesis, &mut text, &mut cuts);
        cuts.retain(|cut| cut.length > 0);
        (!cuts.is_empty()).then_some(Completion { text, cuts, manner })
    }

    /// A blank before the text after the cursor, where it belongs.
    fn separate(&self, query: &Query<'_>, done: &Hypothesis, text: &mut String, cuts: &mut [Cut]) {
        let (Some(right), [.., left]) = (self.place.right.first(), &done.context[..]) else {
            return;
        };
        let names = self.evidence.names;
        let before = done
            .context
            .len()
            .checked_sub(2)
            .map(|i| names.shape(done.context[i]));
        let before = before.unwrap_or(shape::OTHER);
        if self.place.at_line_end()
            || query.after.starts_with([' ', '\t'])
            || !self
                .snapshot
                .spacing
                .blank(before, names.shape(*left), names.shape(*right))
        {
            return;
        }
        text.push(' ');
        if let Some(last) = cuts.last_mut() {
            last.length = text.len();
        }
    }
}

impl Hypothesis {
    /// Takes note of a bracket; false if it closes one that the text after the cursor closes.
    fn balance(&mut self, token: &str) -> bool {
        match token {
            "(" | "[" | "{" => self.open += 1,
            ")" | "]" | "}" if self.open > 0 => self.open -= 1,
            ")" | "]" | "}" if self.room > 0 => self.room -= 1,
            ")" | "]" | "}" => return false,
            "<" => self.angles += 1,
            ">" => self.angles -= 1,
            ">>" => self.angles -= 2,
            _ => {}
        }
        true
    }
}
