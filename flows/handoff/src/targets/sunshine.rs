//! Sunshine Conversations: control of a messaging conversation passes to the agent workspace, with flat metadata of 4 KB
//! (`POST …/conversations/{id}/passControl`, Sunshine Conversations description 17.12.1, read 2026-11-22).
//!
//! What was said reaches the person by itself: the last ten messages of the conversation. `offerControl` is not used: the
//! agent workspace does not take an offer.

use flow_conditions::phrase;
use flow_model::flow::{self, Flow};
use flow_model::tree::{Json, compact};

use super::carriage::{self, Values, flat, flat_value};
use super::sent::sent;
use super::sized::{self, Part, Policies, Written};
use super::taken::Keyed;
use super::zendesk::{priority, setup::ticket_field, tag};
use super::{Auth, Idempotency, Known, Maps, Return, SetupFile, Target, Wait, Withdrawal};
use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::request::{Content, Limit, Request, object, segment};
use crate::words;

/// Control of a messaging conversation.
pub struct Sunshine;

const METADATA: Limit = Limit {
    what: "metadata",
    unit: "bytes",
    most: 4096,
    source: "Sunshine Conversations description 17.12.1: flat, 4 KB, texts, numbers and booleans; read 2026-11-22",
};

const BODY: Limit = Limit {
    what: "body",
    unit: "bytes",
    most: 102_400,
    source: "Sunshine Conversations description 17.12.1, request size limits: 100 KB; read 2026-11-22",
};

const FIELD: &str = "dataCapture.ticketField.";
const SYSTEM: &str = "dataCapture.systemField.";

const PLACES: &[&str] = &[
    "metadata.",
    "dataCapture.ticketField.",
    "dataCapture.systemField.tags",
    "dataCapture.systemField.priority",
    "dataCapture.systemField.requester.name",
    "dataCapture.systemField.requester.email",
];

/// Ids of a tier that become system fields of the ticket.
const IDS: &[&str] = &["group_id", "assignee_id", "organization_id", "brand_id"];

const GIVES_BACK: &[Maps] = &[
    Maps { from: "/events/0/payload/metadata/handoff_id", to: "handoff_id" },
    Maps { from: "/events/0/payload/conversation/id", to: "conversation" },
    Maps { from: "/events/0/payload/reason", to: "result" },
    Maps { from: "/events/0/createdAt", to: "time" },
];

const WEBHOOK: &str = phrase!(
    "A webhook of the bot's custom integration with the switchboard triggers, as the set-up file makes it; \
    its `X-API-Key` is a shared secret (Sunshine Conversations description 17.12.1, read 2026-11-22)."
);

const RETURNS: &[Return] = &[
    Return {
        event: "switchboard:releaseControl",
        by: "webhook",
        when: &[("/events/0/type", "switchboard:releaseControl"), ("/events/0/payload/reason", "ticketClosed")],
        state: "completed",
        outcome: Some("resolved"),
        maps: GIVES_BACK,
        note: WEBHOOK,
    },
    Return {
        event: "switchboard:releaseControl",
        by: "webhook",
        when: &[("/events/0/type", "switchboard:releaseControl")],
        state: "resumed",
        outcome: Some("returned"),
        maps: GIVES_BACK,
        note: WEBHOOK,
    },
    Return {
        event: "switchboard:passControl",
        by: "webhook",
        when: &[
            ("/events/0/type", "switchboard:passControl"),
            ("/events/0/payload/conversation/activeSwitchboardIntegration/integrationType", "custom"),
        ],
        state: "resumed",
        outcome: Some("returned"),
        maps: GIVES_BACK,
        note: WEBHOOK,
    },
    Return {
        event: "switchboard:passControl",
        by: "webhook",
        when: &[("/events/0/type", "switchboard:passControl")],
        state: "accepted",
        outcome: None,
        maps: GIVES_BACK,
        note: WEBHOOK,
    },
    Return {
        event: "switchboard:passControl:failure",
        by: "webhook",
        when: &[("/events/0/type", "switchboard:passControl:failure")],
        state: "failed",
        outcome: Some("no_agent"),
        maps: GIVES_BACK,
        note: WEBHOOK,
    },
];

