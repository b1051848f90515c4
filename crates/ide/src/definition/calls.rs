//! Which of several signatures a call means, as far as the number of its arguments tells.

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
        let mut found = Vec::new();
        let mut arguments = None;
        for target in targets {
            let Some(def) = target.def() else {
                found.extend(NavigationTarget::of_target(&self.semantics, target));
                continue;
            };
            let arguments = arguments.get_or_insert_with(|| self.arguments_of(token));
            found.extend(self.called_symbol(def, is_new, arguments.as_deref()));
        }
        found
    }

    fn called_symbol(
        &self,
        def: Def,
        is_new: bool,
        arguments: Option<&[ExprId]>,
    ) -> Vec<NavigationTarget> {
        let hir = self.semantics.hir(def.file);
        let decls = &hir.symbol(def.symbol).decls;
        let functions: Vec<DeclId> = decls
            .iter()
            .copied()
            .filter(|&it| is_function(&hir, it))
            .collect();
        if let Some(chosen) = self.signature(&hir, &functions, arguments) {
            return vec![NavigationTarget::of_decl(def.file, hir.decl(chosen))];
        }
        let mut found = NavigationTarget::of_decls(def, &hir, decls);
        let is_class = decls.iter().any(|&it| hir.decl(it).kind == DeclKind::Class);
        if is_new && is_class {
            let classes: Vec<DeclId> = decls
                .iter()
                .copied()
                .filter(|&it| hir.decl(it).kind == DeclKind::Class)
                .collect();
            if let Some(constructor) = self.constructor_called(def, arguments) {
                if constructor.file == def.file
                    && classes
                        .iter()
                        .any(|&it| hir.decl(it).range.contains_range(constructor.focus))
                {
                    found = NavigationTarget::of_decls(def, &hir, &classes);
                }
                found.push(constructor);
            }
        }
        found
    }

    /// The constructor of a class, or the one that it inherits.
    pub(super) fn constructor_called(
        &self,
        class: Def,
        arguments: Option<&[ExprId]>,
    ) -> Option<NavigationTarget> {
        let mut at = class;
        for _ in 0..MAX_BASES {
            let hir = self.semantics.hir(at.file);
            let mut decls = hir.symbol(at.symbol).decls.iter();
            let class = decls.find_map(|&it| match hir.decl(it).data {
                DeclData::Class(class) => Some(hir.class(class)),
                _ => None,
            })?;
            if let Some(chosen) = self.signature(&hir, &class.constructors, arguments) {
                return Some(NavigationTarget::of_decl(at.file, hir.decl(chosen)));
            }
            let (base, _) = class.extends.as_ref()?;
            let bases = self.semantics.expr_targets(at.file, &hir, *base);
            at = bases.into_iter().find_map(Target::def)?;
        }
        None
    }

    /// Of overloads the first that takes as many arguments; without overloads, the function.
    fn signature(
        &self,
        hir: &Hir,
        functions: &[DeclId],
        arguments: Option<&[ExprId]>,
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
        let fits = |&&decl: &&DeclId| {
            let (Some(function), Some(arguments)) = (function_of(hir, decl), arguments) else {
                return true;
            };
            let params = &hir.function(function).params;
            let needed = params.iter().filter(|it| !it.optional).count();
            let spreads = arguments
                .iter()
                .any(|&it| matches!(self.hir.expr(it).kind, ExprKind::Spread(_)));
            let takes_all = params.last().is_some_and(|it| it.rest);
            spreads || (needed <= arguments.len() && (takes_all || arguments.len() <= params.len()))
        };
        candidates.iter().find(fits).or(candidates.last()).copied()
    }

    /// The arguments of the call whose callee ends in `token`.
    pub(super) fn arguments_of(&self, token: TokenId) -> Option<Vec<ExprId>> {
        let hir = &self.hir;
        let mut calls = hir.exprs();
        calls.find_map(|(_, it)| match &it.kind {
            ExprKind::Call { callee, args, .. } | ExprKind::New { callee, args, .. }
                if ends_in(hir, *callee, token) =>
            {
                Some(args.to_vec())
            }
            _ => None,
        })
    }
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
