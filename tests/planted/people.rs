//! Faults in how a customer comes to a person, and in what the person gets.

use serde_json::{Value, json};

use super::garden::{Garden, Planted, any_end, at, grow, message, node, section};

pub const FAULTS: &[fn(&Garden, &mut Vec<Planted>)] =
    &[ports, refused, incomplete, leaks, requirements, slow, waits, payloads, reasons, copilots];

fn ports(garden: &Garden, planted: &mut Vec<Planted>) {
    let queues = garden.queues();
    for id in garden.nodes("handoff") {
        let mut ports = vec![("handoff-without-failed", "failed")];
        if queues.contains(&id) {
            ports.extend([("handoff-without-timeout", "timeout"), ("handoff-without-closed", "closed")]);
            ports.extend([("no-resume-path", "resumed"), ("silent-handoff", "say")]);
        }
        for (code, port) in ports {
            planted.push(garden.plant(code, format!("/nodes/{id}"), |flow| drop(node(flow, &id).shift_remove(port))));
        }
    }
}

fn refused(garden: &Garden, planted: &mut Vec<Planted>) {
    let id = garden.asked();
    let busy = || message("Everyone is busy, so let me try to help.", "main");
    for port in ["closed", "timeout", "failed"] {
        for straight in [true, false] {
            planted.push(garden.plant("request-refused", format!("/nodes/{id}/{port}"), |flow| {
                section(flow, "nodes").insert("planted".to_owned(), busy());
                node(flow, &id)[port] = json!(if straight { "main" } else { "planted" });
            }));
        }
    }
    for when in ["queue.wait > 300", "queue.wait > 300 && turn > 2", "trigger.id == \"asked_for_person\""] {
        planted.push(garden.plant("request-refused", format!("/nodes/{id}/overflow/0"), |flow| {
            section(flow, "nodes").insert("planted".to_owned(), busy());
            let rows = json!([{ "when": when, "to": "planted" }]);
            node(flow, &id).insert("overflow".to_owned(), rows);
        }));
    }
    // Asked for in a branch.
    planted.push(garden.plant("request-refused", "/nodes/planted/closed", |flow| {
        let mut handoff = garden.node(&id).clone();
        handoff["closed"] = json!("main");
        section(flow, "nodes").insert("planted".to_owned(), handoff);
        let rows = at(flow, "/nodes/main/branches").as_array_mut().unwrap();
        rows.push(json!({ "when": "intent == \"request_human\" && turn > 1", "to": "planted" }));
    }));
}

/// A context of its own for the handoff that customers who ask come to.
fn own_context(flow: &mut Value, handoff: &str, fields: &Value) -> String {
    let context = json!({ "summary": "{reasons}", "told": "what you said", "fields": fields });
    section(flow, "contexts").insert("planted_context".to_owned(), context);
    node(flow, handoff)["context"] = json!("planted_context");
    format!("/nodes/{handoff}/context")
}

fn incomplete(garden: &Garden, planted: &mut Vec<Planted>) {
    let id = garden.asked();
    let path = format!("/nodes/{id}/context");
    let slots = garden.section("slots").into_iter().map(|(slot, _)| format!("slots.{slot}"));
    for from in slots.chain(["confidence", "sentiment", "agent.note", "error.code", "handoff.ref"].map(str::to_owned)) {
        planted.push(
            garden
                .plant("context-incomplete", &path, |flow| {
                    let last = json!({ "from": "transcript.last(5)" });
                    own_context(flow, &id, &json!({ "it": { "from": from, "required": true }, "last": last }));
                })
                .with_case(),
        );
    }
    // Asked for, and cleared again.
    planted.push(garden.plant("context-incomplete", "/nodes/planted_handoff/context", |flow| {
        section(flow, "slots").insert("planted_slot".to_owned(), json!({ "type": "text", "entity": "planted" }));
        let ask = json!({ "kind": "ask", "slot": "planted_slot", "prompt": "Which?", "filled": "planted_set", "failed": "main" });
        grow(flow, "", ask);
        let nodes = section(flow, "nodes");
        let clear = json!({ "kind": "set", "assign": { "planted_slot": null }, "next": "planted_handoff" });
        nodes.insert("planted_set".to_owned(), clear);
        nodes.insert("planted_handoff".to_owned(), garden.node(&id).clone());
        own_context(flow, "planted_handoff", &json!({ "it": { "from": "slots.planted_slot", "required": true } }));
    }));
}

