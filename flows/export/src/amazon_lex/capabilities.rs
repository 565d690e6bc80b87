//! What Amazon Lex V2 carries. Its conditions compare a slot or attribute with a constant, four branches at most; confidence
//! and sentiment stand only in the event that its Lambda function gets. It has no handoff: whoever runs the bot, such as
//! Amazon Connect, reads the session's attributes.

use flow_conditions::phrase;

use super::decided::Words;
use crate::capabilities::{
    Capabilities, Carried, Feature, OWN_WORDS, SHARED_EXAMPLE, UNCLASSIFIED, code, hand, lost, native,
};

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
const FLAG: &str = "a flag of the bot's Lambda function, asked by a branch";
const NO_QUEUE: &str = "Lex has no queue and no wait";
const OUTSIDE: &str = "Lex has no handoff: the contact centre that runs the bot takes over";
const ATTRIBUTE: &str = "a session attribute that the contact centre reads";
const TOLD: &str = "the contact centre tells it in the attribute `handoff_event` when it starts the bot again";

/// What the plan of a bot decides card by card.
pub const CARRIED: Words = Words {
    condition: native(phrase!("a conditional branch, each unset attribute guarded by `fn.IS_SET`")),
    flag: code(FLAG, phrase!("conditions compare a slot or attribute with a constant, texts without regard to case")),
    text: code(LAMBDA, phrase!("messages put attributes in and have neither fallback nor form")),
    sets: [
        native(phrase!("the step itself sets the attributes")),
        code(LAMBDA, phrase!("a step sets attributes to fixed texts and calculates nothing")),
    ],
    end: code(
        phrase!("the bot's Lambda function goes back to the caller, or finds what is still waited for"),
        phrase!("Lex has no call stack"),
    ),
};

fn carries(feature: Feature) -> Carried {
    match feature {
        Feature::SharedExample => SHARED_EXAMPLE,
        Feature::OwnWords => OWN_WORDS,
        Feature::Unclassified => UNCLASSIFIED,
        Feature::LongValue => lost("nothing", "a value of a slot type of Lex has 140 characters at the most"),
        Feature::Say => native(
            "messages of an intent (1,000 characters each); what the Lambda function says is four of them at most",
        ),
        Feature::Ask => {
            native("a slot with its prompt; what is not understood leads to the Lambda function, which counts")
        }
        Feature::Intent => native("an intent with its sample utterances"),
        Feature::IntentUntaught => hand("an intent without sample utterances", "it is recognised once it has some"),
        Feature::EntitySlot => hand("a slot type to be given values", "the flow has no examples of it to learn from"),
        Feature::EntityAnywhere => hand(
            "the slots of a recognised intent, and that of a question; any other in the request attribute `entities`, from a \
             recogniser of your own",
            "Lex looks for values in the words of the intent that it recognises, and where a question asks for them",
        ),
        Feature::TextForm => code(LAMBDA, "messages put values in and have neither fallback nor form"),
        Feature::FirstWords => hand(
            "said before the answer to the first turn, or when the channel starts the intent `welcome`",
            "Lex speaks only when spoken to",
        ),
        Feature::Idle | Feature::IdleOver6 => hand(TOLD, "Lex ends a silent session and says nothing"),
        Feature::Decide => native("conditional branches, each unset attribute guarded by `fn.IS_SET`"),
        Feature::Route => code(LAMBDA, "the tier is chosen where the request is made"),
        Feature::ManyBranches => native("further intents, four branches in each"),
        Feature::Calculation => code(FLAG, "conditions have no arithmetic, and a constant on the right"),
        Feature::Utterance => code(FLAG, "conditions compare the whole transcript and no part of it"),
        Feature::Confidence => code(
            "the bot's Lambda function reads `interpretations[0].nluConfidence`",
            "conditions see no confidence of the intent, only the threshold of the locale",
        ),
        Feature::ConfidenceUnmatched => code(
            "the bot's Lambda function takes that of the interpretation which came nearest",
            "`AMAZON.FallbackIntent` has no confidence of its own",
        ),
        Feature::Sentiment => hand(
            "the bot's Lambda function reads `sentimentResponse`: the score of POSITIVE less that of NEGATIVE",
            "sentiment detection is switched on at the alias: the template does it, an import by hand does not",
        ),
        Feature::Mood => hand(
            "the trend by the Lambda function; frustration from a request attribute of your channel",
            "only the sentiment of this turn is known",
        ),
        Feature::Counter => code(LAMBDA, "conditions have no arithmetic, and attributes are no numbers"),
        Feature::Signal => {
            hand("a session attribute `signal_…`, set by whoever starts the session", "Lex does not know your systems")
        }
        Feature::Score => code(LAMBDA, "conditions have no arithmetic"),
        Feature::Trigger | Feature::TriggerScope | Feature::TriggerOnce => {
            code(LAMBDA, "an intent is taken from anywhere; a condition that acts from anywhere there is not")
        }
        Feature::TriggerAccepted => hand(TOLD, "Lex is not told whether a person accepted"),
        Feature::Assign => code(
            "constants by the step itself, everything else by the bot's Lambda function",
            "a step sets attributes to fixed texts and calculates nothing",
        ),
        Feature::Call => hand(
            "a function in `lambda/calls.py` to be filled in, called where an intent asks the Lambda function",
            "Lex does not know your systems",
        ),
        Feature::CallLimit | Feature::CallLimitOver8 => {
            code("a limit within the Lambda function", "a code hook's own timeout is that of the function")
        }
        Feature::CallLimitOver30 => lost(
            "the Lambda function gives the call up after 28 seconds",
            "a Lambda function of a bot ends after 30 seconds, and has to answer before",
        ),
        Feature::CallErrors => code(
            "the Lambda function names the port, a branch leads on",
            "a code hook knows success, failure and timeout",
        ),
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
        Feature::PayloadFunction => lost("nothing", "the policy has no clock and no ranking"),
        Feature::Redaction => {
            code("the Lambda function masks before it sets the attribute", "attributes are passed on as they are")
        }
        Feature::Request => hand("session attributes; the contact centre makes the request", OUTSIDE),
        Feature::Hours => {
            code("the bot's Lambda function knows them, unless it is told of the queue", "Lex has no calendar")
        }
        Feature::QueueOpen | Feature::QueueWait => hand("the Lambda function asks your contact centre", NO_QUEUE),
        Feature::Priority | Feature::Callback | Feature::Ticket | Feature::Join => hand(ATTRIBUTE, OUTSIDE),
        Feature::Copilot => hand(ATTRIBUTE, "a bot that has closed does not hear the customer and the person"),
        Feature::Sent | Feature::WaitLimit | Feature::Closed | Feature::HandBack | Feature::WaitingWords => {
            hand(TOLD, NO_QUEUE)
        }
        Feature::Overflow => {
            hand("looked at before the handoff, and again whenever the contact centre tells of its queues", NO_QUEUE)
        }
        Feature::KeepPlace => hand("the request stands in the attribute `handoff_requests`", NO_QUEUE),
        Feature::WaitingTurns | Feature::WaitingAnswer => {
            hand("answered when the channel lets the bot hear the customer who waits", OUTSIDE)
        }
        Feature::Assist => {
            hand("the attribute `handoff_suggested`, when the channel lets the bot hear the customer", OUTSIDE)
        }
    }
}
