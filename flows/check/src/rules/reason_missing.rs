//! `reason-missing`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// An edge into a handoff for which `reasons` has no name.
    /// ## Why it matters
    /// The person, the ticket and every report read `ask_txn.failed` instead of why the customer is there.
    /// ## Instead
    /// Name it: `"reasons": { "ask_txn.failed": "charge_not_given" }`. Triggers bring their own reasons.
    /// ## Example
    /// A handoff with three edges and no `reasons`.
    pub(super) struct ReasonMissing = "reason-missing", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(n) = &node.kind else { continue };
        let edges = subject.graph.entering(number).iter().map(|e| &subject.graph.edges[*e]);
        let names = edges.map(|edge| format!("{}.{}", subject.graph.id(edge.from), edge.port));
        let missing: Vec<String> = names.filter(|name| !n.reasons.contains_key(name)).collect();
        if !missing.is_empty() {
            let message = say!("There is no reason for {missing}: add it to reasons.", missing = missing.join(", "));
            found.at(subject.path(number), message);
        }
    }
}
