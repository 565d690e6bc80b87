//! What a flow uses that a platform does not say natively: as problems before an export, as losses of one.

use flow_check::Levels;
use flow_conditions::said::{Part, Said};
use flow_conditions::say;
use flow_model::flow::Flow;
use flow_model::problem::{Problem, Severity};
use flow_model::tree::Json;
use indexmap::IndexSet;

use crate::bundle::Loss;
use crate::capabilities::{Capabilities, How};
use crate::uses::{Use, shared_between, uses};

const fn code(how: How) -> Option<(&'static str, Severity)> {
    match how {
        How::Native => None,
        How::Code => Some(("not-native", Severity::Info)),
        How::Hand => Some(("by-hand", Severity::Info)),
        How::Lost => Some(("lost-on-platform", Severity::Warning)),
    }
}

/// What a platform does not carry natively of a flow, half-drawn ones too, in the order of its document (`tree`). The
/// `checks` of the document and of its nodes and triggers choose the severities.
#[must_use]
pub fn findings(flow: &Flow, tree: &Json, platform: &Capabilities) -> Vec<Problem> {
    let levels = Levels::of(flow);
    let mut found: Vec<Problem> = uses(flow)
        .into_iter()
        .filter_map(|used| {
            let carried = (platform.carries)(used.feature);
            let (code, usual) = code(carried.how)?;
            let (title, meant) = (platform.title, unstopped(used.meant));
            let (written, why) = (Said::phrase(carried.written), Said::phrase(carried.why));
            let message = match carried.how {
                How::Native | How::Code => say!(
                    "{title} has no words of its own for this: {meant}. Written: {written}. Why: {why}.",
                    title,
                    meant,
                    written,
                    why
                ),
                How::Hand => say!(
                    "{title} needs you for this: {meant}. Written: {written}. Why: {why}.",
                    title,
                    meant,
                    written,
                    why
                ),
                How::Lost => say!(
                    "{title} cannot carry this as it is meant: {meant}. Written: {written}. Why: {why}.",
                    title,
                    meant,
                    written,
                    why
                ),
            };
            let mut problem = Problem::new(code, usual, used.path, message);
            problem.node = used.node;
            levels.settle(&mut problem).then_some(problem)
        })
        .collect();
    flow_check::arrange(tree, &mut found);
    found
}

/// A piece of a sentence whose last words may be somebody's own, with a stop of their own.
fn unstopped(mut said: Said) -> Said {
    let words = said.words;
    let last = said.parts.iter_mut().find(|(name, _)| words.ends_with(&format!("{{{name}}}")));
    if let Some((_, Part::Text(text))) = last {
        text.truncate(text.trim_end_matches('.').len());
    }
    said
}

/// What an export to a platform does not carry of a flow and of those that it calls.
#[must_use]
pub fn losses_of(flows: &[(&str, &Flow)], platform: &Capabilities) -> Vec<Loss> {
    let between = shared_between(flows);
    let of = |(i, (id, flow)): (usize, &(&str, &Flow))| {
        let prefix = if i == 0 { String::new() } else { format!("{id}/") };
        let also = between.iter().filter(|(of, _)| *of == i).map(|(_, used)| used.clone());
        lost(uses(flow).into_iter().chain(also), &prefix, platform)
    };
    let all: IndexSet<Loss> = flows.iter().enumerate().flat_map(of).collect();
    all.into_iter().collect()
}

/// What an export to a platform does not carry as meant, or leaves to you. `prefix` stands before the nodes of a subflow.
#[must_use]
pub fn losses(flow: &Flow, prefix: &str, platform: &Capabilities) -> Vec<Loss> {
    lost(uses(flow), prefix, platform)
}

fn lost(used: impl IntoIterator<Item = Use>, prefix: &str, platform: &Capabilities) -> Vec<Loss> {
    let mut losses: IndexSet<Loss> = IndexSet::new();
    for used in used {
        let carried = (platform.carries)(used.feature);
        if matches!(carried.how, How::Native | How::Code) {
            continue;
        }
        let node = used.node.filter(|_| !used.feature.is_everywhere()).map(|node| format!("{prefix}{node}"));
        let (written, why) = (Said::phrase(carried.written), Said::phrase(carried.why));
        let loss = Loss { node, meant: used.meant, written, why };
        losses.insert(loss);
    }
    losses.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_chooses_how_bad_it_is_that_a_platform_cannot_carry_it() {
        let text = r#"{"format":"handoff-flow/1","id":"f","checks":{"by-hand":"off","not-native":"off"},"nodes":{
            "start":{"kind":"start","next":"a"},
            "a":{"kind":"listen","branches":[],"else":"b","idle":[{"after":30,"say":"Hm?"}],"checks":OWN},
            "b":{"kind":"end","outcome":"done"}}}"#;
        let found = |own: &str| {
            let document = flow_model::document::read(&text.replace("OWN", own)).unwrap();
            let idle = |platform: &&&Capabilities| {
                let of = findings(&document.flow, &document.tree, platform);
                of.into_iter().find(|problem| problem.path.contains("idle")).map(|problem| problem.severity)
            };
            crate::CAPABILITIES.iter().filter_map(|platform| idle(&platform)).collect::<Vec<_>>()
        };
        assert!(found("{}").contains(&Severity::Warning));
        assert!(found(r#"{"lost-on-platform":{"severity":"off","why":"Known."}}"#).is_empty());
        assert!(found(r#"{"lost-on-platform":"error"}"#).contains(&Severity::Error));
    }
}
