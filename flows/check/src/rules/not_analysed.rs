//! `not-analysed`

use super::{Found, Subject};
use crate::analysis::triggers;
use flow_conditions::say;

rule! {
    /// ## What it finds
    /// A condition that compares two names or calculates with names; and a flow with so many ways that they were not all
    /// followed apart.
    /// ## Why it matters
    /// It is evaluated exactly, but nothing is claimed about it: a gap or a branch that is never taken could hide there.
    /// ## Instead
    /// Nothing, if it must be so. A constant of the flow is not such a name: `queue.wait > const.patience` is analysed.
    /// ## Example
    /// `queue.tier1.wait > queue.tier2.wait`
    pub(super) struct NotAnalysed = "not-analysed", Info, after_ways;
}

/// Why nothing is claimed about a condition with faults: those are told as such.
const FAULTY: &str = "it has faults";

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for list in subject.lists() {
        if list.analysis(&subject.names).too_big {
            let message = say!("Not everything is claimed about these rows: together they are too large to analyse.");
            found.at(list.node_path.clone(), message);
        }
        for (i, why) in list.analysis(&subject.names).not_analysed.iter().filter(|(_, why)| why.words != FAULTY) {
            if let Some(row) = list.rows.get(*i).filter(|row| row.guard.is_sound()) {
                found.at(
                    format!("{}/when", row.path),
                    say!("Nothing is claimed about `{when}`: {why}.", when = row.when, why = *why),
                );
            }
        }
    }
    for (path, why, when) in triggers::not_analysed(subject).into_iter().filter(|(_, why, _)| why.words != FAULTY) {
        found.at(path, say!("Nothing is claimed about `{when}`: {why}.", when, why));
    }
    if subject.ways().bounded() {
        let message = say!(
            "Values were followed along many ways, and not along all of them apart: more cards than are shown may be out of reach."
        );
        found.at("/nodes", message);
    }
}
