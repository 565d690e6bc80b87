//! JSON of any shape: a conversation with the list of its messages, or a message, in each value.

use std::io::BufRead;

use flow_model::tree::Json;

use super::common;
use crate::import::rows::{self, Record};
use crate::import::{Head, Mapping, Means, Note, Shape, Sink, Source, Stop, speakers};

/// JSON of any shape.
pub struct JsonLines;

/// Keys that the messages of a conversation often have.
const ROWS: [&str; 16] = [
    "turns",
    "messages",
    "dialogue",
    "dialog",
    "utterances",
    "transcript",
    "conversation",
    "history",
    "log",
    "events",
    "comments",
    "chat",
    "items",
    "Transcript",
    "content",
    "dialogs",
];

impl Source for JsonLines {
    fn kind(&self) -> &'static str {
        "json"
    }

    fn title(&self) -> &'static str {
        "JSON lines, or any other JSON"
    }

    fn about(&self) -> &'static str {
        "JSON of any shape: lines, a list, or a list at a key; each value a message, or a conversation with a list of its messages (objects, or texts by turns). Nested keys are columns: `nlu.intent`, `turns[].text`."
    }

    fn sniff(&self, head: &Head) -> Option<(u8, String)> {
        let (shape, values) = common::values(head, 20)?;
        let objects = values.iter().filter(|value| matches!(value, Json::Map(_))).count();
        if objects == 0 {
            return None;
        }
        let what = match shape {
            Shape::Lines => "each line is",
            Shape::Values => "it holds",
            Shape::List | Shape::Key => "its list holds",
        };
        let inner = rows_of(&values).map_or(String::new(), |key| format!(" with a list {key}"));
        Some((60, format!("{what} a JSON object{inner}")))
    }

    fn propose(&self, head: &Head) -> Mapping {
        let mut mapping = common::base(self, head);
        let (shape, mut values) = common::values(head, 20).unwrap_or((Shape::Lines, Vec::new()));
        mapping.shape = Some(shape);
        // One object around the list of everything.
        if let (Shape::Values, [Json::Map(map)]) = (shape, values.as_slice())
            && rows_of(&values).is_none()
            && let Some((key, _)) =
                map.iter().find(|(_, value)| value.items().iter().any(|item| matches!(item, Json::Map(_))))
        {
            mapping.shape = Some(Shape::Key);
            mapping.list = Some(key.clone());
            let found = common::first(head, Shape::Key, Some(key), 20);
            values = found.into_iter().filter(|(beside, _)| beside.is_none()).map(|(_, json)| json).collect();
        }
        mapping.rows = rows_of(&values);
        let texts = |key: &String| {
            values.iter().all(|value| value.get(key).is_none_or(|v| v.items().iter().all(|i| i.as_text().is_some())))
        };
        if let Some(key) = mapping.rows.clone().filter(texts) {
            mapping.columns.push(common::column(&format!("{key}[].turn"), "who"));
            mapping.who.insert("odd".to_owned(), Means::User);
            mapping.who.insert("even".to_owned(), Means::Bot);
        }
        common::guess(self, head, &mut mapping);
        mapping
    }

    fn read(&self, input: &mut dyn BufRead, mapping: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop> {
        common::read(input, mapping, sink, &mut |line, beside, json, sink| {
            if beside.is_some() {
                return Ok(());
            }
            if !matches!(json, Json::Map(_)) {
                let words = format!(
                    "it is {}, and a conversation or a message is an object; it is left out",
                    json.kind_in_words().text()
                );
                return sink.note(Note::new(line, rows::shown(&json), words));
            }
            let Some(key) = &mapping.rows else {
                return sink.record(Record { line, head: json, rows: None });
            };
            match rows::find(&json, key) {
                Some(Json::List(items)) => {
                    let rows = items.iter().enumerate().map(|(at, item)| (line, row(item, at))).collect();
                    sink.record(Record { line, head: json, rows: Some(rows) })
                }
                Some(other) => {
                    let why = format!(
                        "it is {} and no list of messages, so the conversation is left out",
                        other.kind_in_words().text()
                    );
                    sink.note(Note::new(line, key.clone(), why))
                }
                None => sink.note(Note::new(line, key.clone(), "it has no such list, so it is left out")),
            }
        })
    }
}

/// A message; a text alone is one of a speaker whose turn it is.
fn row(item: &Json, at: usize) -> Json {
    match item {
        Json::Map(_) => item.clone(),
        other => common::object(vec![
            ("turn", Some(Json::text(if at.is_multiple_of(2) { "odd" } else { "even" }))),
            ("text", Some(other.clone())),
        ]),
    }
}

/// The key of the messages: a list of objects with words or speakers, or of texts.
fn rows_of(values: &[Json]) -> Option<String> {
    let first = values.iter().find(|value| matches!(value, Json::Map(_)))?;
    let said = |item: &Json| {
        let keys = item.entries().iter().filter_map(|(key, _)| speakers::role(key));
        keys.filter(|role| ["text", "who"].contains(role)).count()
    };
    let score = |key: &str, value: &Json| {
        let items = value.items();
        let named = ROWS.iter().position(|known| *known == key).map_or(0, |at| ROWS.len() - at);
        let objects = items.iter().map(said).max().unwrap_or(0) * 100;
        let texts =
            if items.len() > 1 && named > 0 && items.iter().all(|item| item.as_text().is_some()) { 50 } else { 0 };
        if objects + texts == 0 { 0 } else { objects + texts + named }
    };
    let best = first.entries().iter().map(|(key, value)| (score(key, value), key)).max_by_key(|(score, _)| *score)?;
    (best.0 > 0).then(|| best.1.clone())
}
