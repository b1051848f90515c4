//! From what a user accepted and rejected to a Conductor that decides otherwise; and weights that are passed over.

use std::fs;
use std::path::Path;

use symphony_conductor::{
    Availability, Conductor, Decision, Event, Journal, Kind, Options, Prefix, Quest, QuestError,
    Surroundings, View,
};
use tempfile::TempDir;

use crate::fixture::{PATIENCE, options, package, python, ready, view, with_python};

fn refined(path: &Path) -> Options {
    Options {
        refined: Some(path.to_owned()),
        ..options()
    }
}

/// What is decided with these options, and what was told of the start.
fn decided(options: Options, view: &View) -> (Decision, Option<String>) {
    let conductor = Conductor::start(options);
    let health = ready(&conductor);
    let (decision, source) = conductor.decide(view);
    assert!(source.is_python(), "{:?}", conductor.health());
    (decision, health.reason)
}

fn after_a_dot() -> View {
    View {
        prefix: Prefix::Member,
        ..view()
    }
}

/// Somebody who rejects all that is shown after a dot.
fn write_down(journal: &Journal) {
    for _ in 0..400 {
        let event = Event {
            surroundings: Surroundings::Code,
            prefix: Prefix::Member,
            suffix_chars: 0,
            kind: Kind::Local,
            state: Availability::Warm,
            tau: 0.8,
            shown_chars: 14,
            kept_chars: 0,
        };
        journal.append(&event).unwrap();
    }
}

#[test]
fn what_was_rejected_is_learned_from() {
    with_python("learning::what_was_rejected_is_learned_from", || {
        let folder = TempDir::new().unwrap();
        let journal = Journal::new(folder.path().join("Größe und 名前"));
        write_down(&journal);
        let quest = Quest::find(&options()).unwrap();
        let told = quest.learn(&journal, PATIENCE).unwrap();
        assert_eq!(told, "400 events learned, 0 lines left out");
        let once = fs::read(journal.weights()).unwrap();
        quest.learn(&journal, PATIENCE).unwrap();
        assert_eq!(once, fs::read(journal.weights()).unwrap());
        let (decision, reason) = decided(refined(&journal.weights()), &after_a_dot());
        assert_eq!(reason, None);
        assert!(!decision.trigger, "{decision:?}");
    });
}

#[test]
fn without_weights_of_the_users_own_those_of_the_package_decide() {
    let name = "learning::without_weights_of_the_users_own_those_of_the_package_decide";
    with_python(name, || {
        let (decision, reason) = decided(refined(Path::new("none.json")), &after_a_dot());
        assert!(decision.trigger);
        assert_eq!(reason, None);
    });
}

#[test]
fn broken_weights_are_passed_over() {
    with_python("learning::broken_weights_are_passed_over", || {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("weights.json");
        let whole = fs::read(package().join("conductor").join("weights.json")).unwrap();
        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        let (decision, reason) = decided(refined(&path), &after_a_dot());
        assert!(decision.trigger);
        let reason = reason.unwrap();
        assert!(
            reason.contains("the weights of the package are used"),
            "{reason}"
        );
        assert!(reason.contains("weights.json"), "{reason}");
    });
}

#[test]
fn weights_that_grew_from_others_are_passed_over() {
    let name = "learning::weights_that_grew_from_others_are_passed_over";
    with_python(name, || {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("weights.json");
        let ours = fs::read_to_string(package().join("conductor").join("weights.json")).unwrap();
        let others = ours.replacen("train --seed 1", "train --seed 9", 1);
        assert_ne!(ours, others);
        fs::write(&path, others).unwrap();
        let (_, reason) = decided(refined(&path), &view());
        assert!(reason.unwrap().contains("grew from others"));
    });
}

#[test]
fn learning_that_fails_or_lasts_is_told() {
    with_python("learning::learning_that_fails_or_lasts_is_told", || {
        let folder = TempDir::new().unwrap();
        let packages = folder.path().join("packages");
        for name in ["conductor", "quest"] {
            fs::create_dir_all(packages.join(name)).unwrap();
            fs::write(packages.join(name).join("__init__.py"), "LAYOUT = 1\n").unwrap();
        }
        let quest = |main: &str| {
            fs::write(packages.join("quest").join("__main__.py"), main).unwrap();
            let options = Options {
                python: Some(python()),
                package: Some(packages.clone()),
                ..options()
            };
            Quest::find(&options).unwrap()
        };
        let journal = Journal::new(folder.path());
        let failed = quest("raise RuntimeError('no')").learn(&journal, PATIENCE);
        let Err(QuestError::Failed(_, words)) = failed else {
            panic!("{failed:?}");
        };
        assert!(words.contains("RuntimeError: no"), "{words}");
        let lasts = "import threading\nthreading.Event().wait()";
        let limit = std::time::Duration::from_millis(200);
        let late = quest(lasts).learn(&journal, limit);
        assert!(matches!(late, Err(QuestError::Late(_))), "{late:?}");
        fs::remove_dir_all(packages.join("quest")).unwrap();
        let options = Options {
            package: Some(packages.clone()),
            ..options()
        };
        assert!(matches!(Quest::find(&options), Err(QuestError::NoQuest(_))));
    });
}
