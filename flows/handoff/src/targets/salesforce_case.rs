//! Salesforce Service Cloud: a Case, written by its external id so that writing it twice makes one
//! (`PATCH /services/data/vNN.0/sobjects/Case/Handoff_Id__c/{id}`), routed by skills where the tier names a service channel,
//! with a task for a promised call.

mod setup;

use flow_conditions::phrase;
use flow_model::flow::{self, Flow};
use flow_model::tree::{Json, compact};

use super::salesforce::{LONG, VERSION};
use super::sized::{self, Part, Policies, Written};
use super::{Auth, Idempotency, Known, Maps, Return, SetupFile, Target, Wait, Withdrawal, carriage, note};
use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::moment::rfc3339;
use crate::request::{Content, Keep, Limit, Meter, Request, object, segment};
use crate::words;

/// A Case.
pub struct SalesforceCase;

const SUBJECT: Limit =
    Limit { what: "Subject", unit: "characters", most: 255, source: "Case field list, Text(255), read 2026-11-22" };
const DESCRIPTION: Limit = Limit {
    what: "Description",
    unit: "bytes",
    most: 32_000,
    source: "Case object reference, \"Limit: 32 KB\", read 2026-11-22; held to 32,000 bytes",
};
const SUPPLIED: Limit = Limit {
    what: "SuppliedName",
    unit: "characters",
    most: 80,
    source: "Case layout metadata, maxLength 80, read 2026-11-22",
};
const TEXT: Limit = Limit {
    what: "custom field",
    unit: "characters",
    most: 255,
    source: "the length that the set-up files give a text field; a Salesforce text field has no more",
};
const LONG_TEXT: Limit = Limit {
    what: "custom long text",
    unit: "characters",
    most: LONG,
    source: "the length that the set-up files give a long text area",
};

/// The external id of a Case that a handoff made.
const KEY: &str = "Handoff_Id__c";

/// Ids of a Case that a tier may give, in the order in which they are written.
const IDS: &[&str] =
    &["OwnerId", "RecordTypeId", "Origin", "Type", "EntitlementId", "BusinessHoursId", "ContactId", "AccountId"];

const PLACES: &[&str] =
    &["Description", "Subject", "SuppliedName", "SuppliedEmail", "SuppliedPhone", "SuppliedCompany", "YourField__c"];

const CHANGES: &str = phrase!(
    "Change data capture of Case on the channel of the set-up files, which adds Handoff_Id__c to every \
    event; read through the Pub/Sub API. The status \"Back to assistant\" is to be added to the picklist of Case \
    (Salesforce change data capture, read 2026-11-22)."
);

const GIVES_BACK: &[Maps] = &[
    Maps { from: "/payload/Handoff_Id__c", to: "handoff_id" },
    Maps { from: "/payload/Status", to: "result" },
    Maps { from: "/payload/OwnerId", to: "person" },
    Maps { from: "/payload/Handoff_Note__c", to: "note" },
];

const RETURNS: &[Return] = &[
    Return {
        event: "CaseChangeEvent",
        by: "stream",
        when: &[("/payload/Status", "Closed")],
        state: "completed",
        outcome: Some("resolved"),
        maps: GIVES_BACK,
        note: CHANGES,
    },
    Return {
        event: "CaseChangeEvent",
        by: "stream",
        when: &[("/payload/Status", "Back to assistant")],
        state: "resumed",
        outcome: Some("returned"),
        maps: GIVES_BACK,
        note: CHANGES,
    },
    Return {
        event: "CaseChangeEvent",
        by: "stream",
        when: &[("/payload/Status", "Working")],
        state: "accepted",
        outcome: None,
        maps: GIVES_BACK,
        note: CHANGES,
    },
];

