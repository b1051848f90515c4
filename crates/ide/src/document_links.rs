//! Places that lead to other files: the specifiers of modules, and reference comments.

use symphony_db::{Db, ResolveKind, SourceFile, hir};
use symphony_hir::{ModuleRefKind, ReferenceKind};
use symphony_semantic::{Module, resolve_module};
use symphony_text::TextRange;

/// A place that leads to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLink {
    /// The specifier, without its quotes.
    pub range: TextRange,
    /// The file.
    pub target: SourceFile,
}

/// The links of a file, in the order of the text.
pub fn document_links(db: &dyn Db, file: SourceFile) -> Vec<DocumentLink> {
    let hir = hir(db, file);
    let mut links = Vec::new();
    for (_, it) in hir.modules() {
        if it.kind == ModuleRefKind::Ambient {
            continue;
        }
        if let Some(Module::File(target)) = resolve_module(db, file, hir.name(it.specifier).clone())
        {
            let range = it.range;
            links.push(DocumentLink { range, target });
        }
    }
    for it in hir.references() {
        let kind = match it.kind {
            ReferenceKind::Path => ResolveKind::Path,
            ReferenceKind::Types => ResolveKind::Types,
            ReferenceKind::Lib => ResolveKind::Lib,
        };
        let target = db.files().system().resolve(file.id(db), &it.text, kind);
        if let Some(target) = target {
            links.push(DocumentLink {
                range: it.range,
                target: db.source_file(target),
            });
        }
    }
    links.sort_by_key(|it| it.range.start());
    links.dedup_by_key(|it| it.range);
    links
}

#[cfg(test)]
mod tests {
    use symphony_db::SalsaDatabase;
    use symphony_semantic::Fixture;

    use super::*;

    #[test]
    fn specifiers_and_references_lead_to_files() {
        let fixture = Fixture::new(
            "//- /a.ts\n/// <reference path=\"b.ts\" />\nimport x from './b'; export * from './no'; import('pkg'); import y = require('./b')\n//- /b.ts\nexport {}\n//- /node_modules/pkg/index.d.ts\nexport {}\n",
        );
        let file = fixture.file("/a.ts");
        let text = fixture.text(file);
        let links = fixture.db.attach(|_| document_links(&fixture.db, file));
        let shown = links
            .iter()
            .map(|it| format!("{} {}", &text[it.range], fixture.path(it.target)));
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                "b.ts /b.ts",
                "./b /b.ts",
                "pkg /node_modules/pkg/index.d.ts",
                "./b /b.ts"
            ]
        );
    }
}
