//! `textDocument/documentSymbol`

use lsp_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location, SymbolInformation,
    SymbolTag,
};

use crate::lsp::to_proto::{self, Lines};
use crate::snapshot::{DocumentView, Snapshot};
use crate::task::HandlerResult;

pub(crate) fn handle(
    snapshot: &Snapshot,
    view: &DocumentView,
    _: &DocumentSymbolParams,
) -> HandlerResult<Option<DocumentSymbolResponse>> {
    let symbols = symphony_ide::document_symbols(&view.parse);
    let nested: Vec<DocumentSymbol> = symbols
        .into_iter()
        .map(|symbol| nested_symbol(view.lines(), symbol))
        .collect();
    if snapshot.abilities.nested_symbols {
        return Ok(Some(DocumentSymbolResponse::Nested(nested)));
    }
    let mut flat = Vec::new();
    for symbol in nested {
        flatten(view, symbol, None, &mut flat);
    }
    Ok(Some(DocumentSymbolResponse::Flat(flat)))
}

fn nested_symbol(lines: Lines<'_>, symbol: symphony_ide::DocumentSymbol) -> DocumentSymbol {
    let children: Vec<_> = symbol
        .children
        .into_iter()
        .map(|child| nested_symbol(lines, child))
        .collect();
    #[expect(
        deprecated,
        reason = "the type has the old field beside the tag that replaced it"
    )]
    DocumentSymbol {
        name: symbol.name,
        detail: symbol.detail,
        kind: to_proto::symbol_kind(symbol.kind),
        tags: symbol.deprecated.then(|| vec![SymbolTag::DEPRECATED]),
        deprecated: None,
        range: lines.range(symbol.range),
        selection_range: lines.range(symbol.selection_range),
        children: (!children.is_empty()).then_some(children),
    }
}

/// For clients without nesting: a list in the order of the text, each with the name of what holds it.
fn flatten(
    view: &DocumentView,
    symbol: DocumentSymbol,
    container: Option<&str>,
    into: &mut Vec<SymbolInformation>,
) {
    #[expect(
        deprecated,
        reason = "the type has the old field beside the tag that replaced it"
    )]
    into.push(SymbolInformation {
        name: symbol.name.clone(),
        kind: symbol.kind,
        tags: symbol.tags,
        deprecated: None,
        location: Location::new(view.uri.clone(), symbol.range),
        container_name: container.map(str::to_owned),
    });
    for child in symbol.children.unwrap_or_default() {
        flatten(view, child, Some(&symbol.name), into);
    }
}
