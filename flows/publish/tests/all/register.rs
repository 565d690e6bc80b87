//! No way to a person is forgotten.

use std::collections::BTreeSet;

use flow_model::document::{Document, read};
use flow_model::flow::Kind;
use flow_publish::register::{Register, Way, csv, json, rows};
use flow_publish::tried::{Tried, replayed};

use super::{CALLER, TEMPLATES, checked, conversations, open};

fn ways(register: &Register) -> Vec<(String, String)> {
    register.rows.iter().map(|row| (row.node.clone(), row.way.clone())).collect()
}

/// Every edge and trigger that leads to a handoff, found without the register.
fn drawn(document: &Document, prefix: &str) -> Vec<(String, String)> {
    let flow = &document.flow;
    let mut found = Vec::new();
    let person = |id: &str| flow.nodes.get(id).is_some_and(|node| matches!(node.kind, Kind::Handoff(_)));
    for (id, trigger) in &flow.triggers {
        if person(&trigger.to) {
            found.push((format!("{prefix}{}", trigger.to), format!("trigger.{id}")));
        }
    }
    for (id, node) in &flow.nodes {
        for exit in node.exits().iter().filter(|exit| person(exit.to)) {
            found.push((format!("{prefix}{}", exit.to), format!("{id}.{}", exit.port)));
        }
        if let Kind::Subflow(call) = &node.kind {
            found.extend(drawn(&open(&call.flow).unwrap().unwrap(), &format!("{prefix}{id}/")));
        }
    }
    found
}

#[test]
fn f95_every_way_that_is_drawn_has_one_row() {
    for text in TEMPLATES.map(|t| t.1).into_iter().chain([CALLER]) {
        let document = read(text).unwrap();
        let register = rows(&document, &open, &[]);
        let mut found = ways(&register);
        found.retain(|(_, way)| !way.is_empty());
        let mut expected = drawn(&document, "");
        found.sort();
        expected.sort();
        assert!(!expected.is_empty());
        assert_eq!(found, expected, "{}", document.flow.id);
    }
}

#[test]
fn handoffs_of_called_flows_are_in_the_register() {
    let caller = r#"{"format": "handoff-flow/1", "id": "caller", "nodes": {"start": {"kind": "start", "next": "call"},
        "call": {"kind": "subflow", "flow": "callee", "else": "over"}, "over": {"kind": "end", "outcome": "done"}}}"#;
    let callee = r#"{"format": "handoff-flow/1", "id": "callee", "tiers": {"t": {}}, "contexts": {"c": {"fields": {}}},
        "intents": {"human": {}}, "triggers": {"asked": {"when": "intent == \"human\"", "to": "person"}},
        "nodes": {"start": {"kind": "start", "next": "main"}, "main": {"kind": "listen", "else": "person"},
        "person": {"kind": "handoff", "context": "c", "tier": "t"}}}"#;
    let open = |id: &str| (id == "callee").then(|| read(callee));
    let document = read(caller).unwrap();
    let lines = r#"{"id": "a", "turns": [{"who": "user", "text": "x", "intent": "human"}]}
{"id": "b", "turns": [{"who": "user", "text": "x", "intent": null}]}"#;
    let tried = replayed(&flow_check::valid(&document, &open).unwrap(), &conversations(lines));
    let register = rows(&document, &open, &tried);
    let inner =
        [("call/person".to_owned(), "trigger.asked".to_owned()), ("call/person".to_owned(), "main.else".to_owned())];
    assert_eq!(ways(&register), inner);
    assert!(register.rows.iter().all(|row| row.edits.is_empty()), "another document is not edited from here");
    let shown: Vec<&str> = register.rows.iter().flat_map(|row| row.tests.iter().map(|test| test.id.as_str())).collect();
    assert_eq!(shown, ["a", "b"]);
}

