//! `intent-without-examples`

use flow_conditions::say;
use flow_model::tree::escape;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// An intent without examples.
    /// ## Why it matters
    /// Turns without an intent are matched by the examples, and exported bots learn from them.
    /// ## Instead
    /// Add what customers really say.
    /// ## Example
    /// `"cancel": { "title": "Changes their mind" }`
    pub(super) struct IntentWithoutExamples = "intent-without-examples", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (id, intent) in subject.flow.intents.iter().filter(|(id, _)| *id != "none") {
        if intent.examples.iter().all(|e| e.trim().is_empty()) {
            found.at(
                format!("/intents/{}", escape(id)),
                say!("The intent \"{id}\" has no examples: add what customers say.", id),
            );
        }
    }
}
