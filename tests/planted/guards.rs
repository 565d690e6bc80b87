//! Faults in guards: of lists, triggers and reasons.

use serde_json::json;

use super::garden::{Garden, Planted, any_end, at, grow, message, node, section};

pub const FAULTS: &[fn(&Garden, &mut Vec<Planted>)] =
    &[gaps, rows, shadows, copies, always, elses, overlaps, free, triggers, reasons, signals];

fn gaps(garden: &Garden, planted: &mut Vec<Planted>) {
    for (id, entry) in garden.section("nodes") {
        let kind = entry["kind"].as_str().unwrap();
        if matches!(kind, "listen" | "decision") && entry.get("else").is_some() {
            let path = format!("/nodes/{id}");
            let remove = |flow: &mut serde_json::Value| drop(node(flow, &id).shift_remove("else"));
            planted.push(garden.plant("branch-gap", &path, remove).with_case());
            planted.push(garden.plant("branch-gap", &path, |flow| {
                remove(flow);
                node(flow, &id).shift_remove("branches");
            }));
            // Two halves that leave out one value, and the case without a value.
            planted.push(garden.plant("branch-gap", &path, |flow| {
                remove(flow);
                let to = any_end(garden);
                let guards = ["confidence < 0.35", "confidence > 0.35", "!has(confidence)"];
                let rows = guards.map(|when| json!({ "when": when, "to": to }));
                node(flow, &id).insert("branches".to_owned(), json!(rows));
            }));
        }
    }
}

fn rows(garden: &Garden, planted: &mut Vec<Planted>) {
    for (id, place, rows) in garden.lists() {
        for (i, row) in rows.iter().enumerate() {
            let when = row["when"].as_str().unwrap();
            let never = ["confidence < 0.3 && confidence > 0.7", "turn > 4 && !(turn > 3)", "has(text) && !has(text)"];
            let path = format!("/nodes/{id}{place}/{i}");
            planted.push(garden.plant("branch-impossible", &path, |flow| {
                at(flow, &path)["when"] = json!(format!("({when}) && {}", never[i % never.len()]));
            }));
        }
    }
}

fn shadows(garden: &Garden, planted: &mut Vec<Planted>) {
    for (id, place, rows) in garden.lists() {
        for (i, row) in rows.iter().enumerate() {
            let mut narrower = row.clone();
            narrower["when"] = json!(format!("({}) && turn > 3", row["when"].as_str().unwrap()));
            let list = format!("/nodes/{id}{place}");
            planted.push(garden.plant("branch-shadowed", format!("{list}/{}", i + 1), |flow| {
                at(flow, &list).as_array_mut().unwrap().insert(i + 1, narrower.clone());
            }));
        }
        // By two together.
        let to = if place == "/routes" { "tier" } else { "to" };
        let target = rows[0][to].clone();
        let list = format!("/nodes/{id}{place}");
        planted.push(garden.plant("branch-shadowed", format!("{list}/2"), |flow| {
            let guards =
                ["confidence < 0.5 && turn > 2", "confidence >= 0.5 && turn > 2", "has(confidence) && turn > 3"];
            let rows: Vec<_> = guards.iter().map(|when| json!({ "when": when, to: target })).collect();
            at(flow, &list).as_array_mut().unwrap().splice(0..0, rows);
        }));
    }
}

fn copies(garden: &Garden, planted: &mut Vec<Planted>) {
    for (id, place, rows) in garden.lists() {
        let list = format!("/nodes/{id}{place}");
        for code in ["duplicate-guard", "branch-shadowed"] {
            planted.push(garden.plant(code, format!("{list}/{}", rows.len()), |flow| {
                at(flow, &list).as_array_mut().unwrap().push(rows[0].clone());
            }));
        }
        let same = json!(format!("!(!({}))", rows[0]["when"].as_str().unwrap()));
        planted.push(garden.plant("duplicate-guard", format!("{list}/1"), |flow| {
            let mut copy = rows[0].clone();
            copy["when"] = same;
            at(flow, &list).as_array_mut().unwrap().insert(1, copy);
        }));
    }
}

fn always(garden: &Garden, planted: &mut Vec<Planted>) {
    for (id, place, rows) in garden.lists() {
        for (i, when) in [(0, "nlu.ok || !nlu.ok"), (rows.len() - 1, "turn >= 0")] {
            let path = format!("/nodes/{id}{place}/{i}");
            planted.push(garden.plant("always-true", &path, |flow| at(flow, &path)["when"] = json!(when)));
        }
    }
}

fn elses(garden: &Garden, planted: &mut Vec<Planted>) {
    for (id, place, rows) in garden.lists().into_iter().filter(|(_, place, _)| *place == "/branches") {
        planted.push(garden.plant("else-unreachable", format!("/nodes/{id}/else"), |flow| {
            let to = rows[0]["to"].clone();
            let list = at(flow, &format!("/nodes/{id}{place}"));
            for when in ["has(confidence)", "!has(confidence)"] {
                list.as_array_mut().unwrap().push(json!({ "when": when, "to": to }));
            }
            node(flow, &id).entry("else").or_insert_with(|| to.clone());
        }));
    }
}

