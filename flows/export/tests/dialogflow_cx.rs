//! The Dialogflow CX export: golden agents, the same bytes every time, every reference resolved, names that hold still.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{TEMPLATES, checked, golden, odd, root, template};
use flow_check::Checked;
use flow_export::{Bundle, Case, platform};
use serde_json::Value;

/// The same in every export: they have tests of their own.
const SAME: [&str; 6] = ["adapter.py", "test_policy.py", "policy.py", "service.py", "test_service.py", "openapi.yaml"];
const START: &str = "flows/Default Start Flow";

fn small(text: &str) -> Bundle {
    export(&common::small(text), &[])
}

fn export(flow: &Checked, cases: &[Case]) -> Bundle {
    platform("dialogflow-cx").unwrap().write(flow, cases).unwrap()
}

fn json(bundle: &Bundle, path: &str) -> Value {
    let bytes = bundle.files.get(path).unwrap_or_else(|| panic!("no {path}: {:?}", bundle.files.keys()));
    serde_json::from_slice(bytes).unwrap()
}

#[test]
fn golden_agents_are_exported() {
    for name in ["plain", "everything"] {
        let shown = |path: &str| !SAME.iter().any(|same| path == format!("webhook/{same}"));
        golden(&format!("dialogflow_cx/{name}"), &export(&odd(name), &[]), shown);
    }
}

#[test]
fn every_template_is_exported_alike_each_time() {
    for name in TEMPLATES {
        let (flow, cases) = template(name);
        let first = export(&flow, &cases);
        assert_eq!(first, export(&flow, &cases), "{name}");
        assert!(!first.losses.is_empty() && first.files.keys().any(|path| path.starts_with("testCases/")), "{name}");
        let readme = std::str::from_utf8(&first.files["README.md"]).unwrap();
        assert!(first.losses.iter().all(|loss| readme.contains(&loss.why.text().replace('&', "&amp;"))), "{name}");
        assert_eq!(platform("dialogflow-cx").unwrap().limits(flow.flow()), first.losses, "{name}");
    }
}

/// Every string that stands under a key, anywhere.
fn under<'v>(value: &'v Value, key: &str, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                match inner {
                    Value::String(text) if name == key => found.push(text),
                    Value::Array(items) if name == key => found.extend(items.iter().filter_map(Value::as_str)),
                    _ => under(inner, key, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| under(item, key, found)),
        _ => {}
    }
}

fn called(bundle: &Bundle, folder: &str) -> BTreeSet<String> {
    let inside = bundle.files.iter().filter(|(path, _)| path.starts_with(folder) && path.ends_with(".json"));
    let named = inside.filter_map(|(_, bytes)| {
        let value: Value = serde_json::from_slice(bytes).unwrap();
        Some(value.get("displayName")?.as_str()?.to_owned())
    });
    named.collect()
}

#[test]
fn every_reference_is_in_the_agent() {
    let symbols =
        ["End Flow", "End Session", "Previous Page", "END_FLOW_WITH_FAILURE", "END_FLOW_WITH_HUMAN_ESCALATION"];
    let files = TEMPLATES.iter().map(|name| root().join(format!("flows/templates/{name}.flow.json")));
    for path in files.chain([root().join("tests/platforms/everything.flow.json")]) {
        let bundle = export(&checked(&path), &[]);
        let known = |kind: &str| called(&bundle, &format!("{kind}/"));
        let (intents, webhooks) = (known("intents"), known("webhooks"));
        let flows: BTreeSet<String> = bundle
            .files
            .keys()
            .filter_map(|p| p.strip_prefix("flows/")?.split('/').next())
            .map(str::to_owned)
            .collect();
        for flow in &flows {
            let pages = known(&format!("flows/{flow}/pages"));
            let mut groups = known(&format!("flows/{flow}/transitionRouteGroups"));
            groups.extend(known("agentTransitionRouteGroups"));
            for (path, bytes) in bundle.files.iter().filter(|(path, _)| path.starts_with(&format!("flows/{flow}/"))) {
                let value: Value = serde_json::from_slice(bytes).unwrap();
                let each = |key: &str, holds: &dyn Fn(&str) -> bool| {
                    let mut found = Vec::new();
                    under(&value, key, &mut found);
                    for name in found {
                        assert!(holds(name), "{path}: {key} {name}");
                    }
                };
                each("targetPage", &|name| pages.contains(name) || symbols.contains(&name));
                each("targetFlow", &|name| flows.contains(name));
                each("transitionRouteGroups", &|name| groups.contains(name));
                each("intent", &|name| intents.contains(name));
                each("webhook", &|name| webhooks.contains(name));
            }
        }
    }
}

#[test]
fn a_renamed_card_changes_only_what_names_it() {
    let text = std::fs::read_to_string(root().join("tests/platforms/plain.flow.json")).unwrap();
    let (before, after) =
        (small(&text), small(&text.replace("ask_kind", "ask_which").replace("Is it your", "Is this your")));
    let texts = |bundle: &Bundle| -> BTreeMap<String, Vec<u8>> { bundle.files.clone() };
    let (before, after) = (texts(&before), texts(&after));
    let changed: Vec<&String> = before
        .iter()
        .filter(|(path, bytes)| after.get(*path) != Some(bytes) && !path.contains("ask_kind"))
        .map(|(path, _)| path)
        .collect();
    let own = [
        "flows/Default Start Flow/transitionRouteGroups/main turn.json",
        "names.json",
        "webhook/names.py",
        "webhook/policy.py",
    ];
    assert!(changed.iter().all(|path| own.contains(&path.as_str())), "{changed:?}");
}

