//! Which of a function's declarations a call means.

use symphony_db::SourceFile;
use symphony_hir::{DeclId, ExprId, FunctionId, Hir};

use crate::semantics::{Def, Semantics, Target, Targets};

impl Semantics<'_> {
    /// Of an overloaded function, method or constructor the signature that a call means; none if nothing called is
    /// declared by `targets`, or if they are parts of one thing in several files, which TypeScript lists.
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
        let [Target::Symbol(only)] = targets.as_slice() else {
            return None;
        };
        (*only == def).then_some((def, decl))
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
