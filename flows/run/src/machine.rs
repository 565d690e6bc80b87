//! One run, event by event, as `docs/format.md` section 4 says. Nothing is written here: who watches gets told.

use std::sync::Arc;

use flow_conditions::decimal::Decimal;
use flow_conditions::eval::Compiled;
use flow_conditions::value::{Type, Value};
use flow_conversations::{ActionResult, Conversation, Event, Given, Status, Turn};

use crate::program::{Output, Port, Program, RunKind, RunNode, Unit, Words};
use crate::state::{At, Ending, Place, Row, State, View, fits};
use crate::watch::{Exit, Watch, Why, Withdrawn};

/// Nodes that may be entered without an event being used up.
pub const MOST_ENTRIES: u32 = 1000;

/// A run over a conversation.
pub struct Machine<'p, 'c, W> {
    /// The flow.
    pub program: &'p Program,
    /// The state.
    pub state: State,
    /// Who watches.
    pub watch: W,
    /// The events.
    pub events: &'c [Turn],
    /// The event that is looked at; -1 before the first.
    pub event: i64,
    /// Events already looked at.
    pub used: usize,
    /// The node to enter next, and the edge that leads there.
    next: Option<(Place, Option<Edge<'p>>)>,
}

/// The edge by which a node is entered.
pub type Edge<'p> = (Place, Exit<'p>);

