//! What an Einstein bot is told of its transfer: it asks for one and does not route (Einstein Bots runtime 5.3.0, read
//! 2026-11-22).

use flow_model::tree::{Json, compact};

use super::{Session, headed};
use crate::request::{Content, Request, object, segment};

/// Nobody is there.
pub(super) const NO_AGENT: &str = "NoAgentAvailable";
/// Anything else went wrong.
pub(super) const ERROR: &str = "Error";

/// The reason of a failed transfer for an outcome of a handoff.
pub(super) fn reason(outcome: &str) -> &'static str {
    match outcome {
        "no_agent" | "timeout" => NO_AGENT,
        _ => ERROR,
    }
}

/// The message that a transfer has succeeded. The sequence of a session's messages grows: the second at which the handoff
/// was made is larger than any count.
pub(super) fn success(sequence: i64) -> Json {
    message(vec![("type", Json::text("transferSucceeded")), ("sequenceId", Json::int(sequence))])
}

/// The message that a transfer has failed, and why.
pub(super) fn failure(sequence: i64, reason: &str, description: &str) -> Json {
    message(vec![
        ("type", Json::text("transferFailed")),
        ("sequenceId", Json::int(sequence)),
        ("reason", Json::text(reason)),
        ("description", Json::text(description)),
    ])
}

fn message(entries: Vec<(&str, Json)>) -> Json {
    let message = entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    object([("message", Json::Map(message))])
}

/// Tells the bot that its transfer has succeeded, where the AI is one.
pub(super) fn succeeded(session: &Session<'_>) -> Option<Request> {
    post(session, &success(session.envelope.time))
}

/// Tells the bot that its transfer has failed, where the AI is one.
pub(super) fn failed(session: &Session<'_>, reason: &str, description: &str) -> Option<Request> {
    post(session, &failure(session.envelope.time.saturating_add(1), reason, description))
}

fn post(session: &Session<'_>, body: &Json) -> Option<Request> {
    let mut missing = Vec::new();
    let id = session.tier_text("einstein_session", &mut missing)?;
    let host = session.environment.text("{{einstein_host}}", &mut missing);
    let org = session.environment.text("{{salesforce_org}}", &mut missing);
    let url = format!("https://{host}/v5.3.0/sessions/{}/messages", if id.contains("{{") { id } else { segment(&id) });
    let request = headed(Request::new("POST", url))
        .header("X-Org-Id", org)
        .header("X-Request-ID", session.message_id("bot"))
        .body(Content::Json, compact(body), usize::MAX, Vec::new());
    Some(request.missing(missing))
}
