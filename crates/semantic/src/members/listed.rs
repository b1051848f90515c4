//! All members at once, for what lists them.

use smol_str::SmolStr;
use symphony_db::SourceFile;
use symphony_hir::{ExprId, ExprKind, Hir, PatternId};

use crate::semantics::{Semantics, Targets};

/// Members by name, in the order of their declarations.
pub type Members = Vec<(SmolStr, Targets)>;

impl Semantics<'_> {
    /// The members of what an expression is.
    pub fn expr_members(&self, file: SourceFile, hir: &Hir, expr: ExprId) -> Members {
        self.at_home(file);
        self.members(&self.expr_type(file, hir, expr))
    }

    /// The members of what is expected of an object literal; none if nothing is.
    pub fn expected_members(&self, file: SourceFile, hir: &Hir, object: ExprId) -> Members {
        self.at_home(file);
        if !matches!(hir.expr(object).kind, ExprKind::Object { .. }) {
            return Members::new();
        }
        let expected = self.expected_type(file, hir, object);
        if self.lists_members(&expected) {
            self.members(&expected)
        } else {
            Members::new()
        }
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
