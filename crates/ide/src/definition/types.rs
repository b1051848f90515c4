//! Where the type of a name is declared, as far as declarations say it.

use symphony_db::{Db, SourceFile};
use symphony_hir::{
    DeclData, DeclId, DeclKind, ExprId, ExprKind, Hir, Meaning, Pattern, PatternSource, TypeId,
    TypeKind,
};
use symphony_semantic::{Def, Target, Targets};
use symphony_text::TextSize;

use super::{Finder, calls};
use crate::names::touched;
use crate::navigation::{NavigationTarget, is_function};

/// How many types inside types are looked at.
const MAX_DEPTH: u32 = 8;

/// The places that the type of what is named at `offset` is declared at.
pub fn type_definition(db: &dyn Db, file: SourceFile, offset: TextSize) -> Vec<NavigationTarget> {
    let finder = Finder::new(db, file);
    let mut found = Vec::new();
    for token in touched(&finder.hir, offset) {
        for target in finder.behind_aliases(token) {
            finder.type_of_target(target, &mut found);
        }
        if !found.is_empty() {
            break;
        }
    }
    let mut seen = rustc_hash::FxHashSet::default();
    found.retain(|it| seen.insert((it.file, it.focus)));
    found
}

impl Finder<'_> {
    fn type_of_target(&self, target: Target, found: &mut Vec<NavigationTarget>) {
        let followed = self.semantics.follow(target);
        let Some(def) = followed.first().copied().unwrap_or(target).def() else {
            found.extend(self.places(followed));
            return;
        };
        let hir = self.semantics.hir(def.file);
        let symbol = hir.symbol(def.symbol);
        let functions: Vec<DeclId> = symbol
            .decls
            .iter()
            .copied()
            .filter(|&it| is_function(&hir, it))
            .collect();
        if !functions.is_empty() {
            return self.type_of_function(def, &hir, &functions, found);
        }
        for &decl in &symbol.decls {
            let before = found.len();
            if let Some(ty) = annotation(&hir, decl) {
                self.written(def, &hir, ty, MAX_DEPTH, found);
            } else if let Some(value) = value(&hir, decl) {
                self.type_of_value(def, &hir, decl, value, found);
            }
            if found.len() > before {
                return;
            }
        }
        let is_type = symbol.meaning.meets(Meaning::TYPE);
        if !is_type {
            let ty = self.semantics.type_of(self.file, &followed);
            found.extend(self.places(self.semantics.ty_targets(&ty)));
            if !found.is_empty() {
                return;
            }
        }
        if is_type || matches!(hir.decl(symbol.decls[0]).kind, DeclKind::Namespace) {
            found.extend(NavigationTarget::of_target(
                &self.semantics,
                Target::Symbol(def),
            ));
        }
    }

    /// What a function with one signature returns, else the function.
    fn type_of_function(
        &self,
        def: Def,
        hir: &Hir,
        functions: &[DeclId],
        found: &mut Vec<NavigationTarget>,
    ) {
        if let [one] = functions
            && let DeclData::Function(function) = hir.decl(*one).data
            && let Some(ty) = hir.function(function).ret
        {
            self.written(def, hir, ty, MAX_DEPTH, found);
        }
        if found.is_empty() {
            let with_body: Vec<DeclId> = functions
                .iter()
                .copied()
                .filter(|&it| calls::has_body(hir, it))
                .collect();
            let shown = if with_body.is_empty() {
                functions
            } else {
                &with_body
            };
            found.extend(NavigationTarget::of_decls(def, hir, shown));
        }
    }

    /// The type of a value that says what it is: `new C()`, a function, a literal.
    fn type_of_value(
        &self,
        def: Def,
        hir: &Hir,
        decl: DeclId,
        value: ExprId,
        found: &mut Vec<NavigationTarget>,
    ) {
        match &hir.expr(value).kind {
            ExprKind::New { callee, .. } => {
                let classes = self.semantics.expr_targets(def.file, hir, *callee);
                found.extend(self.places(only_types(self, classes)));
            }
            ExprKind::Function(function) => {
                if let Some(ty) = hir.function(*function).ret {
                    self.written(def, hir, ty, MAX_DEPTH, found);
                }
                if found.is_empty() {
                    found.push(NavigationTarget::of_decl(def.file, hir.decl(decl)));
                }
            }
            ExprKind::Object { .. } => {
                found.push(NavigationTarget::new(def.file, hir.expr(value).range));
            }
            ExprKind::As(_, ty) | ExprKind::Satisfies(_, ty) => {
                self.written(def, hir, *ty, MAX_DEPTH, found);
            }
            _ => {}
        }
    }

    /// What a written type names; for a list or a promise also what is in it.
    fn written(
        &self,
        def: Def,
        hir: &Hir,
        ty: TypeId,
        left: u32,
        found: &mut Vec<NavigationTarget>,
    ) {
        let Some(left) = left.checked_sub(1) else {
            return;
        };
        match &hir.ty(ty).kind {
            TypeKind::Reference { name, args } => {
                let targets = self.semantics.expr_targets(def.file, hir, *name);
                let is_container = matches!(
                    hir.expr(*name).kind,
                    ExprKind::Name(token) if UNWRAPPED.contains(&&**hir.name(hir.token(token).name))
                );
                if let (true, Some(&first)) = (is_container, args.first()) {
                    self.written(def, hir, first, left, found);
                }
                self.named_type(targets, left, found);
            }
            TypeKind::Union(all) => {
                for &part in all {
                    self.written(def, hir, part, left, found);
                }
            }
            TypeKind::Object(_) | TypeKind::Function(_) => {
                found.push(NavigationTarget::new(def.file, hir.ty(ty).range));
            }
            TypeKind::Array(of) => self.written(def, hir, *of, left, found),
            _ => {}
        }
    }

    /// An alias has no type of its own: what stands behind it has.
    fn named_type(&self, targets: Targets, left: u32, found: &mut Vec<NavigationTarget>) {
        for target in targets {
            let Some(def) = target.def() else {
                continue;
            };
            let hir = self.semantics.hir(def.file);
            let decls = &hir.symbol(def.symbol).decls;
            let alias = decls.iter().find_map(|&it| match hir.decl(it).data {
                DeclData::Alias(ty) => Some(ty),
                _ => None,
            });
            match alias {
                Some(ty) => self.written(def, &hir, ty, left, found),
                None => found.extend(NavigationTarget::of_decls(def, &hir, decls)),
            }
        }
    }
}

