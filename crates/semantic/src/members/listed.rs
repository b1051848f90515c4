//! All members at once, for what lists them.

use smol_str::SmolStr;
use symphony_db::SourceFile;
use symphony_hir::{ExprId, ExprKind, Hir, PatternId, SymbolId};

use crate::semantics::{Semantics, Targets};
use crate::types::Ty;

/// Members by name, in the order of their declarations.
pub type Members = Vec<(SmolStr, Targets)>;

impl Semantics<'_> {
    /// The members of what an expression is.
    pub fn expr_members(&self, file: SourceFile, hir: &Hir, expr: ExprId) -> Members {
        self.at_home(file);
        self.members(&self.expr_type(file, hir, expr))
    }

    /// The members of what is expected of an object literal that has these members; none if nothing is. No one writes a
    /// promise as a literal.
    pub fn expected_members(
        &self,
        file: SourceFile,
        hir: &Hir,
        object: ExprId,
        members: &[SymbolId],
    ) -> Members {
        self.at_home(file);
        if !matches!(hir.expr(object).kind, ExprKind::Object { .. }) {
            return Members::new();
        }
        let expected = self.expected_type(file, hir, object);
        if !self.lists_members(&expected) {
            return Members::new();
        }
        let left = self.discriminated(file, hir, members, &expected);
        let parts = left.parts().iter();
        self.members(&Ty::union(parts.filter(|it| !self.is_promise(it)).cloned()))
    }

    /// The members of what a pattern takes apart.
    pub fn pattern_members(&self, file: SourceFile, of: PatternId) -> Members {
        self.at_home(file);
        self.members(&self.pattern_type(file, of))
    }

    /// The properties that a JSX tag takes.
    pub fn attribute_members(&self, file: SourceFile, hir: &Hir, tag: ExprId) -> Members {
        self.at_home(file);
        self.members(&self.props_of_tag(file, hir, tag))
    }
}
