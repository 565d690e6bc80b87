//! `prior-actions-missing`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A flow that calls back ends, and a handoff whose context does not tell what was tried.
    /// ## Why it matters
    /// The person tries it again, in front of a customer who has seen it fail.
    /// ## Instead
    /// Add a field with `actions()`.
    /// ## Example
    /// An action that leads to a handoff by `error`, and a context with the intent alone.
    pub(super) struct PriorActionsMissing = "prior-actions-missing", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    if !subject.flow.nodes.values().any(|n| matches!(n.kind, Kind::Action(_))) {
        return;
    }
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(n) = &node.kind else { continue };
        if subject.flow.contexts.contains_key(&n.context) && !super::sends(subject, n, &["actions"]) {
            let message = say!("The person is not told what the AI tried: add a field with actions().");
            found.at(format!("{}/context", subject.path(number)), message);
        }
    }
}
