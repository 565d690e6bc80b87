//! Reading one line.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::Arc;

use flow_conditions::decimal::Decimal;
use flow_conditions::value::Value;
use flow_model::tree::{Json, Number};
use thiserror::Error;

use crate::event::{
    ActionResult, AgentEvent, AgentVerb, Conversation, Event, Expect, ExpectHandoff, Given, HandoffNews, QueueNews,
    Status, Turn, UserTurn,
};
use crate::lean::Lean;
use crate::line::{LineReader, Wants};

/// Why a line cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LineFault {
    /// It is not JSON.
    #[error("it is not JSON at column {column}: {why}")]
    NotJson {
        /// In characters, from 1.
        column: usize,
        /// In words.
        why: &'static str,
    },
    /// It is JSON, but no conversation.
    #[error("{0}")]
    NotConversation(&'static str),
}

/// Elements of `turns` that are not understood: index and words; [`NO_TURN`] for what else of the line is not.
pub type Notes = Vec<(usize, String)>;

/// The index of a note that is of no turn.
pub const NO_TURN: usize = usize::MAX;

/// A note in words.
#[must_use]
pub fn note(turn: usize, why: &str) -> String {
    if turn == NO_TURN { why.to_owned() } else { format!("turns[{turn}] is passed over: {why}") }
}

/// The entries of an object of a line.
pub(crate) type Entries<'a> = [(Cow<'a, str>, Lean<'a>)];

/// Reads a line; what is not understood in `turns` is reported and skipped.
///
/// # Errors
/// When the line is no conversation.
pub fn line(text: &str) -> Result<(Conversation, Notes), LineFault> {
    let mut conversation = Conversation::default();
    let mut notes = Notes::new();
    LineReader::default().read(text, &Wants::ALL, &mut conversation, &mut notes)?;
    Ok((conversation, notes))
}

/// Reads a conversation from a tree (what the window sends).
///
/// # Errors
/// As [`line`].
pub fn value(json: &Json) -> Result<(Conversation, Notes), LineFault> {
    line(&flow_model::tree::compact(json))
}

/// RFC 3339 in UTC or with an offset, to seconds since 1970.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<i64>().ok())?
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    if text.len() == 10 {
        let shaped = bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
        let real = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        return (shaped && real).then(|| days(year, month, day) * 86_400);
    }
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19).unwrap_or(0));
    let shaped =
        bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-') && matches!(bytes.get(10), Some(b'T' | b't' | b' '));
    if !shaped
        || !(1..=12).contains(&month)
        || !(1..=days_in(year, month)).contains(&day)
        || hour > 23
        || minute > 59
        || second > 60
    {
        return None;
    }
    let zone = text.get(if bytes.get(16) == Some(&b':') { 19 } else { 16 }..)?;
    let zone = match zone.strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => {
            fraction.trim_start_matches(|c: char| c.is_ascii_digit())
        }
        _ => zone,
    };
    let offset = match zone.as_bytes() {
        [] | [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), ..] => {
            let (h, m) = zone[1..].split_once(':')?;
            let part = |digits: &str, most: i64| {
                let shaped = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
                shaped.then(|| digits.parse::<i64>().ok()).flatten().filter(|value| *value <= most)
            };
            let total = part(h, 23)? * 3600 + part(m, 59)? * 60;
            if *sign == b'-' { -total } else { total }
        }
        _ => return None,
    };
    Some(days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

pub(crate) fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date of the Gregorian calendar.
pub(crate) fn days(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

pub(crate) fn given(lean: &Lean<'_>) -> Given {
    match lean {
        Lean::Null => Given::Null,
        Lean::Bool(b) => Given::Value(Value::Bool(*b)),
        Lean::Text(t) => Given::Value(Value::Text(Arc::from(&**t))),
        Lean::Number(n) => decimal(n).map_or(Given::Odd, |d| Given::Value(Value::Number(d))),
        Lean::List(_) | Lean::Map(_) => Given::Odd,
    }
}

pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str(text).ok().or_else(|| Decimal::parse_json(text))
}

pub(crate) fn named(map: &Entries<'_>) -> Vec<(String, Given)> {
    map.iter().map(|(k, v)| (k.to_string(), given(v))).collect()
}

fn get<'m, 'a>(map: &'m Entries<'a>, key: &str) -> Option<&'m Lean<'a>> {
    map.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v)
}

