//! The Amazon Connect export: a golden project, the same bytes every time, blocks that lead somewhere, chains of
//! comparisons that decide as the condition does.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{TEMPLATES, checked, golden, odd, root, small};
use flow_check::Checked;
use flow_export::{Bundle, platform};
use serde_json::Value;

/// The same in every export, or with tests of their own.
const SAME: [&str; 6] = ["connect.py", "handler.py", "wire.py", "test_connect.py", "policy.py", "test_policy.py"];

fn export(flow: &Checked) -> Bundle {
    platform("amazon-connect").unwrap().write(flow, &[]).unwrap()
}

fn blocks(bundle: &Bundle, file: &str) -> BTreeMap<String, Value> {
    let flow: Value = serde_json::from_slice(&bundle.files[&format!("flows/{file}.json")]).unwrap();
    let actions = flow["Actions"].as_array().unwrap().clone();
    assert_eq!(flow["Metadata"]["ActionMetadata"].as_object().unwrap().len(), actions.len(), "{file}");
    let all: BTreeMap<String, Value> =
        actions.into_iter().map(|block| (block["Identifier"].as_str().unwrap().to_owned(), block)).collect();
    assert!(all.contains_key(flow["StartAction"].as_str().unwrap()), "{file}");
    all
}

fn leads_to(block: &Value) -> Vec<&str> {
    let transitions = &block["Transitions"];
    let rows = ["Conditions", "Errors"].into_iter().filter_map(|key| transitions[key].as_array()).flatten();
    transitions["NextAction"].as_str().into_iter().chain(rows.filter_map(|row| row["NextAction"].as_str())).collect()
}

/// Which way a chain of comparisons goes from a block, with these attributes.
fn follow<'b>(all: &'b BTreeMap<String, Value>, from: &'b str, attributes: &[(&str, &str)]) -> &'b str {
    let mut at = from;
    while let Some(block) = all.get(at).filter(|block| block["Type"] == "Compare") {
        let reference = block["Parameters"]["ComparisonValue"].as_str().unwrap();
        let name = reference.rsplit('.').next().unwrap();
        let held = attributes.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| *value);
        let rows = block["Transitions"]["Conditions"].as_array().unwrap();
        let fits = |row: &&Value| {
            let operand = row["Condition"]["Operands"][0].as_str().unwrap();
            let numbers = || Some((held.parse::<f64>().ok()?, operand.parse::<f64>().ok()?));
            match row["Condition"]["Operator"].as_str().unwrap() {
                "Equals" => held == operand,
                "NumberLessThan" => numbers().is_some_and(|(a, b)| a < b),
                "NumberLessOrEqualTo" => numbers().is_some_and(|(a, b)| a <= b),
                "NumberGreaterThan" => numbers().is_some_and(|(a, b)| a > b),
                "NumberGreaterOrEqualTo" => numbers().is_some_and(|(a, b)| a >= b),
                other => panic!("{other}"),
            }
        };
        let next = rows.iter().find(fits).map_or(&block["Transitions"]["NextAction"], |row| &row["NextAction"]);
        at = next.as_str().unwrap();
    }
    at
}

#[test]
fn golden_projects_are_exported() {
    let same = |path: &str| SAME.iter().any(|same| path.ends_with(same));
    let shown = |path: &str| !path.starts_with("bot") && !same(path) && !path.ends_with(".zip");
    for name in ["plain", "queues"] {
        golden(&format!("amazon_connect/{name}"), &export(&odd(name)), shown);
    }
}

#[test]
fn every_export_holds_together_and_is_alike_each_time() {
    let templates = TEMPLATES.iter().map(|name| root().join(format!("flows/templates/{name}.flow.json")));
    let platforms =
        ["plain", "queues", "everything"].map(|name| root().join(format!("tests/platforms/{name}.flow.json")));
    for path in templates.chain(platforms) {
        let flow = checked(&path);
        let bundle = export(&flow);
        assert_eq!(bundle, export(&flow), "{}", path.display());
        for file in ["main", "waiting", "whisper", "back"] {
            let all = blocks(&bundle, file);
            let ends = all.values().filter(|block| leads_to(block).is_empty()).count();
            assert!(ends > 0, "{} {file}: nothing ends it", path.display());
            for (id, block) in &all {
                for to in leads_to(block) {
                    assert!(all.contains_key(to), "{} {file}: {id} leads to {to}", path.display());
                }
            }
        }
    }
}

