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
    assert_eq!(handoff(&["schema", "--json"]).exits(0).json(), schema);
    for shell in ["bash", "zsh", "fish", "powershell"] {
        assert!(handoff(&["completions", shell]).exits(0).out.contains("handoff"));
    }
}

#[test]
fn a_called_flow_leaves_the_way_to_a_person_to_its_caller() {
    let folder = tempfile::tempdir().unwrap();
    let called = r#"{"format":"handoff-flow/1","id":"called","nodes":{"start":{"kind":"start","next":"main"},
        "main":{"kind":"listen","else":"done"},"done":{"kind":"end","outcome":"done"}}}"#;
    let caller = r#"{"format":"handoff-flow/1","id":"caller","tiers":{"t":{"title":"T"}},"contexts":{"c":{}},
        "intents":{"person":{"title":"A person","examples":["a person"]}},
        "triggers":{"asked":{"when":"intent == \"person\"","to":"h"}},
        "nodes":{"start":{"kind":"start","next":"sub"},"sub":{"kind":"subflow","flow":"called","else":"done"},
        "h":{"kind":"handoff","context":"c","tier":"t","say":"One moment.","resumed":"done","resolved":"done",
        "escalated":"h","timeout":"done","closed":"done","failed":"done","max_wait":600},
        "done":{"kind":"end","outcome":"done"}}}"#;
    let called = file(folder.path(), "called.flow.json", called);
    let caller = file(folder.path(), "caller.flow.json", caller);
    let told = |flow: &serde_json::Value| list(&flow["problems"]).iter().any(|p| p["code"] == "no-way-to-a-person");
    let alone = handoff(&["check", "--json", text(&called)]).exits(1).json();
    assert!(told(&alone["flows"][0]));
    let both = handoff(&["check", "--json", text(&caller), text(&called)]);
    assert!(both.json()["flows"].as_array().unwrap().iter().all(|flow| !told(flow)), "{:#}", both.json());
}

#[test]
fn findings_keep_their_ids_and_edges_that_no_values_take_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let flow = r#"{"format":"handoff-flow/1","id":"x","nodes":{"start":{"kind":"start","next":"m"},
        "m":{"kind":"listen","branches":[{"when":"confidence < 0.5","to":"d"}],"else":"e"},
        "d":{"kind":"decision","branches":[{"when":"confidence > 0.6","to":"far"}],"else":"e"},
        "far":{"kind":"message","text":"x","next":"e"},"e":{"kind":"end","outcome":"o"}}}"#;
    let read = |flow: &str| {
        let path = file(folder.path(), "x.flow.json", flow);
        handoff(&["check", "--json", text(&path)]).exits(1).json()["flows"][0].clone()
    };
    let found = read(flow);
    assert_eq!(found["infeasible"][0], serde_json::json!({ "node": "d", "port": "branches[0]" }), "{found:#}");
    let ids = |found: &serde_json::Value| -> Vec<String> {
        list(&found["problems"]).iter().map(|problem| word(&problem["id"]).to_owned()).collect()
    };
    let first = ids(&found);
    let different: std::collections::BTreeSet<&String> = first.iter().collect();
    assert_eq!(different.len(), first.len());
    let moved = flow.replace(
        "\"m\":{\"kind\":\"listen\",",
        "\"n\":{\"kind\":\"note\",\"text\":\"n\"},\"m\":{\"kind\":\"listen\",  ",
    );
    assert_eq!(ids(&read(&moved)), first);
}
