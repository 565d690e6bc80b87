//! What Bot Framework Composer carries: adaptive dialogs with a full expression language, and the event `handoff.initiate`
//! with its answers `handoff.status`. Queue and clock it has none. Archived in 2025.

use crate::capabilities::{Capabilities, Carried, Feature, OWN_WORDS, SHARED_EXAMPLE, code, hand, lost, native};

/// Bot Framework Composer.
pub const CAPABILITIES: Capabilities = Capabilities {
    id: "composer",
    title: "Bot Framework Composer",
    source: "sdk.schema of BotFramework-Composer 88ddc37e (2025-02-14); botbuilder-dialogs-adaptive 4.23.3-preview, run in Node",
    date: "2026-11-22",
    carries,
};

const EXPRESSION: &str = "an adaptive expression";
const HUB: &str = "once `handoff.initiate` is sent, the conversation is the hub's";
const NO_QUEUE: &str = "adaptive dialogs have no queue";
const VALUE: &str = "a key of the value of `handoff.initiate`; your hub acts on it";

fn carries(feature: Feature) -> Carried {
    match feature {
        Feature::SharedExample => SHARED_EXAMPLE,
        Feature::OwnWords => OWN_WORDS,
        Feature::LongValue => native("a value of the entity like any other"),
        Feature::Say => native("`SendActivity` with a template"),
        Feature::Ask => native("`TextInput` and its kin with `maxTurnCount`"),
        Feature::Intent => native("an intent of the recognizer"),
        Feature::IntentUntaught => hand("an intent without patterns", "it is recognised once it has some"),
        Feature::EntitySlot | Feature::EntityAnywhere => hand(
            "an entity of a recognizer of your choice",
            "LUIS is retired, and a pattern has to be written by someone",
        ),
        Feature::TextForm | Feature::Calculation | Feature::Score => native(EXPRESSION),
        Feature::FirstWords => native("`OnConversationUpdateActivity`"),
        Feature::Idle | Feature::IdleOver6 => lost("nothing", "adaptive dialogs have no clock"),
        Feature::Decide | Feature::ManyBranches | Feature::Route => native("`IfCondition`, in order"),
        Feature::Utterance => native("`contains(turn.activity.text, …)`"),
        Feature::Confidence | Feature::ConfidenceUnmatched => hand(
            "`turn.recognized.score`",
            "the regular expressions of the export always score 1; a recognizer that gives another score is yours",
        ),
        Feature::Sentiment | Feature::Mood => {
            hand("a property of `turn.recognized`", "no recognizer of the export measures it; one that does is yours")
        }
        Feature::Counter | Feature::Assign => native("`SetProperties`"),
        Feature::Signal => {
            hand("a property of `user`, set by your channel or by `HttpRequest`", "Composer does not know your systems")
        }
        Feature::Trigger | Feature::TriggerScope | Feature::TriggerOnce => {
            native("a trigger of the root dialog with a condition and a priority, chosen by `FirstSelector`")
        }
        Feature::TriggerAccepted => native("a property set by `handoff.status` `accepted`"),
        Feature::Call => hand("`HttpRequest`; its address is yours", "the flow names the call and not its address"),
        Feature::CallLimit | Feature::CallLimitOver8 | Feature::CallLimitOver30 => {
            lost("no limit", "`HttpRequest` has neither a timeout nor a retry")
        }
        Feature::CallErrors => native("a `SwitchCondition` on the answer; a service that is down answers 404"),
        Feature::Subflow => native("`BeginDialog`"),
        Feature::End => native("`EndDialog`"),
        Feature::Retention => lost("nothing", "no file of a bot says how long data is kept"),
        Feature::Payload => native("`SendHandoffActivity` with `dialog.handoff` as its context"),
        Feature::Transcript => code(
            "`EditArray` into `conversation.transcript` for the customer's side; the whole needs a middleware",
            "no scope of memory holds the transcript",
        ),
        Feature::PayloadFunction => lost("nothing for the ranking", "the recognizer of the export gives one intent"),
        Feature::Redaction => {
            hand("an expression that masks; a function of your own for a hash", "expressions have no keyed hash")
        }
        Feature::Request => hand("the event `handoff.initiate`; your hub makes the request", HUB),
        Feature::Hours => hand("`HttpRequest` to your contact centre", "Composer has no calendar"),
        Feature::QueueOpen | Feature::QueueWait => hand("`HttpRequest` to your contact centre", NO_QUEUE),
        Feature::Priority | Feature::Ticket | Feature::Callback | Feature::Join => hand(VALUE, HUB),
        Feature::Sent => native("`OnEventActivity` for `handoff.status`: `accepted`, `failed`"),
        Feature::HandBack => hand(
            "`OnEventActivity` for `handoff.status` `completed`; your hub adds outcome, note and slots",
            "the protocol knows `accepted`, `failed` and `completed`",
        ),
        Feature::WaitLimit | Feature::Closed => {
            hand("your hub sends `handoff.status` `failed`", "adaptive dialogs have neither queue nor clock")
        }
        Feature::Overflow => lost("looked at once, before `handoff.initiate`", NO_QUEUE),
        Feature::KeepPlace => lost("the place in the queue is given back", HUB),
        Feature::WaitingWords => lost("nothing", "adaptive dialogs have no clock"),
        Feature::WaitingTurns => lost("what the customer says goes to the hub", HUB),
        Feature::WaitingAnswer => lost("nothing", HUB),
        Feature::Copilot => lost("an ordinary handoff", HUB),
        Feature::Assist => lost("nothing", HUB),
    }
}
