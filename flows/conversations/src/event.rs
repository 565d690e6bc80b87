//! What can happen in a conversation.

use std::sync::Arc;

use flow_conditions::decimal::Decimal;
use flow_conditions::value::Value;
use flow_model::tree::Json;

/// A value as given: a key can be absent, `null` on purpose, a scalar, or something no signal can hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Given {
    /// The key is not there.
    #[default]
    Absent,
    /// `null`: unset on purpose.
    Null,
    /// A scalar.
    Value(Value),
    /// A list or an object.
    Odd,
}

impl Given {
    /// The value, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&Arc<str>> {
        match self {
            Self::Value(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}

/// A conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    /// Its id.
    pub id: Arc<str>,
    /// When it began, in seconds since 1970-01-01T00:00:00Z.
    pub start: Option<i64>,
    /// `customer.<key>`.
    pub customer: Vec<(String, Given)>,
    /// What should happen.
    pub expect: Option<Box<Expect>>,
    /// Labels, kept as they are.
    pub labels: Option<Json>,
    /// Words by which people find it again.
    pub tags: Vec<String>,
    /// Keys that the format does not know, kept as they are.
    pub rest: Vec<(String, Json)>,
    /// What happened, in order.
    pub turns: Vec<Turn>,
}

/// An element of `turns`.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Seconds from the start, shown and not executed.
    pub t: Option<Decimal>,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The customer's turn.
    User(Box<UserTurn>),
    /// What a bot said at the time: not executed.
    Bot(Arc<str>),
    /// What a person said at the time: not executed.
    Said(Arc<str>),
    /// The result of a call.
    Action(Box<ActionResult>),
    /// News of a queue.
    Queue(Box<QueueNews>),
    /// Time passes, in seconds.
    Clock(Decimal),
    /// News of a request.
    Handoff(HandoffNews),
    /// What a person does.
    Agent(Box<AgentEvent>),
    /// The customer left.
    Left,
    /// Not understood; skipped as if absent.
    Unknown,
}

/// A customer's turn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserTurn {
    /// What was said.
    pub text: Given,
    /// Recognised intent.
    pub intent: Given,
    /// [0,1]
    pub confidence: Given,
    /// [-1,1]
    pub sentiment: Given,
    /// [0,1]
    pub frustration: Given,
    /// Channel.
    pub channel: Given,
    /// Whether understanding was down.
    pub nlu_down: bool,
    /// Entities found.
    pub entities: Vec<(String, Given)>,
    /// Other intents that it could have been, each with its confidence in [0,1], the likeliest first.
    pub alternatives: Vec<(String, Given)>,
    /// Declared signals that changed.
    pub signals: Vec<(String, Given)>,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Well.
    #[default]
    Ok,
    /// With an error.
    Error,
    /// Without an answer.
    Timeout,
}

/// The result of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ActionResult {
    /// The node, or its call.
    pub action: Arc<str>,
    /// How it ended.
    pub status: Status,
    /// Error code.
    pub code: Given,
    /// Error message.
    pub message: Given,
    /// Outputs.
    pub data: Vec<(String, Given)>,
}

/// News of a queue; absent keys keep their value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueueNews {
    /// The tier.
    pub tier: Arc<str>,
    /// Seconds.
    pub wait: Given,
    /// Whether it is open.
    pub open: Given,
    /// People free.
    pub available: Given,
    /// Place in the queue.
    pub position: Given,
    /// When it opens.
    pub opens_at: Given,
}

/// News of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum HandoffNews {
    /// It arrived, with a reference.
    Sent(Option<Arc<str>>),
    /// It failed.
    Failed,
}

/// What a person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentVerb {
    /// Takes the request.
    Accepted,
    /// Does not take it.
    Declined,
    /// Hands back.
    Resumed,
    /// Solved it.
    Resolved,
    /// Passes it on.
    Escalated,
    /// Took a suggestion.
    Used,
    /// Ran a suggested call.
    Ran,
}

impl AgentVerb {
    /// As a conversation writes it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Resumed => "resumed",
            Self::Resolved => "resolved",
            Self::Escalated => "escalated",
            Self::Used => "used",
            Self::Ran => "ran",
        }
    }
}

/// What a person does, with what they leave behind.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentEvent {
    /// What.
    pub verb: AgentVerb,
    /// Who.
    pub name: Given,
    /// A note.
    pub note: Given,
    /// An outcome.
    pub outcome: Given,
    /// Slots set or cleared.
    pub slots: Vec<(String, Given)>,
}

/// What should happen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expect {
    /// The first handoff, or that there is none.
    pub handoff: Option<ExpectHandoff>,
    /// An outcome of an `end`.
    pub end: Option<String>,
    /// A node at which the run waits.
    pub open: Option<String>,
    /// Texts that are said.
    pub said: Vec<String>,
}

/// What the first handoff should be.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpectHandoff {
    /// None at all.
    None,
    /// Keys and values that it has.
    Keys(Vec<(String, Json)>),
}
