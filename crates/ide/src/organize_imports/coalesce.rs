//! What is left of the declarations of one module: unused names removed, the rest joined and sorted.

use super::order::{Case, Order, Types, compare_items, item_key, kind_order};
use super::statement::{Item, Name, Statement};

/// A declaration as it is to be written.
#[derive(Clone, Debug)]
pub(super) struct Planned<'s, 'a> {
    /// The statement whose place and comments it has.
    pub(super) base: &'s Statement<'a>,
    pub(super) default: Option<Name<'a>>,
    pub(super) star: Option<Name<'a>>,
    pub(super) list: Option<PlannedList<'a>>,
    /// Whether it is `import "a"` whatever the base binds.
    pub(super) bare: bool,
}

/// A list as it is to be written.
#[derive(Clone, Debug)]
pub(super) struct PlannedList<'a> {
    pub(super) items: Vec<PlannedItem<'a>>,
    /// The braces of the list that it is made of.
    pub(super) braces: Option<(usize, usize)>,
    pub(super) has_trailing_comma: bool,
    /// Whether a line break stands where nothing else says so.
    pub(super) multiline: bool,
    /// Whether it is any other than the list that was written.
    pub(super) changed: bool,
}

/// A name of a list as it is to be written.
#[derive(Clone, Debug)]
pub(super) enum PlannedItem<'a> {
    /// One that was written; said to be rewritten where `a as a` becomes `a`.
    Written(Item<'a>, bool),
    /// `default as a`.
    Default(Name<'a>),
}

impl<'s, 'a> Planned<'s, 'a> {
    pub(super) fn as_written(base: &'s Statement<'a>) -> Self {
        let list = base.list.as_ref().map(|list| PlannedList {
            items: list
                .items
                .iter()
                .map(|it| PlannedItem::Written(it.clone(), false))
                .collect(),
            braces: Some((list.open, list.close)),
            has_trailing_comma: list.has_trailing_comma,
            multiline: false,
            changed: false,
        });
        Self {
            base,
            default: base.default,
            star: base.star,
            list,
            bare: base.is_bare(),
        }
    }

    fn binding(
        base: &'s Statement<'a>,
        default: Option<Name<'a>>,
        star: Option<Name<'a>>,
        list: Option<PlannedList<'a>>,
    ) -> Self {
        Self {
            base,
            default,
            star,
            list,
            bare: false,
        }
    }

    /// Whether it binds what `statement` does, in the same order.
    pub(super) fn is_written_as(&self, statement: &Statement<'a>) -> bool {
        let written = statement.list.as_ref().map(|it| it.items.iter());
        let planned = self.list.as_ref().map(|it| it.items.iter());
        let same_list = match (written, planned) {
            (None, None) => true,
            (Some(written), Some(planned)) => {
                let planned = planned.map(|it| match it {
                    PlannedItem::Written(item, _) => Some(item),
                    PlannedItem::Default(_) => None,
                });
                written.map(Some).eq(planned)
            }
            _ => false,
        };
        same_list
            && self.base.start == statement.start
            && self.bare == statement.is_bare()
            && self.default == statement.default
            && self.star == statement.star
    }

    fn kind(&self) -> u8 {
        let (default, star) = (self.default.is_some(), self.star.is_some());
        kind_order(self.base.phase, default, star, self.bare)
    }
}

/// What keeps an import whose names are unused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unbound {
    /// Nothing: it goes.
    Removed,
    /// The file declares a part of that module: the import stays as it is.
    Kept,
    /// The same in a declaration file: what it binds goes.
    Bare,
}

