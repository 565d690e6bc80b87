//! The Amazon Lex export: golden projects, the same bytes every time, steps that lead somewhere, names that stay.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{TEMPLATES, golden, odd, small, template};
use flow_check::Checked;
use flow_export::{Bundle, platform};
use serde_json::Value;

/// The same in every export, or with tests of their own.
const SAME: [&str; 5] =
    ["lambda/handler.py", "lambda/wire.py", "lambda/test_handler.py", "lambda/policy.py", "lambda/test_policy.py"];

fn export(flow: &Checked) -> Bundle {
    platform("amazon-lex").unwrap().write(flow, &[]).unwrap()
}

/// The intents by name, each with its slots.
fn intents(bundle: &Bundle) -> BTreeMap<String, (Value, BTreeMap<String, Value>)> {
    let mut all: BTreeMap<String, (Value, BTreeMap<String, Value>)> = BTreeMap::new();
    for (path, bytes) in &bundle.files {
        let Some((_, rest)) = path.split_once("/Intents/") else { continue };
        let value: Value = serde_json::from_slice(bytes).unwrap();
        let parts: Vec<&str> = rest.split('/').collect();
        let entry = all.entry(parts[0].to_owned()).or_default();
        if parts.len() == 2 {
            entry.0 = value;
        } else {
            entry.1.insert(parts[2].to_owned(), value);
        }
    }
    all
}

/// Every step of an intent, wherever it stands.
fn steps<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(map) => {
            if map.get("dialogAction").is_some_and(Value::is_object) {
                found.push(value);
            }
            map.values().for_each(|inner| steps(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| steps(inner, found)),
        _ => {}
    }
}

fn conditions<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("expressionString").and_then(Value::as_str));
            map.values().for_each(|inner| conditions(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| conditions(inner, found)),
        _ => {}
    }
}

/// Every step names an intent and a slot that are there, every intent is entered, every choice has four branches at most.
fn holds_together(name: &str, bundle: &Bundle) {
    let all = intents(bundle);
    let mut entered: BTreeSet<&str> = ["FallbackIntent", "welcome", "handed_back", "ask_a_colleague", "rest"].into();
    for (intent, (value, slots)) in &all {
        assert_eq!(value["name"], intent.as_str(), "{name}");
        if value["sampleUtterances"].is_array()
            || value["initialResponseSetting"]["codeHook"]["invocationLabel"] == "hear"
        {
            entered.insert(intent);
        }
        let mut found = Vec::new();
        steps(value, &mut found);
        slots.values().for_each(|slot| steps(slot, &mut found));
        for step in found {
            let action = &step["dialogAction"];
            let target = step["intent"]["name"].as_str();
            match action["type"].as_str().unwrap() {
                "StartIntent" => {
                    assert!(all.contains_key(target.unwrap()), "{name}: {intent} starts {target:?}");
                    entered.insert(target.unwrap());
                }
                "ElicitSlot" => {
                    let of = &all[target.unwrap_or(intent)].1;
                    assert!(of.contains_key(action["slotToElicit"].as_str().unwrap()), "{name}: {intent} {action}");
                }
                "ElicitIntent" | "EndConversation" | "EvaluateConditional" | "InvokeDialogCodeHook" => {}
                other => panic!("{name}: {intent} goes to {other}"),
            }
        }
        let mut asked = Vec::new();
        conditions(value, &mut asked);
        for condition in asked {
            assert!((1..=1024).contains(&condition.encode_utf16().count()), "{name}: {intent} {condition}");
            let compared = condition.matches(" = \"").count() + condition.matches(" != \"").count();
            assert!(compared == 0 || condition.contains("fn.IS_SET(["), "{name}: {intent} {condition}");
        }
        let branches = value.pointer("/initialResponseSetting/conditional/conditionalBranches");
        assert!(branches.and_then(Value::as_array).is_none_or(|all| (1..=4).contains(&all.len())), "{name}: {intent}");
    }
    let lost: Vec<_> = all.keys().filter(|intent| !entered.contains(intent.as_str())).collect();
    // A card of the flow that no other card leads to is exported too, and a chain of no trigger.
    let inner: Vec<_> = lost
        .iter()
        .filter(|name| !["card_", "heard_", "left_", "fired", "back_"].iter().any(|p| name.starts_with(p)))
        .collect();
    assert!(inner.is_empty(), "{name}: nothing enters {inner:?}");
}

#[test]
fn golden_projects_are_exported() {
    let shown = |path: &str| !SAME.contains(&path) && !path.ends_with(".zip");
    golden("amazon_lex/plain", &export(&odd("plain")), shown);
}

