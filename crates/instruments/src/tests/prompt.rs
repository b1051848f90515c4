//! How much of a document is sent.

use proptest::prelude::*;

use super::prompt;
use crate::{InlineQuestion, Limits, Prompt};

fn limits(context_tokens: u32) -> Limits {
    Limits {
        context_tokens,
        max_tokens: 8,
        ..Limits::default()
    }
}

#[test]
fn a_small_document_is_sent_whole() {
    let prompt = prompt("let a = $0;\nlet b;\n", &Limits::default());
    assert_eq!(
        (prompt.prefix.as_str(), prompt.suffix.as_str()),
        ("let a = ", ";\nlet b;\n")
    );
    assert_eq!(prompt.line(), ("let a = ", ";"));
}

#[test]
fn a_large_one_is_cut_at_lines() {
    let line = "const value = 1;\n";
    let document = format!("{}let a = $0\n{}", line.repeat(50), line.repeat(50));
    let prompt = prompt(&document, &limits(140));
    // 100 tokens are left: 300 bytes, three quarters of them before the cursor.
    assert!(prompt.prefix.starts_with("const") && prompt.prefix.ends_with("let a = "));
    assert!(prompt.suffix.ends_with(";\n"));
    assert!(
        (180..=240).contains(&prompt.prefix.len()),
        "{}",
        prompt.prefix.len()
    );
    assert!(
        (40..=75).contains(&prompt.suffix.len()),
        "{}",
        prompt.suffix.len()
    );
}

#[test]
fn what_one_side_does_not_need_the_other_gets() {
    let line = "const value = 1;\n";
    let at_end = prompt(&format!("{}$0", line.repeat(50)), &limits(140));
    assert!(at_end.prefix.len() > 280 && at_end.suffix.is_empty());
    let at_start = prompt(&format!("$0{}", line.repeat(50)), &limits(140));
    assert!(at_start.suffix.len() > 280 && at_start.prefix.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn it_is_always_a_part_of_the_document_that_fits(
        text in "[a é漢😀\n]{0,400}",
        offset in 0..500_u32,
        context_tokens in 0..200_u32,
    ) {
        let question = InlineQuestion { document: "a", path: "a.ts", text: &text, offset, tau: 0.5, candidates: 1, context_tokens: u32::MAX };
        let Some(prompt) = Prompt::cut(&question, &limits(context_tokens)) else {
            prop_assert!(!text.is_char_boundary(offset as usize));
            return Ok(());
        };
        let (before, after) = text.split_at(offset as usize);
        prop_assert!(before.ends_with(&prompt.prefix) && after.starts_with(&prompt.suffix));
        let room = (context_tokens as usize).saturating_sub(8 + 32) * 3;
        prop_assert!(prompt.prefix.len() + prompt.suffix.len() <= room);
    }
}
