//! Documents as data: `cases/bad-input/<case>.flow.json`, and beside it in `<case>.expected` how each verb ends and every
//! fault of validity that `check` names, with its place. What the rules find has its cases in `tests/rules`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::handoff::{Ran, conversations, file, golden, handoff, root, run, template, text};

pub(super) fn cases() -> PathBuf {
    root().join("tests/cases/bad-input")
}

fn names(ending: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(cases())
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(ending).map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// Where a problem is, in one line.
fn place(problem: &Value) -> String {
    let word = |key: &str| problem[key].as_str().unwrap_or_default();
    let place = match (problem["line"].as_u64(), problem["span"].as_array()) {
        (Some(line), _) => format!("{line}:{}", problem["column"]),
        (None, Some(span)) => format!("{} {}-{}", word("path"), span[0], span[1]),
        (None, None) => word("path").to_owned(),
    };
    format!("{} {} {place}", word("code"), word("severity"))
}

pub(super) fn places(checked: &Ran) -> Vec<String> {
    let json = checked.json();
    let flows = json["flows"].as_array().unwrap();
    flows.iter().flat_map(|flow| flow["problems"].as_array().unwrap()).map(place).collect()
}

/// What every verb does with a document, and what `check` says about it.
fn verdict(document: &Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    let talk = conversations("banking_fee_dispute");
    let out = folder.path().join("out");
    let copy = file(folder.path(), "copy.flow.json", std::fs::read(document).unwrap());
    let (flow, talk, copy) = (text(document), text(&talk), text(&copy));
    let check = handoff(&["check", "--json", flow]);
    let ends = [
        ("check", check.code),
        ("preview", handoff(&["preview", flow, "--conversation", talk, "--json"]).code),
        ("replay", handoff(&["replay", flow, talk, "--json"]).code),
        ("export", handoff(&["export", flow, "--to", "rasa", "--out", text(&out)]).code),
        ("fmt", handoff(&["fmt", copy]).code),
    ];
    assert_eq!(out.exists(), ends[3].1 == 0, "{flow}: an export is there just when it went well");
    if ends[4].1 != 0 {
        assert_eq!(
            std::fs::read(copy).unwrap(),
            std::fs::read(document).unwrap(),
            "{flow}: fmt changed what it cannot read"
        );
    }
    let ends: Vec<String> = ends.iter().map(|(verb, code)| format!("{verb} {code}")).collect();
    let mut faults = places(&check);
    let told = |code: &str| code == "unknown-key" || flow_check::validity().any(|known| known == code);
    faults.retain(|place| place.split(' ').next().is_some_and(told));
    faults.insert(0, format!("exit {}", ends.join(", ")));
    faults.join("\n") + "\n"
}

#[test]
fn every_bad_document_is_told_whole() {
    let mut wrong = String::new();
    for case in names(".flow.json") {
        let actual = verdict(&cases().join(format!("{case}.flow.json")));
        if let Err(difference) = golden(&cases().join(format!("{case}.expected")), &actual) {
            wrong.push_str(&difference);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn no_file_is_without_its_case() {
    let expected: BTreeSet<String> = names(".expected").into_iter().collect();
    let cases: BTreeSet<String> = names(".flow.json").into_iter().chain(names(".conversations.jsonl")).collect();
    assert_eq!(expected, cases);
    assert_eq!(cases.len(), names(".flow.json").len() + names(".conversations.jsonl").len(), "a name is taken twice");
    let others = std::fs::read_dir(self::cases()).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name().to_string_lossy().into_owned();
        ![".expected", ".flow.json", ".conversations.jsonl"].iter().any(|ending| name.ends_with(ending))
    });
    assert_eq!(others.count(), 0);
}

#[test]
fn a_document_cut_anywhere_says_where_it_ends() {
    let whole = std::fs::read(template("banking_fee_dispute")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let cuts: Vec<usize> = (0..whole.len() - 1).step_by(50).collect();
    let mut arguments = vec!["check".to_owned(), "--json".to_owned()];
    for cut in &cuts {
        file(folder.path(), &format!("{cut}.flow.json"), &whole[..*cut]);
        arguments.push(format!("{cut}.flow.json"));
    }
    let ran = run(&arguments, folder.path(), b"").exits(2);
    let json = ran.json();
    for (cut, flow) in cuts.iter().zip(json["flows"].as_array().unwrap()) {
        assert_eq!(flow["ok"], false, "{cut}");
        let lines: Vec<&[u8]> = whole[..*cut].split(|byte| *byte == b'\n').collect();
        let faults: Vec<&Value> =
            flow["problems"].as_array().unwrap().iter().filter(|p| p["code"] == "not-json").collect();
        assert!(!faults.is_empty(), "{cut}: {flow}");
        for fault in faults {
            let (line, column) = (fault["line"].as_u64().unwrap(), fault["column"].as_u64().unwrap());
            let length = |line: u64| lines.get(usize::try_from(line).unwrap() - 1).map_or(0, |l| l.len());
            assert!(line >= 1 && line <= lines.len() as u64 && column >= 1, "{cut}: {fault}");
            assert!(column <= length(line) as u64 + 1, "{cut}: {fault}");
        }
    }
}

#[test]
fn several_documents_are_all_told_even_when_one_cannot_be_read() {
    let bad = cases().join("not-json.flow.json");
    let good = template("clinic_triage");
    let ran = handoff(&["check", "--json", text(&bad), "missing.flow.json", text(&good)]).exits(2);
    let json = ran.json();
    let ok: Vec<bool> = json["flows"].as_array().unwrap().iter().map(|f| f["ok"].as_bool().unwrap()).collect();
    assert_eq!(ok, [false, false, true]);
}

#[test]
fn flows_that_call_each_other_in_a_circle_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let flow = |id: &str, calls: &str| {
        let nodes = format!(
            r#""start":{{"kind":"start","next":"call"}},"call":{{"kind":"subflow","flow":"{calls}","else":"e"}},"e":{{"kind":"end","outcome":"x"}}"#
        );
        file(
            folder.path(),
            &format!("{id}.flow.json"),
            format!(r#"{{"format":"handoff-flow/1","id":"{id}","nodes":{{{nodes}}}}}"#),
        )
    };
    flow("itself", "itself");
    flow("one", "two");
    flow("two", "three");
    flow("three", "one");
    flow("lost", "nowhere");
    flow("broken", "not_json");
    file(folder.path(), "not_json.flow.json", "{");
    for level in 0..30 {
        flow(&format!("deep{level}"), &format!("deep{}", level + 1));
    }
    for (name, code) in [
        ("itself", "subflow-recursion"),
        ("one", "subflow-recursion"),
        ("lost", "subflow-missing"),
        ("broken", "subflow-missing"),
    ] {
        let path = format!("{name}.flow.json");
        let ran = run(&["check", "--json", &path], folder.path(), b"").exits(1);
        assert!(
            places(&ran).iter().any(|p| p.starts_with(&format!("{code} error /nodes/call"))),
            "{name}: {:?}",
            places(&ran)
        );
        file(folder.path(), "c.jsonl", r#"{"id":"a","turns":[]}"#);
        run(&["replay", &path, "c.jsonl"], folder.path(), b"").exits(1);
        run(&["preview", &path, "--conversation", "c.jsonl"], folder.path(), b"").exits(1);
    }
    let ran = run(&["check", "--json", "deep0.flow.json"], folder.path(), b"").exits(1);
    assert!(places(&ran).iter().any(|p| p.starts_with("subflow-")), "{:?}", places(&ran));
}