const CHOICE: &str = r#"{"format":"handoff-flow/1","id":"f","intents":{"a":{},"b":{}},
    "signals":{"tier":{"type":"enum","values":["gold","vip","none"]},"n":{"type":"number"},"ok":{"type":"bool"}},
    "nodes":{"start":{"kind":"start","next":"l"},"e":{"kind":"end","outcome":"x"},
    "l":{"kind":"listen","branches":[{"when":"WHEN","to":"e"}],"else":"l2"},
    "l2":{"kind":"message","text":"Hm.","next":"l"}}}"#;

#[test]
fn chains_of_comparisons_decide_as_the_condition() {
    let unset: &[(&str, &str)] = &[];
    for (when, yes, no) in [
        (
            "tier == \\\"gold\\\"",
            vec![vec![("handoff_v_tier", "gold")]],
            vec![vec![("handoff_v_tier", "vip")], unset.to_vec()],
        ),
        (
            "tier != \\\"gold\\\"",
            vec![vec![("handoff_v_tier", "vip")]],
            vec![vec![("handoff_v_tier", "gold")], unset.to_vec()],
        ),
        (
            "!(tier == \\\"gold\\\")",
            vec![vec![("handoff_v_tier", "vip")], unset.to_vec()],
            vec![vec![("handoff_v_tier", "gold")]],
        ),
        ("n < 0.5", vec![vec![("handoff_v_n", "0.49")]], vec![vec![("handoff_v_n", "0.5")], unset.to_vec()]),
        ("0.5 <= n", vec![vec![("handoff_v_n", "0.5")]], vec![vec![("handoff_v_n", "0.49")], unset.to_vec()]),
        (
            "n != 2",
            vec![vec![("handoff_v_n", "1")], vec![("handoff_v_n", "3")]],
            vec![vec![("handoff_v_n", "2")], unset.to_vec()],
        ),
        (
            "ok && (n > 1 || tier in [\\\"gold\\\", \\\"vip\\\"])",
            vec![
                vec![("handoff_v_ok", "true"), ("handoff_v_n", "2")],
                vec![("handoff_v_ok", "true"), ("handoff_v_tier", "vip")],
            ],
            vec![
                vec![("handoff_v_ok", "true")],
                vec![("handoff_v_n", "2"), ("handoff_v_tier", "vip")],
                vec![("handoff_v_ok", "false"), ("handoff_v_n", "2")],
            ],
        ),
        (
            "!has(n) || !(ok && n > 1)",
            vec![unset.to_vec(), vec![("handoff_has_n", "true")]],
            vec![vec![("handoff_has_n", "true"), ("handoff_v_ok", "true"), ("handoff_v_n", "2")]],
        ),
    ] {
        let all = blocks(&export(&small(&CHOICE.replace("WHEN", when))), "main");
        let ways: BTreeSet<&String> = all.keys().filter(|id| id.starts_with("card_l-when-0")).collect();
        let speaks = all["card_l-heard-speaks"]["Transitions"]["NextAction"].as_str().unwrap();
        assert!(ways.contains(&speaks.to_owned()), "{when}: {speaks} {ways:?}");
        for attributes in yes {
            assert_eq!(follow(&all, speaks, &attributes), "card_e", "{when} {attributes:?}");
        }
        for attributes in no {
            assert_eq!(follow(&all, speaks, &attributes), "card_l2", "{when} {attributes:?}");
        }
    }
}

#[test]
fn what_only_looks_like_a_placeholder_stays_a_text() {
    let text = r#"{"format":"handoff-flow/1","id":"f","title":"Costs ${Amount} or $${x}","nodes":{
        "start":{"kind":"start","next":"m"},"e":{"kind":"end","outcome":"x"},
        "m":{"kind":"message","text":"Costs $.Attributes.handoff_state, \"so\"","next":"e"}}}"#;
    let bundle = export(&small(text));
    let template = std::str::from_utf8(&bundle.files["cloudformation.yaml"]).unwrap();
    let contents: Vec<&str> = template.lines().filter(|line| line.contains("StartAction")).collect();
    assert_eq!(contents.len(), 4);
    // A list is substituted; the whisper has nothing to fill in.
    let substituted = contents.iter().filter(|line| line.trim_start().starts_with("- "));
    assert!(substituted.clone().all(|line| line.contains("Costs ${!Amount} or $${!x}")), "{template}");
    assert!(substituted.count() >= 3);
    // A text that Connect would take for a reference is said by the function.
    let main = blocks(&bundle, "main");
    let said = main.values().filter(|block| block["Type"] == "MessageParticipant");
    assert!(said.clone().all(|block| !block["Parameters"]["Text"].as_str().unwrap().contains("Costs")));
    assert_eq!(main["card_m"]["Type"], "InvokeLambdaFunction");
}

