//! Documents that are too big for a file of the repository.

use std::fmt::Write;

use super::documents::places;
use crate::handoff::{file, run, text};

fn flow(id: &str, nodes: &str) -> String {
    format!(r#"{{"format":"handoff-flow/1","id":"{id}","nodes":{{{nodes}}}}}"#)
}

#[test]
fn a_text_of_ten_megabytes() {
    let folder = tempfile::tempdir().unwrap();
    let long = "héllo \\\"there\\\" {x".repeat(600_000);
    let nodes = format!(
        r#""start":{{"kind":"start","next":"m"}},"m":{{"kind":"message","text":"{long}","next":"e"}},"e":{{"kind":"end","outcome":"x"}}"#
    );
    let path = file(folder.path(), "long.flow.json", flow("long", &nodes));
    let talk = file(folder.path(), "talk.jsonl", r#"{"id":"a","turns":[]}"#);
    run(&["check", "--json", text(&path)], folder.path(), b"");
    run(&["replay", "--json", text(&path), text(&talk)], folder.path(), b"");
    run(&["fmt", text(&path)], folder.path(), b"").exits(0);
    let once = std::fs::read(&path).unwrap();
    run(&["fmt", "--check", text(&path)], folder.path(), b"").exits(0);
    assert_eq!(once, std::fs::read(&path).unwrap());
    let title = format!(r#""start":{{"kind":"start","title":"{}"}}"#, "x".repeat(10_000_000));
    let path = file(folder.path(), "title.flow.json", flow("title", &title));
    run(&["check", "--json", text(&path)], folder.path(), b"").exits(0);
    let id = format!(r#""start":{{"kind":"start","next":"{}"}}"#, "x".repeat(10_000_000));
    let path = file(folder.path(), "id.flow.json", flow("id", &id));
    run(&["check", "--json", text(&path)], folder.path(), b"").exits(1);
    let condition = format!(
        r#""start":{{"kind":"start","next":"d"}},"d":{{"kind":"decision","branches":[{{"when":"text == '{}'","to":"e"}}],"else":"e"}},"e":{{"kind":"end","outcome":"x"}}"#,
        "x".repeat(10_000_000)
    );
    let path = file(folder.path(), "when.flow.json", flow("when", &condition));
    run(&["check", "--json", text(&path)], folder.path(), b"");
}

#[test]
fn a_hundred_thousand_nodes() {
    let folder = tempfile::tempdir().unwrap();
    let mut nodes = String::from(r#""start":{"kind":"start","next":"n0"}"#);
    for i in 0..100_000 {
        let next = if i == 99_999 { "e".to_owned() } else { format!("n{}", i + 1) };
        match i % 4 {
            0 => write!(
                nodes,
                r#","n{i}":{{"kind":"listen","branches":[{{"when":"confidence < 0.{i}","to":"e"}}],"else":"{next}"}}"#
            ),
            1 => write!(nodes, r#","n{i}":{{"kind":"message","text":"Number {i}","next":"{next}"}}"#),
            2 => write!(
                nodes,
                r#","n{i}":{{"kind":"decision","branches":[{{"when":"turn > {i}","to":"n{}"}}],"else":"{next}"}}"#,
                i / 2
            ),
            _ => write!(
                nodes,
                r#","n{i}":{{"kind":"ask","slot":"absent","prompt":"?","filled":"{next}","failed":"missing"}}"#
            ),
        }
        .unwrap();
    }
    nodes.push_str(r#","e":{"kind":"end","outcome":"x"}"#);
    let path = file(folder.path(), "many.flow.json", flow("many", &nodes));
    let ran = run(&["check", "--json", text(&path)], folder.path(), b"").exits(1);
    let missing = places(&ran).iter().filter(|p| p.starts_with("unknown-name error")).count();
    assert_eq!(missing, 50_000, "each slot and each port is told, not the first alone");
    let beyond = places(&ran).iter().filter(|p| p.starts_with("path-infeasible")).count();
    assert_eq!(beyond, 0, "of a slot that does not exist nothing else is claimed");
}

#[test]
fn nesting_ends_at_128_levels() {
    let folder = tempfile::tempdir().unwrap();
    // The document itself and the list's own levels count.
    let nested = |levels: usize| {
        let nodes = r#""start":{"kind":"start"}"#;
        let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        format!(r#"{{"format":"handoff-flow/1","id":"deep","nodes":{{{nodes}}},"x_deep":{deep}}}"#)
    };
    for (levels, exit) in [(127, 0), (128, 2), (129, 2), (1_000_000, 2)] {
        let path = file(folder.path(), "deep.flow.json", nested(levels));
        let ran = run(&["check", "--json", text(&path)], folder.path(), b"").exits(exit);
        assert_eq!(places(&ran).iter().any(|p| p.starts_with("not-json error 1:")), exit == 2, "{levels}");
        run(&["fmt", text(&path)], folder.path(), b"").exits(exit);
    }
    let open = file(folder.path(), "open.flow.json", "[{\"a\":".repeat(1_000_000));
    run(&["check", "--json", text(&open)], folder.path(), b"").exits(2);
}
