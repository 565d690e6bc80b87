//! `preview` and `replay`.

use serde_json::Value;

use super::{has, keys, list, word};
use crate::handoff::{TEMPLATES, below, conversations, file, handoff, run, template, text};

const KINDS: [&str; 5] = ["handoff", "end", "abandoned", "open", "error"];

fn ids(name: &str) -> Vec<String> {
    let lines = std::fs::read_to_string(conversations(name)).unwrap();
    let id = |line: &str| word(&serde_json::from_str::<Value>(line).unwrap()["id"]).to_owned();
    lines.lines().filter(|line| !line.trim().is_empty()).map(id).collect()
}

fn outcome(json: &Value) {
    has(json, &["kind", "node", "at_turn"]);
    match word(&json["kind"]) {
        "handoff" => has(json, &["tier", "mode", "state", "priority", "reasons"]),
        "end" => has(json, &["outcome"]),
        kind => assert!(KINDS.contains(&kind), "{json}"),
    }
}

#[test]
fn preview_has_the_shape_of_the_format() {
    for name in TEMPLATES {
        for id in ids(name) {
            let named = format!("{}#{id}", conversations(name).display());
            let json = handoff(&["preview", text(&template(name)), "--conversation", &named, "--json", "--env", "dev"])
                .exits(0)
                .json();
            has(&json, &["conversation", "steps", "outcome", "handoffs", "assumed"]);
            assert_eq!(word(&json["conversation"]), id);
            outcome(&json["outcome"]);
            for step in list(&json["steps"]) {
                has(step, &["event", "node", "why", "said", "suggested", "set"]);
                assert!(!word(&step["why"]).is_empty() && step["event"].as_i64().unwrap() >= -1, "{step}");
            }
            for handoff in list(&json["handoffs"]) {
                has(handoff, &["node", "tier", "mode", "state", "at_turn", "reasons", "envelope", "requests"]);
                request(&handoff["requests"]["zendesk"]);
            }
        }
    }
}

#[test]
fn a_conversation_of_standard_input_is_chosen_by_its_id() {
    let (flow, lines) = (template("saas_copilot"), std::fs::read(conversations("saas_copilot")).unwrap());
    let here = std::path::Path::new(".");
    for id in ids("saas_copilot") {
        let chosen = |from: &str, input: &[u8]| {
            run(&["preview", text(&flow), "--conversation", &format!("{from}#{id}"), "--json"], here, input)
                .exits(0)
                .out
        };
        assert_eq!(chosen("-", &lines), chosen(text(&conversations("saas_copilot")), b""), "{id}");
    }
    run(&["preview", text(&flow), "--conversation", "-#nobody"], here, &lines).exits(2);
}

#[test]
fn why_not_names_the_nearest_change_and_has_run_it() {
    let folder = tempfile::tempdir().unwrap();
    for name in TEMPLATES {
        for id in ids(name) {
            let named = format!("{}#{id}", conversations(name).display());
            let ask = |turn: &str| {
                handoff(&["preview", text(&template(name)), "--conversation", &named, "--why-not", turn, "--json"])
            };
            let ran = ask("1");
            let json = ran.json();
            has(
                &json,
                &[
                    "conversation",
                    "turn",
                    "event",
                    "handed_off",
                    "changes",
                    "why_none",
                    "before",
                    "after",
                    "changed",
                    "tried",
                ],
            );
            assert_eq!(ran.code, i32::from(list(&json["changes"]).is_empty()), "{json}");
            let went_out = |told: &Value| list(&told["handoffs"]).iter().any(|one| one["at_turn"] == json["turn"]);
            assert_eq!(json["handed_off"], went_out(&json["before"]), "{json}");
            if json["after"].is_null() {
                assert!(json["why_none"].is_string(), "{json}");
                continue;
            }
            assert_ne!(went_out(&json["after"]), went_out(&json["before"]), "{json}");
            // The changed conversation, given back, does what was said of it.
            let changed = file(folder.path(), "changed.jsonl", json["changed"].to_string());
            let again = handoff(&["preview", text(&template(name)), "--conversation", text(&changed), "--json"]).json();
            assert_eq!(again["outcome"], json["after"]["outcome"], "{name} {id}");
        }
    }
    let named = conversations("banking_fee_dispute");
    let flow = template("banking_fee_dispute");
    let none = handoff(&["preview", text(&flow), "--conversation", text(&named), "--why-not", "99"]).exits(2);
    assert!(none.err.contains("there is no customer turn 99"), "{}", none.err);
}

