//! Genesys Cloud CX: a message of Open Messaging whose attributes an inbound flow routes by, and the same attributes on
//! the participant; a callback with a number is a callback; where the tier names a `bot_id`, the assistant is a bot of
//! the bot connector and its last answer carries the handoff.
//!
//! What must stay true: attributes are texts of at most 256 characters, 50 of them, since that is what a flow can set and
//! read; longer things stand in the message. Facts of the API: platform SDK 269 and developer.genesys.cloud, 2026-11-22.
//! `channel.metadata.customAttributes` is not in the SDK (it knows `subType` alone) but is what flows read before anybody
//! could set attributes; both ways carry the same.

mod bot;
mod setup;

use flow_conditions::phrase;
use flow_model::flow::{self, Flow};
use flow_model::tree::{Json, compact};

use super::carriage::{self, Values};
use super::names::{self, Names};
use super::sized::{self, Part, Policies, Written};
use super::taken::Keyed;
use super::{Auth, Idempotency, Known, Maps, Return, SetupFile, Target, Wait, Withdrawal, note};
use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::moment::rfc3339;
use crate::request::{Content, Keep, Limit, Meter, Request, object};
use crate::words;

/// A message, a callback, or the answer of a bot.
pub struct Genesys;

const LIMITS: &[Limit] = &[
    Limit {
        what: "value of an attribute",
        unit: "characters",
        most: 256,
        source: "Genesys help, Set Participant Data action (bot flows), read 2026-11-22; what is longer ends the session",
    },
    Limit {
        what: "attributes",
        unit: "count",
        most: 50,
        source: "Genesys help, Set Participant Data action (bot flows), read 2026-11-22",
    },
];

/// What is not named is an attribute where it is one line, else it stands in the message.
const PLACES: &[&str] = &["attributes.", "text", "from.nickname", "from.firstName", "from.lastName", "from.email"];

/// What the answers give.
const KEPT: &[&str] = &["genesys_conversation_id", "participant_id"];

/// What gives way of what stands beside the fields. Each is one attribute: shortened for its own sake, dropped for their
/// number.
const OWN: &[(&str, &str)] = &[
    ("people", "shorten"),
    ("told", "shorten"),
    ("trigger_text", "shorten"),
    ("summary", "shorten"),
    ("contact", "shorten"),
    ("reasons", "shorten"),
    ("context_url", "drop"),
];

const EVENTS: &str = phrase!(
    "A subscription to the notification topic of the conversation (developer.genesys.cloud, notifications; \
    the topic as in Microsoft's Genesys sample of 2026-08), or an event bridge; the conversation is the one that the first \
    request gave."
);

const RETURNS: &[Return] = &[
    Return {
        event: "v2.detail.events.conversation.{id}.user.start",
        by: "stream",
        when: &[],
        state: "accepted",
        outcome: None,
        maps: &[
            Maps { from: "/eventBody/conversationId", to: "conversation" },
            Maps { from: "/eventBody/userId", to: "name" },
        ],
        note: EVENTS,
    },
    Return {
        event: "v2.detail.events.conversation.{id}.user.end",
        by: "stream",
        when: &[],
        state: "completed",
        outcome: Some("returned"),
        maps: &[
            Maps { from: "/eventBody/conversationId", to: "conversation" },
            Maps { from: "/eventBody/userId", to: "name" },
        ],
        note: EVENTS,
    },
];

