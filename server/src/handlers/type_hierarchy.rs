//! `textDocument/prepareTypeHierarchy` and the two questions about its items.

use lsp_types::{
    TypeHierarchyItem, TypeHierarchyPrepareParams, TypeHierarchySubtypesParams,
    TypeHierarchySupertypesParams,
};
use symphony_ide::TypeItem;

use crate::lsp::to_proto;
use crate::source_view::SourceView;
use crate::task::HandlerResult;

type Answer = HandlerResult<Option<Vec<TypeHierarchyItem>>>;

pub(crate) fn prepare(view: &SourceView<'_>, params: &TypeHierarchyPrepareParams) -> Answer {
    let offset = view.offset(params.text_document_position_params.position);
    items(
        view,
        symphony_ide::prepare_type_hierarchy(view.db, view.source, offset),
    )
}

pub(crate) fn supertypes(view: &SourceView<'_>, params: &TypeHierarchySupertypesParams) -> Answer {
    let selection = view.text_range(params.item.selection_range);
    items(
        view,
        symphony_ide::supertypes(view.db, view.source, selection),
    )
}

pub(crate) fn subtypes(view: &SourceView<'_>, params: &TypeHierarchySubtypesParams) -> Answer {
    let selection = view.text_range(params.item.selection_range);
    items(
        view,
        symphony_ide::subtypes(view.db, view.source, selection),
    )
}

fn items(view: &SourceView<'_>, items: Vec<TypeItem>) -> Answer {
    let to_proto = |item: TypeItem| {
        Some(TypeHierarchyItem {
            name: item.name,
            kind: to_proto::symbol_kind(item.kind),
            tags: None,
            detail: item.container,
            uri: view.uri(item.file)?,
            range: view.range_in(item.file, item.range),
            selection_range: view.range_in(item.file, item.selection),
            data: None,
        })
    };
    Ok(Some(items.into_iter().filter_map(to_proto).collect()))
}
