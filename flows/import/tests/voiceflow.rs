//! Voiceflow project files. The files here are this project's own, in the form that Voiceflow's published type packages describe.

mod common;

use common::{imported, project};
use flow_import::{Code, Project, import};
use flow_model::flow::Kind;

/// A file of the first form: ports in a list, intents and slots in the version.
const FIRST: &str = r##"{
  "_version": "1.2",
  "project": { "_id": "p", "name": "Parcels", "platform": "general", "members": [], "privacy": "private" },
  "version": {
    "_id": "v", "rootDiagramID": "root", "variables": ["user_id", "count", "found"],
    "platformData": {
      "slots": [{ "key": "s1", "name": "parcel", "type": { "value": "VF.NUMBER" }, "color": "#5b9fd7", "inputs": ["12,twelve"] }],
      "intents": [
        { "key": "i1", "name": "track", "inputs": [{ "text": "where is {{[parcel].s1}}", "slots": ["s1"] }, { "text": "track it" }], "slots": [] },
        { "key": "i2", "name": "talk to human", "inputs": [{ "text": "a person please" }], "slots": [] },
        { "key": "VF.YES", "name": "VF.YES", "inputs": [], "slots": [] }
      ],
      "settings": { "locales": ["en-US"], "globalNoMatch": { "type": "static", "prompt": { "voice": "Alexa", "content": "Pardon?" } } },
      "publishing": {}
    }
  },
  "diagrams": {
    "root": { "_id": "root", "name": "ROOT", "zoom": 100, "nodes": {
      "start00000000000000000000": { "nodeID": "start00000000000000000000", "type": "start", "coords": [0, 0],
        "data": { "name": "Start", "steps": [], "ports": [{ "type": "next", "target": "b1", "id": "x1" }] } },
      "b1": { "nodeID": "b1", "type": "block", "coords": [300.5, 10], "data": { "name": "Welcome", "color": "red", "steps": ["n1", "n2"] } },
      "n1": { "nodeID": "n1", "type": "speak", "data": { "randomize": true, "dialogs": [
          { "voice": "Alexa", "content": "<voice name=\"A\">Welcome {{[user_id].user_id}}, {you}!</voice>" }, { "voice": "Alexa", "content": "Hi." }],
        "ports": [{ "type": "next", "target": "n2", "id": "x2" }] } },
      "n2": { "nodeID": "n2", "type": "interaction", "data": { "name": "Choice",
        "choices": [{ "intent": "i1", "action": "PATH", "mappings": [] }, { "intent": "VF.YES", "action": "PATH", "mappings": [] }],
        "noMatch": { "types": ["reprompt", "path"], "pathName": "No Match", "randomize": false, "reprompts": [{ "voice": "Alexa", "content": "I have no idea." }] },
        "noReply": { "types": ["reprompt"], "timeout": 12, "reprompts": [{ "voice": "", "content": "Hello?" }] },
        "ports": [{ "type": "else", "target": "b5", "id": "x3" }, { "type": "", "target": "b2", "id": "x4" }, { "type": "", "target": null, "id": "x5" }] } },
      "b2": { "nodeID": "b2", "type": "block", "coords": [600, 10], "data": { "name": "", "steps": ["n3", "n4", "n5", "n6"] } },
      "n3": { "nodeID": "n3", "type": "speak", "data": { "dialogs": [{ "voice": "Alexa", "content": "Which parcel?" }], "ports": [{ "type": "next", "target": "n4", "id": "x6" }] } },
      "n4": { "nodeID": "n4", "type": "captureV2", "data": { "intentScope": "GLOBAL",
        "capture": { "type": "intent", "intent": { "key": "", "name": "", "inputs": [], "slots": [{ "id": "s1", "required": true,
          "dialog": { "prompt": [{ "text": "The number, please.", "slots": [], "voice": "" }], "confirm": [], "utterances": [], "confirmEnabled": false } }] } },
        "ports": [{ "type": "next", "target": "n5", "id": "x7" }] } },
      "n5": { "nodeID": "n5", "type": "setV2", "data": { "title": "Counts", "sets": [
          { "type": "value", "variable": "count", "expression": "3" },
          { "type": "advance", "variable": "count", "expression": "{count} + 1" },
          { "type": "advance", "variable": "found", "expression": "Math.max({count}, 2)" }],
        "ports": [{ "type": "next", "target": "n6", "id": "x8" }] } },
      "n6": { "nodeID": "n6", "type": "ifV2", "data": { "noMatch": { "type": "path", "pathName": "No match" },
        "expressions": [
          { "type": "or", "name": "", "value": [
            { "logicInterface": "variable", "type": "greater_or_equal", "value": [{ "type": "variable", "value": "count" }, { "type": "value", "value": "3" }] },
            { "type": "and", "value": [{ "type": "has_value", "value": [{ "type": "variable", "value": "s1" }] }, { "type": "contains", "value": [{ "type": "variable", "value": "found" }, { "type": "value", "value": "x" }] }] }] },
          { "type": null, "name": "odd", "value": [{ "type": "advance", "value": "count % 2" }] }],
        "portsV2": { "byKey": {}, "builtIn": { "else": { "type": "else", "target": "b3", "id": "x9" } },
          "dynamic": [{ "type": "", "target": "b4", "id": "xa", "data": { "points": [] } }, { "type": "", "target": "b3", "id": "xb" }] } } },
      "b3": { "nodeID": "b3", "type": "block", "coords": [900, 10], "data": { "name": "Look", "steps": ["n7", "n8"] } },
      "n7": { "nodeID": "n7", "type": "api", "data": { "url": "https://api.example.com/{{[parcel].s1}}", "method": "GET",
        "headers": [{ "key": "authorization", "val": "secret" }], "mappings": [{ "path": "response.found", "var": "found" }], "selectedAction": "Make a GET Request",
        "ports": [{ "type": "next", "target": "n8", "id": "xc" }, { "type": "fail", "target": "b4", "id": "xd" }] } },
      "n8": { "nodeID": "n8", "type": "component", "data": { "name": "Bye", "diagramID": "bye", "variableMap": null, "ports": [{ "type": "next", "target": null, "id": "xe" }] } },
      "b4": { "nodeID": "b4", "type": "block", "coords": [900, 300], "data": { "name": "Person", "steps": ["n9"] } },
      "n9": { "nodeID": "n9", "type": "trace", "data": { "name": "live_agent", "body": "{}", "ports": [{ "type": "next", "target": null, "id": "xf" }] } },
      "b5": { "nodeID": "b5", "type": "block", "coords": [300, 300], "data": { "name": "Human", "steps": ["na", "nb"] } },
      "na": { "nodeID": "na", "type": "intent", "data": { "intent": "i2", "mappings": [], "availability": "GLOBAL", "ports": [{ "type": "next", "target": "nb", "id": "xg" }] } },
      "nb": { "nodeID": "nb", "type": "goToNode", "data": { "nodeID": "n9", "diagramID": "root", "ports": [] } },
      "nc": { "nodeID": "nc", "type": "hologram", "data": { "shape": "cube", "ports": [{ "type": "next", "target": "b3", "id": "xh" }] } }
    } },
    "bye": { "_id": "bye", "name": "Bye", "type": "COMPONENT", "nodes": {
      "s": { "nodeID": "s", "type": "start", "data": { "ports": [{ "type": "next", "target": "t", "id": "y1" }] } },
      "t": { "nodeID": "t", "type": "text", "data": { "texts": [{ "id": "z", "content": [
        { "children": [{ "text": "Found: " }, { "type": "variable", "name": "found", "id": "found", "isSlot": false, "children": [{ "text": "" }] }] },
        { "children": [{ "text": "Bye!" }] }] }], "ports": [{ "type": "next", "target": "u", "id": "y2" }] } },
      "u": { "nodeID": "u", "type": "exit", "data": { "ports": [] } }
    } }
  }
}"##;

