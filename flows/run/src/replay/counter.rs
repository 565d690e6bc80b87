//! What runs did, counted: nodes entered, edges taken, rows that held, reasons that were named. Everything here is a sum, so
//! that the order in which conversations are replayed, and by which thread, leaves no trace.

use std::collections::BTreeMap;
use std::sync::Arc;

use flow_model::flow::{Flow, Kind};
use flow_model::tree::Json;

use crate::label;
use crate::outcome;
use crate::program::{Program, RunKind};
use crate::state::{Place, State};
use crate::watch::{Exit, Watch, Why};

/// One thing that a run did.
#[derive(Clone, Debug)]
pub(crate) enum Mark<'p> {
    /// A node of the flow was entered.
    Node(u32),
    /// An edge of the flow was taken.
    Edge(u32, Exit<'p>),
    /// A route of a handoff was taken; without a number the tier of the handoff itself.
    Route(u32, Option<usize>),
    /// A trigger fired, by number.
    Trigger(usize),
    /// One of its reasons held.
    Because(usize, usize),
    /// A node of a called flow was entered.
    Called(String),
    /// An edge of a called flow was taken.
    CalledEdge(String),
    /// A route of a handoff in a called flow was taken.
    CalledRoute(String),
}

/// Writes down what a run does, for [`Totals`].
#[derive(Default)]
pub(crate) struct Counter<'p> {
    /// What it did, in order.
    pub(crate) marks: Vec<Mark<'p>>,
    /// Nodes entered, when they are wanted.
    pub(crate) path: Vec<Arc<str>>,
    /// Whether they are.
    pub(crate) wants_path: bool,
}

fn route(index: Option<usize>) -> String {
    index.map_or_else(|| "routes.else".to_owned(), |i| format!("routes[{i}]"))
}

impl<'p> Watch<'p> for Counter<'p> {
    fn entered(&mut self, program: &'p Program, state: &State) {
        if state.stack.is_empty() {
            self.marks.push(Mark::Node(state.place.1));
            if self.wants_path {
                self.path.push(program.units[0].nodes[state.place.1 as usize].id.clone());
            }
            return;
        }
        let name = label::here(program, state);
        if self.wants_path {
            self.path.push(name.as_str().into());
        }
        self.marks.push(Mark::Called(name));
    }

    fn step(&mut self, program: &'p Program, state: &State, exit: Exit<'p>, to: Option<Place>, _: Why) {
        if to.is_none() || exit == Exit::Stays {
            return;
        }
        if let Exit::Trigger(_) = exit {
            let Some((unit, index)) = state.trigger else { return };
            let trigger = &program.units[unit as usize].triggers[index as usize];
            self.marks.push(Mark::Trigger(trigger.number));
            for reason in &state.trigger_reasons {
                let at = trigger.because.iter().position(|(name, _)| Arc::ptr_eq(name, reason));
                self.marks.extend(at.map(|at| Mark::Because(trigger.number, at)));
            }
        } else if state.stack.is_empty() {
            self.marks.push(Mark::Edge(state.place.1, exit));
        } else {
            self.marks.push(Mark::CalledEdge(format!("{}.{exit}", label::here(program, state))));
        }
    }

    fn routed(&mut self, program: &'p Program, state: &State, index: Option<usize>) {
        self.marks.push(match state.stack.is_empty() {
            true => Mark::Route(state.place.1, index),
            false => Mark::CalledRoute(format!("{}.{}", label::here(program, state), route(index))),
        });
    }
}

/// How often, by name.
pub(crate) type Counts = BTreeMap<String, u64>;

/// Sums over runs.
#[derive(Clone, Debug)]
pub struct Totals<'p> {
    program: &'p Program,
    pub(crate) conversations: u64,
    pub(crate) turns: u64,
    outcomes: [u64; 5],
    by_trigger: Vec<u64>,
    by_tier: Vec<u64>,
    by_node: Vec<u64>,
    by_called: Counts,
    pub(crate) passed: u64,
    nodes: Vec<u64>,
    edges: Vec<Vec<(Exit<'p>, u64)>>,
    /// The handoff's own tier first, then its routes.
    routes: Vec<Vec<u64>>,
    triggers: Vec<u64>,
    because: Vec<Vec<u64>>,
    called: Counts,
    called_edges: Counts,
    called_routes: Counts,
}

fn bump(map: &mut Counts, key: &str, by: u64) {
    match map.get_mut(key) {
        Some(count) => *count += by,
        None => {
            map.insert(key.to_owned(), by);
        }
    }
}

/// Where a run came to, as far as it is counted.
#[derive(Clone, Debug)]
pub(crate) struct Came {
    kind: usize,
    turns: u64,
    tier: Option<u32>,
    trigger: Option<usize>,
    node: Option<u32>,
    called: Option<String>,
}

impl Came {
    pub(crate) fn of(program: &Program, state: &State) -> Self {
        let (kind, request) = outcome::kind(state);
        let request = request.map(|r| &state.requests[r]);
        let own = request.filter(|r| r.stack.is_empty());
        Self {
            kind: kind as usize,
            turns: u64::try_from(state.turns).unwrap_or(0),
            tier: request.map(|r| r.tier),
            trigger: request.and_then(|r| r.trigger),
            node: own.map(|r| r.place.1),
            called: request.filter(|r| !r.stack.is_empty()).map(|r| label::of(program, &r.stack, r.place)),
        }
    }
}

