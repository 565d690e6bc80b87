//! Conversations of other tools as the window imports them, and what it does with conversations in their files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that fails here is a test that fails, and its cases are files"
)]

mod common;

use std::cell::RefCell;
use std::path::Path;

use common::Desk;
use flow_api::Code;
use serde_json::json;

const TABLE: &str = "id;speaker;words;vip\na;Kunde;Where is my card?;true\na;Bot;On its way.;true\na;Chefin;Sorry!;true\nb;Kunde;A person please;false\n";

#[test]
fn a_file_is_recognised_mapped_corrected_and_written() {
    let desk = Desk::holding(&[]);
    let path = desk.write("log.csv", TABLE);
    let sniffed = desk.call("import.sniff", json!({ "path": path }));
    assert_eq!(sniffed["guesses"][0]["kind"], "csv");
    assert!(sniffed["kinds"].as_array().unwrap().len() >= 12);
    let shown = desk.call("import.preview", json!({ "path": path, "first": 5 }));
    assert_eq!(shown["mapping"]["who"].as_array().unwrap().len(), 3);
    assert_eq!(shown["notes"][0]["line"], 4);
    assert_eq!(shown["report"]["notes"], 1);
    let mut mapping = shown["mapping"].clone();
    mapping["who"][2]["means"] = json!("agent");
    mapping["columns"].as_array_mut().unwrap().push(json!({ "from": "id", "to": "conversation", "as": "plain" }));
    mapping["together"] = json!(false);
    let corrected = desk.call("import.preview", json!({ "path": path, "first": 1, "mapping": mapping }));
    assert_eq!((&corrected["report"]["conversations"], &corrected["report"]["notes"]), (&json!(2), &json!(0)));
    assert_eq!(corrected["conversations"].as_array().unwrap().len(), 1);
    let told = RefCell::new(0);
    let (out, saved) = (desk.path("log.conversations.jsonl"), desk.path("log.mapping.json"));
    let run = json!({ "path": path, "mapping": corrected["mapping"], "out": out, "mapping_out": saved, "ticket": 7 });
    let made = desk.studio.call_with("import.run", run.clone(), &|_| *told.borrow_mut() += 1).unwrap();
    assert_eq!(made["report"]["turns"], 4);
    assert_eq!(desk.read("log.conversations.jsonl").lines().count(), 2);
    // What is there is not replaced unasked.
    assert_eq!(desk.studio.call("import.run", run.clone()).unwrap_err().code, Code::FilesInTheWay);
    let with = |force: bool, force_mapping: bool| {
        let mut run = run.clone();
        run["force"] = json!(force);
        run["force_mapping"] = json!(force_mapping);
        desk.studio.call("import.run", run)
    };
    desk.write("log.conversations.jsonl", "kept\n");
    let mapping_there = with(true, false).unwrap_err();
    assert_eq!((mapping_there.code, mapping_there.file.unwrap().path), (Code::FilesInTheWay, saved.clone()));
    assert_eq!(with(false, true).unwrap_err().file.unwrap().path, out);
    assert_eq!(desk.read("log.conversations.jsonl"), "kept\n");
    with(true, true).unwrap();
    assert_eq!(desk.read("log.conversations.jsonl").lines().count(), 2);
    let again = desk.call("import.preview", json!({ "path": path, "first": 5, "mapping_path": saved }));
    assert_eq!(again["mapping"], corrected["mapping"]);
    // A file that was changed since it was looked at is looked at again first; one that is gone is told.
    let stamp = desk.call("import.sniff", json!({ "path": path }))["stamp"].clone();
    let run = json!({ "path": path, "mapping": corrected["mapping"], "out": out, "force": true, "stamp": stamp });
    desk.call("import.run", run.clone());
    desk.write("log.csv", &format!("{TABLE}\n"));
    let error = desk.studio.call("import.run", run.clone()).unwrap_err();
    assert_eq!((error.code, error.file.unwrap().code.as_str()), (Code::FileChangedOnDisk, "changed-on-disk"));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(desk.studio.call("import.run", run).unwrap_err().file.unwrap().code, "not-found");
}

#[test]
fn an_import_that_is_stopped_leaves_nothing() {
    let desk = Desk::holding(&[]);
    let path = desk.write("log.csv", TABLE);
    let mapping = desk.call("import.preview", json!({ "path": path, "first": 1 }))["mapping"].clone();
    desk.call("import.stop", json!({ "ticket": 3 }));
    let out = desk.path("x.conversations.jsonl");
    let run = json!({ "path": path, "mapping": mapping, "out": out, "ticket": 3 });
    assert_eq!(desk.studio.call("import.run", run).unwrap_err().code, Code::Stopped);
    assert!(flow_api::store::read(Path::new(&out)).is_err());
    let missing = desk.studio.call("import.sniff", json!({ "path": desk.path("none") })).unwrap_err();
    assert!(missing.message.contains("no such file"), "{missing}");
    let mut wrong = mapping;
    wrong["columns"][0]["to"] = json!("colour");
    let refused =
        desk.studio.call("import.preview", json!({ "path": path, "first": 1, "mapping": wrong })).unwrap_err();
    assert!(refused.message.contains("columns[0]"), "{refused}");
}

#[test]
fn conversations_are_searched_labelled_tagged_and_audited_with_their_flow() {
    let desk = Desk::holding(&[]);
    let flow = flow_api::templates::TEMPLATES.iter().find(|t| t.id == "banking_fee_dispute").unwrap();
    let path = desk.write("banking_fee_dispute.flow.json", flow.text);
    desk.write(
        "more.conversations.jsonl",
        "{\"id\":\"m\",\"x_own\":1,\"turns\":[{\"who\":\"user\",\"text\":\"zebra\"},{\"handoff\":\"sent\"}]}\n",
    );
    for open in [json!({ "path": path }), json!({ "template": flow.id })] {
        let doc = desk.call("doc.open", open.clone())["doc"].clone();
        let found = |query: &str| desk.call("conversations.list", json!({ "doc": doc, "query": query, "most": 5 }));
        let query = if open.get("path").is_some() { "zebra" } else { "has:expect" };
        let id = found(query)["items"][0]["id"].clone();
        desk.call("conversations.tag", json!({ "doc": doc, "ids": [id], "add": ["odd"], "remove": [] }));
        assert_eq!(found("tag:odd")["count"], 1);
        desk.call("conversations.label", json!({ "doc": doc, "ids": [id], "expect": "{\"handoff\":false}" }));
        let audit = desk.call("conversations.audit", json!({ "doc": doc }));
        assert!(audit["labelled"].as_u64().unwrap() >= 1);
        let needless = audit["needless"]["first"].as_array().unwrap();
        assert_eq!(needless.iter().filter(|one| one["id"] == id).count(), 1, "{audit}");
        let one = json!({ "doc": doc, "files": ["more.conversations.jsonl"], "label": "none" });
        let of_one = if open.get("path").is_some() { json!([1, null]) } else { json!([audit["conversations"], null]) };
        let audit = desk.call("conversations.audit", one);
        assert_eq!(json!([audit["conversations"], audit["agreement"]]), of_one);
        let refused =
            desk.studio.call("conversations.label", json!({ "doc": doc, "ids": [id], "expect": "{\"hand\":1}" }));
        assert!(refused.is_err());
        assert!(
            desk.studio.call("conversations.list", json!({ "doc": doc, "query": "has:wings", "most": 1 })).is_err()
        );
    }
    assert!(
        desk.read("more.conversations.jsonl").contains("\"x_own\":1,\"tags\":[\"odd\"],\"expect\":{\"handoff\":false}")
    );
}