/// A file of the later form: what is said and heard stands beside the diagrams.
const LATER: &str = r##"{
  "_version": 13.09,
  "project": { "name": "Later" },
  "version": { "_id": "v", "rootDiagramID": "r" },
  "intents": [{ "id": "in1", "name": "order", "description": "Orders something", "createdAt": "2024-05-01" }],
  "utterances": [{ "id": "u1", "intentID": "in1", "text": ["I want ", { "entityID": "en1" }], "language": "en-us" }],
  "entities": [{ "id": "en1", "name": "dish", "classifier": "VF.TEXT", "color": "#fff", "isArray": false }],
  "variables": [{ "id": "va1", "name": "last_utterance", "datatype": "text", "isSystem": true }, { "id": "va2", "name": "size", "datatype": "number" }],
  "responses": [{ "id": "re1", "name": "greeting" }, { "id": "re2", "name": "again" }],
  "responseDiscriminators": [{ "id": "di1", "responseID": "re1", "channel": "default", "language": "en-us", "variantOrder": [] }, { "id": "di2", "responseID": "re2" }],
  "responseMessages": [{ "id": "m1", "discriminatorID": "di1", "text": ["Hello ", { "variableID": "va1" }, "!"], "delay": null },
                       { "id": "m2", "discriminatorID": "di2", "text": [{ "text": ["Again?"], "attributes": { "bold": true } }] }],
  "diagrams": { "r": { "diagramID": "r", "name": "ROOT", "type": "TOPIC", "nodes": {
    "st": { "nodeID": "st", "type": "start", "coords": [0, 0], "data": { "steps": [], "portsV2": { "byKey": { "next": { "id": "a", "type": "next", "target": "b" } }, "builtIn": {}, "dynamic": [] } } },
    "b": { "nodeID": "b", "type": "block", "coords": [100, 0], "data": { "name": "", "steps": ["m", "c", "k"] } },
    "m": { "nodeID": "m", "type": "message", "data": { "messageID": "re1", "draft": false, "portsV2": { "byKey": { "next": { "id": "c", "type": "next", "target": null } }, "builtIn": {}, "dynamic": [] } } },
    "c": { "nodeID": "c", "type": "capture-v3", "data": { "capture": { "type": "user_reply", "variableID": "va1" }, "listenForOtherTriggers": false, "portsV2": { "byKey": {}, "builtIn": {}, "dynamic": [] } } },
    "k": { "nodeID": "k", "type": "choice-v2", "data": { "items": [{ "id": "it1", "intentID": "in1", "button": { "label": ["Order"] } }], "noMatch": { "repromptID": "re2" }, "listenForOtherTriggers": true,
      "portsV2": { "byKey": { "it1": { "id": "d", "type": "it1", "target": "e" } }, "builtIn": {}, "dynamic": [] } } },
    "e": { "nodeID": "e", "type": "block", "coords": [400, 0], "data": { "name": "", "steps": ["f", "g", "h"] } },
    "f": { "nodeID": "f", "type": "set-v3", "data": { "items": [{ "id": "q", "type": "value", "variableID": "va2", "value": ["2"] }], "portsV2": { "byKey": {}, "builtIn": {}, "dynamic": [] } } },
    "g": { "nodeID": "g", "type": "condition-v3", "data": { "items": [{ "id": "w1", "label": "small" }], "portsV2": { "byKey": { "w1": { "id": "d", "type": "w1", "target": "b" } }, "builtIn": {}, "dynamic": [] } } },
    "h": { "nodeID": "h", "type": "response-prompt", "data": { "promptID": "p9", "portsV2": { "byKey": { "next": { "id": "o", "type": "next", "target": "b" } }, "builtIn": {}, "dynamic": [] } } },
    "tr": { "nodeID": "tr", "type": "trigger", "data": { "items": [{ "type": "intent", "resourceID": "in1", "settings": { "local": false } }, { "type": "event", "resourceID": "ev", "settings": {} }],
      "portsV2": { "byKey": { "next": { "id": "o", "type": "next", "target": "e" } }, "builtIn": {}, "dynamic": [] } } },
    "no": { "nodeID": "no", "type": "markup_text", "data": { "content": "Remember this", "scale": 1 } }
  } } }
}"##;

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
