//! Rasa 3 projects.

mod common;

use std::path::Path;

use common::{folder, imported, project, shared};
use flow_import::{Code, import};
use flow_model::flow::Kind;

const DOMAIN: &str = "version: \"3.1\"
intents:
  - refund
  - ask_person
  - thanks:
      use_entities: []
entities: [order]
slots:
  order:
    type: text
    mappings:
      - type: from_entity
        entity: order
  cross:
    type: bool
    initial_value: false
    mappings:
      - type: custom
        action: action_look
forms:
  refund_form:
    required_slots: [order]
responses:
  utter_ask_order:
    - text: \"Which order?\"
  utter_done:
    - text: \"Paid back for {order} {oh\"
      buttons:
        - title: Thanks
          payload: /thanks
    - text: \"Done.\"
  utter_sorry:
    - text: Sorry?
actions: [action_look, action_handoff, action_pay]
";

const DATA: &str = "version: \"3.1\"
nlu:
  - intent: refund
    examples: |
      - money back for [7](order)
      - refund
  - lookup: order
    examples: |
      - 7
rules:
  - rule: cross
    condition:
      - slot_was_set:
          - cross: true
    steps:
      - intent: refund
      - action: action_handoff
  - rule: calm
    condition:
      - slot_was_set:
          - cross: false
    steps:
      - intent: refund
      - action: refund_form
      - active_loop: refund_form
  - rule: filled
    condition:
      - active_loop: refund_form
    steps:
      - action: refund_form
      - active_loop: null
      - slot_was_set:
          - requested_slot: null
      - action: action_pay
      - action: utter_done
  - rule: lost
    steps:
      - intent: nlu_fallback
      - action: utter_sorry
stories:
  - story: two turns
    steps:
      - intent: thanks
      - action: utter_done
      - or:
          - intent: ask_person
          - intent: refund
      - action: action_handoff
  - story: one turn, as it begins
    steps:
      - intent: thanks
      - action: utter_done
  - story: of another kind
    steps:
      - checkpoint: later
";

const CONFIG: &str =
    "language: de\npipeline:\n  - name: FallbackClassifier\n    threshold: 0.4\npolicies:\n  - name: RulePolicy\n";

#[test]
fn a_project_is_a_flow() {
    let files: &[(&str, &[u8])] =
        &[("domain.yml", DOMAIN.as_bytes()), ("data/all.yml", DATA.as_bytes()), ("config.yml", CONFIG.as_bytes())];
    let (made, flow) = imported(&project("shop", files), "rasa");
    for text in [
        r#""assign": { "cross": "false" }"#,
        r#""else": "action_look""#,
        r#""assign": { "cross": "action_look.cross" }"#,
        r#"{ "when": "slots.cross == true && intent == \"refund\"", "to": "action_handoff" }"#,
        r#"{ "when": "slots.cross == false && intent == \"refund\"", "to": "ask_order" }"#,
        r#""text": "Paid back for {slots.order} {{oh""#,
        r#"Buttons: Thanks"#,
        r#""else": "utter_sorry""#,
        r#""examples": ["money back for 7", "refund"]"#,
        r#""locale": "de""#,
        // A request for a person is heard while the form asks.
        r#""within": ["ask_order"]"#,
    ] {
        assert!(made.flow.contains(text), "{text}\n{}", made.flow);
    }
    assert!(flow.nodes.values().any(|node| matches!(node.kind, Kind::Handoff(_))));
    let told = |code| {
        made.notes.iter().filter(|note| note.code == code).map(|note| note.what.as_str()).collect::<Vec<_>>().join("\n")
    };
    assert!(told(Code::Approximated).contains("policies"), "{:?}", made.notes);
    let odd = told(Code::NotUnderstood);
    assert!(odd.contains("checkpoint") && odd.contains("lookup"), "{odd}");
    let line = made.notes.iter().find(|note| note.what.contains("the checkpoint at which")).and_then(|note| note.line);
    assert!(
        line.is_some_and(|line| DATA.lines().nth(line as usize - 1).is_some_and(|text| text.contains("later"))),
        "{line:?}"
    );
}

