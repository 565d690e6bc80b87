//! What Copilot Studio carries: topics in YAML with Power Fx, and the transfer to a person as its last step. Neither the score
//! of an intent nor a sentiment can be read in a topic.

use crate::capabilities::{Capabilities, Carried, Feature, OWN_WORDS, SHARED_EXAMPLE, code, hand, lost, native};

/// Copilot Studio.
pub const CAPABILITIES: Capabilities = Capabilities {
    id: "copilot-studio",
    title: "Copilot Studio",
    source: "bot.schema.yaml-authoring.json of microsoft/skills-for-copilot-studio 5c1cc83d (2026-04-16); templates and samples \
             of Microsoft validated against it",
    date: "2026-11-22",
    carries,
};

const FORMULA: &str = "a Power Fx formula";
const HUB: &str = "after `TransferConversationV2` the conversation is the hub's";
const NO_QUEUE: &str = "Copilot Studio has no queue";
const VARIABLE: &str = "a variable that a call of yours sets";

fn carries(feature: Feature) -> Carried {
    match feature {
        Feature::SharedExample => SHARED_EXAMPLE,
        Feature::OwnWords => OWN_WORDS,
        Feature::LongValue => native("a value of the entity like any other"),
        Feature::Say => native("`SendActivity`"),
        Feature::Ask => native("`Question` with its limit of tries"),
        Feature::Intent => native("`OnRecognizedIntent` with its phrases"),
        Feature::IntentUntaught => hand("a topic without phrases", "it is recognised once it has some"),
        Feature::EntitySlot | Feature::EntityAnywhere => {
            hand("an entity to be given values or a pattern", "the flow has no examples of it to learn from")
        }
        Feature::TextForm | Feature::Calculation | Feature::Score | Feature::Utterance => native(FORMULA),
        Feature::FirstWords => native("`OnConversationStart`"),
        Feature::Idle | Feature::IdleOver6 => native("`OnInactivity` with `durationInSeconds`"),
        Feature::Decide | Feature::ManyBranches | Feature::Route => native("`ConditionGroup`, in order"),
        Feature::Confidence | Feature::ConfidenceUnmatched => {
            lost(VARIABLE, "no score of the intent can be read in a topic")
        }
        Feature::Sentiment | Feature::Mood => lost(VARIABLE, "no sentiment can be read in a topic"),
        Feature::Counter | Feature::Assign => native("`SetVariable`"),
        Feature::Signal => hand(
            "a variable that `HttpRequestAction` or your channel sets",
            "Copilot Studio does not know your systems",
        ),
        Feature::Trigger => native("a trigger with a condition and a priority"),
        Feature::TriggerScope => {
            code("a global variable that names the node, in the trigger's condition", "a trigger acts everywhere")
        }
        Feature::TriggerOnce => native("`runOnce`"),
        Feature::TriggerAccepted => lost("spent when it fires", HUB),
        Feature::Call => {
            hand("`HttpRequestAction`; its address is yours", "the flow names the call and not its address")
        }
        Feature::CallLimit | Feature::CallLimitOver8 | Feature::CallLimitOver30 => {
            native("`requestTimeoutInMilliseconds`")
        }
        Feature::CallErrors => native("`errorHandling` and a condition on the answer"),
        Feature::Subflow => native("`BeginDialog` of another topic"),
        Feature::End => native("`EndConversation`"),
        Feature::Retention => lost("nothing", "no file of an agent says how long data is kept"),
        Feature::Payload => native("`TransferToAgent` with `messageToAgent` and the variables as its context"),
        Feature::Transcript => native("`AutomaticTransferContext`"),
        Feature::PayloadFunction => lost("nothing for the ranking", "no ranking of intents can be read in a topic"),
        Feature::Redaction => lost(
            "the field is masked by a formula; the transcript goes over as it is",
            "`AutomaticTransferContext` passes on everything",
        ),
        Feature::Request => {
            hand("the hub that is chosen in the agent's settings", "a topic does not name the contact centre")
        }
        Feature::Hours => hand("`HttpRequestAction` to your contact centre", "Copilot Studio has no calendar"),
        Feature::QueueOpen | Feature::QueueWait => hand("`HttpRequestAction` to your contact centre", NO_QUEUE),
        Feature::Priority | Feature::Join => hand("a variable of the context; your hub acts on it", HUB),
        Feature::Ticket | Feature::Callback => {
            hand("`HttpRequestAction` to your contact centre", "the transfer is always a conversation")
        }
        Feature::Sent => hand("the answer of the `HttpRequestAction`", "the transfer is always a conversation"),
        Feature::WaitLimit | Feature::Closed => lost("nothing", HUB),
        Feature::Overflow => lost("looked at once, before the transfer", NO_QUEUE),
        Feature::KeepPlace => lost("the place in the queue is given back", HUB),
        Feature::WaitingWords | Feature::WaitingAnswer => lost("nothing", HUB),
        Feature::WaitingTurns => lost("what the customer says goes to the hub", HUB),
        Feature::HandBack => lost("nothing: the conversation ends with the transfer", HUB),
        Feature::Copilot => lost("an ordinary transfer", HUB),
        Feature::Assist => lost("nothing", HUB),
    }
}
