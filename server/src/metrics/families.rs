//! The numbers of the Pit, as families.

use symphony_conductor::{Health, State};
use symphony_instruments::Totals;
use symphony_pit::store::SharedState;
use symphony_pit::{Metrics, Phase, Status};

use crate::conducting::Conducting;

use super::{Family, Sample, Sort};

fn family(name: &str, sort: Sort, help: &str, samples: Vec<Sample>) -> Family {
    Family {
        name: format!("symphony_{name}"),
        help: help.to_owned(),
        sort,
        samples,
    }
}

fn of(label: &str, name: &str, value: f64) -> Sample {
    Sample {
        labels: vec![(label.to_owned(), name.to_owned())],
        value,
    }
}

fn alone(value: f64) -> Vec<Sample> {
    vec![Sample {
        labels: Vec::new(),
        value,
    }]
}

/// The numbers of the Pit and of the Conductor as families.
pub(super) fn families(metrics: &Metrics, conducting: &Conducting) -> Vec<Family> {
    let documents = family(
        "documents_jobs",
        Sort::Gauge,
        "Jobs about open documents",
        alone(metrics.stale.jobs_alive as f64),
    );
    let mut all = job_families(metrics);
    all.extend(admission_families(metrics));
    all.extend(store_families(metrics));
    all.extend(shared_families(metrics));
    all.push(documents);
    all.extend(instrument_families(metrics));
    all.extend(conductor_families(&conducting.health()));
    all.extend(usage_families(&conducting.roster().totals()));
    all
}

/// What instruments elsewhere were asked and what that took.
fn usage_families(totals: &[(&str, Totals)]) -> Vec<Family> {
    let counted = |name: &str, help: &str, value: fn(&Totals) -> f64| {
        let samples = totals
            .iter()
            .map(|(name, it)| of("instrument", name, value(it)));
        family(name, Sort::Counter, help, samples.collect())
    };
    vec![
        counted("model_questions", "Questions to models elsewhere", |it| {
            it.questions as f64
        }),
        counted(
            "model_calls",
            "Calls of endpoints, retries included",
            |it| it.calls as f64,
        ),
        counted("model_failures", "Questions without an answer", |it| {
            it.failures as f64
        }),
        counted("model_unusable", "Answers that could not be shown", |it| {
            it.unusable as f64
        }),
        counted("model_input_tokens", "Tokens that were sent", |it| {
            it.input_tokens as f64
        }),
        counted("model_output_tokens", "Tokens that came back", |it| {
            it.output_tokens as f64
        }),
        counted("model_money", "What they cost, in your money", |it| {
            it.money as f64 / 1e6
        }),
    ]
}

/// Who decided about ghost text, and why not Python.
fn conductor_families(health: &Health) -> Vec<Family> {
    let fallback = health.counts.fallback.iter();
    let by_fallback = fallback.map(|(why, n)| of("by", &format!("fallback: {why}"), *n as f64));
    let by_python = std::iter::once(of("by", "python", health.counts.python as f64));
    let state = match health.state {
        State::Loading => "loading",
        State::Ready => "ready",
        State::Resting => "resting",
        State::Stuck => "stuck",
        State::Unavailable => "unavailable",
    };
    vec![
        family(
            "conductor_decisions",
            Sort::Counter,
            "Decisions about ghost text",
            by_python.chain(by_fallback).collect(),
        ),
        family(
            "conductor_state",
            Sort::Gauge,
            "What Python can do at once",
            vec![of("state", state, 1.0)],
        ),
    ]
}

/// Jobs by what became of them and how long that took.
fn job_families(metrics: &Metrics) -> Vec<Family> {
    use Sort::{Counter, Gauge};
    let kinds = |value: fn(&symphony_pit::Latency) -> f64| {
        let kinds = metrics.kinds.iter();
        kinds.map(|it| of("kind", it.kind, value(it))).collect()
    };
    let queued = metrics.queued.iter();
    vec![
        family(
            "jobs_queued",
            Gauge,
            "Jobs that wait",
            queued
                .map(|(class, n)| of("class", class.name(), *n as f64))
                .collect(),
        ),
        family(
            "jobs_running",
            Gauge,
            "Jobs that run",
            alone(metrics.running as f64),
        ),
        family(
            "jobs_answered",
            Counter,
            "Jobs that ran and answered",
            kinds(|it| it.answered as f64),
        ),
        family(
            "jobs_kept",
            Counter,
            "Jobs answered from the store",
            kinds(|it| it.hits as f64),
        ),
        family(
            "jobs_cancelled",
            Counter,
            "Jobs nobody wanted any more",
            kinds(|it| it.cancelled as f64),
        ),
        family(
            "jobs_empty",
            Counter,
            "Jobs without an answer",
            kinds(|it| it.empty as f64),
        ),
        family(
            "jobs_waited_seconds",
            Counter,
            "Time that jobs waited",
            kinds(|it| it.waited.as_secs_f64()),
        ),
        family(
            "jobs_ran_seconds",
            Counter,
            "Time that jobs ran",
            kinds(|it| it.ran.as_secs_f64()),
        ),
        family(
            "jobs_longest_seconds",
            Gauge,
            "The longest run",
            kinds(|it| it.longest.as_secs_f64()),
        ),
    ]
}

