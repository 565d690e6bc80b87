//! `branch-gap`

use flow_conditions::ast::Expr;
use flow_conditions::regions::{Satisfiable, Witness, satisfiable};
use flow_conditions::say;
use flow_model::names::Reach;

use super::{Found, Subject};
use crate::analysis::lists::{self, List, What};
use crate::analysis::triggers;

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
        let Some(gap) = &analysis.gap else { continue };
        let quiet = untaken(subject, list);
        let case = quiet.as_ref().unwrap_or(gap);
        let message = if list.rows.is_empty() {
            say!("There is no branch and no else: a run that comes here ends with an error. Draw else.")
        } else {
            say!("No branch takes {case}: draw else, or add a branch.", case = super::case_in_words(case))
        };
        found.at(list.node_path.clone(), message).witness = Some(lists::witness(case));
    }
}

/// A case that no trigger takes before the branches are looked at, where there is one: it can be seen to happen.
fn untaken(subject: &Subject<'_>, list: &List<'_>) -> Option<Witness> {
    let acting: Vec<_> = subject.graph.triggers_at(list.node).collect();
    if acting.is_empty() {
        return None;
    }
    let guards = acting.into_iter().filter_map(|number| Some(subject.flow.triggers.get_index(number)?.1));
    let guards = guards.map(|trigger| triggers::guard(subject, trigger)).filter(|guard| guard.is_sound());
    let rows = list.rows.iter().map(|row| row.guard.expr.clone());
    let denied = rows.chain(guards.map(|guard| guard.expr.clone())).map(Expr::denied);
    match satisfiable(&Expr::all(denied.collect()), &subject.names.scope(Reach::Plain)) {
        Satisfiable::Yes(case) => Some(case),
        Satisfiable::No | Satisfiable::Unknown(_) => None,
    }
}
