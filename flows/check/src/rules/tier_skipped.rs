//! `tier-skipped`

use flow_conditions::say;
use flow_model::flow::{Kind, Tier};

use super::{Found, Subject};
use crate::analysis::graph::Way;

rule! {
    /// ## What it finds
    /// An `escalated` that leaves out a tier: the document's order of `tiers` is the climb. A tier is not counted as left
    /// out where its skills have nothing in common with those of the tier that is climbed to.
    /// ## Why it matters
    /// The dearest people get what the next ones could have solved.
    /// ## Instead
    /// Escalate to the next tier, or put the tiers into the order of the climb.
    /// ## Example
    /// From the first of three tiers straight to the third.
    pub(super) struct TierSkipped = "tier-skipped", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for edge in subject.graph.edges.iter().filter(|e| e.way == Way::Escalated && subject.reach().has(e.from)) {
        let (from, to) = (places(subject, edge.from), places(subject, edge.to));
        let Some((highest, lowest)) = from.into_iter().max().zip(to.into_iter().min()) else { continue };
        if let Some(skipped) = skipped(subject, highest, lowest) {
            let message = say!(
                "From {card} the climb goes to {card_2} and leaves out the tier {skipped}: escalate to it first, or change the order of tiers.",
                card = subject.title(edge.from),
                card_2 = subject.title(edge.to),
                skipped
            );
            found.at(format!("{}/{}", subject.path(edge.from), edge.path), message);
        }
    }
}

/// The places of a handoff's tiers in the climb.
fn places(subject: &Subject<'_>, node: usize) -> Vec<usize> {
    let Some(Kind::Handoff(handoff)) = subject.graph.node(node).map(|n| &n.kind) else { return Vec::new() };
    let tiers = super::tiers_of(subject, node, handoff);
    tiers.iter().filter_map(|(_, tier)| subject.flow.tiers.get_index_of(*tier)).collect()
}

/// The first tier between two places that could have done the work.
fn skipped<'a>(subject: &Subject<'a>, from: usize, to: usize) -> Option<&'a str> {
    let (_, goal) = subject.flow.tiers.get_index(to)?;
    let apart = |tier: &Tier| {
        !tier.skills.is_empty() && !goal.skills.is_empty() && tier.skills.iter().all(|s| !goal.skills.contains(s))
    };
    let between = (from + 1..to).filter_map(|place| subject.flow.tiers.get_index(place));
    between.into_iter().find(|(_, tier)| !apart(tier)).map(|(id, _)| id.as_str())
}
