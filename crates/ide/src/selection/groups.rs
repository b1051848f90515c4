//! Lists that selection steps make of children that follow each other.

use super::item::{Item, Role};

/// Puts neighbours that `belongs` picks into lists of their own.
pub(super) fn group<'tree>(
    items: Vec<Item<'tree>>,
    belongs: impl Fn(&Item<'tree>) -> bool,
) -> Vec<Item<'tree>> {
    let mut out = Vec::new();
    let mut now = Vec::new();
    for item in items {
        if belongs(&item) {
            now.push(item);
        } else {
            out.extend(Item::list(std::mem::take(&mut now)));
            out.push(item);
        }
    }
    out.extend(Item::list(now));
    out
}

/// Splits children at the first one that is a `pivot` into two lists; a semicolon at the end stays outside.
pub(super) fn split<'tree>(
    mut items: Vec<Item<'tree>>,
    text: &str,
    pivot: &str,
) -> Vec<Item<'tree>> {
    let is = |item: &Item<'tree>, token: &str| {
        item.role == Role::Other && &text[item.start..item.end] == token
    };
    if items.len() < 2 {
        return items;
    }
    let Some(at) = items.iter().position(|item| is(item, pivot)) else {
        return items;
    };
    let semicolon = items.pop_if(|last| is(last, ";"));
    let right = items.split_off((at + 1).min(items.len()));
    let token = items.pop();
    let mut out: Vec<Item<'tree>> = Item::list(items).into_iter().collect();
    out.extend(token);
    out.extend(Item::list(right));
    out.extend(semicolon);
    out
}
