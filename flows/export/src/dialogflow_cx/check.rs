//! What is made sure of once an agent is written: the platform says nothing of these, or only when it is restored.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use flow_conditions::said::Said;
use flow_conditions::say;

use super::intents::Files;
use super::lower::Plan;
use crate::threshold;

/// Pages that every flow has.
const SYMBOLIC: [&str; 8] = [
    "Start Page",
    "Current Page",
    "Previous Page",
    "End Flow",
    "End Session",
    "END_FLOW_WITH_FAILURE",
    "END_FLOW_WITH_CANCELLATION",
    "END_FLOW_WITH_HUMAN_ESCALATION",
];
/// Characters of a description at the most (reference of `Flow`, 2026-11-22).
const DESCRIPTION: usize = 500;

/// What holds of the files; what does not is left out.
pub fn checked(plan: &Plan<'_>, files: &Files) -> Vec<Said> {
    let agent = Agent::of(files);
    let holds = |holds: bool, what: Said| holds.then_some(what);
    [
        holds(
            agent.resolves(),
            say!("every page, flow, intent, entity type, webhook and route group that is named is in the agent"),
        ),
        holds(
            agent.all("condition", &reads),
            say!("every condition mixes AND and OR only with parentheses, and ends them"),
        ),
        threshold::told(&plan.policy, plan.threshold()),
        holds(agent.is_answered(), say!("a webhook that fails leads to a person")),
        holds(plan.names_hold(), say!("every name is legal in Dialogflow CX, and no two became one")),
        holds(
            agent.all("description", &|text| text.chars().count() <= DESCRIPTION),
            say!("no description has more than 500 characters"),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// An agent as its files have it.
struct Agent<'f> {
    files: Vec<(&'f str, Value)>,
    /// What is named by kind; pages and route groups also by flow.
    known: BTreeMap<String, BTreeSet<String>>,
}

impl<'f> Agent<'f> {
    fn of(files: &'f Files) -> Self {
        let own = |path: &str| path.ends_with(".json") && path.contains('/') && !path.starts_with("testCases/");
        let read = |(path, bytes): (&'f String, &Vec<u8>)| Some((path.as_str(), serde_json::from_slice(bytes).ok()?));
        let files: Vec<(&str, Value)> = files.iter().filter(|(path, _)| own(path)).filter_map(read).collect();
        let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, value) in &files {
            if let Some(name) = value.get("displayName").and_then(Value::as_str) {
                known.entry(folder(path).to_owned()).or_default().insert(name.to_owned());
            }
        }
        Self { files, known }
    }

    fn has(&self, place: &str, name: &str) -> bool {
        self.known.get(place).is_some_and(|names| names.contains(name))
    }

    /// Whether there is such a flow, intent and so on: each has a folder or a file of its own.
    fn is_there(&self, kind: &str, name: &str) -> bool {
        let own = |place: &str| place == kind || place.strip_prefix(kind).is_some_and(|rest| rest.starts_with('/'));
        self.known.iter().any(|(place, names)| {
            own(place) && !place.contains("/pages") && !place.contains("/transitionRouteGroups") && names.contains(name)
        })
    }

    fn resolves(&self) -> bool {
        self.files.iter().all(|(path, value)| self.names(flow(path), value))
    }

    /// Whether everything that a value names is there.
    fn names(&self, flow: &str, value: &Value) -> bool {
        match value {
            Value::Array(items) => items.iter().all(|item| self.names(flow, item)),
            Value::Object(map) => map.iter().all(|(key, value)| match (key.as_str(), value.as_str()) {
                ("targetPage", Some(page)) => SYMBOLIC.contains(&page) || self.has(&format!("{flow}/pages"), page),
                ("targetFlow", Some(name)) => self.is_there("flows", name),
                ("intent", Some(name)) => self.is_there("intents", name),
                ("webhook", Some(name)) => self.is_there("webhooks", name),
                ("entityType", Some(name)) => {
                    name.starts_with("@sys.")
                        || name.strip_prefix('@').is_some_and(|own| self.is_there("entityTypes", own))
                }
                ("transitionRouteGroups", None) => value.as_array().is_some_and(|groups| {
                    let own = format!("{flow}/transitionRouteGroups");
                    groups
                        .iter()
                        .filter_map(Value::as_str)
                        .all(|group| self.has(&own, group) || self.has("agentTransitionRouteGroups", group))
                }),
                _ => self.names(flow, value),
            }),
            _ => true,
        }
    }

    /// Whether all texts under a key are as they must be.
    fn all(&self, key: &str, fits: &dyn Fn(&str) -> bool) -> bool {
        fn look(value: &Value, key: &str, fits: &dyn Fn(&str) -> bool) -> bool {
            match value {
                Value::Array(items) => items.iter().all(|item| look(item, key, fits)),
                Value::Object(map) => map.iter().all(|(name, value)| match value.as_str() {
                    Some(text) if name == key => fits(text),
                    _ => look(value, key, fits),
                }),
                _ => true,
            }
        }
        self.files.iter().all(|(_, value)| look(value, key, fits))
    }

    /// Whether every flow, or each of its pages that asks the service, goes on where that does not answer.
    fn is_answered(&self) -> bool {
        let hears = |value: &Value| {
            let handlers = value.get("eventHandlers").and_then(Value::as_array);
            handlers.is_some_and(|handlers| {
                let event = |handler: &Value| handler.get("event").and_then(Value::as_str) == Some("webhook.error");
                handlers.iter().any(|handler| event(handler) && handler.get("targetPage").is_some())
            })
        };
        let asks = |value: &Value| value.pointer("/entryFulfillment/webhook").is_some();
        let flows: BTreeSet<&str> = self
            .files
            .iter()
            .filter(|(_, value)| value.get("nluSettings").is_some() && hears(value))
            .map(|(path, _)| flow(path))
            .collect();
        self.files.iter().all(|(path, value)| !asks(value) || hears(value) || flows.contains(flow(path)))
    }
}

/// The folder that a file is in.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folder of the flow that a file is of.
fn flow(path: &str) -> &str {
    let folder = folder(path);
    folder.strip_suffix("/pages").or_else(|| folder.strip_suffix("/transitionRouteGroups")).unwrap_or(folder)
}

/// Whether a condition ends its texts and parentheses, and has one of the two words alone between any of these.
fn reads(condition: &str) -> bool {
    let (mut levels, mut quoted) = (vec![String::new()], false);
    for c in condition.chars() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' => levels.push(String::new()),
            ')' if levels.len() == 1 => return false,
            ')' => {
                if levels.pop().is_none_or(|inner| mixes(&inner)) {
                    return false;
                }
            }
            c => levels.last_mut().into_iter().for_each(|level| level.push(c)),
        }
    }
    !quoted && levels.len() == 1 && !levels.iter().any(|level| mixes(level))
}

fn mixes(level: &str) -> bool {
    let has = |word: &str| level.split_whitespace().any(|part| part == word);
    has("AND") && has("OR")
}

#[cfg(test)]
mod tests {
    use super::{checked, reads};
    use crate::dialogflow_cx::lower::Plan;
    use crate::platform::Platform;

    #[test]
    fn what_does_not_hold_is_not_told() {
        let text = r#"{"format":"handoff-flow/1","id":"f","title":"F","intents":{"a":{"examples":["b"]}},"nodes":{
            "start":{"kind":"start","next":"l"},"l":{"kind":"listen","branches":[{"when":"intent == \"a\"","to":"x"}],
            "else":"l"},"x":{"kind":"end","outcome":"done"}}}"#;
        let document = flow_model::document::read_bytes(text.as_bytes()).unwrap();
        let flow = flow_check::valid(&document, &|_| None).unwrap();
        let plan = Plan::of(&flow);
        let files = super::super::DialogflowCx.write(&flow, &[]).unwrap().files;
        let whole = checked(&plan, &files);
        for (from, to, line) in [
            ("\"targetPage\": \"l heard\"", "\"targetPage\": \"m heard\"", "every page"),
            ("\"intent\": \"a\"", "\"intent\": \"b\"", "every page"),
            ("\"condition\": \"true\"", "\"condition\": \"$a = 1 AND $b = 2 OR $c = 3\"", "every condition"),
            ("\"event\": \"webhook.error\"", "\"event\": \"webhook.gone\"", "a webhook that fails"),
            ("\"description\": \"F\"", &format!("\"description\": \"{}\"", "F".repeat(501)), "no description"),
        ] {
            let spoilt = files.iter().map(|(path, bytes)| {
                let text = String::from_utf8_lossy(bytes);
                (
                    path.clone(),
                    if path.ends_with(".json") { text.replace(from, to) } else { text.into_owned() }.into_bytes(),
                )
            });
            let left = checked(&plan, &spoilt.collect());
            let gone: Vec<_> = whole.iter().filter(|told| !left.contains(told)).collect();
            assert!(gone.len() == 1 && gone[0].text().starts_with(line), "{from}: {gone:?}");
        }
    }

    #[test]
    fn words_are_mixed_with_parentheses_alone() {
        for (condition, fine) in [
            ("true", true),
            ("$a = 1 AND $b = 2 AND $c = 3", true),
            ("($a = 1 AND $b = 2) OR ($c = \"x OR y AND (\")", true),
            ("$a = 1 AND $b = 2 OR $c = 3", false),
            ("($a = 1", false),
            ("$a = 1)", false),
            ("$a = \"x", false),
        ] {
            assert_eq!(reads(condition), fine, "{condition}");
        }
    }
}
