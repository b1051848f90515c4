//! Where a type stands that nothing is written of yet: whether what is before it says that a type comes.
//!
//! TypeScript looks at the text before the cursor only, and offers values where that leaves it open: in `A | `, in
//! `keyof `, behind `extends`. Its answer is taken for what is global, where values and types are many.

use symphony_hir::{ExprId, ExprKind, Hir, TokenId, TypeId, TypeKind};

/// How a type stands in the one around it.
enum Part {
    /// At its very start: what is before both is the same.
    Start,
    /// As a type argument.
    Argument,
    /// Behind a sign that types have alone.
    Announced,
    /// Behind a sign that values have as well, which may stand in a type argument.
    Open,
    /// Behind one that a look for type arguments ends at.
    Closed,
}

/// Whether what is before the name at `token` says that it is a type; `angle` says whether `<` follows the cursor.
pub(super) fn is_announced(hir: &Hir, token: TokenId, angle: bool) -> bool {
    let named = hir.types().find(|(_, it)| match &it.kind {
        TypeKind::Reference { name, .. } => begins_with(hir, *name, token),
        _ => false,
    });
    let Some((mut ty, _)) = named else {
        return true;
    };
    let mut is_open = false;
    loop {
        let Some((around, part)) = around(hir, ty, angle) else {
            return is_argument(hir, ty) || (!is_open && !is_heritage(hir, ty));
        };
        match part {
            Part::Start => {}
            Part::Argument => return true,
            Part::Announced if !is_open => return true,
            Part::Announced | Part::Open => is_open = true,
            Part::Closed => return false,
        }
        ty = around;
    }
}

/// Whether a name, with what is behind its dots, begins with a token.
fn begins_with(hir: &Hir, mut name: ExprId, token: TokenId) -> bool {
    loop {
        match hir.expr(name).kind {
            ExprKind::Name(it) => return it == token,
            ExprKind::Member { object, .. } => name = object,
            _ => return false,
        }
    }
}

/// The type that another is directly part of, and as what.
fn around(hir: &Hir, ty: TypeId, angle: bool) -> Option<(TypeId, Part)> {
    let start = hir.ty(ty).range.start();
    hir.types().find_map(|(around, it)| {
        let at_start = it.range.start() == start;
        let part = match &it.kind {
            TypeKind::Reference { args, .. } | TypeKind::Query(_, args) if args.contains(&ty) => {
                Part::Argument
            }
            TypeKind::Union(parts) if parts.contains(&ty) => match at_start {
                true => Part::Start,
                false => Part::Open,
            },
            TypeKind::Intersection(parts) if parts.contains(&ty) => match at_start {
                true => Part::Start,
                false => Part::Closed,
            },
            TypeKind::Array(element) if *element == ty => Part::Start,
            TypeKind::Indexed(object, _) if *object == ty => Part::Start,
            TypeKind::Keyof(inner) if *inner == ty => Part::Open,
            TypeKind::Function(function) if hir.function(*function).ret == Some(ty) => Part::Open,
            TypeKind::Conditional { check, .. } if *check == ty => Part::Start,
            TypeKind::Conditional { extends, then, .. } if [*extends, *then].contains(&ty) => {
                match angle {
                    true => Part::Open,
                    false => Part::Announced,
                }
            }
            TypeKind::Conditional { otherwise, .. } if *otherwise == ty => Part::Open,
            TypeKind::Mapped { value, .. } if *value == Some(ty) && !angle => Part::Announced,
            TypeKind::Predicate(inner) if *inner == Some(ty) && !angle => Part::Announced,
            kind if is_in(kind, ty) => Part::Closed,
            _ => return None,
        };
        Some((around, part))
    })
}

/// Whether a type is among the rest of those that another is made of.
fn is_in(kind: &TypeKind, ty: TypeId) -> bool {
    match kind {
        TypeKind::Template(parts) => parts.contains(&ty),
        TypeKind::Tuple(elements) => elements.iter().any(|it| it.ty == ty),
        TypeKind::Indexed(_, index) => *index == ty,
        TypeKind::Readonly(inner) => *inner == ty,
        TypeKind::Predicate(inner) => *inner == Some(ty),
        TypeKind::Mapped {
            constraint,
            name,
            value,
            ..
        } => *constraint == ty || *name == Some(ty) || *value == Some(ty),
        _ => false,
    }
}

/// Whether a type is an argument of what is called or made.
fn is_argument(hir: &Hir, ty: TypeId) -> bool {
    hir.exprs().any(|(_, it)| match &it.kind {
        ExprKind::Call { type_args, .. } | ExprKind::New { type_args, .. } => {
            type_args.contains(&ty)
        }
        _ => false,
    })
}

/// Whether a type is what an interface extends or a class implements, or an argument of what a class extends.
fn is_heritage(hir: &Hir, ty: TypeId) -> bool {
    hir.shapes().any(|(_, it)| it.extends.contains(&ty))
        || hir.classes().any(|(_, it)| {
            let base = it.extends.as_ref();
            it.implements.contains(&ty) || base.is_some_and(|(_, args)| args.contains(&ty))
        })
}
