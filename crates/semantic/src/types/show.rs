//! Types as short texts, for logs and tests of what is known: not what an editor shows.

use super::{Constant, Ty, TyKind};
use crate::semantics::{Def, Semantics, Target};

impl Semantics<'_> {
    /// A short text of a type.
    pub fn describe(&self, ty: &Ty) -> String {
        self.describe_within(ty, 4)
    }

    fn describe_within(&self, ty: &Ty, depth: u32) -> String {
        let Some(depth) = depth.checked_sub(1) else {
            return "...".into();
        };
        let one = |ty: &Ty| self.describe_within(ty, depth);
        let all = |tys: &[Ty], by: &str| tys.iter().map(one).collect::<Vec<_>>().join(by);
        match ty.kind() {
            TyKind::Unknown => "?".into(),
            TyKind::Primitive(it) => format!("{it:?}").to_lowercase(),
            TyKind::Constant(Constant::String(text)) => format!("{text:?}"),
            TyKind::Constant(Constant::Number(text)) => text.to_string(),
            TyKind::Constant(Constant::Boolean(it)) => it.to_string(),
            TyKind::Constant(Constant::Member(def)) => self.name_of(*def),
            TyKind::Instance { defs, args } => {
                let name = defs.first().map(|&it| self.name_of(it)).unwrap_or_default();
                format!("{name}<{}>", all(args, ", "))
            }
            TyKind::Parameter(def) => format!("param {}", self.name_of(*def)),
            TyKind::Static(Target::Symbol(def)) => format!("typeof {}", self.name_of(*def)),
            TyKind::Static(_) => "module".into(),
            TyKind::Alias { def, args } => {
                format!("{}<{}>", self.name_of(*def), all(args, ", "))
            }
            TyKind::Functions(all) => format!("function x{}", all.len()),
            TyKind::Object { .. } | TyKind::Shape { .. } => {
                format!("{{ {} }}", self.member_names(ty).join(", "))
            }
            TyKind::Array { element, .. } => format!("{}[]", one(element)),
            TyKind::Tuple { elements, .. } => {
                let each: Vec<String> = elements.iter().map(|it| one(&it.ty)).collect();
                format!("[{}]", each.join(", "))
            }
            TyKind::Union(parts) => format!("({})", all(parts, " | ")),
            TyKind::Intersection(parts) => format!("({})", all(parts, " & ")),
            TyKind::Mapped { .. } => "mapped".into(),
            TyKind::Conditional { .. } => "conditional".into(),
            TyKind::Indexed(of, index) => format!("{}[{}]", one(of), one(index)),
            TyKind::Keyof(of) => format!("keyof {}", one(of)),
        }
    }

    fn name_of(&self, def: Def) -> String {
        let hir = self.hir(def.file);
        hir.name(hir.symbol(def.symbol).name).to_string()
    }
}
