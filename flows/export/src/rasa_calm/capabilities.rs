//! What Rasa CALM carries: flows with numeric conditions over slots, understood by a language model. Queue, clock and contact
//! centre it has none; `pattern_human_handoff` as shipped hands over to nobody.

use crate::capabilities::{Capabilities, Carried, Feature, OWN_WORDS, SHARED_EXAMPLE, code, hand, lost, native};

/// Rasa CALM.
pub const CAPABILITIES: Capabilities = Capabilities {
    id: "rasa-calm",
    title: "Rasa CALM",
    source: "rasa-pro 3.21.0: its flow schema, its loader, its validators and its conditions, called as a library",
    date: "2026-11-22",
    carries,
};

const ACTION: &str = "a custom action";
const SLOTS: &str = "conditions see slots and the context alone";
const NO_QUEUE: &str = "Rasa has no queue";
const CHANNEL: &str = "a slot that a custom action fills from the metadata of the message";

fn carries(feature: Feature) -> Carried {
    match feature {
        Feature::SharedExample => SHARED_EXAMPLE,
        Feature::OwnWords => OWN_WORDS,
        Feature::LongValue => native("a value of the entity like any other"),
        Feature::Say => native("a response"),
        Feature::Ask => native("`collect`, with `rejections`; a custom action counts the attempts"),
        Feature::Intent => native("`nlu_trigger`, with `NLUCommandAdapter` in the pipeline"),
        Feature::IntentUntaught => hand("an intent without examples", "it is recognised once it has some"),
        Feature::EntitySlot | Feature::EntityAnywhere => native("a slot that the language model fills"),
        Feature::TextForm => {
            code("a custom action that writes the text", "responses have no fallback and no form for a slot")
        }
        Feature::FirstWords => lost("said before the first answer", "Rasa's channels speak only when spoken to"),
        Feature::Idle | Feature::IdleOver6 => lost("nothing", "flows have no clock"),
        Feature::Decide | Feature::ManyBranches | Feature::Route => {
            native("`next` with conditions, each slot guarded by `is not null`")
        }
        Feature::Calculation => code(ACTION, "conditions have no arithmetic"),
        Feature::Utterance => code("a custom action that puts the message into a slot", SLOTS),
        Feature::Confidence | Feature::ConfidenceUnmatched => code(
            "a custom action that puts the confidence into a slot",
            "`confidence_threshold` is a lower bound, and conditions see no confidence",
        ),
        Feature::Sentiment | Feature::Mood => hand(CHANNEL, "Rasa measures no mood"),
        Feature::Counter | Feature::Score => code("a custom action that counts in slots", "flows do not calculate"),
        Feature::Signal => hand(CHANNEL, "Rasa does not know your systems"),
        Feature::Trigger | Feature::TriggerScope | Feature::TriggerOnce => code(
            "a custom action that decides on every message, and a flow guarded by its slot",
            "a flow starts by intent or description; a condition that acts from anywhere there is not",
        ),
        Feature::TriggerAccepted => {
            hand("a slot that your connector sets", "Rasa is not told whether a person accepted")
        }
        Feature::Assign => code("`set_slots` for fixed values, else a custom action", "`set_slots` calculates nothing"),
        Feature::Call => hand("a custom action to be filled in", "Rasa does not know your systems"),
        Feature::CallLimit | Feature::CallLimitOver8 | Feature::CallLimitOver30 | Feature::CallErrors => code(
            "kept in the custom action, which puts the result into a slot",
            "a step has neither a limit nor error codes",
        ),
        Feature::Subflow => native("`call`"),
        Feature::End => native("`END`; the customer's next message may start another flow"),
        Feature::Retention => lost("nothing", "Rasa's tracker store has no expiry by kind of data"),
        Feature::Payload => code(
            "a flow `pattern_human_handoff` of its own with a custom action that sends the payload",
            "the shipped pattern hands over to nobody",
        ),
        Feature::Transcript | Feature::PayloadFunction | Feature::Redaction => {
            code("the custom action that sends the payload", "no slot holds it")
        }
        Feature::Priority | Feature::Ticket | Feature::Callback | Feature::Join => {
            hand("a key of the payload; your connector acts on it", "Rasa has no contact centre")
        }
        Feature::Request => hand("the payload; your connector makes the request", "Rasa has no contact centre"),
        Feature::Hours => hand("a custom action that asks your contact centre", "Rasa has no calendar"),
        Feature::QueueOpen | Feature::QueueWait => hand("a custom action that asks your contact centre", NO_QUEUE),
        Feature::Sent => lost("taken as sent", "Rasa does not wait for it"),
        Feature::WaitLimit => hand("your connector hands back after `max_wait`", "flows have no clock"),
        Feature::HandBack => {
            lost("done with the customer's next message", "a conversation that is resumed waits for a message")
        }
        Feature::Overflow | Feature::Closed => lost("looked at once, when the handoff is reached", NO_QUEUE),
        Feature::KeepPlace => {
            hand("the request goes out and the bot goes on; your connector pauses it when a person accepts", NO_QUEUE)
        }
        Feature::WaitingWords => lost("nothing", "a paused bot says nothing, and flows have no clock"),
        Feature::WaitingTurns => lost("the conversation stays paused", "a paused bot hears nothing"),
        Feature::WaitingAnswer => lost("nothing", "a paused bot says nothing"),
        Feature::Copilot => {
            lost("the bot is paused while the person has the conversation", "a paused bot sees no message")
        }
        Feature::Assist => lost("nothing", "a paused bot suggests nothing"),
    }
}
