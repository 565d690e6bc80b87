//! `context-missing-trigger-words`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A handoff whose context holds no words of the customer: no `transcript.…`, `text` or `trigger.text`.
    /// ## Why it matters
    /// The person has to ask again what was said already.
    /// ## Instead
    /// Add a field such as `transcript.last(5)`.
    /// ## Example
    /// A context with the intent alone.
    pub(super) struct ContextMissingTriggerWords = "context-missing-trigger-words", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(n) = &node.kind else { continue };
        if subject.flow.contexts.contains_key(&n.context)
            && !super::sends(subject, n, &["transcript.last", "transcript.all", "text", "trigger.text"])
        {
            let message = say!("The person does not get the customer's words: add a field such as transcript.last(5).");
            found.at(format!("{}/context", subject.path(number)), message);
        }
    }
}
