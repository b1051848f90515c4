//! Declarations above which the number of references may be shown. Who counts them is another matter.

use symphony_db::{Db, SourceFile, hir};
use symphony_hir::{DeclData, DeclFlags, DeclId, DeclKind, Hir, Home, PatternSource, ScopeKind};
use symphony_text::TextRange;

/// A declaration that references may be counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeLens {
    /// Its name.
    pub range: TextRange,
    /// What it is, in the lowering as it is.
    pub decl: DeclId,
}

/// The declarations of a file that others may refer to: functions, classes and their methods, interfaces, types, enums,
/// and what is exported. In the order of the text.
pub fn code_lenses(db: &dyn Db, file: SourceFile) -> Vec<CodeLens> {
    let hir = hir(db, file);
    let mut lenses: Vec<CodeLens> = hir
        .decls()
        .filter(|&(id, _)| is_counted(&hir, id))
        .map(|(decl, it)| CodeLens {
            range: it.name_range,
            decl,
        })
        .collect();
    lenses.sort_by_key(|it| it.range.start());
    // Overloads and merged declarations are counted once.
    let mut seen = rustc_hash::FxHashSet::default();
    lenses.retain(|it| seen.insert(hir.decl(it.decl).symbol));
    lenses
}

fn is_counted(hir: &Hir, id: DeclId) -> bool {
    let it = hir.decl(id);
    if it.name_range.is_empty() || !is_outer(hir, id) {
        return false;
    }
    match it.kind {
        DeclKind::Function
        | DeclKind::Class
        | DeclKind::Interface
        | DeclKind::TypeAlias
        | DeclKind::Enum => true,
        DeclKind::Var | DeclKind::Let | DeclKind::Const => {
            it.flags.has(DeclFlags::EXPORTED) || holds_function(hir, id)
        }
        DeclKind::Method | DeclKind::Accessor => is_class_member(hir, id),
        DeclKind::Property => is_class_member(hir, id) && holds_function(hir, id),
        _ => false,
    }
}

/// Whether it is in no function.
fn is_outer(hir: &Hir, id: DeclId) -> bool {
    hir.scopes_around(hir.decl(id).scope).all(|scope| {
        !matches!(
            hir.scope(scope).kind,
            ScopeKind::Function | ScopeKind::Block
        )
    })
}

fn holds_function(hir: &Hir, id: DeclId) -> bool {
    let value = match hir.decl(id).data {
        DeclData::Binding(pattern) => match hir.pattern(pattern).source {
            PatternSource::Variable(_, value) => value,
            _ => None,
        },
        DeclData::Property(_, value) => value,
        _ => None,
    };
    value.is_some_and(|it| matches!(hir.expr(it).kind, symphony_hir::ExprKind::Function(_)))
}

fn is_class_member(hir: &Hir, id: DeclId) -> bool {
    let Home::Table(table) = hir.symbol(hir.decl(id).symbol).home else {
        return false;
    };
    let interface = |id: Option<DeclId>| id.is_some();
    hir.classes()
        .any(|(_, class)| class.instance == table || class.statics == table)
        || hir.decls().any(|(_, decl)| match decl.data {
            DeclData::Interface(shape) => {
                let shape = hir.shape(shape);
                shape.table == table && interface(shape.decl)
            }
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use symphony_db::SalsaDatabase;
    use symphony_semantic::Fixture;

    use super::*;

    #[test]
    fn what_others_may_refer_to() {
        let fixture = Fixture::new(
            "function f(): void; function f(a?) { function inner() {} } const plain = 1; export const shown = 1; const g = () => {}; class C { m() {} p = 1; q = () => {}; get x() { return 1 } } interface I { n(): void; o: 1 } enum E { A } type T = 1",
        );
        let file = fixture.file("/main.ts");
        let text = fixture.text(file);
        let lenses = fixture.db.attach(|_| code_lenses(&fixture.db, file));
        let names: Vec<&str> = lenses.iter().map(|it| &text[it.range]).collect();
        assert_eq!(
            names,
            ["f", "shown", "g", "C", "m", "q", "x", "I", "n", "E", "T"]
        );
    }
}
