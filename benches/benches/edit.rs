//! One-character edits in a 5,000-line file, beside the full parse of the same text.
//!
//! Prints percentiles, since a figure is asked of the 95th: a mean hides the slow keys that a person feels.
#![expect(clippy::print_stdout, reason = "a benchmark's figures are its output")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use symphony_syntax::{Language, parse_rope, parse_text};
use symphony_text::{Position, PositionEncoding, Rope, apply_edit};

/// A file of the given number of lines, of the kinds of code that people write.
fn source(lines: usize) -> String {
    let unit = |n: usize| {
        format!(
            "export class Account{n}<T extends object> implements Entity {{\n\
             \x20 private readonly history: Array<{{ at: Date; amount: number }}> = [];\n\
             \x20 constructor(public name: string, protected value = {n}) {{}}\n\
             \x20 async deposit(amount: number, note?: string): Promise<number> {{\n\
             \x20   if (amount <= 0 || !Number.isFinite(amount)) {{\n\
             \x20     throw new RangeError(`cannot deposit ${{amount}} to ${{this.name}}`);\n\
             \x20   }}\n\
             \x20   this.history.push({{ at: new Date(), amount, ...(note ? {{ note }} : {{}}) }});\n\
             \x20   return (this.value += amount);\n\
             \x20 }}\n\
             }}\n\
             \n"
        )
    };
    (0..lines / 12).map(unit).collect()
}

#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
#[cfg(not(unix))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const LINES: usize = 5_004;
const EDITS: usize = 2_000;
const PARSES: usize = 40;

fn main() {
    let text = source(LINES);
    let full = (0..PARSES).map(|_| time(|| parse_text(&text, Language::TypeScript, None)));
    report("full parse", full.collect());

    report(
        "edit in a name",
        edits(&text, |line| line.find("amount").map(|at| at + 3)),
    );
    // Every third of these tears a keyword apart, and the parser has to recover.
    report(
        "edit at column 3",
        edits(&text, |line| Some(line.len().min(3))),
    );
}

/// Types a character and takes it back, at the column that `place` says, line after line.
fn edits(text: &str, place: impl Fn(&str) -> Option<usize>) -> Vec<Duration> {
    let lines: Vec<&str> = text.lines().collect();
    let mut rope = Rope::from_str(text);
    let mut tree = parse_rope(&rope, Language::TypeScript, None);
    let mut times = Vec::with_capacity(EDITS);
    // A stride that no period of the text divides.
    for line in (0..).map(|turn| turn * 613 % lines.len()) {
        if times.len() >= EDITS {
            break;
        }
        let Some(column) = place(lines[line]) else {
            continue;
        };
        let at = |column: usize| Position {
            line: line as u32,
            column: column as u32,
        };
        for (range, new) in [
            ((at(column), at(column)), "x"),
            ((at(column), at(column + 1)), ""),
        ] {
            times.push(time(|| {
                let edit = apply_edit(&mut rope, range, new, PositionEncoding::Utf16);
                tree = parse_rope(&rope, Language::TypeScript, Some((tree.clone(), &[edit])));
            }));
        }
    }
    times
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| {
        times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3
    };
    println!(
        "{name:<20} n {:>5}  p50 {:>7.3} ms  p95 {:>7.3} ms  max {:>7.3} ms",
        times.len(),
        at(50),
        at(95),
        at(100)
    );
}
