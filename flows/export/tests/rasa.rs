//! The Rasa export: golden projects, the same bytes every time, refusals, losses.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use flow_check::{Checked, valid};
use flow_conversations::line;
use flow_export::{Bundle, Case, CaseTurn, ExportError, Loss, cases, platform};
use flow_model::document::{Document, read_bytes};

const TEMPLATES: [&str; 4] = ["banking_fee_dispute", "saas_copilot", "commerce_vip", "clinic_triage"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document(path: &Path) -> Document {
    read_bytes(&std::fs::read(path).unwrap()).unwrap()
}

fn checked(path: &Path) -> Checked {
    let folder = path.parent().unwrap().to_owned();
    valid(&document(path), &move |id| Some(read_bytes(&std::fs::read(folder.join(format!("{id}.flow.json"))).ok()?)))
        .unwrap_or_else(|problems| panic!("{}: {problems:?}", path.display()))
}

fn template(name: &str) -> (Checked, Vec<Case>) {
    let folder = root().join("flows/templates");
    let flow = checked(&folder.join(format!("{name}.flow.json")));
    let lines = std::fs::read_to_string(folder.join(format!("{name}.conversations.jsonl"))).unwrap();
    let conversations: Vec<_> = lines.lines().filter_map(|text| Some(line(text).ok()?.0)).collect();
    let cases = cases(&flow, &conversations);
    (flow, cases)
}

fn small(text: &str) -> Checked {
    valid(&read_bytes(text.as_bytes()).unwrap(), &|_| None).unwrap()
}

fn export(flow: &Checked, cases: &[Case]) -> Bundle {
    platform("rasa").unwrap().write(flow, cases).unwrap()
}

fn text<'a>(bundle: &'a Bundle, path: &str) -> &'a str {
    std::str::from_utf8(&bundle.files[path]).unwrap()
}

fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{name}/"), found);
            } else {
                found.insert(name, std::fs::read(entry.path()).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, "", &mut found);
    found
}

/// `GOLDEN=accept cargo test -p flow-export` writes what is now exported.
fn golden(name: &str, bundle: &Bundle) {
    let folder = root().join("tests/golden/rasa").join(name);
    if std::env::var_os("GOLDEN").is_some_and(|word| word == "accept") {
        let _ = std::fs::remove_dir_all(&folder);
        for (path, bytes) in &bundle.files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    let known = files_below(&folder);
    for (path, bytes) in &bundle.files {
        let same = known.get(path) == Some(bytes);
        assert!(
            same,
            "{name}/{path} differs from tests/golden/rasa; accept with GOLDEN=accept cargo test -p flow-export"
        );
    }
    let stray: Vec<_> = known.keys().filter(|path| !bundle.files.contains_key(*path)).collect();
    assert!(stray.is_empty(), "golden files that nothing exports: {stray:?}");
}

#[test]
fn golden_projects_are_exported() {
    let (flow, cases) = template("banking_fee_dispute");
    golden("banking_fee_dispute", &export(&flow, &cases));
    golden("odd_names", &export(&checked(&root().join("tests/golden/rasa/odd_names.flow.json")), &[]));
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
        let said = bundle.losses.iter().any(|loss| loss.node.as_deref() == node && loss.meant.contains(words));
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
    assert!(bundle.losses.iter().all(|loss: &Loss| readme.contains(&loss.why)));
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
        let asked = bundle.losses.iter().any(|loss| loss.written.contains("a function in actions/calls.py"));
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
