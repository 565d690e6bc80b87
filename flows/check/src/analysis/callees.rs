//! What the rules need to know of the flows that a flow calls.

use flow_conditions::ast::{Expr, Kind as ExprKind, Literal};
use flow_model::document::Document;
use flow_model::flow::{Flow, Kind};
use flow_model::tree::Json;
use indexmap::{IndexMap, IndexSet};

use super::graph::{Edge, Graph, Way};
use super::must::Effect;
use super::reach::Reach;
use super::steps;
use crate::valid::Open;

/// How deep calls are looked into.
const MAX_CALLS: usize = 25;

/// A flow that is called.
#[derive(Clone, Debug, Default)]
pub(crate) struct Callee {
    /// Outcomes that its ends can have.
    pub(crate) outcomes: IndexSet<String>,
    /// Those that it can come to without an event.
    pub(crate) straight: IndexSet<String>,
    /// Most nodes that one step inside can enter.
    pub(crate) longest: usize,
    /// Whether it can hand off.
    pub(crate) person: bool,
    /// Its slots.
    pub(crate) slots: IndexSet<String>,
    /// Slots that it clears somewhere.
    pub(crate) clears: IndexSet<String>,
    /// Slots that it asks for or sets somewhere.
    pub(crate) fills: IndexSet<String>,
    /// Slots that have a value whenever it ends with an outcome, and the literal that it surely is, where it is one.
    ensures: IndexMap<String, IndexMap<String, Option<String>>>,
    /// Its declared signals.
    pub(crate) signals: IndexSet<String>,
    /// Intents that its conditions, and those of what it calls, compare with.
    pub(crate) intents: IndexSet<String>,
}

impl Callee {
    /// Slots that have a value behind an edge of the card that calls it, with the literal where it surely is one.
    pub(crate) fn ensured<'c>(&'c self, edge: &Edge<'_>) -> Vec<(&'c str, Option<&'c str>)> {
        let Kind::Subflow(call) = &edge.node.kind else { return Vec::new() };
        let drawn = edge.port.strip_prefix("outcomes.");
        let taken = |outcome: &&String| match drawn {
            Some(drawn) => outcome.as_str() == drawn,
            None => !call.outcomes.contains_key(outcome.as_str()),
        };
        let mut ends = self.outcomes.iter().filter(taken).map(|outcome| self.ensures.get(outcome));
        let Some(Some(first)) = ends.next() else { return Vec::new() };
        let others: Vec<_> = ends.collect();
        let mut found = Vec::new();
        for (slot, value) in first {
            let each: Option<Vec<_>> = others.iter().map(|end| end.and_then(|slots| slots.get(slot))).collect();
            if let Some(each) = each {
                let same = each.iter().all(|other| *other == value);
                found.push((slot.as_str(), value.as_deref().filter(|_| same)));
            }
        }
        found
    }
}

/// The flows that are called, by id; those that cannot be read are left out.
#[derive(Debug, Default)]
pub(crate) struct Callees {
    map: IndexMap<String, Option<Callee>>,
}

impl Callees {
    /// The flows that this one calls.
    pub(crate) fn of(flow: &Flow, open: &Open<'_>) -> Self {
        let mut callees = Self::default();
        callees.called_by(flow, open, 0);
        callees
    }

    /// A flow that is called.
    pub(crate) fn get(&self, id: &str) -> Option<&Callee> {
        self.map.get(id).and_then(Option::as_ref)
    }

    fn called_by(&mut self, flow: &Flow, open: &Open<'_>, depth: usize) {
        for node in flow.nodes.values() {
            let Kind::Subflow(call) = &node.kind else { continue };
            if call.flow.is_empty() || self.map.contains_key(&call.flow) {
                continue;
            }
            self.map.insert(call.flow.clone(), None);
            if depth >= MAX_CALLS {
                continue;
            }
            let Some(Ok(document)) = open(&call.flow) else { continue };
            self.called_by(&document.flow, open, depth + 1);
            let callee = self.summary(&document);
            self.map.insert(call.flow.clone(), Some(callee));
        }
    }

    fn summary(&self, document: &Document) -> Callee {
        let flow = &document.flow;
        let graph = Graph::of(flow);
        let reach = Reach::by_edges(&graph);
        let mut callee = Callee {
            straight: steps::straight(&graph, self),
            longest: steps::longest(&graph, self).into_iter().max().unwrap_or(0),
            slots: flow.slots.keys().cloned().collect(),
            signals: flow.signals.keys().cloned().collect(),
            intents: asked(document),
            ..Callee::default()
        };
        for (number, node) in flow.nodes.values().enumerate().filter(|(n, _)| reach.has(*n)) {
            callee.clears.extend(super::cycles::cleared(&graph, number).map(str::to_owned));
            match &node.kind {
                Kind::End(end) => drop(callee.outcomes.insert(end.outcome.clone())),
                Kind::Handoff(_) => callee.person = true,
                Kind::Subflow(call) => {
                    let Some(inner) = self.get(&call.flow) else { continue };
                    callee.person |= inner.person;
                    callee.intents.extend(inner.intents.iter().cloned());
                }
                Kind::Ask(ask) => drop(callee.fills.insert(ask.slot.clone())),
                Kind::Set(set) => callee.fills.extend(set.assign.keys().cloned()),
                _ => {}
            }
        }
        callee.ensures = ensured(&graph);
        callee
    }
}

