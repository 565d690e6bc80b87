//! `duplicate-guard`

use super::{Found, Subject, fix, repair};
use flow_conditions::say;

rule! {
    /// ## What it finds
    /// A guard that always comes out as an earlier one of the same list.
    /// ## Why it matters
    /// Only the first is ever taken: one of the two was copied and not changed.
    /// ## Instead
    /// Change one of them, or remove the later one: that is the fix that is offered.
    /// ## Example
    /// `intent == "cancel"` twice, to different cards.
    pub(super) struct DuplicateGuard = "duplicate-guard", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for list in subject.lists() {
        let mut told = vec![false; list.rows.len()];
        for (first, second) in &list.analysis(&subject.names).duplicates {
            let Some(row) = list.rows.get(*second).filter(|row| row.guard.is_sound()) else { continue };
            if std::mem::replace(&mut told[*second], true) {
                continue;
            }
            let message = say!(
                "`{when}` says the same as row {first}: change one, or remove this one.",
                when = row.when,
                first = first + 1
            );
            let problem = found.at(row.path.clone(), message);
            if let Some(diff) = repair::without_row(subject, list, *second) {
                fix(problem, say!("Remove the row"), diff);
            }
        }
    }
}
