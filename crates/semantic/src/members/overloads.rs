//! Which of a function's declarations a call means.

use symphony_db::SourceFile;
use symphony_hir::{DeclId, ExprId, FunctionId, Hir};

use crate::semantics::{Def, Semantics, Targets};

impl Semantics<'_> {
    /// Of an overloaded function, method or constructor the signature that a call means; none if nothing called is
    /// declared by `targets`.
    pub fn called_signature(
        &self,
        file: SourceFile,
        hir: &Hir,
        call: ExprId,
        targets: &Targets,
    ) -> Option<(Def, DeclId)> {
        self.at_home(file);
        let signature = self.called(file, hir, call)?;
        let of = self.hir(signature.file);
        let decl = of.function(signature.function).decl?;
        let def = Def {
            file: signature.file,
            symbol: of.decl(decl).symbol,
        };
        let known = targets.iter().any(|it| it.def() == Some(def));
        known.then_some((def, decl))
    }

    /// The function or signature that a call calls: what a call signature of an interface is as well.
    pub fn called_function(
        &self,
        file: SourceFile,
        hir: &Hir,
        call: ExprId,
    ) -> Option<(SourceFile, FunctionId)> {
        self.at_home(file);
        let signature = self.called(file, hir, call)?;
        Some((signature.file, signature.function))
    }
}
