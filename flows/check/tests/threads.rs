//! A large flow is checked on all cores, and what is said about it does not depend on how many there are.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops where something is not as it should be, and its cases are files"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use flow_check::{check, check_on};
use flow_model::document::read;

/// A flow of `size` nodes: blocks of a listen with three guards, answers, an ask, an action, a decision and a handoff. In
/// many of them something is wrong: a name, a card, a guard that leaves nothing to the next, a text, an unknown key.
fn generated(size: usize) -> String {
    let mut nodes = String::from(r#""start": { "kind": "start", "next": "l0" }"#);
    let blocks = size / 10;
    for b in 0..blocks {
        let next = if b % 17 == 0 { blocks + b } else { (b + 1) % blocks };
        let score = if b % 13 == 0 { "scor" } else { "score" };
        let key = if b % 11 == 0 { "promt" } else { "x_prompt" };
        let least = if b % 7 == 0 { "0.0" } else { "const.sure" };
        let _ = write!(
            nodes,
            r#", "l{b}": {{ "kind": "listen", "branches": [{{ "when": "intent == \"i{m}\" && confidence < 0.{c}", "to": "m{b}" }}, {{ "when": "sentiment < -0.{c} || turn > {t}", "to": "h{b}" }}, {{ "when": "confidence > {least}", "to": "a{b}" }}], "else": "e{b}" }},
"m{b}": {{ "kind": "message", "text": "Number {b}, {{slots.name|friend}}", "next": "l{next}" }},
"e{b}": {{ "kind": "message", "text": "Sorry?", "next": "l{b}" }},
"a{b}": {{ "kind": "ask", "slot": "name", "prompt": "Who?", "{key}": "", "filled": "c{b}", "failed": "h{b}" }},
"c{b}": {{ "kind": "action", "call": "look", "inputs": {{ "id": "slots.name" }}, "ok": "d{b}", "error": "h{b}", "timeout": "h{b}" }},
"d{b}": {{ "kind": "decision", "branches": [{{ "when": "c{b}.{score} < 0.{c}", "to": "h{b}" }}, {{ "when": "c{b}.score < 0.9 && slots.name == \"n{b}\"", "to": "s{b}" }}], "else": "x{b}" }},
"s{b}": {{ "kind": "set", "assign": {{ "name": null }}, "next": "x{b}" }},
"x{b}": {{ "kind": "message", "text": "Done: {{c{b}.text|fine}}.", "next": "l{next}" }},
"h{b}": {{ "kind": "handoff", "context": "c", "tier": "t", "resumed": "r{b}", "resolved": "end", "timeout": "end", "closed": "end", "failed": "end" }},
"r{b}": {{ "kind": "message", "text": "Anything else?", "next": "l{next}" }}"#,
            m = b % 20,
            c = 1 + b % 8,
            t = b % 50,
        );
    }
    let intents: Vec<String> = (0..20).map(|i| format!(r#""i{i}": {{ "examples": ["example {i}"] }}"#)).collect();
    format!(
        r#"{{ "format": "handoff-flow/1", "id": "big", "constants": {{ "sure": {{ "value": 0.8 }} }}, "intents": {{ {} }}, "slots": {{ "name": {{ "type": "text" }} }},
"calls": {{ "look": {{ "inputs": {{ "id": "text" }}, "outputs": {{ "score": "number", "text": "text" }} }} }}, "tiers": {{ "t": {{}} }},
"contexts": {{ "c": {{ "told": "it", "fields": {{ "why": {{ "from": "handoff.reasons", "required": true }}, "name": {{ "from": "slots.name" }} }} }} }},
"triggers": {{ "asked": {{ "when": "intent == \"none\" && no_match > 3", "to": "h0" }} }},
"nodes": {{ {nodes}, "end": {{ "kind": "end", "outcome": "done" }} }} }}"#,
        intents.join(", ")
    )
}

#[test]
fn any_number_of_threads_says_the_same() {
    let document = read(&generated(3_000)).unwrap();
    let alone = check_on(1, &document, None, &|_| None);
    let codes: BTreeSet<&str> = alone.iter().map(|problem| problem.code).collect();
    assert!(codes.len() > 8 && alone.len() > 300, "too little is wrong to tell: {codes:?}");
    for threads in [2, 4, 7] {
        assert_eq!(check_on(threads, &document, None, &|_| None), alone, "{threads} threads");
    }
    assert_eq!(check(&document, &|_| None), alone, "as many as there are cores");
}
