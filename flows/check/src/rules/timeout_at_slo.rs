//! `timeout-at-slo`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A handoff that gives up before its tier's promise is due.
    /// ## Why it matters
    /// Customers are sent on who would have been answered in time.
    /// ## Instead
    /// Let `max_wait` be at least `answer_within`.
    /// ## Example
    /// `max_wait` 60 at a tier with `answer_within` 300.
    pub(super) struct TimeoutAtSlo = "timeout-at-slo", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(n) = &node.kind else { continue };
        let promised = subject.flow.tiers.get(&n.tier).and_then(|t| t.answer_within);
        if let (true, Some(wait), Some(promised)) = (n.mode.waits(), n.max_wait, promised)
            && wait < promised
        {
            let message = say!(
                "The wait ends after {wait} seconds, and {tier} promises an answer within {promised}.",
                wait,
                tier = n.tier,
                promised
            );
            found.at(format!("{}/max_wait", subject.path(number)), message);
        }
    }
}
