//! A flow made ready to run: names are indexes, conditions are compiled, ports are places. Everything a step looks up by
//! text is looked up here, once.

mod build;

use std::collections::HashMap;
use std::sync::Arc;

use flow_check::Checked;
use flow_conditions::ast::Expr;
use flow_conditions::decimal::Decimal;
use flow_conditions::eval::Compiled;
use flow_conditions::value::{Type, Value};
use flow_model::flow::{Flow, Mode, Once};
use flow_model::hours::Calendar;
use flow_model::template::Piece;
use indexmap::IndexMap;

/// A port: the node it leads to, by index; `None` is not drawn.
pub type Port = Option<u32>;

/// Where the value of an index comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Global {
    /// Kept in the state.
    Stored,
    /// A score of a unit.
    Score(u32, u32),
    /// Least-squares slope of the last sentiments.
    Trend,
    /// Whether a request is out.
    Pending,
    /// Whether a tier is open.
    Open(u32),
    /// Seconds that the request has waited.
    Waited,
    /// Priority of the handoff whose row is looked at.
    RowPriority,
    /// Wait at its tier.
    RowWait,
    /// Whether its tier is open.
    RowOpen,
    /// People free at its tier.
    RowAvailable,
    /// Place in its queue.
    RowPosition,
}

/// A tier as the run sees it.
#[derive(Debug)]
pub struct RunTier {
    /// Its id.
    pub id: Arc<str>,
    /// Its calendar.
    pub calendar: Option<Calendar>,
    /// `queue.<tier>.wait`
    pub wait: u32,
    /// `queue.<tier>.open`
    pub open: u32,
    /// `queue.<tier>.available`
    pub available: u32,
    /// `queue.<tier>.position`
    pub position: u32,
    /// `queue.<tier>.opens_at`
    pub opens_at: u32,
    /// `handoffs.<tier>`
    pub handoffs: u32,
}

/// Indexes of the names that every flow has.
#[allow(missing_docs, reason = "named as in docs/format.md, section 2, signals")]
#[derive(Debug)]
pub struct Common {
    pub text: u32,
    pub channel: u32,
    pub intent: u32,
    pub confidence: u32,
    pub sentiment: u32,
    pub frustration: u32,
    pub turn: u32,
    pub repeats: u32,
    pub no_match: u32,
    pub attempts: u32,
    pub handoffs: u32,
    pub nlu_ok: u32,
    pub error_code: u32,
    pub error_action: u32,
    pub error_message: u32,
    pub agent_note: u32,
    pub agent_outcome: u32,
    pub agent_name: u32,
    pub handoff_ref: u32,
    pub trigger_id: u32,
    pub trigger_text: u32,
    pub customer_id: u32,
    pub conversation_id: u32,
}

/// A text made ready.
#[derive(Debug)]
pub struct Words {
    /// Its parts.
    pub pieces: Vec<Piece>,
}

/// A row with a condition and a way out.
#[derive(Debug)]
pub struct RunRow {
    /// Condition.
    pub when: Compiled,
    /// Where it leads.
    pub to: Port,
    /// Whether the request stays in the queue.
    pub keep_place: bool,
}

/// A row of `idle`.
#[derive(Debug)]
pub struct RunIdle {
    /// Seconds.
    pub after: Decimal,
    /// What is said.
    pub say: Option<Words>,
    /// Whether it goes on, and where.
    pub to: Port,
    /// Its number among all idle rows of the program.
    pub number: usize,
}

