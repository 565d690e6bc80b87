//! Faults that make a flow invalid.

use serde_json::{Value, json};

use super::garden::{Garden, Planted, any_end, at, grow, node, section};

pub const FAULTS: &[fn(&Garden, &mut Vec<Planted>)] = &[names, guards, entries, starts, calls, texts];

fn names(garden: &Garden, planted: &mut Vec<Planted>) {
    let ports = [
        "next",
        "filled",
        "failed",
        "ok",
        "error",
        "timeout",
        "else",
        "sent",
        "resumed",
        "resolved",
        "closed",
        "escalated",
    ];
    for (id, entry) in garden.section("nodes") {
        for key in ports.into_iter().chain(["slot", "call", "context", "tier", "target"]) {
            if entry.get(key).is_some() {
                let path = format!("/nodes/{id}/{key}");
                planted.push(garden.plant("unknown-name", &path, |flow| *at(flow, &path) = json!("no_such_thing")));
            }
        }
    }
    for (id, place, rows) in garden.lists() {
        for i in (0..rows.len()).step_by(3) {
            let path = format!("/nodes/{id}{place}/{i}/{}", if place == "/routes" { "tier" } else { "to" });
            planted.push(garden.plant("unknown-name", &path, |flow| *at(flow, &path) = json!("no_such_thing")));
        }
    }
    for (id, _) in garden.section("triggers") {
        let path = format!("/triggers/{id}/to");
        planted.push(garden.plant("unknown-name", &path, |flow| *at(flow, &path) = json!("no_such_thing")));
    }
}

fn guards(garden: &Garden, planted: &mut Vec<Planted>) {
    let faults = [
        ("unknown-name", "no_such_name > 3"),
        ("type-mismatch", "intent > 3"),
        ("type-mismatch", "confidence == \"high\""),
        ("value-out-of-range", "intent == \"no_such_intent\""),
        ("value-out-of-range", "confidence > 1.5"),
        ("syntax", "confidence <"),
        ("syntax", "(confidence < 0.5"),
    ];
    let mut places: Vec<String> = Vec::new();
    for (id, place, rows) in garden.lists() {
        places.extend((0..rows.len()).map(|i| format!("/nodes/{id}{place}/{i}/when")));
    }
    places.extend(garden.section("triggers").iter().map(|(id, _)| format!("/triggers/{id}/when")));
    // The places take turns with the faults, so that every fault stands in every flow.
    for (path, (code, when)) in places.iter().zip(faults.into_iter().cycle()) {
        planted.push(garden.plant(code, path, |flow| *at(flow, path) = json!(when)));
    }
}

fn entries(garden: &Garden, planted: &mut Vec<Planted>) {
    let required = [
        ("message", "text"),
        ("ask", "slot"),
        ("ask", "prompt"),
        ("action", "call"),
        ("handoff", "context"),
        ("handoff", "tier"),
        ("end", "outcome"),
    ];
    for (kind, key) in required {
        for id in garden.nodes(kind) {
            planted.push(
                garden.plant("missing-field", format!("/nodes/{id}"), |flow| drop(node(flow, &id).shift_remove(key))),
            );
        }
    }
    for (id, _) in garden.section("nodes").into_iter().step_by(5) {
        let path = format!("/nodes/{id}/kind");
        planted.push(garden.plant("unknown-kind", &path, |flow| *at(flow, &path) = json!("telepathy")));
    }
    planted.push(garden.plant("bad-id", "/nodes/two words", |flow| {
        let end = garden.node(&any_end(garden)).clone();
        section(flow, "nodes").insert("two words".to_owned(), end);
    }));
}

fn starts(garden: &Garden, planted: &mut Vec<Planted>) {
    planted.push(garden.plant("no-start", "/nodes", |flow| drop(section(flow, "nodes").shift_remove("start"))));
    planted.push(garden.plant("two-starts", "/nodes/planted*", |flow| {
        section(flow, "nodes").insert("planted".to_owned(), json!({ "kind": "start", "next": "main" }));
    }));
}

/// The flow that can be called beside each of the shipped ones.
pub const CALLED: &str = "asks_for_more";

/// Its text: it asks for an intent that no other flow declares.
pub fn called() -> String {
    json!({
        "format": "handoff-flow/1",
        "id": CALLED,
        "title": "Asks for more",
        "intents": { "only_there": { "title": "Only there", "examples": ["something only there"] } },
        "nodes": {
            "start": { "kind": "start", "next": "main" },
            "main": {
                "kind": "decide",
                "branches": [{ "when": "intent == \"only_there\"", "to": "done" }],
                "else": "done"
            },
            "done": { "kind": "end", "outcome": "done" }
        }
    })
    .to_string()
}

fn calls(garden: &Garden, planted: &mut Vec<Planted>) {
    let call = |id: &str| json!({ "kind": "subflow", "flow": id, "else": "main" });
    planted.push(garden.plant("subflow-missing", "/nodes/planted/flow", |flow| grow(flow, "", call("no_such_flow"))));
    planted.push(garden.plant("intent-unheard", "/nodes/planted/flow", |flow| grow(flow, "", call(CALLED))));
    planted.push(garden.plant("subflow-recursion", "/nodes/planted/flow", |flow| grow(flow, "", call(&garden.id))));
}

/// Faults of the text itself.
fn texts(garden: &Garden, planted: &mut Vec<Planted>) {
    let text = garden.text();
    let mut broken = |code: &'static str, path: &str, text: String| {
        planted.push(Planted { code, paths: vec![path.to_owned()], text, witness: false });
    };
    broken("not-json", "*", text.replacen("\"nodes\":", "\"nodes\"", 1));
    broken("not-json", "*", text[..text.len() / 2].to_owned());
    broken("duplicate-key", "*", text.replacen("\"id\":", "\"id\":\"twice\",\"id\":", 1));
    let format = |to: &str| text.replacen("handoff-flow/1\"", &format!("{to}\""), 1);
    broken("wrong-format", "*", format("something-else/1"));
    broken("too-new", "*", format("handoff-flow/2"));
    let needs: Value = json!(["telepathy"]);
    broken("too-new", "*", text.replacen("\"id\":", &format!("\"needs\":{needs},\"id\":"), 1));
}
