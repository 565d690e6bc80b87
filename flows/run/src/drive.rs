//! A conversation that brings a run to a card in a given case: how a problem is shown as something that can happen.
//!
//! What must stay true: what comes back was run, and did it. The search tries events that could lead on, best first, runs
//! each conversation from its beginning, and gives up after [`MOST_RUNS`]; not finding one proves nothing. What proves
//! something is where no values lead ([`Driver::barred`]).

mod guards;
mod led;
mod moves;
mod wishes;

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};
use std::sync::Arc;

use flow_check::Checked;
use flow_conditions::eval::Env;
use flow_conditions::said::Said;
use flow_conditions::value::{Seen, Value};
use flow_conversations::{Conversation, Turn, UserTurn};

use crate::machine::Machine;
use crate::program::{Program, RunHandoff, RunKind};
use crate::state::{At, Place, Row, State, View};
use crate::watch::{Exit, Watch, Why};

/// Conversations that are tried.
const MOST_RUNS: usize = 1500;
/// Events of a conversation.
const MOST_EVENTS: usize = 24;

/// What is to be shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Goal<'g> {
    /// The card at which it shows, by id; of the flow itself, not of one that it calls.
    pub node: Option<&'g str>,
    /// Without a card, the trigger that looks at the customer's turn.
    pub trigger: Option<&'g str>,
    /// The case: names and values, `None` for unset; others may have any value.
    pub case: &'g [(String, Option<Value>)],
    /// Cards to pass in this order, the goal's last; empty when any way will do.
    pub path: &'g [String],
}

/// A flow made ready to be driven: what is the same for every goal is worked out once.
pub struct Driver {
    program: Program,
    known: wishes::Known,
    /// Where values lead; worked out when it is asked for.
    led: OnceCell<Option<led::Led>>,
}

impl Driver {
    /// Makes a flow ready.
    #[must_use]
    pub fn new(checked: &Checked) -> Self {
        let program = Program::new(checked);
        let known = wishes::Known::new(&program);
        Self { program, known, led: OnceCell::new() }
    }

    /// A conversation that reaches the goal, if one is found. `stopped` is asked before each conversation that is tried; then
    /// none is found.
    #[must_use]
    pub fn find(&self, goal: &Goal<'_>, stopped: &dyn Fn() -> bool) -> Option<Conversation> {
        let led = self.led();
        if led.is_some_and(|led| self.goals(goal).is_some_and(|card| !led.has(card))) {
            return None;
        }
        let aim = Aim::new(&self.program, goal)?;
        let far = distances(&self.program, &aim, led);
        let wishes = wishes::Wishes::new(&self.program, &self.known, goal, far);
        Search { wishes, program: &self.program }.run(&aim, stopped)
    }

    /// The way to a card by the fewest steps that values take; none where it is not known, or no other than `path`.
    #[must_use]
    pub fn other_way(&self, card: &str, path: &[String]) -> Option<Vec<String>> {
        let led = self.led()?;
        let unit = &self.program.units[0];
        let number = |id: &String| unit.flow.nodes.get_index_of(id.as_str());
        let way = led.path(unit.start as usize, number(&card.to_owned())?)?;
        let same = path.iter().map(number).eq(way.iter().copied().map(Some));
        (!same).then(|| way.into_iter().map(|card| unit.nodes[card].id.to_string()).collect())
    }

    /// Whether values take each step of a way, as far as that is known.
    #[must_use]
    pub fn goes(&self, path: &[String]) -> bool {
        let nodes = &self.program.units[0].flow.nodes;
        let path: Vec<usize> = path.iter().filter_map(|id| nodes.get_index_of(id.as_str())).collect();
        self.led().is_none_or(|led| led.goes(&path))
    }

    /// Why nothing leads to the goal's card, where that is known for sure: the values that every way there asks for are set by
    /// nothing on it.
    #[must_use]
    pub fn barred(&self, goal: &Goal<'_>) -> Option<Said> {
        let led = self.led()?;
        let card = self.goals(goal).filter(|card| !led.has(*card))?;
        let unit = &self.program.units[0];
        let path = goal.path.iter().filter_map(|id| unit.flow.nodes.get_index_of(id));
        Some(led.barred(unit, &self.known.units[0], &path.collect::<Vec<_>>(), card))
    }

    fn led(&self) -> Option<&led::Led> {
        self.led.get_or_init(|| led::Led::new(&self.program, &self.known.units)).as_ref()
    }

    /// The goal's card, by number.
    fn goals(&self, goal: &Goal<'_>) -> Option<usize> {
        self.program.units[0].flow.nodes.get_index_of(goal.node?)
    }
}

/// A conversation that reaches the goal, if one is found; as [`Driver::find`] for one goal.
#[must_use]
pub fn drive(checked: &Checked, goal: &Goal<'_>, stopped: &dyn Fn() -> bool) -> Option<Conversation> {
    Driver::new(checked).find(goal, stopped)
}

/// The goal in the program's numbers.
struct Aim {
    node: Option<u32>,
    trigger: Option<usize>,
    case: Vec<(u32, Option<Value>)>,
    path: Vec<u32>,
    /// Whether the case is looked at on a customer's turn rather than on entering.
    on_turn: bool,
}

