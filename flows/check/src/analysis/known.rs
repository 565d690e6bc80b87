//! Definite assignment: which names surely have a value when a run comes to a node, whichever way it came.
//!
//! What must stay true: a name counts as known only if it is on every way that the guards, judged list by list, leave
//! open. An action that went well is taken to have given all of its outputs; a turn is taken to have a text.

use std::collections::VecDeque;
use std::sync::Arc;

use flow_conditions::ast::{Expr, Kind as E};
use flow_conditions::quick::Quick;
use flow_model::flow::Kind;
use flow_model::names::Role;
use indexmap::{IndexMap, IndexSet};

use super::graph::{Edge, Way};
use super::lists::What;
use super::triggers::Fate;
use crate::rules::Subject;

/// A set of tracked names.
type Bits = Vec<u64>;

/// More words than this are not kept: 100,000 nodes with a few hundred names.
const MOST_WORDS: usize = 20_000_000;

/// What is known at each node.
#[derive(Debug)]
pub(crate) struct Known {
    names: IndexSet<String>,
    words: usize,
    at: Vec<Option<Bits>>,
    turn: Bits,
    roles: Roles,
    /// What each edge tells to have a value, and to have none.
    guards: Vec<Option<(Bits, Bits)>>,
    too_many: bool,
}

/// The bits of names with a meaning of their own.
#[derive(Debug, Default)]
struct Roles {
    text: Option<usize>,
    trigger: Vec<usize>,
    error: Vec<usize>,
    error_code: Option<usize>,
    error_action: Option<usize>,
    agent: Vec<usize>,
    agent_outcome: Option<usize>,
    reasons: Option<usize>,
    trigger_reasons: Option<usize>,
    /// The outputs of each call.
    outputs: IndexMap<usize, Vec<usize>, Quick>,
}

fn set(bits: &mut Bits, at: usize) {
    bits[at / 64] |= 1 << (at % 64);
}

fn clear(bits: &mut Bits, at: usize) {
    bits[at / 64] &= !(1 << (at % 64));
}

fn has(bits: &Bits, at: usize) -> bool {
    bits[at / 64] >> (at % 64) & 1 == 1
}

impl Known {
    /// Follows these names through the flow.
    pub(crate) fn of(subject: &Subject<'_>, tracked: IndexSet<String>) -> Self {
        let words = tracked.len().div_ceil(64).max(1);
        let size = subject.graph.len();
        let mut known = Self {
            guards: Vec::new(),
            too_many: tracked.is_empty() || words * (size + subject.graph.edges.len()) > MOST_WORDS,
            words,
            at: vec![None; size],
            turn: vec![0; words],
            roles: Roles::default(),
            names: tracked,
        };
        if !known.too_many {
            known.find_roles(subject);
            known.read_guards(subject);
            known.follow(subject);
        }
        known
    }

    fn find_roles(&mut self, subject: &Subject<'_>) {
        for (i, name) in self.names.iter().enumerate() {
            let Some(found) = subject.names.get(name) else { continue };
            let roles = &mut self.roles;
            match found.role {
                Role::Channel | Role::Confidence | Role::Sentiment | Role::Frustration | Role::SentimentTrend => {
                    set(&mut self.turn, i);
                }
                Role::Text => roles.text = Some(i),
                Role::TriggerId | Role::TriggerText => roles.trigger.push(i),
                Role::TriggerReasons => {
                    roles.trigger.push(i);
                    roles.trigger_reasons = Some(i);
                }
                Role::ErrorCode => {
                    roles.error.push(i);
                    roles.error_code = Some(i);
                }
                Role::ErrorMessage => roles.error.push(i),
                Role::ErrorAction => {
                    roles.error.push(i);
                    roles.error_action = Some(i);
                }
                Role::AgentNote => roles.agent.push(i),
                Role::AgentOutcome => {
                    roles.agent.push(i);
                    roles.agent_outcome = Some(i);
                }
                Role::HandoffReasons => roles.reasons = Some(i),
                Role::Output(node, _) => roles.outputs.entry(node).or_default().push(i),
                _ => {}
            }
        }
    }

