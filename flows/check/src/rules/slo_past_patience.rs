//! `slo-past-patience`

use flow_conditions::say;
use flow_model::tree::escape;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// A tier that promises an answer later than its customers are willing to wait.
    /// ## Why it matters
    /// The promise can be kept while half of the customers have left.
    /// ## Instead
    /// Promise less than their patience, or offer a callback before.
    /// ## Example
    /// `patience` 120 with `answer_within` 300.
    pub(super) struct SloPastPatience = "slo-past-patience", Info;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (id, tier) in &subject.flow.tiers {
        if let (Some(patience), Some(promised)) = (tier.patience, tier.answer_within)
            && promised > patience
        {
            let message = say!(
                "Customers wait {patience} seconds on average, and the promise is {promised}: many leave before.",
                patience,
                promised
            );
            found.at(format!("/tiers/{}/slo", escape(id)), message);
        }
    }
}
