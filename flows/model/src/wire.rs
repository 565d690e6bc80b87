//! How a tree travels to the window: maps as lists of `[key, value]` and numbers as text, since JavaScript reorders
//! number-like keys and loses decimals, and both are meaning. A map is `{"m": [[k, v], …]}`, a list `{"l": […]}`, a
//! number `{"n": "0.8"}`; texts, booleans and null are plain.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::tree::{Json, Number};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Wire {
    Null(()),
    Bool(bool),
    Text(String),
    Map { m: Vec<(String, Wire)> },
    List { l: Vec<Wire> },
    Number { n: String },
}

fn pack(json: &Json) -> Wire {
    match json {
        Json::Null => Wire::Null(()),
        Json::Bool(b) => Wire::Bool(*b),
        Json::Number(n) => Wire::Number { n: n.text().to_owned() },
        Json::Text(t) => Wire::Text(t.clone()),
        Json::List(items) => Wire::List { l: items.iter().map(pack).collect() },
        Json::Map(map) => Wire::Map { m: map.iter().map(|(k, v)| (k.clone(), pack(v))).collect() },
    }
}

fn unpack(wire: Wire) -> Option<Json> {
    Some(match wire {
        Wire::Null(()) => Json::Null,
        Wire::Bool(b) => Json::Bool(b),
        Wire::Text(t) => Json::Text(t),
        Wire::Number { n } => {
            let number = Number::from_text(&n);
            number.decimal()?;
            Json::Number(number)
        }
        Wire::List { l } => Json::List(l.into_iter().map(unpack).collect::<Option<_>>()?),
        Wire::Map { m } => Json::Map(m.into_iter().map(|(k, v)| Some((k, unpack(v)?))).collect::<Option<_>>()?),
    })
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        pack(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        unpack(Wire::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("a number is not a decimal"))
    }
}

/// A plain `serde_json` value of a tree, for what goes out as ordinary JSON (numbers keep their digits as far as JSON
/// numbers of `serde_json` do).
#[must_use]
pub fn plain(json: &Json) -> serde_json::Value {
    serde_json::from_str(&crate::tree::compact(json)).unwrap_or(serde_json::Value::Null)
}

/// A tree of a plain value.
#[must_use]
pub fn tree(value: &serde_json::Value) -> Json {
    match value {
        serde_json::Value::Null => Json::Null,
        serde_json::Value::Bool(b) => Json::Bool(*b),
        serde_json::Value::Number(n) => Json::Number(Number::from_text(&n.to_string())),
        serde_json::Value::String(s) => Json::Text(s.clone()),
        serde_json::Value::Array(items) => Json::List(items.iter().map(tree).collect()),
        serde_json::Value::Object(map) => Json::Map(map.iter().map(|(k, v)| (k.clone(), tree(v))).collect()),
    }
}