/// The instruments: where each is, and what became of it.
fn instrument_families(metrics: &Metrics) -> Vec<Family> {
    use Sort::{Counter, Gauge};
    let each = |value: fn(&Status) -> f64| {
        let all = metrics.instruments.iter();
        all.map(|it| of("instrument", &it.name, value(it)))
            .collect()
    };
    let phases = metrics.instruments.iter().map(|it| Sample {
        labels: vec![
            ("instrument".to_owned(), it.name.clone()),
            ("phase".to_owned(), phase(it.phase).to_owned()),
        ],
        value: 1.0,
    });
    vec![
        family(
            "instrument_phase",
            Gauge,
            "Where an instrument is",
            phases.collect(),
        ),
        family(
            "instrument_waiting",
            Gauge,
            "Questions that wait for an instrument",
            each(|it| it.waiting as f64),
        ),
        family(
            "instrument_leases",
            Counter,
            "Questions that an instrument was asked",
            each(|it| it.account.leases as f64),
        ),
        family(
            "instrument_starts",
            Counter,
            "Times that an instrument was started",
            each(|it| it.account.starts as f64),
        ),
        family(
            "instrument_failures",
            Counter,
            "Times that an instrument failed",
            each(|it| it.account.failures as f64),
        ),
    ]
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Cold => "cold",
        Phase::Loading => "loading",
        Phase::Warm => "warm",
        Phase::Active => "active",
        Phase::Cooldown => "cooldown",
        Phase::Failed { .. } => "failed",
    }
}

/// Requests that became no jobs.
fn admission_families(metrics: &Metrics) -> Vec<Family> {
    use Sort::Counter;
    let arbitration = &metrics.arbitration;
    let refused = [
        ("full", arbitration.refused_full),
        ("waiters", arbitration.refused_waiters),
        ("expired", arbitration.refused_expired),
    ];
    let dropped = [
        ("expired", arbitration.expired),
        ("displaced", arbitration.displaced),
        ("window_closed", arbitration.window_closed),
        ("cancelled", arbitration.cancelled),
    ];
    let told = |all: &[(&str, u64)]| {
        let all = all.iter();
        all.map(|(name, value)| of("reason", name, *value as f64))
            .collect()
    };
    vec![
        family(
            "jobs_merged",
            Counter,
            "Requests that joined a job",
            alone(arbitration.merged as f64),
        ),
        family("jobs_refused", Counter, "Requests refused", told(&refused)),
        family("jobs_dropped", Counter, "Waiters dropped", told(&dropped)),
    ]
}

/// What is shared with other machines.
fn shared_families(metrics: &Metrics) -> Vec<Family> {
    use Sort::{Counter, Gauge};
    let shared = &metrics.store.shared;
    let told = |label: &str, all: &[(&str, u64)]| {
        let all = all.iter();
        all.map(|(name, value)| of(label, name, *value as f64))
            .collect()
    };
    let states = [
        ("none", SharedState::None),
        ("used", SharedState::Used),
        ("left_alone", SharedState::LeftAlone),
        ("closed", SharedState::Closed),
    ];
    let states = states.map(|(name, state)| (name, u64::from(shared.state == state)));
    let unanswered = [
        ("refused", shared.refused),
        ("timed_out", shared.timed_out),
        ("failed", shared.failed),
        ("skipped", shared.skipped),
    ];
    let put = [("put", shared.put), ("not_put", shared.not_put)];
    vec![
        family(
            "store_shared_state",
            Gauge,
            "1 for the state that the shared store is in",
            told("state", &states),
        ),
        family(
            "store_shared_unanswered",
            Counter,
            "Values that the shared store did not give: not authentic, too late, an error, not asked",
            told("reason", &unanswered),
        ),
        family(
            "store_shared_puts",
            Counter,
            "Values given to the shared store, or not",
            told("outcome", &put),
        ),
    ]
}

/// The Artifact Store.
fn store_families(metrics: &Metrics) -> Vec<Family> {
    use Sort::{Counter, Gauge};
    let (memory, disk) = (&metrics.store.memory, &metrics.store.disk);
    let shared = &metrics.store.shared;
    // As many tiers as there are numbers.
    let tiers = |numbers: &[u64]| {
        let tiers = ["memory", "disk", "shared"].into_iter().zip(numbers);
        tiers
            .map(|(tier, number)| of("tier", tier, *number as f64))
            .collect()
    };
    let artifacts = disk.kinds.iter();
    vec![
        family(
            "store_hits",
            Counter,
            "Values found",
            tiers(&[memory.hits, disk.hits, shared.hits]),
        ),
        family(
            "store_misses",
            Counter,
            "Values not found",
            tiers(&[memory.misses, disk.misses, shared.misses]),
        ),
        family(
            "store_bytes",
            Gauge,
            "Bytes taken",
            tiers(&[memory.bytes, disk.bytes]),
        ),
        family(
            "store_artifacts",
            Gauge,
            "Artifacts on disk",
            artifacts
                .map(|it| of("kind", &it.kind, it.entries as f64))
                .collect(),
        ),
        family(
            "store_damaged",
            Counter,
            "Values that did not hash to their id",
            alone(disk.damaged as f64),
        ),
        family(
            "store_evicted",
            Counter,
            "Artifacts dropped to stay within the budget",
            alone(disk.evicted as f64),
        ),
        family(
            "store_unwritten",
            Counter,
            "Values that could not be written",
            alone(disk.unwritten as f64),
        ),
    ]
}
