//! A whole corpus: outcomes, expectations, coverage; and each conversation on its own line.

use std::collections::BTreeMap;
use std::collections::HashSet;
use std::sync::Arc;

use flow_conversations::{Conversation, LineFault, Notes};
use flow_handoff::Keys;
use flow_model::tree::Json;

use crate::expect;
use crate::label;
use crate::machine::Machine;
use crate::outcome;
use crate::program::Program;
use crate::state::{Place, State};
use crate::watch::{Exit, Watch, Why};

/// Prepares a conversation before it is run, such as filling what is missing; returns what it did.
pub type Fill<'a> = dyn Fn(&mut Conversation) + Sync + 'a;

/// Where coverage and paths are counted.
#[derive(Default)]
pub struct Counter<'p> {
    nodes: Vec<u64>,
    edges: Vec<Vec<(Exit<'p>, u64)>>,
    called: BTreeMap<String, u64>,
    called_edges: BTreeMap<String, u64>,
    triggers: BTreeMap<&'p str, u64>,
    /// Nodes entered, when they are wanted.
    path: Vec<Arc<str>>,
    wants_path: bool,
}

impl<'p> Counter<'p> {
    fn new(program: &'p Program, wants_path: bool) -> Self {
        let nodes = program.units[0].nodes.len();
        Self { nodes: vec![0; nodes], edges: vec![Vec::new(); nodes], wants_path, ..Self::default() }
    }
}

