//! What is made sure of once contact flows are written: Connect says nothing of these, or only when they are installed.

use std::collections::{BTreeMap, BTreeSet};

use flow_conditions::said::Said;
use flow_conditions::say;
use serde::Deserialize;

use super::blocks::{BLOCKS, CONTENT, IDENTIFIERS};
use super::lower::Plan;
use super::write::{Files, Flows};
use crate::amazon_lex::lower::By;

/// What holds of the flows; what does not is left out.
pub fn checked(plan: &Plan<'_>, flows: &Flows, files: &Files) -> Vec<Said> {
    let by = |wanted| plan.bot.cards.values().filter(|by| **by == wanted).count();
    let blocks: usize = flows.iter().map(|flow| flow.blocks).sum();
    let written: Vec<Option<Ways>> =
        flows.iter().map(|flow| ways(files.get(&format!("flows/{}.json", flow.name))?)).collect();
    let all = |holds: fn(&Ways) -> bool| written.iter().all(|ways| ways.as_ref().is_some_and(holds));
    [
        all(reached).then(|| {
            let count = flows.len();
            say!("{count} flows with {blocks} blocks; the start of each leads to all of them", count, blocks)
        }),
        Some(say!(
            "{alone} cards by Connect alone, {flags} with flags of the function, {function} by the function",
            alone = by(By::Lex),
            flags = by(By::Flags),
            function = by(By::Function)
        )),
        all(leads_on).then(|| say!("every way on from a block, of its errors too, leads to one that is there")),
        all(named).then(|| say!("every name is legal, and no two became one")),
        (all(fits) && flows.iter().all(|flow| flow.size <= CONTENT))
            .then(|| say!("no flow has more than 250 blocks or 256000 characters")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Where the blocks of a flow lead.
struct Ways {
    start: String,
    /// By block, in its order; a name twice is twice.
    on: Vec<(String, Vec<String>)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Flow {
    start_action: String,
    actions: Vec<Action>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Action {
    identifier: String,
    transitions: Transitions,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Transitions {
    next_action: Option<String>,
    #[serde(default)]
    conditions: Vec<To>,
    #[serde(default)]
    errors: Vec<To>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct To {
    next_action: String,
}

fn ways(flow: &[u8]) -> Option<Ways> {
    let flow: Flow = serde_json::from_slice(flow).ok()?;
    let on = flow.actions.into_iter().map(|action| {
        let after = action.transitions;
        let each = after.conditions.into_iter().chain(after.errors).map(|to| to.next_action);
        (action.identifier, after.next_action.into_iter().chain(each).collect())
    });
    Some(Ways { start: flow.start_action, on: on.collect() })
}

fn reached(ways: &Ways) -> bool {
    let by_name: BTreeMap<&str, &Vec<String>> = ways.on.iter().map(|(name, on)| (name.as_str(), on)).collect();
    let (mut seen, mut left) = (BTreeSet::new(), vec![ways.start.as_str()]);
    while let Some(name) = left.pop() {
        if seen.insert(name) {
            left.extend(by_name.get(name).into_iter().flat_map(|on| on.iter().map(String::as_str)));
        }
    }
    by_name.keys().all(|name| seen.contains(name))
}

fn leads_on(ways: &Ways) -> bool {
    let names: BTreeSet<&str> = ways.on.iter().map(|(name, _)| name.as_str()).collect();
    ways.on.iter().flat_map(|(_, on)| on).chain([&ways.start]).all(|to| names.contains(to.as_str()))
}

fn named(ways: &Ways) -> bool {
    let mut seen = BTreeSet::new();
    let legal = |name: &str| IDENTIFIERS.admits(name) && !IDENTIFIERS.taken.contains(&name);
    ways.on.iter().all(|(name, _)| legal(name) && seen.insert(name))
}

fn fits(ways: &Ways) -> bool {
    ways.on.len() <= BLOCKS
}

#[cfg(test)]
mod tests {
    use super::{leads_on, named, reached, ways};

    #[test]
    fn what_does_not_hold_is_not_told() {
        let held = |flow: &str| {
            let ways = ways(flow.as_bytes()).unwrap();
            [reached(&ways), leads_on(&ways), named(&ways)]
        };
        let flow = r#"{"StartAction":"a","Actions":[
            {"Identifier":"a","Transitions":{"NextAction":"b","Errors":[{"NextAction":"c"}]}},
            {"Identifier":"b","Transitions":{"Conditions":[{"NextAction":"c"}]}},{"Identifier":"c","Transitions":{}}]}"#;
        assert_eq!(held(flow), [true; 3]);
        assert_eq!(held(&flow.replace("\"NextAction\":\"b\"", "\"NextAction\":\"a\"")), [false, true, true]);
        assert_eq!(held(&flow.replace("\"NextAction\":\"c\"", "\"NextAction\":\"d\"")), [false, false, true]);
        assert_eq!(held(&flow.replace("\"Identifier\":\"b\"", "\"Identifier\":\"a\"")), [true, false, false]);
    }
}
