//! Exports as the window asks for them: compared with the last one, explained card by card, held against the flow.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that fails here is a test that fails, and it looks at what was written"
)]

mod common;

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use common::{BANKING, Desk};
use flow_api::Code;
use serde_json::{Value, json};

/// A studio with the flow of a bank open.
fn a_desk() -> Desk {
    opened(Desk::holding(&[("banking.flow.json", BANKING)]))
}

fn opened(desk: Desk) -> Desk {
    let path = desk.path("banking.flow.json");
    desk.opening(json!({ "path": path }))
}

/// Changes what a card says.
fn says(desk: &Desk, node: &str, words: &str) {
    let diff = json!([{ "op": "set", "path": ["nodes", node, "text"], "value": words }]);
    let revision = desk.call("doc.apply", json!({ "revision": 1, "diff": diff }));
    assert!(revision["revision"].as_u64().unwrap() > 1);
}

fn changes(exported: &Value) -> Vec<(String, String)> {
    let text = |file: &Value, key: &str| file[key].as_str().unwrap_or("").to_owned();
    let all = exported["files"].as_array().unwrap().iter();
    all.map(|file| (text(file, "path"), text(file, "change"))).filter(|(_, change)| change != "same").collect()
}

fn file<'v>(exported: &'v Value, path: &str) -> &'v Value {
    exported["files"].as_array().unwrap().iter().find(|file| file["path"] == path).unwrap()
}

#[test]
fn an_export_is_compared_with_the_last_one_as_it_stands_there() {
    let desk = a_desk();
    let run = |more: Value| {
        let mut params = json!({ "platform": "rasa" });
        for (key, value) in more.as_object().unwrap() {
            params[key] = value.clone();
        }
        desk.call("export.run", params)
    };
    let first = run(json!({}));
    assert_eq!((&first["last"], &file(&first, "domain.yml")["change"]), (&Value::Null, &Value::Null));
    let written = run(json!({ "out": desk.path("bot") }));
    assert_eq!((changes(&written), written["last"]["source"].as_str()), (Vec::new(), Some("folder")));
    says(&desk, "clarify", "Which charge is it?");
    fs::write(desk.path("bot/README.md"), "mine").unwrap();
    fs::write(desk.path("bot/notes.txt"), "theirs").unwrap();
    let again = run(json!({}));
    let found = changes(&again);
    assert!(found.iter().all(|(_, change)| change == "changed"), "{found:?}");
    assert!(found.iter().any(|(path, _)| path == "actions/policy.py"), "{found:?}");
    assert_eq!(
        (&file(&again, "README.md")["edited"], &file(&again, "actions/policy.py")["edited"]),
        (&json!(true), &json!(false))
    );
    let shown = desk.call("export.file", json!({ "path": "README.md" }));
    assert_eq!((shown["before"].as_str(), shown["there"].as_bool()), (Some("mine"), Some(true)));
    assert!(shown["text"].as_str().unwrap().starts_with('#'));
    fs::remove_dir_all(desk.path("bot")).unwrap();
    let gone = run(json!({}));
    assert_eq!(gone["last"]["source"], "memory", "what was written is remembered by its content");
    assert_ne!(changes(&gone), Vec::new());
    assert_eq!(file(&gone, "README.md")["edited"], false);
    let zip = run(json!({ "out": desk.path("bot.zip") }));
    assert_eq!((changes(&zip), zip["last"]["source"].as_str()), (Vec::new(), Some("zip")));
}