#[test]
fn a_title_is_no_placeholder_and_no_html_and_fits() {
    let text = r#"{"format":"handoff-flow/1","id":"f","title":"Q&A ${FunctionArn} LONG","description":"a\u0085b\u007f","nodes":{
        "start":{"kind":"start","next":"m"},"e":{"kind":"end","outcome":"x"},
        "m":{"kind":"message","text":"Costs ${{feeArn}} \u0090","next":"e"}}}"#;
    let bundle = export(&small(&text.replace("LONG", &"x".repeat(200))));
    let template = std::str::from_utf8(&bundle.files["cloudformation.yaml"]).unwrap();
    assert!(template.chars().all(|c| c == '\n' || !c.is_control()), "{template}");
    let names: Vec<&str> = template.lines().filter(|line| line.trim_start().starts_with("Name: \"")).collect();
    assert!(names.iter().all(|name| name.contains("Q&A $ {FunctionArn}") && name.trim().len() < 135), "{names:?}");
    // The text is the function's to say: nothing of it stands between placeholders.
    assert!(!template.contains("feeArn"), "{template}");
}

#[test]
fn what_a_question_asks_for_is_heard() {
    let bundle = export(&odd("queues"));
    for entity in ["phone", "order"] {
        let end = format!("Intents/answer_{entity}/Intent.json");
        let (path, bytes) = bundle.files.iter().find(|(path, _)| path.ends_with(&end)).unwrap();
        let intent: Value = serde_json::from_slice(bytes).unwrap();
        assert_eq!(intent["sampleUtterances"], serde_json::json!([{ "utterance": format!("{{{entity}}}") }]), "{path}");
        let slot = path.replace("Intent.json", &format!("Slots/{entity}/Slot.json"));
        assert!(bundle.files.contains_key(&slot), "{slot}");
    }
    let names = std::str::from_utf8(&bundle.files["lambda/names.py"]).unwrap();
    assert!(
        names.contains("\"answer_phone\": \"phone\"") && names.contains("OPEN = [\"phone\", \"order\"]"),
        "{names}"
    );
}

#[test]
fn no_text_of_the_document_is_a_reference() {
    let main = blocks(&export(&odd("queues")), "main");
    for (id, block) in &main {
        let said = block["Parameters"]["Text"].as_str().unwrap_or_default();
        let own = ["$.Attributes.handoff_", "$.External.handoff_", "$.Lex.SessionAttributes.handoff_"];
        let refers = own.iter().any(|own| said.starts_with(own)) && !said.contains(' ');
        assert!(!said.contains("$.") || refers, "{id}: {said}");
    }
    assert_eq!(
        main["card_queues_order_ask_order-again"]["Parameters"]["Text"],
        "$.Lex.SessionAttributes.handoff_again"
    );
}

#[test]
fn the_queue_is_that_of_the_tier_which_the_function_chose() {
    let main = blocks(&export(&odd("queues")), "main");
    // Hours and figures of both queues are known before the function chooses, which names the tier once.
    assert_eq!(main["card_person"]["Parameters"]["Attributes"], serde_json::json!({ "handoff_card": "card_person" }));
    assert_eq!(main["card_person"]["Transitions"]["NextAction"], "request-Desk-Vip-begins");
    let asks = &main["request-Desk-Vip"]["Parameters"]["LambdaInvocationAttributes"];
    assert_eq!(asks["card"], "$.Attributes.handoff_card");
    for name in ["open", "available", "ahead", "oldest"] {
        for mark in ["Desk", "Vip"] {
            let known = format!("handoff_queue_{mark}_{name}");
            assert_eq!(asks[&known], format!("$.Attributes.{known}"));
        }
    }
    let target = |tier: &str| follow(&main, "asked", &[("handoff_turn", "queue"), ("handoff_tier", tier)]);
    for (tier, arn) in [("desk", "${QueueArnDesk}"), ("vip", "${QueueArnVip}")] {
        let block = &main[target(tier)];
        assert_eq!(
            (&block["Type"], &block["Parameters"]["QueueId"]),
            (&"UpdateContactTargetQueue".into(), &arn.into())
        );
        assert_eq!(block["Transitions"]["NextAction"], "priority");
    }
    assert_eq!(target("nobody"), "ask_a_colleague");
}

