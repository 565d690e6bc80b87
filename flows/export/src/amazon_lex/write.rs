//! Prints the project's files.

use std::collections::BTreeMap;

use flow_conditions::value::{Type, Value};
use flow_model::flow::{Flow, Node};
use minijinja::{Value as Filled, context};

use super::bot::{Bot, SlotType};
use super::lower::Plan;
use super::{json, tables};
use crate::archive;
use crate::bundle::{ExportError, Loss};
use crate::case::Case;
use crate::prose;

/// Contents by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// How the function reads and writes what goes over the wire; Amazon Connect's has it too.
pub const WIRE: &str = include_str!("project/wire.py");

/// The slot type of slots that no entity fills.
pub const UNHEARD: &str = "Unheard";
/// The slot of those; no entity's has a `-`.
pub const NO_ENTITY: &str = "no-entity";

/// Every file of the project.
pub fn files(plan: &Plan<'_>, bot: &Bot, losses: &[Loss], cases: &[Case]) -> Result<Files, ExportError> {
    let mut files = json::package(bot, "bot");
    let mut put = |path: &str, text: String| files.insert(path.to_owned(), text.into_bytes());
    put("lambda/handler.py", include_str!("project/handler.py").to_owned());
    put("lambda/wire.py", WIRE.to_owned());
    put("lambda/policy.py", plan.policy.module());
    put("lambda/names.py", tables::names(plan));
    put("lambda/calls.py", tables::calls(plan));
    put("lambda/test_handler.py", include_str!("project/test_handler.py").to_owned());
    put("lambda/test_policy.py", plan.policy.unit_tests(cases, "import policy"));
    put("names.json", names_json(plan));
    let revisions = archive::parts(&mut files, ["bot", "lambda"])?;
    for (file, template) in [
        ("cloudformation.yaml", include_str!("project/cloudformation.yaml.j2")),
        ("README.md", include_str!("project/README.md.j2")),
    ] {
        files.insert(file.to_owned(), filled(file, template, plan, losses, &revisions)?.into_bytes());
    }
    Ok(files)
}

/// The way back from the bot's names.
fn names_json(plan: &Plan<'_>) -> String {
    let map = |pairs: Vec<(String, String)>| -> serde_json::Value {
        pairs
            .into_iter()
            .map(|(there, here)| (there, serde_json::Value::String(here)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let place =
        |flow: &str, node: &str| if plan.policy.flow().id == flow { node.to_owned() } else { format!("{flow}/{node}") };
    let owned = |(name, legal): (&str, &str)| (legal.to_owned(), name.to_owned());
    json::pretty(&serde_json::json!({
        "intents": map(plan.customer.iter().map(|(name, legal)| (legal.clone(), name.clone())).collect()),
        "cards": map(plan.cards.keys().map(|(flow, node)| (plan.card(flow, node), place(flow, node))).collect()),
        "slots": map(plan.entities.iter().map(owned).collect()),
        "signals": map(plan.signals.iter().map(|(name, _)| (plan.signal(name), name.to_owned())).collect()),
    }))
}

fn filled(
    file: &str,
    template: &str,
    plan: &Plan<'_>,
    losses: &[Loss],
    [bot, function]: &[String; 2],
) -> Result<String, ExportError> {
    let flow = plan.policy.flow();
    let signals: Vec<Filled> =
        plan.signals.iter().map(|(name, _)| context! { name => name, attribute => plan.signal(name) }).collect();
    let own: Vec<String> = plan
        .entities
        .iter()
        .filter(|(entity, _)| by_hand(plan, entity))
        .map(|(entity, _)| type_name(plan, entity))
        .collect();
    let values = context! {
        id => flow.id.clone(),
        bot => plan.bot.clone(),
        bot_revision => bot.as_str(),
        function_revision => function.as_str(),
        title => flow.title.as_ref().unwrap_or(&flow.id),
        description => flow.description.clone(),
        locale => plan.locale.id,
        first_tier => prose::first_tier(flow),
        threshold => plan.threshold().to_string(),
        has_calls => plan.policy.flows.iter().any(|(_, flow)| !flow.calls.is_empty()),
        signals => signals,
        slot_types => own,
        cards => plan.cards.len(),
        native => plan.cards.values().filter(|by| **by != super::lower::By::Function).count(),
        losses => prose::rows(losses),
    };
    prose::filled(file, template, values, |_| {})
}

/// A description: a line of 200 characters at most.
pub fn brief(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !crate::policy::python::hidden(*c)).take(200).collect()
}

/// What people read of a card.
pub fn about(entry: &Node, flow: &str, node: &str, plan: &Plan<'_>) -> String {
    let place = if plan.policy.flow().id == flow { node.to_owned() } else { format!("{flow}/{node}") };
    let title = entry.title.as_ref().map_or(String::new(), |title| format!(": {title}"));
    brief(&format!("{} {place}{title}", entry.kind_id()))
}

/// A value as the function writes it.
pub fn text(value: &Value) -> String {
    match value {
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Text(t) => t.to_string(),
        Value::List(_) => String::new(),
    }
}

/// Lex's slot for a slot of the flow: that of its entity.
pub fn slot_name(plan: &Plan<'_>, flow: &Flow, slot: &str) -> String {
    let entity = flow.slots.get(slot).and_then(|slot| slot.entity.as_deref());
    entity.and_then(|entity| plan.entities.get(entity)).unwrap_or(NO_ENTITY).to_owned()
}

/// Lex's slot type for a slot of the flow.
pub fn slot_type(plan: &Plan<'_>, flow: &Flow, slot: &str) -> String {
    let entity = flow.slots.get(slot).and_then(|slot| slot.entity.as_deref());
    entity.map_or_else(|| UNHEARD.to_owned(), |entity| type_name(plan, entity))
}

/// Lex's slot type for an entity.
pub fn type_name(plan: &Plan<'_>, entity: &str) -> String {
    match plan.entity_type(entity) {
        Some(Type::Number { .. } | Type::Integer { .. }) => "AMAZON.Number".to_owned(),
        _ => plan.types.get(entity).unwrap_or(UNHEARD).to_owned(),
    }
}

/// The slot type that an entity brings along, where none of Lex's does.
pub fn own_type(plan: &Plan<'_>, entity: &str) -> Option<SlotType> {
    let values: Vec<(String, Vec<String>)> = match plan.entity_type(entity)? {
        Type::Number { .. } | Type::Integer { .. } => return None,
        Type::Bool => {
            let with =
                |value: &str, like: &[&str]| (value.to_owned(), like.iter().map(|text| (*text).to_owned()).collect());
            vec![with("true", &["yes"]), with("false", &["no"])]
        }
        Type::Enum(values) => {
            let legal = values.iter().filter(|value| !value.trim().is_empty() && value.chars().count() <= 140);
            legal.map(|value| (value.to_string(), Vec::new())).collect()
        }
        Type::Text | Type::List(_) | Type::Any => Vec::new(),
    };
    let closed = !values.is_empty();
    let name = type_name(plan, entity);
    let values = if closed { values } else { vec![(brief(entity).chars().take(140).collect(), Vec::new())] };
    Some(SlotType { name, description: brief(&format!("The entity {entity}")), values, closed })
}

/// Whether people have to give the slot type of an entity its values.
pub fn by_hand(plan: &Plan<'_>, entity: &str) -> bool {
    matches!(plan.entity_type(entity), Some(Type::Text | Type::List(_) | Type::Any))
}
