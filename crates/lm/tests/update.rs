//! Bringing the model up to date: any sequence of updates is as good as learning all at once.

use std::ops::ControlFlow;
use std::sync::Arc;
use symphony_lm::{Change, Completion, FileState, Model, Options, Query};

fn change(path: &str, text: Option<&str>) -> Change {
    Change {
        path: path.into(),
        text: text.map(Arc::from),
    }
}

/// Completions at several places.
fn answers(model: &Model) -> Vec<Option<Completion>> {
    let lines = [
        "const v1 = ",
        "  return v",
        "f",
        "export function ",
        "if (v2 ",
        "x.",
        "let ",
    ];
    let ask = |line: &&str| {
        let before = format!("import x from 'y'\nfunction g(v3, v4) {{\n{line}");
        let query = Query {
            path: "/p/a/open.ts",
            before: &before,
            after: "\n}\n",
        };
        model.complete(&query, &mut FileState::new(), &|| false)
    };
    lines.iter().map(ask).collect()
}

fn bytes(model: &Model) -> Vec<u8> {
    let mut bytes = Vec::new();
    model.write_to(&mut bytes).expect("a vector takes anything");
    bytes
}

/// A small generator of numbers that are random enough.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(99_991);
        (self.0 >> 33) as usize % limit
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..=self.below(30) {
            let (a, b, c) = (self.below(5), self.below(7), self.below(40));
            text += &match self.below(5) {
                0 => format!("const v{a} = f{b}(v{c})\n"),
                1 => format!("export function f{a}(v{b}: number) {{\n  return v{b} + {c}\n}}\n"),
                2 => format!("if (v{a} === 'k{b}') x.m{a}(v{c})\n"),
                3 => format!("let w{c} = v{a}.p{b}\n"),
                _ => format!("x.m{b}(`${{v{a}}}`)\n"),
            };
        }
        text
    }
}

#[test]
fn random_updates_are_as_good_as_learning_at_once() {
    for seed in 0..8 {
        let mut random = Random(seed);
        let mut model = Model::new(Options::default());
        let mut documents = std::collections::BTreeMap::new();
        for _ in 0..12 {
            let changes = (0..=random.below(4)).map(|_| {
                let path = format!("/p/{}/{}.ts", ["a", "b"][random.below(2)], random.below(6));
                let text = (random.below(4) > 0).then(|| random.text());
                match &text {
                    Some(text) => documents.insert(path.clone(), text.clone()),
                    None => documents.remove(&path),
                };
                change(&path, text.as_deref())
            });
            model.update(changes.collect());
            if random.below(3) == 0 {
                model.merge();
            }
            if random.below(3) == 0 {
                let kept = bytes(&model);
                model = Model::new(Options::default());
                assert!(model.restore(&*kept));
            }
        }
        let fresh = Model::new(Options::default());
        fresh.update(
            documents
                .iter()
                .map(|(path, text)| change(path, Some(text)))
                .collect(),
        );
        fresh.merge();
        let stats = model.stats();
        assert_eq!(stats.tokens, fresh.stats().tokens);
        assert_eq!(stats.source_bytes, fresh.stats().source_bytes);
        model.merge();
        assert!(!model.merge(), "there is nothing left to merge");
        assert_eq!(model.stats().words, fresh.stats().words);
        let texts = |model: &Model| -> Vec<_> {
            answers(model)
                .into_iter()
                .map(|it| it.map(|it| (it.text, it.cuts)))
                .collect()
        };
        assert_eq!(texts(&model), texts(&fresh), "seed {seed}");
    }
}

#[test]
fn a_document_is_replaced_and_removed() {
    let model = Model::new(Options::default());
    let ask = || {
        let query = Query {
            path: "/p/n.ts",
            before: "open",
            after: "",
        };
        let completion = model.complete(&query, &mut FileState::new(), &|| false);
        completion.map(|it| it.text)
    };
    model.update(vec![change("/p/a.ts", Some("openDoor(1)\nopenDoor(2)\n"))]);
    assert!(ask().is_some_and(|text| text.starts_with("Door")));
    model.merge();
    model.update(vec![change(
        "/p/a.ts",
        Some("openWindow(1)\nopenWindow(2)\n"),
    )]);
    assert!(ask().is_some_and(|text| text.starts_with("Window")));
    model.update(vec![change("/p/a.ts", None)]);
    assert_eq!(model.stats().documents, 0);
    assert!(model.merge());
    assert_eq!(model.stats().tokens, 0);
}

