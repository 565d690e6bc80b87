//! Amazon Connect: a chat contact with attributes (`PUT /contact/chat`); a ticket or a callback is a task
//! (`PUT /contact/task`). Where the queue's order is to follow the flow, `UpdateContactRoutingData` comes after.
//!
//! What must stay true: names of attributes are letters, digits, `_` and `-`; over 32,768 bytes of attributes a contact
//! takes the error branch of its flow without a word. Facts of the API: botocore 1.44.5, 2026-11-22.

mod setup;

use flow_conditions::phrase;
use flow_model::flow::{self, Flow};
use flow_model::tree::{Json, compact};

use super::carriage::{self, Values, plain_key};
use super::names::{self, Names};
use super::sized::{self, Part, Policies, Written};
use super::taken::Keyed;
use super::{Auth, Idempotency, Known, Maps, Return, SetupFile, Target, Wait, Withdrawal, note};
use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::request::{Content, Keep, Limit, Meter, Request, object};
use crate::words;

/// A chat contact, or a task.
pub struct AmazonConnect;

const SOURCE: &str = "API reference of StartChatContact and StartTaskContact, botocore 1.44.5, read 2026-11-22";

const LIMITS: &[Limit] = &[
    Limit { what: "attributes, names and values", unit: "bytes", most: 32_768, source: SOURCE },
    Limit { what: "InitialMessage.Content", unit: "bytes", most: 16_384, source: SOURCE },
    Limit { what: "Description of a task", unit: "characters", most: 4096, source: SOURCE },
    Limit { what: "Name of a task", unit: "characters", most: 1024, source: SOURCE },
    Limit { what: "value of a reference of a task", unit: "characters", most: 4096, source: SOURCE },
    Limit { what: "ParticipantDetails.DisplayName", unit: "characters", most: 256, source: SOURCE },
    Limit { what: "CustomerId", unit: "characters", most: 128, source: SOURCE },
];

/// What is not named is an attribute where it is one line, else it stands in the first message of the chat or the
/// description of the task.
const PLACES: &[&str] = &["attributes.", "message", "DisplayName", "CustomerId"];

/// What the answers give.
const KEPT: &[&str] = &["contact_id", "participant_token"];

/// What gives way of what stands beside the fields.
const OWN: &[(&str, &str)] = &[
    ("people", "drop"),
    ("told", "drop"),
    ("trigger_text", "shorten"),
    ("summary", "shorten"),
    ("contact", "shorten"),
    ("trigger_text", "drop"),
];

/// 1 is the most urgent for Connect too, and 5 what a new contact has.
const PRIORITIES: [&str; 5] = ["1", "2", "3", "4", "5"];

const EVENTS: &str = phrase!(
    "An EventBridge rule on Amazon Connect Contact Event (admin guide, contact events, read 2026-11-22); \
    the id of the handoff is the attribute handoff_id of the contact."
);

const RETURNS: &[Return] = &[
    Return {
        event: "CONNECTED_TO_AGENT",
        by: "stream",
        when: &[("/detail/eventType", "CONNECTED_TO_AGENT")],
        state: "accepted",
        outcome: None,
        maps: &[
            Maps { from: "/detail/contactId", to: "contact" },
            Maps { from: "/detail/agentInfo/agentArn", to: "name" },
        ],
        note: EVENTS,
    },
    Return {
        event: "DISCONNECTED",
        by: "stream",
        when: &[("/detail/eventType", "DISCONNECTED")],
        state: "completed",
        outcome: Some("returned"),
        maps: &[
            Maps { from: "/detail/contactId", to: "contact" },
            Maps { from: "/detail/disconnectReason", to: "note" },
        ],
        note: EVENTS,
    },
    Return {
        event: "disconnect flow",
        by: "message",
        when: &[("/Details/ContactData/InitiationMethod", "DISCONNECT")],
        state: "resumed",
        outcome: Some("returned"),
        maps: &[
            Maps { from: "/Details/ContactData/ContactId", to: "contact" },
            Maps { from: "/Details/ContactData/Attributes/handoff_id", to: "handoff_id" },
        ],
        note: phrase!(
            "A disconnect flow that waits for the customer and then calls the assistant's function: in a chat the customer \
            stays when the agent leaves (admin guide, Set disconnect flow and Wait, read 2026-11-22)."
        ),
    },
];

