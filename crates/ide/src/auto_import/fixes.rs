//! Fixes for a name that nothing declares.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use symphony_db::{Db, SourceFile, hir, source_text};
use symphony_hir::{Hir, ImportStatement, Meaning};
use symphony_semantic::{Exported, Module, resolve_module};
use symphony_text::TextRange;

use super::edits::{Wanted, add_to, best_existing, new_import};
use super::is_type_import;
use super::sources::{Candidate, Source, Sources};
use crate::TextEdit;
use crate::symbol_query::symbol_mask;

/// One way to make a name known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFix {
    /// What it does, in words.
    pub title: String,
    /// The module.
    pub specifier: String,
    /// What is changed in the file.
    pub edits: Vec<TextEdit>,
    /// In what way it does so: the lesser ways come first.
    way: Way,
}

/// The ways to make a name known, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// By a namespace that is imported.
    Namespace,
    /// By a type in a comment.
    Comment,
    /// By an import statement that is there.
    Existing,
    /// By a new one.
    New,
}

/// The modules that export what `name` at `at` may stand for, as fixes, the best first.
pub fn import_fixes(
    db: &dyn Db,
    file: SourceFile,
    name: &str,
    at: TextRange,
    meaning: Meaning,
) -> Vec<ImportFix> {
    let hir = hir(db, file);
    let text = source_text(db, file);
    let sources = Sources::new(db, file, &hir);
    let asked = Asked {
        db,
        file,
        hir: &hir,
        text: &text,
        sources: &sources,
        at,
        meaning,
    };
    let mask = symbol_mask(name);
    let mut groups: FxHashMap<Exported, Vec<Candidate>> = FxHashMap::default();
    let mut order: Vec<Exported> = Vec::new();
    sources.each(
        |it| it == mask,
        |it| it == name,
        |it| {
            if fits(it.meaning, meaning) {
                let group = groups.entry(it.target.clone()).or_insert_with(|| {
                    order.push(it.target.clone());
                    Vec::new()
                });
                group.push(it);
            }
        },
    );
    let mut fixes: Vec<(ImportFix, Option<Candidate>)> = Vec::new();
    for target in order {
        if let Some(group) = groups.remove(&target) {
            asked.fixes(&group, &mut fixes);
        }
    }
    fixes.sort_by(|(a, of_a), (b, of_b)| {
        a.way.cmp(&b.way).then_with(|| match (of_a, of_b) {
            (Some(of_a), Some(of_b)) => sources.compare((&a.specifier, of_a), (&b.specifier, of_b)),
            _ => std::cmp::Ordering::Equal,
        })
    });
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let fixes = fixes.into_iter().map(|it| it.0);
    fixes.filter(|it| seen.insert(it.title.clone())).collect()
}

fn fits(has: Meaning, wanted: Meaning) -> bool {
    has.meets(wanted)
}

/// What is asked about one name.
struct Asked<'a> {
    db: &'a dyn Db,
    file: SourceFile,
    hir: &'a Hir,
    text: &'a str,
    sources: &'a Sources<'a>,
    at: TextRange,
    meaning: Meaning,
}

