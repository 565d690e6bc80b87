//! `import`: projects of other tools.

use std::path::Path;

use super::{has, list};
use crate::handoff::{Ran, file, handoff, run, text};

const CHART: &str = "graph TD\n  A[Hello] --> B{Really?}\n  B -->|yes| C[Done]\n";
const ROWS: &str = "id,text,next\nhello,Hello,over\nover,Good bye,\n";

fn imported(arguments: &[&str], input: &str) -> Ran {
    let all: Vec<&str> = std::iter::once("import").chain(arguments.iter().copied()).collect();
    run(&all, Path::new("."), input.as_bytes())
}

#[test]
fn an_import_has_the_shape_of_the_format_and_says_what_it_did_not_understand() {
    let folder = tempfile::tempdir().unwrap();
    let (chart, out) = (file(folder.path(), "chart.mmd", CHART), folder.path().join("chart.flow.json"));
    let json = imported(&[text(&chart), "--out", text(&out), "--json"], "").exits(1).json();
    has(&json, &["format", "flow", "id", "cards", "notes", "tally", "stuck", "check"]);
    assert_eq!((json["format"].as_str(), json["id"].as_str()), (Some("mermaid"), Some("chart")));
    for note in list(&json["notes"]) {
        has(note, &["code", "file", "pointer", "what", "kept", "understood"]);
    }
    assert!(list(&json["notes"]).iter().any(|note| note["understood"] == false));
    let written = std::fs::read_to_string(&out).unwrap();
    handoff(&["fmt", "--check", text(&out)]).exits(0);
    // What is there stays, unless it is to be replaced.
    imported(&[text(&chart), "--out", text(&out)], "").exits(2);
    imported(&[text(&chart), "--out", text(&out), "--force"], "").exits(1);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), written);
    assert_eq!(imported(&[text(&chart), "--out", "-"], "").exits(1).out, written);
}

#[test]
fn a_flow_may_be_written_to_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let (rows, out) = (file(folder.path(), "rows.csv", ROWS), folder.path().join("rows.json"));
    let ran = imported(&[text(&rows), "--out", text(&out)], "");
    assert!(ran.code < 2 && ran.err.contains("ends in .flow.json"), "{}", ran.err);
    handoff(&["fmt", "--check", text(&out)]).exits(0);
}

#[test]
fn a_project_may_come_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("imported.flow.json");
    for (name, content) in [("imported.mmd", CHART), ("imported.csv", ROWS)] {
        let named = imported(&[text(&file(folder.path(), name, content)), "--out", "-"], "");
        assert_eq!(imported(&["-", "--out", "-"], content).exits(named.code).out, named.out, "{name}");
        imported(&["-", "--out", text(&out), "--force"], content).exits(named.code);
        assert_eq!(std::fs::read_to_string(&out).unwrap(), named.out, "{name}");
    }
    let told = imported(&["-", "--from", "mermaid", "--out", "-"], &format!("A --> B\n{CHART}"));
    assert!(told.out.contains("Hello"), "{}{}", told.out, told.err);
}

#[test]
fn what_is_no_project_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("x.flow.json");
    for path in [folder.path().join("nothing"), folder.path().to_path_buf(), file(folder.path(), "x.bin", b"\0\x01")] {
        imported(&[text(&path), "--out", text(&out)], "").exits(2);
    }
    for input in ["", "{}", "[1]", "<", "PK\u{3}\u{4}", "one line"] {
        let ran = imported(&["-", "--out", text(&out)], input).exits(2);
        assert!(!ran.err.is_empty() && ran.out.is_empty(), "{input:?}");
    }
    imported(&["-", "--from", "nope", "--out", text(&out)], CHART).exits(2);
    imported(&["-"], CHART).exits(2);
    assert!(!out.exists());
}