impl Target for AmazonConnect {
    fn id(&self) -> &'static str {
        "amazon-connect"
    }

    fn title(&self) -> &'static str {
        "Amazon Connect contact"
    }

    fn chat(&self) -> bool {
        true
    }

    fn carries(&self, mode: &str) -> &'static str {
        match mode {
            "callback" => phrase!("a task with the number to call among its references"),
            "ticket" => phrase!("a task"),
            _ => phrase!("a chat contact of the tier's flow"),
        }
    }

    fn limits(&self) -> &'static [Limit] {
        LIMITS
    }

    fn keyed(&self) -> Option<Keyed> {
        Some(Keyed { prefix: "attributes.", nested: false, long_elsewhere: true, key: plain_key })
    }

    fn places(&self) -> &'static [&'static str] {
        PLACES
    }

    fn environment(&self) -> &'static [&'static str] {
        &["aws_region", "connect_instance_id", "connect_flow_id"]
    }

    fn written(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Request {
        let mut names = Names::new(envelope, setup, environment, KEPT);
        let sheet = Sheet::new(envelope, &mut names);
        let ids = Ids::new(&mut names);
        let policies = Policies::new(setup, &envelope.payload, OWN, envelope.screen.as_deref());
        let missing = names.missing();
        let url = |what: &str| format!("{}/contact/{what}", ids.base);
        if sheet.task {
            let fitted = sized::fit(carriage::parts(envelope), &policies, &|parts, cut| task(&sheet, &ids, parts, cut));
            return sheet.request(url("task"), fitted, missing);
        }
        let fitted = sized::fit(carriage::parts(envelope), &policies, &|parts, cut| chat(&sheet, &ids, parts, cut));
        let mut request = sheet.request(url("chat"), fitted, missing.clone());
        request.keeps.push(Keep { name: "participant_token", from: "/ParticipantToken" });
        request.then = vec![joined(&ids).missing(missing.clone())];
        request.then.extend(routing(envelope, setup, &ids).map(|request| request.missing(missing)));
        request
    }

    fn wait(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Wait {
        let mut names = Names::new(envelope, setup, environment, KEPT);
        let ids = Ids::new(&mut names);
        let queue = names.id("queue_id", "{{queue_id}}");
        let channel = if is_task(envelope) { "TASK" } else { "CHAT" };
        let metric = |name: &str, unit: &str| object([("Name", Json::text(name)), ("Unit", Json::text(unit))]);
        let body = object([
            (
                "Filters",
                object([
                    ("Queues", Json::List(vec![Json::Text(queue)])),
                    ("Channels", Json::List(vec![Json::text(channel)])),
                ]),
            ),
            (
                "CurrentMetrics",
                Json::List(vec![
                    metric("ESTIMATED_WAIT_TIME", "SECONDS"),
                    metric("AGENTS_AVAILABLE", "COUNT"),
                    metric("CONTACTS_IN_QUEUE", "COUNT"),
                ]),
            ),
        ]);
        let url = format!("{}/metrics/current/{}", ids.base, ids.instance);
        let mut request = plain("POST", url, &body).missing(names.missing());
        request.then = vec![of_contact(&ids)];
        Wait {
            known: Known::Before,
            request: Some(request),
            gives: &[
                Maps { from: "/MetricResults/0/Collections/0/Value", to: "wait" },
                Maps { from: "/MetricResults/0/Collections/1/Value", to: "available" },
            ],
            note: phrase!(
                "Of the queue before the request; after it, GetContactMetrics gives POSITION_IN_QUEUE and \
                ESTIMATED_WAIT_TIME of the one contact, while it is in the queue (botocore 1.44.5)."
            ),
        }
    }

    fn withdraw(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Withdrawal {
        let mut names = Names::new(envelope, setup, environment, KEPT);
        let ids = Ids::new(&mut names);
        let body = object([("ContactId", Json::text("{{contact_id}}")), ("InstanceId", Json::text(&ids.instance))]);
        let request = plain("POST", format!("{}/contact/stop", ids.base), &body);
        Withdrawal::Request(Box::new(request.missing(names.missing())))
    }

    fn returns(&self) -> &'static [Return] {
        RETURNS
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Field("ClientToken")
    }

    fn auth(&self) -> Auth {
        Auth::Aws { service: "connect", key: "aws_access_key_id", secret: "aws_secret_access_key" }
    }

    fn secrets(&self) -> &'static [&'static str] {
        &["aws_access_key_id", "aws_secret_access_key"]
    }

    fn setup_files(&self, flow: &Flow, setup: &flow::Target, _: &Environment) -> Vec<SetupFile> {
        setup::files(flow, setup)
    }
}

