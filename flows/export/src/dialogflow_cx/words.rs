//! The names that the export itself brings along: parameters, pages, events.

use flow_conditions::decimal::Decimal;
use serde_json::{Value, json};

use super::json::{Handler, Route, Target};

/// The webhook that is the policy.
pub const WEBHOOK: &str = "policy";
/// Seconds that a webhook may take where nothing else is said: the platform's own default.
pub const SECONDS: i64 = 5;
/// A webhook ends after so many seconds at the latest (the messages of google-cloud-dialogflow-cx 2.9.0).
pub const MOST_SECONDS: i64 = 30;

/// What happened since the webhook was last asked.
pub const TRAIL: &str = "handoff_trail";
/// The way by which a card is left that the webhook carried out.
pub const PORT: &str = "handoff_port";
/// The trigger of a calling flow that takes the turn.
pub const UNWIND: &str = "handoff_unwind";
/// What people or their queue did.
pub const NEWS: &str = "handoff_event";
/// The card of the request that news brought the customer back to.
pub const BACK_AT: &str = "handoff_at";
/// Whether there is a customer's turn that nothing has taken yet.
pub const HEARD: &str = "heard";
/// The flow's name of the intent of the last turn.
pub const INTENT: &str = "intent";
/// That of the turn before.
pub const LAST_INTENT: &str = "last_intent";
/// Failed tries of the question that was last asked.
pub const ATTEMPTS: &str = "attempts";
/// The outcome of the conversation, once it has ended.
pub const OUTCOME: &str = "outcome";
/// Every parameter that is the agent's own: one that stands for a signal or a slot is called otherwise.
pub const OWN_PARAMETERS: &[&str] = &[
    TRAIL,
    PORT,
    UNWIND,
    NEWS,
    BACK_AT,
    HEARD,
    INTENT,
    LAST_INTENT,
    ATTEMPTS,
    OUTCOME,
    "turn",
    "repeats",
    "no_match",
    // The service's: what it remembers, what came with news, and the request that goes out.
    "handoff_state",
    "handoff_data",
    "handoff_request",
    "handoff_tier",
    "handoff_priority",
    "handoff_reasons",
];

/// Where a conversation stays for good.
pub const AT_REST: &str = "at rest";
/// Where a turn is heard there.
pub const AT_REST_HEARD: &str = "at rest heard";
/// Where a person is asked because the webhook does not answer.
pub const NO_ANSWER: &str = "no answer";
/// Where news are heard while the bot goes on.
pub const NEWS_PAGE: &str = "news from people";
/// The route group of the agent that hears every intent.
pub const HEAR: &str = "hear every turn";
/// The route group that goes back to the calling flow.
pub const UNWINDS: &str = "a calling flow takes the turn";

/// The platform's own pages.
pub const END_FLOW: &str = "End Flow";
/// Ends the conversation.
pub const END_SESSION: &str = "End Session";
/// Ends the flow with an error.
pub const END_FAILED: &str = "END_FLOW_WITH_FAILURE";
/// Ends the flow and leaves the customer to people.
pub const END_PEOPLE: &str = "END_FLOW_WITH_HUMAN_ESCALATION";
/// Back to where the page was entered from.
pub const PREVIOUS: &str = "Previous Page";

/// What the integration may say of people, as events `handoff-…`.
pub const EVENTS: [&str; 11] = [
    "accepted",
    "declined",
    "sent",
    "failed",
    "closed",
    "timeout",
    "queue",
    "clock",
    "resumed",
    "resolved",
    "escalated",
];
/// The person keeps the conversation: the bot is not needed any more.
pub const KEPT: &str = "handoff-kept";
/// The integration opens the conversation, before the customer says anything.
pub const BEGIN: &str = "handoff-begin";

/// Where the service does not answer, a person is asked.
pub fn no_answer() -> Handler {
    Handler::new("webhook.error", Target::page(NO_ANSWER))
}

/// A turn that no intent took.
pub fn unknown() -> [(String, Value); 2] {
    [(INTENT.to_owned(), json!("none")), (HEARD.to_owned(), json!(true))]
}

/// Handlers of what people do, to a page where it is heard.
pub fn news(page: &str) -> Vec<Handler> {
    let of = |event: &&str| {
        Handler::new(format!("handoff-{event}"), Target::page(page)).setting([(NEWS.to_owned(), json!(event))])
    };
    let kept = Handler::new(KEPT, Target::page(END_PEOPLE));
    EVENTS.iter().map(of).chain([kept]).collect()
}

/// The seconds that a call's webhook may take.
pub fn seconds(limit: Option<Decimal>) -> i64 {
    limit.and_then(|limit| limit.ceil().to_i64()).map_or(SECONDS, |limit| limit.clamp(1, MOST_SECONDS))
}

/// The webhook for calls with this time limit.
pub fn webhook_for(limit: Option<Decimal>) -> String {
    match seconds(limit) {
        SECONDS => WEBHOOK.to_owned(),
        other => format!("{WEBHOOK} {other} s"),
    }
}

/// Goes on, whatever holds, without a word to the webhook.
pub fn on(page: &str) -> Route {
    Route::always("on", Target::page(page))
}
