//! What Dialogflow CX carries. Its conditions are rich and see the sentiment, but not the confidence of the intent; it has
//! no queue, no hours and no wait, and only measures a handoff: routing is the integration's.

use crate::capabilities::{
    Capabilities, Carried, Feature, OWN_WORDS, SHARED_EXAMPLE, UNCLASSIFIED, code, hand, lost, native,
};

/// Dialogflow CX.
pub const CAPABILITIES: Capabilities = Capabilities {
    id: "dialogflow-cx",
    title: "Dialogflow CX",
    source: "docs.cloud.google.com: dialogflow/cx/docs/reference/condition (2026-04-13) and agent-assist/docs/handoff-cx; \
             the messages of google-cloud-dialogflow-cx 2.9.0; 14 exported agents",
    date: "2026-11-22",
    carries,
};

const NO_QUEUE: &str = "Dialogflow CX has no queue and no wait";
const INTEGRATION: &str = "after the handoff the conversation is your integration's";
const FIXED: &str = "what a page says is fixed when the agent is written";

fn carries(feature: Feature) -> Carried {
    match feature {
        Feature::SharedExample => SHARED_EXAMPLE,
        Feature::OwnWords => OWN_WORDS,
        Feature::Unclassified => UNCLASSIFIED,
        Feature::LongValue => native("a value of the entity like any other"),
        Feature::IdleOver6 => hand(
            "said and done at `handoff-clock` alone, which your integration sends with the seconds",
            "the events of silence end with `sys.no-input-6`",
        ),
        Feature::Say => native("a text of the page"),
        Feature::Ask => {
            native("a form parameter with its prompt and a handler for other answers, and a count of tries")
        }
        Feature::Intent => native("an intent with its training phrases, heard by a route group of the agent"),
        Feature::IntentUntaught => hand("an intent without training phrases", "it is matched once it has some"),
        Feature::EntitySlot => hand(
            "at its question whatever is said and matches no intent (`@sys.any`), or what a recogniser of your own finds in it; \
             phone numbers, mail and web addresses are CX's own",
            "the flow has no examples of it to learn from, so that any words are an answer to the agent",
        ),
        Feature::EntityAnywhere => hand(
            "parameters of a matched intent, and of a form that asks; any other in `payload.entities`, from a recogniser of \
             your own",
            "an agent looks for values in the words of the intent that it matches, and where a form asks for them",
        ),
        Feature::TextForm => {
            code("cases of the text, by whether there is a value; with a form or a figure the service says it", FIXED)
        }
        Feature::FirstWords => hand(
            "the first pages, on the event `handoff-begin`; without it, before the answer to the customer's first words",
            "an agent speaks when it is spoken to; a plain greeting opens the conversation and is no turn",
        ),
        Feature::Idle => hand(
            "handlers of `sys.no-input-1` and on, one a row; the seconds are a setting of the channel",
            "silence is an event of the channel, and chats seldom send it",
        ),
        Feature::Decide | Feature::ManyBranches => native("routes with conditions, in order"),
        Feature::Route => code("the service chooses when the request goes out", "the request is made by the service"),
        Feature::Calculation => code(
            "the service's answer, in a session parameter",
            "its functions know no exact decimals and no unset values",
        ),
        Feature::Utterance => code(
            "the service's answer, in a session parameter",
            "whether `:` minds upper and lower case is not documented",
        ),
        Feature::Confidence => code(
            "the service's answer, from `intentInfo.confidence`, in a session parameter",
            "conditions see no confidence of the intent, only the threshold of each flow",
        ),
        Feature::ConfidenceUnmatched => hand(
            "`payload.confidence`, from a recogniser of your own; else it is unset",
            "a webhook is told the confidence of a matched intent, and none where no intent matches",
        ),
        Feature::Sentiment => hand(
            "`$request.sentiment.score`, guarded by `.succeeded`",
            "sentiment analysis is switched on in the console or with each request, and no exported file says so",
        ),
        Feature::Mood => code("the service counts it from turn to turn", "only the sentiment of this turn is known"),
        Feature::Counter => native("a session parameter counted with `$sys.func.ADD`"),
        Feature::Signal => hand("a session parameter, set by your client", "Dialogflow CX does not know your systems"),
        Feature::Score => code("the service's answer to conditions about it", "its functions know no exact decimals"),
        Feature::Trigger => native("a route group, linked on every page where a turn is taken"),
        Feature::TriggerScope => native("a route group, linked on those pages alone"),
        Feature::TriggerOnce => code(
            "a session parameter in the condition of the route, set by the service",
            "a route that fires is remembered by the service, with its reasons",
        ),
        Feature::TriggerAccepted => hand(
            "the same, once your integration sends `handoff-accepted`",
            "Dialogflow CX is not told whether a person accepted",
        ),
        Feature::Assign => code(
            "`setParameterActions` for constants, else the service",
            "its functions know no exact decimals and no unset values",
        ),
        Feature::Call => {
            hand("a function of `webhook/systems.py` to fill in", "the flow names the call and not its address")
        }
        Feature::CallLimit | Feature::CallLimitOver8 => {
            native("the webhook's `timeout`, in whole seconds, and `webhook.error.timeout`")
        }
        Feature::CallLimitOver30 => lost("30 seconds", "a webhook ends after 30 seconds at the latest"),
        Feature::CallErrors => code(
            "the service answers with the port",
            "`webhook.error.…` tells faults of transport and no codes of yours",
        ),
        Feature::Subflow => native("a flow of the agent (the stack holds 25)"),
        Feature::End => native("`End Session`"),
        Feature::Retention => lost("nothing", "no file of an agent says how long data is kept"),
        Feature::Payload => {
            code("`liveAgentHandoff` after the words, and the payload by the service in `handoff_request`", FIXED)
        }
        Feature::Transcript => code("the service gathers it turn by turn", "no parameter holds the transcript"),
        Feature::PayloadFunction => lost("nothing", "the service is told one intent alone, and no clock of the flow"),
        Feature::Redaction => code(
            "the service masks before it answers",
            "`redact` of a parameter hides it in logs and not in what is sent",
        ),
        Feature::Request => hand(
            "a message `liveAgentHandoff` and a payload; your integration makes the request",
            "Dialogflow CX only measures which conversations were handed off",
        ),
        Feature::Hours => code("the service, from the same calendar", "Dialogflow CX has no calendar"),
        Feature::QueueOpen | Feature::QueueWait => {
            hand("`check_queue` of `webhook/systems.py` to fill in, or `payload.queue` of your client", NO_QUEUE)
        }
        Feature::Priority | Feature::Ticket | Feature::Callback | Feature::Join => {
            hand("a key of the request, in `handoff_request`", INTEGRATION)
        }
        Feature::Sent => {
            hand("what `request` of `webhook/systems.py` answers; sent where it says nothing", INTEGRATION)
        }
        Feature::WaitLimit => hand("the event `handoff-timeout` that your integration sends", NO_QUEUE),
        Feature::Closed => hand("the event `handoff-closed` that your integration sends during the wait", NO_QUEUE),
        Feature::HandBack => hand(
            "a page that hears `handoff-resumed` and the like, sent by your integration",
            "the session must stay open (30 minutes) and be resumed from outside",
        ),
        Feature::Overflow => hand(
            "before the request by the service, during the wait at each `handoff-queue` of your integration",
            NO_QUEUE,
        ),
        Feature::KeepPlace => hand(
            "the request stays out while the bot goes on; your integration keeps the place and sends `handoff-accepted`",
            NO_QUEUE,
        ),
        Feature::WaitingWords => hand(
            "said at `handoff-clock`, which your integration sends with the seconds",
            "an agent speaks when it is spoken to",
        ),
        Feature::WaitingAnswer | Feature::WaitingTurns => {
            hand("by the service, as long as your integration passes on what the customer says", INTEGRATION)
        }
        Feature::Copilot => hand(
            "the same page; your integration passes on what the customer says and shows the suggestions",
            INTEGRATION,
        ),
        Feature::Assist => hand("a payload `handoff_suggestion` for your integration", INTEGRATION),
    }
}
