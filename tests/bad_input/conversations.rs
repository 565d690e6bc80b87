//! Conversations as data: `cases/bad-input/<case>.conversations.jsonl`, replayed on the banking flow; `<case>.expected`
//! says how it ends, which lines are told and how many were replayed.

use super::documents::cases;
use crate::handoff::{conversations, file, golden, handoff, run, template, text};

#[test]
fn broken_lines_are_told_and_the_rest_is_replayed() {
    let mut wrong = String::new();
    let flow = template("banking_fee_dispute");
    for entry in std::fs::read_dir(cases()).unwrap() {
        let path = entry.unwrap().path();
        let Some(case) = text(&path).strip_suffix(".conversations.jsonl") else { continue };
        let ran = handoff(&["replay", text(&flow), text(&path), "--json"]);
        let each = handoff(&["replay", text(&flow), text(&path), "--json", "--each"]);
        assert_eq!(each.code, ran.code);
        let replayed: Vec<String> = each.out.lines().map(|line| line_of(line).to_string()).collect();
        assert_eq!(ran.json()["conversations"], replayed.len(), "{case}");
        let prefix = format!("{}:", path.display());
        let mut told: Vec<&str> =
            ran.err.lines().filter_map(|line| line.strip_prefix(&prefix)?.split(':').next()).collect();
        told.dedup();
        let actual = format!("exit {}\ntold {}\nreplayed {}\n", ran.code, told.join(" "), replayed.join(" "));
        if let Err(difference) = golden(format!("{case}.expected").as_ref(), &actual) {
            wrong.push_str(&difference);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn line_of(each: &str) -> u64 {
    let json: serde_json::Value = serde_json::from_str(each).unwrap();
    json["line"].as_u64().unwrap()
}

#[test]
fn files_that_are_none_are_refused_before_anything_is_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let flow = template("banking_fee_dispute");
    let talk = conversations("banking_fee_dispute");
    for bad in ["missing.conversations.jsonl", ".", "missing/deeper.jsonl"] {
        let ran = run(&["replay", text(&flow), text(&talk), bad, "--json", "--each"], folder.path(), b"").exits(2);
        assert_eq!(ran.out, "", "{bad}");
        run(&["preview", text(&flow), "--conversation", bad], folder.path(), b"").exits(2);
        run(&["check", bad], folder.path(), b"").exits(2);
        run(&["fmt", bad], folder.path(), b"").exits(2);
    }
    file(folder.path(), "nothing.jsonl", "");
    let ran = run(&["replay", text(&flow), "nothing.jsonl", "--json"], folder.path(), b"").exits(0);
    assert_eq!(
        (&ran.json()["conversations"], ran.err.trim()),
        (&0.into(), "no conversation was found in nothing.jsonl")
    );
    run(&["preview", text(&flow), "--conversation", "nothing.jsonl"], folder.path(), b"").exits(2);
    let absent = format!("{}#absent", talk.display());
    run(&["preview", text(&flow), "--conversation", &absent], folder.path(), b"").exits(2);
}

#[test]
fn a_file_in_utf_16_is_told_in_one_line_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let flow = template("banking_fee_dispute");
    let talk = conversations("banking_fee_dispute");
    let units = |text: String| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let lines = std::fs::read_to_string(&talk).unwrap();
    file(folder.path(), "wide.conversations.jsonl", units(format!("\u{feff}{lines}")));
    for arguments in [
        &["replay", text(&flow), "wide.conversations.jsonl", "--json"][..],
        &["replay", text(&flow), "wide.conversations.jsonl", "--json", "--cache", "kept"],
        &["conversations", "search", "wide.conversations.jsonl", "charge"],
        &["conversations", "audit", "wide.conversations.jsonl"],
        &["register", text(&flow), "--conversations", "wide.conversations.jsonl", "--json"],
    ] {
        let ran = run(arguments, folder.path(), b"").exits(1);
        let told = ran.err.lines().filter(|line| line.starts_with("wide.conversations.jsonl:1: ")).count();
        assert_eq!((told, ran.err.matches("UTF-16").count()), (1, 1), "{arguments:?}\n{}", ran.err);
        assert!(ran.err.contains("save it as UTF-8"), "{}", ran.err);
    }
    let tag = ["conversations", "tag", "wide.conversations.jsonl", "--add", "x", "--all"];
    let ran = run(&tag, folder.path(), b"").exits(2);
    assert!(ran.err.contains("UTF-16"), "{}", ran.err);
    // Beside others, which are replayed; and as the message says, an import reads it.
    let ran =
        run(&["replay", text(&flow), "wide.conversations.jsonl", text(&talk), "--json"], folder.path(), b"").exits(1);
    assert_eq!(ran.json()["conversations"], lines.lines().count());
    let import = ["conversations", "import", "wide.conversations.jsonl", "--out", "narrow.conversations.jsonl"];
    run(&import, folder.path(), b"").exits(0);
    run(&["replay", text(&flow), "narrow.conversations.jsonl"], folder.path(), b"");
}

#[test]
fn more_threads_than_a_computer_has_change_nothing() {
    let (flow, talk) = (template("banking_fee_dispute"), conversations("banking_fee_dispute"));
    let replayed = |threads: &str| {
        let mut json = handoff(&["replay", text(&flow), text(&talk), "--json", "--threads", threads]).json();
        json["seconds"] = 0.into();
        json
    };
    assert_eq!(replayed("4000000000"), replayed("1"));
}

#[test]
fn what_is_imported_says_no_more_than_what_was_not_understood() {
    let folder = tempfile::tempdir().unwrap();
    let row = format!("c,user,{}\n", "word ".repeat(200));
    file(folder.path(), "long.csv", format!("conversation,who,text\n{}", row.repeat(5_000)));
    let ran = run(&["conversations", "import", "long.csv", "--out", "long.conversations.jsonl"], folder.path(), b"");
    assert_eq!(ran.exits(0).err.lines().count(), 1, "how far it is is for a terminal");
}

#[test]
fn a_line_of_any_size_or_depth_is_read_or_told() {
    let folder = tempfile::tempdir().unwrap();
    let flow = template("banking_fee_dispute");
    let words = "why was I charged ".repeat(60_000);
    let lines = [
        format!(r#"{{"id":"long","turns":[{{"who":"user","text":"{words}","intent":"fee_dispute","sentiment":0}}]}}"#),
        format!(r#"{{"id":"deep","x":{}{},"turns":[]}}"#, "[".repeat(100_000), "]".repeat(100_000)),
        format!(r#"{{"id":"many","turns":[{}]}}"#, vec![r#"{"clock":1}"#; 100_000].join(",")),
        format!(r#"{{"id":"digits","turns":[{{"clock":{}}}]}}"#, "9".repeat(5_000)),
        r#"{"id":"exponent","turns":[{"clock":1e999999999},{"who":"user","confidence":1e-999999999}]}"#.to_owned(),
        r#"{"id":"last","turns":[]}"#.to_owned(),
    ];
    let path = file(folder.path(), "big.jsonl", lines.join("\n"));
    let ran = run(&["replay", text(&flow), text(&path), "--json", "--each"], folder.path(), b"").exits(1);
    let replayed: Vec<u64> = ran.out.lines().map(line_of).collect();
    assert!(replayed.starts_with(&[1, 3]) && replayed.ends_with(&[6]), "{replayed:?}\n{:.500}", ran.err);
}

#[test]
fn an_id_is_replayed_once_across_files() {
    let flow = template("banking_fee_dispute");
    let talk = conversations("banking_fee_dispute");
    let once = handoff(&["replay", text(&flow), text(&talk), "--json"]).exits(0).json();
    let twice = handoff(&["replay", text(&flow), text(&talk), text(&talk), "--json"]).exits(1).json();
    assert_eq!(once["conversations"], twice["conversations"]);
}
