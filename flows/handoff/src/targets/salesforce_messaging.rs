//! Salesforce messaging: a conversation of Messaging for In-App and Web whose routing attributes carry the context, and
//! whose first message is the note. Where the tier names a `channelAddressIdentifier`, the channel is one of one's own: then
//! the conversation is established, its history sent and routed through the Interaction Service. Where it names an
//! `einstein_session`, the AI is an Einstein bot, which does not route by itself: it is told how the transfer went.
//!
//! Messaging API v2, Interaction Service v1 (API 63.0) and Einstein Bots runtime 5.3.0, read 2026-11-22. Salesforce
//! publishes no description of the first two: their bodies follow the reference pages.

mod bot;
mod history;
mod setup;

use flow_conditions::phrase;
use flow_model::flow::{self, Flow};
use flow_model::tree::{Json, compact};
use uuid::Uuid;

use super::carriage::{self, Values, flat_value, plain_key};
use super::sized::{self, Part, Policies, Written};
use super::taken::Keyed;
use super::{Auth, Idempotency, Known, Maps, Return, SetupFile, Target, Wait, Withdrawal, note};
use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::request::{Content, Keep, Limit, Request, object};
use crate::words;

/// A messaging session.
pub struct SalesforceMessaging;

/// Characters of a channel's custom parameter, as the set-up file makes it.
pub(super) const MOST: usize = 255;

const ATTRIBUTE: Limit = Limit {
    what: "routingAttributes",
    unit: "characters",
    most: MOST,
    source: "maxLength of the channel's custom parameter, which the set-up file sets to the usual 255 (Salesforce messaging \
        partner guide, read 2026-11-22)",
};

const NOTE: Limit = Limit {
    what: "message",
    unit: "characters",
    most: 4096,
    source: "no length is published for a text message; held to 4,096 characters, which other Salesforce channels take",
};

const ENTRIES: Limit = Limit {
    what: "conversationEntries",
    unit: "count",
    most: 5,
    source: "Interaction Service reference, conversationHistory (API 63.0): five entries a call, newest first; read 2026-11-22",
};

const PARTICIPANTS: Limit = Limit {
    what: "conversationParticipants",
    unit: "count",
    most: 3,
    source: "Interaction Service reference, conversationHistory (API 63.0), read 2026-11-22",
};

const IDENTIFIER: Limit = Limit {
    what: "channelAddressIdentifier",
    unit: "characters",
    most: 240,
    source: "Interaction Service reference, conversationHistory (API 63.0), read 2026-11-22",
};

const PLACES: &[&str] = &["routingAttributes.", "message"];

const STREAM: &str = "Server-sent events of the conversation (GET /eventrouter/v1/sse with the customer's token; Messaging \
    API, read 2026-11-22); `entryPayload` is JSON in a text and is read first.";

