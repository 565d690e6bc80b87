//! The handoff protocol of Bot Framework and its successors: an event activity `handoff.initiate` to the hub, with the
//! context as its value and the transcript as an attachment; `handoff.status` comes back.
//!
//! What must stay true: the value is the hub's own, so a flow can put what it likes at `value.`, and the ids of a tier go
//! there as they are. Facts of the protocol: learn.microsoft.com (transition to a human) and botbuilder-js
//! `eventFactory.ts`, read 2026-11-22.

mod setup;

use flow_conditions::phrase;
use flow_model::flow::{self, Flow};
use flow_model::tree::{Json, compact};

use super::carriage::{self, OWN_POLICIES};
use super::names::{self, Names};
use super::sized::{self, Part, Policies, Written};
use super::taken::Keyed;
use super::{Auth, Idempotency, Known, Maps, Return, SetupFile, Target, Wait, Withdrawal};
use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::moment::rfc3339;
use crate::request::{Content, Limit, Request, object, segment};
use crate::words;

/// An event activity.
pub struct BotFramework;

const LIMITS: &[Limit] = &[Limit {
    what: "activity",
    unit: "bytes",
    most: 65_536,
    source: "The protocol names none; 64 KB is what CloudEvents 1.0 asks every intermediary to carry. Microsoft Teams takes \
        about 100 KB (learn.microsoft.com, format your bot messages, 2025-09)",
}];

/// What is not named stands in the value under the name of the field; what was said, in the transcript.
const PLACES: &[&str] = &["value.", "Context.", "MessageToAgent", "Transcript"];

const STATUS: &str = phrase!(
    "The hub sends the event to the bot's own endpoint in the same conversation; a bot need not handle it, \
    but must not refuse it (learn.microsoft.com, transition to a human, read 2026-11-22)."
);

const MAPS: &[Maps] =
    &[Maps { from: "/conversation/id", to: "conversation" }, Maps { from: "/value/message", to: "note" }];

const fn status(when: &'static [(&'static str, &'static str)], state: &'static str) -> Return {
    let outcome = match state.as_bytes() {
        b"failed" => Some("no_agent"),
        b"completed" => Some("returned"),
        _ => None,
    };
    Return { event: "handoff.status", by: "message", when, state, outcome, maps: MAPS, note: STATUS }
}

const RETURNS: &[Return] = &[
    status(&[("/name", "handoff.status"), ("/value/state", "accepted")], "accepted"),
    status(&[("/name", "handoff.status"), ("/value/state", "failed")], "failed"),
    status(&[("/name", "handoff.status"), ("/value/state", "completed")], "completed"),
];

impl Target for BotFramework {
    fn id(&self) -> &'static str {
        "bot-framework"
    }

    fn title(&self) -> &'static str {
        "Bot Framework handoff"
    }

    fn chat(&self) -> bool {
        true
    }

    fn carries(&self, mode: &str) -> &'static str {
        match mode {
            "callback" | "ticket" => {
                phrase!(
                    "the same event: its value says the mode, by when, and whom to reach; the hub makes of it what it has"
                )
            }
            _ => phrase!("an event to the hub, which takes the conversation over"),
        }
    }

    fn limits(&self) -> &'static [Limit] {
        LIMITS
    }

    fn keyed(&self) -> Option<Keyed> {
        Some(Keyed { prefix: "value.", nested: true, long_elsewhere: false, key: str::to_owned })
    }

    fn places(&self) -> &'static [&'static str] {
        PLACES
    }

    fn environment(&self) -> &'static [&'static str] {
        &["bot_service_url", "bot_id"]
    }

    fn written(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Request {
        let mut names = Names::new(envelope, setup, environment, &[]);
        let url = format!(
            "{}/v3/conversations/{}/activities",
            names.text("{{bot_service_url}}").trim_end_matches('/'),
            segment(&envelope.conversation)
        );
        let sheet = Sheet::new(envelope, setup, environment, &mut names);
        let policies = Policies::new(setup, &envelope.payload, OWN_POLICIES, envelope.screen.as_deref());
        let fitted = sized::fit(carriage::parts(envelope), &policies, &|parts, cut| sheet.write(parts, cut));
        let request = Request::new("POST", url).header("Accept", "application/json").header("Authorization", "");
        fitted.into(request, Content::Json, LIMITS[0].most).missing(names.missing())
    }

    fn wait(&self, _: &Envelope, _: &flow::Target, _: &Environment) -> Wait {
        Wait {
            known: Known::Never,
            request: None,
            gives: &[],
            note: phrase!(
                "The protocol has no word for the wait: handoff.status says accepted, failed or completed. A hub may write \
                its own into the message."
            ),
        }
    }

    fn withdraw(&self, _: &Envelope, _: &flow::Target, _: &Environment) -> Withdrawal {
        Withdrawal::Impossible(phrase!(
            "The protocol has no event that takes a handoff back: only the hub can end it, and says so with handoff.status."
        ))
    }

    fn returns(&self) -> &'static [Return] {
        RETURNS
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::LookFirst(
            "the ids that the bot has sent already: a hub may compare value.handoff_id, the protocol does not",
        )
    }

    fn auth(&self) -> Auth {
        Auth::Bearer("bot_access_token")
    }

    fn secrets(&self) -> &'static [&'static str] {
        &["bot_access_token"]
    }

    fn setup_files(&self, flow: &Flow, setup: &flow::Target, _: &Environment) -> Vec<SetupFile> {
        setup::files(flow, setup)
    }
}