#[test]
fn every_handoff_that_a_conversation_reaches_is_there_with_its_way_in() {
    for (name, text, lines) in TEMPLATES {
        let document = read(text).unwrap();
        let tried = replayed(&checked(&document), &conversations(lines));
        let register = rows(&document, &open, &tried);
        let known: BTreeSet<_> = ways(&register).into_iter().collect();
        let reached: BTreeSet<_> = tried.iter().flat_map(|t| t.entered.iter().cloned()).collect();
        assert!(reached.len() > 4, "{name}: {reached:?}");
        let forgotten: Vec<_> = reached.difference(&known).collect();
        assert!(forgotten.is_empty(), "{name}: {forgotten:?}");
        for row in register.rows.iter().filter(|row| reached.contains(&(row.node.clone(), row.way.clone()))) {
            assert!(row.tests.iter().any(|test| test.reaches), "{name}: {} by {}", row.node, row.way);
        }
    }
}

#[test]
fn expectations_name_ways_without_a_run() {
    let document = read(TEMPLATES[0].1).unwrap();
    let reasons = Some(vec!["low_confidence".to_owned()]);
    let one = Tried { id: "one".into(), reasons, tier: Some("tier1".into()), ..Tried::default() };
    let register = rows(&document, &open, &[one]);
    let named: Vec<&str> =
        register.rows.iter().filter(|row| !row.tests.is_empty()).map(|row| row.way.as_str()).collect();
    assert_eq!(named, ["trigger.uncertain_dispute"]);
    let test = &register.rows[0].tests[0];
    assert!(test.expects && !test.reaches);
}

#[test]
fn a_handoff_that_nothing_leads_to_has_a_row() {
    let text = r#"{"format": "handoff-flow/1", "id": "f", "tiers": {"t": {}}, "contexts": {"c": {"fields": {}}},
        "nodes": {"start": {"kind": "start"}, "person": {"kind": "handoff", "context": "c", "tier": "t"}}}"#;
    let register = rows(&read(text).unwrap(), &open, &[]);
    assert_eq!(register.rows.len(), 1);
    assert_eq!((register.rows[0].kind, register.rows[0].way.as_str()), (Way::Nothing, ""));
}

#[test]
fn half_drawn_flows_have_a_register_too() {
    let text = r#"{"format": "handoff-flow/1", "id": "f",
        "triggers": {"t": {"when": "intent ==", "to": "person"}},
        "nodes": {"person": {"kind": "handoff", "context": "none", "tier": "gone", "routes": [{"when": "x"}],
                             "overflow": [{"when": "queue.wait > 5"}]}}}"#;
    let register = rows(&read(text).unwrap(), &open, &[]);
    assert_eq!(ways(&register), [("person".to_owned(), "trigger.t".to_owned())]);
    assert!(register.rows[0].reason.contains("“intent ==”"), "{}", register.rows[0].reason);
}

#[test]
fn edits_lead_to_what_the_document_says() {
    for (name, text, _) in TEMPLATES {
        let document = read(text).unwrap();
        for row in rows(&document, &open, &[]).rows {
            for edit in row.edits {
                let here = document.tree.at(&edit.path);
                let (last, up) = edit.path.split_last().unwrap();
                assert!(document.tree.at(up).is_some(), "{name}: {last} stands in nothing");
                assert_eq!(
                    here.cloned().unwrap_or(flow_model::tree::Json::Null),
                    edit.value,
                    "{name}: {:?}",
                    edit.path
                );
                assert!(edit.optional || here.is_some(), "{name}: {:?}", edit.path);
            }
        }
    }
}

#[test]
fn the_json_says_what_the_format_names() {
    let register = rows(&read(TEMPLATES[0].1).unwrap(), &open, &[]);
    let json = json(&register);
    let first = &json.get("rows").unwrap().items()[0];
    for key in ["reason", "tier", "priority", "hours", "hears", "fields", "fallback"] {
        assert!(first.get(key).is_some(), "{key}");
    }
}

#[test]
fn csv_has_as_many_cells_in_every_line() {
    for (name, text, _) in TEMPLATES {
        let register = rows(&read(text).unwrap(), &open, &[]);
        let bytes = csv(&register);
        let lines: Vec<_> =
            csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[3..]).into_records().collect();
        assert_eq!(lines.len(), register.rows.len() + 1, "{name}");
        for line in lines {
            assert_eq!(line.unwrap().len(), 20, "{name}");
        }
    }
}
