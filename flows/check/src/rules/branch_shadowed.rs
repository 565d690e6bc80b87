//! `branch-shadowed`

use super::{Found, Subject, fix, repair};
use flow_conditions::said::Said;
use flow_conditions::say;

rule! {
    /// ## What it finds
    /// A guard that could hold, but only where an earlier one of the same list holds too.
    /// ## Why it matters
    /// The first that holds is taken, so this one never is.
    /// ## Instead
    /// Move it up, or make the earlier ones narrower. Removing it changes nothing about what the flow does, and is the
    /// fix that is offered.
    /// ## Example
    /// `confidence < 0.8`, then `confidence < 0.5`.
    pub(super) struct BranchShadowed = "branch-shadowed", Error;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for list in subject.lists() {
        let analysis = list.analysis(&subject.names);
        for (i, by) in analysis.shadowed.iter().zip(&analysis.shadowed_by) {
            let Some(row) = list.rows.get(*i).filter(|row| row.guard.is_sound()) else { continue };
            let rows = Said::joined(by.iter().map(|n| say!("row {n}", n = n + 1)), super::and);
            let rows = rows.unwrap_or_else(|| Said::as_it_is(""));
            let message = if by.len() > 1 {
                say!(
                    "`{when}` is never taken: {rows} take all of its cases. Move it up, or remove it.",
                    when = row.when,
                    rows
                )
            } else {
                say!(
                    "`{when}` is never taken: {rows} takes all of its cases. Move it up, or remove it.",
                    when = row.when,
                    rows
                )
            };
            let problem = found.at(row.path.clone(), message);
            if let Some(diff) = repair::without_row(subject, list, *i) {
                fix(problem, say!("Remove the row"), diff);
            }
        }
    }
}
