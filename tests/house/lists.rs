//! What exists is listed once, in code (I9): each entry has its page, its files and its cases.

use std::collections::BTreeSet;

use flow_check::{RULES, explain, pages};
use flow_export::PLATFORMS;
use flow_handoff::TARGETS;
use flow_model::shape::KINDS;

use super::{files, none, read, shown};
use crate::handoff::{TEMPLATES, conversations, root, template};

#[test]
fn i9_every_rule_has_one_file_a_page_and_cases() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let page = rule.page();
        if explain(page.code).is_none_or(|page| page.text.trim().len() < 80) {
            wrong.push(format!("{}: no page", page.code));
        }
        let cases = files(&format!("tests/rules/{}", page.code), &[".flow.json"]);
        for kind in ["ok-", "bad-"] {
            if !cases.iter().any(|case| case.file_name().is_some_and(|n| n.to_string_lossy().starts_with(kind))) {
                wrong.push(format!("{}: no case {kind}*.flow.json", page.code));
            }
        }
    }
    let codes: BTreeSet<&str> = pages().map(|page| page.code).collect();
    let known: BTreeSet<String> = codes.iter().map(|code| (*code).to_owned()).collect();
    for case in files("tests/rules", &[".flow.json"]) {
        let folder = shown(&case).split('/').nth(2).unwrap_or_default().to_owned();
        if !known.contains(&folder) {
            wrong.push(format!("{}: no rule has this code", shown(&case)));
        }
    }
    none("I9: rules", &wrong);
}

#[test]
fn i9_no_code_is_given_twice() {
    let codes: Vec<&str> = pages().map(|page| page.code).collect();
    let distinct: BTreeSet<&str> = codes.iter().copied().collect();
    assert_eq!(codes.len(), distinct.len());
}

#[test]
fn every_code_of_the_format_has_its_page() {
    let required = "not-json duplicate-key wrong-format too-new no-start two-starts bad-id unknown-kind missing-field \
        unknown-name type-mismatch value-out-of-range syntax subflow-missing subflow-recursion unknown-key id-not-filename \
        branch-gap branch-impossible branch-shadowed branch-overlap else-unreachable trigger-shadowed node-unreachable \
        path-infeasible dead-end endless-loop too-long-a-step no-way-to-a-person handoff-without-timeout \
        handoff-without-closed handoff-without-failed ping-pong request-refused promise-without-request \
        closed-while-open internal-words-to-customer signal-without-source context-incomplete class-leak \
        requirement-unproved slo-unreachable duplicate-guard always-true not-analysed not-yet placeholder-unset";
    let missing: Vec<String> =
        required.split_whitespace().filter(|code| explain(code).is_none()).map(str::to_owned).collect();
    none("codes without a page", &missing);
}

#[test]
fn i9_platforms_and_targets_have_their_files() {
    let mut wrong = Vec::new();
    for platform in PLATFORMS {
        let id = platform.id().replace('-', "_");
        for part in ["mod.rs", "lower.rs", "write.rs"] {
            if !root().join(format!("flows/export/src/{id}/{part}")).is_file() {
                wrong.push(format!("platform {id}: no {part}"));
            }
        }
        if files(&format!("tests/golden/{id}"), &[""]).is_empty() {
            wrong.push(format!("platform {id}: no golden folder"));
        }
    }
    for target in TARGETS {
        let id = target.id().replace('-', "_");
        if !root().join(format!("flows/handoff/src/targets/{id}.rs")).is_file() {
            wrong.push(format!("target {id}: no file"));
        }
    }
    none("I9: platforms and targets", &wrong);
}

#[test]
fn i9_every_kind_has_its_card() {
    let mut wrong = Vec::new();
    for (kind, _) in KINDS {
        if !root().join(format!("ui/src/kinds/{kind}.ts")).is_file() {
            wrong.push(format!("ui/src/kinds/{kind}.ts is missing"));
        }
    }
    none("I9: kinds", &wrong);
}

#[test]
fn every_template_ships_with_conversations_and_is_used_by_tests() {
    let shipped: BTreeSet<String> = files("flows/templates", &[".flow.json"])
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().replace(".flow.json", ""))
        .collect();
    assert_eq!(shipped, TEMPLATES.iter().map(|t| (*t).to_owned()).collect());
    for name in TEMPLATES {
        assert!(template(name).is_file() && conversations(name).is_file(), "{name}");
        assert!(read(&conversations(name)).contains("\"expect\""), "{name} has no expectations");
    }
}
