//! The canonical form of a document: known keys in the order of the format, then unknown ones as the author had them.

use crate::shape::{DOCUMENT, Field, Shape, fields_of_kind};
use crate::tree::{self, Json};

/// The document with its keys in canonical order.
#[must_use]
pub fn ordered(document: &Json) -> Json {
    order(document, &DOCUMENT)
}

/// The canonical text of a document.
#[must_use]
pub fn text(document: &Json) -> String {
    tree::canonical(&ordered(document))
}

fn order(json: &Json, shape: &Shape) -> Json {
    match (json, shape) {
        (Json::Map(_), Shape::Record(fields)) => record(json, fields),
        (Json::Map(_), Shape::NodeEntry) => {
            let kind = json.get("kind").and_then(Json::as_text).unwrap_or("");
            record(json, fields_of_kind(kind).unwrap_or_else(|| fields_of_kind("note").unwrap_or(&[])))
        }
        (Json::Map(_), Shape::Either(_, object)) => order(json, object),
        (Json::Map(entries), Shape::MapOf(_, inner)) => {
            Json::Map(entries.iter().map(|(k, v)| (k.clone(), order(v, inner))).collect())
        }
        (Json::List(items), Shape::ListOf(inner)) => Json::List(items.iter().map(|v| order(v, inner)).collect()),
        (_, Shape::Nullable(inner)) if *json != Json::Null => order(json, inner),
        _ => json.clone(),
    }
}

fn record(json: &Json, fields: &[Field]) -> Json {
    let rank = |key: &str| {
        fields.iter().position(|f| f.key == key && !matches!(f.shape, Shape::Reserved)).unwrap_or(fields.len())
    };
    let shape = |key: &str| fields.iter().find(|f| f.key == key).map_or(&Shape::Any, |f| &f.shape);
    let mut entries: Vec<(String, Json)> =
        json.entries().iter().map(|(k, v)| (k.clone(), order(v, shape(k)))).collect();
    entries.sort_by_key(|(key, _)| rank(key));
    Json::Map(entries)
}
