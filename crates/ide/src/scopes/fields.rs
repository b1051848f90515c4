//! The grammar's fields as an enum: comparing their names costs more than the rest of a walk.

use std::sync::LazyLock;

use symphony_syntax::{Language, Parse};

/// The fields that the scopes ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    None,
    Alias,
    Body,
    Constructor,
    Function,
    Kind,
    Left,
    Module,
    Name,
    Object,
    Parameter,
    Pattern,
    Property,
    Right,
    Value,
    Other,
}

fn field(name: &str) -> Field {
    match name {
        "alias" => Field::Alias,
        "body" => Field::Body,
        "constructor" => Field::Constructor,
        "function" => Field::Function,
        "kind" => Field::Kind,
        "left" => Field::Left,
        "module" => Field::Module,
        "name" => Field::Name,
        "object" => Field::Object,
        "parameter" => Field::Parameter,
        "pattern" => Field::Pattern,
        "property" => Field::Property,
        "right" => Field::Right,
        "value" => Field::Value,
        _ => Field::Other,
    }
}

static TABLES: LazyLock<[Vec<Field>; 2]> =
    LazyLock::new(|| [table(Language::TypeScript), table(Language::Tsx)]);

/// Fields by the grammar's id.
fn table(language: Language) -> Vec<Field> {
    let parse = Parse::new("".into(), language);
    let grammar = parse.tree().language().clone();
    let names = (0..=grammar.field_count() as u16).map(|id| grammar.field_name_for_id(id));
    names.map(|name| name.map_or(Field::None, field)).collect()
}

/// The fields of the grammar that a file is parsed with.
pub(crate) fn fields(parse: &Parse) -> &'static [Field] {
    &TABLES[usize::from(parse.language().has_jsx())]
}
