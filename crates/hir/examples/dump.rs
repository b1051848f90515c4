//! Prints the names of files as lines of JSON: place, text, and the place of the first declaration in the file.
use std::io::Write;

use symphony_hir::{Hir, TokenKind, lower};
use symphony_syntax::Language;

fn main() {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for path in std::env::args().skip(1) {
        let Some(language) = Language::from_path(path.as_ref()) else {
            continue;
        };
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let hir = lower(&text, language);
        for token in hir.tokens() {
            let kind = format!("{:?}", token.kind);
            let kind = kind.split(['(', ' ']).next().unwrap_or_default().to_owned();
            let place = stands_for(&hir, token.kind).map_or("null".to_owned(), |at| at.to_string());
            // Nothing waits for what cannot be written.
            let _ = writeln!(
                out,
                "{{\"file\":{path:?},\"at\":{},\"end\":{},\"kind\":\"{kind}\",\"decl\":{place}}}",
                u32::from(token.range.start()),
                u32::from(token.range.end()),
            );
        }
    }
}

/// Where the first declaration is of what a name stands for.
fn stands_for(hir: &Hir, kind: TokenKind) -> Option<u32> {
    let symbol = match kind {
        TokenKind::Decl(decl) => hir.decl(decl).symbol,
        TokenKind::Use { symbol, .. }
        | TokenKind::ExportLocal { symbol, .. }
        | TokenKind::ParameterName { symbol, .. } => symbol?,
        _ => return None,
    };
    Some(hir.first_decl(symbol).name_range.start().into())
}
