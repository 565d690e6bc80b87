//! Prints the service that the webhooks call, and what people read about the export.

use std::collections::BTreeMap;

use flow_model::flow::{Kind, Once};
use minijinja::context;

use super::intents::Files;
use super::json::text;
use super::lower::{Plan, START_FLOW, outputs};
use crate::bundle::{ExportError, Loss};
use crate::case::Case;
use crate::names::{Legal, Names};
use crate::policy::Place;
use crate::policy::python::{Py, quoted};
use crate::prose;

const FUNCTIONS: Legal = Legal {
    allows: |c| c.is_ascii_alphanumeric() || c == '_',
    instead: '_',
    begins: |c| c.is_ascii_alphabetic() || c == '_',
    lead: "_",
    longest: 80,
    bytes: char::len_utf8,
    folds: false,
    single: false,
    taken: &[],
};

/// A Python table while it is made.
type Entries = Vec<(String, Py)>;

/// The files of the service, `README.md` and `names.json`.
pub fn service(plan: &Plan<'_>, losses: &[Loss], told: &[Case], files: &mut Files) -> Result<(), ExportError> {
    let mut put = |path: &str, text: String| files.insert(path.to_owned(), text.into_bytes());
    put("webhook/policy.py", plan.policy.module());
    put("webhook/test_policy.py", plan.policy.unit_tests(told, "import policy"));
    put("webhook/names.py", names(plan));
    put("webhook/service.py", include_str!("project/service.py").to_owned());
    put("webhook/adapter.py", include_str!("project/adapter.py").to_owned());
    put("webhook/test_service.py", include_str!("project/test_service.py").to_owned());
    put("webhook/Dockerfile", include_str!("project/Dockerfile").to_owned());
    put("webhook/requirements.txt", include_str!("project/requirements.txt").to_owned());
    put("webhook/systems.py", filled("webhook/systems.py", include_str!("project/systems.py.j2"), plan, losses)?);
    put("webhook/openapi.yaml", filled("webhook/openapi.yaml", include_str!("project/openapi.yaml.j2"), plan, losses)?);
    put("README.md", filled("README.md", include_str!("project/README.md.j2"), plan, losses)?);
    files.insert("names.json".to_owned(), text(&back(plan)));
    Ok(())
}

fn filled(file: &str, template: &str, plan: &Plan<'_>, losses: &[Loss]) -> Result<String, ExportError> {
    let flow = plan.flow();
    let signals: Vec<(String, String)> = plan
        .policy
        .flows
        .iter()
        .flat_map(|(_, flow)| flow.signals.keys())
        .map(|name| (name.clone(), plan.parameter("signal", name).unwrap_or_default().to_owned()))
        .collect();
    let title = prose::one_line(flow.title.as_ref().unwrap_or(&flow.id));
    let values = context! {
        id => flow.id.clone(),
        title => title.clone(),
        quoted_title => serde_json::to_string(&title).unwrap_or_default(),
        calls => calls(plan),
        table => Py::Map(calls_table(plan)).pretty(0, 8),
        signals => signals,
        tier => flow.tiers.keys().next().cloned(),
        threshold => plan.threshold().to_string(),
        losses => prose::rows(losses),
    };
    prose::filled(file, template, values, |_| {})
}

fn call_names(plan: &Plan<'_>) -> Names {
    let calls = plan.policy.flows.iter().flat_map(|(_, flow)| flow.calls.keys());
    Names::of(calls.map(String::as_str), &FUNCTIONS)
}

/// The calls that actions make: function, what is known of it.
fn calls(plan: &Plan<'_>) -> Vec<(String, String)> {
    let about = |name: &str| prose::about_call(&plan.policy.flows, name, name);
    let one = |(name, function): (&str, &str)| Some((format!("call_{function}"), quoted(&about(name)?)));
    call_names(plan).iter().filter_map(one).collect()
}

fn calls_table(plan: &Plan<'_>) -> Vec<(String, Py)> {
    call_names(plan).iter().map(|(name, function)| (name.to_owned(), Py::Code(format!("call_{function}")))).collect()
}

fn entry(key: &str, parameter: Option<&str>) -> (String, Py) {
    (key.to_owned(), Py::text(parameter.unwrap_or_default()))
}