impl Target for SalesforceCase {
    fn id(&self) -> &'static str {
        "salesforce-case"
    }

    fn title(&self) -> &'static str {
        "Salesforce Case"
    }

    fn chat(&self) -> bool {
        false
    }

    fn carries(&self, mode: &str) -> &'static str {
        match mode {
            "callback" => phrase!("a Case, and a task to call that is due when the call was promised"),
            "ticket" => phrase!("a Case for the queue of the tier"),
            _ => phrase!("a Case for the queue of the tier, routed by skills where the tier names a ServiceChannelId"),
        }
    }

    fn written(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Request {
        let mut missing = Vec::new();
        let url = record(envelope, environment, &mut missing);
        let case = Case::new(envelope, setup, environment, &mut missing);
        let policies = Policies::new(setup, &envelope.payload, carriage::OWN_POLICIES, envelope.screen.as_deref());
        let fitted = sized::fit(carriage::noted(envelope), &policies, &|parts, _| case.write(parts));
        let mut request = fitted.into(headed(Request::new("PATCH", url)), Content::Json, usize::MAX);
        request.keeps = vec![Keep { name: "case_id", from: "/id" }];
        request.then = match envelope.mode {
            "callback" => vec![call(envelope, environment)],
            "ticket" => Vec::new(),
            _ => routing(envelope, setup, environment),
        };
        request.missing(missing)
    }

    fn limits(&self) -> &'static [Limit] {
        &[SUBJECT, DESCRIPTION, SUPPLIED, TEXT, LONG_TEXT]
    }

    fn wait(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Wait {
        let mut missing = Vec::new();
        let queue = tier_id(envelope, setup, "OwnerId").map(|id| environment.id(id, &mut missing));
        let queue = queue.map_or(String::new(), |id| format!(" AND GroupId='{}'", words::plain(&id).replace('\'', "")));
        let query = format!("SELECT COUNT() FROM PendingServiceRouting WHERE IsReadyForRouting=true{queue}");
        let url = format!("{}/query?q={}", data(environment, &mut missing), segment(&query));
        Wait {
            known: Known::Before,
            request: Some(headed(Request::new("GET", url)).missing(missing)),
            gives: &[Maps { from: "/totalSize", to: "position" }],
            note: phrase!(
                "How many wait for the queue now; Salesforce gives no expected wait for Cases (PendingServiceRouting, \
                object reference, read 2026-11-22)."
            ),
        }
    }

    fn withdraw(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Withdrawal {
        let mut missing = Vec::new();
        let url = record(envelope, environment, &mut missing);
        let body = object([("Status", Json::text("Closed"))]);
        let mut request =
            headed(Request::new("PATCH", url)).body(Content::Json, compact(&body), usize::MAX, Vec::new());
        if routed(envelope, setup) {
            let url = format!("{}/sobjects/PendingServiceRouting/{{{{routing_id}}}}", data(environment, &mut missing));
            request.then.push(headed(Request::new("DELETE", url)));
        }
        Withdrawal::Request(Box::new(request.missing(missing)))
    }

    fn returns(&self) -> &'static [Return] {
        RETURNS
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Address(KEY)
    }

    fn auth(&self) -> Auth {
        Auth::Bearer("salesforce_access_token")
    }

    fn secrets(&self) -> &'static [&'static str] {
        &["salesforce_access_token"]
    }

    fn places(&self) -> &'static [&'static str] {
        PLACES
    }

    fn has_place(&self, place: &str) -> bool {
        let custom = place.strip_suffix("__c").is_some_and(|name| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '{') && !name.contains(['.', ' '])
        });
        custom || PLACES.contains(&place)
    }

    fn environment(&self) -> &'static [&'static str] {
        &["salesforce_domain"]
    }

    fn setup_files(&self, flow: &Flow, setup: &flow::Target, _: &Environment) -> Vec<SetupFile> {
        setup::files(flow, setup)
    }
}

fn headed(request: Request) -> Request {
    request.header("Accept", "application/json").header("Authorization", "")
}

fn data(environment: &Environment, missing: &mut Vec<String>) -> String {
    let domain = environment.text("https://{{salesforce_domain}}.my.salesforce.com", missing);
    format!("{domain}/services/data/v{VERSION}")
}