/// A handoff made ready.
#[derive(Debug)]
pub struct RunHandoff {
    /// How it hands over.
    pub mode: Mode,
    /// Condition, tier and priority of each route.
    pub routes: Vec<(Compiled, u32, Option<u8>)>,
    /// The tier otherwise.
    pub tier: u32,
    /// The priority otherwise.
    pub priority: u8,
    /// Seconds after which the request is withdrawn.
    pub max_wait: Option<Decimal>,
    /// What the customer hears.
    pub say: Option<Words>,
    /// Words while waiting: after, every, text.
    pub waiting: Vec<(Decimal, Option<Decimal>, Words)>,
    /// Where a waiting customer's turn may lead.
    pub turns: Vec<RunRow>,
    /// What is said to any other turn.
    pub else_say: Option<Words>,
    /// When the wait is too long.
    pub overflow: Vec<RunRow>,
    /// Suggestions to the person: condition and words.
    pub assist: Vec<(Compiled, Words)>,
    /// Outcomes of a hand-back.
    pub returns: Vec<(Box<str>, Port)>,
    /// Names of edges.
    pub reasons: IndexMap<String, Arc<str>>,
    /// `sent`
    pub sent: Port,
    /// `resumed`
    pub resumed: Port,
    /// `resolved`
    pub resolved: Port,
    /// `escalated`
    pub escalated: Port,
    /// `timeout`
    pub timeout: Port,
    /// `closed`
    pub closed: Port,
    /// `failed`
    pub failed: Port,
}

/// An output of a call: its name, type and index.
pub type Output = (Box<str>, Type, u32);

/// A kind made ready.
#[derive(Debug)]
pub enum RunKind {
    /// `start`, `todo`
    Pass(Port),
    /// `message`
    Message(Words, Port),
    /// `listen`
    Listen {
        /// Branches.
        branches: Vec<(Compiled, Port)>,
        /// Otherwise.
        other: Port,
        /// Silence.
        idle: Vec<RunIdle>,
    },
    /// `ask`
    Ask {
        /// Index of the slot.
        slot: u32,
        /// The question.
        prompt: Words,
        /// The question, asked again.
        reprompt: Option<Words>,
        /// Turns that may fail.
        attempts: u32,
        /// Silence.
        idle: Vec<RunIdle>,
        /// With a value.
        filled: Port,
        /// Without.
        failed: Port,
    },
    /// `decision`
    Decision {
        /// Branches.
        branches: Vec<(Compiled, Port)>,
        /// Otherwise.
        other: Port,
    },
    /// `set`: index, type and value of each slot.
    Set(Vec<(u32, Type, Option<Compiled>)>, Port),
    /// `action`
    Action {
        /// The call's id.
        call: Box<str>,
        /// What it is given.
        inputs: Vec<(Box<str>, Compiled)>,
        /// What it gives.
        outputs: Vec<Output>,
        /// Well.
        ok: Port,
        /// By code.
        errors: Vec<(Box<str>, Port)>,
        /// Any other error.
        error: Port,
        /// No answer.
        timeout: Port,
    },
    /// `handoff`
    Handoff(Box<RunHandoff>),
    /// `subflow`
    Subflow {
        /// Which unit.
        unit: u32,
        /// Index, type and value of its slots.
        inputs: Vec<(u32, Type, Compiled)>,
        /// By outcome.
        outcomes: Vec<(Box<str>, Port)>,
        /// Otherwise.
        other: Port,
    },
    /// `end`
    End(Arc<str>),
    /// `note`: never entered, and rests where it is.
    Note,
}

/// A node made ready.
#[derive(Debug)]
pub struct RunNode {
    /// Its id.
    pub id: Arc<str>,
    /// Its kind.
    pub kind: RunKind,
}

/// A trigger made ready.
#[derive(Debug)]
pub struct RunTrigger {
    /// Its id.
    pub id: Arc<str>,
    /// Condition.
    pub when: Compiled,
    /// Named reasons.
    pub because: Vec<(Arc<str>, Compiled)>,
    /// Where it leads.
    pub to: u32,
    /// For each node of its unit, whether it acts there.
    pub acts: Vec<bool>,
    /// When it is spent.
    pub once: Once,
    /// Its number among all triggers of the program.
    pub number: usize,
}

/// A score made ready.
#[derive(Debug)]
pub struct RunScore {
    /// Value to start from.
    pub base: Decimal,
    /// Smallest result.
    pub min: Decimal,
    /// Largest result.
    pub max: Decimal,
    /// Condition and points.
    pub add: Vec<(Compiled, Decimal)>,
}

