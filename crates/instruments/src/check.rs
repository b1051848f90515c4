//! Whether a suggestion may be shown: only what adds no syntax error to the document.

use std::io;
use std::sync::LazyLock;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use symphony_syntax::{Language, Node, STACK_SIZE, SyntaxError, Tree, parse_text, syntax_errors};
use tokio::sync::oneshot;

/// A document with a place in it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) text: String,
    pub(crate) offset: usize,
    pub(crate) language: Language,
}

/// A candidate in the forms in which it may be shown, the best first.
pub(crate) type Forms = Vec<String>;

type Job = Box<dyn FnOnce() + Send>;

/// Parsers recurse: they need more stack than the threads of a runtime have, and the runtime is not to wait for them.
static CHECKER: LazyLock<io::Result<Sender<Job>>> = LazyLock::new(|| {
    let (sender, jobs) = channel::<Job>();
    thread::Builder::new()
        .name("symphony-check".to_owned())
        .stack_size(STACK_SIZE)
        .spawn(move || jobs.into_iter().for_each(|job| job()))?;
    Ok(sender)
});

/// Of each candidate the longest part that adds no syntax error, if there is one.
pub(crate) async fn check(place: Place, candidates: Vec<Forms>) -> io::Result<Vec<Option<String>>> {
    let (answer, checked) = oneshot::channel();
    let job = move || {
        // Whoever asked may be gone, before or afterwards.
        if answer.is_closed() {
            return;
        }
        let checker = Checker::of(&place);
        let sound = candidates
            .into_iter()
            .map(|it| checker.soundest(&it))
            .collect();
        let _ = answer.send(sound);
    };
    let lost = || io::Error::other("the thread that parses is gone");
    let checker = CHECKER
        .as_ref()
        .map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
    checker.send(Box::new(job)).map_err(|_| lost())?;
    checked.await.map_err(|_| lost())
}

/// What is held against a suggestion.
struct Checker<'a> {
    place: &'a Place,
    /// What was wrong with the document anyway.
    elsewhere: LazyLock<Elsewhere, Box<dyn FnOnce() -> Elsewhere + 'a>>,
}

/// What is wrong with the document without the line that is being written.
struct Elsewhere {
    is_broken: bool,
    /// How often the tolerant parser stumbles over it.
    broken: usize,
}

impl<'a> Checker<'a> {
    fn of(place: &'a Place) -> Self {
        Self {
            place,
            elsewhere: LazyLock::new(Box::new(|| {
                let text = without_line(&place.text, place.offset);
                Elsewhere {
                    is_broken: !syntax_errors(&text, place.language).is_empty(),
                    broken: count_broken(&parse_text(&text, place.language, None), 0, 0).all,
                }
            })),
        }
    }

    /// The first form, from its start, as many lines as possible.
    fn soundest(&self, forms: &Forms) -> Option<String> {
        let whole = forms.iter().find(|it| self.is_sound(it));
        if let Some(whole) = whole {
            return Some(whole.clone());
        }
        let mut rest = forms.first()?.as_str();
        while let Some(end) = rest.rfind('\n') {
            rest = rest[..end].trim_end();
            if !rest.trim().is_empty() && self.is_sound(rest) {
                return Some(rest.to_owned());
            }
        }
        None
    }

    fn is_sound(&self, inserted: &str) -> bool {
        let Place {
            text,
            offset,
            language,
        } = self.place;
        let (before, behind) = text.split_at(*offset);
        let text = [before, inserted, behind].concat();
        let after = syntax_errors(&text, *language);
        if after.is_empty() {
            return true;
        }
        if !self.elsewhere.is_broken {
            return false;
        }
        // The document has errors that are not the suggestion's. The strict parser tells one that it cannot recover from and
        // what is before it, so it may not have come as far as the suggestion; the tolerant parser counts them all.
        let (start, end) = (*offset, *offset + inserted.len());
        let is_in = |it: &SyntaxError| {
            let at = usize::from(it.range.start());
            at >= start && at < end
        };
        if after.iter().any(is_in) {
            return false;
        }
        let broken = count_broken(&parse_text(&text, *language, None), start, end);
        broken.inside == 0 && broken.all <= self.elsewhere.broken
    }
}

/// The document with blanks in place of the cursor's line.
fn without_line(text: &str, offset: usize) -> String {
    let start = text[..offset].rfind('\n').map_or(0, |end| end + 1);
    let end = text[offset..]
        .find('\n')
        .map_or(text.len(), |it| offset + it);
    format!(
        "{}{}{}",
        &text[..start],
        " ".repeat(end - start),
        &text[end..]
    )
}

/// What a tolerant parser could not make sense of.
struct Broken {
    all: usize,
    /// Of these, what begins in a range.
    inside: usize,
}

fn count_broken(tree: &Tree, start: usize, end: usize) -> Broken {
    let mut broken = Broken { all: 0, inside: 0 };
    let mut todo = vec![tree.root_node()];
    while let Some(node) = todo.pop() {
        if node.is_error() || node.is_missing() {
            broken.all += 1;
            broken.inside += usize::from(node.start_byte() >= start && node.start_byte() < end);
        }
        if node.has_error() {
            let mut cursor = node.walk();
            let children: Vec<Node<'_>> = node.children(&mut cursor).collect();
            todo.extend(children);
        }
    }
    broken
}
