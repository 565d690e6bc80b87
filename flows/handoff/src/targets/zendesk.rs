//! Zendesk Support: a ticket whose first comment is an internal note (`POST /api/v2/tickets`).
//!
//! `custom_fields` are `{id, value}`, as the documentation says and as tickets are read back; Zendesk's own description
//! asks for `key`, `type` and `title` there, which belong to the definition of a field.

use flow_model::flow;
use flow_model::tree::{Json, compact};

use super::Target;
use super::sized::{self, Part};
use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::moment::rfc3339;
use crate::request::{Limit, Request};
use crate::words;

/// A ticket.
pub struct Zendesk;

/// The most bytes of a body. Zendesk names a limit for the comment alone, and two of them: about 65,000 characters, and
/// 64 KB. A body within 65,000 bytes holds both.
const MOST: usize = 65_000;

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

    fn request(&self, envelope: &Envelope, setup: &flow::Target, environment: &Environment) -> Request {
        let mut missing = Vec::new();
        let url = environment.text("https://{{subdomain}}.zendesk.com/api/v2/tickets", &mut missing);
        let places = places(envelope, setup, environment, &mut missing);
        let ids = ids(envelope, setup, environment, &mut missing);
        let ticket = Ticket { envelope, setup, places, ids };
        let made = sized::fit(&envelope.payload, setup, envelope.screen.as_deref(), MOST, &|parts| ticket.body(parts));
        Request {
            method: "POST",
            url,
            headers: [
                ("Content-Type", "application/json"),
                ("Accept", "application/json"),
                ("Authorization", ""),
                ("Idempotency-Key", &envelope.id),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
            bytes: made.body.len(),
            limit: MOST,
            fits: made.body.len() <= MOST,
            body: made.body,
            cut: made.cut,
            missing,
            then: Vec::new(),
        }
    }
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

    fn body(&self, parts: &[Part<'_>]) -> String {
        let envelope = self.envelope;
        let mut ticket = Json::map();
        ticket.set("subject", Json::Text(self.subject(parts)));
        let comment = vec![("body".to_owned(), Json::Text(self.note(parts))), ("public".to_owned(), Json::Bool(false))];
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
        let one_line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match one_line.char_indices().nth(150) {
            Some((end, _)) => format!("{}…", &one_line[..end]),
            None => one_line,
        }
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
        let usual = match self.envelope.priority {
            0 | 1 => "urgent",
            2 => "high",
            3 => "normal",
            _ => "low",
        };
        let name = self.setup.priority.get(&self.envelope.priority.to_string()).map_or(usual, String::as_str);
        PRIORITIES.contains(&name).then_some(name)
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

    /// The internal note: what the person reads first.
    fn note(&self, parts: &[Part<'_>]) -> String {
        let envelope = self.envelope;
        let mut lines = Vec::new();
        if let Some(summary) = &envelope.summary {
            lines.push(summary.clone());
            lines.push(String::new());
        }
        let reasons: Vec<&str> =
            envelope.reasons.iter().map(|reason| reason.title.as_ref().unwrap_or(&reason.name).as_str()).collect();
        lines.push(format!("Why: {}", reasons.join(", ")));
        lines.push(format!("For: {}, priority {}, {}", envelope.tier_title, envelope.priority, envelope.mode));
        if let Some(deadline) = envelope.deadline {
            lines.push(format!("Answer by: {}", rfc3339(deadline)));
        }
        if let Some(customer) = &envelope.customer {
            lines.push(format!("Customer: {customer}"));
        }
        for (name, value) in &envelope.contact {
            lines.push(format!("{}: {}", words::label(name), words::plain(value)));
        }
        if let Some(told) = &envelope.told {
            lines.push(format!("The customer was told that you see: {told}"));
        }
        if let Some(said) = &envelope.trigger_text {
            lines.push(format!("It began with: \"{said}\""));
        }
        self.fields(parts, &mut lines);
        if !envelope.people.is_empty() {
            heading("People before", &mut lines);
            words::block(&Json::List(envelope.people.clone()), &mut lines);
        }
        if let Some(screen) = &envelope.screen {
            lines.push(String::new());
            lines.push(format!("Open: {screen}"));
        }
        lines.push(String::new());
        lines.push(format!(
            "Flow: {}; conversation: {}; request: {}",
            envelope.flow_title, envelope.conversation, envelope.id
        ));
        lines.join("\n")
    }

    /// Fields without a place of their own: short ones as a line each, then long ones under a heading.
    fn fields(&self, parts: &[Part<'_>], lines: &mut Vec<String>) {
        let here = || parts.iter().filter(|part| *self.place(part.name) == Place::Note);
        let title = |part: &Part<'_>| part.title.map_or_else(|| words::label(part.name), str::to_owned);
        for part in here().filter(|part| !words::is_block(&part.value)) {
            lines.push(format!("{}: {}", title(part), words::plain(&part.value)));
        }
        for part in here().filter(|part| words::is_block(&part.value)) {
            heading(&title(part), lines);
            words::block(&part.value, lines);
        }
    }
}

fn heading(text: &str, lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.push(format!("{text}:"));
}

/// A text as a tag: Zendesk takes letters, digits, `_`, `-`, `/` and `:`, all in lower case.
fn tag(text: &str) -> String {
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
