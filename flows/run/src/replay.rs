//! A whole corpus: outcomes, expectations, coverage; and each conversation on its own line.

pub mod against;
mod alike;
pub mod columns;
mod counter;
mod gauge;
mod lines;
pub mod reach;
pub mod shrink;
pub mod stream;
pub mod sweep;
mod whole;

use std::sync::Arc;

use flow_conditions::decimal::Decimal;
use flow_conversations::{Conversation, LineFault, Notes, Wants};
use flow_handoff::Keys;
use flow_model::tree::Json;

use crate::expect;
use crate::machine::Machine;
use crate::outcome;
use crate::program::{Look, Program};
use crate::state::State;

pub use counter::Totals;
use counter::{Came, Counter};
pub use lines::Reader;
pub use whole::{Desk, Each, Replayed as Said, Whole, each};

/// Prepares a conversation before it is run, such as filling what is missing; returns what it did.
pub type Fill<'a> = dyn Fn(&mut Conversation) + Sync + 'a;

/// What of conversations decides how they run.
fn needed(program: &Program, fills: bool) -> Wants {
    let looked = |at: u32| program.looks[at as usize] != Look::Never;
    let common = &program.common;
    Wants {
        text: looked(common.text),
        text_for_sentiment: fills && looked(common.sentiment),
        text_for_intent: fills,
        lines: false,
    }
}

/// Runs conversations one after the other, with what was allocated for the one before.
pub struct Runner<'p> {
    program: &'p Program,
    state: Option<State>,
    counter: Counter<'p>,
}

impl<'p> Runner<'p> {
    /// Ready for the first conversation.
    #[must_use]
    pub fn new(program: &'p Program) -> Self {
        Self { program, state: Some(State::new(program)), counter: Counter::default() }
    }

    /// Writes down the nodes that a run enters.
    #[must_use]
    pub fn with_path(mut self) -> Self {
        self.counter.wants_path = true;
        self
    }

    /// Moves the constant of a program that has one to move.
    pub fn move_to(&mut self, value: Decimal) {
        if let Some(state) = &mut self.state {
            state.moved = Some(value);
        }
    }

    /// Runs a conversation and looks at where it came to.
    pub fn run<T>(&mut self, conversation: &Conversation, look: impl FnOnce(&State, &Runner<'p>) -> T) -> T {
        let mut counter = std::mem::take(&mut self.counter);
        counter.marks.clear();
        counter.path.clear();
        let state = self.state.take().unwrap_or_else(|| State::new(self.program));
        let mut machine = Machine::new(self.program, state, counter);
        machine.run(conversation);
        let (state, counter) = (machine.state, machine.watch);
        self.counter = counter;
        let looked = look(&state, self);
        self.state = Some(state);
        looked
    }
}

/// What became of one line.
pub enum Line {
    /// Nothing: it was empty.
    Blank,
    /// It could not be read.
    Unreadable(LineFault),
    /// Its id was seen before.
    Repeated(Arc<str>),
    /// It was replayed.
    Replayed(Box<Replayed>),
}

/// A conversation that was replayed.
pub struct Replayed {
    /// Its id.
    pub id: Arc<str>,
    /// What was not understood.
    pub notes: Notes,
    /// What did not go as expected, in words.
    pub faults: Vec<String>,
    /// Whether it had an expectation.
    pub expected: bool,
    /// Its line of `--each`, when wanted.
    pub each: Option<Json>,
    /// Its outcome, when wanted.
    pub outcome: Option<Json>,
}

/// A replay of lines that are given one after the other. [`stream::stream`] takes whole files, on any number of threads.
pub struct Replay<'p, 'f> {
    program: &'p Program,
    keys: &'f Keys,
    fill: Option<&'f Fill<'f>>,
    each: bool,
    outcomes_wanted: bool,
    seen: stream::Seen,
    totals: Totals<'p>,
    failed: Vec<String>,
    runner: Runner<'p>,
}

impl<'p, 'f> Replay<'p, 'f> {
    /// A replay that has seen nothing.
    #[must_use]
    pub fn new(program: &'p Program, keys: &'f Keys, fill: Option<&'f Fill<'f>>) -> Self {
        Self {
            program,
            keys,
            fill,
            each: false,
            outcomes_wanted: false,
            seen: stream::Seen::default(),
            totals: Totals::new(program),
            failed: Vec::new(),
            runner: Runner::new(program),
        }
    }

    /// Has each conversation give its line.
    #[must_use]
    pub fn with_each(mut self) -> Self {
        self.each = true;
        self.runner = self.runner.with_path();
        self
    }

    /// Has each conversation give its outcome.
    #[must_use]
    pub fn with_outcomes(mut self) -> Self {
        self.outcomes_wanted = true;
        self
    }

    /// Replays one line; `number` counts from 1.
    pub fn line(&mut self, text: &str, number: u64) -> Line {
        if text.trim().is_empty() {
            return Line::Blank;
        }
        match flow_conversations::line(text) {
            Err(fault) => Line::Unreadable(fault),
            Ok((conversation, notes)) => self.conversation(conversation, notes, number),
        }
    }

    /// Replays a conversation.
    pub fn conversation(&mut self, mut conversation: Conversation, notes: Notes, number: u64) -> Line {
        if !self.seen.insert(stream::hash(&conversation.id)) {
            return Line::Repeated(conversation.id);
        }
        if let Some(fill) = self.fill {
            fill(&mut conversation);
        }
        let (program, keys, totals) = (self.program, self.keys, &mut self.totals);
        let (wants_each, wants_outcome) = (self.each, self.outcomes_wanted);
        let (faults, each, outcome) = self.runner.run(&conversation, |state, runner| {
            totals.add(&Came::of(program, state), &runner.counter.marks, 1);
            (
                expect::check(program, state, &conversation, keys),
                wants_each.then(|| each(program, state, &conversation.id, number, &runner.counter.path)),
                wants_outcome.then(|| outcome::json(program, state)),
            )
        });
        let expected = conversation.expect.is_some();
        match faults.is_empty() {
            true => self.totals.passed += u64::from(expected),
            false => self.failed.push(conversation.id.to_string()),
        }
        Line::Replayed(Box::new(Replayed { id: conversation.id, notes, faults, expected, each, outcome }))
    }

    /// Whether an expectation failed.
    #[must_use]
    pub fn fell_short(&self) -> bool {
        !self.failed.is_empty()
    }

    /// The summary, `seconds` aside.
    #[must_use]
    pub fn summary(&self) -> Vec<(String, Json)> {
        self.totals.summary(&self.failed)
    }
}