fn record(envelope: &Envelope, environment: &Environment, missing: &mut Vec<String>) -> String {
    format!("{}/sobjects/Case/{KEY}/{}", data(environment, missing), envelope.id)
}

fn tier_id<'a>(envelope: &Envelope, setup: &'a flow::Target, name: &str) -> Option<&'a Json> {
    setup.tiers.get(&envelope.tier)?.get(name)
}

/// Whether Omni-Channel is told to route the Case itself, rather than by the queue's own configuration.
fn routed(envelope: &Envelope, setup: &flow::Target) -> bool {
    matches!(envelope.mode, "transfer" | "copilot") && tier_id(envelope, setup, "ServiceChannelId").is_some()
}

fn post(path: &str, body: &Json, environment: &Environment, extra: Vec<String>) -> Request {
    let mut missing = extra;
    let url = format!("{}/sobjects/{path}", data(environment, &mut missing));
    let method = if path.contains('/') { "PATCH" } else { "POST" };
    headed(Request::new(method, url)).body(Content::Json, compact(body), usize::MAX, Vec::new()).missing(missing)
}

/// The task of a promised call.
fn call(envelope: &Envelope, environment: &Environment) -> Request {
    let number = envelope.contact.iter().find(|(name, _)| name == "phone").map(|(_, value)| words::plain(value));
    let subject = number.map_or("Call back".to_owned(), |number| format!("Call back {number}"));
    let mut task = object([
        ("WhatId", Json::text("{{case_id}}")),
        ("Subject", Json::Text(note::one_line(&subject, SUBJECT.most - 1))),
        ("TaskSubtype", Json::text("Call")),
        ("Status", Json::text("Not Started")),
        ("Priority", Json::text(if envelope.priority <= 2 { "High" } else { "Normal" })),
    ]);
    if let Some(deadline) = envelope.deadline {
        let day: String = rfc3339(deadline).chars().take(10).collect();
        task.set("ActivityDate", Json::Text(day));
    }
    post("Task", &task, environment, Vec::new())
}

/// Routing by skills: the routing, a row for each skill, then ready. Once ready it cannot be changed.
fn routing(envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Vec<Request> {
    if !routed(envelope, setup) {
        return Vec::new();
    }
    let mut missing = Vec::new();
    let channel = tier_id(envelope, setup, "ServiceChannelId").map(|id| environment.id(id, &mut missing));
    let pending = object([
        ("WorkItemId", Json::text("{{case_id}}")),
        ("ServiceChannelId", channel.unwrap_or(Json::Null)),
        ("RoutingType", Json::text("SkillsBased")),
        ("RoutingModel", Json::text("MostAvailable")),
        ("RoutingPriority", Json::int(envelope.priority.into())),
        ("CapacityWeight", Json::int(1)),
        ("CustomRequestedDateTime", Json::Text(rfc3339(envelope.time))),
        ("IsReadyForRouting", Json::Bool(false)),
    ]);
    let mut first = post("PendingServiceRouting", &pending, environment, missing);
    first.keeps = vec![Keep { name: "routing_id", from: "/id" }];
    let mut all = vec![first];
    for skill in tier_id(envelope, setup, "skills").map_or(&[][..], Json::items) {
        let mut missing = Vec::new();
        let skill = environment.id(skill, &mut missing);
        let row = object([("RelatedRecordId", Json::text("{{routing_id}}")), ("SkillId", skill)]);
        all.push(post("SkillRequirement", &row, environment, missing));
    }
    let ready = object([("IsReadyForRouting", Json::Bool(true))]);
    all.push(post("PendingServiceRouting/{{routing_id}}", &ready, environment, Vec::new()));
    all
}

/// Where a field goes.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    Description,
    Field(String),
}

struct Case<'a> {
    envelope: &'a Envelope,
    setup: &'a flow::Target,
    places: Vec<(String, Place)>,
    ids: Vec<(String, Json)>,
}

