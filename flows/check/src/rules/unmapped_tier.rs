//! `unmapped-tier`

use flow_conditions::say;
use flow_model::flow::Kind;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A handoff to a tier that its target's `tiers` do not know, although they know others.
    /// ## Why it matters
    /// The request goes out without a group, and nobody looks there.
    /// ## Instead
    /// Add the tier's ids to the target, by names of `environments.json`.
    /// ## Example
    /// `tiers: { "tier1": … }` at the target, and a route to `tier2`.
    pub(super) struct UnmappedTier = "unmapped-tier", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(handoff) = &node.kind else { continue };
        let Some(target) = handoff.target.as_ref().and_then(|id| Some((id, subject.flow.targets.get(id)?))) else {
            continue;
        };
        let (id, setup) = target;
        if setup.tiers.is_empty() {
            continue;
        }
        for (place, tier) in super::tiers_of(subject, number, handoff) {
            if subject.flow.tiers.contains_key(tier) && setup.tiers.get(tier).is_none_or(|ids| ids.is_empty()) {
                let message = say!(
                    "{card} goes to {tier}, for which {id} has no ids: the request goes out without a group. Add it to the target's tiers.",
                    card = subject.title(number),
                    tier,
                    id
                );
                found.at(format!("{}{place}", subject.path(number)), message);
            }
        }
    }
}
