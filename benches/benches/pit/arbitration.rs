//! The Arbitration Engine's figures.

use symphony_benches::Figure;

pub(crate) fn figures() -> Vec<Figure> {
    Vec::new()
}
