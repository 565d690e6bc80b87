//! What a run knows at the moment when a request goes out: plain data, filled by the interpreter.

use flow_conditions::decimal::Decimal;
use flow_model::tree::Json;

/// A reason of a handoff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Its name, as in `handoff.reasons`.
    pub name: String,
    /// In words.
    pub title: Option<String>,
}

/// A field of the payload, before redaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DraftField {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Option<String>,
    /// The expression that it is taken from, as the flow has it.
    pub from: String,
    /// Its value; `None` where it is unset.
    pub value: Option<Json>,
    /// What kind of data it is.
    pub class: Option<String>,
    /// What happens to it on the way out: the field's own rule, else that of its class.
    pub redact: Option<String>,
    /// Whether it must be there.
    pub required: bool,
}

/// A line of the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `customer`, `agent` or `ai`.
    pub who: &'static str,
    /// Who exactly, where that is known.
    pub name: Option<String>,
    /// What was said.
    pub text: String,
    /// When, in seconds since 1970.
    pub at: i64,
}

/// The lines as the value of a payload field: `[{"who", "name"?, "text", "at"}]`.
#[must_use]
pub fn transcript(lines: &[Line]) -> Json {
    let line = |line: &Line| {
        let mut map = vec![("who".to_owned(), Json::text(line.who))];
        map.extend(line.name.as_ref().map(|name| ("name".to_owned(), Json::text(name))));
        map.push(("text".to_owned(), Json::text(&line.text)));
        map.push(("at".to_owned(), Json::text(crate::moment::rfc3339(line.at))));
        Json::Map(map)
    };
    Json::List(lines.iter().map(line).collect())
}

/// A request as the run knows it, before redaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Id of the flow.
    pub flow: String,
    /// Title of the flow.
    pub flow_title: String,
    /// Hash of the flow document.
    pub revision: String,
    /// Id of the conversation.
    pub conversation: String,
    /// Number of the request in the conversation, from 0.
    pub ordinal: u32,
    /// The handoff node.
    pub node: String,
    /// The context whose fields are sent.
    pub context: String,
    /// The tier.
    pub tier: String,
    /// What people read of it.
    pub tier_title: String,
    /// 1 is the most urgent.
    pub priority: u8,
    /// `transfer`, `copilot`, `ticket` or `callback`.
    pub mode: &'static str,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The trigger that led here.
    pub trigger: Option<String>,
    /// What the customer said when it fired.
    pub trigger_text: Option<String>,
    /// One line for the person.
    pub summary: Option<String>,
    /// The customer's words for what is sent.
    pub told: Option<String>,
    /// The payload.
    pub fields: Vec<DraftField>,
    /// What stands in names of a declared class, whether a field sends them or not: kept out of all that goes out. Only
    /// name, value, class and rule are looked at.
    pub classed: Vec<DraftField>,
    /// Everything said; sent only where a field asks for it.
    pub transcript: Vec<Line>,
    /// How to reach the customer.
    pub contact: Vec<(String, Json)>,
    /// `customer.id`
    pub customer: Option<String>,
    /// Language of the flow.
    pub locale: Option<String>,
    /// Now, in seconds since 1970.
    pub time: i64,
    /// Customer turns before the request.
    pub at_turn: i64,
    /// Seconds within which the customer is answered.
    pub answer_within: Option<Decimal>,
    /// `cold` or `warm`.
    pub join: Option<String>,
    /// People who had the conversation before.
    pub people: Vec<Json>,
    /// Address to open.
    pub screen: Option<String>,
    /// What the people of the tier can do.
    pub skills: Vec<String>,
    /// Share of customers that are answered in time, in [0,1].
    pub share: Option<Decimal>,
    /// Classes of data that fields have, as the flow declares them.
    pub classes: Vec<DraftClass>,
    /// Titles of intents by id.
    pub intents: Vec<(String, String)>,
    /// Ports by which a person can give the conversation back that are drawn: `resumed`, `resolved`, `escalated`, and
    /// `returns.ID` for named ones.
    pub returns: Vec<String>,
}

/// A class of data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftClass {
    /// Its id.
    pub id: String,
    /// What people read.
    pub title: Option<String>,
    /// Days it may be kept.
    pub retain_days: Option<i64>,
    /// Why it may be used.
    pub basis: Option<String>,
}
