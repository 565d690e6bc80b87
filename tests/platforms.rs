//! What `check --for` says of each platform: the flows of `tests/platforms` and, in the folder of each platform, its findings.

use std::fmt::Write;

use flow_export::{CAPABILITIES, FEATURES, PLATFORMS, uses};

use crate::handoff::{file, golden, handoff, root, text};

const FLOWS: [&str; 3] = ["everything", "plain", "vanish"];

fn flow(name: &str) -> std::path::PathBuf {
    root().join(format!("tests/platforms/{name}.flow.json"))
}

/// The findings for a platform, a line each.
fn findings(name: &str, platform: &str) -> String {
    let json = handoff(&["check", text(&flow(name)), "--for", platform, "--json"]).exits(0).json();
    let mut lines = String::new();
    for problem in json["flows"][0]["problems"].as_array().unwrap() {
        let part = |key: &str| problem[key].as_str().unwrap_or("");
        if ["not-native", "by-hand", "lost-on-platform"].contains(&part("code")) {
            let severity = if part("code") == "lost-on-platform" { "warning" } else { "info" };
            assert_eq!(part("severity"), severity, "{problem}");
            let node = part("path").strip_prefix("/nodes/").and_then(|rest| rest.split('/').next());
            assert_eq!(problem["node"].as_str(), node, "{problem}");
            writeln!(lines, "{} {} {}", part("code"), part("path"), part("message")).unwrap();
        }
    }
    lines
}

#[test]
fn each_platform_says_before_an_export_what_it_cannot_say() {
    let mut wrong = String::new();
    for platform in CAPABILITIES {
        for name in FLOWS {
            let expected = root().join(format!("tests/platforms/{}/{name}.txt", platform.id));
            std::fs::create_dir_all(expected.parent().unwrap()).unwrap();
            if let Err(difference) = golden(&expected, &findings(name, platform.id)) {
                wrong.push_str(&difference);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_flows_use_every_feature() {
    let mut used = Vec::new();
    for name in FLOWS {
        let read = flow_model::document::read_bytes(&std::fs::read(flow(name)).unwrap()).unwrap();
        for found in uses(&read.flow) {
            let there = read.tree.at(&flow_model::tree::steps(&found.path)).is_some();
            assert!(there, "{found:?} points at nothing");
            used.push(found.feature);
        }
    }
    let missing: Vec<_> = FEATURES.iter().filter(|feature| !used.contains(feature)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn tables_answer_in_full_sentences_parts() {
    for platform in CAPABILITIES {
        for feature in FEATURES {
            let carried = (platform.carries)(*feature);
            let told = (!carried.written.is_empty(), !carried.why.is_empty());
            assert_eq!(told, (true, carried.how != flow_export::How::Native), "{} {feature:?}", platform.id);
            assert!(!carried.written.ends_with('.') && !carried.why.ends_with('.'), "{} {feature:?}", platform.id);
        }
    }
}

#[test]
fn an_export_that_is_not_built_is_refused_and_not_offered() {
    let folder = tempfile::tempdir().unwrap();
    for platform in CAPABILITIES {
        let built = PLATFORMS.iter().any(|built| built.id() == platform.id);
        let out = folder.path().join(platform.id);
        let ran = handoff(&["export", text(&flow("everything")), "--to", platform.id, "--out", text(&out)]);
        let ran = ran.exits(if built { 0 } else { 2 });
        if !built {
            assert!(ran.err.contains("not built yet"), "{}", ran.err);
            assert!(!out.exists(), "{} wrote something", platform.id);
        }
    }
    handoff(&["check", text(&flow("plain")), "--for", "nowhere"]).exits(2);
}

#[test]
fn the_document_chooses_the_severities() {
    let folder = tempfile::tempdir().unwrap();
    let plain = std::fs::read_to_string(flow("everything")).unwrap();
    let checks = r#""checks": { "not-native": "off", "lost-on-platform": "error" }, "nodes""#;
    let path = file(folder.path(), "everything.flow.json", plain.replacen("\"nodes\"", checks, 1));
    let help = std::fs::read(root().join("tests/platforms/everything_help.flow.json")).unwrap();
    file(folder.path(), "everything_help.flow.json", help);
    handoff(&["check", text(&path)]).exits(0);
    let json = handoff(&["check", text(&path), "--for", "amazon-lex", "--json"]).exits(1).json();
    let problems = json["flows"][0]["problems"].as_array().unwrap();
    let severity = |code: &str| problems.iter().find(|p| p["code"] == code).map(|p| p["severity"].as_str().unwrap());
    assert_eq!(severity("not-native"), None);
    assert_eq!(severity("by-hand"), Some("info"));
    assert_eq!(severity("lost-on-platform"), Some("error"));
}
