//! A preview, as the window shows it. The JSON is that of the command line, so every key is listed here.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::wire;

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
        /// The largest length that is sure to be taken.
        pub limit: Option<u32>,
        /// Whether it is within every limit.
        pub fits: bool,
        /// What was cut so that it fits.
        pub cut: Vec<Cut>,
        /// Names that the environment does not have.
        pub missing: Vec<String>,
        /// Requests that follow.
        pub then: Vec<Request>,
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
    struct Reason {
        /// Its id.
        pub name: String,
        /// In words.
        pub title: Option<String>,
    }

    /// Something that is not sent as it is.
    struct RedactedField {
        /// The field.
        pub field: String,
        /// The class of its data.
        pub class: Option<String>,
        /// What was done.
        pub how: String,
        /// Why.
        pub why: String,
    }

    /// What the person receives.
    struct Envelope {
        /// Its id.
        pub id: String,
        /// The kind of event.
        #[serde(rename = "type")]
        pub kind: String,
        /// When it was made, as RFC 3339.
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
        pub payload: Map<String, Value>,
        /// Required fields that are unset.
        pub unset: Vec<String>,
        /// What is not sent as it is.
        pub redacted: Vec<RedactedField>,
        /// How to reach the customer.
        #[ts(type = "{ readonly [key: string]: Plain }")]
        pub contact: Map<String, Value>,
        /// Id of the customer.
        pub customer: Option<String>,
        /// Language of the flow.
        pub locale: Option<String>,
        /// Seconds within which the customer should have an answer.
        pub answer_within: Option<f64>,
        /// When the customer should have an answer, as RFC 3339.
        pub deadline: Option<String>,
        /// People who had the conversation before.
        #[ts(type = "ReadonlyArray<Plain>")]
        pub people: Vec<Value>,
        /// Address to open.
        pub screen: Option<String>,
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