#[test]
fn a_preview_can_be_written_as_a_vcon() {
    let folder = tempfile::tempdir().unwrap();
    let (flow, talk) = (template("banking_fee_dispute"), conversations("banking_fee_dispute"));
    let json = handoff(&["preview", text(&flow), "--conversation", text(&talk), "--vcon", "-"]).exits(0).json();
    has(&json, &["vcon", "uuid", "created_at", "parties", "dialog", "analysis", "attachments"]);
    assert_eq!(word(&json["vcon"]), "0.4.0");
    let path = file(folder.path(), "talk.vcon.json", "");
    let beside =
        handoff(&["preview", text(&flow), "--conversation", text(&talk), "--vcon", text(&path), "--json"]).exits(0);
    has(&beside.json(), &["steps", "handoffs"]);
    assert_eq!(serde_json::from_str::<Value>(&std::fs::read_to_string(&path).unwrap()).unwrap(), json);
}

fn request(request: &Value) {
    has(request, &["method", "url", "headers", "body", "bytes", "limit", "fits"]);
    assert!(request["fits"].as_bool().unwrap(), "{request}");
    assert!(request["headers"].get("Idempotency-Key").is_some(), "{request}");
    for next in request.get("then").map_or(&Vec::new(), list) {
        has(next, &["method", "url", "body"]);
    }
}

#[test]
fn replay_counts_what_happened() {
    for name in TEMPLATES {
        let (flow, talk) = (template(name), conversations(name));
        let json = handoff(&["replay", text(&flow), text(&talk), "--json"]).exits(0).json();
        let wanted =
            ["conversations", "turns", "outcomes", "by_trigger", "by_tier", "by_node", "expect", "coverage", "seconds"];
        has(&json, &wanted);
        assert_eq!(keys(&json["outcomes"]), KINDS);
        has(&json["expect"], &["passed", "failed"]);
        has(&json["coverage"], &["nodes", "edges"]);
        let count: u64 = json["outcomes"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        assert_eq!(json["conversations"].as_u64(), Some(count));
        let nodes = json["coverage"]["nodes"].as_object().unwrap();
        let never: Vec<&String> = nodes.iter().filter(|(_, n)| n.as_u64() == Some(0)).map(|(node, _)| node).collect();
        assert!(never.len() * 5 <= nodes.len(), "{name}: conversations never reach {never:?}");
    }
}

#[test]
fn each_gives_one_line_a_conversation_in_order() {
    for name in TEMPLATES {
        let (flow, talk) = (template(name), conversations(name));
        let ran = handoff(&["replay", text(&flow), text(&talk), "--each", "--json"]).exits(0);
        let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let told: Vec<&str> = lines.iter().map(|line| word(&line["id"])).collect();
        assert_eq!(told, ids(name));
        for line in &lines {
            assert_eq!(keys(line), ["id", "line", "outcome", "handoffs", "at", "path"]);
            outcome(&line["outcome"]);
            assert_eq!(line["path"][0], "start");
            let ended = ["end", "abandoned", "error"].contains(&word(&line["outcome"]["kind"]));
            assert!(!ended || line["at"].is_null(), "{line}");
            for handoff in list(&line["handoffs"]) {
                assert_eq!(keys(handoff), ["node", "tier", "mode", "state", "priority", "at_turn", "reasons"]);
            }
        }
        let summary = ran.err.lines().last().unwrap();
        has(&serde_json::from_str(summary).unwrap(), &["conversations", "outcomes"]);
    }
}

#[test]
fn replay_and_preview_tell_the_same() {
    for name in TEMPLATES {
        let (flow, talk) = (template(name), conversations(name));
        let each = handoff(&["replay", text(&flow), text(&talk), "--each", "--json"]).exits(0);
        for line in each.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
            let named = format!("{}#{}", talk.display(), word(&line["id"]));
            let json = handoff(&["preview", text(&flow), "--conversation", &named, "--json"]).exits(0).json();
            assert_eq!(json["outcome"], line["outcome"]);
            for (one, two) in list(&json["handoffs"]).iter().zip(list(&line["handoffs"])) {
                for key in ["node", "tier", "mode", "state", "at_turn", "reasons"] {
                    assert_eq!(one[key], two[key], "{named}");
                }
            }
        }
    }
}