fn overlaps(garden: &Garden, planted: &mut Vec<Planted>) {
    for (id, place, rows) in garden.lists().into_iter().filter(|(_, place, _)| *place != "/routes") {
        let list = format!("/nodes/{id}{place}");
        let ends = garden.nodes("end");
        let other = ends.iter().find(|end| rows.iter().all(|row| row["to"] != **end)).unwrap();
        let path = format!("{list}/{}", rows.len());
        planted.push(
            garden
                .plant("branch-overlap", path, |flow| {
                    let row = json!({ "when": "has(text) && turn < 90000 && !nlu.ok", "to": other });
                    at(flow, &list).as_array_mut().unwrap().push(row);
                })
                .with_case(),
        );
    }
}

fn free(garden: &Garden, planted: &mut Vec<Planted>) {
    for (id, place, _) in garden.lists() {
        for when in ["turn > repeats", "turn + 1 > handoffs"] {
            let path = format!("/nodes/{id}{place}/0");
            planted.push(garden.plant("not-analysed", format!("{path}/when"), |flow| {
                at(flow, &path)["when"] = json!(when);
            }));
        }
    }
    for (id, _) in garden.section("triggers") {
        let path = format!("/triggers/{id}/when");
        planted.push(garden.plant("not-analysed", &path, |flow| *at(flow, &path) = json!("turn > repeats")));
    }
}

fn triggers(garden: &Garden, planted: &mut Vec<Planted>) {
    for (id, trigger) in garden.section("triggers") {
        let path = format!("/triggers/{id}");
        let when = trigger["when"].as_str().unwrap();
        planted.push(garden.plant("trigger-impossible", &path, |flow| {
            at(flow, &path)["when"] = json!(format!("({when}) && sentiment < -0.5 && sentiment > 0.5"));
        }));
        planted.push(garden.plant("trigger-impossible", &path, |flow| at(flow, &path)["within"] = json!(["start"])));
        if trigger.get("once").is_none() {
            planted.push(garden.plant("trigger-shadowed", "/triggers/planted", |flow| {
                let mut narrower = trigger.clone();
                narrower["when"] = json!(format!("({when}) && turn > 1"));
                section(flow, "triggers").insert("planted".to_owned(), narrower);
            }));
        }
    }
    planted.push(garden.plant("trigger-spent-without-person", "/triggers/planted/once", |flow| {
        let trigger = json!({ "when": "intent == \"none\" && turn > 9", "to": garden.asked(), "once": true });
        section(flow, "triggers").insert("planted".to_owned(), trigger);
    }));
}

fn reasons(garden: &Garden, planted: &mut Vec<Planted>) {
    for (id, trigger) in garden.section("triggers") {
        let path = format!("/triggers/{id}/because/planted");
        planted.push(garden.plant("because-impossible", &path, |flow| {
            let trigger = at(flow, &format!("/triggers/{id}")).as_object_mut().unwrap();
            let when = format!("!({})", trigger["when"].as_str().unwrap());
            let because = trigger.entry("because").or_insert_with(|| json!({ "always": "turn > 0" }));
            because["planted"] = json!({ "when": when, "title": "planted" });
        }));
        for (name, because) in trigger["because"].as_object().into_iter().flatten() {
            let path = format!("/triggers/{id}/because/{name}");
            let when = because["when"].as_str().unwrap();
            planted.push(garden.plant("because-impossible", &path, |flow| {
                at(flow, &path)["when"] = json!(format!("({when}) && turn > 9 && turn < 3"));
            }));
        }
    }
}

fn signals(garden: &Garden, planted: &mut Vec<Planted>) {
    planted.push(garden.plant("signal-without-source", "/signals/crm.planted", |flow| {
        section(flow, "signals").insert("crm.planted".to_owned(), json!({ "type": "bool" }));
        grow(flow, " && crm.planted", message("All right.", "main"));
    }));
    for (id, _) in garden.section("signals") {
        let path = format!("/signals/{id}");
        planted.push(garden.plant("signal-without-source", &path, |flow| {
            at(flow, &path).as_object_mut().unwrap().shift_remove("source");
        }));
        planted.push(garden.plant("signal-without-source", &path, |flow| at(flow, &path)["source"] = json!(" ")));
    }
    planted.push(garden.plant("unused-signal", "/signals/crm.planted", |flow| {
        section(flow, "signals").insert("crm.planted".to_owned(), json!({ "type": "bool", "source": "crm" }));
    }));
    planted.push(garden.plant("shadowed-name", "/signals/confidence", |flow| {
        section(flow, "signals").insert("confidence".to_owned(), json!({ "type": "number", "source": "crm" }));
    }));
}