fn secret(flow: &mut Value, redact: &str) {
    section(flow, "classes").insert("secret".to_owned(), json!({ "title": "Secret", "redact": redact }));
    let slot = json!({ "type": "text", "entity": "secret_word", "class": "secret" });
    section(flow, "slots").insert("planted_secret".to_owned(), slot);
}

fn leaks(garden: &Garden, planted: &mut Vec<Planted>) {
    for (context, entry) in garden.section("contexts") {
        let path = format!("/contexts/{context}/fields/planted");
        for from in ["slots.planted_secret", "[slots.planted_secret, intent]", "entities()"] {
            planted.push(garden.plant("class-leak", &path, |flow| {
                secret(flow, "mask");
                at(flow, &format!("/contexts/{context}/fields"))["planted"] = json!({ "from": from });
            }));
        }
        let users = garden.nodes("handoff").into_iter().filter(|id| garden.node(id)["context"] == *context);
        for id in users {
            let told = format!("/nodes/{id}/*");
            planted.push(garden.plant("class-in-words", &told, |flow| {
                secret(flow, "none");
                let words = json!({ "planted": { "from": "[text, intent]" } });
                own_context(flow, &id, &words);
            }));
            planted.push(garden.plant("class-leak", &told, |flow| {
                secret(flow, "none");
                let field = json!({ "from": "slots.planted_secret", "class": "secret" });
                at(flow, &format!("/contexts/{context}/fields"))["planted"] = field;
            }));
            planted.push(garden.plant("class-leak", &told, |flow| {
                secret(flow, "mask");
                let summary = format!("{} {{slots.planted_secret|nothing}}", entry["summary"].as_str().unwrap());
                at(flow, &format!("/contexts/{context}"))["summary"] = json!(summary);
            }));
        }
    }
}

fn requirements(garden: &Garden, planted: &mut Vec<Planted>) {
    let checked = |flow: &mut Value| {
        section(flow, "slots").insert("planted_check".to_owned(), json!({ "type": "bool" }));
    };
    for id in garden.nodes("handoff") {
        planted.push(garden.plant("requirement-unproved", format!("/nodes/{id}/requires"), |flow| {
            checked(flow);
            node(flow, &id).insert("requires".to_owned(), json!("slots.planted_check"));
        }));
        planted.push(garden.plant("requirement-unproved", format!("/nodes/{id}/*"), |flow| {
            checked(flow);
            let tier = garden.node(&id)["tier"].as_str().unwrap();
            at(flow, &format!("/tiers/{tier}"))["requires"] = json!("slots.planted_check");
        }));
    }
    // Proved on one way, not on the other.
    let id = garden.asked();
    planted.push(garden.plant("requirement-unproved", "/nodes/planted_handoff/requires", |flow| {
        checked(flow);
        let rows = json!([{ "when": "slots.planted_check", "to": "planted_handoff" },
            { "when": "turn > 5", "to": "planted_handoff" }]);
        grow(flow, "", json!({ "kind": "decision", "branches": rows, "else": "main" }));
        let mut handoff = garden.node(&id).clone();
        handoff["requires"] = json!("slots.planted_check");
        section(flow, "nodes").insert("planted_handoff".to_owned(), handoff);
    }));
}

