//! Syntax errors, asked for (`textDocument/diagnostic`) or pushed.

use std::hash::{Hash, Hasher};

use lsp_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
};
use rustc_hash::FxHasher;
use symphony_db::RootDatabase;

use crate::lsp::to_proto;
use crate::snapshot::Snapshot;
use crate::task::HandlerResult;

/// The syntax errors of a document in the client's terms.
pub(crate) fn syntax(
    db: RootDatabase,
    snapshot: &Snapshot,
    uri: &Uri,
) -> HandlerResult<Vec<Diagnostic>> {
    let view = snapshot.view(&db, uri)?;
    let errors = match snapshot.document {
        Some((source, _)) => symphony_db::syntax_errors(&db, source),
        None => symphony_syntax::syntax_errors(view.parse.text(), view.parse.language()).into(),
    };
    drop(db);
    Ok(errors
        .iter()
        .map(|error| to_proto::diagnostic(view.lines(), uri, error))
        .collect())
}

pub(crate) fn pull(
    db: RootDatabase,
    snapshot: &Snapshot,
    params: &DocumentDiagnosticParams,
) -> HandlerResult<DocumentDiagnosticReportResult> {
    let items = syntax(db, snapshot, &params.text_document.uri)?;
    let id = result_id(&items);
    let report = if params.previous_result_id.as_ref() == Some(&id) {
        DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                result_id: id,
            },
        })
    } else {
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport {
                result_id: Some(id),
                items,
            },
        })
    };
    Ok(report.into())
}

/// A digest of the report: the same id means the same errors at the same places.
fn result_id(items: &[Diagnostic]) -> String {
    let mut hasher = FxHasher::default();
    for item in items {
        let (start, end) = (item.range.start, item.range.end);
        (
            start.line,
            start.character,
            end.line,
            end.character,
            &item.message,
        )
            .hash(&mut hasher);
    }
    format!("{:x}-{:x}", items.len(), hasher.finish())
}
