//! `endless-loop`

use super::{Found, Subject};
use crate::analysis::cycles::{self, Search};
use crate::analysis::steps;
use flow_conditions::say;

rule! {
    /// ## What it finds
    /// A cycle of edges that can all be taken in one step, by structure and not by values. Edges that use up an event
    /// are not taken in one step: leaving a `listen`, `failed` of an `ask`, `timeout failed resumed resolved escalated`,
    /// `turns` and `returns` of a handoff, `error errors timeout` of an action, `idle`; nor is `filled` of an `ask`
    /// whose slot is cleared on the cycle.
    /// ## Why it matters
    /// A run would go round without waiting for anybody; it is stopped with an error after 1,000 cards.
    /// ## Instead
    /// Put a card that waits into the cycle, or lead one of its edges out of it.
    /// ## Example
    /// Two messages, each the `next` of the other.
    pub(super) struct EndlessLoop = "endless-loop", Error;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let graph = &subject.graph;
    let edges = steps::one_step(graph, &subject.callees);
    let search = Search { graph, counts: &|_| true };
    for knot in search.unbroken(&edges) {
        let leaves = |first: usize| knot.edges.iter().copied().find(|e| graph.edges[*e].from == first);
        let Some((first, edge)) = knot.nodes.first().and_then(|first| Some((*first, leaves(*first)?))) else {
            continue;
        };
        let around = subject.around(&cycles::through(graph, &knot.edges, edge));
        let message = say!("This cycle never waits: {around}. Let it wait for a customer, or lead out of it.", around);
        found.at(subject.path(first), message);
    }
}
