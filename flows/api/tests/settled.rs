//! What becomes of the conversations of a flow that has no file when it gets one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails here is a test that fails"
)]

use std::path::Path;

use flow_api::{Config, Studio};
use serde_json::{Value, json};

const MINE: &str = r#"{"id":"talked","turns":[{"who":"user","text":"Hello"}]}"#;

/// A studio with an untitled copy of a template, in which a conversation was kept, and the folder for its file.
fn desk() -> (tempfile::TempDir, Studio, Value) {
    let folder = tempfile::TempDir::new().unwrap();
    let studio = Studio::new(Config { data: folder.path().join("data"), keys: flow_api::keys::Keyring::none() });
    let doc = studio.call("doc.open", json!({ "template": "banking_fee_dispute" })).unwrap()["doc"].clone();
    studio.call("conversations.save", json!({ "doc": doc, "line": MINE })).unwrap();
    (folder, studio, doc)
}

fn read(folder: &Path) -> String {
    let file = folder.join("copy.conversations.jsonl");
    flow_api::store::read(&file).map_or_else(|_| String::new(), |bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn a_file_that_is_there_already_keeps_its_own_and_gets_what_comes() {
    let (folder, studio, doc) = desk();
    let there = "\u{feff}{\"id\":\"talked\",\"x\":1.50,\"turns\":[]}\r\nbroken\r\n";
    let file = folder.path().join("copy.conversations.jsonl");
    flow_api::store::write_atomic(&file, there.as_bytes(), None).unwrap();
    let save = json!({ "doc": doc, "path": folder.path().join("copy.flow.json") });
    studio.call("doc.save", save.clone()).unwrap();
    let after = read(folder.path());
    assert!(after.starts_with(there), "{after:.300}");
    let mine = MINE.replace("\"talked\"", "\"talked~2\"");
    assert!(after[there.len()..].lines().any(|line| line == mine), "{after:.300}");
    // It was written once, and is let go of then.
    studio.call("doc.save", save).unwrap();
    assert_eq!(read(folder.path()), after);
    let listed = studio.call("conversations.list", json!({ "doc": doc, "most": 1000 })).unwrap();
    let listed = listed["items"].as_array().unwrap();
    assert_eq!(listed.iter().filter(|one| one["id"] == "talked~2").count(), 1);
}

#[test]
fn what_cannot_be_written_is_told_and_kept_until_it_can_be() {
    let (folder, studio, doc) = desk();
    let way = folder.path().join("copy.conversations.jsonl");
    // A folder stands where the file should.
    std::fs::create_dir(&way).unwrap();
    let save = json!({ "doc": doc, "path": folder.path().join("copy.flow.json") });
    let fault = studio.call("doc.save", save.clone()).unwrap_err();
    assert!(fault.message.contains("its conversations are not, and are kept here"), "{fault:?}");
    std::fs::remove_dir(&way).unwrap();
    studio.call("doc.save", save).unwrap();
    assert!(read(folder.path()).lines().any(|line| line == MINE));
}
