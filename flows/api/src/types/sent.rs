//! What stands in the parts of an envelope, and the envelope that comes back: for their published schemas alone.
//!
//! What must stay true: a value that a field sends may be redacted, and is then a text whatever it was before.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

/// A value that a field sends.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Sent<T> {
    /// As it is.
    Open(T),
    /// Redacted: masked, a hash, or `<REDACTION_FAILED>`.
    Redacted(String),
}

/// Values by name.
pub type Named = BTreeMap<String, Value>;

/// Another intent that was thought of.
#[derive(JsonSchema)]
pub struct Alternative {
    /// Its name.
    pub intent: Option<String>,
    /// How sure, 0 to 1.
    pub confidence: Option<Sent<f64>>,
}

/// What the customer wants.
#[derive(JsonSchema)]
pub struct Intent {
    /// Its name in the flow.
    pub name: Option<String>,
    /// What people read.
    pub title: Option<String>,
    /// How sure, 0 to 1.
    pub confidence: Option<Sent<f64>>,
    /// What else was thought of.
    pub alternatives: Option<Sent<Vec<Alternative>>>,
}

/// The customer's mood, -1 to 1.
#[derive(JsonSchema)]
pub struct Sentiment {
    /// Now.
    pub now: Option<Sent<f64>>,
    /// How it moved.
    pub trend: Option<Sent<f64>>,
    /// Turn by turn.
    pub course: Option<Sent<Vec<Sent<f64>>>>,
}

/// An error that the conversation met.
#[derive(JsonSchema)]
pub struct Failure {
    /// Its code.
    pub code: Option<String>,
    /// Its words.
    pub message: Option<String>,
    /// The card whose call failed.
    pub action: Option<String>,
}

/// A call that was tried.
#[derive(JsonSchema)]
pub struct Tried {
    /// The card.
    pub action: String,
    /// The call.
    pub call: String,
    /// What it was given.
    pub inputs: Named,
    /// `ok`, `error` or `timeout`.
    pub status: String,
    /// The code of its error.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The words of its error.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What it gave.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub data: Option<Named>,
    /// How often it was tried; said of the call that failed last.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// A line of what was said.
#[derive(JsonSchema)]
pub struct Said {
    /// `customer`, `ai` or `agent`.
    pub who: String,
    /// The person's name.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The words.
    pub text: String,
    /// When, as RFC 3339.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// Something that a person did.
#[derive(JsonSchema)]
pub struct Deed {
    /// The person's name.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `accepted declined resumed resolved escalated used ran`.
    pub did: String,
    /// The outcome in the person's word.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The person's note.
    #[schemars(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What the tier promises.
#[derive(JsonSchema)]
pub struct Slo {
    /// Seconds within which the customer should have an answer.
    pub answer_within: Option<f64>,
    /// The share of customers for whom that is kept, 0 to 1.
    pub share: Option<f64>,
    /// When the customer should have an answer.
    #[schemars(extend("format" = "date-time"))]
    pub deadline: Option<String>,
}

/// A class of what is sent.
#[derive(JsonSchema)]
pub struct Class {
    /// What people read.
    pub title: Option<String>,
    /// Why it may be used.
    pub basis: Option<String>,
    /// How many days it may be kept.
    pub retain_days: Option<u32>,
    /// The fields that have it.
    pub fields: Vec<String>,
}

/// How the handoff comes back.
#[derive(JsonSchema)]
pub struct ComesBack {
    /// Proves that whoever gives the conversation back was given it; `null` without a key.
    pub token: Option<String>,
    /// Until when.
    #[schemars(extend("format" = "date-time"))]
    pub expires: String,
    /// The ways in which it may.
    pub returns: Vec<String>,
}

/// Something that should not be asked or done again.
#[derive(JsonSchema)]
pub struct Done {
    /// `ask` or `action`.
    #[schemars(extend("enum" = ["ask", "action"]))]
    pub what: String,
    /// The slot that has a value, or the call that was made.
    pub name: String,
    /// `customer`, `ai` or `person`.
    #[schemars(extend("enum" = ["customer", "ai", "person"]))]
    pub by: String,
    /// In words.
    pub why: String,
}

/// Who has the conversation next.
#[derive(JsonSchema)]
pub struct Owner {
    /// `ai`, `person` or `nobody`.
    #[schemars(extend("enum" = ["ai", "person", "nobody"]))]
    pub who: String,
    /// The card where it goes on.
    pub node: Option<String>,
    /// The tier, where that is a person's and known.
    pub tier: Option<String>,
}

/// What comes back of a handoff: the data of every state after the request.
#[derive(JsonSchema)]
pub struct Resume {
    /// The handoff.
    #[schemars(extend("format" = "uuid"))]
    pub handoff_id: String,
    /// The state.
    #[schemars(extend("enum" = ["handoff.accepted.v1", "handoff.failed.v1", "handoff.completed.v1", "handoff.resumed.v1"]))]
    pub r#type: String,
    /// When.
    #[schemars(extend("format" = "date-time"))]
    pub time: String,
    /// Id of the conversation.
    pub conversation: String,
    /// How it ended: `resolved returned escalated abandoned no_agent timeout withdrawn`; `null` while a person has it.
    #[schemars(extend("enum" = ["resolved", "returned", "escalated", "abandoned", "no_agent", "timeout", "withdrawn", null]))]
    pub outcome: Option<String>,
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
    pub did: Vec<Deed>,
    /// Slots that got a value, or lost it (`null`), since a person took it.
    pub facts: Named,
    /// What should not be asked or done again.
    pub do_not_repeat: Vec<Done>,
    /// The last that the person said to the customer.
    pub closing_text: Option<String>,
    /// Who has the conversation next.
    pub next_owner: Owner,
}