#[test]
fn every_export_holds_together_and_is_alike_each_time() {
    let mut flows: Vec<(String, Checked)> =
        TEMPLATES.iter().map(|name| ((*name).to_owned(), template(name).0)).collect();
    for name in ["plain", "everything"] {
        flows.push((name.to_owned(), odd(name)));
    }
    for (name, flow) in &flows {
        let first = export(flow);
        holds_together(name, &first);
        assert_eq!(first, export(flow), "{name}");
    }
}

const CHOICE: &str = r#"{"format":"handoff-flow/1","id":"f","intents":{"a":{"examples":["Is it a?","is it A"]},"b":{}},
    "signals":{"tier":{"type":"enum","values":["gold","vip"]},"n":{"type":"integer"}},
    "nodes":{"start":{"kind":"start","next":"l"},"e":{"kind":"end","outcome":"x"},
    "l":{"kind":"listen","branches":[
        {"when":"intent == \"a\"","to":"e"},{"when":"n > 3","to":"e"},{"when":"tier == \"gold\"","to":"e"},
        {"when":"tier == \"vip\"","to":"e"},{"when":"has(n)","to":"e"}],"else":"l2"},
    "l2":{"kind":"message","text":"Hm.","next":"l"}}}"#;

#[test]
fn long_choices_go_on_in_further_intents() {
    let all = intents(&export(&small(CHOICE)));
    let of = |name: &str| all[name].0.pointer("/initialResponseSetting/conditional").unwrap();
    let first = of("heard_l");
    assert_eq!(first["conditionalBranches"].as_array().unwrap().len(), 4);
    assert_eq!(first["defaultBranch"]["nextStep"]["intent"]["name"], "heard_l-more-2");
    let rest = of("heard_l-more-2");
    assert_eq!(rest["conditionalBranches"][0]["condition"]["expressionString"], "fn.IS_SET([handoff_has_n])");
    assert_eq!(rest["defaultBranch"]["nextStep"]["intent"]["name"], "card_l2");
    let flagged = &first["conditionalBranches"][1]["condition"]["expressionString"];
    assert_eq!(flagged, "(fn.IS_SET([handoff_c_l_branch_1]) AND [handoff_c_l_branch_1] = \"true\")");
}

#[test]
fn utterances_are_of_one_intent_each() {
    let all = intents(&export(&small(CHOICE)));
    assert_eq!(all["a"].0["sampleUtterances"], serde_json::json!([{ "utterance": "Is it a" }]));
    assert_eq!(all["b"].0["sampleUtterances"], Value::Null);
}

#[test]
fn a_card_that_is_put_in_changes_nothing_of_the_others() {
    let before = intents(&export(&small(CHOICE)));
    let more = CHOICE.replace("\"l2\":{", "\"note\":{\"kind\":\"message\",\"text\":\"!\",\"next\":\"l\"},\"l2\":{");
    let after = intents(&export(&small(&more)));
    for (name, value) in &before {
        assert_eq!(after.get(name), Some(value), "{name}");
    }
    assert_eq!(after.len(), before.len() + 1);
}

#[test]
fn names_that_lex_would_take_for_one_stay_apart() {
    let flow = small(
        r#"{"format":"handoff-flow/1","id":"_f__x_","intents":{"Help":{},"help":{},"turn":{},"card_start":{},"日本":{}},
        "nodes":{"start":{"kind":"start","next":"A__b"},"A__b":{"kind":"listen","branches":[],"else":"a_b"},
        "a_b":{"kind":"end","outcome":"x"}}}"#,
    );
    let bundle = export(&flow);
    holds_together("odd", &bundle);
    let all = intents(&bundle);
    for name in ["Help", "help_2", "turn", "turn_2", "card_start", "card_start_2", "card_A_b", "card_a_b", "x"] {
        let found = all.contains_key(name) || all.keys().any(|known| known.eq_ignore_ascii_case(name));
        assert!(found, "{name}: {:?}", all.keys().collect::<Vec<_>>());
    }
    let folded: BTreeSet<String> = all.keys().map(|name| name.to_lowercase()).collect();
    assert_eq!(folded.len(), all.len());
    assert!(bundle.files.contains_key("bot/x_f_x/Bot.json"), "{:?}", bundle.files.keys().next());
}