/// A promised call or answer is a task; everybody else is in a chat.
fn is_task(envelope: &Envelope) -> bool {
    matches!(envelope.mode, "ticket" | "callback")
}

struct Ids {
    base: String,
    participant: String,
    instance: String,
    flow: String,
}

impl Ids {
    fn new(names: &mut Names<'_>) -> Self {
        Self {
            base: names.text("https://connect.{{aws_region}}.amazonaws.com"),
            participant: names.text("https://participant.connect.{{aws_region}}.amazonaws.com"),
            instance: names.id("instance_id", "{{connect_instance_id}}"),
            flow: names.id("contact_flow_id", "{{connect_flow_id}}"),
        }
    }
}

fn headed(method: &'static str, url: String) -> Request {
    Request::new(method, url).header("Accept", "application/json").header("Authorization", "")
}

fn plain(method: &'static str, url: String, body: &Json) -> Request {
    let body = compact(body);
    headed(method, url).body(Content::Json, body, usize::MAX, Vec::new())
}

/// The customer joins within five minutes, or the chat ends. The token of the answer before is the one header here.
fn joined(ids: &Ids) -> Request {
    let body = object([("Type", Json::List(vec![Json::text("WEBSOCKET"), Json::text("CONNECTION_CREDENTIALS")]))]);
    let body = compact(&body);
    let url = format!("{}/participant/connection", ids.participant);
    let request = Request::new("POST", url).header("Accept", "application/json");
    request.header("X-Amz-Bearer", "{{participant_token}}").body(Content::Json, body, usize::MAX, Vec::new())
}

/// The place in the queue, where it is not the usual one.
fn routing(envelope: &Envelope, setup: &flow::Target, ids: &Ids) -> Option<Request> {
    let said: i64 = carriage::priority(envelope, setup, PRIORITIES).trim().parse().ok()?;
    if said < 1 || said == 5 {
        return None;
    }
    let url = format!("{}/contacts/{}/{{{{contact_id}}}}/routing-data", ids.base, ids.instance);
    Some(plain("POST", url, &object([("QueuePriority", Json::int(said))])))
}

fn of_contact(ids: &Ids) -> Request {
    let metric = |name: &str| object([("Name", Json::text(name))]);
    let body = object([
        ("InstanceId", Json::text(&ids.instance)),
        ("ContactId", Json::text("{{contact_id}}")),
        ("Metrics", Json::List(vec![metric("POSITION_IN_QUEUE"), metric("ESTIMATED_WAIT_TIME")])),
    ]);
    plain("POST", format!("{}/metrics/contact", ids.base), &body)
}