/// The payload of an event is opened before it is looked at, so that a pointer reaches into it.
const RETURNS: &[Return] = &[
    Return {
        event: "CONVERSATION_PARTICIPANT_CHANGED",
        by: "stream",
        when: &[
            ("/conversationEntry/entryPayload/entries/0/operation", "add"),
            ("/conversationEntry/entryPayload/entries/0/participant/role", "Agent"),
        ],
        state: "accepted",
        outcome: None,
        maps: &[
            Maps { from: "/conversationId", to: "handoff_id" },
            Maps { from: "/conversationEntry/entryPayload/entries/0/displayName", to: "person" },
        ],
        note: STREAM,
    },
    Return {
        event: "CONVERSATION_ROUTING_RESULT",
        by: "stream",
        when: &[("/conversationEntry/entryPayload/failureType", "ROUTING_ERROR")],
        state: "failed",
        outcome: Some("no_agent"),
        maps: &[
            Maps { from: "/conversationId", to: "handoff_id" },
            Maps { from: "/conversationEntry/entryPayload/failureReason", to: "why" },
        ],
        note: STREAM,
    },
    Return {
        event: "CONVERSATION_ROUTING_RESULT",
        by: "stream",
        when: &[("/conversationEntry/entryPayload/failureType", "SUBMISSION_ERROR")],
        state: "failed",
        outcome: Some("no_agent"),
        maps: &[
            Maps { from: "/conversationId", to: "handoff_id" },
            Maps { from: "/conversationEntry/entryPayload/failureReason", to: "why" },
        ],
        note: STREAM,
    },
    Return {
        event: "CONVERSATION_PARTICIPANT_CHANGED",
        by: "stream",
        when: &[("/conversationEntry/entryPayload/routingStatus", "NEEDS_ROUTING")],
        state: "resumed",
        outcome: Some("returned"),
        maps: &[Maps { from: "/conversationId", to: "handoff_id" }],
        note: STREAM,
    },
    Return {
        event: "CONVERSATION_SESSION_STATUS_CHANGED",
        by: "stream",
        when: &[("/conversationEntry/entryPayload/sessionStatus", "Ended")],
        state: "completed",
        outcome: Some("resolved"),
        maps: &[Maps { from: "/conversationId", to: "handoff_id" }],
        note: STREAM,
    },
];

impl Target for SalesforceMessaging {
    fn id(&self) -> &'static str {
        "salesforce-messaging"
    }

    fn title(&self) -> &'static str {
        "Salesforce messaging"
    }

    fn chat(&self) -> bool {
        true
    }

    fn carries(&self, mode: &str) -> &'static str {
        match mode {
            "ticket" => {
                phrase!("a messaging session that is answered when there is time: messaging sessions are not live")
            }
            "callback" => {
                phrase!(
                    "a messaging session with the number in its first message; the call itself is a person's to make"
                )
            }
            _ => phrase!(
                "a messaging session, routed by the Omni-Channel flow of the channel or to the queue of the tier"
            ),
        }
    }

    fn written(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Request {
        let session = Session { envelope, setup, environment };
        let mut all = if session.own_channel() { session.by_history() } else { session.by_messaging() };
        all.extend(bot::succeeded(&session));
        chain(all)
    }

    fn limits(&self) -> &'static [Limit] {
        &[ATTRIBUTE, NOTE, ENTRIES, PARTICIPANTS, IDENTIFIER]
    }

    fn wait(&self, _: &Envelope, _: &flow::Target, _: &Environment) -> Wait {
        Wait {
            known: Known::AfterOnly,
            request: None,
            gives: &[
                Maps { from: "/conversationEntry/entryPayload/estimatedWaitTime", to: "wait" },
                Maps { from: "/conversationEntry/entryPayload/queuePosition", to: "position" },
            ],
            note: phrase!(
                "Comes as an event once the customer waits: CONVERSATION_ROUTING_RESULT with an expected wait, or \
                CONVERSATION_QUEUE_POSITION; a channel gives one of them, never both. The names within the event are not \
                published (Salesforce help and Messaging API, read 2026-11-22)."
            ),
        }
    }

    fn withdraw(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Withdrawal {
        let session = Session { envelope, setup, environment };
        let mut missing = Vec::new();
        let first = if session.own_channel() {
            let body = compact(&object([("conversationIdentifier", Json::text("{{conversation_identifier}}"))]));
            let url = session.service("route", &mut missing);
            let request = session.interaction(Request::new("DELETE", url), 0, &mut missing);
            request.body(Content::Json, body, usize::MAX, Vec::new()).missing(missing)
        } else {
            let name = environment.text("{{es_developer_name}}", &mut missing);
            let address = format!("conversation/{}?esDeveloperName={}", envelope.id, crate::request::segment(&name));
            let url = session.messaging(&address, &mut missing);
            headed(Request::new("DELETE", url)).missing(missing)
        };
        let mut all = vec![first];
        all.extend(bot::failed(&session, bot::NO_AGENT, "The customer no longer waits."));
        Withdrawal::Request(Box::new(chain(all)))
    }

    fn returns(&self) -> &'static [Return] {
        RETURNS
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Field("conversationId")
    }

    fn auth(&self) -> Auth {
        Auth::Bearer("salesforce_access_token")
    }

    fn secrets(&self) -> &'static [&'static str] {
        &["salesforce_access_token"]
    }

    fn keyed(&self) -> Option<Keyed> {
        Some(Keyed { prefix: "routingAttributes.", nested: false, long_elsewhere: true, key: parameter })
    }

    fn places(&self) -> &'static [&'static str] {
        PLACES
    }

    fn environment(&self) -> &'static [&'static str] {
        &["salesforce_domain", "salesforce_org", "es_developer_name"]
    }

    fn setup_files(&self, flow: &Flow, setup: &flow::Target, environment: &Environment) -> Vec<SetupFile> {
        setup::files(flow, setup, environment)
    }
}

