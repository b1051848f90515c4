//! Version ranges, as `typesVersions` and conditions such as `types@>=5` have them.

/// The version of TypeScript whose answers are given.
const OURS: [u32; 3] = [6, 0, 3];

/// Whether our version is in a range such as `>=4.7 <6 || 3.x`.
pub(crate) fn in_range(range: &str) -> bool {
    range.split("||").any(|all| {
        let words: Vec<&str> = all.split_whitespace().collect();
        if let [low, "-", high] = words[..] {
            return holds(">=", low) && holds("<=", high);
        }
        // An operator may stand apart from its version.
        let mut operator = "";
        words.iter().all(|word| {
            let digits = word
                .find(|it: char| !matches!(it, '<' | '>' | '=' | '~' | '^'))
                .unwrap_or(word.len());
            let (own, version) = word.split_at(digits);
            if version.is_empty() {
                operator = own;
                return true;
            }
            let used = if own.is_empty() {
                std::mem::take(&mut operator)
            } else {
                own
            };
            holds(used, version)
        })
    })
}

fn holds(operator: &str, version: &str) -> bool {
    let plain = version
        .trim_start_matches(['v', '='])
        .split(['-', '+'])
        .next()
        .unwrap_or_default();
    let mut given = Vec::new();
    for part in plain.split('.').take(3) {
        match part.parse::<u32>() {
            Ok(number) => given.push(number),
            Err(_) if matches!(part, "x" | "X" | "*" | "") => break,
            Err(_) => return false,
        }
    }
    let low = [0, 1, 2].map(|i| given.get(i).copied().unwrap_or(0));
    // The first version after all that the given parts can mean, with `keep` of them fixed.
    let after = |keep: usize| {
        let mut next = [0; 3];
        next[..keep].copy_from_slice(&low[..keep]);
        if keep > 0 {
            next[keep - 1] += 1;
        }
        next
    };
    let n = given.len();
    match operator {
        "<" => OURS < low,
        "<=" => n == 0 || OURS < after(n),
        ">" => n > 0 && OURS >= after(n),
        ">=" => OURS >= low,
        "^" => {
            let keep = (low.iter().position(|it| *it > 0).unwrap_or(2) + 1).min(n.max(1));
            n == 0 || OURS >= low && OURS < after(keep)
        }
        "~" => n == 0 || OURS >= low && OURS < after(n.min(2)),
        _ => n == 0 || OURS >= low && OURS < after(n),
    }
}

#[cfg(test)]
mod tests {
    use super::in_range;

    #[test]
    fn ranges() {
        for (range, holds) in [
            ("*", true),
            (">=4.7", true),
            ("<=6.0", true),
            ("<6.0", false),
            (">= 3.1 < 5", false),
            ("4.x || 6.x", true),
            ("^6.0.0", true),
            ("~5.9", false),
            ("5.0 - 7", true),
            (">6", false),
            ("", true),
            ("nonsense", false),
        ] {
            assert_eq!(in_range(range), holds, "{range}");
        }
    }
}
