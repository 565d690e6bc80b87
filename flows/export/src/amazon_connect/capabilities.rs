//! What Amazon Connect carries. It is the contact centre: queues, hours, waiting words and callbacks are its own. It has no
//! understanding of its own, which a Lex bot lends it; and a contact in a queue does not come back to a bot.

use flow_conditions::phrase;

use crate::amazon_lex::decided::Words;
use crate::capabilities::{
    Capabilities, Carried, Feature, OWN_WORDS, SHARED_EXAMPLE, UNCLASSIFIED, code, hand, lost, native,
};

/// Amazon Connect.
pub const CAPABILITIES: Capabilities = Capabilities {
    id: "amazon-connect",
    title: "Amazon Connect",
    source: "the flow language catalogue of flow-as-code (Apache-2.0), corrected against CreateContactFlow (2026-09-29); \
             docs.aws.amazon.com/connect; 26 exported flows",
    date: "2026-11-22",
    carries,
};

const LEX: &str = "a Lex bot, whose Lambda function sets an attribute";
const NO_NLU: &str = "Connect understands nothing itself";
const NO_WAY_BACK: &str = "a contact in a queue goes to another queue, a callback or its end, and not back to the flow";

/// What the plan of a contact flow decides card by card.
pub const CARRIED: Words = Words {
    condition: native(phrase!("a chain of `Compare`")),
    flag: code(
        phrase!("`Compare` of a flag that the Lambda function sets"),
        phrase!("`Compare` knows one attribute and a constant"),
    ),
    text: code(
        phrase!("a Lambda function that writes the text"),
        phrase!("texts put attributes in and have neither fallback nor form"),
    ),
    sets: [
        native(phrase!("`UpdateContactAttributes`")),
        code(phrase!("`InvokeLambdaFunction`"), phrase!("a flow does not calculate")),
    ],
    end: code(
        phrase!("the Lambda function goes back to the caller, or finds what is still waited for"),
        phrase!("a flow has no call stack"),
    ),
};

/// The tier of a handoff that has routes.
pub const ROUTE: Carried = code(
    phrase!("the Lambda function names the tier, and `Compare` leads to its queue"),
    phrase!("the tier is chosen where the request is made"),
);

