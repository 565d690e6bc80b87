//! Trackers of Rasa Open Source 3.x: whole trackers (`sender_id`, `events`), as lines, a list or one object, and event
//! brokers' dumps of one event a line. A session that starts begins another conversation.

use std::io::BufRead;

use flow_model::tree::Json;

use super::common::{self, at, object, text_at};
use crate::import::rows::Record;
use crate::import::{Head, Mapping, Means, Note, Shape, Sink, Source, Stop, WhatCall, speakers, survey};

/// Trackers of Rasa.
pub struct RasaTracker;

impl Source for RasaTracker {
    fn kind(&self) -> &'static str {
        "rasa-tracker"
    }

    fn title(&self) -> &'static str {
        "Rasa trackers (JSON)"
    }

    fn about(&self) -> &'static str {
        "Trackers with their events, or dumps of one event a line. Intents with confidence and ranking, entities, actions as calls; `pause` is a request for a person, and so is an action whose name says it where nothing is paused. A session that starts begins another conversation."
    }

    fn sniff(&self, head: &Head) -> Option<(u8, String)> {
        let (_, values) = common::values(head, 5)?;
        let is_event = |json: &Json| json.get("event").is_some_and(|event| event.as_text().is_some());
        let whole = |json: &Json| json.get("events").is_some_and(|events| events.items().iter().any(is_event));
        if values.iter().any(|json| whole(json) && json.get("sender_id").is_some()) {
            return Some((97, "its objects have the sender_id and events of Rasa trackers".to_owned()));
        }
        let events = values.iter().any(|json| is_event(json) && json.get("sender_id").is_some());
        events.then(|| (93, "its objects are events of Rasa with a sender_id".to_owned()))
    }

    fn propose(&self, head: &Head) -> Mapping {
        let mut mapping = common::base(self, head);
        let (shape, values) = common::values(head, 5).unwrap_or((Shape::Lines, Vec::new()));
        mapping.shape = Some(shape);
        let whole = values.iter().any(|json| json.get("events").is_some());
        if whole {
            mapping.rows = Some("events".to_owned());
        }
        let row = |name: &str| if whole { format!("events[].{name}") } else { name.to_owned() };
        mapping.columns.push(common::column("sender_id", "conversation"));
        for (from, to) in [
            ("event", "who"),
            ("text", "text"),
            ("timestamp", "time"),
            ("intent", "intent"),
            ("confidence", "confidence"),
            ("alternatives", "alternatives"),
            ("entities", "entities"),
            ("input_channel", "channel"),
            ("name", "call"),
            ("metadata", "signals"),
        ] {
            mapping.columns.push(common::column(&row(from), to));
        }
        let skipped = [
            "slot",
            "action_listen",
            "user_featurization",
            "followup",
            "active_loop",
            "form",
            "loop_interrupted",
            "form_validation",
            "reminder",
            "cancel_reminder",
            "action_execution_rejected",
            "entities",
            "export",
            "reset_slots",
            "stack",
            "flow_started",
            "flow_completed",
            "commands",
        ];
        let mut mapping = mapping.hears(&[
            ("user", Means::User),
            ("bot", Means::Bot),
            ("agent", Means::Agent),
            ("action", Means::Call),
            ("pause", Means::Request),
            ("resume", Means::Resumed),
            ("session_started", Means::Begin),
            ("restart", Means::Begin),
        ]);
        mapping.who.extend(skipped.iter().map(|name| ((*name).to_owned(), Means::Skip)));
        for (name, what) in
            [("action_listen", WhatCall::Skip), ("action_session_start", WhatCall::Skip), ("utter_*", WhatCall::Skip)]
        {
            mapping.calls.insert(name.to_owned(), what);
        }
        let seen = survey::of(self, head, &mapping);
        // A pause is the request itself; an action that asks for a person is one where nothing is paused.
        if !seen.speakers.iter().any(|speaker| speaker.value == "pause") {
            let asks = seen
                .calls
                .iter()
                .filter(|call| speakers::is_request(&call.value) && mapping.call(&call.value) == WhatCall::Call);
            let asks: Vec<String> = asks.map(|call| call.value.clone()).collect();
            mapping.calls.extend(asks.into_iter().map(|name| (name, WhatCall::Request)));
        }
        mapping
    }

    fn read(&self, input: &mut dyn BufRead, mapping: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop> {
        common::read(input, mapping, sink, &mut |line, _, json, sink| {
            if mapping.rows.is_none() {
                return sink.record(Record { line, head: row(&json), rows: None });
            }
            let Some(Json::List(events)) = json.get("events") else {
                return sink.note(Note::new(line, "a tracker", "it has no list of events, so it is left out"));
            };
            let rows = events.iter().map(|event| (line, row(event))).collect();
            // What the tracker knows at its end is not what happened.
            let head = object(vec![("sender_id", at(&json, "sender_id")), ("events", Some(Json::List(Vec::new())))]);
            sink.record(Record { line, head, rows: Some(rows) })
        })
    }
}

/// An event with what was understood of it beside its words.
fn row(event: &Json) -> Json {
    let parsed = |name: &str| at(event, &format!("parse_data.{name}"));
    let is_user = text_at(event, "event").as_deref() == Some("user");
    let metadata = at(event, "metadata")
        .filter(|metadata| is_user && metadata.entries().iter().all(|(_, value)| common::is_scalar(value)));
    object(vec![
        ("event", at(event, "event")),
        ("sender_id", at(event, "sender_id")),
        ("text", at(event, "text")),
        ("timestamp", at(event, "timestamp")),
        ("intent", parsed("intent.name")),
        ("confidence", parsed("intent.confidence").filter(|_| parsed("intent.name").is_some())),
        ("alternatives", others(event)),
        ("entities", parsed("entities")),
        ("input_channel", at(event, "input_channel").filter(|_| is_user)),
        ("name", at(event, "name")),
        ("metadata", metadata),
    ])
}

/// The ranking without the intent that was taken.
fn others(event: &Json) -> Option<Json> {
    let taken = text_at(event, "parse_data.intent.name");
    let ranking = at(event, "parse_data.intent_ranking")?;
    let others = ranking.items().iter().filter(|item| text_at(item, "name") != taken).cloned().collect::<Vec<_>>();
    (!others.is_empty()).then_some(Json::List(others))
}