impl<'p> Totals<'p> {
    /// Nothing yet.
    #[must_use]
    pub fn new(program: &'p Program) -> Self {
        let unit = &program.units[0];
        let nodes = unit.nodes.len();
        let routes = unit.nodes.iter().map(|node| match &node.kind {
            RunKind::Handoff(handoff) => vec![0; handoff.routes.len() + 1],
            _ => Vec::new(),
        });
        let mut because = vec![Vec::new(); program.trigger_count];
        for trigger in program.units.iter().flat_map(|u| &u.triggers) {
            because[trigger.number] = vec![0; trigger.because.len()];
        }
        Self {
            program,
            conversations: 0,
            turns: 0,
            outcomes: [0; 5],
            by_trigger: vec![0; program.trigger_count],
            by_tier: vec![0; program.tiers.len()],
            by_node: vec![0; nodes],
            by_called: Counts::new(),
            passed: 0,
            nodes: vec![0; nodes],
            edges: vec![Vec::new(); nodes],
            routes: routes.collect(),
            triggers: vec![0; program.trigger_count],
            because,
            called: Counts::new(),
            called_edges: Counts::new(),
            called_routes: Counts::new(),
        }
    }

    /// Adds so many runs that all did and came to the same.
    pub(crate) fn add(&mut self, came: &Came, marks: &[Mark<'p>], times: u64) {
        self.conversations += times;
        self.turns += came.turns * times;
        self.outcomes[came.kind] += times;
        if let Some(tier) = came.tier {
            self.by_tier[tier as usize] += times;
        }
        if let Some(trigger) = came.trigger {
            self.by_trigger[trigger] += times;
        }
        if let Some(node) = came.node {
            self.by_node[node as usize] += times;
        }
        if let Some(called) = &came.called {
            bump(&mut self.by_called, called, times);
        }
        for mark in marks {
            self.mark(mark, times);
        }
    }

    fn mark(&mut self, mark: &Mark<'p>, times: u64) {
        match mark {
            Mark::Node(node) => self.nodes[*node as usize] += times,
            Mark::Edge(node, exit) => self.edge(*node as usize, *exit, times),
            Mark::Route(node, index) => self.routes[*node as usize][index.map_or(0, |i| i + 1)] += times,
            Mark::Trigger(number) => self.triggers[*number] += times,
            Mark::Because(number, index) => self.because[*number][*index] += times,
            Mark::Called(name) => bump(&mut self.called, name, times),
            Mark::CalledEdge(name) => bump(&mut self.called_edges, name, times),
            Mark::CalledRoute(name) => bump(&mut self.called_routes, name, times),
        }
    }

    fn edge(&mut self, node: usize, exit: Exit<'p>, times: u64) {
        let edges = &mut self.edges[node];
        match edges.iter_mut().find(|(known, _)| *known == exit) {
            Some((_, count)) => *count += times,
            None => edges.push((exit, times)),
        }
    }

    /// Adds the sums of other runs.
    pub fn join(&mut self, other: &Self) {
        self.with(other, |sum, more| *sum += more);
    }

    /// Takes away the sums of runs that are among these.
    pub(crate) fn without(&mut self, other: &Self) {
        self.with(other, |sum, less| *sum -= less);
    }

    fn with(&mut self, other: &Self, by: fn(&mut u64, u64)) {
        let list = |mine: &mut [u64], theirs: &[u64]| mine.iter_mut().zip(theirs).for_each(|(m, t)| by(m, *t));
        let lists = |mine: &mut [Vec<u64>], theirs: &[Vec<u64>]| {
            mine.iter_mut().zip(theirs).for_each(|(m, t)| list(m, t));
        };
        let named = |mine: &mut Counts, theirs: &Counts| {
            for (key, count) in theirs {
                by(mine.entry(key.clone()).or_default(), *count);
            }
            mine.retain(|_, count| *count > 0);
        };
        by(&mut self.conversations, other.conversations);
        by(&mut self.turns, other.turns);
        by(&mut self.passed, other.passed);
        list(&mut self.outcomes, &other.outcomes);
        list(&mut self.by_trigger, &other.by_trigger);
        list(&mut self.by_tier, &other.by_tier);
        list(&mut self.by_node, &other.by_node);
        list(&mut self.nodes, &other.nodes);
        list(&mut self.triggers, &other.triggers);
        lists(&mut self.routes, &other.routes);
        lists(&mut self.because, &other.because);
        named(&mut self.by_called, &other.by_called);
        named(&mut self.called, &other.called);
        named(&mut self.called_edges, &other.called_edges);
        named(&mut self.called_routes, &other.called_routes);
        for (node, edges) in other.edges.iter().enumerate() {
            for (exit, count) in edges {
                match self.edges[node].iter_mut().find(|(known, _)| known == exit) {
                    Some((_, sum)) => by(sum, *count),
                    None => self.edges[node].push((*exit, *count)),
                }
            }
        }
    }

    /// The summary, without expectations that failed and without the time that it took.
    #[must_use]
    pub fn summary(&self, failed: &[String]) -> Vec<(String, Json)> {
        let kinds = ["handoff", "end", "abandoned", "open", "error"];
        let outcomes = kinds.iter().zip(self.outcomes).map(|(kind, count)| entry(kind, number(count))).collect();
        let failed = failed.iter().map(Json::text).collect();
        let expect = vec![entry("passed", number(self.passed)), entry("failed", Json::List(failed))];
        vec![
            entry("conversations", number(self.conversations)),
            entry("turns", number(self.turns)),
            entry("outcomes", Json::Map(outcomes)),
            entry("by_trigger", named(&self.by_trigger())),
            entry("by_tier", named(&self.by_tier())),
            entry("by_node", named(&self.by_node())),
            entry("expect", Json::Map(expect)),
            entry("coverage", self.coverage()),
        ]
    }

    fn by_trigger(&self) -> Counts {
        let triggers = self.program.units.iter().flat_map(|u| &u.triggers);
        let mut counts = Counts::new();
        for trigger in triggers.filter(|t| self.by_trigger[t.number] > 0) {
            bump(&mut counts, &trigger.id, self.by_trigger[trigger.number]);
        }
        counts
    }

    fn by_tier(&self) -> Counts {
        let tiers = self.program.tiers.keys().zip(&self.by_tier);
        tiers.filter(|(_, count)| **count > 0).map(|(id, count)| (id.clone(), *count)).collect()
    }

    fn by_node(&self) -> Counts {
        let nodes = self.program.units[0].nodes.iter().zip(&self.by_node);
        let own = nodes.filter(|(_, count)| **count > 0).map(|(node, count)| (node.id.to_string(), *count));
        own.chain(self.by_called.clone()).collect()
    }

    /// How often each node was entered, each edge taken, each branch and route held, each reason named. What never happened
    /// is there with 0.
    fn coverage(&self) -> Json {
        let unit = &self.program.units[0];
        let nodes = unit.nodes.iter().zip(&self.nodes).map(|(n, c)| (n.id.to_string(), number(*c)));
        let nodes = nodes.chain(listed(&self.called)).collect();
        let mut edges = Vec::new();
        for (i, (id, node)) in unit.flow.nodes.iter().enumerate() {
            for exit in node.exits() {
                let taken = self.edges[i].iter().find(|(known, _)| known.to_string() == exit.port);
                edges.push((format!("{id}.{}", exit.port), number(taken.map_or(0, |(_, count)| *count))));
            }
        }
        edges.extend(listed(&self.called_edges));
        edges.extend(unit.triggers.iter().map(|t| (format!("trigger.{}", t.id), number(self.triggers[t.number]))));
        let branches = self.branches(&unit.flow, &edges);
        Json::Map(vec![
            entry("nodes", Json::Map(nodes)),
            entry("edges", Json::Map(edges)),
            entry("branches", Json::Map(branches)),
            entry("because", Json::Map(self.reasons())),
        ])
    }

    /// Rows with a condition, and what is taken where none holds: those of `listen` and `decision`, and the routes.
    fn branches(&self, flow: &Flow, edges: &[(String, Json)]) -> Vec<(String, Json)> {
        let mut out = Vec::new();
        for (i, (id, node)) in flow.nodes.iter().enumerate() {
            if matches!(node.kind, Kind::Listen(_) | Kind::Decision(_)) {
                let prefixes = [format!("{id}.branches["), format!("{id}.else")];
                let ours = |key: &str| key.starts_with(&prefixes[0]) || key == prefixes[1];
                out.extend(edges.iter().filter(|(key, _)| ours(key)).cloned());
            }
            let Some((own, routes)) = self.routes[i].split_first() else { continue };
            if !routes.is_empty() {
                let held = routes.iter().enumerate().map(|(at, n)| (format!("{id}.{}", route(Some(at))), number(*n)));
                out.extend(held);
                out.push((format!("{id}.{}", route(None)), number(*own)));
            }
        }
        out.extend(listed(&self.called_routes));
        out
    }

    fn reasons(&self) -> Vec<(String, Json)> {
        let triggers = self.program.units.iter().flat_map(|u| &u.triggers);
        let mut counts: Vec<(String, u64)> = Vec::new();
        for trigger in triggers {
            for ((name, _), count) in trigger.because.iter().zip(&self.because[trigger.number]) {
                counts.push((format!("{}.{name}", trigger.id), *count));
            }
        }
        counts.into_iter().map(|(key, count)| (key, number(count))).collect()
    }
}

fn entry(key: &str, value: Json) -> (String, Json) {
    (key.to_owned(), value)
}

pub(crate) fn number(n: u64) -> Json {
    Json::int(i64::try_from(n).unwrap_or(i64::MAX))
}

fn listed(map: &Counts) -> impl Iterator<Item = (String, Json)> + '_ {
    map.iter().map(|(key, count)| (key.clone(), number(*count)))
}

fn named(map: &Counts) -> Json {
    Json::Map(listed(map).collect())
}
