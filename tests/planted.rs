//! Every fault that a rule is there for, planted at every place of every shipped flow where it can be (by an optimized
//! build; by others at some): it is found and
//! located, and a flow without it says nothing of the kind. What a fix takes away is gone afterwards, without a new error.

mod fixes;
mod garden;
mod graph;
mod guards;
mod ids;
mod meta;
mod offers;
mod people;
mod random;
mod validity;
mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use flow_check::{Around, RULES, check_in, pages};
use flow_model::document;
use flow_model::problem::{Problem, Severity};
use flow_model::tree::Json;
use garden::{Garden, Planted};

use crate::handoff::TEMPLATES;

/// A flow with a fault, and what is said of it.
struct Found {
    garden: &'static Garden,
    fault: Planted,
    problems: Vec<Problem>,
}

/// Every flow with every fault, looked at once for all tests.
fn planted() -> &'static [Found] {
    static GARDENS: LazyLock<Vec<Garden>> = LazyLock::new(|| TEMPLATES.iter().map(|name| Garden::of(name)).collect());
    static FOUND: LazyLock<Vec<Found>> = LazyLock::new(|| {
        std::thread::scope(|scope| {
            let flows: Vec<_> = GARDENS.iter().map(|garden| scope.spawn(|| look(garden))).collect();
            flows.into_iter().flat_map(|flow| flow.join().unwrap()).collect()
        })
    });
    &FOUND
}

fn look(garden: &'static Garden) -> Vec<Found> {
    let kinds = [guards::FAULTS, graph::FAULTS, people::FAULTS, offers::FAULTS, words::FAULTS, meta::FAULTS];
    let mut planted = Vec::new();
    for fault in kinds.concat().into_iter().chain(validity::FAULTS.iter().copied()) {
        fault(garden, &mut planted);
    }
    if cfg!(debug_assertions) {
        thin(&mut planted);
    }
    let look = |fault: Planted| Found { garden, problems: problems(&garden.id, &fault.text), fault };
    planted.into_iter().map(look).collect()
}

/// How often each fault is planted in each flow by a build without optimizations; others plant it wherever it can be.
const MOST: usize = 8;

/// Leaves that many faults of each code, spread over all of its places.
fn thin(planted: &mut Vec<Planted>) {
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for fault in planted.iter() {
        *all.entry(fault.code).or_default() += 1;
    }
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    planted.retain(|fault| {
        let (at, all) = (seen.entry(fault.code).or_default(), all[fault.code]);
        *at += 1;
        *at * MOST / all.max(MOST) > (*at - 1) * MOST / all.max(MOST)
    });
}

/// The environments beside the shipped flows.
static ENVIRONMENTS: LazyLock<Json> =
    LazyLock::new(|| flow_model::tree::read(include_str!("../flows/templates/environments.json")).json.unwrap());

/// What is wrong with a text; one that is no document has its problems too.
fn problems(id: &str, text: &str) -> Vec<Problem> {
    match document::read(text) {
        Ok(document) => {
            let open = |called: &str| match called {
                validity::CALLED => Some(document::read(&validity::called())),
                called => (called == id).then(|| document::read(text)),
            };
            check_in(&document, &Around { file: Some(id), environments: Some(&ENVIRONMENTS), open: &open })
        }
        Err(problems) => problems,
    }
}

fn severity(code: &str) -> Severity {
    pages().find(|page| page.code == code).unwrap_or_else(|| panic!("no page of {code}")).severity
}

/// What is wrong with how a fault was found; nothing where all is as it must be.
fn missed(garden: &Garden, fault: &Planted, found: &[Problem]) -> Option<String> {
    let told = || found.iter().map(|p| format!("{} {}", p.code, p.path)).collect::<Vec<_>>().join("\n  ");
    let same: Vec<&Problem> = found.iter().filter(|p| p.code == fault.code).collect();
    let Some(problem) = same.iter().find(|p| fault.is_at(&p.path)) else {
        return Some(format!("not found at {:?}; told:\n  {}", fault.paths, told()));
    };
    if problem.severity != severity(fault.code) {
        return Some(format!("it is {:?}", problem.severity));
    }
    let owner = |kind: &str| {
        let rest = problem.path.strip_prefix(kind)?;
        Some(rest.split('/').next().unwrap_or(rest).to_owned())
    };
    if problem.node != owner("/nodes/") || problem.trigger != owner("/triggers/") {
        return Some(format!("node {:?}, trigger {:?} at {}", problem.node, problem.trigger, problem.path));
    }
    if let (Some(way), Some(node)) = (&problem.path_to_it, &problem.node) {
        let start = garden.nodes("start").first().cloned();
        if way.first() != start.as_ref() || way.last() != Some(node) {
            return Some(format!("the way to {node} is {way:?}"));
        }
    }
    if fault.witness && problem.witness.as_ref().is_none_or(Vec::is_empty) {
        return Some("no case shows it".to_owned());
    }
    None
}

#[test]
fn every_planted_fault_is_found_and_located() {
    let mut wrong = Vec::new();
    let mut count: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let clean: BTreeMap<&str, Vec<Problem>> = planted()
        .iter()
        .map(|f| (f.garden.id.as_str(), f.garden))
        .collect::<BTreeMap<_, _>>()
        .into_iter()
        .map(|(id, garden)| (id, problems(id, &garden.text())))
        .collect();
    for Found { garden, fault, problems } in planted() {
        *count.entry((fault.code, garden.id.as_str())).or_default() += 1;
        if clean[garden.id.as_str()].iter().any(|p| p.code == fault.code && fault.is_at(&p.path)) {
            wrong.push(format!("{} {}: the flow says so without it", garden.id, fault.name()));
        }
        if let Some(why) = missed(garden, fault, problems) {
            wrong.push(format!("{} {}: {why}", garden.id, fault.name()));
        }
    }
    assert!(wrong.is_empty(), "{} faults are missed:\n{}", wrong.len(), wrong.join("\n"));
    let everywhere = |code: &str| TEMPLATES.iter().all(|id| count.contains_key(&(code, *id)));
    let missing: Vec<_> = RULES.iter().map(|r| r.page().code).filter(|code| !everywhere(code)).collect();
    assert!(missing.is_empty(), "not planted in every flow: {missing:?}");
}

/// Whatever is an error by itself is planted: the rules and the hard ones.
#[test]
fn every_error_has_its_fault() {
    let mut codes: Vec<&str> = pages().filter(|p| p.severity == Severity::Error).map(|p| p.code).collect();
    codes.retain(|code| planted().iter().all(|found| found.fault.code != *code));
    assert!(codes.is_empty(), "{codes:?}");
}
