//! Validity: the shipped flow is valid, and every bad input is named by its code at its place.

use flow_check::{Open, valid};
use flow_model::document::read;
use flow_model::problem::{Problem, Severity};

const BANKING: &str = include_str!("../../templates/banking_fee_dispute.flow.json");

fn alone(text: &str) -> Vec<Problem> {
    with(text, &|_| None)
}

fn with(text: &str, open: &Open<'_>) -> Vec<Problem> {
    match read(text) {
        Err(problems) => problems,
        Ok(document) => valid(&document, open).err().unwrap_or_default(),
    }
}

/// A small valid flow with one more top-level part, and these nodes beside its start.
fn flow(parts: &str, nodes: &str) -> String {
    let parts = if parts.is_empty() { String::new() } else { format!("{parts},") };
    let nodes = if nodes.is_empty() { String::new() } else { format!(", {nodes}") };
    format!(
        r#"{{ "format": "handoff-flow/1", "id": "f", {parts} "nodes": {{ "s": {{ "kind": "start", "next": "e" }}, "e": {{ "kind": "end", "outcome": "x" }}{nodes} }} }}"#
    )
}

fn errors(text: &str) -> Vec<String> {
    let told = alone(text);
    told.iter().filter(|p| p.severity == Severity::Error).map(|p| format!("{} {}", p.code, p.path)).collect()
}

#[test]
fn the_banking_flow_is_valid() {
    let document = read(BANKING).unwrap();
    let checked = valid(&document, &|_| None).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(checked.flow().id, "banking_fee_dispute");
    assert_eq!(checked.revision().len(), 12);
    assert!(checked.names().get("look_up.confidence").is_some());
}