/// `names.py`: what the platform calls things, for the service.
fn names(plan: &Plan<'_>) -> String {
    let slots = plan.policy.slots.keys().map(|key| entry(key, plan.parameter("slot", key))).collect();
    let flows = &plan.policy.flows;
    let declared = flows.iter().flat_map(|(_, flow)| flow.signals.keys().map(String::as_str));
    let mut signals: Vec<(String, Py)> = Vec::new();
    for name in declared.chain(["customer.id"]) {
        if signals.iter().all(|(known, _)| known != name) {
            signals.push(entry(name, plan.parameter("signal", name)));
        }
    }
    let mut made: Vec<(String, Py)> = Vec::new();
    let mut spent: Vec<(String, Py)> = Vec::new();
    for (id, flow) in flows {
        for (node, _) in outputs(flow) {
            let key = format!("{id}.{node}");
            if made.iter().all(|(known, _)| *known != key) {
                let own = outputs(flow).filter(|(other, _)| *other == node);
                let own =
                    own.map(|(_, name)| entry(name, plan.parameter("output", &format!("{key}.{name}")))).collect();
                made.push((key, Py::Map(own)));
            }
        }
        let once = flow.triggers.iter().filter(|(_, trigger)| trigger.once != Once::Never);
        spent.extend(once.map(|(trigger, _)| {
            let key = format!("{id}.{trigger}");
            entry(&key, plan.parameter("spent", &key))
        }));
    }
    let errors = ["code", "action", "message"].iter().map(|key| entry(key, plan.parameter("error", key))).collect();
    let (asked, holds) = asked(plan);
    let print = |name: &str, about: &str, py: &Py| format!("# {about}\n{name} = {}\n\n", py.pretty(0, name.len() + 3));
    let mut tiers: Vec<&String> = Vec::new();
    for tier in flows.iter().flat_map(|(_, flow)| flow.tiers.keys()) {
        if !tiers.contains(&tier) {
            tiers.push(tier);
        }
    }
    let parts = [
        print("TIERS", "The tiers that have a queue.", &Py::texts(tiers)),
        print("SLOTS", "Session parameters by the slots that they hold.", &Py::Map(slots)),
        print(
            "FREE",
            "Entities of free text: at a question, all that is said and matches no intent.",
            &Py::texts(super::intents::free(plan)),
        ),
        print("SIGNALS", "By the signals that your client sets.", &Py::Map(signals)),
        print("OUTPUTS", "By the outputs of each action.", &Py::Map(made)),
        print("ERRORS", "By what is known of the call that failed last.", &Py::Map(errors)),
        print("SPENT", "By the triggers that act once.", &Py::Map(spent)),
        print("HOLDS", "By the conditions that the platform has no words for.", &Py::Map(holds)),
        print("ASKED", "Which of them a card asks for: its triggers and its branches.", &Py::Map(asked)),
    ];
    let text = parts.concat();
    format!("\"\"\"What the agent calls the flow's names.\"\"\"\n\n{}\n", text.trim_end())
}

/// By card the conditions that the policy answers there, and the parameter of each.
fn asked(plan: &Plan<'_>) -> (Entries, Entries) {
    let (mut by_card, mut holds) = (Entries::new(), Entries::new());
    for (id, flow) in &plan.policy.flows {
        let mut fires: Vec<(&String, Vec<String>)> = Vec::new();
        for (trigger, row) in &flow.triggers {
            let because = row.because.keys().map(|name| Place::Because(trigger.clone(), name.clone()));
            let places = [Place::TriggerWhen(trigger.clone())].into_iter().chain(because);
            fires.push((trigger, places.filter_map(|place| plan.condition(id, &place).1).collect()));
        }
        for (node, card) in &flow.nodes {
            let (rows, waits) = match &card.kind {
                Kind::Listen(n) => (n.branches.len(), true),
                Kind::Decision(n) => (n.branches.len(), false),
                Kind::Ask(_) => (0, true),
                _ => continue,
            };
            let mut names: Vec<String> = Vec::new();
            for (trigger, asked) in &fires {
                let looks =
                    flow.triggers.get(*trigger).is_some_and(|row| crate::platform::reaches(&row.within, node, card));
                if waits && looks {
                    names.extend(asked.iter().cloned());
                }
            }
            names.extend((0..rows).filter_map(|i| plan.condition(id, &Place::Branch(node.clone(), i)).1));
            for name in &names {
                if holds.iter().all(|(known, _)| known != name) {
                    holds.push(entry(name, plan.parameter("holds", name)));
                }
            }
            if !names.is_empty() {
                by_card.push((format!("{id}.{node}"), Py::texts(names)));
            }
        }
    }
    (by_card, holds)
}

/// `names.json`: the agent's names and the flow's.
fn back(plan: &Plan<'_>) -> serde_json::Value {
    let map = |names: &Names| -> serde_json::Map<String, serde_json::Value> {
        names.iter().map(|(name, legal)| (legal.to_owned(), serde_json::json!(name))).collect()
    };
    let mut flows = serde_json::Map::new();
    flows.insert(START_FLOW.to_owned(), serde_json::json!(plan.flow().id));
    flows.extend(map(&plan.flows));
    let by_flow = |of: &BTreeMap<String, Names>| -> serde_json::Map<String, serde_json::Value> {
        let own = |id: &str| of.get(id).map(map).unwrap_or_default().into();
        plan.policy.flows.iter().map(|(id, _)| (plan.flow_name(id).to_owned(), own(id))).collect()
    };
    let parameters: serde_json::Map<String, serde_json::Value> =
        plan.parameters.iter().map(|(name, legal)| (legal.clone(), serde_json::json!(name))).collect();
    serde_json::json!({
        "flows": flows,
        "pages": by_flow(&plan.pages),
        "triggers": by_flow(&plan.triggers),
        "intents": map(&plan.intents),
        "entities": map(&plan.entities),
        "parameters": parameters,
    })
}
