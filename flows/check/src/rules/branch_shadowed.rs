//! `branch-shadowed`

use flow_model::diff::Op;
use flow_model::tree::steps;

use super::{Found, Subject, fix};
use crate::analysis::lists::What;

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
            let earlier: Vec<String> = by.iter().map(|n| format!("row {}", n + 1)).collect();
            let message = format!(
                "`{}` is never taken: {} {} all of its cases. Move it up, or remove it.",
                row.when,
                earlier.join(" and "),
                if earlier.len() > 1 { "take" } else { "takes" }
            );
            let problem = found.at(row.path.clone(), message);
            // The names of reasons count branches, so only the last one can go without renaming any.
            if *i + 1 == list.rows.len() && (list.what == What::Routes || !named(subject, list.node)) {
                fix(problem, "Remove the row", vec![Op::Remove { path: steps(&row.path) }]);
            }
        }
    }
}

/// Whether some handoff names an edge of this node.
fn named(subject: &Subject<'_>, node: usize) -> bool {
    let prefix = format!("{}.", subject.graph.id(node));
    subject.flow.nodes.values().any(|n| match &n.kind {
        flow_model::flow::Kind::Handoff(h) => h.reasons.keys().any(|edge| edge.starts_with(&prefix)),
        _ => false,
    })
}
