//! The neutral envelope: what a person receives, whatever the place where people answer. Redaction is done when it stands.

use flow_conditions::decimal::Decimal;
use flow_model::tree::{Json, Number, compact};
use uuid::Uuid;

use crate::clean::{Cleaner, Rail};
use crate::draft::{Draft, Reason};
use crate::known::known;
use crate::moment::rfc3339;
use crate::pseudonym::Pseudonym;
use crate::recognise::Strictness;
use crate::redact::Keys;
use crate::request::object;
use crate::resume::{self, State};

/// What the ids of requests are made under.
pub(crate) const NAMESPACE: Uuid = Uuid::from_u128(0x6d1f_5ab0_3c0e_5d3a_9e41_b0d2_71c4_88f7);

/// Data that was not sent as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// The field, or `summary`, `trigger_text`, `people`.
    pub field: String,
    /// The class of the data, where it was declared.
    pub class: Option<String>,
    /// The kind of the data, where it was recognised.
    pub kind: Option<&'static str>,
    /// Where in the field's value: `[2].text`; `None` for the whole of it.
    pub part: Option<String>,
    /// How often it stands there.
    pub count: usize,
    /// `mask`, `hash`, `drop`, `block` or `failed`.
    pub how: &'static str,
    /// In words.
    pub why: String,
}

/// A field that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Option<String>,
    /// The expression that it is taken from.
    pub from: String,
    /// Its value, redacted.
    pub value: Json,
}

impl Field {
    /// Whether it is what was said.
    #[must_use]
    pub fn is_transcript(&self) -> bool {
        self.from.trim_start().starts_with("transcript.")
    }
}

/// The envelope of a handoff.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// UUIDv5 over flow, revision, conversation and ordinal.
    pub id: String,
    /// The whole envelope; every key is always there, `null` where nothing is known.
    pub json: Json,
    /// Title of the flow, or its id.
    pub flow_title: String,
    /// Id of the conversation, or what stands for it.
    pub conversation: String,
    /// The tier.
    pub tier: String,
    /// What people read of it.
    pub tier_title: String,
    /// 1 is the most urgent.
    pub priority: u8,
    /// `transfer`, `copilot`, `ticket` or `callback`.
    pub mode: &'static str,
    /// `cold` or `warm`.
    pub join: Option<String>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// One line for the person.
    pub summary: Option<String>,
    /// What the customer was told.
    pub told: Option<String>,
    /// What the customer said when the trigger fired.
    pub trigger_text: Option<String>,
    /// The payload.
    pub payload: Vec<Field>,
    /// Required fields that are unset.
    pub unset: Vec<String>,
    /// What was not sent as it is.
    pub redacted: Vec<Redacted>,
    /// How to reach the customer.
    pub contact: Vec<(String, Json)>,
    /// `customer.id`
    pub customer: Option<String>,
    /// Language of the flow.
    pub locale: Option<String>,
    /// When it was made, in seconds since 1970.
    pub time: i64,
    /// When the customer should have an answer, in seconds since 1970.
    pub deadline: Option<i64>,
    /// People who had the conversation before.
    pub people: Vec<Json>,
    /// Address to open.
    pub screen: Option<String>,
    /// What the people of the tier can do.
    pub skills: Vec<String>,
    /// What proves, when the conversation comes back, that this handoff is meant; only where the caller gives a key.
    pub resume_token: Option<String>,
}

impl Envelope {
    /// The value of a payload field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Json> {
        self.payload.iter().find(|field| field.name == name).map(|field| &field.value)
    }

    /// The envelope as a CloudEvents 1.0 event in structured form.
    #[must_use]
    pub fn cloud_event(&self) -> Json {
        let event = State::Requested.event(self, 0, self.time);
        match event {
            Json::Map(mut map) => {
                map.push(("data".to_owned(), self.json.clone()));
                Json::Map(map)
            }
            other => other,
        }
    }
}

/// The id of a request.
#[must_use]
pub fn id(flow: &str, revision: &str, conversation: &str, ordinal: u32) -> String {
    let name =
        Json::List(vec![Json::text(flow), Json::text(revision), Json::text(conversation), Json::int(ordinal.into())]);
    Uuid::new_v5(&NAMESPACE, compact(&name).as_bytes()).to_string()
}

/// Makes the envelope of a draft, as records take it.
#[must_use]
pub fn envelope(draft: &Draft, keys: &Keys) -> Envelope {
    envelope_for(draft, keys, Rail::Record)
}

/// Makes the envelope of a draft for what it goes out on.
#[must_use]
pub fn envelope_for(draft: &Draft, keys: &Keys, rail: Rail) -> Envelope {
    let id = id(&draft.flow, &draft.revision, &draft.conversation, draft.ordinal);
    match Pseudonym::of(draft, keys).filter(|_| rail != Rail::Measure) {
        Some(pseudonym) => made(id, &pseudonym.put(draft), keys, rail, Some(pseudonym)),
        None => made(id, draft, keys, rail, None),
    }
}