impl Target for Genesys {
    fn id(&self) -> &'static str {
        "genesys"
    }

    fn title(&self) -> &'static str {
        "Genesys interaction"
    }

    fn chat(&self) -> bool {
        true
    }

    fn carries(&self, mode: &str) -> &'static str {
        match mode {
            "callback" => phrase!("a callback for the queue where the contact has a number, else a message that waits"),
            "ticket" => phrase!("a message that waits in the queue: Open Messaging is asynchronous"),
            _ => phrase!("a message of Open Messaging; for a bot of the bot connector, its last answer"),
        }
    }

    fn limits(&self) -> &'static [Limit] {
        LIMITS
    }

    fn keyed(&self) -> Option<Keyed> {
        Some(Keyed { prefix: "attributes.", nested: false, long_elsewhere: true, key: str::to_owned })
    }

    fn places(&self) -> &'static [&'static str] {
        PLACES
    }

    fn environment(&self) -> &'static [&'static str] {
        &["genesys_region", "genesys_integration_id"]
    }

    fn written(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Request {
        let mut names = Names::new(envelope, setup, environment, KEPT);
        let sheet = Sheet::new(envelope, &mut names);
        let policies = Policies::new(setup, &envelope.payload, OWN, envelope.screen.as_deref());
        match sheet.way {
            Way::Callback => callback(&sheet, &policies, names),
            Way::Bot => bot::answer(&sheet, &policies, names),
            Way::Message => message(&sheet, &policies, names),
        }
    }

    fn wait(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Wait {
        let mut names = Names::new(envelope, setup, environment, KEPT);
        let queue = names.id("queue_id", "{{queue_id}}");
        let media = if way(envelope, setup) == Way::Callback { "callback" } else { "message" };
        let url = format!("{}/routing/queues/{queue}/mediatypes/{media}/estimatedwaittime", base(&mut names));
        Wait {
            known: Known::Before,
            request: Some(headed(Request::new("GET", url)).missing(names.missing())),
            gives: &[Maps { from: "/results/0/estimatedWaitTimeSeconds", to: "wait" }],
            note: phrase!(
                "Of the queue and its medium, in seconds; the queue's own formula, which may be the place in the queue \
                (platform SDK 269, EstimatedWaitTimePredictions)."
            ),
        }
    }

    fn withdraw(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Withdrawal {
        let mut names = Names::new(envelope, setup, environment, KEPT);
        let base = base(&mut names);
        let url = match way(envelope, setup) {
            Way::Bot => {
                return Withdrawal::Impossible(phrase!(
                    "The answer of a bot ends its turn: from then on the inbound flow has the conversation, and ends it by \
                     its own limits of the queue."
                ));
            }
            Way::Callback => format!("{base}/conversations/callbacks/{{{{genesys_conversation_id}}}}"),
            Way::Message => format!(
                "{base}/conversations/messages/{{{{genesys_conversation_id}}}}/participants/{{{{participant_id}}}}"
            ),
        };
        let body = compact(&object([("state", Json::text("disconnected"))]));
        let request = headed(Request::new("PATCH", url)).body(Content::Json, body, usize::MAX, Vec::new());
        Withdrawal::Request(Box::new(request.missing(names.missing())))
    }

    fn returns(&self) -> &'static [Return] {
        RETURNS
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Field("channel.messageId")
    }

    fn auth(&self) -> Auth {
        Auth::Bearer("genesys_access_token")
    }

    fn secrets(&self) -> &'static [&'static str] {
        &["genesys_access_token"]
    }

    fn setup_files(&self, flow: &Flow, setup: &flow::Target, _: &Environment) -> Vec<SetupFile> {
        setup::files(flow, setup)
    }
}

/// By what the handoff goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Message,
    Callback,
    Bot,
}

fn way(envelope: &Envelope, setup: &flow::Target) -> Way {
    if envelope.mode == "callback" && number(envelope).is_some() {
        Way::Callback
    } else if envelope.mode != "ticket"
        && envelope.mode != "callback"
        && setup.tiers.get(&envelope.tier).is_some_and(|ids| ids.get("bot_id").is_some())
    {
        Way::Bot
    } else {
        Way::Message
    }
}

fn number(envelope: &Envelope) -> Option<String> {
    names::contact(envelope, &["phone", "number", "mobile", "tel"])
}

fn headed(request: Request) -> Request {
    request.header("Accept", "application/json").header("Authorization", "")
}

fn base(names: &mut Names<'_>) -> String {
    names.text("https://api.{{genesys_region}}/api/v2")
}

