//! The envelope and the way back: F58, F59, F83, F100 and above.

use flow_handoff::Environment;
use flow_run::preview::Setting;

use super::*;

/// The first handoff as `preview --json` shows it.
fn handoff_with(text: &str, line: &str, keys: &Keys) -> Json {
    let checked = checked(text, &[]);
    let program = Program::new(&checked);
    let (conversation, _) = flow_conversations::line(line).unwrap();
    let run = preview(&program, &conversation, false);
    let environment = Environment::default();
    let setting = Setting { targets: flow_handoff::TARGETS.to_vec(), environment: &environment, keys, signals: false };
    run.json(&conversation, &setting, &[]).at(&["handoffs", "0"]).unwrap().clone()
}

fn handoff(text: &str, turns: &str) -> Json {
    handoff_with(text, &format!("{{\"id\": \"c\", \"turns\": [{turns}]}}"), &Keys::default())
}

fn at(json: &Json, path: &[&str]) -> String {
    json.at(path).map_or_else(|| "absent".to_owned(), compact)
}

/// Types of the events of a handoff, without `handoff.` and `.v1`.
fn states(handoff: &Json) -> String {
    let events = handoff.get("events").unwrap().items();
    let short =
        |event: &Json| event.get("type")?.as_text()?.strip_prefix("handoff.")?.strip_suffix(".v1").map(str::to_owned);
    events.iter().filter_map(short).collect::<Vec<_>>().join(" ")
}

const DRAWN: &str = r#""resumed": "l", "resolved": "over", "escalated": "h2", "timeout": "l", "closed": "l", "failed": "l", "max_wait": 60"#;
const NODES: &str = r#""over": {"kind": "end", "outcome": "resolved"},
  "h2": {"kind": "handoff", "tier": "t2", "context": "c"},
  "q": {"kind": "ask", "slot": "id", "prompt": "Which?", "filled": "l"}"#;

const PLACED: &str = r#""contexts": {"c": {"screen": {"open": "https://crm.example.com/?who={customer.id}&x=1"},
    "fields": {"a": {"from": "intent"}, "b": {"from": "turn"}, "d": {"from": "channel"}}}},
    "targets": {"sunshine": {"fields": {"a": "metadata.k", "b": "metadata.k", "d": "metadata.handoff_id"}}},"#;

fn placed(customer: &str) -> Json {
    let text = handing(DRAWN, NODES).replacen(
        r#""contexts": {"c": {"fields": {"why": {"from": "handoff.reasons"}, "id": {"from": "slots.id"}}}},"#,
        PLACED,
        1,
    );
    assert!(text.contains("crm.example.com"), "{text}");
    let line = format!(
        r#"{{"id": "c", "customer": {{"id": "{customer}"}}, "turns": [{{"who": "user", "intent": "person", "channel": "web"}}]}}"#
    );
    handoff_with(&text, &line, &Keys::default())
}