#[test]
fn odd_names_become_files_and_stay_apart() {
    let bundle = small(
        r#"{"format":"handoff-flow/1","id":"f","intents":{"Fee: a/b?":{"examples":["x"]},"fee: a/b?":{"examples":["y"]},"END \"q\"":{}},"nodes":{
            "start":{"kind":"start","next":"END_FLOW"},"e":{"kind":"end","outcome":"x"},"E":{"kind":"end","outcome":"y"},
            "END_FLOW":{"kind":"listen","branches":[{"when":"intent == \"END \\\"q\\\"\"","to":"e"}],"else":"E"}}}"#,
    );
    let paths: Vec<&String> =
        bundle.files.keys().filter(|path| path.starts_with("intents/Fee") || path.starts_with("intents/fee")).collect();
    assert_eq!(paths.len(), 4, "{paths:?}");
    assert!(paths[0].starts_with("intents/Fee%3a a%2fb%3f/"));
    let names = json(&bundle, "names.json");
    let pages = names["pages"]["Default Start Flow"].as_object().unwrap();
    let folded: BTreeSet<String> = pages.keys().map(|page| page.to_lowercase()).collect();
    assert_eq!(folded.len(), 4);
    assert!(!pages.contains_key("END_FLOW"), "a page of every flow");
    // A quote has no way of being written in a condition.
    let page = pages.iter().find(|(_, node)| *node == "END_FLOW").unwrap().0;
    let turn = json(&bundle, &format!("{START}/transitionRouteGroups/{page} turn.json"));
    assert_eq!(turn["transitionRoutes"][0]["condition"], "$session.params.holds_END_FLOW_branch_0 = true");
}

#[test]
fn words_stand_before_the_request() {
    let bundle = export(&odd("plain"), &[]);
    let page = json(&bundle, &format!("{START}/pages/person requested.json"));
    let messages = page["entryFulfillment"]["messages"].as_array().unwrap();
    assert_eq!(messages[0]["text"]["text"][0], "I am connecting you.");
    assert!(messages[1]["liveAgentHandoff"]["metadata"].is_object());
    let lonely = small(
        r#"{"format":"handoff-flow/1","id":"f","tiers":{"t":{}},"contexts":{"c":{"summary":"s","fields":{}}},"nodes":{
            "start":{"kind":"start","next":"h"},"h":{"kind":"handoff","context":"c","tier":"t"}}}"#,
    );
    let page = json(&lonely, &format!("{START}/pages/h requested.json"));
    assert_eq!(page["transitionRoutes"][0]["targetPage"], "END_FLOW_WITH_HUMAN_ESCALATION");
}

#[test]
fn a_failing_service_leads_to_a_person() {
    let (flow, _) = template("banking_fee_dispute");
    let bundle = export(&flow, &[]);
    for (path, bytes) in bundle.files.iter().filter(|(path, _)| path.starts_with("flows/")) {
        let page: Value = serde_json::from_slice(bytes).unwrap();
        if page["entryFulfillment"]["webhook"].is_string() {
            let handled = page["eventHandlers"].as_array().unwrap().iter().any(|h| h["event"] == "webhook.error");
            assert!(handled, "{path}");
        }
    }
    let page = json(&bundle, &format!("{START}/pages/no answer.json"));
    assert_eq!(page["transitionRoutes"][0]["targetPage"], "END_FLOW_WITH_HUMAN_ESCALATION");
}

const CLASH: &str = r#"{"format":"handoff-flow/1","id":"f","signals":{"outcome":{"type":"text"},"handoff_state":{"type":"text"}},
    "intents":{"x":{},"y":{}},"tiers":{"t":{}},"contexts":{"c":{"summary":"s","fields":{}}},
    "triggers":{"turn":{"when":"intent == \"x\"","to":"h"}},"nodes":{"start":{"kind":"start","next":"trigger"},
    "trigger":{"kind":"listen","branches":[{"when":"intent == \"y\" && outcome == \"a\" && handoff_state == \"b\"","to":"e"}],"else":"trigger"},
    "e":{"kind":"end","outcome":"$sys.func.NOW()"},"h":{"kind":"handoff","context":"c","tier":"t"}}}"#;

#[test]
fn a_card_and_a_trigger_with_each_others_words_stay_apart() {
    let bundle = small(CLASH);
    let led =
        |name: &str| json(&bundle, &format!("{START}/transitionRouteGroups/{name}.json"))["transitionRoutes"].clone();
    assert_eq!(led("turn trigger").as_array().unwrap().len(), 1);
    assert!(led("trigger turn").as_array().unwrap().len() >= 2, "the card's own branches");
}

#[test]
fn what_the_service_remembers_is_no_signal_of_the_flow() {
    let bundle = small(CLASH);
    let names = json(&bundle, "names.json");
    let parameters = names["parameters"].as_object().unwrap();
    for (parameter, name) in [("outcome", "outcome"), ("handoff_state", "handoff_state")] {
        assert_ne!(parameters.get(parameter), Some(&Value::from(name)), "{parameters:?}");
    }
}

#[test]
fn an_outcome_is_not_evaluated() {
    let page = json(&small(CLASH), &format!("{START}/pages/e.json"));
    assert!(page["entryFulfillment"]["setParameterActions"].is_null(), "{page}");
    assert!(page["entryFulfillment"]["webhook"].is_string(), "{page}");
}