/// For each outcome the slots that every way to such an end has asked for or set to a literal, by edges alone.
fn ensured(graph: &Graph<'_>) -> IndexMap<String, IndexMap<String, Option<String>>> {
    let cleared: IndexSet<&str> = (0..graph.len()).flat_map(|n| super::cycles::cleared(graph, n)).collect();
    let mut facts: IndexSet<(&str, Option<&str>)> = IndexSet::new();
    for node in graph.flow.nodes.values() {
        match &node.kind {
            Kind::Ask(ask) if !cleared.contains(ask.slot.as_str()) => drop(facts.insert((&ask.slot, None))),
            Kind::Set(set) => {
                let literal = |source: &Option<String>| source.as_deref().is_some_and(is_literal);
                let told = set.assign.iter().filter(|(_, source)| literal(source));
                facts.extend(told.map(|(slot, source)| (slot.as_str(), source.as_deref())));
            }
            _ => {}
        }
    }
    let mut found: IndexMap<String, IndexMap<String, Option<String>>> = IndexMap::new();
    for (slot, value) in facts {
        let entity = graph.flow.slots.get(slot).is_none_or(|slot| slot.entity.is_some());
        let effect =
            |edge: &Edge<'_>| value.map_or_else(|| filling(edge, slot), |value| setting(edge, slot, value, entity));
        let trigger = if value.is_some() && entity { Effect::Ends } else { Effect::Keeps };
        for outcome in sure(graph, effect, trigger) {
            let told = found.entry(outcome).or_default().entry(slot.to_owned()).or_default();
            *told = value.map(str::to_owned).or_else(|| told.take());
        }
    }
    found
}

/// The intents that conditions of a document compare with.
fn asked(document: &Document) -> IndexSet<String> {
    let mut found = IndexSet::new();
    conditions(&document.tree, &mut |source| compared(&flow_conditions::parse::parse(source).expr, &mut found));
    found.shift_remove("none");
    found
}

/// Every condition in a part of a document: what stands under `when`, and reasons in short.
fn conditions(json: &Json, take: &mut dyn FnMut(&str)) {
    for (key, value) in json.entries() {
        match (key.as_str(), value) {
            ("when", Json::Text(source)) => take(source),
            ("because", Json::Map(reasons)) => {
                reasons.iter().filter_map(|(_, reason)| reason.as_text()).for_each(&mut *take);
                conditions(value, take);
            }
            _ => conditions(value, take),
        }
    }
    json.items().iter().for_each(|item| conditions(item, take));
}

fn compared(expr: &Expr, found: &mut IndexSet<String>) {
    let is_intent = |expr: &Expr| matches!(&expr.kind, ExprKind::Name(name) if **name == *"intent");
    let literals = |expr: &Expr| match &expr.kind {
        ExprKind::List(items) => items.iter().filter_map(text).collect(),
        _ => text(expr).into_iter().collect::<Vec<_>>(),
    };
    match &expr.kind {
        ExprKind::Compare { left, right, .. } if is_intent(left) => found.extend(literals(right)),
        ExprKind::Compare { left, right, .. } if is_intent(right) => found.extend(literals(left)),
        ExprKind::In { item, list } if is_intent(item) => found.extend(literals(list)),
        ExprKind::Not(inner) => compared(inner, found),
        ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter().for_each(|part| compared(part, found)),
        _ => {}
    }
}

fn text(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Literal(Literal::Text(text)) => Some(text.to_string()),
        _ => None,
    }
}

/// Whether an expression is a literal.
fn is_literal(source: &str) -> bool {
    matches!(flow_conditions::parse::parse_payload(source).expr.kind, flow_conditions::ast::Kind::Literal(_))
}

/// What an edge does to a slot's being filled, where nothing clears it.
fn filling(edge: &Edge<'_>, slot: &str) -> Effect {
    let own = matches!(&edge.node.kind, Kind::Ask(ask) if ask.slot == slot);
    if own && edge.way == Way::Filled { Effect::Holds } else { Effect::Keeps }
}

/// What an edge does to a slot's being a literal.
fn setting(edge: &Edge<'_>, slot: &str, value: &str, entity: bool) -> Effect {
    match &edge.node.kind {
        Kind::Set(set) => match set.assign.get(slot) {
            Some(source) if source.as_deref() == Some(value) => Effect::Holds,
            Some(_) => Effect::Ends,
            None => Effect::Keeps,
        },
        Kind::Ask(ask) if ask.slot == slot => Effect::Ends,
        Kind::Listen(_) | Kind::Ask(_) if entity => Effect::Ends,
        Kind::Handoff(_) | Kind::Subflow(_) => Effect::Ends,
        _ => Effect::Keeps,
    }
}

/// The outcomes with which a flow ends only where a fact holds that does not hold at its start.
fn sure(graph: &Graph<'_>, effect: impl Fn(&Edge<'_>) -> Effect, trigger: Effect) -> IndexSet<String> {
    let mut open: Vec<(usize, bool)> = graph.start.map(|start| (start, false)).into_iter().collect();
    let mut seen: IndexSet<(usize, bool)> = IndexSet::new();
    let mut ends: IndexMap<&str, bool> = IndexMap::new();
    while let Some((node, holds)) = open.pop() {
        if !seen.insert((node, holds)) {
            continue;
        }
        if let Some(Kind::End(end)) = graph.node(node).map(|n| &n.kind) {
            *ends.entry(&end.outcome).or_insert(true) &= holds;
        }
        open.extend(graph.leaving(node).map(|(_, edge)| (edge.to, effect(edge).apply(holds))));
        let fired = graph.triggers_at(node).filter_map(|t| graph.trigger_to[t]);
        open.extend(fired.map(|to| (to, trigger.apply(holds))));
    }
    ends.into_iter().filter(|(_, sure)| *sure).map(|(outcome, _)| outcome.to_owned()).collect()
}
