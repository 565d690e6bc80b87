//! `trigger-impossible`

use flow_model::tree::escape;

use super::{Found, Subject};
use crate::analysis::triggers::Fate;

rule! {
    /// ## What it finds
    /// A trigger that nothing satisfies, with its reasons, or that acts at no card where a customer can be.
    /// ## Why it matters
    /// It never fires.
    /// ## Instead
    /// Correct `when`, `because` or `within`. A trigger acts where a customer's turn is waited for: at `listen` and `ask`.
    /// ## Example
    /// `within: ["greet"]`, where `greet` is a message.
    pub(super) struct TriggerImpossible = "trigger-impossible", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (fate, id) in subject.triggers().iter().zip(subject.flow.triggers.keys()) {
        let message = match fate {
            Fate::Impossible => {
                format!("\"{id}\" never fires: nothing satisfies its condition with its reasons. Correct them.")
            }
            Fate::Nowhere => format!(
                "\"{id}\" never fires: there is no card within reach where it acts and a customer's turn is waited for."
            ),
            Fate::Fires | Fate::Shadowed(_) => continue,
        };
        found.at(format!("/triggers/{}", escape(id)), message);
    }
}
