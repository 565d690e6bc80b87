//! What Genesys needs to know: the participant data that arrives, as a schema and as the names of the interaction panel.

use flow_conditions::value::Type;
use flow_model::flow::{self, Flow};
use flow_model::tree::Json;

use super::LIMITS;
use crate::request::object;
use crate::targets::SetupFile;
use crate::targets::names::{OWN, SHOWN};
use crate::targets::sent::{Sent, sent};

pub(super) fn files(flow: &Flow, setup: &flow::Target) -> Vec<SetupFile> {
    let all: Vec<(String, Sent)> = sent(flow, "genesys", setup)
        .into_iter()
        .filter_map(|field| match field.place.as_deref() {
            None => Some((field.name.clone(), field)),
            Some(place) => Some((place.strip_prefix("attributes.")?.to_owned(), field)),
        })
        .collect();
    vec![
        SetupFile::json("participant-data.schema.json", &schema(flow, &all)),
        SetupFile::json("interaction-panel.json", &panel(&all)),
    ]
}

/// JSON Schema of the participant data: all values are texts.
fn schema(flow: &Flow, all: &[(String, Sent)]) -> Json {
    let most = |n: usize| Json::int(i64::try_from(n).unwrap_or(i64::MAX));
    let text = |title: &str, about: String| {
        let mut made =
            object([("type", Json::text("string")), ("title", Json::text(title)), ("maxLength", most(LIMITS[0].most))]);
        if !about.is_empty() {
            made.set("description", Json::Text(about));
        }
        made
    };
    let mut properties = Json::map();
    for (name, title) in OWN.iter().chain(&[("queue_id", "Queue")]) {
        properties.set(name, text(title, String::new()));
    }
    for (key, field) in all {
        properties.set(key, text(&field.title, field.class_in_words(flow)));
    }
    let title = flow.title.as_deref().unwrap_or(&flow.id);
    object([
        ("$schema", Json::text("http://json-schema.org/draft-07/schema#")),
        ("title", Json::Text(format!("Participant data of the handoffs of {title}"))),
        ("type", Json::text("object")),
        ("properties", properties),
        ("required", Json::List(["handoff_id", "conversation_id", "tier"].map(Json::text).to_vec())),
        ("additionalProperties", Json::Bool(false)),
        ("maxProperties", most(LIMITS[1].most)),
    ])
}

/// The names that show participant data in the interaction panel: `number:` before numbers, `longtext:` before what can be
/// long (Genesys help, interaction details, read 2026-11-22).
fn panel(all: &[(String, Sent)]) -> Json {
    let entry = |title: &str, kind: &str, key: &str| {
        object([
            ("label", Json::text(title)),
            ("attribute", Json::Text(format!("{kind}conversationDetails.participantData.{key}"))),
        ])
    };
    let own = OWN.iter().filter(|(name, _)| SHOWN.contains(name));
    let own = own.map(|(name, title)| entry(title, if *name == "summary" { "longtext:" } else { "" }, name));
    let fields = all.iter().map(|(key, field)| {
        let kind = match field.r#type {
            Type::Integer { .. } | Type::Number { .. } => "number:",
            Type::List(_) | Type::Any => "longtext:",
            _ => "",
        };
        entry(&field.title, kind, key)
    });
    Json::List(own.chain(fields).collect())
}
