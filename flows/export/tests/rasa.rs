//! The Rasa export: golden projects, the same bytes every time, refusals, losses.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]

mod common;

use common::{TEMPLATES, checked, golden, root, small, template};
use flow_check::Checked;
use flow_export::{Bundle, Case, CaseTurn, ExportError, Loss, platform};

fn export(flow: &Checked, cases: &[Case]) -> Bundle {
    platform("rasa").unwrap().write(flow, cases).unwrap()
}

fn text<'a>(bundle: &'a Bundle, path: &str) -> &'a str {
    std::str::from_utf8(&bundle.files[path]).unwrap()
}

#[test]
fn golden_projects_are_exported() {
    let (flow, cases) = template("banking_fee_dispute");
    golden("rasa/banking_fee_dispute", &export(&flow, &cases), |_| true);
    let odd = checked(&root().join("tests/golden/rasa/odd_names.flow.json"));
    golden("rasa/odd_names", &export(&odd, &[]), |_| true);
}

#[test]
fn every_template_is_exported_alike_each_time() {
    for name in TEMPLATES {
        let (flow, cases) = template(name);
        let first = export(&flow, &cases);
        assert_eq!(first, export(&flow, &cases), "{name}");
        assert!(!first.losses.is_empty(), "{name}");
        assert!(text(&first, "tests/test_stories.yml").contains("action_handoff"), "{name}");
        assert!(!text(&first, "actions/policy.py").contains("rasa_sdk"), "{name}");
    }
}

#[test]
fn conversations_become_cases_until_the_bot_is_deaf() {
    let (_, cases) = template("banking_fee_dispute");
    let case = cases.iter().find(|case| case.turns.iter().any(|turn| turn.hands_off)).unwrap();
    assert!(case.turns.iter().rev().skip(1).all(|turn| !turn.hands_off || case.turns.len() > 1));
}

#[test]
fn what_rasa_cannot_carry_is_said() {
    let (flow, _) = template("banking_fee_dispute");
    let bundle = export(&flow, &[]);
    let has = |node: Option<&str>, words: &str| {
        let said = bundle.losses.iter().any(|loss| loss.node.as_deref() == node && loss.meant.text().contains(words));
        assert!(said, "no loss of {node:?} says {words:?}");
    };
    has(Some("to_tier1"), "of waiting");
    has(Some("to_tier1"), "place in the queue is kept");
    has(Some("to_tier1"), "ends after 900 s");
    has(Some("look_up"), "charges.explain");
    has(None, "`sentiment` of each turn");
    let limits = platform("rasa").unwrap().limits(flow.flow());
    assert_eq!(limits, bundle.losses);
    let readme = text(&bundle, "README.md");
    assert!(bundle.losses.iter().all(|loss: &Loss| readme.contains(&loss.why.text())));
}

#[test]
fn whether_a_ticket_arrives_is_asked_where_there_is_one() {
    let one = |mode: &str| {
        let flow = small(&format!(
            r#"{{"format":"handoff-flow/1","id":"f","tiers":{{"desk":{{}}}},"contexts":{{"c":{{}}}},"nodes":{{
            "start":{{"kind":"start","next":"h"}},"e":{{"kind":"end","outcome":"x"}},
            "h":{{"kind":"handoff","mode":"{mode}","tier":"desk","context":"c","sent":"e","failed":"e"}}}}}}"#
        ));
        let bundle = export(&flow, &[]);
        let asked = bundle.losses.iter().any(|loss| loss.written.text().contains("a function in actions/calls.py"));
        assert_eq!(asked, text(&bundle, "README.md").contains("## Tickets and callbacks"), "{mode}");
        assert_eq!(asked, text(&bundle, "actions/calls.py").contains("\ncall.request = requested\n"), "{mode}");
        asked
    };
    assert!(one("ticket") && one("callback") && !one("transfer"));
}

#[test]
fn cards_that_are_not_decided_are_refused() {
    let flow = small(
        r#"{"format":"handoff-flow/1","id":"f","nodes":{"start":{"kind":"start","next":"t"},"t":{"kind":"todo","text":"?"}}}"#,
    );
    let refused = platform("rasa").unwrap().write(&flow, &[]).unwrap_err();
    assert_eq!(refused, ExportError::TodoCards(vec!["t".to_owned()]));
    assert!(matches!(platform("nowhere"), Err(ExportError::NoSuchPlatform(..))));
}

#[test]
fn the_fallback_lies_below_every_bound_on_confidence() {
    let flow = small(
        r#"{"format":"handoff-flow/1","id":"f","constants":{"low":{"value":0.25}},"nodes":{
            "start":{"kind":"start","next":"l"},"e":{"kind":"end","outcome":"x"},
            "l":{"kind":"listen","branches":[{"when":"confidence < const.low || 0.9 < confidence","to":"e"}],"else":"e"}}}"#,
    );
    assert!(text(&export(&flow, &[]), "config.yml").contains("threshold: 0.125\n"));
}

#[test]
fn stories_tell_the_decisions() {
    let flow = small(
        r#"{"format":"handoff-flow/1","id":"f","intents":{"help me":{"examples":["help"]}},"nodes":{
            "start":{"kind":"start","next":"l"},"e":{"kind":"end","outcome":"x"},
            "l":{"kind":"listen","branches":[],"else":"e"}}}"#,
    );
    let turn = |intent: &str, hands_off| CaseTurn { intent: intent.to_owned(), hands_off, ..CaseTurn::default() };
    let case = Case { id: "a: \"b\"".to_owned(), turns: vec![turn("none", false), turn("help me", true)], whole: None };
    let bundle = export(&flow, &[case]);
    let stories = text(&bundle, "tests/test_stories.yml");
    assert!(stories.contains("- story: \"a: \\\"b\\\"\"\n"));
    assert!(stories.contains("- intent: \"nlu_fallback\"\n      - slot_was_set:\n          - needs_handoff: false\n      - action: action_reply\n"));
    assert!(stories.contains("- intent: \"help_me\"\n      - slot_was_set:\n          - needs_handoff: true\n      - action: action_handoff\n"));
}
