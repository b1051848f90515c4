//! The layout here is the one that Python wrote down.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::view::{WIDTHS, ints};
use crate::*;

#[derive(Deserialize)]
struct Schema {
    layout: u32,
    decision_width: usize,
    view: Vec<Field>,
    instrument: Vec<Field>,
    decision: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    names: Option<serde_json::Map<String, serde_json::Value>>,
}

impl Field {
    fn is_int(&self) -> bool {
        self.kind != "float"
    }
}

#[derive(Deserialize)]
struct Vectors {
    layout: u32,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    view: Vec<f64>,
    decision: Option<Vec<f64>>,
    error: Option<String>,
}

fn read<T: for<'a> Deserialize<'a>>(name: &str) -> T {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python-models/src/conductor");
    serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
}

fn same_fields(ours: &[(&str, bool)], theirs: &[Field]) {
    let theirs: Vec<_> = theirs
        .iter()
        .map(|it| (it.name.as_str(), it.is_int()))
        .collect();
    assert_eq!(ours, theirs);
}

/// `WorthIt` as `worth_it`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[test]
fn fields_and_their_types_are_those_of_the_schema() {
    let schema: Schema = read("schema.json");
    assert_eq!(schema.layout, LAYOUT);
    assert_eq!(schema.decision_width, decision::WIDTH);
    let n = schema.view.len();
    assert_eq!(schema.view[0].name, "layout");
    assert_eq!(schema.view[n - 1].name, "n_instruments");
    same_fields(View::FIELDS, &schema.view[1..n - 1]);
    same_fields(Instrument::FIELDS, &schema.instrument);
    same_fields(Decision::FIELDS, &schema.decision[1..]);
    assert_eq!(WIDTHS, [n as u32, schema.instrument.len() as u32]);
    for (fields, bits) in [&schema.view, &schema.instrument].into_iter().zip(ints()) {
        for (index, field) in fields.iter().enumerate() {
            assert_eq!(field.is_int(), bits >> index & 1 == 1, "{}", field.name);
        }
    }
}

#[test]
fn names_are_those_of_the_schema() {
    let schema: Schema = read("schema.json");
    let ours = [
        ("trigger", Trigger::NAMES),
        ("surroundings", Surroundings::NAMES),
        ("prefix", Prefix::NAMES),
        ("kind", Kind::NAMES),
        ("state", Availability::NAMES),
        ("reason", Reason::NAMES),
    ];
    let fields = schema.view.iter().chain(&schema.instrument);
    let named: Vec<_> = fields
        .chain(&schema.decision)
        .filter(|it| it.names.is_some())
        .collect();
    assert_eq!(named.len(), ours.len());
    for (field, (name, variants)) in named.into_iter().zip(ours) {
        assert_eq!(field.name, name);
        let theirs = field.names.as_ref().unwrap();
        assert_eq!(theirs.len(), variants.len());
        for (index, variant) in variants.iter().enumerate() {
            assert_eq!(theirs[&snake(variant)], index, "{variant}");
        }
    }
}

#[test]
fn every_vector_is_read_and_written_as_it_is() {
    let vectors: Vectors = read("vectors.json");
    assert_eq!(vectors.layout, LAYOUT);
    assert!(vectors.cases.len() > 300);
    for Case {
        view,
        decision,
        error,
    } in vectors.cases
    {
        let Some(decision) = decision else {
            assert_eq!(error.as_deref(), Some("LayoutError"));
            assert_eq!(View::from_numbers(&view), None, "{view:?}");
            continue;
        };
        let typed = View::from_numbers(&view).unwrap();
        assert_eq!(typed.numbers(), Some(view));
        let decided = Decision::from_numbers(&decision).unwrap();
        assert_eq!(decided.numbers(), decision);
        assert_eq!(validate(&decided, &typed), Ok(()));
    }
}

#[test]
fn what_is_no_decision_is_none() {
    let fine = Decision::silent(Reason::NoTime).numbers();
    assert_eq!(
        Decision::from_numbers(&fine),
        Some(Decision::silent(Reason::NoTime))
    );
    for (index, number) in [
        (0, 2.0),
        (1, 2.0),
        (1, 0.5),
        (2, 6.0),
        (2, -1.0),
        (4, -2.0),
        (4, 256.0),
        (7, 1e10),
        (9, f64::NAN),
        (12, f64::INFINITY),
    ] {
        let mut numbers = fine.clone();
        numbers[index] = number;
        assert_eq!(Decision::from_numbers(&numbers), None, "{index}: {number}");
    }
    assert_eq!(Decision::from_numbers(&fine[1..]), None);
    assert_eq!(Decision::from_numbers(&[]), None);
}

#[test]
fn more_instruments_than_a_view_can_have_are_no_view() {
    let mut view = View {
        instruments: vec![Instrument::default(); 64],
        ..View::default()
    };
    let numbers = view.numbers().unwrap();
    assert_eq!(View::from_numbers(&numbers).as_ref(), Some(&view));
    view.instruments.push(Instrument::default());
    assert_eq!(view.numbers(), None);
}
