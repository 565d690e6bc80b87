//! The published JSON Schema of flow documents, made of the same tables that read them.

use crate::shape::{DOCUMENT, Field, KINDS, Keys, Shape};
use crate::tree::{Json, canonical};

/// The file's name, as documents write it in `$schema`.
pub const NAME: &str = "handoff-flow-1.schema.json";

/// The schema as text.
#[must_use]
pub fn text() -> String {
    canonical(&schema())
}

fn entry(key: &str, value: Json) -> (String, Json) {
    (key.to_owned(), value)
}

fn of_type(name: &str) -> Json {
    Json::Map(vec![entry("type", Json::text(name))])
}

fn any_of(list: Vec<Json>) -> Json {
    Json::Map(vec![entry("anyOf", Json::List(list))])
}

/// The schema.
#[must_use]
pub fn schema() -> Json {
    let Json::Map(root) = value(&DOCUMENT) else { return Json::Null };
    let mut map = vec![
        entry("$schema", Json::text("https://json-schema.org/draft/2020-12/schema")),
        entry("$id", Json::text(NAME)),
        entry("title", Json::text("Flow document of Handoff Studio")),
    ];
    map.extend(root);
    let kinds = KINDS.iter().map(|(kind, fields)| entry(kind, record(fields, Some(kind)))).collect();
    map.push(entry("$defs", Json::Map(kinds)));
    Json::Map(map)
}

fn record(fields: &[Field], kind: Option<&str>) -> Json {
    let mut properties = Vec::new();
    for field in fields {
        let mut own = match kind {
            Some(kind) if field.key == "kind" => Json::Map(vec![entry("const", Json::text(kind))]),
            _ => value(&field.shape),
        };
        if let Json::Map(map) = &mut own
            && !field.about.is_empty()
        {
            map.insert(0, entry("description", Json::text(field.about)));
        }
        properties.push(entry(field.key, own));
    }
    let required: Vec<Json> = fields.iter().filter(|f| f.required).map(|f| Json::text(f.key)).collect();
    let mut map = vec![entry("type", Json::text("object"))];
    if !required.is_empty() {
        map.push(entry("required", Json::List(required)));
    }
    map.push(entry("properties", Json::Map(properties)));
    Json::Map(map)
}

fn value(shape: &Shape) -> Json {
    match shape {
        Shape::Any | Shape::Reserved => Json::map(),
        Shape::Text
        | Shape::Template(_)
        | Shape::Condition(_)
        | Shape::Expression
        | Shape::Payload
        | Shape::Ref(_)
        | Shape::Names => of_type("string"),
        Shape::Id => Json::Map(vec![
            entry("type", Json::text("string")),
            entry("pattern", Json::text("^[A-Za-z_][A-Za-z0-9_]{0,63}$")),
        ]),
        Shape::Bool => of_type("boolean"),
        Shape::Numeric(min, max) => bounds("number", *min, *max),
        Shape::Integer(min, max) => {
            let (min, max) = (min.map(|n| n.to_string()), max.map(|n| n.to_string()));
            bounds("integer", min.as_deref(), max.as_deref())
        }
        Shape::OneOf(list) => Json::Map(vec![entry("enum", Json::List(list.iter().map(|t| Json::text(*t)).collect()))]),
        Shape::Scalar => {
            let scalar = || vec![of_type("string"), of_type("number"), of_type("boolean")];
            let mut all = scalar();
            all.push(list(any_of(scalar())));
            any_of(all)
        }
        Shape::Position => {
            let Json::Map(mut map) = list(of_type("number")) else { return Json::map() };
            map.push(entry("minItems", Json::int(2)));
            map.push(entry("maxItems", Json::int(2)));
            Json::Map(map)
        }
        Shape::DateMap => mapping(list(of_type("string"))),
        Shape::Nullable(inner) => any_of(vec![value(inner), of_type("null")]),
        Shape::ListOf(inner) => list(value(inner)),
        Shape::MapOf(keys, inner) => keyed(keys, value(inner)),
        Shape::Record(fields) => record(fields, None),
        Shape::Either(one, two) => any_of(vec![value(one), value(two)]),
        Shape::NodeEntry => {
            let kinds =
                KINDS.iter().map(|(kind, _)| Json::Map(vec![entry("$ref", Json::Text(format!("#/$defs/{kind}")))]));
            Json::Map(vec![entry("oneOf", Json::List(kinds.collect()))])
        }
    }
}

fn bounds(name: &str, min: Option<&str>, max: Option<&str>) -> Json {
    let mut map = vec![entry("type", Json::text(name))];
    let number = |text: &str| Json::Number(crate::tree::Number::from_text(text));
    map.extend(min.map(|m| entry("minimum", number(m))));
    map.extend(max.map(|m| entry("maximum", number(m))));
    Json::Map(map)
}

fn list(items: Json) -> Json {
    Json::Map(vec![entry("type", Json::text("array")), entry("items", items)])
}

fn mapping(values: Json) -> Json {
    Json::Map(vec![entry("type", Json::text("object")), entry("additionalProperties", values)])
}

fn keyed(keys: &Keys, values: Json) -> Json {
    let Json::Map(mut map) = mapping(values) else { return Json::map() };
    if matches!(keys, Keys::Ids) {
        let pattern = Json::text("^[A-Za-z_][A-Za-z0-9_]{0,63}$");
        map.push(entry("propertyNames", Json::Map(vec![entry("pattern", pattern)])));
    }
    Json::Map(map)
}