#[test]
fn texts_with_what_lex_takes_for_a_value_are_said_by_the_function() {
    let flow = |text: &str| {
        let nodes = format!(
            r#"{{"start":{{"kind":"start","next":"m"}},"m":{{"kind":"message","text":{},"next":"e"}},"e":{{"kind":"end","outcome":"x"}}}}"#,
            serde_json::to_string(text).unwrap()
        );
        small(&format!(r#"{{"format":"handoff-flow/1","id":"f","nodes":{nodes}}}"#))
    };
    let asks = |text: &str| !intents(&export(&flow(text)))["card_m"].0["initialResponseSetting"]["codeHook"].is_null();
    for (text, by_function) in [
        ("Hello", false),
        ("[name]", true),
        ("{{x}}", true),
        ("Hi {customer.id|you}", true),
        ("a ((b))", true),
        ("(a)", false),
    ] {
        assert_eq!(asks(text), by_function, "{text}");
    }
    let long = intents(&export(&flow(&"word ".repeat(300))));
    let said = &long["card_m"].0["initialResponseSetting"]["initialResponse"]["messageGroupsList"];
    assert_eq!(said.as_array().unwrap().len(), 2);
}

#[test]
fn the_fallback_lies_below_every_bound_on_confidence() {
    let flow = small(&CHOICE.replace("n > 3", "confidence < 0.25"));
    let bundle = export(&flow);
    let locale: Value = serde_json::from_slice(&bundle.files["bot/f/BotLocales/en_US/BotLocale.json"]).unwrap();
    assert_eq!(locale["nluConfidenceThreshold"], serde_json::json!(0.125));
}

#[test]
fn what_the_bot_cannot_be_is_said() {
    let flow = small(&CHOICE.replace("\"id\":\"f\"", "\"id\":\"f\",\"locale\":\"xx\""));
    let lost = export(&flow).losses;
    assert!(lost.iter().any(|loss| loss.meant.text().contains("`xx`")), "{lost:?}");
}

#[test]
fn names_of_calls_are_no_code() {
    let call = "+open('PWNED','w')+";
    let text = r#"{"format":"handoff-flow/1","id":"f","calls":{"EVIL":{"inputs":{},"outputs":{}},"@CALLS@":{"inputs":{},"outputs":{}},
        "@LIMITS@":{"inputs":{},"outputs":{}}},"nodes":{"start":{"kind":"start","next":"a"},
        "a":{"kind":"action","call":"@CALLS@","ok":"e"},"e":{"kind":"end","outcome":"x"}}}"#;
    let bundle = export(&small(&text.replace("EVIL", call)));
    let calls = std::str::from_utf8(&bundle.files["lambda/calls.py"]).unwrap();
    for name in ["@CALLS@", "@LIMITS@"] {
        assert!(calls.contains(&format!("    \"{name}. Inputs: none")), "{calls}");
        assert!(calls.contains(&format!("\"{name}\": call_")), "{calls}");
    }
    assert!(
        calls.contains(&format!("    \"{call}. Inputs: none")) && calls.contains(&format!("{{\"{call}\": call_")),
        "{calls}"
    );
    assert_eq!(calls.matches("'PWNED'").count(), 2, "a docstring and a key: {calls}");
}

/// Attributes that a bot sets and reads.
fn attributes(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            let set = map.get("sessionAttributes").and_then(Value::as_object);
            found.extend(set.into_iter().flat_map(|all| all.keys().cloned()));
            for text in ["expressionString", "value"].into_iter().filter_map(|key| map.get(key)?.as_str()) {
                let named = text.split('[').skip(1).filter_map(|rest| Some(rest.split_once(']')?.0.to_owned()));
                found.extend(named);
            }
            map.values().for_each(|inner| attributes(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| attributes(inner, found)),
        _ => {}
    }
}

#[test]
fn what_the_bot_sets_is_told_from_what_the_channel_sets() {
    for name in TEMPLATES {
        let mut found = BTreeSet::new();
        for (intent, slots) in intents(&export(&template(name).0)).values() {
            attributes(intent, &mut found);
            slots.values().for_each(|slot| attributes(slot, &mut found));
        }
        let odd: Vec<_> = found.iter().filter(|attribute| !attribute.starts_with("handoff")).collect();
        assert!(odd.is_empty() && found.len() > 3, "{name}: {odd:?} of {found:?}");
    }
}

const CALLS: &str = r#"{"format":"handoff-flow/1","id":"on","calls":{"c":{"inputs":{},"outputs":{}}},"tiers":{"t":{}},
    "contexts":{"k":{"summary":"s","fields":{"lines":{"from":"transcript.all()"},"last":{"from":"transcript.last(3)"}}}},
    "nodes":{"start":{"kind":"start","next":"a"},"a":{"kind":"action","call":"c","time_limit":29,"ok":"m","timeout":"e",
    "errors":{"E 1":"m","E-1":"e","e.1":"h","E_1":"e"}},"m":{"kind":"message","text":"{customer.id|you} TEXT","next":"h"},
    "h":{"kind":"handoff","context":"k","tier":"t","failed":"e"},"e":{"kind":"end","outcome":"x"}}}"#;