#[test]
fn bytes_that_are_no_model_change_nothing_or_are_safe() {
    let learned = Model::new(Options::default());
    learned.update(vec![change("/p/a.ts", Some(&Random(1).text()))]);
    let bytes = bytes(&learned);
    let model = Model::new(Options::default());
    for end in 0..bytes.len() {
        assert!(!model.restore(&bytes[..end]), "cut at {end}");
    }
    assert_eq!(model.stats().documents, 0);
    for at in (0..bytes.len()).step_by(13) {
        let mut other = bytes.clone();
        other[at] ^= 0x55;
        if model.restore(&*other) {
            answers(&model);
        }
    }
}

#[test]
fn only_a_large_change_is_worth_a_merge() {
    let model = Model::new(Options::default());
    assert!(!model.maintain());
    let large = "call(one, two)\n".repeat(50);
    model.update(vec![change("/p/a.ts", Some(&large))]);
    assert!(model.maintain());
    model.update(vec![change("/p/b.ts", Some("let b = 1\n"))]);
    assert!(!model.maintain());
    model.update(vec![change("/p/a.ts", None)]);
    assert!(model.maintain());
}

#[test]
fn the_open_document_is_not_its_own_example() {
    let text = "launch(alpha, beta)\nlaunch(alpha, beta)\n";
    let ask = |model: &Model, path: &str| {
        let query = Query {
            path,
            before: "launch(",
            after: "",
        };
        let completion = model.complete(&query, &mut FileState::new(), &|| false);
        completion.is_some_and(|it| it.text.starts_with("alpha"))
    };
    let model = Model::new(Options::default());
    model.update(vec![change("/p/a.ts", Some(text))]);
    for _ in 0..2 {
        assert!(ask(&model, "/p/b.ts"));
        assert!(!ask(&model, "/p/a.ts"));
        model.merge();
    }
}

#[test]
fn what_is_not_written_by_hand_is_refused() {
    let model = Model::new(Options {
        budget: 100,
        largest: 60,
        longest_line: 40,
        ..Options::default()
    });
    let long = "x".repeat(41);
    let large = "y\n".repeat(31);
    let changes = [
        ("/a.d.ts", "let a"),
        ("/min.js", &long),
        ("/large.ts", &large),
        ("/1.ts", "let one = 1"),
        ("/2.ts", "let two = 2"),
        ("/3.ts", &"z\n".repeat(30)),
        ("/4.ts", &"z\n".repeat(30)),
    ];
    model.update(
        changes
            .iter()
            .map(|(path, text)| change(path, Some(text)))
            .collect(),
    );
    assert_eq!(
        (model.stats().documents, model.stats().source_bytes),
        (3, 82)
    );
}

#[test]
fn a_build_that_is_stopped_changes_nothing() {
    let model = Model::new(Options::default());
    model.update(vec![change("/a.ts", Some("let a = 1"))]);
    let before = model.stats();
    let mut seen = Vec::new();
    let changes = vec![
        change("/b.ts", Some("let b = 2")),
        change("/c.ts", Some("let c = 3")),
    ];
    let flow = model.build(changes, &mut |bytes| {
        seen.push(bytes);
        if bytes > 9 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!((flow, seen), (ControlFlow::Break(()), vec![9, 18]));
    assert_eq!(model.stats(), before);
}

#[test]
fn readers_and_writers_do_not_disturb_each_other() {
    let model = Model::new(Options::default());
    let mut random = Random(7);
    let texts: Vec<String> = (0..20).map(|_| random.text()).collect();
    let all = || {
        texts
            .iter()
            .enumerate()
            .map(|(i, it)| change(&format!("/p/a/{i}.ts"), Some(it)))
    };
    model.update(all().collect());
    model.merge();
    let expected = answers(&model);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for change in all() {
                model.update(vec![change]);
                model.merge();
            }
        });
        while !writer.is_finished() {
            // Relearning the same texts makes no difference, whichever snapshot a request sees.
            for (answer, expected) in answers(&model).iter().zip(&expected) {
                let text = |it: &Option<Completion>| it.as_ref().map(|it| it.text.clone());
                assert_eq!(text(answer).is_some(), text(expected).is_some());
            }
        }
    });
    assert_eq!(answers(&model), expected);
}
