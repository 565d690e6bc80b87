//! What Copilot Studio carries: topics in YAML with Power Fx, and the transfer to a person as its last step. Neither the score
//! of an intent nor a sentiment can be read in a topic, and it has neither queue nor calendar; what a client tells with a
//! message can be read.

use crate::capabilities::{Capabilities, Carried, Feature, OWN_WORDS, SHARED_EXAMPLE, code, hand, lost, native};

/// Copilot Studio.
pub const CAPABILITIES: Capabilities = Capabilities {
    id: "copilot-studio",
    title: "Copilot Studio",
    source: "bot.schema.yaml-authoring.json of microsoft/skills-for-copilot-studio 5c1cc83d (2026-04-16); templates and samples \
             of Microsoft validated against it; workspaces of microsoft/vscode-copilotstudio 4cc4c30a (2026-08-21)",
    date: "2026-11-23",
    carries,
};

const FORMULA: &str = "a Power Fx formula";
const HUB: &str = "after `TransferConversationV2` the conversation is the hub's";
const NO_QUEUE: &str = "Copilot Studio has no queue";
const TOLD: &str = "a variable that your client tells with each message, as its channel data (README)";
const NUMBERS: &str = "whether a topic counts exactly or in binary fractions, the documents of Power Fx do not say";
const ADDRESS: &str = "`HttpRequestAction` to an address of yours";

fn carries(feature: Feature) -> Carried {
    match feature {
        Feature::SharedExample => SHARED_EXAMPLE,
        Feature::OwnWords => OWN_WORDS,
        Feature::Unclassified => {
            lost("all of it is sent as it stands", "formulas of Power Fx replace texts, and topics have no recogniser")
        }
        Feature::LongValue => native("a value of the entity like any other"),
        Feature::Say => native("`SendActivity`"),
        Feature::Ask => native("`Question` with one try, in a topic that counts the tries"),
        Feature::Intent => native("`OnRecognizedIntent` with its phrases"),
        Feature::IntentUntaught => hand("a topic without phrases", "it is recognised once it has some"),
        Feature::EntitySlot => hand(
            "an entity that takes every answer until you give it a pattern",
            "the flow has no examples of it to learn from",
        ),
        Feature::EntityAnywhere => hand(
            "filled by the question that asks for it; in any other turn by what your client finds and tells (README)",
            "a topic looks for an entity only where a question asks for it",
        ),
        Feature::TextForm | Feature::Utterance => native(FORMULA),
        Feature::Calculation | Feature::Score => lost(FORMULA, NUMBERS),
        Feature::FirstWords => native("`OnConversationStart`"),
        Feature::Idle | Feature::IdleOver6 => lost(
            "`OnInactivity` with its seconds, counted from the last message",
            "the platform's clock does not start where a card is entered",
        ),
        Feature::Decide | Feature::ManyBranches | Feature::Route => native("`ConditionGroup`, in order"),
        Feature::Confidence | Feature::ConfidenceUnmatched => {
            hand(TOLD, "no score of the intent can be read in a topic")
        }
        Feature::Sentiment | Feature::Mood => hand(TOLD, "no sentiment can be read in a topic"),
        Feature::Counter | Feature::Assign => native("`SetVariable`"),
        Feature::Signal => hand(TOLD, "Copilot Studio does not know your systems"),
        Feature::Trigger => native("a condition in the topic `EveryTurn`, in order"),
        Feature::TriggerScope => {
            code("a variable that names the card, in the trigger's condition", "a trigger acts everywhere")
        }
        Feature::TriggerOnce => native("a variable, set when it fires"),
        Feature::TriggerAccepted => code(
            "a variable, set when a ticket or a callback arrives; after a transfer the bot decides nothing any more",
            "a topic is not told whether a person accepted",
        ),
        Feature::Call => hand(ADDRESS, "the flow names the call and not its address"),
        Feature::CallLimit | Feature::CallLimitOver8 | Feature::CallLimitOver30 => lost(
            "`requestTimeoutInMilliseconds`; on at `timeout` where the answer's status is 408 or 504, else at `error`",
            "the documents do not say what status a request has that took too long",
        ),
        Feature::CallErrors => native("`ContinueOnErrorBehavior` and a condition on the answer"),
        Feature::Subflow => native("`BeginDialog` of another topic"),
        Feature::End => native("`EndConversation`"),
        Feature::Retention => lost("nothing", "no file of an agent says how long data is kept"),
        Feature::Payload => native("variables of the topic that transfers, and `messageToAgent`"),
        Feature::Transcript => lost(
            "with a transfer the platform's own transcript; nothing with a ticket or a callback",
            "no variable of a topic holds what was said",
        ),
        Feature::PayloadFunction => {
            lost("the time as a formula; nothing for the ranking", "no ranking of intents can be read in a topic")
        }
        Feature::Redaction => lost(
            "masked by a formula, and what is hashed, dropped or blocked is not sent; the transcript goes over as it is",
            "the hub reads the conversation itself, and Power Fx has no keyed hash",
        ),
        Feature::Request => {
            hand("the hub that is chosen in the agent's settings", "a topic does not name the contact centre")
        }
        Feature::Hours => hand(TOLD, "Copilot Studio has no calendar"),
        Feature::QueueOpen | Feature::QueueWait => hand(TOLD, NO_QUEUE),
        Feature::Priority | Feature::Join => hand("a variable of the transfer; your hub acts on it", HUB),
        Feature::Ticket | Feature::Callback => hand(ADDRESS, "the transfer is always a conversation"),
        Feature::Sent => hand("the answer of your address", "the transfer is always a conversation"),
        Feature::WaitLimit => lost("a variable of the transfer", HUB),
        Feature::Closed => lost("nothing", HUB),
        Feature::Overflow => lost("looked at once, before the transfer", NO_QUEUE),
        Feature::KeepPlace => lost("the bot goes on and nothing was requested", HUB),
        Feature::WaitingWords | Feature::WaitingAnswer => lost("nothing", HUB),
        Feature::WaitingTurns => lost("what the customer says goes to the hub", HUB),
        Feature::HandBack => lost("nothing: the bot's part ends with the transfer", HUB),
        Feature::Copilot => lost("an ordinary transfer", HUB),
        Feature::Assist => lost("nothing", HUB),
    }
}
