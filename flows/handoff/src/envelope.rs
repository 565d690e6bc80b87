//! The neutral envelope: what a person receives, whatever the place where people answer. Redaction is done when it stands.

use flow_conditions::decimal::Decimal;
use flow_model::tree::{Json, Number, compact};
use uuid::Uuid;

use crate::draft::{Draft, Reason};
use crate::known::known;
use crate::moment::rfc3339;
use crate::redact::{self, Keys, Outcome};
use crate::request::object;
use crate::resume::{self, State};

/// What the ids of requests are made under.
const NAMESPACE: Uuid = Uuid::from_u128(0x6d1f_5ab0_3c0e_5d3a_9e41_b0d2_71c4_88f7);

/// Data that was not sent as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// The field, or `summary`, `trigger_text`, `people`.
    pub field: String,
    /// The class of the data.
    pub class: Option<String>,
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
    /// Its value, redacted.
    pub value: Json,
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
    /// Id of the conversation.
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

/// Makes the envelope of a draft.
#[must_use]
pub fn envelope(draft: &Draft, keys: &Keys) -> Envelope {
    let mut cleaned = Cleaner::new(draft, keys);
    let payload = cleaned.payload();
    let summary = cleaned.text("summary", draft.summary.as_deref());
    let told = cleaned.text("told", draft.told.as_deref());
    let trigger_text = cleaned.text("trigger_text", draft.trigger_text.as_deref());
    let people = cleaned.values("people", &draft.people);
    let unset = draft.fields.iter().filter(|f| f.required && f.value.is_none()).map(|f| f.name.clone()).collect();
    let within = draft.answer_within.and_then(|seconds| seconds.floor().to_i64());
    let mut made = Envelope {
        id: id(&draft.flow, &draft.revision, &draft.conversation, draft.ordinal),
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
        contact: draft.contact.clone(),
        customer: draft.customer.clone(),
        locale: draft.locale.clone(),
        time: draft.time,
        deadline: within.map(|seconds| draft.time.saturating_add(seconds)),
        people,
        screen: draft.screen.clone(),
        skills: draft.skills.clone(),
        resume_token: None,
    };
    made.resume_token = resume::token(&made.id, made.time, keys);
    made.json = json(draft, &made);
    made
}

struct Cleaner<'a> {
    draft: &'a Draft,
    outcomes: Vec<Outcome>,
    secrets: Vec<redact::Secret>,
    redacted: Vec<Redacted>,
}

impl<'a> Cleaner<'a> {
    fn new(draft: &'a Draft, keys: &Keys) -> Self {
        let mut secrets = Vec::new();
        let mut outcomes = Vec::with_capacity(draft.fields.len());
        for (i, field) in draft.fields.iter().enumerate() {
            let outcome = field.value.as_ref().map_or(Outcome::Open, |value| {
                let outcome = redact::redact(value, field.redact.as_deref(), keys);
                redact::secrets(i, value, &outcome, &mut secrets);
                outcome
            });
            outcomes.push(outcome);
        }
        Self { draft, outcomes, secrets, redacted: Vec::new() }
    }

    fn payload(&mut self) -> Vec<Field> {
        let mut payload = Vec::with_capacity(self.draft.fields.len());
        for (i, field) in self.draft.fields.iter().enumerate() {
            let Some(value) = &field.value else { continue };
            let sent = match self.outcomes[i].clone() {
                Outcome::Open => Some(self.open(field, value)),
                Outcome::Changed { how, value } => {
                    self.note(field.name.clone(), i, how, None);
                    Some(value)
                }
                Outcome::Gone { how } => {
                    self.note(field.name.clone(), i, how, None);
                    None
                }
            };
            if let Some(value) = sent {
                payload.push(Field { name: field.name.clone(), title: field.title.clone(), value });
            }
        }
        payload
    }

    /// A field that goes out as it is, without what another field may not show; `"redact": "none"` and a value of its own
    /// are the author's word.
    fn open(&mut self, field: &crate::DraftField, value: &Json) -> Json {
        if field.redact.as_deref() == Some("none") || !matches!(value, Json::Text(_) | Json::List(_) | Json::Map(_)) {
            return value.clone();
        }
        if matches!(value, Json::Text(text) if self.secrets.iter().any(|s| s.is(text))) {
            return value.clone();
        }
        let mut found = Vec::new();
        let clean = redact::scrub_value(value, &self.secrets, &mut found);
        self.found(&field.name, &found);
        clean
    }

    fn text(&mut self, name: &str, text: Option<&str>) -> Option<String> {
        let mut found = Vec::new();
        let clean = redact::scrub(text?, &self.secrets, &mut found);
        self.found(name, &found);
        Some(clean)
    }

    fn values(&mut self, name: &str, values: &[Json]) -> Vec<Json> {
        let mut found = Vec::new();
        let clean = values.iter().map(|value| redact::scrub_value(value, &self.secrets, &mut found)).collect();
        self.found(name, &found);
        clean
    }

    fn found(&mut self, name: &str, found: &[usize]) {
        let mut found = found.to_vec();
        found.sort_unstable();
        for field in &found {
            let how = match &self.outcomes[*field] {
                Outcome::Changed { how, .. } | Outcome::Gone { how } => how,
                Outcome::Open => continue,
            };
            self.note(name.to_owned(), *field, how, Some(&self.draft.fields[*field].name));
        }
    }

    fn note(&mut self, field: String, of: usize, how: &'static str, holds: Option<&str>) {
        let class = self.draft.fields[of].class.clone();
        let rule = match (how, &class) {
            ("failed", _) => "it could not be redacted as told, so it is not sent".to_owned(),
            (_, Some(class)) => format!("it is data of the class {class}"),
            (_, None) => "the field says so".to_owned(),
        };
        let why = match holds {
            Some(holds) => format!("it holds the value of {holds}: {rule}"),
            None => rule,
        };
        self.redacted.push(Redacted { field, class, how, why });
    }
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
