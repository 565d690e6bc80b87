//! What is kept back: rules F110 to F117.

use flow_handoff::{Envelope, Keys, Rail};
use flow_model::tree::{Json, compact};
use flow_run::preview::preview;
use flow_run::program::Program;

use super::{checked, conversation};

/// The envelope of a run over these turns, of a flow whose context has these fields.
fn sent(fields: &str, turns: &str, rail: Rail, keys: &Keys) -> Envelope {
    let text = format!(
        r#"{{"format": "handoff-flow/1", "id": "main",
            "classes": {{"money": {{"redact": "mask"}}, "member": {{"redact": "hash"}}}},
            "intents": {{"person": {{}}}},
            "slots": {{"id": {{"type": "text", "entity": "id", "class": "money"}}, "phone": {{"type": "text", "entity": "phone"}},
                       "mail": {{"type": "text", "entity": "mail"}}, "card": {{"type": "text", "entity": "card"}},
                       "order": {{"type": "text", "entity": "order"}}, "born": {{"type": "text", "entity": "born"}}}},
            "calls": {{"pay": {{"inputs": {{"card": "text"}}}}}},
            "tiers": {{"t1": {{}}}},
            "contexts": {{"c": {{"summary": "{{text}}", "fields": {{{fields}}}}}}},
            "nodes": {{"start": {{"kind": "start", "next": "l"}},
                       "l": {{"kind": "listen", "branches": [{{"when": "intent == \"person\"", "to": "pay"}}], "else": "again"}},
                       "again": {{"kind": "message", "text": "What is your date of birth?", "next": "l"}},
                       "pay": {{"kind": "action", "call": "pay", "inputs": {{"card": "slots.card"}}, "time_limit": 5, "ok": "h", "error": "h", "timeout": "h"}},
                       "h": {{"kind": "handoff", "context": "c", "tier": "t1", "mode": "callback", "contact": {{"phone": "slots.phone"}}}}}}}}"#
    );
    let checked = checked(&text, &[]);
    let program = Program::new(&checked);
    preview(&program, &conversation(turns), false).envelopes_for(keys, rail).remove(0).unwrap()
}

fn record(fields: &str, turns: &str) -> Envelope {
    sent(fields, turns, Rail::Record, &Keys::default())
}

fn payload(envelope: &Envelope, field: &str) -> String {
    envelope.field(field).map_or_else(|| "nothing".to_owned(), compact)
}

