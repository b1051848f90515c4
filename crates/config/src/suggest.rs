//! What someone may have meant by a key that does not exist.

/// Less alike than this is another word.
const ALIKE: f64 = 0.8;

/// The most similar of the known keys, if any is similar. The last part alone counts as well: `tau` for `inlineCompletion.tau`.
pub(crate) fn suggest<'a>(key: &str, known: &mut dyn Iterator<Item = &'a str>) -> Option<&'a str> {
    let last = |key: &str| key.rsplit('.').next().map(plain).unwrap_or_default();
    let scored = known.map(|it| {
        let whole = strsim::jaro_winkler(&plain(key), &plain(it));
        let part = strsim::jaro_winkler(&last(key), &last(it)) * 0.95;
        (it, whole.max(part))
    });
    let best = scored.max_by(|a, b| a.1.total_cmp(&b.1));
    best.filter(|(_, score)| *score >= ALIKE).map(|(it, _)| it)
}

/// `inline_completion` and `inline-completion` are the same as `inlineCompletion`.
fn plain(key: &str) -> String {
    key.replace(['_', '-'], "").to_lowercase()
}
