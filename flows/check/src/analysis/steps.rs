//! What can happen in one step: the edges that use up no event, and how many nodes a step can enter.

use flow_model::flow::Kind;
use indexmap::IndexSet;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::callees::Callees;
use super::graph::{Edge, Graph, Way};

/// Whether an edge can be taken without an event.
pub(crate) fn is_one_step(edge: &Edge<'_>, callees: &Callees) -> bool {
    match (&edge.node.kind, edge.way) {
        (Kind::Start(_) | Kind::Message(_) | Kind::Set(_) | Kind::Todo(_) | Kind::Decision(_), _) => true,
        (Kind::Ask(_), Way::Filled) | (Kind::Action(_), Way::Ok) => true,
        (Kind::Handoff(_), Way::Sent | Way::Closed | Way::Overflow(_)) => true,
        (Kind::Subflow(call), Way::Outcome) => {
            callees.get(&call.flow).is_some_and(|callee| match edge.port.strip_prefix("outcomes.") {
                Some(outcome) => callee.straight.contains(outcome),
                None => callee.straight.iter().any(|outcome| !call.outcomes.contains_key(outcome)),
            })
        }
        _ => false,
    }
}

/// The numbers of these edges.
pub(crate) fn one_step(graph: &Graph<'_>, callees: &Callees) -> Vec<usize> {
    (0..graph.edges.len()).filter(|e| is_one_step(&graph.edges[*e], callees)).collect()
}

/// The outcomes that a flow can come to in the step that starts it.
pub(crate) fn straight(graph: &Graph<'_>, callees: &Callees) -> IndexSet<String> {
    let mut seen = vec![false; graph.len()];
    let mut outcomes = IndexSet::new();
    let mut open: Vec<usize> = graph.start.into_iter().collect();
    while let Some(node) = open.pop() {
        if std::mem::replace(&mut seen[node], true) {
            continue;
        }
        if let Some(Kind::End(end)) = graph.node(node).map(|n| &n.kind) {
            outcomes.insert(end.outcome.clone());
        }
        open.extend(graph.leaving(node).filter(|(_, e)| is_one_step(e, callees)).map(|(_, e)| e.to));
    }
    outcomes
}

/// For each node the most nodes that a step can have entered on coming to it, itself included. A cycle counts once
/// around: `endless-loop` tells the rest.
pub(crate) fn longest(graph: &Graph<'_>, callees: &Callees) -> Vec<usize> {
    let mut whole: DiGraph<(), ()> = DiGraph::with_capacity(graph.len(), graph.edges.len());
    for _ in 0..graph.len() {
        whole.add_node(());
    }
    let steps = one_step(graph, callees);
    for edge in &steps {
        whole.add_edge(NodeIndex::new(graph.edges[*edge].from), NodeIndex::new(graph.edges[*edge].to), ());
    }
    // Components come in reverse topological order: those that others lead to come first.
    let components = kosaraju_scc(&whole);
    let mut owner = vec![0; graph.len()];
    for (number, component) in components.iter().enumerate() {
        for node in component {
            owner[node.index()] = number;
        }
    }
    let weight = |node: usize| match graph.node(node).map(|n| &n.kind) {
        Some(Kind::Subflow(call)) => 1 + callees.get(&call.flow).map_or(0, |callee| callee.longest),
        _ => 1,
    };
    let mut before = vec![0_usize; components.len()];
    let mut result = vec![0; graph.len()];
    for (number, component) in components.iter().enumerate().rev() {
        let size: usize = component.iter().map(|n| weight(n.index())).sum();
        let total = before[number] + size;
        for node in component {
            result[node.index()] = total;
            for (number_of_edge, edge) in graph.leaving(node.index()) {
                let target = owner[edge.to];
                if target != number && is_one_step(&graph.edges[number_of_edge], callees) {
                    before[target] = before[target].max(total);
                }
            }
        }
    }
    result
}
