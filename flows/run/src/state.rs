//! The state of a run and how names read it.

use std::cell::Cell;
use std::sync::Arc;

use flow_conditions::decimal::Decimal;
use flow_conditions::eval::{Compiled, Env};
use flow_conditions::value::{Seen, Type, Value};

use crate::program::{Global, Program};

/// A node of the program: its unit and its index there.
pub type Place = (u32, u32);

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Going on.
    Moving,
    /// At a `listen` or `ask`, for a customer's turn.
    Turn,
    /// At a handoff, for a person.
    Queue,
    /// At a handoff; a person has the conversation.
    Person,
    /// At a port that is not drawn, for good.
    Rest,
    /// Over.
    Ended(Ending),
}

/// How a run is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// At an `end`.
    End,
    /// The customer left.
    Left,
    /// A runtime error.
    Error,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// It is out.
    Requested,
    /// A person took it.
    Accepted,
    /// A ticket or callback went out.
    Sent,
    /// It was taken back.
    Withdrawn,
    /// It failed.
    Failed,
}

impl RequestState {
    /// As the JSON writes it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Withdrawn => "withdrawn",
            Self::Failed => "failed",
        }
    }

    /// Whether it still stands.
    #[must_use]
    pub fn stands(self) -> bool {
        !matches!(self, Self::Withdrawn | Self::Failed)
    }
}

/// A request that went out.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its handoff node.
    pub place: Place,
    /// The call stack at the node.
    pub stack: Vec<Place>,
    /// The tier, by index of the program.
    pub tier: u32,
    /// 1 is the most urgent.
    pub priority: u8,
    /// What became of it.
    pub state: RequestState,
    /// Customer turns before it went out.
    pub at_turn: i64,
    /// Why.
    pub reasons: Vec<Arc<str>>,
    /// The trigger whose `trigger.id` stood when it went out, by number.
    pub trigger: Option<usize>,
    /// Seconds between the last customer's turn and its going out.
    pub after_turn: Decimal,
    /// Seconds that it has waited for a person.
    pub waited: Decimal,
}

/// The request that is under way.
#[derive(Clone, Debug)]
pub struct UnderWay {
    /// Which of the requests.
    pub request: usize,
    /// Whether a person accepted.
    pub accepted: bool,
    /// Seconds that it has waited.
    pub waited: Decimal,
}

/// The state of a run.
#[derive(Clone, Debug)]
pub struct State {
    /// Values by index.
    pub values: Vec<Option<Value>>,
    /// Sentiments of the last three turns, the newest last.
    pub sentiments: [Option<Decimal>; 3],
    /// Open, as last told, by tier.
    pub told_open: Vec<Option<bool>>,
    /// Where the run is.
    pub at: At,
    /// The node where it is.
    pub place: Place,
    /// The subflow nodes above it.
    pub stack: Vec<Place>,
    /// Spent triggers.
    pub spent: Vec<bool>,
    /// Idle rows that have acted since the last customer turn.
    pub idled: Vec<bool>,
    /// The trigger that `trigger.id` names, by unit and index.
    pub trigger: Option<Place>,
    /// `trigger.reasons`
    pub trigger_reasons: Vec<Arc<str>>,
    /// `handoff.reasons`
    pub handoff_reasons: Vec<Arc<str>>,
    /// The request that is under way.
    pub under_way: Option<UnderWay>,
    /// All requests that went out.
    pub requests: Vec<Request>,
    /// Seconds since the start.
    pub clock: Decimal,
    /// Second at which the customer spoke last or the node was entered, whichever is later.
    pub silent_since: Decimal,
    /// Second of the last customer's turn.
    pub turned: Decimal,
    /// What the constant that can be moved is moved to.
    pub moved: Option<Decimal>,
    /// The next value of the constant that is moved at which a condition that was looked at could change.
    pub near: Cell<Option<Decimal>>,
    /// Nodes entered since an event was used up.
    pub entered: u32,
    /// Customer turns.
    pub turns: i64,
    /// Start of the conversation, in seconds since 1970.
    pub start: Option<i64>,
    /// Outcome of the `end` where the run ended.
    pub outcome: Option<Arc<str>>,
    /// Tier and priority of the handoff entered last.
    pub row: Option<Row>,
}

