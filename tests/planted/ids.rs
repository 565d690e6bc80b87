//! A finding keeps its id while the document around it moves.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::problem::Problem;
use serde_json::{Value, json};

use super::garden::{Garden, at, message, section};
use super::{planted, problems};
use crate::handoff::TEMPLATES;

fn ids(problems: &[Problem]) -> BTreeSet<String> {
    problems.iter().map(|p| format!("{} {}", p.id, p.code)).collect()
}

#[test]
fn no_two_findings_share_an_id() {
    for found in planted() {
        let named: Vec<&Problem> = found.problems.iter().filter(|p| !p.id.is_empty()).collect();
        let distinct: BTreeSet<&str> = named.iter().map(|p| p.id.as_str()).collect();
        assert_eq!(distinct.len(), named.len(), "{} {}", found.garden.id, found.fault.name());
    }
}

/// A flow with findings of many kinds.
fn weedy(name: &str) -> Garden {
    let mut garden = Garden::of(name);
    let end = garden.nodes("end")[0].clone();
    let rows = at(&mut garden.flow, "/nodes/main/branches").as_array_mut().unwrap();
    rows.push(json!({ "when": "confidence < 0.2 && confidence > 0.7", "to": "weed" }));
    rows.push(json!({ "when": "intent == \"thanks\" && turn > 3", "to": end }));
    rows.push(json!({ "when": "nosuch > 3", "to": "nowhere" }));
    let nodes = section(&mut garden.flow, "nodes");
    nodes.insert("weed".to_owned(), message("Because of {reasons}, or {confidence}.", "weed"));
    nodes.insert("island".to_owned(), json!({ "kind": "listen" }));
    garden
}

fn check(garden: &Garden, flow: &Value) -> BTreeSet<String> {
    ids(&problems(&garden.id, &flow.to_string()))
}

#[test]
fn ids_stay_while_the_text_moves() {
    for name in TEMPLATES {
        let garden = weedy(name);
        let before = check(&garden, &garden.flow);
        assert!(before.len() > 8, "{before:?}");
        // Written otherwise: canonical, in one line.
        let document = flow_model::document::read(&garden.text()).unwrap();
        assert_eq!(ids(&problems(&garden.id, &flow_model::canonical::text(&document.tree))), before);
        // A card before all others, and a note.
        let mut moved = garden.flow.clone();
        let nodes = section(&mut moved, "nodes");
        nodes.shift_insert(0, "first_note".to_owned(), json!({ "kind": "note", "text": "Read me." }));
        assert_eq!(check(&garden, &moved), before);
        // Cards in another order: nothing but the choice between cards of one cycle depends on it.
        let mut turned = garden.flow.clone();
        let nodes = section(&mut turned, "nodes");
        *nodes = std::mem::take(nodes).into_iter().rev().collect();
        assert_eq!(check(&garden, &turned), before);
    }
}

#[test]
fn a_row_above_renames_no_other() {
    for name in TEMPLATES {
        let garden = weedy(name);
        let before = problems(&garden.id, &garden.text());
        let mut more = garden.flow.clone();
        let rows = at(&mut more, "/nodes/main/branches").as_array_mut().unwrap();
        rows.insert(0, json!({ "when": "turn > 90000", "to": "island" }));
        let after = check(&garden, &more);
        for problem in
            before.iter().filter(|p| p.path.starts_with("/nodes/main/branches/") && p.code != "branch-overlap")
        {
            let id = format!("{} {}", problem.id, problem.code);
            assert!(after.contains(&id), "{name}: {} at {} has another id", problem.code, problem.path);
        }
    }
}

#[test]
fn a_guard_being_written_keeps_the_id_of_its_finding() {
    let garden = weedy("banking_fee_dispute");
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let texts = ["nosuc", "nosuch", "nosuch > 3", "nosuch > 3 && turn > 2", "  nosuch > 4"];
    for when in texts {
        let mut flow = garden.flow.clone();
        let rows = at(&mut flow, "/nodes/main/branches").as_array_mut().unwrap();
        rows.last_mut().unwrap()["when"] = json!(when);
        for problem in problems(&garden.id, &flow.to_string()) {
            if problem.code == "unknown-name" && problem.path.ends_with("/when") {
                *seen.entry(problem.id).or_default() += 1;
            }
        }
    }
    assert_eq!(seen.values().copied().collect::<Vec<_>>(), [texts.len()]);
}
