//! Growth: a check of a large flow stays near linear. The figure itself is measured by `handoff check` in release.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops where something is not as it should be, and its cases are files"
)]

use std::fmt::Write as _;
use std::time::Instant;

use flow_check::check;
use flow_model::document::read;

/// A flow of `size` nodes: blocks of a listen with three guards, answers, an ask, an action, a decision and a handoff.
fn generated(size: usize) -> String {
    let mut nodes = String::from(r#""start": { "kind": "start", "next": "l0" }"#);
    let blocks = size / 10;
    for b in 0..blocks {
        let next = (b + 1) % blocks;
        let _ = write!(
            nodes,
            r#", "l{b}": {{ "kind": "listen", "branches": [{{ "when": "intent == \"i{m}\" && confidence < 0.{c}", "to": "m{b}" }}, {{ "when": "sentiment < -0.{c} || turn > {t}", "to": "h{b}" }}, {{ "when": "confidence > const.sure", "to": "a{b}" }}], "else": "e{b}" }},
"m{b}": {{ "kind": "message", "text": "Number {b}, {{slots.name|friend}}", "next": "l{next}" }},
"e{b}": {{ "kind": "message", "text": "Sorry?", "next": "l{b}" }},
"a{b}": {{ "kind": "ask", "slot": "name", "prompt": "Who?", "filled": "c{b}", "failed": "h{b}" }},
"c{b}": {{ "kind": "action", "call": "look", "inputs": {{ "id": "slots.name" }}, "ok": "d{b}", "error": "h{b}", "timeout": "h{b}" }},
"d{b}": {{ "kind": "decision", "branches": [{{ "when": "c{b}.score < 0.{c}", "to": "h{b}" }}, {{ "when": "c{b}.score < 0.9 && slots.name == \"n{b}\"", "to": "s{b}" }}], "else": "x{b}" }},
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

fn milliseconds(size: usize) -> f64 {
    let text = generated(size);
    let mut best = f64::MAX;
    for _ in 0..3 {
        let begin = Instant::now();
        let document = read(&text).unwrap();
        let found = check(&document, &|_| None);
        best = best.min(begin.elapsed().as_secs_f64() * 1000.0);
        let errors: Vec<_> = found.iter().filter(|p| p.severity == flow_model::Severity::Error).take(3).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    best
}

#[test]
fn growth_is_near_linear() {
    let (small, large) = (milliseconds(1_000), milliseconds(10_000));
    eprintln!("1,000 nodes {small:.1} ms, 10,000 nodes {large:.1} ms");
    assert!(large < small * 25.0 + 50.0, "1,000 nodes take {small:.1} ms, 10,000 take {large:.1} ms");
}
