//! `slo-unreachable`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};
use crate::analysis::time;

rule! {
    /// ## What it finds
    /// A handoff where more seconds can have passed since the customer asked than its tier promises to answer within:
    /// waits of earlier handoffs and time limits of actions. Customer turns, silent or not, and time with a person cost nothing.
    /// ## Why it matters
    /// The promise is broken before the queue is even joined.
    /// ## Instead
    /// Shorten `max_wait` or `time_limit` on the way, go to that tier at once, or promise less.
    /// ## Example
    /// `timeout` after 900 seconds to a tier with `answer_within` 60.
    pub(super) struct SloUnreachable = "slo-unreachable", Warning, after_ways;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let most = time::longest(&subject.graph, &|e| subject.ways().takes(e));
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(handoff) = &node.kind else { continue };
        if !handoff.mode.waits() || !subject.feasible().has(number) {
            continue;
        }
        for (place, tier) in super::tiers_of(subject, number, handoff) {
            let promised = subject.flow.tiers.get(tier).and_then(|t| t.answer_within);
            if let Some(promised) = promised.filter(|promised| most[number].seconds > promised.to_f64()) {
                let message = say!(
                    "Up to {seconds} seconds can pass before {card} joins the queue of {tier}, which promises an answer within {promised}.",
                    seconds = most[number].seconds,
                    card = subject.named(number),
                    tier,
                    promised
                );
                let way = time::way(&most, number).map(|way| {
                    let first = subject.ways().shown(subject.reach(), way[0]);
                    subject.ids(&[first.as_slice(), &way[1..]].concat())
                });
                found.at(format!("{}{place}", subject.path(number)), message).path_to_it = way;
            }
        }
    }
}
