//! Superseding against a list of jobs that is looked through.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;

use crate::{DocumentId, Effect, Event, JobId, JobKind, Policy, Settings, State, Why};

#[derive(Debug, Clone)]
enum Step {
    Start {
        document: u64,
        version: u64,
        kind: u16,
    },
    /// One of the jobs so far, by its place among them.
    End(usize),
    Unwanted(usize),
    Edited(u64, u64),
    Closed(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let start = (0..2u64, 1..8u64, 0..4u16).prop_map(|(document, version, kind)| Step::Start {
        document,
        version,
        kind,
    });
    let step = prop_oneof![
        6 => start,
        4 => (0..100usize).prop_map(Step::End),
        1 => (0..100usize).prop_map(Step::Unwanted),
        2 => (0..2u64, 1..8u64).prop_map(|(document, version)| Step::Edited(document, version)),
        1 => (0..2u64).prop_map(Step::Closed),
    ];
    vec(step, 1..100)
}

fn settings() -> Settings {
    let one = Policy {
        alive: 1,
        newest_version_only: true,
    };
    Settings {
        policies: vec![
            (JobKind(1), Policy::NEWEST_VERSION),
            (JobKind(2), one),
            (
                JobKind(3),
                Policy {
                    alive: 3,
                    ..Policy::default()
                },
            ),
        ],
        ..Settings::default()
    }
}

fn policy(kind: u16) -> Policy {
    let settings = settings();
    let named = settings.policies.iter().find(|it| it.0 == JobKind(kind));
    named.map_or(Policy::default(), |it| it.1)
}

#[derive(Debug, Clone)]
struct Known {
    document: u64,
    kind: u16,
    version: u64,
    ran: bool,
    cancelled: bool,
    ended: bool,
}

#[derive(Debug, Default)]
struct Reference {
    jobs: Vec<Known>,
    versions: BTreeMap<u64, u64>,
}

impl Reference {
    fn step(&mut self, step: &Step) {
        match *step {
            Step::Start {
                document,
                version,
                kind,
            } => {
                self.edited(document, version);
                self.jobs.push(Known {
                    document,
                    kind,
                    version,
                    ran: false,
                    cancelled: false,
                    ended: false,
                });
            }
            Step::End(place) => self.jobs[place].ended = true,
            Step::Unwanted(place) => self.jobs[place].cancelled |= !self.jobs[place].ended,
            Step::Edited(document, version) => self.edited(document, version),
            Step::Closed(document) => {
                self.versions.remove(&document);
                for job in self.jobs.iter_mut().filter(|it| it.document == document) {
                    job.cancelled |= !job.ended;
                }
            }
        }
    }

    fn edited(&mut self, document: u64, version: u64) {
        let newest = self.versions.entry(document).or_default();
        *newest = version.max(*newest);
    }

    /// Cancels what no policy wants any more.
    fn settle(&mut self) {
        for (document, kind) in (0..2).flat_map(|it| (0..4).map(move |kind| (it, kind))) {
            let newest = self.versions.get(&document).copied().unwrap_or_default();
            let policy = policy(kind);
            let mut wanted: Vec<_> = (0..self.jobs.len()).collect();
            wanted.retain(|it| {
                let job = &self.jobs[*it];
                job.document == document && job.kind == kind && !job.cancelled && !job.ended
            });
            wanted.sort_by_key(|it| std::cmp::Reverse((self.jobs[*it].version, *it)));
            for (rank, job) in wanted.into_iter().enumerate() {
                let job = &mut self.jobs[job];
                let old = policy.newest_version_only && job.version < newest;
                job.cancelled |= old || rank >= policy.alive;
            }
        }
    }