#[test]
fn a_file_of_the_last_export_alone_is_there_as_removed() {
    let desk = a_desk();
    let lines = include_str!("../../templates/banking_fee_dispute.conversations.jsonl");
    fs::write(desk.path("banking.conversations.jsonl"), lines).unwrap();
    let run = |more: Value| desk.call("export.run", more);
    run(json!({ "platform": "dialogflow-cx", "out": desk.path("bot") }));
    let without = run(json!({ "platform": "dialogflow-cx", "tests": "" }));
    let found = changes(&without);
    let removed = found.iter().find(|(path, change)| path.starts_with("testCases/") && change == "removed");
    let (path, _) = removed.unwrap_or_else(|| panic!("{found:?}"));
    let shown = desk.call("export.file", json!({ "path": path }));
    assert_eq!((&shown["there"], &shown["text"]), (&json!(false), &Value::Null));
    assert!(shown["before"].as_str().unwrap().contains('{'));
    assert_eq!(desk.try_call("export.file", json!({ "path": "no/such" })).unwrap_err().code, Code::BadRequest);
    let fault = desk.try_call("export.run", json!({ "platform": "rasa", "tests": "other.conversations.jsonl" }));
    assert!(fault.unwrap_err().message.contains("other.conversations.jsonl"));
}

#[test]
fn the_choice_of_a_flow_is_remembered_and_stands_in_no_document() {
    let desk = a_desk();
    assert_eq!(desk.call("export.known", json!({}))["platform"], Value::Null);
    desk.call("export.remember", json!({ "platform": "amazon-lex", "zip": true, "strict": true }));
    desk.call("export.run", json!({ "platform": "rasa", "out": desk.path("bot") }));
    assert_eq!(desk.read("banking.flow.json"), BANKING);
    let desk = opened(desk.killed());
    let known = desk.call("export.known", json!({}));
    assert_eq!(known["platform"], "rasa");
    let [lex, rasa] = known["platforms"].as_array().unwrap().as_slice() else { panic!("{known}") };
    assert_eq!((&lex["zip"], &lex["strict"], &lex["out"]), (&json!(true), &json!(true), &Value::Null));
    assert_eq!((&rasa["zip"], rasa["out"].as_str()), (&json!(false), Some(desk.path("bot").as_str())));
    assert!(rasa["at"].as_u64().unwrap() > 1_700_000_000);
}

#[test]
fn a_strict_export_that_loses_something_is_not_written() {
    let desk = a_desk();
    let out = desk.path("bot");
    let fault = desk.try_call("export.run", json!({ "platform": "rasa", "out": out, "strict": true })).unwrap_err();
    assert_eq!(fault.code, Code::LosesSomething);
    assert!(fault.message.contains("more"), "{}", fault.message);
    assert!(!Path::new(&out).exists());
    desk.call("export.run", json!({ "platform": "rasa", "strict": true }));
}

#[test]
fn each_thing_that_a_flow_uses_is_said_to_be_carried_as_the_plan_has_it() {
    let desk = a_desk();
    for platform in ["dialogflow-cx", "amazon-lex", "amazon-connect", "rasa"] {
        let exported = desk.call("export.run", json!({ "platform": platform }));
        let groups = exported["carried"].as_array().unwrap();
        let hows: Vec<&str> = groups.iter().map(|group| group["how"].as_str().unwrap()).collect();
        let rank = |how: &&str| ["native", "code", "hand", "lost"].iter().position(|known| known == how);
        assert!(hows.iter().map(rank).is_sorted(), "{platform}: {hows:?}");
        for (index, group) in groups.iter().enumerate() {
            let all = desk.call("export.places", json!({ "group": index, "from": 0, "most": 10_000 }));
            let all = all.as_array().unwrap();
            assert_eq!(all.len() as u64, group["count"].as_u64().unwrap());
            assert!(all.starts_with(group["places"].as_array().unwrap()));
            assert_eq!(group["why"].as_str().unwrap().is_empty(), group["how"] == "native", "{platform}: {group}");
            let lossy = matches!(group["how"].as_str(), Some("hand" | "lost"));
            for place in all.iter().filter(|_| lossy) {
                let told = exported["losses"].as_array().unwrap().iter().any(|loss| loss["meant"] == place["meant"]);
                assert!(told, "{platform}: {place} is among the losses");
            }
        }
        let lost: u64 = groups
            .iter()
            .filter(|g| matches!(g["how"].as_str(), Some("hand" | "lost")))
            .map(|g| g["count"].as_u64().unwrap())
            .sum();
        assert!(lost >= exported["losses"].as_array().unwrap().len() as u64, "{platform}: every loss has its place");
    }
}

