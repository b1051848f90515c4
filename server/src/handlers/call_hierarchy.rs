//! `textDocument/prepareCallHierarchy` and the two questions about its items.

use lsp_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams,
};
use symphony_ide::CallItem;

use crate::lsp::to_proto;
use crate::source_view::SourceView;
use crate::task::HandlerResult;

pub(crate) fn prepare(
    view: &SourceView<'_>,
    params: &CallHierarchyPrepareParams,
) -> HandlerResult<Option<Vec<CallHierarchyItem>>> {
    let offset = view.offset(params.text_document_position_params.position);
    let items = symphony_ide::prepare_call_hierarchy(view.db, view.source, offset);
    Ok(Some(items.iter().filter_map(|it| item(view, it)).collect()))
}

pub(crate) fn incoming(
    view: &SourceView<'_>,
    params: &CallHierarchyIncomingCallsParams,
) -> HandlerResult<Option<Vec<CallHierarchyIncomingCall>>> {
    let selection = view.text_range(params.item.selection_range);
    let calls = symphony_ide::incoming_calls(view.db, view.source, selection);
    let to_proto = |call: symphony_ide::Call| {
        let ranges = call.ranges.iter();
        Some(CallHierarchyIncomingCall {
            from: item(view, &call.item)?,
            from_ranges: ranges
                .map(|&range| view.range_in(call.item.file, range))
                .collect(),
        })
    };
    Ok(Some(calls.into_iter().filter_map(to_proto).collect()))
}

pub(crate) fn outgoing(
    view: &SourceView<'_>,
    params: &CallHierarchyOutgoingCallsParams,
) -> HandlerResult<Option<Vec<CallHierarchyOutgoingCall>>> {
    let selection = view.text_range(params.item.selection_range);
    let calls = symphony_ide::outgoing_calls(view.db, view.source, selection);
    let to_proto = |call: symphony_ide::Call| {
        Some(CallHierarchyOutgoingCall {
            to: item(view, &call.item)?,
            // They are places in the caller, which is the file that was asked about.
            from_ranges: call.ranges.iter().map(|&range| view.range(range)).collect(),
        })
    };
    Ok(Some(calls.into_iter().filter_map(to_proto).collect()))
}

fn item(view: &SourceView<'_>, item: &CallItem) -> Option<CallHierarchyItem> {
    Some(CallHierarchyItem {
        name: item.name.clone(),
        kind: to_proto::symbol_kind(item.kind),
        tags: None,
        detail: item.container.clone(),
        uri: view.uri(item.file)?,
        range: view.range_in(item.file, item.range),
        selection_range: view.range_in(item.file, item.selection),
        data: None,
    })
}
