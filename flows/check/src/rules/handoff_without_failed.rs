//! `handoff-without-failed`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A handoff without a way on when the request fails.
    /// ## Why it matters
    /// The contact centre's interface can be down; the customer is left without a word.
    /// ## Instead
    /// Draw the failed edge to a card with another way to a person.
    /// ## Example
    /// A ticket without `failed`.
    pub(super) struct HandoffWithoutFailed = "handoff-without-failed", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(n) = &node.kind else { continue };
        if n.failed.is_none() {
            found.at(
                subject.path(number),
                say!("The request may fail, and then the customer is left without a word: draw failed."),
            );
        }
    }
}
