//! Every name that conditions, expressions and texts of a flow can use, with its type (`docs/format.md` section 2).

use flow_conditions::decimal::Decimal;
use flow_conditions::quick::Quick;
use flow_conditions::value::{Meaning, Scope, Type, Value};
use indexmap::IndexMap;

use crate::flow::{Flow, Kind};

/// Where a name's value comes from. Numbers are indexes into the flow's maps.
#[allow(missing_docs, reason = "named as in docs/format.md, section 2, signals")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    Text,
    Channel,
    Intent,
    Confidence,
    Sentiment,
    Frustration,
    SentimentTrend,
    Turn,
    Repeats,
    NoMatch,
    Attempts,
    Handoffs,
    HandoffsTier(usize),
    NluOk,
    HandoffPending,
    QueueWait(usize),
    QueueOpen(usize),
    QueueAvailable(usize),
    QueuePosition(usize),
    QueueOpensAt(usize),
    Waited,
    RowPriority,
    RowWait,
    RowOpen,
    RowAvailable,
    RowPosition,
    ErrorCode,
    ErrorAction,
    ErrorMessage,
    AgentNote,
    AgentOutcome,
    AgentName,
    HandoffRef,
    TriggerId,
    TriggerText,
    CustomerId,
    ConversationId,
    Slot(usize),
    /// Node and output, both by index.
    Output(usize, usize),
    Declared(usize),
    Score(usize),
    Constant(usize),
    TriggerReasons,
    HandoffReasons,
    FlowRevision,
}

impl Role {
    /// Only in a handoff's `overflow`, `waiting`, `say` and `assist` rows.
    #[must_use]
    pub fn row_only(&self) -> bool {
        matches!(self, Self::RowPriority | Self::RowWait | Self::RowOpen | Self::RowAvailable | Self::RowPosition)
    }

    /// Only in payloads and texts.
    #[must_use]
    pub fn payload_only(&self) -> bool {
        matches!(self, Self::TriggerReasons | Self::HandoffReasons | Self::FlowRevision)
    }
}

/// A name.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// Where its value comes from.
    pub role: Role,
    /// Its type, and whether it can be unset.
    pub meaning: Meaning,
}

/// Functions of payloads, with the number of their arguments.
pub const PAYLOAD_FUNCTIONS: &[(&str, usize)] = &[
    ("transcript.last", 1),
    ("transcript.all", 0),
    ("summary", 0),
    ("entities", 0),
    ("alternatives", 1),
    ("sentiments", 0),
    ("actions", 0),
    ("path", 0),
    ("people", 0),
    ("now", 0),
];

/// All names of a flow; the order is stable and serves as index of values at run time.
#[derive(Clone, Debug, Default)]
pub struct Names {
    map: IndexMap<String, Name, Quick>,
}

fn number(min: i64, max: i64) -> Type {
    Type::Number { min: Some(Decimal::from_i64(min)), max: Some(Decimal::from_i64(max)) }
}

fn count() -> Type {
    Type::Integer { min: Some(Decimal::ZERO), max: Some(Decimal::from_i64(100_000)) }
}

fn whole(min: Option<i64>, max: Option<i64>) -> Type {
    Type::Integer { min: min.map(Decimal::from_i64), max: max.map(Decimal::from_i64) }
}

impl Names {
    /// The names of a flow.
    #[must_use]
    pub fn of(flow: &Flow) -> Self {
        let mut names = Self::default();
        names.turn(flow);
        names.queues(flow);
        names.world();
        names.declared(flow);
        names
    }

