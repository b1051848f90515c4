//! From what was written to values that can be believed: each is looked at by its kind, each mistake is told with its place, and
//! costs nothing but itself.

use std::path::Path;

use serde_json::{Map, Value};
use url::Url;

use crate::forms::{integer, is_secret, is_variable, number, path, program, shown};
use crate::node::{Data, Entry, Node};
use crate::problem::{Fault, Place, Position, Problem, Source};
use crate::setting::{Kind, Scope, Setting, Tables};
use crate::suggest::suggest;
use crate::table::{SECTIONS, all, setting};

/// More problems of one source than this are counted, not told: nobody reads them, and each takes time to place, of which a
/// hostile file should not get much.
pub(crate) const MOST_PROBLEMS: usize = 50;

/// Looks at what one source says.
pub(crate) struct Checker<'a> {
    source: Source,
    /// Where things are, from offsets.
    place: &'a dyn Fn(usize) -> Place,
    problems: Vec<Problem>,
    /// Problems that are only counted.
    more: usize,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(source: Source, place: &'a dyn Fn(usize) -> Place) -> Self {
        Self {
            source,
            place,
            problems: Vec::new(),
            more: 0,
        }
    }

    /// What is wrong.
    pub(crate) fn finish(self) -> Vec<Problem> {
        let Self {
            mut problems, more, ..
        } = self;
        if let (Some(last), true) = (problems.last(), more > 0) {
            let place = last.place.clone().whole();
            let fault = Fault::More { more };
            problems.push(Problem { place, fault });
        }
        problems
    }
    /// All settings in a tree of tables; `take` gets the good ones.
    pub(crate) fn tree(
        &mut self,
        root: &Node,
        take: &mut dyn FnMut(&'static Setting, usize, Value),
    ) {
        match &root.data {
            Data::Table(entries) => self.entries("", entries, take),
            Data::Nothing => {}
            // An empty table of Lua.
            Data::List(list) if list.is_empty() => {}
            _ => self.wrong(root, "symphony", "a table of settings"),
        }
    }

    fn entries(
        &mut self,
        prefix: &str,
        entries: &[Entry],
        take: &mut dyn FnMut(&'static Setting, usize, Value),
    ) {
        for Entry { key, at, value } in entries {
            let key = format!("{prefix}{key}");
            if let Some(setting) = setting(&key) {
                if let Some(checked) = self.setting(setting, *at, value) {
                    take(setting, *at, checked);
                }
                continue;
            }
            let is_section = SECTIONS.iter().any(|section| section.name == key);
            match &value.data {
                Data::Table(entries) if is_section => {
                    self.entries(&format!("{key}."), entries, take);
                }
                Data::Nothing => {}
                Data::List(list) if is_section && list.is_empty() => {}
                _ if is_section => self.wrong(value, &key, "a table of settings"),
                _ => self.unknown(&key, *at, &mut all().map(|it| it.key)),
            }
        }
    }

    /// One setting, by whoever may set it.
    pub(crate) fn setting(&mut self, setting: &Setting, at: usize, value: &Node) -> Option<Value> {
        if matches!(value.data, Data::Nothing) {
            return None;
        }
        if setting.scope == Scope::User && !self.source.is_the_users() {
            self.refuse(setting, at, value);
            return None;
        }
        self.value(setting.key, &setting.kind, value)
    }

    /// Says that only the user may set this; of a list of tables, each field by its name.
    fn refuse(&mut self, setting: &Setting, at: usize, value: &Node) {
        let mut refused = vec![(setting.key.to_owned(), at)];
        if let Data::List(tables) = &value.data {
            for (index, table) in tables.iter().enumerate() {
                if refused.len() > MOST_PROBLEMS {
                    break;
                }
                if let Data::Table(entries) = &table.data {
                    let keys = entries.iter().map(|it| {
                        (
                            format!("{}[{index}].{}", setting.key, shown(&it.key)),
                            it.at,
                        )
                    });
                    refused.extend(keys);
                }
            }
        }
        for (key, at) in refused {
            let fault = match self.source {
                Source::Editor => Fault::NotByEditor { key },
                _ => Fault::NotByWorkspace { key },
            };
            self.problem(at, fault);
        }
    }

    fn unknown(&mut self, key: &str, at: usize, known: &mut dyn Iterator<Item = &'static str>) {
        if self.problems.len() >= MOST_PROBLEMS {
            self.more += 1;
            return;
        }
        let key = shown(key);
        let fault = if is_secret(&key) {
            Fault::Secret { key }
        } else {
            let suggestion = suggest(&key, known).map(str::to_owned);
            Fault::Unknown { key, suggestion }
        };
        self.problem(at, fault);
    }

    pub(crate) fn problem(&mut self, at: usize, fault: Fault) {
        if self.problems.len() >= MOST_PROBLEMS {
            self.more += 1;
            return;
        }
        let place = (self.place)(at);
        self.problems.push(Problem { place, fault });
    }

    fn wrong(&mut self, node: &Node, key: &str, expected: &str) {
        let fault = Fault::Wrong {
            key: key.to_owned(),
            expected: expected.to_owned(),
            found: node.found(),
        };
        self.problem(node.at, fault);
    }

    fn value(&mut self, key: &str, kind: &Kind, node: &Node) -> Option<Value> {
        let value = match (kind, &node.data) {
            (Kind::Boolean, Data::Boolean(value)) => Some(Value::from(*value)),
            (Kind::Number { least, most }, _) => number(node)
                .filter(|value| (*least..=*most).contains(value))
                .map(Value::from),
            (Kind::Integer { least, most } | Kind::Milliseconds { least, most }, _) => {
                integer(node)
                    .filter(|value| (*least..=*most).contains(value))
                    .map(Value::from)
            }
            (Kind::Text, Data::Text(text)) => {
                if key.ends_with("keyring") && text.starts_with("sk-") {
                    let key = key.to_owned();
                    self.problem(node.at, Fault::Secret { key });
                    return None;
                }
                (!text.is_empty()).then(|| text.as_str().into())
            }
            (Kind::Choice(words), Data::Text(text)) => words
                .iter()
                .find(|word| word.name == text)
                .map(|word| word.name.into()),
            (Kind::PathOrNone, Data::Text(text)) if text.is_empty() => Some("".into()),
            (Kind::Path | Kind::PathOrNone, Data::Text(text)) => path(text).map(Value::from),
            (Kind::Program, Data::Text(text)) => program(text).map(Value::from),
            (Kind::Url(schemes), Data::Text(text)) => return self.url(key, schemes, node, text),
            (Kind::Variable, Data::Text(text)) => {
                if !is_variable(text) {
                    // It may be the key itself, so it is not repeated.
                    let fault = Fault::Wrong {
                        key: key.to_owned(),
                        expected: kind.expected(),
                        found: "something else, which is not shown".to_owned(),
                    };
                    self.problem(node.at, fault);
                    return None;
                }
                Some(text.as_str().into())
            }
            (Kind::Texts, Data::List(list)) => return self.texts(key, list),
            (Kind::Tables(tables), Data::List(list)) => {
                return Some(self.tables(key, tables, list));
            }
            _ => None,
        };
        if value.is_none() {
            self.wrong(node, key, &kind.expected());
        }
        value
    }

    fn url(&mut self, key: &str, schemes: &[&str], node: &Node, text: &str) -> Option<Value> {
        let Ok(url) = Url::parse(text) else {
            self.wrong(node, key, &Kind::Url(&["http", "https"]).expected());
            return None;
        };
        let in_query = url.query_pairs().any(|(name, _)| is_secret(&name));
        if !url.username().is_empty() || url.password().is_some() || in_query {
            let key = key.to_owned();
            self.problem(node.at, Fault::Secret { key });
            return None;
        }
        if !schemes.contains(&url.scheme()) || !url.has_host() {
            let schemes: Vec<_> = schemes.iter().map(|it| format!("{it}://")).collect();
            let expected = format!("an address that begins with {}", schemes.join(" or "));
            self.wrong(node, key, &expected);
            return None;
        }
        Some(text.into())
    }

    fn texts(&mut self, key: &str, list: &[Node]) -> Option<Value> {
        let mut texts = Vec::new();
        for (index, node) in list.iter().enumerate() {
            let key = format!("{key}[{index}]");
            match &node.data {
                Data::Text(text) if text == "--api-key" || text.starts_with("--api-key=") => {
                    self.problem(node.at, Fault::Secret { key });
                    return None;
                }
                Data::Text(text) => texts.push(Value::from(text.as_str())),
                _ => {
                    self.wrong(node, &key, "a text");
                    return None;
                }
            }
        }
        Some(texts.into())
    }

    /// The good tables of a list.
    fn tables(&mut self, key: &str, tables: &Tables, list: &[Node]) -> Value {
        let mut good: Vec<Value> = Vec::new();
        for (index, node) in list.iter().enumerate() {
            let key = format!("{key}[{index}]");
            let Data::Table(entries) = &node.data else {
                self.wrong(node, &key, "a table");
                continue;
            };
            let Some(table) = self.table(&key, tables, node, entries) else {
                continue;
            };
            let name = &table[tables.distinct];
            if good.iter().any(|other| &other[tables.distinct] == name) {
                let message = format!("there is another {} of this name", tables.singular);
                let key = format!("{key}.{}", tables.distinct);
                self.problem(node.at, Fault::Conflict { key, message });
                continue;
            }
            good.push(Value::Object(table));
        }
        good.into()
    }

    /// One table: all of it or nothing, since half an instrument is another instrument.
    fn table(
        &mut self,
        key: &str,
        tables: &Tables,
        node: &Node,
        entries: &[Entry],
    ) -> Option<Map<String, Value>> {
        let mut table = Map::new();
        let (n_problems, more) = (self.problems.len(), self.more);
        for entry in entries {
            let whole = format!("{key}.{}", entry.key);
            match tables.fields.iter().find(|it| it.key == entry.key) {
                Some(field) => {
                    let value = self.value(&whole, &field.kind, &entry.value);
                    table.extend(value.map(|value| (entry.key.clone(), value)));
                }
                None => self.unknown(&whole, entry.at, &mut tables.fields.iter().map(|it| it.key)),
            }
        }
        // What is only counted may be an error.
        let mut is_whole =
            self.more == more && self.problems[n_problems..].iter().all(Problem::is_warning);
        for field in tables.required {
            if !entries.iter().any(|it| it.key == *field) {
                let (key, singular) = (key.to_owned(), tables.singular);
                let fault = Fault::Missing {
                    key,
                    singular,
                    field,
                };
                self.problem(node.at, fault);
                is_whole = false;
            }
        }
        if is_whole {
            for conflict in (tables.check)(&table) {
                let entry = entries.iter().find(|it| it.key == conflict.field);
                let key = format!("{key}.{}", conflict.field);
                let message = conflict.message;
                self.problem(
                    entry.map_or(node.at, |it| it.at),
                    Fault::Conflict { key, message },
                );
                is_whole = false;
            }
        }
        is_whole.then_some(table)
    }
}

/// Where in a text.
pub(crate) fn place_in<'a>(path: &'a Path, text: &'a str) -> impl Fn(usize) -> Place + 'a {
    move |at| Place::File {
        path: path.to_owned(),
        position: Some(Position::of(text, at)),
    }
}
