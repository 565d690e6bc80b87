//! The way back: the states of a handoff as CloudEvents 1.0, and the envelope that comes back with what the person did.
//!
//! What must stay true: an envelope that comes back goes to the flow and nowhere else, so nothing in it is redacted.

use flow_model::tree::{Json, compact};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::envelope::Envelope;
use crate::moment::rfc3339;
use crate::redact::Keys;
use crate::request::object;

/// How long a handoff can come back, in seconds: a week. A ticket that is answered later begins a conversation of its own.
const WEEK: i64 = 7 * 86_400;

/// What the ids of later states are made under.
const NAMESPACE: Uuid = Uuid::from_u128(0x1f0e_9c3a_55b1_5c02_8d7e_3a64_90d1_b2c5);

/// The moment, in seconds since 1970, after which a handoff made at `time` comes back no more.
#[must_use]
pub fn expires(time: i64) -> i64 {
    time.saturating_add(WEEK)
}

/// What a contact centre gives back as proof that it was given this handoff: the moment at which it ends, and an HMAC of
/// both. Without a key there is none: one that can be guessed proves nothing.
#[must_use]
pub fn token(id: &str, time: i64, keys: &Keys) -> Option<String> {
    signed(id, expires(time), keys)
}

/// Whether a token is the one of a handoff and has not ended by `now`.
#[must_use]
pub fn token_holds(token: &str, id: &str, now: i64, keys: &Keys) -> bool {
    let until = token
        .strip_prefix("r1.")
        .and_then(|rest| rest.split_once('.'))
        .and_then(|(at, _)| i64::from_str_radix(at, 16).ok());
    // A token is compared in a time that does not tell where it differs.
    until.filter(|until| now <= *until).and_then(|until| signed(id, until, keys)).is_some_and(|good| {
        good.len() == token.len() && good.bytes().zip(token.bytes()).fold(0, |odd, (a, b)| odd | (a ^ b)) == 0
    })
}

fn signed(id: &str, until: i64, keys: &Keys) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(keys.resume.as_deref()?).ok()?;
    mac.update(format!("resume\n{id}\n{until}").as_bytes());
    let proof: String = mac.finalize().into_bytes().iter().take(20).map(|byte| format!("{byte:02x}")).collect();
    Some(format!("r1.{until:x}.{proof}"))
}

/// A state of a handoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The request went out.
    Requested,
    /// A person took it, or a ticket or callback was filed.
    Accepted,
    /// It failed, or was withdrawn before anybody took it.
    Failed,
    /// A person is done, and the conversation does not go back to the AI.
    Completed,
    /// A person gave the conversation back.
    Resumed,
}

impl State {
    /// As the type of the event has it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
            Self::Completed => "completed",
            Self::Resumed => "resumed",
        }
    }

    /// The CloudEvents 1.0 header of a state, without its data. The event that requests has the id of the handoff; each
    /// later one an id of its own, made of that, its state and its number.
    #[must_use]
    pub fn event(self, envelope: &Envelope, number: usize, time: i64) -> Json {
        let flow = envelope.json.get("flow").and_then(Json::as_text).unwrap_or_default();
        let id = match self {
            Self::Requested => envelope.id.clone(),
            _ => {
                let name = Json::List(vec![
                    Json::text(&envelope.id),
                    Json::text(self.id()),
                    Json::int(i64::try_from(number).unwrap_or(i64::MAX)),
                ]);
                Uuid::new_v5(&NAMESPACE, compact(&name).as_bytes()).to_string()
            }
        };
        object([
            ("specversion", Json::text("1.0")),
            ("id", Json::Text(id)),
            ("source", Json::Text(format!("/flows/{flow}"))),
            ("type", Json::Text(format!("handoff.{}.v1", self.id()))),
            ("subject", Json::text(&envelope.conversation)),
            ("time", Json::Text(rfc3339(time))),
            ("datacontenttype", Json::text("application/json")),
            ("dataschema", Json::text(if self == Self::Requested { ENVELOPE } else { RESUME })),
            ("handoffid", Json::text(&envelope.id)),
        ])
    }
}

/// What the data of a request follows.
pub const ENVELOPE: &str = "urn:handoff:envelope:1";
/// What the data of every later state follows.
pub const RESUME: &str = "urn:handoff:resume:1";

/// Who has the conversation next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// `ai`, `person` or `nobody`.
    pub who: &'static str,
    /// The node where it goes on.
    pub node: Option<String>,
    /// The tier, where that is a person's and known.
    pub tier: Option<String>,
}

/// Something that should not be asked or done again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// `ask` or `action`.
    pub what: &'static str,
    /// The slot that is filled, or the call that was made.
    pub name: String,
    /// `customer`, `ai` or `person`.
    pub by: &'static str,
    /// In words.
    pub why: String,
}

/// What comes back: each state after the request, as the run knows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resume {
    /// Which of the run's requests, from 0.
    pub request: usize,
    /// When, in seconds since 1970.
    pub time: i64,
    /// `resolved returned escalated abandoned no_agent timeout withdrawn`; `None` while a person has it.
    pub outcome: Option<&'static str>,
    /// Why, in words.
    pub why: String,
    /// The person.
    pub person: Option<String>,
    /// The reference that the contact centre gave.
    pub reference: Option<String>,
    /// The outcome in the person's own word.
    pub result: Option<String>,
    /// The person's note.
    pub note: Option<String>,
    /// What people did, in order.
    pub did: Vec<Json>,
    /// Slots that got or lost their value since a person took it: by the person, or in the customer's words to them.
    pub facts: Vec<(String, Json)>,
    /// What should not be asked or done again.
    pub done: Vec<Done>,
    /// The last that the person said to the customer.
    pub closing: Option<String>,
    /// Who has the conversation next.
    pub next: Owner,
}

impl Resume {
    /// The envelope that comes back. Every key is always there, `null` where nothing is known.
    #[must_use]
    pub fn json(&self, state: State, envelope: &Envelope) -> Json {
        let text = |text: &Option<String>| text.as_ref().map_or(Json::Null, Json::text);
        let done = self.done.iter().map(|done| {
            object([
                ("what", Json::text(done.what)),
                ("name", Json::text(&done.name)),
                ("by", Json::text(done.by)),
                ("why", Json::text(&done.why)),
            ])
        });
        object([
            ("handoff_id", Json::text(&envelope.id)),
            ("type", Json::Text(format!("handoff.{}.v1", state.id()))),
            ("time", Json::Text(rfc3339(self.time))),
            ("conversation", Json::text(&envelope.conversation)),
            ("outcome", self.outcome.map_or(Json::Null, Json::text)),
            ("why", Json::text(&self.why)),
            ("person", text(&self.person)),
            ("reference", text(&self.reference)),
            ("result", text(&self.result)),
            ("note", text(&self.note)),
            ("did", Json::List(self.did.clone())),
            ("facts", Json::Map(self.facts.clone())),
            ("do_not_repeat", Json::List(done.collect())),
            ("closing_text", text(&self.closing)),
            (
                "next_owner",
                object([
                    ("who", Json::text(self.next.who)),
                    ("node", text(&self.next.node)),
                    ("tier", text(&self.next.tier)),
                ]),
            ),
        ])
    }
}
