//! Inline completions at real places, beside what the author wrote there.
//!
//! A line is cut somewhere in its middle, the server is told that the rest is gone, and asked. The
//! files themselves have been read by the server's model, as in a real session on known code.

use std::time::Duration;

use anyhow::Result;
use console::{StyledObject, style};
use serde_json::{Value, json};
use symphony_tests::{Encoding, LspClient, Position, Random};

use super::screen::{Screen, tail};
use super::{Opened, median, timed};

/// Characters of code that a line needs to be worth cutting.
const MIN_CODE: usize = 16;

/// What the server says in UTF-16 columns.
const ENCODING: Encoding = Encoding::Utf16;

/// Where a line is cut.
struct Place {
    file: usize,
    line: usize,
    before: String,
    /// What the author wrote behind it.
    rest: String,
}

/// What came back.
struct Offer {
    text: String,
    confidence: f64,
    took: Duration,
}

impl Offer {
    fn verdict(&self, rest: &str) -> Verdict {
        if self.text.is_empty() {
            Verdict::Nothing
        } else if self.text.trim_end() == rest {
            Verdict::Whole
        } else if rest.starts_with(&self.text) {
            Verdict::Beginning
        } else {
            Verdict::Other
        }
    }
}

/// How what was offered stands to what was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Whole,
    Beginning,
    Other,
    Nothing,
}

impl Verdict {
    const ALL: [Self; 4] = [Self::Whole, Self::Beginning, Self::Other, Self::Nothing];

    fn label(self) -> StyledObject<&'static str> {
        match self {
            Self::Whole => style("the whole rest").green(),
            Self::Beginning => style("its beginning").cyan(),
            Self::Other => style("something else").yellow(),
            Self::Nothing => style("nothing").dim(),
        }
    }
}

/// Asks at `count` places and shows each answer.
pub(super) fn show(
    client: &mut LspClient,
    opened: &mut [Opened],
    random: &mut Random,
    count: usize,
    screen: &mut Screen,
) -> Result<()> {
    screen.heading(
        "Completions",
        "lines cut in the middle: what was written, what is offered",
    )?;
    let places = places(opened, random, count);
    let mut times = Vec::new();
    let mut verdicts = Vec::new();
    for place in &places {
        let file = &mut opened[place.file];
        let offer = ask(client, file, place)?;
        show_place(&file.name, place, &offer, screen)?;
        times.push(offer.took);
        verdicts.push(offer.verdict(&place.rest));
    }
    let counts = Verdict::ALL.map(|verdict| {
        let count = verdicts.iter().filter(|it| **it == verdict).count();
        format!("{count} {}", verdict.label())
    });
    let (counts, median) = (counts.join(", "), median(&times));
    screen.good(&format!(
        "{} places: {counts}; median {median:.2} ms",
        places.len()
    ))
}

fn show_place(name: &str, place: &Place, offer: &Offer, screen: &mut Screen) -> Result<()> {
    let name = format!("{name}:{}", place.line + 1);
    let name_width = screen.width().saturating_sub(36);
    let confidence = match offer.verdict(&place.rest) {
        Verdict::Nothing => String::new(),
        _ => format!("{:.0} %", offer.confidence * 100.0),
    };
    let milliseconds = offer.took.as_secs_f64() * 1000.0;
    let verdict = offer.verdict(&place.rest).label();
    screen.line(&format!(
        "{name:<name_width$} {confidence:>5} {milliseconds:>8.2} ms  {verdict}"
    ))?;
    let half = screen.width() / 2 - 12;
    let before = style(tail(place.before.trim_start(), half)).dim();
    let (written, offered) = (style("written").dim(), style("offered").dim());
    screen.line(&format!("  {written} {before}\u{2502}{}", place.rest))?;
    if !offer.text.is_empty() {
        let text = offer.text.replace('\n', "\u{21b5}");
        screen.line(&format!(
            "  {offered} {} {}",
            " ".repeat(half),
            style(text).bold()
        ))?;
    }
    Ok(())
}

