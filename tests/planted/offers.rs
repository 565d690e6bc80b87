//! Faults in what a customer is offered when nobody comes, in what comes back from people, and in what the place where
//! people answer takes.

use serde_json::{Value, json};

use super::garden::{Garden, Planted, any_end, at, grow, message, node, section};

pub const FAULTS: &[fn(&Garden, &mut Vec<Planted>)] =
    &[requests, offers, hand_backs, guards, targets, environments, sizes, silence, alike, reasons];

/// A card, grown from the place where conversations begin, that asks and leads to a person.
fn question(flow: &mut Value, person: &str, otherwise: &str) {
    let rows = json!([{ "when": "intent == \"planted_intent\"", "to": person }]);
    grow(flow, "", json!({ "kind": "listen", "branches": rows, "else": otherwise }));
}

fn requests(garden: &Garden, planted: &mut Vec<Planted>) {
    let (asked, end, queues) = (garden.asked(), any_end(garden), garden.queues());
    for id in garden.nodes("handoff").into_iter().filter(|id| !queues.contains(id)) {
        planted.push(garden.plant("double-handoff", format!("/nodes/{id}/sent"), |flow| {
            section(flow, "nodes").insert("planted".to_owned(), message("It is out.", &asked));
            node(flow, &id)["sent"] = json!("planted");
        }));
    }
    planted.push(garden.plant("orphaned-request", format!("/nodes/{asked}/overflow/0/to"), |flow| {
        let rows = json!([{ "when": "queue.wait > 300", "to": end, "keep_place": true }]);
        node(flow, &asked).insert("overflow".to_owned(), rows);
    }));
    planted.push(garden.plant("overflow-loop", format!("/nodes/{asked}/overflow/0/to"), |flow| {
        question(flow, &asked, &end);
        let rows = json!([{ "when": "queue.wait > 300", "to": "planted" }]);
        node(flow, &asked).insert("overflow".to_owned(), rows);
    }));
    planted.push(garden.plant("reply-swallowed", format!("/nodes/{asked}/say"), |flow| {
        section(flow, "targets").insert("chatwoot".to_owned(), json!({}));
        node(flow, &asked)["target"] = json!("chatwoot");
    }));
}

fn offers(garden: &Garden, planted: &mut Vec<Planted>) {
    let (asked, end) = (garden.asked(), any_end(garden));
    for id in garden.queues() {
        planted.push(garden.plant("callback-missing", format!("/nodes/{id}/timeout"), |flow| {
            node(flow, &id)["timeout"] = json!(end);
        }));
    }
    planted.push(garden.plant("hours-gap", format!("/nodes/{asked}/closed"), |flow| {
        node(flow, &asked)["closed"] = json!(end);
    }));
    planted.push(garden.plant("tier-skipped", format!("/nodes/{asked}/escalated"), |flow| {
        for tier in ["planted_next", "planted_last"] {
            section(flow, "tiers").insert(tier.to_owned(), json!({ "title": tier }));
        }
        let mut last = garden.node(&asked).clone();
        last.as_object_mut().unwrap().shift_remove("routes");
        last["tier"] = json!("planted_last");
        section(flow, "nodes").insert("planted".to_owned(), last);
        node(flow, &asked)["escalated"] = json!("planted");
    }));
}

fn hand_backs(garden: &Garden, planted: &mut Vec<Planted>) {
    let (asked, end) = (garden.asked(), any_end(garden));
    for id in garden.queues() {
        planted.push(garden.plant("return-without-path", format!("/nodes/{id}/returns"), |flow| {
            let handoff = node(flow, &id);
            handoff.insert("returns".to_owned(), json!({ "again": { "to": "main" } }));
            handoff.shift_remove("resumed");
        }));
    }
    planted.push(garden.plant("handoffs-unbounded", format!("/nodes/{asked}/returns/again/to"), |flow| {
        question(flow, &asked, &end);
        let (call, _) = garden.section("calls").remove(0);
        let action = json!({ "kind": "action", "call": call, "time_limit": 5, "ok": "main", "error": "planted", "timeout": "main" });
        section(flow, "nodes").insert("planted_call".to_owned(), action);
        node(flow, &asked).insert("returns".to_owned(), json!({ "again": { "to": "planted_call" } }));
    }));
    for id in garden.nodes("action") {
        planted.push(garden.plant("error-code-unhandled", format!("/nodes/{id}"), |flow| {
            let action = node(flow, &id);
            action.shift_remove("error");
            action.shift_remove("errors");
        }));
    }
}