impl<'a> Case<'a> {
    fn new(
        envelope: &'a Envelope,
        setup: &'a flow::Target,
        environment: &Environment,
        missing: &mut Vec<String>,
    ) -> Self {
        let mut place = |name: &String| match setup.fields.get(name).map(String::as_str) {
            None | Some("Description") => Place::Description,
            Some(place) if SalesforceCase.has_place(place) => Place::Field(environment.text(place, missing)),
            Some(_) => Place::Description,
        };
        let places = envelope.payload.iter().map(|field| (field.name.clone(), place(&field.name))).collect();
        let ids = IDS
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), environment.id(tier_id(envelope, setup, name)?, missing))));
        let ids = ids.collect();
        Self { envelope, setup, places, ids }
    }

    fn place(&self, name: &str) -> &Place {
        self.places.iter().find(|(field, _)| field == name).map_or(&Place::Description, |(_, place)| place)
    }

    fn write(&self, parts: &[Part<'_>]) -> Written {
        let envelope = self.envelope;
        let mut case = Json::map();
        let mut meters = Vec::new();
        let subject = envelope.summary.as_ref().filter(|text| !text.trim().is_empty()).unwrap_or(&envelope.flow_title);
        case.set("Subject", Json::Text(note::one_line(subject, SUBJECT.most - 1)));
        let description = note::note(envelope, parts, &|name| *self.place(name) == Place::Description);
        meters.push(DESCRIPTION.meter(description.len()));
        case.set("Description", Json::Text(description));
        case.set(
            "Priority",
            Json::text(carriage::priority(envelope, self.setup, ["High", "High", "Medium", "Low", "Low"])),
        );
        case.set("Status", Json::text("New"));
        for (name, value) in &self.ids {
            case.set(name, value.clone());
        }
        self.supplied(&mut case);
        for part in parts {
            let Place::Field(name) = self.place(part.name) else { continue };
            let value = self.value(part, name, &mut meters);
            case.set(name, value);
        }
        let subject = case.get("Subject").and_then(Json::as_text).map_or(0, |text| text.chars().count());
        meters.push(SUBJECT.meter_of("summary", subject));
        Written { body: compact(&case), meters }
    }

    /// Name, address and number of the customer as the flow gives them, each cut to what the field takes.
    fn supplied(&self, case: &mut Json) {
        for (key, name, most) in
            [("name", "SuppliedName", SUPPLIED.most), ("email", "SuppliedEmail", 80), ("phone", "SuppliedPhone", 40)]
        {
            let value =
                self.envelope.contact.iter().find(|(known, _)| known == key).map(|(_, value)| words::plain(value));
            // A cut address or number is a wrong one: it stays in the description alone.
            let fits = |text: &String| !text.is_empty() && (key == "name" || text.chars().count() <= most);
            if let Some(text) = value.filter(fits) {
                case.set(name, Json::Text(note::one_line(&text, most - 1)));
            }
        }
    }

    /// The value of a field of the record, and its meter: checkboxes and numbers of the flow's own fields as they are,
    /// anything else as text.
    fn value(&self, part: &Part<'_>, name: &str, meters: &mut Vec<Meter>) -> Json {
        if let (true, Json::Bool(_) | Json::Number(_)) = (name.ends_with("__c"), &*part.value) {
            return part.value.clone().into_owned();
        }
        let text = match &*part.value {
            Json::List(_) | Json::Map(_) if words::is_block(&part.value) => {
                let mut lines = Vec::new();
                words::block(&part.value, &mut lines);
                lines.join("\n")
            }
            value => words::plain(value),
        };
        let long = matches!(self.envelope.field(part.name), Some(Json::List(_) | Json::Map(_)));
        let limit = match name {
            "Subject" => SUBJECT,
            "SuppliedName" | "SuppliedCompany" | "SuppliedEmail" | "SuppliedPhone" => SUPPLIED,
            _ if long => LONG_TEXT,
            _ => TEXT,
        };
        let mut meter = limit.meter_of(part.name, text.chars().count());
        meter.what = name.to_owned();
        meters.push(meter);
        Json::Text(text)
    }
}

#[cfg(test)]
#[path = "salesforce_case_tests.rs"]
mod tests;