/// A flow of the program: the one that runs, or one that it calls.
#[derive(Debug)]
pub struct Unit {
    /// The document.
    pub flow: Arc<Flow>,
    /// Index of each local name.
    pub globals: IndexMap<String, u32>,
    /// Nodes.
    pub nodes: Vec<RunNode>,
    /// Triggers.
    pub triggers: Vec<RunTrigger>,
    /// Scores.
    pub scores: Vec<RunScore>,
    /// The start.
    pub start: u32,
    /// Entity, index and type of each slot that an entity fills.
    pub entities: Vec<(Box<str>, u32, Type)>,
    /// Index and type of each slot.
    pub slots: IndexMap<String, (u32, Type)>,
    /// Index and type of each declared signal.
    pub signals: IndexMap<String, (u32, Type)>,
}

/// How a flow looks at a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Not at all.
    #[default]
    Never,
    /// Only whether there is one.
    Whether,
    /// It is compared with these numbers, in order.
    Numbers(Vec<Decimal>),
    /// In another way.
    Closely,
}

impl Look {
    /// The flow also looks at it so.
    pub fn also(&mut self, number: Option<Decimal>) {
        match (&mut *self, number) {
            (Self::Closely, _) => {}
            (_, None) => *self = Self::Closely,
            (Self::Never | Self::Whether, Some(number)) => *self = Self::Numbers(vec![number]),
            (Self::Numbers(numbers), Some(number)) => {
                if let Err(at) = numbers.binary_search(&number) {
                    numbers.insert(at, number);
                }
            }
        }
    }

    /// The flow looks at it as at another value.
    pub fn as_at(&mut self, other: &Self) {
        match other {
            Self::Never => {}
            Self::Whether if *self == Self::Never => *self = Self::Whether,
            Self::Whether => {}
            Self::Closely => self.also(None),
            Self::Numbers(numbers) => numbers.iter().for_each(|number| self.also(Some(*number))),
        }
    }
}

/// A flow made ready to run.
#[derive(Debug)]
pub struct Program {
    /// The flow and those that it calls.
    pub units: Vec<Unit>,
    /// Where each value comes from.
    pub globals: Vec<Global>,
    /// Type of each value.
    pub types: Vec<Type>,
    /// Name of each value.
    pub names: Vec<Arc<str>>,
    /// All tiers of all units, by id.
    pub tiers: IndexMap<String, RunTier>,
    /// Indexes of common names.
    pub common: Common,
    /// How many idle rows there are.
    pub idle_rows: usize,
    /// How many triggers there are.
    pub trigger_count: usize,
    /// Revision of the document.
    pub revision: Arc<str>,
    /// Values at the start of a run.
    pub initial: Vec<Option<Value>>,
    /// The constant that can be moved: its value is looked up as that of a signal is.
    pub moved: Option<u32>,
    /// How the flow looks at each value.
    pub looks: Vec<Look>,
    /// Declared signals that a conversation's `customer` sets: key, index and type.
    pub customer: Vec<(Box<str>, u32, Type)>,
    /// The main flow's intents, by id.
    pub intents: HashMap<Arc<str>, u32, ahash::RandomState>,
    /// What payloads and contacts are made of, by how the flow writes it: read once, since payloads are made for each handoff.
    pub payloads: HashMap<Box<str>, Expr, ahash::RandomState>,
    /// Whether the moved constant is only ever compared, so that what it is compared with tells where anything can change.
    pub moves_exactly: bool,
}

impl Program {
    /// Compiles a flow.
    #[must_use]
    pub fn new(checked: &Checked) -> Self {
        build::program(checked, None)
    }

    /// Compiles a flow with one of its constants as a value that can be moved from run to run; none where there is no such
    /// constant or it is no number.
    #[must_use]
    pub fn moving(checked: &Checked, constant: &str) -> Option<Self> {
        let program = build::program(checked, Some(constant));
        program.moved.is_some().then_some(program)
    }

    /// The flow that runs.
    #[must_use]
    pub fn flow(&self) -> &Arc<Flow> {
        &self.units[0].flow
    }
}

/// An index as the program keeps it; no document that can be read comes near the limit.
pub fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
