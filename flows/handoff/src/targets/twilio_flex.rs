//! Twilio Flex: an interaction over the conversation that goes on (`POST /v1/Interactions`), with the context in the
//! attributes of its task; a ticket or a callback is a task of its own (`POST /v1/Workspaces/{sid}/Tasks`).
//!
//! What must stay true: the attributes are compact JSON, since spaces count; nothing is written into the conversation
//! itself unless the flow says so, since the customer reads along there. Facts of the APIs: twilio-oai of 2026-04-14.

mod setup;

use flow_conditions::phrase;
use flow_model::flow::{self, Flow};
use flow_model::tree::{Json, compact};

use super::carriage::{self, OWN_POLICIES};
use super::names::{self, Names};
use super::sized::{self, Part, Policies, Written};
use super::taken::Keyed;
use super::{Auth, Idempotency, Known, Maps, Return, SetupFile, Target, Wait, Withdrawal, note};
use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::request::{Content, Keep, Limit, Request, form, object, segment};
use crate::words;

/// An interaction, or a task.
pub struct TwilioFlex;

const LIMITS: &[Limit] = &[
    Limit {
        what: "attributes of the task, as JSON",
        unit: "characters",
        most: 4096,
        source: "Twilio documentation, TaskRouter limits, read 2026-11-22: spaces count; counted in UTF-16 units here",
    },
    Limit {
        what: "attributes of the conversation, as JSON",
        unit: "bytes",
        most: 16_384,
        source: "Twilio documentation, Conversations limits, read 2026-11-22",
    },
    Limit {
        what: "workflow configuration",
        unit: "bytes",
        most: setup::MOST,
        source: "Twilio documentation, TaskRouter limits, read 2026-11-22",
    },
];

/// What is not named lands in the attributes of the task under the name of the field.
const PLACES: &[&str] = &["attributes.", "conversation.", "customerName", "customerAddress"];

/// What the answers give.
const KEPT: &[&str] = &["interaction_sid", "channel_sid", "task_sid"];

/// How long a task may wait, in seconds: the most there is, since a task that nobody took in time is gone.
const TIMEOUT: &str = "1209600";

/// TaskRouter takes the larger number first.
const PRIORITIES: [&str; 5] = ["50", "40", "30", "20", "10"];

/// The most characters of an address beside the fields.
const ADDRESS: usize = 254;

const EVENTS: &str = phrase!(
    "An event callback of the TaskRouter workspace, or an Event Streams sink (TaskRouter events, read \
    2026-11-22); the id of the handoff stands in TaskAttributes, which is JSON in a text."
);

const RETURNS: &[Return] = &[
    Return {
        event: "reservation.accepted",
        by: "webhook",
        when: &[("/EventType", "reservation.accepted")],
        state: "accepted",
        outcome: None,
        maps: &[Maps { from: "/WorkerName", to: "name" }],
        note: EVENTS,
    },
    Return {
        event: "task.canceled",
        by: "webhook",
        when: &[("/EventType", "task.canceled")],
        state: "failed",
        outcome: Some("no_agent"),
        maps: &[Maps { from: "/TaskCanceledReason", to: "note" }],
        note: EVENTS,
    },
    Return {
        event: "workflow.timeout",
        by: "webhook",
        when: &[("/EventType", "workflow.timeout")],
        state: "failed",
        outcome: Some("timeout"),
        maps: &[],
        note: EVENTS,
    },
    Return {
        event: "task.completed",
        by: "webhook",
        when: &[("/EventType", "task.completed")],
        state: "completed",
        outcome: Some("returned"),
        maps: &[Maps { from: "/WorkerName", to: "name" }, Maps { from: "/TaskCompletedReason", to: "note" }],
        note: EVENTS,
    },
];

