//! Prints the project's files.

use std::collections::BTreeMap;

use flow_conditions::value::Type;
use flow_model::flow::Kind;
use indexmap::IndexSet;
use minijinja::context;

use super::lower::Plan;
use super::stories;
use super::yaml::{example, quoted};
use crate::bundle::{ExportError, Loss};
use crate::case::Case;
use crate::names::{self, Names};
use crate::policy::python::{Py, quoted as python};
use crate::prose;
use crate::uses::is_german;

/// Contents by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Every file of the project.
pub fn files(plan: &Plan<'_>, losses: &[Loss], cases: &[Case]) -> Result<Files, ExportError> {
    let mut files = server(plan, cases)?;
    let mut put = |path: &str, text: String| files.insert(path.to_owned(), text.into_bytes());
    put("config.yml", filled("config.yml", include_str!("project/config.yml.j2"), plan, losses)?);
    put("data/rules.yml", stories::rules(plan));
    put("data/stories.yml", stories::training(plan));
    put("domain.yml", filled("domain.yml", include_str!("project/domain.yml.j2"), plan, losses)?);
    put("endpoints.yml", include_str!("project/endpoints.yml").to_owned());
    put("README.md", filled("README.md", include_str!("project/README.md.j2"), plan, losses)?);
    put("tests/test_stories.yml", stories::tests(plan, cases));
    Ok(files)
}

/// What any Rasa needs of a flow: the action server with the policy, the examples, the channel, and the names.
pub fn server(plan: &Plan<'_>, cases: &[Case]) -> Result<Files, ExportError> {
    let mut files = Files::new();
    let mut put = |path: &str, text: String| files.insert(path.to_owned(), text.into_bytes());
    put("actions/__init__.py", String::new());
    put("actions/actions.py", include_str!("project/actions.py").to_owned());
    put("actions/calls.py", calls(plan)?);
    put("actions/names.py", names_py(plan));
    put("actions/policy.py", plan.policy.module());
    put("credentials.yml", include_str!("project/credentials.yml").to_owned());
    put("data/nlu.yml", nlu(plan));
    let kinds = [("intents", &plan.intents), ("entities", &plan.entities), ("calls", &plan.calls)];
    put("names.json", names::json(&kinds));
    put("test_policy.py", plan.policy.unit_tests(cases, "from actions import policy"));
    Ok(files)
}

fn filled(file: &str, template: &str, plan: &Plan<'_>, losses: &[Loss]) -> Result<String, ExportError> {
    let flow = plan.flow();
    let signals: Vec<String> = plan.policy.flows.iter().flat_map(|(_, flow)| flow.signals.keys().cloned()).collect();
    let values = context! {
        id => flow.id.clone(),
        title => flow.title.as_ref().unwrap_or(&flow.id),
        description => flow.description.clone(),
        locale => language(flow.locale.as_deref()),
        intents => legal(&plan.intents),
        entities => legal(&plan.entities),
        signals => signals,
        german => is_german(flow.locale.as_deref()),
        first_tier => prose::first_tier(flow),
        fallback => float(&plan.fallback.to_string()),
        classifier => tells_apart(plan),
        patterns => has_patterns(plan),
        has_calls => !call_names(plan).is_empty(),
        has_requests => has_requests(plan),
        losses => prose::rows(losses),
    };
    prose::filled(file, template, values, |environment| environment.add_filter("yaml", |text: String| quoted(&text)))
}

fn legal(names: &Names) -> Vec<String> {
    names.iter().map(|(_, legal)| legal.to_owned()).collect()
}

/// Rasa wants an ISO 639-1 code.
pub fn language(locale: Option<&str>) -> String {
    let short: String = locale.unwrap_or("en").chars().take_while(char::is_ascii_alphabetic).collect();
    if short.len() == 2 { short.to_lowercase() } else { "en".to_owned() }
}

/// Rasa reads `1` as a whole number where it wants a fraction.
fn float(text: &str) -> String {
    if text.contains('.') { text.to_owned() } else { format!("{text}.0") }
}

/// Whether there are intents to tell apart: a classifier cannot be trained on one.
pub fn tells_apart(plan: &Plan<'_>) -> bool {
    plan.intents.iter().filter(|(intent, _)| !examples(plan, intent).is_empty()).count() > 1
}

/// Whether entities are found by patterns.
pub fn has_patterns(plan: &Plan<'_>) -> bool {
    plan.entities.iter().any(|(entity, _)| is_pattern(plan, entity))
}

