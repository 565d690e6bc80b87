//! The cases of changes that the window's tests run too.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails here is a test that fails")]

use flow_model::diff::{self, Diff, Op};
use flow_model::tree::{self, Json};

const CASES: &str = include_str!("../../../ui/src/document/cases/diff.json");

fn path(op: &Json) -> Vec<String> {
    op.get("path").unwrap().items().iter().map(|step| step.as_text().unwrap().to_owned()).collect()
}

fn number(op: &Json, key: &str) -> Option<usize> {
    op.get(key).map(|n| usize::try_from(n.as_decimal().unwrap().to_i64().unwrap()).unwrap())
}

fn op(op: &Json) -> Op {
    let value = || op.get("value").unwrap().clone();
    match op.get("op").and_then(Json::as_text).unwrap() {
        "set" => Op::Set { path: path(op), value: value(), at: number(op, "at") },
        "remove" => Op::Remove { path: path(op) },
        "insert" => Op::Insert { path: path(op), value: value() },
        "move" => Op::Move { path: path(op), to: number(op, "to").unwrap() },
        "rename" => Op::Rename { path: path(op), key: op.get("key").and_then(Json::as_text).unwrap().to_owned() },
        other => panic!("{other}"),
    }
}

#[test]
fn changes_are_the_same_here_and_in_the_window() {
    let cases = tree::read(CASES).json.unwrap();
    assert!(cases.items().len() > 20);
    for case in cases.items() {
        let name = case.get("name").and_then(Json::as_text).unwrap();
        let before = case.get("before").unwrap().clone();
        let diff: Diff = case.get("diff").unwrap().items().iter().map(op).collect();
        let mut tree = before.clone();
        let done = diff::apply(&mut tree, &diff);
        if case.get("error").is_some() {
            assert!(done.is_err(), "{name}");
            assert_eq!(tree, before, "{name}: a change that fails changes nothing");
            continue;
        }
        let back = done.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(tree, *case.get("after").unwrap(), "{name}");
        diff::apply(&mut tree, &back).unwrap();
        assert_eq!(tree, before, "{name}: undone");
    }
}

#[test]
fn changes_travel_as_the_window_writes_them() {
    let cases = tree::read(CASES).json.unwrap();
    for case in cases.items().iter().filter(|case| case.get("error").is_none()) {
        let diff: Diff = case.get("diff").unwrap().items().iter().map(op).collect();
        let written = serde_json::to_string(&diff).unwrap();
        assert_eq!(serde_json::from_str::<Diff>(&written).unwrap(), diff, "{written}");
    }
    let set = Op::Set { path: vec!["a".to_owned()], value: tree::read("{\"x\": 1.50}").json.unwrap(), at: None };
    let written = r#"{"op":"set","path":["a"],"value":{"m":[["x",{"n":"1.5"}]]}}"#;
    assert_eq!(serde_json::to_string(&set).unwrap(), written);
}
