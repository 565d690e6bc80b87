//! Conditions that are broken at each position: one flow with one branch a breakage.

use serde_json::{Value, json};

use crate::handoff::{file, run, text};

const WHOLE: &str =
    "intent == \"fee\" && !(confidence < const.unsure) || slots.name in [\"a\", 'é😀'] && -1.5 * turn <= -3";

/// A flow with one branch a condition.
fn flow(conditions: &[String]) -> Value {
    let branches: Vec<Value> = conditions.iter().map(|when| json!({ "when": when, "to": "e" })).collect();
    json!({
        "format": "handoff-flow/1",
        "id": "broken",
        "constants": { "unsure": { "value": 0.8 } },
        "intents": { "fee": {} },
        "slots": { "name": { "type": "text", "entity": "name" } },
        "nodes": {
            "start": { "kind": "start", "next": "main" },
            "main": { "kind": "listen", "branches": branches, "else": "e" },
            "e": { "kind": "end", "outcome": "x" }
        }
    })
}

/// The problems of each condition.
fn problems(conditions: &[String]) -> Vec<Vec<Value>> {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "broken.flow.json", flow(conditions).to_string());
    let ran = run(&["check", "--json", text(&path)], folder.path(), b"");
    let mut found = vec![Vec::new(); conditions.len()];
    for problem in ran.json()["flows"][0]["problems"].as_array().unwrap() {
        let path = problem["path"].as_str().unwrap();
        let rest = path.strip_prefix("/nodes/main/branches/").and_then(|rest| rest.strip_suffix("/when"));
        if let Some(branch) = rest.and_then(|branch| branch.parse::<usize>().ok()) {
            found[branch].push(problem.clone());
        }
    }
    found
}

fn in_range(condition: &str, problems: &[Value]) {
    let length = condition.encode_utf16().count() as u64;
    for problem in problems.iter().filter(|p| p["severity"] == "error" && p.get("span").is_some()) {
        let (from, to) = (problem["span"][0].as_u64().unwrap(), problem["span"][1].as_u64().unwrap());
        assert!(from <= to && to <= length, "{condition}: {problem}");
    }
}

fn edits() -> Vec<String> {
    let letters: Vec<char> = WHOLE.chars().collect();
    let without = |at: usize| letters[..at].iter().chain(&letters[at + 1..]).collect::<String>();
    let with = |at: usize, c: char| letters[..at].iter().chain([&c]).chain(&letters[at..]).collect::<String>();
    let upto = |at: usize| letters[..at].iter().collect::<String>();
    let mut edits = Vec::new();
    for at in 0..letters.len() {
        edits.push(without(at));
        edits.push(upto(at));
        edits.extend(['@', '(', ')', '"', '=', '\u{0}', '😀', '\u{202e}', '&', '.', '\\', '9'].map(|c| with(at, c)));
    }
    edits
}

#[test]
fn the_whole_condition_is_fine() {
    let found = problems(&[WHOLE.to_owned()]);
    assert!(found[0].iter().all(|p| p["severity"] != "error"), "{:?}", found[0]);
}

#[test]
fn a_breakage_at_each_position_is_told_within_the_text() {
    let edits = edits();
    for some in edits.chunks(400) {
        for (condition, problems) in some.iter().zip(problems(some)) {
            in_range(condition, &problems);
        }
    }
}

#[test]
fn a_stray_character_is_a_syntax_error_where_it_stands() {
    // Outside of texts an `@` can mean nothing, wherever it stands.
    let letters: Vec<char> = WHOLE.chars().collect();
    let mut quote = None;
    let mut stray = Vec::new();
    for at in 0..=letters.len() {
        if quote.is_none() {
            stray.push((at, letters[..at].iter().chain(['@'].iter()).chain(&letters[at..]).collect::<String>()));
        }
        match (quote, letters.get(at)) {
            (None, Some(c @ ('"' | '\''))) => quote = Some(*c),
            (Some(open), Some(c)) if open == *c => quote = None,
            _ => {}
        }
    }
    let conditions: Vec<String> = stray.iter().map(|(_, condition)| condition.clone()).collect();
    for ((at, condition), problems) in stray.iter().zip(problems(&conditions)) {
        let units = |n: usize| condition.chars().take(n).map(|c| c.len_utf16() as u64).sum::<u64>();
        let covers = |p: &&Value| {
            p["span"][0].as_u64().unwrap() <= units(at + 1) && units(*at) <= p["span"][1].as_u64().unwrap()
        };
        let told = problems.iter().filter(|p| p["code"] == "syntax").find(covers);
        assert!(told.is_some(), "{condition}: {problems:?}");
    }
}

#[test]
fn conditions_of_any_size_end() {
    let conditions = [
        String::new(),
        " ".repeat(100_000),
        "(".repeat(20_000),
        format!("{}true{}", "(".repeat(20_000), ")".repeat(20_000)),
        "!".repeat(50_000) + "true",
        vec!["turn > 1"; 5_000].join(" && "),
        format!("intent in [{}]", vec!["\"fee\""; 5_000].join(", ")),
        "9".repeat(100_000),
        format!("turn > 0.{}", "9".repeat(10_000)),
        format!("slots.name == \"{}\"", "x".repeat(100_000)),
        "-".repeat(10_000) + "1 < 2",
        vec!["turn"; 10_000].join(" + "),
        "a.".repeat(20_000),
    ];
    for (condition, problems) in conditions.iter().zip(problems(&conditions)) {
        in_range(condition, &problems);
    }
}
