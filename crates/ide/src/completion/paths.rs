//! The specifiers of modules.

use smol_str::SmolStr;
use symphony_db::PathKind;
use symphony_semantic::{globals, project_of};

use super::{CompletionItem, CompletionKind, Completions, Context, Tier};

impl Context<'_> {
    /// What may come next in a specifier; names of ambient modules where it begins.
    pub(super) fn paths(&self, acc: &mut Completions) {
        let typed = &self.cursor.prefix;
        let folder = typed.rfind('/').map_or("", |slash| &typed[..=slash]);
        let system = self.db.files().system();
        for it in system.path_entries(self.file.id(self.db), folder) {
            let kind = match it.kind {
                PathKind::File => CompletionKind::File,
                PathKind::Folder => CompletionKind::Folder,
                PathKind::Package => CompletionKind::Package,
            };
            acc.items
                .push(CompletionItem::new(it.name.into(), kind, Tier::Near));
        }
        if folder.starts_with('.') {
            return;
        }
        let globals = globals(self.db, project_of(self.db, self.file));
        let mut modules: Vec<&SmolStr> = globals.modules().collect();
        modules.sort();
        for name in modules {
            if let Some(rest) = name.strip_prefix(folder)
                && !acc.items.iter().any(|it| it.label == rest)
            {
                let label = SmolStr::new(rest);
                let kind = CompletionKind::Package;
                acc.items.push(CompletionItem::new(label, kind, Tier::Near));
            }
        }
    }
}
