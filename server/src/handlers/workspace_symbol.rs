//! `workspace/symbol`

use lsp_types::{Location, OneOf, WorkspaceSymbol, WorkspaceSymbolParams, WorkspaceSymbolResponse};
use symphony_db::RootDatabase;

use crate::lsp::to_proto;
use crate::snapshot::Snapshot;
use crate::task::HandlerResult;

/// As many as a person may look through; editors ask again with each key.
const LIMIT: usize = 256;

pub(crate) fn handle(
    db: RootDatabase,
    snapshot: &Snapshot,
    params: &WorkspaceSymbolParams,
) -> HandlerResult<Option<WorkspaceSymbolResponse>> {
    let symbols = symphony_ide::workspace_symbols(&db, &params.query, LIMIT);
    drop(db);
    let encoding = snapshot.abilities.encoding;
    let found = symbols.into_iter().filter_map(|symbol| {
        let uri = to_proto::uri(&snapshot.shared.paths.path(symbol.file)?)?;
        let start = to_proto::position(symbol.place.position(encoding));
        let mut end = start;
        end.character += encoding.columns(&symbol.name);
        Some(WorkspaceSymbol {
            kind: to_proto::declaration_kind(symbol.kind),
            name: symbol.name,
            tags: None,
            container_name: symbol.container,
            location: OneOf::Left(Location::new(uri, lsp_types::Range::new(start, end))),
            data: None,
        })
    });
    Ok(Some(WorkspaceSymbolResponse::Nested(found.collect())))
}
