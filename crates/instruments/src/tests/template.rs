//! Templates: which, and that no text breaks out of them.

use proptest::prelude::*;

use crate::template::plain_for_all;
use crate::{TEMPLATES, TemplateChoice, template};

#[test]
fn a_model_has_the_template_that_it_was_trained_with() {
    let cases = [
        (
            "qwen2.5-coder:1.5b-base",
            "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>",
        ),
        (
            "Qwen/Qwen2.5-Coder-7B",
            "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>",
        ),
        (
            "deepseek-coder:1.3b",
            "<｜fim▁begin｜>a<｜fim▁hole｜>b<｜fim▁end｜>",
        ),
        ("starcoder2:3b", "<fim_prefix>a<fim_suffix>b<fim_middle>"),
        ("codellama:7b-code", "<PRE> a <SUF>b <MID>"),
        (
            "codegemma:2b",
            "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>",
        ),
        ("codestral-latest", "[SUFFIX]b[PREFIX]a"),
        ("granite-code:3b", "<fim_prefix>a<fim_suffix>b<fim_middle>"),
        (
            "granite4:micro-h",
            "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>",
        ),
    ];
    for (model, expected) in cases {
        let template = TemplateChoice::Auto.resolve(Some(model)).unwrap();
        assert_eq!(template.fill("a", "b"), expected, "{model}");
    }
    assert_eq!(TemplateChoice::Auto.resolve(Some("gpt-4.1")), None);
    assert_eq!(TemplateChoice::Auto.resolve(None), None);
    let family = TemplateChoice::Family(template("codestral").unwrap());
    assert_eq!(
        family.resolve(Some("qwen2.5-coder")).unwrap().name,
        "codestral"
    );
    assert_eq!(TemplateChoice::Endpoint.resolve(Some("codestral")), None);
}

#[test]
fn each_has_a_name_of_its_own_and_hides_what_it_is_made_of() {
    for (n, it) in TEMPLATES.iter().enumerate() {
        assert!(TEMPLATES[n + 1..].iter().all(|other| other.name != it.name));
        for part in [it.prefix, it.suffix, it.middle] {
            let part = part.trim();
            assert!(
                part.is_empty() || it.special.contains(&part),
                "{}: {part}",
                it.name
            );
        }
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let special: Vec<&str> = TEMPLATES
        .iter()
        .flat_map(|it| it.special.iter().copied())
        .collect();
    let halves: Vec<String> = special
        .iter()
        .flat_map(|it| {
            let middle = it.char_indices().nth(it.chars().count() / 2).unwrap().0;
            [
                it[..middle].to_owned(),
                it[middle..].to_owned(),
                (*it).to_owned(),
            ]
        })
        .collect();
    let piece = prop_oneof![prop::sample::select(halves), "[a<>|\\[\\] ]{0,3}"];
    prop::collection::vec(piece, 0..12).prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_text_has_a_special_token_when_it_is_sent(before in pieces(), after in pieces()) {
        for it in TEMPLATES {
            let sent = it.fill(&before, &after);
            let own: usize = [it.prefix, it.suffix, it.middle].iter().filter(|part| !part.is_empty()).count();
            let found: usize = it.special.iter().map(|token| sent.matches(token).count()).sum();
            prop_assert_eq!(found, own, "{}: {}", it.name, sent);
        }
        let plain = plain_for_all(&before);
        for token in TEMPLATES.iter().flat_map(|it| it.special) {
            prop_assert!(!plain.contains(token), "{}: {}", token, plain);
        }
    }
}
