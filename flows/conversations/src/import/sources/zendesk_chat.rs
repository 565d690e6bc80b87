//! Chats of Zendesk Chat: answers of its chats and incremental export APIs, as lines, a list, or beside `chats`. Types of
//! `history` as clients of the API show them (2022 to 2026).

use std::io::BufRead;

use flow_model::tree::Json;

use super::common::{self, at, object, text_at};
use crate::import::rows::Record;
use crate::import::{Head, Mapping, Means, Note, Shape, Sink, Source, Stop};

/// Chats of Zendesk Chat.
pub struct ZendeskChat;

impl Source for ZendeskChat {
    fn kind(&self) -> &'static str {
        "zendesk-chat"
    }

    fn title(&self) -> &'static str {
        "Zendesk chats (JSON)"
    }

    fn about(&self) -> &'static str {
        "Chats with their history: what visitors, agents and triggers say, agents who join (a person takes it), visitors who leave, and messages left offline."
    }

    fn sniff(&self, head: &Head) -> Option<(u8, String)> {
        let is_chat = |json: &Json| {
            let history = json.get("history").map_or(&[][..], Json::items);
            json.get("visitor").is_some()
                && history.iter().any(|item| text_at(item, "type").is_some_and(|t| t.starts_with("chat.")))
                || text_at(json, "type").as_deref() == Some("offline_msg") && json.get("visitor").is_some()
        };
        if head.text.trim_start().starts_with('{')
            && common::first(head, Shape::Key, Some("chats"), 50)
                .iter()
                .any(|(key, json)| key.is_none() && is_chat(json))
        {
            return Some((96, "it has a list of Zendesk chats with their history".to_owned()));
        }
        let (_, values) = common::values(head, 5)?;
        values.iter().any(is_chat).then(|| (95, "its objects have the visitor and history of Zendesk chats".to_owned()))
    }

    fn propose(&self, head: &Head) -> Mapping {
        let mut mapping = common::base(self, head);
        let chats = common::first(head, Shape::Key, Some("chats"), 50);
        if head.text.trim_start().starts_with('{')
            && chats.iter().any(|(key, json)| key.is_none() && json.get("visitor").is_some())
        {
            (mapping.shape, mapping.list) = (Some(Shape::Key), Some("chats".to_owned()));
        } else {
            mapping.shape = common::shape(head);
        }
        mapping.rows = Some("history".to_owned());
        mapping
            .with(&[
                ("id", "conversation"),
                ("timestamp", "start"),
                ("visitor.id", "customer.id"),
                ("visitor.name", "customer.name"),
                ("department_name", "labels.department"),
                ("rating", "labels.rating"),
                ("missed", "labels.missed"),
                ("tags", "tags"),
                ("history[].what", "who"),
                ("history[].msg", "text"),
                ("history[].name", "name"),
                ("history[].timestamp", "time"),
            ])
            .hears(&[
                ("visitor", Means::User),
                ("agent", Means::Agent),
                ("trigger", Means::Bot),
                ("agent joins", Means::Accepted),
                ("agent leaves", Means::Skip),
                ("visitor joins", Means::Skip),
                ("visitor leaves", Means::Left),
                ("chat.rating", Means::Skip),
                ("chat.comment", Means::Skip),
                ("chat.request.rating", Means::Skip),
                ("chat.file", Means::Skip),
                ("chat.triggered", Means::Skip),
            ])
    }

    fn read(&self, input: &mut dyn BufRead, mapping: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop> {
        common::read(input, mapping, sink, &mut |line, beside, json, sink| {
            if beside.is_some() {
                return Ok(());
            }
            let rows = match (json.get("history"), text_at(&json, "message")) {
                (Some(Json::List(history)), _) if !history.is_empty() => {
                    history.iter().map(|item| (line, row(item))).collect()
                }
                (_, Some(message)) => {
                    let row = vec![
                        ("what", Some(Json::text("visitor"))),
                        ("msg", Some(Json::Text(message))),
                        ("timestamp", at(&json, "timestamp")),
                    ];
                    vec![(line, object(row))]
                }
                _ => {
                    return sink.note(Note::new(
                        line,
                        "a chat",
                        "it has neither history nor a message, so it is left out",
                    ));
                }
            };
            sink.record(Record { line, head: json, rows: Some(rows) })
        })
    }
}

/// Who a nick is: `visitor`, `agent:…`, `agent:trigger`.
fn side(item: &Json) -> &'static str {
    let of = |key: &str| text_at(item, key).unwrap_or_default().to_lowercase();
    let (kind, nick) = (of("sender_type"), of("nick"));
    if kind == "trigger" || nick.contains("trigger") {
        "trigger"
    } else if kind == "visitor" || nick.starts_with("visitor") {
        "visitor"
    } else {
        "agent"
    }
}

fn row(item: &Json) -> Json {
    let side = side(item);
    let kind = text_at(item, "type").unwrap_or_default();
    let what = match (kind.as_str(), side) {
        ("chat.msg", side) => side.to_owned(),
        ("chat.memberjoin", "visitor") => "visitor joins".to_owned(),
        ("chat.memberjoin", _) => "agent joins".to_owned(),
        ("chat.memberleave", "visitor") => "visitor leaves".to_owned(),
        ("chat.memberleave", _) => "agent leaves".to_owned(),
        (other, _) => other.to_owned(),
    };
    object(vec![
        ("what", Some(Json::Text(what))),
        ("msg", at(item, "msg")),
        ("name", at(item, "name").or_else(|| at(item, "display_name"))),
        ("timestamp", at(item, "timestamp")),
        ("department", at(item, "department_name")),
    ])
}