#[test]
fn against_itself_nothing_changes_and_a_moved_threshold_shows() {
    let (flow, talk) = (template("banking_fee_dispute"), conversations("banking_fee_dispute"));
    let json = handoff(&["replay", text(&flow), text(&talk), "--against", text(&flow), "--json"]).exits(0).json();
    assert_eq!(
        (json["same"].as_u64(), list(&json["changed"]).len()),
        (Some(ids("banking_fee_dispute").len() as u64), 0)
    );
    let mut other: Value = serde_json::from_slice(&std::fs::read(&flow).unwrap()).unwrap();
    other["constants"]["unsure"]["value"] = 0.into();
    other["constants"]["upset"]["value"] = (-1).into();
    let folder = tempfile::tempdir().unwrap();
    let other = file(folder.path(), "banking_fee_dispute.flow.json", other.to_string());
    let json = handoff(&["replay", text(&flow), text(&talk), "--against", text(&other), "--json"]).exits(0).json();
    assert!(!list(&json["changed"]).is_empty());
    for change in list(&json["changed"]) {
        assert_eq!(keys(change), ["id", "before", "after"]);
        outcome(&change["before"]);
        outcome(&change["after"]);
        assert_ne!(change["before"], change["after"]);
    }
}

#[test]
fn any_number_of_threads_and_columns_print_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for name in &TEMPLATES[..1] {
        let (flow, talk) = (template(name), conversations(name));
        // Long enough to be kept in columns, and for several blocks.
        let lines = std::fs::read_to_string(&talk).unwrap();
        let mut long = String::new();
        for round in 0.. {
            if long.len() > 5 << 20 {
                break;
            }
            for line in lines.lines() {
                let other = line.replacen("\"id\":\"", &format!("\"id\":\"{round}-"), 1);
                let other = other.replacen("\"id\": \"", &format!("\"id\": \"{round}-"), 1);
                let other = other.replace("\"said\":", "\"unsaid\":").replace("\"payload\":", "\"unpaid\":");
                long.push_str(&other.replace("\"absent\":", "\"there\":"));
                long.push('\n');
            }
        }
        let talk = file(folder.path(), &format!("{name}.long.jsonl"), long);
        let cache = folder.path().join("cache");
        let told = |more: &[&str]| {
            let mut arguments = vec!["replay", text(&flow), text(&talk), "--json"];
            arguments.extend(more);
            let ran = handoff(&arguments);
            let mut json = ran.json();
            json["seconds"] = Value::Null;
            (json, ran.err)
        };
        let one = told(&["--threads", "1"]);
        for more in [&["--threads", "3"][..], &["--cache", text(&cache)], &["--cache", text(&cache), "--threads", "1"]]
        {
            assert_eq!(told(more), one, "{name} {more:?}");
        }
    }
    assert_eq!(std::fs::read_dir(folder.path().join("cache")).unwrap().count(), 1);
}