/// Types whose argument says more than they do.
const UNWRAPPED: [&str; 18] = [
    "Array",
    "ArrayLike",
    "ReadonlyArray",
    "Promise",
    "PromiseLike",
    "Iterable",
    "IterableIterator",
    "AsyncIterable",
    "Set",
    "WeakSet",
    "ReadonlySet",
    "Map",
    "WeakMap",
    "ReadonlyMap",
    "Partial",
    "Required",
    "Readonly",
    "Pick",
];

fn only_types(finder: &Finder<'_>, targets: Targets) -> Targets {
    let is_type = |target: &Target| {
        target.def().is_some_and(|def| {
            let hir = finder.semantics.hir(def.file);
            hir.symbol(def.symbol).meaning.meets(Meaning::TYPE)
        })
    };
    targets.into_iter().filter(is_type).collect()
}

/// The annotation of a variable, parameter or property.
fn annotation(hir: &Hir, decl: DeclId) -> Option<TypeId> {
    match hir.decl(decl).data {
        DeclData::Property(ty, _) => ty,
        DeclData::Binding(pattern) | DeclData::ParameterProperty(pattern) => {
            annotated(hir, hir.pattern(pattern))
        }
        DeclData::Function(function) => hir.function(function).ret,
        _ => None,
    }
}

fn annotated(hir: &Hir, pattern: &Pattern) -> Option<TypeId> {
    match pattern.source {
        PatternSource::Variable(ty, _) | PatternSource::Catch(ty) => ty,
        PatternSource::Parameter(function, at) => {
            hir.function(function).params.get(at as usize)?.ty
        }
        _ => None,
    }
}

fn value(hir: &Hir, decl: DeclId) -> Option<ExprId> {
    match hir.decl(decl).data {
        DeclData::Property(_, value) => value,
        DeclData::Binding(pattern) => match hir.pattern(pattern).source {
            PatternSource::Variable(_, value) => value,
            _ => hir.pattern(pattern).default,
        },
        _ => None,
    }
}
