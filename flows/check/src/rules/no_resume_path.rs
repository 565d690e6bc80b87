//! `no-resume-path`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A handoff whose person cannot hand back to the AI: `resumed` is not drawn.
    /// ## Why it matters
    /// The person keeps the conversation, whatever they do.
    /// ## Instead
    /// Draw `resumed` to where the AI goes on.
    /// ## Example
    /// A copilot handoff with `resolved` alone.
    pub(super) struct NoResumePath = "no-resume-path", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(n) = &node.kind else { continue };
        if n.mode.waits() && n.resumed.is_none() {
            found.at(subject.path(number), say!("The person cannot hand back: draw resumed."));
        }
    }
}