fn given_at(map: &Entries<'_>, key: &str) -> Given {
    get(map, key).map_or(Given::Absent, given)
}

fn map_at(map: &Entries<'_>, key: &str) -> Vec<(String, Given)> {
    match get(map, key) {
        Some(Lean::Map(entries)) => named(entries),
        _ => Vec::new(),
    }
}

fn text_at(map: &Entries<'_>, key: &str) -> Option<Arc<str>> {
    match get(map, key) {
        Some(Lean::Text(text)) => Some(Arc::from(&**text)),
        _ => None,
    }
}

/// An element of `turns`; why it is not understood, where it is not.
pub(crate) fn turn(map: &Entries<'_>) -> (Turn, Option<String>) {
    let t = match get(map, "t") {
        Some(Lean::Number(n)) => decimal(n),
        _ => None,
    };
    match event(map) {
        Ok(event) => (Turn { t, event }, None),
        Err(why) => (Turn { t, event: Event::Unknown }, Some(why)),
    }
}

fn event(map: &Entries<'_>) -> Result<Event, String> {
    for (key, value) in map {
        match &**key {
            "who" => return spoken(map, value),
            "action" => return action(map, value),
            "queue" => return queue(map, value),
            "clock" => return clock(value),
            "handoff" => return handoff(map, value),
            "agent" => return agent(map, value),
            "customer" => {
                return match value {
                    Lean::Text(t) if t == "left" => Ok(Event::Left),
                    _ => Err("\"customer\" can only be \"left\"".to_owned()),
                };
            }
            _ => {}
        }
    }
    Err("it has none of the keys who, action, queue, clock, handoff, agent, customer".to_owned())
}

fn spoken(map: &Entries<'_>, who: &Lean<'_>) -> Result<Event, String> {
    let said = || text_at(map, "text").unwrap_or_default();
    match who {
        Lean::Text(who) if who == "user" => Ok(Event::User(Box::new(user(map)))),
        Lean::Text(who) if who == "bot" => Ok(Event::Bot(said())),
        Lean::Text(who) if who == "agent" => Ok(Event::Said(said())),
        _ => Err("\"who\" is none of user, bot, agent".to_owned()),
    }
}

fn user(map: &Entries<'_>) -> UserTurn {
    let mut turn = UserTurn::default();
    for (key, value) in map {
        user_key(&mut turn, key, value);
    }
    turn
}

/// A key of a customer's turn; of two the last one counts.
pub(crate) fn user_key(turn: &mut UserTurn, key: &str, value: &Lean<'_>) {
    let entries = |value: &Lean<'_>| match value {
        Lean::Map(entries) => named(entries),
        _ => Vec::new(),
    };
    match key {
        "text" => turn.text = given(value),
        "intent" => turn.intent = given(value),
        "confidence" => turn.confidence = given(value),
        "sentiment" => turn.sentiment = given(value),
        "frustration" => turn.frustration = given(value),
        "channel" => turn.channel = given(value),
        "nlu" => turn.nlu_down = matches!(value, Lean::Text(t) if t == "down"),
        "nlu.ok" => turn.nlu_down |= *value == Lean::Bool(false),
        "entities" => turn.entities = entries(value),
        "alternatives" => turn.alternatives = alternatives(value),
        "signals" => turn.signals = entries(value),
        _ => {}
    }
}

/// `[{"intent": …, "confidence": …}]`; what has no intent is passed over.
fn alternatives(value: &Lean<'_>) -> Vec<(String, Given)> {
    let Lean::List(items) = value else { return Vec::new() };
    let one = |item: &Lean<'_>| match item {
        Lean::Map(map) => Some((text_at(map, "intent")?.to_string(), given_at(map, "confidence"))),
        _ => None,
    };
    items.iter().filter_map(one).collect()
}

