//! What a flow uses that a platform does not say natively: as problems before an export, as losses of one.

use flow_model::flow::Flow;
use flow_model::problem::{Problem, Severity};
use flow_model::tree::Json;
use indexmap::IndexSet;

use crate::bundle::Loss;
use crate::capabilities::{Capabilities, How};
use crate::uses::uses;

const fn code(how: How) -> Option<(&'static str, Severity)> {
    match how {
        How::Native => None,
        How::Code => Some(("not-native", Severity::Info)),
        How::Hand => Some(("by-hand", Severity::Info)),
        How::Lost => Some(("lost-on-platform", Severity::Warning)),
    }
}

/// The severity of a code in this document; `None` is off.
fn chosen(flow: &Flow, code: &str, usual: Severity) -> Option<Severity> {
    match flow.checks.get(code).map(String::as_str) {
        Some("off") => None,
        chosen => Some(chosen.and_then(Severity::from_id).unwrap_or(usual)),
    }
}

/// What a platform does not carry natively of a flow, half-drawn ones too, in the order of its document (`tree`). The
/// document's `checks` choose the severities.
#[must_use]
pub fn findings(flow: &Flow, tree: &Json, platform: &Capabilities) -> Vec<Problem> {
    let mut found: Vec<Problem> = uses(flow)
        .into_iter()
        .filter_map(|used| {
            let carried = (platform.carries)(used.feature);
            let (code, usual) = code(carried.how)?;
            let severity = chosen(flow, code, usual)?;
            let lead = match carried.how {
                How::Native | How::Code => "has no words of its own for this",
                How::Hand => "needs you for this",
                How::Lost => "cannot carry this as it is meant",
            };
            let (title, meant) = (platform.title, used.meant.trim_end_matches('.'));
            let message = format!("{title} {lead}: {meant}. Written: {}. Why: {}.", carried.written, carried.why);
            let mut problem = Problem::new(code, severity, used.path, message);
            problem.node = used.node;
            Some(problem)
        })
        .collect();
    flow_check::arrange(tree, &mut found);
    found
}

/// What an export to a platform does not carry as meant, or leaves to you. `prefix` stands before the nodes of a subflow.
#[must_use]
pub fn losses(flow: &Flow, prefix: &str, platform: &Capabilities) -> Vec<Loss> {
    let mut losses: IndexSet<Loss> = IndexSet::new();
    for used in uses(flow) {
        let carried = (platform.carries)(used.feature);
        if matches!(carried.how, How::Native | How::Code) {
            continue;
        }
        let node = used.node.filter(|_| !used.feature.is_everywhere()).map(|node| format!("{prefix}{node}"));
        let loss = Loss { node, meant: used.meant, written: carried.written.to_owned(), why: carried.why.to_owned() };
        losses.insert(loss);
    }
    losses.into_iter().collect()
}
