//! Types by declarations and simple local inference: what a member is looked up on.
//!
//! Everything here gives up rather than guess: what is not known is [`Ty::unknown`], which has no members. Bodies are
//! looked into only where a declaration leaves its type to an initialiser or to what a function returns. Narrowing and
//! full inference have their place in [`expressions`] and [`infer`].

mod calls;
mod choose;
mod conditional;
mod context;
mod expand;
mod expressions;
mod infer;
mod library;
mod narrow;
mod patterns;
mod show;
mod signatures;
mod substitute;
mod ty;
mod values;
mod written;

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashMap;
use symphony_db::SourceFile;
use symphony_hir::{ExprId, FunctionId, PatternId, TableId, TypeId};

pub use ty::Ty;
pub(crate) use ty::{Constant, Defs, Element, Primitive, Signature, Subst, TyKind};
pub(crate) use written::{params_as, type_params};

use crate::semantics::Semantics;

/// How many questions may wait for each other: types of types of types.
const MAX_DEPTH: u32 = 90;
/// How many steps one question from outside may take.
const MAX_STEPS: u32 = 60_000;

/// What is known of types for the time of one question.
#[derive(Debug, Default)]
pub(crate) struct TypeCache {
    exprs: Memo<(SourceFile, ExprId), Ty>,
    patterns: Memo<(SourceFile, PatternId), Ty>,
    contexts: Memo<(SourceFile, ExprId), Ty>,
    returns: Memo<(SourceFile, FunctionId), Ty>,
    written: RefCell<FxHashMap<(SourceFile, TypeId), Ty>>,
    /// For each call the signature chosen.
    chosen: Memo<(SourceFile, ExprId), Option<signatures::Callable>>,
    /// For each call what is inferred from the arguments before the one of this number.
    inferred: Memo<(SourceFile, ExprId, u32), Subst>,
    owners: RefCell<FxHashMap<SourceFile, std::sync::Arc<Owners>>>,
    library: RefCell<FxHashMap<&'static str, Defs>>,
    /// The file whose project says what is global.
    home: Cell<Option<SourceFile>>,
    depth: Cell<u32>,
    steps: Cell<u32>,
    /// The depth of the outermost question that one on the way waits for.
    circle: Cell<u32>,
    /// Whether something was given up since the question came in: what follows from that is not kept.
    cut: Cell<bool>,
}

/// Answers, and the questions that wait for theirs.
#[derive(Debug)]
pub(crate) struct Memo<K, T>(RefCell<FxHashMap<K, Slot<T>>>);

#[derive(Debug)]
enum Slot<T> {
    /// Asked at this depth.
    Waits(u32),
    Done(T),
}

impl<K, T> Default for Memo<K, T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

/// Which expression of a file a function or an object literal's table is.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    pub(crate) functions: FxHashMap<FunctionId, ExprId>,
    pub(crate) tables: FxHashMap<TableId, ExprId>,
}

impl Semantics<'_> {
    /// Asks one thing, unless too many wait already.
    pub(crate) fn deeper<T>(&self, ask: impl FnOnce() -> T) -> Option<T> {
        let types = &self.types;
        let depth = types.depth.get();
        if depth == 0 {
            types.steps.set(0);
            types.cut.set(false);
        }
        let steps = types.steps.get() + 1;
        types.steps.set(steps);
        if depth >= MAX_DEPTH || steps > MAX_STEPS {
            types.cut.set(true);
            return None;
        }
        types.depth.set(depth + 1);
        let answer = ask();
        types.depth.set(depth);
        Some(answer)
    }

    /// Looks into `memo` or computes. A circle gives what is not known; what was computed on the way round is not kept,
    /// since from elsewhere it may be more.
    fn memoised<K: std::hash::Hash + Eq + Copy, T: Clone + Default>(
        &self,
        memo: &Memo<K, T>,
        key: K,
        compute: impl FnOnce() -> T,
    ) -> T {
        let types = &self.types;
        match memo.0.borrow().get(&key) {
            Some(Slot::Done(known)) => return known.clone(),
            Some(&Slot::Waits(depth)) => {
                types.circle.set(types.circle.get().min(depth));
                return T::default();
            }
            None => {}
        }
        let depth = types.depth.get();
        if depth == 0 {
            types.circle.set(u32::MAX);
        }
        let outer = types.circle.replace(u32::MAX);
        memo.0.borrow_mut().insert(key, Slot::Waits(depth));
        let computed = self.deeper(compute).unwrap_or_default();
        let circle = types.circle.get();
        if types.cut.get() || circle < depth {
            memo.0.borrow_mut().remove(&key);
        } else {
            let done = Slot::Done(computed.clone());
            memo.0.borrow_mut().insert(key, done);
        }
        // What waits further out is still to be told.
        let still = if circle < depth { circle } else { u32::MAX };
        types.circle.set(outer.min(still));
        computed
    }

    /// Notes which file's project says what is global.
    pub(crate) fn at_home(&self, file: SourceFile) {
        if self.types.home.get().is_none() {
            self.types.home.set(Some(file));
        }
    }

    /// The expressions that the functions and object literals of a file are.
    pub(crate) fn owners(&self, file: SourceFile) -> std::sync::Arc<Owners> {
        if let Some(known) = self.types.owners.borrow().get(&file) {
            return known.clone();
        }
        let hir = self.hir(file);
        let mut owners = Owners::default();
        for (id, expr) in hir.exprs() {
            match expr.kind {
                symphony_hir::ExprKind::Function(function) => {
                    owners.functions.insert(function, id);
                }
                symphony_hir::ExprKind::Object { table, .. } => {
                    owners.tables.insert(table, id);
                }
                _ => {}
            }
        }
        let owners = std::sync::Arc::new(owners);
        self.types.owners.borrow_mut().insert(file, owners.clone());
        owners
    }
}
