//! `unsafe-rerun`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};
use crate::analysis::graph::{Graph, Way};

rule! {
    /// ## What it finds
    /// A handoff whose `resumed` or `returns` leads back, without a word of the customer, to an action that led to it
    /// and whose call must never be made again (`"repeat": "never"`).
    /// ## Why it matters
    /// A payment goes out twice.
    /// ## Instead
    /// Ask the customer first, or lead to a call that is safe to repeat.
    /// ## Example
    /// `returns.rerun` to a `payments.send`.
    pub(super) struct UnsafeRerun = "unsafe-rerun", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let graph = &subject.graph;
    let never = |n: usize| match graph.node(n).map(|n| &n.kind) {
        Some(Kind::Action(action)) => {
            subject.flow.calls.get(&action.call).is_some_and(|c| c.repeat.as_deref() == Some("never"))
        }
        _ => false,
    };
    if !subject.flow.calls.values().any(|c| c.repeat.as_deref() == Some("never")) {
        return;
    }
    for edge in graph.edges.iter().filter(|e| matches!(e.way, Way::Resumed | Way::Return)) {
        for action in on(graph, edge.to).into_iter().filter(|n| never(*n)) {
            if leads_to(graph, action, edge.from) {
                let message = say!(
                    "A hand-back makes the call of {card} again, which must never be repeated: ask first.",
                    card = subject.named(action)
                );
                found.at(format!("{}/{}", subject.path(edge.from), edge.path), message);
            }
        }
    }
}

/// Cards that follow without a customer's turn or another person.
fn on(graph: &Graph<'_>, first: usize) -> Vec<usize> {
    let mut seen = vec![false; graph.len()];
    let (mut open, mut found) = (vec![first], Vec::new());
    while let Some(node) = open.pop() {
        let waits = matches!(
            graph.node(node).map(|n| &n.kind),
            Some(Kind::Listen(_) | Kind::Ask(_) | Kind::Handoff(_) | Kind::Subflow(_))
        );
        if std::mem::replace(&mut seen[node], true) || waits {
            continue;
        }
        found.push(node);
        open.extend(graph.leaving(node).map(|(_, e)| e.to));
    }
    found
}

fn leads_to(graph: &Graph<'_>, from: usize, to: usize) -> bool {
    let mut seen = vec![false; graph.len()];
    let mut open = vec![from];
    while let Some(node) = open.pop() {
        if node == to {
            return true;
        }
        if !std::mem::replace(&mut seen[node], true) {
            open.extend(graph.leaving(node).map(|(_, e)| e.to));
        }
    }
    false
}
