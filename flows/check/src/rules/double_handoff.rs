//! `double-handoff`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};
use crate::analysis::graph::Way;
use crate::analysis::onward::Onward;

rule! {
    /// ## What it finds
    /// A handoff that follows another without a word of the customer, although the first request went out for good
    /// (`sent`) or its matter was solved (`resolved`). After `timeout`, `closed` and `failed` the first request is gone,
    /// and `escalated` is meant to lead to another person: those are no fault.
    /// ## Why it matters
    /// Two people work on one matter, and the customer gets two answers.
    /// ## Instead
    /// Let the customer speak in between, or send one of the two.
    /// ## Example
    /// A ticket whose `sent` leads to a transfer.
    pub(super) struct DoubleHandoff = "double-handoff", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let graph = &subject.graph;
    let handoff = |n: usize| matches!(graph.node(n).map(|n| &n.kind), Some(Kind::Handoff(_)));
    let done = |way: Way| matches!(way, Way::Sent | Way::Resolved);
    for edge in graph.edges.iter().filter(|e| done(e.way) && subject.reach().has(e.from)) {
        let ahead = Onward::of(subject, edge.to);
        if let Some(second) = ahead.first(handoff) {
            let why = if edge.way == Way::Sent { say!("the request is out") } else { say!("the matter is solved") };
            let message = say!(
                "{card} asks for a person although {why} at {card_2}: let the customer speak in between, or leave one out.",
                card = subject.title(second),
                why,
                card_2 = subject.title(edge.from)
            );
            found.at(format!("{}/{}", subject.path(edge.from), edge.path), message);
        }
    }
}
