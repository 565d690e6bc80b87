//! `trigger-spent-without-person`

use flow_conditions::say;
use flow_model::flow::{Kind, Once};
use flow_model::tree::escape;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A trigger to a handoff that is spent when it fires (`"once": true`), whether a person came or not.
    /// ## Why it matters
    /// A customer who was sent back because the desk was closed cannot ask by it again.
    /// ## Instead
    /// `"once": "accepted"`: spent only when a person accepted.
    /// ## Example
    /// `"once": true` on a trigger for customers who ask for a person.
    pub(super) struct TriggerSpentWithoutPerson = "trigger-spent-without-person", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (id, trigger) in &subject.flow.triggers {
        let handoff = subject.flow.nodes.get(&trigger.to).is_some_and(|n| matches!(n.kind, Kind::Handoff(_)));
        if trigger.once == Once::Fired && handoff {
            let message = say!("\"{id}\" is spent even where nobody comes: write \"once\": \"accepted\".", id);
            found.at(format!("/triggers/{}/once", escape(id)), message);
        }
    }
}
