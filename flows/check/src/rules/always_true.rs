//! `always-true`

use super::{Found, Subject, fix, repair};
use flow_conditions::say;

rule! {
    /// ## What it finds
    /// A guard that always holds.
    /// ## Why it matters
    /// What stands below it is never looked at, and a reader takes it for a condition.
    /// ## Instead
    /// Lead `else` there, or correct the guard; often `&&` is meant where `||` stands. The fix makes the last branch of
    /// a list its `else`.
    /// ## Example
    /// `nlu.ok || !nlu.ok`
    pub(super) struct AlwaysTrue = "always-true", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for list in subject.lists() {
        let analysis = list.analysis(&subject.names);
        for i in &analysis.always {
            let Some(row) = list.rows.get(*i).filter(|row| row.guard.is_sound()) else { continue };
            let problem = found
                .at(row.path.clone(), say!("`{when}` always holds: nothing below it is looked at.", when = row.when));
            let last = *i + 1 == list.rows.len() && !analysis.shadowed.contains(i);
            if let Some(diff) = repair::last_as_else(subject, list).filter(|_| last) {
                fix(problem, say!("Make it the else"), diff);
            }
        }
    }
}