#[test]
fn a_certificate_is_made_on_demand_and_can_be_stopped() {
    let desk = a_desk();
    let out = desk.path("certificate.json");
    let made = desk.call("export.certify", json!({ "platform": "rasa", "edges": 60, "out": out }));
    assert_eq!((&made["flow"], &made["platform"]), (&json!("banking_fee_dispute"), &json!("rasa")));
    assert!(made["cases"]["total"].as_u64().unwrap() > 0);
    let written: Value = serde_json::from_slice(&fs::read(&out).unwrap()).unwrap();
    assert_eq!(written["result"], made["result"]);
    let told = RefCell::new(Vec::new());
    let progress = |value: Value| {
        if value["step"] == "deciding" {
            desk.studio.call("export.stop", json!({ "ticket": 7 })).unwrap();
        }
        told.borrow_mut().push(value);
    };
    let wanted = json!({ "doc": desk.doc, "platform": "rasa", "edges": 60, "ticket": 7 });
    let stopped = desk.studio.call_with("export.certify", wanted, &progress);
    assert_eq!(stopped.unwrap_err().code, Code::Stopped);
    assert!(told.borrow().iter().any(|value| value["step"] == "cases"));
}

#[test]
fn the_page_of_a_platform_is_that_of_the_manual() {
    let desk = a_desk();
    for platform in desk.studio.call("export.platforms", json!({})).unwrap().as_array().unwrap() {
        let id = platform["id"].as_str().unwrap();
        let page = desk.studio.call("export.manual", json!({ "platform": id })).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        let file = fs::read_to_string(root.join(format!("docs/manual/platforms/{id}.md"))).unwrap();
        assert_eq!(page["markdown"].as_str().unwrap().trim_end(), file.trim_end(), "{id}");
        for held in platform["held"].as_array().unwrap() {
            assert!(file.contains(held.as_str().unwrap()), "{id}");
        }
    }
}

/// What a condition that the policy answers is called where the platform asks for it, by platform and the files that ask.
const ASKED: [(&str, &str, &str); 3] = [
    ("dialogflow-cx", "flows/", "$session.params.holds_"),
    ("amazon-lex", "", "[handoff_c_"),
    ("amazon-connect", "flows/", "$.Attributes.handoff_c_"),
];

#[test]
fn a_branch_is_said_to_be_native_exactly_where_the_files_do_not_ask_the_policy() {
    let mut seen = [0, 0];
    for template in flow_api::templates::TEMPLATES {
        let desk = opened(Desk::holding(&[("banking.flow.json", template.text)]));
        for (platform, within, lead) in ASKED {
            let exported = desk.call("export.run", json!({ "platform": platform, "tests": "" }));
            let mut text = String::new();
            for file in exported["files"].as_array().unwrap() {
                let path = file["path"].as_str().unwrap();
                if path.starts_with(within) && path.ends_with(".json") {
                    text += desk.call("export.file", json!({ "path": path }))["text"].as_str().unwrap();
                }
            }
            for (index, group) in exported["carried"].as_array().unwrap().iter().enumerate() {
                if group["about"] != "a choice by conditions" {
                    continue;
                }
                let all = desk.call("export.places", json!({ "group": index, "from": 0, "most": 1000 }));
                for place in all.as_array().unwrap() {
                    let Some(path) = place["path"].as_str() else { continue };
                    let [_, _, node, _, row, _] = path.split('/').collect::<Vec<_>>()[..] else { panic!("{path}") };
                    let name = format!("{lead}{node}_branch_{row}");
                    let ends = |at: usize| !text[at + name.len()..].starts_with(|c: char| c.is_ascii_digit());
                    let asked = text.match_indices(&name).any(|(at, _)| ends(at));
                    assert_eq!(group["how"] == "code", asked, "{} {platform} {path}", template.id);
                    seen[usize::from(asked)] += 1;
                }
            }
        }
    }
    assert!(seen[0] > 10 && seen[1] > 0, "{seen:?}");
}