/// Where a part goes.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    Value(Vec<String>),
    Transcript,
}

struct Sheet<'a> {
    envelope: &'a Envelope,
    bot: String,
    ids: Vec<(String, Json)>,
    places: Vec<(&'a str, Place)>,
}

impl<'a> Sheet<'a> {
    fn new(envelope: &'a Envelope, setup: &flow::Target, environment: &Environment, names: &mut Names<'_>) -> Self {
        let steps = |path: &str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
        let mut place = |field: &crate::envelope::Field| match names.place(&field.name) {
            Some(place) if place == "Transcript" => Place::Transcript,
            Some(place) if place == "MessageToAgent" || (place.starts_with("Context.") && place.len() > 8) => {
                Place::Value(steps(&place))
            }
            Some(place) if place.strip_prefix("value.").is_some_and(|path| !path.is_empty()) => {
                Place::Value(steps(&place[6..]))
            }
            Some(_) => Place::Value(vec![field.name.clone()]),
            None if is_said(&field.value) => Place::Transcript,
            None => Place::Value(vec![field.name.clone()]),
        };
        let places = envelope.payload.iter().map(|field| (field.name.as_str(), place(field))).collect();
        let given = setup.tiers.get(&envelope.tier);
        // What a tier's ids lack is already missing among the names.
        let mut ids = Vec::new();
        for (key, value) in given.into_iter().flatten() {
            let _ = names.of_tier(key);
            ids.push((key.clone(), environment.id(value, &mut Vec::new())));
        }
        Self { envelope, bot: names.text("{{bot_id}}"), ids, places }
    }

    fn place(&self, name: &str) -> Place {
        let found = self.places.iter().find(|(field, _)| *field == name);
        found.map_or_else(|| Place::Value(vec![name.to_owned()]), |(_, place)| place.clone())
    }

    fn write(&self, parts: &[Part<'_>], cut: &[&str]) -> Written {
        let envelope = self.envelope;
        let id = |id: &str, role: &str| object([("id", Json::text(id)), ("role", Json::text(role))]);
        let conversation = object([("id", Json::text(&envelope.conversation))]);
        let mut activity = object([
            ("type", Json::text("event")),
            ("name", Json::text("handoff.initiate")),
            ("timestamp", Json::Text(rfc3339(envelope.time))),
            ("from", id(&self.bot, "bot")),
            ("conversation", conversation.clone()),
        ]);
        if let Some(locale) = &envelope.locale {
            activity.set("locale", Json::text(locale));
        }
        activity.set("value", self.value(parts, cut));
        let said = self.said(parts, &conversation);
        if !said.is_empty() {
            let attachment = object([
                ("name", Json::text("Transcript")),
                ("contentType", Json::text("application/json")),
                ("content", object([("activities", Json::List(said))])),
            ]);
            activity.set("attachments", Json::List(vec![attachment]));
        }
        let body = compact(&activity);
        let meters = vec![LIMITS[0].meter(body.len())];
        Written { body, meters }
    }

    fn value(&self, parts: &[Part<'_>], cut: &[&str]) -> Json {
        let mut value = Json::map();
        for part in parts {
            if let Place::Value(path) = self.place(part.name) {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                names::put(&mut value, &path, part.value.clone().into_owned());
            }
        }
        for (key, id) in &self.ids {
            if value.get(key).is_none() {
                value.set(key, id.clone());
            }
        }
        if !cut.is_empty() {
            value.set("truncated", Json::List(cut.iter().map(|name| Json::text(*name)).collect()));
        }
        value
    }

    /// What was said as activities; a mark that says how much was left out is one too.
    fn said(&self, parts: &[Part<'_>], conversation: &Json) -> Vec<Json> {
        let here = parts.iter().filter(|part| self.place(part.name) == Place::Transcript);
        here.flat_map(|part| match &*part.value {
            Json::List(items) => items.iter().map(|item| self.activity(item, conversation)).collect(),
            other => vec![self.activity(other, conversation)],
        })
        .collect()
    }

    fn activity(&self, item: &Json, conversation: &Json) -> Json {
        let text = |key: &str| item.get(key).and_then(Json::as_text);
        let customer = self.envelope.customer.as_deref().unwrap_or("customer");
        let (id, role) = match text("who") {
            Some("customer" | "user") => (customer, "user"),
            Some("agent") => ("agent", "user"),
            _ => (self.bot.as_str(), "bot"),
        };
        let mut from = object([("id", Json::text(id)), ("role", Json::text(role))]);
        if let Some(name) = text("name") {
            from.set("name", Json::text(name));
        }
        let mut made = object([("type", Json::text("message"))]);
        if let Some(at) = text("at") {
            made.set("timestamp", Json::text(at));
        }
        made.set("from", from);
        made.set("conversation", conversation.clone());
        made.set("text", Json::Text(text("text").map_or_else(|| words::plain(item), str::to_owned)));
        made
    }
}

/// Whether a value is a list of what somebody said.
fn is_said(value: &Json) -> bool {
    let line = |item: &Json| item.get("who").is_some() && item.get("text").is_some();
    matches!(value, Json::List(items) if !items.is_empty() && items.iter().all(line))
}

#[cfg(test)]
#[path = "bot_framework_tests.rs"]
mod tests;
