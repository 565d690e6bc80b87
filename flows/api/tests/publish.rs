//! The register, the deck and the page as the window asks for them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails here is a test that fails"
)]

mod common;

use std::path::Path;

use common::{BANKING, Desk};
use serde_json::json;

/// A studio with the banking template open.
fn a_desk() -> Desk {
    Desk::holding(&[]).opening(json!({ "template": "banking_fee_dispute" }))
}

#[test]
fn the_register_is_a_table_whose_cells_can_be_edited() {
    let desk = a_desk();
    let plain = desk.call("register.rows", json!({ "replay": false }));
    let rows = plain["rows"].as_array().unwrap().clone();
    assert!(rows.iter().all(|row| row["tests"] == json!([])));
    let tried = desk.call("register.rows", json!({ "replay": true }));
    assert!(tried["rows"].as_array().unwrap().iter().any(|row| row["tests"] != json!([])));
    let edits = rows[0]["edits"].as_array().unwrap();
    let say = edits.iter().find(|edit| edit["cell"] == "say").unwrap();
    let diff = json!([{ "op": "set", "path": say["path"], "value": "One moment." }]);
    desk.call("doc.apply", json!({ "diff": diff, "revision": 1 }));
    let after = desk.call("register.rows", json!({ "replay": false }));
    assert_eq!(after["rows"][0]["hears"], "One moment.");
}

#[test]
fn the_register_is_written_as_table_and_page() {
    let desk = a_desk();
    let written = desk.call("register.csv", json!({ "path": desk.path("register.csv") }));
    assert_eq!(written["bytes"], desk.bytes("register.csv").len());
    desk.call("register.html", json!({ "path": desk.path("register.html") }));
    assert!(desk.read("register.html").starts_with("<!DOCTYPE html>"));
}

#[test]
fn words_come_back_as_one_change_of_the_document() {
    let desk = a_desk();
    let texts = desk.call("copy.texts", json!({}));
    assert!(texts.as_array().unwrap().iter().any(|text| text["id"] == "/nodes/greet/text"));
    for name in ["deck.csv", "deck.xlsx"] {
        desk.call("copy.write", json!({ "path": desk.path(name) }));
        let back = desk.call("copy.read", json!({ "path": desk.path(name), "take": [] }));
        assert_eq!((&back["changes"], &back["diff"]), (&json!([]), &json!([])), "{name}");
    }
    let deck = desk.read("deck.csv");
    let edited = deck.replacen("Bringing in a specialist.", "A specialist is coming.", 1);
    flow_api::store::write_atomic(Path::new(&desk.path("deck.csv")), edited.as_bytes(), None).unwrap();
    let back = desk.call("copy.read", json!({ "path": desk.path("deck.csv"), "take": [] }));
    desk.call("doc.apply", json!({ "diff": back["diff"], "revision": 1 }));
    let text = desk.call("doc.text", json!({}))["text"].as_str().unwrap().to_owned();
    assert!(text.contains("A specialist is coming.") && !BANKING.contains("A specialist is coming."));
}

#[test]
fn a_page_is_written_with_the_conversations_that_are_named() {
    let desk = a_desk();
    let all = desk.call("publish.html", json!({ "path": desk.path("all.html"), "conversations": null, "date": null }));
    assert!(all["conversations"].as_u64().unwrap() > 20);
    let wanted = json!({ "path": desk.path("one.html"), "conversations": ["fee-1"], "date": "Spring" });
    let one = desk.call("publish.html", wanted);
    assert_eq!(one["conversations"], 1);
    let page = desk.read("one.html");
    assert!(page.contains("fee-1") && page.contains("Spring") && !page.contains("fee-vip"));
}
