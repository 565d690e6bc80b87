//! What the rules need to know of the flows that a flow calls.

use flow_model::document::Document;
use flow_model::flow::{Flow, Kind};
use indexmap::{IndexMap, IndexSet};

use super::graph::Graph;
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
    /// Slots that have a value whenever it ends.
    pub(crate) ensures: IndexSet<String>,
    /// Its declared signals.
    pub(crate) signals: IndexSet<String>,
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
            ..Callee::default()
        };
        for (number, node) in flow.nodes.values().enumerate().filter(|(n, _)| reach.has(*n)) {
            callee.clears.extend(super::cycles::cleared(&graph, number).map(str::to_owned));
            match &node.kind {
                Kind::End(end) => drop(callee.outcomes.insert(end.outcome.clone())),
                Kind::Handoff(_) => callee.person = true,
                Kind::Subflow(call) => callee.person |= self.get(&call.flow).is_some_and(|inner| inner.person),
                Kind::Ask(ask) => drop(callee.fills.insert(ask.slot.clone())),
                Kind::Set(set) => callee.fills.extend(set.assign.keys().cloned()),
                _ => {}
            }
        }
        callee.ensures = ensured(&graph);
        callee
    }
}

/// Slots that every way to an end has asked for, by edges alone, and that nothing clears.
fn ensured(graph: &Graph<'_>) -> IndexSet<String> {
    let cleared: IndexSet<&str> = (0..graph.len()).flat_map(|n| super::cycles::cleared(graph, n)).collect();
    let slots: IndexSet<&str> = graph
        .flow
        .nodes
        .values()
        .filter_map(|n| if let Kind::Ask(ask) = &n.kind { Some(ask.slot.as_str()) } else { None })
        .filter(|slot| !cleared.contains(slot))
        .collect();
    let open = |slot: &str| {
        let fills = |e: usize| {
            let edge = &graph.edges[e];
            edge.way == super::graph::Way::Filled && matches!(&edge.node.kind, Kind::Ask(ask) if ask.slot == slot)
        };
        let without = Reach::by(graph, &super::reach::Open { edge: &|e| !fills(e), trigger: &|_| true });
        (0..graph.len()).any(|n| without.has(n) && matches!(graph.node(n).map(|n| &n.kind), Some(Kind::End(_))))
    };
    slots.into_iter().filter(|slot| !open(slot)).map(str::to_owned).collect()
}
