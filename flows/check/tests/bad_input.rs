//! Bad input: whatever a file holds, it is read or refused with its code and its place, and never a panic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops where something is not as it should be, and its cases are files"
)]

use std::fmt::Write as _;

use flow_check::check;
use flow_model::document::{read, read_bytes};
use flow_model::problem::{Problem, Severity};

const BANKING: &str = include_str!("../../templates/banking_fee_dispute.flow.json");

fn told(text: &str) -> Vec<Problem> {
    match read(text) {
        Err(problems) => problems,
        Ok(document) => check(&document, &|_| None),
    }
}

fn first(text: &str) -> (&'static str, Option<(usize, usize)>) {
    let problems = told(text);
    let problem = problems.iter().find(|p| p.severity == Severity::Error).unwrap();
    (problem.code, problem.line_column)
}

#[test]
fn files_that_are_no_document_say_where() {
    assert_eq!(first("").0, "not-json");
    assert_eq!(first("hello"), ("not-json", Some((1, 1))));
    assert_eq!(first("{\n  \"id\": \"a\" \"b\": 1\n}"), ("not-json", Some((2, 13))));
    assert_eq!(first("[]").0, "wrong-format");
    assert_eq!(first("{}").0, "wrong-format");
    assert_eq!(first(r#"{ "format": "flow", "id": "a", "nodes": {} }"#).0, "wrong-format");
    assert_eq!(first(r#"{ "format": "handoff-flow/2", "id": "a", "nodes": {} }"#).0, "too-new");
    assert_eq!(
        first(r#"{ "format": "handoff-flow/1", "needs": ["time travel"], "id": "a", "nodes": {} }"#).0,
        "too-new"
    );
    assert!(read_bytes(&[0xff, 0xfe, 0x00]).is_err());
}

#[test]
fn a_document_cut_at_any_byte_is_refused_with_line_and_column() {
    for end in (0..BANKING.trim_end().len()).step_by(37).filter(|end| BANKING.is_char_boundary(*end)) {
        let problems = read(&BANKING[..end]).unwrap_err();
        assert!(problems.iter().any(|p| p.code == "not-json" && p.line_column.is_some()), "cut at {end}: {problems:?}");
    }
}

#[test]
fn duplicate_keys_are_told_beside_all_else() {
    let text = r#"{ "format": "handoff-flow/1", "id": "a", "nodes": { "s": { "kind": "start", "next": "gone" }, "s": { "kind": "start" } } }"#;
    let codes: Vec<_> = told(text).iter().filter(|p| p.severity == Severity::Error).map(|p| p.code).collect();
    assert_eq!(codes, ["duplicate-key", "unknown-name"]);
}

#[test]
fn values_nested_past_the_limit_are_refused() {
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let text = format!(r#"{{ "format": "handoff-flow/1", "id": "a", "x_deep": {deep}, "nodes": {{}} }}"#);
    assert_eq!(first(&text).0, "not-json");
    assert_eq!(first(&"[".repeat(1_000_000)).0, "not-json");
    assert_eq!(first(&"{\"a\":".repeat(100_000)).0, "not-json");
}

#[test]
fn ten_megabytes_of_text_are_data() {
    for letter in ["x", "💬", "{", "}", "{{", "{x", " | "] {
        // Ten of words, one of each that could be searched again and again.
        let size = if letter == "x" { 10_000_000 } else { 1_000_000 };
        let long = letter.repeat(size / letter.len());
        let text = format!(
            r#"{{ "format": "handoff-flow/1", "id": "a", "nodes": {{ "s": {{ "kind": "start", "next": "m" }}, "m": {{ "kind": "message", "text": "{long}", "next": "e" }}, "e": {{ "kind": "end", "outcome": "x" }} }} }}"#
        );
        let problems = told(&text);
        assert!(problems.iter().all(|p| p.path.starts_with("/nodes/m")), "{letter}");
    }
}

#[test]
fn ten_megabytes_of_condition_are_read() {
    for (part, by) in [("turn > 1", " && "), ("(", ""), ("!", ""), ("turn", " "), ("\\\"", "")] {
        let long = vec![part; 10_000_000 / (part.len() + by.len()) / 10].join(by);
        let text = format!(
            r#"{{ "format": "handoff-flow/1", "id": "a", "nodes": {{ "s": {{ "kind": "start", "next": "d" }}, "d": {{ "kind": "decision", "branches": [{{ "when": "{long}", "to": "e" }}], "else": "e" }}, "e": {{ "kind": "end", "outcome": "x" }} }} }}"#
        );
        let _ = told(&text);
    }
}

#[test]
fn a_hundred_thousand_nodes_are_checked() {
    for shape in ["chain", "ring", "star", "wrong"] {
        let mut nodes = String::from(r#""s": { "kind": "start", "next": "n0" }"#);
        for n in 0..100_000 {
            let next = match shape {
                "chain" if n == 99_999 => "e".to_owned(),
                "chain" => format!("n{}", n + 1),
                "ring" => format!("n{}", (n + 1) % 100_000),
                "star" => "e".to_owned(),
                _ => format!("m{n}"),
            };
            let _ = write!(nodes, r#", "n{n}": {{ "kind": "message", "text": "{n}", "next": "{next}" }}"#);
        }
        let text = format!(
            r#"{{ "format": "handoff-flow/1", "id": "a", "nodes": {{ {nodes}, "e": {{ "kind": "end", "outcome": "x" }} }} }}"#
        );
        let problems = told(&text);
        let has = |code: &str| problems.iter().any(|p| p.code == code);
        match shape {
            "chain" => assert!(has("too-long-a-step")),
            "ring" => assert!(has("endless-loop")),
            "star" => assert!(has("node-unreachable")),
            _ => assert!(has("unknown-name")),
        }
    }
}

#[test]
fn half_drawn_flows_are_linted_without_a_panic() {
    // Every value of the banking flow, replaced by values of other kinds.
    let tree = read(BANKING).unwrap().tree;
    let mut paths = Vec::new();
    collect(&tree, &mut Vec::new(), &mut paths);
    for (i, path) in paths.iter().enumerate() {
        use flow_model::tree::Json;
        let wrong = [Json::Null, Json::int(-1), Json::text("{"), Json::List(vec![Json::Null]), Json::map()];
        let mut broken = tree.clone();
        if let Some(value) = broken.at_mut(path) {
            *value = wrong[i % wrong.len()].clone();
        }
        let _ = told(&flow_model::canonical::text(&broken));
    }
}

fn collect(json: &flow_model::tree::Json, here: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    if !here.is_empty() {
        paths.push(here.clone());
    }
    for (key, value) in json.entries() {
        here.push(key.clone());
        collect(value, here, paths);
        here.pop();
    }
    for (i, value) in json.items().iter().enumerate() {
        here.push(i.to_string());
        collect(value, here, paths);
        here.pop();
    }
}