#[test]
fn f103_no_field_takes_the_place_of_another() {
    let found = placed("c-7");
    let request = ["requests", "sunshine"];
    let body = found.at(&[&request[..], &["body"]].concat()).and_then(Json::as_text).unwrap().to_owned();
    let id = at(&found, &["envelope", "id"]);
    for part in [r#""k":"person""#, r#""k_2":1"#, r#""handoff_id_2":"web""#, &format!(r#""handoff_id":{id}"#)] {
        assert!(body.contains(part), "{part}: {body}");
    }
    let cut = found.at(&[&request[..], &["cut"]].concat()).unwrap().items();
    let told: Vec<String> = cut.iter().map(|cut| format!("{} {}", at(cut, &["field"]), at(cut, &["how"]))).collect();
    assert_eq!(told, [r#""b" "moved""#, r#""d" "moved""#]);
}

#[test]
fn f119_values_add_nothing_to_an_address() {
    assert_eq!(at(&placed("c-7"), &["envelope", "screen"]), r#""https://crm.example.com/?who=c-7&x=1""#);
    assert_eq!(
        at(&placed("1&admin=true#x y"), &["envelope", "screen"]),
        r#""https://crm.example.com/?who=1%26admin%3Dtrue%23x%20y&x=1""#
    );
}

#[test]
fn f59_a_request_that_a_person_had_is_lost_and_not_undelivered() {
    let text = handing(DRAWN, NODES);
    for (turns, why) in [
        (r#", {"handoff": "failed"}"#, "it could not be delivered"),
        (r#", {"agent": "accepted", "name": "Kim"}, {"handoff": "failed"}"#, "the person lost it"),
    ] {
        let found = handoff(&text, &format!("{PERSON}{turns}"));
        assert_eq!(at(&found, &["resume", "why"]), format!("\"{why}\""));
    }
}

#[test]
fn f58_each_state_of_a_request_is_a_cloud_event() {
    let text = handing(DRAWN, NODES);
    for (turns, expected, outcome) in [
        ("", "requested", "null"),
        (r#", {"agent": "accepted", "name": "Kim"}"#, "requested accepted", "null"),
        (r#", {"agent": "resumed"}"#, "requested accepted resumed", "\"returned\""),
        (r#", {"agent": "resolved"}"#, "requested accepted completed", "\"resolved\""),
        (r#", {"agent": "escalated"}"#, "requested accepted completed", "\"escalated\""),
        (r#", {"handoff": "failed"}"#, "requested failed", "\"no_agent\""),
        (r#", {"agent": "accepted"}, {"handoff": "failed"}"#, "requested accepted failed", "\"no_agent\""),
        (r#", {"clock": 61}"#, "requested failed", "\"timeout\""),
        (r#", {"queue": "t1", "open": false}"#, "requested failed", "\"no_agent\""),
        (r#", {"customer": "left"}"#, "requested failed", "\"abandoned\""),
    ] {
        let found = handoff(&text, &format!("{PERSON}{turns}"));
        assert_eq!(
            (states(&found).as_str(), at(&found, &["resume", "outcome"]).replace("absent", "null").as_str()),
            (expected, outcome),
            "{turns}"
        );
    }
    let ticket = handing(r#""mode": "ticket", "sent": "l""#, "");
    assert_eq!(states(&handoff(&ticket, PERSON)), "requested accepted");
    let found = handoff(&text, &format!(r#"{PERSON}, {{"clock": 5}}, {{"agent": "resumed"}}"#));
    let events = found.get("events").unwrap().items();
    let ids: Vec<String> = events.iter().map(|event| at(event, &["id"])).collect();
    assert_eq!(ids[0], at(&found, &["envelope", "id"]));
    assert!(ids[1] != ids[0] && ids[2] != ids[1] && ids[2] != ids[0]);
    for event in events {
        assert_eq!(at(event, &["handoffid"]), ids[0]);
        assert_eq!((at(event, &["source"]).as_str(), at(event, &["subject"]).as_str()), ("\"/flows/main\"", "\"c\""));
        assert!(
            event.entries().iter().all(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
        );
    }
    assert_eq!(at(&events[2], &["time"]), "\"1970-01-01T00:00:05Z\"");
    assert_eq!(events[2].get("data"), found.get("resume"));
}

#[test]
fn f59_what_comes_back_says_what_was_done_what_is_new_and_who_is_next() {
    let calls = r#""calls": {"look": {"outputs": {"a": "text"}, "repeat": "never"}, "peek": {"repeat": "safe"}},"#;
    let nodes = format!(
        r#""a": {{"kind": "action", "call": "look", "ok": "b"}}, "b": {{"kind": "action", "call": "peek", "ok": "h"}},
        "l": {{"kind": "listen", "else": "a"}}, "h": {{"kind": "handoff", "tier": "t1", "context": "c", {DRAWN},
        "returns": {{"rerun": {{"to": "q"}}}}}}, {NODES}"#
    );
    let text =
        flow(&nodes, "").replace(r#""calls": {"look": {"outputs": {"a": "text"}, "errors": {"E1": "gone"}}},"#, calls);
    let turns = r#"{"who": "user", "text": "help", "entities": {"n": 3}}, {"who": "agent", "text": "before"},
        {"agent": "declined", "name": "Lee"}, {"handoff": "sent", "ref": "R9"}, {"agent": "accepted", "name": "Kim"},
        {"who": "agent", "text": "Hello"}, {"who": "user", "text": "It is 7", "entities": {"id": "T7"}},
        {"who": "agent", "text": "All set."}, {"agent": "ran", "name": "export"},
        {"agent": "resumed", "outcome": "rerun", "note": "run it again", "slots": {"n": 4}}"#;
    let found = handoff(&text, turns);
    let back = found.get("resume").unwrap();
    let keys: Vec<&str> = back.entries().iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "handoff_id",
            "type",
            "time",
            "conversation",
            "outcome",
            "why",
            "person",
            "reference",
            "result",
            "note",
            "did",
            "facts",
            "do_not_repeat",
            "closing_text",
            "next_owner"
        ]
    );
    for (path, expected) in [
        (&["outcome"][..], r#""returned""#),
        (&["person"], r#""Kim""#),
        (&["reference"], r#""R9""#),
        (&["result"], r#""rerun""#),
        (&["note"], r#""run it again""#),
        (&["facts"], r#"{"id":"T7","n":4}"#),
        (&["closing_text"], r#""All set.""#),
        (&["next_owner"], r#"{"who":"ai","node":"q","tier":null}"#),
        (&["did", "0"], r#"{"name":"Lee","did":"declined"}"#),
        (&["did", "3", "did"], r#""resumed""#),
    ] {
        assert_eq!(at(back, path), expected, "{path:?}");
    }
    let done: Vec<String> = back
        .get("do_not_repeat")
        .unwrap()
        .items()
        .iter()
        .map(|done| format!("{} {} {}", at(done, &["what"]), at(done, &["name"]), at(done, &["by"])))
        .collect();
    assert_eq!(done, [r#""ask" "id" "person""#, r#""action" "look" "ai""#, r#""action" "export" "person""#]);
    let over = handoff(&text, &turns.replace("resumed", "resolved"));
    assert_eq!(at(&over, &["resume", "next_owner"]), r#"{"who":"nobody","node":"over","tier":null}"#);
    let on = handoff(&text, &turns.replace("resumed", "escalated"));
    assert_eq!(at(&on, &["resume", "next_owner"]), r#"{"who":"person","node":"h2","tier":"t2"}"#);
}

const SENDS: &str = r#""fields": {"topic": {"from": "intent"}, "sure": {"from": "confidence"}, "or": {"from": "alternatives(1)"},
    "moods": {"from": "sentiments()"}, "mine": {"from": "slots.id", "class": "private", "redact": "mask"}}"#;

fn sending() -> String {
    let text = handing(DRAWN, NODES)
        .replace(r#""fields": {"why": {"from": "handoff.reasons"}, "id": {"from": "slots.id"}}"#, SENDS);
    text.replacen('{', r#"{"classes": {"private": {"title": "Private", "retain_days": 30, "basis": "consent"}},"#, 1)
}

#[test]
fn f83_other_intents_and_the_course_of_sentiment_can_be_sent() {
    let turns = r#"{"who": "user", "text": "a", "intent": "fee", "sentiment": 0.5}, {"who": "user", "text": "b", "sentiment": null},
        {"who": "user", "text": "c", "intent": "person", "confidence": 0.7, "sentiment": -0.25,
         "alternatives": [{"intent": "fee", "confidence": 0.2}, {"confidence": 1}, {"intent": "cancel"}]}"#;
    let found = handoff(&sending(), turns);
    assert_eq!(at(&found, &["envelope", "payload", "or"]), r#"[{"intent":"fee","confidence":0.2}]"#);
    assert_eq!(at(&found, &["envelope", "payload", "moods"]), "[0.5,-0.25]");
}

#[test]
fn f100_the_envelope_says_by_meaning_what_fields_send_and_nothing_else() {
    let turns = r#"{"who": "user", "text": "a", "intent": "person", "confidence": 0.7, "sentiment": -0.25, "entities": {"id": "T-1001-22"}}"#;
    let found = handoff(&sending(), turns);
    for (key, expected) in [
        ("intent", r#"{"name":"person","title":null,"confidence":0.7,"alternatives":[]}"#),
        ("sentiment", r#"{"now":null,"trend":null,"course":[-0.25]}"#),
        ("slots", r#"{"id":"****1-22"}"#),
        ("entities", "null"),
        ("transcript", "null"),
        ("classes", r#"{"private":{"title":"Private","basis":"consent","retain_days":30,"fields":["mine"]}}"#),
    ] {
        assert_eq!(at(&found, &["envelope", key]), expected, "{key}");
    }
    assert_eq!(at(&found, &["envelope", "resume", "returns"]), r#"["resumed","resolved","escalated"]"#);
}

#[test]
fn f101_a_resume_token_needs_a_key() {
    let line = format!("{{\"id\": \"c\", \"turns\": [{PERSON}]}}");
    let text = handing(DRAWN, NODES);
    let token = |keys: &Keys| at(&handoff_with(&text, &line, keys), &["envelope", "resume", "token"]);
    assert_eq!(token(&Keys::default()), "null");
    let keys = Keys::one(b"key");
    assert!(token(&keys).starts_with("\"r1.93a80.") && token(&keys).len() <= 66, "{}", token(&keys));
}

#[test]
fn f102_each_target_says_beside_the_request_how_it_waits_withdraws_and_returns() {
    let found = handoff(&handing(DRAWN, NODES), PERSON);
    for target in flow_handoff::TARGETS {
        let request = found.at(&["requests", target.id()]).unwrap();
        for key in [
            "content_type",
            "meters",
            "keeps",
            "chat",
            "carried_as",
            "wait",
            "withdraw",
            "returns",
            "idempotency",
            "secrets",
        ] {
            assert!(request.get(key).is_some(), "{} {key}", target.id());
        }
        assert!(["\"before\"", "\"after\"", "\"never\""].contains(&at(request, &["wait", "known"]).as_str()));
        let withdraw = request.get("withdraw").unwrap();
        assert!(withdraw.get("request") == Some(&Json::Null) || withdraw.get("why_not") == Some(&Json::Null));
    }
}
