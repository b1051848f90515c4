//! `textDocument/codeAction`

use lsp_types::{CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams};
use symphony_ide::{OrganizeMode, OrganizeOptions};

use crate::source_view::SourceView;
use crate::task::HandlerResult;

/// What can be done with the imports of a file: the protocol's kind, a title, and what of it.
pub(crate) const SOURCE_ACTIONS: [(&str, &str, OrganizeMode); 3] = [
    (
        "source.organizeImports",
        "Organize imports",
        OrganizeMode::All,
    ),
    (
        "source.sortImports",
        "Sort imports",
        OrganizeMode::SortAndCombine,
    ),
    (
        "source.removeUnusedImports",
        "Remove unused imports",
        OrganizeMode::RemoveUnused,
    ),
];

pub(crate) fn handle(
    view: &SourceView<'_>,
    params: &CodeActionParams,
) -> HandlerResult<Option<Vec<CodeActionOrCommand>>> {
    let wanted = Wanted(params.context.only.as_deref());
    let mut actions = Vec::new();
    for (kind, title, mode) in SOURCE_ACTIONS {
        // Computed only for who asks for it by name: editors ask for everything with each move of the cursor.
        if wanted.names(kind) {
            actions.extend(organize(view, kind, title, mode));
        }
    }
    Ok(Some(
        actions
            .into_iter()
            .map(CodeActionOrCommand::CodeAction)
            .collect(),
    ))
}

fn organize(
    view: &SourceView<'_>,
    kind: &str,
    title: &str,
    mode: OrganizeMode,
) -> Option<CodeAction> {
    let hir = symphony_db::hir(view.db, view.source);
    let options = OrganizeOptions {
        mode,
        jsx_factories: view.jsx_factories(),
        ..OrganizeOptions::default()
    };
    let edits = symphony_ide::organize_imports(&view.text, &hir, options);
    (!edits.is_empty()).then(|| CodeAction {
        title: title.to_owned(),
        kind: Some(CodeActionKind::from(kind.to_owned())),
        edit: Some(view.workspace_edit(vec![(view.source, edits)])),
        ..CodeAction::default()
    })
}

/// The kinds that a client asks for; a kind stands for those below it.
struct Wanted<'a>(Option<&'a [CodeActionKind]>);

impl Wanted<'_> {
    /// Whether the kind, or one that it is part of, is asked for by name.
    fn names(&self, kind: &str) -> bool {
        self.0.is_some_and(|kinds| {
            kinds.iter().any(|wanted| {
                let rest = kind.strip_prefix(wanted.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        })
    }
}
