//! What of an instrument's texts may be shown: the part that belongs to this place, that adds no syntax error, and that is
//! probable enough.

use crate::call::Text;
use crate::check::{Place, check};
use crate::cut::Cut;
use crate::{Ghost, InlineQuestion, Prompt};

/// A question whose answers are judged.
pub(crate) struct Judged<'a> {
    pub(crate) question: &'a InlineQuestion<'a>,
    pub(crate) prompt: &'a Prompt,
    /// What ends an answer.
    pub(crate) special: &'a [&'static str],
    /// Whether the code is somewhere in words for people.
    pub(crate) is_prose: bool,
    /// The probability of a text of which nobody says it.
    pub(crate) prior: f32,
}

impl Judged<'_> {
    /// What may be shown, the surest first; and of how many texts nothing may.
    ///
    /// # Errors
    ///
    /// When texts cannot be checked; in words for the log.
    pub(crate) async fn ghosts(&self, texts: &[Text]) -> Result<(Vec<Ghost>, u64), String> {
        let cut = Cut::new(self.prompt, self.special, self.is_prose);
        let candidates = texts.iter().map(|it| cut.candidates(&it.text)).collect();
        let place = Place {
            text: self.question.text.to_owned(),
            offset: self.question.offset as usize,
            language: self.prompt.language,
        };
        let sound = check(place, candidates).await;
        let sound = sound.map_err(|error| format!("failed to check the answer: {error}"))?;
        let (mut ghosts, mut unusable) = (Vec::<Ghost>::new(), 0);
        for (text, sound) in texts.iter().zip(sound) {
            let shown = sound.and_then(|it| probable(text, it, self.question.tau, self.prior));
            let Some((shown, probability)) = shown else {
                unusable += 1;
                continue;
            };
            let shown = with_line_ends_of(self.question.text, shown);
            if ghosts.iter().all(|it| it.text != shown) {
                ghosts.push(Ghost {
                    start: self.question.offset,
                    end: self.question.offset,
                    text: shown,
                    probability,
                });
            }
        }
        ghosts.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        Ok((ghosts, unusable))
    }
}

/// As many lines as are probable enough together, and how probable. Where the endpoint does not say, the prior counts for
/// whatever there is.
fn probable(text: &Text, mut shown: String, tau: f64, prior: f32) -> Option<(String, f32)> {
    loop {
        // In prose the text does not begin with what is shown.
        let is_start = text.text.replace("\r\n", "\n").starts_with(&shown);
        let said = text.probability(shown.len()).filter(|_| is_start);
        let probability = said.unwrap_or(prior);
        if f64::from(probability) >= tau {
            return Some((shown, probability));
        }
        let end = shown.rfind('\n').filter(|_| said.is_some())?;
        let kept = shown[..end].trim_end().len();
        shown.truncate(kept);
        if shown.trim().is_empty() {
            return None;
        }
    }
}

fn with_line_ends_of(document: &str, text: String) -> String {
    let end = document.find('\n');
    let has_returns = end.is_some_and(|it| document[..it].ends_with('\r'));
    if has_returns {
        text.replace('\n', "\r\n")
    } else {
        text
    }
}
