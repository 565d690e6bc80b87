//! The Rasa CALM export: a golden project, one policy for both Rasas, the way to people.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]

mod common;

use common::{TEMPLATES, golden, small, template};
use flow_check::Checked;
use flow_export::{Bundle, Case, ExportError, platform};

fn export(flow: &Checked, cases: &[Case]) -> Bundle {
    platform("rasa-calm").unwrap().write(flow, cases).unwrap()
}

fn text<'a>(bundle: &'a Bundle, path: &str) -> &'a str {
    std::str::from_utf8(bundle.files.get(path).unwrap_or_else(|| panic!("no {path}"))).unwrap()
}

/// The action server's files stand in the golden project for Rasa Open Source.
const SERVER: [&str; 3] = ["actions/", "test_policy.py", "names.json"];

#[test]
fn a_golden_project_is_exported() {
    let (flow, cases) = template("banking_fee_dispute");
    let own = |path: &str| !SERVER.iter().any(|shared| path.starts_with(shared));
    golden("rasa_calm/banking_fee_dispute", &export(&flow, &cases), own);
}

#[test]
fn both_rasas_have_the_same_action_server() {
    for name in TEMPLATES {
        let (flow, cases) = template(name);
        let (calm, open) = (export(&flow, &cases), platform("rasa").unwrap().write(&flow, &cases).unwrap());
        let shared = calm.files.iter().filter(|(path, _)| SERVER.iter().any(|shared| path.starts_with(shared)));
        let mut count = 0;
        for (path, bytes) in shared {
            assert_eq!(open.files.get(path), Some(bytes), "{name}: {path}");
            count += 1;
        }
        assert_eq!(count, 7, "{name}");
        assert_eq!(calm, export(&flow, &cases), "{name}");
    }
}

#[test]
fn every_intent_and_what_none_understands_take_the_turn() {
    let (flow, _) = template("banking_fee_dispute");
    let bundle = export(&flow, &[]);
    let flows = text(&bundle, "data/flows.yml");
    for intent in ["\"fee_dispute\"", "\"request_human\"", "\"cancel\"", "\"nlu_fallback\""] {
        assert!(flows.contains(&format!("name: {intent}\n          confidence_threshold: 0.0\n")), "{intent}");
    }
    let patterns = text(&bundle, "data/patterns.yml");
    assert!(patterns.contains("  pattern_human_handoff:\n") && patterns.contains("- action: action_handoff\n"));
    assert!(text(&bundle, "domain.yml").contains("run_action_every_turn: action_read_signals"));
    let readme = text(&bundle, "README.md");
    assert!(bundle.losses.iter().all(|loss| readme.contains(&loss.why.text())) && readme.contains("licence"));
}

#[test]
fn a_classifier_is_trained_where_there_is_something_to_tell_apart() {
    let flow = |intents: &str| {
        let flow = r#"{"format":"handoff-flow/1","id":"f","intents":{INTENTS},"nodes":{
            "start":{"kind":"start","next":"l"},"l":{"kind":"listen","branches":[],"else":"l"}}}"#;
        small(&flow.replace("INTENTS", intents))
    };
    let one = r#""a":{"examples":["b"]},"c":{}"#;
    for (intents, classifier) in [
        ("", "KeywordIntentClassifier"),
        (one, "KeywordIntentClassifier"),
        (r#""a":{"examples":["b"]},"c":{"examples":["d"]}"#, "LogisticRegressionClassifier"),
    ] {
        let bundle = export(&flow(intents), &[]);
        let config = text(&bundle, "config.yml");
        let written = config.lines().filter(|line| line.ends_with("Classifier") && !line.contains("Fallback"));
        assert_eq!(written.collect::<Vec<_>>(), [format!("  - name: {classifier}")], "{intents}");
        assert!(!config.contains("Regex"), "nothing is found by a pattern: {config}");
    }
}

#[test]
fn cards_that_are_not_decided_are_refused() {
    let flow = small(
        r#"{"format":"handoff-flow/1","id":"f","nodes":{"start":{"kind":"start","next":"t"},"t":{"kind":"todo","text":"?"}}}"#,
    );
    let refused = platform("rasa-calm").unwrap().write(&flow, &[]).unwrap_err();
    assert_eq!(refused, ExportError::TodoCards(vec!["t".to_owned()]));
}
