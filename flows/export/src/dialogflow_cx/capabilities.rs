//! What Dialogflow CX carries. Its conditions are rich and see the sentiment, but not the confidence of the intent; it has
//! no queue, no hours and no wait, and only measures a handoff: routing is the integration's.

use crate::capabilities::{Capabilities, Carried, Feature, code, hand, lost, native};

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

fn carries(feature: Feature) -> Carried {
    match feature {
        Feature::Say => native("a text in the fulfillment"),
        Feature::Ask => native("a form parameter with its prompts, and an event handler for the last attempt"),
        Feature::Intent => native("an intent with its training phrases"),
        Feature::IntentUntaught => hand("an intent without training phrases", "it is matched once it has some"),
        Feature::EntitySlot => hand(
            "an entity type to be given values or a regular expression",
            "the flow has no examples of it to learn from",
        ),
        Feature::TextForm => {
            native("`$sys.func.IF`, `ROUND`, `UPPER` and the like, set into a parameter before the text")
        }
        Feature::FirstWords => native("the fulfillment of the welcome route of the start flow"),
        Feature::Idle => hand(
            "a handler of `sys.no-input-default`; the seconds are a setting of the channel",
            "silence is an event of the channel, and chats seldom send it",
        ),
        Feature::Decide | Feature::ManyBranches | Feature::Route => native("routes with conditions, in order"),
        Feature::Calculation => native("`$sys.func.ADD` and its kin into a parameter, then a condition on that"),
        Feature::Utterance => native("`$request.user-utterance : \"…\"` (since 2024-03-19)"),
        Feature::Confidence => code(
            "a webhook that puts `intentInfo.confidence` into a session parameter",
            "conditions see no confidence of the intent, only the threshold of each flow",
        ),
        Feature::Sentiment => hand(
            "`$request.sentiment.score`, guarded by `.succeeded`",
            "sentiment analysis is switched on in the console or with each request, and no exported file says so",
        ),
        Feature::Mood => code("a webhook that counts it from turn to turn", "only the sentiment of this turn is known"),
        Feature::Counter => native("a session parameter counted with `$sys.func.ADD`"),
        Feature::Signal => {
            hand("a session parameter, set by your client or by a webhook", "Dialogflow CX does not know your systems")
        }
        Feature::Score => native("`$sys.func.ADD` and `IF` over session parameters"),
        Feature::Trigger => native("a route group of the agent, linked on every page"),
        Feature::TriggerScope => native("a route group linked on those pages alone"),
        Feature::TriggerOnce => native("a session parameter in the condition of the route"),
        Feature::TriggerAccepted => hand(
            "a session parameter that your integration sets when a person accepts",
            "Dialogflow CX is not told whether a person accepted",
        ),
        Feature::Assign => native("`setParameterActions`"),
        Feature::Call => {
            hand("a webhook with a tag; its address is yours", "the flow names the call and not its address")
        }
        Feature::CallLimit | Feature::CallLimitOver8 => native("the webhook's `timeout` and `webhook.error.timeout`"),
        Feature::CallLimitOver30 => lost("30 seconds", "a webhook ends after 30 seconds at the latest"),
        Feature::CallErrors => code(
            "the webhook answers with the code in a session parameter",
            "`webhook.error.…` tells faults of transport and no codes of yours",
        ),
        Feature::Subflow => native("a flow of the agent (the stack holds 25)"),
        Feature::End => native("`End Session`"),
        Feature::Retention => lost("nothing", "no file of an agent says how long data is kept"),
        Feature::Payload => code(
            "`liveAgentHandoff`, its metadata filled by a webhook, then `END_FLOW_WITH_HUMAN_ESCALATION`",
            "the metadata is fixed when the agent is written",
        ),
        Feature::Transcript => code("a webhook that gathers it turn by turn", "no parameter holds the transcript"),
        Feature::PayloadFunction => {
            code("the webhook that fills the metadata", "the metadata is fixed when the agent is written")
        }
        Feature::Redaction => code(
            "the webhook that fills the metadata masks first",
            "`redact` of a parameter hides it in logs and not in the metadata",
        ),
        Feature::Request => hand(
            "the metadata of `liveAgentHandoff`; your integration makes the request",
            "Dialogflow CX only measures which conversations were handed off",
        ),
        Feature::Hours => hand("a webhook `check_queue`", "Dialogflow CX has no calendar"),
        Feature::QueueOpen | Feature::QueueWait => hand("a webhook `check_queue` to your contact centre", NO_QUEUE),
        Feature::Priority | Feature::Ticket | Feature::Callback | Feature::Join => {
            hand("a key of the metadata of `liveAgentHandoff`", INTEGRATION)
        }
        Feature::Sent => hand("an event that your integration sends", INTEGRATION),
        Feature::WaitLimit | Feature::Closed => hand("an event that your integration sends during the wait", NO_QUEUE),
        Feature::HandBack => hand(
            "an event handler on the page where the person has the conversation; your client sends the event",
            "the session must stay open (30 minutes) and be resumed from outside",
        ),
        Feature::Overflow => lost("looked at once, before the handoff", NO_QUEUE),
        Feature::KeepPlace => lost("the place in the queue is given back", NO_QUEUE),
        Feature::WaitingWords | Feature::WaitingAnswer => lost("nothing", NO_QUEUE),
        Feature::WaitingTurns => lost("what the customer says goes to your integration", INTEGRATION),
        Feature::Copilot => lost("an ordinary handoff", INTEGRATION),
        Feature::Assist => lost("nothing", INTEGRATION),
    }
}
