//! The public corpora beside the checkout (`../shared/conversations`, or `HANDOFF_SHARED`): too large to ship. Without them
//! these tests say that they are skipped; where `CI` is `true` they fail.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::handoff::{TEMPLATES, golden, handoff, root, template, text};

/// The folder of the corpora.
fn corpora() -> Option<PathBuf> {
    let shared = std::env::var_os("HANDOFF_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let folder = shared.join("conversations");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing, and this test needs it", folder.display());
    eprintln!("skipped: {} is missing", folder.display());
    None
}

fn airline(folder: &Path, corpora: &Path) -> PathBuf {
    let out = folder.join("tau-airline.conversations.jsonl");
    let ran = handoff(&[
        "conversations",
        "import",
        text(&corpora.join("tau-airline-200.jsonl")),
        "--out",
        text(&out),
        "--json",
    ])
    .exits(0);
    let report = ran.json();
    assert_eq!((&report["conversations"], &report["rows"], &report["notes"]), (&json!(200), &json!(5316), &json!([])));
    assert_eq!(report["unused"], json!({}));
    out
}

/// `docs/audits/tau-airline.md` below its mark is what the audit prints.
const PAGE: &str = "docs/audits/tau-airline.md";
const MARK: &str = "<!-- handoff conversations audit --markdown -->\n";

#[test]
fn the_handoffs_of_a_real_agent_are_audited() {
    let Some(corpora) = corpora() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = airline(folder.path(), &corpora);
    let audit = handoff(&["conversations", "audit", text(&path), "--json"]).exits(0).json();
    let counts =
        ["happened", "expected", "both", "neither", "labelled", "unlabelled"].map(|key| audit[key].as_u64().unwrap());
    assert_eq!(counts, [48, 16, 6, 142, 200, 0]);
    let ids = |key: &str| -> Vec<String> {
        audit[key].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((ids("needless").len(), ids("missed").len()), (42, 10));
    // The handoffs are found in the turns; the log's own flags say the same, conversation by conversation.
    let log = std::fs::read_to_string(corpora.join("tau-airline-200.jsonl")).unwrap();
    let flagged = |happened: bool, should: bool| -> Vec<String> {
        let rows = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        rows.filter(|row| row["transferred"] == happened && row["should_transfer"] == should)
            .map(|row| row["conversation_id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids("needless"), flagged(true, false));
    assert_eq!(ids("missed"), flagged(false, true));
    let by_label =
        handoff(&["conversations", "audit", text(&path), "--label", "should_transfer", "--json"]).exits(0).json();
    assert_eq!(by_label, audit);
    let printed = handoff(&["conversations", "audit", text(&path), "--markdown"]).exits(0).out;
    let page = std::fs::read_to_string(root().join(PAGE)).unwrap();
    let (head, _) = page.split_once(MARK).unwrap();
    golden(&root().join(PAGE), &format!("{head}{MARK}{printed}")).unwrap();
}

/// The corpora in the studio's own format, with how many conversations they have.
const OURS: [(&str, u64); 3] = [("banking", 1540), ("star", 1000), ("sgd", 1000)];

#[test]
fn every_corpus_replays_on_every_template_and_alike_on_any_number_of_threads() {
    let Some(corpora) = corpora() else { return };
    for name in TEMPLATES {
        for (corpus, conversations) in OURS {
            let path = corpora.join(format!("{corpus}.conversations.jsonl"));
            let flow = template(name);
            let replay = |threads: &str| {
                let ran =
                    handoff(&["replay", text(&flow), text(&path), "--json", "--each", "--threads", threads]).exits(0);
                let summary = ran.err.lines().find_map(|line| serde_json::from_str::<Value>(line).ok());
                let mut summary = summary.unwrap_or_else(|| panic!("no summary: {:.500}", ran.err));
                summary["seconds"] = Value::Null;
                (ran.out, summary)
            };
            let (lines, summary) = replay("1");
            assert_eq!(lines.lines().count() as u64, conversations);
            let counts = (summary["conversations"].as_u64(), summary["outcomes"]["error"].as_u64());
            assert_eq!(counts, (Some(conversations), Some(0)), "{name} on {corpus}");
            for threads in ["2", "5"] {
                let (others, other) = replay(threads);
                assert!(summary == other, "{name} on {corpus}: another summary on {threads} threads");
                assert!(lines == others, "{name} on {corpus}: other lines on {threads} threads");
            }
        }
    }
}

/// Whether two values are the same, numbers by what they are worth.
fn alike(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => one.as_f64() == two.as_f64(),
        (Value::Array(one), Value::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(a, b)| alike(a, b))
        }
        (Value::Object(one), Value::Object(two)) => {
            one.len() == two.len()
                && one.iter().all(|(key, value)| two.get(key).is_some_and(|other| alike(value, other)))
        }
        _ => one == two,
    }
}

#[test]
fn tables_and_corpora_are_imported_whole() {
    let Some(corpora) = corpora() else { return };
    let import = |name: &str| {
        let ran = handoff(&["conversations", "import", text(&corpora.join(name)), "--out", "-"]).exits(0);
        ran.out
    };
    assert_eq!(import("banking77-test.csv").lines().count(), 3080);
    assert_eq!(import("banking77-train.csv").lines().count(), 10003);
    for (corpus, conversations) in OURS {
        let name = format!("{corpus}.conversations.jsonl");
        let out = import(&name);
        assert_eq!(out.lines().count() as u64, conversations);
        let source = std::fs::read_to_string(corpora.join(&name)).unwrap();
        let value = |line: &str| serde_json::from_str::<Value>(line).unwrap();
        assert!(
            out.lines().zip(source.lines()).all(|(ours, theirs)| alike(&value(ours), &value(theirs))),
            "{name} came out otherwise"
        );
    }
}
