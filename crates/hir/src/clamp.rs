//! The places of a mended text, whose end closes what the text leaves open, as places of the text itself.

use symphony_text::{TextRange, TextSize};

use crate::{ExprKind, Hir};

impl Hir {
    /// Moves everything behind `end` to it. No name lies there.
    pub(crate) fn clamp(&mut self, end: TextSize) {
        let cut = |range: &mut TextRange| {
            *range = TextRange::new(range.start().min(end), range.end().min(end));
        };
        self.scopes.iter_mut().for_each(|it| cut(&mut it.range));
        self.tokens.iter_mut().for_each(|it| cut(&mut it.range));
        self.types.iter_mut().for_each(|it| cut(&mut it.range));
        self.patterns.iter_mut().for_each(|it| cut(&mut it.range));
        self.classes.iter_mut().for_each(|it| cut(&mut it.range));
        self.modules.iter_mut().for_each(|it| cut(&mut it.range));
        self.export_statements
            .iter_mut()
            .for_each(|it| cut(&mut it.range));
        for decl in &mut self.decls {
            cut(&mut decl.range);
            cut(&mut decl.name_range);
        }
        for expr in &mut self.exprs {
            cut(&mut expr.range);
            if let ExprKind::Call { list, .. } = &mut expr.kind {
                cut(list);
            }
        }
        for function in &mut self.functions {
            cut(&mut function.range);
            function.body.iter_mut().for_each(cut);
        }
        for import in &mut self.imports {
            cut(&mut import.range);
            import.attributes.iter_mut().for_each(cut);
        }
    }
}
