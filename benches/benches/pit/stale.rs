//! The Stale Manager's figures: how soon what nobody wants any more is cancelled, and what a changed fingerprint costs.

use symphony_benches::{Bound, Figure, each};
use symphony_stale_manager::{
    Artifact, Dependency, DocumentId, Fingerprint, JobKind, Origin, Settings, StaleManager, Stored,
    Tier,
};

const ARTIFACTS: u32 = 10_000;

pub(crate) fn figures() -> Vec<Figure> {
    vec![cancelled(), changed()]
}

/// One job for each key that is typed, as a model is asked: the job before the last is cancelled at once.
fn cancelled() -> Figure {
    let stale = StaleManager::new(Settings::default());
    let job = |version: u64| stale.job(DocumentId(1), version, JobKind(0));
    let mut alive = std::collections::VecDeque::from([job(1), job(2)]);
    let mut n_cancelled = 0;
    let n = 50_000;
    let sample = each(n, |index| {
        alive.push_back(job(3 + (n + index) as u64));
        if let Some(oldest) = alive.pop_front() {
            n_cancelled += usize::from(oldest.token().is_cancelled());
        }
    });
    assert!(n_cancelled >= n, "an older version is cancelled");
    Figure::times(
        "stale",
        "a newer version, until the older job knows",
        sample,
    )
    .asked(Bound::AtMost(10e6))
}

/// A fingerprint that one of 10,000 artifacts has read.
fn changed() -> Figure {
    let stale = StaleManager::new(Settings::default());
    let dependency = |id: u32| Dependency {
        domain: 0,
        id: id.into(),
    };
    let print = |number: usize| Fingerprint((number as u128).to_le_bytes());
    for number in 0..ARTIFACTS {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&number.to_le_bytes());
        let stored = Stored::new(Artifact(id), 100, Tier::Cache);
        let read = [(dependency(number), print(0))];
        let effects = stale.stored(&stored, &read, Origin::Computed);
        assert!(effects.is_empty(), "there is room for all, and all is true");
    }
    let mut n_effects = 0;
    let sample = each(20_000, |index| {
        let which = dependency(index as u32 % ARTIFACTS);
        n_effects += stale.changed(which, Some(print(1 + index))).len();
    });
    assert!(
        n_effects > 0,
        "a changed fingerprint makes its reader stale"
    );
    Figure::times("stale", "a changed fingerprint, 10,000 artifacts", sample)
        .asked(Bound::AtMost(1e6))
}