impl State {
    /// The state before a conversation.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        Self {
            values: program.initial.clone(),
            sentiments: [None; 3],
            told_open: vec![None; program.tiers.len()],
            at: At::Moving,
            place: (0, program.units[0].start),
            stack: Vec::new(),
            spent: vec![false; program.trigger_count],
            idled: vec![false; program.idle_rows],
            trigger: None,
            trigger_reasons: Vec::new(),
            handoff_reasons: Vec::new(),
            under_way: None,
            requests: Vec::new(),
            clock: Decimal::ZERO,
            silent_since: Decimal::ZERO,
            turned: Decimal::ZERO,
            moved: None,
            near: Cell::new(None),
            entered: 0,
            turns: 0,
            start: None,
            outcome: None,
            row: None,
        }
    }

    /// Back to the state before a conversation, keeping what was allocated.
    pub fn reset(&mut self, program: &Program) {
        self.values.clone_from(&program.initial);
        if let (Some(at), Some(value)) = (program.moved, self.moved) {
            self.values[at as usize] = Some(Value::Number(value));
        }
        self.sentiments = [None; 3];
        self.told_open.fill(None);
        self.at = At::Moving;
        self.place = (0, program.units[0].start);
        self.stack.clear();
        self.spent.fill(false);
        self.idled.fill(false);
        self.trigger = None;
        self.trigger_reasons.clear();
        self.handoff_reasons.clear();
        self.under_way = None;
        self.requests.clear();
        self.clock = Decimal::ZERO;
        self.silent_since = Decimal::ZERO;
        self.turned = Decimal::ZERO;
        self.near.set(None);
        self.entered = 0;
        self.turns = 0;
        self.start = None;
        self.outcome = None;
        self.row = None;
    }

    /// Moment in seconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.start.unwrap_or(0).saturating_add(self.clock.floor().to_i64().unwrap_or(i64::MAX / 2))
    }

    /// Least-squares slope over the last three turns, x being the turn's number: with three points, or with the outer
    /// two, half their difference; with two neighbours their difference.
    #[must_use]
    pub fn trend(&self) -> Option<Decimal> {
        let half = |a: Decimal, b: Decimal| Decimal::div_round(b.checked_sub(a)?, Decimal::from_i64(2), 30);
        match self.sentiments {
            [Some(a), _, Some(c)] => half(a, c),
            [Some(a), Some(b), None] => b.checked_sub(a),
            [None, Some(b), Some(c)] => c.checked_sub(b),
            _ => None,
        }
    }
}

/// The handoff whose row is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its tier.
    pub tier: u32,
    /// Its priority.
    pub priority: u8,
}

/// Names as a condition reads them.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The flow.
    pub program: &'a Program,
    /// The state.
    pub state: &'a State,
    /// For rows of a handoff.
    pub row: Option<Row>,
}

/// Nearer to nought than any difference between numbers that people or services write.
pub(crate) const NEXT_TO: i128 = 1;
/// Digits behind the point of [`NEXT_TO`].
pub(crate) const NEXT_TO_SCALE: u32 = 30;

impl<'a> View<'a> {
    /// Whether a condition holds. What a moved constant is compared with is noted.
    #[must_use]
    pub fn holds(&self, condition: &Compiled) -> bool {
        if let Some(rivals) = condition.rivals() {
            rivals.each(self, &mut |rival| self.meet(rival));
        }
        condition.holds(self)
    }

