//! Names that an import would bring into scope.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use symphony_hir::Meaning;
use symphony_semantic::Exported;

use super::place::NamePlace;
use super::{CompletionItem, Completions, Context, ImportItem, Tier, fits, kind_of_declaration};
use crate::SymbolQuery;
use crate::auto_import::{Candidate, Sources, best_specifier, is_type_import};

/// How well a name fits what was typed; the smaller the better.
type Fit = (u8, usize, SmolStr);

impl Context<'_> {
    /// What other modules export and what was typed may become. With nothing typed there is nothing to go by.
    pub(super) fn auto_imports(&self, place: NamePlace, acc: &mut Completions) {
        if !self.options.auto_imports || !place.meaning.meets(Meaning::ALL) || place.exported {
            return;
        }
        if self.cursor.prefix.is_empty() {
            acc.is_incomplete = true;
            return;
        }
        let sources = Sources::new(self.db, self.file, &self.cursor.hir);
        let query = SymbolQuery::new(&self.cursor.prefix);
        let near: FxHashSet<SmolStr> = acc
            .items
            .iter()
            .filter(|it| it.tier == Tier::Near || it.kind == super::CompletionKind::Keyword)
            .map(|it| it.label.clone())
            .collect();
        let mut groups: FxHashMap<(SmolStr, Exported), Vec<Candidate>> = FxHashMap::default();
        sources.each(
            |mask| query.may_match(mask),
            |name| {
                let upper = name.starts_with(|it: char| it.is_uppercase());
                (!place.jsx_tag || upper) && !near.contains(name) && self.fit(name).is_some()
            },
            |it| {
                if fits(it.meaning, place.meaning) {
                    let key = (it.name.clone(), it.target.clone());
                    groups.entry(key).or_default().push(it);
                }
            },
        );
        let mut ranked: Vec<(Fit, Vec<Candidate>)> = groups
            .into_iter()
            .filter_map(|((name, _), candidates)| Some((self.fit(&name)?, candidates)))
            .collect();
        ranked.sort_by(|a, b| (&a.0, a.1[0].order).cmp(&(&b.0, b.1[0].order)));
        if ranked.len() > self.options.import_limit {
            ranked.truncate(self.options.import_limit);
            acc.is_incomplete = true;
        }
        for (_, candidates) in ranked {
            let Some((specifier, it)) = best_specifier(&sources, &candidates) else {
                continue;
            };
            let kind = kind_of_declaration(it.kind);
            let mut item = CompletionItem::new(it.name.clone(), kind, Tier::Import);
            item.import = Some(ImportItem {
                specifier: specifier.into(),
                name: it.export.clone(),
                type_only: is_type_import(self.db, self.file, it, place.is_type()),
            });
            acc.items.push(item);
        }
    }

    fn fit(&self, name: &str) -> Option<Fit> {
        let typed = &self.cursor.prefix;
        let step = if name.starts_with(&**typed) {
            0
        } else if name
            .get(..typed.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(typed))
        {
            1
        } else if matches_words(typed, name) {
            2
        } else {
            return None;
        };
        Some((step, name.len(), SmolStr::new(name)))
    }
}

/// Whether the letters typed are in the name in order, the first of them at the beginning of a word.
fn matches_words(typed: &str, name: &str) -> bool {
    let Some(first) = typed.chars().next() else {
        return true;
    };
    let lower = |letter: char| letter.to_lowercase().next();
    let mut before = '_';
    for (at, letter) in name.char_indices() {
        let begins = before == '_' || (letter.is_uppercase() && !before.is_uppercase());
        if begins
            && lower(letter) == lower(first)
            && super::place::is_subsequence(typed, &name[at..])
        {
            return true;
        }
        before = letter;
    }
    false
}