impl Target for Sunshine {
    fn id(&self) -> &'static str {
        "sunshine"
    }

    fn title(&self) -> &'static str {
        "Zendesk messaging (Sunshine Conversations)"
    }

    fn chat(&self) -> bool {
        true
    }

    fn carries(&self, mode: &str) -> &'static str {
        match mode {
            "ticket" => {
                phrase!(
                    "control passes all the same: the conversation is the ticket, and is answered when there is time"
                )
            }
            "callback" => {
                phrase!(
                    "control passes with the number and the tag callback: the conversation is the ticket of the call"
                )
            }
            _ => phrase!("control of the conversation passes to the agent workspace at once"),
        }
    }

    fn written(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Request {
        let mut missing = Vec::new();
        let url = address("passControl", envelope, environment, &mut missing);
        let control = Control::new(envelope, setup, environment, &mut missing);
        let policies = Policies::new(setup, &envelope.payload, carriage::OWN_POLICIES, envelope.screen.as_deref())
            .native_transcript(&envelope.payload);
        let fitted = sized::fit(carriage::parts(envelope), &policies, &|parts, cut| control.write(parts, cut));
        fitted.into(headed(Request::new("POST", url)), Content::Json, BODY.most).missing(missing)
    }

    fn limits(&self) -> &'static [Limit] {
        &[METADATA, BODY]
    }

    fn wait(&self, _: &Envelope, _: &flow::Target, environment: &Environment) -> Wait {
        let mut missing = Vec::new();
        let url = environment.text(
            "https://{{subdomain}}.zendesk.com/api/v2/agent_availabilities?filter%5Bchannel_status%5D=messaging%3Aonline",
            &mut missing,
        );
        Wait {
            known: Known::Before,
            request: Some(headed(Request::new("GET", url)).missing(missing)),
            gives: &[Maps { from: "/data", to: "available" }],
            note: phrase!(
                "As many as `data` has are online for messaging, whatever their group; Zendesk names no expected wait. \
                It is asked of the account with a token of its own (Agent Availability API, read 2026-11-22)."
            ),
        }
    }

    fn withdraw(&self, envelope: &Envelope, _: &flow::Target, environment: &Environment) -> Withdrawal {
        let mut missing = Vec::new();
        let url = address("passControl", envelope, environment, &mut missing);
        let bot = environment.text("{{bot_integration}}", &mut missing);
        let metadata = object([("handoff_id", Json::text(&envelope.id)), ("withdrawn", Json::Bool(true))]);
        let used = compact(&metadata).len();
        let body = compact(&object([("switchboardIntegration", Json::Text(bot)), ("metadata", metadata)]));
        let request = headed(Request::new("POST", url));
        Withdrawal::Request(Box::new(
            request.body(Content::Json, body, BODY.most, vec![METADATA.meter(used)]).missing(missing),
        ))
    }

    fn returns(&self) -> &'static [Return] {
        RETURNS
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::LookFirst(
            "passControl takes no key: GET the conversation first, and send only while the bot is its \
             activeSwitchboardIntegration; the webhook brings handoff_id back in its metadata",
        )
    }

    fn auth(&self) -> Auth {
        Auth::Basic { user: "{{sunshine_key_id}}", password: "sunshine_key_secret" }
    }

    fn secrets(&self) -> &'static [&'static str] {
        &["sunshine_key_id", "sunshine_key_secret"]
    }

    fn keyed(&self) -> Option<Keyed> {
        Some(Keyed { prefix: "metadata.", nested: false, long_elsewhere: false, key: str::to_owned })
    }

    fn places(&self) -> &'static [&'static str] {
        PLACES
    }

    fn environment(&self) -> &'static [&'static str] {
        &["subdomain", "sunshine_app"]
    }

    fn setup_files(&self, flow: &Flow, setup: &flow::Target, environment: &Environment) -> Vec<SetupFile> {
        files(flow, setup, environment)
    }
}

fn headed(request: Request) -> Request {
    request.header("Accept", "application/json").header("Authorization", "")
}

fn address(what: &str, envelope: &Envelope, environment: &Environment, missing: &mut Vec<String>) -> String {
    let conversation = segment(&envelope.conversation);
    let base =
        environment.text("https://{{subdomain}}.zendesk.com/sc/v2/apps/{{sunshine_app}}/conversations/", missing);
    format!("{base}{conversation}/{what}")
}

struct Control<'a> {
    envelope: &'a Envelope,
    integration: String,
    /// Places of fields, by name.
    places: Vec<(String, String)>,
    /// System fields of the ticket that are known beside the parts.
    system: Vec<(String, Json)>,
}

