//! What Bot Framework Composer carries: adaptive dialogs with a full expression language, and the event `handoff.initiate`
//! with its answers `handoff.status`. Queue and clock it has none. Archived in 2025.

use crate::capabilities::{Capabilities, Carried, Feature, SHARED_EXAMPLE, hand, lost, native};

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
        Feature::Unclassified => lost(
            "numbers of cards and accounts (IBAN) are masked by their form, whatever their check digits; the rest is sent as it stands",
            "expressions find patterns, and calculate nothing of what they find",
        ),
        Feature::OwnWords => native("nothing: what the bot says is all the flow's"),
        Feature::LongValue => native("a value of the entity like any other"),
        Feature::Say => native("`SendActivity` with a template"),
        Feature::Ask => native("a dialog that sends the question, takes the next turn and counts the tries"),
        Feature::Intent => native("a regular expression of the root dialog's recognizer, and `.lu` for another one"),
        Feature::IntentUntaught => hand("an intent without patterns", "it is recognised once it has some"),
        Feature::EntitySlot | Feature::EntityAnywhere => hand(
            "an entity of a recognizer of your choice",
            "LUIS is retired; regular expressions find the listed values and those of the conversations",
        ),
        Feature::TextForm | Feature::Calculation | Feature::Score => native(EXPRESSION),
        Feature::FirstWords => native("`OnConversationUpdateActivity`"),
        Feature::Idle | Feature::IdleOver6 => lost("nothing", "adaptive dialogs have no clock"),
        Feature::Decide | Feature::ManyBranches | Feature::Route => native("`IfCondition`, in order"),
        Feature::Utterance => native("`contains`, `startsWith`, `endsWith` on the text of the turn"),
        Feature::Confidence | Feature::ConfidenceUnmatched => hand(
            "`turn.recognized.score`",
            "the regular expressions of the export always score 1; a recognizer that gives another score is yours",
        ),
        Feature::Sentiment | Feature::Mood => hand(
            "`turn.recognized.sentiment.score`, or what the data of the message tells (README)",
            "no recognizer of the export measures it; one that does is yours",
        ),
        Feature::Counter | Feature::Assign => native("`SetProperties`"),
        Feature::Signal => hand(
            "`channelData.handoff` of a message, which your channel adds (README)",
            "Composer does not know your systems",
        ),
        Feature::Trigger | Feature::TriggerScope | Feature::TriggerOnce => {
            native("a trigger of the root dialog with a condition and a priority, chosen by `FirstSelector`")
        }
        Feature::TriggerAccepted => native("a list of what `handoff.status` `accepted` or `completed` has spent"),
        Feature::Call => {
            hand("`HttpRequest`; its address is yours, in the settings", "the flow names the call and not its address")
        }
        Feature::CallLimit | Feature::CallLimitOver8 | Feature::CallLimitOver30 => {
            lost("no limit", "`HttpRequest` has neither a timeout nor a retry")
        }
        Feature::CallErrors => native("`IfCondition` on the answer; a service that is down answers 404"),
        Feature::Subflow => native("dialogs of its own; `conversation.at` has where each flow stands"),
        Feature::End => native("`conversation.where` is `end`; the next message begins anew"),
        Feature::Retention => lost("nothing", "no file of a bot says how long data is kept"),
        Feature::Payload => native("`SendHandoffActivity` with `dialog.handoff` as its context"),
        Feature::Transcript => hand(
            "`EditArray` into `conversation.transcript`: what the customer and the bot say",
            "what a person says goes past the dialogs; a middleware of yours can add it",
        ),
        Feature::PayloadFunction => {
            lost("`utcNow()` for the clock, nothing for the ranking", "the recognizer of the export gives one intent")
        }
        Feature::Redaction => hand(
            "expressions that mask the field and replace it in every other text, however it is written; a function of your own for a hash",
            "expressions have no keyed hash",
        ),
        Feature::Request => hand("the event `handoff.initiate`; your hub makes the request", HUB),
        Feature::Hours => {
            hand("open until `channelData.handoff.queue` says otherwise (README)", "Composer has no calendar")
        }
        Feature::QueueOpen | Feature::QueueWait => {
            hand("what `channelData.handoff.queue` tells (README); no seconds of waiting", NO_QUEUE)
        }
        Feature::Priority | Feature::Ticket | Feature::Callback | Feature::Join => hand(VALUE, HUB),
        Feature::Sent => native("`OnEventActivity` for `handoff.status`: `accepted`, `failed`; the bot waits for it"),
        Feature::HandBack => hand(
            "`OnEventActivity` for `handoff.status` `completed`; your hub adds outcome, note and slots",
            "the protocol knows `accepted`, `failed` and `completed`",
        ),
        Feature::WaitLimit | Feature::Closed => hand(
            "your hub sends `handoff.status` `failed` with a reason (README)",
            "adaptive dialogs have neither queue nor clock",
        ),
        Feature::Overflow => lost("looked at once, before `handoff.initiate`", NO_QUEUE),
        Feature::KeepPlace => lost("no request is made, or the place in the queue is given back", HUB),
        Feature::WaitingWords => lost("nothing", "adaptive dialogs have no clock"),
        Feature::WaitingTurns => lost("what the customer says goes to the hub", HUB),
        Feature::WaitingAnswer => lost("nothing", HUB),
        Feature::Copilot => lost("an ordinary handoff", HUB),
        Feature::Assist => lost("nothing", HUB),
    }
}
