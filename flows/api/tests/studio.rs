//! The studio as the window calls it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails here is a test that fails"
)]

mod common;

use std::cell::RefCell;
use std::path::Path;

use common::{BANKING, Desk, studio};
use flow_api::Code;
use serde_json::{Value, json};

const SAID: &str = include_str!("../../templates/banking_fee_dispute.conversations.jsonl");

/// A studio with a folder that holds the banking flow, its conversations and its environments.
fn a_desk() -> Desk {
    Desk::holding(&[
        ("banking_fee_dispute.flow.json", BANKING),
        ("banking_fee_dispute.conversations.jsonl", SAID),
        ("environments.json", flow_api::templates::ENVIRONMENTS),
    ])
}

fn at<'v>(tree: &'v Value, path: &[&str]) -> &'v Value {
    path.iter().fold(tree, |here, step| {
        let entries = here["m"].as_array().unwrap();
        &entries.iter().find(|entry| entry[0] == *step).unwrap_or_else(|| panic!("no {step}"))[1]
    })
}

#[test]
fn starts_with_the_shipped_flows_and_what_was_open() {
    let desk = a_desk();
    let start = desk.call("app.start", json!({}));
    assert_eq!(start["templates"].as_array().unwrap().len(), 4);
    assert_eq!(start["recent"], json!([]));
    desk.banking();
    let start = desk.call("app.start", Value::Null);
    assert_eq!(start["recent"], json!([desk.path("banking_fee_dispute.flow.json")]));
}

#[test]
fn a_document_is_opened_changed_and_saved_canonically() {
    let desk = a_desk();
    let (doc, opened) = desk.banking();
    assert_eq!(at(&opened["tree"], &["constants", "unsure", "value"]), &json!({ "n": "0.8" }));
    assert_eq!(opened["readonly"], false);
    assert_eq!(opened.get("recovered"), None);
    let diff = json!([{ "op": "set", "path": ["nodes", "greet", "next"], "value": "nowhere" }]);
    let applied = desk.call("doc.apply", json!({ "doc": doc, "diff": diff, "revision": opened["revision"] }));
    let problem = |p: &&Value| p["code"] == "unknown-name" && p["path"] == "/nodes/greet/next";
    assert!(applied["problems"].as_array().unwrap().iter().any(|p| problem(&p)), "{applied:#}");
    let diff = json!([{ "op": "set", "path": ["nodes", "greet", "next"], "value": "main" }]);
    let applied = desk.call("doc.apply", json!({ "doc": doc, "diff": diff, "revision": applied["revision"] }));
    assert_eq!(applied["problems"], opened["problems"]);
    desk.retitle(doc, applied["revision"].as_u64().unwrap(), "Fees");
    let saved = desk.call("doc.save", json!({ "doc": doc }));
    assert!(saved["saved_at"].as_str().unwrap().ends_with('Z'));
    let text = desk.call("doc.text", json!({ "doc": doc }));
    assert_eq!(text["text"], desk.read("banking_fee_dispute.flow.json"));
    assert!(text["text"].as_str().unwrap().contains("\"title\": \"Fees\""));
    desk.call("doc.close", json!({ "doc": doc }));
    assert_eq!(desk.fault("doc.text", json!({ "doc": doc })).code, Code::BadRequest);
}

#[test]
fn a_change_of_another_revision_is_refused_and_a_whole_document_taken() {
    let desk = a_desk();
    let (doc, opened) = desk.banking();
    let params = json!({ "doc": doc, "diff": [{ "op": "remove", "path": ["title"] }], "revision": 99 });
    assert_eq!(desk.fault("doc.apply", params).code, Code::OutOfStep);
    let params = json!({ "doc": doc, "diff": [{ "op": "remove", "path": ["no"] }], "revision": opened["revision"] });
    assert_eq!(desk.fault("doc.apply", params).code, Code::OutOfStep);
    let whole = json!([{ "op": "set", "path": [], "value": opened["tree"] }]);
    desk.call("doc.apply", json!({ "doc": doc, "diff": whole, "revision": 99 }));
    let format = json!([{ "op": "set", "path": ["format"], "value": "handoff-flow/9" }]);
    let params = json!({ "doc": doc, "diff": format, "revision": 2 });
    assert_eq!(desk.fault("doc.apply", params).code, Code::FormatTooNew);
    assert_eq!(desk.call("doc.text", json!({ "doc": doc }))["text"].as_str().unwrap(), BANKING);
}