/// The branches of every choice.
fn choices(value: &Value) -> Vec<&Vec<Value>> {
    match value {
        Value::Object(map) => {
            let own = map.get("conditionalBranches").and_then(Value::as_array);
            own.into_iter().chain(map.values().flat_map(choices)).collect()
        }
        Value::Array(items) => items.iter().flat_map(choices).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn branches_of_one_choice_have_names_of_their_own() {
    for (name, (intent, _)) in intents(&export(&small(CALLS))) {
        for branches in choices(&intent) {
            let names: Vec<&str> = branches.iter().map(|one| one["name"].as_str().unwrap()).collect();
            let apart: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
            assert_eq!(apart.len(), names.len(), "{name}: {names:?}");
        }
    }
}

#[test]
fn what_is_cut_is_said() {
    let long = CALLS.replace("TEXT", &"word ".repeat(900));
    let bundle = export(&small(&long));
    for (node, meant) in
        [(Some("m"), "a text of 4501 characters"), (Some("a"), "29 seconds"), (None, "all of `lines` in `k`")]
    {
        let found = |loss: &&flow_export::Loss| loss.node.as_deref() == node && loss.meant.text().contains(meant);
        assert!(bundle.losses.iter().any(|loss| found(&loss)), "{meant}: {:?}", bundle.losses);
    }
    let said = &intents(&bundle)["card_m"].0;
    let branches = choices(said)[0];
    let says = |at: usize| {
        let groups = branches[at]["response"]["messageGroupsList"].as_array().unwrap();
        let text = |group: &Value| group["message"]["plainTextMessage"]["value"].as_str().unwrap().to_owned();
        groups.iter().map(text).collect::<Vec<_>>()
    };
    assert_eq!(says(0), ["[handoff_said]", "[handoff_said_2]", "[handoff_said_3]", "[handoff_said_4]"]);
    assert_eq!(says(3), ["[handoff_said]"]);
    let names = std::str::from_utf8(&bundle.files["lambda/names.py"]).unwrap();
    assert!(
        names.contains(r#""lines": ["transcript", None]"#) && names.contains(r#""last": ["transcript", 3]"#),
        "{names}"
    );
}

#[test]
fn what_can_never_be_cut_is_no_loss() {
    let flow = r#"{"format":"handoff-flow/1","id":"f","intents":{"a":{}},"tiers":{"t":{}},
        "slots":{"n":{"type":"integer"},"t":{"type":"text"}},"calls":{"c":{"inputs":{"x":"integer","y":"text"},"outputs":{}}},
        "contexts":{"base":{"summary":"s","fields":{"tried":{"from":"actions()"}}},"k":{"extends":"base","summary":"s"}},TRIGGERS
        "nodes":{"start":{"kind":"start","next":"l"},"l":{"kind":"listen","branches":[],"else":"call"},
        "call":{"kind":"action","call":"c","inputs":{INPUTS},"ok":"h","error":"h","timeout":"h"},
        "h":{"kind":"handoff","context":"k","tier":"t","resumed":"BACK"},"e":{"kind":"end","outcome":"x"}}}"#;
    let number = r#""x":"slots.n""#;
    for (inputs, back, triggers, until) in [
        (number, "e", "", None),
        (number, "l", "", Some("however often a conversation comes to `call`")),
        // A text has up to 3,072 bytes: one of them fits, and no two.
        (r#""x":"slots.n","y":"slots.t""#, "e", "", None),
        (
            r#""y":"slots.t""#,
            "e",
            r#""triggers":{"x":{"when":"intent == \"a\"","to":"l","once":true}},"#,
            Some("up to 6"),
        ),
        (number, "e", r#""triggers":{"x":{"when":"intent == \"a\"","to":"l"}},"#, Some("comes to `call`")),
    ] {
        let text = flow.replace("INPUTS", inputs).replace("BACK", back).replace("TRIGGERS", triggers);
        let bundle = export(&small(&text));
        let cut: Vec<String> =
            bundle.losses.iter().map(|loss| loss.meant.text()).filter(|meant| meant.starts_with("all of")).collect();
        // The context that takes the field from another one, and that one.
        assert_eq!(cut.len(), if until.is_some() { 2 } else { 0 }, "{inputs} {back}: {cut:?}");
        assert!(cut.iter().all(|meant| until.is_some_and(|until| meant.contains(until))), "{cut:?}");
        let names = std::str::from_utf8(&bundle.files["lambda/names.py"]).unwrap();
        assert_eq!(names.matches(r#""tried": ["tried", None]"#).count(), 2, "{names}");
    }
}

#[test]
fn a_template_names_no_function_and_keeps_names_texts() {
    let bundle = export(&small(&CALLS.replace("TEXT", "!")));
    let template = std::str::from_utf8(&bundle.files["cloudformation.yaml"]).unwrap();
    assert!(template.contains("    Default: \"on\"\n") && !template.contains("      FunctionName: !Sub"), "{template}");
}
