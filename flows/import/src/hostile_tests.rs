//! Projects that are broken or made to do harm: a clear error or a flow that is valid, never a panic, never without end.

use std::collections::BTreeMap;

use flow_model::{Severity, document};

use crate::{ImportError, Imported, Project, import};

fn project(files: &[(&str, &[u8])]) -> Project {
    let files: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    Project::new("p", files)
}

fn sound(imported: &Imported) {
    let flow = document::read(&imported.flow).unwrap();
    let problems = flow_check::valid(&flow, &|_| None).err().unwrap_or_default();
    assert_eq!(problems.iter().find(|p| p.severity == Severity::Error), None, "{}", imported.flow);
    let tally = imported.tally;
    assert_eq!(tally.elements, tally.read + tally.noted + tally.left_out);
}

const AGENT: (&str, &[u8]) = ("agent.json", br#"{"defaultLanguageCode": "en", "startFlow": "F"}"#);
const FLOW: &str = "flows/F/F.json";

fn agent(flow: &str) -> Imported {
    let made = import(&project(&[AGENT, (FLOW, flow.as_bytes())]), None).unwrap();
    sound(&made);
    made
}

#[test]
fn cycles_and_missing_pages_are_no_end() {
    let made = agent(
        r#"{"displayName": "F", "transitionRoutes": [
            {"condition": "true", "targetFlow": "F"},
            {"intent": "gone", "targetPage": "nowhere"},
            {"intent": "back", "targetPage": "Previous Page"},
            {"condition": "$flow.x = 1", "targetPage": "End Flow"}],
          "transitionRouteGroups": ["no group"]}"#,
    );
    assert!(made.notes.iter().any(|note| note.code.id() == "missing"), "{:?}", made.notes);
}

#[test]
fn values_of_other_kinds_are_told() {
    for flow in [
        "{}",
        "[]",
        "null",
        r#"{"displayName": 7, "transitionRoutes": {"a": 1}, "eventHandlers": [1, null, [[]]]}"#,
        r#"{"displayName": "F", "transitionRoutes": [{"intent": {"a": []}, "condition": [1], "targetPage": 5,
            "triggerFulfillment": {"messages": "no", "setParameterActions": [{"parameter": null}, {"parameter": "$"}],
            "conditionalCases": [{"cases": [{"condition": 4}]}], "webhook": false}}]}"#,
        r#"{"displayName": "", "transitionRoutes": [{"condition": "((((", "targetFlow": ""}]}"#,
        "{\"displayName\": \"\\u0000{}\\n\\\"\", \"description\": \"{{{\"}",
    ] {
        agent(flow);
    }
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    assert!(matches!(import(&project(&[AGENT, (FLOW, deep.as_bytes())]), None), Err(ImportError::Missing { .. })));
}

#[test]
fn every_encoding_is_read() {
    let text = r#"{"displayName": "F", "transitionRoutes": [{"condition": "true", "triggerFulfillment": {"messages": [{"text": {"text": ["Grüße"]}}]}}]}"#;
    let plain = agent(text).flow;
    assert!(plain.contains("Grüße"));
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for bytes in
        [[b"\xfe\xff".to_vec(), wide.clone()].concat(), wide, latin, [b"\xef\xbb\xbf", text.as_bytes()].concat()]
    {
        let made = import(&project(&[AGENT, (FLOW, &bytes)]), None).unwrap();
        assert_eq!(made.flow, plain);
    }
}

#[test]
fn what_is_missing_or_unknown_says_the_way_out() {
    let error = |files: &[(&str, &[u8])], format| import(&project(files), format).unwrap_err().to_string();
    assert!(error(&[], None).contains("no file"));
    let unknown = error(&[("a.bin", b"\0\xff")], None);
    assert!(unknown.contains("does not look like any project") && unknown.contains("Amazon Lex V2"), "{unknown}");
    assert!(error(&[("bot.json", br#"{"format": "handoff-flow/1"}"#)], None).contains("open it instead"));
    assert!(error(&[AGENT], Some("dialogflow-cx")).contains("has no flow"));
    assert!(error(&[(FLOW, b"{}")], Some("dialogflow-cx")).contains("agent.json"));
    assert!(error(&[("agent.json", b"{\"a\":\n oh}"), (FLOW, b"{}")], None).contains("agent.json, line 2"));
    assert!(error(&[("B/Bot.json", b"{}"), ("B/BotLocales/x", b"")], Some("amazon-lex")).contains("no language"));
    assert!(error(&[("a.json", b"{}")], Some("amazon-connect")).contains("no file holds a flow"));
    assert!(error(&[AGENT], Some("nothing")).contains("no kind of project"));
}

#[test]
fn broken_lex_and_connect_projects_stay_valid() {
    for intent in [
        "{}",
        "[]",
        r#"{"name": "in", "slotPriorities": [{"slotName": "gone", "priority": "x"}], "initialResponseSetting": {"nextStep":
            {"dialogAction": {"type": "ElicitSlot", "slotToElicit": "gone"}}, "conditional": {"conditionalBranches": [{}]}}}"#,
        r#"{"name": "x", "initialResponseSetting": {"nextStep": {"dialogAction": {"type": "StartIntent"}, "intent": {"name": "y"}}}}"#,
    ] {
        let files: [(&str, &[u8]); 2] =
            [("B/Bot.json", b"{}"), ("B/BotLocales/en_US/Intents/I/Intent.json", intent.as_bytes())];
        sound(&import(&project(&files), None).unwrap());
    }
    for flow in [
        r#"{"StartAction": "a", "Actions": [{"Identifier": "a", "Type": "Loop", "Parameters": {"LoopCount": "x"}, "Transitions": {}}]}"#,
        r#"{"StartAction": "gone", "Actions": [{"Identifier": "a", "Type": "Compare", "Transitions": {"NextAction": "a",
            "Conditions": [{"NextAction": "b", "Condition": {"Operator": "Odd", "Operands": [3]}}]}}, {}, 5]}"#,
        r#"{"StartAction": "Transitions", "Name": "x", "Content": "{\"Actions\": [], \"Metadata\": []}"}"#,
        r#"{"StartAction": "Transitions", "Name": "x", "Content": "{\"Actions\": \"no\", \"Transitions\": 1}"}"#,
    ] {
        if let Ok(made) = import(&project(&[("f.json", flow.as_bytes())]), Some("amazon-connect")) {
            sound(&made);
        }
    }
}
