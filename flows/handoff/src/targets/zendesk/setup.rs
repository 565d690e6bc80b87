//! What a Zendesk account needs once: ticket fields, a form, and the webhook with its triggers by which control comes back.
//!
//! Bodies of `POST /api/v2/ticket_fields`, `/ticket_forms`, `/webhooks` and `/triggers` (developer.zendesk.com, read
//! 2026-11-22), one file each.

use flow_conditions::value::Type;
use flow_model::flow::{self, Flow};
use flow_model::tree::Json;

use super::super::SetupFile;
use super::super::sent::{Sent, sent};
use super::tag;
use crate::environment::Environment;
use crate::request::object;

/// The files of a flow.
pub(super) fn files(flow: &Flow, setup: &flow::Target, environment: &Environment) -> Vec<SetupFile> {
    let all = sent(flow, "zendesk", setup);
    let custom: Vec<(&Sent, &str)> =
        all.iter().filter_map(|field| Some((field, field.place.as_deref()?.strip_prefix("custom_fields.")?))).collect();
    let mut files: Vec<SetupFile> = custom
        .iter()
        .map(|(field, _)| SetupFile::json(format!("ticket_fields/{}.json", field.name), &ticket_field(flow, field)))
        .collect();
    let ids = custom.iter().map(|(_, id)| environment.id(&Json::text(*id), &mut Vec::new()));
    files.push(SetupFile::json("ticket_form.json", &form(flow, ids.collect())));
    files.push(SetupFile::json("webhook.json", &webhook()));
    for (event, field, value) in [("ticket.assigned", "assignee_id", "changed"), ("ticket.solved", "status", "solved")]
    {
        files.push(SetupFile::json(format!("triggers/{event}.json"), &trigger(flow, event, field, value)));
    }
    files
}

/// A ticket field for what is sent, as the body that makes it.
pub(in super::super) fn ticket_field(flow: &Flow, field: &Sent) -> Json {
    let mut made = object([
        ("type", Json::text(kind(&field.r#type))),
        ("title", Json::text(&field.title)),
        ("key", Json::Text(format!("handoff_{}", field.name))),
        ("visible_in_portal", Json::Bool(false)),
        ("required", Json::Bool(false)),
    ]);
    let class = field.class_in_words(flow);
    if !class.is_empty() {
        made.set("agent_description", Json::Text(class));
    }
    if let Type::Enum(values) = &field.r#type {
        let option =
            |value: &std::sync::Arc<str>| object([("name", Json::text(&**value)), ("value", Json::Text(tag(value)))]);
        made.set("custom_field_options", Json::List(values.iter().map(option).collect()));
    }
    object([("ticket_field", made)])
}

/// The type of a ticket field; a drop-down is a `tagger`.
fn kind(r#type: &Type) -> &'static str {
    match r#type {
        Type::Bool => "checkbox",
        Type::Integer { .. } => "integer",
        Type::Number { .. } => "decimal",
        Type::Enum(_) => "tagger",
        Type::Text => "text",
        Type::List(_) | Type::Any => "textarea",
    }
}

fn title(flow: &Flow) -> String {
    flow.title.clone().unwrap_or_else(|| flow.id.clone())
}

fn form(flow: &Flow, ids: Vec<Json>) -> Json {
    object([(
        "ticket_form",
        object([
            ("name", Json::Text(format!("Handoff: {}", title(flow)))),
            ("active", Json::Bool(true)),
            ("end_user_visible", Json::Bool(false)),
            ("ticket_field_ids", Json::List(ids)),
        ]),
    )])
}

fn webhook() -> Json {
    object([(
        "webhook",
        object([
            ("name", Json::text("Handoff: control comes back")),
            ("endpoint", Json::text("{{resume_url}}")),
            ("http_method", Json::text("POST")),
            ("request_format", Json::text("json")),
            ("status", Json::text("active")),
            ("subscriptions", Json::List(vec![Json::text("conditional_ticket_events")])),
        ]),
    )])
}

/// Tickets that were made by the API, as conditions of triggers number their origin.
const API: &str = "5";

/// A trigger that calls the webhook for tickets that the API made: the `external_id` of those of this flow is the id of a
/// handoff.
fn trigger(flow: &Flow, event: &str, field: &str, value: &str) -> Json {
    let condition = |field: &str, operator: &str, value: &str| {
        let mut made = object([("field", Json::text(field)), ("operator", Json::text(operator))]);
        if !value.is_empty() {
            made.set("value", Json::text(value));
        }
        made
    };
    let changed = if value == "changed" { condition(field, "changed", "") } else { condition(field, "value", value) };
    let body = format!(
        "{{\"event\":\"{event}\",\"external_id\":\"{{{{ticket.external_id}}}}\",\"ticket_id\":{{{{ticket.id}}}},\
         \"assignee\":\"{{{{ticket.assignee.name}}}}\",\"comment\":\"{{{{ticket.latest_comment}}}}\"}}"
    );
    object([(
        "trigger",
        object([
            ("title", Json::Text(format!("Handoff: {} ({})", title(flow), event))),
            ("conditions", object([("all", Json::List(vec![changed, condition("via_id", "is", API)]))])),
            (
                "actions",
                Json::List(vec![object([
                    ("field", Json::text("notification_webhook")),
                    ("value", Json::List(vec![Json::text("{{webhook_id}}"), Json::Text(body)])),
                ])]),
            ),
        ]),
    )])
}