fn carries(feature: Feature) -> Carried {
    match feature {
        Feature::SharedExample => SHARED_EXAMPLE,
        Feature::OwnWords => OWN_WORDS,
        Feature::Unclassified => UNCLASSIFIED,
        Feature::LongValue => lost("nothing", "a value of a slot type of Lex has 140 characters at the most"),
        Feature::Say => native("`MessageParticipant`"),
        Feature::Ask => code("a Lex bot that listens for the slot; blocks ask again and count the tries", NO_NLU),
        Feature::Intent => code("an intent of the Lex bot that listens", NO_NLU),
        Feature::IntentUntaught => {
            hand("an intent of a Lex bot without utterances", "it is recognised once it has some")
        }
        Feature::EntitySlot => hand(
            "a slot type of a Lex bot to be given values; its value alone, without an intent, counts where a question asks for it",
            "to the bot a value of any kind looks like any other words",
        ),
        Feature::EntityAnywhere => hand(
            "the slots of an intent that the Lex bot recognises; any other is your Lambda function's to find",
            "Lex looks for values in the words of the intent that it recognises",
        ),
        Feature::TextForm => {
            code("a Lambda function that writes the text", "texts put attributes in and have neither fallback nor form")
        }
        Feature::FirstWords => native("the flow's first `MessageParticipant`"),
        Feature::Idle | Feature::IdleOver6 => lost(
            "in a chat at the next full minute (`LexTimeoutSeconds`, `InputTimeLimitExceeded`); on the telephone not",
            "a Lex block has one timer, of chats alone, from a minute to seven days",
        ),
        Feature::Decide | Feature::ManyBranches => native("a chain of `Compare`"),
        Feature::Route => {
            code("the Lambda function, when it knows hours and figures of every queue", "`Compare` knows one attribute")
        }
        Feature::Calculation => code("`InvokeLambdaFunction`", "`Compare` knows one attribute and a constant"),
        Feature::Utterance => code(LEX, "the customer's words stay in the Lex block"),
        Feature::Confidence => code("`Compare` of an attribute that the bot's Lambda function sets", NO_NLU),
        Feature::ConfidenceUnmatched => code(LEX, "Lex's fallback has no confidence: the nearest intent's is taken"),
        Feature::Sentiment => hand(
            "`Compare` of an attribute that the bot's Lambda function sets",
            "sentiment detection is switched on at the alias of the Lex bot",
        ),
        Feature::Mood => hand(
            "the trend of the Lex bot's sentiment; `frustration` in the bot's request attribute, from a recogniser of your own",
            "Lex has a sentiment, if it is switched on, and no frustration",
        ),
        Feature::Counter => code(LEX, "a flow does not calculate; `Loop` counts alone"),
        Feature::Signal => hand(
            "a contact attribute, from a customer profile or a Lambda function",
            "Connect does not know your systems",
        ),
        Feature::Score => code("`InvokeLambdaFunction`", "a flow does not calculate"),
        Feature::Trigger | Feature::TriggerScope | Feature::TriggerOnce => {
            code("looked at behind every Lex block", "a flow goes from block to block; nothing acts from anywhere")
        }
        Feature::TriggerAccepted => {
            lost("spent when the person is done", "only a disconnect flow tells of a person, at the end")
        }
        Feature::Assign => native("`UpdateContactAttributes`; what is calculated, by the Lambda function"),
        Feature::Call => hand(
            "a function in `calls.py`; what has no limit of its own and takes 8 seconds asks a person",
            "Connect does not know your systems, and waits for 8 seconds at most",
        ),
        Feature::CallLimit => code(
            "the Lambda function gives the call up at its limit, after 7 seconds at the latest",
            "`InvocationTimeLimitSeconds` (1 to 8) is of the whole block, and its error has no port of its own",
        ),
        Feature::CallLimitOver8 | Feature::CallLimitOver30 => lost(
            "the Lambda function gives the call up after 7 seconds",
            "`InvokeLambdaFunction` waits for 8 seconds at most",
        ),
        Feature::CallErrors => code(
            "the Lambda function answers with the code, which `Compare` looks at",
            "an error of a block has no code of yours",
        ),
        Feature::Subflow => native("blocks of the same flow; an attribute remembers who called"),
        Feature::End => native("`DisconnectParticipant`"),
        Feature::Retention => lost("nothing", "a flow does not say how long data is kept"),
        Feature::Payload => code(
            "the Lambda function writes it, `UpdateContactAttributes` keeps it (texts, 32 KB), then `TransferContactToQueue`",
            "attributes are texts that something has to write",
        ),
        Feature::Transcript => {
            code("an attribute that the bot's Lambda function gathers", "no attribute of a flow holds the transcript")
        }
        Feature::PayloadFunction => lost("nothing", "the policy has no clock and no ranking"),
        Feature::Redaction => {
            code("a Lambda function masks before the attribute is set", "attributes are passed on as they are")
        }
        Feature::Request => hand(
            "a Lambda function of your own, where the contact centre is not Connect itself",
            "a flow fills Connect's own queues",
        ),
        Feature::Hours => hand(
            "`CheckHoursOfOperation` with a placeholder; the calendar is made in Connect",
            "hours are no part of a flow",
        ),
        Feature::QueueOpen => native("`CheckHoursOfOperation` and `GetMetricData`"),
        Feature::QueueWait => lost(
            "the age of the oldest contact and the length of the queue stand for it",
            "among the metrics of a flow are neither the expected wait nor the position",
        ),
        Feature::Priority => {
            native("`UpdateContactRoutingBehavior` with `QueuePriority`; another queue during the wait keeps it")
        }
        Feature::Ticket => hand(
            "`request` in the Lambda function's `calls.py`, and the attribute `handoff_requests`",
            "a flow enqueues the contact it has, and names no ticket system",
        ),
        Feature::Callback => native("`UpdateContactCallbackNumber` and `CreateCallbackContact`"),
        Feature::Sent => native("the errors of `UpdateContactCallbackNumber` and `CreateCallbackContact`"),
        Feature::WaitLimit | Feature::Closed => {
            lost("looked at in the customer queue flow, from where another request or the end can follow", NO_WAY_BACK)
        }
        Feature::Overflow => lost(
            "looked at before the queue is joined, and in the customer queue flow for another request or the end",
            NO_WAY_BACK,
        ),
        Feature::KeepPlace => lost("the place in the queue is given back", NO_WAY_BACK),
        Feature::WaitingWords => code(
            "the customer queue flow asks the Lambda function every few seconds, and says what it gives",
            "prompts in a loop are fixed, and for the telephone alone",
        ),
        Feature::WaitingTurns => lost("the customer goes on waiting", NO_WAY_BACK),
        Feature::WaitingAnswer => lost("nothing", "a customer queue flow speaks and does not listen"),
        Feature::HandBack => hand(
            "a disconnect flow that starts the Lex bot again with its attributes",
            "when a person ends the contact, only a disconnect flow follows",
        ),
        Feature::Copilot => lost("an ordinary transfer", "the bot has left the contact when a person takes it"),
        Feature::Assist => lost("nothing", "the bot has left the contact when a person takes it"),
        Feature::Join => hand("a quick connect of the person", "how people join each other is theirs to choose"),
    }
}
