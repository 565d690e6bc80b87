//! Zendesk Support: a ticket whose first comment is an internal note (`POST /api/v2/tickets`).
//!
//! `custom_fields` are `{id, value}`, as the documentation says and as tickets are read back; Zendesk's own description
//! asks for `key`, `type` and `title` there, which belong to the definition of a field.

pub(super) mod setup;

use flow_conditions::phrase;
use flow_model::flow::{self, Flow};
use flow_model::tree::{Json, compact};

use super::sized::{self, Part, Policies, Written};
use super::{Auth, Idempotency, Known, Maps, Return, SetupFile, Target, Wait, Withdrawal, carriage, note};
use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::moment::rfc3339;
use crate::request::{Content, Cut, Keep, Limit, Meter, Request, object};
use crate::words;

/// A ticket.
pub struct Zendesk;

/// The most bytes of a body. Zendesk names a limit for the comment alone, and two of them: about 65,000 characters, and
/// 64 KB. A body within 65,000 bytes holds both.
const MOST: usize = 65_000;

/// Characters of a subject; a field that is longer stands whole in the note.
const SUBJECT: usize = 150;

const LIMITS: &[Limit] = &[Limit {
    what: "comment.body",
    unit: "characters",
    most: MOST,
    source: "Zendesk staff, community post 4719863289498, read 2026-11-22; the whole body is held to as many bytes",
}];

/// Ids of a ticket that a tier may give, in the order in which they are written.
const IDS: &[&str] = &[
    "group_id",
    "assignee_id",
    "organization_id",
    "brand_id",
    "ticket_form_id",
    "custom_status_id",
    "attribute_value_ids",
];

/// What else is named lands in the internal note, which can be named too, also as the Tickets API names it.
const PLACES: &[&str] = &[
    "note",
    "comment",
    "comment.body",
    "tags",
    "subject",
    "requester.name",
    "requester.email",
    "custom_fields.",
    "metadata.",
];

const SENT_BY: &str = phrase!(
    "A trigger on the ticket's change of status with a webhook that sends this body: both are among the set-up files \
    (Zendesk triggers and webhooks, read 2026-11-22)."
);

/// The webhook of the set-up files says the state itself; Zendesk has none that does.
const RETURNS: &[Return] = &[
    Return {
        event: "ticket.assigned",
        by: "webhook",
        when: &[("/event", "ticket.assigned")],
        state: "accepted",
        outcome: None,
        maps: &[Maps { from: "/external_id", to: "handoff_id" }, Maps { from: "/assignee", to: "name" }],
        note: SENT_BY,
    },
    Return {
        event: "ticket.solved",
        by: "webhook",
        when: &[("/event", "ticket.solved")],
        state: "completed",
        outcome: Some("resolved"),
        maps: &[
            Maps { from: "/external_id", to: "handoff_id" },
            Maps { from: "/assignee", to: "name" },
            Maps { from: "/comment", to: "note" },
        ],
        note: SENT_BY,
    },
];

const PRIORITIES: &[&str] = &["urgent", "high", "normal", "low"];