impl<'p> Watch<'p> for Counter<'p> {
    fn entered(&mut self, program: &'p Program, state: &State) {
        if state.stack.is_empty() {
            self.nodes[state.place.1 as usize] += 1;
            if self.wants_path {
                self.path.push(program.units[0].nodes[state.place.1 as usize].id.clone());
            }
            return;
        }
        let name = label::here(program, state);
        if self.wants_path {
            self.path.push(name.as_str().into());
        }
        *self.called.entry(name).or_default() += 1;
    }

    fn step(&mut self, program: &'p Program, state: &State, exit: Exit<'p>, to: Option<Place>, _: Why) {
        if to.is_none() || exit == Exit::Stays {
            return;
        }
        if let Exit::Trigger(id) = exit {
            *self.triggers.entry(id).or_default() += 1;
            return;
        }
        if state.stack.is_empty() {
            let edges = &mut self.edges[state.place.1 as usize];
            match edges.iter_mut().find(|(known, _)| *known == exit) {
                Some((_, count)) => *count += 1,
                None => edges.push((exit, 1)),
            }
            return;
        }
        *self.called_edges.entry(format!("{}.{exit}", label::here(program, state))).or_default() += 1;
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

/// A replay under way.
pub struct Replay<'p, 'f> {
    program: &'p Program,
    keys: &'f Keys,
    fill: Option<&'f Fill<'f>>,
    each: bool,
    outcomes_wanted: bool,
    seen: HashSet<Arc<str>, ahash::RandomState>,
    conversations: u64,
    turns: u64,
    outcomes: [u64; 5],
    by_trigger: BTreeMap<String, u64>,
    by_tier: BTreeMap<String, u64>,
    by_node: BTreeMap<String, u64>,
    passed: u64,
    failed: Vec<String>,
    counter: Counter<'p>,
    state: Option<State>,
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
            seen: HashSet::with_hasher(ahash::RandomState::with_seeds(1, 2, 3, 4)),
            conversations: 0,
            turns: 0,
            outcomes: [0; 5],
            by_trigger: BTreeMap::new(),
            by_tier: BTreeMap::new(),
            by_node: BTreeMap::new(),
            passed: 0,
            failed: Vec::new(),
            counter: Counter::new(program, false),
            state: Some(State::new(program)),
        }
    }

    /// Has each conversation give its line.
    #[must_use]
    pub fn with_each(mut self) -> Self {
        self.each = true;
        self.counter.wants_path = true;
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
        if !self.seen.insert(conversation.id.clone()) {
            return Line::Repeated(conversation.id);
        }
        if let Some(fill) = self.fill {
            fill(&mut conversation);
        }
        let state = self.state.take().unwrap_or_else(|| State::new(self.program));
        let counter = std::mem::take(&mut self.counter);
        let mut machine = Machine::new(self.program, state, counter);
        machine.run(&conversation);
        let (state, mut counter) = (machine.state, machine.watch);
        self.count(&state);
        let faults = expect::check(self.program, &state, &conversation, self.keys);
        if conversation.expect.is_some() {
            if faults.is_empty() {
                self.passed += 1;
            } else {
                self.failed.push(conversation.id.to_string());
            }
        }
        let each = self.each.then(|| each(self.program, &state, &conversation.id, number, &counter.path));
        let outcome = self.outcomes_wanted.then(|| outcome::json(self.program, &state));
        counter.path.clear();
        self.counter = counter;
        self.state = Some(state);
        let expected = conversation.expect.is_some();
        Line::Replayed(Box::new(Replayed { id: conversation.id, notes, faults, expected, each, outcome }))
    }

    fn count(&mut self, state: &State) {
        self.conversations += 1;
        self.turns += u64::try_from(state.turns).unwrap_or(0);
        let (kind, request) = outcome::kind(state);
        self.outcomes[kind as usize] += 1;
        let Some(request) = request.map(|r| &state.requests[r]) else { return };
        let bump = |map: &mut BTreeMap<String, u64>, key: &str| match map.get_mut(key) {
            Some(count) => *count += 1,
            None => {
                map.insert(key.to_owned(), 1);
            }
        };
        bump(&mut self.by_tier, &self.program.tiers[request.tier as usize].id);
        if request.stack.is_empty() {
            bump(&mut self.by_node, &self.program.units[0].nodes[request.place.1 as usize].id);
        } else {
            bump(&mut self.by_node, &label::of(self.program, &request.stack, request.place));
        }
        if let Some(number) = request.trigger {
            let trigger = self.program.units.iter().flat_map(|u| &u.triggers).find(|t| t.number == number);
            if let Some(trigger) = trigger {
                bump(&mut self.by_trigger, &trigger.id);
            }
        }
    }

    /// Whether an expectation failed.
    #[must_use]
    pub fn fell_short(&self) -> bool {
        !self.failed.is_empty()
    }

    /// The summary, `seconds` aside.
    #[must_use]
    pub fn summary(&self) -> Vec<(String, Json)> {
        let number = |n: u64| Json::int(i64::try_from(n).unwrap_or(i64::MAX));
        let entry = |key: &str, value: Json| (key.to_owned(), value);
        let map = |map: &BTreeMap<String, u64>| Json::Map(map.iter().map(|(k, v)| (k.clone(), number(*v))).collect());
        let kinds = ["handoff", "end", "abandoned", "open", "error"];
        let outcomes = kinds.iter().zip(self.outcomes).map(|(kind, count)| entry(kind, number(count))).collect();
        let failed = self.failed.iter().map(Json::text).collect();
        vec![
            entry("conversations", number(self.conversations)),
            entry("turns", number(self.turns)),
            entry("outcomes", Json::Map(outcomes)),
            entry("by_trigger", map(&self.by_trigger)),
            entry("by_tier", map(&self.by_tier)),
            entry("by_node", map(&self.by_node)),
            entry("expect", Json::Map(vec![entry("passed", number(self.passed)), entry("failed", Json::List(failed))])),
            entry("coverage", self.coverage()),
        ]
    }

    /// How often each node was entered and each edge taken; what never happened is there with 0.
    fn coverage(&self) -> Json {
        let number = |n: u64| Json::int(i64::try_from(n).unwrap_or(i64::MAX));
        let unit = &self.program.units[0];
        let mut nodes: Vec<(String, Json)> =
            unit.nodes.iter().zip(&self.counter.nodes).map(|(n, c)| (n.id.to_string(), number(*c))).collect();
        nodes.extend(self.counter.called.iter().map(|(k, v)| (k.clone(), number(*v))));
        let mut edges = Vec::new();
        for (i, (id, node)) in unit.flow.nodes.iter().enumerate() {
            for exit in node.exits() {
                let taken = self.counter.edges[i].iter().find(|(known, _)| known.to_string() == exit.port);
                edges.push((format!("{id}.{}", exit.port), number(taken.map_or(0, |(_, count)| *count))));
            }
        }
        edges.extend(self.counter.called_edges.iter().map(|(k, v)| (k.clone(), number(*v))));
        for id in unit.flow.triggers.keys() {
            let count = self.counter.triggers.get(id.as_str()).copied().unwrap_or(0);
            edges.push((format!("trigger.{id}"), number(count)));
        }
        Json::Map(vec![("nodes".to_owned(), Json::Map(nodes)), ("edges".to_owned(), Json::Map(edges))])
    }
}

fn each(program: &Program, state: &State, id: &Arc<str>, line: u64, path: &[Arc<str>]) -> Json {
    let entry = |key: &str, value: Json| (key.to_owned(), value);
    let handoffs = state.requests.iter().map(|r| Json::Map(outcome::request_entries(program, r))).collect();
    Json::Map(vec![
        entry("id", Json::text(&**id)),
        entry("line", Json::int(i64::try_from(line).unwrap_or(i64::MAX))),
        entry("outcome", outcome::json(program, state)),
        entry("handoffs", Json::List(handoffs)),
        entry("at", outcome::waits_at(program, state).map_or(Json::Null, Json::Text)),
        entry("path", outcome::texts(path)),
    ])
}
