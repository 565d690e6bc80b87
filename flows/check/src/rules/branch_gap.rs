//! `branch-gap`

use super::{Found, Subject};
use crate::analysis::lists::{self, What};

rule! {
    /// ## What it finds
    /// A `listen` or `decision` without `else`, and a case that none of its branches takes.
    /// ## Why it matters
    /// A run that comes there with such a case ends with an error.
    /// ## Instead
    /// Draw `else`, or add a branch for the case that is shown. Unset counts: `!(x > 3)` holds for an unset `x`,
    /// `x <= 3` does not.
    /// ## Example
    /// `confidence < 0.8` and `confidence >= 0.8` leave out the turn that has no confidence.
    pub(super) struct BranchGap = "branch-gap", Error;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for list in subject.lists().iter().filter(|l| l.what == (What::Branches { has_else: false }) && l.is_sound()) {
        let analysis = list.analysis(&subject.names);
        let Some(case) = &analysis.gap else { continue };
        let message = if list.rows.is_empty() {
            "There is no branch and no else: a run that comes here ends with an error. Draw else.".to_owned()
        } else {
            format!("No branch takes {}: draw else, or add a branch.", super::case_in_words(case))
        };
        found.at(list.node_path.clone(), message).witness = Some(lists::witness(case));
    }
}