/// Lines of code in the open files, each cut once.
fn places(opened: &[Opened], random: &mut Random, count: usize) -> Vec<Place> {
    let mut left = Vec::new();
    for (file, it) in opened.iter().enumerate() {
        let lines = it.document.text.split('\n').enumerate();
        let code = lines.filter(|(_, text)| is_code(text));
        left.extend(code.map(|(line, text)| (file, line, text.trim_end_matches('\r'))));
    }
    let mut places = Vec::new();
    while places.len() < count && !left.is_empty() {
        let (file, line, text) = left.swap_remove(random.below(left.len()));
        let cut = cut(text, random);
        let (before, rest) = (text[..cut].to_owned(), text[cut..].trim_end().to_owned());
        places.push(Place {
            file,
            line,
            before,
            rest,
        });
    }
    places.sort_by_key(|it| (it.file, it.line));
    places
}

fn is_code(line: &str) -> bool {
    let line = line.trim();
    line.chars().filter(|it| !it.is_whitespace()).count() >= MIN_CODE
        && !["//", "/*", "*", "import "]
            .iter()
            .any(|it| line.starts_with(it))
}

/// A place between a third and two thirds of the line's code, not behind a space.
fn cut(line: &str, random: &mut Random) -> usize {
    let code = line.trim_start();
    let indent = line.len() - code.len();
    let third = code.trim_end().len() / 3;
    let mut cut = indent + third + random.below(third + 1);
    while !line.is_char_boundary(cut) || line[..cut].ends_with(' ') {
        cut -= 1;
    }
    cut
}

/// Removes the rest of the line, asks, and puts it back.
fn ask(client: &mut LspClient, file: &mut Opened, place: &Place) -> Result<Offer> {
    let width = |text: &str| text.chars().map(|it| ENCODING.width(it)).sum();
    let at = Position {
        line: place.line,
        character: width(&place.before),
    };
    let end = Position {
        line: place.line,
        character: usize::from(u16::MAX),
    };
    let document = &mut file.document;
    let whole = document.text.clone();
    let edit = document.replace(at, end, "", ENCODING);
    let params = document.change_params(vec![edit]);
    client.notify("textDocument/didChange", params);

    let mut params = document.id_params();
    params["position"] = at.to_json();
    params["context"] = json!({ "triggerKind": 2 });
    let (result, took) = timed(client, "textDocument/inlineCompletion", params)?;

    let edit = document.replace_all(&whole);
    let params = document.change_params(vec![edit]);
    client.notify("textDocument/didChange", params);
    let item = &result["items"][0];
    Ok(Offer {
        text: behind_cursor(item, &place.before),
        confidence: item["data"]["confidence"].as_f64().unwrap_or_default(),
        took,
    })
}

/// What an item adds behind the cursor: its range may begin before it.
fn behind_cursor(item: &Value, before: &str) -> String {
    let text = item["insertText"].as_str().unwrap_or_default();
    let column = item["range"]["start"]["character"].as_u64();
    let mut left = column
        .and_then(|it| usize::try_from(it).ok())
        .unwrap_or(usize::MAX);
    let kept = before.char_indices().find(|(_, character)| {
        let reached = left == 0;
        left = left.saturating_sub(ENCODING.width(*character));
        reached
    });
    let replaced = kept.map_or("", |(index, _)| &before[index..]);
    text.strip_prefix(replaced).unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_shown_from_the_cursor_on() {
        let item = json!({
            "insertText": "value = 1;",
            "range": { "start": { "line": 0, "character": 6 } },
        });
        assert_eq!(behind_cursor(&item, "const va"), "lue = 1;");
        assert_eq!(behind_cursor(&item, "const "), "value = 1;");
        assert_eq!(behind_cursor(&json!({}), "const "), "");
    }

    #[test]
    fn a_cut_leaves_code_on_both_sides() {
        let mut random = Random::new(3);
        let line = "    const \u{e9}t\u{e9} = compute(\u{1f3bb}, next);";
        for _ in 0..100 {
            let cut = cut(line, &mut random);
            assert!(!line[..cut].trim().is_empty() && !line[cut..].trim().is_empty());
        }
    }
}
