//! `branch-overlap`

use flow_conditions::regions::meeting;
use flow_conditions::say;

use super::{Found, Subject};
use crate::analysis::lists;

rule! {
    /// ## What it finds
    /// Two guards of a list that can both hold and lead to different places.
    /// ## Why it matters
    /// The order decides, and moving a row changes what the flow does. Often that is meant: this is for your information.
    /// ## Instead
    /// Nothing, if the order is on purpose; else make one of them narrower.
    /// ## Example
    /// `confidence < 0.5` to one card, `intent == "cancel"` to another.
    pub(super) struct BranchOverlap = "branch-overlap", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for list in subject.lists() {
        let analysis = list.analysis(&subject.names);
        let scope = subject.names.scope(list.reach());
        for (later, b) in list.rows.iter().enumerate().filter(|(later, _)| !analysis.shadowed.contains(later)) {
            let elsewhere = |earlier: &usize| list.rows.get(*earlier).is_some_and(|a| a.to != b.to);
            let Some(first) = analysis.overlaps.with(later).find(elsewhere) else { continue };
            let Some(case) = meeting(&list.rows[first].guard.expr, &b.guard.expr, &scope) else { continue };
            let message = say!(
                "Row {first} holds too for {case}: the earlier one is taken.",
                first = first + 1,
                case = super::case_in_words(&case)
            );
            found.at(b.path.clone(), message).witness = Some(lists::witness(&case));
        }
    }
}
