//! `node-unreachable`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A card that no edge and no trigger leads to, counted from the start.
    /// ## Why it matters
    /// No customer ever gets there: an edge was forgotten, or the card is left over.
    /// ## Instead
    /// Lead an edge to it, or remove it. A `note` is never executed and needs no edge.
    /// ## Example
    /// A message `sorry` that nothing names in its `to`.
    pub(super) struct NodeUnreachable = "node-unreachable", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    if subject.graph.start.is_none() {
        return;
    }
    for (number, _, node) in subject.nodes() {
        if !matches!(node.kind, Kind::Note(_)) && !subject.reach().has(number) {
            found.at(
                subject.path(number),
                say!(
                    "No way leads from the start to {card}: draw an edge to it, or remove it.",
                    card = subject.named(number)
                ),
            );
        }
    }
}
