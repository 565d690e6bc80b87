//! `overflow-loop`

use flow_conditions::ast::Expr;
use flow_conditions::say;
use flow_model::flow::{Handoff, Kind};
use flow_model::names::Role;

use super::{Found, Subject};
use crate::analysis::graph::Way;
use crate::analysis::onward::{Onward, hubs};

rule! {
    /// ## What it finds
    /// A row of `overflow` without `keep_place` that leads back to the same queue, past a question at most, and would send
    /// the customer away again: it looks only at what coming back does not change (the queue, priorities, declared
    /// signals and constants). A way through the card where conversations begin is a new matter and does not count.
    /// ## Why it matters
    /// Who answers "I will wait" is sent away again, for ever.
    /// ## Instead
    /// Keep the place, or remember the answer in a slot and let the row look at it.
    /// ## Example
    /// `queue.wait > 300` leads to "Wait or ticket?", and "wait" leads back to the handoff.
    pub(super) struct OverflowLoop = "overflow-loop", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let mut hub = None;
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(handoff) = &node.kind else { continue };
        if handoff.overflow.is_empty() || !handoff.mode.waits() || !subject.reach().has(number) {
            continue;
        }
        let hub = hub.get_or_insert_with(|| hubs(subject));
        for (place, edge) in subject.graph.leaving(number).filter(|(n, _)| !subject.dead()[*n]) {
            let Way::Overflow(i) = edge.way else { continue };
            let Some(row) = handoff.overflow.get(i) else { continue };
            if row.keep_place || !stays(subject, handoff, i) || Onward::of(subject, edge.to).has(number) {
                continue;
            }
            let may = |e: &crate::analysis::graph::Edge<'_>| {
                !hub.contains(&e.from) && !matches!(e.node.kind, Kind::Handoff(_) | Kind::Subflow(_))
            };
            let ahead = Onward::through(subject, edge.to, &may);
            if ahead.has(number) {
                let way = subject.titles(&ahead.way(number));
                let message = say!(
                    "Who is sent away here comes back to the same queue ({way}) and is sent away again: keep the place, or let the row look at a slot.",
                    way
                );
                found.at(format!("{}/{}", subject.path(number), subject.graph.edges[place].path), message);
            }
        }
    }
}

/// Whether a row and those before it look only at what coming back does not change.
fn stays(subject: &Subject<'_>, handoff: &Handoff, row: usize) -> bool {
    let fixed = |expr: &Expr| {
        expr.names().iter().all(|(name, _)| {
            subject.names.get(name).is_some_and(|n| match n.role {
                Role::RowPriority => handoff.routes.iter().all(|route| route.priority.is_none()),
                Role::Declared(_) | Role::Constant(_) | Role::CustomerId | Role::Channel => true,
                Role::RowWait | Role::RowOpen | Role::RowAvailable | Role::RowPosition => true,
                Role::QueueWait(_) | Role::QueueOpen(_) | Role::QueueAvailable(_) | Role::QueuePosition(_) => true,
                _ => false,
            })
        })
    };
    let rows = handoff.overflow.iter().take(row + 1).map(|r| subject.book.condition(&r.when));
    rows.into_iter().all(|guard| guard.is_sound() && fixed(&guard.expr))
}
