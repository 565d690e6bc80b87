//! `unbounded-retry`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};
use crate::analysis::cycles::{self, Search};
use crate::analysis::graph::Way;
use crate::analysis::lists::What;

rule! {
    /// ## What it finds
    /// A cycle through the `error`, `errors` or `timeout` of an action with no customer's turn, no person and no decision
    /// on it.
    /// ## Why it matters
    /// A call that keeps failing is made again and again, while the customer hears nothing else.
    /// ## Instead
    /// Count the tries in a slot and decide, or lead to a person.
    /// ## Example
    /// `"error": "look_up"` on `look_up` itself.
    pub(super) struct UnboundedRetry = "unbounded-retry", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let graph = &subject.graph;
    let decides = |n: usize| subject.lists_of(n).any(|l| matches!(l.what, What::Branches { .. }));
    let quiet = |n: usize| {
        !matches!(
            graph.node(n).map(|n| &n.kind),
            Some(Kind::Listen(_) | Kind::Ask(_) | Kind::Handoff(_) | Kind::Subflow(_))
        )
    };
    let edges: Vec<usize> =
        (0..graph.edges.len()).filter(|e| quiet(graph.edges[*e].from) && !decides(graph.edges[*e].from)).collect();
    let fails = |e: &usize| matches!(graph.edges[*e].way, Way::Error | Way::Timeout);
    for knot in (Search { graph, counts: &|inside| inside.iter().any(fails) }).unbroken(&edges) {
        let Some(edge) = knot.edges.iter().copied().find(fails) else { continue };
        let around = subject.around(&cycles::through(graph, &knot.edges, edge));
        found.at(
            subject.path(graph.edges[edge].from),
            say!(
                "A call that fails is made again without end ({around}): count the tries, or lead to a person.",
                around
            ),
        );
    }
}
