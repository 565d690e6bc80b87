//! `handoffs-unbounded`

use flow_conditions::say;
use flow_model::flow::Kind;
use indexmap::IndexSet;

use super::{Found, Subject};
use crate::analysis::graph::{Edge, Way};
use crate::analysis::onward::{Onward, hubs};

rule! {
    /// ## What it finds
    /// A hand-back (`resumed`, `returns`) that makes a call again, whose failure leads to the same handoff again, perhaps
    /// past a question, and no guard on the way counts `handoffs`. A way through the card where conversations begin is a
    /// new matter. Without a word of the customer it is `ping-pong`.
    /// ## Why it matters
    /// The same failure goes round between the AI and the people without end, and every round costs a person.
    /// ## Instead
    /// Count: `handoffs >= 2` leads to a ticket or to the next tier.
    /// ## Example
    /// `returns.rerun` to an export whose error asks "Shall I bring someone in?" and leads back.
    pub(super) struct HandoffsUnbounded = "handoffs-unbounded", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let graph = &subject.graph;
    let back =
        |edge: &&Edge<'_>| matches!(edge.way, Way::Resumed | Way::Return) && matches!(edge.node.kind, Kind::Handoff(_));
    let returns: Vec<&Edge<'_>> = graph.edges.iter().filter(back).filter(|e| subject.reach().has(e.from)).collect();
    if returns.is_empty() || !subject.flow.nodes.values().any(|n| matches!(n.kind, Kind::Action(_))) {
        return;
    }
    let (begin, bounded) = (hubs(subject), super::ping_pong::bounded(subject));
    let counted: IndexSet<(usize, &str)> =
        (0..graph.edges.len()).filter(|e| bounded[*e]).map(|e| (graph.edges[e].from, &*graph.edges[e].port)).collect();
    let free = |edge: &Edge<'_>| !counted.contains(&(edge.from, &*edge.port));
    let own_turn = |edge: &Edge<'_>| free(edge) && !begin.contains(&edge.from) && !leaves_to_people(edge);
    for edge in returns {
        let again = Onward::of(subject, edge.to);
        let calls = again.nodes().filter(|n| matches!(graph.node(*n).map(|n| &n.kind), Some(Kind::Action(_))));
        let round = calls.into_iter().find_map(|call| {
            let fails = graph.leaving(call).filter(|(_, e)| matches!(e.way, Way::Error | Way::Timeout));
            let round = fails.into_iter().find_map(|(_, e)| {
                let ahead = Onward::through(subject, e.to, &own_turn);
                ahead.has(edge.from).then(|| ahead.way(edge.from))
            });
            round.filter(|way| past_a_question(subject, way)).map(|way| (call, way))
        });
        if let Some((call, way)) = round {
            let message = say!(
                "The hand-back makes the call of {card} again, and its failure leads to {card_2} again ({cards}), with nothing that counts: look at handoffs.",
                card = subject.title(call),
                card_2 = subject.title(edge.from),
                cards = subject.titles(&way)
            );
            found.at(format!("{}/{}", subject.path(edge.from), edge.path), message);
        }
    }
}

/// Edges by which a handoff passes the customer on: another matter.
fn leaves_to_people(edge: &Edge<'_>) -> bool {
    matches!(edge.node.kind, Kind::Handoff(_) | Kind::Subflow(_))
}

/// Whether the customer is asked on the way; else `ping-pong` tells it.
fn past_a_question(subject: &Subject<'_>, way: &[usize]) -> bool {
    way.iter().any(|n| subject.graph.waits(*n))
}
