//! `register`, `copy` and `publish`.

use super::{has, list, word};
use crate::handoff::{TEMPLATES, conversations, file, golden, handoff, root, run, template, text};

#[test]
fn registers_of_the_templates_are_as_before() {
    let mut wrong = Vec::new();
    for name in TEMPLATES {
        let csv = handoff(&["register", text(&template(name)), "--csv"]).exits(0).out;
        let expected = root().join(format!("tests/golden/register/{name}.csv"));
        wrong.extend(golden(&expected, &csv).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn registers_have_the_shape_of_the_format() {
    let folder = tempfile::tempdir().unwrap();
    for name in TEMPLATES {
        let flow = template(name);
        let json = handoff(&["register", text(&flow), "--json"]).exits(0).json();
        has(&json, &["flow", "title", "rows"]);
        for row in list(&json["rows"]) {
            has(row, &["node", "way", "reason", "tier", "priority", "hours", "hears", "fields", "fallback", "tests"]);
            assert!(!word(&row["reason"]).is_empty());
        }
        let page = folder.path().join("register.html");
        handoff(&["register", text(&flow), "--html", text(&page)]).exits(0);
        let written = std::fs::read_to_string(&page).unwrap();
        assert!(written.starts_with("<!DOCTYPE html>"));
        std::fs::remove_file(&page).unwrap();
        // The page and the JSON at once, unless the page goes where the JSON would.
        let both = handoff(&["register", text(&flow), "--html", text(&page), "--json"]).exits(0).json();
        assert_eq!((both, std::fs::read_to_string(&page).unwrap()), (json, written.clone()));
        assert_eq!(handoff(&["register", text(&flow), "--html", "-", "--json"]).exits(0).out, written);
    }
}

#[test]
fn registers_of_flows_that_are_not_valid_are_printed_and_fall_short() {
    let folder = tempfile::tempdir().unwrap();
    let flow = r#"{"format": "handoff-flow/1", "id": "f", "triggers": {"t": {"when": "oops <", "to": "p"}},
        "nodes": {"p": {"kind": "handoff", "context": "c", "tier": "t"}}}"#;
    let path = file(folder.path(), "f.flow.json", flow);
    let ran = handoff(&["register", text(&path), "--json"]).exits(1);
    assert_eq!(list(&ran.json()["rows"]).len(), 1);
    assert!(ran.err.contains("no-start"), "{}", ran.err);
    handoff(&["register", text(&file(folder.path(), "g.flow.json", "{"))]).exits(2);
    handoff(&["register", "nowhere.flow.json"]).exits(2);
}

#[test]
fn words_go_out_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let flow = folder.path().join("banking_fee_dispute.flow.json");
    std::fs::copy(template("banking_fee_dispute"), &flow).unwrap();
    let before = std::fs::read_to_string(&flow).unwrap();
    for name in ["deck.csv", "deck.xlsx"] {
        let deck = folder.path().join(name);
        handoff(&["copy", text(&flow), "--out", text(&deck)]).exits(0);
        let json = handoff(&["copy", text(&flow), "--in", text(&deck), "--write", "--json"]).exits(0).json();
        assert_eq!(json["changes"], serde_json::json!([]), "{name}");
    }
    assert_eq!(std::fs::read_to_string(&flow).unwrap(), before, "nothing was written");
    let deck = folder.path().join("deck.csv");
    let words = std::fs::read_to_string(&deck).unwrap();
    // The first time is the text, the second the original.
    let words = words.replacen("\"Hi, what can I help with?\"", "\"Hello {const.unsure}\"", 1);
    let words = words.replacen("Bringing in a specialist.", "A specialist is on the way.", 1);
    std::fs::write(&deck, &words).unwrap();
    let ran = handoff(&["copy", text(&flow), "--in", text(&deck), "--write", "--json"]).exits(1);
    let json = ran.json();
    let told: Vec<(&str, bool)> =
        list(&json["changes"]).iter().map(|c| (word(&c["id"]), c["applied"].as_bool().unwrap())).collect();
    assert_eq!(told, [("/nodes/greet/text", false), ("/nodes/to_vip/say", true)]);
    assert_eq!(json["changes"][0]["troubles"][0]["code"], "placeholders");
    let after = std::fs::read_to_string(&flow).unwrap();
    assert_eq!(after, before.replace("Bringing in a specialist.", "A specialist is on the way."));
    let taken = ["copy", text(&flow), "--in", text(&deck), "--write", "--take", "/nodes/greet/text"];
    handoff(&taken).exits(0);
    assert!(std::fs::read_to_string(&flow).unwrap().contains("Hello {const.unsure}"));
    handoff(&["copy", text(&flow), "--in", text(&deck), "--take", "/nowhere"]).exits(2);
    handoff(&["copy", text(&flow), "--in", "nowhere.csv"]).exits(2);
    handoff(&["copy", text(&flow), "--out", text(&folder.path().join("deck.docx"))]).exits(2);
}

#[test]
fn no_output_replaces_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let flow = folder.path().join("banking_fee_dispute.flow.json");
    let talk = folder.path().join("talk.jsonl");
    std::fs::copy(template("banking_fee_dispute"), &flow).unwrap();
    std::fs::copy(conversations("banking_fee_dispute"), &talk).unwrap();
    let before = (std::fs::read(&flow).unwrap(), std::fs::read(&talk).unwrap());
    let (f, t, other) = (text(&flow), text(&talk), folder.path().join("other.flow.json"));
    let to = folder.path().join("out");
    for arguments in [
        vec!["register", f, "--html", f],
        vec!["register", f, "--html", t, "--conversations", t],
        vec!["register", f, "--html", text(&other)],
        vec!["publish", f, "--html", f],
        vec!["publish", f, "--html", t, "--conversations", t],
        vec!["preview", f, "--conversation", t, "--vcon", f],
        vec!["preview", f, "--conversation", t, "--vcon", t],
        vec!["export", f, "--to", "rasa", "--out", text(&to), "--conversations", t, "--certificate", f],
        vec!["export", f, "--to", "rasa", "--out", text(&to), "--conversations", t, "--cases", t],
        vec!["conversations", "import", t, "--out", t, "--force"],
        vec!["conversations", "import", t, "--out", text(&to), "--save-mapping", t],
        vec!["preview", "-", "--conversation", "-"],
        vec!["replay", "-", "-"],
        vec!["replay", f, "-", "--against", "-"],
    ] {
        handoff(&arguments).exits(2);
    }
    assert_eq!((std::fs::read(&flow).unwrap(), std::fs::read(&talk).unwrap()), before);
    assert!(!other.exists() && !to.exists());
}