#[test]
fn a_file_that_changed_on_disk_is_never_overwritten_unasked() {
    let desk = a_desk();
    let (doc, _) = desk.banking();
    desk.retitle(doc, 1, "Mine");
    desk.write("banking_fee_dispute.flow.json", &BANKING.replace("Banking: fee dispute", "Theirs"));
    assert_eq!(desk.fault("doc.save", json!({ "doc": doc })).code, Code::FileChangedOnDisk);
    assert!(desk.read("banking_fee_dispute.flow.json").contains("Theirs"));
    let other = desk.path("mine.flow.json");
    let saved = desk.call("doc.save", json!({ "doc": doc, "path": other }));
    assert_eq!(saved["path"], json!(other));
    let (doc, _) = desk.banking();
    desk.retitle(doc, 1, "Mine again");
    desk.write("banking_fee_dispute.flow.json", BANKING);
    desk.call("doc.save", json!({ "doc": doc, "overwrite": true }));
    assert!(desk.read("banking_fee_dispute.flow.json").contains("Mine again"));
}

#[test]
fn what_a_crash_left_is_there_again_until_it_is_saved_or_let_go() {
    let desk = a_desk();
    let (doc, _) = desk.banking();
    desk.retitle(doc, 1, "Half done");
    desk.retitle(doc, 2, "Nearly done");
    let desk = desk.killed();
    let (_, opened) = desk.banking();
    assert_eq!(opened["recovered"], true);
    assert_eq!(at(&opened["tree"], &["title"]), "Nearly done");
    let desk = desk.killed();
    let (doc, opened) = desk.banking();
    assert_eq!(opened["recovered"], true, "a second crash loses nothing either");
    desk.call("doc.save", json!({ "doc": doc }));
    let desk = desk.killed();
    let (doc, opened) = desk.banking();
    assert_eq!(opened.get("recovered"), None);
    assert_eq!(at(&opened["tree"], &["title"]), "Nearly done");
    desk.retitle(doc, 1, "Not wanted");
    desk.call("doc.close", json!({ "doc": doc }));
    assert_eq!(desk.banking().1.get("recovered"), None);
}

#[test]
fn work_on_a_file_that_changed_after_a_crash_meets_the_same_question() {
    let desk = a_desk();
    let (doc, _) = desk.banking();
    desk.retitle(doc, 1, "Mine");
    let desk = desk.killed();
    desk.write("banking_fee_dispute.flow.json", &BANKING.replace("Banking: fee dispute", "Theirs"));
    let (doc, opened) = desk.banking();
    assert_eq!(at(&opened["tree"], &["title"]), "Mine");
    assert_eq!(desk.fault("doc.save", json!({ "doc": doc })).code, Code::FileChangedOnDisk);
}

#[test]
fn a_second_window_only_looks_and_reloading_takes_over() {
    let desk = a_desk();
    let (doc, _) = desk.banking();
    let other = studio(&desk.folder, flow_api::keys::Keyring::none());
    let opened = other.call("doc.open", json!({ "path": desk.path("banking_fee_dispute.flow.json") })).unwrap();
    assert_eq!(opened["readonly"], true);
    desk.retitle(doc, 1, "Mine");
    let (again, opened) = desk.banking();
    assert_eq!((&opened["readonly"], opened.get("recovered")), (&json!(false), None));
    desk.call("doc.close", json!({ "doc": doc }));
    desk.retitle(again, 1, "Other");
    let desk = desk.killed();
    assert_eq!(at(&desk.banking().1["tree"], &["title"]), "Other");
}

