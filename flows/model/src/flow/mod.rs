//! The flow as typed values, read leniently from the tree: what does not fit is left out here and reported by the checks.

mod node;
mod read;

use flow_conditions::decimal::Decimal;
use flow_conditions::quick::Quick;
use flow_conditions::value::{Type, Value};
use indexmap::IndexMap;

pub use node::{
    Action, Ask, Assist, Branch, Decision, End, Exit, Handoff, Idle, Kind, Listen, Message, Mode, Node, Return, Route,
    Row, Set, Start, Subflow, Todo, Waiting, WaitingWords,
};
pub use read::{read, value};

/// A map in document order.
pub type Ordered<T> = IndexMap<String, T, Quick>;

/// The newest version of the format that is read.
pub const FORMAT: &str = "handoff-flow/1";

/// A flow document as typed values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// Its id.
    pub id: String,
    /// What people read.
    pub title: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Language of the texts.
    pub locale: Option<String>,
    /// `const.*`.
    pub constants: Ordered<Constant>,
    /// Classes of data.
    pub classes: Ordered<Class>,
    /// Intents.
    pub intents: Ordered<Intent>,
    /// Declared signals.
    pub signals: Ordered<Signal>,
    /// Scores.
    pub scores: Ordered<Score>,
    /// Slots.
    pub slots: Ordered<Slot>,
    /// Calls.
    pub calls: Ordered<Call>,
    /// Calendars.
    pub hours: Ordered<Hours>,
    /// Tiers, in the order of the climb.
    pub tiers: Ordered<Tier>,
    /// Payloads.
    pub contexts: Ordered<Context>,
    /// Contact centres.
    pub targets: Ordered<Target>,
    /// Triggers.
    pub triggers: Ordered<Trigger>,
    /// Nodes.
    pub nodes: Ordered<Node>,
    /// Severities of rules.
    pub checks: Ordered<String>,
    /// Positions of cards.
    pub layout: Ordered<(f64, f64)>,
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    /// What people read.
    pub title: Option<String>,
    /// Its value; `None` where it is no scalar.
    pub value: Option<Value>,
    /// The smallest value that makes sense.
    pub min: Option<Decimal>,
    /// The largest value that makes sense.
    pub max: Option<Decimal>,
}

/// A class of data.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// What people read.
    pub title: Option<String>,
    /// `none mask hash drop block`.
    pub redact: Option<String>,
    /// Days it may be kept.
    pub retain_days: Option<i64>,
    /// Why it may be used: consent, a contract, the law.
    pub basis: Option<String>,
}

/// An intent.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// What people read.
    pub title: Option<String>,
    /// Utterances.
    pub examples: Vec<String>,
}

/// A declared signal.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// What people read.
    pub title: Option<String>,
    /// Its type and range.
    pub r#type: Type,
    /// Where it comes from.
    pub source: Option<String>,
}

/// A score: clamp(base + points of each `when` that holds).
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// What people read.
    pub title: Option<String>,
    /// Value to start from.
    pub base: Decimal,
    /// Smallest result.
    pub min: Decimal,
    /// Largest result.
    pub max: Decimal,
    /// What adds to it.
    pub add: Vec<Points>,
}

/// What adds to a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// Condition.
    pub when: String,
    /// How much.
    pub points: Decimal,
    /// In words.
    pub title: Option<String>,
}

/// A slot.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// What people read.
    pub title: Option<String>,
    /// Its type and range.
    pub r#type: Type,
    /// The entity that fills it.
    pub entity: Option<String>,
    /// What kind of data it is.
    pub class: Option<String>,
}

/// A call of a back end.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What people read.
    pub title: Option<String>,
    /// Inputs.
    pub inputs: Ordered<Type>,
    /// Outputs.
    pub outputs: Ordered<Type>,
    /// Error codes and their titles.
    pub errors: Ordered<String>,
    /// `safe ask never`.
    pub repeat: Option<String>,
}