/// Removes what is unused. `is_used` is asked about the places of names.
pub(super) fn without_unused<'s, 'a>(
    group: Vec<Planned<'s, 'a>>,
    is_used: &dyn Fn(Name<'a>) -> bool,
    unbound: &dyn Fn(&Statement<'a>) -> Unbound,
) -> Vec<Planned<'s, 'a>> {
    let mut left = Vec::new();
    for mut import in group {
        if import.bare {
            left.push(import);
            continue;
        }
        let written = import.clone();
        import.default = import.default.filter(|it| is_used(*it));
        import.star = import.star.filter(|it| is_used(*it));
        if let Some(list) = &mut import.list {
            let before = list.items.len();
            list.items.retain(|it| match it {
                PlannedItem::Written(item, _) => is_used(item.name),
                PlannedItem::Default(name) => is_used(*name),
            });
            if list.items.len() < before {
                list.has_trailing_comma = false;
                list.changed = true;
                if list.items.is_empty() {
                    import.list = None;
                }
            }
        }
        let is_bound = import.default.is_some() || import.star.is_some() || import.list.is_some();
        if is_bound {
            left.push(import);
            continue;
        }
        match unbound(import.base) {
            Unbound::Removed => {}
            Unbound::Kept => left.push(written),
            Unbound::Bare => left.push(Planned {
                bare: true,
                ..import
            }),
        }
    }
    left
}

/// Joins the imports of one module.
pub(super) fn imports<'s, 'a>(
    text: &str,
    group: Vec<Planned<'s, 'a>>,
    order: Order,
) -> Vec<Planned<'s, 'a>> {
    let mut by_attributes: Vec<(String, Vec<Planned<'s, 'a>>)> = Vec::new();
    for import in group {
        let key: String = (import.base.attributes.unwrap_or_default())
            .split_whitespace()
            .collect();
        match by_attributes.iter_mut().find(|it| it.0 == key) {
            Some((_, same)) => same.push(import),
            None => by_attributes.push((key, vec![import])),
        }
    }
    let mut joined = Vec::new();
    for (_, same) in by_attributes {
        let (bare, bound): (Vec<_>, Vec<_>) = same.into_iter().partition(|it| it.bare);
        joined.extend(bare.into_iter().next());
        let (types, values): (Vec<_>, Vec<_>) =
            (bound.into_iter()).partition(|it| it.base.phase == "type");
        // `import defer` is never joined with anything.
        let (phased, values): (Vec<_>, Vec<_>) =
            (values.into_iter()).partition(|it| !it.base.phase.is_empty());
        join(text, &values, order, &mut joined);
        join(text, &types, order, &mut joined);
        joined.extend(phased);
    }
    joined.sort_by_key(Planned::kind);
    joined
}

fn join<'s, 'a>(
    text: &str,
    imports: &[Planned<'s, 'a>],
    order: Order,
    joined: &mut Vec<Planned<'s, 'a>>,
) {
    let defaults: Vec<&Planned<'s, 'a>> =
        imports.iter().filter(|it| it.default.is_some()).collect();
    let mut stars: Vec<&Planned<'s, 'a>> = imports.iter().filter(|it| it.star.is_some()).collect();
    let lists: Vec<&Planned<'s, 'a>> = imports.iter().filter(|it| it.list.is_some()).collect();
    let is_type = imports.first().is_some_and(|it| it.base.phase == "type");
    if let ([default], [star], [], false) = (&*defaults, &*stars, &*lists, is_type) {
        joined.push(Planned::binding(
            default.base,
            default.default,
            star.star,
            None,
        ));
        return;
    }
    let star_name = |it: &Planned<'s, 'a>| it.star.map_or("", |it| it.text);
    stars.sort_by(|a, b| order.modules.compare(star_name(a), star_name(b)));
    joined.extend(
        stars
            .iter()
            .map(|it| Planned::binding(it.base, None, it.star, None)),
    );
    let Some(base) = defaults.first().or(lists.first()).map(|it| it.base) else {
        return;
    };
    let mut items: Vec<PlannedItem<'a>> = Vec::new();
    let mut default = None;
    match &*defaults {
        [one] => default = one.default,
        several => items.extend(
            several
                .iter()
                .filter_map(|it| it.default)
                .map(PlannedItem::Default),
        ),
    }
    for list in lists.iter().filter_map(|it| it.list.as_ref()) {
        items.extend(list.items.iter().map(simplified));
    }
    items.sort_by(|a, b| compare_items(planned_key(a), planned_key(b), order.names, order.types));
    let first = lists.first().and_then(|it| it.list.as_ref());
    let list = (!items.is_empty() || default.is_none()).then(|| joined_list(text, first, items));
    if is_type && default.is_some() && list.is_some() {
        let list_base = lists.first().map_or(base, |it| it.base);
        joined.push(Planned::binding(base, default, None, None));
        joined.push(Planned::binding(list_base, None, None, list));
    } else {
        joined.push(Planned::binding(base, default, None, list));
    }
}

/// The list of `items` that is written where `first` was.
fn joined_list<'a>(
    text: &str,
    first: Option<&PlannedList<'a>>,
    items: Vec<PlannedItem<'a>>,
) -> PlannedList<'a> {
    let braces = first.and_then(|it| it.braces);
    let has_lines =
        braces.is_some_and(|(open, close)| super::trivia::lines_between(text, open, close) > 0);
    PlannedList {
        braces,
        has_trailing_comma: !items.is_empty() && first.is_some_and(|it| it.has_trailing_comma),
        multiline: !items.is_empty() && has_lines,
        items,
        changed: true,
    }
}

/// `a as a` is `a`.
fn simplified<'a>(item: &PlannedItem<'a>) -> PlannedItem<'a> {
    match item {
        PlannedItem::Written(item, _)
            if item
                .outer
                .is_some_and(|it| it.trim_matches(['"', '\'']) == item.key()) =>
        {
            let mut item = item.clone();
            item.outer = None;
            PlannedItem::Written(item, true)
        }
        other => other.clone(),
    }
}

fn planned_key<'a>(item: &PlannedItem<'a>) -> (bool, &'a str) {
    match item {
        PlannedItem::Written(item, _) => item_key(item),
        PlannedItem::Default(name) => (false, name.text),
    }
}

/// Joins the exports of one module, or those of this file.
pub(super) fn exports<'s, 'a>(group: Vec<Planned<'s, 'a>>, case: Case) -> Vec<Planned<'s, 'a>> {
    let is_all = |it: &Planned<'_, '_>| it.star.is_some_and(|star| star.text.is_empty());
    let (all, named): (Vec<_>, Vec<_>) = group.into_iter().partition(is_all);
    let mut joined: Vec<Planned<'s, 'a>> = all.into_iter().take(1).collect();
    let (types, values): (Vec<_>, Vec<_>) =
        named.into_iter().partition(|it| it.base.phase == "type");
    for same in [values, types] {
        let (stars, lists): (Vec<_>, Vec<_>) = same.into_iter().partition(|it| it.star.is_some());
        joined.extend(stars);
        let Some(first) = lists.first().cloned() else {
            continue;
        };
        let mut items: Vec<PlannedItem<'a>> = lists
            .into_iter()
            .filter_map(|it| it.list)
            .flat_map(|it| it.items)
            .collect();
        items.sort_by(|a, b| compare_items(planned_key(a), planned_key(b), case, Types::Last));
        let list = PlannedList {
            items,
            braces: first.list.and_then(|it| it.braces),
            has_trailing_comma: false,
            multiline: false,
            changed: true,
        };
        joined.push(Planned::binding(first.base, None, None, Some(list)));
    }
    joined
}
