//! What a rule finds can be shown as a conversation, and what cannot happen is not.

use std::path::{Path, PathBuf};

use flow_check::{check, valid};
use flow_conditions::value::Value;
use flow_model::document;
use flow_model::problem::Problem;
use flow_run::drive::{Goal, drive};

fn case(problem: &Problem) -> Vec<(String, Option<Value>)> {
    let witness = problem.witness.iter().flatten();
    witness.map(|(name, value)| (name.clone(), flow_model::flow::value(value))).collect()
}

/// The planted flows of a rule, in the order of their names.
fn planted(code: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(code);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.file_name().unwrap().to_string_lossy().starts_with("bad-"));
    files.sort();
    files
}

/// Of the findings of a rule in its planted flows, those that a conversation shows and those that none does.
fn shown(code: &str) -> (usize, Vec<String>) {
    let (mut found, mut missed) = (0, Vec::new());
    for file in planted(code) {
        let document = document::read(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let Ok(checked) = valid(&document, &|_| None) else { continue };
        for problem in check(&document, &|_| None).iter().filter(|problem| problem.code == code) {
            let path = problem.path_to_it.clone().unwrap_or_default();
            let (node, trigger) = (problem.node.as_deref(), problem.trigger.as_deref());
            let goal = Goal { node, trigger, case: &case(problem), path: &path };
            match drive(&checked, &goal, &|| false) {
                Some(_) => found += 1,
                None => missed.push(format!("{} {}", file.file_name().unwrap().display(), problem.path)),
            }
        }
    }
    (found, missed)
}

#[test]
fn what_a_rule_finds_can_be_shown() {
    for code in [
        "branch-gap",
        "branch-shadowed",
        "branch-overlap",
        "dead-end",
        "handoff-without-closed",
        "handoff-without-failed",
        "handoff-without-timeout",
        "no-way-to-a-person",
        "ping-pong",
        "placeholder-unset",
        "request-refused",
        "slo-unreachable",
    ] {
        let (found, missed) = shown(code);
        assert!(found > 0 && missed.is_empty(), "{code}: {found} shown, not {missed:?}");
    }
}

#[test]
fn what_cannot_happen_is_not_shown() {
    assert_eq!(shown("path-infeasible").0, 0);
}