    fn follow(&mut self, subject: &Subject<'_>) {
        let Some(start) = subject.graph.start else { return };
        let mut open = VecDeque::from([start]);
        let mut queued = vec![false; subject.graph.len()];
        let mut from_triggers: Vec<Option<Bits>> = vec![None; subject.graph.within.len()];
        self.at[start] = Some(vec![0; self.words]);
        while let Some(node) = open.pop_front() {
            queued[node] = false;
            let mut changed: Vec<usize> = Vec::new();
            for (number, edge) in subject.graph.leaving(node) {
                if !subject.dead()[number] {
                    let state = self.after(subject, number, None);
                    if self.meet(edge.to, &state) {
                        changed.push(edge.to);
                    }
                }
            }
            for trigger in subject.graph.triggers_at(node) {
                let Some(to) = subject.graph.trigger_to[trigger] else { continue };
                if subject.triggers()[trigger] != Fate::Fires {
                    continue;
                }
                let state = self.after_trigger(subject, node, trigger, None);
                let kept = &mut from_triggers[trigger];
                let lower = kept.as_ref().is_none_or(|k| k.iter().zip(&state).any(|(k, s)| k & s != *k));
                if lower {
                    let merged = kept
                        .as_ref()
                        .map_or_else(|| state.clone(), |k| k.iter().zip(&state).map(|(k, s)| k & s).collect());
                    if self.meet(to, &merged) {
                        changed.push(to);
                    }
                    *kept = Some(merged);
                }
            }
            for to in changed {
                if !std::mem::replace(&mut queued[to], true) {
                    open.push_back(to);
                }
            }
        }
    }

    /// Lowers what is known at a node to what both ways know; whether that changed anything.
    fn meet(&mut self, node: usize, state: &Bits) -> bool {
        match &mut self.at[node] {
            None => {
                self.at[node] = Some(state.clone());
                true
            }
            Some(old) => {
                let mut changed = false;
                for (o, s) in old.iter_mut().zip(state) {
                    changed |= *o & s != *o;
                    *o &= s;
                }
                changed
            }
        }
    }

    /// What is known behind an edge; with `only`, as if this name had that state before it.
    fn after(&self, subject: &Subject<'_>, number: usize, only: Option<(usize, bool)>) -> Bits {
        let edge = &subject.graph.edges[number];
        let mut state = self.state(edge.from, only);
        match &edge.node.kind {
            Kind::Listen(_) => {
                if !matches!(edge.way, Way::Idle(_)) {
                    self.customer_turn(&mut state);
                }
                self.drop_all(&mut state, &self.roles.trigger);
                self.guard(number, &mut state);
            }
            Kind::Decision(_) => self.guard(number, &mut state),
            Kind::Ask(ask) => {
                self.customer_turn(&mut state);
                if edge.way == Way::Filled {
                    self.learn(&mut state, &format!("slots.{}", ask.slot));
                }
            }
            Kind::Set(assign) => {
                for (slot, source) in &assign.assign {
                    let name = format!("slots.{slot}");
                    let known = source
                        .as_ref()
                        .is_some_and(|s| self.missing_in(&state, subject, &subject.book.payload(s).expr).is_empty());
                    if known { self.learn(&mut state, &name) } else { self.forget(&mut state, &name) }
                }
            }
            Kind::Action(_) => self.action(edge, &mut state),
            Kind::Handoff(_) => self.handoff(edge, &mut state),
            Kind::Subflow(call) => self.subflow(subject, &call.flow, edge, &mut state),
            _ => {}
        }
        state
    }

    fn state(&self, node: usize, only: Option<(usize, bool)>) -> Bits {
        let mut state = self.at[node].clone().unwrap_or_else(|| vec![0; self.words]);
        match only {
            Some((bit, true)) => set(&mut state, bit),
            Some((bit, false)) => clear(&mut state, bit),
            None => {}
        }
        state
    }

    fn customer_turn(&self, state: &mut Bits) {
        for (s, t) in state.iter_mut().zip(&self.turn) {
            *s &= !t;
        }
        if let Some(text) = self.roles.text {
            set(state, text);
        }
    }

    fn drop_all(&self, state: &mut Bits, bits: &[usize]) {
        for bit in bits {
            clear(state, *bit);
        }
    }

    fn learn(&self, state: &mut Bits, name: &str) {
        if let Some(bit) = self.names.get_index_of(name) {
            set(state, bit);
        }
    }

    fn forget(&self, state: &mut Bits, name: &str) {
        if let Some(bit) = self.names.get_index_of(name) {
            clear(state, bit);
        }
    }

