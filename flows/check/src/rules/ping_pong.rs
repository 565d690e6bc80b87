//! `ping-pong`

use flow_conditions::ast::Expr;
use flow_conditions::regions::never_first;
use flow_conditions::say;
use flow_model::flow::Kind;
use flow_model::names::Reach;

use super::{Found, Subject};
use crate::analysis::cycles::{self, Search};
use crate::analysis::graph::{Edge, Way};
use crate::analysis::lists::{List, What};

rule! {
    /// ## What it finds
    /// A cycle through a handoff's `resumed`, `returns` or `escalated` back to a handoff with no customer's turn between.
    /// An edge that `handoffs` bounds, such as a branch with `handoffs < 3`, breaks the cycle.
    /// ## Why it matters
    /// People pass the conversation back and forth, and the customer watches.
    /// ## Instead
    /// Let the customer speak in between, or count: `handoffs < 3`, and a ticket otherwise.
    /// ## Example
    /// `returns.rerun` to an action whose `error` leads to the same handoff.
    pub(super) struct PingPong = "ping-pong", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let graph = &subject.graph;
    let bounded = bounded(subject);
    let edges: Vec<usize> = (0..graph.edges.len())
        .filter(|e| !uses_a_turn(&graph.edges[*e]) && !bounded[*e] && subject.reach().has(graph.edges[*e].from))
        .collect();
    let back = |e: &usize| matches!(graph.edges[*e].way, Way::Resumed | Way::Return | Way::Escalated);
    let search = Search { graph, counts: &|inside| inside.iter().any(back) };
    for knot in search.unbroken(&edges) {
        let Some(edge) = knot.edges.iter().copied().find(back) else { continue };
        let first = graph.edges[edge].from;
        let around = subject.around(&cycles::through(graph, &knot.edges, edge));
        let message = say!(
            "A person's answer leads back to a person without a word of the customer: {around}. Let the customer speak in between.",
            around
        );
        found.at(subject.path(first), message);
    }
}

/// Whether the customer has the floor before an edge is taken. Silence (`idle`) is an answer too: the customer was asked.
fn uses_a_turn(edge: &Edge<'_>) -> bool {
    match (&edge.node.kind, edge.way) {
        (Kind::Listen(_), _) | (Kind::Ask(_), Way::Failed | Way::Idle(_)) => true,
        (Kind::Handoff(_), Way::Turn(_)) => true,
        // A flow that is called may wait.
        (Kind::Subflow(_), _) => true,
        _ => false,
    }
}

/// Edges that are not taken any more once there were many handoffs.
pub(super) fn bounded(subject: &Subject<'_>) -> Vec<bool> {
    let mut bounded = vec![false; subject.graph.edges.len()];
    let counts = |list: &List<'_>| list.rows.iter().any(|row| row.when.contains("handoffs"));
    for list in subject.lists().iter().filter(|l| matches!(l.what, What::Branches { .. }) && counts(l)) {
        for (number, edge) in subject.graph.leaving(list.node) {
            let place = match edge.way {
                Way::Branch(i) => i,
                Way::Else => list.rows.len(),
                _ => continue,
            };
            bounded[number] = ends_with_many(subject, list, place);
        }
    }
    bounded
}

/// Whether the row at a place is never taken after a thousand handoffs of every kind counted here.
fn ends_with_many(subject: &Subject<'_>, list: &List<'_>, place: usize) -> bool {
    let counters: Vec<String> = subject
        .names
        .iter()
        .filter(|(name, _)| *name == "handoffs" || name.starts_with("handoffs."))
        .map(|(name, _)| name.to_owned())
        .filter(|name| list.rows.iter().any(|row| row.guard.expr.names().iter().any(|(n, _)| **n == **name)))
        .collect();
    let many: Vec<String> = counters.iter().map(|name| format!("{name} >= 1000")).collect();
    let own = list.rows.get(place).map_or_else(|| "true".to_owned(), |row| format!("({})", row.when));
    let last = subject.book.condition(&format!("{own} && {}", many.join(" && ")));
    let mut guards: Vec<&Expr> = list.rows.iter().take(place).map(|row| &row.guard.expr).collect();
    guards.push(&last.expr);
    !counters.is_empty() && never_first(&guards, &subject.names.scope(Reach::Plain))
}