impl Target for TwilioFlex {
    fn id(&self) -> &'static str {
        "twilio-flex"
    }

    fn title(&self) -> &'static str {
        "Twilio Flex task"
    }

    fn chat(&self) -> bool {
        true
    }

    fn carries(&self, mode: &str) -> &'static str {
        match mode {
            "callback" => phrase!("a task on the channel voice, with the number to call in its attributes"),
            "ticket" => phrase!("a task on the channel default, which waits for two weeks"),
            _ => phrase!("an interaction over the conversation that goes on"),
        }
    }

    fn limits(&self) -> &'static [Limit] {
        LIMITS
    }

    fn keyed(&self) -> Option<Keyed> {
        Some(Keyed { prefix: "attributes.", nested: true, long_elsewhere: false, key: str::to_owned })
    }

    fn places(&self) -> &'static [&'static str] {
        PLACES
    }

    fn environment(&self) -> &'static [&'static str] {
        &["workspace_sid", "workflow_sid"]
    }

    fn written(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Request {
        let mut names = Names::new(envelope, setup, environment, KEPT);
        let sheet = Sheet::new(envelope, &mut names);
        let policies = Policies::new(setup, &envelope.payload, OWN_POLICIES, envelope.screen.as_deref());
        let mut request = if is_task(envelope) {
            task(&sheet, setup, &policies, names)
        } else {
            interaction(&sheet, setup, &policies, names)
        };
        if sheet.places.iter().any(|(_, place)| matches!(place, Place::Conversation(_))) {
            request.then.push(conversation(&sheet, &policies));
        }
        request
    }

    fn wait(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Wait {
        let mut names = Names::new(envelope, setup, environment, KEPT);
        let (workspace, queue) = (workspace(&mut names), names.id("queue_sid", "{{queue_sid}}"));
        let url = format!(
            "https://taskrouter.twilio.com/v1/Workspaces/{workspace}/TaskQueues/{queue}/RealTimeStatistics?TaskChannel={}",
            channel(envelope, &mut names)
        );
        Wait {
            known: Known::Before,
            request: Some(headed(Request::new("GET", url)).missing(names.missing())),
            gives: &[
                Maps { from: "/total_available_workers", to: "available" },
                Maps { from: "/longest_task_waiting_age", to: "wait" },
            ],
            note: phrase!(
                "Twilio forecasts no wait: what stands for it is how long the oldest task has waited, in seconds. Keep the \
                answer for some seconds, asking too often is refused with 429 (TaskQueue real-time statistics, twilio-oai of \
                2026-04-14)."
            ),
        }
    }

    fn withdraw(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Withdrawal {
        let mut names = Names::new(envelope, setup, environment, KEPT);
        let request = if is_task(envelope) {
            let workspace = workspace(&mut names);
            let url = format!("https://taskrouter.twilio.com/v1/Workspaces/{workspace}/Tasks/{{{{task_sid}}}}");
            let reason = format!("withdrawn: {}", envelope.id);
            posted(url, form(&[("AssignmentStatus", "canceled"), ("Reason", &reason)]))
        } else {
            // Not through the Task API: that would leave the conversation with nobody.
            let url = "https://flex-api.twilio.com/v1/Interactions/{{interaction_sid}}/Channels/{{channel_sid}}";
            posted(url.to_owned(), form(&[("Status", "inactive"), ("Routing", r#"{"status":"closed"}"#)]))
        };
        Withdrawal::Request(Box::new(request.missing(names.missing())))
    }

    fn returns(&self) -> &'static [Return] {
        RETURNS
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::LookFirst(
            "GET https://taskrouter.twilio.com/v1/Workspaces/{{workspace_sid}}/Tasks?EvaluateTaskAttributes=handoff_id%20%3D%3D%20'{{handoff_id}}'",
        )
    }

    fn auth(&self) -> Auth {
        Auth::Basic { user: "{{twilio_account_sid}}", password: "twilio_auth_token" }
    }

    fn secrets(&self) -> &'static [&'static str] {
        &["twilio_account_sid", "twilio_auth_token"]
    }

    fn setup_files(&self, flow: &Flow, setup: &flow::Target, environment: &Environment) -> Vec<SetupFile> {
        setup::files(flow, setup, environment)
    }
}

/// A promised call or answer is a task of its own; everybody else is in a conversation.
fn is_task(envelope: &Envelope) -> bool {
    matches!(envelope.mode, "ticket" | "callback")
}

fn headed(request: Request) -> Request {
    request.header("Accept", "application/json").header("Authorization", "")
}

/// A form without limits of its own.
fn posted(url: String, body: String) -> Request {
    headed(Request::new("POST", url)).body(Content::Form, body, usize::MAX, Vec::new())
}

fn workspace(names: &mut Names<'_>) -> String {
    names.id("workspace_sid", "{{workspace_sid}}")
}

fn channel(envelope: &Envelope, names: &mut Names<'_>) -> String {
    names.id(
        "task_channel_unique_name",
        match envelope.mode {
            "callback" => "voice",
            "ticket" => "default",
            _ => "chat",
        },
    )
}

/// What the flow says of the priority, as TaskRouter takes it: a whole number from 0.
fn priority(envelope: &Envelope, setup: &flow::Target) -> Option<i64> {
    let said = carriage::priority(envelope, setup, PRIORITIES).trim().parse().ok();
    said.filter(|number| (0..=i64::from(i32::MAX)).contains(number))
}

fn interaction(sheet: &Sheet<'_>, setup: &flow::Target, policies: &Policies<'_>, mut names: Names<'_>) -> Request {
    let envelope = sheet.envelope;
    let kind = names.id("channel_type", "web");
    let conversation = media_sid(envelope, &mut names);
    let properties = object([("media_channel_sid", Json::Text(conversation))]);
    let channel_json = compact(&object([
        ("type", Json::Text(kind)),
        ("initiated_by", Json::text("customer")),
        ("properties", properties),
    ]));
    let mut routing = object([
        ("workspace_sid", Json::Text(workspace(&mut names))),
        ("workflow_sid", Json::Text(names.id("workflow_sid", "{{workflow_sid}}"))),
        ("task_channel_unique_name", Json::Text(channel(envelope, &mut names))),
    ]);
    if let Some(priority) = priority(envelope, setup) {
        routing.set("priority", Json::int(priority));
    }
    let write = |parts: &[Part<'_>], cut: &[&str]| {
        let attributes = sheet.attributes(parts, cut);
        let meters = vec![LIMITS[0].meter(compact(&attributes).encode_utf16().count())];
        let mut properties = routing.clone();
        properties.set("attributes", attributes);
        let routing = compact(&object([("properties", properties)]));
        Written { body: form(&[("Channel", &channel_json), ("Routing", &routing)]), meters }
    };
    let fitted = sized::fit(sheet.parts(), policies, &write);
    let limit = names::sure(&fitted.written.body, &fitted.written.meters);
    let request = headed(Request::new("POST", "https://flex-api.twilio.com/v1/Interactions"));
    let mut request = fitted.into(request, Content::Form, limit).missing(names.missing());
    request.keeps = vec![
        Keep { name: "interaction_sid", from: "/sid" },
        Keep { name: "channel_sid", from: "/channel/sid" },
        Keep { name: "task_sid", from: "/routing/properties/sid" },
    ];
    request
}

fn task(sheet: &Sheet<'_>, setup: &flow::Target, policies: &Policies<'_>, mut names: Names<'_>) -> Request {
    let envelope = sheet.envelope;
    let url = format!("https://taskrouter.twilio.com/v1/Workspaces/{}/Tasks", workspace(&mut names));
    let (workflow, channel) = (names.id("workflow_sid", "{{workflow_sid}}"), channel(envelope, &mut names));
    let priority = priority(envelope, setup).map(|number| number.to_string());
    let write = |parts: &[Part<'_>], cut: &[&str]| {
        let attributes = compact(&sheet.attributes(parts, cut));
        let meters = vec![LIMITS[0].meter(attributes.encode_utf16().count())];
        let mut entries = vec![("WorkflowSid", workflow.as_str()), ("TaskChannel", &channel), ("Timeout", TIMEOUT)];
        entries.extend(priority.as_ref().map(|number| ("Priority", number.as_str())));
        entries.push(("Attributes", &attributes));
        Written { body: form(&entries), meters }
    };
    let fitted = sized::fit(sheet.parts(), policies, &write);
    let limit = names::sure(&fitted.written.body, &fitted.written.meters);
    let mut request = fitted.into(headed(Request::new("POST", url)), Content::Form, limit).missing(names.missing());
    request.keeps = vec![Keep { name: "task_sid", from: "/sid" }];
    request
}

/// The attributes of the conversation, for the fields that the flow sends there.
fn conversation(sheet: &Sheet<'_>, policies: &Policies<'_>) -> Request {
    let url = format!("https://conversations.twilio.com/v1/Conversations/{}", segment(&sheet.envelope.conversation));
    let write = |parts: &[Part<'_>], _: &[&str]| {
        let mut map = Json::map();
        for part in parts {
            if let Place::Conversation(path) = sheet.place(part.name) {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                names::put(&mut map, &path, part.value.clone().into_owned());
            }
        }
        let attributes = compact(&map);
        Written { body: form(&[("Attributes", &attributes)]), meters: vec![LIMITS[1].meter(attributes.len())] }
    };
    let here = |part: &Part<'_>| matches!(sheet.place(part.name), Place::Conversation(_));
    let parts = sheet.envelope.payload.iter().map(Part::of).filter(here).collect();
    let fitted = sized::fit(parts, policies, &write);
    let limit = names::sure(&fitted.written.body, &fitted.written.meters);
    fitted.into(headed(Request::new("POST", url)), Content::Form, limit)
}

/// The conversation as Twilio names it; another id is one of ours, and the assistant knows Twilio's.
fn media_sid(envelope: &Envelope, names: &mut Names<'_>) -> String {
    let id = &envelope.conversation;
    let is_sid = id.len() == 34 && id.starts_with("CH") && id[2..].bytes().all(|b| b.is_ascii_hexdigit());
    if is_sid { id.clone() } else { names.text("{{conversation_sid}}") }
}

/// Where a field goes.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    Attribute(Vec<String>),
    Conversation(Vec<String>),
    Customer(&'static str),
}

struct Sheet<'a> {
    envelope: &'a Envelope,
    places: Vec<(&'a str, Place)>,
}

impl<'a> Sheet<'a> {
    fn new(envelope: &'a Envelope, names: &mut Names<'_>) -> Self {
        let steps = |path: &str| path.split('.').map(str::to_owned).collect();
        let mut place = |field: &str| {
            let own = || Place::Attribute(vec![field.to_owned()]);
            let Some(place) = names.place(field) else { return own() };
            match place.as_str() {
                "customerName" => Place::Customer("customerName"),
                "customerAddress" => Place::Customer("customerAddress"),
                other => match (other.strip_prefix("attributes."), other.strip_prefix("conversation.")) {
                    (Some(path), _) if !path.is_empty() => Place::Attribute(steps(path)),
                    (_, Some(path)) if !path.is_empty() => Place::Conversation(steps(path)),
                    _ => own(),
                },
            }
        };
        let places = envelope.payload.iter().map(|field| (field.name.as_str(), place(&field.name))).collect();
        Self { envelope, places }
    }

    fn place(&self, field: &str) -> Place {
        let found = self.places.iter().find(|(name, _)| *name == field);
        found.map_or_else(|| Place::Attribute(vec![field.to_owned()]), |(_, place)| place.clone())
    }

    /// Everything but what goes to the conversation.
    fn parts(&self) -> Vec<Part<'a>> {
        let here = |part: &Part<'_>| !matches!(self.place(part.name), Place::Conversation(_));
        carriage::parts(self.envelope).into_iter().filter(here).collect()
    }

    fn attributes(&self, parts: &[Part<'_>], cut: &[&str]) -> Json {
        let mut map = Json::map();
        for part in parts {
            match self.place(part.name) {
                Place::Attribute(path) => {
                    let path: Vec<&str> = path.iter().map(String::as_str).collect();
                    names::put(&mut map, &path, part.value.clone().into_owned());
                }
                Place::Customer(key) => map.set(key, Json::Text(words::plain(&part.value))),
                Place::Conversation(_) => {}
            }
        }
        let mut usual = |key: &str, value: Option<String>| {
            if let (None, Some(value)) = (map.get(key), value) {
                map.set(key, Json::Text(value));
            }
        };
        let address = names::contact(self.envelope, &["phone", "email", "address"]);
        usual("customerName", names::customer_name(self.envelope));
        usual("customerAddress", address.map(|address| note::one_line(&address, ADDRESS)));
        // What Flex Insights joins the tasks of one conversation by.
        if map.get("conversations").is_none() {
            names::put(&mut map, &["conversations", "conversation_id"], Json::text(&self.envelope.conversation));
        }
        if !cut.is_empty() {
            map.set("truncated", Json::List(cut.iter().map(|name| Json::text(*name)).collect()));
        }
        map
    }
}

#[cfg(test)]
#[path = "twilio_flex_tests.rs"]
mod tests;