fn chat(sheet: &Sheet<'_>, ids: &Ids, parts: &[Part<'_>], cut: &[&str]) -> Written {
    let envelope = sheet.envelope;
    let attributes = sheet.attributes(parts, cut);
    let message = sheet.message(parts);
    let meters = vec![bytes_of(&attributes), LIMITS[1].meter(message.len())];
    let mut body = object([("InstanceId", Json::text(&ids.instance)), ("ContactFlowId", Json::text(&ids.flow))]);
    body.set("Attributes", attributes);
    body.set("ParticipantDetails", object([("DisplayName", Json::Text(sheet.display_name(parts)))]));
    let first = [("ContentType", Json::text("text/plain")), ("Content", Json::Text(message))];
    body.set("InitialMessage", object(first));
    body.set("ClientToken", Json::text(&envelope.id));
    if let Some(customer) = sheet.customer(parts) {
        body.set("CustomerId", Json::Text(customer));
    }
    Written { body: compact(&body), meters }
}

fn task(sheet: &Sheet<'_>, ids: &Ids, parts: &[Part<'_>], cut: &[&str]) -> Written {
    let envelope = sheet.envelope;
    let attributes = sheet.attributes(parts, cut);
    let description = sheet.message(parts);
    let references = references(sheet, parts);
    let mut meters = vec![bytes_of(&attributes), LIMITS[2].meter(description.encode_utf16().count())];
    let longest = references.iter().map(|(_, _, value)| value.encode_utf16().count()).max().unwrap_or(0);
    meters.push(LIMITS[4].meter_of("contact", longest));
    let title = parts.iter().find(|part| part.name == "summary").map(|part| words::plain(&part.value));
    let title = title.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| envelope.flow_title.clone());
    let mut body = object([("InstanceId", Json::text(&ids.instance)), ("ContactFlowId", Json::text(&ids.flow))]);
    body.set("Attributes", attributes);
    body.set("Name", Json::Text(note::one_line(&title, 250)));
    let reference = |(name, kind, value): (String, &str, String)| {
        (name, object([("Value", Json::Text(value)), ("Type", Json::text(kind))]))
    };
    body.set("References", Json::Map(references.into_iter().map(reference).collect()));
    body.set("Description", Json::Text(description));
    body.set("ClientToken", Json::text(&envelope.id));
    Written { body: compact(&body), meters }
}

/// Whom to reach and what to open, as the agent can click it.
fn references(sheet: &Sheet<'_>, parts: &[Part<'_>]) -> Vec<(String, &'static str, String)> {
    let mut all: Vec<(String, &'static str, String)> = Vec::new();
    let mut add = |name: &str, kind: &'static str, value: String| {
        let name = words::label(if name.trim().is_empty() { "contact" } else { name });
        if !value.trim().is_empty() && all.iter().all(|(known, _, _)| *known != name) {
            all.push((name, kind, value));
        }
    };
    if let Some(contact) = parts.iter().find(|part| part.name == "contact" && !sheet.is_field("contact")) {
        match &*contact.value {
            Json::Map(entries) => {
                for (name, value) in entries {
                    add(name, if name == "email" { "EMAIL" } else { "STRING" }, words::plain(value));
                }
            }
            other => add("contact", "STRING", words::plain(other)),
        }
    }
    if let Some(screen) =
        sheet.envelope.screen.as_ref().filter(|screen| screen.encode_utf16().count() <= LIMITS[4].most)
    {
        add("open", "URL", screen.clone());
    }
    all
}

/// Names and values of all attributes against their limit.
fn bytes_of(attributes: &Json) -> Meter {
    let one = |(key, value): &(String, Json)| key.len() + value.as_text().map_or(0, str::len);
    LIMITS[0].meter(attributes.entries().iter().map(one).sum())
}

/// Where a part goes.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    Attribute(String),
    Message,
    DisplayName,
    CustomerId,
}

struct Sheet<'a> {
    envelope: &'a Envelope,
    task: bool,
    places: Vec<(&'a str, Place)>,
}

