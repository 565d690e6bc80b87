//! `conversations import`, `search`, `label`, `tag` and `audit` as a user of the command line meets them.

use serde_json::{Value, json};

use crate::handoff::{Ran, conversations, file, handoff, root, run, template, text};

fn case(name: &str) -> std::path::PathBuf {
    root().join("tests/cases/import").join(name)
}

fn import(arguments: &[&str]) -> Ran {
    let mut all = vec!["conversations", "import"];
    all.extend(arguments);
    handoff(&all)
}

#[test]
fn a_table_is_imported_corrected_and_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let table = case("csv-support-log.csv");
    let (out, mapping) = (folder.path().join("a.conversations.jsonl"), folder.path().join("m.json"));
    let ran = import(&[text(&table), "--out", text(&out), "--save-mapping", text(&mapping), "--json"]).exits(1);
    let report = ran.json();
    assert_eq!((report["conversations"].clone(), report["turns"].clone()), (json!(2), json!(7)));
    assert_eq!(report["unused"], json!({ "ltv": 7 }));
    let told: Vec<&Value> = report["notes"].as_array().unwrap().iter().map(|note| &note["line"]).collect();
    assert_eq!(told, [5, 8, 9]);
    assert!(ran.err.contains(":9: who: Supervisor: "), "{}", ran.err);
    // What was not understood is corrected in the mapping.
    let corrected =
        std::fs::read_to_string(&mapping).unwrap().replace("\"Supervisor\": \"report\"", "\"Supervisor\": \"agent\"");
    let corrected = corrected.replace(
        r#"{ "from": "tier","#,
        r#"{ "from": "ltv", "to": "customer.ltv", "as": "number" }, { "from": "tier","#,
    );
    std::fs::write(&mapping, corrected).unwrap();
    import(&[text(&table), "--out", text(&out), "--mapping", text(&mapping)]).exits(2);
    let ran = import(&[text(&table), "--out", text(&out), "--mapping", text(&mapping), "--force"]).exits(1);
    assert!(ran.out.contains("2 conversations with 8 turns of 7 rows; 2 things"), "{}", ran.out);
    let lines = std::fs::read_to_string(&out).unwrap();
    assert!(lines.contains(r#""customer":{"ltv":1200,"tier":"vip"}"#), "{lines}");
    let replayed = handoff(&["replay", text(&template("banking_fee_dispute")), text(&out), "--json"]).exits(0).json();
    assert_eq!((replayed["conversations"].clone(), replayed["outcomes"]["error"].clone()), (json!(2), json!(0)));
}

#[test]
fn a_mapping_is_shown_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let tickets = case("zendesk-tickets.json");
    let shown = import(&[text(&tickets), "--show-mapping"]).exits(0);
    let mapping = file(folder.path(), "m.json", &shown.out);
    let by_hand = import(&[text(&tickets), "--mapping", text(&mapping), "--out", "-"]).exits(0);
    let guessed = import(&[text(&tickets), "--out", "-"]).exits(0);
    assert_eq!(by_hand.out, guessed.out);
    assert_eq!(guessed.out.lines().count(), 2);
    let all = import(&[text(&tickets), "--show-mapping", "--json"]).exits(0).json();
    for key in ["reason", "mapping", "columns", "speakers", "calls", "conversations", "notes", "report"] {
        assert!(all.get(key).is_some(), "{key}");
    }
    let speakers = all["speakers"].as_array().unwrap();
    assert!(speakers.iter().any(|seen| seen["value"] == "internal note" && seen["means"] == "skip"), "{speakers:?}");
}