/// A calendar as written; [`crate::hours`] reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hours {
    /// IANA zone.
    pub zone: String,
    /// Weekly spans.
    pub open: Vec<String>,
    /// Closed dates.
    pub closed: Vec<String>,
    /// Dates with other hours.
    pub special: Ordered<Vec<String>>,
}

/// A tier.
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// What people read.
    pub title: Option<String>,
    /// What the people can do.
    pub skills: Vec<String>,
    /// Calendar.
    pub hours: Option<String>,
    /// Classes they may see.
    pub sees: Vec<String>,
    /// What must hold on entry.
    pub requires: Option<String>,
    /// How many people.
    pub agents: Option<i64>,
    /// Seconds, mean.
    pub handle_time: Option<Decimal>,
    /// Seconds, mean.
    pub patience: Option<Decimal>,
    /// Seconds within which a customer is answered.
    pub answer_within: Option<Decimal>,
    /// Share of customers, [0,1].
    pub share: Option<Decimal>,
}

/// A payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Context {
    /// What people read.
    pub title: Option<String>,
    /// One line for the person.
    pub summary: Option<String>,
    /// The customer's words for what is sent.
    pub told: Option<String>,
    /// Fields, those of `extends` not included.
    pub fields: Ordered<PayloadField>,
    /// Address to open.
    pub screen: Option<String>,
    /// A context whose fields it has too.
    pub extends: Option<String>,
}

/// A field of a payload.
#[derive(Clone, Debug, PartialEq)]
pub struct PayloadField {
    /// What people read.
    pub title: Option<String>,
    /// Expression.
    pub from: String,
    /// Whether it must be there.
    pub required: bool,
    /// What kind of data it is.
    pub class: Option<String>,
    /// What happens to it on the way out.
    pub redact: Option<String>,
}

/// A contact centre.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Target {
    /// What people read.
    pub title: Option<String>,
    /// Ids of each tier.
    pub tiers: Ordered<Ordered<crate::tree::Json>>,
    /// Place of each field.
    pub fields: Ordered<String>,
    /// Name of each priority.
    pub priority: Ordered<String>,
    /// What happens to a field that does not fit.
    pub too_big: Ordered<String>,
    /// Whether a reply carries either a text or a transfer, not both.
    pub one_reply: bool,
}

/// A trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// What people read.
    pub title: Option<String>,
    /// Condition.
    pub when: String,
    /// Named reasons.
    pub because: Ordered<Because>,
    /// Node that it leads to.
    pub to: String,
    /// Where it acts.
    pub within: Vec<String>,
    /// When it is spent.
    pub once: Once,
    /// Severities of rules here.
    pub checks: Vec<OwnCheck>,
}

/// The severity of a rule at one node or trigger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnCheck {
    /// The rule's code.
    pub code: String,
    /// `off info warning error`, or what else was written.
    pub severity: String,
    /// The reason.
    pub why: Option<String>,
}

/// A named reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Because {
    /// Condition.
    pub when: String,
    /// In words.
    pub title: Option<String>,
}

/// When a trigger is spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Once {
    /// Never.
    #[default]
    Never,
    /// When it fires.
    Fired,
    /// When a person accepted.
    Accepted,
}

impl Flow {
    /// The first node of kind `start`.
    #[must_use]
    pub fn start(&self) -> Option<&str> {
        self.nodes.iter().find(|(_, n)| matches!(n.kind, Kind::Start(_))).map(|(id, _)| id.as_str())
    }

    /// All fields of a context, those it extends first; a cycle of `extends` is cut.
    #[must_use]
    pub fn fields_of<'a>(&'a self, context: &str) -> Ordered<&'a PayloadField> {
        let mut chain: Vec<&'a Context> = Vec::new();
        let mut next = self.contexts.get(context);
        while let Some(context) = next {
            if chain.iter().any(|seen| std::ptr::eq(*seen, context)) {
                break;
            }
            chain.push(context);
            next = context.extends.as_ref().and_then(|id| self.contexts.get(id));
        }
        let mut fields = Ordered::default();
        for context in chain.iter().rev() {
            for (name, field) in &context.fields {
                fields.insert(name.clone(), field);
            }
        }
        fields
    }
}
