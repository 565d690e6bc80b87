//! `handoff-without-closed`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A handoff to a queue (transfer or copilot) without a way on when the tier is closed.
    /// ## Why it matters
    /// Outside its hours the customer is left without a word.
    /// ## Instead
    /// Draw the closed edge: to a ticket, a callback, or a card that names the hours.
    /// ## Example
    /// A transfer to a tier with hours and no `closed`.
    pub(super) struct HandoffWithoutClosed = "handoff-without-closed", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(n) = &node.kind else { continue };
        if n.mode.waits() && n.closed.is_none() {
            found.at(
                subject.path(number),
                say!("The tier may be closed, and then the customer is left without a word: draw closed."),
            );
        }
    }
}
