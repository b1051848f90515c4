//! One figure: what was measured, beside whom, and what was asked.

use serde::Serialize;

use crate::Sample;

/// Somebody else's figure for the same work in the same run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Peer {
    /// The library or the plain way that was measured, with its version where it has one.
    pub name: String,
    /// Its figure, in the unit of ours.
    pub value: f64,
    /// Its times, where the figure is one of times.
    pub times: Option<Sample>,
}

/// What is asked of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The figure itself is at most this, in its unit.
    AtMost(f64),
    /// The figure itself is at least this, in its unit.
    AtLeast(f64),
    /// Ours divided by the peer's is at most this.
    RatioAtMost(f64),
    /// The peer's divided by ours is at least this: how many times better we are.
    BetterBy(f64),
    /// Ours less the peer's is at least this, in the figure's unit.
    DifferenceAtLeast(f64),
}

/// One measured figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// Which service it is about: `store`, `dag`, `pool`, `arbitration`, `stale`, `conductor`.
    pub service: &'static str,
    /// What was measured, in a few words.
    pub name: String,
    /// The unit of the values: `ns`, `%`, `op/s`.
    pub unit: &'static str,
    /// Ours; the median where it is one of times.
    pub value: f64,
    /// Our times, where the figure is one of times.
    pub times: Option<Sample>,
    /// The peer, where there is one.
    pub peer: Option<Peer>,
    /// What is asked, where something is.
    pub bound: Option<Bound>,
}

impl Figure {
    /// A figure of times, by their median in nanoseconds.
    #[must_use]
    pub fn times(service: &'static str, name: impl Into<String>, times: Sample) -> Self {
        Self {
            times: Some(times),
            ..Self::value(service, name, "ns", times.p50)
        }
    }

    /// A figure of another unit.
    #[must_use]
    pub fn value(
        service: &'static str,
        name: impl Into<String>,
        unit: &'static str,
        value: f64,
    ) -> Self {
        Self {
            service,
            name: name.into(),
            unit,
            value,
            times: None,
            peer: None,
            bound: None,
        }
    }

    /// With a peer's times for the same work.
    #[must_use]
    pub fn beside(self, name: impl Into<String>, times: Sample) -> Self {
        let peer = Peer {
            name: name.into(),
            value: times.p50,
            times: Some(times),
        };
        Self {
            peer: Some(peer),
            ..self
        }
    }

    /// With a peer's value for the same work.
    #[must_use]
    pub fn beside_value(self, name: impl Into<String>, value: f64) -> Self {
        let peer = Peer {
            name: name.into(),
            value,
            times: None,
        };
        Self {
            peer: Some(peer),
            ..self
        }
    }

    /// With what is asked of it.
    #[must_use]
    pub fn asked(self, bound: Bound) -> Self {
        Self {
            bound: Some(bound),
            ..self
        }
    }

    /// Ours divided by the peer's.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        self.peer.as_ref().map(|peer| self.value / peer.value)
    }

    /// Whether what is asked holds; `None` where nothing is asked, or nobody to compare with is there.
    #[must_use]
    pub fn holds(&self) -> Option<bool> {
        Some(match self.bound? {
            Bound::AtMost(most) => self.value <= most,
            Bound::AtLeast(least) => self.value >= least,
            Bound::RatioAtMost(most) => self.ratio()? <= most,
            Bound::BetterBy(times) => self.peer.as_ref()?.value >= times * self.value,
            Bound::DifferenceAtLeast(least) => self.value - self.peer.as_ref()?.value >= least,
        })
    }
}