#[test]
fn what_is_empty_broken_or_hostile_ends() {
    let one = |text: &[u8]| project("x", &[("domain.yml", text), ("data.yml", b"version: \"3.1\"\nrules: []\n")]);
    let (made, flow) = imported(&one(b""), "rasa");
    assert_eq!((flow.nodes.len(), made.not_understood()), (2, 0), "{}", made.flow);
    let (made, _) = imported(&one(b"slots: [\n"), "rasa");
    assert!(
        made.notes.iter().any(|note| note.code == Code::BadFile && note.file == "domain.yml" && note.line.is_some()),
        "{:?}",
        made.notes
    );
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", ")));
    }
    imported(&one(bomb.as_bytes()), "rasa");
    imported(&one(&b"[".repeat(9000)), "rasa");
    // A form that is done when it is filled, and a form without slots.
    let circle = "version: \"3.1\"\nforms: {f: {required_slots: [a]}, g: {}}\nintents: [i]\nrules:\n- rule: r\n  condition: [active_loop: f]\n  steps: [action: f, active_loop: null, action: f, action: g]\n- rule: s\n  steps: [intent: i, action: f]\n- rule: t\n  steps: [intent: i, action: g]\n";
    imported(&one(circle.as_bytes()), "rasa");
    // Many stories that part ways at every turn.
    let mut many = "version: \"3.1\"\nstories:\n".to_owned();
    for story in 0..40 {
        many.push_str(&format!("- story: s{story}\n  steps:\n"));
        (0..30).for_each(|turn| {
            many.push_str(&format!("  - intent: i{}\n  - action: utter_{turn}\n", (story * 7 + turn * turn) % 11))
        });
    }
    imported(&one(many.as_bytes()), "rasa");
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(DOMAIN.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let (made, _) = imported(&one(&wide), "rasa");
    assert!(
        made.notes.iter().any(|note| note.code == Code::Encoding)
            && made.flow.contains("Which order?") == made.flow.contains("ask_order")
    );
    assert!(import(&project("x", &[("a.yml", b"a: b\n")]), None).is_err());
}

/// The rules of an export are its two ways: what the code of its actions decides comes as the answer of a call.
#[test]
fn our_own_export_keeps_the_ways_that_its_files_say() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/rasa/banking_fee_dispute");
    let (made, flow) = imported(&folder(&golden), "rasa");
    for text in [
        r#""when": "slots.needs_handoff == true && intent == \"fee_dispute\"",
          "to": "action_handoff""#,
        r#""when": "slots.needs_handoff == false && intent == \"fee_dispute\"",
          "to": "action_reply""#,
        r#""when": "!has(slots.needs_handoff) && intent == \"fee_dispute\"",
          "to": "utter_ask_a_colleague""#,
        r#""call": "action_read_signals""#,
        r#""needs_handoff": "action_read_signals.needs_handoff""#,
        "Why was I charged a $25 fee?",
    ] {
        assert!(made.flow.contains(text), "{text}\n{}", made.flow);
    }
    let people = flow.nodes.values().filter(|node| matches!(node.kind, Kind::Handoff(_))).count();
    assert_eq!(people, 2, "the handoff, and what is said when nothing was decided\n{}", made.flow);
}

#[test]
fn a_real_project_is_read_whole() {
    let Some(sample) = shared("samples/rasa") else { return };
    let mut files = folder(&sample).files().clone();
    files.retain(|path, _| !path.starts_with("calm/"));
    let (made, flow) = imported(&flow_import::Project::new("rasa", files), "rasa");
    assert!(made.tally.noted * 6 < made.tally.elements && flow.nodes.len() > 8, "{:?}\n{:#?}", made.tally, made.notes);
    assert!(made.flow.contains("\"within\": [\"ask_transaction_id\"]"), "{}", made.flow);
}

fn told(made: &flow_import::Imported, words: &str) -> bool {
    made.notes.iter().any(|note| note.what.contains(words))
}

fn stories(data: &str) -> (flow_import::Imported, flow_model::Flow) {
    let files = [("domain.yml", DOMAIN.as_bytes()), ("data/stories.yml", data.as_bytes())];
    imported(&project("stories", &files), "rasa")
}

