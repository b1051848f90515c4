//! `textDocument/definition` and its kin: declaration, type definition, implementation.

use lsp_types::{GotoDefinitionParams, GotoDefinitionResponse, LocationLink};
use symphony_db::{Db, SourceFile, hir};
use symphony_ide::NavigationTarget;
use symphony_text::TextSize;

use crate::source_view::SourceView;
use crate::task::HandlerResult;

type Find = fn(&dyn Db, SourceFile, TextSize) -> Vec<NavigationTarget>;
type Answer = HandlerResult<Option<GotoDefinitionResponse>>;

pub(crate) fn definition(view: &SourceView<'_>, params: &GotoDefinitionParams) -> Answer {
    answer(view, params, symphony_ide::definition)
}

pub(crate) fn declaration(view: &SourceView<'_>, params: &GotoDefinitionParams) -> Answer {
    answer(view, params, symphony_ide::declaration)
}

pub(crate) fn type_definition(view: &SourceView<'_>, params: &GotoDefinitionParams) -> Answer {
    answer(view, params, symphony_ide::type_definition)
}

pub(crate) fn implementation(view: &SourceView<'_>, params: &GotoDefinitionParams) -> Answer {
    answer(view, params, symphony_ide::implementation)
}

fn answer(view: &SourceView<'_>, params: &GotoDefinitionParams, find: Find) -> Answer {
    let offset = view.offset(params.text_document_position_params.position);
    let mut targets = find(view.db, view.source, offset);
    if targets.iter().any(|it| it.file != targets[0].file) {
        // What is declared in several files comes in the order in which they became known, which is another each time.
        targets.sort_by_cached_key(|it| (view.path(it.file), it.focus.start()));
    }
    if !view.snapshot.abilities.definition_links {
        let places = targets.iter().map(|it| (it.file, it.focus));
        return Ok(Some(GotoDefinitionResponse::Array(view.locations(places))));
    }
    let lowered = hir(view.db, view.source);
    let asked = lowered.tokens_at(offset).next();
    let origin = asked.map(|token| view.range(lowered.token(token).range));
    let links = targets.iter().filter_map(|target| {
        Some(LocationLink {
            origin_selection_range: origin,
            target_uri: view.uri(target.file)?,
            target_range: view.range_in(target.file, target.full),
            target_selection_range: view.range_in(target.file, target.focus),
        })
    });
    Ok(Some(GotoDefinitionResponse::Link(links.collect())))
}
