//! How long slow tests go on.

/// How often a slow test tries. `SYMPHONY_STORE_ROUNDS=1000` for a thorough run, of some minutes.
pub(crate) fn rounds(by_default: u64) -> u64 {
    let asked = std::env::var("SYMPHONY_STORE_ROUNDS");
    asked
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(by_default)
}
