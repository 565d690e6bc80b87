//! What is made sure of once contact flows are written: Connect says nothing of these, or only when they are installed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::lower::Plan;
use super::write::{Files, Flows};
use crate::amazon_lex::lower::By;

/// What holds of the flows; what does not is left out.
pub fn checked(plan: &Plan<'_>, flows: &Flows, files: &Files) -> Vec<String> {
    let by = |wanted| plan.bot.cards.values().filter(|by| **by == wanted).count();
    let blocks: usize = flows.iter().map(|(_, flow)| flow.size()).sum();
    let written = |name: &str| serde_json::from_slice::<Value>(files.get(&format!("flows/{name}.json"))?).ok();
    let written: Vec<Option<Ways>> = flows.iter().map(|(name, _)| ways(&written(name)?)).collect();
    let all = |holds: fn(&Ways) -> bool| written.iter().all(|ways| ways.as_ref().is_some_and(holds));
    [
        all(reached)
            .then(|| format!("{} flows with {blocks} blocks; the start of each leads to all of them", flows.len())),
        Some(format!(
            "{} cards by Connect alone, {} with flags of the function, {} by the function",
            by(By::Lex),
            by(By::Flags),
            by(By::Function)
        )),
        all(leads_on).then(|| "every way on from a block, of its errors too, leads to one that is there".to_owned()),
        all(named).then(|| "every name is legal, and no two became one".to_owned()),
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

fn ways(flow: &Value) -> Option<Ways> {
    let mut on = Vec::new();
    for block in flow.get("Actions")?.as_array()? {
        let after = block.get("Transitions")?;
        let text = |value: &Value| value.get("NextAction").and_then(Value::as_str).map(str::to_owned);
        let each = |key: &str| after.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(text);
        let leads = text(after).into_iter().chain(each("Conditions")).chain(each("Errors")).collect();
        on.push((block.get("Identifier")?.as_str()?.to_owned(), leads));
    }
    Some(Ways { start: flow.get("StartAction")?.as_str()?.to_owned(), on })
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
    ways.on.iter().all(|(name, _)| !name.is_empty() && !name.chars().any(char::is_control) && seen.insert(name))
}

#[cfg(test)]
mod tests {
    use super::{leads_on, named, reached, ways};

    #[test]
    fn what_does_not_hold_is_not_told() {
        let held = |flow: &str| {
            let ways = ways(&serde_json::from_str(flow).unwrap()).unwrap();
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
