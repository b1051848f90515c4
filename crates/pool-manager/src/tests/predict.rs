//! A synthetic fortnight of work, replayed with and without foresight.

use std::time::Duration;

use crate::{Effect, Event, InstrumentId, Kind, Limits, Predictor, Request, Spec, State, WaiterId};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// A use, with the language that was open: each language has its instrument.
type Use = (u64, usize);
const LANGUAGES: [u64; 2] = [77, 88];

/// A small generator: the days differ, and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Nine to twelve and one to five, on weekdays; a pause of up to twelve minutes between uses, and now and then another language.
fn day(number: u64, random: &mut Random) -> Vec<Use> {
    let mut uses = Vec::new();
    if number % 7 >= 5 {
        return uses;
    }
    for (from, to) in [(9, 12), (13, 17)] {
        let mut language = 0;
        let mut at = number * DAY + from * HOUR + random.below(10 * MINUTE);
        while at < number * DAY + to * HOUR {
            if random.below(10) == 0 {
                language = 1 - language;
            }
            uses.push((at, language));
            at += 10 + random.below(12 * MINUTE);
        }
    }
    uses
}

/// Replays a day; foresight looks every minute. How many starts somebody had to wait for, and how many minutes something ran.
fn replay(uses: &[Use], number: u64, mut foresight: Option<&mut Predictor>) -> (u64, u64) {
    let mut state = State::new(
        ["one", "two"].map(|it| {
            let kind = Kind(u16::from(it == "two"));
            Spec::new(it, kind)
        }),
        Limits::default(),
    );
    let mut ran = 0;
    let mut uses = uses.iter().peekable();
    let mut open = None;
    for minute in 0..DAY / MINUTE {
        let now = number * DAY + minute * MINUTE;
        let mut events = vec![Event::Tick(Duration::from_secs(now))];
        if let Some(predictor) = &mut foresight {
            let languages: Vec<_> = open.iter().map(|it: &usize| LANGUAGES[*it]).collect();
            let soon = Duration::from_secs(now + 2 * MINUTE);
            let likely = predictor.predict(soon, &languages);
            let likely = likely.into_iter().filter(|it| it.1 >= 0.5);
            events.extend(likely.map(|it| Event::Foreseen(it.0)));
        }
        for event in events {
            apply(&mut state, event);
        }
        while let Some((at, language)) = uses.next_if(|it| it.0 < now + MINUTE) {
            open = Some(*language);
            lease(&mut state, *language);
            if let Some(predictor) = &mut foresight {
                let at = Duration::from_secs(*at);
                predictor.observe(at, &[LANGUAGES[*language]], InstrumentId(*language as u8));
            }
        }
        // Files are closed with the day's work.
        if minute * MINUTE >= 17 * HOUR {
            open = None;
        }
        let phases = [0, 1].map(|it| state.phase(InstrumentId(it)).unwrap());
        ran += phases
            .iter()
            .filter(|it| **it != crate::Phase::Cold)
            .count() as u64;
    }
    let cold = [0, 1].map(|it| state.account(InstrumentId(it)).unwrap().cold_starts);
    (cold.iter().sum(), ran)
}

/// Applies an event in a world where starting and stopping take no time; gives back what was lent.
fn apply(state: &mut State, event: Event) {
    let mut events = vec![event];
    while let Some(event) = events.pop() {
        for effect in state.apply(event) {
            match effect {
                Effect::Start(id, generation) => events.push(Event::Started(id, generation)),
                Effect::Stop(id, generation) => events.push(Event::Stopped(id, generation)),
                Effect::Grant(_, grant) => events.push(Event::Returned {
                    grant,
                    outcome: crate::Outcome::Good,
                    spent: None,
                }),
                other => panic!("an unexpected effect: {other:?}"),
            }
        }
    }
}

fn lease(state: &mut State, language: usize) {
    let request = Request::kind(Kind(language as u16));
    let waiter = WaiterId(0);
    apply(state, Event::Wanted { waiter, request });
}

#[test]
fn foresight_halves_the_cold_starts_of_a_day() {
    let mut random = Random(7);
    let mut predictor = Predictor::new(2);
    for number in 0..7 {
        for (at, language) in day(number, &mut random) {
            let id = InstrumentId(language as u8);
            predictor.observe(Duration::from_secs(at), &[LANGUAGES[language]], id);
        }
    }
    let (mut without, mut with) = (0, 0);
    for number in 7..12 {
        let uses = day(number, &mut random);
        let (cold, _) = replay(&uses, number, None);
        without += cold;
        let (cold, ran) = replay(&uses, number, Some(&mut predictor));
        with += cold;
        // Two instruments: kept warm through the working hours, and not through the night.
        assert!(ran <= 2 * 9 * 60, "ran for {ran} minutes");
    }
    assert!(without > 50, "the days must be hard: {without}");
    assert!(
        2 * with <= without,
        "{with} with foresight, {without} without"
    );
    // The weekend is learned, too.
    let saturday = Duration::from_secs(12 * DAY + 10 * HOUR);
    assert!(predictor.predict(saturday, &[]).iter().all(|it| it.1 < 0.5));
}

#[test]
fn nothing_is_foreseen_before_anything_was_seen() {
    let mut predictor = Predictor::new(2);
    let likely = predictor.predict(Duration::from_secs(HOUR), &LANGUAGES);
    assert!(likely.iter().all(|it| it.1 == 0.0));
}
