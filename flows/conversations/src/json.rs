//! A conversation as the JSON from which it is read.

use flow_conditions::value::Value;
use flow_model::tree::{Json, Number};

use crate::event::{
    ActionResult, AgentEvent, Conversation, Event, Expect, ExpectHandoff, Given, HandoffNews, QueueNews, Status,
    UserTurn,
};

type Entries = Vec<(String, Json)>;

/// The conversation as [`crate::value`] reads it. What was not understood when it was read is no longer there, so that an
/// element of `turns` that is [`Event::Unknown`] becomes an empty object.
#[must_use]
pub fn json(conversation: &Conversation) -> Json {
    let mut map = vec![entry("id", Json::text(&*conversation.id))];
    map.extend(conversation.start.map(|start| entry("start", Json::Text(time(start)))));
    if !conversation.customer.is_empty() {
        map.push(entry("customer", named(&conversation.customer)));
    }
    map.extend(conversation.expect.as_ref().map(|expected| entry("expect", expect(expected))));
    map.extend(conversation.labels.as_ref().map(|labels| entry("labels", labels.clone())));
    if !conversation.tags.is_empty() {
        map.push(entry("tags", Json::List(conversation.tags.iter().map(Json::text).collect())));
    }
    map.extend(conversation.rest.iter().cloned());
    let turns = conversation.turns.iter().map(|turn| {
        let mut map = event(&turn.event);
        map.extend(turn.t.map(|t| entry("t", Json::Number(Number::from_text(&t.to_string())))));
        Json::Map(map)
    });
    map.push(entry("turns", Json::List(turns.collect())));
    Json::Map(map)
}

fn entry(key: &str, value: Json) -> (String, Json) {
    (key.to_owned(), value)
}

fn event(event: &Event) -> Entries {
    match event {
        Event::User(turn) => user(turn),
        Event::Bot(text) => vec![entry("who", Json::text("bot")), entry("text", Json::text(&**text))],
        Event::Said(text) => vec![entry("who", Json::text("agent")), entry("text", Json::text(&**text))],
        Event::Action(result) => action(result),
        Event::Queue(news) => queue(news),
        Event::Clock(seconds) => vec![entry("clock", Json::Number(Number::from_text(&seconds.to_string())))],
        Event::Handoff(HandoffNews::Failed) => vec![entry("handoff", Json::text("failed"))],
        Event::Handoff(HandoffNews::Sent(reference)) => {
            let mut map = vec![entry("handoff", Json::text("sent"))];
            map.extend(reference.as_ref().map(|reference| entry("ref", Json::text(&**reference))));
            map
        }
        Event::Agent(agent) => person(agent),
        Event::Left => vec![entry("customer", Json::text("left"))],
        Event::Unknown => Vec::new(),
    }
}

fn user(turn: &UserTurn) -> Entries {
    let mut map = vec![entry("who", Json::text("user"))];
    given(&mut map, "text", &turn.text);
    given(&mut map, "intent", &turn.intent);
    given(&mut map, "confidence", &turn.confidence);
    given(&mut map, "sentiment", &turn.sentiment);
    given(&mut map, "frustration", &turn.frustration);
    given(&mut map, "channel", &turn.channel);
    if turn.nlu_down {
        map.push(entry("nlu", Json::text("down")));
    }
    if !turn.entities.is_empty() {
        map.push(entry("entities", named(&turn.entities)));
    }
    if !turn.alternatives.is_empty() {
        let one = |(intent, confidence): &(String, Given)| {
            let mut map = vec![entry("intent", Json::text(intent))];
            given(&mut map, "confidence", confidence);
            Json::Map(map)
        };
        map.push(entry("alternatives", Json::List(turn.alternatives.iter().map(one).collect())));
    }
    if !turn.signals.is_empty() {
        map.push(entry("signals", named(&turn.signals)));
    }
    map
}

fn action(result: &ActionResult) -> Entries {
    let status = match result.status {
        Status::Ok => "ok",
        Status::Error => "error",
        Status::Timeout => "timeout",
    };
    let mut map = vec![entry("action", Json::text(&*result.action)), entry("status", Json::text(status))];
    given(&mut map, "code", &result.code);
    given(&mut map, "message", &result.message);
    if !result.data.is_empty() {
        map.push(entry("data", named(&result.data)));
    }
    map
}

