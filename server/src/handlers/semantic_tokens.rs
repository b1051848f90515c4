//! `textDocument/semanticTokens`: full, delta and range.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, PoisonError};

use lsp_types::{
    SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensDelta,
    SemanticTokensDeltaParams, SemanticTokensEdit, SemanticTokensFullDeltaResult,
    SemanticTokensLegend, SemanticTokensParams, SemanticTokensRangeParams,
    SemanticTokensRangeResult, SemanticTokensResult,
};
use rustc_hash::FxHasher;
use symphony_ide::{TokenKind, TokenModifiers};
use symphony_text::TextRange;

use crate::snapshot::{DocumentView, SentTokens, Snapshot};
use crate::task::HandlerResult;

/// The names of token types and modifiers, in the order in which tokens number them.
pub(crate) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TokenKind::NAMES.map(SemanticTokenType::new).to_vec(),
        token_modifiers: TokenModifiers::NAMES
            .map(SemanticTokenModifier::new)
            .to_vec(),
    }
}

pub(crate) fn full(
    snapshot: &Snapshot,
    view: &DocumentView,
    _: &SemanticTokensParams,
) -> HandlerResult<Option<SemanticTokensResult>> {
    let sent = send(snapshot, view);
    Ok(Some(SemanticTokensResult::Tokens(SemanticTokens {
        result_id: Some(sent.id),
        data: sent.tokens.to_vec(),
    })))
}

pub(crate) fn delta(
    snapshot: &Snapshot,
    view: &DocumentView,
    params: &SemanticTokensDeltaParams,
) -> HandlerResult<Option<SemanticTokensFullDeltaResult>> {
    let known = snapshot
        .shared
        .tokens
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let before = known
        .get(&view.file)
        .filter(|sent| sent.id == params.previous_result_id)
        .cloned();
    drop(known);
    let sent = send(snapshot, view);
    Ok(Some(match before {
        Some(before) => SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
            result_id: Some(sent.id),
            edits: edit(&before.tokens, &sent.tokens),
        }),
        None => SemanticTokensFullDeltaResult::Tokens(SemanticTokens {
            result_id: Some(sent.id),
            data: sent.tokens.to_vec(),
        }),
    }))
}

pub(crate) fn range(
    _: &Snapshot,
    view: &DocumentView,
    params: &SemanticTokensRangeParams,
) -> HandlerResult<Option<SemanticTokensRangeResult>> {
    let data = encode(view, Some(view.range(params.range)));
    Ok(Some(SemanticTokensRangeResult::Tokens(SemanticTokens {
        result_id: None,
        data,
    })))
}

/// The tokens of an open document, remembered as what the client has.
fn send(snapshot: &Snapshot, view: &DocumentView) -> SentTokens {
    let tokens: Arc<[SemanticToken]> = encode(view, None).into();
    let mut hasher = FxHasher::default();
    for token in &*tokens {
        let SemanticToken {
            delta_line,
            delta_start,
            length,
            ..
        } = token;
        (
            delta_line,
            delta_start,
            length,
            token.token_type,
            token.token_modifiers_bitset,
        )
            .hash(&mut hasher);
    }
    let sent = SentTokens {
        id: format!("{:x}", hasher.finish()),
        tokens,
    };
    if view.version.is_some() {
        let mut known = snapshot
            .shared
            .tokens
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known.insert(view.file, sent.clone());
    }
    sent
}

/// Tokens as the protocol packs them: each relative to the one before.
fn encode(view: &DocumentView, range: Option<TextRange>) -> Vec<SemanticToken> {
    let lines = view.lines();
    let (mut line, mut start) = (0, 0);
    let tokens = symphony_ide::semantic_tokens(&view.parse, range);
    tokens
        .into_iter()
        .map(|token| {
            let at = lines.position(token.range.start());
            let length = view.encoding.columns(&view.parse.text()[token.range]);
            let delta_line = at.line - line;
            let delta_start = if delta_line == 0 {
                at.character - start
            } else {
                at.character
            };
            (line, start) = (at.line, at.character);
            SemanticToken {
                delta_line,
                delta_start,
                length,
                token_type: token.kind as u32,
                token_modifiers_bitset: token.modifiers.0,
            }
        })
        .collect()
}

/// One edit from `before` to `after`: what differs between the longest common beginning and end. In numbers, of which
/// a token has five.
fn edit(before: &[SemanticToken], after: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
    let head = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (before, after) = (&before[head..], &after[head..]);
    let tail = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (before, after) = (&before[..before.len() - tail], &after[..after.len() - tail]);
    if before.is_empty() && after.is_empty() {
        return Vec::new();
    }
    vec![SemanticTokensEdit {
        start: head as u32 * 5,
        delete_count: before.len() as u32 * 5,
        data: (!after.is_empty()).then(|| after.to_vec()),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(starts: &[u32]) -> Vec<SemanticToken> {
        let token = |&delta_start| SemanticToken {
            delta_start,
            ..SemanticToken::default()
        };
        starts.iter().map(token).collect()
    }

    /// The start, the deleted and the inserted tokens of the edit.
    fn check(before: &[u32], after: &[u32], expected: Option<(u32, u32, &[u32])>) {
        let edits = edit(&tokens(before), &tokens(after));
        let found = edits.first().map(|edit| {
            (
                edit.start / 5,
                edit.delete_count / 5,
                edit.data.clone().unwrap_or_default(),
            )
        });
        let expected = expected.map(|(start, deleted, data)| (start, deleted, tokens(data)));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_delta_is_what_differs() {
        check(&[1, 2, 3], &[1, 2, 3], None);
        check(&[1, 2, 3], &[1, 9, 3], Some((1, 1, &[9])));
        check(&[1, 2, 3], &[1, 3], Some((1, 1, &[])));
        check(&[], &[1], Some((0, 0, &[1])));
        check(&[1, 1], &[1, 1, 1], Some((2, 0, &[1])));
    }
}
