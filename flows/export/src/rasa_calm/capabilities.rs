//! What Rasa CALM carries. Its flows know numbers, but see slots alone, and a slot without a value makes a comparison fail;
//! the flow is decided by the same policy module as for Rasa Open Source, on an action server of the same kind. Queue,
//! clock and contact centre it has none; `pattern_human_handoff` as shipped hands over to nobody.

use crate::capabilities::{Capabilities, Carried, Feature, code, hand, native};

/// Rasa CALM.
pub const CAPABILITIES: Capabilities = Capabilities {
    id: "rasa-calm",
    title: "Rasa CALM",
    source: "rasa-pro 3.21.0: its flow schema, its loader, its validators and its conditions, called as a library; nothing \
             was trained or served, which needs a licence",
    date: "2026-11-23",
    carries,
};

const POLICY: &str = "the policy module `actions/policy.py`";
const SLOTS: &str = "conditions of flows see slots alone, and no step calculates";
const METADATA: &str = "the metadata of each message, which your channel adds (README)";

fn carries(feature: Feature) -> Carried {
    match feature {
        Feature::Intent => native("an intent with its examples and an `nlu_trigger`"),
        Feature::Decide
        | Feature::ManyBranches
        | Feature::Calculation
        | Feature::Utterance
        | Feature::Confidence
        | Feature::ConfidenceUnmatched
        | Feature::Counter
        | Feature::Score
        | Feature::Trigger
        | Feature::TriggerScope
        | Feature::TriggerOnce
        | Feature::TriggerAccepted
        | Feature::Route => code(POLICY, SLOTS),
        Feature::TextForm => code(POLICY, "responses have no fallback and no form for a slot"),
        Feature::Sentiment | Feature::Mood => hand(METADATA, "Rasa measures no mood"),
        Feature::Payload => code(
            "a flow `pattern_human_handoff` of its own, whose action sends a message of type `handoff` and pauses",
            "the shipped pattern hands over to nobody",
        ),
        // The rest is the action server's, which is the same.
        other => (crate::rasa::CAPABILITIES.carries)(other),
    }
}
