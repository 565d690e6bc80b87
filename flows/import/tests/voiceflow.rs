//! Voiceflow project files. The files here are this project's own, in the form that Voiceflow's published type packages describe.

mod common;

use common::{imported, project};
use flow_import::{Code, Project, import};
use flow_model::flow::Kind;

/// A file of the first form: ports in a list, intents and slots in the version.
const FIRST: &str = include_str!("data/first.vf");

/// A file of the later form: what is said and heard stands beside the diagrams.
const LATER: &str = include_str!("data/later.vf");

fn file(text: &str) -> Project {
    project("bot", &[("bot.vf", text.as_bytes())])
}

#[test]
fn steps_become_cards() {
    let (made, flow) = imported(&file(FIRST), "voiceflow");
    for text in [
        "\"id\": \"Parcels\"",
        "where is {parcel}",
        "Welcome {slots.user_id}, {{you}}!",
        "Also said: Hi.",
        r#""when": "intent == \"track\"""#,
        "I have no idea.",
        r#""after": 12, "say": "Hello?""#,
        "\"prompt\": \"Which parcel?\"",
        "\"reprompt\": \"The number, please.\"",
        "slots.count + 1",
        "found = Math.max({count}, 2)",
        "slots.count >= 3 || has(slots.parcel) && slots.found.contains(\\\"x\\\")",
        "imported.ifV2_2_odd",
        "GET https://api.example.com/{slots.parcel}",
        "\"kind\": \"handoff\"",
        "Found: {slots.found}\\nBye!",
        "\"kind\": \"end\"",
        "\"call\": \"hologram\"",
        "Pardon?",
        r#""when": "intent == \"talk to human\"""#,
    ] {
        assert!(made.flow.contains(text), "{text}\n{}", made.flow);
    }
    assert!(!made.flow.contains("secret") && !made.flow.contains("<voice"), "{}", made.flow);
    let told = |code: Code, words: &str| made.notes.iter().any(|note| note.code == code && note.what.contains(words));
    assert!(
        told(Code::Condition, "is computed by the other tool") && told(Code::NotUnderstood, "shape = \"cube\""),
        "{:#?}",
        made.notes
    );
    assert!(told(Code::Approximated, "taken for a request for a person by its name"));
    assert_eq!(flow.nodes.values().filter(|node| matches!(node.kind, Kind::Ask(_))).count(), 1, "{}", made.flow);
    assert!(!flow.nodes.values().any(|node| matches!(node.kind, Kind::Todo(_))), "{}", made.flow);
}

#[test]
fn the_later_form_is_read() {
    let (made, flow) = imported(&file(LATER), "voiceflow");
    for text in [
        "Hello {slots.last_utterance}!",
        "I want {dish}",
        "Orders something",
        r#""last_utterance": "text""#,
        "Again?",
        "Buttons: Order",
        r#""size": "2""#,
        "imported.condition_v3_1",
        "\"call\": \"response-prompt\"",
        "imported.ev",
        "Remember this",
    ] {
        assert!(made.flow.contains(text), "{text}\n{}", made.flow);
    }
    assert!(flow.nodes.values().any(|node| matches!(node.kind, Kind::Note(_))));
}

#[test]
fn broken_files_stay_valid() {
    for nodes in [
        "{}",
        "[]",
        r#"{"a": {"type": "block", "data": {"steps": ["a", "a", "gone", 4]}}}"#,
        r#"{"a": {"type": "goToNode", "data": {"nodeID": "a"}}, "b": {"type": "component", "data": {"diagramID": "r"}}}"#,
        r#"{"a": {"type": "component", "data": {"diagramID": "gone"}}, "b": {"type": "start"}}"#,
        r#"{"a": {"type": "interaction", "data": {"choices": {"x": 1}, "ports": [7, {"target": 3}]}}}"#,
        r#"{"a": {"type": "ifV2", "data": {"expressions": [{"value": [{"value": []}]}, 5]}}}"#,
        r#"{"a": {"type": "text", "data": {"texts": [{"content": [{"children": [{"children": [[]]}]}]}]}}}"#,
        r#"{"a": {"type": "captureV2", "data": {"capture": {"intent": {"slots": [{"id": ""}, {}]}}}}}"#,
        r#"{"a": 5, "b": {"type": 7, "data": 8}}"#,
    ] {
        let text = format!(
            r#"{{"version": {{"rootDiagramID": "r"}}, "diagrams": {{"r": {{"name": "", "nodes": {nodes}}}}}}}"#
        );
        imported(&file(&text), "voiceflow");
    }
    for text in ["{", "[]", r#"{"diagrams": {}}"#] {
        assert!(import(&file(text), None).is_err(), "{text}");
    }
}

#[test]
fn components_that_begin_one_another_end() {
    let mut diagrams = Vec::new();
    for at in 0..30 {
        let step = |other: usize| {
            format!(
                r#""n{other}": {{"nodeID": "n{other}", "type": "component", "data": {{"diagramID": "d{}", "ports": []}}}}"#,
                (at * 5 + other) % 30
            )
        };
        let steps: Vec<String> = (0..12).map(|other| format!("\"n{other}\"")).collect();
        let nodes: Vec<String> = (0..12).map(step).collect();
        diagrams.push(format!(
            r#""d{at}": {{"_id": "d{at}", "name": "d{at}", "nodes": {{"b": {{"nodeID": "b", "type": "block", "data": {{"steps": [{}]}}}}, {}}}}}"#,
            steps.join(","),
            nodes.join(",")
        ));
    }
    let text = format!(r#"{{"version": {{"rootDiagramID": "d0"}}, "diagrams": {{{}}}}}"#, diagrams.join(","));
    let (made, _) = imported(&file(&text), "voiceflow");
    assert!(made.notes.iter().any(|note| note.what.contains("drawn too often already")));
}
