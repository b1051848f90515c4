//! Figures as a table for a terminal.

use std::fmt::Write as _;

use console::{pad_str, style};

use crate::{Bound, Figure};

/// The figures, a line each, with what was asked and whether it holds.
#[must_use]
pub(crate) fn table(figures: &[Figure]) -> String {
    let mut text = String::new();
    for figure in figures {
        let name = format!("{}: {}", figure.service, figure.name);
        let name = pad_str(&name, 46, console::Alignment::Left, Some("…"));
        let _ = write!(text, "{name} {:>12}", amount(figure.value, figure.unit));
        let p99 = |times: Option<crate::Sample>| match times {
            Some(times) => format!("(p99 {})", amount(times.p99, "ns")),
            None => String::new(),
        };
        let _ = write!(text, " {:<16}", p99(figure.times));
        if let Some(peer) = &figure.peer {
            let value = amount(peer.value, figure.unit);
            let _ = write!(text, " {}: {value} {}", peer.name, p99(peer.times));
        }
        if let Some(ratio) = figure.ratio() {
            let _ = write!(text, " = {ratio:.2}x");
        }
        if let (Some(bound), Some(holds)) = (figure.bound, figure.holds()) {
            let told = format!(" [{}]", asked(bound, figure.unit));
            let told = if holds {
                style(told).green()
            } else {
                style(told).red()
            };
            let _ = write!(text, "{told}");
        }
        text.push('\n');
    }
    text
}

fn asked(bound: Bound, unit: &str) -> String {
    match bound {
        Bound::AtMost(most) => format!("<= {}", amount(most, unit)),
        Bound::AtLeast(least) => format!(">= {}", amount(least, unit)),
        Bound::RatioAtMost(most) => format!("<= {most}x"),
        Bound::BetterBy(times) => format!(">= {times}x better"),
        Bound::DifferenceAtLeast(least) => format!("difference >= {}", amount(least, unit)),
    }
}

/// A value with a unit that reads well.
fn amount(value: f64, unit: &str) -> String {
    match unit {
        "ns" if value >= 1e6 => format!("{:.2} ms", value / 1e6),
        "ns" if value >= 1e3 => format!("{:.2} us", value / 1e3),
        "ns" => format!("{value:.0} ns"),
        _ if value.abs() >= 1e4 => format!("{value:.0} {unit}"),
        _ => format!("{value:.2} {unit}"),
    }
}
