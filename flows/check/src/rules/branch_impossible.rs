//! `branch-impossible`

use super::{Found, Subject, fix, repair};
use flow_conditions::say;

rule! {
    /// ## What it finds
    /// A guard that nothing satisfies, judged alone: in branches, routes, overflow and turns.
    /// ## Why it matters
    /// What stands behind it never happens.
    /// ## Instead
    /// Correct the guard; often `||` is meant where `&&` stands. The fix removes the row, which changes nothing about
    /// what the flow does.
    /// ## Example
    /// `confidence < 0.3 && confidence > 0.7`
    pub(super) struct BranchImpossible = "branch-impossible", Error;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for list in subject.lists() {
        let analysis = list.analysis(&subject.names);
        for i in &analysis.impossible {
            if let Some(row) = list.rows.get(*i).filter(|row| row.guard.is_sound()) {
                let message = say!("Nothing satisfies `{when}`: correct it, or remove the row.", when = row.when);
                let problem = found.at(row.path.clone(), message);
                if let Some(diff) = repair::without_row(subject, list, *i) {
                    fix(problem, say!("Remove the row"), diff);
                }
            }
        }
    }
}