impl Asked<'_> {
    /// The fixes by modules that all export the same.
    fn fixes(&self, group: &[Candidate], fixes: &mut Vec<(ImportFix, Option<Candidate>)>) {
        let mut existing: Vec<(&ImportStatement, &Candidate)> = Vec::new();
        for it in group {
            let statements = self.statements(it);
            existing.extend(statements.into_iter().map(|statement| (statement, it)));
        }
        // The module itself before those that hand on what it declares.
        existing.sort_by_key(|(_, it)| !self.sources.declares(it));
        if let Some(fix) = self.by_namespace(&existing) {
            fixes.push((fix, None));
        }
        if let Some((statement, it)) = self.extended(&existing) {
            let wanted = self.wanted(it, self.specifier(statement));
            fixes.push((
                ImportFix {
                    title: format!("Update import from \"{}\"", wanted.specifier),
                    specifier: wanted.specifier.to_owned(),
                    edits: add_to(self.hir, self.text, statement, &wanted),
                    way: Way::Existing,
                },
                Some(it.clone()),
            ));
            return;
        }
        if let Some((statement, it)) = existing.first() {
            fixes.push((
                self.new_statement(it, self.specifier(statement)),
                Some((*it).clone()),
            ));
            return;
        }
        for it in group {
            for specifier in self.sources.specifiers(it.order).iter() {
                let fix = if self.hir.is_javascript && !it.meaning.meets(Meaning::VALUE) {
                    self.in_comment(it, specifier)
                } else {
                    self.new_statement(it, specifier)
                };
                fixes.push((fix, Some(it.clone())));
            }
        }
    }

    fn specifier(&self, statement: &ImportStatement) -> &str {
        self.hir.name(self.hir.module(statement.module).specifier)
    }

    fn wanted<'s>(&self, it: &'s Candidate, specifier: &'s str) -> Wanted<'s> {
        let type_position = !self.meaning.meets(Meaning::VALUE);
        Wanted {
            local: &it.name,
            name: &it.export,
            specifier,
            type_only: is_type_import(self.db, self.file, it, type_position),
        }
    }

    /// The import statements of the file that lead to a module.
    fn statements(&self, it: &Candidate) -> Vec<&ImportStatement> {
        if self.hir.is_javascript && !it.meaning.meets(Meaning::VALUE) {
            return Vec::new();
        }
        let source = self.sources.source(it.order);
        let statements = self.hir.imports().iter().filter(|statement| {
            let specifier = self.specifier(statement);
            let leads = || resolve_module(self.db, self.file, SmolStr::new(specifier));
            statement.scope == Hir::FILE
                && match source {
                    Source::Ambient(name, _) => name == specifier,
                    Source::File(file) | Source::Package(_, file, _) => {
                        leads() == Some(Module::File(*file))
                    }
                }
        });
        statements.collect()
    }

    fn by_namespace(&self, existing: &[(&ImportStatement, &Candidate)]) -> Option<ImportFix> {
        let (statement, it) = existing.iter().find(|(statement, it)| {
            statement.namespace.is_some() && !matches!(&*it.export, "default" | "export=")
        })?;
        let namespace = self.hir.name(self.hir.decl(statement.namespace?).name);
        Some(ImportFix {
            title: format!("Change '{}' to '{namespace}.{}'", it.name, it.name),
            specifier: self.specifier(statement).to_owned(),
            edits: vec![TextEdit {
                range: TextRange::empty(self.at.start()),
                new_text: format!("{namespace}."),
            }],
            way: Way::Namespace,
        })
    }

    /// The import statement that the name can be added to.
    fn extended<'s>(
        &self,
        existing: &[(&'s ImportStatement, &'s Candidate)],
    ) -> Option<(&'s ImportStatement, &'s Candidate)> {
        let (_, first) = existing.first()?;
        let wanted = self.wanted(first, "");
        let statement = best_existing(existing.iter().map(|it| it.0), &wanted)?;
        existing
            .iter()
            .find(|it| it.0.range == statement.range)
            .copied()
    }

    fn new_statement(&self, it: &Candidate, specifier: &str) -> ImportFix {
        let wanted = self.wanted(it, specifier);
        ImportFix {
            title: format!("Add import from \"{specifier}\""),
            specifier: specifier.to_owned(),
            edits: vec![new_import(self.hir, self.text, &wanted)],
            way: Way::New,
        }
    }

    /// In JavaScript a type is named where it is used.
    fn in_comment(&self, it: &Candidate, specifier: &str) -> ImportFix {
        let prefix = format!("import(\"{specifier}\").");
        ImportFix {
            title: format!("Change '{}' to '{prefix}{}'", it.name, it.name),
            specifier: specifier.to_owned(),
            edits: vec![TextEdit {
                range: TextRange::empty(self.at.start()),
                new_text: prefix,
            }],
            way: Way::Comment,
        }
    }
}

/// The edits that import every name of the file that nothing declares, by the best module for each.
pub fn add_all_missing_imports(db: &dyn Db, file: SourceFile) -> Vec<TextEdit> {
    let mut seen: FxHashSet<SmolStr> = FxHashSet::default();
    let mut edits: Vec<TextEdit> = Vec::new();
    for it in crate::unresolved::unresolved_names(db, file) {
        if !seen.insert(it.name.clone()) {
            continue;
        }
        let fixes = import_fixes(db, file, &it.name, it.range, it.meaning);
        let best = fixes
            .into_iter()
            .find(|fix| matches!(fix.way, Way::Existing | Way::New));
        edits.extend(best.into_iter().flat_map(|fix| fix.edits));
    }
    merge(edits)
}

/// Insertions at one place follow each other; edits that would collide are left out.
fn merge(mut edits: Vec<TextEdit>) -> Vec<TextEdit> {
    edits.sort_by_key(|it| it.range.start());
    let mut merged: Vec<TextEdit> = Vec::new();
    for edit in edits {
        match merged.last_mut() {
            Some(last) if *last == edit && !edit.range.is_empty() => {}
            Some(last) if last.range == edit.range && edit.range.is_empty() => {
                last.new_text.push_str(&edit.new_text);
            }
            Some(last) if last.range.end() > edit.range.start() => {}
            _ => merged.push(edit),
        }
    }
    merged
}
