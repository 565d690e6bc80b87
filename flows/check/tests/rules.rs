//! Rules as data: `tests/rules/<code>/{ok,bad}-*.flow.json`. A bad case names in `x_expect` the paths at which the rule
//! must speak, and no others, and may name in `x_way` the cards of the way that the first of them shows; an ok case must
//! be passed over in silence. Every rule has both.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops where something is not as it should be, and its cases are files"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use flow_check::{Around, RULES, check_file, check_in, explain, pages};
use flow_model::diff;
use flow_model::document::{Document, read};
use flow_model::problem::{Problem, Severity};
use flow_model::tree::Json;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/rules")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    files.sort();
    files
}

fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    name.strip_suffix(".flow.json").map_or(name.clone(), str::to_owned)
}

/// Checks a document; its id is taken for its file's name unless the case says `x_file`, and the environments beside it
/// are those of `x_environments`.
fn problems(document: &Document, folder: &Path) -> Vec<Problem> {
    let open = |id: &str| {
        let text = std::fs::read_to_string(folder.join("sub").join(format!("{id}.flow.json"))).ok()?;
        Some(read(&text))
    };
    let file = document.tree.get("x_file").and_then(Json::as_text).unwrap_or(&document.flow.id);
    check_in(document, &Around { file: Some(file), environments: document.tree.get("x_environments"), open: &open })
}

fn told(problems: &[Problem], code: &str) -> Vec<String> {
    problems.iter().filter(|p| p.code == code).map(|p| p.path.clone()).collect()
}

/// What a case says of itself.
fn texts(document: &Document, key: &str) -> Option<Vec<String>> {
    let list = document.tree.get(key)?;
    Some(list.items().iter().filter_map(Json::as_text).map(str::to_owned).collect())
}

fn faults(problems: &[Problem]) -> Vec<String> {
    let hard = |p: &&Problem| p.severity == Severity::Error && RULES.iter().all(|r| r.page().code != p.code);
    problems.iter().filter(hard).map(|p| format!("{} {} {}", p.code, p.path, p.message)).collect()
}

#[test]
fn every_case_says_what_it_must() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let code = rule.page().code;
        let folder = root().join(code);
        let (mut ok, mut bad) = (0, 0);
        for file in files(&folder).iter().filter(|f| f.is_file()) {
            let document = match read(&std::fs::read_to_string(file).unwrap()) {
                Ok(document) => document,
                Err(problems) => panic!("{}: {problems:?}", file.display()),
            };
            let found = problems(&document, &folder);
            for fault in faults(&found) {
                wrong.push(format!("{}: not valid: {fault}", file.display()));
            }
            let paths = told(&found, code);
            let expected = texts(&document, "x_expect").unwrap_or_default();
            let way = found.iter().find(|p| p.code == code).and_then(|p| p.path_to_it.clone());
            if let Some(wanted) = texts(&document, "x_way").filter(|wanted| way.as_ref() != Some(wanted)) {
                wrong.push(format!("{}: {code} on {way:?}, expected {wanted:?}", file.display()));
            }
            let name = stem(file);
            ok += usize::from(name.starts_with("ok-"));
            bad += usize::from(name.starts_with("bad-"));
            if name.starts_with("bad-") == expected.is_empty() || paths != expected {
                wrong.push(format!("{}: {code} at {paths:?}, expected {expected:?}", file.display()));
            }
        }
        if ok == 0 || bad == 0 {
            wrong.push(format!("{code}: {ok} ok cases and {bad} bad ones"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_belongs_to_a_rule() {
    let codes: BTreeSet<String> = RULES.iter().map(|r| r.page().code.to_owned()).collect();
    for folder in files(&root()) {
        assert!(codes.contains(&stem(&folder)), "no rule owns {}", folder.display());
        for file in files(&folder) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let case = (name.starts_with("ok-") || name.starts_with("bad-")) && name.ends_with(".flow.json");
            assert!(case || name == "sub", "no case owns {}", file.display());
        }
    }
}

/// After the fixes of a case its findings with a fix are gone, nothing worse has come, and a second run changes nothing.
#[test]
fn fixes_remove_their_own_findings_and_converge() {
    let mut fixed = 0;
    for folder in files(&root()) {
        for file in files(&folder).iter().filter(|f| f.is_file()) {
            let mut document = read(&std::fs::read_to_string(file).unwrap()).unwrap();
            let before = problems(&document, &folder);
            let mut rounds = 0;
            while let Some(problem) = problems(&document, &folder).into_iter().find(|p| p.fix.is_some()) {
                let mut tree = document.tree.clone();
                diff::apply(&mut tree, &problem.fix.clone().unwrap().diff).unwrap();
                let after = read(&flow_model::canonical::text(&tree)).unwrap();
                let left = problems(&after, &folder);
                let same =
                    |p: &Problem| p.code == problem.code && p.path == problem.path && p.message == problem.message;
                assert!(!left.iter().any(same), "{}: {} is still there", file.display(), problem.code);
                document = after;
                rounds += 1;
                fixed += 1;
                assert!(rounds < 100, "{}: fixes do not end", file.display());
            }
            let errors = |list: &[Problem]| {
                list.iter().filter(|p| p.severity == Severity::Error).map(|p| p.code).collect::<BTreeSet<_>>()
            };
            let new: Vec<_> = errors(&problems(&document, &folder)).difference(&errors(&before)).copied().collect();
            assert!(new.is_empty(), "{}: new errors {new:?}", file.display());
        }
    }
    assert!(fixed > 0);
}

#[test]
fn every_code_has_its_page() {
    let mut seen = BTreeSet::new();
    for page in pages() {
        assert!(seen.insert(page.code), "{} twice", page.code);
        for part in ["## What it finds", "## Why it matters", "## Instead", "## Example"] {
            assert!(page.text.contains(part), "{}: {part}", page.code);
        }
        assert_eq!(explain(page.code), Some(page));
    }
}

#[test]
fn the_banking_flow_is_clean() {
    let text = include_str!("../../templates/banking_fee_dispute.flow.json");
    let document = read(text).unwrap();
    let found = problems(&document, Path::new(""));
    let loud: Vec<&Problem> = found.iter().filter(|p| p.severity != Severity::Info).collect();
    assert!(loud.is_empty(), "{loud:#?}");
}

#[test]
fn the_shipped_flows_are_clean() {
    let mut all: Vec<String> = Vec::new();
    for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates"))
        .iter()
        .filter(|f| f.to_string_lossy().ends_with(".flow.json"))
    {
        let document = read(&std::fs::read_to_string(file).unwrap()).unwrap();
        let found = check_file(&document, Some(&stem(file)), &|_| None);
        let loud: Vec<String> = found
            .iter()
            .filter(|p| p.severity != Severity::Info)
            .map(|p| format!("{} {} {} {:?}", p.code, p.path, p.message, p.path_to_it))
            .collect();
        all.extend(loud.into_iter().map(|line| format!("{}: {line}", stem(file))));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}
