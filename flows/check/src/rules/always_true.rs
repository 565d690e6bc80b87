//! `always-true`

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A guard that always holds.
    /// ## Why it matters
    /// What stands below it is never looked at, and a reader takes it for a condition.
    /// ## Instead
    /// Lead `else` there, or correct the guard; often `&&` is meant where `||` stands.
    /// ## Example
    /// `nlu.ok || !nlu.ok`
    pub(super) struct AlwaysTrue = "always-true", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for list in subject.lists() {
        for i in &list.analysis(&subject.names).always {
            if let Some(row) = list.rows.get(*i).filter(|row| row.guard.is_sound()) {
                found.at(row.path.clone(), format!("`{}` always holds: nothing below it is looked at.", row.when));
            }
        }
    }
}
