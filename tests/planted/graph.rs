//! Faults in the graph: what leads nowhere, round and round, or never to a person.

use serde_json::{Value, json};

use super::garden::{Garden, Planted, any_end, at, grow, message, node, section};

pub const FAULTS: &[fn(&Garden, &mut Vec<Planted>)] =
    &[dead_ends, islands, infeasible, loops, handoff_loops, long_steps, traps, ping_pong, retries, reruns];

fn dead_ends(garden: &Garden, planted: &mut Vec<Planted>) {
    let ports = [
        ("start", "next"),
        ("message", "next"),
        ("set", "next"),
        ("ask", "filled"),
        ("ask", "failed"),
        ("action", "ok"),
        ("action", "error"),
        ("action", "timeout"),
        ("handoff", "sent"),
    ];
    for (kind, port) in ports {
        for id in garden.nodes(kind).into_iter().filter(|id| garden.node(id).get(port).is_some()) {
            planted.push(garden.plant("dead-end", format!("/nodes/{id}"), |flow| {
                node(flow, &id).shift_remove(port);
            }));
        }
    }
}

fn islands(garden: &Garden, planted: &mut Vec<Planted>) {
    for kind in ["message", "end", "listen"] {
        let path = "/nodes/planted".to_owned();
        planted.push(garden.plant("node-unreachable", path, |flow| {
            let mut island = garden.node(&garden.nodes(kind)[0]).clone();
            island["title"] = json!("Planted");
            section(flow, "nodes").insert("planted".to_owned(), island);
        }));
    }
    // Two that lead to each other, and nobody else to them.
    planted.push(garden.plant("node-unreachable", "/nodes/planted_too", |flow| {
        let nodes = section(flow, "nodes");
        nodes.insert("planted".to_owned(), message("Hello.", "planted_too"));
        nodes.insert("planted_too".to_owned(), json!({ "kind": "listen", "else": "planted" }));
    }));
}

fn infeasible(garden: &Garden, planted: &mut Vec<Planted>) {
    let second =
        |when: &str| json!({ "kind": "decision", "branches": [{ "when": when, "to": "planted_too" }], "else": "main" });
    for (first, then) in [("confidence < 0.5", "confidence > 0.8"), ("nlu.ok", "!nlu.ok"), ("turn == 3", "turn > 3")] {
        planted.push(garden.plant("path-infeasible", "/nodes/planted_too", |flow| {
            grow(flow, &format!(" && {first}"), second(then));
            section(flow, "nodes").insert("planted_too".to_owned(), message("Nobody reads this.", "main"));
        }));
    }
    planted.push(garden.plant("path-infeasible", "/nodes/planted_too", |flow| {
        section(flow, "nodes").insert("planted_too".to_owned(), message("Nobody reads this.", "main"));
        let rows = at(flow, "/nodes/main/branches").as_array_mut().unwrap();
        let when = format!("({}) && turn > 4", rows[0]["when"].as_str().unwrap());
        rows.insert(1, json!({ "when": when, "to": "planted_too" }));
    }));
}

fn loops(garden: &Garden, planted: &mut Vec<Planted>) {
    let ports = [("message", "next"), ("set", "next"), ("decision", "else"), ("action", "ok"), ("ask", "filled")];
    for (kind, port) in ports {
        for id in garden.nodes(kind) {
            // Straight back to itself, and by another card.
            let path = format!("/nodes/{id}");
            planted.push(garden.plant("endless-loop", &path, |flow| node(flow, &id)[port] = json!(id)));
            let around = garden.plant("endless-loop", &path, |flow| {
                node(flow, &id)[port] = json!("planted");
                section(flow, "nodes").insert("planted".to_owned(), message("Once more.", &id));
            });
            planted.push(around.or("/nodes/planted"));
        }
    }
}

fn handoff_loops(garden: &Garden, planted: &mut Vec<Planted>) {
    for id in garden.queues() {
        let cycle = |port: &str| {
            garden
                .plant("endless-loop", format!("/nodes/{id}"), |flow| {
                    section(flow, "nodes").insert("planted".to_owned(), message("Once more.", &id));
                    if port == "closed" {
                        node(flow, &id)["closed"] = json!("planted");
                    } else {
                        let row = json!([{ "when": "queue.wait > 300", "to": "planted" }]);
                        node(flow, &id).insert("overflow".to_owned(), row);
                    }
                })
                .or("/nodes/planted")
        };
        planted.extend([cycle("closed"), cycle("overflow")]);
    }
    for id in garden.nodes("handoff").into_iter().filter(|id| garden.node(id).get("sent").is_some()) {
        planted.push(garden.plant("endless-loop", format!("/nodes/{id}"), |flow| node(flow, &id)["sent"] = json!(id)));
    }
}

