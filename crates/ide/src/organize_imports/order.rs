//! In which order modules and names stand, and which of the usual orders a file already keeps.

use std::cmp::Ordering;

use super::statement::{Item, Statement};

/// How texts are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Ignored,
    Kept,
}

/// Where names that say `type` stand among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Types {
    Last,
    Inline,
    First,
}

/// The order that a file keeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) modules: Case,
    pub(super) names: Case,
    /// Whether the case of `names` was read off the file.
    pub(super) names_detected: bool,
    pub(super) types: Types,
}

impl Case {
    const ALL: [Self; 2] = [Self::Ignored, Self::Kept];

    pub(super) fn compare(self, a: &str, b: &str) -> Ordering {
        match self {
            // By UTF-16, as JavaScript does.
            Self::Kept => a.encode_utf16().cmp(b.encode_utf16()),
            Self::Ignored => {
                let (a, b) = (a.to_lowercase(), b.to_lowercase());
                a.encode_utf16().cmp(b.encode_utf16())
            }
        }
    }
}

impl Types {
    const ALL: [Self; 3] = [Self::Last, Self::Inline, Self::First];
}

/// Compares two names of a list.
pub(super) fn compare_items(
    a: (bool, &str),
    b: (bool, &str),
    case: Case,
    types: Types,
) -> Ordering {
    let kinds = match types {
        Types::Last => a.0.cmp(&b.0),
        Types::Inline => Ordering::Equal,
        Types::First => b.0.cmp(&a.0),
    };
    kinds.then_with(|| case.compare(a.1, b.1))
}

/// Compares two modules: none comes last, relative ones come after the others.
pub(super) fn compare_modules(a: Option<&str>, b: Option<&str>, case: Case) -> Ordering {
    let (a_name, b_name) = (a.unwrap_or_default(), b.unwrap_or_default());
    (a.is_none().cmp(&b.is_none()))
        .then_with(|| is_relative(a_name).cmp(&is_relative(b_name)))
        .then_with(|| case.compare(a_name, b_name))
}

fn is_relative(module: &str) -> bool {
    let dots = module.strip_prefix("..").or(module.strip_prefix('.'));
    let is_path = dots.is_some_and(|it| it.is_empty() || it.starts_with(['/', '\\']));
    let is_drive = matches!(module.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    is_path || is_drive || module.starts_with(['/', '\\'])
}

/// The order that the imports of a file keep best; `groups` are those that stand together.
pub(super) fn detect(groups: &[Vec<&Statement<'_>>]) -> Order {
    let modules: Vec<Vec<&str>> = groups
        .iter()
        .map(|group| {
            group
                .iter()
                .map(|it| it.module_name().unwrap_or_default())
                .collect()
        })
        .collect();
    let lists: Vec<Vec<(bool, &str)>> = groups
        .iter()
        .flatten()
        .filter_map(|it| it.list.as_ref())
        .map(|list| list.items.iter().map(|it| (it.is_type, it.key())).collect())
        .filter(|it: &Vec<_>| !it.is_empty())
        .collect();
    let (names, types) = detect_names(&lists);
    Order {
        modules: best_case(&modules),
        names,
        names_detected: !lists.is_empty(),
        types,
    }
}

fn detect_names(lists: &[Vec<(bool, &str)>]) -> (Case, Types) {
    let is_mixed =
        |list: &Vec<(bool, &str)>| list.iter().any(|it| it.0) && list.iter().any(|it| !it.0);
    if !lists.iter().any(is_mixed) {
        let names: Vec<Vec<&str>> = lists
            .iter()
            .map(|list| list.iter().map(|it| it.1).collect())
            .collect();
        return (best_case(&names), Types::Last);
    }
    let mut best = (usize::MAX, Case::Ignored, Types::Last);
    for types in Types::ALL {
        for case in Case::ALL {
            let compare = |a: &(bool, &str), b: &(bool, &str)| compare_items(*a, *b, case, types);
            let wrong = lists.iter().map(|it| out_of_order(it, compare)).sum();
            if wrong < best.0 {
                best = (wrong, case, types);
            }
        }
    }
    (best.1, best.2)
}

fn best_case(lists: &[Vec<&str>]) -> Case {
    let wrong = |case: Case| -> usize {
        let compare = |a: &&str, b: &&str| case.compare(a, b);
        lists.iter().map(|it| out_of_order(it, compare)).sum()
    };
    if wrong(Case::Kept) < wrong(Case::Ignored) {
        Case::Kept
    } else {
        Case::Ignored
    }
}

fn out_of_order<T>(list: &[T], compare: impl Fn(&T, &T) -> Ordering) -> usize {
    list.windows(2)
        .filter(|pair| compare(&pair[0], &pair[1]).is_gt())
        .count()
}

/// Which of a module's imports comes first: `import "a"`, types, `* as`, a default, names.
pub(super) fn kind_order(phase: &str, default: bool, star: bool, bare: bool) -> u8 {
    match () {
        () if bare => 0,
        () if phase == "type" => 1,
        () if star => 2,
        () if default => 3,
        () => 4,
    }
}

/// What an item is compared by.
pub(super) fn item_key<'a>(item: &Item<'a>) -> (bool, &'a str) {
    (item.is_type, item.key())
}
