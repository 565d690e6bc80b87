//! `callback-missing`

use flow_conditions::say;
use flow_model::flow::{Handoff, Kind};

use super::{Found, Subject};
use crate::analysis::graph::{Edge, Way};
use crate::analysis::onward::{Onward, hubs};

rule! {
    /// ## What it finds
    /// A queue whose `timeout`, `closed` or `failed` leads to no other person, callback or ticket, nor to a call that
    /// could make one. A way back to where the conversation begins offers nothing. Where the tier keeps hours, `closed` is
    /// told by `hours-gap`.
    /// ## Why it matters
    /// Who waited in vain has nothing in their hands and starts over tomorrow.
    /// ## Instead
    /// Ask for a number or an address, and send a callback or a ticket.
    /// ## Example
    /// `"timeout": "sorry"`, and `sorry` ends.
    pub(super) struct CallbackMissing = "callback-missing", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let mut begin = None;
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(handoff) = &node.kind else { continue };
        if !handoff.mode.waits() || !subject.reach().has(number) {
            continue;
        }
        let begin = begin.get_or_insert_with(|| hubs(subject));
        let empty: Vec<&Edge<'_>> = subject
            .graph
            .leaving(number)
            .map(|(_, edge)| edge)
            .filter(|edge| in_vain(subject, number, handoff, edge.way) && !offers(subject, edge.to, begin))
            .collect();
        if let Some(first) = empty.first() {
            let ports: Vec<&str> = empty.iter().map(|edge| &*edge.port).collect();
            let message = say!(
                "Who waits at {card} in vain ({ports}) is offered nothing: lead to a callback or a ticket.",
                card = subject.title(number),
                ports = ports.join(", ")
            );
            found.at(format!("{}/{}", subject.path(number), first.path), message);
        }
    }
}

/// Whether nobody came, by this way.
fn in_vain(subject: &Subject<'_>, number: usize, handoff: &Handoff, way: Way) -> bool {
    let keeps_hours = || {
        super::tiers_of(subject, number, handoff)
            .iter()
            .all(|(_, tier)| subject.flow.tiers.get(*tier).is_some_and(|t| t.hours.is_some()))
    };
    matches!(way, Way::Timeout | Way::Failed) || way == Way::Closed && !keeps_hours()
}

/// Whether something is offered from a card on, before the conversation begins anew.
pub(super) fn offers(subject: &Subject<'_>, first: usize, begin: &[usize]) -> bool {
    let graph = &subject.graph;
    if begin.contains(&first) {
        return false;
    }
    let may = |edge: &Edge<'_>| !begin.contains(&edge.from) && !matches!(edge.node.kind, Kind::Handoff(_));
    let ahead = Onward::through(subject, first, &may);
    ahead
        .first(|n| match graph.node(n).map(|n| &n.kind) {
            Some(Kind::Handoff(_) | Kind::Action(_)) => !begin.contains(&n),
            Some(Kind::Subflow(call)) => subject.callees.get(&call.flow).is_none_or(|callee| callee.person),
            _ => false,
        })
        .is_some()
}