fn long_steps(garden: &Garden, planted: &mut Vec<Planted>) {
    planted.push(
        garden
            .plant("too-long-a-step", "/nodes/long*", |flow| {
                grow(flow, "", message("And on.", "long_0"));
                let nodes = section(flow, "nodes");
                for i in 0..1_000 {
                    nodes.insert(format!("long_{i}"), message("And on.", &format!("long_{}", i + 1)));
                }
                nodes.insert("long_1000".to_owned(), message("At last.", "main"));
            })
            .or("/nodes/main"),
    );
}

/// A `listen` that only leads round itself.
fn trap() -> Value {
    json!({ "kind": "listen", "idle": [{ "after": 900, "say": "Are you still there?" }], "else": "planted_too" })
}

fn traps(garden: &Garden, planted: &mut Vec<Planted>) {
    let build = |flow: &mut Value| {
        grow(flow, "", trap());
        section(flow, "nodes").insert("planted_too".to_owned(), message("Tell me more.", "planted"));
    };
    planted.push(garden.plant("no-way-to-a-person", "/nodes/planted", |flow| {
        build(flow);
        for (id, trigger) in garden.section("triggers") {
            let mut within = trigger["within"].as_array().cloned().unwrap_or_default();
            within.push(json!("!planted"));
            at(flow, &format!("/triggers/{id}"))["within"] = json!(within);
        }
    }));
    planted.push(garden.plant("no-way-to-a-person", "/nodes/planted", |flow| {
        build(flow);
        let end = any_end(garden);
        section(flow, "triggers").values_mut().for_each(|trigger| trigger["to"] = json!(end));
    }));
}

fn ping_pong(garden: &Garden, planted: &mut Vec<Planted>) {
    for id in garden.queues() {
        for port in ["resumed", "escalated", "returns"] {
            planted.push(
                garden
                    .plant("ping-pong", format!("/nodes/{id}"), |flow| {
                        section(flow, "nodes").insert("planted".to_owned(), message("One more moment, please.", &id));
                        let back = garden.nodes("handoff").into_iter().find(|other| *other != id && other != "planted");
                        match port {
                            "returns" => {
                                let row = json!({ "again": { "title": "Again", "to": "planted" } });
                                node(flow, &id).insert("returns".to_owned(), row);
                            }
                            "escalated" => {
                                let mut other = garden.node(&id).clone();
                                other["escalated"] = json!(id);
                                drop(back);
                                section(flow, "nodes").insert("planted".to_owned(), other);
                                node(flow, &id).insert("escalated".to_owned(), json!("planted"));
                            }
                            _ => drop(node(flow, &id).insert(port.to_owned(), json!("planted"))),
                        }
                    })
                    .or("/nodes/planted")
                    .or("/nodes/to_*"),
            );
        }
    }
}

fn calls(flow: &mut Value, repeat: &str) {
    let call = json!({ "title": "Planted", "inputs": {}, "outputs": {}, "errors": {}, "repeat": repeat });
    section(flow, "calls").insert("planted.call".to_owned(), call);
}

fn action(ok: &str, failed: &str) -> Value {
    let mut action = json!({ "kind": "action", "call": "planted.call", "inputs": {}, "time_limit": 5 });
    for (port, to) in [("ok", ok), ("error", failed), ("timeout", failed)] {
        action[port] = json!(to);
    }
    action
}

fn retries(garden: &Garden, planted: &mut Vec<Planted>) {
    for (ok, failed) in [("main", "planted"), ("main", "planted_too")] {
        planted.push(garden.plant("unbounded-retry", "/nodes/planted", |flow| {
            calls(flow, "safe");
            grow(flow, "", action(ok, failed));
            section(flow, "nodes").insert("planted_too".to_owned(), message("Let me try again.", "planted"));
        }));
    }
}

fn reruns(garden: &Garden, planted: &mut Vec<Planted>) {
    for id in garden.queues() {
        planted.push(garden.plant("unsafe-rerun", format!("/nodes/{id}/returns/again/to"), |flow| {
            calls(flow, "never");
            grow(flow, "", action("main", &id));
            let returns = node(flow, &id).entry("returns").or_insert_with(|| json!({}));
            returns["again"] = json!({ "title": "Again", "to": "planted" });
        }));
        planted.push(garden.plant("unsafe-rerun", format!("/nodes/{id}/resumed"), |flow| {
            calls(flow, "never");
            grow(flow, "", action("main", &id));
            node(flow, &id).insert("resumed".to_owned(), json!("planted"));
        }));
    }
}