fn action(map: &Entries<'_>, name: &Lean<'_>) -> Result<Event, String> {
    let Lean::Text(name) = name else { return Err("\"action\" is no text".to_owned()) };
    let status = match get(map, "status") {
        None | Some(Lean::Null) => Status::Ok,
        Some(Lean::Text(s)) if s == "ok" => Status::Ok,
        Some(Lean::Text(s)) if s == "error" => Status::Error,
        Some(Lean::Text(s)) if s == "timeout" => Status::Timeout,
        Some(_) => return Err("\"status\" is none of ok, error, timeout".to_owned()),
    };
    Ok(Event::Action(Box::new(ActionResult {
        action: Arc::from(&**name),
        status,
        code: given_at(map, "code"),
        message: given_at(map, "message"),
        data: map_at(map, "data"),
    })))
}

fn queue(map: &Entries<'_>, tier: &Lean<'_>) -> Result<Event, String> {
    let Lean::Text(tier) = tier else { return Err("\"queue\" is no text".to_owned()) };
    Ok(Event::Queue(Box::new(QueueNews {
        tier: Arc::from(&**tier),
        wait: given_at(map, "wait"),
        open: given_at(map, "open"),
        available: given_at(map, "available"),
        position: given_at(map, "position"),
        opens_at: given_at(map, "opens_at"),
    })))
}

/// A hundred years, in seconds: what passes at once is no longer, so that moments stay within four digits of a year.
const LONGEST_CLOCK: Decimal = Decimal::from_i64(3_155_760_000);

fn clock(value: &Lean<'_>) -> Result<Event, String> {
    let none = || "\"clock\" is no number of seconds".to_owned();
    let Lean::Number(number) = value else { return Err(none()) };
    match decimal(number) {
        Some(seconds) if seconds > LONGEST_CLOCK => {
            Err(format!("\"clock\" is more than a hundred years ({LONGEST_CLOCK} s)"))
        }
        Some(seconds) if seconds >= Decimal::ZERO => Ok(Event::Clock(seconds)),
        // So many digits that it is no exact number, or less than nothing.
        _ => Err(none()),
    }
}

fn handoff(map: &Entries<'_>, value: &Lean<'_>) -> Result<Event, String> {
    match value {
        Lean::Text(t) if t == "sent" => Ok(Event::Handoff(HandoffNews::Sent(text_at(map, "ref")))),
        Lean::Text(t) if t == "failed" => Ok(Event::Handoff(HandoffNews::Failed)),
        _ => Err("\"handoff\" is none of sent, failed".to_owned()),
    }
}

fn agent(map: &Entries<'_>, value: &Lean<'_>) -> Result<Event, String> {
    let verb = match value {
        Lean::Text(t) => match &**t {
            "accepted" => AgentVerb::Accepted,
            "declined" => AgentVerb::Declined,
            "resumed" => AgentVerb::Resumed,
            "resolved" => AgentVerb::Resolved,
            "escalated" => AgentVerb::Escalated,
            "used" => AgentVerb::Used,
            "ran" => AgentVerb::Ran,
            _ => return Err(format!("\"agent\" cannot be \"{t}\"")),
        },
        _ => return Err("\"agent\" is no text".to_owned()),
    };
    Ok(Event::Agent(Box::new(AgentEvent {
        verb,
        name: given_at(map, "name"),
        note: given_at(map, "note"),
        outcome: given_at(map, "outcome"),
        slots: map_at(map, "slots"),
    })))
}

/// What is not understood of an `expect`, in words; what is understood of it counts.
pub(crate) fn odd_expectations(map: &Entries<'_>) -> Vec<String> {
    let odd = |(key, value): &(Cow<'_, str>, Lean<'_>)| {
        let known = match (&**key, value) {
            (_, Lean::Null) => true,
            ("handoff", value) => matches!(value, Lean::Bool(_) | Lean::Map(_)),
            ("end" | "open", value) => matches!(value, Lean::Text(_)),
            ("said", Lean::List(items)) => items.iter().all(|item| matches!(item, Lean::Text(_))),
            ("said", value) => matches!(value, Lean::Text(_)),
            (key, _) => key.starts_with("x_"),
        };
        let asked = match &**key {
            "handoff" => "it is false, or an object of what the handoff should be",
            "end" | "open" | "said" => "it is a text",
            _ => "there is handoff, end, open and said",
        };
        (!known).then(|| format!("\"{key}\" of its expect is not understood: {asked}"))
    };
    map.iter().filter_map(odd).collect()
}