/// What stories do and hear after the same words: all of it is drawn.
#[test]
fn stories_that_part_keep_all_their_ways() {
    let (made, _) = stories(
        "version: \"3.1\"
stories:
- story: one
  steps: [{intent: refund}, {action: utter_done}, {intent: thanks}, {action: utter_sorry}]
- story: two
  steps: [{intent: refund}, {action: utter_done}, {action: action_pay}, {action: action_look}]
- story: three
  steps: [{intent: refund}, {action: utter_done}, {action: utter_ask_order}]
- story: begins by itself
  steps: [{action: action_look}, {intent: ask_person}, {action: action_handoff}]
- story: in words
  steps: [{intent: thanks}, {action: utter_sorry}, {user: \"that was nice\"}, {action: utter_done}]
- story: leads on
  steps: [{intent: ask_person}, {action: utter_sorry}, {checkpoint: here}]
- story: goes on
  steps: [{checkpoint: here}, {intent: refund}, {action: action_pay}]
",
    );
    for text in [
        "imported.after_utter_done_action_pay",
        "imported.after_utter_done_utter_ask_order",
        r#"intent == \"thanks\""#,
        "imported.after_the_beginning_action_look",
        "imported.that_was_nice",
        "\"call\": \"action_pay\"",
    ] {
        assert!(made.flow.contains(text), "{text}\n{}", made.flow);
    }
    assert!(!told(&made, "no story begins at"), "{:#?}", made.notes);
    assert_eq!(made.flow.matches("\"call\": \"action_pay\"").count(), 2, "{}", made.flow);
}

/// What is heard while a form asks interrupts it; what follows it is said once.
#[test]
fn a_form_is_interrupted_and_goes_on() {
    let (made, flow) = stories(
        "version: \"3.1\"
rules:
- rule: begin
  steps: [{intent: refund}, {action: refund_form}, {active_loop: refund_form}]
- rule: submit
  condition: [{active_loop: refund_form}]
  steps: [{action: refund_form}, {active_loop: null}, {action: utter_done}]
- rule: same words
  condition: [{active_loop: refund_form}]
  steps: [{intent: thanks}, {action: utter_sorry}]
- rule: same words again
  condition: [{active_loop: refund_form}]
  steps: [{intent: ask_person}, {action: utter_sorry}]
stories:
- story: stops and goes on
  steps:
  - intent: refund
  - action: refund_form
  - active_loop: refund_form
  - intent: ask_person
  - action: utter_ask_order
  - intent: refund
  - action: refund_form
  - active_loop: null
  - action: utter_done
  - action: action_pay
",
    );
    let triggers: Vec<&str> = flow.triggers.values().map(|trigger| trigger.when.as_str()).collect();
    assert!(triggers.len() >= 3, "{triggers:?}\n{}", made.flow);
    let pay = flow.nodes.values().filter(|node| matches!(node.kind, Kind::Action(_))).count();
    assert!(pay >= 1, "{}", made.flow);
    assert!(!made.flow.contains("utter_done_3"), "what follows a form is said once\n{}", made.flow);
}

#[test]
fn several_documents_of_a_file_are_one() {
    let (made, _) =
        stories("version: \"3.1\"\n---\nstories:\n- story: a\n  steps: [{intent: refund}, {action: utter_sorry}]\n");
    assert!(made.flow.contains("Sorry?"), "{}", made.flow);
}

/// Thousands of stories, long ones, and many intents at once take no more than a moment.
#[test]
fn many_stories_end() {
    let mut many = "version: \"3.1\"\nstories:\n".to_owned();
    (0..1200)
        .for_each(|n| many.push_str(&format!("- story: s{n}\n  steps: [{{intent: i{n}}}, {{action: utter_sorry}}]\n")));
    let any: Vec<String> = (0..1500).map(|n| format!("{{intent: j{n}}}")).collect();
    many.push_str(&format!("- story: any\n  steps: [{{or: [{}]}}, {{action: utter_done}}]\n", any.join(", ")));
    let (made, _) = stories(&many);
    assert!(made.flow.contains(r#"intent in [\"j0\", \"j1\""#), "one list says them all");
}

/// Forms whose questions are in code, one of which takes over from the other: what follows belongs to the one that took over.
#[test]
fn a_form_that_takes_over_is_not_what_follows_the_other() {
    let domain = "version: \"2.0\"\nintents: [open, status, help]\nforms:\n- open_form\n- status_form\nresponses:\n  utter_help:\n  - text: I can help.\n";
    let stories = "version: \"2.0\"
rules:
- rule: submit open
  condition:
  - active_loop: open_form
  steps:
  - action: open_form
  - active_loop: null
  - action: action_open
- rule: submit status
  condition:
  - active_loop: status_form
  steps:
  - action: status_form
  - active_loop: null
  - action: action_status
stories:
- story: open
  steps:
  - intent: open
  - action: open_form
  - active_loop: open_form
  - active_loop: null
  - action: action_open
- story: status
  steps:
  - intent: status
  - action: status_form
  - active_loop: status_form
  - active_loop: null
  - action: action_status
- story: status takes over
  steps:
  - intent: open
  - action: open_form
  - active_loop: open_form
  - intent: status
  - action: status_form
  - active_loop: status_form
  - active_loop: null
  - action: action_status
";
    let files = [("domain.yml", domain.as_bytes()), ("data/stories.yml", stories.as_bytes())];
    let (made, flow) = imported(&project("helpdesk", &files), "rasa");
    let calls: Vec<&str> = flow
        .nodes
        .iter()
        .filter(|(_, node)| matches!(&node.kind, Kind::Action(_)))
        .flat_map(|(_, node)| node.exits().into_iter().map(|exit| exit.to))
        .collect();
    assert!(!calls.is_empty() && calls.iter().all(|to| *to == "main"), "{}", made.flow);
    let asks = |slot: &str| made.flow.contains(&format!("\"slot\": \"{slot}\""));
    assert!(asks("open_form") && asks("status_form"), "{}", made.flow);
    assert!(
        flow.triggers.values().any(|one| one.when.contains("status") && one.to == "ask_status_form"),
        "{}",
        made.flow
    );
    assert!(made.notes.iter().any(|note| note.what.contains("open_form asks for is in code")));
}

#[test]
fn a_project_whose_files_cannot_be_read_says_why() {
    for (kind, file) in [("rasa", "domain.yml"), ("rasa-calm", "data/flows.yml")] {
        let broken = project("broken", &[(file, b"version: \"3.1\"\nintents: [a\nflows:\n  x: }\n")]);
        let error = import(&broken, Some(kind)).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{file}, line ")) && !error.contains("is not there"), "{error}");
    }
}
