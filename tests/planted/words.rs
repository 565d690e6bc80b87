//! Faults in what is said, and in what was collected for nothing.

use serde_json::{Value, json};

use super::garden::{Garden, Planted, at, grow, message, node, section};

pub const FAULTS: &[fn(&Garden, &mut Vec<Planted>)] = &[internal, promises, closed, unset, empty, examples, slots];

/// Texts that the customer hears: their pointers.
fn heard(garden: &Garden) -> Vec<String> {
    let mut texts = Vec::new();
    for (id, node) in garden.section("nodes") {
        for key in ["/text", "/prompt", "/reprompt", "/say", "/waiting/say/0/text", "/waiting/else_say", "/idle/0/say"]
        {
            if node["kind"] != "note" && node["kind"] != "todo" && node.pointer(key).is_some_and(Value::is_string) {
                texts.push(format!("/nodes/{id}{key}"));
            }
        }
    }
    for (id, context) in garden.section("contexts") {
        if context.get("told").is_some() {
            texts.push(format!("/contexts/{id}/told"));
        }
    }
    texts
}

fn add(flow: &mut Value, path: &str, words: &str) {
    let text = at(flow, path);
    *text = json!(format!("{} {words}", text.as_str().unwrap()));
}

fn internal(garden: &Garden, planted: &mut Vec<Planted>) {
    let handoff = garden.asked();
    let words = [
        format!("Going to {handoff} now."),
        "Because: {reasons}".to_owned(),
        "The code was {error.code|none}.".to_owned(),
        "I was {confidence|not} sure.".to_owned(),
        "A colleague noted {agent.note|nothing}.".to_owned(),
        "Fired by {trigger.id|nothing}.".to_owned(),
    ];
    for (path, words) in heard(garden).iter().zip(words.iter().cycle()) {
        planted.push(garden.plant("internal-words-to-customer", path, |flow| add(flow, path, words)));
    }
}

fn promises(garden: &Garden, planted: &mut Vec<Planted>) {
    let words = ["We will call you back today.", "A colleague will write to you.", "I have opened a ticket for you."];
    for words in words {
        for id in ["greet", "clarify"] {
            let path = format!("/nodes/{id}/text");
            planted.push(garden.plant("promise-without-request", &path, |flow| *at(flow, &path) = json!(words)));
        }
        // Where the request has failed.
        for id in garden.nodes("handoff") {
            planted.push(garden.plant("promise-without-request", "/nodes/planted/text", |flow| {
                section(flow, "nodes").insert("planted".to_owned(), message(words, "main"));
                node(flow, &id)["failed"] = json!("planted");
            }));
        }
    }
}

fn closed(garden: &Garden, planted: &mut Vec<Planted>) {
    for port in ["timeout", "failed"] {
        for id in garden.queues() {
            planted.push(garden.plant("closed-while-open", "/nodes/planted/text", |flow| {
                let text = "I am sorry, we are closed. Please come back tomorrow.";
                let next = garden.node(&id)[port].as_str().unwrap();
                section(flow, "nodes").insert("planted".to_owned(), message(text, next));
                node(flow, &id)[port] = json!("planted");
            }));
        }
    }
}

fn unset(garden: &Garden, planted: &mut Vec<Planted>) {
    for name in ["agent.note", "handoff.ref", "slots.planted_slot"] {
        planted.push(garden.plant("placeholder-unset", "/nodes/planted/text", |flow| {
            section(flow, "slots").insert("planted_slot".to_owned(), json!({ "type": "text", "entity": "planted" }));
            grow(flow, "", message(&format!("That was {{{name}}}."), "main"));
        }));
    }
}

fn empty(garden: &Garden, planted: &mut Vec<Planted>) {
    for path in heard(garden).into_iter().filter(|path| path.starts_with("/nodes/")) {
        planted.push(garden.plant("empty-text", &path, |flow| *at(flow, &path) = json!("  \n")));
    }
}

fn examples(garden: &Garden, planted: &mut Vec<Planted>) {
    for (id, intent) in garden.section("intents") {
        let list = format!("/intents/{id}/examples");
        let count = intent["examples"].as_array().unwrap().len();
        planted.push(garden.plant("duplicate-example", format!("{list}/{count}"), |flow| {
            let copy = intent["examples"][0].as_str().unwrap().to_uppercase();
            at(flow, &list).as_array_mut().unwrap().push(json!(copy));
        }));
        planted.push(garden.plant("intent-without-examples", format!("/intents/{id}"), |flow| {
            at(flow, &format!("/intents/{id}"))["examples"] = json!([]);
        }));
    }
}

fn slots(garden: &Garden, planted: &mut Vec<Planted>) {
    planted.push(garden.plant("unused-slot", "/slots/planted_slot", |flow| {
        section(flow, "slots").insert("planted_slot".to_owned(), json!({ "type": "text" }));
    }));
    planted.push(garden.plant("unused-slot", "/slots/planted_slot", |flow| {
        section(flow, "slots").insert("planted_slot".to_owned(), json!({ "type": "text" }));
        let ask = json!({ "kind": "ask", "slot": "planted_slot", "prompt": "Your birthday?", "filled": "main", "failed": "main" });
        grow(flow, "", ask);
    }));
}