#[test]
fn f85_what_coverage_counts_is_what_reaches_it() {
    for name in TEMPLATES {
        let (flow, talk) = (template(name), conversations(name));
        let coverage = handoff(&["replay", text(&flow), text(&talk), "--json"]).exits(0).json()["coverage"].clone();
        for kind in ["nodes", "edges", "branches", "because"] {
            for (what, count) in coverage[kind].as_object().unwrap().iter().step_by(5) {
                let json = handoff(&["replay", text(&flow), text(&talk), "--reaching", what, "--json"]).exits(0).json();
                let reached = json["count"].as_u64().unwrap();
                assert!(reached <= count.as_u64().unwrap(), "{name} {what}");
                assert_eq!(reached == 0, count.as_u64() == Some(0), "{name} {what}");
                assert_eq!(list(&json["conversations"]).len() as u64, reached);
            }
        }
    }
    let (flow, talk) = (template("banking_fee_dispute"), conversations("banking_fee_dispute"));
    let ran = handoff(&["replay", text(&flow), text(&talk), "--reaching", "nowhere"]).exits(2);
    assert!(ran.err.contains("nowhere"));
}

#[test]
fn f86_a_failing_conversation_is_printed_small_and_still_fails() {
    let folder = tempfile::tempdir().unwrap();
    let (flow, talk) = (template("banking_fee_dispute"), conversations("banking_fee_dispute"));
    let lines = std::fs::read_to_string(&talk).unwrap();
    let line = lines.lines().find(|line| line.contains("fee-escalated\"")).unwrap();
    let wrong = line.replacen("\"expect\":", "\"unexpected\":", 1).replacen('{', "{\"expect\":{\"handoff\":false},", 1);
    let path = file(folder.path(), "a.jsonl", format!("{wrong}\n{}\n", lines.lines().last().unwrap()));
    let ran = handoff(&["replay", text(&flow), text(&path), "--shrink"]).exits(0);
    let small: Value = serde_json::from_str(ran.out.trim()).unwrap();
    assert_eq!(small["id"], "fee-escalated-shrunk");
    assert_eq!(list(&small["turns"]).len(), 1, "{small}");
    let path = file(folder.path(), "b.jsonl", ran.out);
    handoff(&["replay", text(&flow), text(&path)]).exits(1);
    handoff(&["replay", text(&flow), text(&talk), "--shrink", "fee-1"]).exits(2);
}

#[test]
fn f88_a_constant_is_moved_over_its_range() {
    let (flow, talk) = (template("banking_fee_dispute"), conversations("banking_fee_dispute"));
    let json = handoff(&["replay", text(&flow), text(&talk), "--sweep", "const.unsure", "--json"]).exits(0).json();
    has(&json, &["constant", "value", "from", "to", "exact", "points", "best", "labelled"]);
    assert_eq!(json["exact"], true);
    let summary = handoff(&["replay", text(&flow), text(&talk), "--json"]).exits(0).json();
    let value = json["value"].as_f64().unwrap();
    let now = list(&json["points"]).iter().rev().find(|p| p["value"].as_f64().unwrap() <= value).unwrap();
    assert_eq!(now["handoffs"], summary["outcomes"]["handoff"]);
    let few =
        handoff(&["replay", text(&flow), text(&talk), "--sweep", "unsure", "--steps", "3", "--json"]).exits(0).json();
    assert!(list(&few["points"]).len() <= 5);
    handoff(&["replay", text(&flow), text(&talk), "--sweep", "nothing"]).exits(2);
}

#[test]
fn a_failed_expectation_exits_1_and_names_its_conversation() {
    let folder = tempfile::tempdir().unwrap();
    let line = r#"{"id":"a","expect":{"handoff":{"tier":"tier9"}},"turns":[{"who":"user","text":"x","intent":"request_human","sentiment":0}]}"#;
    let path = file(
        folder.path(),
        "a.jsonl",
        format!("{line}\n{}\n", line.replace("\"a\"", "\"b\"").replace("tier9", "tier1")),
    );
    let flow = template("banking_fee_dispute");
    let ran = handoff(&["replay", text(&flow), text(&path), "--json"]).exits(1);
    let json = ran.json();
    assert_eq!((json["expect"]["passed"].as_u64(), &json["expect"]["failed"]), (Some(1), &serde_json::json!(["a"])));
    assert!(ran.err.contains("tier9"), "{}", ran.err);
    handoff(&["preview", text(&flow), "--conversation", &format!("{}#a", path.display())]).exits(1);
}