fn message(sheet: &Sheet<'_>, policies: &Policies<'_>, mut names: Names<'_>) -> Request {
    let base = base(&mut names);
    let integration = names.id("integration_id", "{{genesys_integration_id}}");
    let write = |parts: &[Part<'_>], cut: &[&str]| {
        let attributes = sheet.attributes(parts, cut);
        let meters = meters(&attributes, sheet, parts);
        let channel = object([
            ("from", sheet.from(parts)),
            ("time", Json::Text(rfc3339(sheet.envelope.time))),
            ("messageId", Json::text(&sheet.envelope.id)),
            ("metadata", object([("customAttributes", attributes)])),
        ]);
        let text = note::note(sheet.envelope, parts, &|name| sheet.place(name) == Place::Text);
        Written { body: compact(&object([("channel", channel), ("text", Json::Text(text))])), meters }
    };
    let fitted = sized::fit(carriage::parts(sheet.envelope), policies, &write);
    let url = format!("{base}/conversations/messages/{integration}/inbound/open/message?prefetchConversationId=true");
    let limit = names::sure(&fitted.written.body, &fitted.written.meters);
    let attributes = attributes_of(&fitted.written.body);
    let mut request = fitted.into(headed(Request::new("POST", url)), Content::Json, limit).missing(names.missing());
    request.keeps = vec![Keep { name: "genesys_conversation_id", from: "/conversationId" }];
    request.then = participant(&base, attributes, &request);
    request
}

/// The attributes that a message carries.
fn attributes_of(body: &str) -> Json {
    let json = flow_model::tree::read(body).json.unwrap_or(Json::Null);
    json.at(&["channel", "metadata", "customAttributes"]).cloned().unwrap_or_else(Json::map)
}

/// Finds the customer in the new conversation, and gives it the same attributes.
fn participant(base: &str, attributes: Json, first: &Request) -> Vec<Request> {
    let url = format!("{base}/conversations/messages/{{{{genesys_conversation_id}}}}");
    let mut find = headed(Request::new("GET", url)).missing(first.missing.clone());
    find.keeps = vec![Keep { name: "participant_id", from: "/participants/[purpose=customer]/id" }];
    let url =
        format!("{base}/conversations/{{{{genesys_conversation_id}}}}/participants/{{{{participant_id}}}}/attributes");
    let body = compact(&object([("attributes", attributes)]));
    let limit = names::sure(&body, &first.meters);
    let set = headed(Request::new("PATCH", url)).body(Content::Json, body, limit, first.meters.clone());
    vec![find, set.missing(first.missing.clone())]
}

fn callback(sheet: &Sheet<'_>, policies: &Policies<'_>, mut names: Names<'_>) -> Request {
    let envelope = sheet.envelope;
    let url = format!("{}/conversations/callbacks", base(&mut names));
    let queue = names.id("queue_id", "{{queue_id}}");
    let script = names.of_tier("script_id");
    let write = |parts: &[Part<'_>], cut: &[&str]| {
        let data = sheet.attributes(parts, cut);
        let meters = meters(&data, sheet, parts);
        let mut command = object([("queueId", Json::text(&queue))]);
        if let Some(script) = &script {
            command.set("scriptId", Json::text(script));
        }
        if let Some(name) = sheet.name(parts).or_else(|| names::customer_name(envelope)) {
            command.set("callbackUserName", Json::Text(name));
        }
        command.set("callbackNumbers", Json::List(number(envelope).map(Json::Text).into_iter().collect()));
        command.set("data", data);
        Written { body: compact(&command), meters }
    };
    let fitted = sized::fit(carriage::parts(envelope), policies, &write);
    let limit = names::sure(&fitted.written.body, &fitted.written.meters);
    let mut request = fitted.into(headed(Request::new("POST", url)), Content::Json, limit).missing(names.missing());
    request.keeps = vec![Keep { name: "genesys_conversation_id", from: "/conversation/id" }];
    request
}

/// Each attribute against the length of a value, and all of them against their number.
fn meters(attributes: &Json, sheet: &Sheet<'_>, parts: &[Part<'_>]) -> Vec<Meter> {
    let mut meters = vec![LIMITS[1].meter(attributes.entries().len())];
    for (key, value) in attributes.entries() {
        let used = value.as_text().unwrap_or_default().encode_utf16().count();
        let part = parts.iter().find(|part| sheet.place(part.name) == Place::Attribute(key.clone()));
        meters.push(LIMITS[0].meter_of(part.map_or(key, |part| part.name), used));
    }
    meters
}

