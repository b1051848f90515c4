//! HTML elements in JSX, from the declarations of `IntrinsicElements`.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use symphony_db::{Db, SourceFile, source_text, summary};
use symphony_hir::ExprId;
use symphony_semantic::{Module, globals, project_of, resolve_module};

use super::{CompletionItem, CompletionKind, Completions, Context, Tier};

/// The elements that a file's interfaces named `IntrinsicElements` list.
#[salsa::tracked(returns(clone))]
fn elements(db: &dyn Db, file: SourceFile) -> Arc<[SmolStr]> {
    let known = summary(db, file);
    let listed = known.declarations.iter().enumerate().filter(|(at, _)| {
        known
            .container(*at)
            .is_some_and(|it| it.name == "IntrinsicElements")
    });
    listed.map(|(_, it)| it.name.clone()).collect()
}

impl Context<'_> {
    /// The name of the element that is closed.
    pub(super) fn closing_tag(&self, tag: ExprId, acc: &mut Completions) {
        // What opens an element is before the cursor, where the text is as it was lowered.
        let text = source_text(self.db, self.file);
        if let Some(name) = text.get(std::ops::Range::from(self.cursor.hir.expr(tag).range)) {
            let kind = CompletionKind::Property;
            acc.items
                .push(CompletionItem::new(name.into(), kind, Tier::Near));
        }
    }

    pub(super) fn jsx_tags(&self, acc: &mut Completions) {
        let globals = globals(self.db, project_of(self.db, self.file));
        let mut files: Vec<SourceFile> = globals.files("JSX").to_vec();
        for name in ["react", "preact", "solid-js", "vue"] {
            let module = resolve_module(self.db, self.file, SmolStr::new_static(name));
            if let Some(Module::File(file)) = module {
                files.push(file);
            }
        }
        let mut seen: FxHashSet<SmolStr> = FxHashSet::default();
        for file in files {
            for name in elements(self.db, file).iter() {
                if seen.insert(name.clone()) {
                    let kind = CompletionKind::Property;
                    acc.items
                        .push(CompletionItem::new(name.clone(), kind, Tier::Near));
                }
            }
        }
    }
}
