//! Conditions, and where in the text they are known to hold: what a type is narrowed by.
//!
//! Only conditions that say something of a name are kept, and by the symbol that the name stands for. Whether the symbol
//! is assigned to in between is for the reader to see: [`Hir::guards`] says what was asked, not what is still true.

use rustc_hash::FxHashMap;
use symphony_text::{TextRange, TextSize};

use crate::{BinaryOp, ExprId, ExprKind, Hir, LogicalOp, SymbolId, TokenKind, UnaryOp};

/// How deep `&&`, `||` and `!` are looked into.
const DEPTH: u32 = 16;

/// A condition that was tested before a part of the text is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The condition.
    pub test: ExprId,
    /// Whether it holds there, or does not.
    pub holds: bool,
    /// Where.
    pub range: TextRange,
}

/// The guards of each symbol, in the order in which they are entered.
pub(crate) type Guards = FxHashMap<SymbolId, Box<[Guard]>>;

impl Hir {
    /// What was asked of a symbol before `offset` is reached, the outermost question first.
    pub fn guards(&self, symbol: SymbolId, offset: TextSize) -> impl Iterator<Item = &Guard> {
        let all = self.guards.get(&symbol).into_iter().flatten();
        all.filter(move |it| it.range.contains(offset))
    }

    /// Files guards under the symbols that they speak of.
    pub(crate) fn index_guards(&mut self, all: Vec<Guard>) {
        let mut by_symbol: FxHashMap<SymbolId, Vec<Guard>> = FxHashMap::default();
        for guard in all {
            let mut subjects = Vec::new();
            self.subjects(guard.test, DEPTH, &mut subjects);
            subjects.sort_unstable();
            subjects.dedup();
            for symbol in subjects {
                by_symbol.entry(symbol).or_default().push(guard);
            }
        }
        let filed = by_symbol.into_iter().map(|(symbol, mut guards)| {
            guards.sort_by_key(|it| (it.range.start(), std::cmp::Reverse(it.range.end())));
            (symbol, guards.into())
        });
        self.guards = filed.collect();
    }

    fn subjects(&self, test: ExprId, depth: u32, out: &mut Vec<SymbolId>) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        match &self.expr(test).kind {
            ExprKind::Unary(UnaryOp::Not, inner) => self.subjects(*inner, depth, out),
            ExprKind::Logical(LogicalOp::And | LogicalOp::Or, left, right) => {
                self.subjects(*left, depth, out);
                self.subjects(*right, depth, out);
            }
            ExprKind::Binary(BinaryOp::InstanceOf, left, _) => out.extend(self.symbol_of(*left)),
            ExprKind::Binary(BinaryOp::Equal | BinaryOp::Unequal, left, right) => {
                out.extend(self.compared(*left));
                out.extend(self.compared(*right));
            }
            ExprKind::Call { args, .. } => {
                out.extend(args.first().and_then(|&it| self.symbol_of(it)));
            }
            _ => {}
        }
    }

    /// The symbol of `a` in `a`, `a.kind` and `typeof a`, where they are compared.
    fn compared(&self, side: ExprId) -> Option<SymbolId> {
        match self.expr(side).kind {
            ExprKind::Member { object, .. } | ExprKind::Unary(UnaryOp::TypeOf, object) => {
                self.symbol_of(object)
            }
            _ => self.symbol_of(side),
        }
    }

    /// The symbol of an expression that is a name of this file.
    pub fn symbol_of(&self, expr: ExprId) -> Option<SymbolId> {
        let ExprKind::Name(token) = self.expr(expr).kind else {
            return None;
        };
        match self.token(token).kind {
            TokenKind::Use { symbol, .. } => symbol,
            _ => None,
        }
    }
}
