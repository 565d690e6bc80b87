//! What Amazon Lex V2 carries. Its conditions compare a slot or attribute with a constant, four branches at most; confidence
//! and sentiment stand only in the event that its Lambda function gets. It has no handoff: whoever runs the bot, such as
//! Amazon Connect, reads the session's attributes.

use crate::capabilities::{Capabilities, Carried, Feature, code, hand, lost, native};

/// Amazon Lex V2.
pub const CAPABILITIES: Capabilities = Capabilities {
    id: "amazon-lex",
    title: "Amazon Lex V2",
    source: "docs.aws.amazon.com/lexv2/latest/dg: paths-branching, lambda-input-format, import-export-format; the shapes of \
             botocore 1.44.5; 6 exported bots",
    date: "2026-11-22",
    carries,
};

const LAMBDA: &str = "the bot's Lambda function";
const NO_QUEUE: &str = "Lex has no queue and no wait";
const OUTSIDE: &str = "Lex has no handoff: the contact centre that runs the bot takes over";
const ATTRIBUTE: &str = "a session attribute that the contact centre reads";

fn carries(feature: Feature) -> Carried {
    match feature {
        Feature::Say => native("a message group (1,000 characters)"),
        Feature::Ask => native("a slot with its prompt, `maxRetries` and `failureNextStep`"),
        Feature::Intent => native("an intent with its sample utterances"),
        Feature::IntentUntaught => hand("an intent without sample utterances", "it is recognised once it has some"),
        Feature::EntitySlot => hand("a slot type to be given values", "the flow has no examples of it to learn from"),
        Feature::TextForm => code(LAMBDA, "messages put values in and have neither fallback nor form"),
        Feature::FirstWords => hand(
            "the initial response of the first intent; whoever runs the bot starts it",
            "Lex speaks only when spoken to",
        ),
        Feature::Idle => lost("nothing", "Lex ends a silent session and says nothing"),
        Feature::Decide | Feature::Route => native("conditional branches, each unset attribute guarded by `fn.IS_SET`"),
        Feature::ManyBranches => code(LAMBDA, "a conditional has four branches at most"),
        Feature::Calculation => code(LAMBDA, "conditions have no arithmetic, and a constant on the right"),
        Feature::Utterance => code(LAMBDA, "conditions compare the whole transcript and no part of it"),
        Feature::Confidence => code(
            "the bot's Lambda function reads `interpretations[0].nluConfidence`",
            "conditions see no confidence of the intent, only the threshold of the locale",
        ),
        Feature::Sentiment => hand(
            "the bot's Lambda function reads `sentimentResponse`: one of four labels with scores, made into -1 to 1",
            "sentiment detection is switched on at the alias, which is no part of the import",
        ),
        Feature::Mood => code(LAMBDA, "only the sentiment of this turn is known"),
        Feature::Counter => code(LAMBDA, "conditions have no arithmetic: a count is a ladder of up to three literals"),
        Feature::Signal => {
            hand("a session attribute, set by whoever starts the session", "Lex does not know your systems")
        }
        Feature::Score => code(LAMBDA, "conditions have no arithmetic"),
        Feature::Trigger | Feature::TriggerScope | Feature::TriggerOnce => {
            code(LAMBDA, "an intent is taken from anywhere; a condition that acts from anywhere there is not")
        }
        Feature::TriggerAccepted => {
            hand("a session attribute that the contact centre sets", "Lex is not told whether a person accepted")
        }
        Feature::Assign => code(LAMBDA, "a step sets attributes to fixed texts and calculates nothing"),
        Feature::Call => hand(
            "a code hook with an `invocationLabel`, to be filled in in the bot's Lambda function",
            "Lex does not know your systems",
        ),
        Feature::CallLimit | Feature::CallLimitOver8 => {
            code("a limit within the Lambda function", "a code hook's own timeout is that of the function")
        }
        Feature::CallLimitOver30 => lost("30 seconds", "a Lambda function of a bot ends after 30 seconds"),
        Feature::CallErrors => {
            code("the Lambda function sets the code as an attribute", "a code hook knows success, failure and timeout")
        }
        Feature::Subflow => {
            code("intents of the same bot, entered and left by the Lambda function", "Lex has no call stack")
        }
        Feature::End => native("`EndConversation`"),
        Feature::Retention => {
            lost("nothing", "the bot's files do not say how long data is kept; its session ends after a day at most")
        }
        Feature::Payload => code(
            "session attributes of text, then `Close` with the state `Failed`",
            "Lex has no handoff, and attributes hold nothing but texts",
        ),
        Feature::Transcript => code("the Lambda function gathers it turn by turn", "no attribute holds the transcript"),
        Feature::PayloadFunction => code(LAMBDA, "attributes hold nothing but texts"),
        Feature::Redaction => {
            code("the Lambda function masks before it sets the attribute", "attributes are passed on as they are")
        }
        Feature::Request => hand("session attributes; the contact centre makes the request", OUTSIDE),
        Feature::Hours => hand("the Lambda function asks your contact centre", "Lex has no calendar"),
        Feature::QueueOpen | Feature::QueueWait => hand("the Lambda function asks your contact centre", NO_QUEUE),
        Feature::Priority | Feature::Ticket | Feature::Callback | Feature::Join => hand(ATTRIBUTE, OUTSIDE),
        Feature::Sent => hand("the contact centre starts the bot again with an attribute", OUTSIDE),
        Feature::WaitLimit | Feature::Closed => {
            hand("the contact centre starts the bot again with an attribute", NO_QUEUE)
        }
        Feature::HandBack => hand(
            "the contact centre starts the bot again and passes the session's attributes back",
            "attributes are lost between two runs of the bot unless they are passed again",
        ),
        Feature::Overflow => lost("looked at once, before the handoff", NO_QUEUE),
        Feature::KeepPlace => lost("the place in the queue is given back", NO_QUEUE),
        Feature::WaitingWords | Feature::WaitingAnswer => lost("nothing", NO_QUEUE),
        Feature::WaitingTurns => lost("what the customer says goes to the contact centre", OUTSIDE),
        Feature::Copilot => lost("an ordinary handoff", OUTSIDE),
        Feature::Assist => lost("nothing", OUTSIDE),
    }
}
