//! `no-way-to-a-person`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};
use crate::analysis::graph::Graph;

rule! {
    /// ## What it finds
    /// A card that waits for the customer and from which no handoff can be reached, neither by edges nor by triggers.
    /// ## Why it matters
    /// Whoever is there cannot get to a person, whatever they say.
    /// ## Instead
    /// Add a trigger for customers who ask for a person, or an edge to a handoff. Of a flow that another one calls it is
    /// said where it is checked alone: checked together with its caller, the way to a person can be the caller's.
    /// ## Example
    /// A `listen` whose branches lead to answers alone.
    pub(super) struct NoWayToAPerson = "no-way-to-a-person", Error, after_ways;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let can = to_a_person(subject);
    for (number, _, node) in subject.nodes() {
        let waits = matches!(node.kind, Kind::Listen(_) | Kind::Ask(_));
        if waits && subject.feasible().has(number) && !can[number] {
            let message = say!(
                "A customer at {card} cannot get to a person: lead a trigger or an edge to a handoff.",
                card = subject.named(number)
            );
            found.at(subject.path(number), message);
        }
    }
}

/// From which nodes a handoff can be reached.
fn to_a_person(subject: &Subject<'_>) -> Vec<bool> {
    let graph = &subject.graph;
    let mut can = vec![false; graph.len()];
    let mut open: Vec<usize> = Vec::new();
    for (number, _, node) in subject.nodes() {
        let person = match &node.kind {
            Kind::Handoff(_) => true,
            Kind::Subflow(call) => subject.callees.get(&call.flow).is_none_or(|callee| callee.person),
            _ => false,
        };
        if person {
            can[number] = true;
            open.push(number);
        }
    }
    let mut useful = vec![false; graph.within.len()];
    while !open.is_empty() {
        while let Some(node) = open.pop() {
            for edge in graph.entering(node) {
                let from = graph.edges[*edge].from;
                if subject.ways().takes(*edge) && !std::mem::replace(&mut can[from], true) {
                    open.push(from);
                }
            }
        }
        by_triggers(subject, graph, &mut useful, &mut can, &mut open);
    }
    can
}

/// Adds the cards where a trigger acts that leads on to a person.
fn by_triggers(subject: &Subject<'_>, graph: &Graph<'_>, useful: &mut [bool], can: &mut [bool], open: &mut Vec<usize>) {
    use crate::analysis::triggers::Fate;
    let mut more = false;
    for (trigger, to) in graph.trigger_to.iter().enumerate() {
        if !useful[trigger] && subject.triggers()[trigger] == Fate::Fires && to.is_some_and(|to| can[to]) {
            useful[trigger] = true;
            more = true;
        }
    }
    if !more {
        return;
    }
    for (number, can) in can.iter_mut().enumerate() {
        if !*can && graph.triggers_at(number).any(|t| useful[t]) {
            *can = true;
            open.push(number);
        }
    }
}
