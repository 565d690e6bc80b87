//! Names of columns and of speakers, as many tools write them: what is proposed, and never more than a proposal.

use flow_model::tree::Json;

use super::fields;
use super::mapping::{Kept, Means};

/// What a speaker of this name is.
#[must_use]
pub fn speaker(name: &str) -> Means {
    let lower = name.trim().to_lowercase();
    let lower = lower.trim_start_matches('@');
    let is = |words: &[&str]| words.contains(&lower);
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if is(&["bot", "ai", "gpt", "ki", "system_bot", "va", "utterance_bot"])
        || has(&["assistant", "virtual", "chatbot", "assistent", "automat", "trigger"])
    {
        Means::Bot
    } else if is(&[
        "user", "human", "kunde", "kundin", "usr", "u", "end-user", "enduser", "nutzer", "client", "guest", "me",
    ]) || has(&[
        "customer",
        "visitor",
        "requester",
        "caller",
        "consumer",
        "end_user",
        "kunde",
        "besucher",
        "patient",
        "passenger",
    ]) {
        Means::User
    } else if is(&["tool", "function", "result", "tool_result", "function_result", "tool_response"]) {
        Means::Result
    } else if is(&["api_call", "call", "action", "tool_call", "function_call", "api"]) {
        Means::Call
    } else if is(&["system", "info", "note", "internal"]) {
        Means::Skip
    } else if has(&[
        "agent",
        "advisor",
        "representative",
        "operator",
        "support",
        "staff",
        "berater",
        "mitarbeiter",
        "clerk",
        "service",
        "admin",
    ]) {
        Means::Agent
    } else if has(&["bot"]) {
        Means::Bot
    } else {
        Means::Report
    }
}

/// Whether a call of this name asks for a person.
#[must_use]
pub fn is_request(call: &str) -> bool {
    let lower = call.to_lowercase();
    let words = [
        "handoff",
        "hand_off",
        "handover",
        "hand_over",
        "human",
        "live_agent",
        "liveagent",
        "escalat",
        "transfer_to",
        "to_agent",
    ];
    words.iter().any(|word| lower.contains(word))
}

/// Roles by what their columns are called, the most telling name first.
const NAMES: &[(&str, &[&str])] = &[
    (
        "conversation",
        &[
            "conversation_id",
            "conversationid",
            "conversation",
            "chat_id",
            "chatid",
            "session_id",
            "sessionid",
            "session",
            "dialogue_id",
            "dialog_id",
            "dialogid",
            "ticket_id",
            "thread_id",
            "contact_id",
            "contactid",
            "case_id",
            "call_id",
            "sender_id",
            "gespräch",
            "gespraech",
            "conv_id",
            "conversation #",
            "conversation number",
            "dialog",
        ],
    ),
    (
        "who",
        &[
            "who",
            "speaker",
            "role",
            "sender_type",
            "author_type",
            "sender",
            "author",
            "from",
            "participant",
            "party",
            "source",
            "speaker_role",
            "sprecher",
            "absender",
            "interlocutor",
            "direction",
            "actor",
        ],
    ),
    (
        "text",
        &[
            "text",
            "message",
            "utterance",
            "body",
            "content",
            "transcript",
            "msg",
            "nachricht",
            "input",
            "sentence",
            "query",
            "question",
            "user_message",
            "customer_message",
            "inbound",
            "frage",
            "comment",
            "description",
        ],
    ),
    (
        "reply.bot",
        &["bot_response", "response", "reply", "bot_message", "answer", "system_utterance", "bot_reply", "antwort"],
    ),
    ("reply.agent", &["agent_response", "agent_message", "agent_reply"]),
    ("intent", &["intent", "intent_name", "predicted_intent", "top_intent", "absicht", "matched_intent"]),
    ("confidence", &["confidence", "intent_confidence", "score", "nlu_confidence", "probability", "konfidenz"]),
    ("sentiment", &["sentiment", "sentiment_score", "polarity", "stimmung"]),
    ("frustration", &["frustration"]),
    ("channel", &["channel", "kanal"]),
    ("entities", &["entities", "slots", "parameters"]),
    ("signals", &["signals"]),
    ("t", &["t", "seconds", "offset", "elapsed"]),
    (
        "time",
        &[
            "timestamp",
            "time",
            "created_at",
            "date",
            "datetime",
            "sent_at",
            "createdat",
            "zeit",
            "zeitpunkt",
            "datum",
            "event_time",
            "at",
            "start_time",
        ],
    ),
    ("tags", &["tags", "tag", "stichworte"]),
    ("customer.id", &["customer_id", "user_id", "customerid", "userid", "visitor_id", "kundennummer"]),
    ("customer.tier", &["tier", "customer_tier", "segment", "plan"]),
    ("customer.name", &["customer_name", "user_name", "username"]),
    ("customer", &["customer"]),
    ("labels", &["labels"]),
    (
        "expect.handoff",
        &[
            "should_transfer",
            "should_escalate",
            "should_handoff",
            "expected_handoff",
            "needs_human",
            "needs_agent",
            "soll_uebergabe",
        ],
    ),
    ("request", &["escalated", "handoff", "transferred", "handed_over", "human_takeover", "uebergeben"]),
    ("call", &["api", "call", "function", "tool", "action", "tool_name"]),
    ("inputs", &["arguments", "args", "inputs"]),
    ("status", &["status", "call_status"]),
    ("name", &["agent_name", "agent"]),
];