fn queue(news: &QueueNews) -> Entries {
    let mut map = vec![entry("queue", Json::text(&*news.tier))];
    given(&mut map, "wait", &news.wait);
    given(&mut map, "open", &news.open);
    given(&mut map, "available", &news.available);
    given(&mut map, "position", &news.position);
    given(&mut map, "opens_at", &news.opens_at);
    map
}

fn person(agent: &AgentEvent) -> Entries {
    let mut map = vec![entry("agent", Json::text(agent.verb.id()))];
    given(&mut map, "name", &agent.name);
    given(&mut map, "note", &agent.note);
    given(&mut map, "outcome", &agent.outcome);
    if !agent.slots.is_empty() {
        map.push(entry("slots", named(&agent.slots)));
    }
    map
}

fn expect(expect: &Expect) -> Json {
    let mut map = Entries::new();
    match &expect.handoff {
        Some(ExpectHandoff::None) => map.push(entry("handoff", Json::Bool(false))),
        Some(ExpectHandoff::Keys(keys)) => map.push(entry("handoff", Json::Map(keys.clone()))),
        None => {}
    }
    map.extend(expect.end.as_ref().map(|end| entry("end", Json::text(end))));
    map.extend(expect.open.as_ref().map(|open| entry("open", Json::text(open))));
    if !expect.said.is_empty() {
        map.push(entry("said", Json::List(expect.said.iter().map(Json::text).collect())));
    }
    Json::Map(map)
}

fn given(map: &mut Entries, key: &str, given: &Given) {
    if *given != Given::Absent {
        map.push(entry(key, shown(given)));
    }
}

fn named(list: &[(String, Given)]) -> Json {
    Json::Map(list.iter().map(|(name, given)| (name.clone(), shown(given))).collect())
}

/// A value that no signal can hold is written as an empty list, which no signal can hold either.
fn shown(given: &Given) -> Json {
    match given {
        Given::Absent | Given::Null => Json::Null,
        Given::Value(value) => plain(value),
        Given::Odd => Json::List(Vec::new()),
    }
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Number(number) => Json::Number(Number::from_text(&number.to_string())),
        Value::Text(text) => Json::text(&**text),
        Value::List(items) => Json::List(items.iter().map(plain).collect()),
    }
}

/// Seconds since 1970 as RFC 3339 in UTC.
pub(crate) fn time(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days from 0000-03-01, so that a leap day ends its year; 146,097 days make 400 years.
    let since = days + 719_468;
    let of_era = since.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = since.div_euclid(146_097) * 400 + year_of_era + i64::from(month <= 2);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f120_what_is_written_is_read_again_tags_and_unknown_keys_too() {
        let line = concat!(
            r#"{"id":"a","start":"2026-02-28T23:59:59Z","customer":{"id":"c","tier":"vip"},"#,
            r#""expect":{"handoff":{"tier":"one"},"end":"done","open":"main","said":["x"]},"labels":{"a":[1]},"tags":["t","u"],"x_mine":{"k":[null]},"turns":["#,
            r#"{"who":"user","text":"hi","intent":"a","confidence":0.25,"sentiment":null,"entities":{"e":"v"},"alternatives":[{"intent":"b","confidence":0.2},{"intent":"c"}],"signals":{"s.x":3}},"#,
            r#"{"who":"user","nlu":"down","t":4.5},{"who":"bot","text":"b"},{"who":"agent","text":"p"},"#,
            r#"{"action":"n","status":"error","code":"E","message":"m","data":{"o":true}},{"action":"n","status":"timeout"},"#,
            r#"{"queue":"one","wait":420,"open":false,"available":0,"position":4,"opens_at":"Monday"},{"clock":0.5},"#,
            r#"{"handoff":"sent","ref":"R"},{"handoff":"failed"},{"agent":"accepted","name":"desk"},"#,
            r#"{"agent":"resumed","note":"n","outcome":"o","slots":{"s":null}},{"customer":"left"}]}"#
        );
        let (read, notes) = crate::line(line).unwrap();
        assert!(notes.is_empty());
        assert_eq!(crate::value(&json(&read)).unwrap().0, read);
    }

    #[test]
    fn moments_are_dates() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (1_709_164_800, "2024-02-29T00:00:00Z"),
            (1_795_424_400, "2026-11-23T09:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
        ] {
            assert_eq!(time(seconds), text);
        }
    }
}
