//! A preview, as the window shows it. The JSON is that of the command line, so every key is listed here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::{sent, wire};

wire! {
    /// What was done to a field that did not fit.
    struct Cut {
        /// The field.
        pub field: String,
        /// `drop`, `shorten` or `link`.
        pub how: String,
        /// Bytes before.
        pub before: u32,
        /// Bytes after.
        pub after: u32,
    }

    /// A request as it would be sent.
    struct Request {
        /// HTTP method.
        pub method: String,
        /// Address; names without a value stay `{{name}}`.
        pub url: String,
        /// Headers; those that carry a secret are empty.
        #[ts(type = "{ readonly [name: string]: string }")]
        pub headers: Map<String, Value>,
        /// The exact text that is sent.
        pub body: String,
        /// Its length.
        pub bytes: u32,
        /// The largest length that is sure to be taken, where it is `limited`.
        #[ts(type = "number | null")]
        pub limit: Option<u64>,
        /// Whether the body has a limit at all.
        pub limited: bool,
        /// Whether it is within every limit.
        pub fits: bool,
        /// What was cut so that it fits.
        pub cut: Vec<Cut>,
        /// Names that the environment does not have.
        pub missing: Vec<String>,
        /// Requests that follow.
        pub then: Vec<Request>,
        /// The media type of the body; none where there is no body.
        pub content_type: Option<String>,
        /// Every limit that was measured, with what is used of it.
        pub meters: Vec<Meter>,
        /// What later requests take from the answer: a JSON pointer by name.
        #[ts(type = "{ readonly [name: string]: string }")]
        pub keeps: Map<String, Value>,
        /// Whether it stands in a chat; said of the first request, as all that follows here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub chat: Option<bool>,
        /// What is made of a handoff of this mode, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub carried_as: Option<String>,
        /// How the wait is read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub wait: Option<WaitRead>,
        /// How it is withdrawn while nobody has taken it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub withdraw: Option<Withdraw>,
        /// How control comes back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub returns: Option<Vec<ComesBack>>,
        /// What keeps it from being made twice.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub idempotency: Option<Idempotency>,
        /// Names of the secrets that it needs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub secrets: Option<Vec<String>>,
        /// Fields that hold what no chat may hold, where it is one.
        #[serde(default)]
        pub blocked: Vec<String>,
    }

    /// A limit, and what is used of it.
    struct Meter {
        /// What is limited.
        pub what: String,
        /// `bytes`, `characters` or `count`.
        pub unit: String,
        /// What is used.
        pub used: u32,
        /// The largest value.
        #[ts(type = "number")]
        pub most: u64,
        /// The field whose value is measured, where it is one alone.
        pub field: Option<String>,
    }

    /// How a wait is read.
    struct WaitRead {
        /// When it can be known.
        #[ts(type = "\"before\" | \"after\" | \"never\"")]
        pub known: String,
        /// What asks for it.
        pub request: Option<Box<Request>>,
        /// What its answer gives: `wait`, `position`, `available`, `open`, by JSON pointer.
        #[ts(type = "{ readonly [pointer: string]: string }")]
        pub gives: Map<String, Value>,
        /// What to know about it.
        pub note: String,
    }

    /// How a request is withdrawn.
    struct Withdraw {
        /// By this request.
        pub request: Option<Box<Request>>,
        /// Why not.
        pub why_not: Option<String>,
    }

    /// An event by which control comes back.
    struct ComesBack {
        /// Its name.
        pub event: String,
        /// `webhook`, `stream`, `poll` or `message`.
        pub by: String,
        /// `accepted`, `failed`, `completed` or `resumed`.
        pub state: String,
        /// The outcome, where it says one.
        pub outcome: Option<String>,
        /// Keys of the resume envelope by JSON pointer.
        #[ts(type = "{ readonly [pointer: string]: string }")]
        pub maps: Map<String, Value>,
        /// What must be set up for it to come.
        pub note: String,
    }

    /// What keeps a request from being made twice.
    struct Idempotency {
        /// `header`, `field`, `address` or `look_first`.
        pub by: String,
        /// Its name, or what to look for.
        pub what: String,
    }

    /// A comparison and its outcome.
    struct Atom {
        /// With the values, in words.
        pub text: String,
        /// Whether it holds.
        pub holds: bool,
    }

    /// A step of a preview.
    struct Step {
        /// Index of the event; -1 before the first.
        pub event: i32,
        /// The card.
        pub node: String,
        /// The port by which it is left; `trigger.ID` where a trigger took the turn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub port: Option<String>,
        /// Where it leads.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub to: Option<String>,
        /// Why, in words.
        pub why: String,
        /// The comparisons behind it.
        pub because: Vec<Atom>,
        /// Said to the customer.
        pub said: Vec<String>,
        /// Suggested to the person.
        pub suggested: Vec<String>,
        /// Names that were set.
        #[ts(type = "{ readonly [name: string]: Plain }")]
        pub set: Map<String, Value>,
        /// Names that have a value after it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "ReadonlyArray<readonly [string, Plain]>")]
        pub signals: Option<Vec<(String, Value)>>,
    }

    /// What came of a run.
    struct Outcome {
        /// What came of it.
        #[ts(type = "\"handoff\" | \"end\" | \"abandoned\" | \"open\" | \"error\"")]
        pub kind: String,
        /// The card.
        pub node: String,
        /// The tier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub tier: Option<String>,
        /// 1 is the most urgent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub priority: Option<u32>,
        /// `transfer`, `copilot`, `ticket` or `callback`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub mode: Option<String>,
        /// The state of the request.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub state: Option<String>,
        /// Customer turns, from 1; 0 is before the first.
        pub at_turn: u32,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub reasons: Option<Vec<String>>,
        /// The outcome that an end card names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub outcome: Option<String>,
    }

    /// Why a person is asked.
    #[derive(JsonSchema)]
    struct Reason {
        /// Its id.
        pub name: String,
        /// In words.
        pub title: Option<String>,
    }

    /// Something that is not sent as it is.
    #[derive(JsonSchema)]
    struct RedactedField {
        /// The field.
        pub field: String,
        /// The class of its data.
        pub class: Option<String>,
        /// What was done.
        #[schemars(extend("enum" = ["mask", "hash", "drop", "block", "failed"]))]
        pub how: String,
        /// Why.
        pub why: String,
        /// What it was recognised as, where nothing was declared: `card`, `email`, ….
        pub kind: Option<String>,
        /// Where in the field's value: `[2].text`; none for the whole of it.
        pub part: Option<String>,
        /// How often it stands there.
        pub count: u32,
    }

    /// What the person receives.
    #[derive(JsonSchema)]
    struct Envelope {
        /// Its id.
        #[schemars(extend("format" = "uuid"))]
        pub id: String,
        /// The kind of event.
        #[serde(rename = "type")]
        #[schemars(extend("const" = "handoff.requested.v1"))]
        pub kind: String,
        /// When it was made, as RFC 3339.
        #[schemars(extend("format" = "date-time"))]
        pub time: String,
        /// Id of the flow.
        pub flow: String,
        /// Title of the flow, or its id.
        pub flow_title: String,
        /// Revision of the flow.
        pub revision: String,
        /// Id of the conversation.
        pub conversation: String,
        /// Counts the requests of the conversation.
        pub ordinal: u32,
        /// Customer turns when it was made.
        pub at_turn: u32,
        /// The card.
        pub node: String,
        /// The context whose fields are sent.
        pub context: Option<String>,
        /// The tier.
        pub tier: String,
        /// What people read of it.
        pub tier_title: Option<String>,
        /// 1 is the most urgent.
        pub priority: Option<u32>,
        /// `transfer`, `copilot`, `ticket` or `callback`.
        pub mode: Option<String>,
        /// `cold` or `warm`.
        pub join: Option<String>,
        /// The trigger that led to it.
        pub trigger: Option<String>,
        /// What the customer said when the trigger fired.
        pub trigger_text: Option<String>,
        /// Why.
        pub reasons: Vec<Reason>,
        /// One line for the person.
        pub summary: Option<String>,
        /// What the customer was told.
        pub told: Option<String>,
        /// The fields.
        #[ts(type = "{ readonly [field: string]: Plain }")]
        #[schemars(with = "sent::Named")]
        pub payload: Map<String, Value>,
        /// Required fields that are unset.
        pub unset: Vec<String>,
        /// What is not sent as it is.
        pub redacted: Vec<RedactedField>,
        /// How to reach the customer.
        #[ts(type = "{ readonly [key: string]: Plain }")]
        #[schemars(with = "sent::Named")]
        pub contact: Map<String, Value>,
        /// Id of the customer.
        pub customer: Option<String>,
        /// Language of the flow.
        pub locale: Option<String>,
        /// Seconds within which the customer should have an answer.
        pub answer_within: Option<f64>,
        /// When the customer should have an answer, as RFC 3339.
        #[schemars(extend("format" = "date-time"))]
        pub deadline: Option<String>,
        /// People who had the conversation before.
        #[ts(type = "ReadonlyArray<Plain>")]
        #[schemars(with = "Vec<sent::Deed>")]
        pub people: Vec<Value>,
        /// Address to open.
        pub screen: Option<String>,
        /// Channel, where a field sends it.
        #[ts(type = "Plain")]
        #[schemars(with = "Option<String>")]
        pub channel: Value,
        /// Intent with title, confidence and alternatives, where fields send them.
        #[ts(type = "Plain")]
        #[schemars(with = "Option<sent::Intent>")]
        pub intent: Value,
        /// Sentiment now, its trend and its course, where fields send them.
        #[ts(type = "Plain")]
        #[schemars(with = "Option<sent::Sentiment>")]
        pub sentiment: Value,
        /// Frustration, where a field sends it.
        #[ts(type = "Plain")]
        #[schemars(with = "Option<sent::Sent<f64>>")]
        pub frustration: Value,
        /// Entities, where a field sends them.
        #[ts(type = "Plain")]
        #[schemars(with = "Option<sent::Sent<sent::Named>>")]
        pub entities: Value,
        /// Slots that fields send.
        #[ts(type = "Plain")]
        #[schemars(with = "Option<sent::Named>")]
        pub slots: Value,
        /// What fields send about the customer.
        #[ts(type = "Plain")]
        #[schemars(with = "Option<sent::Named>")]
        pub about_customer: Value,
        /// The error, where fields send it.
        #[ts(type = "Plain")]
        #[schemars(with = "Option<sent::Failure>")]
        pub error: Value,
        /// What the AI tried, where a field sends it.
        #[ts(type = "Plain")]
        #[schemars(with = "Option<sent::Sent<Vec<sent::Tried>>>")]
        pub actions: Value,
        /// The call that failed last, with what it was given and how often it was tried.
        #[ts(type = "Plain")]
        #[schemars(with = "Option<sent::Tried>")]
        pub failed_action: Value,
        /// What was said, where a field sends it.
        #[ts(type = "Plain")]
        #[schemars(with = "Option<sent::Sent<Vec<sent::Said>>>")]
        pub transcript: Value,
        /// Cards entered, where a field sends them.
        #[ts(type = "Plain")]
        #[schemars(with = "Option<sent::Sent<Vec<String>>>")]
        pub path: Value,
        /// What the people of the tier can do.
        pub skills: Vec<String>,
        /// What the tier promises.
        #[ts(type = "Plain")]
        #[schemars(with = "Option<sent::Slo>")]
        pub slo: Value,
        /// Classes of what is sent, with basis, days and fields.
        #[ts(type = "Plain")]
        #[schemars(with = "std::collections::BTreeMap<String, sent::Class>")]
        pub classes: Value,
        /// Token, end and ways of coming back.
        #[ts(type = "Plain")]
        #[schemars(with = "sent::ComesBack")]
        pub resume: Value,
    }

    /// A request of a preview.
    struct HandoffMade {
        /// The card.
        pub node: String,
        /// The tier.
        pub tier: String,
        /// `transfer`, `copilot`, `ticket` or `callback`.
        pub mode: String,
        /// Its state at the end.
        #[ts(type = "\"requested\" | \"accepted\" | \"sent\" | \"withdrawn\" | \"failed\"")]
        pub state: String,
        /// 1 is the most urgent.
        pub priority: u32,
        /// Customer turns when it was made.
        pub at_turn: u32,
        /// Why.
        pub reasons: Vec<String>,
        /// What the person receives.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub envelope: Option<Envelope>,
        /// The request at each contact centre.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "{ readonly [target: string]: Request }")]
        pub requests: Option<indexmap::IndexMap<String, Request>>,
        /// Its states as CloudEvents 1.0, the request first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "ReadonlyArray<Plain>")]
        pub events: Option<Vec<Value>>,
        /// What came back; none while nothing did.
        #[serde(default)]
        #[ts(optional, type = "Plain")]
        pub resume: Value,
    }

    /// Where a run waits and for what.
    struct Waiting {
        /// The card.
        pub node: String,
        /// Its kind.
        pub kind: String,
        /// A turn of the customer, the queue, the person, or nothing any more.
        #[ts(type = "\"turn\" | \"queue\" | \"person\" | \"nothing\"")]
        pub r#for: String,
        /// A request is out and nobody has accepted it.
        pub pending: bool,
    }

    /// A conversation, step by step.
    struct Preview {
        /// Its id.
        pub conversation: String,
        /// Id of the flow.
        pub flow: String,
        /// Revision of the flow.
        pub revision: String,
        /// The steps.
        pub steps: Vec<Step>,
        /// What came of it.
        pub outcome: Outcome,
        /// The requests that went out.
        pub handoffs: Vec<HandoffMade>,
        /// Where it waits; none once it has ended.
        pub waiting: Option<Waiting>,
        /// The cards that were entered.
        pub path: Vec<String>,
        /// What was assumed.
        pub assumed: Vec<String>,
        /// What was not as the conversation expects; absent where nothing is expected.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub expect: Option<Vec<String>>,
    }
}
