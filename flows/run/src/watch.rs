//! Who watches a run: a replay that only counts, a preview that writes down each step with its reason.

use std::fmt;
use std::sync::Arc;

use flow_conditions::value::Value;
use flow_conversations::{ActionResult, AgentEvent, UserTurn};

use crate::program::{Program, Words};
use crate::state::{Place, State, View};

/// The way by which a node is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit<'p> {
    /// A port with a fixed name.
    Port(&'static str),
    /// `branches[i]`
    Branch(usize),
    /// `errors.CODE`
    ErrorCode(&'p str),
    /// `idle[i]`
    Idle(usize),
    /// `overflow[i]`
    Overflow(usize),
    /// `turns[i]`
    Turn(usize),
    /// `returns.ID`
    Return(&'p str),
    /// `outcomes.ID`
    Outcome(&'p str),
    /// A trigger, by id.
    Trigger(&'p str),
    /// It is not left.
    Stays,
}

impl fmt::Display for Exit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(name) => f.write_str(name),
            Self::Branch(i) => write!(f, "branches[{i}]"),
            Self::ErrorCode(code) => write!(f, "errors.{code}"),
            Self::Idle(i) => write!(f, "idle[{i}]"),
            Self::Overflow(i) => write!(f, "overflow[{i}]"),
            Self::Turn(i) => write!(f, "turns[{i}]"),
            Self::Return(id) => write!(f, "returns.{id}"),
            Self::Outcome(id) => write!(f, "outcomes.{id}"),
            Self::Trigger(id) => write!(f, "trigger.{id}"),
            Self::Stays => Ok(()),
        }
    }
}

/// Why a step was taken, in data; [`crate::words`] says it in words.
#[allow(missing_docs, reason = "each variant is said in words in `words.rs`")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    GoesOn,
    Says,
    WaitsForTurn,
    Asks,
    AsksAgain,
    SlotHasValue,
    SlotFilled,
    TooManyTries,
    Holds,
    NoBranchHolds,
    NothingHolds,
    Sets,
    CallsFlow,
    Returns,
    FlowEnded,
    Ends,
    CallAssumedOk,
    CallOk,
    CallError,
    CallTimeout,
    Silence,
    Fires,
    RequestOut,
    RequestFiled,
    BackInQueue,
    Closed,
    Overflows,
    TurnLeaves,
    WaitsOn,
    WaitedTooLong,
    RequestFailed,
    RequestSent,
    PersonHasIt,
    PersonActs,
    PersonKeepsIt,
    NobodyTakesTurn,
    CustomerLeft,
    Rests,
    TooManyNodes,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum News<'n> {
    /// A person took it.
    Accepted,
    /// It was filed as a ticket or callback.
    Sent,
    /// It failed.
    Failed,
    /// It was taken back.
    Withdrawn(Withdrawn),
    /// A person gave it back, and this is the node where it goes on.
    Back(&'n flow_conversations::AgentEvent, Place),
}

/// Why a request was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    /// The customer waited too long.
    Timeout,
    /// Its tier closed.
    Closed,
    /// The customer left.
    Left,
    /// The flow goes on elsewhere.
    Elsewhere,
    /// The flow ended.
    Ended,
}

/// What a run tells. Everything has an empty answer, so that a watcher pays for what it wants.
#[allow(unused_variables, reason = "the empty answers take what the full ones need")]
pub trait Watch<'p> {
    /// Whether it wants texts.
    fn hears(&self) -> bool {
        false
    }
    /// The event that is looked at.
    fn event(&mut self, index: i64) {}
    /// A text is said to the customer.
    fn say(&mut self, words: &Words, view: View<'_>) {}
    /// A text is suggested to the person.
    fn suggest(&mut self, words: &Words, view: View<'_>) {}
    /// A line that was said at the time.
    fn line(&mut self, who: &'static str, text: &Arc<str>) {}
    /// A customer's turn, after its first step.
    fn customer(&mut self, turn: &UserTurn, state: &State) {}
    /// A node is entered.
    fn entered(&mut self, program: &'p Program, state: &State) {}
    /// A node is left by a port, or stays.
    fn step(&mut self, program: &'p Program, state: &State, exit: Exit<'p>, to: Option<Place>, why: Why) {}
    /// A call is made.
    fn calls(&mut self, node: &Arc<str>, call: &str, inputs: Vec<(&str, Option<Value>)>) {}
    /// A call is answered; `None` where it is taken as fine.
    fn called(&mut self, result: Option<&ActionResult>) {}
    /// A name is set by the flow or a person.
    fn set(&mut self, name: &Arc<str>, value: Option<&Value>) {}
    /// A person does something.
    fn agent(&mut self, agent: &AgentEvent) {}
    /// A handoff chose its tier: by a route, or without one its own.
    fn routed(&mut self, program: &'p Program, state: &State, route: Option<usize>) {}
    /// A request goes out.
    fn request(&mut self, program: &'p Program, state: &State, request: usize) {}
    /// A ticket or callback goes out and nothing says what became of it.
    fn taken_as_sent(&mut self, program: &'p Program, state: &State) {}
    /// Something becomes of a request.
    fn news(&mut self, program: &'p Program, state: &State, request: usize, news: News<'_>) {}
    /// A value did not fit.
    fn unfit(&mut self, name: &Arc<str>) {}
    /// Something is named that the flow does not declare.
    fn undeclared(&mut self, what: &'static str, name: &str) {}
}