    /// The constant is compared with this value: from there on, or right behind it, the outcome may be another.
    fn meet(&self, rival: Decimal) {
        let Some(Some(Value::Number(now))) = self.program.moved.map(|at| &self.state.values[at as usize]) else {
            return;
        };
        let next = match rival.cmp(now) {
            std::cmp::Ordering::Less => return,
            std::cmp::Ordering::Greater => Some(rival),
            std::cmp::Ordering::Equal => Decimal::new(NEXT_TO, NEXT_TO_SCALE).and_then(|tiny| rival.checked_add(tiny)),
        };
        let near = self.state.near.get();
        if near.is_none_or(|near| next.is_some_and(|next| next < near)) {
            self.state.near.set(next.or(near));
        }
    }

    fn stored(&self, at: u32) -> Seen<'a> {
        Seen::from(self.state.values[at as usize].as_ref())
    }

    /// Whether a tier is open: as last told, else by its hours when the conversation has a start.
    #[must_use]
    pub fn open(&self, tier: u32) -> bool {
        match self.state.told_open.get(tier as usize).copied().flatten() {
            Some(told) => told,
            None => match (self.state.start, self.program.tiers[tier as usize].calendar.as_ref()) {
                (Some(_), Some(calendar)) => calendar.is_open(self.state.now()),
                _ => true,
            },
        }
    }

    fn score(&self, unit: u32, index: u32) -> Decimal {
        let score = &self.program.units[unit as usize].scores[index as usize];
        let sum = score
            .add
            .iter()
            .filter(|(when, _)| self.holds(when))
            .try_fold(score.base, |sum, (_, points)| sum.checked_add(*points));
        sum.unwrap_or(score.max).clamp(score.min, score.max)
    }

    fn row_tier(&self) -> Option<&'a crate::program::RunTier> {
        self.row.map(|row| &self.program.tiers[row.tier as usize])
    }
}

impl Env for View<'_> {
    fn seen(&self, slot: u32) -> Seen<'_> {
        match &self.program.globals[slot as usize] {
            Global::Stored => self.stored(slot),
            Global::Score(unit, index) => Seen::Number(self.score(*unit, *index)),
            Global::Trend => self.state.trend().map_or(Seen::Unset, Seen::Number),
            Global::Pending => Seen::Bool(self.state.under_way.as_ref().is_some_and(|u| !u.accepted)),
            Global::Open(tier) => Seen::Bool(self.open(*tier)),
            Global::Waited => {
                let waited = self.state.under_way.as_ref().filter(|u| !u.accepted).map(|u| u.waited);
                Seen::Number(waited.unwrap_or(Decimal::ZERO))
            }
            Global::RowPriority => {
                self.row.map_or(Seen::Unset, |row| Seen::Number(Decimal::from_i64(row.priority.into())))
            }
            Global::RowWait => self.row_tier().map_or(Seen::Unset, |t| self.stored(t.wait)),
            Global::RowOpen => self.row.map_or(Seen::Unset, |row| Seen::Bool(self.open(row.tier))),
            Global::RowAvailable => self.row_tier().map_or(Seen::Unset, |t| self.stored(t.available)),
            Global::RowPosition => self.row_tier().map_or(Seen::Unset, |t| self.stored(t.position)),
        }
    }
}

/// The value, if it fits the type; 3.0 is an integer, text is never converted.
#[must_use]
pub fn fits(value: &Value, r#type: &Type) -> bool {
    let within = |n: &Decimal, min: &Option<Decimal>, max: &Option<Decimal>| {
        min.is_none_or(|m| *n >= m) && max.is_none_or(|m| *n <= m)
    };
    match (value, r#type) {
        (Value::Bool(_), Type::Bool) | (Value::Text(_), Type::Text) | (_, Type::Any) => true,
        (Value::Number(n), Type::Number { min, max }) => within(n, min, max),
        (Value::Number(n), Type::Integer { min, max }) => n.is_integer() && within(n, min, max),
        (Value::Text(t), Type::Enum(values)) => values.iter().any(|v| **v == **t),
        (Value::List(items), Type::List(inner)) => items.iter().all(|i| fits(i, inner)),
        _ => false,
    }
}
