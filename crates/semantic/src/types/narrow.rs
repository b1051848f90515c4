//! What the conditions that a name stands behind say of its type: `instanceof`, `typeof`, type predicates, comparisons
//! with literals and of members that tell the parts of a union apart.
//!
//! A condition counts only while nothing is assigned to the name behind it. What is not sure narrows nothing, or adds what
//! may be there: a member is found in either.

use symphony_db::SourceFile;
use symphony_hir::{
    BinaryOp, DeclKind, ExprId, ExprKind, Guard, Hir, Literal, LogicalOp, SymbolId, TokenFlags,
    TokenId, TokenKind, TypeKind, UnaryOp,
};

use super::{Constant, Primitive, Ty, TyKind};
use crate::semantics::Semantics;

/// A condition on a name is looked at this deep.
const DEPTH: u32 = 16;

/// A name whose type is narrowed.
#[derive(Clone, Copy)]
struct Subject<'a> {
    file: SourceFile,
    hir: &'a Hir,
    symbol: SymbolId,
}

impl Semantics<'_> {
    /// The type of a name where it is used, if `declared` is that of what it stands for.
    pub(super) fn narrowed(&self, file: SourceFile, hir: &Hir, token: TokenId, declared: Ty) -> Ty {
        let used = hir.token(token);
        let TokenKind::Use {
            symbol: Some(symbol),
            ..
        } = used.kind
        else {
            return declared;
        };
        let subject = Subject { file, hir, symbol };
        let at = used.range.start();
        let guards = hir.guards(symbol, at);
        let fresh = guards.filter(|guard| !subject.is_assigned(guard, at));
        fresh.fold(declared, |ty, guard| {
            self.by_test(subject, guard.test, guard.holds, &ty, DEPTH)
        })
    }

    /// A type where a condition on the subject holds, or does not.
    fn by_test(&self, of: Subject<'_>, test: ExprId, holds: bool, ty: &Ty, depth: u32) -> Ty {
        let Some(depth) = depth.checked_sub(1) else {
            return ty.clone();
        };
        let next = |test, holds, ty: &Ty| self.by_test(of, test, holds, ty, depth);
        match &of.hir.expr(test).kind {
            ExprKind::Unary(UnaryOp::Not, inner) => next(*inner, !holds, ty),
            ExprKind::Logical(op @ (LogicalOp::And | LogicalOp::Or), left, right) => {
                let both = (*op == LogicalOp::And) == holds;
                if both {
                    return next(*right, holds, &next(*left, holds, ty));
                }
                let by_left = next(*left, holds, ty);
                let by_right = next(*right, holds, &next(*left, !holds, ty));
                // What only one side narrows is not known.
                match by_left.same(ty) || by_right.same(ty) {
                    true => ty.clone(),
                    false => Ty::union([by_left, by_right]),
                }
            }
            ExprKind::Binary(BinaryOp::InstanceOf, left, right) if of.is(*left) => {
                let class = self.expr_type(of.file, of.hir, *right);
                match self.constructed(&class, &[]) {
                    Some(instance) => self.split(ty, &instance, holds),
                    None => ty.clone(),
                }
            }
            ExprKind::Binary(op @ (BinaryOp::Equal | BinaryOp::Unequal), left, right) => {
                let equal = (*op == BinaryOp::Equal) == holds;
                let by_left = self.by_comparison(of, *left, *right, equal, ty);
                let either = by_left.or_else(|| self.by_comparison(of, *right, *left, equal, ty));
                either.unwrap_or_else(|| ty.clone())
            }
            ExprKind::Call { args, .. } if args.first().is_some_and(|&it| of.is(it)) => {
                match self.predicate(of, test) {
                    Some(claimed) => self.split(ty, &claimed, holds),
                    None => ty.clone(),
                }
            }
            _ => ty.clone(),
        }
    }

    /// A type where one side of a comparison, which is about the subject, is equal to the other or is not.
    fn by_comparison(
        &self,
        of: Subject<'_>,
        side: ExprId,
        other: ExprId,
        equal: bool,
        ty: &Ty,
    ) -> Option<Ty> {
        let value = || {
            let value = self.expanded(&self.expr_type(of.file, of.hir, other));
            value.is_unit().then_some(value)
        };
        match of.hir.expr(side).kind {
            ExprKind::Unary(UnaryOp::TypeOf, operand) if of.is(operand) => {
                let ExprKind::Literal(Literal::String(name)) = of.hir.expr(other).kind else {
                    return None;
                };
                Some(self.by_type_of(ty, of.hir.name(name), equal))
            }
            ExprKind::Member {
                object, property, ..
            } if of.is(object) => {
                let name = of.hir.name(of.hir.token(property).name);
                Some(self.by_member(ty, name, &value()?, equal))
            }
            ExprKind::Name(_) if of.is(side) => {
                let value = value()?;
                let fits = |part: &Ty| match equal {
                    true => self.extends(&value, part) != Some(false),
                    false => !part.is_unit() || !part.same(&value),
                };
                Some(self.parts_that(ty, fits))
            }
            _ => None,
        }
    }

    /// The parts of a union whose member is, or is not, a value.
    fn by_member(&self, ty: &Ty, name: &str, value: &Ty, equal: bool) -> Ty {
        let is_unit = |it: &Ty| it.parts().iter().all(Ty::is_unit);
        self.parts_that(ty, |part| {
            let member = self.expanded(&self.type_of_member_named(part, name));
            match equal {
                true => member.is_unknown() || self.extends(value, &member) != Some(false),
                false => !is_unit(&member) || self.extends(&member, value) != Some(true),
            }
        })
    }

    /// The parts of a union that `typeof` calls, or does not call, by a word.
    fn by_type_of(&self, ty: &Ty, word: &str, equal: bool) -> Ty {
        self.parts_that(ty, |part| match self.type_of_word(part) {
            Some(known) => (known == word) == equal,
            None => true,
        })
    }

    fn type_of_word(&self, part: &Ty) -> Option<&'static str> {
        Some(match part.kind() {
            TyKind::Primitive(of) => match of {
                Primitive::String => "string",
                Primitive::Number => "number",
                Primitive::Boolean => "boolean",
                Primitive::BigInt => "bigint",
                Primitive::Symbol => "symbol",
                _ => return None,
            },
            TyKind::Constant(Constant::String(_)) => "string",
            TyKind::Constant(Constant::Number(_)) => "number",
            TyKind::Constant(Constant::Boolean(_)) => "boolean",
            TyKind::Functions(_) => "function",
            TyKind::Array { .. } | TyKind::Tuple { .. } | TyKind::Object { .. } => "object",
            TyKind::Shape { .. } | TyKind::Instance { .. } => {
                let is_enum = |ty: &Ty| match ty.kind() {
                    TyKind::Instance { defs, .. } => defs.iter().any(|def| {
                        self.hir(def.file).first_decl(def.symbol).kind == DeclKind::Enum
                    }),
                    _ => false,
                };
                if is_enum(part) {
                    return None;
                }
                let callable = !self.signatures(part, false).is_empty();
                if callable { "function" } else { "object" }
            }
            _ => return None,
        })
    }

    /// What of a type is of another one, or is not: by what it extends in its declaration, and only where nothing does by
    /// what it looks like.
    fn split(&self, ty: &Ty, claimed: &Ty, holds: bool) -> Ty {
        let whole = self.expanded(ty).non_null();
        let named = whole.parts().iter().any(|it| self.derives(it, claimed));
        let is = |part: &Ty, of: &Ty| match named {
            true => self.derives(part, of),
            false => self.extends(part, of) == Some(true),
        };
        if !holds {
            return self.parts_that(ty, |part| !is(part, claimed));
        }
        if whole.is_unknown() || matches!(whole.kind(), TyKind::Primitive(Primitive::Unknown)) {
            return claimed.clone();
        }
        let mut kept: Vec<Ty> = Vec::new();
        for part in whole.parts() {
            if is(part, claimed) {
                kept.push(part.clone());
            } else if is(claimed, part) {
                kept.push(claimed.clone());
            }
        }
        if kept.is_empty() {
            // `A & B`, or the two are not known well enough: members are found in both.
            return Ty::intersection([claimed.clone(), ty.clone()]);
        }
        Ty::union(kept)
    }

    /// Whether a class or interface is another one, or extends it.
    fn derives(&self, part: &Ty, of: &Ty) -> bool {
        let TyKind::Instance { defs: wanted, .. } = of.kind() else {
            return false;
        };
        let mut bases = self.with_bases(part).into_iter();
        bases.any(|base| matches!(base.kind(), TyKind::Instance { defs, .. } if defs == wanted))
    }

    /// The parts of a union that fit; all of it if none does, or if it is no union.
    fn parts_that(&self, ty: &Ty, fits: impl Fn(&Ty) -> bool) -> Ty {
        let whole = self.expanded(ty);
        let TyKind::Union(parts) = whole.kind() else {
            return ty.clone();
        };
        let kept: Vec<Ty> = parts.iter().filter(|&it| fits(it)).cloned().collect();
        match kept.len() {
            n if n == 0 || n == parts.len() => ty.clone(),
            _ => Ty::union(kept),
        }
    }

    /// What a call says of its first argument, if it calls a type predicate.
    fn predicate(&self, of: Subject<'_>, call: ExprId) -> Option<Ty> {
        let callable = self.chosen(of.file, of.hir, call)?;
        let signature = callable.signature.as_ref()?;
        let home = self.hir(signature.file);
        let ret = home.function(signature.function).ret?;
        let TypeKind::Predicate(Some(claimed)) = home.ty(ret).kind else {
            return None;
        };
        let subst = self.inferred(of.file, of.hir, call, &callable, u32::MAX);
        let subst = self.with_defaults(&callable, subst);
        Some(self.written(signature.file, claimed, &signature.with(&subst).subst))
    }
}

impl Subject<'_> {
    fn is(self, expr: ExprId) -> bool {
        self.hir.symbol_of(expr) == Some(self.symbol)
    }

    /// Whether something is assigned to the name between the condition and the place.
    fn is_assigned(self, guard: &Guard, at: symphony_text::TextSize) -> bool {
        let name = self.hir.symbol(self.symbol).name;
        let mut named = self.hir.tokens_named(name).iter();
        named.any(|&token| {
            let it = self.hir.token(token);
            let own =
                matches!(it.kind, TokenKind::Use { symbol, .. } if symbol == Some(self.symbol));
            own && it.flags.has(TokenFlags::WRITE)
                && guard.range.contains(it.range.start())
                && it.range.start() < at
        })
    }
}