impl Target for Zendesk {
    fn id(&self) -> &'static str {
        "zendesk"
    }

    fn title(&self) -> &'static str {
        "Zendesk ticket"
    }

    fn limits(&self) -> &'static [Limit] {
        LIMITS
    }

    fn places(&self) -> &'static [&'static str] {
        PLACES
    }

    fn environment(&self) -> &'static [&'static str] {
        &["subdomain"]
    }

    fn written(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Request {
        let mut missing = Vec::new();
        let url = environment.text("https://{{subdomain}}.zendesk.com/api/v2/tickets", &mut missing);
        let places = places(envelope, setup, environment, &mut missing);
        let ids = ids(envelope, setup, environment, &mut missing);
        let ticket = Ticket { envelope, setup, places, ids };
        let policies = Policies::new(setup, &envelope.payload, &[], envelope.screen.as_deref());
        let parts = envelope.payload.iter().map(Part::of).collect();
        let fitted = sized::fit(parts, &policies, &|parts, _| ticket.write(parts));
        let request = headed(Request::new("POST", url)).header("Idempotency-Key", &envelope.id);
        let shortened = ticket.shortened(&fitted.cut);
        let mut request = fitted.into(request, Content::Json, MOST).missing(missing);
        request.cut.extend(shortened);
        request.keeps = vec![Keep { name: "ticket_id", from: "/ticket/id" }];
        request
    }

    fn chat(&self) -> bool {
        false
    }

    fn carries(&self, mode: &str) -> &'static str {
        match mode {
            "callback" => {
                phrase!("a ticket of the type task, due when the call was promised, with the number in its note")
            }
            "ticket" => phrase!("a ticket; with an answer promised it is of the type task and has a due date"),
            _ => phrase!("a ticket for the group of the tier"),
        }
    }

    fn wait(&self, _: &Envelope, _: &flow::Target, environment: &Environment) -> Wait {
        let mut missing = Vec::new();
        let url = environment.text(
            "https://{{subdomain}}.zendesk.com/api/v2/agent_availabilities?filter%5Bchannel_status%5D=support%3Aonline",
            &mut missing,
        );
        Wait {
            known: Known::Before,
            request: Some(headed(Request::new("GET", url)).missing(missing)),
            gives: &[Maps { from: "/data", to: "available" }],
            note: phrase!(
                "As many as `data` has are online for tickets, whatever their group; Zendesk names no expected wait \
                (Agent Availability API, developer.zendesk.com, read 2026-11-22)."
            ),
        }
    }

    fn withdraw(&self, envelope: &Envelope, _: &flow::Target, environment: &Environment) -> Withdrawal {
        let mut missing = Vec::new();
        let url = environment.text("https://{{subdomain}}.zendesk.com/api/v2/tickets/{{ticket_id}}", &mut missing);
        missing.retain(|name| name != "ticket_id");
        let text = format!("The customer no longer waits: request {} is withdrawn.", envelope.id);
        let comment = object([("body", Json::Text(text)), ("public", Json::Bool(false))]);
        let ticket = object([("status", Json::text("solved")), ("comment", comment)]);
        let body = compact(&object([("ticket", ticket)]));
        let request = headed(Request::new("PUT", url)).body(Content::Json, body, MOST, Vec::new()).missing(missing);
        Withdrawal::Request(Box::new(request))
    }

    fn returns(&self) -> &'static [Return] {
        RETURNS
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Header("Idempotency-Key")
    }

    fn auth(&self) -> Auth {
        Auth::Basic { user: "{{zendesk_email}}/token", password: "zendesk_api_token" }
    }

    fn secrets(&self) -> &'static [&'static str] {
        &["zendesk_email", "zendesk_api_token"]
    }

    fn setup_files(&self, flow: &Flow, setup: &flow::Target, environment: &Environment) -> Vec<SetupFile> {
        setup::files(flow, setup, environment)
    }
}

/// A request with what all have.
fn headed(request: Request) -> Request {
    request.header("Accept", "application/json").header("Authorization", "")
}

/// Where a field goes.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    Note,
    Tags,
    Subject,
    Requester(&'static str),
    Custom(Json),
    Metadata(String),
}

fn places(
    envelope: &Envelope,
    setup: &flow::Target,
    environment: &Environment,
    missing: &mut Vec<String>,
) -> Vec<(String, Place)> {
    let mut place = |name: &str| {
        let Some(place) = setup.fields.get(name) else { return Place::Note };
        match place.as_str() {
            "tags" => Place::Tags,
            "subject" => Place::Subject,
            "requester.name" => Place::Requester("name"),
            "requester.email" => Place::Requester("email"),
            other => {
                let custom = other.strip_prefix("custom_fields.").map(Json::text);
                if let Some(id) = custom {
                    Place::Custom(environment.id(&id, missing))
                } else if let Some(key) = other.strip_prefix("metadata.") {
                    Place::Metadata(environment.text(key, missing))
                } else {
                    Place::Note
                }
            }
        }
    };
    envelope.payload.iter().map(|field| (field.name.clone(), place(&field.name))).collect()
}

