//! Texts that are code, markup or control characters somewhere else: they come through as they are, and break nothing.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::handoff::{below, file, run, text};

const TEXTS: [&str; 16] = [
    "<script>alert(\"x\")</script>",
    "\"quotes\" and 'more' and \"\"\"three\"\"\" and '''three'''",
    "back\\slash \\n \\u0041 / slash // */ -->",
    "emoji 😀 👩‍👩‍👧 🇬🇧",
    "שלום \u{202e}right to left\u{202c} مرحبا",
    "nul \u{0} bell \u{7} escape \u{1b}[31m del \u{7f} next \u{85} line \u{2028} paragraph \u{2029}",
    "two\nlines\r\nand\ttabs ",
    "{{braces}} and {% raw %} {# comment #} ${HOME} $(id) `id`",
    "%s %d %(name)s {0} \\0",
    "- yaml: [list, *anchor, &anchor, !!python/object:os.system] # comment",
    "--- \n...\n---",
    ": colon",
    "null",
    "1e5",
    "\u{feff}mark \u{fffd} \u{10ffff}",
    " leading and trailing ",
];

/// A valid flow with a text wherever people write one.
fn flow(texts: &[&str]) -> Value {
    let mut intents = serde_json::Map::new();
    let mut nodes = serde_json::Map::new();
    let mut branches = Vec::new();
    nodes.insert("start".into(), json!({ "kind": "start", "title": texts[0], "why": texts[0], "next": "m0" }));
    for (i, words) in texts.iter().enumerate() {
        let name: String = words.chars().filter(|c| !c.is_control()).take(100).collect();
        let name = format!("{}{i}", name.trim());
        intents.insert(name.clone(), json!({ "title": words, "examples": [words] }));
        branches.push(json!({ "when": format!("intent == {}", quoted(&name)), "to": "hand" }));
        branches.push(json!({ "when": format!("text == {}", quoted(words)), "to": "hand" }));
        let next = if i + 1 < texts.len() { format!("m{}", i + 1) } else { "main".to_owned() };
        let said = words.replace('{', "{{").replace('}', "}}");
        nodes.insert(
            format!("m{i}"),
            json!({ "kind": "message", "title": words, "why": words, "tags": [words], "text": said, "next": next }),
        );
    }
    nodes.insert("main".into(), json!({ "kind": "listen", "branches": branches, "else": "e" }));
    nodes.insert(
        "hand".into(),
        json!({ "kind": "handoff", "title": texts[0], "context": "all", "tier": "people", "max_wait": 60,
            "say": texts[1].replace('{', "{{").replace('}', "}}"),
            "resumed": "main", "resolved": "e", "timeout": "e", "closed": "e", "failed": "e" }),
    );
    nodes.insert("e".into(), json!({ "kind": "end", "outcome": "over" }));
    nodes.insert("aside".into(), json!({ "kind": "note", "text": texts.join(" ") }));
    json!({
        "format": "handoff-flow/1", "id": "hostile", "title": texts.join(" "), "description": texts.join("\n"), "owner": texts[0],
        "tags": texts, "intents": intents,
        "tiers": { "people": { "title": texts[0], "skills": texts } },
        "contexts": { "all": { "told": "all you said", "fields": { "words": { "from": "text" }, "intent": { "from": "intent" } } } },
        "nodes": nodes,
        "x_note": texts,
    })
}

/// A text as a literal of a condition.
fn quoted(words: &str) -> String {
    let mut out = String::from("\"");
    for c in words.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out + "\""
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "hostile.flow.json", flow(&TEXTS).to_string());
    let mut lines = String::new();
    for (i, words) in TEXTS.iter().enumerate() {
        let turns = json!([{ "who": "user", "text": words, "sentiment": 0 }, { "handoff": "sent", "ref": words }, { "agent": "accepted", "name": words }, { "who": "agent", "text": words }]);
        lines += &json!({ "id": format!("{words}{i}"), "customer": { "id": words }, "turns": turns }).to_string();
        lines.push('\n');
    }
    file(folder.path(), "hostile.conversations.jsonl", lines);
    folder
}