fn examples(plan: &Plan<'_>, intent: &str) -> IndexSet<String> {
    plan.policy.examples(intent, example)
}

/// Entities whose values the flow lists.
fn lookups<'a>(plan: &'a Plan<'_>) -> Vec<(&'a str, Vec<String>)> {
    let values = plan.entities.iter().filter_map(|(entity, legal)| match plan.entity_type(entity)? {
        Type::Enum(values) => Some((legal, values.iter().filter_map(|value| example(value)).collect())),
        _ => None,
    });
    values.collect()
}

/// Whether an entity can be found by its values or by a pattern.
fn is_pattern(plan: &Plan<'_>, entity: &str) -> bool {
    matches!(plan.entity_type(entity), Some(Type::Enum(_) | Type::Number { .. } | Type::Integer { .. }))
}

fn nlu(plan: &Plan<'_>) -> String {
    let mut text = String::from("version: \"3.1\"\n\nnlu:\n");
    let mut seen: Vec<String> = Vec::new();
    let mut empty = true;
    for (intent, legal) in plan.intents.iter() {
        // The same example under two intents teaches neither; the first of them keeps it.
        let lines: Vec<String> = examples(plan, intent).into_iter().filter(|line| !seen.contains(line)).collect();
        if lines.is_empty() {
            continue;
        }
        empty = false;
        text += &format!("  - intent: {}\n    examples: |\n", quoted(legal));
        text.extend(lines.iter().map(|line| format!("      - {line}\n")));
        seen.extend(lines);
    }
    for (legal, values) in lookups(plan) {
        empty = false;
        text += &format!("  - lookup: {}\n    examples: |\n", quoted(legal));
        text.extend(values.iter().map(|line| format!("      - {line}\n")));
    }
    for (entity, legal) in plan.entities.iter() {
        if matches!(plan.entity_type(entity), Some(Type::Number { .. } | Type::Integer { .. })) {
            empty = false;
            text += &format!("  - regex: {}\n    examples: |\n      - -?\\d+(\\.\\d+)?\n", quoted(legal));
        }
    }
    if empty { "version: \"3.1\"\n\nnlu: []\n".to_owned() } else { text }
}

fn names_py(plan: &Plan<'_>) -> String {
    let back = |names: &Names| Py::Map(names.iter().map(|(flow, rasa)| (rasa.to_owned(), Py::text(flow))).collect());
    let numbers = plan
        .entities
        .iter()
        .filter(|(entity, _)| matches!(plan.entity_type(entity), Some(Type::Number { .. } | Type::Integer { .. })));
    let numbers = Py::texts(numbers.map(|(_, rasa)| rasa));
    let print = |name: &str, py: &Py| format!("{name} = {}\n", py.pretty(0, name.len() + 3));
    format!(
        "\"\"\"Rasa's names and the flow's. Rasa allows fewer characters in a name than a flow does.\"\"\"\n\n{}{}\n# Entities whose values are numbers.\n{}",
        print("INTENTS", &back(&plan.intents)),
        print("ENTITIES", &back(&plan.entities)),
        print("NUMBERS", &numbers),
    )
}

/// The calls that actions make: name, function, what is known of it.
pub fn call_names(plan: &Plan<'_>) -> Vec<(String, String, String)> {
    let about = |name: &str| prose::about_call(&plan.policy.flows, name, name);
    let one = |(name, legal): (&str, &str)| Some((name.to_owned(), format!("call_{legal}"), about(name)?));
    plan.calls.iter().filter_map(one).collect()
}

/// Whether tickets or callbacks are sent, which are answered at once.
pub fn has_requests(plan: &Plan<'_>) -> bool {
    let sends = |kind: &Kind| matches!(kind, Kind::Handoff(handoff) if !handoff.mode.waits());
    plan.policy.flows.iter().any(|(_, flow)| flow.nodes.values().any(|node| sends(&node.kind)))
}

fn calls(plan: &Plan<'_>) -> Result<String, ExportError> {
    let limits = prose::call_limits(&plan.policy.flows, None);
    let functions = call_names(plan);
    let table = functions.iter().map(|(name, function, _)| (name.clone(), Py::Code(function.clone())));
    let table = Py::Map(table.collect());
    let functions: Vec<(String, String)> = functions.into_iter().map(|(_, f, about)| (f, python(&about))).collect();
    let values = context! {
        functions => functions,
        table => table.pretty(0, 8),
        limits => limits.pretty(0, 9),
        has_requests => has_requests(plan),
    };
    prose::filled("actions/calls.py", include_str!("project/calls.py.j2"), values, |_| {})
}