impl<'a> Control<'a> {
    fn new(envelope: &'a Envelope, setup: &flow::Target, environment: &Environment, missing: &mut Vec<String>) -> Self {
        let tier = setup.tiers.get(&envelope.tier);
        let id = |name: &str| tier.and_then(|tier| tier.get(name));
        let places = setup.fields.iter().filter(|(name, _)| envelope.field(name).is_some());
        let places = places.map(|(name, place)| (name.clone(), environment.text(place, missing))).collect();
        let mut system = Vec::new();
        for name in IDS {
            if let Some(value) = id(name) {
                let value = flat_value(&environment.id(value, missing), Values::Scalars);
                system.push((format!("{SYSTEM}{name}"), value));
            }
        }
        if let Some(priority) = priority(envelope, setup) {
            system.push((format!("{SYSTEM}priority"), Json::text(priority)));
        }
        let contact = |key: &str| envelope.contact.iter().find(|(name, _)| name == key).map(|(_, value)| value);
        for key in ["name", "email"] {
            if let Some(value) = contact(key) {
                system.push((format!("{SYSTEM}requester.{key}"), flat_value(value, Values::Texts)));
            }
        }
        let named = id("switchboardIntegration").map(words::plain);
        let integration = named.map_or("next".to_owned(), |name| environment.text(&name, missing));
        Self { envelope, integration, places, system }
    }

    fn key(&self, name: &str) -> String {
        let place = self.places.iter().find(|(field, _)| field == name).map(|(_, place)| place.as_str());
        match place {
            Some(place) => place.strip_prefix("metadata.").unwrap_or(place).to_owned(),
            None => name.to_owned(),
        }
    }

    fn write(&self, parts: &[Part<'_>], cut: &[&str]) -> Written {
        let tags = format!("{SYSTEM}tags");
        let mut metadata = flat(parts, cut, Values::Scalars, &|name| {
            let key = self.key(name);
            (key != tags).then_some(key)
        });
        for (key, value) in &self.system {
            if metadata.get(key).is_none() {
                metadata.set(key, value.clone());
            }
        }
        let tagged = self.tags(parts, &tags);
        if !tagged.is_empty() {
            metadata.set(&tags, Json::Text(tagged.join(",")));
        }
        let used = compact(&metadata).len();
        let body =
            compact(&object([("switchboardIntegration", Json::text(&self.integration)), ("metadata", metadata)]));
        let meters = vec![METADATA.meter(used), BODY.meter(body.len())];
        Written { body, meters }
    }

    /// Reasons, the mode where it is not a transfer, and fields that are placed among the tags: a text with commas.
    fn tags(&self, parts: &[Part<'_>], place: &str) -> Vec<String> {
        let mut tags: Vec<String> = Vec::new();
        let mut add = |text: &str| {
            let tag = tag(text);
            if !tag.is_empty() && !tags.contains(&tag) {
                tags.push(tag);
            }
        };
        for part in parts.iter().filter(|part| self.key(part.name) == place) {
            match &*part.value {
                Json::List(items) => items.iter().for_each(|item| add(&words::plain(item))),
                other => add(&words::plain(other)),
            }
        }
        self.envelope.reasons.iter().for_each(|reason| add(&reason.name));
        if matches!(self.envelope.mode, "ticket" | "callback") {
            add(self.envelope.mode);
        }
        tags
    }
}

/// Ticket fields for what is placed in them, the switchboard integration of the bot, and its webhook.
fn files(flow: &Flow, setup: &flow::Target, environment: &Environment) -> Vec<SetupFile> {
    let all = sent(flow, "sunshine", setup);
    let placed = all.iter().filter(|field| field.place.as_deref().is_some_and(|place| place.starts_with(FIELD)));
    let mut files: Vec<SetupFile> = placed
        .map(|field| SetupFile::json(format!("ticket_fields/{}.json", field.name), &ticket_field(flow, field)))
        .collect();
    let mut missing = Vec::new();
    let integration = object([
        ("name", Json::Text(environment.text("{{bot_integration}}", &mut missing))),
        ("integrationId", Json::Text(environment.text("{{bot_integration_id}}", &mut missing))),
        ("deliverStandbyEvents", Json::Bool(false)),
        ("nextSwitchboardIntegrationId", Json::Text(environment.text("{{agent_workspace_id}}", &mut missing))),
    ]);
    files.push(SetupFile::json("switchboard_integration.json", &integration));
    let triggers = ["switchboard:passControl", "switchboard:passControl:failure", "switchboard:releaseControl"];
    let webhook = object([
        ("target", Json::Text(environment.text("{{resume_url}}", &mut missing))),
        ("triggers", Json::List(triggers.iter().map(|name| Json::text(*name)).collect())),
        ("includeFullUser", Json::Bool(false)),
        ("includeFullSource", Json::Bool(false)),
    ]);
    files.push(SetupFile::json("webhook.json", &webhook));
    files
}

#[cfg(test)]
#[path = "sunshine_tests.rs"]
mod tests;
