//! `silent-handoff`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A handoff that tells the customer nothing.
    /// ## Why it matters
    /// The AI falls silent, and nobody says that a person is coming, or what that person will see.
    /// ## Instead
    /// Write `say`; `{told}` is what the person will see, in the customer's words.
    /// ## Example
    /// A transfer without `say`.
    pub(super) struct SilentHandoff = "silent-handoff", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(n) = &node.kind else { continue };
        if n.mode.waits() && n.say.as_deref().is_none_or(|say| say.trim().is_empty()) {
            found.at(subject.path(number), say!("The customer is told nothing: write say."));
        }
    }
}