pub(crate) fn expect(map: &Entries<'_>) -> Expect {
    let text = |key: &str| text_at(map, key).map(|t| t.to_string());
    Expect {
        handoff: match get(map, "handoff") {
            Some(Lean::Bool(false)) => Some(ExpectHandoff::None),
            Some(Lean::Map(keys)) => {
                Some(ExpectHandoff::Keys(keys.iter().map(|(k, v)| (k.to_string(), json(v))).collect()))
            }
            Some(Lean::Bool(true)) => Some(ExpectHandoff::Keys(Vec::new())),
            _ => None,
        },
        end: text("end"),
        open: text("open"),
        said: match get(map, "said") {
            Some(Lean::List(items)) => items
                .iter()
                .filter_map(|i| match i {
                    Lean::Text(t) => Some(t.to_string()),
                    _ => None,
                })
                .collect(),
            Some(Lean::Text(t)) => vec![t.to_string()],
            _ => Vec::new(),
        },
    }
}

pub(crate) fn json(lean: &Lean<'_>) -> Json {
    match lean {
        Lean::Null => Json::Null,
        Lean::Bool(b) => Json::Bool(*b),
        Lean::Number(n) => Json::Number(Number::from_text(n)),
        Lean::Text(t) => Json::Text(t.to_string()),
        Lean::List(items) => Json::List(items.iter().map(json).collect()),
        Lean::Map(map) => Json::Map(map.iter().map(|(k, v)| (k.to_string(), json(v))).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_since_1970() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-11-23T09:00:00Z", Some(1_795_424_400)),
            ("2026-11-23T10:00:00+01:00", Some(1_795_424_400)),
            ("2024-02-29T00:00:00.250Z", Some(1_709_164_800)),
            ("2024-02-29", Some(1_709_164_800)),
            ("2026-02-29", None),
            ("2026-11-23T09:00:00+9223372036854775807:00", None),
            ("2026-11-23T09:00:00+99:99", None),
            ("2026-11-23T09:00:00+-5:00", None),
            ("2026-11-23T09:00:00.1.2Z", None),
            ("2026-11-23T09:00:00.Z", None),
            ("2026-11-23T09:00:00-23:59", Some(1_795_424_400 + 86_340)),
            ("2026-02-29T00:00:00Z", None),
            ("yesterday", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn null_is_not_absent_and_numbers_are_exact() {
        let (conversation, notes) = line(
            r#"{"id":"a","turns":[{"who":"user","text":"hi","intent":null,"confidence":0.79999999999999999999},{"what":1},{"clock":-1},{"clock":3155760000},{"clock":3155760000.1},{"clock":1e15}]}"#,
        )
        .unwrap();
        let Event::User(turn) = &conversation.turns[0].event else { panic!("no user turn") };
        assert_eq!(turn.intent, Given::Null);
        assert_eq!(turn.sentiment, Given::Absent);
        assert_eq!(turn.confidence.value(), Some(&Value::Number("0.79999999999999999999".parse().unwrap())));
        assert_eq!(notes.iter().map(|n| n.0).collect::<Vec<_>>(), [1, 2, 4, 5]);
        assert!(notes[2].1.contains("a hundred years"), "{}", notes[2].1);
    }

    #[test]
    fn a_broken_line_names_its_column() {
        for (text, column) in [("{\"id\":\"a\",\"turns\":[}", 20), ("", 1), ("{\"é\":tru}", 6)] {
            match line(text) {
                Err(LineFault::NotJson { column: c, .. }) => assert_eq!(c, column, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
        assert!(matches!(line("[]"), Err(LineFault::NotConversation(_))));
        assert!(matches!(line("{\"turns\":[]}"), Err(LineFault::NotConversation(_))));
    }
}
