//! Which of a function's declarations a call means.

use symphony_db::SourceFile;
use symphony_hir::{DeclId, ExprId, FunctionId, Hir, Home};

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
        if !targets.contains(&Target::Symbol(def)) {
            return None;
        }
        let others = targets.iter().filter_map(|it| it.def());
        let mut others = others.filter(|it| *it != def);
        (!others.any(|it| self.merges(it, def))).then_some((def, decl))
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

    /// Whether two symbols are parts of one thing, or members of parts of one: global things of the same name.
    fn merges(&self, one: Def, other: Def) -> bool {
        let owner = |of: Def| {
            let hir = self.hir(of.file);
            let decl = hir.first_decl(of.symbol);
            let owner = match (hir.symbol(of.symbol).home, decl.parent) {
                (Home::Table(_), Some(parent)) => hir.decl(parent).symbol,
                _ => of.symbol,
            };
            let def = Def {
                file: of.file,
                symbol: owner,
            };
            let name = hir.name(hir.symbol(owner).name).clone();
            self.is_global(def, &hir).then_some(name)
        };
        one.file != other.file && owner(one).is_some_and(|it| owner(other) == Some(it))
    }
}