impl<'a> Sheet<'a> {
    fn new(envelope: &'a Envelope, names: &mut Names<'_>) -> Self {
        let mut taken: Vec<String> = carriage::parts(envelope)
            .iter()
            .map(|part| part.name.to_owned())
            .filter(|name| envelope.field(name).is_none())
            .chain(["truncated".to_owned()])
            .collect();
        let mut place = |field: &crate::envelope::Field| {
            let named = names.place(&field.name);
            let key = match named.as_deref() {
                Some("message") => return Place::Message,
                Some("DisplayName") => return Place::DisplayName,
                Some("CustomerId") => return Place::CustomerId,
                Some(other) => other.strip_prefix("attributes.").filter(|key| !key.is_empty()),
                None => None,
            };
            if key.is_none() && words::is_block(&field.value) {
                return Place::Message;
            }
            Place::Attribute(free(plain_key(key.unwrap_or(&field.name)), &mut taken))
        };
        let places = envelope.payload.iter().map(|field| (field.name.as_str(), place(field))).collect();
        Self { envelope, task: is_task(envelope), places }
    }

    fn is_field(&self, name: &str) -> bool {
        self.places.iter().any(|(field, _)| *field == name)
    }

    fn place(&self, name: &str) -> Place {
        let found = self.places.iter().find(|(field, _)| *field == name);
        found.map_or_else(|| Place::Attribute(plain_key(name)), |(_, place)| place.clone())
    }

    fn request(&self, url: String, fitted: sized::Fitted, missing: Vec<String>) -> Request {
        let limit = names::sure(&fitted.written.body, &fitted.written.meters);
        let mut request = fitted.into(headed("PUT", url), Content::Json, limit).missing(missing);
        request.keeps = vec![Keep { name: "contact_id", from: "/ContactId" }];
        request
    }

    fn attributes(&self, parts: &[Part<'_>], cut: &[&str]) -> Json {
        // Whom to reach stands among the references of a task, and who had the conversation in the message.
        let here = |part: &&Part<'_>| {
            self.is_field(part.name) || !(part.name == "people" || (self.task && part.name == "contact"))
        };
        let here: Vec<Part<'_>> = parts.iter().filter(here).cloned().collect();
        carriage::flat(&here, cut, Values::Texts, &|name| match self.place(name) {
            Place::Attribute(key) => Some(key),
            _ => None,
        })
    }

    fn message(&self, parts: &[Part<'_>]) -> String {
        let cut = names::as_cut(self.envelope, parts);
        note::note(&cut, parts, &|name| self.is_field(name) && self.place(name) == Place::Message)
    }

    fn placed(&self, parts: &[Part<'_>], place: &Place) -> Option<String> {
        let found = parts.iter().find(|part| self.place(part.name) == *place)?;
        Some(words::plain(&found.value)).filter(|text| !text.trim().is_empty())
    }

    /// At least one character, at most so many as fit.
    fn display_name(&self, parts: &[Part<'_>]) -> String {
        let name = self.placed(parts, &Place::DisplayName).or_else(|| names::customer_name(self.envelope));
        let name = name.unwrap_or_else(|| "Customer".to_owned());
        fitting(&name, LIMITS[5].most)
    }

    fn customer(&self, parts: &[Part<'_>]) -> Option<String> {
        let id = self.placed(parts, &Place::CustomerId).or_else(|| self.envelope.customer.clone())?;
        let fits = !id.is_empty() && id.encode_utf16().count() <= LIMITS[6].most;
        fits.then_some(id)
    }
}

/// A name in one line that is within a limit of UTF-16 units.
fn fitting(name: &str, most: usize) -> String {
    let line = note::one_line(name, most - 1);
    if line.encode_utf16().count() <= most { line } else { note::one_line(name, most / 2 - 1) }
}

/// A key that nothing else has.
fn free(key: String, taken: &mut Vec<String>) -> String {
    let mut made = key.clone();
    let mut number = 2;
    while made.is_empty() || taken.contains(&made) {
        made = format!("{key}_{number}");
        number += 1;
    }
    taken.push(made.clone());
    made
}

#[cfg(test)]
#[path = "amazon_connect_tests.rs"]
mod tests;
