//! `handoff-without-timeout`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A handoff that lets the customer wait (transfer or copilot) without a way on when nobody picks up.
    /// ## Why it matters
    /// The customer waits without end.
    /// ## Instead
    /// Draw the timeout edge to a card that says what happens next, and set `max_wait`.
    /// ## Example
    /// A transfer with `max_wait` 900 and no `timeout`.
    pub(super) struct HandoffWithoutTimeout = "handoff-without-timeout", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(n) = &node.kind else { continue };
        if n.mode.waits() && n.timeout.is_none() {
            found.at(subject.path(number), say!("Nobody picks up, and the customer waits without end: draw timeout."));
        }
    }
}