    /// What each branch tells: it holds, and those before it do not.
    fn read_guards(&mut self, subject: &Subject<'_>) {
        self.guards = vec![None; subject.graph.edges.len()];
        for list in subject.lists().iter().filter(|l| matches!(l.what, What::Branches { .. })) {
            let none = || vec![0; self.words];
            let (mut before, mut without) = (none(), none());
            let mut rows: Vec<(Bits, Bits)> = Vec::with_capacity(list.rows.len() + 1);
            for row in &list.rows {
                let (mut own, mut out) = (before.clone(), without.clone());
                told(&row.guard.expr, true).iter().for_each(|name| self.learn(&mut own, name));
                denied(&row.guard.expr, true).iter().for_each(|name| self.learn(&mut out, name));
                told(&row.guard.expr, false).iter().for_each(|name| self.learn(&mut before, name));
                denied(&row.guard.expr, false).iter().for_each(|name| self.learn(&mut without, name));
                rows.push((own, out));
            }
            rows.push((before, without));
            for (number, edge) in subject.graph.leaving(list.node) {
                let place = match edge.way {
                    Way::Branch(i) => i,
                    Way::Else => list.rows.len(),
                    _ => continue,
                };
                self.guards[number] =
                    rows.get(place).filter(|(own, out)| own.iter().chain(out).any(|w| *w != 0)).cloned();
            }
        }
    }

    fn guard(&self, number: usize, state: &mut Bits) {
        if let Some((own, out)) = self.guards.get(number).and_then(Option::as_ref) {
            state.iter_mut().zip(own.iter().zip(out)).for_each(|(s, (own, out))| *s = (*s | own) & !out);
        }
    }

    fn action(&self, edge: &Edge<'_>, state: &mut Bits) {
        let ok = edge.way == Way::Ok;
        for bit in self.roles.outputs.get(&edge.from).into_iter().flatten() {
            if ok { set(state, *bit) } else { clear(state, *bit) }
        }
        self.drop_all(state, &self.roles.error);
        if edge.way == Way::Error {
            for bit in &self.roles.error {
                set(state, *bit);
            }
        } else if edge.way == Way::Timeout
            && let Some(bit) = self.roles.error_action
        {
            set(state, bit);
        }
    }

    fn handoff(&self, edge: &Edge<'_>, state: &mut Bits) {
        if let Some(bit) = self.roles.reasons {
            set(state, bit);
        }
        match edge.way {
            Way::Resumed | Way::Resolved | Way::Escalated | Way::Return => {
                self.customer_turn(state);
                self.drop_all(state, &self.roles.agent);
                if let (Way::Return, Some(bit)) = (edge.way, self.roles.agent_outcome) {
                    set(state, bit);
                }
            }
            Way::Turn(_) | Way::Timeout => self.customer_turn(state),
            _ => {}
        }
    }

    fn subflow(&self, subject: &Subject<'_>, flow: &str, edge: &Edge<'_>, state: &mut Bits) {
        self.customer_turn(state);
        if let Some(callee) = subject.callees.get(flow) {
            for slot in &callee.clears {
                self.forget(state, &format!("slots.{slot}"));
            }
            for (slot, _) in callee.ensured(edge) {
                self.learn(state, &format!("slots.{slot}"));
            }
        }
    }

    fn after_trigger(&self, subject: &Subject<'_>, node: usize, trigger: usize, only: Option<(usize, bool)>) -> Bits {
        let mut state = self.state(node, only);
        self.customer_turn(&mut state);
        for bit in &self.roles.trigger {
            set(&mut state, *bit);
        }
        let Some((_, found)) = subject.flow.triggers.get_index(trigger) else { return state };
        if let (Some(bit), true) = (self.roles.trigger_reasons, found.because.is_empty()) {
            clear(&mut state, bit);
        }
        for name in told(&super::triggers::guard(subject, found).expr, true) {
            self.learn(&mut state, name);
        }
        state
    }

    /// The names without which an expression has no value, as far as they can be unset at a node.
    pub(crate) fn missing(&self, subject: &Subject<'_>, node: usize, expr: &Expr) -> Vec<String> {
        match &self.at[node] {
            Some(state) if !self.too_many => self.missing_in(state, subject, expr),
            _ => Vec::new(),
        }
    }

    fn missing_in(&self, state: &Bits, subject: &Subject<'_>, expr: &Expr) -> Vec<String> {
        let mut names = Vec::new();
        needs(expr, &mut names);
        names.retain(|name| match self.names.get_index_of(&***name) {
            Some(bit) => !has(state, bit),
            None => subject.names.get(name).is_some_and(|n| n.meaning.can_be_unset),
        });
        names.into_iter().map(|name| name.to_string()).collect()
    }

