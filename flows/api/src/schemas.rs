//! The published JSON Schemas: of flow documents, of the envelope of a handoff, and of what comes back of it.
//!
//! What must stay true: the id of a schema is what the `dataschema` of its events names.

use flow_handoff::resume::{ENVELOPE, RESUME};
use flow_model::tree::{Json, canonical};
use flow_model::wire;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use crate::types::Envelope;
use crate::types::sent::Resume;

/// A schema that is published.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    /// Its name on the command line.
    pub name: &'static str,
    /// Where it lies in the sources.
    pub path: &'static str,
    /// Its text.
    pub text: fn() -> String,
}

/// All of them, the flow document first.
pub const SCHEMAS: &[Published] = &[
    Published { name: "flow", path: "flows/templates/handoff-flow-1.schema.json", text: flow_model::schema::text },
    Published {
        name: "envelope",
        path: "docs/manual/handoff-envelope-1.schema.json",
        text: || text::<Envelope>(ENVELOPE, "What a person is given: the data of handoff.requested.v1"),
    },
    Published {
        name: "resume",
        path: "docs/manual/handoff-resume-1.schema.json",
        text: || text::<Resume>(RESUME, "What comes back: the data of every state after the request"),
    },
];

/// A schema as a writer promises: every key is there. A reader must expect that later ones have more keys.
fn text<T: JsonSchema>(id: &str, title: &str) -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema: Schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("$id".to_owned(), Value::from(id));
    schema.insert("title".to_owned(), Value::from(title));
    let Json::Map(mut map) = plain(wire::tree(schema.as_value())) else { return String::new() };
    let order = ["$schema", "$id", "title"];
    map.sort_by_key(|(key, _)| order.iter().position(|first| first == key).unwrap_or(order.len()));
    canonical(&Json::Map(map))
}

/// Without what says how Rust holds a number, and without closing an object to keys that a later version has.
fn plain(json: Json) -> Json {
    match json {
        Json::Map(map) => {
            let said = |key: &str, value: &Json| match key {
                "format" => !value.as_text().is_some_and(|format| format.starts_with("uint") || format == "double"),
                "additionalProperties" => *value != Json::Bool(false),
                _ => true,
            };
            let map = map.into_iter().filter(|(key, value)| said(key, value));
            Json::Map(map.map(|(key, value)| (key, plain(value))).collect())
        }
        Json::List(items) => Json::List(items.into_iter().map(plain).collect()),
        other => other,
    }
}
