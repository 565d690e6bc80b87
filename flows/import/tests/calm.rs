//! Rasa CALM projects.

mod common;

use std::path::Path;

use common::{folder, imported, project, shared};
use flow_import::{Code, Project, import};
use flow_model::flow::Kind;

const DOMAIN: &str = "version: \"3.1\"
intents: [pay, nlu_fallback]
slots:
  amount:
    type: float
    min_value: 0
    mappings:
      - type: from_llm
  sure:
    type: bool
    mappings:
      - type: controlled
        run_action_every_turn: action_look
  topic:
    type: categorical
    values: [card, loan]
    mappings:
      - type: controlled
responses:
  utter_ask_amount:
    - text: How much?
  utter_too_much:
    - text: \"{amount} is too much.\"
  utter_paid:
    - text: Paid.
  utter_bye:
    - text: Anything else?
actions: [action_look, action_pay, action_handoff]
";

const FLOWS: &str = "version: \"3.1\"
flows:
  pay:
    name: pay a bill
    description: The customer pays.
    if: slots.topic is not \"loan\"
    nlu_trigger:
      - intent:
          name: pay
          confidence_threshold: 0.5
    steps:
      - collect: amount
        description: in euros
        ask_before_filling: true
        rejections:
          - if: slots.amount > 1000
            utter: utter_too_much
          - if: not (slots.amount matches \"^1\")
            utter: utter_too_much
      - action: action_pay
        next:
          - if: slots.sure is not null and slots.sure = false
            then:
              - set_slots:
                  - topic: card
              - link: pattern_human_handoff
          - else: done
      - id: done
        action: utter_paid
        next: END
  ask_again:
    description: Starts over.
    steps:
      - noop: true
        next:
          - if: slots.topic = \"card\"
            then:
              - call: pay
              - action: utter_bye
                next: END
          - else: END
  never:
    description: Only others begin it.
    if: false
    steps:
      - link: gone
  pattern_human_handoff:
    description: a person
    steps:
      - action: action_handoff
  pattern_completed:
    description: after each
    steps:
      - action: utter_bye
  pattern_chitchat:
    description: small talk
    steps:
      - action: utter_bye
";

fn one(flows: &str) -> Project {
    project(
        "calm",
        &[("domain.yml", DOMAIN.as_bytes()), ("data/flows.yml", flows.as_bytes()), ("actions/actions.py", b"")],
    )
}

#[test]
fn flows_steps_and_patterns_become_cards() {
    let (made, flow) = imported(&one(FLOWS), "rasa-calm");
    for text in [
        r#"intent == \"pay\" && confidence >= 0.5 && !(slots.topic == \"loan\")"#,
        r#"intent == \"ask_again\""#,
        "\"prompt\": \"How much?\"",
        "\"slots.amount > 1000\"",
        "imported.not_slots_amount_matches_1",
        "{slots.amount} is too much.",
        r#""has(slots.sure) && slots.sure == false""#,
        r#""sure": "action_look.sure""#,
        "Anything else?",
        "imported.pattern_chitchat",
    ] {
        assert!(made.flow.contains(text), "{text}\n{}", made.flow);
    }
    let people: Vec<&String> =
        flow.nodes.iter().filter(|(_, node)| matches!(node.kind, Kind::Handoff(_))).map(|(id, _)| id).collect();
    assert!(!people.is_empty(), "{}", made.flow);
    let told = |code: Code, words: &str| made.notes.iter().any(|note| note.code == code && note.what.contains(words));
    assert!(told(Code::Condition, "matches") && told(Code::Approximated, "starts ask_again by its description"));
    // The flow that is begun from two places is drawn for each place to go on at.
    assert!(made.flow.contains("ask_amount_2"), "{}", made.flow);
    assert!(!made.flow.contains("intent == \\\"never\\\""));
}

#[test]
fn a_person_is_asked_where_rasa_would_ask_nobody() {
    let flows = "flows:\n  help:\n    description: a person\n    steps:\n      - link: pattern_human_handoff\n";
    let (made, flow) = imported(&one(flows), "rasa-calm");
    assert!(flow.nodes.values().any(|node| matches!(node.kind, Kind::Handoff(_))), "{}", made.flow);
    assert!(made.notes.iter().any(|note| note.what.contains("nobody is available")));
}

#[test]
fn broken_flows_stay_valid() {
    for flows in [
        "flows:\n",
        "flows: []\n",
        "flows:\n  a: 1\n  b: [x]\n",
        "flows:\n  a:\n    steps:\n      - link: a\n      - call: a\n      - next: nowhere\n",
        "flows:\n  a:\n    steps:\n      - id: x\n        noop: true\n        next: x\n",
        "flows:\n  a:\n    steps:\n      - collect: {b: c}\n        next: [[[]]]\n      - set_slots: 7\n      - collect: \"\"\n",
        "flows:\n  pattern_completed:\n    steps:\n      - call: pattern_completed\n",
        "flows:\n  a:\n    steps:\n      - noop: true\n        next:\n          - if: \"((((\"\n            then: [{then: x}]\n",
    ] {
        if let Ok(made) = import(&one(flows), None) {
            imported(&one(flows), made.format);
        }
    }
    assert!(import(&one("flows: }\n"), Some("rasa-calm")).is_err());
}

#[test]
fn circles_of_calls_end() {
    let mut flows = "flows:\n".to_owned();
    for at in 0..40 {
        flows.push_str(&format!("  f{at}:\n    description: x\n    steps:\n"));
        for other in 0..12 {
            flows.push_str(&format!("      - call: f{}\n", (at * 7 + other) % 40));
        }
    }
    let (made, _) = imported(&one(&flows), "rasa-calm");
    assert!(made.notes.iter().any(|note| note.what.contains("drawn too often already")));
}

#[test]
fn our_own_export_keeps_the_ways_that_its_files_say() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/rasa_calm/banking_fee_dispute");
    let (made, flow) = imported(&folder(&golden), "rasa-calm");
    for text in [
        r#"has(slots.needs_handoff) && slots.needs_handoff == true"#,
        r#""call": "action_read_signals""#,
        r#""needs_handoff": "action_read_signals.needs_handoff""#,
        "Why was I charged a $25 fee?",
    ] {
        assert!(made.flow.contains(text), "{text}\n{}", made.flow);
    }
    assert!(flow.nodes.values().any(|node| matches!(node.kind, Kind::Handoff(_))));
}