impl<'p, 'c, W: Watch<'p>> Machine<'p, 'c, W> {
    /// A run that has not begun.
    pub fn new(program: &'p Program, state: State, watch: W) -> Self {
        Self { program, state, watch, events: &[], event: -1, used: 0, next: None }
    }

    /// Runs a whole conversation from the beginning.
    pub fn run(&mut self, conversation: &'c Conversation) {
        self.state.reset(self.program);
        self.events = &conversation.turns;
        self.event = -1;
        self.used = 0;
        self.state.start = conversation.start;
        self.begin(conversation);
        self.next = Some((self.state.place, None));
        self.settle();
        self.take_all();
    }

    /// Goes on with a run that stands between two events, with these to follow.
    pub fn go_on(&mut self, events: &'c [Turn]) {
        self.events = events;
        self.used = 0;
        self.take_all();
    }

    fn take_all(&mut self) {
        while self.used < self.events.len() {
            let at = self.used;
            self.used += 1;
            self.event = i64::try_from(at).unwrap_or(i64::MAX);
            self.watch.event(self.event);
            if matches!(self.state.at, At::Ended(_)) {
                break;
            }
            self.state.entered = 0;
            self.take(&self.events[at].event);
            self.settle();
        }
    }

    /// Enters nodes until one waits or ends.
    fn settle(&mut self) {
        while let Some((place, edge)) = self.next.take() {
            self.enter(place, edge);
        }
    }

    fn begin(&mut self, conversation: &'c Conversation) {
        let common = &self.program.common;
        self.state.values[common.conversation_id as usize] = Some(Value::Text(conversation.id.clone()));
        for (key, value) in &conversation.customer {
            match self.program.customer.iter().find(|(name, ..)| **name == **key) {
                Some((_, at, r#type)) => self.put(*at, r#type, value),
                None if key == "id" => self.put(common.customer_id, &Type::Text, value),
                None => {}
            }
        }
    }

    fn take(&mut self, event: &'c Event) {
        match event {
            Event::User(turn) => self.customer_turn(turn),
            Event::Bot(text) => self.watch.line("bot", text),
            Event::Said(text) => self.watch.line("agent", text),
            Event::Action(_) | Event::Unknown => {}
            Event::Queue(news) => self.queue_news(news),
            Event::Clock(seconds) => self.clock(*seconds),
            Event::Handoff(news) => self.handoff_news(news),
            Event::Agent(agent) => self.agent(agent),
            Event::Left => {
                self.withdraw(Withdrawn::Left);
                self.stay(At::Ended(Ending::Left), Why::CustomerLeft);
            }
        }
    }

    /// Names as conditions read them now.
    pub fn view(&self, row: Option<Row>) -> View<'_> {
        View { program: self.program, state: &self.state, row }
    }

    /// Whether a condition holds now.
    pub fn holds(&self, condition: &Compiled, row: Option<Row>) -> bool {
        self.view(row).holds(condition)
    }

    /// The unit where the run is.
    pub fn unit(&self) -> &'p Unit {
        &self.program.units[self.state.place.0 as usize]
    }

    /// The node where the run is.
    pub fn node(&self) -> &'p RunNode {
        &self.unit().nodes[self.state.place.1 as usize]
    }

    /// Sets a name from what a conversation gives; absent leaves it, what does not fit makes it unset.
    pub fn put(&mut self, at: u32, r#type: &Type, given: &Given) {
        let value = match given {
            Given::Absent => return,
            Given::Null => None,
            Given::Odd => {
                self.watch.unfit(&self.program.names[at as usize]);
                None
            }
            Given::Value(value) => self.fitting(at, r#type, value.clone()),
        };
        self.state.values[at as usize] = value;
    }

    /// The value, or nothing and a report where it does not fit.
    pub fn fitting(&mut self, at: u32, r#type: &Type, value: Value) -> Option<Value> {
        if fits(&value, r#type) {
            return Some(value);
        }
        self.watch.unfit(&self.program.names[at as usize]);
        None
    }

    /// Sets a counter.
    pub fn count(&mut self, at: u32, value: i64) {
        self.state.values[at as usize] = Some(Value::Number(Decimal::from_i64(value)));
    }

    /// Says a text to the customer.
    pub fn say(&mut self, words: &'p Words, row: Option<Row>) {
        if self.watch.hears() {
            let view = View { program: self.program, state: &self.state, row };
            self.watch.say(words, view);
        }
    }

    /// Leaves the node where the run is by a port.
    pub fn leave(&mut self, exit: Exit<'p>, to: Port, why: Why) {
        let from = self.state.place;
        let Some(to) = to else {
            self.watch.step(self.program, &self.state, exit, None, why);
            self.state.at = At::Rest;
            return;
        };
        self.watch.step(self.program, &self.state, exit, Some((from.0, to)), why);
        self.go((from.0, to), Some((from, exit)));
    }

    /// Has a node entered next.
    pub fn go(&mut self, to: Place, edge: Option<Edge<'p>>) {
        self.state.at = At::Moving;
        self.next = Some((to, edge));
    }

    /// Stays at the node where the run is, in this way.
    pub fn stay(&mut self, at: At, why: Why) {
        self.state.at = at;
        self.watch.step(self.program, &self.state, Exit::Stays, None, why);
    }

    /// Notes an entry.
    pub fn arrive(&mut self, place: Place) {
        self.state.place = place;
        self.state.silent_since = self.state.clock;
        self.watch.entered(self.program, &self.state);
    }

    fn enter(&mut self, place: Place, edge: Option<Edge<'p>>) {
        self.arrive(place);
        self.state.entered += 1;
        if self.state.entered > MOST_ENTRIES {
            return self.stay(At::Ended(Ending::Error), Why::TooManyNodes);
        }
        let node = self.node();
        match &node.kind {
            RunKind::Pass(next) => self.leave(Exit::Port("next"), *next, Why::GoesOn),
            RunKind::Message(words, next) => {
                self.say(words, None);
                self.leave(Exit::Port("next"), *next, Why::Says);
            }
            RunKind::Listen { .. } => self.rest_at_listen(),
            RunKind::Ask { slot, prompt, filled, .. } => self.ask(*slot, prompt, *filled),
            RunKind::Decision { branches, other } => self.choose(branches, *other),
            RunKind::Set(assign, next) => self.assign(assign, *next),
            RunKind::Action { .. } => self.call(node),
            RunKind::Handoff(handoff) => self.enter_handoff(handoff, edge),
            RunKind::Subflow { unit, inputs, .. } => self.call_flow(*unit, inputs),
            RunKind::End(outcome) => self.end(outcome),
            RunKind::Note => self.stay(At::Rest, Why::Rests),
        }
    }

    fn rest_at_listen(&mut self) {
        let common = &self.program.common;
        self.state.trigger = None;
        self.state.trigger_reasons.clear();
        self.state.values[common.trigger_id as usize] = None;
        self.state.values[common.trigger_text as usize] = None;
        self.stay(At::Turn, Why::WaitsForTurn);
    }

    fn ask(&mut self, slot: u32, prompt: &'p Words, filled: Port) {
        if self.state.values[slot as usize].is_some() {
            return self.leave(Exit::Port("filled"), filled, Why::SlotHasValue);
        }
        self.count(self.program.common.attempts, 0);
        self.say(prompt, None);
        self.stay(At::Turn, Why::Asks);
    }

    /// Takes the first branch that holds, else `else`.
    pub fn choose(&mut self, branches: &'p [(Compiled, Port)], other: Port) {
        match branches.iter().position(|(when, _)| self.holds(when, None)) {
            Some(i) => self.leave(Exit::Branch(i), branches[i].1, Why::Holds),
            None if other.is_some() => self.leave(Exit::Port("else"), other, Why::NoBranchHolds),
            None => self.stay(At::Ended(Ending::Error), Why::NothingHolds),
        }
    }

    fn assign(&mut self, assign: &'p [(u32, Type, Option<Compiled>)], next: Port) {
        for (at, r#type, expression) in assign {
            let value = expression.as_ref().and_then(|e| e.value(&self.view(None)));
            self.set(*at, r#type, value);
        }
        self.leave(Exit::Port("next"), next, Why::Sets);
    }

    /// Sets a name to a computed value.
    pub fn set(&mut self, at: u32, r#type: &Type, value: Option<Value>) {
        let value = value.and_then(|v| self.fitting(at, r#type, v));
        self.watch.set(&self.program.names[at as usize], value.as_ref());
        self.state.values[at as usize] = value;
    }

    fn call_flow(&mut self, unit: u32, inputs: &'p [(u32, Type, Compiled)]) {
        let values: Vec<Option<Value>> = inputs.iter().map(|(_, _, e)| e.value(&self.view(None))).collect();
        self.forget_own(unit);
        for ((at, r#type, _), value) in inputs.iter().zip(values) {
            self.set(*at, r#type, value);
        }
        self.stay(At::Moving, Why::CallsFlow);
        self.state.stack.push(self.state.place);
        self.go((unit, self.program.units[unit as usize].start), None);
    }

    /// What a called flow has for itself alone begins unset at every call.
    fn forget_own(&mut self, unit: u32) {
        let program = self.program;
        let called = &program.units[unit as usize];
        let running: Vec<u32> = self.state.stack.iter().map(|p| p.0).chain([self.state.place.0]).collect();
        let shared =
            |at: u32| running.iter().any(|u| program.units[*u as usize].slots.values().any(|(other, _)| *other == at));
        for (at, _) in called.slots.values().filter(|(at, _)| !shared(*at)) {
            self.state.values[*at as usize] = None;
        }
        for node in &called.nodes {
            let RunKind::Action { outputs, .. } = &node.kind else { continue };
            for (_, _, at) in outputs {
                self.state.values[*at as usize] = None;
            }
        }
    }

    fn end(&mut self, outcome: &'p Arc<str>) {
        let Some(caller) = self.state.stack.last().copied() else {
            self.withdraw(Withdrawn::Ended);
            self.state.outcome = Some(outcome.clone());
            return self.stay(At::Ended(Ending::End), Why::Ends);
        };
        self.stay(At::Moving, Why::Returns);
        self.state.stack.pop();
        self.state.place = caller;
        let RunKind::Subflow { outcomes, other, .. } = &self.node().kind else { return };
        match outcomes.iter().find(|(name, _)| **name == **outcome) {
            Some((name, to)) => self.leave(Exit::Outcome(name), *to, Why::FlowEnded),
            None => self.leave(Exit::Port("else"), *other, Why::FlowEnded),
        }
    }

    /// The next event that is one, and its index: lines of the time are passed over.
    pub fn next_event(&self) -> Option<(usize, &'c Event)> {
        let lines = |e: &Event| matches!(e, Event::Bot(_) | Event::Said(_) | Event::Unknown);
        let (i, turn) = self.events.iter().enumerate().skip(self.used).find(|(_, t)| !lines(&t.event))?;
        Some((i, &turn.event))
    }

    /// Uses up the event at an index.
    pub fn use_up(&mut self, at: usize) {
        for turn in &self.events[self.used..at] {
            match &turn.event {
                Event::Bot(text) => self.watch.line("bot", text),
                Event::Said(text) => self.watch.line("agent", text),
                _ => {}
            }
        }
        self.used = at + 1;
        self.event = i64::try_from(at).unwrap_or(i64::MAX);
        self.watch.event(self.event);
        self.state.entered = 0;
    }

    fn call(&mut self, node: &'p RunNode) {
        let RunKind::Action { call, inputs, outputs, ok, errors, error, timeout } = &node.kind else { return };
        for (_, _, at) in outputs {
            self.state.values[*at as usize] = None;
        }
        if self.watch.hears() {
            let given = inputs.iter().map(|(name, e)| (&**name, e.value(&self.view(None)))).collect();
            self.watch.calls(&node.id, call, given);
        }
        let result = self.next_event().and_then(|(at, event)| match event {
            Event::Action(result) if self.is_named(&result.action, node, call) => Some((at, result)),
            _ => None,
        });
        let Some((at, result)) = result else {
            self.clear_error();
            self.watch.called(None);
            return self.leave(Exit::Port("ok"), *ok, Why::CallAssumedOk);
        };
        self.use_up(at);
        self.outputs(outputs, result);
        self.watch.called(Some(result));
        match result.status {
            Status::Ok => {
                self.clear_error();
                self.leave(Exit::Port("ok"), *ok, Why::CallOk);
            }
            Status::Timeout => {
                self.clear_error();
                self.state.values[self.program.common.error_action as usize] = Some(Value::Text(node.id.clone()));
                self.leave(Exit::Port("timeout"), *timeout, Why::CallTimeout);
            }
            Status::Error => {
                let common = &self.program.common;
                self.clear_error();
                self.put(common.error_code, &Type::Text, &result.code);
                self.put(common.error_message, &Type::Text, &result.message);
                self.state.values[common.error_action as usize] = Some(Value::Text(node.id.clone()));
                let code = result.code.text().map_or("", |c| c);
                match errors.iter().find(|(name, _)| **name == *code) {
                    Some((name, to)) => self.leave(Exit::ErrorCode(name), *to, Why::CallError),
                    None => self.leave(Exit::Port("error"), *error, Why::CallError),
                }
            }
        }
    }

    /// Whether a result is that of a node: it names the node as it is, its call, or the node as steps name it.
    fn is_named(&self, name: &str, node: &RunNode, call: &str) -> bool {
        let labelled = || name.contains('/') && *name == *crate::label::here(self.program, &self.state);
        *name == *node.id || name == call || labelled()
    }

    fn clear_error(&mut self) {
        let common = &self.program.common;
        for at in [common.error_code, common.error_action, common.error_message] {
            self.state.values[at as usize] = None;
        }
    }

    fn outputs(&mut self, outputs: &'p [Output], result: &ActionResult) {
        for (name, r#type, at) in outputs {
            if let Some((_, given)) = result.data.iter().find(|(key, _)| **key == **name) {
                self.put(*at, r#type, given);
                self.watch.set(&self.program.names[*at as usize], self.state.values[*at as usize].as_ref());
            }
        }
    }

    fn clock(&mut self, seconds: Decimal) {
        let clock = self.state.clock.checked_add(seconds).unwrap_or(self.state.clock);
        self.state.clock = clock;
        if self.wait_on(seconds) || self.state.at != At::Turn {
            return;
        }
        let silent = clock.checked_sub(self.state.silent_since).unwrap_or(Decimal::ZERO);
        let (RunKind::Listen { idle, .. } | RunKind::Ask { idle, .. }) = &self.node().kind else { return };
        for (i, row) in idle.iter().enumerate() {
            if silent < row.after || self.state.idled[row.number] {
                continue;
            }
            self.state.idled[row.number] = true;
            if let Some(words) = &row.say {
                self.say(words, None);
            }
            if row.to.is_some() {
                return self.leave(Exit::Idle(i), row.to, Why::Silence);
            }
            self.stay(At::Turn, Why::Silence);
        }
    }
}
