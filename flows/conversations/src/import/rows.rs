//! What a source finds: conversations with their rows, or rows alone.

use flow_model::tree::{self, Json};

/// A conversation with its rows, or one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its line, from 1.
    pub line: u64,
    /// What is known of the whole conversation; of the row where `rows` is `None`.
    pub head: Json,
    /// The rows with their lines; `None` where the record is itself a row.
    pub rows: Option<Vec<(u64, Json)>>,
}

/// The value at a name: a key as it is written, else a path with dots.
#[must_use]
pub fn find<'j>(json: &'j Json, name: &str) -> Option<&'j Json> {
    if let Some(found) = json.get(name) {
        return Some(found);
    }
    let (mut here, mut rest) = (json, name);
    loop {
        if let Some(found) = step(here, rest) {
            return Some(found);
        }
        let (first, behind) = rest.split_once('.')?;
        here = step(here, first)?;
        rest = behind;
    }
}

fn step<'j>(json: &'j Json, key: &str) -> Option<&'j Json> {
    match json {
        Json::List(items) => items.get(tree::index(key)?),
        _ => json.get(key),
    }
}

/// A value as one short text, for tables and reports.
#[must_use]
pub fn shown(json: &Json) -> String {
    match json {
        Json::Text(text) => text.clone(),
        other => tree::compact(other),
    }
}

/// Whether a value says nothing: `null`, an empty text, or an empty list or object.
#[must_use]
pub fn is_blank(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::Text(text) => text.trim().is_empty(),
        Json::List(items) => items.is_empty(),
        Json::Map(map) => map.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_keys_first_and_paths_then() {
        let json = tree::read(r#"{"a.b":1,"a":{"b":2,"c.d":3,"e":[{"f":4}]}}"#).json.unwrap();
        for (name, value) in
            [("a.b", Some("1")), ("a.c.d", Some("3")), ("a.e.0.f", Some("4")), ("a.x", None), ("", None)]
        {
            assert_eq!(find(&json, name).map(tree::compact).as_deref(), value, "{name}");
        }
    }
}
