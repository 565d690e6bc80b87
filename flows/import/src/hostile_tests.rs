//! Projects that are broken or made to do harm: a clear error or a flow that is valid, never a panic, never without end.

use std::collections::BTreeMap;

use flow_model::tree::Json;
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

#[test]
fn numbers_that_no_document_has_are_kept_as_text() {
    let made =
        agent(r#"{"displayName": "F", "odd": {"at": [1e300, 0.30000001192092896, 0.5]}, "odder": 123456789012345678}"#);
    assert!(made.flow.contains(r#"["1e300", "0.30000001192092896", 0.5]"#), "{}", made.flow);
    assert!(made.flow.contains(r#""123456789012345678""#), "{}", made.flow);
}

/// Projects that multiply themselves: what comes of them has a bound, and is told or is an error.
#[test]
fn keys_that_stand_in_a_file_twice_are_all_kept() {
    let domain = "version: '3.1'\nintents:\n- greet\nfoo:\n  a: 1\nfoo:\n  b: {c: 2, c: 3}\nfoo: 4\nresponses:\n  utter_hi:\n  - text: Hi\n";
    let rules = "rules:\n- rule: hi\n  steps:\n  - intent: greet\n  - action: utter_hi\n";
    let made =
        import(&project(&[("domain.yml", domain.as_bytes()), ("data/rules.yml", rules.as_bytes())]), None).unwrap();
    sound(&made);
    for kept in [
        r#""domain.yml#/foo": { "a": "1" }"#,
        r#""domain.yml#/foo (2)": { "b": { "c": "2", "c (2)": "3" } }"#,
        r#""domain.yml#/foo (3)": "4""#,
    ] {
        assert!(made.flow.contains(kept), "{kept}\n{}", made.flow);
    }
}

#[test]
fn what_is_given_twice_is_what_it_was_given_last() {
    let domain = "version: '3.1'\nintents:\n- greet\nslots:\n  size:\n    type: text\n    mappings:\n    - type: custom\n      action: look\n    - type: custom\n      action: look\nactions:\n- look\n";
    let rules = "rules:\n- rule: hi\n  steps:\n  - intent: greet\n  - action: look\n";
    let made =
        import(&project(&[("domain.yml", domain.as_bytes()), ("data/rules.yml", rules.as_bytes())]), None).unwrap();
    sound(&made);
    assert!(made.flow.contains(r#""outputs": { "size": "text" }"#), "{}", made.flow);
    let map =
        |rows: &[(&str, &str)]| Json::Map(rows.iter().map(|(key, v)| ((*key).to_owned(), Json::text(*v))).collect());
    let mut json =
        Json::List(vec![map(&[("b", "1"), ("c", "2"), ("b", "1"), ("c", "3")]), map(&[("e", "1"), ("e", "2")])]);
    let mut lost = Vec::new();
    crate::finish::keep_last(&mut json, &mut lost);
    assert_eq!(json, Json::List(vec![map(&[("b", "1"), ("c", "3")]), map(&[("e", "2")])]));
    let keys: Vec<&str> = lost.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["c", "e"]);
}

#[test]
fn what_multiplies_itself_has_a_bound() {
    let bot = br#"{"$kind": "Microsoft.AdaptiveDialog", "generator": "b.lg", "triggers": [{"$kind": "Microsoft.OnUnknownIntent",
        "actions": [{"$kind": "Microsoft.SendActivity", "activity": "${A0()}"}]}]}"#;
    let levels: String =
        (0..5).map(|at| format!("# A{at}()\n{}", format!("- ${{A{}()}}\n", at + 1).repeat(40))).collect();
    let words = format!("{levels}# A5()\n- hi\n");
    let made =
        import(&project(&[("b.botproj", b"{}"), ("b.dialog", bot), ("b.en-us.lg", words.as_bytes())]), None).unwrap();
    sound(&made);
    assert!(made.flow.len() < 1_000_000);

    let all = |name: &str| (0..3000).map(|at| format!("{name}{at}")).collect::<Vec<_>>().join(" & ");
    let chart = format!("flowchart TD\n{} --> {}\n", all("a"), all("b"));
    let made = import(&project(&[("m.mmd", chart.as_bytes())]), None).unwrap();
    sound(&made);
    assert!(made.not_understood() > 0);

    let group: Vec<String> = (0..1000).map(|at| format!(r#"{{"intent": "i{at}", "targetPage": "P0"}}"#)).collect();
    let group = format!(r#"{{"displayName": "g", "transitionRoutes": [{}]}}"#, group.join(", "));
    let pages: Vec<String> = (0..300).map(|at| format!("flows/F/pages/P{at}.json")).collect();
    let page = br#"{"transitionRouteGroups": ["g"]}"#;
    let mut files: Vec<(&str, &[u8])> = pages.iter().map(|path| (path.as_str(), &page[..])).collect();
    files.extend([
        AGENT,
        (FLOW, br#"{"displayName": "F"}"#),
        ("flows/F/transitionRouteGroups/g.json", group.as_bytes()),
    ]);
    assert!(import(&project(&files), None).unwrap_err().to_string().contains("routes"));

    let cell = format!(
        r#"<mxGraphModel><root><mxCell id="a" vertex="1" value="{}"/></root></mxGraphModel>"#,
        "y".repeat(30 << 20)
    );
    let packed = miniz_oxide::deflate::compress_to_vec(cell.as_bytes(), 9);
    let page = format!("<diagram>{}</diagram>", base64(&packed));
    let drawing = format!("<mxfile>{}</mxfile>", page.repeat(3));
    assert!(import(&project(&[("d.drawio", drawing.as_bytes())]), None).unwrap_err().to_string().contains("d.drawio"));
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sign = |bits: u32| char::from(SIGNS[bits as usize & 63]);
    let group = |three: &[u8]| {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        (0..=three.len()).map(|at| sign(bits >> (18 - 6 * at))).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}