/// What a column may mean, by its name.
#[must_use]
pub fn role(name: &str) -> Option<&'static str> {
    let last = name.rsplit("[].").next().unwrap_or(name).trim().to_lowercase();
    let plain: String = last.chars().map(|c| if c == ' ' || c == '-' || c == '.' { '_' } else { c }).collect();
    let inner = last.rsplit('.').next().unwrap_or(&last);
    let known = |name: &str| NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(role, _)| *role);
    known(&last).or_else(|| known(&plain)).or_else(|| known(inner))
}

/// How telling a name is among those of its role: 0 is best.
#[must_use]
pub fn rank(name: &str) -> usize {
    let last = name.rsplit("[].").next().unwrap_or(name).trim().to_lowercase();
    let inner = last.rsplit('.').next().unwrap_or(&last);
    let at = |name: &str| NAMES.iter().find_map(|(_, names)| names.iter().position(|known| *known == name));
    at(&last).or_else(|| at(inner).map(|rank| rank + 100)).unwrap_or(usize::MAX)
}

/// How the values of a column are kept, by examples: numbers that are no codes, truths, or as they are.
#[must_use]
pub fn kept(name: &str, role: &str, examples: &[Json]) -> Kept {
    let texts = !examples.is_empty() && examples.iter().all(|value| matches!(value, Json::Text(_)));
    let numbers = || examples.iter().filter_map(|value| fields::number(value, false));
    if ["confidence", "frustration"].contains(&role) {
        let past = numbers().any(|n| n > flow_conditions::decimal::Decimal::from_i64(1));
        return if past && numbers().count() == examples.len() { Kept::Percent } else { Kept::Plain };
    }
    let group = ["customer.", "labels.", "signals.", "data."].iter().any(|group| role.starts_with(group));
    if !group || !texts {
        return Kept::Plain;
    }
    let lower = name.to_lowercase();
    let code =
        ["id", "phone", "zip", "code", "number", "nummer", "plz", "version"].iter().any(|word| lower.contains(word));
    let texts: Vec<&str> = examples.iter().filter_map(Json::as_text).map(str::trim).collect();
    let is_number = |text: &&str| {
        let digits = text.trim_start_matches('-');
        let plain =
            digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.starts_with(|c: char| c.is_ascii_digit());
        plain && !(digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.")) && digits.len() <= 12
    };
    if !code && texts.iter().all(is_number) {
        return Kept::Number;
    }
    let truths = ["true", "false"];
    if texts.iter().all(|text| truths.contains(&text.to_lowercase().as_str())) { Kept::Bool } else { Kept::Plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speakers_are_known_by_common_names() {
        for (name, means) in [
            ("User", Means::User),
            ("CUSTOMER", Means::User),
            ("end-user", Means::User),
            ("bot", Means::Bot),
            ("assistant", Means::Bot),
            ("Agent", Means::Agent),
            ("Virtual Agent", Means::Bot),
            ("ChatBot Anna", Means::Bot),
            ("Support Berlin", Means::Agent),
            ("tool", Means::Result),
            ("api_call", Means::Call),
            ("system", Means::Skip),
            ("Anna", Means::Report),
        ] {
            assert_eq!(speaker(name), means, "{name}");
        }
    }

    #[test]
    fn columns_are_known_by_common_names() {
        for (name, expected) in [
            ("Conversation ID", Some("conversation")),
            ("turns[].speaker", Some("who")),
            ("Message", Some("text")),
            ("created-at", Some("time")),
            ("weather", None),
        ] {
            assert_eq!(role(name), expected, "{name}");
        }
        let text = |texts: &[&str]| texts.iter().map(|t| Json::text(*t)).collect::<Vec<_>>();
        assert_eq!(kept("ltv", "customer.ltv", &text(&["120", "3.5"])), Kept::Number);
        assert_eq!(kept("zip", "customer.zip", &text(&["12047"])), Kept::Plain);
        assert_eq!(kept("x", "labels.x", &text(&["007"])), Kept::Plain);
        assert_eq!(kept("x", "labels.x", &text(&["true", "False"])), Kept::Bool);
        assert_eq!(kept("c", "confidence", &text(&["93", "1"])), Kept::Percent);
        assert_eq!(kept("c", "confidence", &text(&["0.93"])), Kept::Plain);
    }
}
