//! What is left when the walk is over: the order of the tokens, and what each name stands for.

use super::Lower;
use crate::{DeclKind, ExportTarget, ExprKind, Hir, Meaning, TokenFlags, TokenId, TokenKind};

impl Lower<'_> {
    pub(super) fn finish(mut self) -> Hir {
        self.index();
        self.hir.fitted()
    }

    /// Makes everything findable, and finds what each name stands for.
    pub(crate) fn index(&mut self) {
        self.order_tokens();
        // `export` in an ambient module says nothing of the file.
        let at_top = self.hir.imports.iter().any(|it| it.scope == Hir::FILE)
            || self
                .hir
                .export_statements
                .iter()
                .any(|it| it.scope == Hir::FILE)
            || self.hir.exports.contains_key(&Hir::FILE);
        self.hir.is_module |= at_top;
        self.hir.index_names();
        self.group_by_text();
        self.hir.index_scopes();
        self.look_up_names();
        self.hir.index_guards(std::mem::take(&mut self.guards));
        let hir = &self.hir;
        let global = hir.scopes().map(|(scope, _)| scope);
        self.hir.global_scopes = global.filter(|&scope| hir.is_global(scope)).collect();
    }

    /// Brings the tokens into the order of the text, without those that only mending has made.
    pub(crate) fn order_tokens(&mut self) {
        // Names that only the rewriting of a comment's type has made have no place.
        let is_made = |it: &crate::Token| it.range.is_empty() && it.flags.has(TokenFlags::DOC);
        let is_written = |(at, token): (usize, &crate::Token)| {
            let range: std::ops::Range<usize> = token.range.into();
            let is_same = |it: &str| it.get(range.clone()) == self.text.get(range.clone());
            !is_made(token) && (at >= self.salvaged_from || self.original.is_none_or(is_same))
        };
        let hir = &mut self.hir;
        if self.original.is_none()
            && hir.tokens.is_sorted_by_key(|token| token.range.start())
            && !hir.tokens.iter().any(is_made)
        {
            return;
        }
        let mut order: Vec<u32> = (0..hir.tokens.len() as u32)
            .filter(|&at| is_written((at as usize, &hir.tokens[at as usize])))
            .collect();
        order.sort_by_key(|&at| hir.tokens[at as usize].range.start());
        let mut place = vec![u32::MAX; hir.tokens.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old as usize] = new as u32;
        }
        hir.tokens = order.iter().map(|&old| hir.tokens[old as usize]).collect();
        for expr in &mut hir.exprs {
            match &mut expr.kind {
                ExprKind::Name(token)
                | ExprKind::Member {
                    property: token, ..
                } => match place[token.index()] {
                    u32::MAX => expr.kind = ExprKind::Missing,
                    moved => *token = TokenId(moved),
                },
                _ => {}
            }
        }
        for exports in hir.exports.values_mut() {
            exports.named.retain_mut(|export| {
                let ExportTarget::Local(token) = &mut export.target else {
                    return true;
                };
                *token = TokenId(place[token.index()]);
                token.0 != u32::MAX
            });
        }
        for token in &mut hir.tokens {
            if let TokenKind::Label(at) = &mut token.kind {
                *at = place[*at as usize];
            }
        }
    }

    /// Counts the tokens of each name, then puts each in its place.
    fn group_by_text(&mut self) {
        let hir = &mut self.hir;
        let mut starts = vec![0_u32; hir.names.len() + 1];
        for token in &hir.tokens {
            starts[token.name.index() + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut grouped = vec![TokenId(0); hir.tokens.len()];
        for (at, token) in hir.tokens.iter().enumerate() {
            let place = &mut next[token.name.index()];
            grouped[*place as usize] = TokenId(at as u32);
            *place += 1;
        }
        hir.by_text = (grouped.into(), starts.into());
    }

    fn look_up_names(&mut self) {
        for at in 0..self.hir.tokens.len() {
            let token = self.hir.tokens[at];
            let (scope, meaning) = match token.kind {
                TokenKind::Use { scope, meaning, .. } => (scope, meaning),
                TokenKind::ExportLocal { scope, .. } => (scope, Meaning::ALL),
                TokenKind::ParameterName { scope, .. } => (scope, Meaning::VALUE),
                _ => continue,
            };
            let found = self.hir.look_up(scope, token.name, meaning);
            match &mut self.hir.tokens[at].kind {
                TokenKind::Use { symbol, .. } | TokenKind::ExportLocal { symbol, .. } => {
                    *symbol = found;
                }
                TokenKind::ParameterName { symbol, .. } => {
                    *symbol = found.filter(|&it| {
                        self.hir.symbols[it.index()]
                            .decls
                            .iter()
                            .any(|decl| self.hir.decls[decl.index()].kind == DeclKind::Parameter)
                    });
                }
                _ => {}
            }
        }
    }
}