#[test]
fn a_pipe_is_imported_as_a_file_is() {
    let bytes = std::fs::read(case("rasa-tracker.json")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let piped = run(&["conversations", "import", "-", "--out", "-"], folder.path(), &bytes).exits(1);
    let named = import(&[text(&case("rasa-tracker.json")), "--out", "-"]).exits(1);
    assert_eq!(piped.out, named.out);
}

#[test]
fn wrong_use_is_told_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let words = file(folder.path(), "words.txt", "just a few words\n");
    for (arguments, told) in [
        (vec![text(&words), "--out", "x"], "--as KIND"),
        (vec!["missing.csv", "--out", "x"], "no such file"),
        (vec![text(&words), "--as", "fax", "--out", "x"], "possible values"),
        (vec![text(&words)], "--out"),
    ] {
        let mut all = vec!["conversations", "import"];
        all.extend(arguments);
        let ran = run(&all, folder.path(), b"").exits(2);
        assert!(ran.err.contains(told), "{}", ran.err);
        assert!(!folder.path().join("x").exists());
    }
    for (mapping, told) in [
        ("{", "line 1"),
        (r#"{"kind":"fax","columns":[]}"#, "fax"),
        (r#"{"kind":"csv","columns":[{"from":"a","to":"colour"}]}"#, "columns[0]: \"colour\""),
        (r#"{"kind":"csv","colums":[]}"#, "colums"),
        (r#"{"kind":"csv","columns":[],"delimiter":"x"}"#, "delimiter"),
    ] {
        let mapping = file(folder.path(), "m.json", mapping);
        let ran = import(&[text(&words), "--mapping", text(&mapping), "--out", "-"]).exits(2);
        assert!(ran.err.contains(told), "{}", ran.err);
    }
}

#[test]
fn conversations_are_found_tagged_and_labelled_in_their_file() {
    let folder = tempfile::tempdir().unwrap();
    let before = std::fs::read_to_string(conversations("banking_fee_dispute")).unwrap();
    let path = file(folder.path(), "a.conversations.jsonl", before.replace('\n', "\r\n"));
    let found = |query: &str| handoff(&["conversations", "search", text(&path), query, "--json"]);
    let all = found("turns>0").exits(0).json();
    let count = all["count"].as_u64().unwrap();
    assert_eq!(all["count"], all["conversations"]);
    found("no-such-word-anywhere").exits(1);
    assert!(found("has:wings").exits(2).err.contains("has:handoff"));
    let first = all["found"][0]["id"].as_str().unwrap().to_owned();
    handoff(&["conversations", "tag", text(&path), "--id", &first, "--add", "hard", "vip"]).exits(0);
    handoff(&["conversations", "tag", text(&path), "--where", "tag:hard", "--remove", "vip"]).exits(0);
    let tagged = found("tag:hard").exits(0).json();
    assert_eq!((tagged["count"].clone(), tagged["found"][0]["tags"].clone()), (json!(1), json!(["hard"])));
    found("tag:vip").exits(1);
    let others = handoff(&["conversations", "search", text(&path), "--json", "--", "-tag:hard"]).exits(0).json();
    assert_eq!(others["count"].as_u64(), Some(count - 1));
    handoff(&["conversations", "label", text(&path), "--id", &first, "--handoff", "no", "--label", "reviewed=true"])
        .exits(0);
    assert_eq!(found("label:reviewed=true").exits(0).json()["count"], 1);
    // Only the one line is another.
    let after = std::fs::read_to_string(&path).unwrap();
    assert_eq!(after.matches("\r\n").count(), before.lines().count());
    let same = after.lines().zip(before.lines()).filter(|(a, b)| a == b).count() as u64;
    assert_eq!(same, count - 1);
    handoff(&["conversations", "label", text(&path), "--id", "nobody", "--clear"]).exits(1);
    handoff(&["conversations", "label", text(&path), "--id", &first]).exits(2);
    handoff(&["conversations", "label", text(&path), "--all", "--expect", r#"{"hand":1}"#]).exits(2);
    handoff(&["conversations", "label", text(&path), "--all", "--handoff", "yes"]).exits(0);
    let audit = handoff(&["conversations", "audit", text(&path), "--json"]).exits(0).json();
    assert_eq!((audit["labelled"].as_u64(), audit["expected"].as_u64()), (Some(count), Some(count)));
}

/// What a preview writes as a vCon comes back with the same words of the same sides, and with its request.
#[test]
fn a_vcon_of_a_preview_is_imported_again() {
    let folder = tempfile::tempdir().unwrap();
    let vcon = folder.path().join("talk.vcon.json");
    let talks = std::fs::read_to_string(conversations("banking_fee_dispute")).unwrap();
    let talk: Value = serde_json::from_str(talks.lines().next().unwrap()).unwrap();
    let named = format!("{}#{}", conversations("banking_fee_dispute").display(), talk["id"].as_str().unwrap());
    let flow = template("banking_fee_dispute");
    handoff(&["preview", text(&flow), "--conversation", &named, "--vcon", text(&vcon)]).exits(0);
    let ran = import(&[text(&vcon), "--out", "-"]).exits(0);
    let back: Value = serde_json::from_str(ran.out.trim()).unwrap();
    let said = |talk: &Value, who: &str| -> Vec<Value> {
        let turns = talk["turns"].as_array().unwrap();
        turns.iter().filter(|turn| turn["who"] == who).map(|turn| turn["text"].clone()).collect()
    };
    assert!(!said(&talk, "user").is_empty() && !said(&talk, "agent").is_empty());
    for who in ["user", "agent"] {
        assert_eq!(said(&back, who), said(&talk, who), "{who}");
    }
    let turns = back["turns"].as_array().unwrap();
    assert!(turns.iter().any(|turn| turn["handoff"] == "sent"), "{back}");
    assert_eq!(back["start"], talk["start"]);
    assert!(turns.iter().all(|turn| turn["t"].as_f64().unwrap() >= 0.0), "{back}");
}