impl Aim {
    fn new(program: &Program, goal: &Goal<'_>) -> Option<Self> {
        let unit = &program.units[0];
        let node = |id: &str| unit.flow.nodes.get_index_of(id).map(crate::program::index);
        let trigger = match (goal.node, goal.trigger) {
            (None, Some(id)) => Some(unit.triggers.iter().position(|t| *t.id == *id)?),
            (None, None) => return None,
            (Some(_), _) => None,
        };
        let at = match goal.node {
            Some(id) => Some(node(id)?),
            None => None,
        };
        let known = |(name, value): &(String, Option<Value>)| unit.globals.get(name).map(|at| (*at, value.clone()));
        let waits =
            at.is_some_and(|at| matches!(unit.nodes[at as usize].kind, RunKind::Listen { .. } | RunKind::Ask { .. }));
        Some(Self {
            node: at,
            trigger,
            case: goal.case.iter().filter_map(known).collect(),
            path: goal.path.iter().filter_map(|id| node(id)).collect(),
            on_turn: trigger.is_some() || (waits && !goal.case.is_empty()),
        })
    }
}

/// A conversation that was run.
struct Tried {
    events: Vec<Turn>,
    state: State,
    /// Cards of the path that were passed.
    passed: usize,
    /// Calls that were taken as fine since the last event, so that the next event can be their result.
    assumed: Vec<Place>,
    /// Whether a ticket was taken as sent.
    sent: bool,
}

struct Search<'p> {
    program: &'p Program,
    wishes: wishes::Wishes<'p>,
}

impl<'p> Search<'p> {
    fn run(&self, aim: &Aim, stopped: &dyn Fn() -> bool) -> Option<Conversation> {
        let mut seen = BTreeSet::new();
        let mut open = BinaryHeap::from([(Reverse(0_u32), Reverse(0_usize))]);
        let mut waiting = vec![Vec::new()];
        let mut runs = 0;
        while let Some((_, Reverse(number))) = open.pop() {
            runs += 1;
            if runs > MOST_RUNS || stopped() {
                return None;
            }
            let (tried, met) = self.try_events(aim, std::mem::take(&mut waiting[number]));
            if met {
                return Some(conversation(tried.events));
            }
            if tried.events.len() >= MOST_EVENTS || !seen.insert(self.likeness(&tried)) {
                continue;
            }
            let cost = self.cost(aim, &tried);
            for more in moves::of(self.program, &self.wishes, &tried) {
                let mut events = tried.events.clone();
                let longer = crate::program::index(more.len());
                events.extend(more.into_iter().map(|event| Turn { t: None, event }));
                open.push((Reverse(cost + longer), Reverse(waiting.len())));
                waiting.push(events);
            }
        }
        None
    }

    fn try_events(&self, aim: &Aim, events: Vec<Turn>) -> (Tried, bool) {
        let conversation = conversation(events);
        let trace = Trace { program: self.program, aim, passed: 0, met: false, assumed: Vec::new(), sent: false };
        let mut machine = Machine::new(self.program, State::new(self.program), trace);
        machine.run(&conversation);
        let Machine { state, watch, .. } = machine;
        let Trace { passed, met, assumed, sent, .. } = watch;
        (Tried { events: conversation.turns, state, passed, assumed, sent }, met)
    }

    /// How much a conversation promises: few events, close to the goal, far along the path.
    fn cost(&self, aim: &Aim, tried: &Tried) -> u32 {
        let outer = tried.state.stack.first().copied().unwrap_or(tried.state.place);
        let far = self.wishes.far.get(outer.1 as usize).copied().unwrap_or(FAR);
        let left = crate::program::index(aim.path.len().saturating_sub(tried.passed));
        crate::program::index(tried.events.len()) + 2 * far + 4 * left
    }

    /// Two conversations that are alike here can go on alike.
    fn likeness(&self, tried: &Tried) -> String {
        let common = &self.program.common;
        let passing = [common.text, common.turn, common.trigger_text, common.conversation_id];
        let kept = |(at, _): &(usize, &Option<Value>)| !passing.iter().any(|p| *p as usize == *at);
        let values: Vec<_> = tried.state.values.iter().enumerate().filter(kept).collect();
        let state = &tried.state;
        format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {values:?} {} {:?}",
            state.at,
            state.place,
            state.stack,
            state.told_open,
            state.spent,
            state.under_way,
            tried.passed,
            tried.assumed
        )
    }
}

fn conversation(turns: Vec<Turn>) -> Conversation {
    Conversation { id: Arc::from("witness"), turns, ..Conversation::default() }
}

/// Further than any card.
const FAR: u32 = 1000;