#[test]
fn replay_and_preview_read_standard_input() {
    let (flow, talk) = (template("saas_copilot"), conversations("saas_copilot"));
    let input = std::fs::read(&talk).unwrap();
    let here = tempfile::tempdir().unwrap();
    let piped = run(&["replay", text(&flow), "-", "--each", "--json"], here.path(), &input).exits(0);
    assert_eq!(piped.out, handoff(&["replay", text(&flow), text(&talk), "--each", "--json"]).out);
    let document = std::fs::read(&flow).unwrap();
    let piped = run(&["replay", "-", text(&talk), "--each", "--json"], here.path(), &document).exits(0);
    assert_eq!(piped.out.lines().count(), ids("saas_copilot").len());
    run(&["preview", text(&flow), "--conversation", "-", "--json"], here.path(), &input).exits(0);
}

#[test]
fn i3_runs_give_the_same_bytes() {
    for name in TEMPLATES {
        let (flow, talk) = (template(name), conversations(name));
        let arguments = ["replay", text(&flow), text(&talk), "--each", "--json"];
        assert_eq!(handoff(&arguments).out, handoff(&arguments).out);
        let arguments = ["preview", text(&flow), "--conversation", text(&talk), "--json"];
        assert_eq!(handoff(&arguments).out, handoff(&arguments).out);
        let arguments = ["check", "--json", text(&flow)];
        assert_eq!(handoff(&arguments).out, handoff(&arguments).out);
        let summary = || {
            let mut json = handoff(&["replay", text(&flow), text(&talk), "--json"]).json();
            json["seconds"] = Value::Null;
            json
        };
        assert_eq!(summary(), summary());
    }
}

#[test]
fn wrong_use_exits_2() {
    let (flow, talk) = (template("banking_fee_dispute"), conversations("banking_fee_dispute"));
    handoff(&["preview", text(&flow), "--conversation", text(&talk), "--target", "nowhere"]).exits(2);
    handoff(&["preview", text(&flow), "--conversation", text(&talk), "--env", "nowhere"]).exits(2);
    handoff(&["preview", text(&flow)]).exits(2);
    handoff(&["check", text(&flow), "--for", "nowhere"]).exits(2);
    handoff(&["explain", "--nonsense"]).exits(2);
}

#[test]
fn preview_writes_collections_and_set_up_files_into_two_folders() {
    let folder = tempfile::tempdir().unwrap();
    let flow = template("banking_fee_dispute");
    let talk = format!("{}#fee-1", text(&flow).replace(".flow.json", ".conversations.jsonl"));
    let (postman, setup) = (folder.path().join("postman"), folder.path().join("setup"));
    let arguments = ["preview", text(&flow), "--conversation", &talk, "--postman", text(&postman), "--setup"];
    let ran = |setup: &std::path::Path| handoff(&[&arguments[..], &[text(setup), "--target", "twilio-flex"]].concat());
    ran(&setup).exits(0);
    let names = |folder: &std::path::Path| -> Vec<String> {
        below(folder).into_iter().map(|(name, _)| name).filter(|name| !name.starts_with('.')).collect()
    };
    assert_eq!(names(&postman), ["twilio-flex.postman_collection.json", "twilio-flex.postman_environment.json"]);
    assert_eq!(names(&setup), ["twilio-flex/workflow.json"]);
    std::fs::write(postman.join("twilio-flex.postman_environment.json"), "mine").unwrap();
    ran(&setup).exits(2);
    ran(&postman).exits(2);
}