/// Where a part goes.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    Attribute(String),
    Text,
    From(&'static str),
}

struct Sheet<'a> {
    envelope: &'a Envelope,
    way: Way,
    queue: Option<String>,
    places: Vec<(&'a str, Place)>,
}

impl<'a> Sheet<'a> {
    fn new(envelope: &'a Envelope, names: &mut Names<'a>) -> Self {
        let way = way(envelope, names.setup());
        let usual = |name: &str, value: &Json| {
            // A callback and a bot have no message to put it into.
            if way == Way::Message && words::is_block(value) { Place::Text } else { Place::Attribute(name.to_owned()) }
        };
        let mut place = |name: &str, value: &Json| {
            let Some(place) = names.place(name) else { return usual(name, value) };
            match place.as_str() {
                "text" if way == Way::Message => Place::Text,
                "from.nickname" => Place::From("nickname"),
                "from.firstName" => Place::From("firstName"),
                "from.lastName" => Place::From("lastName"),
                "from.email" => Place::From("email"),
                other => match other.strip_prefix("attributes.") {
                    Some(key) if !key.is_empty() => Place::Attribute(key.to_owned()),
                    _ => usual(name, value),
                },
            }
        };
        let places = envelope.payload.iter().map(|f| (f.name.as_str(), place(&f.name, &f.value))).collect();
        Self { envelope, way, queue: names.of_tier("queue_id"), places }
    }

    /// The fields that the flow sends have their place; what the target sends beside them are attributes, but for the
    /// people before, who are told of in the message.
    fn place(&self, name: &str) -> Place {
        match self.places.iter().find(|(field, _)| *field == name) {
            Some((_, place)) => place.clone(),
            None if name == "people" && self.way == Way::Message => Place::Text,
            None => Place::Attribute(name.to_owned()),
        }
    }

    fn attributes(&self, parts: &[Part<'_>], cut: &[&str]) -> Json {
        let own_people = |part: &Part<'_>| part.name == "people" && self.place("people") == Place::Text;
        let here: Vec<Part<'_>> = parts.iter().filter(|part| !own_people(part)).cloned().collect();
        let key = |name: &str| match self.place(name) {
            Place::Attribute(key) => Some(key),
            Place::Text | Place::From(_) => None,
        };
        let mut map = carriage::flat(&here, &[], Values::Texts, &key);
        if let (Some(queue), None) = (&self.queue, map.get("queue_id")) {
            map.set("queue_id", Json::text(queue));
        }
        if !cut.is_empty() {
            map.set("truncated", Json::Text(note::one_line(&cut.join(","), LIMITS[0].most - 1)));
        }
        map
    }

    fn sender(&self, parts: &[Part<'_>], key: &'static str) -> Option<String> {
        let found = parts.iter().find(|part| self.place(part.name) == Place::From(key))?;
        Some(words::plain(&found.value)).filter(|text| !text.trim().is_empty())
    }

    fn name(&self, parts: &[Part<'_>]) -> Option<String> {
        self.sender(parts, "nickname").or_else(|| {
            let both = [self.sender(parts, "firstName"), self.sender(parts, "lastName")];
            let both: Vec<String> = both.into_iter().flatten().collect();
            (!both.is_empty()).then(|| both.join(" "))
        })
    }

    /// Who writes: the customer, known by its id, else by the conversation.
    fn from(&self, parts: &[Part<'_>]) -> Json {
        let envelope = self.envelope;
        let id = envelope.customer.clone().filter(|id| !id.is_empty()).unwrap_or_else(|| envelope.conversation.clone());
        let mut from = object([("id", Json::Text(id)), ("idType", Json::text("Opaque"))]);
        if let Some(name) = self.name(parts).or_else(|| names::customer_name(envelope)) {
            from.set("nickname", Json::Text(name));
        }
        for key in ["firstName", "lastName"] {
            if let Some(text) = self.sender(parts, key) {
                from.set(key, Json::Text(text));
            }
        }
        if let Some(email) = self.sender(parts, "email").or_else(|| names::contact(envelope, &["email"])) {
            from.set("email", Json::Text(email));
        }
        from
    }
}

#[cfg(test)]
#[path = "genesys_tests.rs"]
mod tests;