#[test]
fn what_follows_a_callback_is_decided_behind_it() {
    let main = blocks(&export(&odd("queues")), "main");
    let first = main["card_callback"]["Transitions"]["NextAction"].as_str().unwrap();
    let asked = &main[first.trim_end_matches("-begins")]["Parameters"]["LambdaInvocationAttributes"];
    assert_eq!((&asked["wanted"], &asked["card"]), (&"callback".into(), &"$.Attributes.handoff_card".into()));
    for (id, block) in main.iter().filter(|(_, block)| block["Type"] == "CreateCallbackContact") {
        let called = &main[block["Transitions"]["NextAction"].as_str().unwrap()];
        let failed = &main[block["Transitions"]["Errors"][0]["NextAction"].as_str().unwrap()];
        for (answer, outcome) in [(called, "sent"), (failed, "failed")] {
            assert_eq!(answer["Parameters"]["LambdaInvocationAttributes"]["callback"], outcome, "{id}");
        }
    }
    let number = main.values().find(|block| block["Type"] == "UpdateContactCallbackNumber").unwrap();
    let errors = number["Transitions"]["Errors"].as_array().unwrap();
    assert!(errors.iter().all(|error| error["NextAction"] == "not-called"), "{errors:?}");
}

#[test]
fn a_pause_is_one_that_the_timer_of_chats_knows() {
    let flow = r#"{"format":"handoff-flow/1","id":"f","intents":{"a":{}},"nodes":{"start":{"kind":"start","next":"l"},
        "e":{"kind":"end","outcome":"x"},"l":{"kind":"listen","branches":[{"when":"intent == \"a\"","to":"e"}],"else":"l",
        "idle":[ROWS]}}}"#;
    for (rows, pause) in [
        (r#"{"after":20,"say":"a"},{"after":33,"to":"e"}"#, "60"),
        (r#"{"after":0.5,"say":"a"}"#, "60"),
        (r#"{"after":120,"say":"a"},{"after":300,"to":"e"}"#, "60"),
        (r#"{"after":120,"say":"a"},{"after":239.5,"to":"e"}"#, "120"),
    ] {
        let bundle = export(&small(&flow.replace("ROWS", rows)));
        let main = blocks(&bundle, "main");
        assert_eq!(main["card_l-hears"]["Parameters"]["LexTimeoutSeconds"]["Text"], pause, "{rows}");
        assert!(
            bundle
                .losses
                .iter()
                .any(|loss| loss.node.as_deref() == Some("l") && loss.why.text().contains("of chats alone"))
        );
    }
}

#[test]
fn what_is_not_carried_is_said() {
    let bundle = export(&odd("queues"));
    let limits = std::str::from_utf8(&bundle.files["lambda/calls.py"]).unwrap();
    assert!(limits.contains("LIMITS = {\"queues.noted\": 7}"), "{limits}");
    let lost = |bundle: &Bundle, node: Option<&str>, meant: &str| {
        bundle.losses.iter().any(|loss| loss.node.as_deref() == node && loss.meant.text().contains(meant))
    };
    assert!(lost(&bundle, Some("noted"), "8 seconds"), "{:?}", bundle.losses);
    let text = r#"{"format":"handoff-flow/1","id":"f","locale":"cy","intents":{"a":{}},"tiers":{"t":{}},
        "contexts":{"c":{"summary":"s","fields":{"at":{"from":"now()"},"or":{"from":"alternatives(5)"}}}},
        "nodes":{"start":{"kind":"start","next":"l"},"h":{"kind":"handoff","context":"c","tier":"t"},
        "l":{"kind":"listen","branches":[{"when":"queue.t.wait < 60","to":"h"}],"else":"l"}}}"#;
    let bundle = export(&small(text));
    for (node, meant) in
        [(None, "now"), (None, "alternatives"), (None, "the language `cy`"), (Some("l"), "figures of a queue")]
    {
        let found = bundle
            .losses
            .iter()
            .any(|loss| loss.meant.text().contains(meant) && (node.is_none() || loss.node.as_deref() == node));
        assert!(found, "{meant}: {:?}", bundle.losses);
    }
    let cards: String = (0..240)
        .map(|i| format!(r#","a{i}":{{"kind":"action","call":"c","ok":"a{}","error":"l","timeout":"l"}}"#, i + 1))
        .collect();
    let big = format!(
        r#"{{"format":"handoff-flow/1","id":"f","intents":{{"a":{{}}}},"calls":{{"c":{{"inputs":{{}},"outputs":{{}}}}}},
        "nodes":{{"start":{{"kind":"start","next":"l"}},"a240":{{"kind":"end","outcome":"x"}},
        "l":{{"kind":"listen","branches":[{{"when":"intent == \"a\"","to":"a0"}}],"else":"l"}}{cards}}}}}"#
    );
    let bundle = export(&small(&big));
    assert!(!lost(&bundle, None, "a contact flow of"), "{:?}", bundle.losses);
    let parts = bundle.files.keys().filter(|path| path.starts_with("flows/part-")).count();
    assert!(parts > 2, "{parts} parts");
    for path in bundle.files.keys().filter(|path| path.starts_with("flows/")) {
        let file = path.trim_start_matches("flows/").trim_end_matches(".json");
        assert!(blocks(&bundle, file).len() <= 250, "{path}");
    }
}

#[test]
fn a_changed_flow_is_deployed() {
    let text = r#"{"format":"handoff-flow/1","id":"on","nodes":{"start":{"kind":"start","next":"m"},
        "e":{"kind":"end","outcome":"x"},"m":{"kind":"message","text":"Hi {customer.id|you}","next":"e"}}}"#;
    let of = |text: &str| String::from_utf8(export(&small(text)).files["cloudformation.yaml"].clone()).unwrap();
    let keys = |template: &str| {
        let lines =
            template.lines().map(str::trim).filter(|line| line.starts_with("Default: ") && line.ends_with(".zip"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let (before, after) = (of(text), of(&text.replace("Hi", "Hello")));
    assert_eq!((keys(&before).len(), keys(&of(text))), (2, keys(&before)));
    assert_ne!(keys(&before)[1], keys(&after)[1], "the function says another text");
    assert!(before.contains("    Default: \"on\"\n") && !before.contains("      FunctionName: !Sub"), "{before}");
    let revision = keys(&before)[0].trim_start_matches("Default: bot-").trim_end_matches(".zip").to_owned();
    assert!(before.contains(&format!("  BotVersion{revision}:")), "{before}");
}

#[test]
fn an_answer_is_kept_as_far_as_it_is_compared() {
    let text = r#"{"format":"handoff-flow/1","id":"f","intents":{"a":{}},"calls":{"c":{"inputs":{},"outputs":{}}},
        "signals":{"n":{"type":"number"},"k":{"type":"bool"}},"nodes":{"start":{"kind":"start","next":"l"},"e":{"kind":"end","outcome":"x"},
        "l":{"kind":"listen","branches":[{"when":"n > 1","to":"act"}],"else":"m"},"m":{"kind":"message","text":"Hm.","next":"d"},
        "d":{"kind":"decision","branches":[{"when":"intent == \"a\"","to":"l"}],"else":"e"},
        "act":{"kind":"action","call":"c","ok":"two","error":"l","timeout":"e"},
        "two":{"kind":"decision","branches":[{"when":"k","to":"l"}],"else":"e"}}}"#;
    let main = blocks(&export(&small(text)), "main");
    let compared = |id: &str| {
        let names = main[id]["Parameters"]["Attributes"].as_object().unwrap().keys();
        names.filter_map(|name| name.strip_prefix("handoff_v_")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(compared("card_l-heard-kept"), ["intent", "n"], "of what is compared behind the next call nothing");
    assert_eq!(compared("card_act-kept"), ["k"]);
    assert!(compared("begins-kept").is_empty());
}
