//! `check`, `explain`, `fmt`, `schema`, `completions`.

use super::{has, keys, list, word};
use crate::handoff::{TEMPLATES, file, handoff, run, template, text};

#[test]
fn templates_are_clean() {
    for name in TEMPLATES {
        let ran = handoff(&["check", "--json", text(&template(name))]).exits(0);
        let json = ran.json();
        let flow = &json["flows"][0];
        assert_eq!((flow["id"].as_str(), flow["ok"].as_bool()), (Some(name), Some(true)));
        for problem in list(&flow["problems"]) {
            assert_eq!(problem["severity"], "info", "{name}: {problem}");
        }
    }
}

#[test]
fn problems_have_the_shape_of_the_format() {
    let folder = tempfile::tempdir().unwrap();
    let nodes = r#"{"start":{"kind":"start","next":"m"},
        "m":{"kind":"listen","branches":[{"when":"confidence < 0.5","to":"e"},{"when":"intent == \"é😀\" && nope","to":"e"}]},
        "lost":{"kind":"message","text":"x","next":"e"},
        "e":{"kind":"end","outcome":"o"}}"#;
    let flow = format!(r#"{{"format":"handoff-flow/1","id":"x","intents":{{"é😀":{{}}}},"nodes":{nodes}}}"#);
    let path = file(folder.path(), "x.flow.json", flow);
    let ran = handoff(&["check", "--json", text(&path)]).exits(1);
    let json = ran.json();
    let flow = &json["flows"][0];
    has(flow, &["file", "id", "ok", "problems"]);
    assert_eq!(word(&flow["file"]), text(&path));
    let known = [
        "code",
        "severity",
        "node",
        "trigger",
        "path",
        "span",
        "line",
        "column",
        "message",
        "witness",
        "path_to_it",
        "id",
        "fix",
    ];
    for problem in list(&flow["problems"]) {
        has(problem, &["code", "severity", "path", "message"]);
        assert!(keys(problem).iter().all(|key| known.contains(key)), "{problem}");
        assert!(["error", "warning", "info"].contains(&word(&problem["severity"])));
        if let Some(fix) = problem.get("fix") {
            has(fix, &["title", "diff"]);
        }
        let page = handoff(&["explain", word(&problem["code"])]).exits(0);
        assert!(page.out.starts_with(&format!("# {}", word(&problem["code"]))), "{}", page.out);
    }
    let unknown = list(&flow["problems"]).iter().find(|p| p["code"] == "unknown-name").unwrap();
    // UTF-16 units: the emoji counts two.
    assert_eq!((word(&unknown["path"]), &unknown["span"]), ("/nodes/m/branches/1/when", &serde_json::json!([19, 23])));
    let lost = list(&flow["problems"]).iter().find(|p| p["code"] == "node-unreachable").unwrap();
    assert_eq!(word(&lost["node"]), "lost");
}

#[test]
fn a_witness_is_a_case_with_values_of_json() {
    let folder = tempfile::tempdir().unwrap();
    let nodes = r#"{"start":{"kind":"start","next":"m"},"m":{"kind":"listen","branches":[{"when":"confidence < 0.5","to":"e"},
        {"when":"confidence > 0.5","to":"e"}]},"e":{"kind":"end","outcome":"o"}}"#;
    let path = file(folder.path(), "x.flow.json", format!(r#"{{"format":"handoff-flow/1","id":"x","nodes":{nodes}}}"#));
    let json = handoff(&["check", "--json", text(&path)]).exits(1).json();
    let gap = list(&json["flows"][0]["problems"]).iter().find(|p| p["code"] == "branch-gap").unwrap();
    let value = &gap["witness"]["confidence"];
    assert!(value.is_null() || value.as_f64() == Some(0.5), "{gap}");
}

#[test]
fn fmt_writes_in_place_filters_and_checks() {
    let folder = tempfile::tempdir().unwrap();
    for name in TEMPLATES {
        let canonical = std::fs::read_to_string(template(name)).unwrap();
        let loose: serde_json::Value = serde_json::from_str(&canonical).unwrap();
        let path = file(folder.path(), &format!("{name}.flow.json"), loose.to_string());
        handoff(&["fmt", "--check", text(&path)]).exits(1);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), loose.to_string());
        let filtered = run(&["fmt", "-"], folder.path(), loose.to_string().as_bytes()).exits(0);
        assert_eq!(filtered.out, canonical);
        handoff(&["fmt", text(&path)]).exits(0);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), canonical);
        handoff(&["fmt", "--check", text(&path)]).exits(0);
    }
}

#[test]
fn check_reads_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let flow = std::fs::read(template("commerce_vip")).unwrap();
    let json = run(&["check", "-", "--json"], folder.path(), &flow).exits(0).json();
    assert_eq!(json["flows"][0]["id"], "commerce_vip");
}

#[test]
fn fixes_are_applied_and_leave_nothing_to_fix() {
    let folder = tempfile::tempdir().unwrap();
    let nodes = r#"{"start":{"kind":"start","next":"m"},"m":{"kind":"listen","branches":[{"when":"turn > 0","to":"e"},{"when":"turn > 0","to":"e"}],"else":"e"},"e":{"kind":"end","outcome":"o"}}"#;
    let path = file(
        folder.path(),
        "x.flow.json",
        format!(
            r#"{{"format":"handoff-flow/1","id":"x","signals":{{"extra":{{"type":"bool","source":"crm"}}}},"nodes":{nodes}}}"#
        ),
    );
    let before = handoff(&["check", "--json", text(&path)]).json();
    let fixes = |json: &serde_json::Value| {
        list(&json["flows"][0]["problems"]).iter().filter(|p| p.get("fix").is_some()).count()
    };
    assert!(fixes(&before) > 0, "{before}");
    handoff(&["check", "--fix", text(&path)]);
    let after = handoff(&["check", "--json", text(&path)]).json();
    assert_eq!(fixes(&after), 0, "{after}");
    handoff(&["fmt", "--check", text(&path)]).exits(0);
}

#[test]
fn explain_schema_and_completions() {
    let json = handoff(&["explain", "branch-gap", "--json"]).exits(0).json();
    has(&json, &["code", "severity", "page"]);
    handoff(&["explain", "no-such-code"]).exits(2);
    let schema = handoff(&["schema"]).exits(0).json();
    has(&schema, &["$schema", "properties"]);
    for shell in ["bash", "zsh", "fish", "powershell"] {
        assert!(handoff(&["completions", shell]).exits(0).out.contains("handoff"));
    }
}
