//! `intent-unheard`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A called flow whose conditions ask for an intent that this flow does not declare.
    /// ## Why it matters
    /// What a run hears are the intents of the flow that is run; any other counts as `none`, wherever the run is. The
    /// condition never holds, although it is right where it stands.
    /// ## Instead
    /// Declare the intent in this flow, too.
    /// ## Example
    /// The called flow has `intent == "lost_card"`, and the `intents` of this one are `fee` and `cancel`.
    pub(super) struct IntentUnheard = "intent-unheard", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Subflow(call) = &node.kind else { continue };
        let Some(callee) = subject.callees.get(&call.flow).filter(|_| subject.reach().has(number)) else { continue };
        let unheard = callee.intents.iter().filter(|intent| !subject.flow.intents.contains_key(intent.as_str()));
        let unheard: Vec<&str> = unheard.map(String::as_str).collect();
        if !unheard.is_empty() {
            let message = say!(
                "{call} asks for {intents}, which this flow does not declare: when it is called from here, that never comes. Declare it here, too.",
                call = call.flow,
                intents = unheard.join(", ")
            );
            found.at(format!("{}/flow", subject.path(number)), message);
        }
    }
}