#[test]
fn a_real_project_is_read_whole() {
    let Some(sample) = shared("samples/rasa/calm") else { return };
    let (made, flow) = imported(&folder(&sample), "rasa-calm");
    assert!(made.tally.noted * 5 < made.tally.elements && flow.nodes.len() > 6, "{:?}\n{:#?}", made.tally, made.notes);
    assert!(made.flow.contains("Which transaction is it?"));
}

/// What a called flow asked for is still there when it comes back: its caller forgets it, and what had a value has it again.
#[test]
fn a_called_flow_forgets_nothing_its_caller_does() {
    let domain = "version: \"3.1\"
slots:
  done: {type: bool}
  limit: {type: float, initial_value: 5}
  kept: {type: text}
  sure: {type: bool}
responses:
  utter_ask_done:
    - text: Say when.
      channel: voice
    - text: Done?
      metadata: {rephrase: True}
  utter_ask_sure:
    - text: Sure?
";
    let flows = "flows:
  caller:
    description: calls
    steps:
      - call: asks
        next:
          - if: slots.done
            then:
              - collect: sure
                ask_before_filling: True
                next: END
          - else: END
  asks:
    description: is called
    if: False
    persisted_slots: [kept]
    steps:
      - collect: done
      - set_slots:
          - limit: 7
          - kept: x
  idle:
    description: nobody
    if: False
    steps:
      - action: utter_ask_done
";
    let files = [("domain.yml", domain.as_bytes()), ("data/flows.yml", flows.as_bytes())];
    let (made, flow) = imported(&project("calm", &files), "rasa-calm");
    let forgets: Vec<String> = flow
        .nodes
        .iter()
        .filter(|(id, _)| id.contains("ends"))
        .filter_map(|(id, node)| match &node.kind {
            Kind::Set(set) => Some(format!("{id} {:?}", set.assign.keys().collect::<Vec<_>>())),
            _ => None,
        })
        .collect();
    assert_eq!(forgets, ["caller_ends [\"done\", \"limit\", \"sure\"]"], "{}", made.flow);
    assert!(made.flow.contains("\"limit\": \"5\"") && made.flow.contains("ask_sure_anew"), "{}", made.flow);
    assert!(made.flow.contains("\"prompt\": \"Done?\"") && made.flow.contains("Also said on voice: Say when."));
    let told = |words: &str| made.notes.iter().any(|note| note.what.contains(words));
    assert!(
        told("nothing starts the flow idle") && !told("ask_before_filling") && !told("rephrase"),
        "{:#?}",
        made.notes
    );
}