    fn add(&mut self, name: impl Into<String>, role: Role, r#type: Type, can_be_unset: bool) {
        let meaning = Meaning { r#type, constant: None, can_be_unset };
        self.map.insert(name.into(), Name { role, meaning });
    }

    fn turn(&mut self, flow: &Flow) {
        let intents = flow.intents.keys().map(String::as_str).filter(|i| *i != "none").chain(["none"]);
        self.add("text", Role::Text, Type::Text, true);
        self.add("channel", Role::Channel, Type::Text, true);
        self.add("intent", Role::Intent, Type::Enum(intents.map(Into::into).collect()), false);
        self.add("confidence", Role::Confidence, number(0, 1), true);
        self.add("sentiment", Role::Sentiment, number(-1, 1), true);
        self.add("frustration", Role::Frustration, number(0, 1), true);
        self.add("sentiment_trend", Role::SentimentTrend, number(-2, 2), true);
        self.add("turn", Role::Turn, count(), false);
        self.add("repeats", Role::Repeats, count(), false);
        self.add("no_match", Role::NoMatch, count(), false);
        self.add("attempts", Role::Attempts, count(), false);
        self.add("handoffs", Role::Handoffs, count(), false);
        self.add("nlu.ok", Role::NluOk, Type::Bool, false);
        self.add("handoff.pending", Role::HandoffPending, Type::Bool, false);
    }

    fn queues(&mut self, flow: &Flow) {
        for (i, tier) in flow.tiers.keys().enumerate() {
            self.add(format!("handoffs.{tier}"), Role::HandoffsTier(i), count(), false);
            self.add(format!("queue.{tier}.wait"), Role::QueueWait(i), number(0, 86_400), false);
            self.add(format!("queue.{tier}.open"), Role::QueueOpen(i), Type::Bool, false);
            self.add(format!("queue.{tier}.available"), Role::QueueAvailable(i), whole(None, None), true);
            self.add(format!("queue.{tier}.position"), Role::QueuePosition(i), whole(None, None), true);
            self.add(format!("queue.{tier}.opens_at"), Role::QueueOpensAt(i), Type::Text, true);
        }
        self.add("waited", Role::Waited, number(0, 86_400), false);
        self.add("priority", Role::RowPriority, whole(Some(1), Some(5)), false);
        self.add("queue.wait", Role::RowWait, number(0, 86_400), false);
        self.add("queue.open", Role::RowOpen, Type::Bool, false);
        self.add("queue.available", Role::RowAvailable, whole(None, None), true);
        self.add("queue.position", Role::RowPosition, whole(None, None), true);
    }

    fn world(&mut self) {
        for (name, role) in [
            ("error.code", Role::ErrorCode),
            ("error.action", Role::ErrorAction),
            ("error.message", Role::ErrorMessage),
            ("agent.note", Role::AgentNote),
            ("agent.outcome", Role::AgentOutcome),
            ("agent.name", Role::AgentName),
            ("handoff.ref", Role::HandoffRef),
            ("trigger.id", Role::TriggerId),
            ("trigger.text", Role::TriggerText),
            ("customer.id", Role::CustomerId),
        ] {
            self.add(name, role, Type::Text, true);
        }
        self.add("conversation.id", Role::ConversationId, Type::Text, false);
        self.add("trigger.reasons", Role::TriggerReasons, Type::List(Box::new(Type::Text)), true);
        self.add("handoff.reasons", Role::HandoffReasons, Type::List(Box::new(Type::Text)), true);
        self.add("flow.revision", Role::FlowRevision, Type::Text, false);
    }

    fn declared(&mut self, flow: &Flow) {
        for (i, (id, constant)) in flow.constants.iter().enumerate() {
            let Some(value) = &constant.value else { continue };
            let meaning = Meaning { r#type: type_of_value(value), constant: Some(value.clone()), can_be_unset: false };
            self.map.insert(format!("const.{id}"), Name { role: Role::Constant(i), meaning });
        }
        for (i, (id, signal)) in flow.signals.iter().enumerate() {
            self.add(id, Role::Declared(i), signal.r#type.clone(), true);
        }
        for (i, (id, slot)) in flow.slots.iter().enumerate() {
            self.add(format!("slots.{id}"), Role::Slot(i), slot.r#type.clone(), true);
        }
        for (n, (id, node)) in flow.nodes.iter().enumerate() {
            let Kind::Action(action) = &node.kind else { continue };
            let Some(call) = flow.calls.get(&action.call) else { continue };
            for (o, (output, r#type)) in call.outputs.iter().enumerate() {
                self.add(format!("{id}.{output}"), Role::Output(n, o), r#type.clone(), true);
            }
        }
        for (i, (id, score)) in flow.scores.iter().enumerate() {
            let range = Type::Number { min: Some(score.min), max: Some(score.max) };
            self.add(id, Role::Score(i), range, false);
        }
    }

    /// A name by its text.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Name> {
        self.map.get(name)
    }

    /// Index of a name.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<usize> {
        self.map.get_index_of(name)
    }

    /// All names in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Name)> {
        self.map.iter().map(|(k, v)| (k.as_str(), v))
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// The names at a place.
    #[must_use]
    pub fn scope(&self, reach: Reach) -> NamesAt<'_> {
        NamesAt { names: self, reach }
    }
}

/// The static type of a constant.
#[must_use]
pub fn type_of_value(value: &Value) -> Type {
    match value {
        Value::Bool(_) => Type::Bool,
        Value::Number(n) => Type::Number { min: Some(*n), max: Some(*n) },
        Value::Text(_) => Type::Text,
        Value::List(items) => {
            let inner = match items.first() {
                Some(Value::Bool(_)) => Type::Bool,
                Some(Value::Number(_)) => Type::Number { min: None, max: None },
                _ => Type::Text,
            };
            Type::List(Box::new(inner))
        }
    }
}

/// How far names reach at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Conditions and expressions anywhere.
    Plain,
    /// A handoff's `overflow`, `waiting`, `say` and `assist` rows.
    HandoffRow,
    /// The score with this index: only scores above it.
    Score(usize),
    /// Payload expressions: lists and functions too.
    Payload,
}

/// The names at one place.
#[derive(Clone, Copy, Debug)]
pub struct NamesAt<'a> {
    names: &'a Names,
    reach: Reach,
}

impl NamesAt<'_> {
    fn allows(&self, role: &Role) -> bool {
        match (role, self.reach) {
            (role, reach) if role.row_only() => reach == Reach::HandoffRow,
            (role, reach) if role.payload_only() => reach == Reach::Payload,
            (Role::Score(i), Reach::Score(own)) => *i < own,
            _ => true,
        }
    }
}

impl Scope for NamesAt<'_> {
    fn meaning(&self, name: &str) -> Option<Meaning> {
        self.names.get(name).filter(|n| self.allows(&n.role)).map(|n| n.meaning.clone())
    }

    fn names(&self) -> Vec<String> {
        self.names.iter().filter(|(_, n)| self.allows(&n.role)).map(|(k, _)| k.to_owned()).collect()
    }

    fn functions(&self) -> &[(&'static str, usize)] {
        if self.reach == Reach::Payload { PAYLOAD_FUNCTIONS } else { &[] }
    }
}