fn guards(garden: &Garden, planted: &mut Vec<Planted>) {
    let (asked, end) = (garden.asked(), any_end(garden));
    let row = garden.flow["nodes"]["main"]["branches"].as_array().unwrap().len();
    planted.push(garden.plant("threshold-never-crossed", format!("/nodes/main/branches/{row}/when"), |flow| {
        let rows = at(flow, "/nodes/main/branches").as_array_mut().unwrap();
        rows.push(json!({ "when": "intent == \"request_human\" && attempts > 50", "to": end }));
    }));
    let fault = garden.plant("unset-not-handled", "/nodes/planted/branches/0/when", |flow| {
        let signal = json!({ "type": "number", "min": 0, "max": 1, "source": "crm" });
        section(flow, "signals").insert("planted_risk".to_owned(), signal);
        let rows = json!([{ "when": "planted_risk > 0.7", "to": asked }]);
        grow(flow, "", json!({ "kind": "decision", "branches": rows, "else": "main" }));
    });
    planted.push(fault.with_case());
}

fn targets(garden: &Garden, planted: &mut Vec<Planted>) {
    let asked = garden.asked();
    for (field, _) in garden.flow["targets"]["zendesk"]["fields"].as_object().unwrap() {
        let path = format!("/targets/zendesk/fields/{field}");
        planted.push(garden.plant("unmapped-field", path.clone(), |flow| *at(flow, &path) = json!("custom_field.7")));
    }
    let tier = garden.node(&asked)["tier"].as_str().unwrap().to_owned();
    planted.push(garden.plant("unmapped-tier", format!("/nodes/{asked}/tier"), |flow| {
        at(flow, "/targets/zendesk/tiers").as_object_mut().unwrap().shift_remove(&tier);
    }));
}

fn environments(garden: &Garden, planted: &mut Vec<Planted>) {
    for (tier, _) in garden.flow["targets"]["zendesk"]["tiers"].as_object().unwrap() {
        let path = format!("/targets/zendesk/tiers/{tier}/group_id");
        planted.push(garden.plant("environment-missing", path.clone(), |flow| {
            *at(flow, &path) = json!("{{planted_group}}");
        }));
    }
}

fn sizes(garden: &Garden, planted: &mut Vec<Planted>) {
    for id in garden.nodes("handoff") {
        planted.push(garden.plant("oversize-for-target", format!("/nodes/{id}/context"), |flow| {
            let fields = json!({ "planted_said": { "from": "transcript.all()" } });
            let context = json!({ "summary": "{reasons}", "told": "what you said", "fields": fields });
            section(flow, "contexts").insert("planted_context".to_owned(), context);
            node(flow, &id)["context"] = json!("planted_context");
        }));
    }
}

fn silence(garden: &Garden, planted: &mut Vec<Planted>) {
    let asked = garden.asked();
    planted.push(garden.plant("no-idle", "/nodes/planted", |flow| {
        question(flow, &asked, "main");
        node(flow, "main").insert("idle".to_owned(), json!([{ "after": 300, "say": "Take your time." }]));
    }));
}

fn alike(garden: &Garden, planted: &mut Vec<Planted>) {
    planted.push(garden.plant("intents-too-alike", "/intents/planted_other", |flow| {
        let intents = section(flow, "intents");
        let examples = |first, second| json!({ "title": "Something new", "examples": [first, second] });
        intents.insert("planted_one".to_owned(), examples("polish the brass lamp", "wind up my clock"));
        intents.insert("planted_other".to_owned(), examples("Please polish my lamp: brass!", "the clock, wind up"));
    }));
}

fn reasons(garden: &Garden, planted: &mut Vec<Planted>) {
    planted.push(garden.plant("check-without-why", "/nodes/main/checks/no-idle", |flow| {
        node(flow, "main").insert("checks".to_owned(), json!({ "no-idle": "off" }));
    }));
}