    fn alive(&self, document: u64, kind: u16) -> usize {
        let of = |it: &&Known| it.document == document && it.kind == kind;
        self.jobs
            .iter()
            .filter(of)
            .filter(|it| it.ran && !it.ended)
            .count()
    }
}

fn event(step: &Step, n_jobs: usize, reference: &Reference) -> Event {
    let job = |place: usize| {
        (
            JobId(place as u64),
            DocumentId(reference.jobs[place].document),
        )
    };
    match *step {
        Step::Start {
            document,
            version,
            kind,
        } => Event::JobStarted {
            job: JobId(n_jobs as u64),
            document: DocumentId(document),
            version,
            kind: JobKind(kind),
        },
        Step::End(place) => {
            let (job, document) = job(place);
            Event::JobEnded { job, document }
        }
        Step::Unwanted(place) => {
            let (job, document) = job(place);
            Event::JobUnwanted { job, document }
        }
        Step::Edited(document, version) => Event::Edited {
            document: DocumentId(document),
            version,
        },
        Step::Closed(document) => Event::Closed(DocumentId(document)),
    }
}

proptest! {
    #[test]
    fn the_newest_few_jobs_run_and_the_others_are_cancelled_once(steps in steps()) {
        let mut state = State::new(&settings());
        let mut reference = Reference::default();
        for step in steps {
            let n_jobs = reference.jobs.len();
            let step = match step {
                Step::End(place) | Step::Unwanted(place) if n_jobs == 0 => Step::Closed(place as u64 % 2),
                Step::End(place) => Step::End(place % n_jobs),
                Step::Unwanted(place) => Step::Unwanted(place % n_jobs),
                step => step,
            };
            let event = event(&step, n_jobs, &reference);
            let before: BTreeSet<_> = cancelled(&reference);
            reference.step(&step);
            reference.settle();
            let mut told = BTreeSet::new();
            for effect in state.apply(event) {
                match effect {
                    Effect::Run(job) => {
                        let job = &mut reference.jobs[job.0 as usize];
                        prop_assert!(!job.ran && !job.cancelled && !job.ended, "{:?} runs", job);
                        job.ran = true;
                    }
                    Effect::Cancel(job, _) => prop_assert!(told.insert(job.0 as usize)),
                    other => prop_assert!(false, "an unexpected effect: {:?}", other),
                }
            }
            let expected: BTreeSet<_> = cancelled(&reference).difference(&before).copied().collect();
            prop_assert_eq!(told, expected, "cancelled by {:?}", &step);
            check_room(&reference)?;
        }
    }
}

fn cancelled(reference: &Reference) -> BTreeSet<usize> {
    let jobs = reference.jobs.iter().enumerate();
    jobs.filter(|it| it.1.cancelled).map(|it| it.0).collect()
}

/// Never more alive than the policy says, and nobody waits while there is room.
fn check_room(reference: &Reference) -> Result<(), TestCaseError> {
    for (document, kind) in (0..2).flat_map(|it| (0..4).map(move |kind| (it, kind))) {
        let (alive, most) = (reference.alive(document, kind), policy(kind).alive);
        prop_assert!(alive <= most);
        let mut waiting = reference.jobs.iter().filter(|it| {
            let of = it.document == document && it.kind == kind;
            of && !it.ran && !it.cancelled && !it.ended
        });
        prop_assert!(alive == most || waiting.next().is_none());
    }
    Ok(())
}

#[test]
fn closing_a_document_cancels_its_jobs_and_forgets_it() {
    let mut state = State::new(&Settings::default());
    let document = DocumentId(1);
    let start = |job, version| Event::JobStarted {
        job: JobId(job),
        document,
        version,
        kind: JobKind(0),
    };
    assert_eq!(state.apply(start(1, 9)), [Effect::Run(JobId(1))]);
    let cancel = Effect::Cancel(JobId(1), Why::Closed);
    assert_eq!(state.apply(Event::Closed(document)), [cancel]);
    // Opened again, its versions begin anew while the old job still ends.
    assert_eq!(state.apply(start(2, 1)), [Effect::Run(JobId(2))]);
    for job in [JobId(1), JobId(2)] {
        assert_eq!(state.apply(Event::JobEnded { job, document }), []);
    }
    assert_eq!(state.counts().jobs_alive, 0);
}