#[test]
fn every_fault_has_its_code_and_its_place() {
    for (parts, nodes, expected) in [
        ("", r#""s2": { "kind": "start" }"#, "two-starts /nodes/s2"),
        ("", r#""1x": { "kind": "note", "text": "" }"#, "bad-id /nodes/1x"),
        ("", r#""while": { "kind": "note", "text": "" }"#, "bad-id /nodes/while"),
        (r#""signals": { "queue.x": { "type": "text" } }"#, "", "bad-id /signals/queue.x"),
        (r#""signals": { "e.x": { "type": "text" } }"#, "", "bad-id /signals/e.x"),
        ("", r#""x": { "kind": "dance" }"#, "unknown-kind /nodes/x/kind"),
        ("", r#""x": { "kind": "message" }"#, "missing-field /nodes/x"),
        ("", r#""x": {}"#, "missing-field /nodes/x"),
        ("", r#""x": { "kind": "message", "text": "hi", "next": "nowhere" }"#, "unknown-name /nodes/x/next"),
        ("", r#""x": { "kind": "message", "text": 3 }"#, "type-mismatch /nodes/x/text"),
        ("", r#""x": { "kind": "message", "text": "{nobody}" }"#, "unknown-name /nodes/x/text"),
        ("", r#""x": { "kind": "message", "text": "{queue.wait}" }"#, "unknown-name /nodes/x/text"),
        ("", r#""x": { "kind": "message", "text": "{text:minutes}" }"#, "type-mismatch /nodes/x/text"),
        ("", r#""x": { "kind": "message", "text": "{turn" }"#, "syntax /nodes/x/text"),
        (
            "",
            r#""n": { "kind": "note", "text": "" }, "x": { "kind": "message", "text": "hi", "next": "n" }"#,
            "type-mismatch /nodes/x/next",
        ),
        ("", r#""x": { "kind": "ask", "slot": "none", "prompt": "?" }"#, "unknown-name /nodes/x/slot"),
        ("", r#""x": { "kind": "action", "call": "none" }"#, "unknown-name /nodes/x/call"),
        (
            "",
            r#""x": { "kind": "decision", "branches": [{ "when": "turn >", "to": "e" }] }"#,
            "syntax /nodes/x/branches/0/when",
        ),
        (
            "",
            r#""x": { "kind": "decision", "branches": [{ "when": "confidence > 2", "to": "e" }] }"#,
            "value-out-of-range /nodes/x/branches/0/when",
        ),
        (
            "",
            r#""x": { "kind": "decision", "branches": [{ "when": "turn == \"a\"", "to": "e" }] }"#,
            "type-mismatch /nodes/x/branches/0/when",
        ),
        (
            "",
            r#""x": { "kind": "decision", "branches": [{ "when": "priority == 1", "to": "e" }] }"#,
            "unknown-name /nodes/x/branches/0/when",
        ),
        ("", r#""x": { "kind": "decision", "branches": [{ "when": "true" }] }"#, "missing-field /nodes/x/branches/0"),
        (
            "",
            r#""x": { "kind": "listen", "idle": [{ "after": -1, "say": "?" }] }"#,
            "value-out-of-range /nodes/x/idle/0/after",
        ),
        (r#""signals": { "a": { "type": "number", "min": 3, "max": 1 } }"#, "", "value-out-of-range /signals/a/min"),
        (r#""signals": { "a": { "type": "enum" } }"#, "", "missing-field /signals/a"),
        (r#""signals": { "a": { "type": "colour" } }"#, "", "value-out-of-range /signals/a/type"),
        (r#""constants": { "c": { "value": 3, "max": 1 } }"#, "", "value-out-of-range /constants/c/value"),
        (r#""constants": { "c": { "value": null } }"#, "", "type-mismatch /constants/c/value"),
        (r#""slots": { "a": { "type": "text", "class": "secret" } }"#, "", "unknown-name /slots/a/class"),
        (r#""hours": { "o": { "zone": "Mars/Base" } }"#, "", "unknown-name /hours/o/zone"),
        (r#""hours": { "o": { "zone": "UTC", "open": ["someday"] } }"#, "", "syntax /hours/o/open/0"),
        (r#""tiers": { "t": { "hours": "o" } }"#, "", "unknown-name /tiers/t/hours"),
        (r#""tiers": { "t": { "requires": "nobody" } }"#, "", "unknown-name /tiers/t/requires"),
        (r#""contexts": { "c": { "extends": "d" } }"#, "", "unknown-name /contexts/c/extends"),
        (r#""contexts": { "c": { "extends": "c" } }"#, "", "type-mismatch /contexts/c/extends"),
        (
            r#""contexts": { "c": { "fields": { "f": { "from": "slots.x" } } } }"#,
            "",
            "unknown-name /contexts/c/fields/f/from",
        ),
        (r#""contexts": { "c": { "summary": "{summary}" } }"#, "", "unknown-name /contexts/c/summary"),
        (r#""targets": { "z": { "tiers": { "t": {} } } }"#, "", "unknown-name /targets/z/tiers/t"),
        (r#""targets": { "z": { "fields": { "f": "tags" } } }"#, "", "unknown-name /targets/z/fields/f"),
        (
            r#""triggers": { "t": { "when": "true", "to": "e", "within": ["!nobody"] } }"#,
            "",
            "unknown-name /triggers/t/within/0",
        ),
        (
            r#""triggers": { "t": { "when": "true", "to": "e", "once": "often" } }"#,
            "",
            "type-mismatch /triggers/t/once",
        ),
        (
            r#""triggers": { "t": { "when": "true", "to": "e", "because": { "b": "turn" } } }"#,
            "",
            "type-mismatch /triggers/t/because/b",
        ),
        (
            r#""scores": { "a": { "base": 0, "min": 0, "max": 1, "add": [{ "when": "b > 0", "points": 1 }] }, "b": { "base": 0, "min": 0, "max": 1, "add": [] } }"#,
            "",
            "unknown-name /scores/a/add/0/when",
        ),
        (
            r#""slots": { "n": { "type": "number" } }"#,
            r#""x": { "kind": "set", "assign": { "n": "\"a\"" } }"#,
            "type-mismatch /nodes/x/assign/n",
        ),
        (
            r#""calls": { "c": { "inputs": { "i": "number" } } }"#,
            r#""x": { "kind": "action", "call": "c", "inputs": { "j": "1" } }"#,
            "unknown-name /nodes/x/inputs/j",
        ),
        (
            r#""calls": { "c": { "inputs": { "i": "number" } } }"#,
            r#""x": { "kind": "action", "call": "c", "inputs": { "i": "\"1\"" } }"#,
            "type-mismatch /nodes/x/inputs/i",
        ),
        (
            r#""tiers": { "t": {} }, "contexts": { "c": {} }"#,
            r#""x": { "kind": "handoff", "context": "c", "tier": "t", "escalated": "e" }"#,
            "type-mismatch /nodes/x/escalated",
        ),
        (
            r#""tiers": { "t": {} }, "contexts": { "c": {} }"#,
            r#""x": { "kind": "handoff", "context": "c", "tier": "t", "reasons": { "s.filled": "no" } }"#,
            "unknown-name /nodes/x/reasons/s.filled",
        ),
    ] {
        let text = flow(parts, nodes);
        assert_eq!(errors(&text), [expected], "{text}");
    }
}

#[test]
fn a_flow_without_a_start_says_so() {
    let text = r#"{ "format": "handoff-flow/1", "id": "f", "nodes": {} }"#;
    assert_eq!(errors(text), ["no-start /nodes"]);
    assert_eq!(errors(r#"{ "format": "handoff-flow/1", "id": "f" }"#), ["missing-field ", "no-start /nodes"]);
}

#[test]
fn unknown_keys_and_reserved_ones_stop_nothing() {
    let text = flow(r#""locales": {}, "x_mine": 1, "titel": "T""#, "");
    assert_eq!(alone(&text), []);
    let text = flow(r#""triggers": { "t": { "when": "true", "to": "e", "within": ["group:none"] } }"#, "");
    assert_eq!(alone(&text), []);
}

#[test]
fn all_problems_come_at_once() {
    let text = flow(
        r#""titel": 1, "tiers": { "t": { "hours": "o" } }"#,
        r#""a": { "kind": "message" }, "b": { "kind": "dance" }, "c": { "kind": "listen", "else": "zz" }"#,
    );
    let mut codes: Vec<&str> = alone(&text).iter().map(|p| p.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["missing-field", "unknown-key", "unknown-kind", "unknown-name", "unknown-name"]);
}

#[test]
fn spans_count_utf16_units_in_the_decoded_text() {
    let text = flow("", r#""x": { "kind": "message", "text": "💬 \"{nobody}\"" }"#);
    let problem = &alone(&text)[0];
    let span = problem.span.unwrap();
    assert_eq!((span.start, span.end), (5, 11));
    let text =
        flow("", r#""x": { "kind": "decision", "branches": [{ "when": "text == \"💬\" && nobody", "to": "e" }] }"#);
    let span = alone(&text)[0].span.unwrap();
    assert_eq!((span.start, span.end), (16, 22));
}

#[test]
fn subflows_are_found_and_never_come_back_to_themselves() {
    let call = |own: &str, other: &str| {
        format!(
            r#"{{ "format": "handoff-flow/1", "id": "{own}", "nodes": {{ "s": {{ "kind": "start", "next": "c" }}, "c": {{ "kind": "subflow", "flow": "{other}" }} }} }}"#
        )
    };
    let codes = |open: &Open<'_>| {
        with(&call("a", "b"), open).iter().map(|p| format!("{} {}", p.code, p.path)).collect::<Vec<_>>()
    };
    assert_eq!(codes(&|_| None), ["subflow-missing /nodes/c/flow"]);
    assert_eq!(codes(&|_| Some(read("{"))), ["subflow-missing /nodes/c/flow"]);
    assert_eq!(codes(&|_| Some(read(&call("b", "a")))), ["subflow-recursion /nodes/c/flow"]);
    assert_eq!(codes(&|_| Some(read(&call("b", "b")))), ["subflow-recursion /nodes/c/flow"]);
    let deep = |id: &str| {
        let n: usize = id[1..].parse().unwrap_or(0);
        Some(read(&if n < 25 {
            call(id, &format!("n{}", n + 1))
        } else {
            flow("", "").replace("\"f\"", &format!("\"{id}\""))
        }))
    };
    assert_eq!(with(&call("a", "n1"), &deep), []);
    assert_eq!(with(&call("z", "n0"), &deep).len(), 1);
    let bad = |_: &str| Some(read(&flow("", r#""x": { "kind": "dance" }"#)));
    assert_eq!(codes(&bad), ["unknown-kind /nodes/c/flow"]);
}

#[test]
fn inputs_of_a_subflow_are_slots_of_it() {
    let callee = |_: &str| Some(read(&flow(r#""slots": { "n": { "type": "number" } }"#, "")));
    let text = flow("", r#""c": { "kind": "subflow", "flow": "g", "inputs": { "n": "\"a\"", "m": "1" } }"#);
    let told: Vec<String> = with(&text, &callee).iter().map(|p| format!("{} {}", p.code, p.path)).collect();
    assert_eq!(told, ["type-mismatch /nodes/c/inputs/n", "unknown-name /nodes/c/inputs/m"]);
}

#[test]
fn a_condition_cut_at_any_place_is_reported_and_never_panics() {
    let whole = "intent == \"none\" && !(confidence < 0.8 || sentiment in [0.1, -0.2]) && text.contains(\"💬\")";
    for (at, _) in whole.char_indices().skip(1) {
        let cut = serde_json::to_string(&whole[..at]).unwrap();
        let text = flow("", &format!(r#""x": {{ "kind": "decision", "branches": [{{ "when": {cut}, "to": "e" }}] }}"#));
        let units = whole[..at].encode_utf16().count();
        for problem in alone(&text).iter().filter(|p| p.severity == Severity::Error) {
            assert_eq!(problem.path, "/nodes/x/branches/0/when");
            let span = problem.span.unwrap();
            assert!(span.start <= span.end && span.end as usize <= units, "{cut} {span:?}");
        }
    }
}

#[test]
fn names_and_texts_may_hold_anything_that_is_data() {
    let evil = serde_json::to_string("<script>alert(\"1\")</script> \\ / 💬 \u{202e}rtl \u{0} '").unwrap();
    let text = flow(
        &format!(r#""title": {evil}, "intents": {{ "a/b~c é": {{ "title": {evil} }} }}"#),
        &format!(r#""x": {{ "kind": "message", "text": {evil}, "title": {evil} }}"#),
    );
    assert_eq!(alone(&text), []);
    let control = flow(r#""intents": { "a\u0000b": {} }"#, "");
    assert_eq!(errors(&control), ["bad-id /intents/a\u{0}b"]);
}
