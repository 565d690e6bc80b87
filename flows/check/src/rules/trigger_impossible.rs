//! `trigger-impossible`

use flow_conditions::say;
use flow_model::diff::Op;
use flow_model::tree::{escape, steps};

use super::{Found, Subject, fix};
use crate::analysis::triggers::Fate;

rule! {
    /// ## What it finds
    /// A trigger that nothing satisfies, with its reasons, or that acts at no card where a customer can be.
    /// ## Why it matters
    /// It never fires.
    /// ## Instead
    /// Correct `when`, `because` or `within`. One that nothing satisfies can be removed by the fix. A trigger acts where a customer's turn is waited for: at `listen` and `ask`.
    /// ## Example
    /// `within: ["greet"]`, where `greet` is a message.
    pub(super) struct TriggerImpossible = "trigger-impossible", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (fate, id) in subject.triggers().iter().zip(subject.flow.triggers.keys()) {
        let message = match fate {
            Fate::Impossible => {
                say!("\"{id}\" never fires: nothing satisfies its condition with its reasons. Correct them.", id)
            }
            Fate::Nowhere => say!(
                "\"{id}\" never fires: there is no card within reach where it acts and a customer's turn is waited for.",
                id
            ),
            Fate::Fires | Fate::Shadowed(_) => continue,
        };
        let path = format!("/triggers/{}", escape(id));
        let remove = vec![Op::Remove { path: steps(&path) }];
        let problem = found.at(path, message);
        // One that acts nowhere may wait for a card that is still to be drawn.
        if *fate == Fate::Impossible {
            fix(problem, say!("Remove the trigger"), remove);
        }
    }
}
