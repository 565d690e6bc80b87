//! Work that somebody waits for: it tells how far it is, and it can be stopped.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails here is a test that fails"
)]

mod common;

use std::cell::RefCell;
use std::path::Path;

use common::{BANKING, Desk};
use flow_api::Code;
use serde_json::{Value, json};

/// The banking flow, and a file of so many conversations, of which every fourth was handed off.
fn a_desk(conversations: usize) -> Desk {
    let line = |i: usize| {
        let sent = if i.is_multiple_of(4) { r#",{"handoff":"sent"}"# } else { "" };
        let expect = if i.is_multiple_of(2) { "false" } else { "{}" };
        format!(
            r#"{{"id":"{i}","expect":{{"handoff":{expect}}},"turns":[{{"who":"user","text":"{}"}}{sent}]}}"#,
            "a customer says what customers say ".repeat(30)
        ) + "\n"
    };
    let told: String = (0..conversations).map(line).collect();
    Desk::holding(&[("f.flow.json", BANKING), ("f.conversations.jsonl", &told)])
}

fn open(desk: &Desk) -> Value {
    desk.call("doc.open", json!({ "path": desk.path("f.flow.json") }))
}

#[test]
fn an_audit_tells_how_far_it_is_and_can_be_stopped() {
    let desk = a_desk(2000);
    let doc = open(&desk)["doc"].clone();
    let length = flow_api::store::length(Path::new(&desk.folder.path().join("f.conversations.jsonl"))).unwrap();
    let told = RefCell::new(Vec::new());
    let wanted = json!({ "doc": doc, "ticket": 4 });
    let hear = |far: Value| told.borrow_mut().push(far);
    let audited = desk.studio.call_with("conversations.audit", wanted.clone(), &hear).unwrap();
    assert_eq!((&audited["conversations"], &audited["needless"]["count"]), (&json!(2000), &json!(500)));
    // The first report comes at once, those after it not more often than somebody can read.
    let first = told.borrow()[0].clone();
    assert_eq!((&first["of"], &first["conversations"]), (&json!(length), &json!(0)));

    // Stopped on its way, it gives nothing; a stop that came before it holds, too, and only once.
    let stop = |_: Value| drop(desk.studio.call("replay.stop", json!({ "ticket": 5 })).unwrap());
    let wanted_5 = json!({ "doc": doc, "ticket": 5 });
    let stopped = desk.studio.call_with("conversations.audit", wanted_5.clone(), &stop).unwrap_err();
    assert_eq!(stopped.code, Code::Stopped);
    desk.studio.call("replay.stop", json!({ "ticket": 5 })).unwrap();
    assert_eq!(desk.studio.call("conversations.audit", wanted_5.clone()).unwrap_err().code, Code::Stopped);
    assert_eq!(desk.studio.call("conversations.audit", wanted_5).unwrap(), audited);
}

#[test]
fn the_search_for_a_conversation_that_shows_a_problem_can_be_stopped() {
    let desk = a_desk(1);
    let doc = open(&desk)["doc"].clone();
    let case = json!({ "turn": 999_999 });
    let wanted = json!({ "doc": doc, "node": "explain", "witness": case, "ticket": 6 });
    desk.studio.call("check.stop", json!({ "ticket": 6 })).unwrap();
    assert_eq!(desk.studio.call("check.conversation", wanted.clone()).unwrap_err().code, Code::Stopped);
    // Not stopped, it finds nothing, and says so.
    assert_eq!(desk.studio.call("check.conversation", wanted).unwrap(), Value::Null);
}