#[test]
fn a_text_that_is_no_flow_says_why() {
    let desk = a_desk();
    for (text, code) in [
        ("", Code::Unreadable),
        ("{ \"format\": ", Code::Unreadable),
        ("[]", Code::Unreadable),
        ("{ \"format\": \"handoff-flow/2\" }", Code::FormatTooNew),
    ] {
        let fault = desk.fault("doc.open", json!({ "text": text, "name": "pasted" }));
        assert_eq!(fault.code, code, "{text}");
        assert!(!fault.problems.is_empty(), "{text}");
    }
    let half = r#"{ "format": "handoff-flow/1", "id": "x", "nodes": {} }"#;
    let opened = desk.call("doc.open", json!({ "text": half, "name": "pasted" }));
    assert!(opened["problems"].as_array().unwrap().iter().any(|p| p["code"] == "no-start"));
    let preview = json!({ "doc": opened["doc"], "conversation": { "id": "a", "turns": [] } });
    let fault = desk.fault("preview.run", preview);
    assert_eq!(fault.code, Code::InvalidFlow);
    assert!(fault.problems.iter().any(|p| p["code"] == "no-start"));
    assert_eq!(desk.fault("doc.open", json!({ "path": desk.path("none.flow.json") })).code, Code::Failed);
    assert_eq!(desk.fault("doc.opened", json!({})).code, Code::BadRequest);
    assert_eq!(desk.fault("doc.open", json!({ "paths": "x" })).code, Code::BadRequest);
}

#[test]
fn problems_carry_fixes_that_the_window_can_apply() {
    let desk = a_desk();
    let broken = BANKING.replace("\"when\": \"intent == ", "\"when\": \"intent = ");
    let opened = desk.call("doc.open", json!({ "text": broken, "name": "broken" }));
    let problems = opened["problems"].as_array().unwrap();
    let fixable = problems.iter().find(|p| p["code"] == "syntax" && p.get("fix").is_some()).expect("a fix");
    let params = json!({ "doc": opened["doc"], "diff": fixable["fix"]["diff"], "revision": opened["revision"] });
    let applied = desk.call("doc.apply", params);
    let same = |p: &Value| p["path"] == fixable["path"] && p["code"] == "syntax";
    assert!(!applied["problems"].as_array().unwrap().iter().any(same));
    let page = desk.call("check.explain", json!({ "code": "branch-gap" }));
    assert!(page["markdown"].as_str().unwrap().starts_with("# branch-gap (error)\n\n## What it finds\n"));
    assert_eq!(desk.fault("check.explain", json!({ "code": "nothing" })).code, Code::BadRequest);
}

#[test]
fn conditions_are_checked_where_they_stand() {
    let desk = a_desk();
    let (doc, _) = desk.banking();
    let check = |text: &str, at: Value| desk.call("condition.check", json!({ "doc": doc, "text": text, "at": at }));
    let good = check("confidence<0.8", json!({}));
    assert_eq!(good["canonical"], "confidence < 0.8");
    assert_eq!(good["words"], "confidence is below 0.8");
    assert!(good["witness"]["confidence"].as_f64().unwrap() < 0.8);
    let bad = check("confidence < ", json!({}));
    assert_eq!((&bad["canonical"], &bad["faults"][0]["code"]), (&Value::Null, &json!("syntax")));
    let unknown = check("sentimnt < 0", json!({}));
    assert_eq!((&unknown["faults"][0]["code"], &unknown["faults"][0]["end"]), (&json!("unknown-name"), &json!(8)));
    let never = check("turn > 3 && turn < 2", json!({}));
    assert_eq!((&never["witness"], &never["faults"][0]["severity"]), (&Value::Null, &json!("warning")));
    let row = json!({ "node": "to_tier1", "row": "overflow" });
    assert_eq!(check("queue.wait > 300", row.clone())["faults"], json!([]));
    assert_eq!(check("queue.wait > 300", json!({ "node": "to_tier1" }))["faults"][0]["code"], "unknown-name");
    let params = json!({ "doc": doc, "text": "queue.wa", "offset": 8, "at": row });
    let offered = desk.call("condition.complete", params);
    let wait = offered.as_array().unwrap().iter().find(|c| c["insert"] == "queue.wait").unwrap();
    assert_eq!((&wait["start"], &wait["end"]), (&json!(0), &json!(8)));
}

