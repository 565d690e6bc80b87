//! What a hub needs to know: the schema of the event's value, and the context variables of its workstream.

use flow_conditions::value::Type;
use flow_model::flow::{self, Flow};
use flow_model::tree::Json;

use crate::request::object;
use crate::targets::SetupFile;
use crate::targets::names::OWN;
use crate::targets::sent::{Sent, sent};

pub(super) fn files(flow: &Flow, setup: &flow::Target) -> Vec<SetupFile> {
    let all: Vec<(String, Sent)> = sent(flow, "bot-framework", setup)
        .into_iter()
        .filter_map(|field| match field.place.as_deref() {
            Some("Transcript") => None,
            Some(place) => Some((place.strip_prefix("value.").unwrap_or(place).to_owned(), field)),
            None => Some((field.name.clone(), field)),
        })
        .collect();
    vec![
        SetupFile::json("handoff-value.schema.json", &schema(flow, &all)),
        SetupFile::json("context-variables.json", &variables(flow, &all)),
    ]
}

/// JSON Schema of the value. What was said is in the attachment, and what the hub's tiers bring is its own.
fn schema(flow: &Flow, all: &[(String, Sent)]) -> Json {
    let mut properties = Json::map();
    for (name, title) in OWN {
        let kind = match *name {
            "reasons" | "people" | "truncated" => "array",
            "priority" => "integer",
            "contact" => "object",
            _ => "string",
        };
        // A part that was shortened is a text whatever it was.
        let kind =
            if kind == "string" { Json::text(kind) } else { Json::List(vec![Json::text(kind), Json::text("string")]) };
        properties.set(name, object([("title", Json::text(*title)), ("type", kind)]));
    }
    for (key, field) in all.iter().filter(|(key, _)| !key.contains('.')) {
        let mut made = object([("title", Json::text(&field.title))]);
        let about = field.class_in_words(flow);
        if !about.is_empty() {
            made.set("description", Json::Text(about));
        }
        properties.set(key, made);
    }
    let title = flow.title.as_deref().unwrap_or(&flow.id);
    object([
        ("$schema", Json::text("http://json-schema.org/draft-07/schema#")),
        ("title", Json::Text(format!("Value of handoff.initiate for {title}"))),
        ("type", Json::text("object")),
        ("properties", properties),
        (
            "required",
            Json::List(["handoff_id", "conversation_id", "tier", "priority", "mode"].map(Json::text).to_vec()),
        ),
        ("additionalProperties", Json::Bool(true)),
    ])
}

/// The context variables of an Omnichannel workstream: a value that has none is left behind there
/// (learn.microsoft.com, context variables, read 2026-11-22).
fn variables(flow: &Flow, all: &[(String, Sent)]) -> Json {
    let variable = |name: &str, title: &str, kind: &str, class: String| {
        let mut made = object([("name", Json::text(name)), ("title", Json::text(title)), ("type", Json::text(kind))]);
        if !class.is_empty() {
            made.set("class", Json::Text(class));
        }
        made
    };
    let own = OWN
        .iter()
        .map(|(name, title)| variable(name, title, if *name == "priority" { "Number" } else { "Text" }, String::new()));
    let fields = all.iter().map(|(key, field)| {
        let kind = match field.r#type {
            Type::Integer { .. } | Type::Number { .. } => "Number",
            _ => "Text",
        };
        let name = key.strip_prefix("Context.").unwrap_or(key);
        variable(name, &field.title, kind, field.class_in_words(flow))
    });
    Json::List(own.chain(fields).collect())
}