fn ids(
    envelope: &Envelope,
    setup: &flow::Target,
    environment: &Environment,
    missing: &mut Vec<String>,
) -> Vec<(String, Json)> {
    let Some(tier) = setup.tiers.get(&envelope.tier) else { return Vec::new() };
    IDS.iter().filter_map(|id| tier.get(*id).map(|value| ((*id).to_owned(), environment.id(value, missing)))).collect()
}

struct Ticket<'a> {
    envelope: &'a Envelope,
    setup: &'a flow::Target,
    places: Vec<(String, Place)>,
    ids: Vec<(String, Json)>,
}

impl Ticket<'_> {
    fn place(&self, field: &str) -> &Place {
        self.places.iter().find(|(name, _)| name == field).map_or(&Place::Note, |(_, place)| place)
    }

    fn write(&self, parts: &[Part<'_>]) -> Written {
        let long = |name: &str| {
            *self.place(name) == Place::Subject
                && parts.iter().any(|part| part.name == name && !fits_subject(&part.value))
        };
        let note = note::note(self.envelope, parts, &|name| *self.place(name) == Place::Note || long(name));
        let comment = LIMITS[0].meter(note.chars().count());
        let body = self.body(parts, note);
        let whole = Meter { what: "body".to_owned(), unit: "bytes", used: body.len(), most: MOST, part: None };
        Written { body, meters: vec![whole, comment] }
    }

    fn body(&self, parts: &[Part<'_>], note: String) -> String {
        let envelope = self.envelope;
        let mut ticket = Json::map();
        ticket.set("subject", Json::Text(self.subject(parts)));
        let comment = vec![("body".to_owned(), Json::Text(note)), ("public".to_owned(), Json::Bool(false))];
        ticket.set("comment", Json::Map(comment));
        if let Some(requester) = self.requester(parts) {
            ticket.set("requester", requester);
        }
        for (id, value) in &self.ids {
            ticket.set(id, value.clone());
        }
        if let Some(priority) = self.priority() {
            ticket.set("priority", Json::text(priority));
        }
        // A due date is for tasks alone, and a promised call or answer is one.
        if let (Some(deadline), "callback" | "ticket") = (envelope.deadline, envelope.mode) {
            ticket.set("type", Json::text("task"));
            ticket.set("due_at", Json::Text(rfc3339(deadline)));
        }
        ticket.set("external_id", Json::text(&envelope.id));
        let tags = self.tags(parts);
        if !tags.is_empty() {
            ticket.set("tags", Json::List(tags.into_iter().map(Json::Text).collect()));
        }
        let custom = self.custom_fields(parts);
        if !custom.is_empty() {
            ticket.set("custom_fields", Json::List(custom));
        }
        let metadata: Vec<(String, Json)> = parts
            .iter()
            .filter_map(|part| match self.place(part.name) {
                Place::Metadata(key) => Some((key.clone(), part.value.clone().into_owned())),
                _ => None,
            })
            .collect();
        if !metadata.is_empty() {
            ticket.set("metadata", Json::Map(metadata));
        }
        compact(&Json::Map(vec![("ticket".to_owned(), ticket)]))
    }

    fn subject(&self, parts: &[Part<'_>]) -> String {
        let placed = parts.iter().find(|part| *self.place(part.name) == Place::Subject);
        let text = match (placed, &self.envelope.summary) {
            (Some(part), _) => words::plain(&part.value),
            (None, Some(summary)) if !summary.trim().is_empty() => summary.clone(),
            _ => self.envelope.flow_title.clone(),
        };
        note::one_line(&text, SUBJECT)
    }

    /// The field that is the subject, where it is longer than that and no policy has cut it.
    fn shortened(&self, cut: &[Cut]) -> Option<Cut> {
        let field = self.envelope.payload.iter().find(|field| *self.place(&field.name) == Place::Subject)?;
        let known = cut.iter().any(|cut| cut.field == field.name);
        let text = words::plain(&field.value);
        let after = note::one_line(&text, SUBJECT).len();
        (!known && !fits_subject(&field.value)).then(|| Cut {
            field: field.name.clone(),
            how: "shorten",
            before: text.len(),
            after,
        })
    }

    /// Name and address of the customer, where the flow gives either; Zendesk takes no requester without a name.
    fn requester(&self, parts: &[Part<'_>]) -> Option<Json> {
        let contact = |key: &str| {
            let found = self.envelope.contact.iter().find(|(name, _)| name == key);
            found.map(|(_, value)| words::plain(value)).filter(|text| !text.is_empty())
        };
        let placed = |key: &str| {
            let found = parts.iter().find(|part| matches!(self.place(part.name), Place::Requester(k) if *k == key));
            found.map(|part| words::plain(&part.value)).filter(|text| !text.is_empty())
        };
        let email = placed("email").or_else(|| contact("email"));
        let name = placed("name").or_else(|| contact("name")).or_else(|| {
            email.as_ref()?;
            self.envelope.customer.clone().or_else(|| email.clone())
        })?;
        let mut requester = Json::Map(vec![("name".to_owned(), Json::Text(name))]);
        if let Some(email) = email {
            requester.set("email", Json::Text(email));
        }
        Some(requester)
    }

    fn priority(&self) -> Option<&str> {
        priority(self.envelope, self.setup)
    }

    fn tags(&self, parts: &[Part<'_>]) -> Vec<String> {
        let mut tags = Vec::new();
        let mut add = |text: &str| {
            let tag = tag(text);
            if !tag.is_empty() && !tags.contains(&tag) {
                tags.push(tag);
            }
        };
        for part in parts.iter().filter(|part| *self.place(part.name) == Place::Tags) {
            match &*part.value {
                Json::List(items) => items.iter().for_each(|item| add(&words::plain(item))),
                Json::Bool(flag) => {
                    if *flag {
                        add(part.name);
                    }
                }
                other => add(&words::plain(other)),
            }
        }
        self.envelope.reasons.iter().for_each(|reason| add(&reason.name));
        tags
    }

    fn custom_fields(&self, parts: &[Part<'_>]) -> Vec<Json> {
        let value = |value: &Json| match value {
            Json::Text(_) | Json::Number(_) | Json::Bool(_) => value.clone(),
            other => Json::Text(words::plain(other)),
        };
        parts
            .iter()
            .filter_map(|part| match self.place(part.name) {
                Place::Custom(id) => {
                    Some(Json::Map(vec![("id".to_owned(), id.clone()), ("value".to_owned(), value(&part.value))]))
                }
                _ => None,
            })
            .collect()
    }
}

fn fits_subject(value: &Json) -> bool {
    words::plain(value).split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>() <= SUBJECT + 1
}

/// One of Zendesk's four priorities; none where the flow names another.
pub(super) fn priority<'a>(envelope: &Envelope, setup: &'a flow::Target) -> Option<&'a str> {
    let name = carriage::priority(envelope, setup, ["urgent", "high", "normal", "low", "low"]);
    PRIORITIES.contains(&name).then_some(name)
}

/// A text as a tag: Zendesk takes letters, digits, `_`, `-`, `/` and `:`, all in lower case.
pub(super) fn tag(text: &str) -> String {
    let mut out = String::new();
    for c in text.trim().chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | ':') {
            out.push(c);
        } else if !out.ends_with('_') {
            out.push('_');
        }
    }
    out.trim_matches('_').to_owned()
}

#[cfg(test)]
#[path = "zendesk_tests.rs"]
mod tests;
