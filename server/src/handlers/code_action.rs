//! `textDocument/codeAction`

use lsp_types::{CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams};
use rustc_hash::FxHashSet;
use symphony_db::Db as _;
use symphony_ide::{OrganizeMode, OrganizeOptions};
use symphony_text::TextRange;

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
    if wanted.takes("quickfix") {
        quick_fixes(view, params, &mut actions);
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
        is_broken: !view.syntax_errors().is_empty(),
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

/// Imports for the names in the range that nothing declares.
fn quick_fixes(view: &SourceView<'_>, params: &CodeActionParams, actions: &mut Vec<CodeAction>) {
    let asked = view.text_range(params.range);
    let unresolved = symphony_ide::unresolved_names(view.db, view.source);
    let mut found = false;
    for name in unresolved
        .iter()
        .filter(|it| it.range.intersect(asked).is_some())
    {
        let fixes =
            symphony_ide::import_fixes(view.db, view.source, &name.name, name.range, name.meaning);
        let about = params.context.diagnostics.iter();
        let about: Vec<_> = about
            .filter(|it| it.range == view.range(name.range))
            .cloned()
            .collect();
        for (at, fix) in fixes.into_iter().enumerate() {
            found = true;
            actions.push(CodeAction {
                title: fix.title,
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: (!about.is_empty()).then(|| about.clone()),
                is_preferred: (at == 0).then_some(true),
                edit: Some(view.workspace_edit(vec![(view.source, fix.edits)])),
                ..CodeAction::default()
            });
        }
    }
    unused_fixes(view, asked, actions);
    let names: FxHashSet<_> = unresolved.iter().map(|it| &it.name).collect();
    if found && names.len() > 1 {
        let edits = symphony_ide::add_all_missing_imports(view.db, view.source);
        if !edits.is_empty() {
            actions.push(CodeAction {
                title: "Add all missing imports".to_owned(),
                kind: Some(CodeActionKind::QUICKFIX),
                edit: Some(view.workspace_edit(vec![(view.source, edits)])),
                ..CodeAction::default()
            });
        }
    }
}

/// What nothing uses is removed.
fn unused_fixes(view: &SourceView<'_>, asked: TextRange, actions: &mut Vec<CodeAction>) {
    let hir = symphony_db::hir(view.db, view.source);
    let file = view.source.id(view.db);
    let fixes = symphony_ide::unused_fixes(&view.text, &hir, file, asked, view.jsx_factories());
    for fix in fixes {
        let edits = fix
            .edits
            .into_iter()
            .map(|(id, edits)| (view.db.source_file(id), edits));
        actions.push(CodeAction {
            title: fix.title,
            kind: Some(CodeActionKind::QUICKFIX),
            is_preferred: fix.preferred.then_some(true),
            edit: Some(view.workspace_edit(edits.collect())),
            ..CodeAction::default()
        });
    }
}

/// The kinds that a client asks for; a kind stands for those below it.
struct Wanted<'a>(Option<&'a [CodeActionKind]>);

impl Wanted<'_> {
    /// Whether the kind is asked for, be it that everything is.
    fn takes(&self, kind: &str) -> bool {
        self.0.is_none() || self.names(kind)
    }

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