fn turn(text: &str, entities: &str) -> String {
    format!(r#"{{"who": "user", "intent": "person", "text": "{text}", "entities": {{{entities}}}}}"#)
}

const CARD: &str = "4111 1111 1111 1111";

#[test]
fn f110_what_has_a_class_is_kept_back_where_no_field_sends_it() {
    let fields = r#""said": {"from": "transcript.all()"}, "found": {"from": "entities()"}, "last": {"from": "text"}"#;
    let turns = format!(
        "{}, {}",
        r#"{"who": "user", "intent": "none", "text": "it is t 1234 567", "entities": {"id": "T-1234567"}}"#,
        turn("no, u-7654321", r#""id": "U-7654321""#)
    );
    let made = record(fields, &turns);
    let all = compact(&made.json);
    // What was said before it was put right too.
    assert!(!all.contains("1234") && !all.to_lowercase().contains("u-765"), "{all}");
    assert!(payload(&made, "said").contains(r#""text":"it is ****4567""#), "{all}");
    assert_eq!(payload(&made, "last"), r#""no, ****4321""#);
    assert!(made.redacted.iter().all(|one| one.class.as_deref() == Some("money")));
}

#[test]
fn f118_an_id_that_says_who_somebody_is_stays_here() {
    let text = super::handing(r#""resumed": "l""#, "");
    let checked = checked(&text, &[]);
    let program = Program::new(&checked);
    for (id, goes) in [("fee-1", true), ("jane@example.com", false), ("+44 7700 900123", false)] {
        let line = format!(r#"{{"id": "{id}", "turns": [{{"who": "user", "intent": "person"}}]}}"#);
        let conversation = flow_conversations::line(&line).unwrap().0;
        let made = preview(&program, &conversation, false).envelopes(&Keys::default()).remove(0).unwrap();
        assert_eq!((compact(&made.json).contains(id), made.redacted.is_empty()), (goes, goes), "{id}");
    }
}

#[test]
fn f110_what_is_declared_comes_first() {
    let fields = r#""id": {"from": "slots.id"}, "open": {"from": "slots.id", "redact": "none"}, "gone": {"from": "slots.order", "redact": "drop"},
                    "said": {"from": "transcript.all()"}"#;
    let made = record(fields, &turn("T-1234567 and A-7654321", r#""id": "T-1234567", "order": "A-7654321""#));
    assert_eq!(payload(&made, "id"), r#""****4567""#);
    assert_eq!(payload(&made, "open"), r#""T-1234567""#);
    assert_eq!(payload(&made, "gone"), "nothing");
    assert!(payload(&made, "said").contains(r#""text":"****4567 and [left out]""#));
    assert_eq!(made.summary.as_deref(), Some("****4567 and [left out]"));
    let keys = Keys::one(b"key");
    let hashed = sent(
        r#""id": {"from": "slots.id", "class": "member"}"#,
        &turn("x", r#""id": "T-1234567""#),
        Rail::Record,
        &keys,
    );
    assert_eq!(payload(&hashed, "id").len(), 66);
}

#[test]
fn f111_what_cannot_be_done_as_told_is_not_sent() {
    let made = record(r#""id": {"from": "slots.id", "redact": "hash"}"#, &turn("T-1234567", r#""id": "T-1234567""#));
    assert_eq!(payload(&made, "id"), r#""<REDACTION_FAILED>""#);
    assert_eq!(made.summary.as_deref(), Some("<REDACTION_FAILED>"));
}

#[test]
fn f112_recognisers_look_at_every_text_that_goes_out() {
    let fields = r#""said": {"from": "transcript.all()"}, "tried": {"from": "actions()"}, "last": {"from": "text"}, "all": {"from": "entities()"}"#;
    let turns = format!(
        r#"{{"who": "user", "text": "hello"}}, {{"who": "user", "text": "12/03/1984"}}, {}"#,
        turn(&format!("pay with {CARD}, cvv 123, a@example.com"), &format!(r#""card": "{CARD}""#)),
    );
    let made = record(fields, &turns);
    let clean = "pay with ****1111, cvv ****, ****";
    assert_eq!(made.summary.as_deref(), Some(clean));
    assert_eq!(payload(&made, "last"), format!("\"{clean}\""));
    assert!(payload(&made, "said").contains(clean) && payload(&made, "said").contains(r#""text":"****""#));
    assert!(payload(&made, "tried").contains(r#""card":"****1111""#), "{}", payload(&made, "tried"));
    let all = compact(&made.json);
    for hidden in ["4111 1111", "cvv 123", "a@example.com", "12/03/1984"] {
        assert!(!all.contains(hidden), "{hidden}: {all}");
    }
}

#[test]
fn f113_how_people_are_reached_goes_out_where_it_is_sent_on_purpose() {
    let fields =
        r#""mail": {"from": "slots.mail"}, "said": {"from": "transcript.last(1)"}, "born": {"from": "slots.born"}"#;
    let entities = r#""mail": "a@example.com", "phone": "+44 20 7946 0958", "born": "1984-03-12""#;
    let made = record(fields, &turn("A@example.com, +442079460958, b@example.com", entities));
    assert_eq!(payload(&made, "mail"), r#""a@example.com""#);
    assert_eq!(payload(&made, "born"), r#""1984-03-12""#);
    assert_eq!(made.contact, [("phone".to_owned(), Json::text("+44 20 7946 0958"))]);
    assert_eq!(made.summary.as_deref(), Some("A@example.com, +442079460958, ****"));
    let listed: Vec<_> = made.redacted.iter().map(|r| (r.field.as_str(), r.kind)).collect();
    assert_eq!(listed, [("said", Some("email")), ("summary", Some("email"))]);
    // What somebody said is no field of its own, and a card is never a way to reach anybody.
    let made = record(r#""last": {"from": "text"}"#, &turn("a@example.com", &format!(r#""phone": "{CARD}""#)));
    assert_eq!(payload(&made, "last"), r#""****""#);
    assert_eq!(made.contact, [("phone".to_owned(), Json::text("****1111"))]);
}

#[test]
fn f114_none_is_the_authors_word() {
    let made = record(r#""last": {"from": "text", "redact": "none"}"#, &turn(&format!("a@example.com {CARD}"), ""));
    assert_eq!(payload(&made, "last"), format!("\"a@example.com {CARD}\""));
    assert_eq!(made.summary.as_deref(), Some("**** ****1111"));
}

#[test]
fn f115_no_chat_holds_cards_and_passwords() {
    let fields = r#""last": {"from": "text", "redact": "none"}, "card": {"from": "slots.card", "redact": "mask"}, "plain": {"from": "slots.card"}"#;
    let said = format!("my password is hunter2, a@example.com, {CARD} 12/27 123");
    let turns = turn(&said, &format!(r#""card": "{CARD}""#));
    let chat = sent(fields, &turns, Rail::Chat, &Keys::default());
    assert_eq!(payload(&chat, "last"), r#""my password is [blocked], a@example.com, [blocked] 12/27 [blocked]""#);
    assert_eq!(payload(&chat, "card"), "nothing");
    assert_eq!(chat.summary.as_deref(), Some("my password is [blocked], ****, [blocked] 12/27 [blocked]"));
    assert!(!compact(&chat.json).contains("1111"), "{}", compact(&chat.json));
    let record = record(fields, &turns);
    assert_eq!((payload(&record, "card"), payload(&record, "plain")), (r#""****1111""#.into(), r#""****1111""#.into()));
    assert_eq!(record.summary.as_deref(), Some("my password is ****, ****, ****1111 12/27 ****"));
}

#[test]
fn f116_every_part_is_listed() {
    let fields = r#""id": {"from": "slots.id"}, "said": {"from": "transcript.all()"}"#;
    let made = record(fields, &turn("a@example.com, b@example.com, T-1234567", r#""id": "T-1234567""#));
    let listed: Vec<String> = made.json.get("redacted").unwrap().items().iter().map(compact).collect();
    assert_eq!(
        listed,
        [
            r#"{"field":"id","class":"money","how":"mask","why":"it is data of the class money","kind":null,"part":null,"count":1}"#,
            r#"{"field":"said","class":"money","how":"mask","why":"it holds the value of id: it is data of the class money","kind":null,"part":null,"count":1}"#,
            r#"{"field":"said","class":null,"how":"mask","why":"it holds what looks like an e-mail address","kind":"email","part":"[0].text","count":2}"#,
            r#"{"field":"summary","class":"money","how":"mask","why":"it holds the value of id: it is data of the class money","kind":null,"part":null,"count":1}"#,
            r#"{"field":"summary","class":null,"how":"mask","why":"it holds what looks like an e-mail address","kind":"email","part":"","count":2}"#,
        ]
    );
}

#[test]
fn f117_ordinary_values_stay() {
    let fields = r#""order": {"from": "slots.order"}, "said": {"from": "transcript.all()"}"#;
    for value in [
        "TX-99881234",
        "1234567812345678",
        "249.90",
        "Jane O'Neil-Smith",
        "2026-11-23",
        "INV 2026/0042",
        "555",
        "99881234",
    ] {
        let text = format!("It is {value}, on 12/03/2026 at 10:30 for $1,249.90");
        let made = record(fields, &turn(&text, &format!(r#""order": "{value}""#)));
        assert_eq!(payload(&made, "order"), format!("\"{value}\""));
        assert_eq!(made.summary, Some(text));
        assert_eq!(made.redacted, vec![]);
    }
}