    /// Whether a name can be unset at a node; `false` where nothing is known of the node.
    pub(crate) fn can_be_unset(&self, node: usize, name: &str) -> bool {
        match (&self.at[node], self.names.get_index_of(name)) {
            (Some(state), Some(bit)) if !self.too_many => !has(state, bit),
            _ => false,
        }
    }

    /// The shortest way to a node on which a name gets no value.
    pub(crate) fn way_without(&self, subject: &Subject<'_>, node: usize, name: &str) -> Option<Vec<usize>> {
        let bit = self.names.get_index_of(name)?;
        let start = subject.graph.start?;
        let place = |node: usize, set: bool| node * 2 + usize::from(set);
        let mut before: Vec<Option<usize>> = vec![None; subject.graph.len() * 2];
        let mut open = VecDeque::from([place(start, false)]);
        while let Some(here) = open.pop_front() {
            let (at, known) = (here / 2, here % 2 == 1);
            if at == node && !known {
                let mut path = vec![at];
                let mut step = here;
                while let Some(up) = before[step].filter(|_| step != place(start, false)) {
                    path.push(up / 2);
                    step = up;
                }
                path.reverse();
                return Some(path);
            }
            let mut enter = |to: usize, state: &Bits| {
                let next = place(to, has(state, bit));
                if before[next].is_none() && next != place(start, false) {
                    before[next] = Some(here);
                    open.push_back(next);
                }
            };
            for (number, edge) in subject.graph.leaving(at).filter(|(n, _)| !subject.dead()[*n]) {
                enter(edge.to, &self.after(subject, number, Some((bit, known))));
            }
            for trigger in subject.graph.triggers_at(at) {
                if let (Some(to), Fate::Fires) = (subject.graph.trigger_to[trigger], &subject.triggers()[trigger]) {
                    enter(to, &self.after_trigger(subject, at, trigger, Some((bit, known))));
                }
            }
        }
        None
    }
}

/// The names that surely have a value when an expression comes out this way, each once.
pub(crate) fn told(expr: &Expr, outcome: bool) -> Vec<&Arc<str>> {
    let mut names = Vec::new();
    match (&expr.kind, outcome) {
        (E::And(parts), true) | (E::Or(parts), false) => {
            names.extend(parts.iter().flat_map(|part| told(part, outcome)))
        }
        (E::Or(parts), true) | (E::And(parts), false) => return told_by_each(parts, outcome),
        (E::Not(inner), _) => return told(inner, !outcome),
        (E::Name(name) | E::Has(name), true) => names.push(name),
        (E::In { item, .. }, true) => needs(item, &mut names),
        (E::Compare { left, right, .. }, true) => {
            needs(left, &mut names);
            needs(right, &mut names);
        }
        (E::Test { .. }, true) => expr.children().into_iter().for_each(|child| needs(child, &mut names)),
        _ => {}
    }
    let mut at = 0;
    while at < names.len() {
        if names[..at].contains(&names[at]) {
            names.remove(at);
        } else {
            at += 1;
        }
    }
    names
}

/// The names that each of these tells.
fn told_by_each(parts: &[Expr], outcome: bool) -> Vec<&Arc<str>> {
    let mut sets = parts.iter().map(|part| told(part, outcome));
    let mut kept = sets.next().unwrap_or_default();
    sets.for_each(|next| kept.retain(|name| next.contains(name)));
    kept
}

/// The names that surely have no value when an expression comes out this way.
fn denied(expr: &Expr, outcome: bool) -> Vec<&Arc<str>> {
    match (&expr.kind, outcome) {
        (E::And(parts), true) | (E::Or(parts), false) => parts.iter().flat_map(|p| denied(p, outcome)).collect(),
        (E::Not(inner), _) => denied(inner, !outcome),
        (E::Has(name), false) => vec![name],
        _ => Vec::new(),
    }
}

/// The names without which an expression has no value. A comparison always has one.
fn needs<'e>(expr: &'e Expr, names: &mut Vec<&'e Arc<str>>) {
    match &expr.kind {
        E::Name(name) => names.push(name),
        E::Negate(inner) => needs(inner, names),
        E::Arithmetic { left, right, .. } => {
            needs(left, names);
            needs(right, names);
        }
        _ => {}
    }
}
