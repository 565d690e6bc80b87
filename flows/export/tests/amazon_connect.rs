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
const SAME: [&str; 5] = ["connect.py", "handler.py", "test_connect.py", "policy.py", "test_policy.py"];

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
        let name = reference.strip_prefix("$.Attributes.").unwrap();
        let held = attributes.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| *value);
        let rows = block["Transitions"]["Conditions"].as_array().unwrap();
        let fits = |row: &&Value| {
            let operand = row["Condition"]["Operands"][0].as_str().unwrap();
            let numbers = || Some((held.parse::<f64>().ok()?, operand.parse::<f64>().ok()?));
            match row["Condition"]["Operator"].as_str().unwrap() {
                "Equals" => held.eq_ignore_ascii_case(operand),
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
    golden("amazon_connect/plain", &export(&odd("plain")), shown);
}

#[test]
fn every_export_holds_together_and_is_alike_each_time() {
    let templates = TEMPLATES.iter().map(|name| root().join(format!("flows/templates/{name}.flow.json")));
    let platforms = ["plain", "everything"].map(|name| root().join(format!("tests/platforms/{name}.flow.json")));
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
        ("tier == \\\"gold\\\"", vec![vec![("v_tier", "gold")]], vec![vec![("v_tier", "vip")], unset.to_vec()]),
        ("tier != \\\"gold\\\"", vec![vec![("v_tier", "vip")]], vec![vec![("v_tier", "gold")], unset.to_vec()]),
        ("!(tier == \\\"gold\\\")", vec![vec![("v_tier", "vip")], unset.to_vec()], vec![vec![("v_tier", "gold")]]),
        ("n < 0.5", vec![vec![("v_n", "0.49")]], vec![vec![("v_n", "0.5")], unset.to_vec()]),
        ("0.5 <= n", vec![vec![("v_n", "0.5")]], vec![vec![("v_n", "0.49")], unset.to_vec()]),
        ("n != 2", vec![vec![("v_n", "1")], vec![("v_n", "3")]], vec![vec![("v_n", "2")], unset.to_vec()]),
        (
            "ok && (n > 1 || tier in [\\\"gold\\\", \\\"vip\\\"])",
            vec![vec![("v_ok", "true"), ("v_n", "2")], vec![("v_ok", "true"), ("v_tier", "vip")]],
            vec![vec![("v_ok", "true")], vec![("v_n", "2"), ("v_tier", "vip")], vec![("v_ok", "false"), ("v_n", "2")]],
        ),
        (
            "!has(n) || !(ok && n > 1)",
            vec![unset.to_vec(), vec![("has_n", "true")]],
            vec![vec![("has_n", "true"), ("v_ok", "true"), ("v_n", "2")]],
        ),
    ] {
        let all = blocks(&export(&small(&CHOICE.replace("WHEN", when))), "main");
        let ways: BTreeSet<&String> = all.keys().filter(|id| id.starts_with("card_l-when-0")).collect();
        let speaks = all["card_l-heard-speaks"]["Transitions"]["NextAction"].as_str().unwrap();
        assert!(ways.contains(&speaks.to_owned()), "{when}: {speaks} {ways:?}");
        for attributes in yes {
            assert_eq!(follow(&all, speaks, &attributes), "card_l-branch-0", "{when} {attributes:?}");
        }
        for attributes in no {
            assert_eq!(follow(&all, speaks, &attributes), "card_l-else", "{when} {attributes:?}");
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
    let substituted = contents.iter().filter(|line| line.contains("${"));
    assert!(substituted.clone().all(|line| line.contains("Costs ${!Amount} or $${!x}")), "{template}");
    assert!(substituted.count() >= 3);
    // A text that Connect would take for a reference is said by the function.
    let main = blocks(&bundle, "main");
    let said = main.values().filter(|block| block["Type"] == "MessageParticipant");
    assert!(said.clone().all(|block| !block["Parameters"]["Text"].as_str().unwrap().contains("Costs")));
    assert_eq!(main["card_m"]["Type"], "InvokeLambdaFunction");
}