fn headed(request: Request) -> Request {
    request.header("Accept", "application/json").header("Authorization", "")
}

/// The first request with all others in its `then`.
fn chain(all: Vec<Request>) -> Request {
    let mut all = all.into_iter();
    let mut first = all.next().unwrap_or_else(|| Request::new("GET", ""));
    first.then.extend(all);
    first
}

/// The name of a custom parameter for a field: letters, digits and underscores.
pub(super) fn parameter(name: &str) -> String {
    plain_key(name).replace('-', "_")
}

/// Where a field goes.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    Attribute(String),
    Message,
}

/// A request as it is being made.
struct Session<'a> {
    envelope: &'a Envelope,
    setup: &'a flow::Target,
    environment: &'a Environment,
}

impl<'a> Session<'a> {
    fn tier_id(&self, name: &str) -> Option<&'a Json> {
        self.setup.tiers.get(&self.envelope.tier)?.get(name)
    }

    /// An id of the tier as a text.
    fn tier_text(&self, name: &str, missing: &mut Vec<String>) -> Option<String> {
        self.tier_id(name).map(|id| self.environment.text(&words::plain(id), missing))
    }

    fn own_channel(&self) -> bool {
        self.tier_id("channelAddressIdentifier").is_some()
    }

    fn messaging(&self, path: &str, missing: &mut Vec<String>) -> String {
        let host = self.environment.text("https://{{salesforce_domain}}.my.salesforce-scrt.com", missing);
        format!("{host}/iamessage/api/v2/{path}")
    }

    fn service(&self, path: &str, missing: &mut Vec<String>) -> String {
        let host = self.environment.text("https://{{salesforce_domain}}.my.salesforce-scrt.com", missing);
        format!("{host}/api/v1/{path}")
    }

    /// An id of its own for each message, the same for the same handoff.
    fn message_id(&self, what: &str) -> String {
        let namespace = Uuid::parse_str(&self.envelope.id).unwrap_or(Uuid::NAMESPACE_OID);
        Uuid::new_v5(&namespace, what.as_bytes()).to_string()
    }

    /// Where a field goes: as the flow says, else short values among the attributes and long ones into the message.
    fn place(&self, name: &str) -> Place {
        match self.setup.fields.get(name).map(String::as_str) {
            Some("message") => Place::Message,
            Some(place) => match place.strip_prefix("routingAttributes.") {
                Some(key) => Place::Attribute(self.environment.text(key, &mut Vec::new())),
                None => self.usual(name),
            },
            None => self.usual(name),
        }
    }

    fn usual(&self, name: &str) -> Place {
        let long = self.envelope.field(name).is_some_and(words::is_block);
        if long || name == "people" || name == "contact" { Place::Message } else { Place::Attribute(parameter(name)) }
    }

    fn policies(&self) -> Policies<'a> {
        let policies =
            Policies::new(self.setup, &self.envelope.payload, carriage::OWN_POLICIES, self.envelope.screen.as_deref());
        policies.native_transcript(&self.envelope.payload)
    }

    /// Token, conversation and note of Messaging for In-App and Web. The attributes stand on the conversation and on its
    /// first message, without which they do not reach the session.
    fn by_messaging(&self) -> Vec<Request> {
        let mut missing = Vec::new();
        let org = self.environment.text("{{salesforce_org}}", &mut missing);
        let name = self.environment.text("{{es_developer_name}}", &mut missing);
        let token = object([
            ("orgId", Json::text(&org)),
            ("esDeveloperName", Json::text(&name)),
            ("capabilitiesVersion", Json::text("1")),
            ("platform", Json::text("Web")),
        ]);
        let url = self.messaging("authorization/unauthenticated/access-token", &mut missing);
        let mut token = Request::new("POST", url)
            .header("Accept", "application/json")
            .body(Content::Json, compact(&token), usize::MAX, Vec::new())
            .missing(missing.clone());
        token.keeps = vec![Keep { name: "access_token", from: "/accessToken" }];
        let bearer = |request: Request| {
            request.header("Accept", "application/json").header("Authorization", "Bearer {{access_token}}")
        };
        let url = self.messaging("conversation", &mut Vec::new());
        let conversation = self.fitted(&|parts, cut| self.conversation(&name, parts, cut));
        let conversation = conversation.into(bearer(Request::new("POST", url)), Content::Json, usize::MAX);
        let url = self.messaging(&format!("conversation/{}/message", self.envelope.id), &mut Vec::new());
        let message = self.fitted(&|parts, cut| self.message(&name, parts, cut));
        let message = message.into(bearer(Request::new("POST", url)), Content::Json, usize::MAX);
        vec![token, conversation.missing(missing.clone()), message.missing(missing)]
    }

    fn fitted(&self, write: &dyn Fn(&[Part<'_>], &[&str]) -> Written) -> sized::Fitted {
        sized::fit(carriage::parts(self.envelope), &self.policies(), write)
    }

    fn attributes(&self, parts: &[Part<'_>], cut: &[&str]) -> (Json, Vec<crate::Meter>) {
        let mut map = Json::map();
        let mut meters = Vec::new();
        for part in parts {
            let Place::Attribute(key) = self.place(part.name) else { continue };
            let value = flat_value(&part.value, Values::Texts);
            let length = value.as_text().map_or(0, |text| text.chars().count());
            let mut meter = ATTRIBUTE.meter_of(part.name, length);
            meter.what = format!("routingAttributes.{key}");
            meters.push(meter);
            map.set(&key, value);
        }
        if !cut.is_empty() {
            let names = note::one_line(&cut.join(","), MOST - 1);
            map.set("truncated", Json::Text(names));
        }
        (map, meters)
    }

    fn conversation(&self, name: &str, parts: &[Part<'_>], cut: &[&str]) -> Written {
        let (attributes, meters) = self.attributes(parts, cut);
        let body = object([
            ("conversationId", Json::text(&self.envelope.id)),
            ("esDeveloperName", Json::text(name)),
            ("routingAttributes", attributes),
        ]);
        Written { body: compact(&body), meters }
    }

    /// The note, as the first message.
    fn message(&self, name: &str, parts: &[Part<'_>], cut: &[&str]) -> Written {
        let (attributes, mut meters) = self.attributes(parts, cut);
        let note = note::note(self.envelope, parts, &|name| self.place(name) == Place::Message);
        meters.push(NOTE.meter(note.chars().count()));
        let message = object([
            ("id", Json::Text(self.message_id("note"))),
            ("messageType", Json::text("StaticContentMessage")),
            ("staticContent", object([("formatType", Json::text("Text")), ("text", Json::Text(note))])),
        ]);
        let body = object([
            ("message", message),
            ("esDeveloperName", Json::text(name)),
            ("isNewMessagingSession", Json::Bool(true)),
            ("routingAttributes", attributes),
        ]);
        Written { body: compact(&body), meters }
    }
}

#[cfg(test)]
#[path = "salesforce_messaging_tests.rs"]
mod tests;