#[test]
fn hostile_texts_come_through_check_and_fmt_unchanged() {
    let folder = folder();
    let path = folder.path().join("hostile.flow.json");
    let ran = run(&["check", "--json", "hostile.flow.json"], folder.path(), b"");
    let json = ran.json();
    let errors: Vec<&Value> =
        json["flows"][0]["problems"].as_array().unwrap().iter().filter(|p| p["severity"] == "error").collect();
    assert_eq!(errors, Vec::<&Value>::new());
    let before: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    run(&["fmt", text(&path)], folder.path(), b"").exits(0);
    let bytes = std::fs::read(&path).unwrap();
    let after: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(before, after);
    let again = run(&["fmt", "-"], folder.path(), &bytes).exits(0);
    assert_eq!(again.out.as_bytes(), bytes);
}

#[test]
fn hostile_texts_come_through_preview_and_replay_unchanged() {
    let folder = folder();
    let ran =
        run(&["replay", "hostile.flow.json", "hostile.conversations.jsonl", "--each", "--json"], folder.path(), b"")
            .exits(0);
    assert_eq!(ran.out.lines().count(), TEXTS.len());
    for (i, line) in ran.out.lines().enumerate() {
        let each: Value = serde_json::from_str(line).unwrap();
        assert_eq!(each["outcome"]["kind"], "handoff", "{:?}: {line}", TEXTS[i]);
    }
    for (i, words) in TEXTS.iter().enumerate().filter(|(_, words)| !words.contains('\0')) {
        let named = format!("hostile.conversations.jsonl#{words}{i}");
        let ran =
            run(&["preview", "hostile.flow.json", "--conversation", &named, "--json"], folder.path(), b"").exits(0);
        let json = ran.json();
        let said: Vec<&Value> =
            json["steps"].as_array().unwrap().iter().flat_map(|s| s["said"].as_array().unwrap()).collect();
        for words in TEXTS {
            assert!(said.iter().any(|text| **text == words), "{words:?} is not said as it stands");
        }
        let handoff = &json["handoffs"][0];
        assert_eq!(handoff["envelope"]["payload"]["words"], *words);
        let body = &handoff["requests"]["zendesk"]["body"];
        let sent = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
        serde_json::from_str::<Value>(&sent).unwrap();
    }
}

/// Python that parses every file of an export.
const PARSE: &str = r#"
import ast, sys, pathlib
try:
    from ruamel.yaml import YAML
    load = YAML(typ="safe", pure=True).load
except ImportError:
    import yaml
    load = yaml.safe_load
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if path.suffix == ".py":
        ast.parse(path.read_text(encoding="utf-8"), str(path))
    elif path.suffix in (".yml", ".yaml"):
        load(path.read_text(encoding="utf-8"))
"#;

fn python() -> Option<&'static str> {
    let works = |name: &&str| {
        let import = "try:\n import ruamel.yaml\nexcept ImportError:\n import yaml";
        let mut command = Command::new(name);
        command.args(["-c", import]).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    ["python3", "python"].into_iter().find(works)
}

fn parses(folder: &Path) {
    let Some(python) = python() else {
        assert!(std::env::var_os("CI").is_none(), "CI needs a Python with PyYAML or ruamel.yaml");
        eprintln!("left out: no Python with a YAML reader, so the exported files are not parsed");
        return;
    };
    let output = Command::new(python).args(["-c", PARSE, text(folder)]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn hostile_texts_come_through_an_export_that_parses() {
    let folder = folder();
    run(&["export", "hostile.flow.json", "--to", "rasa", "--out", "all"], folder.path(), b"").exits(0);
    parses(&folder.path().join("all"));
    assert!(below(&folder.path().join("all")).len() > 8);
    for (i, words) in TEXTS.iter().enumerate() {
        let one = file(folder.path(), "one/hostile.flow.json", flow(&[words, words]).to_string());
        let out = folder.path().join(format!("one/out{i}"));
        run(&["export", text(&one), "--to", "rasa", "--out", text(&out)], folder.path(), b"").exits(0);
    }
    parses(&folder.path().join("one"));
}
