//! What Rasa Open Source 3.6 carries. Its rules know no numbers, no confidence and no "or" over slots; a paused bot hears
//! nothing, says nothing and has no clock; it has no queue, no calendar and no contact centre.

use crate::capabilities::{
    Capabilities, Carried, Feature, OWN_WORDS, SHARED_EXAMPLE, UNCLASSIFIED, code, hand, lost, native,
};

/// Rasa Open Source 3.6.
pub const CAPABILITIES: Capabilities = Capabilities {
    id: "rasa",
    title: "Rasa Open Source 3.6",
    source: "Rasa 3.6.21 itself: projects validated, trained, served and driven over REST",
    date: "2026-11-22",
    carries,
};

const NO_QUEUE: &str = "Rasa has no queue";
const RULES: &str = "Rasa's rules know neither numbers nor \"or\"";
const POLICY: &str = "the policy module `actions/policy.py`";
const METADATA: &str = "the metadata of each message, which your channel adds (README)";
const ONCE: &str = "looked at once, when the handoff is reached";

fn carries(feature: Feature) -> Carried {
    match feature {
        Feature::SharedExample => SHARED_EXAMPLE,
        Feature::OwnWords => OWN_WORDS,
        Feature::Unclassified => UNCLASSIFIED,
        Feature::LongValue => native("a value of the entity like any other"),
        Feature::Say => native("a message of the bot"),
        Feature::Intent => native("an intent with its examples in data/nlu.yml"),
        Feature::Ask | Feature::Assign | Feature::Subflow => code(POLICY, "the whole flow is walked by one action"),
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
        | Feature::Route => code(POLICY, RULES),
        Feature::TextForm => code(POLICY, "Rasa's responses have no fallback and no form for a slot"),
        Feature::Sentiment | Feature::Mood => hand(METADATA, "Rasa Open Source measures no mood"),
        Feature::Signal => hand(METADATA, "Rasa has no such source"),
        Feature::IntentUntaught => {
            lost("declared, but never recognised", "an intent without examples cannot be learned")
        }
        Feature::EntityAnywhere => native("the entities of each message"),
        Feature::EntitySlot => hand(
            "the entity is declared; give data/nlu.yml examples of it and config.yml an extractor",
            "the flow has no examples of it to learn from",
        ),
        Feature::Retention => lost("nothing", "Rasa's tracker store has no expiry by kind of data"),
        Feature::Hours => code("the same calendar in the policy, by the action server's clock", "Rasa has no calendar"),
        Feature::Request => hand(
            "one message of type `handoff` with the payload; your connector makes the request",
            "Rasa has no contact centre",
        ),
        Feature::QueueOpen | Feature::QueueWait => {
            hand("the figures that the metadata of the last message gave", NO_QUEUE)
        }
        Feature::FirstWords => lost("said before the first answer", "Rasa's channels speak only when spoken to"),
        Feature::Idle | Feature::IdleOver6 => lost("nothing", "Rasa has no clock"),
        Feature::Call => hand(
            "a function in actions/calls.py to be filled in; until then the call counts as done",
            "Rasa does not know your systems",
        ),
        Feature::CallLimit | Feature::CallLimitOver8 | Feature::CallLimitOver30 | Feature::CallErrors => {
            code("kept around the function in actions/calls.py", "Rasa's actions have neither limits nor error codes")
        }
        Feature::End => lost("the customer's next message starts the flow anew", "Rasa never ends a conversation"),
        Feature::Payload => {
            code("a message of type `handoff` with the payload, then the pause", "Rasa has no handoff of its own")
        }
        Feature::Transcript | Feature::Redaction | Feature::Priority | Feature::Ticket | Feature::Callback => {
            code("kept by the policy and sent in the message of type `handoff`", "Rasa has no handoff of its own")
        }
        Feature::PayloadFunction => lost("nothing", "the policy has no clock and no ranking"),
        Feature::Sent => hand(
            "a function in actions/calls.py to be filled in; until then the request counts as sent",
            "Rasa does not know your contact centre",
        ),
        Feature::WaitLimit => {
            hand("`max_wait` in the request; your connector hands back with {\"clock\": seconds}", "Rasa has no clock")
        }
        Feature::HandBack => {
            lost("done with the customer's next message", "a conversation that is resumed waits for a message")
        }
        Feature::Copilot => {
            lost("the bot is paused while the person has the conversation", "a paused bot sees no message")
        }
        Feature::Assist => lost("nothing", "a paused bot suggests nothing"),
        Feature::Join => hand("`join` in the request", "your connector joins people"),
        Feature::WaitingWords => lost("nothing", "a paused bot says nothing and has no clock"),
        Feature::WaitingTurns => lost("the conversation stays paused", "a paused bot hears nothing"),
        Feature::WaitingAnswer => lost("nothing", "a paused bot says nothing"),
        Feature::KeepPlace => {
            hand("the request goes out and the bot goes on; your connector pauses it when a person accepts", NO_QUEUE)
        }
        Feature::Overflow | Feature::Closed => lost(ONCE, NO_QUEUE),
    }
}
