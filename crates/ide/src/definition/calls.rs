//! Which of several signatures a call means, as far as the number of its arguments tells.

use symphony_db::SourceFile;
use symphony_hir::{
    DeclData, DeclFlags, DeclId, DeclKind, ExprId, ExprKind, FunctionId, Hir, TokenFlags, TokenId,
};
use symphony_semantic::{Def, Target, Targets};

use super::Finder;
use crate::navigation::{NavigationTarget, is_function};

/// How many base classes are gone up for a constructor.
const MAX_BASES: usize = 32;

/// Whether a function's declaration is more than a signature.
pub(super) fn has_body(hir: &Hir, decl: DeclId) -> bool {
    hir.has(decl, DeclFlags::HAS_BODY)
        || function_of(hir, decl).is_some_and(|it| hir.function(it).body.is_some())
}

fn function_of(hir: &Hir, decl: DeclId) -> Option<FunctionId> {
    match hir.decl(decl).data {
        DeclData::Function(function) => Some(function),
        _ => None,
    }
}

impl Finder<'_> {
    /// The places of what a use names: of what is called, the signature that is meant.
    pub(super) fn called(&self, token: TokenId, targets: Targets) -> Vec<NavigationTarget> {
        let flags = self.hir.token(token).flags;
        let is_new = flags.has(TokenFlags::NEW);
        let calls = [TokenFlags::CALL, TokenFlags::DECORATOR, TokenFlags::JSX_TAG];
        if !is_new && !calls.iter().any(|&it| flags.has(it)) {
            return self.places(targets);
        }
        let call = self.call_of(token);
        let mut found = Vec::new();
        for target in targets {
            match target.def() {
                Some(def) => found.extend(self.called_symbol(def, is_new, call)),
                None => found.extend(NavigationTarget::of_target(&self.semantics, target)),
            }
        }
        found
    }

    fn called_symbol(&self, def: Def, is_new: bool, call: Option<ExprId>) -> Vec<NavigationTarget> {
        let hir = self.semantics.hir(def.file);
        let decls = &hir.symbol(def.symbol).decls;
        let of = |fits: &dyn Fn(DeclId) -> bool| -> Vec<DeclId> {
            decls.iter().copied().filter(|&it| fits(it)).collect()
        };
        let functions = of(&|it| is_function(&hir, it));
        if let Some(chosen) = self.signature(def.file, &hir, &functions, call) {
            return vec![NavigationTarget::of_decl(def.file, hir.decl(chosen))];
        }
        let classes = of(&|it| hir.decl(it).kind == DeclKind::Class);
        let mut found = NavigationTarget::of_decls(def, &hir, decls);
        if !is_new || classes.is_empty() {
            found.extend(self.call_signature(call));
            return found;
        }
        if let Some(constructor) = self.constructor_called(def, call) {
            let is_own = |&it: &DeclId| {
                constructor.file == def.file && hir.decl(it).range.contains_range(constructor.focus)
            };
            if classes.iter().any(is_own) {
                found = NavigationTarget::of_decls(def, &hir, &classes);
            }
            found.push(constructor);
        }
        found
    }

    /// The signature in an interface that a call of a value of that interface means.
    fn call_signature(&self, call: Option<ExprId>) -> Option<NavigationTarget> {
        let (file, function) = self
            .semantics
            .called_function(self.file, &self.hir, call?)?;
        let hir = self.semantics.hir(file);
        let mut shapes = hir.shapes();
        let listed = shapes.any(|(_, shape)| {
            shape.calls.contains(&function) || shape.constructs.contains(&function)
        });
        listed.then(|| NavigationTarget::new(file, hir.function(function).range))
    }

    /// The constructor of a class, or the one that it inherits.
    pub(super) fn constructor_called(
        &self,
        class: Def,
        call: Option<ExprId>,
    ) -> Option<NavigationTarget> {
        let mut at = class;
        for _ in 0..MAX_BASES {
            let hir = self.semantics.hir(at.file);
            let mut decls = hir.symbol(at.symbol).decls.iter();
            let class = decls.find_map(|&it| match hir.decl(it).data {
                DeclData::Class(class) => Some(hir.class(class)),
                _ => None,
            })?;
            if let Some(chosen) = self.signature(at.file, &hir, &class.constructors, call) {
                return Some(NavigationTarget::of_decl(at.file, hir.decl(chosen)));
            }
            let (base, _) = class.extends.as_ref()?;
            let bases = self.semantics.expr_targets(at.file, &hir, *base);
            at = bases.into_iter().find_map(Target::def)?;
        }
        None
    }

    /// Of overloads the one that is meant; without overloads, the function.
    fn signature(
        &self,
        file: SourceFile,
        hir: &Hir,
        functions: &[DeclId],
        call: Option<ExprId>,
    ) -> Option<DeclId> {
        let overloads: Vec<DeclId> = functions
            .iter()
            .copied()
            .filter(|&it| !has_body(hir, it))
            .collect();
        let candidates = if overloads.is_empty() {
            functions
        } else {
            &overloads
        };
        if let ([_, _, ..], Some(call)) = (candidates, call)
            && let Some((of, function)) = self.semantics.called_function(self.file, &self.hir, call)
            && let Some(decl) = self.semantics.hir(of).function(function).decl
            && of == file
            && candidates.contains(&decl)
        {
            return Some(decl);
        }
        let arguments = call.and_then(|call| self.arguments(call));
        let fits = |&&decl: &&DeclId| takes(hir, decl, &self.hir, arguments);
        candidates.iter().find(fits).or(candidates.last()).copied()
    }

    /// The call whose callee ends in `token`.
    pub(super) fn call_of(&self, token: TokenId) -> Option<ExprId> {
        let hir = &self.hir;
        let mut calls = hir.exprs();
        calls.find_map(|(id, it)| match it.kind {
            ExprKind::Call { callee, .. } | ExprKind::New { callee, .. }
                if ends_in(hir, callee, token) =>
            {
                Some(id)
            }
            _ => None,
        })
    }

    fn arguments(&self, call: ExprId) -> Option<&[ExprId]> {
        match &self.hir.expr(call).kind {
            ExprKind::Call { args, .. } | ExprKind::New { args, .. } => Some(args),
            _ => None,
        }
    }
}

/// Whether a function takes as many arguments.
fn takes(hir: &Hir, decl: DeclId, caller: &Hir, arguments: Option<&[ExprId]>) -> bool {
    let (Some(function), Some(arguments)) = (function_of(hir, decl), arguments) else {
        return true;
    };
    let params = &hir.function(function).params;
    let needed = params.iter().filter(|it| !it.optional).count();
    let spreads = |&it: &ExprId| matches!(caller.expr(it).kind, ExprKind::Spread(_));
    let takes_all = params.last().is_some_and(|it| it.rest);
    arguments.iter().any(spreads)
        || (needed <= arguments.len() && (takes_all || arguments.len() <= params.len()))
}

/// Whether the last name of a callee is `token`.
fn ends_in(hir: &Hir, callee: ExprId, token: TokenId) -> bool {
    let mut at = callee;
    loop {
        match hir.expr(at).kind {
            ExprKind::Name(name) | ExprKind::Member { property: name, .. } => return name == token,
            ExprKind::Super(_) => return hir.expr(at).range == hir.token(token).range,
            ExprKind::NonNull(inner) | ExprKind::Instantiation(inner, _) => at = inner,
            _ => return false,
        }
    }
}
