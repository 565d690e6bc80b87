//! `else-unreachable`

use super::{Found, Subject, fix, repair};
use crate::analysis::lists::What;
use flow_conditions::say;

rule! {
    /// ## What it finds
    /// An `else` behind branches that take everything.
    /// ## Why it matters
    /// It is never taken. As a safeguard for later changes it does no harm: this is for your information.
    /// ## Instead
    /// Keep it as a safeguard, or remove it.
    /// ## Example
    /// `nlu.ok` and `!nlu.ok`, and an `else`.
    pub(super) struct ElseUnreachable = "else-unreachable", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for list in subject.lists().iter().filter(|l| l.what == (What::Branches { has_else: true })) {
        if !list.rows.is_empty() && list.analysis(&subject.names).covered {
            let message = say!("The branches take every case: else is never taken.");
            let problem = found.at(format!("{}/else", list.node_path), message);
            fix(problem, say!("Remove else"), repair::without_else(subject, list));
        }
    }
}