fn slow(garden: &Garden, planted: &mut Vec<Planted>) {
    for id in garden.queues() {
        let tier = json!({ "title": "Planted", "slo": { "answer_within": 60, "share": 0.9 } });
        // By the wait in another queue.
        planted.push(garden.plant("slo-unreachable", "/nodes/planted/tier", |flow| {
            section(flow, "tiers").insert("planted_tier".to_owned(), tier.clone());
            let mut second = garden.node(&id).clone();
            second.as_object_mut().unwrap().shift_remove("routes");
            second["tier"] = json!("planted_tier");
            section(flow, "nodes").insert("planted".to_owned(), second);
            node(flow, &id)["timeout"] = json!("planted");
        }));
        // By calls on the way.
        planted.push(garden.plant("slo-unreachable", "/nodes/planted_handoff/tier", |flow| {
            section(flow, "tiers").insert("planted_tier".to_owned(), tier.clone());
            let call = json!({ "title": "Planted", "inputs": {}, "outputs": {}, "errors": {}, "repeat": "safe" });
            section(flow, "calls").insert("planted.call".to_owned(), call);
            let action = |to: &str| {
                json!({ "kind": "action", "call": "planted.call", "inputs": {}, "time_limit": 31,
                    "ok": to, "error": to, "timeout": to })
            };
            grow(flow, "", action("planted_too"));
            let mut handoff = garden.node(&id).clone();
            handoff.as_object_mut().unwrap().shift_remove("routes");
            handoff["tier"] = json!("planted_tier");
            let nodes = section(flow, "nodes");
            nodes.insert("planted_too".to_owned(), action("planted_handoff"));
            nodes.insert("planted_handoff".to_owned(), handoff);
        }));
    }
}

fn waits(garden: &Garden, planted: &mut Vec<Planted>) {
    for id in garden.queues() {
        planted.push(garden.plant("timeout-never", format!("/nodes/{id}/timeout"), |flow| {
            node(flow, &id).shift_remove("max_wait");
        }));
        let tier = garden.node(&id)["tier"].as_str().unwrap();
        if garden.flow["tiers"][tier].get("slo").is_some() {
            planted.push(garden.plant("timeout-at-slo", format!("/nodes/{id}/max_wait"), |flow| {
                node(flow, &id)["max_wait"] = json!(5);
            }));
        }
        if garden.node(&id).get("waiting").is_some() {
            planted.push(garden.plant("wait-without-word", format!("/nodes/{id}"), |flow| {
                node(flow, &id).shift_remove("waiting");
            }));
        }
    }
    for (id, tier) in garden.section("tiers").into_iter().filter(|(_, tier)| tier.get("slo").is_some()) {
        let promised = tier["slo"]["answer_within"].as_u64().unwrap();
        planted.push(garden.plant("slo-past-patience", format!("/tiers/{id}/slo"), |flow| {
            at(flow, &format!("/tiers/{id}"))["patience"] = json!(promised - 1);
        }));
    }
}

fn payloads(garden: &Garden, planted: &mut Vec<Planted>) {
    let id = garden.asked();
    let path = format!("/nodes/{id}/context");
    for code in ["context-missing-trigger-words", "prior-actions-missing"] {
        let mut fault = garden.plant(code, &path, |flow| {
            own_context(flow, &id, &json!({ "intent": { "from": "intent" } }));
        });
        if garden.id == "clinic_triage" {
            // The front desk gets neither as it ships: a nurse does.
            fault = garden.plant(code, "/nodes/to_nurse_unverified/context", |flow| {
                own_context(flow, "to_nurse_unverified", &json!({ "intent": { "from": "intent" } }));
            });
        }
        planted.push(fault);
    }
}

fn reasons(garden: &Garden, planted: &mut Vec<Planted>) {
    for id in garden.nodes("handoff").into_iter().filter(|id| garden.node(id).get("reasons").is_some()) {
        if garden.id == "clinic_triage" && id.starts_with("to_nurse") {
            continue; // Lacks a reason as it ships.
        }
        planted.push(garden.plant("reason-missing", format!("/nodes/{id}"), |flow| {
            node(flow, &id).shift_remove("reasons");
        }));
    }
}

fn copilots(garden: &Garden, planted: &mut Vec<Planted>) {
    for id in garden.queues() {
        planted.push(garden.plant("assist-silent", format!("/nodes/{id}"), |flow| {
            node(flow, &id).insert("mode".to_owned(), json!("copilot"));
            node(flow, &id).shift_remove("assist");
        }));
    }
    let end = any_end(garden);
    planted.push(garden.plant("todo-card", "/nodes/planted", |flow| {
        grow(flow, "", json!({ "kind": "todo", "text": "What about refunds?", "next": end }));
    }));
}