/// Edges to the nearest of the goals, by card of the flow itself; cards that no values lead to are on no way.
fn distances(program: &Program, aim: &Aim, led: Option<&led::Led>) -> Vec<u32> {
    let unit = &program.units[0];
    let mut to: Vec<Vec<u32>> = vec![Vec::new(); unit.nodes.len()];
    for (from, node) in unit.nodes.iter().enumerate().filter(|(at, _)| led.is_none_or(|led| led.has(*at))) {
        let from = crate::program::index(from);
        for port in ports(&node.kind) {
            to[port as usize].push(from);
        }
        if matches!(node.kind, RunKind::Listen { .. } | RunKind::Ask { .. }) {
            for trigger in unit.triggers.iter().filter(|t| t.acts[from as usize]) {
                to[trigger.to as usize].push(from);
            }
        }
    }
    let mut far = vec![FAR; unit.nodes.len()];
    let goals: Vec<u32> = match (aim.node, aim.trigger) {
        (Some(node), _) => vec![node],
        (None, Some(trigger)) => {
            let acts = unit.triggers[trigger].acts.iter().enumerate().filter(|(_, acts)| **acts);
            acts.map(|(at, _)| crate::program::index(at)).collect()
        }
        (None, None) => Vec::new(),
    };
    let mut open: VecDeque<u32> = goals.into();
    open.iter().for_each(|goal| far[*goal as usize] = 0);
    while let Some(node) = open.pop_front() {
        for from in &to[node as usize] {
            if far[*from as usize] == FAR {
                far[*from as usize] = far[node as usize] + 1;
                open.push_back(*from);
            }
        }
    }
    far
}

/// Where a card's ports lead.
fn ports(kind: &RunKind) -> Vec<u32> {
    let found: Vec<Option<u32>> = match kind {
        RunKind::Pass(next) | RunKind::Message(_, next) | RunKind::Set(_, next) => vec![*next],
        RunKind::Listen { branches, other, idle } => {
            let silent = idle.iter().map(|row| row.to);
            branches.iter().map(|(_, to)| *to).chain([*other]).chain(silent).collect()
        }
        RunKind::Ask { filled, failed, idle, .. } => idle.iter().map(|row| row.to).chain([*filled, *failed]).collect(),
        RunKind::Decision { branches, other } => branches.iter().map(|(_, to)| *to).chain([*other]).collect(),
        RunKind::Action { ok, errors, error, timeout, .. } => {
            errors.iter().map(|(_, to)| *to).chain([*ok, *error, *timeout]).collect()
        }
        RunKind::Handoff(handoff) => handoff_ports(handoff),
        RunKind::Subflow { outcomes, other, .. } => outcomes.iter().map(|(_, to)| *to).chain([*other]).collect(),
        RunKind::End(_) | RunKind::Note => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

fn handoff_ports(handoff: &RunHandoff) -> Vec<Option<u32>> {
    let rows = handoff.turns.iter().chain(&handoff.overflow).map(|row| row.to);
    let returns = handoff.returns.iter().map(|(_, to)| *to);
    let fixed = [
        handoff.sent,
        handoff.resumed,
        handoff.resolved,
        handoff.escalated,
        handoff.timeout,
        handoff.closed,
        handoff.failed,
    ];
    rows.chain(returns).chain(fixed).collect()
}

/// Watches whether a run reaches the goal.
struct Trace<'p, 'g> {
    program: &'p Program,
    aim: &'g Aim,
    passed: usize,
    met: bool,
    assumed: Vec<Place>,
    sent: bool,
}

impl Trace<'_, '_> {
    fn look(&mut self, state: &State, row: Option<Row>) {
        let view = View { program: self.program, state, row };
        let is = |(at, value): &(u32, Option<Value>)| match (view.seen(*at), value) {
            (Seen::Unset, None) => true,
            (seen, Some(value)) => seen == Seen::from(Some(value)),
            _ => false,
        };
        self.met |= self.passed == self.aim.path.len() && self.aim.case.iter().all(is);
    }

    fn is_here(&self, state: &State) -> bool {
        state.place.0 == 0 && Some(state.place.1) == self.aim.node
    }
}

impl<'p> Watch<'p> for Trace<'p, '_> {
    fn event(&mut self, _: i64) {
        self.assumed.clear();
        self.sent = false;
    }

    fn customer(&mut self, _: &UserTurn, state: &State) {
        let asked = match self.aim.trigger {
            Some(trigger) if state.place.0 == 0 => {
                state.at == At::Turn && self.program.units[0].triggers[trigger].acts[state.place.1 as usize]
            }
            Some(_) => false,
            None => self.aim.on_turn && state.at == At::Turn && self.is_here(state),
        };
        if asked {
            self.look(state, None);
        }
    }

    fn entered(&mut self, _: &'p Program, state: &State) {
        if state.place.0 != 0 {
            return;
        }
        if self.aim.path.get(self.passed) == Some(&state.place.1) {
            self.passed += 1;
        }
        if !self.aim.on_turn && self.is_here(state) {
            self.look(state, None);
        }
    }

    fn step(&mut self, _: &'p Program, state: &State, _: Exit<'p>, _: Option<Place>, why: Why) {
        match why {
            Why::CallAssumedOk => self.assumed.push(state.place),
            Why::RequestSent => self.sent = true,
            _ => {}
        }
        if !self.aim.on_turn && self.is_here(state) && !self.aim.case.is_empty() {
            self.look(state, state.row);
        }
    }
}

#[cfg(test)]
mod tests;
