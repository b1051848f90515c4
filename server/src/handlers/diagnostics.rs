//! Syntax errors and hints, asked for (`textDocument/diagnostic`) or pushed.

use std::hash::{Hash, Hasher};

use lsp_types::{
    Diagnostic, DiagnosticSeverity, DiagnosticTag, DocumentDiagnosticParams,
    DocumentDiagnosticReport, DocumentDiagnosticReportResult, FullDocumentDiagnosticReport,
    NumberOrString, RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport, Uri,
};
use rustc_hash::FxHasher;
use symphony_db::RootDatabase;

use crate::lsp::to_proto;
use crate::snapshot::Snapshot;
use crate::source_view::SourceView;
use crate::task::HandlerResult;

/// The syntax errors of a document in the client's terms; without any, hints about its names.
pub(crate) fn all(
    db: &RootDatabase,
    snapshot: &Snapshot,
    uri: &Uri,
) -> HandlerResult<Vec<Diagnostic>> {
    let view = SourceView::new(db, snapshot, uri)?;
    let errors = view.syntax_errors();
    if errors.is_empty() {
        return Ok(hints(&view));
    }
    let lines = view.lines();
    let errors = errors.iter();
    Ok(errors
        .map(|error| to_proto::diagnostic(lines, uri, error))
        .collect())
}

/// TypeScript's number of the error.
const CANNOT_FIND_NAME: i32 = 2304;

/// What is not wrong but could be otherwise, and names that nothing declares.
fn hints(view: &SourceView<'_>) -> Vec<Diagnostic> {
    let hir = symphony_db::hir(view.db, view.source);
    let unused = symphony_ide::unused_names(&view.text, &hir, view.jsx_factories());
    let unused = unused.iter().map(|it| Diagnostic {
        range: view.range(it.range),
        severity: Some(DiagnosticSeverity::HINT),
        source: Some("symphony".into()),
        message: it.kind.message(hir.name(hir.decl(it.decl).name)),
        tags: Some(vec![DiagnosticTag::UNNECESSARY]),
        ..Diagnostic::default()
    });
    let unresolved = symphony_ide::unresolved_names(view.db, view.source);
    // In a TypeScript project whose libraries are known a name that nothing declares is an error for certain.
    let is_certain = view.source.project(view.db).is_some()
        && view.snapshot.shared.world.lib().is_some()
        && !hir.is_javascript
        && !view.text.contains("@ts-nocheck");
    let unresolved = unresolved.iter().map(|it| Diagnostic {
        range: view.range(it.range),
        severity: Some(if is_certain {
            DiagnosticSeverity::ERROR
        } else {
            DiagnosticSeverity::HINT
        }),
        code: is_certain.then_some(NumberOrString::Number(CANNOT_FIND_NAME)),
        source: Some("symphony".into()),
        message: format!("Cannot find name '{}'.", it.name),
        ..Diagnostic::default()
    });
    unused
        .chain(unresolved)
        .chain(unresolved_modules(view))
        .collect()
}

/// Modules of the workspace that are not there: hints, since something may be about to make them.
fn unresolved_modules(view: &SourceView<'_>) -> impl Iterator<Item = Diagnostic> {
    let found = symphony_ide::unresolved_modules(view.db, view.source).into_iter();
    found.map(|(range, specifier)| Diagnostic {
        range: view.range(range),
        severity: Some(DiagnosticSeverity::HINT),
        source: Some("symphony".into()),
        message: format!(
            "Cannot find module '{specifier}' or its corresponding type declarations."
        ),
        ..Diagnostic::default()
    })
}

pub(crate) fn pull(
    db: RootDatabase,
    snapshot: &Snapshot,
    params: &DocumentDiagnosticParams,
) -> HandlerResult<DocumentDiagnosticReportResult> {
    let items = all(&db, snapshot, &params.text_document.uri)?;
    drop(db);
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
