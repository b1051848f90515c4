//! `symphony pit`: the jobs and the store of all running servers, live in the terminal.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use console::{Alignment, Term, pad_str, style};
use crossbeam_channel::never;

use super::say;
use crate::metrics::{Numbers, labelled, read_all, values};

/// How often the screen is drawn.
const EVERY: Duration = Duration::from_secs(1);

/// Shows the numbers of the servers that use a cache directory until the terminal is closed; once, if it is no terminal or
/// `once` says so.
pub(crate) fn run(cache: Option<&Path>, once: bool) -> anyhow::Result<()> {
    let cache =
        cache.context("there is no cache directory through which servers tell their numbers")?;
    let terminal = Term::stdout();
    if once || !terminal.is_term() {
        return say(&screen(&read_all(cache)));
    }
    let mut drawn = 0;
    loop {
        let text = screen(&read_all(cache));
        terminal.clear_last_lines(drawn)?;
        terminal.write_str(&text)?;
        drawn = text.lines().count();
        // Nothing comes: this is a wait that a signal ends.
        let _ = never::<()>().recv_timeout(EVERY);
    }
}

fn screen(all: &[Numbers]) -> String {
    if all.is_empty() {
        return "no server is running\n".to_owned();
    }
    let mut text = String::new();
    for numbers in all {
        let _ = writeln!(
            text,
            "{}",
            style(format!("server {}", numbers.process)).bold()
        );
        jobs(&mut text, numbers);
        instruments(&mut text, numbers);
        store(&mut text, numbers);
        text.push('\n');
    }
    text
}

const COLUMNS: [(&str, &str); 6] = [
    ("answered", "jobs_answered"),
    ("kept", "jobs_kept"),
    ("cancelled", "jobs_cancelled"),
    ("waited", "jobs_waited_seconds"),
    ("ran", "jobs_ran_seconds"),
    ("longest", "jobs_longest_seconds"),
];

fn jobs(text: &mut String, numbers: &Numbers) {
    let waiting: f64 = values(numbers, "jobs_queued").map(|it| it.1).sum();
    let running: f64 = values(numbers, "jobs_running").map(|it| it.1).sum();
    let _ = writeln!(text, "  {running} jobs run, {waiting} wait");
    let kinds: Vec<&str> = values(numbers, "jobs_answered").map(|it| it.0).collect();
    if kinds.is_empty() {
        return;
    }
    let _ = write!(text, "  {}", pad_str("jobs", 14, Alignment::Left, None));
    for (heading, _) in COLUMNS {
        let _ = write!(text, "{}", pad_str(heading, 12, Alignment::Right, None));
    }
    text.push('\n');
    for kind in kinds {
        let _ = write!(text, "  {}", pad_str(kind, 14, Alignment::Left, None));
        for (_, name) in COLUMNS {
            let value = values(numbers, name)
                .find(|it| it.0 == kind)
                .map_or(0.0, |it| it.1);
            let shown = if name.ends_with("seconds") {
                seconds(value)
            } else {
                format!("{value}")
            };
            let _ = write!(text, "{}", pad_str(&shown, 12, Alignment::Right, None));
        }
        text.push('\n');
    }
}

fn instruments(text: &mut String, numbers: &Numbers) {
    for (name, asked) in values(numbers, "instrument_leases") {
        let of = |family| {
            let mut values = values(numbers, family);
            values.find(|it| it.0 == name).map_or(0.0, |it| it.1)
        };
        let phase = labelled(numbers, "instrument_phase", name, "phase").unwrap_or("?");
        let _ = writeln!(
            text,
            "  instrument {name} ({phase}): asked {asked} times, {} wait, {} starts, {} failures",
            of("instrument_waiting"),
            of("instrument_starts"),
            of("instrument_failures"),
        );
    }
}

fn store(text: &mut String, numbers: &Numbers) {
    for tier in ["memory", "disk"] {
        let of = |name| {
            values(numbers, name)
                .find(|it| it.0 == tier)
                .map_or(0.0, |it| it.1)
        };
        let (hits, misses, bytes) = (of("store_hits"), of("store_misses"), of("store_bytes"));
        let _ = writeln!(
            text,
            "  store, {tier}: {:.1} MB, {hits} found, {misses} not",
            bytes / 1e6
        );
    }
    text.extend(shared(numbers).map(|line| format!("  {line}\n")));
    let artifacts: Vec<String> = values(numbers, "store_artifacts")
        .map(|(kind, entries)| format!("{entries} {kind}"))
        .collect();
    if !artifacts.is_empty() {
        let _ = writeln!(text, "  kept: {}", artifacts.join(", "));
    }
}

/// What a server shares with other machines, in a line; none if it does not.
pub(super) fn shared(numbers: &Numbers) -> Option<String> {
    let of = |family, label| {
        let mut values = values(numbers, family);
        values.find(|it| it.0 == label).map_or(0.0, |it| it.1)
    };
    let (state, _) = values(numbers, "store_shared_state").find(|it| it.1 > 0.0)?;
    let state = match state {
        "none" => return None,
        "left_alone" => "does not answer, left alone for now",
        _ => "in use",
    };
    let unanswered = |reason| of("store_shared_unanswered", reason);
    Some(format!(
        "shared store ({state}): {} found, {} not, {} refused as not authentic, {} too late, {} failed, {} not asked; {} given, {} not",
        of("store_hits", "shared"),
        of("store_misses", "shared"),
        unanswered("refused"),
        unanswered("timed_out"),
        unanswered("failed"),
        unanswered("skipped"),
        of("store_shared_puts", "put"),
        of("store_shared_puts", "not_put"),
    ))
}

fn seconds(value: f64) -> String {
    match value {
        value if value >= 1.0 => format!("{value:.2} s"),
        value if value >= 1e-3 => format!("{:.1} ms", value * 1e3),
        value => format!("{:.0} us", value * 1e6),
    }
}