fn made(id: String, draft: &Draft, keys: &Keys, rail: Rail, pseudonym: Option<Pseudonym>) -> Envelope {
    let mut cleaned = Cleaner::new(draft, keys, rail);
    cleaned.redacted.extend(pseudonym.map(Pseudonym::told));
    let payload = cleaned.payload();
    let summary = cleaned.text("summary", draft.summary.as_deref());
    let told = cleaned.text("told", draft.told.as_deref());
    let trigger_text = cleaned.text("trigger_text", draft.trigger_text.as_deref());
    let people = cleaned.values("people", &draft.people);
    let contact = draft.contact.iter();
    let contact = contact.map(|(way, value)| (way.clone(), cleaned.given(way, value, Strictness::Secret))).collect();
    let customer = cleaned.id("customer", draft.customer.as_deref(), Strictness::Secret);
    let screen = cleaned.address("screen", draft.screen.as_deref());
    let unset = draft.fields.iter().filter(|f| f.required && f.value.is_none()).map(|f| f.name.clone()).collect();
    let within = draft.answer_within.and_then(|seconds| seconds.floor().to_i64());
    let mut made = Envelope {
        id,
        json: Json::Null,
        flow_title: if draft.flow_title.is_empty() { draft.flow.clone() } else { draft.flow_title.clone() },
        conversation: draft.conversation.clone(),
        tier: draft.tier.clone(),
        tier_title: if draft.tier_title.is_empty() { draft.tier.clone() } else { draft.tier_title.clone() },
        priority: draft.priority,
        mode: draft.mode,
        join: draft.join.clone(),
        reasons: draft.reasons.clone(),
        summary,
        told,
        trigger_text,
        payload,
        unset,
        redacted: cleaned.redacted,
        contact,
        customer,
        locale: draft.locale.clone(),
        time: draft.time,
        deadline: within.map(|seconds| draft.time.saturating_add(seconds)),
        people,
        screen,
        skills: draft.skills.clone(),
        resume_token: None,
    };
    made.resume_token = resume::token(&made.id, made.time, keys);
    made.json = json(draft, &made);
    made
}

fn maybe(text: Option<&String>) -> Json {
    text.map_or(Json::Null, Json::text)
}

fn json(draft: &Draft, made: &Envelope) -> Json {
    let Json::Map(mut map) = header(draft, made) else { return Json::Null };
    map.extend(known(draft, made));
    Json::Map(map)
}

fn header(draft: &Draft, made: &Envelope) -> Json {
    let reasons = made
        .reasons
        .iter()
        .map(|reason| object([("name", Json::text(&reason.name)), ("title", maybe(reason.title.as_ref()))]));
    let redacted = made.redacted.iter().map(|r| {
        object([
            ("field", Json::text(&r.field)),
            ("class", maybe(r.class.as_ref())),
            ("how", Json::text(r.how)),
            ("why", Json::text(&r.why)),
            ("kind", r.kind.map_or(Json::Null, Json::text)),
            ("part", maybe(r.part.as_ref())),
            ("count", Json::int(i64::try_from(r.count).unwrap_or(i64::MAX))),
        ])
    });
    let payload = made.payload.iter().map(|field| (field.name.clone(), field.value.clone())).collect();
    let number = |value: Option<Decimal>| value.map_or(Json::Null, |v| Json::Number(Number::from(v)));
    object([
        ("id", Json::text(&made.id)),
        ("type", Json::text("handoff.requested.v1")),
        ("time", Json::Text(rfc3339(draft.time))),
        ("flow", Json::text(&draft.flow)),
        ("flow_title", Json::text(&made.flow_title)),
        ("revision", Json::text(&draft.revision)),
        ("conversation", Json::text(&draft.conversation)),
        ("ordinal", Json::int(draft.ordinal.into())),
        ("at_turn", Json::int(draft.at_turn)),
        ("node", Json::text(&draft.node)),
        ("context", Json::text(&draft.context)),
        ("tier", Json::text(&draft.tier)),
        ("tier_title", Json::text(&made.tier_title)),
        ("priority", Json::int(draft.priority.into())),
        ("mode", Json::text(draft.mode)),
        ("join", maybe(draft.join.as_ref())),
        ("trigger", maybe(draft.trigger.as_ref())),
        ("trigger_text", maybe(made.trigger_text.as_ref())),
        ("reasons", Json::List(reasons.collect())),
        ("summary", maybe(made.summary.as_ref())),
        ("told", maybe(made.told.as_ref())),
        ("payload", Json::Map(payload)),
        ("unset", Json::List(made.unset.iter().map(Json::text).collect())),
        ("redacted", Json::List(redacted.collect())),
        ("contact", Json::Map(made.contact.clone())),
        ("customer", maybe(made.customer.as_ref())),
        ("locale", maybe(made.locale.as_ref())),
        ("answer_within", number(draft.answer_within)),
        ("deadline", made.deadline.map_or(Json::Null, |at| Json::Text(rfc3339(at)))),
        ("people", Json::List(made.people.clone())),
        ("screen", maybe(made.screen.as_ref())),
    ])
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