#[test]
fn conversations_are_listed_previewed_and_kept() {
    let desk = a_desk();
    desk.write("other.flow.json", BANKING);
    desk.write("other.conversations.jsonl", "{\"id\":\"of-another-flow\",\"turns\":[]}\n");
    desk.write(
        "more.conversations.jsonl",
        "broken\n{\"id\":\"more-1\",\"turns\":[{\"who\":\"user\",\"text\":\"Hi\"}]}\n",
    );
    let (doc, _) = desk.banking();
    let list = desk.call("conversations.list", json!({ "doc": doc, "most": 1000 }));
    let ids: Vec<&str> = list["items"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!((ids[0], ids.contains(&"more-1"), ids.contains(&"of-another-flow")), ("fee-1", true, false));
    for id in ids {
        let text = desk.call("conversations.get", json!({ "doc": doc, "id": id }));
        let conversation: Value = serde_json::from_str(text["text"].as_str().unwrap()).unwrap();
        let preview = desk.call("preview.run", json!({ "doc": doc, "conversation": conversation }));
        let answer = desk.call("preview.why_not", json!({ "doc": doc, "conversation": conversation, "turn": 1 }));
        assert_eq!(answer["changes"].as_array().unwrap().is_empty(), answer["after"].is_null(), "{answer}");
        let vcon = desk.call("preview.vcon", json!({ "doc": doc, "conversation": conversation }));
        assert!(vcon["text"].as_str().unwrap().contains("\"vcon\": \"0.4.0\""), "{vcon}");
        assert_eq!(preview["conversation"], id);
        if conversation.get("expect").is_some() {
            assert_eq!(preview["expect"], json!([]), "{id}");
        }
    }
    assert_eq!(desk.call("environments.list", json!({ "doc": doc })), json!(["dev"]));
    let line = json!({ "id": "mine", "turns": [{ "who": "user", "text": "Hello\nthere" }] }).to_string();
    let saved = desk.call("conversations.save", json!({ "doc": doc, "line": line }));
    assert_eq!(saved["file"], "banking_fee_dispute.conversations.jsonl");
    let kept = desk.read("banking_fee_dispute.conversations.jsonl");
    assert!(kept.starts_with(SAID.trim_end()) && kept.lines().count() == SAID.lines().count() + 1);
    desk.call("conversations.save", json!({ "doc": doc, "line": line.replace("Hello", "Bye") }));
    let kept = desk.read("banking_fee_dispute.conversations.jsonl");
    assert!(kept.contains("Bye") && kept.lines().count() == SAID.lines().count() + 1);
    assert_eq!(desk.fault("conversations.save", json!({ "doc": doc, "line": "{}" })).code, Code::BadRequest);
}

#[test]
fn sets_are_counted() {
    let desk = a_desk();
    let lines = [
        r#"{"id":"a-1","tags":["refund","de"],"turns":[{"who":"user","text":"Wo ist mein GELD für Bücher?"},{"who":"bot","text":"Moment"}]}"#,
        "broken",
        r#"{"id":"a-2","tags":["refund"],"labels":{"gold":true,"note":"x"},"expect":{"handoff":false},"turns":["odd",{"who":"user","text":"Where is my money?"}]}"#,
    ];
    desk.write("more.conversations.jsonl", &lines.join("\n"));
    let (doc, _) = desk.banking();
    let sets = desk.call("conversations.sets", json!({ "doc": doc }));
    assert_eq!(sets[0]["conversations"], SAID.lines().filter(|line| !line.trim().is_empty()).count());
    let more = json!({
        "file": "more.conversations.jsonl", "conversations": 2, "labelled": 1, "unreadable": 1,
        "tags": [{ "name": "refund", "count": 2 }, { "name": "de", "count": 1 }],
        "labels": [{ "name": "gold", "count": 1 }], "odd_count": 2, "odd": sets[1]["odd"],
    });
    assert_eq!(sets[1], more);

    let shipped = desk.call("doc.open", json!({ "template": "banking_fee_dispute" }))["doc"].clone();
    let sets = desk.call("conversations.sets", json!({ "doc": shipped }));
    assert_eq!(sets[0]["file"], "banking_fee_dispute.conversations.jsonl");
    assert_eq!(sets.as_array().unwrap().len(), 1);
}

#[test]
fn a_handoff_is_previewed_to_its_exact_request() {
    let desk = a_desk();
    let (doc, _) = desk.banking();
    let text = desk.call("conversations.get", json!({ "doc": doc, "id": "fee-1" }));
    let conversation: Value = serde_json::from_str(text["text"].as_str().unwrap()).unwrap();
    let preview = desk.call("preview.run", json!({ "doc": doc, "conversation": conversation, "target": "zendesk" }));
    assert_eq!(preview["outcome"]["kind"], "handoff");
    let request = &preview["handoffs"][0]["requests"]["zendesk"];
    assert_eq!(
        (&request["method"], &request["missing"]),
        (&json!("POST"), &json!([])),
        "the first environment is taken"
    );
    assert_eq!(request["bytes"], request["body"].as_str().unwrap().len());
    let because = preview["steps"].as_array().unwrap().iter().find(|step| step["port"] == "trigger.uncertain_dispute");
    assert!(because.unwrap()["because"].as_array().unwrap().iter().any(|atom| atom["holds"] == true));
    let params = json!({ "doc": doc, "conversation": conversation, "target": "nowhere" });
    assert_eq!(desk.fault("preview.run", params).code, Code::BadRequest);
    let params = json!({ "doc": doc, "conversation": conversation, "env": "nowhere" });
    assert_eq!(desk.fault("preview.run", params).code, Code::BadRequest);
}

#[test]
fn a_preview_becomes_a_postman_collection_and_a_target_gets_its_files() {
    let desk = a_desk();
    let (doc, _) = desk.banking();
    let text = desk.call("conversations.get", json!({ "doc": doc, "id": "fee-1" }));
    let conversation: Value = serde_json::from_str(text["text"].as_str().unwrap()).unwrap();
    let params = json!({ "doc": doc, "conversation": conversation, "target": "zendesk" });
    let shown = desk.call("target.postman", params.clone());
    let names: Vec<&str> = shown["files"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert_eq!(names, ["zendesk.postman_collection.json", "zendesk.postman_environment.json"]);
    let mut written = params;
    written["out"] = json!(desk.path("postman"));
    desk.call("target.postman", written.clone());
    let environment = desk.read("postman/zendesk.postman_environment.json");
    desk.write("postman/zendesk.postman_environment.json", "secrets filled in");
    assert_eq!(desk.fault("target.postman", written.clone()).code, Code::FilesInTheWay);
    written["force"] = json!(true);
    desk.call("target.postman", written);
    assert_eq!(desk.read("postman/zendesk.postman_environment.json"), environment);
    let setup = desk.call("target.setup", json!({ "doc": doc, "out": desk.path("setup") }));
    for file in setup["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        assert!(path.starts_with("zendesk/"), "the flow speaks of it alone: {path}");
        assert_eq!(desk.read(&format!("setup/{path}")), file["text"].as_str().unwrap());
    }
    let flex = desk.call("target.setup", json!({ "doc": doc, "target": "twilio-flex" }));
    assert_eq!(flex["files"][0]["path"], "twilio-flex/workflow.json");
    assert_eq!(desk.fault("target.setup", json!({ "doc": doc, "target": "nowhere" })).code, Code::BadRequest);
}

#[test]
fn lines_that_cannot_be_read_are_told_beside_those_that_can() {
    let desk = a_desk();
    let file = "banking_fee_dispute.conversations.jsonl";
    desk.write(file, "\n{\"id\":\"a\",\n");
    let (doc, _) = desk.banking();
    let listed = desk.call("conversations.list", json!({ "doc": doc, "most": 10 }));
    assert_eq!((&listed["count"], &listed["items"]), (&json!(0), &json!([])));
    assert!(listed["unread"].as_str().unwrap().starts_with(&format!("{file}, line 2: ")), "{listed}");
    desk.write(file, "\n");
    let listed = desk.call("conversations.list", json!({ "doc": doc, "most": 10 }));
    assert_eq!(listed, json!({ "conversations": 0, "count": 0, "items": [] }));

    let good = |id: &str| format!(r#"{{"id":"{id}","turns":[{{"who":"user","text":"Hello"}}]}}"#);
    let odd = r#"{"id":"odd","turns":[{"what":1},{"who":"bot","text":"x"}]}"#;
    desk.write(file, &[&good("a"), "{", &good("b"), &good("a"), odd].join("\n"));
    let sets = desk.call("conversations.sets", json!({ "doc": doc }));
    assert_eq!(
        (&sets[0]["conversations"], &sets[0]["unreadable"], &sets[0]["odd_count"]),
        (&json!(3), &json!(1), &json!(3))
    );
    let lines: Vec<_> = sets[0]["odd"].as_array().unwrap().iter().map(|odd| odd["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [2, 4, 5]);
    assert_eq!(sets[0]["odd"][1]["why"], "the id a was seen before, so it is not replayed");
    assert!(sets[0]["odd"][2]["why"].as_str().unwrap().starts_with("odd: turns[0] is passed over: "), "{sets}");
    let listed = desk.call("conversations.list", json!({ "doc": doc, "most": 10 }));
    let ids: Vec<_> = listed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!((ids.as_slice(), &listed["count"]), (["a", "b", "odd"].as_slice(), &json!(3)));
}

#[test]
fn a_long_list_is_given_in_parts() {
    let desk = a_desk();
    let line = |i: usize| {
        let tag = if i.is_multiple_of(3) { r#","tags":["third"]"# } else { "" };
        format!(r#"{{"id":"c{i}"{tag},"turns":[{{"who":"user","text":"Number {i}"}}]}}"#)
    };
    let lines: Vec<String> = (0..6000).map(line).collect();
    desk.write("banking_fee_dispute.conversations.jsonl", &lines.join("\n"));
    let (doc, _) = desk.banking();
    let part = |query: &str, from: usize, most: usize| {
        desk.call("conversations.list", json!({ "doc": doc, "query": query, "from": from, "most": most }))
    };
    let ids = |part: &Value| -> Vec<String> {
        part["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let last = part("", 5990, 200);
    assert_eq!((&last["conversations"], &last["count"]), (&json!(6000), &json!(6000)));
    assert_eq!(ids(&last), (5990..6000).map(|i| format!("c{i}")).collect::<Vec<_>>());
    assert_eq!((&last["items"][0]["line"], &last["items"][0]["title"]), (&json!(5991), &json!("Number 5990")));
    let third = part("tag:third", 1998, 50);
    assert_eq!((ids(&third), &third["count"]), (vec!["c5994".to_owned(), "c5997".to_owned()], &json!(2000)));
    assert_eq!(ids(&part("", 6000, 5)), Vec::<String>::new());
    let text = desk.call("conversations.get", json!({ "doc": doc, "id": "c5999" }));
    assert_eq!(text["text"], lines[5999]);
    assert_eq!(desk.fault("conversations.get", json!({ "doc": doc, "id": "c6000" })).code, Code::BadRequest);
}

#[test]
fn one_can_talk_to_an_untitled_copy_and_keep_what_was_said() {
    let desk = a_desk();
    for template in flow_api::templates::TEMPLATES {
        let opened = desk.call("doc.open", json!({ "template": template.id }));
        let doc = &opened["doc"];
        assert_eq!(opened["path"], Value::Null);
        let talk = desk.call("talk.run", json!({ "doc": doc, "conversation": { "id": "talk", "turns": [] } }));
        assert_eq!(talk["outcome"]["kind"], "open", "{}", template.id);
        assert!(talk["waiting"]["for"].is_string());
        for info in desk.call("conversations.list", json!({ "doc": doc, "most": 1000 }))["items"].as_array().unwrap() {
            let text = desk.call("conversations.get", json!({ "doc": doc, "id": info["id"] }));
            let conversation: Value = serde_json::from_str(text["text"].as_str().unwrap()).unwrap();
            let preview = desk.call("preview.run", json!({ "doc": doc, "conversation": conversation }));
            assert_eq!(
                preview["expect"],
                if info["expect"] == true { json!([]) } else { Value::Null },
                "{}",
                info["id"]
            );
        }
        assert_eq!(desk.call("environments.list", json!({ "doc": doc })), json!(["dev"]));
        let tidied = desk.call("layout.tidy", json!({ "doc": doc }));
        assert!(tidied["positions"].as_array().unwrap().len() > 5);
    }
    let opened = desk.call("doc.open", json!({ "template": "banking_fee_dispute" }));
    let doc = &opened["doc"];
    let guess = desk.call("guess", json!({ "doc": doc, "text": "Why was I charged a fee? This is awful." }));
    assert_eq!(guess["intent"], "fee_dispute");
    assert!(guess["sentiment"].as_f64().unwrap() < -0.3);
    desk.call("guess", json!({ "doc": doc, "text": " " }));
    let kept = desk.call("conversations.save", json!({ "doc": doc, "line": "{\"id\":\"talked\",\"turns\":[]}" }));
    assert_eq!(kept, json!({}));
    desk.call("doc.save", json!({ "doc": doc, "path": desk.path("copy.flow.json") }));
    let list = desk.call("conversations.list", json!({ "doc": doc, "most": 1000 }));
    let talked = list["items"].as_array().unwrap().iter().find(|c| c["id"] == "talked").unwrap().clone();
    assert_eq!(talked["file"], "copy.conversations.jsonl");
}

#[test]
fn an_export_is_shown_and_written_whole() {
    let desk = a_desk();
    let platforms = desk.call("export.platforms", json!({}));
    let ids: Vec<&str> = platforms.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(
        ids,
        ["amazon-connect", "amazon-lex", "composer", "copilot-studio", "dialogflow-cx", "rasa", "rasa-calm"]
    );
    let (doc, _) = desk.banking();
    let shown = desk.call("export.run", json!({ "doc": doc, "platform": "rasa" }));
    assert_eq!(shown["written"], Value::Null);
    let out = desk.path("bot");
    let written = desk.call("export.run", json!({ "doc": doc, "platform": "rasa", "out": out }));
    assert_eq!(written["written"], json!(out));
    for file in written["files"].as_array().unwrap() {
        let text = desk.call("export.file", json!({ "doc": doc, "path": file["path"] }));
        let path = format!("bot/{}", file["path"].as_str().unwrap());
        assert_eq!(desk.read(&path), text["text"].as_str().unwrap(), "{path}");
    }
    assert_eq!(desk.fault("export.run", json!({ "doc": doc, "platform": "none" })).code, Code::BadRequest);
}

#[test]
fn an_export_is_made_again_over_the_former_one_unless_somebody_changed_it() {
    let desk = a_desk();
    let (doc, _) = desk.banking();
    let wanted = json!({ "doc": doc, "platform": "rasa", "out": desk.path("bot") });
    desk.call("export.run", wanted.clone());
    desk.write("bot/notes.txt", "mine");
    desk.call("export.run", wanted.clone());
    let domain = desk.read("bot/domain.yml");
    desk.write("bot/domain.yml", "mine");
    let fault = desk.fault("export.run", wanted.clone());
    assert_eq!(fault.code, Code::FilesInTheWay);
    assert!(fault.message.contains("domain.yml"), "{}", fault.message);
    let mut forced = wanted;
    forced["force"] = json!(true);
    desk.call("export.run", forced);
    assert_eq!(desk.read("bot/domain.yml"), domain);
    assert_eq!(desk.read("bot/notes.txt"), "mine");
}

#[test]
fn an_export_is_stopped_at_any_of_its_steps_and_leaves_nothing() {
    let desk = a_desk();
    let (doc, _) = desk.banking();
    let out = desk.path("bot");
    let run = |ticket: u32, stop_at: Option<usize>| {
        let told = RefCell::new(Vec::new());
        let wanted = json!({ "doc": doc, "platform": "rasa", "out": out, "ticket": ticket });
        let answer = desk.studio.call_with("export.run", wanted, &|progress| {
            told.borrow_mut().push(progress["step"].as_str().unwrap().to_owned());
            if stop_at == Some(told.borrow().len()) {
                desk.call("export.stop", json!({ "ticket": ticket }));
            }
        });
        (answer, told.into_inner())
    };
    let steps = ["conversations", "making", "files"];
    for stop_at in 1..=steps.len() {
        let (answer, told) = run(u32::try_from(stop_at).unwrap(), Some(stop_at));
        assert_eq!(answer.unwrap_err().code, Code::Stopped);
        assert_eq!(told, steps[..stop_at]);
        assert!(!Path::new(&out).exists());
    }
    // A stop that overtakes its export counts too, and one that comes late stops nothing else.
    desk.call("export.stop", json!({ "ticket": 8 }));
    assert_eq!(run(8, None).0.unwrap_err().code, Code::Stopped);
    desk.call("export.stop", json!({ "ticket": 8 }));
    let (answer, told) = run(9, None);
    answer.unwrap();
    assert_eq!(told.last().unwrap(), "files");
    assert!(Path::new(&out).join("domain.yml").exists());
}

#[test]
fn a_problem_is_shown_as_a_conversation() {
    let desk = a_desk();
    let text = BANKING.replace("\"else\": \"explain\"", "\"x_else\": \"explain\"");
    assert_ne!(text, BANKING);
    desk.write("banking_fee_dispute.flow.json", &text);
    let opened = desk.call("doc.open", json!({ "path": desk.path("banking_fee_dispute.flow.json") }));
    let problems = opened["problems"].as_array().unwrap();
    let gap = problems.iter().find(|problem| problem["code"] == "branch-gap").unwrap();
    let asked = json!({ "doc": opened["doc"], "node": gap["node"], "witness": gap["witness"] });
    let found = desk.call("check.conversation", asked);
    let conversation: Value = serde_json::from_str(found["text"].as_str().unwrap()).unwrap();
    let preview = desk.call("preview.run", json!({ "doc": opened["doc"], "conversation": conversation }));
    assert_eq!(preview["outcome"]["kind"], "error");
    assert_eq!(preview["outcome"]["node"], gap["node"]);
}

#[test]
fn problems_are_shown_one_after_the_other_or_say_why_not() {
    let desk = a_desk();
    let text = BANKING.replace("\"else\": \"explain\"", "\"x_else\": \"explain\"");
    desk.write("banking_fee_dispute.flow.json", &text);
    let opened = desk.call("doc.open", json!({ "path": desk.path("banking_fee_dispute.flow.json") }));
    let gap = opened["problems"].as_array().unwrap().iter().find(|problem| problem["code"] == "branch-gap").unwrap();
    let about = |id: &str, node: Value| {
        let mut problem = gap.clone();
        problem["id"] = json!(id);
        problem["node"] = node;
        problem
    };
    let problems = json!([gap, about("whole", Value::Null), about("far", gap["node"].clone())]);
    let asked = json!({ "doc": opened["doc"], "problems": problems, "nowhere": [], "ticket": 3 });
    let told = std::cell::RefCell::new(Vec::new());
    let shown = desk.studio.call_with("check.shown", asked.clone(), &|one| told.borrow_mut().push(one)).unwrap();
    assert_eq!(shown, Value::Array(told.into_inner()), "each is told as soon as it is known");
    assert_eq!(shown[0]["problem"], gap["id"]);
    assert!(shown[0]["text"].as_str().unwrap().contains("\"turns\""));
    assert_eq!(shown[1]["never"], true);
    assert!(shown[1]["why"].as_str().unwrap().contains("as a whole"), "{shown}");
    // What the checks proved is not looked for.
    let mut nowhere = asked.clone();
    nowhere["nowhere"] = json!([gap["node"]]);
    let shown = desk.call("check.shown", nowhere);
    assert_eq!((&shown[0]["never"], &shown[0]["text"]), (&json!(true), &Value::Null));
    desk.studio.call("check.stop", json!({ "ticket": 3 })).unwrap();
    assert_eq!(desk.studio.call("check.shown", asked).unwrap_err().code, Code::Stopped);
}
