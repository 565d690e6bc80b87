//! Conversations at the edges of a flow: every condition that a run can meet at a value that it compares with, just below
//! it, just above it, and unset; every way for a call, a wait and a person to end.
//!
//! What must stay true: the same flow gives the same conversations in the same order on every machine. Values come from the
//! exact cells of the conditions, and a conversation is only followed where the one before it led somewhere new.

mod events;
mod turns;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use flow_conversations::{Conversation, Turn};

use crate::machine::Machine;
use crate::outcome;
use crate::program::Program;
use crate::state::{At, Place, RequestState, State};
use crate::watch::{Exit, Watch, Why};

/// Places from which conversations are followed.
const STATIONS: usize = 160;
/// Events of a conversation that is followed further.
const LONGEST: usize = 12;
/// Conversations from one place.
const FROM_HERE: usize = 100;

/// What a conversation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    /// A turn that says nothing.
    Plain,
    /// A way on whose conditions hold.
    Holds,
    /// A number that is compared with, exactly.
    At,
    /// The nearest below it.
    Below,
    /// The nearest above it.
    Above,
    /// A value that is not there.
    Unset,
    /// Another value of what is no number.
    Other,
    /// A way for a call to end.
    Call,
    /// Time that passes.
    Clock,
    /// What a queue says.
    Queue,
    /// What a person, or their system, does.
    Person,
}

impl Edge {
    /// As a certificate writes it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Holds => "holds",
            Self::At => "at",
            Self::Below => "below",
            Self::Above => "above",
            Self::Unset => "unset",
            Self::Other => "other",
            Self::Call => "call",
            Self::Clock => "clock",
            Self::Queue => "queue",
            Self::Person => "person",
        }
    }
}

/// A conversation at an edge.
#[derive(Clone, Debug)]
pub struct Boundary {
    /// What it is about.
    pub edge: Edge,
    /// Where the run waits when it comes, as `caller/callee`.
    pub node: String,
    /// The name whose value it is about.
    pub name: Option<String>,
    /// The conversation; its last events are the edge.
    pub conversation: Conversation,
}

/// At most `most` conversations at the edges of a flow, the shortest first.
#[must_use]
pub fn boundaries(program: &Program, most: usize) -> Vec<Boundary> {
    let mut walk = Walk {
        program,
        most,
        found: Vec::new(),
        known: BTreeSet::new(),
        stations: BTreeSet::new(),
        open: VecDeque::new(),
    };
    let first = walk.run(&[]);
    walk.stations.insert(station(program, &first.0));
    walk.open.push_back(Vec::new());
    while let Some(before) = walk.open.pop_front() {
        if walk.found.len() >= most {
            break;
        }
        walk.follow(&before);
    }
    walk.found
}

struct Walk<'p> {
    program: &'p Program,
    most: usize,
    found: Vec<Boundary>,
    /// Conversations that are in.
    known: BTreeSet<String>,
    /// Places, with what is known there, from which conversations were followed.
    stations: BTreeSet<String>,
    open: VecDeque<Vec<Turn>>,
}

/// What a run did after an event.
#[derive(Default)]
struct Trail {
    from: i64,
    now: i64,
    steps: String,
}

impl<'p> Watch<'p> for Trail {
    fn event(&mut self, index: i64) {
        self.now = index;
    }

    fn step(&mut self, _: &'p Program, state: &State, exit: Exit<'p>, to: Option<Place>, _: Why) {
        if self.now >= self.from {
            use std::fmt::Write;
            // Writing to a text cannot fail.
            let _ = write!(self.steps, "{:?} {exit} {to:?};", state.place);
        }
    }
}

fn conversation(turns: &[Turn]) -> Conversation {
    Conversation { id: "edge".into(), turns: turns.to_vec(), ..Conversation::default() }
}

impl Walk<'_> {
    /// The state after these events, and what was done after the first `from` of them.
    fn run_from(&self, turns: &[Turn], from: usize) -> (State, String) {
        let trail = Trail { from: i64::try_from(from).unwrap_or(i64::MAX), now: -1, steps: String::new() };
        let conversation = conversation(turns);
        let mut machine = Machine::new(self.program, State::new(self.program), trail);
        machine.run(&conversation);
        (machine.state, machine.watch.steps)
    }

    fn run(&self, turns: &[Turn]) -> (State, String) {
        self.run_from(turns, 0)
    }

    fn follow(&mut self, before: &[Turn]) {
        let (state, _) = self.run(before);
        let mut made = events::of(self.program, &state);
        match state.at {
            At::Turn | At::Queue => made.extend(turns::of(self, &state, before)),
            At::Moving | At::Person | At::Rest | At::Ended(_) => {}
        }
        let node = outcome::waits_at(self.program, &state).unwrap_or_default();
        for (edge, name, events) in made.into_iter().take(FROM_HERE) {
            self.emit(edge, &node, name, before, events);
        }
    }

    fn emit(&mut self, edge: Edge, node: &str, name: Option<String>, before: &[Turn], events: Vec<Turn>) {
        let turns: Vec<Turn> = before.iter().cloned().chain(events).collect();
        let made = conversation(&turns);
        let written = flow_conversations::write(&flow_conversations::json(&made));
        if self.found.len() >= self.most || !self.known.insert(written) {
            return;
        }
        let (after, _) = self.run(&turns);
        let short = turns.len() < LONGEST && self.stations.len() < STATIONS;
        if short && matches!(after.at, At::Turn | At::Queue | At::Person) {
            let signature = station(self.program, &after);
            if self.stations.insert(signature) {
                self.open.push_back(turns);
            }
        }
        let id = format!("edge-{}", self.found.len() + 1);
        let conversation = Conversation { id: id.into(), ..made };
        self.found.push(Boundary { edge, node: node.to_owned(), name, conversation });
    }
}

/// What tells one place of a walk from another: where the run is, and what it has behind it that conditions are made for.
fn station(program: &Program, state: &State) -> String {
    let filled: Vec<bool> = program
        .units
        .iter()
        .flat_map(|unit| unit.slots.values().map(|(at, _)| state.values[*at as usize].is_some()))
        .collect();
    let attempts = &state.values[program.common.attempts as usize];
    let under_way = state.under_way.as_ref().map(|way| {
        let request = &state.requests[way.request];
        (request.place, request.tier, request.state == RequestState::Accepted)
    });
    let sent = state.requests.len().min(2);
    format!(
        "{:?} {:?} {:?} {:?} {filled:?} {attempts:?} {under_way:?} {sent}",
        state.at, state.place, state.stack, state.spent
    )
}

/// How many conversations there are of each kind.
#[must_use]
pub fn counted(found: &[Boundary]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for one in found {
        *counts.entry(one.edge.id()).or_insert(0) += 1;
    }
    counts
}

#[cfg(test)]
mod tests;
