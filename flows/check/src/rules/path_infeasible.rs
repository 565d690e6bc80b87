//! `path-infeasible`

use super::{Found, Subject};
use flow_conditions::say;

rule! {
    /// ## What it finds
    /// A card that edges lead to, but no values: every way there takes a branch that nothing satisfies, that earlier
    /// ones leave nothing, or that contradicts what was asked on the way since the customer's turn.
    /// ## Why it matters
    /// It looks drawn, and no customer ever gets there.
    /// ## Instead
    /// Correct the guards on the way, or remove the card.
    /// ## Example
    /// Behind `confidence < 0.5` a decision with `confidence > 0.8`.
    pub(super) struct PathInfeasible = "path-infeasible", Warning, after_ways;
}

/// Cards of the way that the message names.
const MOST_SHOWN: usize = 8;

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, id, _) in subject.nodes() {
        if subject.reach().has(number) && !subject.feasible().has(number) {
            // Words for a way of thousands of cards would be read by nobody.
            let (tail, whole) = subject.reach().tail(number, MOST_SHOWN);
            let way = subject.ids(&tail).join(" → ");
            let before = if whole { "" } else { "… → " };
            let message = say!(
                "Edges lead to \"{id}\", but no values do: the guards on the way ({before}{way}) cannot all hold.",
                id,
                before,
                way
            );
            found.at(subject.path(number), message);
        }
    }
}