#[test]
fn odd_lines_of_conversations_are_told_and_fall_short() {
    let folder = tempfile::tempdir().unwrap();
    let talk = folder.path().join("talk.jsonl");
    let line = r#"{"id":"a","turns":[{"who":"user","text":"x"}]}"#;
    std::fs::write(&talk, format!("{line}\n{line}\nodd\n")).unwrap();
    let flow = template("banking_fee_dispute");
    let page = folder.path().join("page.html");
    let ran =
        handoff(&["publish", text(&flow), "--html", text(&page), "--conversations", text(&talk), "--json"]).exits(1);
    assert_eq!(ran.json()["conversations"], 1);
    assert!(ran.err.contains(":2: the id a was seen before") && ran.err.contains(":3: it is not JSON"), "{}", ran.err);
    handoff(&["register", text(&flow), "--conversations", text(&talk)]).exits(1);
}

#[test]
fn pages_keep_back_what_envelopes_keep_back() {
    let folder = tempfile::tempdir().unwrap();
    let flow = r#"{"format": "handoff-flow/1", "id": "f", "classes": {"pii": {"redact": "drop"}}, "intents": {"hum": {}},
        "slots": {"acct": {"type": "text", "entity": "acct", "class": "pii"}}, "tiers": {"t": {}},
        "contexts": {"c": {"summary": "it is {slots.acct}", "fields": {"said": {"from": "transcript.all()"}}}},
        "nodes": {"start": {"kind": "start", "next": "a"}, "a": {"kind": "ask", "slot": "acct", "prompt": "Which account?", "filled": "b", "failed": "b"},
          "b": {"kind": "message", "text": "So {slots.acct}. And your date of birth?", "next": "l"},
          "l": {"kind": "listen", "else": "h"}, "h": {"kind": "handoff", "context": "c", "tier": "t"}}}"#;
    let talk = r#"{"id":"jane@example.com","turns":[{"who":"user","text":"it is qx-99-17-alpha","entities":{"acct":"QX-99-17-ALPHA"}},
        {"who":"user","text":"12/03/1984","intent":"hum"},{"agent":"accepted","name":"Kim"},{"who":"agent","text":"QX99 17 ALPHA, right?"}]}"#;
    let flow = file(folder.path(), "f.flow.json", flow);
    let talk = file(folder.path(), "t.jsonl", talk.replace('\n', ""));
    let ran = handoff(&["publish", text(&flow), "--html", "-", "--conversations", text(&talk)]).exits(0);
    for secret in ["alpha", "jane@", "1984"] {
        assert!(!ran.out.to_lowercase().contains(secret), "{secret}");
    }
    assert!(ran.out.contains("[left out]"));
}

#[test]
fn i3_pages_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for name in TEMPLATES {
        let flow = template(name);
        let samples = conversations(name);
        let made = |path: &str| {
            let page = folder.path().join(path);
            let ran =
                handoff(&["publish", text(&flow), "--html", text(&page), "--conversations", text(&samples), "--json"]);
            let json = ran.exits(0).json();
            has(&json, &["file", "revision", "bytes", "conversations"]);
            std::fs::read_to_string(page).unwrap()
        };
        let one = made("one.html");
        assert_eq!(one, made("two.html"), "{name}");
        let printed =
            run(&["publish", text(&flow), "--html", "-", "--conversations", text(&samples)], folder.path(), b"");
        assert_eq!(printed.exits(0).out, one, "{name}");
    }
}

#[test]
fn pages_of_flows_that_are_not_valid_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "f.flow.json", r#"{"format": "handoff-flow/1", "id": "f", "nodes": {}}"#);
    let page = folder.path().join("page.html");
    handoff(&["publish", text(&path), "--html", text(&page)]).exits(1);
    assert!(!page.exists());
}
